/* Documents of account: stored once, numbered without a double, never changed. */
#include "store/data/document_store.h"

#include "store/data/answer.h"

#include <inttypes.h>
#include <stdlib.h>

#define LISTED                                                                                               \
    "issuer, number, kind, contract_id, asset_id, owner_id, period_from, period_until, version, issued, "    \
    "status, void_reason, cancels, net_cent, vat_cent, gross_cent, digest, stored_at"

#define STATUS_WORD(symbol, word) word,
const char *const mt_document_status_word[] = {MT_DOCUMENT_STATUS_LIST(STATUS_WORD) NULL};
#undef STATUS_WORD

struct document_row {
    mt_stored_document d;
    const char *kind, *status, *body;
};

static const mt_field document_field[] = {
    {.name = "issuer", MT_TEXT_AT(document_row, d.draft.issuer)},
    {.name = "number", MT_TEXT_AT(document_row, d.number)},
    {.name = "kind", MT_TEXT_AT(document_row, kind)},
    {.name = "contract_id", MT_TEXT_AT(document_row, d.draft.contract_id)},
    {.name = "asset_id", MT_TEXT_AT(document_row, d.draft.asset_id)},
    {.name = "owner_id", MT_TEXT_AT(document_row, d.draft.owner_id)},
    {.name = "period_from", MT_DAY_AT(document_row, d.draft.from)},
    {.name = "period_until", MT_DAY_AT(document_row, d.draft.until)},
    {.name = "version", MT_INT_AT(document_row, d.version)},
    {.name = "issued", MT_DAY_AT(document_row, d.draft.issued)},
    {.name = "status", MT_TEXT_AT(document_row, status)},
    {.name = "void_reason", MT_TEXT_AT(document_row, d.void_reason)},
    {.name = "cancels", MT_TEXT_AT(document_row, d.draft.cancels)},
    {.name = "net_cent", MT_INT_AT(document_row, d.draft.net_cent)},
    {.name = "vat_cent", MT_INT_AT(document_row, d.draft.vat_cent)},
    {.name = "gross_cent", MT_INT_AT(document_row, d.draft.gross_cent)},
    {.name = "digest", MT_TEXT_AT(document_row, d.draft.digest)},
    {.name = "stored_at", MT_TIME_AT(document_row, d.stored_at)},
    {.name = "body", MT_TEXT_AT(document_row, body)},
    {.name = NULL}};

/* What was not given stands as "" in columns that are part of a key. */
static const char *given(const char *text)
{
    return text ? text : "";
}

static const char *shown(const char *text)
{
    return text && *text ? text : NULL;
}

static void finish_row(struct document_row *row)
{
    mt_document_draft *draft = &row->d.draft;
    for (int k = 0; k < MT_DOCUMENT_KINDS; k++) {
        if (strcmp(given(row->kind), mt_document_name((mt_document_kind)k)) == 0)
            draft->kind = (mt_document_kind)k;
    }
    for (int k = 0; k < MT_DOCUMENT_STATUSES; k++) {
        if (strcmp(given(row->status), mt_document_status_word[k]) == 0)
            row->d.status = (mt_document_status)k;
    }
    draft->contract_id = shown(draft->contract_id);
    draft->asset_id = shown(draft->asset_id);
    draft->owner_id = shown(draft->owner_id);
}

static mt_param day_param(mt_day day)
{
    mt_param param = mt_param_null(MT_DAY);
    param.value.present = day != MT_DAY_NONE;
    param.value.as.integer = day;
    return param;
}

/* --- putting ----------------------------------------------------------------------------------------- */

/* A range whose numbers this transaction may take. */
struct range {
    const char *issuer;
    int year;
    mt_document_kind kind;
    int64_t last, stored;
};

