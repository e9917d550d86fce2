/* Brings the tables of a store up to the version of this program.
 *
 * Errors    MT_E_CONFLICT  the store was written by a newer program, or (read-only) by an older one.
 */
#ifndef MT_STORE_MIGRATE_H
#define MT_STORE_MIGRATE_H

#include "store/inside.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_migrate(mt_ctx *cx, mt_store *store, const mt_migration *const *migration, size_t n);

MT_END_DECLS
#endif
