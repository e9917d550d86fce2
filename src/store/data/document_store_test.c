/* Documents of account and their numbers, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/document_store.h"
#include "store/testing.h"

#include <pthread.h>

enum { JUNE_1 = 20240, JUNE_30 = 20269, JULY_3 = 20272 }; /* days since 1970 in 2025 */

static mt_document_draft draft_of(const char *contract, const char *digest)
{
    return (mt_document_draft){.kind = MT_DOC_SELF_BILLED,
                               .issuer = "TRADER",
                               .contract_id = contract,
                               .asset_id = "SOL-DE-001",
                               .owner_id = "OWN-1",
                               .from = JUNE_1,
                               .until = JUNE_30,
                               .issued = JULY_3,
                               .net_cent = 10000,
                               .vat_cent = 1900,
                               .gross_cent = 11900,
                               .digest = digest};
}

static mt_code write_body(mt_ctx *cx, void *arg, size_t k, const char *number, int64_t version, mt_text *body)
{
    const char *text;
    (void)arg;
    MT_TRY(mt_text_format(cx, &text, "{\"number\":\"%s\",\"version\":%d,\"draft\":%zu}", number, (int)version,
                          k));
    *body = mt_text_of(text);
    return MT_OK;
}

/* Refuses the last of three. */
static mt_code refuse_body(mt_ctx *cx, void *arg, size_t k, const char *number, int64_t version,
                           mt_text *body)
{
    if (k == 2) return mt_fail(cx, MT_E_INPUT, "the test refuses this body");
    return write_body(cx, arg, k, number, version, body);
}

static int clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM document");
    testing_must(t, "DELETE FROM document_range");
    return 0;
}

static mt_code put(testing *t, mt_document_put *out, const mt_document_draft *draft, size_t n)
{
    return mt_document_store_put(&t->cx, t->store, out, draft, n, write_body, NULL);
}

static mt_document_put put_one(testing *t, const mt_document_draft *draft)
{
    mt_document_put out;
    if (put(t, &out, draft, 1) != MT_OK) fail_msg("%s", t->cx.err);
    return out;
}

static mt_stored_document get(testing *t, mt_text *body, const char *number)
{
    mt_stored_document document;
    if (mt_document_store_get(&t->cx, t->store, &document, body, NULL, number) != MT_OK)
        fail_msg("%s", t->cx.err);
    return document;
}

static void document__takes_the_next_number_of_its_range(void **state)
{
    testing *t = *state;
    mt_document_draft draft[5];
    mt_document_put out[5];
    for (int k = 0; k < 5; k++) draft[k] = draft_of("CON1", "d");
    draft[1].contract_id = "CON2";
    draft[2].kind = MT_DOC_SERVICE;
    draft[3].contract_id = "CON3";
    draft[3].issued = JULY_3 + 365;
    draft[4].contract_id = "CON4";
    draft[4].issuer = "OTHER";
    assert_int_equal(put(t, out, draft, 5), MT_OK);
    assert_string_equal(out[0].number, "GS-2025-000001");
    assert_string_equal(out[1].number, "GS-2025-000002");
    assert_string_equal(out[2].number, "RE-2025-000001");
    assert_string_equal(out[3].number, "GS-2026-000001");
    assert_string_equal(out[4].number, "GS-2025-000001");
    for (int k = 0; k < 5; k++) assert_true(out[k].fate == MT_DOCUMENT_STORED && out[k].version == 1);
    mt_stored_document document;
    mt_text body;
    assert_int_equal(mt_document_store_get(&t->cx, t->store, &document, &body, NULL, out[0].number),
                     MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "OTHER"));
    assert_int_equal(mt_document_store_get(&t->cx, t->store, &document, &body, "OTHER", out[0].number),
                     MT_OK);
    assert_string_equal(document.draft.contract_id, "CON4");
}

