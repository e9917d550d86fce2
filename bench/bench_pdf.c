/* needs: base io terms formats vpp ops
 *
 * Documents out: milliseconds of each self-billed invoice as PDF/A-3 with its XML inside, one thread and one
 * press for all of them, beside the smallest PDF of the same font that can be drawn (one line) and packed.
 * Argument: number of documents (200). */
#include "bench.h"

#include "io/pdf/archive.h"
#include "io/pdf/page.h"
#include "ops/vpp/render/invoice_pdf.h"

enum { LINES = 3, RUNS = 3 };

static mt_invoice_line line[LINES] = {{.kind = MT_LINE_INFEED,
                                       .name = "Infeed",
                                       .description = "metered",
                                       .quantity_micro = 3360500000,
                                       .unit_net = 831234,
                                       .unit_net_decimals = 4,
                                       .net_cent = 27933619,
                                       .vat_rate = 19000000},
                                      {.kind = MT_LINE_FEE,
                                       .name = "Fee",
                                       .quantity_micro = -3360500000,
                                       .unit_net = 250,
                                       .unit_net_decimals = 2,
                                       .net_cent = -840125,
                                       .vat_rate = 19000000},
                                      {.kind = MT_LINE_REDISPATCH,
                                       .name = "Redispatch",
                                       .quantity_micro = 12000000,
                                       .unit_net = 1000,
                                       .unit_net_decimals = 2,
                                       .net_cent = 12000,
                                       .vat_rate = 19000000}};

static const mt_party party = {.name = "Windpark Nord GmbH",
                               .street = "Deichweg 1",
                               .postcode = "25813",
                               .city = "Husum",
                               .country = "DE",
                               .vat_id = "DE123456789",
                               .iban = "DE89370400440532013000",
                               .bic = "COBADEFFXXX"};

static mt_code make_invoice(mt_ctx *cx, mt_press *press, mt_out *out)
{
    mt_invoice invoice = {.number = "GS-2025-000042",
                          .kind = MT_DOC_SELF_BILLED,
                          .contract_id = "C-17",
                          .asset_id = "wind-7",
                          .issued = 20272,
                          .due = 20286,
                          .from = 20240,
                          .until = 20269,
                          .currency = "EUR",
                          .seller = party,
                          .buyer = party,
                          .line = line,
                          .n_line = LINES,
                          .vat = {{MT_VAT_S, 19000000, 27105494, 5150044}},
                          .n_vat = 1,
                          .net_cent = 27105494,
                          .vat_cent = 5150044,
                          .gross_cent = 32255538};
    const mt_invoice_pdf_options options = {.size = sizeof options,
                                            .language = MT_GERMAN,
                                            .created = MT_TIME_NONE,
                                            .xml = mt_text_of("<invoice/>")};
    return mt_invoice_pdf(cx, press, out, &invoice, &options);
}

static mt_code make_line(mt_ctx *cx, mt_press *press, mt_out *out)
{
    const mt_pdf_about about = {.title = "One line", .language = "de"};
    mt_pdf pdf;
    mt_out *drawn;
    MT_TRY(mt_out_memory(cx, &drawn));
    mt_pdf_open(cx, &pdf, press, &(mt_pdf_options){.size = sizeof(mt_pdf_options), .about = about});
    mt_pdf_text(&pdf, MT_LETTER_TEXT, "One line");
    mt_code code = mt_pdf_close(&pdf, drawn);
    if (code == MT_OK)
        code =
            mt_pdf_archive(cx, press, out, mt_out_bytes(drawn),
                           &(mt_pdf_archive_options){.size = sizeof(mt_pdf_archive_options), .about = about});
    mt_out_close(drawn);
    return code;
}

typedef mt_code make_fn(mt_ctx *cx, mt_press *press, mt_out *out);

static double measure(mt_ctx *cx, mt_press *press, make_fn *make, size_t n, size_t *bytes)
{
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) {
        bench_span start = bench_now();
        for (size_t k = 0; k < n; k++) {
            mt_mark mark = mt_arena_mark(&cx->arena);
            mt_out *out;
            if (mt_out_memory(cx, &out) != MT_OK || make(cx, press, out) != MT_OK) {
                fprintf(stderr, "%s\n", cx->err);
                exit(1);
            }
            *bytes = mt_out_bytes(out).length;
            mt_out_close(out);
            mt_arena_reset(&cx->arena, mark);
        }
        bench_add(&runs, bench_since(start));
    }
    return 1e3 * bench_least(runs.cpu_s, runs.n) / (double)n;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 200, bytes, least_bytes;
    char title[128];
    mt_press *press;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    if (mt_press_open(&cx, &press) != MT_OK) {
        fprintf(stderr, "%s\n", cx.err);
        return 1;
    }
    double least = measure(&cx, press, make_line, n, &least_bytes);
    double invoice = measure(&cx, press, make_invoice, n, &bytes);
    snprintf(title, sizeof title, "%zu documents; one thread, one press, processor time, best of %d", n,
             RUNS);
    bench_title(title);
    bench_print(&(bench_line){"PDF/A-3 invoice with its XML", "ms", invoice, "the same with one line", least,
                              8, 0, true});
    bench_print(&(bench_line){"its size", "kB", (double)bytes / 1e3, "the same with one line",
                              (double)least_bytes / 1e3, 0, 0, true});
    mt_press_close(press);
    mt_ctx_close(&cx);
    return 0;
}
