/* Documents of account, put: ranges are locked, drafts judged one after another, and the new ones stored. */
#include "base/rows/emit.h"
#include "store/data/document_row.h"

#include <inttypes.h>
#include <stdlib.h>

/* A range whose numbers this transaction may take. */
struct range {
    const char *issuer;
    int year;
    mt_document_kind kind;
    int64_t last, stored;
};

/* What there is of one issuer, contract, period and kind. */
struct place {
    const mt_document_draft *key;
    int64_t version;          /* the highest; 0: none */
    mt_document_put standing; /* number NULL: none */
    const char *digest;       /* of the standing one */
    struct place *next;       /* of the same contract and kind */
};

/* The places of one contract and kind, of all issuers. */
struct account {
    const mt_document_draft *key; /* NULL: free */
    struct place *first;
};

struct putting {
    mt_document_put *put;
    const mt_document_draft *draft;
    size_t n;
    mt_document_body_fn *body;
    void *arg;
    struct range *range;
    size_t n_range;
    struct account *account;
    size_t room; /* of accounts, a power of two */
    mt_emit *emit;
    mt_ctx work; /* of one body */
    mt_mark start;
};

static bool is_text(const char *text)
{
    return text && *text;
}

static bool is_issued(const mt_document_row *row)
{
    return strcmp(mt_document_text(row->status), mt_document_status_word[MT_DOCUMENT_ISSUED]) == 0;
}

/* --- ranges ------------------------------------------------------------------------------------------ */

static int compare_ranges(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    int issuer = strcmp(x->issuer, y->issuer);
    if (issuer) return issuer;
    if (x->year != y->year) return x->year < y->year ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static struct range *find_range(const struct putting *p, const mt_document_draft *draft)
{
    int year = mt_day_date(draft->issued).year;
    for (size_t k = 0; k < p->n_range; k++) {
        struct range *r = &p->range[k];
        if (r->year == year && r->kind == draft->kind && strcmp(r->issuer, draft->issuer) == 0) return r;
    }
    return NULL;
}

/* Every range once, in an order that is the same in all processes: so none waits for another in a circle. */
static mt_code list_ranges(mt_ctx *cx, struct putting *p)
{
    MT_TRY(MT_NEW(cx, &p->range, p->n));
    for (size_t k = 0; k < p->n; k++) {
        const mt_document_draft *d = &p->draft[k];
        if (find_range(p, d)) continue;
        p->range[p->n_range++] = (struct range){d->issuer, mt_day_date(d->issued).year, d->kind, 0, 0};
    }
    qsort(p->range, p->n_range, sizeof *p->range, compare_ranges);
    return MT_OK;
}

struct last_row {
    int64_t last_number;
};
static const mt_field last_field[] = {{.name = "last_number", MT_INT_AT(last_row, last_number)},
                                      {.name = NULL}};

/* Held until the transaction ends: who comes second sees what the first has stored. */
static mt_code lock_range(mt_ctx *cx, mt_tx *tx, struct range *range)
{
    struct last_row *row;
    size_t n;
    const mt_param param[] = {mt_param_text(range->issuer), mt_param_int(range->year),
                              mt_param_text(mt_document_name(range->kind))};
    const mt_asked asked = {
        "SELECT last_number FROM document_range WHERE issuer = $1 AND year = $2 AND kind = $3", param, 3};
    MT_TRY(mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO document_range (issuer, year, kind, last_number) VALUES ($1, $2, $3, 0) "
                      "ON CONFLICT (issuer, year, kind) DO NOTHING",
                      param, 3));
    MT_TRY(mt_tx_exec(cx, tx, NULL,
                      "UPDATE document_range SET last_number = last_number WHERE issuer = $1 AND year = $2 "
                      "AND kind = $3",
                      param, 3));
    MT_TRY(mt_answer_read_tx(cx, &row, &n, tx, &asked, last_field, sizeof *row));
    if (n != 1) return mt_fail(cx, MT_E_BUG, "the range of numbers of %s is not there", range->issuer);
    range->last = range->stored = row->last_number;
    return MT_OK;
}

static mt_code save_range(mt_ctx *cx, mt_tx *tx, const struct range *range)
{
    const mt_param param[] = {mt_param_text(range->issuer), mt_param_int(range->year),
                              mt_param_text(mt_document_name(range->kind)), mt_param_int(range->last)};
    if (range->last == range->stored) return MT_OK;
    return mt_tx_exec(cx, tx, NULL,
                      "UPDATE document_range SET last_number = $4 WHERE issuer = $1 AND year = $2 AND "
                      "kind = $3",
                      param, 4);
}

