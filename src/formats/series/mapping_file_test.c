/* Tests of mapping files and of the schema of a message: what is read, what is refused and where. */
#include "formats/series/mapping.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/json.h"

#define WHOLE                                                                                                \
    "{\n"                                                                                                    \
    "  \"name\": \"sites\", \"source\": \"scada\", \"doc\": \"our sites\",\n"                                \
    "  \"time\": {\"field\": \"ts\", \"unit\": \"ms\"}, \"known\": {\"field\": \"seen\"},\n"                 \
    "  \"step\": \"15min\",\n"                                                                               \
    "  \"area\": {\"field\": \"site\"}, \"detail\": {\"field\": \"what\", \"also\": [\"phase\"]},\n"         \
    "  \"only\": {\"state\": [\"ok\", \"fair\"]},\n"                                                         \
    "  \"values\": [{\"field\": \"p\", \"kind\": \"production\", \"unit\": \"kW\", \"minimum\": 0},\n"       \
    "             {\"field\": \"t\", \"kind\": \"weather\", \"unit\": \"degC\", \"detail\": \"temp\",\n"     \
    "              \"factor\": 0.1, \"minimum\": -50, \"maximum\": 60}]\n"                                   \
    "}\n"

static void mapping_file__describes_a_users_records(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_mapper *mapper;
    mt_mapped got;
    const mt_mapping *mapping;
    mt_ctx_init(&cx, NULL);
    if (mt_mapping_read(&cx, &mapping, "sites.json", WHOLE, strlen(WHOLE)) != MT_OK) fail_msg("%s", cx.err);
    assert_string_equal(mapping->name, "sites");
    assert_true(isnan(mapping->value[0].maximum));
    assert_int_equal(mt_mapper_open(&cx, &mapper, mapping, NULL), MT_OK);
    mt_text message =
        mt_text_of("{\"ts\":1717200000000,\"seen\":\"2024-06-01T01:00Z\",\"site\":\"north\",\"what\":\"pv\","
                   "\"phase\":2,\"state\":\"ok\",\"p\":400,\"t\":215}");
    assert_int_equal(mt_mapper_json(&cx, mapper, message, 0, &got), MT_OK);
    assert_null(got.fault);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.at[0].detail, "pv;phase=2");
    assert_float_equal(got.at[0].value, 0.1, 1e-12);
    assert_string_equal(got.at[0].unit, "MWh");
    assert_int_equal(got.at[0].start, 1717200000000000);
    assert_int_equal(got.at[0].known_at, mt_time_of((mt_civil){2024, 6, 1, 1, 0, 0, 0}));
    assert_string_equal(got.at[1].detail, "temp");
    assert_float_equal(got.at[1].value, 21.5, 1e-12);
    message =
        mt_text_of("{\"ts\":1717200000000,\"site\":\"north\",\"what\":\"pv\",\"state\":\"fair\",\"p\":-1}");
    assert_int_equal(mt_mapper_json(&cx, mapper, message, 0, &got), MT_OK);
    assert_non_null(strstr(got.fault, "\"p\" is \"-1\"; expected at least 0 MWh"));
    message =
        mt_text_of("{\"ts\":1717200000000,\"site\":\"north\",\"what\":\"pv\",\"state\":\"bad\",\"p\":1}");
    assert_int_equal(mt_mapper_json(&cx, mapper, message, 0, &got), MT_OK);
    assert_null(got.fault);
    assert_int_equal(got.n, 0);
    mt_mapper_close(mapper);
    mt_ctx_close(&cx);
}

#define RANKED(order)                                                                                        \
    "{\"name\":\"m\",\"source\":\"s\",\"time\":{\"field\":\"t\"},\"known\":{\"field\":\"k\"},"               \
    "\"area\":{\"value\":\"X\"},\n\"rank\":{\"field\":\"ed\",\"order\":" order "},"                          \
    "\"values\":[{\"field\":\"v\",\"kind\":\"load\"}]}"

