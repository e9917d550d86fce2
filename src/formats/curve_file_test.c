/* Tests of curve files: a published day of OMEL to the last MWh, quarters, cumulated curves, zones, and
 * what is refused. */
#include "formats/curve_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/text_case.h"

enum { ROWS_MAX = 4096 };

#define OMIE_HEADER                                                                                          \
    "OMIE - Mercado de electricidad;Fecha Emisi\xF3n :20/06/2025 - 13:40;;21/06/2025;Mercado diario - Hora " \
    "1;;;;\r\n"                                                                                              \
    "\r\n"                                                                                                   \
    "Hora;Fecha;Pais;Unidad;Tipo Oferta;Energ\xED"                                                           \
    "a Compra/Venta;Precio Compra/Venta;Ofertada (O)/Casada (C);\r\n"
#define GME_HEADER "timestamp,delivery_day,period,zone,side,price_eur_per_mwh,quantity_mwh\n"
#define MWH        ((int64_t)1000000)

struct kept {
    size_t n, n_bad, sold_n, bought_n;
    int64_t sold, bought;
    mt_time time[ROWS_MAX];
    mt_micro price[ROWS_MAX];
    int64_t volume[ROWS_MAX];
    uint8_t side[ROWS_MAX];
    mt_order_fault fault[ROWS_MAX];
    uint64_t line[ROWS_MAX];
    mt_curve_info info;
};

static struct kept kept;

static void keep_batch(const mt_order_batch *batch)
{
    for (size_t k = 0; k < batch->n; k++, kept.n++) {
        assert_true(kept.n < ROWS_MAX);
        kept.time[kept.n] = batch->time[k];
        kept.price[kept.n] = batch->price[k];
        kept.volume[kept.n] = batch->volume[k];
        kept.side[kept.n] = batch->side[k];
        kept.sold_n += batch->side[k] == MT_SELL;
        kept.bought_n += batch->side[k] == MT_BUY;
        if (batch->volume[k] == MT_MICRO_NONE) continue;
        kept.sold += batch->side[k] == MT_SELL ? batch->volume[k] : 0;
        kept.bought += batch->side[k] == MT_BUY ? batch->volume[k] : 0;
    }
    for (size_t k = 0; k < batch->n_bad; k++) {
        kept.line[kept.n_bad] = batch->bad[k].line;
        kept.fault[kept.n_bad++] = batch->bad[k].fault;
    }
}

static mt_code keep_all(text_case *text, mt_exchange exchange, const mt_curve_options *options)
{
    mt_curve_file *file;
    mt_order_batch batch;
    memset(&kept, 0, sizeof kept);
    MT_TRY(mt_curve_file_open(&text->cx, &file, text->bytes, exchange, options));
    mt_order_source source = mt_curve_file_source(file);
    do {
        MT_TRY(source.next(source.self, &text->cx, &batch));
        keep_batch(&batch);
    } while (batch.n > 0);
    kept.info = *mt_curve_file_about(file);
    kept.info.area = NULL; /* lives in the context */
    return MT_OK;
}

static void read_text(mt_exchange exchange, const char *at, const mt_curve_options *options)
{
    text_case text;
    assert_true(text_open(&text, "curve.csv", at));
    mt_code code = keep_all(&text, exchange, options);
    if (code != MT_OK) fail_msg("%s", text.cx.err);
    text_close(&text);
}

static void assert_refused(mt_exchange exchange, const char *at, const mt_curve_options *options,
                           mt_code code, const char *sentence)
{
    text_case text;
    assert_true(text_open(&text, "curve.csv", at));
    assert_int_equal(keep_all(&text, exchange, options), code);
    assert_string_equal(text.cx.err, sentence);
    text_close(&text);
}

/* OfferAndDemandCurve_1_20090102.TXT: its rows counted and summed with another program; 25,312.1 MWh is the
 * volume that OMEL published for that hour. */
