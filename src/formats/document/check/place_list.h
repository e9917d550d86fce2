/* The places of an EN 16931 invoice at which rules look, in both syntaxes.
 *
 * Purpose   A place is a business group, or what a list of codes applies to; it occurs any number of times.
 * Shapes    X(symbol, words for findings, path in UBL, path in CII): paths as in tree.h, from the root; NULL:
 *           the syntax has no such place.
 * Source    EN 16931-1:2017, EN 16931-3-2 (UBL), EN 16931-3-3 (CII).
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_PLACE_LIST_H
#define MT_FORMATS_DOCUMENT_CHECK_PLACE_LIST_H

/* clang-format off */
#define MT_CII_AGREE  "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/"
#define MT_CII_SHIP   "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/"
#define MT_CII_SETTLE "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/"
#define MT_CII_LINE   "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
#define MT_UBL_LINE   "InvoiceLine,CreditNoteLine"
#define MT_UBL_SELLER "AccountingSupplierParty/Party/"
#define MT_UBL_BUYER  "AccountingCustomerParty/Party/"
#define MT_UBL_MONEY  "//Amount,BaseAmount,PriceAmount,TaxAmount,TaxableAmount,LineExtensionAmount,"         \
                      "TaxExclusiveAmount,TaxInclusiveAmount,AllowanceTotalAmount,ChargeTotalAmount,"        \
                      "PrepaidAmount,PayableRoundingAmount,PayableAmount"

