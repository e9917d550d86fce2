/* Documents are paid once, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/payment_store.h"
#include "store/testing.h"

#include <pthread.h>

static void add(testing *t, const char *number, const char *days, int version, const char *status)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO document (issuer, number, kind, contract_id, asset_id, owner_id, period_from, "
             "period_until, version, issued, status, net_cent, vat_cent, gross_cent, body, stored_at) VALUES "
             "('TRADER', '%s', 'self_billed', 'CON1', '', '', %s, %d, DATE '2025-07-03', '%s', 0, 0, 0, "
             "'{}', TIMESTAMPTZ '2025-07-03 00:00:00+00')",
             number, days, version, status);
    testing_must(t, sql);
}

#define JUNE  "DATE '2025-06-01', DATE '2025-06-30'"
#define JUNE8 "DATE '2025-06-08', DATE '2025-06-08'"
#define JULY  "DATE '2025-07-01', DATE '2025-07-31'"

static int clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM document_payment");
    testing_must(t, "DELETE FROM document");
    add(t, "GS-1", JUNE, 1, "issued");
    return 0;
}

static mt_payment take(testing *t, const char *number, int64_t gross_cent, const char *message, bool again)
{
    mt_payment payment = {.issuer = "TRADER", .number = number, .gross_cent = gross_cent};
    if (mt_payment_store_take(&t->cx, t->store, &payment, 1, message, again) != MT_OK)
        fail_msg("%s", t->cx.err);
    return payment;
}

static void payment__of_a_document_is_taken_once(void **state)
{
    testing *t = *state;
    mt_payment first = take(t, "GS-1", 100, "PAY-A", false);
    assert_int_equal(first.fate, MT_PAYMENT_TAKEN);
    assert_null(first.message_id);
    mt_payment second = take(t, "GS-1", 100, "PAY-B", false);
    assert_int_equal(second.fate, MT_PAYMENT_BEFORE);
    assert_string_equal(second.message_id, "PAY-A");
    assert_true(second.paid_at > 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document_payment WHERE message_id = 'PAY-A'"), 1);
}

static void payment__is_repeated_only_when_asked(void **state)
{
    testing *t = *state;
    take(t, "GS-1", 100, "PAY-A", false);
    mt_payment again = take(t, "GS-1", 100, "PAY-B", true);
    assert_int_equal(again.fate, MT_PAYMENT_TAKEN);
    assert_int_equal(again.amount_cent, 100);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document_payment WHERE message_id = 'PAY-B'"), 1);
    assert_int_equal(mt_payment_store_release(&t->cx, t->store, &again, 1, "PAY-B"), MT_OK);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM document_payment WHERE message_id = 'PAY-A'"), 1);
}

static void payment__that_is_released_can_be_taken(void **state)
{
    testing *t = *state;
    mt_payment first = take(t, "GS-1", 100, "PAY-A", false);
    assert_int_equal(mt_payment_store_release(&t->cx, t->store, &first, 1, "PAY-OTHER"), MT_OK);
    assert_int_equal(take(t, "GS-1", 100, "PAY-B", false).fate, MT_PAYMENT_BEFORE); /* not another's */
    assert_int_equal(mt_payment_store_release(&t->cx, t->store, &first, 1, "PAY-A"), MT_OK);
    assert_int_equal(take(t, "GS-1", 100, "PAY-B", false).fate, MT_PAYMENT_TAKEN);
}

static void payment__of_a_successor_is_the_difference(void **state)
{
    testing *t = *state;
    take(t, "GS-1", 100, "PAY-A", false);
    testing_must(t, "UPDATE document SET status = 'cancelled'");
    add(t, "GS-2", JUNE, 2, "issued");
    mt_payment less = take(t, "GS-2", 90, "PAY-B", false);
    assert_int_equal(less.fate, MT_PAYMENT_COVERED);
    assert_int_equal(less.amount_cent, -10);
    assert_string_equal(less.other, "GS-1");
    mt_payment more = take(t, "GS-2", 130, "PAY-B", false);
    assert_int_equal(more.fate, MT_PAYMENT_TAKEN);
    assert_int_equal(more.amount_cent, 30);
    testing_must(t, "UPDATE document SET status = 'void' WHERE number = 'GS-2'");
    add(t, "GS-3", JUNE, 3, "issued");
    assert_int_equal(take(t, "GS-3", 135, "PAY-C", false).amount_cent, 5); /* 100 + 30 + 5 */
    assert_int_equal(take(t, "GS-1", 100, "PAY-D", true).fate, MT_PAYMENT_GONE);
}