static void curve_omie__reads_a_published_hour_to_the_last_mwh(void **state)
{
    (void)state;
    static const struct {
        int curve;
        size_t bought_n, sold_n;
        int64_t bought, sold;
    } golden[] = {{MT_CURVE_MATCHED, 72, 627, 25312100000, 25312100000},
                  {MT_CURVE_OFFERED, 141, 1100, 29911700000, 64156700000}};
    for (size_t k = 0; k < 2; k++) {
        text_case text;
        mt_curve_options options = {.size = sizeof options, .curve = golden[k].curve};
        if (!text_open_shared(&text, "data/omie/20090102/OfferAndDemandCurve_1_20090102.TXT")) skip();
        assert_int_equal(keep_all(&text, MT_OMIE, &options), MT_OK);
        text_close(&text);
        assert_int_equal(kept.n_bad, 0);
        assert_int_equal(kept.bought_n, golden[k].bought_n);
        assert_int_equal(kept.sold_n, golden[k].sold_n);
        assert_int_equal(kept.bought, golden[k].bought);
        assert_int_equal(kept.sold, golden[k].sold);
        for (size_t row = 0; row < kept.n; row++)
            assert_int_equal(kept.time[row], mt_time_of((mt_civil){2009, 1, 1, 23, 0, 0, 0}));
    }
    assert_int_equal(kept.price[0], 180300000); /* 18,030 cent/kWh is 180.30 EUR/MWh */
    assert_int_equal(kept.info.published_factor, 10);
    assert_string_equal(kept.info.published_unit, "cent/kWh");
    assert_non_null(strstr(kept.info.note, "cent/kWh"));
    assert_int_equal(kept.info.price_rule, MT_CURVE_PRICE_LAST_SELL);
    assert_int_equal(kept.info.cap, 180300000);
    assert_int_equal(kept.info.period, MT_US_HOUR);
}

static void curve_omie__prices_with_two_decimals_are_eur_per_mwh(void **state)
{
    (void)state;
    read_text(MT_OMIE,
              OMIE_HEADER "1;21/06/2025;MI;;V;1.234,5;-12,34;C;\r\n1;21/06/2025;MI;;C;3,0;4.000,00;C;\r\n"
                          "1;21/06/2025;MI;;C;3,0;0;O;\r\n;;;;;;;;\r\n",
              NULL);
    assert_int_equal(kept.n, 2);
    assert_int_equal(kept.n_bad, 0);
    assert_int_equal(kept.price[0], -12340000);
    assert_int_equal(kept.volume[0], 1234500000);
    assert_int_equal(kept.side[0], MT_SELL);
    assert_int_equal(kept.price[1], 4000 * MWH);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 6, 20, 22, 0, 0, 0}));
    assert_int_equal(kept.info.floor, -500 * MWH);
    assert_int_equal(kept.info.cap, 4000 * MWH);
    assert_null(kept.info.note);
}

static void curve_omie__hour_25_exists_on_the_long_day_only(void **state)
{
    (void)state;
    read_text(MT_OMIE,
              OMIE_HEADER "25;26/10/2025;MI;;V;1,0;1,00;C;\n25;27/10/2025;MI;;V;1,0;1,00;C;\n"
                          "24;30/03/2025;MI;;V;1,0;1,00;C;\n23;30/03/2025;MI;;V;1,0;1,00;C;\n",
              NULL);
    assert_int_equal(kept.n, 4);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 10, 26, 22, 0, 0, 0}));
    assert_int_equal(kept.n_bad, 2);
    assert_int_equal(kept.fault[0], MT_FAULT_TIME_BAD);
    assert_int_equal(kept.line[0], 5);
    assert_int_equal(kept.line[1], 6);
    assert_int_equal(kept.time[3], mt_time_of((mt_civil){2025, 3, 30, 21, 0, 0, 0}));
}

