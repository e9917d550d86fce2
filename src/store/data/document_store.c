/* Documents of account: stored once, numbered without a double, never changed. */
#include "store/data/document_store.h"

#include "store/data/document_row.h"

#include <inttypes.h>
#include <stdlib.h>

#define STATUS_WORD(symbol, word) word,
const char *const mt_document_status_word[] = {MT_DOCUMENT_STATUS_LIST(STATUS_WORD) NULL};
#undef STATUS_WORD

const mt_field mt_document_field[] = {
    {.name = "issuer", MT_TEXT_AT(mt_document_row, d.draft.issuer)},
    {.name = "number", MT_TEXT_AT(mt_document_row, d.number)},
    {.name = "kind", MT_TEXT_AT(mt_document_row, kind)},
    {.name = "contract_id", MT_TEXT_AT(mt_document_row, d.draft.contract_id)},
    {.name = "asset_id", MT_TEXT_AT(mt_document_row, d.draft.asset_id)},
    {.name = "owner_id", MT_TEXT_AT(mt_document_row, d.draft.owner_id)},
    {.name = "period_from", MT_DAY_AT(mt_document_row, d.draft.from)},
    {.name = "period_until", MT_DAY_AT(mt_document_row, d.draft.until)},
    {.name = "version", MT_INT_AT(mt_document_row, d.version)},
    {.name = "issued", MT_DAY_AT(mt_document_row, d.draft.issued)},
    {.name = "status", MT_TEXT_AT(mt_document_row, status)},
    {.name = "void_reason", MT_TEXT_AT(mt_document_row, d.void_reason)},
    {.name = "cancels", MT_TEXT_AT(mt_document_row, d.draft.cancels)},
    {.name = "net_cent", MT_INT_AT(mt_document_row, d.draft.net_cent)},
    {.name = "vat_cent", MT_INT_AT(mt_document_row, d.draft.vat_cent)},
    {.name = "gross_cent", MT_INT_AT(mt_document_row, d.draft.gross_cent)},
    {.name = "digest", MT_TEXT_AT(mt_document_row, d.draft.digest)},
    {.name = "stored_at", MT_TIME_AT(mt_document_row, d.stored_at)},
    {.name = "body", MT_TEXT_AT(mt_document_row, body)},
    {.name = NULL}};

static const char *shown(const char *text)
{
    return text && *text ? text : NULL;
}

void mt_document_row_finish(mt_document_row *row)
{
    mt_document_draft *draft = &row->d.draft;
    for (int k = 0; k < MT_DOCUMENT_KINDS; k++) {
        if (strcmp(mt_document_text(row->kind), mt_document_name((mt_document_kind)k)) == 0)
            draft->kind = (mt_document_kind)k;
    }
    for (int k = 0; k < MT_DOCUMENT_STATUSES; k++) {
        if (strcmp(mt_document_text(row->status), mt_document_status_word[k]) == 0)
            row->d.status = (mt_document_status)k;
    }
    draft->contract_id = shown(draft->contract_id);
    draft->asset_id = shown(draft->asset_id);
    draft->owner_id = shown(draft->owner_id);
}

mt_code mt_document_row_read(mt_ctx *cx, mt_document_row **out, size_t *n, mt_tx *tx, const char *issuer,
                             const char *number)
{
    const mt_param param[] = {mt_param_text(issuer), mt_param_text(number)};
    const mt_asked asked = {"SELECT " MT_DOCUMENT_LISTED
                            " FROM document WHERE (CAST($1 AS TEXT) IS NULL OR issuer = $1) "
                            "AND number = $2 ORDER BY issuer NULLS LAST",
                            param, 2};
    return mt_answer_read_tx(cx, out, n, tx, &asked, mt_document_field, sizeof **out);
}

/* --- void -------------------------------------------------------------------------------------------- */

struct voiding {
    const char *issuer, *number, *reason;
};

static mt_code fail_several(mt_ctx *cx, const char *number, const mt_document_row *row)
{
    return mt_fail(cx, MT_E_CONFLICT, "several issuers have a document %s: name the issuer, %s or %s", number,
                   row[0].d.draft.issuer, row[1].d.draft.issuer);
}

