/* Questions about chosen series: rows are asked for by number, names are put beside them afterwards.
 *
 * Purpose   What the readings of series_store.h share. Five texts a row cost the engine more than the rest of
 *           the row; here they are looked up once a series.
 * Shapes    A question's text gives place, then its own columns; the sink gets kind, area, detail, unit,
 *           source, step_us, then these. The places 1, 2, … are those of the chosen series in the order of
 *           kind, area, detail, source, unit, step_us.
 * Threads   One connection, one state of the store for names and rows.
 */
#ifndef MT_STORE_DATA_SERIES_READ_H
#define MT_STORE_DATA_SERIES_READ_H

#include "base/rows/table.h"
#include "store/data/series_store.h"
#include "store/inside.h"

MT_BEGIN_DECLS

enum { MT_SERIES_PARAMS = 16 };

/* The parts that the text of a question is made of; each has its parameters in `param`. */
typedef struct mt_series_question {
    mt_param param[MT_SERIES_PARAMS];
    size_t n;
    size_t as_of;        /* number of its parameter; 0: what stands */
    const char *chosen;  /* a relation of id and place */
    const char *between; /* " AND o.start >= $1 …" */
    const char *known;   /* " AND o.known_at <= $3"; "" without as_of */
    const char *member;  /* " AND o.series_id IN (…)"; "" when all series are asked for */
} mt_series_question;

/* Writes the SQL from the parts; `arg` is the asker's. */
typedef mt_code mt_series_text_fn(mt_ctx *cx, const char **sql, const mt_series_question *question,
                                  const void *arg);

typedef struct mt_series_asking {
    mt_series_text_fn *text;
    const void *arg;
    int64_t fold_us; /* 0: the rows as they come; else the text gives series_id, start, value, and the sink
                      * gets what series_fold.h makes of them */
    const struct mt_series_asking *otherwise; /* where that would be too much */
} mt_series_asking;

MT_MUST_USE mt_code mt_series_ask(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                                  const mt_series_asking *asking, mt_sink *sink);

MT_END_DECLS
#endif
