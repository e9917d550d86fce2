/* A document of account as Cross Industry Invoice: its elements in the order of the schema. */
#include "formats/document/cii.h"

#include "formats/document/xml_write.h"

#include <stdio.h>

#define NAMESPACES                                                                                           \
    "xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\" "                            \
    "xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\" "      \
    "xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100\""

static void write_in(mt_xml_writer *xml, const char *group, const char *leaf, const char *text)
{
    mt_xml_group(xml, group, NULL);
    mt_xml_leaf(xml, leaf, text);
    mt_xml_end(xml);
}

static void write_day(mt_xml_writer *xml, const char *group, mt_day day)
{
    char text[48];
    mt_date date = mt_day_date(day);
    if (day == MT_DAY_NONE) return;
    (void)snprintf(text, sizeof text, "%04d%02d%02d", date.year, date.month, date.day);
    mt_xml_group(xml, group, NULL);
    mt_xml_leaf_with(xml, "udt:DateTimeString", "format", "102", text);
    mt_xml_end(xml);
}

static void write_period(mt_xml_writer *xml, const mt_invoice *invoice)
{
    mt_xml_group(xml, "ram:BillingSpecifiedPeriod", NULL);
    write_day(xml, "ram:StartDateTime", invoice->from);
    write_day(xml, "ram:EndDateTime", invoice->until);
    mt_xml_end(xml);
}

static void write_head(mt_xml_writer *xml, const mt_einvoice *of)
{
    mt_xml_group(xml, "rsm:ExchangedDocumentContext", NULL);
    write_in(xml, "ram:BusinessProcessSpecifiedDocumentContextParameter", "ram:ID", MT_PROCESS_BILLING);
    write_in(xml, "ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID", of->profile);
    mt_xml_end(xml);
    mt_xml_group(xml, "rsm:ExchangedDocument", NULL);
    mt_xml_leaf(xml, "ram:ID", of->of->number);
    mt_xml_leaf(xml, "ram:TypeCode", of->type_code);
    write_day(xml, "ram:IssueDateTime", of->of->issued);
    write_in(xml, "ram:IncludedNote", "ram:Content", of->note);
    mt_xml_end(xml);
}

static void write_address(mt_xml_writer *xml, const mt_party *party)
{
    mt_xml_group(xml, "ram:PostalTradeAddress", NULL);
    mt_xml_leaf(xml, "ram:PostcodeCode", party->postcode);
    mt_xml_leaf(xml, "ram:LineOne", party->street);
    mt_xml_leaf(xml, "ram:CityName", party->city);
    mt_xml_leaf(xml, "ram:CountryID", party->country);
    mt_xml_end(xml);
}

static void write_contact(mt_xml_writer *xml, const mt_party *party)
{
    mt_xml_group(xml, "ram:DefinedTradeContact", NULL);
    mt_xml_leaf(xml, "ram:PersonName", party->contact_name);
    write_in(xml, "ram:TelephoneUniversalCommunication", "ram:CompleteNumber", party->contact_phone);
    write_in(xml, "ram:EmailURIUniversalCommunication", "ram:URIID", party->contact_email);
    mt_xml_end(xml);
}

static void write_tax_id(mt_xml_writer *xml, const char *scheme, const char *id)
{
    mt_xml_group(xml, "ram:SpecifiedTaxRegistration", NULL);
    mt_xml_leaf_with(xml, "ram:ID", "schemeID", scheme, id);
    mt_xml_end(xml);
}

struct role {
    const char *group;
    const mt_party *party;
    const char *id, *vat_id, *tax_number;
};

static void write_party(mt_xml_writer *xml, const struct role *role)
{
    const mt_party *party = role->party;
    mt_xml_group(xml, role->group, NULL);
    mt_xml_leaf(xml, "ram:ID", role->id);
    mt_xml_leaf(xml, "ram:Name", party->name);
    write_in(xml, "ram:SpecifiedLegalOrganization", "ram:ID", party->register_id);
    write_contact(xml, party);
    write_address(xml, party);
    mt_xml_group(xml, "ram:URIUniversalCommunication", NULL);
    mt_xml_leaf_with(xml, "ram:URIID", "schemeID", party->electronic_scheme, party->electronic_address);
    mt_xml_end(xml);
    write_tax_id(xml, "VA", role->vat_id);
    write_tax_id(xml, "FC", role->tax_number);
    mt_xml_end(xml);
}

