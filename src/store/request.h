/* What is asked of a store: how to open it, values bound to a statement, and rows to be merged into a table.
 *
 * Purpose   The words that the door (store.h) and the backends (backend.h) share.
 * Missing   A parameter whose value is not present is NULL. In columns NaN becomes NULL; text with a zero
 *           byte or bytes that are not UTF-8 is refused with MT_E_INPUT, because not every engine can hold
 *           it.
 */
#ifndef MT_STORE_REQUEST_H
#define MT_STORE_REQUEST_H

#include <math.h>
#include <string.h>

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef mt_time mt_clock_fn(void *arg); /* microseconds UTC */

typedef struct mt_store_options {
    size_t size;           /* sizeof(mt_store_options), so that the struct may grow */
    const char *url;       /* "duckdb:PATH", "duckdb::memory:", "postgres://…" */
    bool read_only;        /* nothing is created or written; several processes may read an embedded store */
    int64_t wait_us;       /* for a store that another process holds; 0: 10 s, negative: not at all */
    int threads;           /* of the embedded engine; 0: 2 */
    uint64_t memory_bytes; /* limit of the embedded engine; 0: 1 GiB */
    const char *temp_dir;  /* spools and spills; NULL: /tmp, but an embedded file spills beside itself */
    const char *library;   /* path of the embedded engine's library; NULL: looked for as duckdb/api.h says */
    int queue_max;         /* writes that may wait; 0: 1024 */
    mt_clock_fn *now;      /* for the moments that are stored; NULL: the system's clock */
    void *now_arg;
} mt_store_options;

/* A value for $1, $2, … of a statement. */
typedef struct mt_param {
    mt_type type;
    mt_value value;
} mt_param;

static inline mt_param mt_param_null(mt_type type)
{
    mt_param param;
    memset(&param, 0, sizeof param);
    param.type = type;
    return param;
}

/* Exactly this number, INT64_MIN included. */
static inline mt_param mt_param_int(int64_t value)
{
    mt_param param = mt_param_null(MT_INT);
    param.value.present = true;
    param.value.as.integer = value;
    return param;
}

static inline mt_param mt_param_bool(bool value)
{
    mt_param param = mt_param_null(MT_BOOL);
    param.value.present = true;
    param.value.as.boolean = value;
    return param;
}

/* NaN is NULL. */
static inline mt_param mt_param_real(double value)
{
    mt_param param = mt_param_null(MT_REAL);
    param.value.present = !isnan(value);
    param.value.as.real = value;
    return param;
}

/* MT_TIME_NONE is NULL. */
static inline mt_param mt_param_time(mt_time value)
{
    mt_param param = mt_param_null(MT_TIME);
    param.value.present = value != MT_TIME_NONE;
    param.value.as.integer = value;
    return param;
}

/* Borrowed; a missing text is NULL. */
static inline mt_param mt_param_text_of(mt_text value)
{
    mt_param param = mt_param_null(MT_TEXT);
    param.value.present = value.at != NULL;
    param.value.as.text = value;
    return param;
}

static inline mt_param mt_param_text(const char *value)
{
    mt_text text = {value, value ? strlen(value) : 0};
    return mt_param_text_of(text);
}

/* A column that has the same value in every row of a batch. */
typedef struct mt_fixed {
    const char *column;
    mt_param value; /* present */
} mt_fixed;

/* How rows find their place in a table. Lists of names end with NULL; all names are columns of the table. */
typedef struct mt_merge_plan {
    const char *table;
    const char *const *key; /* identify a row, with the fixed columns or without; never missing in a row */
    const char *const
        *range; /* the merge looks only at stored rows between the batch's least and greatest of these;
                               * columns along which the table grows; a subset of the key; may be NULL */
    const mt_fixed *fixed;
    size_t n_fixed;
    bool distinct; /* the caller promises that no key comes twice; else the last row of a key counts */
    bool replace;  /* stored rows with the fixed values that the batch does not name are removed */
    bool constant; /* a stored row never changes: rows that would change one are MT_E_CONFLICT */
    /* Revisions. Of the values that a key has had, in the order of `version`, runs of equal ones are kept
     * once, with their first version; the last run stands in the table, the others in `history`, which has
     * the table's columns and is unique by key and version. So an equal value changes nothing, an older one
     * goes to the history only, a newer one sends there what stood; rows merged once more, in any batches
     * and any order, change nothing, and rows with different versions end the same in any order.
     *   Of two values with one version the later to arrive stands, in a batch the later row. It is stored one
     * microsecond behind the other (a third one two behind); a version that this meets moves behind it. So
     * versions that follow each other by a microsecond each count as one moment, and the last one's place is
     * the end of all; give moments that are to be told apart more than that.
     *   A row is a repetition, and dropped, when its moment is stored and has its value already, or had it
     * just before; but in a batch no row is one that comes behind a new value of its moment.
     *   What leaves no trace cannot be recognised: a value that returns to an earlier one (10, 20, 10) and
     * arrives before the one between is taken for a repetition of the first; so is one that returns within
     * its moment, or to what counted before it, in a later batch. Where a late row put another value just
     * before a moment, a repetition of the value that counted there is taken for a new one.
     *   `range` also bounds the history. Rows bring every column of the table; no fixed columns, no
     * `replace`. */
    const char *version; /* the column, of moments; never missing in a row; NULL: no revisions */
    const char *history; /* the table */
    /* Columns that a revision carries along but that make none; ends with NULL; NULL: there are none. */
    const char *const *quiet;
} mt_merge_plan;

/* What a merge did; given = added + changed + unchanged. */
typedef struct mt_merge_counts {
    uint64_t given;
    uint64_t added;
    uint64_t changed;
    uint64_t unchanged; /* stored already, given twice, or known before what stands */
    uint64_t removed;
    uint64_t kept; /* rows new in the history; counted beside the others */
} mt_merge_counts;

MT_END_DECLS
#endif
