/* Names of series as rows give them, turned into ids.
 *
 * Purpose   A row names its series by five texts and a step; the store knows it by a number. A sink asks here
 *           once a row and learns at the end which series it has met.
 * Shapes    `text` in the order kind, area, detail, unit, source; none is missing. Two names of one id are
 *           MT_E_CONFLICT.
 * Ownership mt_series_names_open/_close; names that were met are copied.
 * Cost      Texts at the same addresses as before in this chunk: a comparison of addresses. Else a look-up by
 *           content; a digest only for a name that is new here.
 */
#ifndef MT_STORE_DATA_SERIES_NAME_H
#define MT_STORE_DATA_SERIES_NAME_H

#include "store/store.h"

MT_BEGIN_DECLS

enum { MT_SERIES_TEXTS = 5 };

typedef struct mt_series_name {
    mt_text text[MT_SERIES_TEXTS];
    int64_t step_us;
} mt_series_name;

typedef struct mt_series_met {
    mt_series_name name;
    int64_t id;
} mt_series_met;

typedef struct mt_series_names mt_series_names;

MT_MUST_USE mt_code mt_series_names_open(mt_ctx *cx, mt_series_names **out);
void mt_series_names_close(mt_series_names *names); /* NULL allowed */

/* A new chunk: addresses of the last one mean nothing any more. */
void mt_series_names_turn(mt_series_names *names);

MT_MUST_USE mt_code mt_series_names_id(mt_ctx *cx, mt_series_names *names, int64_t *id,
                                       const mt_series_name *name);

/* What was met so far, in order of appearance; valid until the next _id. */
const mt_series_met *mt_series_names_met(const mt_series_names *names, size_t *n);

/* 63 bits of the digest (crypto/hash.h) of the texts, each with a zero byte after it, and of the step. */
int64_t mt_series_name_id(const mt_series_name *name);

MT_END_DECLS
#endif
