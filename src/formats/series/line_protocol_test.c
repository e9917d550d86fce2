/* Tests of line protocol: what a line names, every kind of value, and bad lines beside good ones. */
#include "formats/series/line_protocol.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW  mt_time_of((mt_civil){2024, 6, 1, 12, 0, 0, 0})
#define THEN mt_time_of((mt_civil){2024, 6, 1, 0, 0, 0, 0})
#define AT   " 1717200000000000000\n"

enum { KEPT_MAX = 40000 };

static mt_observation kept[KEPT_MAX];
static char payload[KEPT_MAX][80];
static uint64_t bad_line[KEPT_MAX];
static char reason[KEPT_MAX][120];
static size_t n_kept, n_bad;

static mt_code read_all(mt_ctx *cx, mt_lines *lines)
{
    mt_line_batch batch;
    n_kept = n_bad = 0;
    for (;;) {
        MT_TRY(mt_lines_next(cx, lines, &batch));
        if (batch.n == 0 && batch.n_fault == 0) return MT_OK;
        assert_true(batch.n_fault <= MT_LINE_FAULTS_MAX);
        for (size_t k = 0; k < batch.n && n_kept < KEPT_MAX; k++, n_kept++) {
            kept[n_kept] = batch.at[k];
            snprintf(payload[n_kept], sizeof payload[0], "%s",
                     batch.at[k].payload != NULL ? batch.at[k].payload : "");
        }
        for (size_t k = 0; k < batch.n_fault && n_bad < KEPT_MAX; k++, n_bad++) {
            bad_line[n_bad] = batch.fault[k].line;
            snprintf(reason[n_bad], sizeof reason[0], "%s", batch.fault[k].reason);
        }
    }
}

static void read_sized(mt_ctx *cx, mt_lines *lines, const char *at, size_t n, mt_line_precision precision)
{
    char *exact = malloc(n > 0 ? n : 1); /* of exactly that size, so that a sanitizer sees a step too far */
    assert_non_null(exact);
    memcpy(exact, at, n);
    mt_lines_text(lines, (mt_text){exact, n}, precision, NOW);
    mt_code code = read_all(cx, lines);
    if (code != MT_OK) fail_msg("%s", cx->err);
    free(exact);
}

typedef struct desk {
    mt_ctx cx;
    mt_lines *lines;
} desk;

static void open_desk(desk *d)
{
    mt_ctx_init(&d->cx, NULL);
    assert_int_equal(mt_lines_open(&d->cx, &d->lines, "lines"), MT_OK);
}

static void close_desk(desk *d)
{
    mt_lines_close(d->lines);
    mt_ctx_close(&d->cx);
}

static void read_lines(desk *d, const char *text)
{
    read_sized(&d->cx, d->lines, text, strlen(text), MT_LINE_NS);
}

static void assert_name(size_t k, const char *kind, const char *area, const char *detail, double value)
{
    assert_true(k < n_kept);
    assert_string_equal(kept[k].kind, kind);
    assert_string_equal(kept[k].area, area);
    assert_string_equal(kept[k].detail, detail);
    assert_true(kept[k].value == value);
}

static void line_protocol__names_a_series_by_measurement_and_tags(void **state)
{
    (void)state;
    desk d;
    open_desk(&d);
    read_lines(&d, "meter,site=north,device=m17,room=cellar energy=1.5,power=3i" AT
                   "load,area=DK1,unit=MWh value=1000" AT "production,area=DK1 Wind=5" AT "load value=2" AT
                   "temp value=3" AT "cpu,host=pc1,name=x idle=99.5" AT);
    assert_int_equal(n_bad, 0);
    assert_name(0, "reading", "m17", "meter.energy;room=cellar;site=north", 1.5);
    assert_name(1, "reading", "m17", "meter.power;room=cellar;site=north", 3);
    assert_name(2, "load", "DK1", "", 1000);
    assert_string_equal(kept[2].unit, "MWh");
    assert_name(3, "production", "DK1", "Wind", 5);
    assert_name(4, "load", "load", "", 2);
    assert_name(5, "reading", "temp", "temp", 3);
    assert_name(6, "reading", "pc1", "cpu.idle;name=x", 99.5);
    assert_string_equal(kept[0].source, "lines");
    assert_int_equal(kept[0].start, THEN);
    assert_int_equal(kept[0].known_at, NOW);
    assert_int_equal(kept[0].step, 0);
    close_desk(&d);
}

