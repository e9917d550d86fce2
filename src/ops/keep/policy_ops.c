/* Operations that keep a store small: store.policies, store.policy, store.tend. */
#include "base/rows/emit.h"
#include "ops/world.h"
#include "store/keep/policy.h"
#include "store/keep/tend.h"

struct policy_args {
    const char *kind, *source, *area;
    mt_time keep, roll_up;
    bool drop, remove;
};

struct policy_row {
    const char *kind, *source, *area;
    mt_time keep, roll_up, created_at;
};

static const mt_field policy_col[] = {
    {.name = "kind", MT_TEXT_AT(policy_row, kind), .doc = "kind of values, or a table"},
    {.name = "source", MT_TEXT_AT(policy_row, source), .doc = "only of this source; empty: of all"},
    {.name = "area", MT_TEXT_AT(policy_row, area), .doc = "only of this area; empty: of all"},
    {.name = "keep", MT_SPAN_AT(policy_row, keep), .doc = "how long values stay as they are"},
    {.name = "roll_up",
     MT_SPAN_AT(policy_row, roll_up),
     .doc = "step that older values are brought to; empty: they are removed"},
    {.name = "created_at", MT_TIME_AT(policy_row, created_at), .doc = "when it was set, UTC"},
    {.name = NULL}};

static mt_code emit_policies(mt_ctx *cx, const char *name, mt_store *store, mt_sink *out)
{
    mt_emit *emit;
    mt_policy *policy;
    size_t n;
    MT_TRY(mt_policy_list(cx, &policy, &n, store));
    MT_TRY(mt_emit_begin(cx, &emit, out, name, policy_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const mt_policy *p = &policy[k];
        const struct policy_row row = {
            .kind = p->kind,
            .source = *p->source ? p->source : NULL,
            .area = *p->area ? p->area : NULL,
            .keep = p->keep_us,
            .roll_up = p->rollup_step_us ? p->rollup_step_us : INT64_MIN,
            .created_at = p->created_at,
        };
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code policies_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_store *store;
    (void)args;
    MT_TRY(mt_world_store(cx, world, &store));
    return emit_policies(cx, "store.policies", store, out);
}

const mt_op mt_op_store_policies = {
    .name = "store.policies",
    .summary = "how long values and rows are kept, and what becomes of the older ones",
    .doc = "`merit store policy` sets and removes them, `merit store tend` applies them.",
    .example = "",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .col = policy_col,
    .run = policies_run,
};

static const mt_field policy_arg[] = {
    {.name = "kind",
     MT_TEXT_AT(policy_args, kind),
     .required = true,
     .doc = "production, spot_price, …; or the table dead_letter, observation_quarantine, pipeline_run, "
            "live_order, live_clearing"},
    {.name = "source",
     MT_TEXT_AT(policy_args, source),
     .doc = "only of this source (of a table: its stream, pipeline or topic); without: of all"},
    {.name = "area", MT_TEXT_AT(policy_args, area), .doc = "only of this area; without: of all"},
    {.name = "keep", MT_SPAN_AT(policy_args, keep), .doc = "how long values stay as they are, as in 90d"},
    {.name = "roll_up",
     MT_SPAN_AT(policy_args, roll_up),
     .doc = "step that older values are brought to, as in 1h; a multiple of their own"},
    {.name = "drop", MT_BOOL_AT(policy_args, drop), .doc = "older values are removed"},
    {.name = "remove", MT_BOOL_AT(policy_args, remove), .doc = "forget this policy; its values stay"},
    {.name = NULL}};

static mt_code check_policy(mt_ctx *cx, const struct policy_args *a)
{
    bool keep = a->keep != INT64_MIN, roll_up = a->roll_up != INT64_MIN;
    if (a->remove && !keep && !roll_up && !a->drop) return MT_OK;
    if (a->remove)
        return mt_fail(cx, MT_E_INPUT, "--remove stands alone: leave out --keep, --roll-up and --drop");
    if (!keep) return mt_fail(cx, MT_E_INPUT, "say how long values are kept, as in --keep 90d");
    if (roll_up == a->drop)
        return mt_fail(cx, MT_E_INPUT,
                       "say what becomes of older values: either --roll-up with a step, as in 1h, or --drop");
    if (roll_up && a->roll_up <= 0)
        return mt_fail(cx, MT_E_INPUT, "--roll-up needs a step longer than nothing, as in 1h");
    return MT_OK;
}

static mt_code policy_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct policy_args *a = args;
    const mt_policy policy = {.kind = a->kind,
                              .source = a->source,
                              .area = a->area,
                              .keep_us = a->keep,
                              .rollup_step_us = a->drop ? 0 : a->roll_up};
    mt_store *store;
    MT_TRY(check_policy(cx, a));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(a->remove ? mt_policy_remove(cx, store, &policy) : mt_policy_set(cx, store, &policy));
    return emit_policies(cx, "store.policy", store, out);
}

const mt_op mt_op_store_policy = {
    .name = "store.policy",
    .summary = "set, replace or remove how long values or rows are kept; then list all",
    .doc = "One policy for a kind, a source and an area; of several that fit a series the one that "
           "names source and area counts, then the source, then the area, then the kind alone. Nothing"
           " changes until `merit store tend` is run, by hand or from a schedule.",
    .example = "--kind production --keep 90d --roll-up 1h",
    .effect = MT_WRITE,
    .role = MT_ADMIN,
    .args_size = sizeof(struct policy_args),
    .arg = policy_arg,
    .col = policy_col,
    .run = policy_run,
};

struct tend_args {
    bool dry_run;
};

struct tended_row {
    const char *kind, *area, *detail, *source;
    mt_time step, to_step;
    int64_t rolled, written, removed, left;
    mt_time from, to;
    const char *note;
};

static const mt_field tend_arg[] = {
    {.name = "dry_run", MT_BOOL_AT(tend_args, dry_run), .doc = "change nothing, show what would be done"},
    {.name = NULL}};

static const mt_field tended_col[] = {
    {.name = "kind", MT_TEXT_AT(tended_row, kind), .doc = "of the series, or a table"},
    {.name = "area", MT_TEXT_AT(tended_row, area), .doc = "of the series"},
    {.name = "detail", MT_TEXT_AT(tended_row, detail), .doc = "of the series"},
    {.name = "source", MT_TEXT_AT(tended_row, source), .doc = "of the series; of a table: of the policy"},
    {.name = "step", MT_SPAN_AT(tended_row, step), .doc = "of its values"},
    {.name = "to_step", MT_SPAN_AT(tended_row, to_step), .doc = "they were brought to; empty: removed"},
    {.name = "rolled",
     MT_INT_AT(tended_row, rolled),
     .unit = MT_UNIT_COUNT,
     .doc = "values that went into coarser ones, or away"},
    {.name = "written",
     MT_INT_AT(tended_row, written),
     .unit = MT_UNIT_COUNT,
     .doc = "coarser values, new or changed"},
    {.name = "removed",
     MT_INT_AT(tended_row, removed),
     .unit = MT_UNIT_COUNT,
     .doc = "rows: values and what was known before, or rows of a table"},
    {.name = "left",
     MT_INT_AT(tended_row, left),
     .unit = MT_UNIT_COUNT,
     .doc = "values that stay because a coarser one stands that is not theirs alone"},
    {.name = "from", MT_TIME_AT(tended_row, from), .doc = "start of the oldest, UTC"},
    {.name = "to", MT_TIME_AT(tended_row, to), .doc = "end of the newest; of a table: its bound; UTC"},
    {.name = "note", MT_TEXT_AT(tended_row, note), .doc = "why nothing was done"},
    {.name = NULL}};

static mt_code emit_tended(mt_ctx *cx, const mt_tended *tended, size_t n, mt_sink *out)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, out, "store.tend", tended_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const mt_tended *t = &tended[k];
        const struct tended_row row = {
            .kind = t->kind,
            .area = t->area,
            .detail = t->detail,
            .source = t->source,
            .step = t->step,
            .to_step = t->to_step,
            .rolled = (int64_t)t->done.rolled,
            .written = (int64_t)t->done.written,
            .removed = (int64_t)t->done.removed,
            .left = (int64_t)t->done.left,
            .from = t->from,
            .to = t->to,
            .note = t->refused,
        };
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code tend_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct tend_args *a = args;
    mt_store *store;
    mt_tended *tended;
    size_t n, refused = 0;
    uint64_t removed = 0;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_tend(cx, &tended, &n, store, mt_world_now(world), a->dry_run));
    for (size_t k = 0; k < n; k++) refused += tended[k].refused != NULL;
    for (size_t k = 0; k < n; k++) removed += tended[k].done.removed;
    if (removed && !a->dry_run) mt_world_changed(world);
    MT_TRY(emit_tended(cx, tended, n, out));
    return refused ? MT_FINDINGS : MT_OK;
}

const mt_op mt_op_store_tend = {
    .name = "store.tend",
    .summary = "apply the policies: older values become coarser or go, older rows go",
    .doc = "Values older than their policy keeps are brought to its step (sums of energy, means of "
           "prices, last of rates), in buckets that are multiples of the step in UTC; a bucket that is"
           " partly newer stays. The coarser value carries how many values it is made of, their least "
           "and greatest. It may be stopped at any time and run again: each window of thirty days of a"
           " series is one transaction, and nothing is removed before its coarser value stands. Run "
           "again it changes nothing. Values that arrive after their bucket was rolled up stay beside "
           "it and are counted as left, unless the whole bucket came again. Exit status 7 when a "
           "series was refused because its step does not divide the coarser one. What was known when "
           "is kept for the coarser values from then on, not for those that went.",
    .example = "--dry-run",
    .effect = MT_WRITE,
    .role = MT_ADMIN,
    .args_size = sizeof(struct tend_args),
    .arg = tend_arg,
    .col = tended_col,
    .run = tend_run,
};