struct putting {
    mt_document_put *put;
    const mt_document_draft *draft;
    size_t n;
    mt_document_body_fn *body;
    void *arg;
    struct range *range;
    size_t n_range;
};

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
    int64_t last_number, version;
};
static const mt_field last_field[] = {{.name = "last_number", MT_INT_AT(last_row, last_number)},
                                      {.name = "version", MT_INT_AT(last_row, version)},
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

enum { PERIOD_PARAMS = 4 };

static void bind_period(mt_param param[PERIOD_PARAMS], const mt_document_draft *draft)
{
    param[0] = mt_param_text(mt_document_name(draft->kind));
    param[1] = mt_param_text(given(draft->contract_id));
    param[2] = day_param(draft->from);
    param[3] = day_param(draft->until);
}

#define OF_PERIOD "kind = $1 AND contract_id = $2 AND period_from = $3 AND period_until = $4"

/* The documents of the draft's contract, period and kind, newest version first. */
static mt_code find_versions(mt_ctx *cx, mt_tx *tx, struct document_row **out, size_t *n,
                             const mt_document_draft *draft)
{
    mt_param param[PERIOD_PARAMS];
    const mt_asked asked = {"SELECT number, version, status, digest FROM document WHERE " OF_PERIOD
                            " ORDER BY version DESC NULLS LAST",
                            param, PERIOD_PARAMS};
    bind_period(param, draft);
    return mt_answer_read_tx(cx, out, n, tx, &asked, document_field, sizeof **out);
}

static mt_code read_document(mt_ctx *cx, struct document_row **out, size_t *n, mt_tx *tx, const char *issuer,
                             const char *number)
{
    const mt_param param[] = {mt_param_text(issuer), mt_param_text(number)};
    const mt_asked asked = {"SELECT " LISTED " FROM document WHERE (CAST($1 AS TEXT) IS NULL OR issuer = $1) "
                            "AND number = $2 ORDER BY issuer NULLS LAST",
                            param, 2};
    return mt_answer_read_tx(cx, out, n, tx, &asked, document_field, sizeof **out);
}

/* Takes the place of the standing document away. */
static mt_code cancel(mt_ctx *cx, mt_tx *tx, const mt_document_draft *draft)
{
    struct document_row *row;
    size_t n;
    const mt_param param[] = {mt_param_text(draft->issuer), mt_param_text(draft->cancels)};
    MT_TRY(read_document(cx, &row, &n, tx, draft->issuer, draft->cancels));
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s to be cancelled", draft->cancels);
    if (strcmp(given(row->status), mt_document_status_word[MT_DOCUMENT_ISSUED]) != 0)
        return mt_fail(cx, MT_E_CONFLICT, "document %s cannot be cancelled: it is %s already", draft->cancels,
                       row->status);
    if (strcmp(given(row->d.draft.contract_id), draft->contract_id) != 0)
        return mt_fail(cx, MT_E_INPUT, "document %s is of contract %s and cannot be cancelled for %s",
                       draft->cancels, given(row->d.draft.contract_id), draft->contract_id);
    uint64_t changed = 0;
    MT_TRY(mt_tx_exec(cx, tx, &changed,
                      "UPDATE document SET status = 'cancelled' WHERE issuer = $1 AND number = $2 AND "
                      "status = 'issued'",
                      param, 2));
    if (changed == 1) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "document %s was changed by somebody else meanwhile", draft->cancels);
}

static mt_code insert(mt_ctx *cx, mt_tx *tx, const mt_document_draft *d, const mt_document_put *put,
                      mt_text body)
{
    const mt_param row[] = {
        mt_param_text(d->issuer),
        mt_param_text(put->number),
        mt_param_text(mt_document_name(d->kind)),
        mt_param_text(given(d->contract_id)),
        mt_param_text(given(d->asset_id)),
        mt_param_text(given(d->owner_id)),
        day_param(d->from),
        day_param(d->until),
        mt_param_int(put->version),
        day_param(d->issued),
        mt_param_text(mt_document_status_word[MT_DOCUMENT_ISSUED]),
        mt_param_text(d->cancels),
        mt_param_int(d->net_cent),
        mt_param_int(d->vat_cent),
        mt_param_int(d->gross_cent),
        mt_param_text(d->digest),
        mt_param_text_of(body),
        mt_param_time(mt_tx_now(tx)),
    };
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO document (issuer, number, kind, contract_id, asset_id, owner_id, "
                      "period_from, period_until, version, issued, status, cancels, net_cent, vat_cent, "
                      "gross_cent, digest, body, stored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                      "$11, $12, $13, $14, $15, $16, $17, $18)",
                      row, sizeof row / sizeof *row);
}

static mt_code store_draft(mt_ctx *cx, mt_tx *tx, struct putting *p, size_t k, int64_t version)
{
    const mt_document_draft *draft = &p->draft[k];
    struct range *range = find_range(p, draft);
    mt_document_put *put = &p->put[k];
    mt_text body = {NULL, 0};
    *put = (mt_document_put){MT_DOCUMENT_STORED, NULL, version};
    MT_TRY(mt_text_format(cx, &put->number, "%s-%04d-%06" PRId64, mt_document_prefix(draft->kind),
                          range->year, range->last + 1));
    MT_TRY(p->body(cx, p->arg, k, put->number, version, &body));
    if (!body.at) return mt_fail(cx, MT_E_BUG, "document %s has no body", put->number);
    MT_TRY(insert(cx, tx, draft, put, body));
    range->last++;
    return MT_OK;
}