/* --- what stands ------------------------------------------------------------------------------------- */

static uint64_t hash_key(const mt_document_draft *key)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)key->kind;
    for (const char *c = key->contract_id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return hash * UINT64_C(1099511628211);
}

static struct account *find_account(const struct putting *p, const mt_document_draft *key)
{
    for (size_t k = (size_t)(hash_key(key) >> 16) & (p->room - 1);; k = (k + 1) & (p->room - 1)) {
        const mt_document_draft *other = p->account[k].key;
        if (!other || (other->kind == key->kind && strcmp(other->contract_id, key->contract_id) == 0))
            return &p->account[k];
    }
}

static bool same_issuer(const struct place *place, const mt_document_draft *key)
{
    return strcmp(mt_document_text(place->key->issuer), mt_document_text(key->issuer)) == 0;
}

static bool same_days(const struct place *place, const mt_document_draft *key)
{
    return place->key->from == key->from && place->key->until == key->until;
}

/* NULL: there is none. */
static struct place *find_place(const struct putting *p, const mt_document_draft *key)
{
    struct place *place = find_account(p, key)->first;
    while (place && !(same_days(place, key) && same_issuer(place, key))) place = place->next;
    return place;
}

static mt_code make_place(mt_ctx *cx, struct putting *p, const mt_document_draft *key, struct place **out)
{
    struct account *account = find_account(p, key);
    *out = find_place(p, key);
    if (*out) return MT_OK;
    MT_TRY(MT_NEW(cx, out, 1));
    **out = (struct place){.key = key, .next = account->first};
    if (!account->key) account->key = key;
    account->first = *out;
    return MT_OK;
}

/* Versions of a period are counted over all issuers: the table's key has no issuer. */
static int64_t last_version(const struct putting *p, const mt_document_draft *key)
{
    int64_t last = 0;
    for (const struct place *at = find_account(p, key)->first; at; at = at->next)
        if (same_days(at, key) && at->version > last) last = at->version;
    return last;
}

/* A document that stands for some of the draft's days, but not for the same period; NULL: none does. */
static const struct place *find_overlap(const struct putting *p, const mt_document_draft *draft)
{
    for (const struct place *at = find_account(p, draft)->first; at; at = at->next) {
        if (!at->standing.number || same_days(at, draft) || !same_issuer(at, draft)) continue;
        if (at->key->from <= draft->until && draft->from <= at->key->until) return at;
    }
    return NULL;
}

static void note(struct place *place, const mt_document_row *row)
{
    if (row->d.version > place->version) place->version = row->d.version;
    if (!is_issued(row)) return;
    place->standing.number = row->d.number;
    place->standing.version = row->d.version;
    place->digest = row->d.draft.digest;
}

/* All documents that touch the drafts' days, with one question. */
static mt_code list_places(mt_ctx *cx, mt_tx *tx, struct putting *p)
{
    mt_document_row *row;
    size_t n;
    mt_day first = p->draft->from, last = p->draft->until;
    for (size_t k = 0; k < p->n; k++) {
        if (p->draft[k].from < first) first = p->draft[k].from;
        if (p->draft[k].until > last) last = p->draft[k].until;
    }
    const mt_param param[] = {mt_param_day(first), mt_param_day(last)};
    const mt_asked asked = {"SELECT issuer, number, kind, contract_id, period_from, period_until, version, "
                            "status, digest FROM document WHERE period_until >= $1 AND period_from <= $2 "
                            "ORDER BY period_from DESC NULLS LAST, number DESC NULLS LAST",
                            param, 2};
    MT_TRY(mt_answer_read_tx(cx, &row, &n, tx, &asked, mt_document_field, sizeof *row));
    for (p->room = 64; p->room < 2 * (n + p->n);) p->room *= 2;
    MT_TRY(MT_NEW(cx, &p->account, p->room));
    for (size_t k = 0; k < n; k++) {
        struct place *place;
        mt_document_row_finish(&row[k]);
        if (!row[k].d.draft.contract_id) continue;
        MT_TRY(make_place(cx, p, &row[k].d.draft, &place));
        note(place, &row[k]);
    }
    return MT_OK;
}

/* --- cancelling -------------------------------------------------------------------------------------- */