static void line_protocol__gives_equal_names_equal_addresses(void **state)
{
    (void)state;
    desk d;
    open_desk(&d);
    read_lines(&d, "m,a=1,device=x v=1\nm,device=x,a=1 v=2\n");
    assert_ptr_equal(kept[0].detail, kept[1].detail);
    assert_ptr_equal(kept[0].area, kept[1].area);
    const char *area = kept[0].area;
    read_lines(&d, "other,device=x v=1\n");
    assert_ptr_equal(kept[0].area, area);
    close_desk(&d);
}

static void line_protocol__reads_every_kind_of_value(void **state)
{
    (void)state;
    static const double value[] = {1, -1.5e3, 3, 7, 1, 0, 1, 0, 1, 0.25};
    desk d;
    open_desk(&d);
    read_lines(&d, "m a=1,b=-1.5e+3,c=3i,d=7u,e=t,f=F,g=true,h=False,i=TRUE,j=.25\n");
    assert_int_equal(n_bad, 0);
    assert_int_equal(n_kept, sizeof value / sizeof *value);
    for (size_t k = 0; k < n_kept; k++) assert_true(kept[k].value == value[k]);
    close_desk(&d);
}

static void line_protocol__puts_texts_into_the_payload(void **state)
{
    (void)state;
    desk d;
    open_desk(&d);
    read_lines(&d, "m v=1,s=\"a \\\"b\\\", c=\\\\\",w=2" AT "m v=1,s=\"two\nlines\"" AT "m v=3" AT);
    assert_int_equal(n_bad, 0);
    assert_int_equal(n_kept, 4);
    assert_string_equal(payload[0], "{\"s\":\"a \\\"b\\\", c=\\\\\"}");
    assert_string_equal(payload[1], payload[0]);
    assert_string_equal(payload[2], "{\"s\":\"two\\u000alines\"}");
    assert_int_equal(kept[2].start, THEN);
    assert_string_equal(payload[3], "");
    close_desk(&d);
}

static void line_protocol__takes_backslashes_off(void **state)
{
    (void)state;
    desk d;
    open_desk(&d);
    read_lines(&d, "my\\ meter\\,x,device=north\\ side,k\\=1=a\\,b power\\ now=1 1717200000000000000\n"
                   "m,device=c:\\dir v=1\n");
    assert_int_equal(n_bad, 0);
    assert_name(0, "reading", "north side", "my meter,x.power now;k=1=a,b", 1);
    assert_name(1, "reading", "c:\\dir", "m.v", 1);
    close_desk(&d);
}

static void line_protocol__passes_over_comments_blanks_and_returns(void **state)
{
    (void)state;
    desk d;
    open_desk(&d);
    read_lines(&d, "\xEF\xBB\xBF# a comment\r\n\r\n   \n m v=1  1717200000000000000  \r\nm v=2\r\nm v=x\n");
    assert_int_equal(n_kept, 2);
    assert_int_equal(kept[0].start, THEN);
    assert_int_equal(kept[1].start, NOW);
    assert_int_equal(n_bad, 1);
    assert_int_equal(bad_line[0], 6);
    close_desk(&d);
}

static void line_protocol__reads_times_in_the_callers_precision(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mt_line_precision precision;
        mt_time start;
    } cases[] = {{"m v=1 1717200000000001999", MT_LINE_NS, 1717200000000001},
                 {"m v=1 -1", MT_LINE_NS, -1},
                 {"m v=1 1717200000000001", MT_LINE_US, 1717200000000001},
                 {"m v=1 1717200000001", MT_LINE_MS, 1717200000001000},
                 {"m v=1 1717200000", MT_LINE_S, 1717200000000000}};
    desk d;
    open_desk(&d);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        read_sized(&d.cx, d.lines, cases[k].text, strlen(cases[k].text), cases[k].precision);
        assert_int_equal(n_kept, 1);
        assert_int_equal(kept[0].start, cases[k].start);
    }
    read_sized(&d.cx, d.lines, "m v=1 1717200000000000000", 25, MT_LINE_S);
    assert_int_equal(n_kept, 0);
    assert_string_equal(reason[0], "the time lies outside the years 1 to 9999");
    close_desk(&d);
}

