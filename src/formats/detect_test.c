/* Tests of recognising files: each kind by its first lines, and a sentence for what is none. */
#include "formats/detect.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/order_file.h"
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
        cmocka_unit_test(detect__names_are_those_of_the_command_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
