/* Curves of JEPX's spot auction: spot_bid_curves. UTF-8, ',', no header. A row holds the sells at a price
 * or less and the buys at it or more, cumulated; differences are the steps. */
#include "formats/curve.h"

#include <string.h>

enum { DATE, PRODUCT, PRICE, SELLS, BUYS, SERIAL, COLUMNS, FACTOR = 1000 };

struct jepx {
    bool open; /* a curve has begun */
    mt_day day;
    int product;
    mt_micro price;       /* of the row before, JPY/kWh in millionths */
    mt_micro sells, buys; /* MW in millionths */
    mt_time start;
};

struct point {
    mt_day day;
    int product;
    mt_micro price, sells, buys;
};

static bool looks_like_row(const mt_text *field, size_t n)
{
    mt_day day;
    return (n == COLUMNS || n == COLUMNS - 1) && field[DATE].length == 8 &&
           mt_day_parse(field[DATE].at, field[DATE].length, &day);
}

/* A line of names, where someone put one, is passed over. */
static mt_code open_jepx(mt_ctx *cx, mt_curve_file *file)
{
    struct jepx *jepx;
    mt_record record;
    MT_TRY(MT_NEW(cx, &jepx, 1));
    file->own = jepx;
    file->info =
        (mt_curve_info){.exchange = "JEPX",
                        .time_zone = "Asia/Tokyo",
                        .currency = "JPY",
                        .published_unit = "JPY/kWh",
                        .published_factor = FACTOR,
                        .period = MT_US_HOUR / 2,
                        .tick = 10 * MT_MICRO_ONE,
                        .floor = 10 * MT_MICRO_ONE,
                        .cap = 999990 * MT_MICRO_ONE,
                        .price_rule = MT_CURVE_PRICE_LOW,
                        .note = "prices were published in JPY/kWh; they stand here in JPY/MWh (x 1000)"};
    MT_TRY(mt_records_refill(cx, &file->records));
    if (file->records.n >= 3 && memcmp(file->records.at, "\xEF\xBB\xBF", 3) == 0) file->records.pos = 3;
    for (int line = 0; line < 2; line++) {
        mt_records before = file->records;
        if (mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record) != MT_TAKE_RECORD) break;
        if (record.too_long || !looks_like_row(file->field, record.n)) continue;
        file->records = before;
        file->records.columns = record.n;
        file->info.area = file->options.area != NULL ? file->options.area : "system";
        return MT_OK;
    }
    return mt_fail(
        cx, MT_E_INPUT,
        "%s is no curve of JEPX: expected rows of date YYYYMMDD, product, price, sells, buys, area serial",
        mt_bytes_name(file->records.bytes));
}

static mt_order_fault read_number(mt_text text, bool price, mt_micro *out)
{
    text = mt_text_trim(text);
    if (text.length == 0) return price ? MT_FAULT_PRICE_MISSING : MT_FAULT_VOLUME_MISSING;
    if (mt_micro_parse(text.at, text.length, out)) return MT_FAULT_NONE;
    return price ? MT_FAULT_PRICE_BAD : MT_FAULT_VOLUME_BAD;
}

static mt_order_fault read_point(const mt_curve_row *row, struct point *out)
{
    mt_text date = mt_text_trim(row->field[DATE]), product = mt_text_trim(row->field[PRODUCT]);
    int64_t number;
    if (!mt_day_parse(date.at, date.length, &out->day)) return MT_FAULT_TIME_BAD;
    if (!mt_int_parse(product.at, product.length, &number) || number < 1 || number > 48)
        return MT_FAULT_TIME_BAD;
    out->product = (int)number;
    mt_order_fault fault = read_number(row->field[PRICE], true, &out->price);
    if (fault == MT_FAULT_NONE) fault = read_number(row->field[SELLS], false, &out->sells);
    if (fault == MT_FAULT_NONE) fault = read_number(row->field[BUYS], false, &out->buys);
    if (fault != MT_FAULT_NONE) return fault;
    mt_micro bound = MT_PRICE_BOUND_MICRO / 100; /* 1,000 JPY/kWh */
    if (out->price < -bound || out->price > bound) return MT_FAULT_PRICE_RANGE;
    bool absurd =
        out->sells < 0 || out->sells > MT_VOLUME_BOUND_WH || out->buys < 0 || out->buys > MT_VOLUME_BOUND_WH;
    return absurd ? MT_FAULT_VOLUME_RANGE : MT_FAULT_NONE;
}