static void curve_omie__quarters_hold_power(void **state)
{
    (void)state;
    read_text(
        MT_OMIE,
        "OMIE;\n\nPeriodo;Fecha;Pa\xC3\xADs;Unidad;Tipo Oferta;Potencia Compra/Venta;Precio Compra/Venta;"
        "Tipolog\xC3\xAD"
        "a de Oferta;Ofertada (O)/Casada (C);\n"
        "H1Q1;01/10/2025;MI;ABC;V;10,4;1,00;S;C;\nH24Q4;01/10/2025;MI;ABC;C;0,2;1,00;C01;C;\n"
        "H25Q1;01/10/2025;MI;ABC;C;0,2;1,00;C01;C;\n",
        NULL);
    assert_int_equal(kept.n, 3);
    assert_int_equal(kept.info.period, 15 * MT_US_MINUTE);
    assert_int_equal(kept.volume[0], 2600000); /* 10.4 MW x 0.25 h */
    assert_int_equal(kept.volume[1], 50000);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 9, 30, 22, 0, 0, 0}));
    assert_int_equal(kept.time[1], mt_time_of((mt_civil){2025, 10, 1, 21, 45, 0, 0}));
    assert_int_equal(kept.n_bad, 1);
    assert_int_equal(kept.fault[0], MT_FAULT_TIME_BAD);
}

static void curve_omie__areas_priced_apart_are_not_mixed(void **state)
{
    (void)state;
    static const char split[] =
        OMIE_HEADER "11;21/06/2025;MI;;V;5,0;1,00;C;\n12;21/06/2025;ES;;V;1,0;1,00;C;\n"
                    "12;21/06/2025;PT;;V;2,0;1,00;C;\n13;21/06/2025;PT;;V;4,0;1,00;C;\n";
    assert_refused(MT_OMIE, split, NULL, MT_E_INPUT,
                   "curve.csv line 6: 12 holds areas ES and PT, which were priced apart; choose one");
    mt_curve_options options = {.size = sizeof options, .area = "ES"};
    read_text(MT_OMIE, split, &options);
    assert_int_equal(kept.sold, 6 * MWH); /* the whole market's hour 11 and Spain's hour 12 */
    options.area = "FR";
    assert_refused(MT_OMIE, OMIE_HEADER "12;21/06/2025;ES;;V;1,0;1,00;C;\n", &options, MT_E_ABSENT,
                   "curve.csv has no rows of area \"FR\"");
}

static void curve_omie__faults_are_counted_with_their_line(void **state)
{
    (void)state;
    read_text(MT_OMIE,
              OMIE_HEADER "1;31/02/2025;MI;;V;1,0;1,00;C;\n1;21/06/2025;MI;;X;1,0;1,00;C;\n"
                          "1;21/06/2025;MI;;V;1,0;;C;\n1;21/06/2025;MI;;V;1,0;1.00,0.0;C;\n"
                          "1;21/06/2025;MI;;V;;1,00;C;\n1;21/06/2025;MI;;V;1.23,0;1,00;C;\n"
                          "1;21/06/2025;MI;;V;-1,0;1,00;C;\n1;21/06/2025;MI;;V;1,0;200.000,00;C;\n1;2;3\n"
                          "1;21/06/2025;MI;;V;0,0;1,00;C;\n",
              NULL);
    static const mt_order_fault expected[] = {
        MT_FAULT_TIME_BAD,     MT_FAULT_SIDE_BAD,       MT_FAULT_PRICE_MISSING,
        MT_FAULT_PRICE_BAD,    MT_FAULT_VOLUME_MISSING, MT_FAULT_VOLUME_BAD,
        MT_FAULT_VOLUME_RANGE, MT_FAULT_PRICE_RANGE,    MT_FAULT_ROW_SHAPE};
    assert_int_equal(kept.n_bad, 9);
    assert_int_equal(kept.n, 9); /* a step of volume 0 is left out */
    for (size_t k = 0; k < 9; k++) {
        assert_int_equal(kept.fault[k], expected[k]);
        assert_int_equal(kept.line[k], 4 + k);
    }
}

static void curve_omie__other_files_are_refused(void **state)
{
    (void)state;
    assert_refused(
        MT_OMIE, "a;b;c\n", NULL, MT_E_INPUT,
        "curve.csv is no curve of OMIE: no line of its first 10 begins with \"Hora\" or \"Periodo\"");
    assert_refused(
        MT_OMIE, "Hora;Fecha;Pais;Unidad;Tipo Oferta;Precio Compra/Venta;Ofertada (O)/Casada (C);\n", NULL,
        MT_E_INPUT,
        "column \"Energia Compra/Venta\" is missing in curve.csv line 1; expected a curve of OMIE");
}

