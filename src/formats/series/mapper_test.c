/* Tests of the mapper: what a record means, in JSON and as a row, and a sentence for what means nothing. */
#include "formats/series/mapping.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN   mt_time_of((mt_civil){2024, 11, 7, 12, 0, 0, 0})
#define HOUR(h) mt_time_of((mt_civil){2024, 11, 6, h, 0, 0, 0})
#define SPOT                                                                                                 \
    "{\"HourUTC\":\"2024-11-06T22:00:00\",\"HourDK\":\"2024-11-06T23:00:00\",\"PriceArea\":\"DK2\","         \
    "\"SpotPriceDKK\":713.190002,\"SpotPriceEUR\":95.620003}"

typedef struct desk {
    mt_ctx cx;
    mt_mapper *mapper;
    mt_mapped got;
} desk;

static void open_mapping(desk *d, const mt_mapping *mapping)
{
    mt_ctx_init(&d->cx, NULL);
    mt_code code = mt_mapper_open(&d->cx, &d->mapper, mapping, NULL);
    if (code != MT_OK) fail_msg("%s", d->cx.err);
}

static void open_desk(desk *d, const char *name)
{
    const mt_mapping *mapping = mt_mapping_find(name);
    assert_non_null(mapping);
    open_mapping(d, mapping);
}

static void close_desk(desk *d)
{
    mt_mapper_close(d->mapper);
    mt_ctx_close(&d->cx);
}

/* From a copy of exactly that size, so that a sanitizer sees a step too far. */
static void read_bytes(desk *d, const char *at, size_t n)
{
    char *copy = malloc(n + 1);
    assert_non_null(copy);
    memcpy(copy, at, n);
    char *exact = realloc(copy, n > 0 ? n : 1);
    mt_code code = mt_mapper_json(&d->cx, d->mapper, (mt_text){exact, n}, KNOWN, &d->got);
    if (code != MT_OK) fail_msg("%s", d->cx.err);
    free(exact);
}

static void read_json(desk *d, const char *message)
{
    read_bytes(d, message, strlen(message));
}

static void assert_fault(desk *d, const char *message, const char *fault)
{
    read_json(d, message);
    assert_int_equal(d->got.n, 0);
    if (d->got.fault == NULL) fail_msg("no fault of %s", message);
    assert_string_equal(d->got.fault, fault);
}

static void assert_one(const desk *d, const char *kind, const char *area, const char *detail, double value)
{
    if (d->got.fault != NULL) fail_msg("%s", d->got.fault);
    assert_int_equal(d->got.n, 1);
    assert_string_equal(d->got.at->kind, kind);
    assert_string_equal(d->got.at->area, area);
    assert_string_equal(d->got.at->detail, detail);
    assert_true(d->got.at->value == value);
}

static void mapper__turns_a_price_message_into_one_observation(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "elspot_topic");
    read_json(&d, SPOT);
    assert_one(&d, "spot_price", "DK2", "", 95.620003);
    assert_string_equal(d.got.at->unit, "EUR/MWh");
    assert_string_equal(d.got.at->source, "energidataservice");
    assert_int_equal(d.got.at->start, HOUR(22));
    assert_int_equal(d.got.at->step, MT_US_HOUR);
    assert_int_equal(d.got.at->known_at, KNOWN);
    assert_string_equal(d.got.at->payload,
                        "{\"HourDK\":\"2024-11-06T23:00:00\",\"SpotPriceDKK\":713.190002}");
    close_desk(&d);
}

static void mapper__gives_equal_names_equal_addresses(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "Elspotprices");
    read_json(&d, SPOT);
    mt_observation first = *d.got.at;
    read_json(&d,
              "{\"PriceArea\":\" DK\\u0032\",\"SpotPriceEUR\":\"-1.5\",\"HourUTC\":\"2024-11-06 21:00\"}");
    assert_one(&d, "spot_price", "DK2", "", -1.5);
    assert_ptr_equal(d.got.at->area, first.area);
    assert_ptr_equal(d.got.at->kind, first.kind);
    assert_ptr_equal(d.got.at->unit, first.unit);
    assert_null(d.got.at->payload);
    close_desk(&d);
}

static void mapper__keeps_negative_prices_and_passes_over_null(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "Elspotprices");
    read_json(&d, "{\"HourUTC\":\"2024-06-08T12:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":-60.049999}");
    assert_one(&d, "spot_price", "DK1", "", -60.049999);
    read_json(&d, "{\"HourUTC\":\"2024-06-08T12:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":null}");
    assert_int_equal(d.got.n, 0);
    assert_null(d.got.fault);
    close_desk(&d);
}