static mt_code check_cancel(mt_ctx *cx, const mt_document_draft *draft, mt_document_row *row, size_t n)
{
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s to be cancelled", draft->cancels);
    mt_document_row_finish(row);
    if (!is_issued(row))
        return mt_fail(cx, MT_E_CONFLICT, "document %s cannot be cancelled: it is %s already", draft->cancels,
                       row->status);
    if (strcmp(mt_document_text(row->d.draft.contract_id), draft->contract_id) == 0) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "document %s is of contract %s and cannot be cancelled for %s",
                   draft->cancels, mt_document_text(row->d.draft.contract_id), draft->contract_id);
}

/* Takes the place of the standing document away. */
static mt_code cancel(mt_ctx *cx, mt_tx *tx, struct putting *p, const mt_document_draft *draft)
{
    mt_document_row *row;
    size_t n;
    uint64_t changed = 0;
    const mt_param param[] = {mt_param_text(draft->issuer), mt_param_text(draft->cancels)};
    MT_TRY(mt_document_row_read(cx, &row, &n, tx, draft->issuer, draft->cancels));
    MT_TRY(check_cancel(cx, draft, row, n));
    MT_TRY(mt_tx_exec(cx, tx, &changed,
                      "UPDATE document SET status = 'cancelled' WHERE issuer = $1 AND number = $2 AND "
                      "status = 'issued'",
                      param, 2));
    if (changed != 1)
        return mt_fail(cx, MT_E_CONFLICT, "document %s was changed by somebody else meanwhile",
                       draft->cancels);
    struct place *place = find_place(p, &row->d.draft);
    if (place) place->standing.number = NULL;
    return MT_OK;
}

/* --- drafts ------------------------------------------------------------------------------------------ */

static const char *const key[] = {"issuer", "number", NULL};
static const mt_merge_plan plan = {.table = "document", .key = key, .distinct = true, .constant = true};

/* The columns that a new document fills; void_reason stays NULL. */
static mt_code begin_rows(mt_ctx *cx, mt_tx *tx, struct putting *p, mt_sink **sink)
{
    mt_field *col;
    size_t made = 0, n = mt_field_count(mt_document_field);
    MT_TRY(MT_NEW(cx, &col, n + 1));
    for (size_t k = 0; k < n; k++)
        if (strcmp(mt_document_field[k].name, "void_reason") != 0) col[made++] = mt_document_field[k];
    MT_TRY(mt_tx_merge(cx, tx, sink, NULL, &plan));
    return mt_emit_begin(cx, &p->emit, *sink, "document", col, NULL, NULL);
}

/* Bodies live in a context of their own, one after another: the rows that are staged keep copies. */
static mt_code write_body(mt_ctx *cx, struct putting *p, size_t k, const char **out)
{
    mt_text body = {NULL, 0};
    mt_arena_reset(&p->work.arena, p->start);
    mt_code code = p->body(&p->work, p->arg, k, p->put[k].number, p->put[k].version, &body);
    if (code == MT_OK && body.at) code = mt_text_copy(&p->work, out, body);
    if (code != MT_OK) return mt_fail(cx, code, "%s", p->work.err);
    return body.at ? MT_OK : mt_fail(cx, MT_E_BUG, "document %s has no body", p->put[k].number);
}

static mt_code store_draft(mt_ctx *cx, mt_tx *tx, struct putting *p, size_t k)
{
    const mt_document_draft *draft = &p->draft[k];
    struct range *range = find_range(p, draft);
    mt_document_put *put = &p->put[k];
    struct place *place;
    const char *body;
    *put = (mt_document_put){MT_DOCUMENT_STORED, NULL, last_version(p, draft) + 1};
    MT_TRY(mt_text_format(cx, &put->number, "%s-%04d-%06" PRId64, mt_document_prefix(draft->kind),
                          range->year, range->last + 1));
    MT_TRY(write_body(cx, p, k, &body));
    mt_document_row row = {.d = {.draft = *draft, .number = put->number, .version = put->version},
                           .kind = mt_document_name(draft->kind),
                           .status = mt_document_status_word[MT_DOCUMENT_ISSUED],
                           .body = body};
    row.d.stored_at = mt_tx_now(tx);
    row.d.draft.asset_id = mt_document_text(draft->asset_id);
    row.d.draft.owner_id = mt_document_text(draft->owner_id);
    MT_TRY(mt_emit_put(p->emit, &row));
    range->last++;
    MT_TRY(make_place(cx, p, draft, &place));
    place->version = put->version;
    place->standing = *put;
    place->digest = draft->digest;
    return MT_OK;
}