static void document__of_the_same_settlement_is_not_stored_again(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "same");
    assert_int_equal(put_one(t, &draft).fate, MT_DOCUMENT_STORED);
    mt_document_put again = put_one(t, &draft);
    assert_int_equal(again.fate, MT_DOCUMENT_UNCHANGED);
    assert_string_equal(again.number, "GS-2025-000001");
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), 1);
    assert_int_equal(testing_count(t, "SELECT max(last_number) FROM document_range"), 1);
}

static void document__of_another_settlement_differs_and_writes_nothing(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "first"), late[2];
    mt_document_put out[2];
    put_one(t, &draft);
    late[0] = draft_of("CON1", "second");
    late[0].net_cent = 1;
    late[1] = draft_of("CON2", "x");
    assert_int_equal(put(t, out, late, 2), MT_OK);
    assert_int_equal(out[0].fate, MT_DOCUMENT_DIFFERS);
    assert_string_equal(out[0].number, "GS-2025-000001");
    assert_int_equal(out[1].fate, MT_DOCUMENT_STORED); /* the others go on */
    assert_int_equal(testing_count(t, "SELECT net_cent FROM document WHERE contract_id = 'CON1'"), 10000);
}

/* Without a digest nothing is known to be the same. */
static void document__without_a_digest_differs_from_what_stands(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", NULL);
    assert_int_equal(put_one(t, &draft).fate, MT_DOCUMENT_STORED);
    assert_int_equal(put_one(t, &draft).fate, MT_DOCUMENT_DIFFERS);
}

static void document__is_corrected_by_cancelling_and_issuing_anew(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "first"), correction[2];
    mt_document_put out[2];
    mt_text body;
    put_one(t, &draft);
    correction[0] = draft_of("CON1", NULL);
    correction[0].kind = MT_DOC_CORRECTION;
    correction[0].cancels = "GS-2025-000001";
    correction[0].net_cent = -10000;
    correction[1] = draft_of("CON1", "second");
    assert_int_equal(put(t, out, correction, 2), MT_OK);
    assert_string_equal(out[0].number, "ST-2025-000001");
    assert_string_equal(out[1].number, "GS-2025-000002");
    assert_int_equal(out[1].version, 2);
    mt_stored_document old = get(t, &body, "GS-2025-000001"), new = get(t, &body, "GS-2025-000002");
    assert_int_equal(old.status, MT_DOCUMENT_CANCELLED);
    assert_int_equal(new.status, MT_DOCUMENT_ISSUED);
    assert_non_null(strstr(body.at, "\"number\":\"GS-2025-000002\",\"version\":2,\"draft\":1"));
    mt_stored_document cancels = get(t, &body, "ST-2025-000001");
    assert_string_equal(cancels.draft.cancels, "GS-2025-000001");
    assert_int_equal(cancels.draft.net_cent, -10000);
    /* A second correction of the same document is too late, and nothing of it is stored. */
    assert_int_equal(put(t, out, correction, 2), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "GS-2025-000001"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), 3);
    assert_int_equal(put_one(t, &correction[1]).fate, MT_DOCUMENT_UNCHANGED);
}

static void document__of_another_contract_is_not_cancelled(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "first"), wrong = draft_of("CON2", NULL);
    mt_document_put out;
    put_one(t, &draft);
    wrong.kind = MT_DOC_CORRECTION;
    wrong.cancels = "GS-2025-000001";
    assert_int_equal(put(t, &out, &wrong, 1), MT_E_INPUT);
    wrong.cancels = "GS-2025-000009";
    assert_int_equal(put(t, &out, &wrong, 1), MT_E_ABSENT);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document WHERE status = 'issued'"), 1);
}

static void document__call_that_fails_leaves_no_hole_in_the_numbers(void **state)
{
    testing *t = *state;
    mt_document_draft draft[3] = {draft_of("CON1", "a"), draft_of("CON2", "b"), draft_of("CON3", "c")};
    mt_document_put out[3];
    assert_int_equal(mt_document_store_put(&t->cx, t->store, out, draft, 3, refuse_body, NULL), MT_E_INPUT);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), 0);
    assert_int_equal(put(t, out, draft, 3), MT_OK);
    assert_string_equal(out[0].number, "GS-2025-000001");
    assert_string_equal(out[2].number, "GS-2025-000003");
}

