/* Tests of record files: real downloads to the last digit, every container, faults that stop nothing. */
#include "formats/series/record_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "base/zone.h"
#include "formats/text_case.h"

#define KNOWN    mt_time_of((mt_civil){2025, 1, 1, 0, 0, 0, 0})
#define SPOT_CSV "HourUTC;HourDK;PriceArea;SpotPriceDKK;SpotPriceEUR\n"
#define SPOT_ROW "2024-11-06 22:00;2024-11-06 23:00;DK2;713,190002;95,620003\n"

enum { KEPT_MAX = 400000, BAD_MAX = 64, PAYLOAD_MAX = 128 };

/* All that a file gives. Names are those of the file, which is open until close_file. */
typedef struct case_file {
    text_case text;
    mt_record_file *file;
    mt_record_facts facts;
    mt_observation *at;
    size_t n, n_bad;
    struct {
        uint64_t line;
        char reason[200], raw[100];
    } bad[BAD_MAX];
    char (*payload)[PAYLOAD_MAX]; /* of the first rows */
} case_file;

enum { PAYLOADS = 16 };

static void keep_batch(case_file *c, const mt_record_batch *batch)
{
    for (size_t k = 0; k < batch->n; k++, c->n++) {
        assert_true(c->n < KEPT_MAX);
        c->at[c->n] = batch->at[k];
        if (c->n < PAYLOADS)
            snprintf(c->payload[c->n], PAYLOAD_MAX, "%s",
                     batch->at[k].payload ? batch->at[k].payload : "none");
    }
    for (size_t k = 0; k < batch->n_bad; k++, c->n_bad++) {
        if (c->n_bad >= BAD_MAX) continue;
        c->bad[c->n_bad].line = batch->bad[k].line;
        snprintf(c->bad[c->n_bad].reason, sizeof c->bad[0].reason, "%s", batch->bad[k].reason);
        snprintf(c->bad[c->n_bad].raw, sizeof c->bad[0].raw, "%.*s", (int)batch->bad[k].raw.length,
                 batch->bad[k].raw.at);
    }
}

static mt_code read_open(case_file *c, const mt_mapping *mapping, const mt_record_options *options)
{
    mt_record_batch batch;
    mt_ctx *cx = &c->text.cx;
    mt_record_options plain = {.size = sizeof plain, .known_at = KNOWN};
    c->n = c->n_bad = 0;
    c->at = calloc(KEPT_MAX, sizeof *c->at);
    c->payload = calloc(PAYLOADS, sizeof *c->payload);
    assert_true(c->at != NULL && c->payload != NULL);
    c->file = NULL;
    MT_TRY(mt_record_file_open(cx, &c->file, c->text.bytes, mapping, options != NULL ? options : &plain));
    do {
        MT_TRY(mt_record_file_next(cx, c->file, &batch));
        keep_batch(c, &batch);
    } while (batch.n > 0 || batch.n_bad > 0);
    c->facts = *mt_record_file_about(c->file);
    assert_int_equal(c->facts.bad, c->n_bad);
    assert_int_equal(c->facts.observations, c->n);
    return MT_OK;
}

static void close_file(case_file *c)
{
    mt_record_file_close(c->file);
    text_close(&c->text);
    free(c->at);
    free(c->payload);
}

static void read_text(case_file *c, const char *at)
{
    assert_true(text_open(&c->text, "in", at));
    if (read_open(c, NULL, NULL) != MT_OK) fail_msg("%s", c->text.cx.err);
}

static bool read_shared(case_file *c, const char *path)
{
    if (!text_open_shared(&c->text, path)) return false;
    if (read_open(c, NULL, NULL) != MT_OK) fail_msg("%s", c->text.cx.err);
    return true;
}

static void assert_refused(const char *at, const char *sentence)
{
    case_file c;
    assert_true(text_open(&c.text, "in", at));
    assert_int_equal(read_open(&c, NULL, NULL), MT_E_INPUT);
    assert_string_equal(c.text.cx.err, sentence);
    close_file(&c);
}

