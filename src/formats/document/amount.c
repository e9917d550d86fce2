/* Exact decimals of documents, and what is derived from one. */
#include "formats/document/amount.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DECIMALS_MAX = 18 };

size_t mt_amount_text(int64_t value, int decimals, int least, char out[MT_AMOUNT_TEXT_MAX])
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, unit = 1;
    for (int k = 0; k < decimals; k++) unit *= 10;
    int n = snprintf(out, MT_AMOUNT_TEXT_MAX, "%s%" PRIu64, value < 0 ? "-" : "", size / unit);
    if (decimals == 0) return (size_t)n;
    n += snprintf(out + n, (size_t)(MT_AMOUNT_TEXT_MAX - n), ".%0*" PRIu64, decimals, size % unit);
    for (int spare = decimals - least; spare > 0 && out[n - 1] == '0'; spare--) n--;
    if (out[n - 1] == '.') n--;
    out[n] = '\0';
    return (size_t)n;
}

const char *mt_amount_cents(char out[MT_AMOUNT_TEXT_MAX], int64_t cents)
{
    (void)mt_amount_text(cents, 2, 2, out);
    return out;
}

static mt_code check_line(mt_ctx *cx, const mt_invoice *invoice, size_t k)
{
    const mt_invoice_line *line = &invoice->line[k];
    if (line->unit_net < 0)
        return mt_fail(cx, MT_E_INPUT,
                       "document %s, line %zu: the unit price is negative (%" PRId64
                       "); a price is never negative, the sign belongs to the quantity",
                       invoice->number, k + 1, line->unit_net);
    if (line->unit_net_decimals < 0 || line->unit_net_decimals > DECIMALS_MAX)
        return mt_fail(cx, MT_E_INPUT, "document %s, line %zu: a price of %d decimals; 2 to 10 are written",
                       invoice->number, k + 1, line->unit_net_decimals);
    if (!line->name || !*line->name)
        return mt_fail(cx, MT_E_INPUT, "document %s, line %zu: no name of what is invoiced", invoice->number,
                       k + 1);
    return MT_OK;
}

static mt_code check_invoice(mt_ctx *cx, const mt_invoice *invoice)
{
    if (!invoice->number || !*invoice->number || invoice->issued == MT_DAY_NONE)
        return mt_fail(
            cx, MT_E_INPUT,
            "a draft (contract %s) cannot become an e-invoice: it has no number or no day of issue",
            invoice->contract_id ? invoice->contract_id : "unknown");
    if (!invoice->currency || strlen(invoice->currency) != 3)
        return mt_fail(cx, MT_E_INPUT, "document %s: currency \"%s\"; three letters, as EUR, were expected",
                       invoice->number, invoice->currency ? invoice->currency : "");
    if (invoice->n_line == 0) return mt_fail(cx, MT_E_INPUT, "document %s has no line", invoice->number);
    for (size_t k = 0; k < invoice->n_line; k++) MT_TRY(check_line(cx, invoice, k));
    return MT_OK;
}

/* Section 14(4) no. 10 of the German VAT act demands the word in a document that the buyer issues. */
static mt_code note_of(mt_ctx *cx, const char **out, const mt_invoice *invoice)
{
    bool self_billed = mt_document_code(invoice->kind) == 389;
    *out = invoice->note;
    if (!self_billed || (invoice->note && strstr(invoice->note, "Gutschrift"))) return MT_OK;
    if (!invoice->note || !*invoice->note) {
        *out = "Gutschrift";
        return MT_OK;
    }
    return mt_text_format(cx, out, "Gutschrift. %s", invoice->note);
}

/* A document has one category O for all its lines or none (BR-O-11, BR-O-12). */
static bool is_outside_vat(const mt_invoice *invoice)
{
    for (size_t k = 0; k < invoice->n_line; k++)
        if (invoice->line[k].vat_category == MT_VAT_O) return true;
    return false;
}

static bool has_text(const char *text)
{
    return text && *text;
}

mt_code mt_einvoice_of(mt_ctx *cx, mt_einvoice *out, const mt_invoice *invoice, const char *profile)
{
    mt_einvoice of = {.of = invoice, .profile = profile};
    const mt_party *seller = &invoice->seller, *buyer = &invoice->buyer;
    MT_TRY(check_invoice(cx, invoice));
    MT_TRY(note_of(cx, &of.note, invoice));
    MT_TRY(mt_text_format(cx, &of.type_code, "%d", mt_document_code(invoice->kind)));
    int means = has_text(seller->iban) ? MT_PAY_BY_SEPA : MT_PAY_UNDEFINED;
    MT_TRY(mt_text_format(cx, &of.payment_means, "%d", means));
    of.buyer_reference = has_text(buyer->buyer_reference) ? buyer->buyer_reference : invoice->contract_id;
    of.seller_id = has_text(seller->market_id) ? seller->market_id : seller->party_id;
    of.buyer_id = has_text(buyer->market_id) ? buyer->market_id : buyer->party_id;
    if (invoice->due == MT_DAY_NONE) of.terms = "Payable upon receipt";
    if (!is_outside_vat(invoice)) {
        of.seller_vat_id = seller->vat_id;
        of.buyer_vat_id = buyer->vat_id;
    }
    *out = of;
    return MT_OK;
}