static void line_protocol__tells_why_a_line_is_bad(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"m", "no fields; expected measurement,tag=value field=1.5 time"},
        {",a=1 v=1", "no measurement"},
        {"m,a v=1", "a tag has no name or no ="},
        {"m,=1 v=1", "a tag has no name or no ="},
        {"m,a= v=1", "a tag has no value"},
        {"m,a=1,a=2 v=1", "a tag stands twice"},
        {"m v", "a field has no ="},
        {"m =1", "a field has no name"},
        {"m v=", "a field has no value"},
        {"m v=1,", "a field has no ="},
        {"m v=1 soon", "the time is no whole number of 64 bits"},
        {"m v=1 99999999999999999999", "the time is no whole number of 64 bits"},
        {"m v=NaN", "a value is neither a number nor true nor false nor a text"},
        {"m v=1e999", "a number is too large or too long"},
        {"m v=1.5i", "a whole number has a point"},
        {"m v=9223372036854775808i", "a whole number does not fit 64 bits"},
        {"m v=-1u", "a whole number does not fit 64 bits"},
        {"m v=1x", "a comma or a blank is expected behind a value"},
        {"m v=\"x", "a text has no closing quote"},
        {"m v=\"x\"", "only texts; expected a field with a number"},
        {"m,a=\xff v=1", "measurement or tags are no UTF-8"},
    };
    desk d;
    open_desk(&d);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char text[200];
        snprintf(text, sizeof text, "m v=1\n%s\nm v=2\n", wrong[k][0]);
        read_lines(&d, text);
        assert_int_equal(n_bad, 1);
        assert_string_equal(reason[0], wrong[k][1]);
        assert_int_equal(bad_line[0], 2);
        assert_int_equal(n_kept, 2);
        assert_true(kept[1].value == 2);
    }
    close_desk(&d);
}

static void line_protocol__gives_all_lines_of_a_long_text(void **state)
{
    (void)state;
    enum { LINES = 10000 };
    desk d;
    char *text = malloc(LINES * 64);
    size_t n = 0;
    assert_non_null(text);
    for (int k = 0; k < LINES; k++)
        n += (size_t)snprintf(text + n, 64, k % 100 == 7 ? "broken %d\n" : "m,device=d%d a=%d,b=2 %d\n",
                              k % 50, k, k);
    open_desk(&d);
    read_sized(&d.cx, d.lines, text, n, MT_LINE_S);
    assert_int_equal(n_kept, 2 * (LINES - LINES / 100));
    assert_int_equal(n_bad, LINES / 100);
    assert_int_equal(bad_line[99], 9908);
    assert_true(kept[n_kept - 2].value == LINES - 1);
    close_desk(&d);
    free(text);
}

static void line_protocol__bears_hostile_lines(void **state)
{
    (void)state;
    enum { LARGE = 2 << 20 };
    desk d;
    char *text = malloc(LARGE);
    assert_non_null(text);
    open_desk(&d);
    memset(text, '\\', LARGE);
    read_sized(&d.cx, d.lines, text, LARGE, MT_LINE_NS);
    assert_int_equal(n_bad, 1);
    memset(text, 'x', LARGE);
    text[LARGE / 2] = ' ';
    read_sized(&d.cx, d.lines, text, LARGE, MT_LINE_NS);
    assert_string_equal(reason[0], "measurement and tags are longer than 64 KiB");
    for (size_t k = 0; k < LARGE; k++) text[k] = "a=1,"[(k + 2) % 4];
    memcpy(text, "m ", 2);
    read_sized(&d.cx, d.lines, text, LARGE, MT_LINE_NS);
    assert_string_equal(reason[0], "more than 4096 fields");
    free(text);
    close_desk(&d);
}

static void line_protocol__refuses_more_names_than_it_can_keep(void **state)
{
    (void)state;
    desk d;
    mt_line_batch batch;
    mt_code code = MT_OK;
    char *text = malloc((size_t)40 << 20);
    size_t n = 0;
    assert_non_null(text);
    for (int k = 0; k <= MT_LINE_SERIES_MAX; k++) n += (size_t)snprintf(text + n, 40, "m,d=%d v=1\n", k);
    open_desk(&d);
    mt_lines_text(d.lines, (mt_text){text, n}, MT_LINE_NS, NOW);
    do {
        code = mt_lines_next(&d.cx, d.lines, &batch);
    } while (code == MT_OK && (batch.n > 0 || batch.n_fault > 0));
    assert_int_equal(code, MT_E_TOO_LARGE);
    assert_non_null(strstr(d.cx.err, "1048576 different series and fields"));
    close_desk(&d);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_protocol__names_a_series_by_measurement_and_tags),
        cmocka_unit_test(line_protocol__gives_equal_names_equal_addresses),
        cmocka_unit_test(line_protocol__reads_every_kind_of_value),
        cmocka_unit_test(line_protocol__puts_texts_into_the_payload),
        cmocka_unit_test(line_protocol__takes_backslashes_off),
        cmocka_unit_test(line_protocol__passes_over_comments_blanks_and_returns),
        cmocka_unit_test(line_protocol__reads_times_in_the_callers_precision),
        cmocka_unit_test(line_protocol__tells_why_a_line_is_bad),
        cmocka_unit_test(line_protocol__gives_all_lines_of_a_long_text),
        cmocka_unit_test(line_protocol__bears_hostile_lines),
        cmocka_unit_test(line_protocol__refuses_more_names_than_it_can_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