static void mapper__reads_quarters_and_offsets(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "DayAheadPrices");
    read_json(&d,
              "{\"TimeUTC\":\"2025-10-01T00:15:00\",\"TimeDK\":\"2025-10-01T02:15:00\",\"PriceArea\":\"SE4\","
              "\"DayAheadPriceEUR\":1e1,\"DayAheadPriceDKK\":74.6}");
    assert_one(&d, "spot_price", "SE4", "", 10);
    assert_int_equal(d.got.at->step, 15 * MT_US_MINUTE);
    assert_int_equal(d.got.at->start, mt_time_of((mt_civil){2025, 10, 1, 0, 15, 0, 0}));
    read_json(&d,
              "{\"TimeUTC\":\"2025-10-01T02:15:00+02:00\",\"PriceArea\":\"SE4\",\"DayAheadPriceEUR\":10}");
    assert_int_equal(d.got.at->start, mt_time_of((mt_civil){2025, 10, 1, 0, 15, 0, 0}));
    close_desk(&d);
}

#define DECLARED(version, method, group, type, delivery, mwh)                                                \
    "{\"HourUTC\":\"2024-11-06T22:00:00\",\"HourDK\":\"2024-11-06T23:00:00\",\"PriceArea\":\"DK1\","         \
    "\"Version\":\"" version "\",\"FuelAllocationMethod\":\"" method "\",\"ReportGrpCode\":\"" group         \
    "\",\"ProductionType\":\"" type "\",\"DeliveryType\":\"" delivery "\",\"Production_MWh\":" mwh           \
    ",\"ShareTotal\":0.5,\"CO2PerkWh\":512.25}"

static void mapper__counts_a_declared_plant_once(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "declaration_topic");
    read_json(&d, DECLARED("Final", "All", "R05", "Wind", "Grid", "850.5"));
    assert_one(&d, "production", "DK1", "Wind;ReportGrpCode=R05;DeliveryType=Grid;account=declaration",
               850.5);
    assert_string_equal(d.got.at->payload,
                        "{\"HourDK\":\"2024-11-06T23:00:00\",\"Version\":\"Final\",\"ShareTotal\":0.5,"
                        "\"CO2PerkWh\":512.25}");
    const char *wind = d.got.at->detail;
    read_json(&d, DECLARED("Preliminary", "All", "R05", "Wind", "Grid", "849"));
    assert_ptr_equal(d.got.at->detail, wind); /* an edition is a revision of the same series */
    read_json(&d, DECLARED("Final", "Total", "R01", "Coal", "Grid", "100"));
    assert_one(&d, "production", "DK1", "Coal;ReportGrpCode=R01;DeliveryType=Grid;account=declaration", 100);
    read_json(
        &d, "{\"HourUTC\":\"2024-11-06T22:00\",\"PriceArea\":\"DK1\",\"FuelAllocationMethod\":\"All\","
            "\"ProductionType\":\"Wind\",\"Production_MWh\":1}"); /* without parts, still not the balance's */
    assert_one(&d, "production", "DK1", "Wind;account=declaration", 1);
    read_json(&d, DECLARED("Final", "125%", "R01", "Coal", "Grid", "100"));
    assert_int_equal(d.got.n, 0); /* the same plant, its fuel divided otherwise */
    assert_null(d.got.fault);
    close_desk(&d);
}

/* Whatever the order of the rows, of one file the final edition is the one known last. */
static void mapper__knows_a_lesser_edition_a_little_earlier(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "DeclarationProduction");
    read_json(&d, DECLARED("Final", "All", "R05", "Wind", "Grid", "850.5"));
    assert_true(d.got.at->known_at == KNOWN);
    read_json(&d, DECLARED("Preliminary", "All", "R05", "Wind", "Grid", "900"));
    assert_true(d.got.at->known_at == KNOWN - 1000);
    assert_non_null(strstr(d.got.at->payload, "\"Version\":\"Preliminary\""));
    read_json(&d, DECLARED("Another", "All", "R05", "Wind", "Grid", "900"));
    assert_true(d.got.at->known_at == KNOWN);
    mt_text message = mt_text_of(DECLARED("Preliminary", "All", "R05", "Wind", "Grid", "900"));
    assert_int_equal(mt_mapper_json(&d.cx, d.mapper, message, MT_TIME_NONE, &d.got), MT_OK);
    assert_true(d.got.at->known_at == MT_TIME_NONE);
    close_desk(&d);
}

