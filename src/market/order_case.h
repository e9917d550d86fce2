/* What the tests of this folder share: a small order source, and the reference file read with a few lines.
 *
 * Purpose   Included by tests only, after cmocka.h. Domain tests may not reach the readers of formats/, so
 *           the plain file shared/data/energy_market/energy_data.csv is read here, trusting it.
 */
#ifndef MT_MARKET_ORDER_CASE_H
#define MT_MARKET_ORDER_CASE_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terms/order.h"

enum { TEST_ROWS = 4096 };

/* Rows that are given out `batch` at a time. */
struct test_orders {
    size_t n, at, batch;
    mt_time time[TEST_ROWS];
    mt_micro price[TEST_ROWS];
    int64_t volume[TEST_ROWS];
    uint8_t side[TEST_ROWS];
};

static inline mt_code test_orders_next(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct test_orders *o = (struct test_orders *)self;
    size_t left = o->n - o->at, n = left < o->batch ? left : o->batch, at = o->at;
    (void)cx;
    *out = (mt_order_batch){
        .n = n, .time = o->time + at, .price = o->price + at, .volume = o->volume + at, .side = o->side + at};
    o->at += n;
    return MT_OK;
}

/* From the first row on. */
static inline mt_order_source test_orders_source(struct test_orders *o)
{
    o->at = 0;
    return (mt_order_source){.next = test_orders_next, .self = o};
}

static inline void test_orders_add(struct test_orders *o, mt_time t, mt_micro price, int64_t volume, int side)
{
    assert_true(o->n < TEST_ROWS);
    o->time[o->n] = t;
    o->price[o->n] = price;
    o->volume[o->n] = volume;
    o->side[o->n++] = (uint8_t)side;
}

/* A file below shared/; NULL, with a printed reason, where it is absent. */
static inline FILE *test_shared_open(const char *name)
{
    char path[1024];
    const char *shared = getenv("MERIT_SHARED");
    snprintf(path, sizeof path, "%s/%s", shared ? shared : "../shared", name);
    FILE *file = fopen(path, "r");
    if (!file) print_message("skipped: %s is not there\n", path);
    return file;
}

static inline mt_micro test_micro(const char *text)
{
    mt_micro value = MT_MICRO_NONE;
    if (*text) assert_true(mt_micro_parse(text, strlen(text), &value));
    return value;
}

/* The 2,975 orders of the reference file (source: its SOURCE.txt); false where it is absent. */
static inline bool test_read_energy_data(struct test_orders *o)
{
    char line[256];
    FILE *file = test_shared_open("data/energy_market/energy_data.csv");
    if (!file) return false;
    o->n = o->at = 0;
    o->batch = 500;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *field[4], *rest = line;
        mt_time t;
        bool has_offset;
        for (int k = 0; k < 4; k++) field[k] = strsep(&rest, ",\n");
        assert_true(mt_time_parse(field[0], strlen(field[0]), &t, &has_offset) && has_offset);
        test_orders_add(o, t, test_micro(field[1]), test_micro(field[2]),
                        tolower((unsigned char)*field[3]) == 'b' ? MT_BUY : MT_SELL);
    }
    fclose(file);
    assert_int_equal(o->n, 2975);
    return true;
}

#endif