/* The step of `power` MW at a price, both in millionths. */
static mt_code add_step(mt_ctx *cx, mt_curve_file *file, uint64_t line, mt_micro price, mt_micro power,
                        mt_side side)
{
    const struct jepx *jepx = file->own;
    int64_t energy;
    if (power < 0)
        return mt_curve_fail(cx, file, line,
                             side == MT_SELL ? "the cumulated sells fall with rising price"
                                             : "the cumulated buys rise with rising price");
    if (!mt_curve_energy(power, file->info.period, &energy))
        return mt_curve_fail(cx, file, line, "half of the power is no whole number of Wh");
    mt_curve_add(file, (mt_curve_order){jepx->start, price * FACTOR, energy, side});
    return MT_OK;
}

/* The buys at the curve's last price. */
static mt_code end_curve(mt_ctx *cx, mt_curve_file *file, uint64_t line)
{
    struct jepx *jepx = file->own;
    bool pending = jepx->open;
    jepx->open = false;
    return pending ? add_step(cx, file, line, jepx->price, jepx->buys, MT_BUY) : MT_OK;
}

static mt_code begin_curve(mt_ctx *cx, mt_curve_file *file, const struct point *point)
{
    struct jepx *jepx = file->own;
    bool found;
    *jepx = (struct jepx){.open = true,
                          .day = point->day,
                          .product = point->product,
                          .price = point->price,
                          .buys = point->buys};
    return mt_curve_start(cx, file, point->day, point->product, &jepx->start, &found); /* every day has 48 */
}

static bool is_wanted(const mt_curve_file *file, const mt_curve_row *row)
{
    mt_text serial = row->n == COLUMNS ? mt_text_trim(row->field[SERIAL]) : (mt_text){"", 0};
    return mt_text_equal(serial, file->options.area != NULL ? file->options.area : "");
}

static mt_code row_jepx(mt_ctx *cx, mt_curve_file *file, const mt_curve_row *row)
{
    struct jepx *jepx = file->own;
    struct point point = {0};
    if (!is_wanted(file, row)) return MT_OK;
    file->area_met = true;
    mt_order_fault fault = read_point(row, &point);
    if (fault != MT_FAULT_NONE) {
        mt_curve_order nothing = {MT_TIME_NONE, MT_MICRO_NONE, MT_MICRO_NONE, MT_SIDE_NONE};
        return mt_curve_add_fault(cx, file, row->record, fault, nothing);
    }
    bool same = jepx->open && jepx->day == point.day && jepx->product == point.product;
    if (!same) {
        MT_TRY(end_curve(cx, file, row->record->line));
        MT_TRY(begin_curve(cx, file, &point));
    }
    if (point.price < jepx->price)
        return mt_curve_fail(cx, file, row->record->line, "the prices of a curve fall");
    MT_TRY(add_step(cx, file, row->record->line, point.price, point.sells - jepx->sells, MT_SELL));
    MT_TRY(add_step(cx, file, row->record->line, jepx->price, jepx->buys - point.buys, MT_BUY));
    jepx->price = point.price;
    jepx->sells = point.sells;
    jepx->buys = point.buys;
    return MT_OK;
}

static mt_code end_jepx(mt_ctx *cx, mt_curve_file *file)
{
    return end_curve(cx, file, file->records.line);
}

/* 20250715,1,10.43,30804.0,30946.8, */
static bool is_jepx(mt_text line)
{
    mt_text field[8];
    mt_record record;
    mt_day day;
    mt_micro number;
    mt_records records = {.at = line.at, .n = line.length, .last = true, .delimiter = ',', .line = 1};
    if (mt_records_take(&records, field, 8, &record) != MT_TAKE_RECORD || record.n < 5 || record.n > 6)
        return false;
    if (field[0].length != 8 || !mt_day_parse(field[0].at, 8, &day)) return false;
    for (size_t k = 1; k < 5; k++)
        if (!mt_micro_parse(field[k].at, field[k].length, &number)) return false;
    return true;
}

const mt_curve_exchange mt_curve_jepx = {
    .is = is_jepx, .open = open_jepx, .row = row_jepx, .end = end_jepx, .cumulated = true};