static void document__once_in_a_call_is_stored_once(void **state)
{
    testing *t = *state;
    mt_document_draft draft[2] = {draft_of("CON1", "a"), draft_of("CON1", "a")};
    mt_document_put out[2];
    assert_int_equal(put(t, out, draft, 2), MT_OK);
    assert_int_equal(out[1].fate, MT_DOCUMENT_UNCHANGED);
    assert_string_equal(out[0].number, out[1].number);
}

static void document__void_keeps_its_number_with_the_reason(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "a"), correction = draft_of("CON1", NULL);
    mt_text body;
    put_one(t, &draft);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "GS-2025-000001", ""), MT_E_INPUT);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "GS-2025-000009", "x"), MT_E_ABSENT);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "GS-2025-000001", "sent to nobody"),
                     MT_OK);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "GS-2025-000001", "again"),
                     MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "sent to nobody"));
    mt_stored_document stored = get(t, &body, "GS-2025-000001");
    assert_int_equal(stored.status, MT_DOCUMENT_VOID);
    assert_string_equal(stored.void_reason, "sent to nobody");
    mt_document_put out = put_one(t, &draft);
    assert_string_equal(out.number, "GS-2025-000002");
    assert_int_equal(out.version, 2);
    correction.kind = MT_DOC_CORRECTION;
    correction.cancels = "GS-2025-000002";
    put_one(t, &correction);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "ST-2025-000001", "x"), MT_E_CONFLICT);
}

static bool sees_sol(void *arg, const char *asset_id, const char *owner_id)
{
    (void)owner_id;
    return strcmp(asset_id, arg) == 0;
}

static size_t count_listed(testing *t, const mt_document_filter *filter)
{
    const mt_stored_document *list;
    size_t n;
    if (mt_document_store_list(&t->cx, t->store, &list, &n, filter) != MT_OK) fail_msg("%s", t->cx.err);
    return n;
}

static void document__list_is_filtered(void **state)
{
    testing *t = *state;
    mt_document_draft draft[3] = {draft_of("CON1", "a"), draft_of("CON2", "b"), draft_of("CON1", "c")};
    mt_document_put out[3];
    const mt_document_filter all = mt_document_filter_all();
    mt_document_filter f = all;
    draft[1].asset_id = "WND-DE-001";
    draft[1].owner_id = "OWN-2";
    draft[2].from = JUNE_30 + 1;
    draft[2].until = JUNE_30 + 31;
    draft[2].kind = MT_DOC_SERVICE;
    assert_int_equal(put(t, out, draft, 3), MT_OK);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, out[1].number, "x"), MT_OK);
    assert_int_equal(count_listed(t, &f), 3);
    f.contract_id = "CON1";
    assert_int_equal(count_listed(t, &f), 2);
    f.kind = MT_DOC_SERVICE;
    assert_int_equal(count_listed(t, &f), 1);
    f = all, f.owner_id = "OWN-2";
    assert_int_equal(count_listed(t, &f), 1);
    f = all, f.status = MT_DOCUMENT_ISSUED;
    assert_int_equal(count_listed(t, &f), 2);
    f = all, f.from = f.until = JUNE_30;
    assert_int_equal(count_listed(t, &f), 2);
    f = all, f.from = JUNE_30 + 40;
    assert_int_equal(count_listed(t, &f), 0);
    f = all, f.sees = sees_sol, f.arg = (void *)(uintptr_t) "WND-DE-001";
    assert_int_equal(count_listed(t, &f), 1);
    f = all, f.asset_id = "SOL-DE-001";
    assert_int_equal(count_listed(t, &f), 2);
}

