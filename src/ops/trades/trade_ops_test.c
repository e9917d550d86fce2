/* The trades API as operations, on a store of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "ops/files.h"
#include "ops/ops.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const mt_op mt_op_trade_add, mt_op_trade_import, mt_op_trade_list, mt_op_trade_report, mt_op_trade_pnl;

typedef struct fixture {
    mt_ctx cx;
    mt_world *world;
    mt_files files;
    char dir[64], url[96];
    mt_time now;
} fixture;

static mt_time tell_now(void *arg)
{
    return ((fixture *)arg)->now += MT_US_MINUTE;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    f->now = 1749362400 * MT_US_SECOND;
    snprintf(f->dir, sizeof f->dir, "/tmp/merit-trades-XXXXXX");
    if (!mkdtemp(f->dir)) return -1;
    snprintf(f->url, sizeof f->url, "duckdb:%s/store", f->dir);
    mt_ctx_init(&f->cx, NULL);
    mt_world_options options = {
        .size = sizeof options, .store_url = f->url, .now = tell_now, .arg = f, .workers = 1};
    *state = f;
    return mt_world_open(&f->cx, &f->world, &options) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    mt_world_close(f->world);
    mt_files_close(&f->files);
    mt_ctx_close(&f->cx);
    nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

enum { GIVEN_MAX = 12 };

static mt_code try_run(fixture *f, mt_table **table, const mt_op *op, const mt_given *given)
{
    void *args;
    mt_sink *sink;
    size_t n = 0;
    mt_opener opener = mt_files_opener(&f->files);
    while (given && n < GIVEN_MAX && given[n].name) n++;
    MT_TRY(mt_op_args(&f->cx, op, given, n, &opener, &args));
    MT_TRY(mt_table_sink(&f->cx, &sink, table, 0));
    mt_code code = op->run(&f->cx, f->world, args, sink);
    mt_sink_close(sink);
    return code;
}

static mt_table *run(fixture *f, const mt_op *op, const mt_given *given)
{
    mt_table *table = NULL;
    if (try_run(f, &table, op, given) != MT_OK) fail_msg("%s", f->cx.err);
    return table;
}

static const mt_given sale[GIVEN_MAX] = {{"id", "7"},
                                         {"price", "8129"},
                                         {"quantity", "5"},
                                         {"direction", "sell"},
                                         {"delivery_day", "2025-06-08"},
                                         {"delivery_hour", "08-09"},
                                         {"trader_id", "ann"},
                                         {"strategy", "swing"}};
enum { SALE = 8 };

/* The sale with one more argument. */
static const mt_given *sale_with(mt_given to[GIVEN_MAX], const char *name, const char *value)
{
    memset(to, 0, GIVEN_MAX * sizeof *to);
    size_t n = 0;
    for (size_t k = 0; k < SALE; k++)
        if (strcmp(sale[k].name, name) != 0) to[n++] = sale[k];
    to[n] = (mt_given){name, value};
    return to;
}

static void assert_text(const mt_table *table, size_t row, const char *column, const char *text)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    if (!mt_text_equal(value.as.text, text))
        fail_msg("%s is %.*s", column, (int)value.as.text.length, value.as.text.at);
}

static int64_t number(const mt_table *table, size_t row, const char *column)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    return value.as.integer;
}

static void trade_add__stores_a_trade_once(void **state)
{
    fixture *f = *state;
    mt_given given[GIVEN_MAX], idempotent[GIVEN_MAX];
    mt_table *table;
    const char *moment = "2025-06-07T15:03:44Z";
    assert_text(run(f, &mt_op_trade_add, sale_with(given, "execution_time", moment)), 0, "status", "new");
    assert_text(run(f, &mt_op_trade_add, given), 0, "status", "unchanged");      /* the same, told twice */
    assert_int_equal(try_run(f, &table, &mt_op_trade_add, sale), MT_E_CONFLICT); /* another moment: now */
    sale_with(idempotent, "idempotent", "true");
    assert_text(run(f, &mt_op_trade_add, idempotent), 0, "status", "unchanged");
    assert_int_equal(try_run(f, &table, &mt_op_trade_add, sale_with(given, "price", "1")), MT_E_CONFLICT);
    assert_non_null(strstr(f->cx.err, "another trade 7"));
    assert_int_equal(run(f, &mt_op_trade_list, NULL)->n, 1);
}

static void trade_add__refuses_what_is_no_trade(void **state)
{
    fixture *f = *state;
    mt_given given[GIVEN_MAX];
    mt_table *table;
    assert_int_equal(try_run(f, &table, &mt_op_trade_add, sale_with(given, "price", "81.29")), MT_E_INPUT);
    assert_non_null(strstr(f->cx.err, "euro-cents"));
    assert_int_equal(try_run(f, &table, &mt_op_trade_add, sale_with(given, "quantity", "0")), MT_E_INPUT);
    assert_int_equal(run(f, &mt_op_trade_list, NULL)->n, 0);
}

static mt_table *import(fixture *f, const char *path)
{
    const mt_given given[GIVEN_MAX] = {{"file", path}};
    return run(f, &mt_op_trade_import, given);
}

static int64_t head(const mt_table *table, const char *name)
{
    for (size_t k = 0; table->schema.head[k].name; k++)
        if (strcmp(table->schema.head[k].name, name) == 0) return table->head[k].as.integer;
    fail_msg("no %s", name);
    return -1;
}

