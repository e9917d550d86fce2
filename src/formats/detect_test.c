/* Tests of recognising files: each kind by its first lines, and a sentence for what is none. */
#include "formats/detect.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/order_file.h"
#include "formats/series/record_file.h"
#include "formats/text_case.h"

static void assert_form(const char *at, mt_form form)
{
    text_case text;
    mt_form found = MT_FORM_COUNT;
    assert_true(text_open(&text, "in.csv", at));
    assert_int_equal(mt_form_detect(&text.cx, &found, text.bytes), MT_OK);
    if (found != form) fail_msg("%s: %s", at, mt_form_name(found));
    text_close(&text);
}

static void detect__knows_each_kind_by_its_first_lines(void **state)
{
    (void)state;
    assert_form("Timestamp,Price,Volume,Sell_Buy\n", MT_FORM_ORDERS);
    assert_form("\xEF\xBB\xBF"
                "time;limit;mwh;direction\r\n",
                MT_FORM_ORDERS);
    assert_form("Timestamp,Prise,Volume,Sell_Buy\n", MT_FORM_ORDERS); /* its reader names the mistake */
    assert_form("OMEL - Mercado de electricidad;Fecha;;02/01/2009;Mercado diario - Hora 1;;;;\n",
                mt_form_curve(MT_OMIE));
    assert_form("x\n\nHora;Fecha;Pais;Unidad;Tipo Oferta;Energia;Precio;Ofertada (O)/Casada (C);\n",
                mt_form_curve(MT_OMIE));
    assert_form("20250715,1,10.43,30804.0,30946.8,\n", mt_form_curve(MT_JEPX));
    assert_form("date,product,price,sell,buy,serial\n20250715,1,10.43,30804.0,30946.8,3\n",
                mt_form_curve(MT_JEPX));
    assert_form("timestamp,delivery_day,period,zone,side,price_eur_per_mwh,quantity_mwh\n",
                mt_form_curve(MT_GME));
    assert_form(
        "# Public "
        "Trades;;\nTradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n",
        MT_FORM_TRADES);
}

static void detect__knows_the_shared_files(void **state)
{
    (void)state;
    const struct {
        const char *path;
        mt_form form;
    } files[] = {{"data/energy_market/energy_data.csv", MT_FORM_ORDERS},
                 {"data/omie/20090102/OfferAndDemandCurve_1_20090102.TXT", mt_form_curve(MT_OMIE)}};
    for (size_t k = 0; k < 2; k++) {
        text_case text;
        mt_form found;
        if (!text_open_shared(&text, files[k].path)) skip();
        assert_int_equal(mt_form_detect(&text.cx, &found, text.bytes), MT_OK);
        assert_int_equal(found, files[k].form);
        text_close(&text);
    }
}

static void detect__consumes_nothing(void **state)
{
    (void)state;
    text_case text;
    mt_form form;
    mt_order_file *file;
    mt_order_batch batch;
    assert_true(
        text_open(&text, "in.csv", "Timestamp,Price,Volume,Sell_Buy\n2024-01-01T00:00:00Z,1,1,buy\n"));
    assert_int_equal(mt_form_detect(&text.cx, &form, text.bytes), MT_OK);
    assert_int_equal(mt_order_file_open(&text.cx, &file, text.bytes, NULL), MT_OK);
    assert_int_equal(mt_order_file_next(&text.cx, file, &batch), MT_OK);
    assert_int_equal(batch.n, 1);
    text_close(&text);
}

static void detect__says_why_nothing_fits(void **state)
{
    (void)state;
    text_case text;
    mt_form form;
    assert_true(text_open(&text, "in.csv", ""));
    assert_int_equal(mt_form_detect(&text.cx, &form, text.bytes), MT_E_INPUT);
    assert_string_equal(text.cx.err, "in.csv is empty; expected orders, an exchange's curve or trades");
    text_close(&text);
    assert_true(text_open(&text, "in.csv", "hello, world\n1,2\n"));
    assert_int_equal(mt_form_detect(&text.cx, &form, text.bytes), MT_E_INPUT);
    assert_string_equal(text.cx.err,
                        "in.csv is neither an order file (Timestamp, Price, Volume, Sell_Buy) nor a curve of "
                        "OMIE, JEPX or GME nor a trade file; it begins with \"hello, world\"");
    text_close(&text);
}

static void assert_found(const char *at, mt_form form, const char *as)
{
    text_case text;
    mt_form_found found;
    assert_true(text_open(&text, "in", at));
    if (mt_form_recognise(&text.cx, &found, text.bytes) != MT_OK) fail_msg("%s", text.cx.err);
    assert_int_equal(found.form, form);
    assert_string_equal(found.as, as);
    text_close(&text);
}

#define SPOT "{\"HourUTC\":\"2024-11-06T22:00:00\",\"PriceArea\":\"DK2\",\"SpotPriceEUR\":95.62}"