static void document__standing_is_the_one_that_counts(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "a");
    const mt_stored_document *standing;
    assert_int_equal(mt_document_store_standing(&t->cx, t->store, &standing, &draft), MT_OK);
    assert_null(standing);
    put_one(t, &draft);
    draft.digest = "b";
    assert_int_equal(mt_document_store_standing(&t->cx, t->store, &standing, &draft), MT_OK);
    assert_string_equal(standing->number, "GS-2025-000001");
    assert_string_equal(standing->draft.digest, "a");
}

static void document__standing_is_the_issuers_own(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of("CON1", "a"), other = draft;
    const mt_stored_document *standing;
    other.issuer = "OTHER";
    put_one(t, &draft);
    assert_int_equal(mt_document_store_standing(&t->cx, t->store, &standing, &other), MT_OK);
    assert_null(standing);
    mt_document_put out = put_one(t, &other);
    assert_int_equal(out.fate, MT_DOCUMENT_STORED);
    assert_string_equal(out.number, "GS-2025-000001");
    assert_int_equal(out.version, 2); /* versions of a period are counted over all issuers */
    assert_int_equal(mt_document_store_standing(&t->cx, t->store, &standing, &other), MT_OK);
    assert_string_equal(standing->draft.issuer, "OTHER");
    assert_int_equal(put_one(t, &draft).fate, MT_DOCUMENT_UNCHANGED);
    assert_int_equal(put_one(t, &other).fate, MT_DOCUMENT_UNCHANGED);
}

static mt_document_draft days_of(mt_day from, mt_day until)
{
    mt_document_draft draft = draft_of("CON1", "days");
    draft.from = from;
    draft.until = until;
    return draft;
}

/* Whatever part of the days is shared, and whatever year the two are issued in. */
static void document__of_days_that_are_billed_already_differs(void **state)
{
    testing *t = *state;
    mt_document_draft week = days_of(JUNE_1 + 7, JUNE_1 + 13);
    mt_document_draft late[] = {days_of(JUNE_1, JUNE_30), days_of(JUNE_1 + 9, JUNE_1 + 9),
                                days_of(JUNE_1, JUNE_1 + 7), days_of(JUNE_1 + 13, JUNE_30)};
    put_one(t, &week);
    for (size_t k = 0; k < sizeof late / sizeof *late; k++) {
        late[k].issued = k % 2 ? JULY_3 + 365 : JULY_3;
        mt_document_put out = put_one(t, &late[k]);
        assert_int_equal(out.fate, MT_DOCUMENT_DIFFERS);
        assert_string_equal(out.number, "GS-2025-000001");
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), 1);
    assert_int_equal(testing_count(t, "SELECT max(last_number) FROM document_range"), 1);
    assert_int_equal(put_one(t, &week).fate, MT_DOCUMENT_UNCHANGED);
}

static void document__beside_others_days_is_stored(void **state)
{
    testing *t = *state;
    mt_document_draft draft[] = {days_of(JUNE_1 + 7, JUNE_1 + 13), days_of(JUNE_1, JUNE_1 + 6),
                                 days_of(JUNE_1 + 14, JUNE_30),    days_of(JUNE_1, JUNE_30),
                                 days_of(JUNE_1, JUNE_30),         days_of(JUNE_1, JUNE_30)};
    enum { N = sizeof draft / sizeof *draft };
    mt_document_put out[N];
    draft[3].kind = MT_DOC_SERVICE;
    draft[4].contract_id = "CON2";
    draft[5].issuer = "OTHER";
    assert_int_equal(put(t, out, draft, N), MT_OK);
    for (int k = 0; k < N; k++) assert_int_equal(out[k].fate, MT_DOCUMENT_STORED);
}

