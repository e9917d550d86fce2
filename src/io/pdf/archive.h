/* Makes a PDF one for archives (PDF/A-3b), with the file a machine reads inside: ZUGFeRD, Factur-X.
 *
 * Purpose   One file for the eye and the computer that is still readable in thirty years: metadata as XMP,
 *           colours tied to sRGB, fonts inside, no script, no transparency, the data attached.
 * Units     Times UTC.
 * Shapes    In: a PDF of io/pdf/page.h. Out: PDF 1.7. The same input gives the same bytes, its identifier
 *           too.
 * Missing   No attachment: a plain PDF/A-3b.
 * Errors    MT_E_INPUT  bytes that are no PDF, or a name that is none;  what mt_out_write says.
 * Ownership Everything is borrowed for the call; `out` is not finished.
 * Threads   That of the press.
 * Cost      About 2 ms; three copies of the document.
 * Source    ISO 19005-3:2012 (PDF/A-3); ISO 32000-1:2008, 7.11.4 and 14.11.5; Factur-X 1.07 / ZUGFeRD 2.3,
 *           technical annex: XMP extension schema, AFRelationship "Alternative".
 * Example   mt_pdf_archive(cx, press, out, bytes, &(mt_pdf_archive_options){.about = about, .attachment =
 *           &xml})
 */
#ifndef MT_IO_PDF_ARCHIVE_H
#define MT_IO_PDF_ARCHIVE_H

#include "io/out.h"
#include "io/pdf/press.h"

MT_BEGIN_DECLS

typedef struct mt_pdf_attachment {
    const char *name;         /* "factur-x.xml" */
    const char *media_type;   /* "text/xml" */
    const char *description;  /* for the reader's list */
    const char *relationship; /* "Alternative": the same content for a machine; "Data", "Source" */
    const char *profile;      /* of Factur-X, "EN 16931", "XRECHNUNG"; NULL: not an e-invoice */
    mt_text bytes;
} mt_pdf_attachment;

typedef struct mt_pdf_archive_options {
    size_t size; /* sizeof(mt_pdf_archive_options) */
    mt_pdf_about about;
    const mt_pdf_attachment *attachment; /* NULL: none */
} mt_pdf_archive_options;

MT_MUST_USE mt_code mt_pdf_archive(mt_ctx *cx, mt_press *press, mt_out *out, mt_text pdf,
                                   const mt_pdf_archive_options *options);

MT_END_DECLS
#endif