/* --- the real downloads ------------------------------------------------------------------------------- */

static double sum_of(const case_file *c, const char *kind, const char *area, size_t *n)
{
    double sum = 0;
    *n = 0;
    for (size_t k = 0; k < c->n; k++) {
        if (strcmp(c->at[k].kind, kind) != 0 || (area != NULL && strcmp(c->at[k].area, area) != 0)) continue;
        sum += c->at[k].value;
        (*n)++;
    }
    return sum;
}

/* Reference page of formats, section 4: seven areas, 8,784 hours each, and their mean prices. */
static void record_file__keeps_every_hour_of_the_year(void **state)
{
    (void)state;
    static const struct {
        const char *area;
        double mean;
    } areas[] = {{"DK1", 70.6444478}, {"DK2", 70.8629018}, {"DE", 79.5749317},    {"NO2", 50.1278279},
                 {"SE3", 35.7710872}, {"SE4", 49.7107775}, {"SYSTEM", 36.0635600}};
    case_file c;
    size_t n, negative = 0;
    double least = 0, most = 0;
    if (!read_shared(&c, "data/energinet/Elspotprices_2024_all_areas.csv")) skip();
    assert_string_equal(c.facts.as, "Elspotprices");
    assert_int_equal(c.n, 61488);
    assert_int_equal(c.n_bad, 0);
    assert_int_equal(c.facts.delimiter, ';');
    assert_int_equal(c.facts.decimal, ',');
    for (size_t k = 0; k < 7; k++) {
        double sum = sum_of(&c, "spot_price", areas[k].area, &n);
        assert_int_equal(n, 8784);
        assert_float_equal(sum / 8784, areas[k].mean, 5e-8);
    }
    for (size_t k = 0; k < c.n; k++) {
        if (strcmp(c.at[k].area, "DK1") != 0) continue;
        negative += c.at[k].value < 0;
        least = fmin(least, c.at[k].value);
        most = fmax(most, c.at[k].value);
    }
    assert_int_equal(negative,
                     375); /* the same page: negative hours of DK1, its least and its greatest price */
    assert_float_equal(least, -60.05, 0.005);
    assert_float_equal(most, 936.28, 0.005);
    close_file(&c);
}

/* The local hour from two to three of 2024-10-27 is in the file twice, an hour apart. */
static void record_file__tells_both_autumn_hours_apart(void **state)
{
    (void)state;
    case_file c;
    size_t found = 0;
    mt_time first = mt_time_of((mt_civil){2024, 10, 27, 0, 0, 0, 0});
    if (!read_shared(&c, "data/energinet/Elspotprices_2024_all_areas.csv")) skip();
    for (size_t k = 0; k < c.n; k++)
        found += strcmp(c.at[k].area, "DK1") == 0 &&
                 (c.at[k].start == first || c.at[k].start == first + MT_US_HOUR);
    assert_int_equal(found, 2);
    close_file(&c);
}

static void record_file__reads_the_prices_of_one_area(void **state)
{
    (void)state;
    case_file c;
    if (!read_shared(&c, "data/energinet/Elspotprices_DK2_20240828_20241106.csv")) skip();
    assert_int_equal(c.n, 1681);
    assert_int_equal(c.n_bad, 0);
    assert_true(c.at[0].value == 95.620003);
    assert_int_equal(c.at[0].start, mt_time_of((mt_civil){2024, 11, 6, 22, 0, 0, 0}));
    assert_int_equal(c.at[1680].start, mt_time_of((mt_civil){2024, 8, 28, 22, 0, 0, 0}));
    assert_ptr_equal(c.at[0].area, c.at[1680].area);
    assert_string_equal(c.payload[0], "{\"HourDK\":\"2024-11-06 23:00\",\"SpotPriceDKK\":713.190002}");
    close_file(&c);
}

/* The same page: 1 762 075.29088 MWh over 70 local days are the sum of the generation columns, of which two
 * are blank throughout; load and exchange are kinds of their own. */
