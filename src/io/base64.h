/* Bytes as letters and back: base64.
 *
 * Purpose   Bytes where only text may stand: in a store's text column, in XML.
 * Shapes    The alphabet with + and /, with = at the end, without line breaks; nothing else is read.
 * Errors    MT_E_INPUT  a character that is none, a wrong length, bits that should be 0.
 * Ownership Results live in cx.
 * Source    RFC 4648, section 4.
 */
#ifndef MT_IO_BASE64_H
#define MT_IO_BASE64_H

#include "base/text.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_base64_write(mt_ctx *cx, mt_text *out, const void *bytes, size_t n);
MT_MUST_USE mt_code mt_base64_read(mt_ctx *cx, mt_text *bytes, mt_text text);

MT_END_DECLS
#endif