static void document__of_days_takes_the_place_of_what_it_cancels(void **state)
{
    testing *t = *state;
    mt_document_draft day = days_of(JUNE_1, JUNE_1), month = days_of(JUNE_1, JUNE_30), both[2];
    mt_document_put out[2];
    put_one(t, &day);
    both[0] = days_of(JUNE_1, JUNE_1);
    both[0].kind = MT_DOC_CORRECTION;
    both[0].cancels = "GS-2025-000001";
    both[1] = month;
    assert_int_equal(put(t, out, both, 2), MT_OK);
    assert_int_equal(out[1].fate, MT_DOCUMENT_STORED);
    assert_string_equal(out[1].number, "GS-2025-000002");
    assert_int_equal(put_one(t, &day).fate, MT_DOCUMENT_DIFFERS);
    assert_int_equal(mt_document_store_void(&t->cx, t->store, NULL, "GS-2025-000002", "x"), MT_OK);
    assert_int_equal(put_one(t, &day).fate, MT_DOCUMENT_STORED);
}

/* Somebody else has issued the second day meanwhile. */
static void document__corrections_are_whole_or_nothing(void **state)
{
    testing *t = *state;
    mt_document_draft first = days_of(JUNE_1, JUNE_1), second = days_of(JUNE_1 + 1, JUNE_1 + 1), both[2];
    mt_document_put out[2];
    put_one(t, &first);
    put_one(t, &second);
    both[0] = first;
    both[0].kind = MT_DOC_CORRECTION;
    both[0].cancels = "GS-2025-000001";
    both[1] = days_of(JUNE_1, JUNE_30);
    assert_int_equal(put(t, out, both, 2), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "GS-2025-000002"));
    mt_ctx_forgive(&t->cx);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), 2);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document WHERE status = 'issued'"), 2);
}

static void document__without_contract_or_period_is_refused(void **state)
{
    testing *t = *state;
    mt_document_draft draft = draft_of(NULL, "a");
    mt_document_put out;
    assert_int_equal(put(t, &out, &draft, 1), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "contract"));
    draft = draft_of("CON1", "a");
    draft.until = JUNE_1 - 1;
    assert_int_equal(put(t, &out, &draft, 1), MT_E_INPUT);
}

enum { WRITERS = 4, EACH = 25 };

struct writer {
    pthread_t thread;
    const char *url; /* NULL: the shared store */
    mt_store *store;
    int number;
    bool overlapping; /* what is written */
    mt_code code;
    char sentence[MT_ERR_TEXT_MAX];
};

/* EACH documents of its own and one that all writers issue, one a call. */
static mt_code write_many(mt_ctx *cx, const struct writer *w, mt_store *store)
{
    char contract[32];
    for (int k = 0; k <= EACH; k++) {
        mt_document_put out;
        snprintf(contract, sizeof contract, "CON-%d-%d", w->number, k);
        mt_document_draft draft = draft_of(k == EACH ? "SHARED" : contract, "d");
        MT_TRY(mt_document_store_put(cx, store, &out, &draft, 1, write_body, NULL));
    }
    return MT_OK;
}

/* Every writer bills the same contracts, each by days and in a year of its own. */
static mt_code write_overlapping(mt_ctx *cx, const struct writer *w, mt_store *store)
{
    char contract[32];
    for (int k = 0; k < EACH; k++) {
        mt_document_put out;
        snprintf(contract, sizeof contract, "CON-%d", k);
        mt_document_draft draft = draft_of(contract, "d");
        draft.from += w->number;
        draft.issued += 365 * w->number;
        MT_TRY(mt_document_store_put(cx, store, &out, &draft, 1, write_body, NULL));
    }
    return MT_OK;
}

static void *run_writer(void *arg)
{
    struct writer *w = arg;
    mt_ctx cx;
    mt_store *own = NULL;
    const mt_store_options options = {.size = sizeof options, .url = w->url, .temp_dir = "/tmp"};
    mt_ctx_init(&cx, NULL);
    w->code = w->url ? mt_store_open(&cx, &own, &options) : MT_OK;
    if (w->code == MT_OK)
        w->code = (w->overlapping ? write_overlapping : write_many)(&cx, w, own ? own : w->store);
    snprintf(w->sentence, sizeof w->sentence, "%s", cx.err);
    mt_store_close(own);
    mt_ctx_close(&cx);
    return NULL;
}