static void record_file__sums_generation_and_nothing_else(void **state)
{
    (void)state;
    case_file c;
    size_t n;
    if (!read_shared(&c, "data/energinet/ElectricityBalanceNonv_DK2_20240828_20241106.csv")) skip();
    assert_string_equal(c.facts.as, "ElectricityBalanceNonv");
    assert_int_equal(c.facts.records, 1681);
    assert_int_equal(c.n_bad, 0);
    assert_float_equal(sum_of(&c, "production", NULL, &n), 1762075.29088, 5e-6);
    assert_int_equal(n, 8 * 1681);
    (void)sum_of(&c, "load", "DK2", &n);
    assert_int_equal(n, 1681);
    (void)sum_of(&c, "exchange", NULL, &n);
    assert_int_equal(n, 3 * 1681);
    assert_int_equal(c.n, 12 * 1681);
    for (size_t k = 0; k < c.n; k++) {
        assert_string_not_equal(c.at[k].detail, "HydroPower");
        assert_string_not_equal(c.at[k].detail, "OtherRenewable");
        assert_string_not_equal(c.at[k].detail, "GreatBritain");
    }
    close_file(&c);
}

/* Local days by the zone of the area: 70 of them, from 23 to 25 hours long, and their mean is the page's. */
static void record_file__gives_whole_local_days(void **state)
{
    (void)state;
    enum { DAYS = 70 };
    case_file c;
    const mt_zone *zone;
    double total[DAYS] = {0}, mean = 0;
    bool hour[DAYS][25] = {{false}};
    size_t longest = 0;
    if (!read_shared(&c, "data/energinet/ElectricityBalanceNonv_DK2_20240828_20241106.csv")) skip();
    assert_int_equal(mt_zone_read(&c.text.cx, &zone, "Europe/Copenhagen", NULL), MT_OK);
    mt_day first = mt_day_of(2024, 8, 29);
    for (size_t k = 0; k < c.n; k++) {
        mt_civil local = mt_zone_civil(zone, c.at[k].start);
        mt_day day = mt_day_of(local.year, local.month, local.day) - first;
        assert_in_range(day, 0, DAYS - 1);
        mt_time midnight[2];
        assert_int_equal(
            mt_zone_instants(zone, (mt_civil){local.year, local.month, local.day, 0, 0, 0, 0}, midnight), 1);
        hour[day][(c.at[k].start - midnight[0]) / MT_US_HOUR] = true;
        if (strcmp(c.at[k].kind, "production") == 0) total[day] += c.at[k].value;
    }
    for (size_t day = 0; day < DAYS; day++) {
        size_t hours = 0;
        for (size_t k = 0; k < 25; k++) hours += hour[day][k];
        longest += hours == 25;
        assert_in_range(hours, 24, 25);
        mean += total[day] / DAYS;
    }
    assert_int_equal(longest, 1);
    assert_float_equal(mean, 25172.5041554, 5e-7);
    close_file(&c);
}

/* 367 days of hours at a fixed offset; the first row is that of the file. */
static void record_file__reads_weather_by_the_files_own_offset(void **state)
{
    (void)state;
    case_file c;
    size_t n;
    if (!read_shared(&c, "data/energinet/open-meteo-56.13N10.19E27m_all.csv")) skip();
    assert_string_equal(c.facts.as, "open-meteo");
    assert_int_equal(c.n_bad, 0);
    assert_int_equal(c.facts.records, 367 * 24);
    assert_string_equal(c.at[0].kind, "weather");
    assert_string_equal(c.at[0].area, "56.133568,10.1851845");
    assert_string_equal(c.at[0].detail, "temperature_2m");
    assert_string_equal(c.at[0].unit, "degC");
    assert_true(c.at[0].value == 5.8);
    assert_int_equal(c.at[0].step, MT_US_HOUR);
    assert_int_equal(c.at[0].start, mt_time_of((mt_civil){2023, 12, 31, 23, 0, 0, 0}));
    assert_int_equal(c.at[c.n - 1].start, mt_time_of((mt_civil){2025, 1, 1, 22, 0, 0, 0}));
    (void)sum_of(&c, "weather", NULL, &n);
    assert_int_equal(n, c.n);
    bool irradiance = false, missing = false;
    for (size_t k = 0; k < c.n; k++) {
        irradiance = irradiance ||
                     (strcmp(c.at[k].detail, "direct_radiation") == 0 && strcmp(c.at[k].unit, "W/m2") == 0);
        missing = missing || isnan(c.at[k].value);
    }
    assert_true(irradiance);
    assert_false(missing); /* NaN in the file is a blank */
    close_file(&c);
}

