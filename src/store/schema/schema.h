/* The tables of the store, as numbered steps forward.
 *
 * Purpose   A store knows the number of the last migration it has seen; opening it runs the newer ones, each
 *           in one transaction, after a copy of the embedded file. The texts are C strings, so an installed
 *           program carries them along. A new version is a file vNNN_name.c and a line in MT_MIGRATION_LIST.
 * Shapes    Numbers are 1, 2, 3, … without a gap, the same for every engine. A statement is for all engines,
 *           or for one where they must differ (keys: the embedded engine pays ten times the speed for a key
 *           on a big table). A published migration is never changed.
 */
#ifndef MT_STORE_SCHEMA_H
#define MT_STORE_SCHEMA_H

#include "base/attr.h"

MT_BEGIN_DECLS

typedef struct mt_migration_step {
    const char *engine; /* NULL: every engine; else the backend's name */
    const char *sql;    /* one statement; NULL ends the list */
} mt_migration_step;

typedef struct mt_migration {
    int number;
    const char *name;
    const mt_migration_step *step;
} mt_migration;

/* clang-format off */
#define MT_MIGRATION_LIST(X) \
    X(mt_migration_001) X(mt_migration_002) X(mt_migration_003) X(mt_migration_004) X(mt_migration_005)
/* clang-format on */

#define MT_MIGRATION_DECLARE(symbol) extern const mt_migration symbol;
MT_MIGRATION_LIST(MT_MIGRATION_DECLARE)
#undef MT_MIGRATION_DECLARE

MT_END_DECLS
#endif