static void assert_order(size_t k, mt_side side, mt_micro price, int64_t volume)
{
    assert_true(k < kept.n);
    assert_int_equal(kept.side[k], side);
    assert_int_equal(kept.price[k], price);
    assert_int_equal(kept.volume[k], volume);
}

static void curve_jepx__cumulated_power_becomes_steps_of_energy(void **state)
{
    (void)state;
    read_text(
        MT_JEPX,
        "20250715,1,0.00,0.0,31000.0,\n20250715,1,0.00,20000.0,31000.0,\n20250715,1,10.43,30804.0,30946.8,\n"
        "20250715,1,999.99,40000.4,25000.0,\n20250715,48,5.00,7.0,3.0,\n20250715,48,6.00,1.0,1.0,7\n",
        NULL);
    assert_int_equal(kept.n, 8);
    assert_order(0, MT_SELL, 0, 10000 * MWH); /* 20,000 MW for half an hour */
    assert_order(1, MT_SELL, 10430 * MWH, 5402 * MWH);
    assert_order(2, MT_BUY, 0, 26600000); /* 31,000.0 - 30,946.8 MW wanted at 0 only */
    assert_order(3, MT_SELL, 999990 * MWH, 4598200000);
    assert_order(4, MT_BUY, 10430 * MWH, 2973400000);
    assert_order(5, MT_BUY, 999990 * MWH, 12500 * MWH);
    assert_order(6, MT_SELL, 5000 * MWH, 3500000);
    assert_order(7, MT_BUY, 5000 * MWH, 1500000);
    assert_int_equal(kept.bought, 15501500000); /* all of D at the lowest price: (31,000 + 3) / 2 MWh */
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 7, 14, 15, 0, 0, 0}));
    assert_int_equal(kept.time[7], mt_time_of((mt_civil){2025, 7, 15, 14, 30, 0, 0}));
    assert_int_equal(kept.info.published_factor, 1000);
    assert_string_equal(kept.info.currency, "JPY");
    assert_int_equal(kept.info.price_rule, MT_CURVE_PRICE_LOW);
}

static void curve_jepx__an_area_is_read_by_its_serial(void **state)
{
    (void)state;
    static const char text[] =
        "date,product,price,sell,buy,serial\n20250715,1,1.00,2.0,4.0,\n20250715,1,1.00,6.0,8.0,2\n";
    mt_curve_options options = {.size = sizeof options, .area = "2"};
    read_text(MT_JEPX, text, &options);
    assert_int_equal(kept.n, 2);
    assert_int_equal(kept.sold, 3 * MWH);
    assert_int_equal(kept.bought, 4 * MWH);
    options.area = "9";
    assert_refused(MT_JEPX, text, &options, MT_E_ABSENT, "curve.csv has no rows of area \"9\"");
}

static void curve_jepx__a_curve_that_is_not_cumulated_stops_the_file(void **state)
{
    (void)state;
    assert_refused(MT_JEPX, "20250715,1,1.00,2.0,4.0,\n20250715,1,2.00,1.0,4.0,\n", NULL, MT_E_INPUT,
                   "curve.csv line 2: the cumulated sells fall with rising price");
    assert_refused(MT_JEPX, "20250715,1,1.00,2.0,4.0,\n20250715,1,2.00,2.0,4.1,\n", NULL, MT_E_INPUT,
                   "curve.csv line 2: the cumulated buys rise with rising price");
    assert_refused(MT_JEPX, "20250715,1,1.00,2.0,4.0,\n20250715,1,0.99,2.0,4.0,\n", NULL, MT_E_INPUT,
                   "curve.csv line 2: the prices of a curve fall");
    assert_refused(
        MT_JEPX, "", NULL, MT_E_INPUT,
        "curve.csv is no curve of JEPX: expected rows of date YYYYMMDD, product, price, sells, buys, area "
        "serial");
}

