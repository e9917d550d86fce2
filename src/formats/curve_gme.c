/* Curves of GME in tidy form: timestamp, delivery_day, period, zone, side, price_eur_per_mwh, quantity_mwh.
 * One row is one step, not cumulated. */
#include "formats/curve.h"

#include "formats/header.h"
#include "formats/order_file.h"

#include <string.h>

enum { TIME, DAY, PERIOD, ZONE, SIDE, PRICE, VOLUME, COLUMNS, ZONES_MAX = 40 };

static const char *const time_names[] = {"timestamp", NULL}, *const day_names[] = {"deliveryday", NULL};
static const char *const period_names[] = {"period", NULL}, *const zone_names[] = {"zone", NULL};
static const char *const side_names[] = {"side", NULL}, *const price_names[] = {"priceeurpermwh", NULL};
static const char *const volume_names[] = {"quantitymwh", NULL};

static const mt_column columns[COLUMNS] = {
    [TIME] = {.name = "timestamp", .synonym = time_names},
    [DAY] = {.name = "delivery_day", .synonym = day_names, .optional = true},
    [PERIOD] = {.name = "period", .synonym = period_names, .optional = true},
    [ZONE] = {.name = "zone", .synonym = zone_names},
    [SIDE] = {.name = "side", .synonym = side_names},
    [PRICE] = {.name = "price_eur_per_mwh", .synonym = price_names},
    [VOLUME] = {.name = "quantity_mwh", .synonym = volume_names},
};

struct gme {
    mt_header header;
    bool chosen; /* the caller chose the zone, others are passed over */
};

static mt_text field_of(const mt_curve_file *file, const mt_text *field, size_t column)
{
    size_t at = ((const struct gme *)file->own)->header.at[column];
    return at != MT_COLUMN_ABSENT ? mt_text_trim(field[at]) : (mt_text){NULL, 0};
}

/* Zones and the smallest step between times, as far as the first window shows them. */
static size_t look_ahead(mt_curve_file *file, mt_text *zone)
{
    mt_records ahead = file->records;
    mt_record record;
    mt_time before = MT_TIME_NONE, t;
    bool offset;
    size_t zones = 0;
    file->info.period = MT_US_HOUR;
    while (mt_records_take(&ahead, file->field, MT_RECORD_FIELDS, &record) == MT_TAKE_RECORD) {
        if (record.too_long || record.n != ahead.columns) continue;
        mt_text name = field_of(file, file->field, ZONE), time = field_of(file, file->field, TIME);
        if (name.length > 0) zones = mt_curve_collect(zone, zones, ZONES_MAX, name);
        if (!mt_time_parse(time.at, time.length, &t, &offset)) continue;
        mt_time step = before != MT_TIME_NONE && t > before ? t - before : MT_US_HOUR;
        if (step < file->info.period && mt_step_valid(step)) file->info.period = step;
        before = t;
    }
    return zones;
}

/* One zone must be chosen where several are. */
static mt_code choose_zone(mt_ctx *cx, mt_curve_file *file, const mt_text *zone, size_t zones)
{
    const char *list, *name = mt_bytes_name(file->records.bytes);
    MT_TRY(mt_curve_list(cx, &list, zone, zones));
    if (zones > 1 && file->options.area == NULL)
        return mt_fail(cx, MT_E_INPUT, "%s holds several zones: %s; choose one as the area", name, list);
    ((struct gme *)file->own)->chosen = file->options.area != NULL;
    if (zones == 1 && file->options.area == NULL) MT_TRY(mt_text_copy(cx, &file->options.area, zone[0]));
    file->info.area = file->options.area;
    return MT_OK;
}

static mt_code open_gme(mt_ctx *cx, mt_curve_file *file)
{
    struct gme *gme;
    mt_text zone[ZONES_MAX];
    MT_TRY(MT_NEW(cx, &gme, 1));
    file->own = gme;
    file->info = (mt_curve_info){.exchange = "GME",
                                 .time_zone = "Europe/Rome",
                                 .currency = "EUR",
                                 .published_unit = "EUR/MWh",
                                 .published_factor = 1,
                                 .tick = MT_MICRO_ONE / 100,
                                 .floor = -500 * MT_MICRO_ONE,
                                 .cap = 4000 * MT_MICRO_ONE,
                                 .price_rule = MT_CURVE_PRICE_MID};
    MT_TRY(mt_header_read(cx, &file->records, columns, COLUMNS, &gme->header));
    size_t zones = look_ahead(file, zone);
    return choose_zone(cx, file, zone, zones);
}

