/* One function a form; an e-invoice is made in memory, judged, and then written. */
#include "ops/vpp/documents/paper.h"

#include "formats/document/cii.h"
#include "formats/document/en16931_check.h"
#include "formats/document/invoice_json.h"
#include "formats/document/ubl.h"
#include "io/folder.h"

#include <string.h>

struct mt_paper {
    const char *folder;
    unsigned forms;
    mt_language language;
    mt_press *press; /* NULL: no PDF is wanted */
};

static const struct {
    const char *word;
    unsigned bit;
} form[] = {{"json", MT_PAPER_JSON}, {"pdf", MT_PAPER_PDF}, {"ubl", MT_PAPER_UBL}, {"cii", MT_PAPER_CII}};

mt_code mt_paper_forms(mt_ctx *cx, unsigned *out, const char *text)
{
    *out = 0;
    while (*text) {
        size_t n = strcspn(text, ", "), k = 0;
        while (k < sizeof form / sizeof *form &&
               (strlen(form[k].word) != n || memcmp(form[k].word, text, n) != 0))
            k++;
        if (n && k == sizeof form / sizeof *form)
            return mt_fail(cx, MT_E_INPUT, "\"%.*s\" is no form of a document; known are json, pdf, ubl, cii",
                           (int)n, text);
        if (n) *out |= form[k].bit;
        text += n + (text[n] != 0);
    }
    return MT_OK;
}

mt_code mt_paper_open(mt_ctx *cx, mt_paper **out, const char *folder, unsigned forms, mt_language language)
{
    mt_paper *paper;
    if (folder) MT_TRY(mt_folder_make(cx, folder));
    MT_TRY(MT_NEW(cx, &paper, 1));
    *paper = (mt_paper){.folder = folder, .forms = forms, .language = language};
    if (folder && forms & MT_PAPER_PDF) MT_TRY(mt_press_open(cx, &paper->press));
    *out = paper;
    return MT_OK;
}

void mt_paper_close(mt_paper *paper)
{
    if (paper) mt_press_close(paper->press);
}

/* --- files ------------------------------------------------------------------------------------------- */

static mt_code write_file(mt_ctx *cx, const mt_paper *paper, mt_paper_told *told, const char *ending,
                          mt_text bytes)
{
    mt_out *file = NULL;
    const char *path;
    mt_code code;
    if (!paper->folder) return MT_OK;
    MT_TRY(mt_text_format(cx, &path, "%s/%s%s", paper->folder, told->name, ending));
    MT_TRY_OUT(mt_out_file(cx, &file, path));
    MT_TRY_OUT(mt_out_write(cx, file, bytes.at, bytes.length));
    MT_TRY_OUT(mt_out_finish(cx, file));
out:
    mt_out_close(file);
    return code;
}

static mt_code tell_file(mt_ctx *cx, mt_paper_told *told, const char *word)
{
    return mt_text_format(cx, &told->files, "%s%s%s", told->files, *told->files ? " " : "", word);
}

/* Numbers and contracts are names of files here: what is neither letter nor digit becomes "-". */
static mt_code name_files(mt_ctx *cx, const mt_invoice *d, const char **out)
{
    char day[16], *name;
    mt_day_text(d->from, day);
    if (d->number)
        MT_TRY(mt_text_format(cx, (const char **)&name, "%s", d->number));
    else
        MT_TRY(mt_text_format(cx, (const char **)&name, "DRAFT_%s_%s_%s", d->contract_id,
                              mt_document_name(d->kind), day));
    for (char *c = name; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!plain && *c != '_' && *c != '.' && *c != '-') *c = '-';
    }
    if (*name == '.') *name = '-';
    *out = name;
    return MT_OK;
}

static mt_code write_json(mt_ctx *cx, mt_paper *paper, const mt_invoice *d, mt_paper_told *told)
{
    mt_out *out = NULL;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(cx, &out));
    MT_TRY_OUT(mt_invoice_json(cx, out, d, MT_JSON_PRETTY));
    MT_TRY_OUT(write_file(cx, paper, told, ".json", mt_out_bytes(out)));
    MT_TRY_OUT(tell_file(cx, told, "json"));
out:
    mt_out_close(out);
    return code;
}