static void mapper__wants_the_field_that_keeps_from_counting_twice(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "DeclarationProduction");
    assert_fault(&d,
                 "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"ProductionType\":\"Wind\","
                 "\"Production_MWh\":1}",
                 "\"FuelAllocationMethod\" is missing; expected All");
    close_desk(&d);
}

static void mapper__makes_energy_of_a_minutes_power(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "PowerSystemRightNow");
    read_json(&d, "{\"Minutes1UTC\":\"2024-11-06T22:01:00\",\"Minutes1DK\":\"2024-11-06T23:01:00\","
                  "\"CO2Emission\":80.5,\"ProductionGe100MW\":600,\"SolarPower\":0.0,\"Exchange_Sum\":1200.5,"
                  "\"Exchange_DK1_DE\":-60,\"ImbalanceDK1\":null}");
    assert_null(d.got.fault);
    assert_int_equal(d.got.n, 4);
    assert_string_equal(d.got.at[0].kind, "emission");
    assert_true(d.got.at[0].value == 80.5);
    assert_string_equal(d.got.at[1].kind, "production");
    assert_string_equal(d.got.at[1].detail, "ProductionGe100MW");
    assert_string_equal(d.got.at[1].unit, "MWh");
    assert_float_equal(d.got.at[1].value, 10, 1e-12);
    assert_string_equal(d.got.at[1].area, "DK");
    assert_string_equal(d.got.at[3].detail, "DK1_DE");
    assert_float_equal(d.got.at[3].value, -1, 1e-12);
    assert_string_equal(d.got.at[3].payload,
                        "{\"Minutes1DK\":\"2024-11-06T23:01:00\",\"Exchange_Sum\":1200.5}");
    close_desk(&d);
}

static void mapper__takes_the_moment_that_a_forecast_names(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "Forecasts_Hour");
    read_json(&d,
              "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"ForecastType\":\"Onshore Wind\","
              "\"ForecastDayAhead\":500.5,\"Forecast5Hour\":null,\"ForecastCurrent\":512,"
              "\"TimestampUTC\":\"2024-11-06T09:30:00\"}");
    assert_null(d.got.fault);
    assert_int_equal(d.got.n, 2);
    assert_string_equal(d.got.at[0].detail, "Onshore Wind");
    assert_true(d.got.at[0].value == 512);
    assert_string_equal(d.got.at[1].detail, "Onshore Wind;horizon=day_ahead");
    assert_int_equal(d.got.at[1].known_at, mt_time_of((mt_civil){2024, 11, 6, 9, 30, 0, 0}));
    close_desk(&d);
}

static void mapper__says_what_is_wrong_with_a_record(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "Elspotprices");
    assert_fault(&d, "{\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1}",
                 "\"HourUTC\" is missing; expected the time of the record");
    assert_fault(&d, "{\"HourUTC\":\"yesterday\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1}",
                 "\"HourUTC\" is \"yesterday\"; expected a time such as 2024-11-06T22:00:00");
    assert_fault(&d, "{\"HourUTC\":20241106,\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1}",
                 "\"HourUTC\" is \"20241106\"; expected a time such as 2024-11-06T22:00:00");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T24:30:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1}",
                 "\"HourUTC\" is \"2024-11-06T24:30:00\"; expected a time such as 2024-11-06T22:00:00");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"  \",\"SpotPriceEUR\":1}",
                 "\"PriceArea\" is missing; expected a name");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":\"n/a\"}",
                 "\"SpotPriceEUR\" is \"n/a\"; expected a number");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":\"NaN\"}",
                 "\"SpotPriceEUR\" is \"NaN\"; expected a number");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":[1]}",
                 "\"SpotPriceEUR\" is \"[1]\"; expected a number");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":75000}",
                 "\"SpotPriceEUR\" is \"75000\"; expected -10000 to 20000 EUR/MWh");
    assert_fault(&d, "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\"}",
                 "\"SpotPriceEUR\" is missing; expected a value, or null where there is none");
    assert_fault(&d,
                 "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1,"
                 "\"SpotPrice\\u0045UR\":2}",
                 "\"SpotPriceEUR\" is \"2\"; expected it once");
    close_desk(&d);
}

