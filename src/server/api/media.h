/* Formats of results as HTTP names them.
 *
 * Shapes    ?output=NAME counts before Accept; without either, and for any type, JSON.
 * Errors    MT_E_INPUT  an unknown output, with the known ones. An Accept header that names nothing known is
 *           answered with JSON (RFC 9110, section 12.5.1, allows it).
 */
#ifndef MT_SERVER_API_MEDIA_H
#define MT_SERVER_API_MEDIA_H

#include "ops/result.h"

MT_BEGIN_DECLS

/* Both texts may be NULL. */
MT_MUST_USE mt_code mt_media_choose(mt_ctx *cx, mt_format *out, const char *output, const char *accept);

const char *mt_media_type(mt_format format); /* "application/json" */

MT_END_DECLS
#endif
