/* A client's own settings from a file: TLS, passwords, tuning, one "name=value" a line.
 *
 * Purpose   Secrets stay out of command lines and logs; names and meanings are those of the client library.
 * Shapes    Blank lines and lines that begin with # are passed over; blanks around name and value are no
 *           part of them; a value may be empty and may hold "=". At most 64 KiB.
 * Errors    MT_E_INPUT  a line without "=" or without a name, a byte 0, and what the taker refuses: each with
 *           file and line, never with the value;  MT_E_ABSENT, MT_E_IO  the file cannot be read;
 *           MT_E_TOO_LARGE.
 * Ownership Name and value are borrowed for the call; the file's bytes are wiped from memory afterwards.
 */
#ifndef MT_STREAM_SETTINGS_H
#define MT_STREAM_SETTINGS_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef mt_code mt_setting_fn(mt_ctx *cx, void *arg, const char *name, const char *value);

MT_MUST_USE mt_code mt_settings_read(mt_ctx *cx, const char *path, mt_setting_fn *take, void *arg);

/* The same from memory, which is written to: text[n] must be there. */
MT_MUST_USE mt_code mt_settings_parse(mt_ctx *cx, char *text, size_t n, mt_setting_fn *take, void *arg);

MT_END_DECLS
#endif
