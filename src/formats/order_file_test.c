/* Tests of order files: golden counts of a real file, every fault, every header mistake, and that the fast
 * way never disagrees with the careful one. */
#include "formats/order_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/text_case.h"

#define HEADER   "Timestamp,Price,Volume,Sell_Buy\n"
#define MICRO(x) ((int64_t)((x)*1e6 + ((x) < 0 ? -0.5 : 0.5)))

enum { ROWS_MAX = 40000 };

/* All rows of a file, kept. */
struct kept {
    size_t n, n_bad;
    mt_time time[ROWS_MAX];
    mt_micro price[ROWS_MAX];
    int64_t volume[ROWS_MAX];
    uint8_t side[ROWS_MAX];
    struct {
        size_t row;
        uint64_t line;
        mt_order_fault fault;
        char raw[48];
    } bad[ROWS_MAX];
    mt_order_file_facts facts;
};

static struct kept kept, other;

static void keep_batch(struct kept *to, const mt_order_batch *batch)
{
    assert_true(batch->n <= MT_ORDER_BATCH_ROWS && to->n + batch->n <= ROWS_MAX);
    memcpy(to->time + to->n, batch->time, batch->n * sizeof *batch->time);
    memcpy(to->price + to->n, batch->price, batch->n * sizeof *batch->price);
    memcpy(to->volume + to->n, batch->volume, batch->n * sizeof *batch->volume);
    memcpy(to->side + to->n, batch->side, batch->n);
    for (size_t k = 0; k < batch->n_bad; k++) {
        const mt_order_bad *bad = &batch->bad[k];
        assert_true(bad->row < batch->n && (k == 0 || bad->row > batch->bad[k - 1].row));
        to->bad[to->n_bad].row = to->n + bad->row;
        to->bad[to->n_bad].line = bad->line;
        to->bad[to->n_bad].fault = bad->fault;
        snprintf(to->bad[to->n_bad++].raw, sizeof to->bad->raw, "%.*s", (int)bad->raw.length, bad->raw.at);
    }
    to->n += batch->n;
}

static mt_code keep_all(struct kept *to, text_case *text, const mt_order_file_options *options)
{
    mt_order_file *file;
    mt_order_batch batch;
    memset(to, 0, sizeof *to);
    MT_TRY(mt_order_file_open(&text->cx, &file, text->bytes, options));
    mt_order_source source = mt_order_file_source(file);
    do {
        MT_TRY(source.next(source.self, &text->cx, &batch));
        keep_batch(to, &batch);
    } while (batch.n > 0);
    to->facts = *mt_order_file_about(file);
    assert_int_equal(to->facts.rows, to->n);
    assert_int_equal(to->facts.bad, to->n_bad);
    return MT_OK;
}

typedef enum reading { FAST, PORTABLE, CAREFUL } reading;

static void read_bytes(struct kept *to, const char *at, size_t n, reading way)
{
    text_case text;
    mt_order_file_options options = {
        .size = sizeof options, .careful = way == CAREFUL, .portable = way == PORTABLE};
    assert_true(text_open_bytes(&text, "orders.csv", at, n));
    mt_code code = keep_all(to, &text, &options);
    if (code != MT_OK) fail_msg("%s", text.cx.err);
    text_close(&text);
}

static void read_text(const char *at)
{
    read_bytes(&kept, at, strlen(at), FAST);
}

/* The sentence of a file that cannot be read as orders. */
static void assert_refused(const char *at, const char *sentence)
{
    text_case text;
    mt_order_file *file = NULL;
    assert_true(text_open(&text, "orders.csv", at));
    assert_int_equal(mt_order_file_open(&text.cx, &file, text.bytes, NULL), MT_E_INPUT);
    assert_string_equal(text.cx.err, sentence);
    text_close(&text);
}

static size_t count_faults(mt_order_fault fault)
{
    size_t n = 0;
    for (size_t k = 0; k < kept.n_bad; k++) n += kept.bad[k].fault == fault;
    return n;
}

