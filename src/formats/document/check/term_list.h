/* The business terms of an EN 16931 invoice that rules ask for, in both syntaxes.
 *
 * Purpose   A term is found from an element of its place.
 * Shapes    X(symbol, business terms, words, path in UBL, path in CII): paths as in tree.h, from an element
 *           of the place; NULL: the syntax has no such term.
 * Source    EN 16931-1:2017, EN 16931-3-2 (UBL), EN 16931-3-3 (CII).
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_TERM_LIST_H
#define MT_FORMATS_DOCUMENT_CHECK_TERM_LIST_H

#include "formats/document/check/place_list.h"

/* clang-format off */
#define MT_TERM_LIST(X) \
    X(T_PROFILE,     "BT-24", "specification identifier", "CustomizationID", \
      "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID") \
    X(T_PROCESS,     "BT-23", "business process", "ProfileID", \
      "ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID") \
    X(T_NUMBER,      "BT-1", "invoice number", "ID", "ExchangedDocument/ID") \
    X(T_ISSUED,      "BT-2", "issue date", "IssueDate", "ExchangedDocument/IssueDateTime/DateTimeString") \
    X(T_TYPE,        "BT-3", "type code", "InvoiceTypeCode,CreditNoteTypeCode", \
      "ExchangedDocument/TypeCode") \
    X(T_CURRENCY,    "BT-5", "currency code", "DocumentCurrencyCode", MT_CII_SETTLE "InvoiceCurrencyCode") \
    X(T_TAX_CURRENCY,"BT-6", "VAT currency code", "TaxCurrencyCode", MT_CII_SETTLE "TaxCurrencyCode") \
    X(T_TAX_POINT,   "BT-7", "tax point date", "TaxPointDate", \
      MT_CII_SETTLE "ApplicableTradeTax/TaxPointDate/DateString") \
    X(T_POINT_CODE,  "BT-8", "tax point code", "InvoicePeriod/DescriptionCode", \
      MT_CII_SETTLE "ApplicableTradeTax/DueDateTypeCode") \
    X(T_BUYER_REF,   "BT-10", "buyer reference", "BuyerReference", MT_CII_AGREE "BuyerReference") \
    X(T_DUE,         "BT-9", "payment due date", "DueDate|PaymentMeans/PaymentDueDate", \
      MT_CII_SETTLE "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString") \
    X(T_TERMS,       "BT-20", "payment terms", "PaymentTerms/Note", \
      MT_CII_SETTLE "SpecifiedTradePaymentTerms/Description") \
    X(T_SELLER_NAME, "BT-27", "seller name", MT_UBL_SELLER "PartyLegalEntity/RegistrationName", \
      MT_CII_AGREE "SellerTradeParty/Name") \
    X(T_BUYER_NAME,  "BT-44", "buyer name", MT_UBL_BUYER "PartyLegalEntity/RegistrationName", \
      MT_CII_AGREE "BuyerTradeParty/Name") \
    X(T_SELLER_AT,   "BG-5", "seller postal address", MT_UBL_SELLER "PostalAddress", \
      MT_CII_AGREE "SellerTradeParty/PostalTradeAddress") \
    X(T_BUYER_AT,    "BG-8", "buyer postal address", MT_UBL_BUYER "PostalAddress", \
      MT_CII_AGREE "BuyerTradeParty/PostalTradeAddress") \
    X(T_LINES,       "BG-25", "invoice line", MT_UBL_LINE, MT_CII_LINE) \
    X(T_BREAKDOWN,   "BG-23", "VAT breakdown", "TaxTotal/TaxSubtotal", MT_CII_SETTLE "ApplicableTradeTax") \
    X(T_SELLER_TAX,  "BT-31", "seller tax identifier", MT_UBL_SELLER "PartyTaxScheme/CompanyID", \
      MT_CII_AGREE "SellerTradeParty/SpecifiedTaxRegistration/ID") \
    X(T_SELLER_VAT,  "BT-31", "seller VAT identifier", \
      MT_UBL_SELLER "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", \
      MT_CII_AGREE "SellerTradeParty/SpecifiedTaxRegistration/ID[@schemeID=VA]") \
    X(T_BUYER_VAT,   "BT-48", "buyer VAT identifier", \
      MT_UBL_BUYER "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", \
      MT_CII_AGREE "BuyerTradeParty/SpecifiedTaxRegistration/ID[@schemeID=VA]") \
    X(T_BUYER_LEGAL, "BT-47", "buyer legal registration", MT_UBL_BUYER "PartyLegalEntity/CompanyID", \
      MT_CII_AGREE "BuyerTradeParty/SpecifiedLegalOrganization/ID") \
    X(T_AGENT,       "BG-11", "tax representative", "TaxRepresentativeParty", \
      MT_CII_AGREE "SellerTaxRepresentativeTradeParty") \
    X(T_AGENT_VAT,   "BT-63", "tax representative VAT identifier", \
      "TaxRepresentativeParty/PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", \
      MT_CII_AGREE "SellerTaxRepresentativeTradeParty/SpecifiedTaxRegistration/ID[@schemeID=VA]") \
    X(T_DELIVERED,   "BT-72", "date of delivery", "Delivery/ActualDeliveryDate", \
      MT_CII_SHIP "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString") \
    X(T_SHIP_COUNTRY,"BT-80", "country of delivery", \
      "Delivery/DeliveryLocation/Address/Country/IdentificationCode", \
      MT_CII_SHIP "ShipToTradeParty/PostalTradeAddress/CountryID") \
    X(T_PERIOD_FROM, "BT-73", "start of the period", "InvoicePeriod/StartDate", \
      MT_CII_SETTLE "BillingSpecifiedPeriod/StartDateTime/DateTimeString") \
    X(T_PERIOD_UNTIL,"BT-74", "end of the period", "InvoicePeriod/EndDate", \
      MT_CII_SETTLE "BillingSpecifiedPeriod/EndDateTime/DateTimeString") \
    X(T_PAYMENT,     "BG-16", "payment instructions", "PaymentMeans", \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans") \
    X(T_CONTACT,     "BG-6", "seller contact", MT_UBL_SELLER "Contact", \
      MT_CII_AGREE "SellerTradeParty/DefinedTradeContact") \
    X(T_PRECEDING,   "BG-3", "preceding invoice", "BillingReference/InvoiceDocumentReference", \
      MT_CII_SETTLE "InvoiceReferencedDocument") \
    X(T_SELLER_MAIL, "BT-34", "seller electronic address", MT_UBL_SELLER "EndpointID", \
      MT_CII_AGREE "SellerTradeParty/URIUniversalCommunication/URIID") \
    X(T_BUYER_MAIL,  "BT-49", "buyer electronic address", MT_UBL_BUYER "EndpointID", \
      MT_CII_AGREE "BuyerTradeParty/URIUniversalCommunication/URIID") \
    X(T_SUM_LINES,   "BT-106", "sum of line net amounts", "LineExtensionAmount", "LineTotalAmount") \
    X(T_SUM_ALLOWANCES, "BT-107", "sum of allowances", "AllowanceTotalAmount", "AllowanceTotalAmount") \
    X(T_SUM_CHARGES, "BT-108", "sum of charges", "ChargeTotalAmount", "ChargeTotalAmount") \
    X(T_NET,         "BT-109", "total without VAT", "TaxExclusiveAmount", "TaxBasisTotalAmount") \
    X(T_GROSS,       "BT-112", "total with VAT", "TaxInclusiveAmount", "GrandTotalAmount") \
    X(T_PAID,        "BT-113", "paid amount", "PrepaidAmount", "TotalPrepaidAmount") \
    X(T_ROUNDING,    "BT-114", "rounding amount", "PayableRoundingAmount", "RoundingAmount") \
    X(T_PAYABLE,     "BT-115", "amount due for payment", "PayableAmount", "DuePayableAmount") \
    X(T_TOTAL_VAT,   "BT-110", "VAT total", "TaxAmount", "TaxTotalAmount") \
    X(T_PARTY_NAME,  "BT-59", "name", "PartyName/Name", "Name") \
    X(T_SELLER_ID,   "BT-29", "identifier", "Party/PartyIdentification/ID[@schemeID!=SEPA]", \
      "ID|GlobalID") \
    X(T_SELLER_LEGAL,"BT-30", "legal registration", "Party/PartyLegalEntity/CompanyID", \
      "SpecifiedLegalOrganization/ID") \
    X(T_OWN_VAT,     "BT-31", "VAT identifier", "Party/PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", \
      "SpecifiedTaxRegistration/ID[@schemeID=VA]") \
    X(T_AGENT_NAME,  "BT-62", "name", "PartyName/Name", "Name") \
    X(T_AGENT_PLACE, "BG-12", "postal address", "PostalAddress", "PostalTradeAddress") \
    X(T_AGENT_ID,    "BT-63", "VAT identifier", "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID", \
      "SpecifiedTaxRegistration/ID[@schemeID=VA]") \
    X(T_COUNTRY,     "BT-40, BT-55, BT-69, BT-80", "country code", "Country/IdentificationCode", \
      "CountryID") \
    X(T_CITY,        "BT-37, BT-52, BT-77", "city", "CityName", "CityName") \
    X(T_POSTCODE,    "BT-38, BT-53, BT-78", "postcode", "PostalZone", "PostcodeCode") \
    X(T_CONTACT_NAME,"BT-41", "contact point", "Name", "PersonName|DepartmentName") \
    X(T_PHONE,       "BT-42", "telephone number", "Telephone", \
      "TelephoneUniversalCommunication/CompleteNumber") \
    X(T_EMAIL,       "BT-43", "e-mail address", "ElectronicMail", "EmailURIUniversalCommunication/URIID") \
    X(T_SCHEME,      "@schemeID", "scheme", "@schemeID", "@schemeID") \
    X(T_MAIL_SCHEME, "@schemeID", "scheme", "@schemeID", "URIID/@schemeID") \
    X(T_LIST,        "@listID", "list", "@listID", "@listID") \
    X(T_MIME,        "@mimeCode", "media type", "@mimeCode", "@mimeCode") \
    X(T_FILE,        "@filename", "file name", "@filename", "@filename") \
    X(T_UNIT,        "@unitCode", "unit", "@unitCode", "@unitCode") \
    X(T_MONEY_UNIT,  "@currencyID", "currency", "@currencyID", "@currencyID") \
    X(T_OWN,         "", "value", ".", ".") \
    X(T_REFERENCE,   "BT-122", "reference", "ID", "IssuerAssignedID") \
    X(T_PRECEDING_ID,"BT-25", "number", "InvoiceDocumentReference/ID", "IssuerAssignedID") \
    X(T_MEANS,       "BT-81", "payment means code", "PaymentMeansCode", "TypeCode") \
    X(T_PAY_ACCOUNT, "BG-17", "account of the payee", "PayeeFinancialAccount", \
      "PayeePartyCreditorFinancialAccount") \
    X(T_PAY_ID,      "BT-84", "account identifier", "PayeeFinancialAccount/ID", \
      "PayeePartyCreditorFinancialAccount/IBANID|PayeePartyCreditorFinancialAccount/ProprietaryID") \
    X(T_PAY_CARD,    "BG-18", "payment card", "CardAccount", "ApplicableTradeSettlementFinancialCard") \
    X(T_PAY_MANDATE, "BG-19", "direct debit", "PaymentMandate", "PayerPartyDebtorFinancialAccount") \
    X(T_DEBIT_ID,    "BT-91", "account that is debited", "PaymentMandate/PayerFinancialAccount/ID", \
      "PayerPartyDebtorFinancialAccount/IBANID") \
    X(T_ACCOUNT_ID,  "BT-84", "account identifier", "ID", "IBANID|ProprietaryID") \
    X(T_FROM,        "BT-73, BT-134", "start date", "StartDate", \
      "StartDateTime/DateTimeString|StartDateTime") \
    X(T_UNTIL,       "BT-74, BT-135", "end date", "EndDate", \
      "EndDateTime/DateTimeString|EndDateTime") \
    X(T_PERIOD_CODE, "BT-8", "tax point code", "DescriptionCode", NULL) \
    X(T_AMOUNT,      "BT-92, BT-99, BT-136, BT-141", "amount", "Amount", "ActualAmount") \
    X(T_BASE,        "BT-93, BT-100, BT-137, BT-142", "base amount", "BaseAmount", "BasisAmount") \
    X(T_PERCENT,     "BT-94, BT-101, BT-138, BT-143", "percentage", "MultiplierFactorNumeric", \
      "CalculationPercent") \
    X(T_AC_REASON,   "BT-97, BT-104, BT-139, BT-144", "reason", \
      "AllowanceChargeReason|AllowanceChargeReasonCode", \
      "Reason|ReasonCode") \
    X(T_AC_CATEGORY, "BT-95, BT-102", "VAT category", "TaxCategory[TaxScheme/ID=VAT]/ID", \
      "CategoryTradeTax[TypeCode=VAT]/CategoryCode") \
    X(T_AC_ANY_CATEGORY, "BT-95, BT-102", "VAT category", "TaxCategory/ID", \
      "CategoryTradeTax/CategoryCode") \
    X(T_AC_RATE,     "BT-96, BT-103", "VAT rate", "TaxCategory/Percent", \
      "CategoryTradeTax/RateApplicablePercent") \
    X(T_TAXABLE,     "BT-116", "taxable amount", "TaxableAmount", "BasisAmount") \
    X(T_VAT,         "BT-117", "VAT amount", "TaxAmount", "CalculatedAmount") \
    X(T_CATEGORY,    "BT-118", "VAT category", "TaxCategory[TaxScheme/ID=VAT]/ID", \
      ".[TypeCode=VAT]/CategoryCode") \
    X(T_ANY_CATEGORY,"BT-118", "VAT category", "TaxCategory/ID", "CategoryCode") \
    X(T_RATE,        "BT-119", "VAT rate", "TaxCategory[TaxScheme/ID=VAT]/Percent", \
      ".[TypeCode=VAT]/RateApplicablePercent") \
    X(T_REASON,      "BT-120, BT-121", "reason of exemption", \
      "TaxCategory/TaxExemptionReason|TaxCategory/TaxExemptionReasonCode", \
      "ExemptionReason|ExemptionReasonCode") \
    X(T_LINE_ID,     "BT-126", "line identifier", "ID", "AssociatedDocumentLineDocument/LineID") \
    X(T_QUANTITY,    "BT-129", "quantity", "InvoicedQuantity,CreditedQuantity", \
      "SpecifiedLineTradeDelivery/BilledQuantity") \
    X(T_QUANTITY_UNIT,"BT-130", "unit of the quantity", "InvoicedQuantity,CreditedQuantity/@unitCode", \
      "SpecifiedLineTradeDelivery/BilledQuantity/@unitCode") \
    X(T_LINE_NET,    "BT-131", "net amount", "LineExtensionAmount", \
      "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount") \
    X(T_PRICE,       "BT-146", "net price", "Price/PriceAmount", \
      "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount") \
    X(T_GROSS_PRICE, "BT-148", "gross price", "Price/AllowanceCharge/BaseAmount", \
      "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/ChargeAmount") \
    X(T_DISCOUNT,    "BT-147", "price discount", "Price/AllowanceCharge/Amount", \
      "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount") \
    X(T_PRICE_BASE,  "BT-149", "base quantity of the price", "Price/BaseQuantity", \
      "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity") \
    X(T_PRICE_UNIT,  "BT-150", "unit of the base quantity", "Price/BaseQuantity/@unitCode", \
      "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity/@unitCode") \
    X(T_LINE_CATEGORY, "BT-151", "VAT category", "Item/ClassifiedTaxCategory[TaxScheme/ID=VAT]/ID", \
      "SpecifiedLineTradeSettlement/ApplicableTradeTax[TypeCode=VAT]/CategoryCode") \
    X(T_LINE_ANY_CATEGORY, "BT-151", "VAT category", "Item/ClassifiedTaxCategory/ID", \
      "SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode") \
    X(T_LINE_RATE,   "BT-152", "VAT rate", "Item/ClassifiedTaxCategory/Percent", \
      "SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent") \
    X(T_ITEM_NAME,   "BT-153", "item name", "Item/Name", "SpecifiedTradeProduct/Name") \
    X(T_PROPERTY_NAME, "BT-160", "name", "Name", "Description") \
    X(T_PROPERTY_VALUE,"BT-161", "value", "Value", "Value") \
    X(T_TAX_ID,      "BT-31, BT-48, BT-63", "identifier", "CompanyID", "ID")
/* clang-format on */

#endif