/* What is of an hour stands at its start; what is of an instant stays. */
static void record_file__gives_radiation_and_rain_at_the_start_of_their_hour(void **state)
{
    (void)state;
    case_file c;
    read_text(&c, "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
                  "55.7,12.6,3.0,3600,Europe/Copenhagen,GMT+1\n\n"
                  "time,temperature_2m (°C),shortwave_radiation (W/m²),rain (mm),snow_depth (m)\n"
                  "2024-06-01T12:00,20,500,0.5,0\n2024-06-01T13:00,21,600,0,0\n");
    assert_int_equal(c.n, 8);
    for (size_t k = 0; k < c.n; k++) {
        bool of_hour =
            strcmp(c.at[k].detail, "shortwave_radiation") == 0 || strcmp(c.at[k].detail, "rain") == 0;
        int hour = (k < 4 ? 11 : 12) - of_hour; /* UTC */
        assert_int_equal(c.at[k].start, mt_time_of((mt_civil){2024, 6, 1, hour, 0, 0, 0}));
    }
    close_file(&c);
}

/* --- containers --------------------------------------------------------------------------------------- */

#define RECORD(hour, price)                                                                                  \
    "{\"HourUTC\":\"2024-11-06T" hour ":00:00\",\"PriceArea\":\"DK2\",\"SpotPriceEUR\":" price "}"

static void assert_two_prices(const char *at, bool json)
{
    case_file c;
    read_text(&c, at);
    assert_string_equal(c.facts.as, "Elspotprices");
    assert_int_equal(c.facts.json, json);
    if (c.n_bad > 0) fail_msg("%s: %s", at, c.bad[0].reason);
    assert_int_equal(c.n, 2);
    assert_true(c.at[0].value == 95.5 && c.at[1].value == -3);
    close_file(&c);
}

static void record_file__reads_every_container(void **state)
{
    (void)state;
    assert_two_prices(RECORD("22", "95.5") "\n" RECORD("21", "-3") "\n", true);
    assert_two_prices("\xEF\xBB\xBF" RECORD("22", "95.5") "\r\n\r\n" RECORD("21", "-3"), true);
    assert_two_prices("[" RECORD("22", "95.5") "," RECORD("21", "-3") "]", true);
    assert_two_prices("\n [\n" RECORD("22", "95.5") ",\n " RECORD("21", "-3") "\n]\n", true);
    assert_two_prices(
        "{\"total\":2,\"filters\":\"{\\\"a\\\":[]}\",\"dataset\":\"Elspotprices\",\"records\":[" RECORD(
            "22", "95.5") "," RECORD("21", "-3") "],\"more\":[{}]}",
        true);
    assert_two_prices("{\"success\":true,\"result\":{\"fields\":[{\"id\":1}],\"records\":[" RECORD(
                          "22", "95.5") "," RECORD("21", "-3") "]}}",
                      true);
    assert_two_prices(
        "{\n\"HourUTC\":\"2024-11-06T22:00\",\n\"PriceArea\":\"DK2\",\n\"SpotPriceEUR\":95.5\n}\n" RECORD(
            "21", "-3"),
        true);
    assert_two_prices(
        "HourUTC,PriceArea,SpotPriceEUR\n2024-11-06T22:00:00,DK2,95.5\n2024-11-06T21:00:00Z,DK2,-3\n", false);
    assert_two_prices("\xEF\xBB\xBF# a comment\r\nPriceArea;SpotPriceEUR;HourUTC\r\n"
                      "DK2;95,5;2024-11-06 22:00\r\n\r\n\"DK2\";-3;2024-11-06 21:00:00",
                      false);
    assert_two_prices(
        "HourUTC\tPriceArea\tSpotPriceEUR\n2024-11-06 22:00\tDK2\t\"95,5\"\n2024-11-06 21:00\tDK2\t-3\n",
        false);
}

