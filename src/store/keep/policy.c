/* How long values of series and rows of growing tables are kept, as the store remembers it. */
#include "store/keep/policy.h"

#include "base/rows/table.h"
#include "store/keep/old_rows.h"

#include <string.h>

#define KEEP_MAX_US (1000 * 366 * MT_US_DAY)

static const char *word(const char *text)
{
    return text ? text : "";
}

static mt_code check(mt_ctx *cx, const mt_policy *policy)
{
    if (!policy->kind || !*policy->kind)
        return mt_fail(cx, MT_E_INPUT, "a policy needs a kind, as in production or dead_letter");
    if (policy->keep_us <= 0 || policy->keep_us > KEEP_MAX_US)
        return mt_fail(cx, MT_E_INPUT, "%s: what is kept must span more than nothing and at most 1000 years",
                       policy->kind);
    if (policy->rollup_step_us < 0 || policy->rollup_step_us > KEEP_MAX_US)
        return mt_fail(cx, MT_E_INPUT, "%s: a step to roll up to must be longer than nothing, as in 1h",
                       policy->kind);
    return mt_old_rows_check(cx, policy);
}

static mt_code store_policy(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_policy *p = arg;
    const mt_param param[] = {mt_param_text(p->kind),          mt_param_text(word(p->source)),
                              mt_param_text(word(p->area)),    mt_param_int(p->keep_us),
                              mt_param_int(p->rollup_step_us), mt_param_time(mt_tx_now(tx))};
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO policy (kind, source, area, keep_us, rollup_step_us, created_at) VALUES "
                      "($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, source, area) DO UPDATE SET keep_us = "
                      "excluded.keep_us, rollup_step_us = excluded.rollup_step_us, created_at = "
                      "excluded.created_at",
                      param, 6);
}

mt_code mt_policy_set(mt_ctx *cx, mt_store *store, const mt_policy *policy)
{
    MT_TRY(check(cx, policy));
    return mt_store_write(cx, store, store_policy, (void *)(uintptr_t)policy);
}

static mt_code remove_policy(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_policy *p = arg;
    uint64_t removed = 0;
    const mt_param param[] = {mt_param_text(p->kind), mt_param_text(word(p->source)),
                              mt_param_text(word(p->area))};
    MT_TRY(mt_tx_exec(cx, tx, &removed, "DELETE FROM policy WHERE kind = $1 AND source = $2 AND area = $3",
                      param, 3));
    if (removed) return MT_OK;
    return mt_fail(cx, MT_E_ABSENT,
                   "there is no policy for kind %s, source '%s', area '%s'; merit store policies lists them",
                   p->kind, word(p->source), word(p->area));
}

mt_code mt_policy_remove(mt_ctx *cx, mt_store *store, const mt_policy *policy)
{
    if (!policy->kind) return mt_fail(cx, MT_E_INPUT, "name the kind whose policy is to be removed");
    return mt_store_write(cx, store, remove_policy, (void *)(uintptr_t)policy);
}

mt_code mt_policy_list(mt_ctx *cx, mt_policy **out, size_t *n, mt_store *store)
{
    mt_sink *sink;
    mt_table *table;
    mt_policy *policy;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code =
        mt_store_query(cx, store,
                       "SELECT kind, source, area, keep_us, rollup_step_us, created_at FROM policy "
                       "ORDER BY kind NULLS LAST, source NULLS LAST, area NULLS LAST",
                       NULL, 0, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    MT_TRY(MT_NEW(cx, &policy, table->n + 1));
    for (size_t k = 0; k < table->n; k++) {
        MT_TRY(mt_text_copy(cx, &policy[k].kind, mt_table_get(table, k, 0).as.text));
        MT_TRY(mt_text_copy(cx, &policy[k].source, mt_table_get(table, k, 1).as.text));
        MT_TRY(mt_text_copy(cx, &policy[k].area, mt_table_get(table, k, 2).as.text));
        policy[k].keep_us = mt_table_get(table, k, 3).as.integer;
        policy[k].rollup_step_us = mt_table_get(table, k, 4).as.integer;
        policy[k].created_at = mt_table_get(table, k, 5).as.integer;
    }
    *out = policy;
    *n = table->n;
    return MT_OK;
}

static bool fits(const char *wanted, const char *given)
{
    return !*wanted || strcmp(wanted, given) == 0;
}

const mt_policy *mt_policy_for(const mt_policy *policy, size_t n, const char *kind, const char *source,
                               const char *area)
{
    const mt_policy *best = NULL;
    int best_rank = -1;
    for (size_t k = 0; k < n; k++) {
        const mt_policy *p = &policy[k];
        int rank = 2 * (*p->source != 0) + (*p->area != 0);
        if (strcmp(p->kind, kind) != 0 || !fits(p->source, source) || !fits(p->area, area)) continue;
        if (rank > best_rank) best = p;
        if (rank > best_rank) best_rank = rank;
    }
    return best;
}