static mt_code check_void(mt_ctx *cx, const char *number, mt_document_row *row, size_t n)
{
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s", number);
    if (n > 1) return fail_several(cx, number, row);
    mt_document_row_finish(row);
    if (row->d.draft.kind == MT_DOC_CORRECTION)
        return mt_fail(cx, MT_E_CONFLICT, "%s cancels %s and cannot be void itself: issue the document again",
                       number, mt_document_text(row->d.draft.cancels));
    if (row->d.status == MT_DOCUMENT_ISSUED) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "document %s cannot be made void: it is %s already%s%s", number,
                   mt_document_status_word[row->d.status], row->d.void_reason ? ", because: " : "",
                   mt_document_text(row->d.void_reason));
}

static mt_code make_void(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct voiding *v = arg;
    mt_document_row *row;
    size_t n;
    uint64_t changed = 0;
    MT_TRY(mt_document_row_read(cx, &row, &n, tx, v->issuer, v->number));
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

static mt_code ask(mt_ctx *cx, mt_store *store, mt_document_row **out, size_t *n, const mt_document_filter *f,
                   const char *sql)
{
    const mt_param param[] = {
        mt_param_text(f->issuer),
        mt_param_text(f->contract_id),
        mt_param_text(f->asset_id),
        mt_param_text(f->owner_id),
        mt_param_text(f->number),
        mt_param_text(kind_word(f->kind)),
        mt_param_text(f->status < 0 ? NULL : mt_document_status_word[f->status]),
        mt_param_day(f->from),
        mt_param_day(f->until),
    };
    const mt_asked asked = {sql, param, sizeof param / sizeof *param};
    MT_TRY(mt_answer_read(cx, out, n, store, &asked, mt_document_field, sizeof **out));
    for (size_t k = 0; k < *n; k++) mt_document_row_finish(&(*out)[k]);
    return MT_OK;
}

mt_code mt_document_store_list(mt_ctx *cx, mt_store *store, const mt_stored_document **out, size_t *n,
                               const mt_document_filter *filter)
{
    mt_document_row *row;
    mt_stored_document *list;
    size_t n_row, seen = 0;
    MT_TRY(ask(cx, store, &row, &n_row, filter,
               "SELECT " MT_DOCUMENT_LISTED " FROM document " FILTERED
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

enum { PERIOD_PARAMS = 5 };

#define OF_PERIOD "kind = $1 AND contract_id = $2 AND period_from = $3 AND period_until = $4 AND issuer = $5"

static void bind_period(mt_param param[PERIOD_PARAMS], const mt_document_draft *draft)
{
    param[0] = mt_param_text(mt_document_name(draft->kind));
    param[1] = mt_param_text(mt_document_text(draft->contract_id));
    param[2] = mt_param_day(draft->from);
    param[3] = mt_param_day(draft->until);
    param[4] = mt_param_text(mt_document_text(draft->issuer));
}

mt_code mt_document_store_standing(mt_ctx *cx, mt_store *store, const mt_stored_document **out,
                                   const mt_document_draft *draft)
{
    mt_document_row *row;
    size_t n;
    mt_param param[PERIOD_PARAMS];
    const mt_asked asked = {"SELECT " MT_DOCUMENT_LISTED " FROM document WHERE " OF_PERIOD
                            " AND status = 'issued' "
                            "ORDER BY version DESC NULLS LAST",
                            param, PERIOD_PARAMS};
    bind_period(param, draft);
    MT_TRY(mt_answer_read(cx, &row, &n, store, &asked, mt_document_field, sizeof *row));
    if (n) mt_document_row_finish(row);
    *out = n ? &row->d : NULL;
    return MT_OK;
}

mt_code mt_document_store_get(mt_ctx *cx, mt_store *store, mt_stored_document *out, mt_text *body,
                              const char *issuer, const char *number)
{
    mt_document_row *row;
    size_t n;
    mt_document_filter filter = mt_document_filter_all();
    filter.issuer = issuer;
    filter.number = number;
    MT_TRY(ask(cx, store, &row, &n, &filter,
               "SELECT " MT_DOCUMENT_LISTED ", body FROM document " FILTERED "ORDER BY issuer NULLS LAST"));
    if (!n) return mt_fail(cx, MT_E_ABSENT, "there is no document %s", number);
    if (n > 1) return fail_several(cx, number, row);
    *out = row->d;
    *body = mt_text_of(row->body);
    return MT_OK;
}
