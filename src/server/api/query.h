/* The part of a target behind its question mark, as names and values; and parts of its path.
 *
 * Shapes    NAME=VALUE&NAME=VALUE; %XX and + are undone; "-" in names becomes "_" as in the tables of
 *           operations. A name without "=" has the value "yes".
 * Errors    MT_E_INPUT  a broken escape, a zero byte, no UTF-8, more than MT_QUERY_MAX pairs.
 * Ownership Lives in cx.
 */
#ifndef MT_SERVER_API_QUERY_H
#define MT_SERVER_API_QUERY_H

#include "base/op.h"

MT_BEGIN_DECLS

enum { MT_QUERY_MAX = 128 };

MT_MUST_USE mt_code mt_query_parse(mt_ctx *cx, mt_given **out, size_t *n, const char *query);

/* One piece of a path, its escapes undone; a zero byte or a slash in it is refused. */
MT_MUST_USE mt_code mt_query_path_part(mt_ctx *cx, const char **out, mt_text part);

/* The value of a name, or NULL. */
const char *mt_query_value(const mt_given *given, size_t n, const char *name);

MT_END_DECLS
#endif
