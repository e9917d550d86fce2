/* Members of small JSON documents: data sheets and parties.
 *
 * Purpose   Reads a whole document, and its members without insisting on their kind: a number may stand where
 *           a text is expected ("tax_number": 1234) and the other way round.
 * Missing   NULL, NaN, MT_MICRO_NONE, MT_DAY_NONE for what is not there, null, or of no use.
 * Ownership Trees and texts live in reader->own.
 */
#ifndef MT_FORMATS_VPP_JSON_MEMBERS_H
#define MT_FORMATS_VPP_JSON_MEMBERS_H

#include "formats/vpp/columns.h"
#include "formats/vpp/reader.h"
#include "io/json.h"

MT_BEGIN_DECLS

/* The whole file; MT_E_TOO_LARGE beyond MT_JSON_BYTES_MAX. */
MT_MUST_USE mt_code mt_vpp_document(mt_vpp_reader *reader, const mt_json **out);

const char *mt_vpp_member_text(const mt_json *object, const char *name);
double mt_vpp_member_real(const mt_json *object, const char *name);
mt_micro mt_vpp_member_decimal(const mt_json *object, const char *name);
mt_day mt_vpp_member_day(const mt_json *object, const char *name);
bool mt_vpp_member_bool(const mt_json *object, const char *name);

MT_END_DECLS
#endif