static void record_file__records_never_stop_a_file(void **state)
{
    (void)state;
    case_file c;
    read_text(&c, SPOT_CSV SPOT_ROW "2024-11-06 21:00;x;DK2;1,0;n/a\n"
                                    ";;;;\nonly one\n" SPOT_ROW
                                    "2024-11-06 20:00;x;DK2;1,0;1.5\n2024-11-06 19:00;x;DK2;;\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.n_bad, 4);
    assert_int_equal(c.facts.records, 7);
    assert_int_equal(c.bad[0].line, 3);
    assert_string_equal(c.bad[0].reason,
                        "\"SpotPriceEUR\" is \"n/a\"; expected a number with a decimal comma");
    assert_string_equal(c.bad[0].raw, "2024-11-06 21:00;x;DK2;1,0;n/a");
    assert_string_equal(c.bad[1].reason, "\"HourUTC\" is missing; expected the time of the record");
    assert_string_equal(c.bad[2].reason, "1 fields; expected the 5 of the header");
    assert_int_equal(c.bad[3].line, 7);
    close_file(&c);
    read_text(&c, RECORD("22", "1") "\n{\"broken\n" RECORD("21", "NaN") "\n<html>\n" RECORD("20", "2") "\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.n_bad, 3);
    assert_int_equal(c.bad[0].line, 2);
    assert_string_equal(c.bad[0].raw, "{\"broken");
    assert_int_equal(c.bad[2].line, 4);
    close_file(&c);
}

/* Half of a document may be anything but what was meant: its reader has to fail, at the latest at its end. */
static void refuse_half(const char *text)
{
    case_file c;
    assert_true(text_open(&c.text, "in", text));
    if (read_open(&c, NULL, NULL) != MT_E_INPUT || !strstr(c.text.cx.err, "ends in the middle"))
        fail_msg("%s: \"%s\"", text, c.text.cx.err);
    close_file(&c);
}

static void record_file__refuses_half_an_answer(void **state)
{
    (void)state;
    case_file c;
    refuse_half("{\"records\":[" RECORD("22", "1") "," RECORD("21", "2") ",{\"HourUTC\":\"2024-11");
    refuse_half("{\"records\":[" RECORD("22", "1") ",\n");
    refuse_half("{\"records\":[" RECORD("22", "1"));
    refuse_half("{\"records\":[" RECORD("22", "1") "]");
    refuse_half("{\"records\":[" RECORD("22", "1") "],\"total\":1,\"note\":\"a } in it\"");
    refuse_half("{\"result\":{\"records\":[" RECORD("22", "1") "]}");
    refuse_half("[" RECORD("22", "1") "," RECORD("21", "2"));
    read_text(&c, "{\"a\":{\"b\":[1]},\"result\":{\"records\":[" RECORD("22", "1") "],\"x\":\"\\\"]{\"}}\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.n_bad, 0);
    close_file(&c);
    read_text(&c, "{\"records\":[" RECORD("22", "1") ",3,\"x\",[1,{}],null," RECORD("21", "2") "]}");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.n_bad, 4);
    close_file(&c);
}

/* An answer much larger than a window, through windows, with the same memory. */
static void record_file__streams_a_long_list(void **state)
{
    (void)state;
    enum { RECORDS = 100000 };
    case_file c;
    char *text = malloc((size_t)RECORDS * 100), one[128];
    size_t n = (size_t)sprintf(text, "{\"total\":1,\"records\":[");
    assert_non_null(text);
    for (int k = 0; k < RECORDS; k++) {
        snprintf(one, sizeof one,
                 "%s{\"HourUTC\":\"2024-11-%02dT%02d:00:00\",\"PriceArea\":\"DK2\",\"SpotPriceEUR\":%d.5}",
                 k > 0 ? "," : "", k / 24 % 28 + 1, k % 24, k % 9000);
        n += (size_t)sprintf(text + n, "%s%s", one, k % 1000 == 0 ? "\n" : "");
    }
    n += (size_t)sprintf(text + n, "]}");
    assert_true(text_open_bytes(&c.text, "long.json", text, n));
    if (read_open(&c, NULL, NULL) != MT_OK) fail_msg("%s", c.text.cx.err);
    assert_int_equal(c.n_bad, 0);
    assert_int_equal(c.n, RECORDS);
    for (int k = 0; k < RECORDS; k++) assert_true(c.at[k].value == k % 9000 + 0.5);
    assert_true(c.text.cx.arena.held_bytes < (size_t)4 << 20);
    close_file(&c);
    free(text);
}

static void record_file__reads_what_merit_writes(void **state)
{
    (void)state;
    case_file c;
    read_text(&c, "kind,area,detail,unit,source,step_us,start,value,known_at,payload\n"
                  "spot_price,DK2,,EUR/MWh,energidataservice,3600000000,2024-11-06T22:00:00Z,95.62,"
                  "2024-11-05T12:00:00Z,\"{\"\"a\"\":\"\"x\"\"}\"\n"
                  "load,DK2,,MWh,,1h,2024-11-06T22:00:00Z,,,\n"
                  "load,DK2,,MWh,,1h,never,1,,\n");
    assert_string_equal(c.facts.as, "observations");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.at[0].known_at, mt_time_of((mt_civil){2024, 11, 5, 12, 0, 0, 0}));
    assert_string_equal(c.payload[0], "{\"a\":\"x\"}");
    assert_string_equal(c.at[0].source, "energidataservice");
    assert_string_equal(c.at[1].source, "file");
    assert_true(isnan(c.at[1].value));
    assert_int_equal(c.at[1].step, MT_US_HOUR);
    assert_int_equal(c.at[1].known_at, KNOWN);
    assert_string_equal(c.payload[1], "none");
    assert_string_equal(c.bad[0].reason,
                        "\"start\" is \"never\"; expected a time such as 2024-11-06T22:00:00Z");
    close_file(&c);
    read_text(&c, "[{\"kind\":\"fx_rate\",\"area\":\"DKK\",\"start\":\"2024-11-06\",\"value\":7.46,"
                  "\"payload\":{\"b\":[1]}},{\"kind\":\"fx_rate\",\"start\":\"2024-11-06\",\"value\":null}]");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.payload[0], "{\"b\":[1]}");
    assert_true(c.at[0].value == 7.46 && isnan(c.at[1].value));
    close_file(&c);
}