static void mapper__refuses_what_is_no_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        " ",
                                        "null",
                                        "[]",
                                        "{",
                                        "{\"a\"",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{\"a\":1 \"b\":2}",
                                        "{\"a\":NaN}",
                                        "{\"a\":Infinity}",
                                        "{\"a\":-Infinity}",
                                        "{\"a\":1e999}",
                                        "{\"a\":01}",
                                        "{\"a\":1.}",
                                        "{\"a\":.5}",
                                        "{\"a\":+1}",
                                        "{\"a\":\"\\x\"}",
                                        "{\"a\":\"\\ud800\"}",
                                        "{\"a\":\"\\u0000\"}",
                                        "{\"a\":\"\n\"}",
                                        "{\"a\":\"\xff\"}",
                                        "{\"a\":1,\"a\":1}",
                                        "{\"a\":[1,]}",
                                        "{\"a\":{\"b\":1,}}",
                                        "{\"a\":[}]}",
                                        "{\"a\":tru}",
                                        "{'a':1}",
                                        "{\"a\":1}{",
                                        "<html></html>",
                                        "{\"a\":\"",
                                        "{\"a\":\"\\"};
    desk d;
    open_desk(&d, "Elspotprices");
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        read_json(&d, wrong[k]);
        if (d.got.fault == NULL || strncmp(d.got.fault, "no record in JSON: ", 19) != 0)
            fail_msg("%s: %s", wrong[k], d.got.fault != NULL ? d.got.fault : "no fault");
    }
    assert_fault(&d, "{\"a\":1,\"a\":1}", "no record in JSON: a name stands twice, at byte 12");
    close_desk(&d);
}

static void mapper__keeps_what_it_does_not_know_as_it_stands(void **state)
{
    (void)state;
    desk d;
    open_desk(&d, "Elspotprices");
    read_json(
        &d,
        "\xEF\xBB\xBF { \"x\" : { \"a\" : [ 1 , { } , [ ] , \"\\\"}\" ] } , \"PriceArea\" : \"DK1\" ,"
        " \"HourUTC\":\"2024-11-06T22:00:00Z\",\"SpotPriceEUR\":1, \"e\\u0301\":\"\\ud83d\\ude00\xC3\xA9\","
        "\"n\":null, \"t\":true}\n");
    assert_one(&d, "spot_price", "DK1", "", 1);
    assert_string_equal(
        d.got.at->payload,
        "{\"x\":{ \"a\" : [ 1 , { } , [ ] , \"\\\"}\" ] },\"e\\u0301\":\"\\ud83d\\ude00\xC3\xA9\","
        "\"n\":null,\"t\":true}");
    close_desk(&d);
}

static void mapper__bears_hostile_messages(void **state)
{
    (void)state;
    enum { LARGE = 1 << 20 };
    static const char begin[] = "{\"HourUTC\":\"2024-11-06T22:00\",\"SpotPriceEUR\":1,\"PriceArea\":\"";
    desk d;
    char *large = malloc(LARGE);
    assert_non_null(large);
    open_desk(&d, "Elspotprices");
    memset(large, '[', LARGE);
    memcpy(large, "{\"a\":", 5);
    read_bytes(&d, large, LARGE);
    assert_string_equal(d.got.fault, "no record in JSON: more than 64 levels, at byte 70");
    memset(large, 'x', LARGE);
    memcpy(large, begin, sizeof begin - 1);
    memcpy(large + LARGE - 2, "\"}", 2);
    read_bytes(&d, large, LARGE);
    assert_non_null(strstr(d.got.fault, "expected a name of at most 512 bytes"));
    free(large);
    close_desk(&d);
}

static void mapper__reads_rows_as_it_reads_messages(void **state)
{
    (void)state;
    static const char *const column[] = {"HourUTC", "HourDK", "PriceArea", "SpotPriceDKK", "SpotPriceEUR"};
    desk d;
    open_desk(&d, "Elspotprices");
    assert_int_equal(mt_mapper_columns(&d.cx, d.mapper, column, 5), MT_OK);
    mt_text row[] = {mt_text_of("2024-11-06 22:00"), mt_text_of("2024-11-06 23:00"), mt_text_of("DK2"),
                     mt_text_of("713,190002"), mt_text_of("95,620003")};
    assert_int_equal(mt_mapper_row(&d.cx, d.mapper, row, true, KNOWN, &d.got), MT_OK);
    assert_one(&d, "spot_price", "DK2", "", 95.620003);
    assert_string_equal(d.got.at->payload, "{\"HourDK\":\"2024-11-06 23:00\",\"SpotPriceDKK\":713.190002}");
    row[4] = mt_text_of("");
    assert_int_equal(mt_mapper_row(&d.cx, d.mapper, row, true, KNOWN, &d.got), MT_OK);
    assert_int_equal(d.got.n, 0);
    assert_null(d.got.fault);
    row[4] = mt_text_of("95.62");
    assert_int_equal(mt_mapper_row(&d.cx, d.mapper, row, true, KNOWN, &d.got), MT_OK);
    assert_string_equal(d.got.fault, "\"SpotPriceEUR\" is \"95.62\"; expected a number with a decimal comma");
    row[2] = mt_text_of("K\xF8"
                        "benhavn");
    assert_int_equal(mt_mapper_row(&d.cx, d.mapper, row, true, KNOWN, &d.got), MT_OK);
    assert_non_null(strstr(d.got.fault, "expected a name of at most 512 bytes of UTF-8"));
    close_desk(&d);
}