static void detect__knows_records_of_series(void **state)
{
    (void)state;
    assert_found("HourUTC;HourDK;PriceArea;SpotPriceDKK;SpotPriceEUR\n", MT_FORM_SERIES, "Elspotprices");
    assert_found("TimeUTC,TimeDK,PriceArea,DayAheadPriceEUR\n", MT_FORM_SERIES, "DayAheadPrices");
    assert_found("HourUTC;HourDK;PriceArea;TotalLoad;Biomass\n", MT_FORM_SERIES, "ElectricityBalanceNonv");
    assert_found("Minutes1UTC,Minutes1DK,CO2Emission,SolarPower\n", MT_FORM_SERIES, "PowerSystemRightNow");
    assert_found("HourUTC,PriceArea,ForecastType,ForecastCurrent,TimestampUTC\n", MT_FORM_SERIES,
                 "Forecasts_Hour");
    assert_found("HourUTC,PriceArea,FuelAllocationMethod,ProductionType,Production_MWh\n", MT_FORM_SERIES,
                 "DeclarationProduction");
    assert_found(SPOT "\n" SPOT, MT_FORM_SERIES, "Elspotprices");
    assert_found("{\"total\":1,\"records\":[" SPOT "]}", MT_FORM_SERIES, "Elspotprices");
    assert_found("kind,area,start,value\n", MT_FORM_SERIES, "observations");
    assert_found("latitude,longitude,elevation,utc_offset_seconds\n", MT_FORM_SERIES, "open-meteo");
    assert_found("# meters\n\nmeter,device=m1 v=1.5 1717200000000000000\n", MT_FORM_SERIES, "line-protocol");
}

static void detect__recognises_what_it_detects(void **state)
{
    (void)state;
    assert_found("Timestamp,Price,Volume,Sell_Buy\n", MT_FORM_ORDERS, "orders");
    assert_found("20250715,1,10.43,30804.0,30946.8,\n", mt_form_curve(MT_JEPX), "curve-jepx");
    assert_found("TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n",
                 MT_FORM_TRADES, "trades");
}

static void detect__says_why_no_records_fit(void **state)
{
    (void)state;
    text_case text;
    mt_form_found found;
    assert_true(text_open(&text, "in.json", "{\"a\":1}"));
    assert_int_equal(mt_form_recognise(&text.cx, &found, text.bytes), MT_E_INPUT);
    assert_string_equal(text.cx.err,
                        "in.json is JSON of no known dataset, nor an order file, an exchange's curve or a "
                        "trade file; it begins with \"{\"a\":1}\"");
    text_close(&text);
    assert_true(text_open(&text, "in", "<html><body>"));
    assert_int_equal(mt_form_recognise(&text.cx, &found, text.bytes), MT_E_INPUT);
    text_close(&text);
}

static void detect__knows_every_name_that_may_be_asked_for(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_form_found found;
    size_t n, datasets, seen = 0;
    const char *const *name = mt_form_names(&n);
    const mt_mapping *mapping = mt_mappings(&datasets);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(n, 2 + MT_EXCHANGE_COUNT + datasets + MT_LAYOUT_COUNT - 1);
    assert_null(name[n]);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(mt_form_of(&cx, &found, name[k]), MT_OK);
        assert_string_equal(found.as, name[k]);
        for (size_t d = 0; d < datasets; d++) seen += strcmp(mapping[d].name, name[k]) == 0;
    }
    assert_int_equal(seen, datasets);
    assert_int_equal(mt_form_of(&cx, &found, "Elspotprice"), MT_E_INPUT);
    assert_string_equal(cx.err, "no kind of file is called \"Elspotprice\"; did you mean \"Elspotprices\"?");
    mt_ctx_close(&cx);
}

static void detect__names_are_those_of_the_command_line(void **state)
{
    (void)state;
    assert_string_equal(mt_form_name(MT_FORM_ORDERS), "orders");
    assert_string_equal(mt_form_name(mt_form_curve(MT_JEPX)), "curve-jepx");
    assert_string_equal(mt_form_meaning(MT_FORM_TRADES), "a trade file");
    assert_string_equal(mt_form_name(MT_FORM_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detect__knows_each_kind_by_its_first_lines),
        cmocka_unit_test(detect__knows_the_shared_files),
        cmocka_unit_test(detect__consumes_nothing),
        cmocka_unit_test(detect__says_why_nothing_fits),
        cmocka_unit_test(detect__knows_records_of_series),
        cmocka_unit_test(detect__recognises_what_it_detects),
        cmocka_unit_test(detect__says_why_no_records_fit),
        cmocka_unit_test(detect__knows_every_name_that_may_be_asked_for),
        cmocka_unit_test(detect__names_are_those_of_the_command_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
