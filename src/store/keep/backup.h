/* A whole store as a folder of files, and back: into the same engine or another.
 *
 * Purpose   Backups, moves from the embedded store to a server and back, and the proof that nothing is
 *           missing.
 * Shapes    FOLDER/TABLE.parquet for each table, and FOLDER/manifest.json, written last: a folder without it
 *           is no backup. Rows are those of one moment. Each table's number of rows and sum (sum.h) stand in
 *           the manifest.
 * Errors    MT_E_CONFLICT  the folder holds something already; the store is not empty; the backup is of
 *           another version of the tables (which is named);  MT_E_ABSENT  no manifest;  MT_E_INPUT  a file is
 *           damaged: its rows are not those of the manifest.
 * Ownership The list lives in cx.
 * Cost      One pass over every table; on restore everything is staged and committed in one transaction.
 */
#ifndef MT_STORE_KEEP_BACKUP_H
#define MT_STORE_KEEP_BACKUP_H

#include "store/keep/sum.h"
#include "store/parquet/parquet.h"
#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_kept_table {
    const char *name;
    mt_table_sum sum;      /* of the rows that were read now */
    mt_table_sum expected; /* of the manifest; rows UINT64_MAX: there is none */
    const char *fault;     /* why its file could not be read to the end; NULL: it could */
} mt_kept_table;

typedef struct mt_kept {
    int64_t version; /* of the tables */
    const char *engine;
    mt_time made_at;
    mt_kept_table *table;
    size_t n;
} mt_kept;

/* `folder` is made; it may be there when it is empty. */
MT_MUST_USE mt_code mt_backup_write(mt_ctx *cx, mt_kept *out, mt_store *store, mt_engine *engine,
                                    const char *folder);

/* Reads every file again. A table that differs or cannot be read is no error here: see mt_kept_equal. */
MT_MUST_USE mt_code mt_backup_read(mt_ctx *cx, mt_kept *out, mt_engine *engine, const char *folder);

/* Into a store without rows; everything or nothing. */
MT_MUST_USE mt_code mt_backup_restore(mt_ctx *cx, mt_kept *out, mt_store *store, mt_engine *engine,
                                      const char *folder);

/* The store's own tables, in one state. */
MT_MUST_USE mt_code mt_store_sums(mt_ctx *cx, mt_kept *out, mt_store *store);

static inline bool mt_kept_equal(const mt_kept_table *table)
{
    bool same = table->sum.rows == table->expected.rows && table->sum.sum == table->expected.sum;
    return same && !table->fault;
}

MT_END_DECLS
#endif
