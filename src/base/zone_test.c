/* Tests of time zones: against the C library over every zone of the system, golden nights, damaged files. */
#include "base/zone.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/ctx_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const SOME_ZONE[] = {
    "UTC", "Europe/Berlin", "Europe/Copenhagen", "Europe/London", "Europe/Madrid", "Europe/Dublin",
    "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns", "America/New_York", "Asia/Kathmandu",
    "America/Sao_Paulo", "Pacific/Apia", "Atlantic/Azores", "Asia/Gaza", "America/Scoresbysund",
    "Africa/Cairo",
};

/* The C library is the oracle: another reader of the same files. */
static void check_instant(const mt_zone *zone, mt_time t)
{
    time_t seconds = t / MT_US_SECOND;
    struct tm tm;
    localtime_r(&seconds, &tm);
    mt_civil c = mt_zone_civil(zone, t);
    bool same = c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 && c.day == tm.tm_mday &&
                c.hour == tm.tm_hour && c.minute == tm.tm_min && c.second == tm.tm_sec;
    same = same && mt_zone_offset_s(zone, t) == tm.tm_gmtoff;
    if (!same || strcmp(mt_zone_abbreviation(zone, t), tm.tm_zone) != 0)
        fail_msg("%s at %lld: %d %s, the C library says %ld %s", mt_zone_name(zone), (long long)seconds,
                 mt_zone_offset_s(zone, t), mt_zone_abbreviation(zone, t), tm.tm_gmtoff, tm.tm_zone);
    mt_time back[2] = {0, 0};
    int n = mt_zone_instants(zone, c, back);
    if (!(n >= 1 && back[0] == t) && !(n == 2 && back[1] == t))
        fail_msg("%s at %lld is not found again", mt_zone_name(zone), (long long)seconds);
    if (n == 2) assert_true(back[0] < back[1]);
}

static void check_zone(mt_ctx *cx, const char *name, bool every_hour)
{
    const mt_zone *zone = case_zone(cx, name);
    setenv("TZ", name, 1);
    tzset();
    /* A step that is no divisor of a day meets all hours. */
    for (mt_time t = case_at("1900-01-01T00:00Z"); t < case_at("2105-01-01T00:00Z");
         t += 1234567 * MT_US_SECOND)
        check_instant(zone, t);
    if (!every_hour) return;
    for (mt_time t = case_at("2024-12-28T00:00Z"); t < case_at("2026-01-04T00:00Z"); t += MT_US_HOUR)
        check_instant(zone, t);
    for (mt_time t = case_at("2050-01-01T00:00Z"); t < case_at("2051-01-01T00:00Z"); t += MT_US_HOUR)
        check_instant(zone, t);
}

static void zone__agrees_with_the_c_library_in_every_zone(void **state)
{
    mt_ctx *cx = *state;
    for (size_t k = 0; k < COUNT(SOME_ZONE); k++) check_zone(cx, SOME_ZONE[k], true);
    FILE *list = fopen("/usr/share/zoneinfo/zone1970.tab", "r");
    char line[512];
    size_t zones = 0;
    while (list && fgets(line, sizeof line, list)) {
        char name[64];
        if (line[0] != '#' && sscanf(line, "%*s %*s %63s", name) == 1) {
            check_zone(cx, name, false);
            zones++;
        }
    }
    if (list) {
        fclose(list);
        assert_true(zones > 300);
    }
    unsetenv("TZ");
    tzset();
}

static void check_wall(const mt_zone *zone, const char *wall, const char *first, const char *second)
{
    mt_time out[2];
    int expected = (first != NULL) + (second != NULL);
    int n = mt_zone_instants(zone, mt_time_civil(case_at(wall)), out);
    if (n != expected) fail_msg("%s %s: %d instants", mt_zone_name(zone), wall, n);
    if (first) assert_int_equal(out[0], case_at(first));
    if (second) assert_int_equal(out[1], case_at(second));
}