/* A cancellation of this contract in the same call: what follows it stands in its place or nothing does. */
static bool follows_cancellation(const struct putting *p, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        if (p->draft[j].cancels && strcmp(p->draft[j].contract_id, p->draft[k].contract_id) == 0) return true;
    }
    return false;
}

static mt_code put_draft(mt_ctx *cx, mt_tx *tx, struct putting *p, size_t k)
{
    const mt_document_draft *draft = &p->draft[k];
    if (draft->cancels) MT_TRY(cancel(cx, tx, p, draft));
    const struct place *place = find_place(p, draft);
    bool stands = place && place->standing.number;
    if (!stands) place = find_overlap(p, draft);
    if (draft->cancels || !place) return store_draft(cx, tx, p, k);
    bool same = stands && draft->digest && strcmp(draft->digest, mt_document_text(place->digest)) == 0;
    if (!same && follows_cancellation(p, k))
        return mt_fail(
            cx, MT_E_CONFLICT,
            "document %s of contract %s was issued meanwhile for some of the corrected days; ask again",
            place->standing.number, draft->contract_id);
    p->put[k] = place->standing;
    p->put[k].fate = same ? MT_DOCUMENT_UNCHANGED : MT_DOCUMENT_DIFFERS;
    return MT_OK;
}

static mt_code put_drafts(mt_ctx *cx, mt_tx *tx, struct putting *p)
{
    mt_sink *sink = NULL;
    mt_ctx_init(&p->work, NULL);
    p->start = mt_arena_mark(&p->work.arena);
    mt_code code = begin_rows(cx, tx, p, &sink);
    for (size_t k = 0; k < p->n && code == MT_OK; k++) code = put_draft(cx, tx, p, k);
    if (code == MT_OK) code = mt_emit_end(p->emit);
    mt_sink_close(sink);
    mt_ctx_close(&p->work);
    return code;
}

/* A merge locks its table until the transaction ends, also one without rows: what stands is looked at under
 * it. The ranges alone would not do: documents of one contract may be issued in different years, and two
 * issuers share the versions of a period. */
static mt_code lock_documents(mt_ctx *cx, mt_tx *tx, struct putting *p)
{
    mt_sink *sink = NULL;
    mt_code code = begin_rows(cx, tx, p, &sink);
    if (code == MT_OK) code = mt_emit_end(p->emit);
    mt_sink_close(sink);
    return code;
}

static mt_code put_all(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct putting *p = arg;
    MT_TRY(lock_documents(cx, tx, p));
    for (size_t k = 0; k < p->n_range; k++) MT_TRY(lock_range(cx, tx, &p->range[k]));
    MT_TRY(list_places(cx, tx, p));
    MT_TRY(put_drafts(cx, tx, p));
    for (size_t k = 0; k < p->n_range; k++) MT_TRY(save_range(cx, tx, &p->range[k]));
    return MT_OK;
}

static mt_code check_draft(mt_ctx *cx, const mt_document_draft *d)
{
    const char *lacks = !is_text(d->issuer)        ? "issuer"
                        : !is_text(d->contract_id) ? "contract"
                        : d->from == MT_DAY_NONE   ? "first day"
                        : d->until == MT_DAY_NONE  ? "last day"
                        : d->issued == MT_DAY_NONE ? "day of issue"
                                                   : NULL;
    if (lacks)
        return mt_fail(cx, MT_E_INPUT, "a document (%s) of contract %s cannot be stored: it has no %s",
                       mt_document_name(d->kind), mt_document_text(d->contract_id), lacks);
    if (d->until >= d->from) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "a document of contract %s ends before it begins", d->contract_id);
}

mt_code mt_document_store_put(mt_ctx *cx, mt_store *store, mt_document_put *put,
                              const mt_document_draft *draft, size_t n, mt_document_body_fn *body, void *arg)
{
    struct putting p = {.draft = draft, .n = n, .body = body, .arg = arg};
    for (size_t k = 0; k < n; k++) MT_TRY(check_draft(cx, &draft[k]));
    if (!n) return MT_OK;
    MT_TRY(MT_NEW(cx, &p.put, n));
    MT_TRY(list_ranges(cx, &p));
    MT_TRY(mt_store_write(cx, store, put_all, &p));
    memcpy(put, p.put, n * sizeof *put);
    return MT_OK;
}