static void curve_jepx__a_row_that_cannot_be_read_stops_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        mt_order_fault fault;
    } wrong[] = {{"20250715,49,2.00,2.0,4.0,", MT_FAULT_TIME_BAD},
                 {"20250732,1,2.00,2.0,4.0,", MT_FAULT_TIME_BAD},
                 {"20250715,1,,2.0,4.0,", MT_FAULT_PRICE_MISSING},
                 {"20250715,1,x,2.0,4.0,", MT_FAULT_PRICE_BAD},
                 {"20250715,1,1000.01,2.0,4.0,", MT_FAULT_PRICE_RANGE},
                 {"20250715,1,1.5,2.0,NaN,", MT_FAULT_VOLUME_BAD},
                 {"20250715,1,1.5,-2.0,4.0,", MT_FAULT_VOLUME_RANGE},
                 {"20250715,1,2.00,2.0", MT_FAULT_ROW_SHAPE}};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        char text[160], sentence[240];
        snprintf(text, sizeof text, "20250715,1,1.00,2.0,4.0,\n%s\n20250715,1,3.00,4.0,1.0,\n", wrong[k].row);
        snprintf(sentence, sizeof sentence,
                 "curve.csv line 2: %s; without this row the cumulated curve would be wrong",
                 mt_order_fault_text(wrong[k].fault));
        assert_refused(MT_JEPX, text, NULL, MT_E_INPUT, sentence);
    }
}

static void curve_jepx__a_row_that_is_too_long_stops_the_file(void **state)
{
    (void)state;
    static const char first[] = "20250715,1,1.00,2.0,4.0,\n20250715,1,2.00,2.0,";
    size_t n = sizeof first + MT_BYTES_WINDOW + 1000;
    char *text = malloc(n + 1);
    memset(text, '0', n);
    memcpy(text, first, sizeof first - 1);
    text[n - 1] = '\n';
    text[n] = '\0';
    assert_refused(MT_JEPX, text, NULL, MT_E_INPUT,
                   "curve.csv line 2: the row is longer than a row may be; without this row the cumulated "
                   "curve would be wrong");
    free(text);
}

static void curve_jepx__an_unreadable_row_of_another_area_is_passed_over(void **state)
{
    (void)state;
    read_text(MT_JEPX, "20250715,1,1.00,2.0,4.0,\n20250715,1,x,2.0,4.0,7\n20250715,1,2.00,4.0,2.0,\n", NULL);
    assert_int_equal(kept.n_bad, 0);
    assert_int_equal(kept.sold, 2 * MWH);
    assert_int_equal(kept.bought, 2 * MWH);
}

static void curve_gme__reads_one_zone_and_names_them_where_several_are(void **state)
{
    (void)state;
    static const char text[] = GME_HEADER "2025-04-01T00:00:00+02:00,2025-04-01,1,NORD,supply,10.5,3.25\n"
                                          "2025-04-01T00:00:00+02:00,2025-04-01,1,SUD,OFF,11,1\n"
                                          "2025-04-01T01:00:00+02:00,2025-04-01,2,NORD,BID,-500,2\n";
    assert_refused(MT_GME, text, NULL, MT_E_INPUT,
                   "curve.csv holds several zones: NORD, SUD; choose one as the area");
    mt_curve_options options = {.size = sizeof options, .area = "nord"};
    read_text(MT_GME, text, &options);
    assert_int_equal(kept.n, 2);
    assert_order(0, MT_SELL, 10500000, 3250000);
    assert_order(1, MT_BUY, -500 * MWH, 2 * MWH);
    assert_int_equal(kept.time[1], mt_time_of((mt_civil){2025, 3, 31, 23, 0, 0, 0}));
    assert_int_equal(kept.info.period, MT_US_HOUR);
    options.area = "SICI";
    assert_refused(MT_GME, text, &options, MT_E_ABSENT, "curve.csv has no rows of area \"SICI\"");
}

