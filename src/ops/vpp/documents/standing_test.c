/* Days settled again: nothing is billed twice, nothing that stands is forgotten. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "ops/ops.h"
#include "ops/vpp/desk_args.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const mt_op mt_op_vpp_invoice, mt_op_vpp_resettle, mt_op_vpp_correct, mt_op_vpp_documents,
    mt_op_vpp_book;

static const mt_time IN_JULY = 1751414400 * MT_US_SECOND; /* 2025-07-02T00:00Z */

typedef struct fixture {
    mt_ctx cx;
    mt_world *world;
    char dir[64], data[96], url[96], book[96];
    int versions; /* of contract files */
} fixture;

static mt_time tell_now(void *arg)
{
    (void)arg;
    return IN_JULY;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void mkdir_below(const fixture *f, const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->data, folder);
    mkdir(path, 0700);
}

static FILE *create(const fixture *f, const char *folder, const char *name)
{
    char path[256];
    mkdir_below(f, folder);
    snprintf(path, sizeof path, "%s/%s/%s", f->data, folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    return out;
}

/* A newer file of contracts with the columns "contract_end" and "price" of the one plant; end NULL: none. */
static void write_contract(fixture *f, const char *end, const char *price)
{
    char name[64];
    snprintf(name, sizeof name, "asset_contracts_202506%02d_043000.csv", 8 + f->versions++);
    FILE *out = create(f, "crm", name);
    fputs("contract_id,asset_id,metering_point_id,capacity(MW),technology,contract_begin,contract_end,"
          "price_model,price(EUR/MWh),fee_model,fee,fee_percent(%),email\n"
          "C2,SOL-2,MP-2,1.0,solar,2024-03-01,2024-03-02,fixed,1,fixed_as_produced,0,,a@example.org\n",
          out);
    if (price)
        fprintf(out, "C1,SOL-1,MP-1,1.0,solar,2024-03-01,%s,fixed,%s,fixed_as_produced,2.5,,a@example.org\n",
                end ? end : "", price);
    fclose(out);
}

/* 1 MW all through 2025-06-08 UTC, by meter and forecast; no model of history is made then. */
static void write_infeed(const fixture *f)
{
    FILE *out = create(f, "distribution_system_operator", "final_production_MP-1_20250609.csv");
    fputs("delivery_start__utc_,MP-1__kw_\n", out);
    for (int quarter = 0; quarter < 96; quarter++)
        fprintf(out, "2025-06-08 %02d:%02d:00.000000 UTC,1000.0\n", quarter / 4, quarter % 4 * 15);
    fclose(out);
    for (int asset = 1; asset <= 2; asset++) {
        char name[32];
        snprintf(name, sizeof name, "SOL-%d_1.json", asset);
        mkdir_below(f, "vpp");
        out = create(f, "vpp/forecasts", name);
        fprintf(out,
                "{\"key\": {\"asset_id\": \"SOL-%d\", \"type_id\": \"pv-forecast-real\"}, \"column_ids\": "
                "[\"start\", \"end\", \"version\", \"power\"], \"units\": [\"ms\", \"ms\", \"ms\", \"kW\"], "
                "\"values\": [[1749340800], [1749341700], [1749340800], [1000.0]]}",
                asset);
        fclose(out);
    }
}

static void write_parties(const fixture *f)
{
    FILE *out = create(f, "crm", "parties.json");
    fputs("{\"issuer\": {\"party_id\": \"ISSUER\", \"name\": \"Trader\", \"datev_account\": \"79999\"}, "
          "\"owners\": [{\"party_id\": \"a@example.org\", \"name\": \"Owner\", \"datev_account\": "
          "\"70001\"}]}",
          out);
    fclose(out);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    snprintf(f->dir, sizeof f->dir, "/tmp/merit-standing-XXXXXX");
    if (!mkdtemp(f->dir)) return -1;
    snprintf(f->data, sizeof f->data, "%s/data", f->dir);
    snprintf(f->url, sizeof f->url, "duckdb:%s/store", f->dir);
    snprintf(f->book, sizeof f->book, "%s/book.csv", f->dir);
    mt_ctx_init(&f->cx, NULL);
    mt_world_options options = {
        .size = sizeof options, .store_url = f->url, .now = tell_now, .arg = f, .workers = 1};
    if (mt_world_open(&f->cx, &f->world, &options) != MT_OK || mkdir(f->data, 0700) != 0) return -1;
    write_contract(f, NULL, "85.0");
    write_infeed(f);
    write_parties(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    mt_world_close(f->world);
    mt_ctx_close(&f->cx);
    nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* The month is delivered in part: what lacks quarters is told by every document of it. */
static bool lacks_quarters_alone(const mt_ctx *cx)
{
    return strstr(cx->err, "billed: 0, ") && strstr(cx->err, "stands: 0, ") &&
           strstr(cx->err, "valid: 0, ") && !strstr(cx->err, "lack quarters: 0");
}

/* `days`: "2025-06-08", or "2025-06" for the month. */
static mt_table *run(fixture *f, const mt_op *op, const char *days, mt_code expected)
{
    void *args;
    mt_sink *sink;
    mt_table *table;
    const mt_given given[] = {{strlen(days) == 7 ? "month" : "day", days},
                              {"data", f->data},
                              {"forms", "json"},
                              {"reason", "a test"}};
    const bool stored = op == &mt_op_vpp_documents || op == &mt_op_vpp_book;
    size_t n = stored ? 1 : op == &mt_op_vpp_correct ? 4 : op == &mt_op_vpp_invoice ? 3 : 2;
    if (mt_op_args(&f->cx, op, given, n, NULL, &args) != MT_OK) fail_msg("%s", f->cx.err);
    assert_int_equal(mt_table_sink(&f->cx, &sink, &table, 0), MT_OK);
    mt_code code = op->run(&f->cx, f->world, args, sink);
    if (code == MT_FINDINGS && expected == MT_OK && lacks_quarters_alone(&f->cx)) code = MT_OK;
    if (code != expected) fail_msg("%s: %d, %s", op->name, code, f->cx.err);
    mt_ctx_forgive(&f->cx);
    mt_sink_close(sink);
    return table;
}

static void assert_text(const mt_table *table, size_t row, const char *column, const char *text)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    if (!text && !value.present) return;
    assert_true(value.present);
    if (!text || !mt_text_equal(value.as.text, text))
        fail_msg("%s is %.*s", column, (int)value.as.text.length, value.as.text.at);
}

/* Exact micro-EUR, as cents. */
static void assert_cents(const mt_table *table, size_t row, const char *column, int64_t cents)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    assert_int_equal(value.as.integer, cents * 10000);
}

/* 22 h of 1 MWh, 2 of the next day: 85 - 2.5 EUR/MWh each. */
enum { DAY_CENTS = 181500, MONTH_CENTS = 198000 };

static void standing__a_month_after_its_day_is_told_and_not_billed_twice(void **state)
{
    fixture *f = *state;
    mt_table *day = run(f, &mt_op_vpp_invoice, "2025-06-08", MT_OK);
    assert_int_equal(day->n, 1);
    assert_cents(day, 0, "net_eur", DAY_CENTS);
    mt_table *month = run(f, &mt_op_vpp_invoice, "2025-06", MT_FINDINGS);
    assert_int_equal(month->n, 1);
    assert_text(month, 0, "status", "overlaps");
    assert_text(month, 0, "number", "GS-2025-000001");
    assert_int_equal(run(f, &mt_op_vpp_documents, "2025-06", MT_OK)->n, 1);
}

static void standing__a_day_after_its_month_is_told_and_correct_leaves_it(void **state)
{
    fixture *f = *state;
    assert_cents(run(f, &mt_op_vpp_invoice, "2025-06", MT_OK), 0, "net_eur", MONTH_CENTS);
    assert_text(run(f, &mt_op_vpp_invoice, "2025-06-08", MT_FINDINGS), 0, "status", "overlaps");
    assert_text(run(f, &mt_op_vpp_correct, "2025-06-08", MT_FINDINGS), 0, "status", "overlaps");
    assert_int_equal(run(f, &mt_op_vpp_resettle, "2025-06-08", MT_OK)->n, 0);
    assert_int_equal(run(f, &mt_op_vpp_documents, "2025-06", MT_OK)->n, 1);
}

static void standing__correct_puts_a_month_in_the_place_of_its_day(void **state)
{
    fixture *f = *state;
    (void)run(f, &mt_op_vpp_invoice, "2025-06-08", MT_OK);
    mt_table *done = run(f, &mt_op_vpp_correct, "2025-06", MT_OK);
    assert_int_equal(done->n, 2);
    assert_text(done, 0, "cancels", "GS-2025-000001");
    assert_cents(done, 0, "net_eur", -DAY_CENTS);
    assert_cents(done, 1, "net_eur", MONTH_CENTS);
    assert_int_equal(run(f, &mt_op_vpp_resettle, "2025-06", MT_OK)->n, 0);
    assert_text(run(f, &mt_op_vpp_invoice, "2025-06", MT_OK), 0, "status", "unchanged");
}

static void standing__a_contract_that_ends_earlier_is_listed_and_put_right(void **state)
{
    fixture *f = *state;
    (void)run(f, &mt_op_vpp_invoice, "2025-06", MT_OK);
    write_contract(f, "2025-06-08", "85.0");
    mt_table *list = run(f, &mt_op_vpp_resettle, "2025-06", MT_FINDINGS);
    assert_int_equal(list->n, 2);
    assert_text(list, 0, "number", NULL);
    assert_cents(list, 0, "difference_eur", DAY_CENTS);
    assert_text(list, 1, "number", "GS-2025-000001");
    assert_cents(list, 1, "difference_eur", -MONTH_CENTS);
    assert_int_equal(run(f, &mt_op_vpp_correct, "2025-06", MT_OK)->n, 2);
    assert_int_equal(run(f, &mt_op_vpp_resettle, "2025-06", MT_OK)->n, 0);
}

static void standing__a_contract_that_has_gone_is_listed_and_cancelled(void **state)
{
    fixture *f = *state;
    (void)run(f, &mt_op_vpp_invoice, "2025-06", MT_OK);
    write_contract(f, NULL, NULL);
    mt_table *list = run(f, &mt_op_vpp_resettle, "2025-06", MT_FINDINGS);
    assert_int_equal(list->n, 1);
    assert_cents(list, 0, "net_now_eur", 0);
    mt_table *done = run(f, &mt_op_vpp_correct, "2025-06", MT_OK);
    assert_int_equal(done->n, 1);
    assert_text(done, 0, "cancels", "GS-2025-000001");
    assert_int_equal(run(f, &mt_op_vpp_resettle, "2025-06", MT_OK)->n, 0);
}

static void standing__what_cannot_be_priced_any_more_is_listed_and_stays(void **state)
{
    fixture *f = *state;
    (void)run(f, &mt_op_vpp_invoice, "2025-06", MT_OK);
    write_contract(f, NULL, "");
    mt_table *list = run(f, &mt_op_vpp_resettle, "2025-06", MT_FINDINGS);
    assert_int_equal(list->n, 1);
    assert_false(mt_table_get(list, 0, mt_table_column(list, "net_now_eur")).present);
    assert_text(list, 0, "cause", "contract C1: price model fixed needs price, which the contract lacks");
    assert_text(run(f, &mt_op_vpp_correct, "2025-06", MT_FINDINGS), 0, "status", "error");
    assert_text(run(f, &mt_op_vpp_documents, "2025-06", MT_OK), 0, "status", "issued");
}

static void standing__a_contract_of_two_plants_is_told_and_neither_billed(void **state)
{
    fixture *f = *state;
    FILE *out = create(f, "crm", "asset_contracts_20250620_043000.csv");
    fputs("contract_id,asset_id,metering_point_id,capacity(MW),technology,contract_begin,contract_end,"
          "price_model,price(EUR/MWh),fee_model,fee,fee_percent(%),email\n"
          "C1,SOL-1,MP-1,1.0,solar,2024-03-01,,fixed,85.0,fixed_as_produced,2.5,,a@example.org\n"
          "C1,SOL-2,MP-2,1.0,solar,2024-03-01,,fixed,60.0,fixed_as_produced,2.5,,a@example.org\n",
          out);
    fclose(out);
    mt_table *told = run(f, &mt_op_vpp_invoice, "2025-06-08", MT_FINDINGS);
    assert_int_equal(told->n, 2);
    assert_text(told, 0, "fault",
                "contract C1 stands for SOL-1 and SOL-2: documents are kept by contract, so each plant needs "
                "a contract_id of its own");
    assert_text(told, 1, "status", "error");
}

static void standing__without_an_issuer_no_number_is_taken(void **state)
{
    fixture *f = *state;
    char path[256];
    snprintf(path, sizeof path, "%s/crm/parties.json", f->data);
    assert_int_equal(remove(path), 0);
    mt_table *told = run(f, &mt_op_vpp_invoice, "2025-06-08", MT_FINDINGS);
    assert_text(told, 0, "status", "draft");
    assert_text(told, 0, "number", NULL);
    assert_int_equal(run(f, &mt_op_vpp_documents, "2025-06", MT_OK)->n, 0);
    write_parties(f);
    assert_text(run(f, &mt_op_vpp_invoice, "2025-06-08", MT_OK), 0, "number", "GS-2025-000001");
}

static void standing__the_issuer_does_not_bill_himself(void **state)
{
    fixture *f = *state;
    FILE *out = create(f, "crm", "asset_contracts_20250620_043000.csv");
    fputs("contract_id,asset_id,metering_point_id,capacity(MW),technology,contract_begin,contract_end,"
          "price_model,price(EUR/MWh),fee_model,fee,fee_percent(%),email,owner_id\n"
          "C1,SOL-1,MP-1,1.0,solar,2024-03-01,,fixed,85.0,fixed_as_produced,2.5,,a@example.org,ISSUER\n",
          out);
    fclose(out);
    mt_table *told = run(f, &mt_op_vpp_invoice, "2025-06-08", MT_FINDINGS);
    assert_text(told, 0, "fault", "contract C1: its owner_id is the issuer, and nobody bills himself");
}

static void standing__days_until_payment_are_days_to_come(void **state)
{
    fixture *f = *state;
    static const char *const wrong[] = {"-5", "0", "99999999999"};
    for (size_t k = 0; k < 3; k++) {
        void *args;
        const mt_given given[] = {{"day", "2025-06-08"}, {"data", f->data}, {"due_days", wrong[k]}};
        assert_int_equal(mt_op_args(&f->cx, &mt_op_vpp_invoice, given, 3, NULL, &args), MT_OK);
        assert_int_equal(mt_op_vpp_invoice.run(&f->cx, f->world, args, NULL), MT_E_INPUT);
        mt_ctx_forgive(&f->cx);
    }
}

static void standing__books_hold_what_was_cancelled_beside_its_cancellation(void **state)
{
    fixture *f = *state;
    (void)run(f, &mt_op_vpp_invoice, "2025-06", MT_OK);
    write_contract(f, NULL, "86.0");
    (void)run(f, &mt_op_vpp_correct, "2025-06", MT_OK);
    mt_sink *sink;
    mt_table *table;
    const struct mt_desk_args args = {.month = "2025-06",
                                      .day = MT_DAY_NONE,
                                      .until = MT_DAY_NONE,
                                      .adviser = 1001,
                                      .client = 1,
                                      .into = {.path = f->book}};
    assert_int_equal(mt_table_sink(&f->cx, &sink, &table, 0), MT_OK);
    if (mt_op_vpp_book.run(&f->cx, f->world, &args, sink) != MT_OK) fail_msg("%s", f->cx.err);
    mt_sink_close(sink);
    assert_int_equal(mt_table_get(table, 0, mt_table_column(table, "documents")).as.integer, 3);
    assert_cents(table, 0, "net_eur", MONTH_CENTS + 2400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(standing__a_month_after_its_day_is_told_and_not_billed_twice, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__a_day_after_its_month_is_told_and_correct_leaves_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__correct_puts_a_month_in_the_place_of_its_day, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__a_contract_that_ends_earlier_is_listed_and_put_right,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(standing__a_contract_that_has_gone_is_listed_and_cancelled, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__what_cannot_be_priced_any_more_is_listed_and_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__a_contract_of_two_plants_is_told_and_neither_billed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standing__without_an_issuer_no_number_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standing__the_issuer_does_not_bill_himself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standing__days_until_payment_are_days_to_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standing__books_hold_what_was_cancelled_beside_its_cancellation,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