static void zone__finds_none_one_or_both_instants_of_a_wall_clock(void **state)
{
    const mt_zone *berlin = case_zone(*state, "Europe/Berlin");
    check_wall(berlin, "2025-03-30 02:00", NULL, NULL);
    check_wall(berlin, "2025-03-30 02:59:59.999999", NULL, NULL);
    check_wall(berlin, "2025-03-30 01:59:59", "2025-03-30T00:59:59Z", NULL);
    check_wall(berlin, "2025-03-30 03:00", "2025-03-30T01:00Z", NULL);
    check_wall(berlin, "2025-10-26 02:00", "2025-10-26T00:00Z", "2025-10-26T01:00Z");
    check_wall(berlin, "2025-10-26 02:59:59.5", "2025-10-26T00:59:59.5Z", "2025-10-26T01:59:59.5Z");
    check_wall(berlin, "2025-10-26 03:00", "2025-10-26T02:00Z", NULL);
    check_wall(berlin, "2050-10-30 02:30", "2050-10-30T00:30Z", "2050-10-30T01:30Z");
    check_wall(berlin, "2050-03-27 02:30", NULL, NULL);
    const mt_zone *lord_howe = case_zone(*state, "Australia/Lord_Howe"); /* half an hour of summer time */
    check_wall(lord_howe, "2025-04-06 01:45", "2025-04-05T14:45Z", "2025-04-05T15:15Z");
    check_wall(lord_howe, "2025-10-05 02:15", NULL, NULL);
    const mt_zone *dublin = case_zone(*state, "Europe/Dublin"); /* winter is the exception, by law */
    check_wall(dublin, "2025-10-26 01:30", "2025-10-26T00:30Z", "2025-10-26T01:30Z");
    assert_string_equal(mt_zone_abbreviation(dublin, case_at("2060-07-01T00:00Z")), "IST");
    assert_string_equal(mt_zone_abbreviation(dublin, case_at("2060-01-01T00:00Z")), "GMT");
}

static void zone__names_winter_and_summer(void **state)
{
    const mt_zone *berlin = case_zone(*state, "Europe/Berlin");
    assert_string_equal(mt_zone_name(berlin), "Europe/Berlin");
    assert_string_equal(mt_zone_abbreviation(berlin, case_at("2025-01-01T00:00Z")), "CET");
    assert_string_equal(mt_zone_abbreviation(berlin, case_at("2099-07-01T00:00Z")), "CEST");
    assert_int_equal(mt_zone_offset_s(berlin, case_at("2025-03-30T00:59:59.999999Z")), 3600);
    assert_int_equal(mt_zone_offset_s(berlin, case_at("2025-03-30T01:00:00Z")), 7200);
    assert_int_equal(mt_zone_offset_s(berlin, case_at("1880-01-01T00:00Z")), 3208); /* local mean time */
    assert_int_equal(mt_zone_civil(berlin, case_at("1969-12-31T23:59:59.25Z")).micro, 250000);
}

static void zone__suggests_the_nearest_name(void **state)
{
    mt_ctx *cx = *state;
    static const struct { const char *asked, *meant; } row[] = {
        {"Europe/Berln", "Europe/Berlin"}, {"Berlin", "Europe/Berlin"}, {"europe/madrid", "Europe/Madrid"},
        {"Copenhagen", "Europe/Copenhagen"}, {"America/Argentina/Ushuaja", "America/Argentina/Ushuaia"}};
    for (size_t k = 0; k < COUNT(row); k++) {
        const mt_zone *zone = NULL;
        assert_int_equal(mt_zone_read(cx, &zone, row[k].asked, NULL), MT_E_ABSENT);
        if (!strstr(cx->err, row[k].meant)) fail_msg("%s", cx->err);
        assert_null(zone);
    }
    const mt_zone *zone;
    assert_int_equal(mt_zone_read(cx, &zone, "Qqqqqqqqqq/Xxxxxxxxxx", NULL), MT_E_ABSENT);
    assert_non_null(strstr(cx->err, "right would be a name such as Europe/Berlin"));
    assert_int_equal(mt_zone_read(cx, &zone, "Europe/Berlin", "/nonexistent/zoneinfo"), MT_E_ABSENT);
    assert_non_null(strstr(cx->err, "tzdata"));
}