static void mapping_file__ranks_editions(void **state)
{
    (void)state;
    static const char text[] = RANKED("[\"draft\",\"first\",\"last\"]");
    static const struct {
        const char *edition;
        mt_time behind;
    } want[] = {{"\"draft\"", 2000}, {"\"first\"", 1000}, {"\"last\"", 0}, {"\"other\"", 0}, {"null", 0}};
    mt_ctx cx;
    mt_mapper *mapper;
    mt_mapped got;
    const mt_mapping *mapping;
    mt_text schema;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_mapping_read(&cx, &mapping, "m.json", text, strlen(text)), MT_OK);
    assert_int_equal(mt_mapper_open(&cx, &mapper, mapping, NULL), MT_OK);
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        char message[200];
        snprintf(message, sizeof message,
                 "{\"t\":\"2024-06-01T00:00\",\"k\":\"2024-06-01T01:00\",\"ed\":%s,\"v\":1}",
                 want[k].edition);
        assert_int_equal(mt_mapper_json(&cx, mapper, mt_text_of(message), 0, &got), MT_OK);
        assert_null(got.fault);
        assert_int_equal(got.at->known_at, mt_time_of((mt_civil){2024, 6, 1, 1, 0, 0, 0}) - want[k].behind);
    }
    assert_int_equal(mt_mapping_schema(&cx, &schema, mapping), MT_OK);
    assert_non_null(strstr(schema.at, "\"edition; of several the last stands: draft, first, last\""));
    mt_mapper_close(mapper);
    mt_ctx_close(&cx);
}

static void assert_refused(const char *text, const char *sentence)
{
    mt_ctx cx;
    const mt_mapping *mapping = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_mapping_read(&cx, &mapping, "m.json", text, strlen(text)), MT_E_INPUT);
    assert_string_equal(cx.err, sentence);
    assert_null(mapping);
    mt_ctx_close(&cx);
}

#define TOP    "{\"name\":\"m\",\"source\":\"s\",\n"
#define TIME   "\"time\":{\"field\":\"t\"},\n"
#define AREA   "\"area\":{\"value\":\"X\"},\n"
#define VALUES "\"values\":[{\"field\":\"v\",\"kind\":\"load\"}]}"

static void mapping_file__is_refused_with_line_and_column(void **state)
{
    (void)state;
    assert_refused("{\"name\":\"m\"", "m.json, line 1, column 11: not valid JSON: premature EOF");
    assert_refused("[]", "m.json, line 1, column 1: an object is expected");
    assert_refused(TOP "\n \"tima\":{}}",
                   "m.json, line 3, column 9: no member is called \"tima\"; did you mean \"time\"?");
    assert_refused(
        TOP "\"xyzzy\":1}",
        "m.json, line 2, column 9: no member is called \"xyzzy\"; known are name, source, time, known, step, "
        "area, detail, only, rank, values, doc");
    assert_refused(TOP TIME AREA "\"values\":[{\"field\":\"v\",\"kind\":\"load\",\"unti\":\"MW\"}]}",
                   "m.json, line 4, column 45: no member is called \"unti\"; did you mean \"unit\"?");
    assert_refused("{\"source\":\"s\"}", "m.json, line 1, column 1: the member \"name\" is missing or empty");
    assert_refused(TOP AREA VALUES, "m.json, line 1, column 1: the member \"time\" is missing");
    assert_refused(TOP "\"time\":{\"zone\":\"UTC\"}," AREA VALUES,
                   "m.json, line 2, column 8: the member \"field\" is missing or empty");
    assert_refused(TOP "\"time\":{\"field\":\"t\",\"unit\":\"ns\"}," AREA VALUES,
                   "m.json, line 2, column 28: a unit of time is expected: s, ms or us");
    assert_refused(TOP TIME "\"step\":\"soon\"," AREA VALUES,
                   "m.json, line 3, column 8: a length of time is expected, such as 15min or 1h");
    assert_refused(TOP TIME "\"area\":{\"field\":\"a\",\"value\":\"b\"}," VALUES,
                   "m.json, line 3, column 8: either \"field\" or \"value\" is expected");
    assert_refused(TOP TIME AREA "\"values\":[]}",
                   "m.json, line 4, column 10: a list of 1 to 64 values is expected");
    assert_refused(TOP TIME AREA "\"values\":[{\"field\":\"v\",\"kind\":\"Spot price\"}]}",
                   "m.json, line 4, column 31: a kind is a word of small letters, such as spot_price");
    assert_refused(TOP TIME AREA
                   "\"values\":[{\"field\":\"v\",\"kind\":\"load\",\"minimum\":2,\"maximum\":1}]}",
                   "m.json, line 4, column 11: the minimum must lie below the maximum");
    assert_refused(TOP TIME AREA "\"only\":{\"a\":\"b\"}," VALUES,
                   "m.json, line 4, column 13: a list of texts is expected");
    assert_refused(RANKED("[]"), "m.json, line 2, column 30: a list of texts is expected");
    assert_refused(RANKED("[\"a\",\"b\",\"a\"]"), "m.json, line 2, column 39: this edition stands twice");
    assert_refused(TOP TIME AREA "\"rank\":{\"field\":\"e\"}," VALUES,
                   "m.json, line 4, column 8: the member \"order\" is missing");
    assert_refused(TOP TIME AREA "\"rank\":{\"order\":[\"e\"]}," VALUES,
                   "m.json, line 4, column 8: the member \"field\" is missing or empty");
    assert_refused(TOP TIME TIME AREA VALUES, "m.json, line 3, column 8: this member stands twice");
}