/* One row below HEADER has this fault, and none has another. */
static void assert_fault(const char *row, mt_order_fault fault)
{
    char text[512];
    snprintf(text, sizeof text, HEADER "%s\n2024-01-01T00:00:00Z,1,1,buy\n", row);
    read_text(text);
    assert_int_equal(kept.n, 2);
    if (fault == MT_FAULT_NONE) {
        assert_int_equal(kept.n_bad, 0);
        return;
    }
    if (kept.n_bad != 1 || kept.bad[0].fault != fault)
        fail_msg("%s: %s", row, kept.n_bad > 0 ? mt_order_fault_name(kept.bad[0].fault) : "no fault");
    assert_int_equal(kept.bad[0].line, 2);
    assert_string_equal(kept.bad[0].raw, row);
}

/* Counts of energy_data.csv as the reference page of formats states them: github
 * munshi007/Energy-Market-Data-Pipeline. */
static void order_file__reads_the_reference_book_with_its_known_counts(void **state)
{
    (void)state;
    text_case text;
    if (!text_open_shared(&text, "data/energy_market/energy_data.csv")) skip();
    assert_int_equal(keep_all(&kept, &text, NULL), MT_OK);
    size_t buys = 0;
    mt_time first = INT64_MAX, last = INT64_MIN;
    for (size_t k = 0; k < kept.n; k++) {
        buys += kept.side[k] == MT_BUY;
        if (kept.time[k] < first) first = kept.time[k];
        if (kept.time[k] > last) last = kept.time[k];
    }
    assert_int_equal(kept.n, 2975);
    assert_int_equal(buys, 1508);
    assert_int_equal(kept.n - buys, 1467);
    assert_int_equal(count_faults(MT_FAULT_PRICE_MISSING), 59);
    assert_int_equal(count_faults(MT_FAULT_VOLUME_MISSING), 51);
    assert_int_equal(kept.n_bad, 110);
    assert_int_equal(first, mt_time_of((mt_civil){2023, 12, 31, 23, 2, 22, 0}));
    assert_int_equal(last, mt_time_of((mt_civil){2024, 1, 3, 23, 2, 13, 0}));
    assert_int_equal(kept.facts.lines, 2976);
    assert_int_equal(kept.facts.decimal, '.');
    text_close(&text);
}

static void order_file__maps_columns_by_name_in_any_order(void **state)
{
    (void)state;
    read_text("id;Delivery Start;side;zone;Price (EUR/MWh);QUANTITY\n"
              "1;2024-05-01T10:00:00+02:00;Sell;DE;-3,5;12\n"
              "2;2024-05-01 10:15:00+02:00; purchase ;DE; 61,03 ;0,1\n");
    assert_int_equal(kept.n, 2);
    assert_int_equal(kept.n_bad, 0);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2024, 5, 1, 8, 0, 0, 0}));
    assert_int_equal(kept.price[0], -3500000);
    assert_int_equal(kept.volume[0], 12000000);
    assert_int_equal(kept.side[0], MT_SELL);
    assert_int_equal(kept.price[1], 61030000);
    assert_int_equal(kept.volume[1], 100000);
    assert_int_equal(kept.side[1], MT_BUY);
    assert_int_equal(kept.facts.delimiter, ';');
    assert_int_equal(kept.facts.decimal, ',');
    assert_int_equal(kept.facts.n_columns, 6);
    assert_int_equal(kept.facts.price_at, 4);
}

static void order_file__tells_the_header_it_found(void **state)
{
    (void)state;
    text_case text;
    mt_order_file *file;
    assert_true(text_open(&text, "orders.csv", " Side ,\"Price (EUR/MWh)\",time,MWh\n"));
    assert_int_equal(mt_order_file_open(&text.cx, &file, text.bytes, NULL), MT_OK);
    const mt_order_file_facts *facts = mt_order_file_about(file);
    assert_string_equal(facts->name, "orders.csv");
    assert_string_equal(facts->column[0], "Side");
    assert_string_equal(facts->column[facts->price_at], "Price (EUR/MWh)");
    assert_int_equal(facts->time_at, 2);
    assert_int_equal(facts->lines, 1);
    text_close(&text);
}

