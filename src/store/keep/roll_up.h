/* The values of one series between two moments, brought to a coarser step and removed, in one transaction.
 *
 * Purpose   A policy is applied window by window, so that it can be stopped anywhere and go on later. Nothing
 *           is removed before its coarser value stands in the same transaction.
 * Units     As the series; sums, means or last values by mt_kind_fold, sums compensated (Neumaier), so that
 *           energy is conserved to a double's rounding. A series has one step, so its mean needs no weights.
 * Shapes    A bucket is a multiple of the coarser step, counted from 1970-01-01T00Z. Missing values are
 *           passed over; payload {"n": of values, "min", "max"}; a bucket of missing values alone gives a
 *           missing value with n 0. known_at is the latest of the bucket. The coarser series has the same
 *           name.
 * Errors    MT_E_CONFLICT  somebody wrote values meanwhile;  what the store says. Then nothing has changed.
 * Left      A bucket stays as it is where a coarser value stands already that no roll-up made, or one that
 *           more values went into (some came late): neither can be told from the values that are there.
 */
#ifndef MT_STORE_KEEP_ROLL_UP_H
#define MT_STORE_KEEP_ROLL_UP_H

#include "store/store.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

typedef struct mt_roll {
    int64_t id;
    mt_observation name; /* kind, area, detail, unit, source, step */
    mt_time to_step;     /* 0: values are removed */
} mt_roll;

typedef struct mt_rolled {
    uint64_t rolled;  /* values that went into coarser ones, or away */
    uint64_t written; /* coarser values, new or changed */
    uint64_t removed; /* rows: values and what was known before */
    uint64_t left;    /* values in buckets that stay */
} mt_rolled;

/* from and to: multiples of to_step. `dry`: counts what would be done. */
MT_MUST_USE mt_code mt_roll_up(mt_ctx *cx, mt_rolled *out, mt_store *store, const mt_roll *roll, mt_time from,
                               mt_time to, bool dry);

MT_END_DECLS
#endif
