/* Schedules: the message's elements in their order, days of 92 and 100 quarters, what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "formats/document/check/tree.h"
#include "formats/document/ess.h"

enum { QUARTERS_MAX = 100 };

static mt_micro power[2][QUARTERS_MAX];

static const mt_ess_series series[] = {{.series_id = "PRODUCTION",
                                        .business = MT_ESS_PRODUCTION,
                                        .in_area = "10YDE-EON------1",
                                        .in_party = "11XMERIT-------A",
                                        .power_kw = power[0]},
                                       {.series_id = "SALES-EPEX",
                                        .business = MT_ESS_INTERNAL_TRADE,
                                        .in_area = "10YDE-EON------1",
                                        .out_area = "10YDE-EON------1",
                                        .in_party = "11XEPEX<&>-----B",
                                        .out_party = "11XMERIT-------A",
                                        .power_kw = power[1]}};

static mt_ess_message message_of(mt_ctx *cx, int year, int month, int day)
{
    mt_ess_message message = {.message_id = "20250608_TPS_MERIT_TENNET",
                              .version = 1,
                              .process = "A01",
                              .sender = "11XMERIT-------A",
                              .receiver = "10XDE-EON-NETZ-C",
                              .created = case_at("2025-06-07T10:15:30.5Z"),
                              .series = series,
                              .n_series = 2};
    assert_int_equal(mt_day_grid(cx, &message.grid, case_zone(cx, "Europe/Berlin"),
                                 mt_day_of(year, month, day), 15 * MT_US_MINUTE),
                     MT_OK);
    for (size_t k = 0; k < QUARTERS_MAX; k++) {
        power[0][k] = 12345499999 + (mt_micro)k * 1000000; /* 12,345.499999 kW and more */
        power[1][k] = 500000;                              /* half a kW */
    }
    return message;
}

typedef mt_code write_fn(mt_ctx *cx, mt_out *out, const mt_ess_message *message);

static const char *write_text(mt_ctx *cx, write_fn *write, const mt_ess_message *message)
{
    mt_out *out = NULL;
    const char *text = NULL;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    if (write(cx, out, message) != MT_OK) fail_msg("%s", cx->err);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

static const mt_tree_node *write_tree(mt_ctx *cx, const mt_ess_message *message)
{
    const mt_tree_node *root = NULL;
    const char *text = write_text(cx, mt_ess_write, message);
    if (mt_tree_read(cx, &root, "schedule", mt_text_of(text)) != MT_OK) fail_msg("%s", cx->err);
    return root;
}

/* The order is that of the implementation guide, version 2 release 3, section 6. */
static void ess__keeps_the_order_of_the_guide(void **state)
{
    static const char *const head[] = {"MessageIdentification",
                                       "MessageVersion",
                                       "MessageType",
                                       "ProcessType",
                                       "ScheduleClassificationType",
                                       "SenderIdentification",
                                       "SenderRole",
                                       "ReceiverIdentification",
                                       "ReceiverRole",
                                       "MessageDateTime",
                                       "ScheduleTimeInterval",
                                       "ScheduleTimeSeries",
                                       "ScheduleTimeSeries"};
    static const char *const each[] = {"SendersTimeSeriesIdentification",
                                       "SendersTimeSeriesVersion",
                                       "BusinessType",
                                       "Product",
                                       "ObjectAggregation",
                                       "InArea",
                                       "OutArea",
                                       "InParty",
                                       "OutParty",
                                       "MeasurementUnit",
                                       "Period"};
    mt_ess_message message = message_of(*state, 2025, 6, 8);
    const mt_tree_node *root = write_tree(*state, &message), *node = root->child;
    for (size_t k = 0; k < sizeof head / sizeof *head; k++, node = node->next)
        assert_string_equal(node->name, head[k]);
    assert_null(node);
    node = mt_tree_first(root, "ScheduleTimeSeries[InParty]")->next->child;
    for (size_t k = 0; k < sizeof each / sizeof *each; k++, node = node->next)
        assert_string_equal(node->name, each[k]);
}

static void ess__tells_megawatts_with_three_decimals_and_utc(void **state)
{
    mt_ess_message message = message_of(*state, 2025, 6, 8);
    const char *text = write_text(*state, mt_ess_write, &message);
    assert_non_null(strstr(text, "<ScheduleTimeInterval v=\"2025-06-07T22:00Z/2025-06-08T22:00Z\"/>"));
    assert_non_null(strstr(text, "<MessageDateTime v=\"2025-06-07T10:15:30Z\"/>"));
    assert_non_null(strstr(text, "<Pos v=\"1\"/>\n        <Qty v=\"12.345\"/>"));
    assert_non_null(strstr(text, "<Qty v=\"0.001\"/>")); /* half a kW away from zero */
    assert_non_null(strstr(text, "<InParty v=\"11XEPEX&lt;&amp;&gt;-----B\" codingScheme=\"A01\"/>"));
}

static void ess__counts_the_quarters_of_a_clock_change(void **state)
{
    mt_ess_message spring = message_of(*state, 2025, 3, 30), autumn = message_of(*state, 2025, 10, 26);
    const mt_tree_node *root = write_tree(*state, &spring);
    assert_int_equal(mt_tree_find(root, "ScheduleTimeSeries/Period/Interval", NULL, 0), 2 * 92);
    root = write_tree(*state, &autumn);
    assert_int_equal(mt_tree_find(root, "ScheduleTimeSeries/Period/Interval", NULL, 0), 2 * 100);
}

static void ess__writes_a_table_of_the_same_values(void **state)
{
    mt_ess_message message = message_of(*state, 2025, 6, 8);
    const char *text = write_text(*state, mt_ess_csv, &message);
    assert_non_null(
        strstr(text, "series,business,in_area,out_area,in_party,out_party,position,delivery_start,"));
    assert_non_null(
        strstr(text, "\nPRODUCTION,production,10YDE-EON------1,,11XMERIT-------A,,1,2025-06-07T22:00:00Z,"
                     "12.345\n"));
}

static void ess__refuses_gaps_and_negative_power(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out = NULL;
    mt_ess_message message = message_of(cx, 2025, 6, 8);
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    power[1][7] = MT_MICRO_NONE;
    assert_int_equal(mt_ess_write(cx, out, &message), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "series SALES-EPEX, position 8: no value"));
    power[1][7] = -1;
    assert_int_equal(mt_ess_csv(cx, out, &message), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "position 8: negative power"));
    message.version = 0;
    assert_int_equal(mt_ess_write(cx, out, &message), MT_E_INPUT);
    assert_int_equal(mt_out_bytes(out).length, 0);
    mt_out_close(out);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(ess__keeps_the_order_of_the_guide),
        IN_CONTEXT(ess__tells_megawatts_with_three_decimals_and_utc),
        IN_CONTEXT(ess__counts_the_quarters_of_a_clock_change),
        IN_CONTEXT(ess__writes_a_table_of_the_same_values),
        IN_CONTEXT(ess__refuses_gaps_and_negative_power),
    };
    return cmocka_run_group_tests_name("ess", test, NULL, NULL);
}