static void zone__refuses_names_that_leave_the_directory(void **state)
{
    mt_ctx *cx = *state;
    static const char *const name[] = {"", "/etc/passwd", "../etc/passwd", "Europe/../../passwd", "a\nb",
                                       "Europe/./Berlin", "Europe//Berlin", "Europe/", ".hidden", "Ber lin"};
    for (size_t k = 0; k < COUNT(name); k++) {
        const mt_zone *zone;
        if (mt_zone_read(cx, &zone, name[k], NULL) != MT_E_INPUT) fail_msg("accepted: %s", name[k]);
    }
    char longest[400];
    memset(longest, 'A', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    const mt_zone *zone;
    assert_int_equal(mt_zone_read(cx, &zone, longest, NULL), MT_E_INPUT);
    assert_int_equal(mt_zone_read(cx, &zone, "Europe", NULL), MT_E_INPUT); /* a directory */
}

/* A version 2 file with two local times, one change and the given footer; returns its length. */
static size_t make_file(uint8_t *out, const char *footer)
{
    static const uint8_t header[44] = {'T', 'Z', 'i', 'f', '2', [31] = 0, [35] = 1, [39] = 2, [43] = 8};
    static const uint8_t rest[] = {0, 0, 0, 0x0E, 0x10, 0, 0,  0, 0, 0x1C, 0x20, 1, 4,
                                   'C', 'E', 'T', 0, 'E', 'E', 'T', 0};
    size_t n = 0;
    memcpy(out, header, 44);
    n += 44;
    memcpy(out + n, "\0\0\0\0", 4); /* one change at 1970, 32 bits wide */
    memcpy(out + n + 4, rest, sizeof rest);
    n += 4 + sizeof rest;
    memcpy(out + n, header, 44);
    n += 44;
    memcpy(out + n, "\0\0\0\0\0\0\0\0", 8);
    memcpy(out + n + 8, rest, sizeof rest);
    n += 8 + sizeof rest;
    out[n++] = '\n';
    memcpy(out + n, footer, strlen(footer));
    n += strlen(footer);
    out[n++] = '\n';
    return n;
}

static void zone__follows_every_form_of_posix_rule(void **state)
{
    mt_ctx *cx = *state;
    static const struct { const char *rule, *instant; int32_t offset_s; const char *abbreviation; } row[] = {
        {"", "2040-07-01T00:00Z", 3600, "CET"}, /* no rule: the last local time goes on */
        {"<+03>-3", "2040-07-01T00:00Z", 10800, "+03"},
        {"XYZ5:30:15", "2040-07-01T00:00Z", -19815, "XYZ"},
        {"EST5EDT,M3.2.0,M11.1.0", "2040-03-11T06:59:59Z", -18000, "EST"},
        {"EST5EDT,M3.2.0,M11.1.0", "2040-03-11T07:00:00Z", -14400, "EDT"},
        {"EST5EDT,M3.2.0,M11.1.0", "2040-11-04T05:59:59Z", -14400, "EDT"},
        {"EST5EDT,M3.2.0,M11.1.0", "2040-11-04T06:00:00Z", -18000, "EST"},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T00:59:59Z", -7200, "-02"}, /* Greenland */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-03-25T01:00:00Z", -3600, "-01"},
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-22T23:59:59Z", 7200, "IST"}, /* Jerusalem: 26 o'clock */
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-23T00:00:00Z", 10800, "IDT"},
        {"AAA0BBB,J60/0,J61/0", "2040-02-29T12:00Z", 0, "AAA"}, /* J60 is 1 March in every year */
        {"AAA0BBB,J60/0,J61/0", "2040-03-01T12:00Z", 3600, "BBB"},
        {"AAA0BBB,J60/0,J61/0", "2041-03-01T12:00Z", 3600, "BBB"},
        {"AAA0BBB,59/0,60/0", "2040-02-29T12:00Z", 3600, "BBB"}, /* day 59 counts 29 February */
        {"AAA0BBB,59/0,60/0", "2041-03-01T12:00Z", 3600, "BBB"},
        {"XXX-2<+01>-1,0/0,J365/23", "2040-01-01T00:00Z", 3600, "+01"}, /* RFC 8536, 3.3: summer all year */
        {"XXX-2<+01>-1,0/0,J365/23", "2040-12-31T23:59:59Z", 3600, "+01"},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-01-01T00:00Z", 0, "GMT"}, /* negative summer time */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-07-01T00:00Z", 3600, "IST"},
        {"AAA3BBB2:30,M9.1.6/24,M4.1.6/24", "2040-01-01T00:00Z", -9000, "BBB"}, /* south of the equator */
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        uint8_t file[512];
        const mt_zone *zone;
        size_t n = make_file(file, row[k].rule);
        if (mt_zone_parse(cx, &zone, "Made/Up", file, n) != MT_OK) fail_msg("%s: %s", row[k].rule, cx->err);
        mt_time t = case_at(row[k].instant);
        if (mt_zone_offset_s(zone, t) != row[k].offset_s ||
            strcmp(mt_zone_abbreviation(zone, t), row[k].abbreviation) != 0)
            fail_msg("%s at %s: %d %s", row[k].rule, row[k].instant, mt_zone_offset_s(zone, t),
                     mt_zone_abbreviation(zone, t));
    }
}

static void zone__refuses_rules_it_would_have_to_guess(void **state)
{
    mt_ctx *cx = *state;
    static const char *const rule[] = {
        "CE-1", "CET", "CET-25", "<CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J60", "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0 ", "CET-1:60", "CET-1CEST,M3.5.0/,M10.5.0",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ-1", "CET-99999999999999999999",
    };
    for (size_t k = 0; k < COUNT(rule); k++) {
        uint8_t file[512];
        const mt_zone *zone;
        size_t n = make_file(file, rule[k]);
        if (mt_zone_parse(cx, &zone, "Made/Up", file, n) != MT_E_INPUT) fail_msg("accepted: %s", rule[k]);
        assert_string_equal(cx->err, "zone file Made/Up is damaged: its footer holds no POSIX rule");
    }
}