static void curve_gme__times_without_offset_go_by_day_and_period(void **state)
{
    (void)state;
    read_text(MT_GME,
              GME_HEADER "2025-10-26 02:00:00,2025-10-26,3,NORD,demand,1,1\n"
                         "2025-10-26 02:00:00,2025-10-26,4,NORD,sell,1,1\n"
                         "2025-10-27 00:00:00,2025-10-27,25,NORD,sell,1,1\nnoon,,,NORD,sell,1,1\n"
                         "2025-10-26T00:00Z,,,NORD,hold,1,1\n2025-10-26T00:00Z,,,NORD,buy,,1\n",
              NULL);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 10, 26, 0, 0, 0, 0}));
    assert_int_equal(kept.time[1], mt_time_of((mt_civil){2025, 10, 26, 1, 0, 0, 0}));
    assert_int_equal(kept.n_bad, 4);
    assert_int_equal(kept.fault[0], MT_FAULT_TIME_BAD);
    assert_int_equal(kept.fault[1], MT_FAULT_TIME_BAD);
    assert_int_equal(kept.fault[2], MT_FAULT_SIDE_BAD);
    assert_int_equal(kept.fault[3], MT_FAULT_PRICE_MISSING);
}

static void curve_gme__quarters_are_told_by_their_times(void **state)
{
    (void)state;
    read_text(MT_GME,
              GME_HEADER "2026-03-31T00:00:00+02:00,2026-03-31,1,SARD,supply,1,1\n"
                         "2026-03-31T00:15:00+02:00,2026-03-31,2,SARD,supply,1,1\n",
              NULL);
    assert_int_equal(kept.info.period, 15 * MT_US_MINUTE);
}

/* A first row with a time of its own, then so many of one quarter that the first window shows no other. */
enum { LONG_ROWS = 10000 };

static char *make_long(const char *first, const char *last)
{
    static const char row[] = "2025-10-01T00:00:00+02:00,2025-10-01,1,NORD,supply,10.5,0\n";
    char *text = malloc(LONG_ROWS * sizeof row + 800);
    size_t n = (size_t)sprintf(text, "%s%s", GME_HEADER, first);
    for (size_t k = 0; k < LONG_ROWS; k++, n += sizeof row - 1) memcpy(text + n, row, sizeof row);
    strcpy(text + n, last);
    return text;
}

static void curve_gme__a_second_zone_far_behind_is_noticed(void **state)
{
    (void)state;
    char *text = make_long("2025-10-01T01:00:00+02:00,2025-10-01,2,NORD,supply,10.5,0\n",
                           "2025-10-01T00:00:00+02:00,2025-10-01,1,SUD,supply,10.5,1\n");
    assert_refused(MT_GME, text, NULL, MT_E_INPUT,
                   "curve.csv line 10003 holds zone \"SUD\" after \"NORD\"; choose one as the area");
    free(text);
}

static void curve_gme__a_second_time_is_looked_for_behind_the_first_window(void **state)
{
    (void)state;
    char *text = make_long("", "2025-10-01T00:15:00+02:00,2025-10-01,2,NORD,supply,10.5,1\n");
    read_text(MT_GME, text, NULL);
    assert_int_equal(kept.info.period, 15 * MT_US_MINUTE);
    assert_null(kept.info.note);
    assert_int_equal(kept.n, 1);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2025, 9, 30, 22, 15, 0, 0}));
    free(text);
}

static void curve_gme__shorter_periods_behind_the_first_rows_stop_the_file(void **state)
{
    (void)state;
    char *text = make_long("2025-10-01T01:00:00+02:00,2025-10-01,2,NORD,supply,10.5,0\n",
                           "2025-10-01T02:45:00+02:00,2025-10-01,12,NORD,supply,10.5,1\n");
    assert_refused(MT_GME, text, NULL, MT_E_INPUT,
                   "curve.csv line 10003: the time 2025-10-01T00:45:00Z lies inside the period of 60 minutes "
                   "from 2025-10-01T00:00:00Z; the periods of a file must be of the length that its first "
                   "rows show");
    free(text);
    text = make_long("2025-10-01T01:00:00+02:00,2025-10-01,2,NORD,supply,10.5,0\n",
                     "2025-10-02,2025-10-02,26,NORD,supply,10.5,1\n2025-10-02 00:00,2025-10-02,26,NORD,"
                     "supply,10.5,1\n");
    assert_refused(
        MT_GME, text, NULL, MT_E_INPUT,
        "curve.csv line 10004: no day has a period 26 of 60 minutes; the periods of a file must be "
        "of the length that its first rows show");
    free(text);
    assert_refused(
        MT_GME, GME_HEADER "2025-10-01T00:07:00Z,,,NORD,supply,1,1\n", NULL, MT_E_INPUT,
        "curve.csv line 2: the time 2025-10-01T00:07:00Z lies inside the period of 60 minutes from "
        "2025-10-01T00:00:00Z; the periods of a file must be of the length that its first rows "
        "show");
}