/* A table of the store calls the step step_us and counts it; both names mean the same. */
static void record_file__reads_a_step_under_both_names(void **state)
{
    (void)state;
    case_file c;
    read_text(&c, "kind,area,step,start,value\nload,DK2,15min,2024-11-06T22:00:00Z,1\n"
                  "load,DK2,0s,2024-11-06T22:00:00Z,1\nload,DK2,soon,2024-11-06T22:00:00Z,1\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.at[0].step, 15 * MT_US_MINUTE);
    assert_int_equal(c.at[1].step, 0);
    assert_string_equal(c.bad[0].reason,
                        "\"step\" is \"soon\"; expected microseconds, or a length of time such as 1h");
    close_file(&c);
}

static void record_file__takes_line_protocol_through_the_same_door(void **state)
{
    (void)state;
    case_file c;
    char large[600000];
    size_t n = 0;
    for (int k = 0; n < sizeof large - 100; k++)
        n += (size_t)snprintf(large + n, 100,
                              k == 9000 ? "broken line\n" : "m,device=d v=%d 1717200000000000000\n", k);
    assert_true(text_open_bytes(&c.text, "in.lp", large, n));
    if (read_open(&c, NULL, NULL) != MT_OK) fail_msg("%s", c.text.cx.err);
    assert_string_equal(c.facts.as, "line-protocol");
    assert_int_equal(c.n_bad, 1);
    assert_int_equal(c.bad[0].line, 9001);
    assert_string_equal(c.bad[0].raw, "broken line");
    assert_string_equal(c.at[0].source, "lines");
    assert_true(c.n > 14000);
    assert_true(c.at[c.n - 1].value == (double)c.n);
    close_file(&c);
}

static void record_file__obeys_its_caller(void **state)
{
    (void)state;
    static const mt_map_value value[] = {{.field = "v", .kind = "load", .unit = "MWh"}};
    static const mt_mapping mapping = {
        .name = "mine", .source = "me", .time_field = "t", .area = "X", .value = value, .n_value = 1};
    case_file c;
    mt_record_options options = {
        .size = sizeof options, .known_at = KNOWN, .source = "other", .as = "elspot_topic"};
    assert_true(text_open(&c.text, "in", SPOT_CSV SPOT_ROW));
    assert_int_equal(read_open(&c, NULL, &options), MT_OK);
    assert_string_equal(c.at[0].source, "other");
    assert_string_equal(c.facts.as, "elspot_topic");
    close_file(&c);
    assert_true(text_open(&c.text, "in", "t,v\n2024-06-01 00:00,5\n"));
    assert_int_equal(read_open(&c, &mapping, NULL), MT_OK);
    assert_string_equal(c.at[0].area, "X");
    assert_string_equal(c.facts.as, "mine");
    close_file(&c);
    options.as = "nothing";
    assert_true(text_open(&c.text, "in", SPOT_CSV));
    assert_int_equal(read_open(&c, NULL, &options), MT_E_INPUT);
    assert_string_equal(c.text.cx.err, "no kind of records is called \"nothing\"");
    close_file(&c);
    options.as = "Elspotprices";
    assert_true(text_open(&c.text, "in.csv", "HourUTC;PriceAera;SpotPriceEUR\n"));
    assert_int_equal(read_open(&c, NULL, &options), MT_E_INPUT);
    assert_string_equal(
        c.text.cx.err,
        "column \"PriceArea\" of Elspotprices is missing in in.csv line 1 (did you mean \"PriceAera\"?);"
        " found HourUTC, PriceAera, SpotPriceEUR");
    close_file(&c);
}

static void record_file__says_why_nothing_fits(void **state)
{
    (void)state;
    assert_refused("", "in is empty; expected records");
    assert_refused("a,b\n1,2\n",
                   "in: its fields are those of no known dataset; name one or give a mapping file");
    assert_refused("{\"a\":1}",
                   "in: its fields are those of no known dataset; name one or give a mapping file");
    assert_refused("<html>", "in: its fields are those of no known dataset; name one or give a mapping file");
    assert_refused("latitude,longitude,utc_offset_seconds\n56.1,10.2,3601\n",
                   "in line 2: expected whole minutes as utc_offset_seconds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_file__keeps_every_hour_of_the_year),
        cmocka_unit_test(record_file__tells_both_autumn_hours_apart),
        cmocka_unit_test(record_file__reads_the_prices_of_one_area),
        cmocka_unit_test(record_file__sums_generation_and_nothing_else),
        cmocka_unit_test(record_file__gives_whole_local_days),
        cmocka_unit_test(record_file__reads_weather_by_the_files_own_offset),
        cmocka_unit_test(record_file__gives_radiation_and_rain_at_the_start_of_their_hour),
        cmocka_unit_test(record_file__reads_every_container),
        cmocka_unit_test(record_file__records_never_stop_a_file),
        cmocka_unit_test(record_file__refuses_half_an_answer),
        cmocka_unit_test(record_file__streams_a_long_list),
        cmocka_unit_test(record_file__reads_what_merit_writes),
        cmocka_unit_test(record_file__reads_a_step_under_both_names),
        cmocka_unit_test(record_file__takes_line_protocol_through_the_same_door),
        cmocka_unit_test(record_file__obeys_its_caller),
        cmocka_unit_test(record_file__says_why_nothing_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