/* Where version 2 keeps its second block: the header begins at 69, its change at 113, its types at 122. */
static void zone__refuses_damaged_files(void **state)
{
    mt_ctx *cx = *state;
    static const struct { size_t at; uint8_t value; const char *why; } row[] = {
        {0, 'X', "TZif"}, {4, '!', "version"}, {69, 'X', "TZif"}, {36, 0xFF, "counts"}, {101, 0xFF, "counts"},
        {109, 0x7F, "counts"}, {108, 0, "no local time"}, {104, 0xFF, "counts"}, {92, 1, "indicators"},
        {100, 1, "leap seconds"}, {112, 0, "no abbreviation"}, {121, 2, "local time it has not"},
        {122, 0x7F, "26 hours"}, {126, 2, "neither"}, {127, 8, "abbreviation"}, {134, ' ', "abbreviation"},
        {141, 'X', "abbreviation"}, {142, 'X', "footer"},
    };
    uint8_t good[512];
    const mt_zone *zone;
    size_t n = make_file(good, "CET-1CEST,M3.5.0,M10.5.0/3");
    assert_int_equal(mt_zone_parse(cx, &zone, "Made/Up", good, n), MT_OK);
    for (size_t k = 0; k < COUNT(row); k++) {
        uint8_t bad[512];
        memcpy(bad, good, n);
        bad[row[k].at] = row[k].value;
        mt_code code = mt_zone_parse(cx, &zone, "Made/Up", bad, n);
        if (code != MT_E_INPUT || !strstr(cx->err, row[k].why))
            fail_msg("byte %zu: %s", row[k].at, cx->err);
    }
    for (size_t length = 0; length < n; length++) {
        uint8_t *part = test_malloc(length + 1);
        memcpy(part, good, length);
        if (mt_zone_parse(cx, &zone, "Made/Up", part, length) != MT_E_INPUT)
            fail_msg("accepted %zu bytes", length);
        test_free(part);
    }
}

static void zone__leaves_leap_second_files_alone(void **state)
{
    mt_ctx *cx = *state;
    const mt_zone *zone;
    struct stat about;
    if (stat("/usr/share/zoneinfo/right/Europe/Berlin", &about) != 0) {
        print_message("skipped: the system has no zones with leap seconds\n");
        skip();
    }
    assert_int_equal(mt_zone_read(cx, &zone, "right/Europe/Berlin", NULL), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "leap seconds"));
}

static void zone__reads_version_1_files(void **state)
{
    mt_ctx *cx = *state;
    uint8_t file[512];
    const mt_zone *zone;
    (void)make_file(file, "");
    file[4] = 0;
    assert_int_equal(mt_zone_parse(cx, &zone, "Made/Up", file, 69), MT_OK);
    assert_int_equal(mt_zone_offset_s(zone, case_at("1969-12-31T23:59:59Z")), 3600);
    assert_int_equal(mt_zone_offset_s(zone, case_at("2500-01-01T00:00Z")), 3600);
}

static void zone__says_when_memory_runs_out(void **state)
{
    (void)state;
    for (uint64_t k = 1; k < 12; k++) {
        mt_ctx cx;
        const mt_zone *zone = NULL;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        mt_code code = mt_zone_read(&cx, &zone, "Europe/Berlin", NULL);
        assert_true(code == MT_OK ? zone != NULL : code == MT_E_MEMORY && zone == NULL);
        cx.arena.fail_at = cx.arena.allocations + k;
        code = mt_zone_read(&cx, &zone, "Berlin", NULL);
        assert_true(code == MT_E_MEMORY || code == MT_E_ABSENT);
        mt_ctx_close(&cx);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(zone__agrees_with_the_c_library_in_every_zone),
        IN_CONTEXT(zone__finds_none_one_or_both_instants_of_a_wall_clock),
        IN_CONTEXT(zone__names_winter_and_summer),
        IN_CONTEXT(zone__suggests_the_nearest_name),
        IN_CONTEXT(zone__refuses_names_that_leave_the_directory),
        IN_CONTEXT(zone__follows_every_form_of_posix_rule),
        IN_CONTEXT(zone__refuses_rules_it_would_have_to_guess),
        IN_CONTEXT(zone__refuses_damaged_files),
        IN_CONTEXT(zone__leaves_leap_second_files_alone),
        IN_CONTEXT(zone__reads_version_1_files),
        cmocka_unit_test(zone__says_when_memory_runs_out),
    };
    return cmocka_run_group_tests_name("zone", test, NULL, NULL);
}