static void curve_gme__of_one_time_alone_the_number_of_its_period_tells_the_length(void **state)
{
    (void)state;
    read_text(MT_GME, GME_HEADER "2025-10-01T10:00:00+02:00,2025-10-01,41,NORD,supply,1,1\n", NULL);
    assert_int_equal(kept.info.period, 15 * MT_US_MINUTE);
    assert_null(kept.info.note);
    read_text(MT_GME, GME_HEADER "2025-10-01T10:00:00+02:00,2025-10-01,121,NORD,supply,1,1\n", NULL);
    assert_int_equal(kept.info.period, 5 * MT_US_MINUTE);
    read_text(MT_GME, GME_HEADER "2025-10-01T10:00:00+02:00,2025-10-01,11,NORD,supply,1,1\n", NULL);
    assert_int_equal(kept.info.period, MT_US_HOUR);
    assert_string_equal(kept.info.note,
                        "the first rows show one time only, so periods were taken to be one hour");
}

static void curve_gme__quarters_that_do_not_follow_one_another_are_quarters(void **state)
{
    (void)state;
    read_text(MT_GME,
              GME_HEADER "2026-03-31T00:45:00+02:00,2026-03-31,4,SARD,supply,1,1\n"
                         "2026-03-31T00:00:00+02:00,2026-03-31,1,SARD,supply,1,1\n",
              NULL);
    assert_int_equal(kept.info.period, 15 * MT_US_MINUTE);
    assert_int_equal(kept.n_bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curve_omie__reads_a_published_hour_to_the_last_mwh),
        cmocka_unit_test(curve_omie__prices_with_two_decimals_are_eur_per_mwh),
        cmocka_unit_test(curve_omie__hour_25_exists_on_the_long_day_only),
        cmocka_unit_test(curve_omie__quarters_hold_power),
        cmocka_unit_test(curve_omie__areas_priced_apart_are_not_mixed),
        cmocka_unit_test(curve_omie__faults_are_counted_with_their_line),
        cmocka_unit_test(curve_omie__other_files_are_refused),
        cmocka_unit_test(curve_jepx__cumulated_power_becomes_steps_of_energy),
        cmocka_unit_test(curve_jepx__an_area_is_read_by_its_serial),
        cmocka_unit_test(curve_jepx__a_curve_that_is_not_cumulated_stops_the_file),
        cmocka_unit_test(curve_jepx__a_row_that_cannot_be_read_stops_the_file),
        cmocka_unit_test(curve_jepx__a_row_that_is_too_long_stops_the_file),
        cmocka_unit_test(curve_jepx__an_unreadable_row_of_another_area_is_passed_over),
        cmocka_unit_test(curve_gme__reads_one_zone_and_names_them_where_several_are),
        cmocka_unit_test(curve_gme__times_without_offset_go_by_day_and_period),
        cmocka_unit_test(curve_gme__quarters_are_told_by_their_times),
        cmocka_unit_test(curve_gme__a_second_zone_far_behind_is_noticed),
        cmocka_unit_test(curve_gme__a_second_time_is_looked_for_behind_the_first_window),
        cmocka_unit_test(curve_gme__shorter_periods_behind_the_first_rows_stop_the_file),
        cmocka_unit_test(curve_gme__of_one_time_alone_the_number_of_its_period_tells_the_length),
        cmocka_unit_test(curve_gme__quarters_that_do_not_follow_one_another_are_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