static void order_file__knows_every_delimiter(void **state)
{
    (void)state;
    static const char delimiters[] = ",;\t|";
    for (const char *d = delimiters; *d != '\0'; d++) {
        char text[256];
        snprintf(text, sizeof text, "time%climit%cmwh%cdirection\n2024-01-01T00:00Z%c1.5%c2%cBID\n", *d, *d,
                 *d, *d, *d, *d);
        read_text(text);
        assert_int_equal(kept.n, 1);
        assert_int_equal(kept.n_bad, 0);
        assert_int_equal(kept.facts.delimiter, *d);
    }
}

static void order_file__knows_every_side(void **state)
{
    (void)state;
    static const char *const buys[] = {"buy", "BUY", "Buy", "b", "bid", "purchase", " buy\t"};
    static const char *const sells[] = {"sell", "SELL", "s", "Sale", "ask", "OFFER"};
    for (size_t k = 0; k < 7; k++) assert_int_equal(mt_side_parse(mt_text_of(buys[k])), MT_BUY);
    for (size_t k = 0; k < 6; k++) assert_int_equal(mt_side_parse(mt_text_of(sells[k])), MT_SELL);
    assert_int_equal(mt_side_parse(mt_text_of("hold")), MT_SIDE_NONE);
    assert_int_equal(mt_side_parse(mt_text_of("")), MT_SIDE_NONE);
}

static void order_file__reads_bom_crlf_quotes_and_blank_lines(void **state)
{
    (void)state;
    read_text("\xEF\xBB\xBF\r\n# made by hand\r\n\"Timestamp\",note,\"Price\",Volume,Sell_Buy\r\n\r\n"
              "\"2024-01-01T00:00:00Z\",\"two\r\nlines, \"\"quoted\"\"\",\"62,03\",\"1\",buy\r\n"
              "  \r\n"
              "2024-01-01T01:00:00Z,a \"plain\" word,\"7,5\",2,sell");
    assert_int_equal(kept.n, 2);
    assert_int_equal(kept.n_bad, 0);
    assert_int_equal(kept.price[0], 62030000);
    assert_int_equal(kept.price[1], 7500000);
    assert_int_equal(kept.side[1], MT_SELL);
    assert_int_equal(kept.facts.decimal, ',');
}

static void order_file__turns_mixed_offsets_into_utc(void **state)
{
    (void)state;
    read_text(HEADER "2024-01-01 00:02:22+01:00,1,1,buy\n2024-01-01 00:02:22-03:30,1,1,buy\n"
                     "2024-01-01T00:02:22Z,1,1,buy\n2023-12-31T23:02:22.5+00:00,1,1,buy\n");
    assert_int_equal(kept.n_bad, 0);
    mt_time base = mt_time_of((mt_civil){2024, 1, 1, 0, 2, 22, 0});
    assert_int_equal(kept.time[0], base - MT_US_HOUR);
    assert_int_equal(kept.time[1], base + 7 * MT_US_HOUR / 2);
    assert_int_equal(kept.time[2], base);
    assert_int_equal(kept.time[3], base - MT_US_HOUR + 500000);
}

static void order_file__a_time_without_offset_is_a_fault_unless_one_is_given(void **state)
{
    (void)state;
    assert_fault("2024-01-01 00:02:22,1,1,buy", MT_FAULT_TIME_BAD);
    assert_int_equal(kept.time[0], MT_TIME_NONE);
    text_case text;
    mt_order_file_options options = {
        .size = sizeof options, .has_default_offset = true, .default_offset_s = 3600};
    assert_true(text_open(&text, "orders.csv", HEADER "2024-01-01 00:02:22,1,1,buy\n"));
    assert_int_equal(keep_all(&kept, &text, &options), MT_OK);
    assert_int_equal(kept.n_bad, 0);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2023, 12, 31, 23, 2, 22, 0}));
    text_close(&text);
}

