/* A document of account as a PDF made for a customer's eye. */
#include "ops/vpp/render/invoice_pdf.h"

#include <string.h>

#include "io/pdf/archive.h"
#include "io/pdf/page.h"
#include "ops/vpp/render/invoice_parts.h"

/* Who sends: of documents that the buyer makes out the buyer; a cancellation comes from whoever made out
 * what it cancels, which its number's prefix tells. */
static bool is_by_buyer(const mt_invoice *invoice)
{
    mt_document_kind kind = invoice->kind;
    if (kind == MT_DOC_CORRECTION) {
        for (int k = 0; k < MT_DOCUMENT_KINDS; k++) {
            const char *prefix = mt_document_prefix((mt_document_kind)k);
            if (invoice->cancels && strncmp(invoice->cancels, prefix, strlen(prefix)) == 0)
                kind = (mt_document_kind)k;
        }
    }
    return mt_document_code(kind) == 389;
}

static mt_word title_of(const mt_invoice *invoice)
{
    static const mt_word word[] = {[MT_DOC_SELF_BILLED] = MT_W_CREDIT,
                                   [MT_DOC_SERVICE] = MT_W_INVOICE,
                                   [MT_DOC_DAMAGES] = MT_W_DAMAGES,
                                   [MT_DOC_CLAIM] = MT_W_CLAIM,
                                   [MT_DOC_CORRECTION] = MT_W_CANCELLATION};
    return word[invoice->kind];
}

static mt_code describe(mt_ctx *cx, mt_invoice_sheet *sheet, mt_pdf_about *about)
{
    const mt_invoice *invoice = sheet->invoice;
    mt_language language = sheet->options->language;
    const char *title = mt_word_in(language, title_of(invoice));
    sheet->title = title;
    sheet->number = invoice->number ? invoice->number : mt_word_in(language, MT_W_DRAFT);
    mt_time day = invoice->issued == MT_DAY_NONE ? 0 : (mt_time)invoice->issued * MT_US_DAY;
    *about =
        (mt_pdf_about){.author = sheet->sender->name,
                       .language = mt_language_word[language],
                       .created = sheet->options->created == MT_TIME_NONE ? day : sheet->options->created};
    MT_TRY(mt_text_format(cx, &about->title, "%s %s", title, sheet->number));
    MT_TRY(mt_days_in(cx, &sheet->period, language, invoice->from, invoice->until));
    about->subject = sheet->period;
    return MT_OK;
}

static mt_code draw(mt_ctx *cx, mt_press *press, mt_out *out, mt_invoice_sheet *sheet,
                    const mt_pdf_about *about)
{
    const char *footer[4];
    mt_pdf_options options = {.size = sizeof options, .about = *about, .running = about->title};
    mt_code code;
    options.footer = footer;
    MT_TRY(mt_invoice_footer(cx, sheet, footer, &options.n_footer));
    mt_pdf_open(cx, &sheet->pdf, press, &options);
    MT_TRY_OUT(mt_invoice_put_head(cx, sheet));
    MT_TRY_OUT(mt_invoice_put_lines(cx, sheet));
    MT_TRY_OUT(mt_invoice_put_sums(cx, sheet));
    MT_TRY_OUT(mt_invoice_put_payment(cx, sheet));
    MT_TRY_OUT(mt_invoice_put_notes(cx, sheet));
    MT_TRY_OUT(mt_invoice_put_appendix(cx, sheet));
    return mt_pdf_close(&sheet->pdf, out);
out:
    mt_pdf_abandon(&sheet->pdf);
    return code;
}

static mt_code archive(mt_ctx *cx, mt_press *press, mt_out *out, mt_text pdf, const mt_invoice_sheet *sheet,
                       const mt_pdf_about *about)
{
    const mt_invoice_pdf_options *own = sheet->options;
    mt_pdf_attachment xml = {.name = "factur-x.xml",
                             .media_type = "text/xml",
                             .description = about->title,
                             .relationship = "Alternative",
                             .profile = own->profile ? own->profile : "EN 16931",
                             .bytes = own->xml};
    mt_pdf_archive_options options = {
        .size = sizeof options, .about = *about, .attachment = own->xml.at ? &xml : NULL};
    return mt_pdf_archive(cx, press, out, pdf, &options);
}

mt_code mt_invoice_pdf(mt_ctx *cx, mt_press *press, mt_out *out, const mt_invoice *invoice,
                       const mt_invoice_pdf_options *options)
{
    mt_invoice_pdf_options own = {.created = MT_TIME_NONE};
    mt_invoice_sheet sheet = {.invoice = invoice, .options = &own};
    mt_pdf_about about;
    mt_out *drawn = NULL;
    mt_code code;
    memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    bool by_buyer = is_by_buyer(invoice);
    sheet.sender = by_buyer ? &invoice->buyer : &invoice->seller;
    sheet.receiver = by_buyer ? &invoice->seller : &invoice->buyer;
    sheet.by_buyer = by_buyer;
    MT_TRY_OUT(describe(cx, &sheet, &about));
    MT_TRY_OUT(mt_out_memory(cx, &drawn));
    MT_TRY_OUT(draw(cx, press, drawn, &sheet, &about));
    code = archive(cx, press, out, mt_out_bytes(drawn), &sheet, &about);
out:
    mt_out_close(drawn);
    return code;
}