/* A time with offset, else the day's period there. */
static mt_code read_start(mt_ctx *cx, mt_curve_file *file, const mt_curve_row *row, mt_curve_order *order)
{
    mt_text time = field_of(file, row->field, TIME), day_text = field_of(file, row->field, DAY);
    mt_text period_text = field_of(file, row->field, PERIOD);
    mt_time t;
    mt_day day;
    int64_t period;
    bool offset, found;
    if (!mt_time_parse(time.at, time.length, &t, &offset)) return MT_OK;
    if (offset) {
        order->time = t;
        return MT_OK;
    }
    if (day_text.at == NULL || period_text.at == NULL) return MT_OK;
    if (!mt_day_parse(day_text.at, day_text.length, &day)) return MT_OK;
    if (!mt_int_parse(period_text.at, period_text.length, &period) || period < 1 || period > 300)
        return MT_OK;
    MT_TRY(mt_curve_start(cx, file, day, (int)period, &t, &found));
    if (found) order->time = t;
    return MT_OK;
}

static mt_side read_side(mt_text text)
{
    if (mt_text_equal_nocase(text, "demand")) return MT_BUY;
    if (mt_text_equal_nocase(text, "supply") || mt_text_equal_nocase(text, "off")) return MT_SELL;
    return mt_side_parse(text);
}

static mt_order_fault read_numbers(const mt_curve_file *file, const mt_curve_row *row, mt_curve_order *order)
{
    mt_text price = field_of(file, row->field, PRICE), volume = field_of(file, row->field, VOLUME);
    mt_micro value;
    if (price.length == 0) return MT_FAULT_PRICE_MISSING;
    if (!mt_micro_parse(price.at, price.length, &value)) return MT_FAULT_PRICE_BAD;
    if (value > MT_PRICE_BOUND_MICRO || value < -MT_PRICE_BOUND_MICRO) return MT_FAULT_PRICE_RANGE;
    order->price = value;
    if (volume.length == 0) return MT_FAULT_VOLUME_MISSING;
    if (!mt_micro_parse(volume.at, volume.length, &value)) return MT_FAULT_VOLUME_BAD;
    if (value < 0 || value > MT_VOLUME_BOUND_WH) return MT_FAULT_VOLUME_RANGE;
    order->volume = value;
    return MT_FAULT_NONE;
}

/* A second zone after the first window. */
static mt_code fail_mixed(mt_ctx *cx, const mt_curve_file *file, const mt_curve_row *row, mt_text zone)
{
    return mt_fail(cx, MT_E_INPUT, "%s line %llu holds zone \"%.*s\" after \"%s\"; choose one as the area",
                   mt_bytes_name(file->records.bytes), (unsigned long long)row->record->line,
                   (int)zone.length, zone.at, file->options.area);
}

static mt_code row_gme(mt_ctx *cx, mt_curve_file *file, const mt_curve_row *row)
{
    mt_curve_order order = {MT_TIME_NONE, MT_MICRO_NONE, MT_MICRO_NONE, MT_SIDE_NONE};
    mt_text zone = field_of(file, row->field, ZONE);
    if (file->options.area != NULL && !mt_text_equal_nocase(zone, file->options.area))
        return ((const struct gme *)file->own)->chosen ? MT_OK : fail_mixed(cx, file, row, zone);
    file->area_met = true;
    MT_TRY(read_start(cx, file, row, &order));
    order.side = read_side(field_of(file, row->field, SIDE));
    mt_order_fault number = read_numbers(file, row, &order);
    mt_order_fault fault = order.time == MT_TIME_NONE   ? MT_FAULT_TIME_BAD
                           : order.side == MT_SIDE_NONE ? MT_FAULT_SIDE_BAD
                                                        : number;
    if (fault == MT_FAULT_NONE)
        mt_curve_add(file, order);
    else
        mt_curve_add_fault(file, row->record, fault, order);
    return MT_OK;
}

/* Zone, price and volume under these names stand in no other kind of file. */
static bool is_gme(mt_text line)
{
    const mt_column shown[] = {columns[ZONE], columns[PRICE], columns[VOLUME]};
    return mt_header_score(line, shown, 3) == 3;
}

const mt_curve_exchange mt_curve_gme = {.is = is_gme, .open = open_gme, .row = row_gme};
