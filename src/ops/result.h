/* A result on its way out: the sink for a format at a destination.
 *
 * Purpose   The command line and the pipeline name a format and a place; this room puts the right sink there.
 * Shapes    Formats table, json, ndjson, csv, parquet, xlsx. A file's ending names its format.
 * Errors    MT_E_INPUT  an unknown ending (with the known ones), a binary format on a terminal.
 * Ownership mt_result_open/_close; the sink is borrowed from the result. Close with the code the operation
 * ended with:
 *           anything but MT_OK and MT_FINDINGS leaves no file behind, and ends a half-sent NDJSON with an
 *           error line.
 */
#ifndef MT_OPS_RESULT_H
#define MT_OPS_RESULT_H

#include "ops/world.h"

MT_BEGIN_DECLS

/* X(symbol, name, file ending) */
#define MT_FORMAT_LIST(X)                                                                                    \
    X(MT_FORMAT_TABLE, "table", ".txt")                                                                      \
    X(MT_FORMAT_JSON, "json", ".json")                                                                       \
    X(MT_FORMAT_NDJSON, "ndjson", ".ndjson")                                                                 \
    X(MT_FORMAT_CSV, "csv", ".csv")                                                                          \
    X(MT_FORMAT_PARQUET, "parquet", ".parquet")                                                              \
    X(MT_FORMAT_XLSX, "xlsx", ".xlsx")

#define MT_FORMAT_SYMBOL(symbol, name, ending) symbol,
typedef enum mt_format { MT_FORMAT_LIST(MT_FORMAT_SYMBOL) MT_FORMAT_COUNT } mt_format;
#undef MT_FORMAT_SYMBOL

extern const char *const mt_format_name[MT_FORMAT_COUNT + 1]; /* ends with NULL, for a CHOICE field */

MT_MUST_USE mt_code mt_format_of_path(mt_ctx *cx, mt_format *out, const char *path);

typedef struct mt_result_place {
    mt_format format;
    const char *path; /* NULL: the descriptor */
    int fd;
    int head_fd; /* where the head goes beside a table or CSV; -1: dropped */
    int width;   /* columns of the terminal; 0: no limit */
    bool colour;
    bool utf8;
    bool live; /* rows leave as they come; text formats */
} mt_result_place;

typedef struct mt_result mt_result;

MT_MUST_USE mt_code mt_result_open(mt_ctx *cx, const mt_world *world, mt_result **out,
                                   const mt_result_place *place);
mt_sink *mt_result_sink(mt_result *result);
void mt_result_close(mt_result *result, mt_code ended); /* NULL allowed */

MT_END_DECLS
#endif