static void order_file__names_each_fault(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        mt_order_fault fault;
    } rows[] = {
        {",1,1,buy", MT_FAULT_TIME_MISSING},
        {"noon,1,1,buy", MT_FAULT_TIME_BAD},
        {"2023-02-29T00:00:00Z,1,1,buy", MT_FAULT_TIME_BAD},
        {"2024-01-01T24:01:00Z,1,1,buy", MT_FAULT_TIME_BAD},
        {"2024-01-01T00:60:00Z,1,1,buy", MT_FAULT_TIME_BAD},
        {"2024-01-01T00:00:00Z,1,1,", MT_FAULT_SIDE_MISSING},
        {"2024-01-01T00:00:00Z,1,1,hold", MT_FAULT_SIDE_BAD},
        {"2024-01-01T00:00:00Z,1,1,buybuybuy", MT_FAULT_SIDE_BAD},
        {"2024-01-01T00:00:00Z,,1,buy", MT_FAULT_PRICE_MISSING},
        {"2024-01-01T00:00:00Z,  ,1,buy", MT_FAULT_PRICE_MISSING},
        {"2024-01-01T00:00:00Z,NaN,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,inf,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,1e999,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,1.2.3,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,0x10,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,12 EUR,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,.,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,-,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,--1,1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,1.1234567,1,buy", MT_FAULT_PRICE_BAD}, /* never rounded */
        {"2024-01-01T00:00:00Z,\"1,234.5\",1,buy", MT_FAULT_PRICE_BAD},
        {"2024-01-01T00:00:00Z,100000.01,1,buy", MT_FAULT_PRICE_RANGE},
        {"2024-01-01T00:00:00Z,-100001,1,buy", MT_FAULT_PRICE_RANGE},
        {"2024-01-01T00:00:00Z,1e12,1,buy", MT_FAULT_PRICE_RANGE},
        {"2024-01-01T00:00:00Z,99999999999999999999,1,buy", MT_FAULT_PRICE_RANGE},
        {"2024-01-01T00:00:00Z,1,,buy", MT_FAULT_VOLUME_MISSING},
        {"2024-01-01T00:00:00Z,1,many,buy", MT_FAULT_VOLUME_BAD},
        {"2024-01-01T00:00:00Z,1,-1,buy", MT_FAULT_VOLUME_RANGE},
        {"2024-01-01T00:00:00Z,1,10000001,buy", MT_FAULT_VOLUME_RANGE},
        {"2024-01-01T00:00:00Z,1,1", MT_FAULT_ROW_SHAPE},
        {"2024-01-01T00:00:00Z,1,1,buy,", MT_FAULT_ROW_SHAPE},
        {"buy", MT_FAULT_ROW_SHAPE},
        {",,,", MT_FAULT_TIME_MISSING}, /* the first in the order of terms/order.h */
        {"2024-01-01T00:00:00Z,,,", MT_FAULT_SIDE_MISSING},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) assert_fault(rows[k].row, rows[k].fault);
}

static void order_file__accepts_what_is_right(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "2024-01-01T00:00:00Z,100000,10000000,buy",   "2024-01-01T00:00:00Z,-100000,0,buy",
        "2024-01-01T00:00:00Z,+3,1e3,sell",           "2024-01-01T00:00:00Z,.5,5.,sell",
        "2024-01-01T00:00:00Z,1.123456,1.10000000,s", "2024-01-01T00Z,0,0,buy",
        "2024-01-01T00:00:00-00:30,-0,-0,buy",        " 2024-01-01T00:00:00Z , 1 ,1, buy ",
    };
    for (size_t k = 0; k < 4; k++) assert_fault(rows[k], MT_FAULT_NONE);
    assert_fault(rows[4], MT_FAULT_NONE);
    assert_int_equal(kept.price[0], 1123456);
    assert_int_equal(kept.volume[0], 1100000);
    for (size_t k = 6; k < 8; k++) assert_fault(rows[k], MT_FAULT_NONE);
}

static void order_file__a_faulty_row_keeps_what_is_right(void **state)
{
    (void)state;
    assert_fault("2024-01-01T00:00:00Z,,7,sell", MT_FAULT_PRICE_MISSING);
    assert_int_equal(kept.time[0], mt_time_of((mt_civil){2024, 1, 1, 0, 0, 0, 0}));
    assert_int_equal(kept.price[0], MT_MICRO_NONE);
    assert_int_equal(kept.volume[0], 7000000);
    assert_int_equal(kept.side[0], MT_SELL);
    assert_fault("x,y", MT_FAULT_ROW_SHAPE);
    assert_int_equal(kept.time[0], MT_TIME_NONE);
    assert_int_equal(kept.volume[0], MT_MICRO_NONE);
    assert_int_equal(kept.side[0], MT_SIDE_NONE);
}