#define MT_PLACE_LIST(X) \
    X(P_DOC,         "the invoice", ".", ".") \
    X(P_TOTALS,      "the totals (BG-22)", "LegalMonetaryTotal", \
      MT_CII_SETTLE "SpecifiedTradeSettlementHeaderMonetarySummation") \
    X(P_TAX_TOTAL,   "the VAT total", "TaxTotal", \
      MT_CII_SETTLE "SpecifiedTradeSettlementHeaderMonetarySummation") \
    X(P_SELLER,      "the seller (BG-4)", "AccountingSupplierParty", MT_CII_AGREE "SellerTradeParty") \
    X(P_SELLER_AT,   "the seller's address (BG-5)", MT_UBL_SELLER "PostalAddress", \
      MT_CII_AGREE "SellerTradeParty/PostalTradeAddress") \
    X(P_SELLER_MAIL, "the seller's electronic address (BT-34)", MT_UBL_SELLER "EndpointID", \
      MT_CII_AGREE "SellerTradeParty/URIUniversalCommunication") \
    X(P_CONTACT,     "the seller's contact (BG-6)", MT_UBL_SELLER "Contact", \
      MT_CII_AGREE "SellerTradeParty/DefinedTradeContact") \
    X(P_BUYER,       "the buyer (BG-7)", "AccountingCustomerParty", MT_CII_AGREE "BuyerTradeParty") \
    X(P_BUYER_AT,    "the buyer's address (BG-8)", MT_UBL_BUYER "PostalAddress", \
      MT_CII_AGREE "BuyerTradeParty/PostalTradeAddress") \
    X(P_BUYER_MAIL,  "the buyer's electronic address (BT-49)", MT_UBL_BUYER "EndpointID", \
      MT_CII_AGREE "BuyerTradeParty/URIUniversalCommunication") \
    X(P_PAYEE,       "the payee (BG-10)", "PayeeParty", MT_CII_SETTLE "PayeeTradeParty") \
    X(P_AGENT,       "the seller's tax representative (BG-11)", "TaxRepresentativeParty", \
      MT_CII_AGREE "SellerTaxRepresentativeTradeParty") \
    X(P_AGENT_AT,    "the tax representative's address (BG-12)", "TaxRepresentativeParty/PostalAddress", \
      MT_CII_AGREE "SellerTaxRepresentativeTradeParty/PostalTradeAddress") \
    X(P_SHIP_AT,     "the address of delivery (BG-15)", "Delivery/DeliveryLocation/Address", \
      MT_CII_SHIP "ShipToTradeParty/PostalTradeAddress") \
    X(P_PERIOD,      "the invoicing period (BG-14)", "InvoicePeriod", \
      MT_CII_SETTLE "BillingSpecifiedPeriod") \
    X(P_PAYMENT,     "the payment instructions (BG-16)", "PaymentMeans", \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans") \
    X(P_ACCOUNT,     "the account of a credit transfer (BG-17)", \
      "PaymentMeans[PaymentMeansCode=30]/PayeeFinancialAccount|" \
      "PaymentMeans[PaymentMeansCode=58]/PayeeFinancialAccount", \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans[TypeCode=30]/PayeePartyCreditorFinancialAccount|" \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans[TypeCode=58]/PayeePartyCreditorFinancialAccount") \
    X(P_ALLOWANCE,   "a document level allowance (BG-20)", "AllowanceCharge[ChargeIndicator=false]", \
      MT_CII_SETTLE "SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=false]") \
    X(P_CHARGE,      "a document level charge (BG-21)", "AllowanceCharge[ChargeIndicator=true]", \
      MT_CII_SETTLE "SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=true]") \
    X(P_VAT,         "a VAT breakdown (BG-23)", "TaxTotal/TaxSubtotal", \
      MT_CII_SETTLE "ApplicableTradeTax") \
    X(P_SUPPORT,     "a supporting document (BG-24)", "AdditionalDocumentReference", \
      MT_CII_AGREE "AdditionalReferencedDocument") \
    X(P_PRECEDING,   "a preceding invoice (BG-3)", "BillingReference", \
      MT_CII_SETTLE "InvoiceReferencedDocument") \
    X(P_LINE,        "an invoice line (BG-25)", MT_UBL_LINE, MT_CII_LINE) \
    X(P_LINE_PERIOD, "the period of a line (BG-26)", MT_UBL_LINE "/InvoicePeriod", \
      MT_CII_LINE "/SpecifiedLineTradeSettlement/BillingSpecifiedPeriod") \
    X(P_LINE_ALLOWANCE, "an allowance of a line (BG-27)", \
      MT_UBL_LINE "/AllowanceCharge[ChargeIndicator=false]", \
      MT_CII_LINE "/SpecifiedLineTradeSettlement/" \
      "SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=false]") \
    X(P_LINE_CHARGE, "a charge of a line (BG-28)", MT_UBL_LINE "/AllowanceCharge[ChargeIndicator=true]", \
      MT_CII_LINE "/SpecifiedLineTradeSettlement/" \
      "SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=true]") \
    X(P_PROPERTY,    "an item attribute (BG-32)", "//AdditionalItemProperty", \
      "//ApplicableProductCharacteristic") \
    X(P_ITEM_CLASS,  "an item classification (BT-158)", \
      MT_UBL_LINE "/Item/CommodityClassification/ItemClassificationCode", \
      MT_CII_LINE "/SpecifiedTradeProduct/DesignatedProductClassification/ClassCode") \
    X(P_ITEM_STANDARD, "an item's standard identifier (BT-157)", \
      MT_UBL_LINE "/Item/StandardItemIdentification/ID", \
      MT_CII_LINE "/SpecifiedTradeProduct/GlobalID") \
    X(P_CARD,        "the card number (BT-87)", "PaymentMeans/CardAccount/PrimaryAccountNumberID", \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/ID") \
    X(P_VAT_ID,      "a VAT identifier", "//PartyTaxScheme[TaxScheme/ID=VAT]", \
      "//SpecifiedTaxRegistration[ID/@schemeID=VA]") \
    X(P_MONEY,       "an amount", MT_UBL_MONEY, "//TaxTotalAmount") \
    X(P_TYPE,        "the type of the invoice (BT-3)", "InvoiceTypeCode", "ExchangedDocument/TypeCode") \
    X(P_NOTE_TYPE,   "the type of the credit note (BT-3)", "CreditNoteTypeCode", NULL) \
    X(P_CURRENCY,    "the currency (BT-5)", "DocumentCurrencyCode", MT_CII_SETTLE "InvoiceCurrencyCode") \
    X(P_TAX_CURRENCY,"the currency of the VAT (BT-6)", "TaxCurrencyCode", MT_CII_SETTLE "TaxCurrencyCode") \
    X(P_POINT_CODE,  "the code of the tax point (BT-8)", "InvoicePeriod/DescriptionCode", \
      MT_CII_SETTLE "ApplicableTradeTax/DueDateTypeCode") \
    X(P_OBJECT,      "the object that is invoiced (BT-18, BT-128)", \
      "//AdditionalDocumentReference,DocumentReference[DocumentTypeCode=130]/ID[@schemeID]", \
      "//AdditionalReferencedDocument[TypeCode=130]/ReferenceTypeCode") \
    X(P_PARTY_ID,    "an identifier of a party", "//PartyIdentification/ID[@schemeID]", \
      "//SellerTradeParty,BuyerTradeParty,PayeeTradeParty/GlobalID[@schemeID]") \
    X(P_LEGAL_ID,    "a legal registration", "//PartyLegalEntity/CompanyID[@schemeID]", \
      "//SpecifiedLegalOrganization/ID[@schemeID]") \
    X(P_ITEM_LIST,   "an item classification (BT-158)", \
      "//CommodityClassification/ItemClassificationCode[@listID]", \
      "//DesignatedProductClassification/ClassCode[@listID]") \
    X(P_COUNTRY,     "a country", "//Country/IdentificationCode", "//CountryID") \
    X(P_ORIGIN,      "the origin of an item (BT-159)", "//OriginCountry/IdentificationCode", \
      "//OriginTradeCountry/ID") \
    X(P_MEANS_CODE,  "the means of payment (BT-81)", "PaymentMeans/PaymentMeansCode", \
      MT_CII_SETTLE "SpecifiedTradeSettlementPaymentMeans/TypeCode") \
    X(P_CATEGORY,    "a VAT category", "//TaxCategory/ID", "//CategoryTradeTax/CategoryCode") \
    X(P_LINE_CATEGORY, "the VAT category of a line (BT-151)", "//ClassifiedTaxCategory/ID", \
      "//ApplicableTradeTax/CategoryCode") \
    X(P_ALLOWANCE_CODE, "the reason of an allowance", \
      "//AllowanceCharge[ChargeIndicator=false]/AllowanceChargeReasonCode", \
      "//SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=false]/ReasonCode") \
    X(P_CHARGE_CODE, "the reason of a charge", \
      "//AllowanceCharge[ChargeIndicator=true]/AllowanceChargeReasonCode", \
      "//SpecifiedTradeAllowanceCharge[ChargeIndicator/Indicator=true]/ReasonCode") \
    X(P_ITEM_SCHEME, "an item's standard identifier (BT-157)", \
      "//StandardItemIdentification/ID[@schemeID]", \
      "//SpecifiedTradeProduct/GlobalID[@schemeID]") \
    X(P_VATEX,       "the code of an exemption (BT-121)", "//TaxExemptionReasonCode", \
      "//ExemptionReasonCode") \
    X(P_UNIT,        "a quantity", "//InvoicedQuantity,CreditedQuantity,BaseQuantity[@unitCode]", \
      "//BilledQuantity,BasisQuantity[@unitCode]") \
    X(P_BINARY,      "an attached document (BT-125)", "//EmbeddedDocumentBinaryObject[@mimeCode]", \
      "//AttachmentBinaryObject[@mimeCode]") \
    X(P_BINARY_ANY,  "an attached document (BT-125)", "//EmbeddedDocumentBinaryObject", \
      "//AttachmentBinaryObject") \
    X(P_ENDPOINT,    "an electronic address", "//EndpointID[@schemeID]", \
      "//URIUniversalCommunication/URIID[@schemeID]") \
    X(P_SHIP_ID,     "the place of delivery (BT-71)", "//DeliveryLocation/ID[@schemeID]", \
      "//ShipToTradeParty/GlobalID[@schemeID]") \
    X(P_PRICE_ALLOWANCE, "the discount of a price", "//Price/AllowanceCharge", \
      "//GrossPriceProductTradePrice[AppliedTradeAllowanceCharge]")
/* clang-format on */

#endif
