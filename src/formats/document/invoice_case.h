/* What the tests of documents share: a document of every kind and category whose sums are right.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Shapes    Three lines: a large delivery, a small fee of negative quantity, a price of ten decimals. VAT is
 *           the line's category at its rate. Names hold what XML has to escape.
 * Ownership Everything lives in the context.
 */
#ifndef MT_FORMATS_DOCUMENT_INVOICE_CASE_H
#define MT_FORMATS_DOCUMENT_INVOICE_CASE_H

#include "base/ctx_case.h"
#include "io/out.h"
#include "terms/vpp/invoice.h"

enum { CASE_LINES = 3 };

static inline int64_t case_round(int64_t numerator, int64_t denominator)
{
    int64_t half = denominator / 2;
    return numerator >= 0 ? (numerator + half) / denominator : -((half - numerator) / denominator);
}

/* 3360.5 MWh at 83.1234 = 279336.1857 -> 279336.19; -3360.5 x 2.5 = -8401.25; 12.000004 MWh at
 * 10.0000000001 = 120.00004 -> 120.00. */
static inline void case_lines(mt_invoice *invoice, mt_vat_category category, int64_t sign)
{
    int64_t rate = category == MT_VAT_S ? 19000000 : 0;
    invoice->line[0] = (mt_invoice_line){.kind = MT_LINE_INFEED,
                                         .name = "Infeed \"North\" & <South>",
                                         .description = "8,064 of 8,064 quarters; metered",
                                         .quantity_micro = sign * 3360500000,
                                         .unit_net = 831234,
                                         .unit_net_decimals = 4,
                                         .net_cent = sign * 27933619};
    invoice->line[1] = (mt_invoice_line){.kind = MT_LINE_FEE,
                                         .name = "Fee",
                                         .quantity_micro = -sign * 3360500000,
                                         .unit_net = 25,
                                         .unit_net_decimals = 1,
                                         .net_cent = -sign * 840125};
    invoice->line[2] = (mt_invoice_line){.kind = MT_LINE_FEE_CAPACITY,
                                         .name = "Capacity",
                                         .quantity_micro = sign * 12000004,
                                         .unit_net = 100000000001,
                                         .unit_net_decimals = 10,
                                         .net_cent = sign * 12000};
    for (size_t k = 0; k < CASE_LINES; k++) {
        invoice->line[k].vat_category = category;
        invoice->line[k].vat_rate = rate;
        invoice->net_cent += invoice->line[k].net_cent;
    }
    invoice->n_line = CASE_LINES;
    invoice->vat_cent = case_round(invoice->net_cent * (rate / 1000000), 100);
    invoice->vat[0] = (mt_invoice_vat){category, rate, invoice->net_cent, invoice->vat_cent};
    invoice->n_vat = 1;
    invoice->gross_cent = invoice->net_cent + invoice->vat_cent;
}

static inline void case_parties(mt_invoice *invoice)
{
    invoice->seller = (mt_party){.party_id = "owner-7",
                                 .name = "Windpark M\xC3\xBCller & S\xC3\xB6hne <Nord> GmbH",
                                 .street = "Deichweg 1",
                                 .postcode = "25813",
                                 .city = "Husum",
                                 .country = "DE",
                                 .vat_id = "DE123456789",
                                 .tax_number = "15/123/45678",
                                 .register_id = "HRB 1234 FL",
                                 .contact_name = "Anna Beck",
                                 .contact_phone = "+49 4841 12345",
                                 .contact_email = "anna@windpark.example",
                                 .electronic_address = "rechnung@windpark.example",
                                 .electronic_scheme = "EM",
                                 .iban = "DE89370400440532013000", /* the IBAN registry's example */
                                 .bic = "COBADEFFXXX",
                                 .datev_account = "70001"};
    invoice->buyer = invoice->seller;
    invoice->buyer.party_id = "trader-1";
    invoice->buyer.name = "Merit Handels AG";
    invoice->buyer.vat_id = "DE987654321";
    invoice->buyer.register_id = "HRB 99 HH";
    invoice->buyer.market_id = "11XMERIT-------A";
    invoice->buyer.electronic_address = "rechnung@merit.example";
    invoice->buyer.buyer_reference = "04011000-12345-03";
    invoice->buyer.iban = "DE02120300000000202051"; /* the Bundesbank's example */
    invoice->buyer.bic = "BYLADEM1001";
}

static inline mt_invoice *case_invoice(mt_ctx *cx, mt_document_kind kind, mt_vat_category category)
{
    mt_invoice *invoice = NULL;
    char *number = NULL;
    bool cancels = kind == MT_DOC_CORRECTION;
    assert_int_equal(MT_NEW(cx, &invoice, 1), MT_OK);
    assert_int_equal(MT_NEW(cx, &invoice->line, CASE_LINES), MT_OK);
    assert_int_equal(mt_text_format(cx, (const char **)&number, "%s-2025-%s-000042", mt_document_prefix(kind),
                                    mt_vat_code(category)),
                     MT_OK);
    invoice->kind = kind;
    invoice->number = number;
    invoice->contract_id = "C-17";
    invoice->asset_id = "wind-7";
    invoice->metering_point_id = "DE0001234567890000000000000000001";
    invoice->issued = mt_day_of(2025, 7, 3);
    invoice->due = mt_day_of(2025, 7, 17);
    invoice->from = mt_day_of(2025, 6, 1);
    invoice->until = mt_day_of(2025, 6, 30);
    invoice->currency = "EUR";
    invoice->cancels = cancels ? "GS-2025-000041" : NULL;
    invoice->note = "Infeed of June 2025";
    case_parties(invoice);
    case_lines(invoice, category, cancels ? -1 : 1);
    return invoice;
}

typedef mt_code case_write_fn(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, const char *profile);

/* The document's text, in the context. */
static inline const char *case_written(mt_ctx *cx, case_write_fn *write, const mt_invoice *invoice,
                                       const char *profile)
{
    mt_out *out = NULL;
    const char *text = NULL;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    if (write(cx, out, invoice, profile) != MT_OK) fail_msg("%s", cx->err);
    assert_int_equal(mt_out_finish(cx, out), MT_OK);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

#endif
