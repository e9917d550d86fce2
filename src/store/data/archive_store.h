/* Delivered files, kept byte by byte: put in whole, taken out again as they were known at a moment.
 *
 * Purpose   What was settled can be settled again from exactly the files that were there.
 * Shapes    Table `desk_file`: an entry for each name and moment (unique by both). Table `desk_file_part`:
 *           the bytes of each digest once, in parts of MT_ARCHIVE_PART bytes, each a zstd frame as base64. Of
 *           one name the entry known last counts; the same bytes again make no entry, other bytes (also those
 *           of an earlier entry) a newer one.
 * Time      known_at: given, or the store's clock; entries of one name differ by at least a microsecond.
 * Errors    MT_E_IO        a file cannot be read or written, or stored bytes are damaged;
 *           MT_E_INPUT     a name that leads out of the folder;
 *           MT_E_CONFLICT  a file changed while it was read.
 * Ownership Results live in cx.
 * Cost      A file is read twice (digest, then bytes), 16 MiB of parts a transaction; of a large file the
 *           entry comes with the last, so a file is there whole or not at all. Taking out asks for at most
 *           32 MiB at a time. A call that fails keeps the files before. Measured, embedded, with bytes that
 *           do not pack: 25 MB/s in, 100 MB/s out. Larger parts would exhaust the engine's memory when it
 *           writes its file.
 */
#ifndef MT_STORE_DATA_ARCHIVE_STORE_H
#define MT_STORE_DATA_ARCHIVE_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

enum { MT_ARCHIVE_PART = 48 << 10 }; /* plain bytes; as text below the 256 KiB of an engine's block */

/* X(symbol, word) */
#define MT_ARCHIVE_FATE_LIST(X)                                                                              \
    X(MT_ARCHIVE_NEW, "new")                                                                                 \
    X(MT_ARCHIVE_KNOWN, "known")                                                                             \
    X(MT_ARCHIVE_CHANGED, "changed")
#define MT_ARCHIVE_FATE_SYMBOL(symbol, word) symbol,
typedef enum mt_archive_fate {
    MT_ARCHIVE_FATE_LIST(MT_ARCHIVE_FATE_SYMBOL) MT_ARCHIVE_FATES
} mt_archive_fate;
#undef MT_ARCHIVE_FATE_SYMBOL

extern const char *const mt_archive_fate_word[]; /* by fate, ending with NULL */

typedef struct mt_archive_file {
    const char *name; /* below the folder: "crm/asset_contracts_20250608_043000.csv" */
    const char *kind;
    const char *sha256; /* 64 digits */
    int64_t bytes;
    mt_time version; /* the moment in its name; MT_TIME_NONE: none */
    mt_day day;      /* the day in its name; MT_DAY_NONE: none */
    mt_time known_at;
} mt_archive_file;

/* A file to be put in: of `file` name, kind, version and day are given, the rest is found. */
typedef struct mt_archive_given {
    const char *path;
    mt_archive_file file;
    mt_archive_fate fate; /* on return */
} mt_archive_given;

/* known_at MT_TIME_NONE: now. Files that are known keep the moment they have. */
MT_MUST_USE mt_code mt_archive_store_put(mt_ctx *cx, mt_store *store, mt_archive_given *given, size_t n,
                                         mt_time known_at);

/* The entries that count at a moment (MT_TIME_NONE: now), by name. */
MT_MUST_USE mt_code mt_archive_store_list(mt_ctx *cx, mt_store *store, const mt_archive_file **out, size_t *n,
                                          mt_time as_of);

/* All entries, by name and moment. */
MT_MUST_USE mt_code mt_archive_store_history(mt_ctx *cx, mt_store *store, const mt_archive_file **out,
                                             size_t *n);

/* Writes those files below `folder` (which exists), with known_at as the moment of their last change. */
MT_MUST_USE mt_code mt_archive_store_unpack(mt_ctx *cx, mt_store *store, const mt_archive_file *file,
                                            size_t n, const char *folder);

MT_END_DECLS
#endif