static void order_file__a_number_with_the_other_mark_is_a_fault(void **state)
{
    (void)state;
    read_text(
        "Timestamp;Price;Volume;Sell_Buy\n2024-01-01T00:00:00Z;1;1;buy\n2024-01-01T00:00:00Z;1,5;1;buy\n"
        "2024-01-01T00:00:00Z;1.500;1;buy\n2024-01-01T00:00:00Z;2,5;1.000;buy\n");
    assert_int_equal(kept.n, 4);
    assert_int_equal(kept.n_bad, 2);
    assert_int_equal(kept.bad[0].fault, MT_FAULT_PRICE_BAD);
    assert_int_equal(kept.bad[1].fault, MT_FAULT_VOLUME_BAD);
    assert_int_equal(kept.price[1], 1500000);
}

static void order_file__a_stray_quote_costs_one_row(void **state)
{
    (void)state;
    read_text(HEADER "2024-01-01T00:00:00Z,\"1,1,buy\n2024-01-01T00:00:00Z,2,1,buy\n"
                     "2024-01-01T00:00:00Z,3,1,\"sell\n2024-01-01T00:00:00Z,4,1,buy\n");
    assert_int_equal(kept.n, 4);
    assert_int_equal(kept.n_bad, 2);
    assert_int_equal(kept.bad[0].line, 2);
    assert_int_equal(kept.bad[1].line, 4);
    assert_int_equal(kept.price[3], 4000000);
}

static void order_file__lines_are_counted_through_quotes(void **state)
{
    (void)state;
    read_text("Timestamp,Price,Volume,Sell_Buy,note\n2024-01-01T00:00:00Z,1,1,buy,\"a\nb\nc\"\n\n"
              "2024-01-01T00:00:00Z,x,1,buy,n\n");
    assert_int_equal(kept.n, 2);
    assert_int_equal(kept.n_bad, 1);
    assert_int_equal(kept.bad[0].line, 6);
}

static void order_file__a_line_of_many_megabytes_is_one_fault(void **state)
{
    (void)state;
    enum { LONG = 20 << 20 };
    static const char before[] = HEADER "2024-01-01T00:00:00Z,1,1,buy\n2024-01-01T00:00:00Z,";
    static const char after[] = "\n2024-01-01T00:00:00Z,2,1,sell\n2024-01-01T00:00:00Z,x,1,sell\n";
    char *text = malloc(LONG + 200);
    size_t n = strlen(before);
    memcpy(text, before, n);
    memset(text + n, '7', LONG);
    memcpy(text + n + LONG, after, strlen(after));
    read_bytes(&kept, text, n + LONG + strlen(after), FAST);
    free(text);
    assert_int_equal(kept.n, 4);
    assert_int_equal(kept.n_bad, 2);
    assert_int_equal(kept.bad[0].fault, MT_FAULT_ROW_LONG);
    assert_int_equal(kept.bad[0].line, 3);
    assert_int_equal(kept.bad[0].row, 1);
    assert_memory_equal(kept.bad[0].raw, "2024-01-01T00:00:00Z,777", 24);
    assert_int_equal(kept.bad[1].line, 5);
    assert_int_equal(kept.price[2], 2000000);
}

static void order_file__header_mistakes_are_told_in_a_sentence(void **state)
{
    (void)state;
    assert_refused("", "orders.csv is empty; expected a header line with Timestamp, Price, Volume, Sell_Buy");
    assert_refused("\xEF\xBB\xBF\r\n \n",
                   "orders.csv is empty; expected a header line with Timestamp, Price, Volume, "
                   "Sell_Buy");
    assert_refused(
        "Timestamp,Prise,Volume,Sell_Buy\n",
        "column \"Price\" is missing in orders.csv line 1 (did you mean \"Prise\"?); expected Timestamp, "
        "Price, Volume, Sell_Buy in any order, found Timestamp, Prise, Volume, Sell_Buy");
    assert_refused(
        "\n# x\nTimestamp,Price,Volume\n",
        "column \"Sell_Buy\" is missing in orders.csv line 3; expected Timestamp, Price, Volume, Sell_Buy in "
        "any order, found Timestamp, Price, Volume");
    assert_refused(
        "Timestamp Price Volume Sell_Buy\n1 2 3 4\n",
        "orders.csv line 1 is divided by none of , ; tab |: expected Timestamp, Price, Volume, Sell_Buy in "
        "any order, found \"Timestamp Price Volume Sell_Buy\"");
    assert_refused("Timestamp,Price,PRICE,Volume,Sell_Buy\n",
                   "column \"Price\" stands twice in orders.csv line 1; expected it once");
}