static void payment__of_days_cut_otherwise_is_left_to_a_person(void **state)
{
    testing *t = *state;
    take(t, "GS-1", 100, "PAY-A", false);
    testing_must(t, "UPDATE document SET status = 'cancelled'");
    add(t, "GS-2", JUNE8, 1, "issued");
    add(t, "GS-3", JULY, 1, "issued");
    mt_payment payment = take(t, "GS-2", 130, "PAY-B", true);
    assert_int_equal(payment.fate, MT_PAYMENT_BY_HAND);
    assert_string_equal(payment.other, "GS-1");
    assert_int_equal(take(t, "GS-3", 130, "PAY-B", false).amount_cent, 130);
}

enum { PAYERS = 4, EACH = 20 };

struct payer {
    pthread_t thread;
    mt_store *store;
    const char *url; /* NULL: the shared store */
    char message[16], number[EACH][16];
    mt_payment payment[EACH];
    mt_code code;
};

static void *run_payer(void *arg)
{
    struct payer *p = arg;
    mt_ctx cx;
    mt_store *own = NULL;
    const mt_store_options options = {.size = sizeof options, .url = p->url, .temp_dir = "/tmp"};
    mt_ctx_init(&cx, NULL);
    p->code = p->url ? mt_store_open(&cx, &own, &options) : MT_OK;
    if (p->code == MT_OK)
        p->code = mt_payment_store_take(&cx, own ? own : p->store, p->payment, EACH, p->message, false);
    mt_store_close(own);
    mt_ctx_close(&cx);
    return NULL;
}

/* Stores that know nothing of each other, as processes do, where the engine allows it. */
static void payment__goes_to_one_of_those_who_pay_at_once(void **state)
{
    testing *t = *state;
    struct payer p[PAYERS];
    int taken[EACH] = {0};
    for (int k = 0; k < EACH; k++) {
        char number[16], period[64];
        snprintf(number, sizeof number, "GS-X%d", k);
        snprintf(period, sizeof period, "DATE '2026-01-%02d', DATE '2026-01-%02d'", k + 1, k + 1);
        add(t, number, period, 1, "issued");
    }
    for (int k = 0; k < PAYERS; k++) {
        p[k] = (struct payer){.store = t->store, .url = t->backend->one_writer ? NULL : t->url};
        snprintf(p[k].message, sizeof p[k].message, "PAY-%d", k);
        for (int i = 0; i < EACH; i++) {
            snprintf(p[k].number[i], sizeof p[k].number[i], "GS-X%d", i);
            p[k].payment[i] = (mt_payment){.issuer = "TRADER", .number = p[k].number[i], .gross_cent = 100};
        }
        assert_int_equal(pthread_create(&p[k].thread, NULL, run_payer, &p[k]), 0);
    }
    for (int k = 0; k < PAYERS; k++) {
        pthread_join(p[k].thread, NULL);
        assert_int_equal(p[k].code, MT_OK);
        for (int i = 0; i < EACH; i++) taken[i] += p[k].payment[i].fate == MT_PAYMENT_TAKEN;
    }
    for (int i = 0; i < EACH; i++) assert_int_equal(taken[i], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(payment__of_a_document_is_taken_once, clear),
        cmocka_unit_test_setup(payment__is_repeated_only_when_asked, clear),
        cmocka_unit_test_setup(payment__that_is_released_can_be_taken, clear),
        cmocka_unit_test_setup(payment__of_a_successor_is_the_difference, clear),
        cmocka_unit_test_setup(payment__of_days_cut_otherwise_is_left_to_a_person, clear),
        cmocka_unit_test_setup(payment__goes_to_one_of_those_who_pay_at_once, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "payment_store");
}
