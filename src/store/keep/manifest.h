/* The file that makes a folder of tables a backup.
 *
 * Shapes    {"merit_backup": 1, "version", "engine", "made_at", "tables": [{"name", "rows", "sum"}, …]}; sums
 *           are texts of sixteen hexadecimal digits.
 * Errors    Reading: MT_E_ABSENT  no such file;  MT_E_INPUT  damaged, or of another form.
 */
#ifndef MT_STORE_KEEP_MANIFEST_H
#define MT_STORE_KEEP_MANIFEST_H

#include "store/keep/backup.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_manifest_write(mt_ctx *cx, const mt_kept *kept, const char *folder);

/* Sets `expected` of each table. */
MT_MUST_USE mt_code mt_manifest_read(mt_ctx *cx, mt_kept *out, const char *folder);

/* The same from its bytes; `name` is for messages. */
MT_MUST_USE mt_code mt_manifest_parse(mt_ctx *cx, mt_kept *out, const char *name, const char *bytes,
                                      size_t n);

MT_END_DECLS
#endif