static void run_writers(testing *t, bool of_their_own, bool overlapping)
{
    struct writer w[WRITERS];
    for (int k = 0; k < WRITERS; k++) {
        w[k] = (struct writer){.url = of_their_own ? t->url : NULL, .store = t->store, .number = k};
        w[k].overlapping = overlapping;
        assert_int_equal(pthread_create(&w[k].thread, NULL, run_writer, &w[k]), 0);
    }
    for (int k = 0; k < WRITERS; k++) {
        pthread_join(w[k].thread, NULL);
        if (w[k].code != MT_OK) fail_msg("writer %d: %s", k, w[k].sentence);
    }
}

static void check_numbers(testing *t)
{
    const int64_t all = WRITERS * EACH + 1;
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), all);
    assert_int_equal(testing_count(t, "SELECT count(DISTINCT number) FROM document"), all);
    assert_int_equal(testing_count(t, "SELECT last_number FROM document_range"), all);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document WHERE contract_id = 'SHARED'"), 1);
}

static void document__numbers_of_parallel_writers_are_never_the_same(void **state)
{
    run_writers(*state, false, false);
    check_numbers(*state);
}

/* Stores that know nothing of each other, as processes do. */
static void document__numbers_of_parallel_stores_are_never_the_same(void **state)
{
    testing *t = *state;
    if (t->backend->one_writer) {
        print_message("skipped: an embedded store has one owner\n");
        skip();
    }
    run_writers(t, true, false);
    check_numbers(t);
}

static void check_days(testing *t)
{
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document"), EACH);
    assert_int_equal(testing_count(t, "SELECT count(DISTINCT contract_id) FROM document"), EACH);
}

static void document__days_are_billed_once_by_parallel_writers(void **state)
{
    run_writers(*state, false, true);
    check_days(*state);
}

static void document__days_are_billed_once_by_parallel_stores(void **state)
{
    testing *t = *state;
    if (t->backend->one_writer) {
        print_message("skipped: an embedded store has one owner\n");
        skip();
    }
    run_writers(t, true, true);
    check_days(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(document__takes_the_next_number_of_its_range, clear),
        cmocka_unit_test_setup(document__of_the_same_settlement_is_not_stored_again, clear),
        cmocka_unit_test_setup(document__of_another_settlement_differs_and_writes_nothing, clear),
        cmocka_unit_test_setup(document__without_a_digest_differs_from_what_stands, clear),
        cmocka_unit_test_setup(document__is_corrected_by_cancelling_and_issuing_anew, clear),
        cmocka_unit_test_setup(document__of_another_contract_is_not_cancelled, clear),
        cmocka_unit_test_setup(document__call_that_fails_leaves_no_hole_in_the_numbers, clear),
        cmocka_unit_test_setup(document__once_in_a_call_is_stored_once, clear),
        cmocka_unit_test_setup(document__void_keeps_its_number_with_the_reason, clear),
        cmocka_unit_test_setup(document__list_is_filtered, clear),
        cmocka_unit_test_setup(document__standing_is_the_one_that_counts, clear),
        cmocka_unit_test_setup(document__standing_is_the_issuers_own, clear),
        cmocka_unit_test_setup(document__of_days_that_are_billed_already_differs, clear),
        cmocka_unit_test_setup(document__beside_others_days_is_stored, clear),
        cmocka_unit_test_setup(document__of_days_takes_the_place_of_what_it_cancels, clear),
        cmocka_unit_test_setup(document__corrections_are_whole_or_nothing, clear),
        cmocka_unit_test_setup(document__without_contract_or_period_is_refused, clear),
        cmocka_unit_test_setup(document__numbers_of_parallel_writers_are_never_the_same, clear),
        cmocka_unit_test_setup(document__numbers_of_parallel_stores_are_never_the_same, clear),
        cmocka_unit_test_setup(document__days_are_billed_once_by_parallel_writers, clear),
        cmocka_unit_test_setup(document__days_are_billed_once_by_parallel_stores, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "document_store");
}