static void order_file__other_encodings_are_refused(void **state)
{
    (void)state;
    text_case text;
    mt_order_file *file;
    assert_true(text_open_bytes(&text, "orders.csv", "\xFF\xFET\0i\0", 6));
    assert_int_equal(mt_order_file_open(&text.cx, &file, text.bytes, NULL), MT_E_INPUT);
    assert_string_equal(text.cx.err, "orders.csv line 1 is UTF-16; save the file as UTF-8");
    text_close(&text);
    assert_true(text_open_bytes(&text, "orders.csv", "Times\0tamp,Price\n", 17));
    assert_int_equal(mt_order_file_open(&text.cx, &file, text.bytes, NULL), MT_E_INPUT);
    assert_string_equal(text.cx.err, "orders.csv is no text: byte 6 is zero");
    text_close(&text);
}

static void order_file__a_header_alone_has_no_rows(void **state)
{
    (void)state;
    read_text(HEADER);
    assert_int_equal(kept.n, 0);
    read_text("Timestamp,Price,Volume,Sell_Buy");
    assert_int_equal(kept.n, 0);
    assert_int_equal(kept.n_bad, 0);
}

static uint64_t chance = 1;

static unsigned draw(unsigned n)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance >> 33) % n;
}

/* Mostly plain rows, some odd in every way that is known. */
static size_t write_row(char *to, size_t room, const char *end, char delimiter)
{
    static const char *const odd[] = {"",
                                      " 1",
                                      "NaN",
                                      "-0",
                                      "1e2",
                                      "+4",
                                      "123456789.5",
                                      "-12.3456789",
                                      "0.000001",
                                      "7.",
                                      ".5",
                                      "99999999",
                                      "100000.000001",
                                      "1.2.3",
                                      "-",
                                      "\"3.5\"",
                                      "00000012.50",
                                      "--3",
                                      "1234567890123456",
                                      "12:30",
                                      "5\r"};
    static const char *const sides[] = {"buy", "sell",  "BUY",  "Sell", "b",
                                        "bid", "offer", "hold", "",     "\"buy\""};
    static const char *const offsets[] = {"Z", "+01:00", "-03:30", "+00:00", "",
                                          "z", "+1:00",  "+0100",  ".5Z"};
    char time[64], price[32], volume[32];
    unsigned odds = draw(40), day = draw(20) == 0 ? draw(33) : 5;
    snprintf(time, sizeof time, "20%02u-%02u-%02u%c%02u:%02u:%02u%s", draw(30) == 0 ? draw(100) : 24u,
             draw(13) + (day == 5), day, draw(2) ? ' ' : 'T', draw(25), draw(60) + (draw(50) == 0), draw(60),
             offsets[draw(10) ? draw(4) : draw(9)]);
    snprintf(price, sizeof price, "%s%u.%0*u", draw(6) ? "" : "-", draw(3000), (int)draw(5) + 1, draw(10));
    snprintf(volume, sizeof volume, "%u.%u", draw(20000), draw(10));
    const char *side = sides[draw(30) ? draw(4) : draw(10)];
    const char *price_is = odds == 0 ? odd[draw(21)] : price, *volume_is = odds == 1 ? odd[draw(21)] : volume;
    const char *more = odds == 2 ? ",x" : odds == 3 ? "\n" : odds == 4 ? "\"" : "";
    const char *extra =
        draw(50) ? "n" : "a note that is much longer than rows of this kind tend to be, or ever were";
    int n = snprintf(to, room, "%s%c%s%c%s%c%s%c%s%s%s", time, delimiter, price_is, delimiter, volume_is,
                     delimiter, side, delimiter, extra, more,
                     draw(200) ? end
                     : draw(2) ? "\n"
                               : "\r\n");
    return (size_t)n;
}

