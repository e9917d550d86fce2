/* Text that every engine can hold: UTF-8 without a zero byte.
 *
 * Purpose   Asked before a text reaches an engine, so that no engine decides differently from another.
 * Cost      Eight bytes at a time where the text is ASCII.
 */
#ifndef MT_STORE_PLAIN_TEXT_H
#define MT_STORE_PLAIN_TEXT_H

#include "base/text.h"

MT_BEGIN_DECLS

bool mt_plain_text_is(mt_text text);

/* The same text with U+FFFD where it is not; the text itself when nothing is wrong. */
MT_MUST_USE mt_code mt_plain_text_make(mt_ctx *cx, mt_text *out, mt_text text);

/* MT_E_INPUT, naming the column. */
mt_code mt_plain_text_fail(mt_ctx *cx, const char *column);

MT_END_DECLS
#endif