static void mapping_file__power_needs_a_step(void **state)
{
    (void)state;
    static const char text[] =
        TOP TIME AREA "\"values\":[{\"field\":\"v\",\"kind\":\"load\",\"unit\":\"MW\"}]}";
    mt_ctx cx;
    mt_mapper *mapper;
    const mt_mapping *mapping;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_mapping_read(&cx, &mapping, "m.json", text, strlen(text)), MT_OK);
    assert_int_equal(mt_mapper_open(&cx, &mapper, mapping, NULL), MT_E_INPUT);
    assert_string_equal(cx.err, "the mapping \"m\" turns power into energy: it needs a step");
    mt_ctx_close(&cx);
}

static void mapping_schema__is_json_that_names_every_field(void **state)
{
    (void)state;
    size_t n;
    const mt_mapping *all = mt_mappings(&n);
    assert_int_equal(n, 8);
    for (size_t k = 0; k < n; k++) {
        mt_ctx cx;
        mt_text text;
        const mt_json *top;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_mapping_schema(&cx, &text, &all[k]), MT_OK);
        if (mt_json_read(&cx, &top, all[k].name, text.at, text.length) != MT_OK) fail_msg("%s", cx.err);
        const mt_json *properties = mt_json_member(top, "properties");
        assert_non_null(mt_json_member(properties, all[k].time_field));
        for (size_t v = 0; v < all[k].n_value; v++)
            assert_non_null(mt_json_member(properties, all[k].value[v].field));
        mt_ctx_close(&cx);
    }
}

static void mapping_schema__tells_types_bounds_and_what_is_required(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_text text;
    const mt_json *top;
    double bound;
    const char *word;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_mapping_schema(&cx, &text, mt_mapping_find("elspot_topic")), MT_OK);
    assert_int_equal(mt_json_read(&cx, &top, "schema", text.at, text.length), MT_OK);
    const mt_json *price = mt_json_member(mt_json_member(top, "properties"), "SpotPriceEUR");
    assert_int_equal(mt_json_get_real(&cx, &bound, price, "minimum"), MT_OK);
    assert_true(bound == -10000);
    assert_int_equal(mt_json_get_text(&cx, &word, top, "$schema"), MT_OK);
    assert_string_equal(word, "https://json-schema.org/draft/2020-12/schema");
    const mt_json *required = mt_json_member(top, "required");
    assert_int_equal(required->count, 3);
    assert_string_equal(mt_json_element(required, 2)->text.at, "SpotPriceEUR");
    assert_string_equal(mt_json_element(mt_json_member(price, "type"), 2)->text.at, "null");
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapping_file__describes_a_users_records),
        cmocka_unit_test(mapping_file__ranks_editions),
        cmocka_unit_test(mapping_file__is_refused_with_line_and_column),
        cmocka_unit_test(mapping_file__power_needs_a_step),
        cmocka_unit_test(mapping_schema__is_json_that_names_every_field),
        cmocka_unit_test(mapping_schema__tells_types_bounds_and_what_is_required),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