/* True: the draft need not be stored, *put says why. */
static bool stands(mt_document_put *put, const mt_document_draft *draft, const struct document_row *row,
                   size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (strcmp(given(row[k].status), mt_document_status_word[MT_DOCUMENT_ISSUED]) != 0) continue;
        bool same = draft->digest && strcmp(draft->digest, given(row[k].d.draft.digest)) == 0;
        *put = (mt_document_put){same ? MT_DOCUMENT_UNCHANGED : MT_DOCUMENT_DIFFERS, row[k].d.number,
                                 row[k].d.version};
        return true;
    }
    return false;
}

static mt_code put_draft(mt_ctx *cx, mt_tx *tx, struct putting *p, size_t k)
{
    const mt_document_draft *draft = &p->draft[k];
    struct document_row *row;
    size_t n;
    if (draft->cancels) MT_TRY(cancel(cx, tx, draft));
    MT_TRY(find_versions(cx, tx, &row, &n, draft));
    if (!draft->cancels && stands(&p->put[k], draft, row, n)) return MT_OK;
    return store_draft(cx, tx, p, k, n ? row->d.version + 1 : 1);
}

static mt_code put_all(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct putting *p = arg;
    for (size_t k = 0; k < p->n_range; k++) MT_TRY(lock_range(cx, tx, &p->range[k]));
    for (size_t k = 0; k < p->n; k++) MT_TRY(put_draft(cx, tx, p, k));
    for (size_t k = 0; k < p->n_range; k++) MT_TRY(save_range(cx, tx, &p->range[k]));
    return MT_OK;
}

static mt_code check_draft(mt_ctx *cx, const mt_document_draft *d)
{
    const char *lacks = !shown(d->issuer)          ? "issuer"
                        : !shown(d->contract_id)   ? "contract"
                        : d->from == MT_DAY_NONE   ? "first day"
                        : d->until == MT_DAY_NONE  ? "last day"
                        : d->issued == MT_DAY_NONE ? "day of issue"
                                                   : NULL;
    if (lacks)
        return mt_fail(cx, MT_E_INPUT, "a document (%s) of contract %s cannot be stored: it has no %s",
                       mt_document_name(d->kind), given(d->contract_id), lacks);
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

/* --- void -------------------------------------------------------------------------------------------- */

struct voiding {
    const char *issuer, *number, *reason;
};

static mt_code fail_several(mt_ctx *cx, const char *number, const struct document_row *row)
{
    return mt_fail(cx, MT_E_CONFLICT, "several issuers have a document %s: name the issuer, %s or %s", number,
                   row[0].d.draft.issuer, row[1].d.draft.issuer);
}

static mt_code check_void(mt_ctx *cx, const char *number, struct document_row *row, size_t n)
{
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s", number);
    if (n > 1) return fail_several(cx, number, row);
    finish_row(row);
    if (row->d.draft.kind == MT_DOC_CORRECTION)
        return mt_fail(cx, MT_E_CONFLICT, "%s cancels %s and cannot be void itself: issue the document again",
                       number, given(row->d.draft.cancels));
    if (row->d.status == MT_DOCUMENT_ISSUED) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "document %s cannot be made void: it is %s already%s%s", number,
                   mt_document_status_word[row->d.status], row->d.void_reason ? ", because: " : "",
                   given(row->d.void_reason));
}

static mt_code make_void(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct voiding *v = arg;
    struct document_row *row;
    size_t n;
    uint64_t changed = 0;
    MT_TRY(read_document(cx, &row, &n, tx, v->issuer, v->number));
    MT_TRY(check_void(cx, v->number, row, n));
    const mt_param param[] = {mt_param_text(row->d.draft.issuer), mt_param_text(v->number),
                              mt_param_text(v->reason)};
    MT_TRY(mt_tx_exec(cx, tx, &changed,
                      "UPDATE document SET status = 'void', void_reason = $3 WHERE issuer = $1 AND "
                      "number = $2 AND status = 'issued'",
                      param, 3));
    if (changed == 1) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "document %s was changed by somebody else meanwhile", v->number);
}

