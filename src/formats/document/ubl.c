/* A document of account as UBL 2.1 Invoice: its elements in the order of the schema. */
#include "formats/document/ubl.h"

#include "formats/document/xml_write.h"

#define NAMESPACES                                                                                           \
    "xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "                                      \
    "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "                \
    "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\""

static void write_period(mt_xml_writer *xml, const mt_invoice *invoice)
{
    mt_xml_group(xml, "cac:InvoicePeriod", NULL);
    mt_xml_leaf_day(xml, "cbc:StartDate", invoice->from);
    mt_xml_leaf_day(xml, "cbc:EndDate", invoice->until);
    mt_xml_end(xml);
}

/* Name of a group, and an identifier inside it. */
static void write_id_in(mt_xml_writer *xml, const char *group, const char *id)
{
    mt_xml_group(xml, group, NULL);
    mt_xml_leaf(xml, "cbc:ID", id);
    mt_xml_end(xml);
}

static void write_references(mt_xml_writer *xml, const mt_einvoice *of)
{
    mt_xml_group(xml, "cac:BillingReference", NULL);
    write_id_in(xml, "cac:InvoiceDocumentReference", of->of->cancels);
    mt_xml_end(xml);
    write_id_in(xml, "cac:ContractDocumentReference", of->of->contract_id);
    if (!of->of->metering_point_id) return;
    mt_xml_group(xml, "cac:AdditionalDocumentReference", NULL);
    mt_xml_leaf(xml, "cbc:ID", of->of->metering_point_id);
    mt_xml_leaf(xml, "cbc:DocumentTypeCode", "130"); /* the object that is invoiced */
    mt_xml_end(xml);
}

static void write_head(mt_xml_writer *xml, const mt_einvoice *of)
{
    const mt_invoice *invoice = of->of;
    mt_xml_leaf(xml, "cbc:CustomizationID", of->profile);
    mt_xml_leaf(xml, "cbc:ProfileID", MT_PROCESS_BILLING);
    mt_xml_leaf(xml, "cbc:ID", invoice->number);
    mt_xml_leaf_day(xml, "cbc:IssueDate", invoice->issued);
    mt_xml_leaf_day(xml, "cbc:DueDate", invoice->due);
    mt_xml_leaf(xml, "cbc:InvoiceTypeCode", of->type_code);
    mt_xml_leaf(xml, "cbc:Note", of->note);
    mt_xml_leaf(xml, "cbc:DocumentCurrencyCode", invoice->currency);
    mt_xml_leaf(xml, "cbc:BuyerReference", of->buyer_reference);
    write_period(xml, invoice);
    write_references(xml, of);
}