static void write_agreement(mt_xml_writer *xml, const mt_einvoice *of)
{
    const mt_invoice *invoice = of->of;
    struct role seller = {"ram:SellerTradeParty", &invoice->seller, of->seller_id, of->seller_vat_id,
                          invoice->seller.tax_number};
    struct role buyer = {"ram:BuyerTradeParty", &invoice->buyer, of->buyer_id, of->buyer_vat_id, NULL};
    mt_xml_group(xml, "ram:ApplicableHeaderTradeAgreement", NULL);
    mt_xml_leaf(xml, "ram:BuyerReference", of->buyer_reference);
    write_party(xml, &seller);
    write_party(xml, &buyer);
    write_in(xml, "ram:ContractReferencedDocument", "ram:IssuerAssignedID", invoice->contract_id);
    if (invoice->metering_point_id) {
        mt_xml_group(xml, "ram:AdditionalReferencedDocument", NULL);
        mt_xml_leaf(xml, "ram:IssuerAssignedID", invoice->metering_point_id);
        mt_xml_leaf(xml, "ram:TypeCode", "130"); /* the object that is invoiced */
        mt_xml_end(xml);
    }
    mt_xml_end(xml);
    mt_xml_group(xml, "ram:ApplicableHeaderTradeDelivery", NULL);
    mt_xml_keep(xml); /* the schema demands it, also empty */
    mt_xml_group(xml, "ram:ActualDeliverySupplyChainEvent", NULL);
    write_day(xml, "ram:OccurrenceDateTime", invoice->until);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

static void write_payment(mt_xml_writer *xml, const mt_einvoice *of)
{
    const mt_party *seller = &of->of->seller;
    mt_xml_leaf(xml, "ram:PaymentReference", of->of->number);
    mt_xml_leaf(xml, "ram:InvoiceCurrencyCode", of->of->currency);
    mt_xml_group(xml, "ram:SpecifiedTradeSettlementPaymentMeans", NULL);
    mt_xml_leaf(xml, "ram:TypeCode", of->payment_means);
    if (seller->iban && *seller->iban) {
        mt_xml_group(xml, "ram:PayeePartyCreditorFinancialAccount", NULL);
        mt_xml_leaf(xml, "ram:IBANID", seller->iban);
        mt_xml_leaf(xml, "ram:AccountName", seller->name);
        mt_xml_end(xml);
        write_in(xml, "ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:BICID", seller->bic);
    }
    mt_xml_end(xml);
}

static void write_cents(mt_xml_writer *xml, const char *name, int64_t cents)
{
    char text[MT_AMOUNT_TEXT_MAX];
    mt_xml_leaf(xml, name, mt_amount_cents(text, cents));
}

/* `sum` is NULL on a line, which has neither amounts nor a reason. Outside of the VAT a line must not tell a
 * rate (BR-O-05), and a breakdown must (BR-DE-14). */
static void write_tax(mt_xml_writer *xml, const mt_invoice_vat *sum, mt_vat_category category, int64_t rate)
{
    char percent[MT_AMOUNT_TEXT_MAX];
    (void)mt_amount_text(rate, 6, 0, percent);
    mt_xml_group(xml, "ram:ApplicableTradeTax", NULL);
    if (sum) write_cents(xml, "ram:CalculatedAmount", sum->vat_cent);
    mt_xml_leaf(xml, "ram:TypeCode", "VAT");
    if (sum) mt_xml_leaf(xml, "ram:ExemptionReason", mt_vat_reason(category));
    if (sum) write_cents(xml, "ram:BasisAmount", sum->taxable_cent);
    mt_xml_leaf(xml, "ram:CategoryCode", mt_vat_code(category));
    if (sum) mt_xml_leaf(xml, "ram:ExemptionReasonCode", mt_vat_vatex(category));
    mt_xml_leaf(xml, "ram:RateApplicablePercent", !sum && category == MT_VAT_O ? NULL : percent);
    mt_xml_end(xml);
}

static void write_totals(mt_xml_writer *xml, const mt_invoice *invoice)
{
    char vat[MT_AMOUNT_TEXT_MAX];
    mt_xml_group(xml, "ram:SpecifiedTradeSettlementHeaderMonetarySummation", NULL);
    write_cents(xml, "ram:LineTotalAmount", invoice->net_cent);
    write_cents(xml, "ram:TaxBasisTotalAmount", invoice->net_cent);
    mt_xml_leaf_with(xml, "ram:TaxTotalAmount", "currencyID", invoice->currency,
                     mt_amount_cents(vat, invoice->vat_cent));
    write_cents(xml, "ram:GrandTotalAmount", invoice->gross_cent);
    write_cents(xml, "ram:DuePayableAmount", invoice->gross_cent);
    mt_xml_end(xml);
}

static void write_settlement(mt_xml_writer *xml, const mt_einvoice *of)
{
    const mt_invoice *invoice = of->of;
    mt_xml_group(xml, "ram:ApplicableHeaderTradeSettlement", NULL);
    write_payment(xml, of);
    for (size_t k = 0; k < invoice->n_vat; k++)
        write_tax(xml, &invoice->vat[k], invoice->vat[k].category, invoice->vat[k].rate);
    write_period(xml, invoice);
    mt_xml_group(xml, "ram:SpecifiedTradePaymentTerms", NULL);
    mt_xml_leaf(xml, "ram:Description", of->terms);
    write_day(xml, "ram:DueDateDateTime", invoice->due);
    mt_xml_end(xml);
    write_totals(xml, invoice);
    write_in(xml, "ram:InvoiceReferencedDocument", "ram:IssuerAssignedID", invoice->cancels);
    mt_xml_end(xml);
}

/* Number, name and description; price; quantity. */
static void write_product(mt_xml_writer *xml, const mt_invoice_line *line, size_t number)
{
    char text[MT_AMOUNT_TEXT_MAX];
    mt_xml_group(xml, "ram:AssociatedDocumentLineDocument", NULL);
    mt_xml_leaf_int(xml, "ram:LineID", (int64_t)number);
    mt_xml_end(xml);
    mt_xml_group(xml, "ram:SpecifiedTradeProduct", NULL);
    mt_xml_leaf(xml, "ram:Name", line->name);
    mt_xml_leaf(xml, "ram:Description", line->description);
    mt_xml_end(xml);
    mt_xml_group(xml, "ram:SpecifiedLineTradeAgreement", NULL);
    (void)mt_amount_text(line->unit_net, line->unit_net_decimals, 2, text);
    write_in(xml, "ram:NetPriceProductTradePrice", "ram:ChargeAmount", text);
    mt_xml_end(xml);
    mt_xml_group(xml, "ram:SpecifiedLineTradeDelivery", NULL);
    (void)mt_amount_text(line->quantity_micro, 6, 0, text);
    mt_xml_leaf_with(xml, "ram:BilledQuantity", "unitCode", mt_line_unit_code(line->kind), text);
    mt_xml_end(xml);
}

static void write_line(mt_xml_writer *xml, const mt_invoice *invoice, size_t k)
{
    const mt_invoice_line *line = &invoice->line[k];
    mt_xml_group(xml, "ram:IncludedSupplyChainTradeLineItem", NULL);
    write_product(xml, line, k + 1);
    mt_xml_group(xml, "ram:SpecifiedLineTradeSettlement", NULL);
    write_tax(xml, NULL, line->vat_category, line->vat_rate);
    write_period(xml, invoice);
    mt_xml_group(xml, "ram:SpecifiedTradeSettlementLineMonetarySummation", NULL);
    write_cents(xml, "ram:LineTotalAmount", line->net_cent);
    mt_xml_end(xml);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

mt_code mt_cii_write(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, const char *profile)
{
    mt_xml_writer xml;
    mt_einvoice of;
    MT_TRY(mt_einvoice_of(cx, &of, invoice, profile));
    mt_xml_start(cx, &xml, out);
    mt_xml_group(&xml, "rsm:CrossIndustryInvoice", NAMESPACES);
    write_head(&xml, &of);
    mt_xml_group(&xml, "rsm:SupplyChainTradeTransaction", NULL);
    for (size_t k = 0; k < invoice->n_line; k++) write_line(&xml, invoice, k);
    write_agreement(&xml, &of);
    write_settlement(&xml, &of);
    mt_xml_end(&xml);
    mt_xml_end(&xml);
    return mt_xml_done(&xml);
}
