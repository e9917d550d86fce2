/* The metadata packet of a document for archives: what it is, who made it, what is attached.
 *
 * Errors    What mt_out_write says.
 * Source    ISO 16684-1 (XMP), ISO 19005-3:2012, 6.6; Factur-X 1.07, extension schema "fx".
 */
#ifndef MT_IO_PDF_XMP_H
#define MT_IO_PDF_XMP_H

#include "io/pdf/archive.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_xmp_write(mt_ctx *cx, mt_out *out, const mt_pdf_archive_options *options);

MT_END_DECLS
#endif