static void write_address(mt_xml_writer *xml, const mt_party *party)
{
    mt_xml_group(xml, "cac:PostalAddress", NULL);
    mt_xml_leaf(xml, "cbc:StreetName", party->street);
    mt_xml_leaf(xml, "cbc:CityName", party->city);
    mt_xml_leaf(xml, "cbc:PostalZone", party->postcode);
    mt_xml_group(xml, "cac:Country", NULL);
    mt_xml_leaf(xml, "cbc:IdentificationCode", party->country);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

static void write_tax_scheme(mt_xml_writer *xml, const char *id, const char *scheme)
{
    if (!id || !*id) return;
    mt_xml_group(xml, "cac:PartyTaxScheme", NULL);
    mt_xml_leaf(xml, "cbc:CompanyID", id);
    write_id_in(xml, "cac:TaxScheme", scheme);
    mt_xml_end(xml);
}

static void write_legal(mt_xml_writer *xml, const mt_party *party)
{
    mt_xml_group(xml, "cac:PartyLegalEntity", NULL);
    mt_xml_leaf(xml, "cbc:RegistrationName", party->name);
    mt_xml_leaf(xml, "cbc:CompanyID", party->register_id);
    mt_xml_end(xml);
    mt_xml_group(xml, "cac:Contact", NULL);
    mt_xml_leaf(xml, "cbc:Name", party->contact_name);
    mt_xml_leaf(xml, "cbc:Telephone", party->contact_phone);
    mt_xml_leaf(xml, "cbc:ElectronicMail", party->contact_email);
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
    mt_xml_group(xml, "cac:Party", NULL);
    mt_xml_leaf_with(xml, "cbc:EndpointID", "schemeID", party->electronic_scheme, party->electronic_address);
    write_id_in(xml, "cac:PartyIdentification", role->id);
    write_address(xml, party);
    write_tax_scheme(xml, role->vat_id, "VAT");
    write_tax_scheme(xml, role->tax_number, "FC");
    write_legal(xml, party);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

static void write_delivery(mt_xml_writer *xml, const mt_invoice *invoice)
{
    mt_xml_group(xml, "cac:Delivery", NULL);
    mt_xml_leaf_day(xml, "cbc:ActualDeliveryDate", invoice->until);
    mt_xml_end(xml);
}

static void write_payment(mt_xml_writer *xml, const mt_einvoice *of)
{
    const mt_party *seller = &of->of->seller;
    mt_xml_group(xml, "cac:PaymentMeans", NULL);
    mt_xml_leaf(xml, "cbc:PaymentMeansCode", of->payment_means);
    mt_xml_leaf(xml, "cbc:PaymentID", of->of->number);
    if (seller->iban && *seller->iban) {
        mt_xml_group(xml, "cac:PayeeFinancialAccount", NULL);
        mt_xml_leaf(xml, "cbc:ID", seller->iban);
        mt_xml_leaf(xml, "cbc:Name", seller->name);
        write_id_in(xml, "cac:FinancialInstitutionBranch", seller->bic);
        mt_xml_end(xml);
    }
    mt_xml_end(xml);
    mt_xml_group(xml, "cac:PaymentTerms", NULL);
    mt_xml_leaf(xml, "cbc:Note", of->terms);
    mt_xml_end(xml);
}

static void write_cents(mt_xml_writer *xml, const char *name, const mt_invoice *invoice, int64_t cents)
{
    char text[MT_AMOUNT_TEXT_MAX];
    mt_xml_leaf_with(xml, name, "currencyID", invoice->currency, mt_amount_cents(text, cents));
}

/* In a breakdown, and as `cac:ClassifiedTaxCategory` on a line, which gives no reason. Outside of the VAT a
 * line must not tell a rate (BR-O-05), and a breakdown must (BR-DE-14). */
static void write_category(mt_xml_writer *xml, const char *group, mt_vat_category category, int64_t rate)
{
    char percent[MT_AMOUNT_TEXT_MAX];
    bool on_line = group[4] == 'C';
    (void)mt_amount_text(rate, 6, 0, percent);
    mt_xml_group(xml, group, NULL);
    mt_xml_leaf(xml, "cbc:ID", mt_vat_code(category));
    mt_xml_leaf(xml, "cbc:Percent", on_line && category == MT_VAT_O ? NULL : percent);
    mt_xml_leaf(xml, "cbc:TaxExemptionReasonCode", on_line ? NULL : mt_vat_vatex(category));
    mt_xml_leaf(xml, "cbc:TaxExemptionReason", on_line ? NULL : mt_vat_reason(category));
    write_id_in(xml, "cac:TaxScheme", "VAT");
    mt_xml_end(xml);
}

static void write_totals(mt_xml_writer *xml, const mt_invoice *invoice)
{
    mt_xml_group(xml, "cac:TaxTotal", NULL);
    write_cents(xml, "cbc:TaxAmount", invoice, invoice->vat_cent);
    for (size_t k = 0; k < invoice->n_vat; k++) {
        const mt_invoice_vat *vat = &invoice->vat[k];
        mt_xml_group(xml, "cac:TaxSubtotal", NULL);
        write_cents(xml, "cbc:TaxableAmount", invoice, vat->taxable_cent);
        write_cents(xml, "cbc:TaxAmount", invoice, vat->vat_cent);
        write_category(xml, "cac:TaxCategory", vat->category, vat->rate);
        mt_xml_end(xml);
    }
    mt_xml_end(xml);
    mt_xml_group(xml, "cac:LegalMonetaryTotal", NULL);
    write_cents(xml, "cbc:LineExtensionAmount", invoice, invoice->net_cent);
    write_cents(xml, "cbc:TaxExclusiveAmount", invoice, invoice->net_cent);
    write_cents(xml, "cbc:TaxInclusiveAmount", invoice, invoice->gross_cent);
    write_cents(xml, "cbc:PayableAmount", invoice, invoice->gross_cent);
    mt_xml_end(xml);
}

static void write_line(mt_xml_writer *xml, const mt_invoice *invoice, size_t k)
{
    const mt_invoice_line *line = &invoice->line[k];
    char text[MT_AMOUNT_TEXT_MAX];
    mt_xml_group(xml, "cac:InvoiceLine", NULL);
    mt_xml_leaf_int(xml, "cbc:ID", (int64_t)k + 1);
    (void)mt_amount_text(line->quantity_micro, 6, 0, text);
    mt_xml_leaf_with(xml, "cbc:InvoicedQuantity", "unitCode", mt_line_unit_code(line->kind), text);
    write_cents(xml, "cbc:LineExtensionAmount", invoice, line->net_cent);
    write_period(xml, invoice);
    mt_xml_group(xml, "cac:Item", NULL);
    mt_xml_leaf(xml, "cbc:Description", line->description);
    mt_xml_leaf(xml, "cbc:Name", line->name);
    write_category(xml, "cac:ClassifiedTaxCategory", line->vat_category, line->vat_rate);
    mt_xml_end(xml);
    mt_xml_group(xml, "cac:Price", NULL);
    (void)mt_amount_text(line->unit_net, line->unit_net_decimals, 2, text);
    mt_xml_leaf_with(xml, "cbc:PriceAmount", "currencyID", invoice->currency, text);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

mt_code mt_ubl_write(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, const char *profile)
{
    mt_xml_writer xml;
    mt_einvoice of;
    MT_TRY(mt_einvoice_of(cx, &of, invoice, profile));
    struct role seller = {"cac:AccountingSupplierParty", &invoice->seller, of.seller_id, of.seller_vat_id,
                          invoice->seller.tax_number};
    struct role buyer = {"cac:AccountingCustomerParty", &invoice->buyer, of.buyer_id, of.buyer_vat_id, NULL};
    mt_xml_start(cx, &xml, out);
    mt_xml_group(&xml, "Invoice", NAMESPACES);
    write_head(&xml, &of);
    write_party(&xml, &seller);
    write_party(&xml, &buyer);
    write_delivery(&xml, invoice);
    write_payment(&xml, &of);
    write_totals(&xml, invoice);
    for (size_t k = 0; k < invoice->n_line; k++) write_line(&xml, invoice, k);
    mt_xml_end(&xml);
    return mt_xml_done(&xml);
}