/* --- e-invoices -------------------------------------------------------------------------------------- */

typedef mt_code write_fn(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, const char *profile);

static mt_code judge(mt_ctx *cx, mt_paper_told *told, mt_text xml, bool *good)
{
    mt_en16931_report report;
    MT_TRY(mt_en16931_check(cx, &report, told->name, xml));
    *good = report.errors == 0;
    for (size_t k = 0; k < report.n; k++) {
        if (report.finding[k].severity != MT_ERROR) continue;
        return mt_text_format(cx, &told->einvoice, "%s: %s", report.finding[k].rule,
                              report.finding[k].sentence);
    }
    if (!told->einvoice) told->einvoice = "valid";
    return MT_OK;
}

/* Into `out`, which is memory; *good false: a rule does not hold, and the rule is told. */
static mt_code make_xml(mt_ctx *cx, mt_out *out, const mt_invoice *d, write_fn *write, const char *profile,
                        mt_paper_told *told, bool *good)
{
    *good = false;
    mt_code code = write(cx, out, d, profile);
    if (code == MT_E_INPUT) { /* something that no e-invoice can say */
        MT_TRY(mt_text_format(cx, &told->einvoice, "%s", cx->err));
        mt_ctx_forgive(cx);
        return MT_OK;
    }
    MT_TRY(code);
    return judge(cx, told, mt_out_bytes(out), good);
}

static mt_code write_xml(mt_ctx *cx, mt_paper *paper, const mt_invoice *d, write_fn *write,
                         const char *ending, mt_paper_told *told)
{
    mt_out *out = NULL;
    bool good;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(cx, &out));
    MT_TRY_OUT(make_xml(cx, out, d, write, MT_PROFILE_XRECHNUNG, told, &good));
    if (!good) goto out;
    MT_TRY_OUT(write_file(cx, paper, told, ending, mt_out_bytes(out)));
    MT_TRY_OUT(tell_file(cx, told, write == mt_ubl_write ? "ubl" : "cii"));
out:
    mt_out_close(out);
    return code;
}

static mt_code write_pdf(mt_ctx *cx, mt_paper *paper, const mt_invoice *d, const mt_paper_about *about,
                         mt_paper_told *told)
{
    mt_out *xml = NULL, *pdf = NULL;
    bool good = false;
    mt_invoice_pdf_options options = {
        .size = sizeof options, .language = paper->language, .created = MT_TIME_NONE};
    mt_code code;
    if (about) options.infeed = about->infeed;
    if (about) options.contract = about->contract;
    MT_TRY_OUT(mt_out_memory(cx, &xml));
    MT_TRY_OUT(mt_out_memory(cx, &pdf));
    if (d->number) MT_TRY_OUT(make_xml(cx, xml, d, mt_cii_write, MT_PROFILE_EN16931, told, &good));
    if (good) options.xml = mt_out_bytes(xml);
    MT_TRY_OUT(mt_invoice_pdf(cx, paper->press, pdf, d, &options));
    MT_TRY_OUT(write_file(cx, paper, told, ".pdf", mt_out_bytes(pdf)));
    MT_TRY_OUT(tell_file(cx, told, "pdf"));
out:
    mt_out_close(pdf);
    mt_out_close(xml);
    return code;
}

mt_code mt_paper_write(mt_ctx *cx, mt_paper *paper, const mt_invoice *invoice, const mt_paper_about *about,
                       mt_paper_told *told)
{
    unsigned forms = paper->forms;
    *told = (mt_paper_told){.files = ""};
    MT_TRY(name_files(cx, invoice, &told->name));
    if (!invoice->number) forms &= MT_PAPER_JSON | MT_PAPER_PDF;
    if (forms & MT_PAPER_JSON) MT_TRY(write_json(cx, paper, invoice, told));
    if (forms & MT_PAPER_PDF && paper->press) MT_TRY(write_pdf(cx, paper, invoice, about, told));
    if (forms & MT_PAPER_UBL) MT_TRY(write_xml(cx, paper, invoice, mt_ubl_write, "_ubl.xml", told));
    if (forms & MT_PAPER_CII) MT_TRY(write_xml(cx, paper, invoice, mt_cii_write, "_cii.xml", told));
    return MT_OK;
}