static const mt_map_value load_value[] = {{.field = "v", .kind = "load", .unit = "MW"}};
#define LOCAL(zone)                                                                                          \
    &(mt_mapping)                                                                                            \
    {                                                                                                        \
        .name = "local", .source = "me", .time_field = "t", .time_zone = zone, .step = 15 * MT_US_MINUTE,    \
        .area = "X", .value = load_value, .n_value = 1                                                       \
    }

static void mapper__reads_local_time_and_refuses_what_it_cannot_tell(void **state)
{
    (void)state;
    desk d;
    open_mapping(&d, LOCAL("Europe/Copenhagen"));
    read_json(&d, "{\"t\":\"2024-06-08T12:00\",\"v\":100}");
    assert_one(&d, "load", "X", "", 25);
    assert_string_equal(d.got.at->unit, "MWh");
    assert_int_equal(d.got.at->start, mt_time_of((mt_civil){2024, 6, 8, 10, 0, 0, 0}));
    assert_fault(
        &d, "{\"t\":\"2024-10-27T02:30\",\"v\":100}",
        "\"t\" is \"2024-10-27T02:30\"; expected the time with its offset: this local hour comes twice in "
        "autumn");
    assert_fault(
        &d, "{\"t\":\"2024-03-31T02:30\",\"v\":100}",
        "\"t\" is \"2024-03-31T02:30\"; expected a local time that exists: the clock leapt over this one");
    close_desk(&d);
    open_mapping(&d, LOCAL("+01:00"));
    read_json(&d, "{\"t\":\"2024-06-08T12:00\",\"v\":100}");
    assert_int_equal(d.got.at->start, mt_time_of((mt_civil){2024, 6, 8, 11, 0, 0, 0}));
    close_desk(&d);
}

static void mapper__recognises_a_dataset_by_its_names(void **state)
{
    (void)state;
    static const char *const spot[] = {"HourUTC", "HourDK", "PriceArea", "SpotPriceDKK", "SpotPriceEUR"};
    bool enough;
    assert_int_equal(mt_mapping_score(mt_mapping_find("Elspotprices"), spot, 5, &enough), 3);
    assert_true(enough);
    assert_int_equal(mt_mapping_score(mt_mapping_find("DayAheadPrices"), spot, 5, &enough), 1);
    assert_false(enough);
    assert_int_equal(mt_mapping_score(mt_mapping_find("ElectricityBalanceNonv"), spot, 5, &enough), 2);
    assert_false(enough);
    assert_null(mt_mapping_find("elspotprices"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapper__turns_a_price_message_into_one_observation),
        cmocka_unit_test(mapper__gives_equal_names_equal_addresses),
        cmocka_unit_test(mapper__keeps_negative_prices_and_passes_over_null),
        cmocka_unit_test(mapper__reads_quarters_and_offsets),
        cmocka_unit_test(mapper__counts_a_declared_plant_once),
        cmocka_unit_test(mapper__knows_a_lesser_edition_a_little_earlier),
        cmocka_unit_test(mapper__wants_the_field_that_keeps_from_counting_twice),
        cmocka_unit_test(mapper__makes_energy_of_a_minutes_power),
        cmocka_unit_test(mapper__takes_the_moment_that_a_forecast_names),
        cmocka_unit_test(mapper__says_what_is_wrong_with_a_record),
        cmocka_unit_test(mapper__refuses_what_is_no_json),
        cmocka_unit_test(mapper__keeps_what_it_does_not_know_as_it_stands),
        cmocka_unit_test(mapper__bears_hostile_messages),
        cmocka_unit_test(mapper__reads_rows_as_it_reads_messages),
        cmocka_unit_test(mapper__reads_local_time_and_refuses_what_it_cannot_tell),
        cmocka_unit_test(mapper__recognises_a_dataset_by_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