static void assert_same_reading(const char *text, size_t n, reading way)
{
    read_bytes(&kept, text, n, way);
    read_bytes(&other, text, n, CAREFUL);
    assert_int_equal(kept.n, other.n);
    assert_int_equal(kept.n_bad, other.n_bad);
    assert_int_equal(kept.facts.lines, other.facts.lines);
    for (size_t k = 0; k < kept.n; k++) {
        bool same = kept.time[k] == other.time[k] && kept.price[k] == other.price[k];
        if (!same || kept.volume[k] != other.volume[k] || kept.side[k] != other.side[k])
            fail_msg("row %zu: fast %lld %lld %lld %d, careful %lld %lld %lld %d", k, (long long)kept.time[k],
                     (long long)kept.price[k], (long long)kept.volume[k], kept.side[k],
                     (long long)other.time[k], (long long)other.price[k], (long long)other.volume[k],
                     other.side[k]);
    }
    for (size_t k = 0; k < kept.n_bad; k++) {
        assert_int_equal(kept.bad[k].row, other.bad[k].row);
        assert_int_equal(kept.bad[k].line, other.bad[k].line);
        assert_int_equal(kept.bad[k].fault, other.bad[k].fault);
        assert_string_equal(kept.bad[k].raw, other.bad[k].raw);
    }
}

static void order_file__the_fast_way_agrees_with_the_careful_one(void **state)
{
    (void)state;
    enum { ROOM = 1 << 20 };
    char *text = malloc(ROOM);
    static const char delimiters[] = ",;\t|";
    for (unsigned round = 0; round < 60; round++) {
        char d = delimiters[round / 4 % 4];
        const char *end = round % 3 ? "\n" : "\r\n";
        size_t n =
            (size_t)snprintf(text, ROOM, "Timestamp%cPrice%cVolume%cSell_Buy%cnote%s", d, d, d, d, end);
        unsigned rows = round % 10 == 0 ? 9000 : draw(400);
        for (unsigned k = 0; k < rows; k++) n += write_row(text + n, ROOM - n, end, d);
        if (n > 0 && round % 5 == 0) n--; /* no newline at the end */
        assert_same_reading(text, n, round % 4 == 3 ? PORTABLE : FAST);
    }
    free(text);
}

static void order_file__scores_header_lines(void **state)
{
    (void)state;
    assert_int_equal(mt_order_file_score(mt_text_of("Timestamp,Price,Volume,Sell_Buy")), 4);
    assert_int_equal(mt_order_file_score(mt_text_of("delivery_start;limit;zone")), 2);
    assert_int_equal(mt_order_file_score(mt_text_of("20250715,1,10.43,30804.0,30946.8,")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_file__reads_the_reference_book_with_its_known_counts),
        cmocka_unit_test(order_file__maps_columns_by_name_in_any_order),
        cmocka_unit_test(order_file__tells_the_header_it_found),
        cmocka_unit_test(order_file__knows_every_delimiter),
        cmocka_unit_test(order_file__knows_every_side),
        cmocka_unit_test(order_file__reads_bom_crlf_quotes_and_blank_lines),
        cmocka_unit_test(order_file__turns_mixed_offsets_into_utc),
        cmocka_unit_test(order_file__a_time_without_offset_is_a_fault_unless_one_is_given),
        cmocka_unit_test(order_file__names_each_fault),
        cmocka_unit_test(order_file__accepts_what_is_right),
        cmocka_unit_test(order_file__a_faulty_row_keeps_what_is_right),
        cmocka_unit_test(order_file__a_number_with_the_other_mark_is_a_fault),
        cmocka_unit_test(order_file__a_stray_quote_costs_one_row),
        cmocka_unit_test(order_file__lines_are_counted_through_quotes),
        cmocka_unit_test(order_file__a_line_of_many_megabytes_is_one_fault),
        cmocka_unit_test(order_file__header_mistakes_are_told_in_a_sentence),
        cmocka_unit_test(order_file__other_encodings_are_refused),
        cmocka_unit_test(order_file__a_header_alone_has_no_rows),
        cmocka_unit_test(order_file__the_fast_way_agrees_with_the_careful_one),
        cmocka_unit_test(order_file__scores_header_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