static void trade_import__counts_what_it_did(void **state)
{
    fixture *f = *state;
    char path[96];
    mt_table *table = import(f, "tests/data/epex_trades_20250608.csv");
    assert_true(head(table, "rows") == 4 && head(table, "stored") == 4 && table->n == 0);
    table = import(f, "tests/data/epex_trades_20250608.csv");
    assert_true(head(table, "stored") == 0 && head(table, "unchanged") == 4);
    snprintf(path, sizeof path, "%s/late.csv", f->dir);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("trader_id;id;price;quantity;direction;delivery_day;delivery_hour;execution_time;strategy\n"
          "ann;101;1;5;sell;2025-06-08;08-09;2025-06-07T15:03:44Z;\n" /* 101 is another trade */
          "ann;105;100;5;sell;2025-06-08;09-10;2025-06-07T15:03:44Z;swing\n"
          "ann;105;100;5;sell;2025-06-08;09-10;2025-06-07T15:03:44Z;swing\n"
          "ann;106;1.5;5;sell;2025-06-08;09-10;2025-06-07T15:03:44Z;\n"
          "ann;107;100\n",
          out);
    fclose(out);
    table = import(f, path);
    assert_true(head(table, "rows") == 5 && head(table, "stored") == 1 && head(table, "unchanged") == 1);
    assert_true(head(table, "duplicates") == 1 && head(table, "rejected") == 2);
    assert_int_equal(table->n, 3);
    assert_int_equal(number(table, 0, "line"), 5);
    assert_text(table, 0, "id", "106");
    assert_text(table, 0, "status", "rejected");
    assert_int_equal(number(table, 2, "line"), 2);
    assert_text(table, 2, "status", "duplicate");
    assert_int_equal(run(f, &mt_op_trade_list, NULL)->n, 5);
}

static void trade_list__is_filtered(void **state)
{
    fixture *f = *state;
    import(f, "tests/data/epex_trades_20250608.csv");
    const mt_given ann[GIVEN_MAX] = {{"trader_id", "ann"}, {"delivery_day", "2025-06-08"}};
    const mt_given other_day[GIVEN_MAX] = {{"delivery_day", "2025-06-09"}};
    mt_table *table = run(f, &mt_op_trade_list, ann);
    assert_int_equal(table->n, 3);
    assert_text(table, 0, "id", "101");
    assert_int_equal(number(table, 1, "price_cent"), -350);
    assert_text(table, 2, "delivery_hour", "23-24");
    assert_text(table, 2, "source", "tests/data/epex_trades_20250608.csv");
    assert_int_equal(run(f, &mt_op_trade_list, other_day)->n, 0);
}

/* 5 x 81.29 - 3 x 79.50 = 167.95; 10 bought at -3.50 bring 35; 2 x 62 = 124. */
static void trade_report__has_every_hour_and_the_total(void **state)
{
    fixture *f = *state;
    import(f, "tests/data/epex_trades_20250608.csv");
    const mt_given day[GIVEN_MAX] = {{"delivery_day", "2025-06-08"}};
    mt_table *table = run(f, &mt_op_trade_report, day);
    assert_int_equal(table->n, 25);
    assert_text(table, 8, "hour", "08-09");
    assert_true(number(table, 8, "trades") == 2 && number(table, 8, "total_buy") == 3);
    assert_true(number(table, 8, "total_sell") == 5 && number(table, 8, "pnl") == 167950000);
    assert_true(number(table, 13, "pnl") == 35000000 && number(table, 9, "trades") == 0);
    assert_text(table, 24, "hour", "total");
    assert_true(number(table, 24, "trades") == 4 && number(table, 24, "total_buy") == 13);
    assert_true(number(table, 24, "total_sell") == 7 && number(table, 24, "pnl") == 326950000);
}

static void trade_report__has_25_hours_in_autumn(void **state)
{
    fixture *f = *state;
    mt_given given[GIVEN_MAX];
    const mt_given autumn[GIVEN_MAX] = {{"delivery_day", "2025-10-26"}};
    const mt_given spring[GIVEN_MAX] = {{"delivery_day", "2025-03-30"}};
    memcpy(given, sale, sizeof given);
    given[4].value = "2025-10-26";
    given[5].value = "02-03B";
    run(f, &mt_op_trade_add, given);
    mt_table *table = run(f, &mt_op_trade_report, autumn);
    assert_int_equal(table->n, 26);
    assert_text(table, 2, "hour", "02-03A");
    assert_text(table, 3, "hour", "02-03B");
    assert_true(number(table, 2, "trades") == 0 && number(table, 3, "trades") == 1);
    assert_int_equal(run(f, &mt_op_trade_report, spring)->n, 24);
}

static void trade_pnl__of_an_unknown_strategy_is_0(void **state)
{
    fixture *f = *state;
    const mt_given swing[GIVEN_MAX] = {{"strategy", "swing"}}, other[GIVEN_MAX] = {{"strategy", "none such"}};
    run(f, &mt_op_trade_add, sale);
    mt_table *table = run(f, &mt_op_trade_pnl, swing);
    assert_true(number(table, 0, "trades") == 1 && number(table, 0, "pnl") == 406450000);
    table = run(f, &mt_op_trade_pnl, other);
    assert_int_equal(table->n, 1);
    assert_text(table, 0, "strategy", "none such");
    assert_true(number(table, 0, "trades") == 0 && number(table, 0, "pnl") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trade_add__stores_a_trade_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_add__refuses_what_is_no_trade, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_import__counts_what_it_did, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_list__is_filtered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_report__has_every_hour_and_the_total, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_report__has_25_hours_in_autumn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trade_pnl__of_an_unknown_strategy_is_0, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("trade_ops", tests, NULL, NULL);
}