mt_code mt_document_store_void(mt_ctx *cx, mt_store *store, const char *issuer, const char *number,
                               const char *reason)
{
    struct voiding v = {issuer, number, reason};
    if (!shown(reason)) return mt_fail(cx, MT_E_INPUT, "why is document %s void? give a reason", number);
    return mt_store_write(cx, store, make_void, &v);
}

/* --- reading ----------------------------------------------------------------------------------------- */

#define FILTERED                                                                                             \
    "WHERE (CAST($1 AS TEXT) IS NULL OR issuer = $1) AND (CAST($2 AS TEXT) IS NULL OR contract_id = $2) "    \
    "AND (CAST($3 AS TEXT) IS NULL OR asset_id = $3) AND (CAST($4 AS TEXT) IS NULL OR owner_id = $4) "       \
    "AND (CAST($5 AS TEXT) IS NULL OR number = $5) AND (CAST($6 AS TEXT) IS NULL OR kind = $6) "             \
    "AND (CAST($7 AS TEXT) IS NULL OR status = $7) AND (CAST($8 AS DATE) IS NULL OR period_until >= $8) "    \
    "AND (CAST($9 AS DATE) IS NULL OR period_from <= $9) "

static const char *kind_word(int kind)
{
    return kind < 0 ? NULL : mt_document_name((mt_document_kind)kind);
}

static mt_code ask(mt_ctx *cx, mt_store *store, struct document_row **out, size_t *n,
                   const mt_document_filter *f, const char *sql)
{
    const mt_param param[] = {
        mt_param_text(f->issuer),
        mt_param_text(f->contract_id),
        mt_param_text(f->asset_id),
        mt_param_text(f->owner_id),
        mt_param_text(f->number),
        mt_param_text(kind_word(f->kind)),
        mt_param_text(f->status < 0 ? NULL : mt_document_status_word[f->status]),
        day_param(f->from),
        day_param(f->until),
    };
    const mt_asked asked = {sql, param, sizeof param / sizeof *param};
    MT_TRY(mt_answer_read(cx, out, n, store, &asked, document_field, sizeof **out));
    for (size_t k = 0; k < *n; k++) finish_row(&(*out)[k]);
    return MT_OK;
}

mt_code mt_document_store_list(mt_ctx *cx, mt_store *store, const mt_stored_document **out, size_t *n,
                               const mt_document_filter *filter)
{
    struct document_row *row;
    mt_stored_document *list;
    size_t n_row, seen = 0;
    MT_TRY(ask(cx, store, &row, &n_row, filter,
               "SELECT " LISTED " FROM document " FILTERED
               "ORDER BY issuer NULLS LAST, contract_id NULLS LAST, period_from NULLS LAST, period_until "
               "NULLS LAST, kind NULLS LAST, version NULLS LAST"));
    MT_TRY(MT_NEW(cx, &list, n_row + 1));
    for (size_t k = 0; k < n_row; k++) {
        const mt_document_draft *d = &row[k].d.draft;
        if (!filter->sees || filter->sees(filter->arg, d->asset_id, d->owner_id)) list[seen++] = row[k].d;
    }
    *out = list;
    *n = seen;
    return MT_OK;
}

mt_code mt_document_store_standing(mt_ctx *cx, mt_store *store, const mt_stored_document **out,
                                   const mt_document_draft *draft)
{
    struct document_row *row;
    size_t n;
    mt_param param[PERIOD_PARAMS];
    const mt_asked asked = {"SELECT " LISTED " FROM document WHERE " OF_PERIOD " AND status = 'issued' "
                            "ORDER BY version DESC NULLS LAST",
                            param, PERIOD_PARAMS};
    bind_period(param, draft);
    MT_TRY(mt_answer_read(cx, &row, &n, store, &asked, document_field, sizeof *row));
    if (n) finish_row(row);
    *out = n ? &row->d : NULL;
    return MT_OK;
}

mt_code mt_document_store_get(mt_ctx *cx, mt_store *store, mt_stored_document *out, mt_text *body,
                              const char *issuer, const char *number)
{
    struct document_row *row;
    size_t n;
    mt_document_filter filter = mt_document_filter_all();
    filter.issuer = issuer;
    filter.number = number;
    MT_TRY(ask(cx, store, &row, &n, &filter,
               "SELECT " LISTED ", body FROM document " FILTERED "ORDER BY issuer NULLS LAST"));
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s", number);
    if (n > 1) return fail_several(cx, number, row);
    *out = row->d;
    *body = mt_text_of(row->body);
    return MT_OK;
}
