/* Curves of GME in tidy form: timestamp, delivery_day, period, zone, side, price_eur_per_mwh, quantity_mwh.
 * One row is one step, not cumulated. */
#include "formats/curve.h"

#include "formats/header.h"
#include "formats/order_file.h"

#include <string.h>

enum { TIME, DAY, PERIOD, ZONE, SIDE, PRICE, VOLUME, COLUMNS, ZONES_MAX = 40, PERIODS_MAX = 300 };

static const char *const time_names[] = {"timestamp", NULL}, *const day_names[] = {"deliveryday", NULL};
static const char *const period_names[] = {"period", NULL}, *const zone_names[] = {"zone", NULL};
static const char *const side_names[] = {"side", NULL}, *const price_names[] = {"priceeurpermwh", NULL};
static const char *const volume_names[] = {"quantitymwh", NULL};

static const mt_wanted_column columns[COLUMNS] = {
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

/* What the rows ahead show. */
struct ahead {
    mt_text *zone; /* in the window */
    size_t zones;
    mt_time time; /* the first one */
    bool several; /* another one follows */
    mt_time step; /* the longest whose grid holds every time */
    int64_t period;
};

static bool on_grid(mt_time t, mt_time step)
{
    return mt_time_floor(t, step) == t;
}

/* A time on no grid at all shows nothing; its row stops the file. */
static void look_at_time(struct ahead *ahead, mt_time t)
{
    static const mt_time steps[] = {MT_US_HOUR, 30 * MT_US_MINUTE, 15 * MT_US_MINUTE, 5 * MT_US_MINUTE};
    size_t k = 0;
    while (k < 4 && (steps[k] > ahead->step || !on_grid(t, steps[k]))) k++;
    if (k == 4) return;
    ahead->step = steps[k];
    if (ahead->time == MT_TIME_NONE) ahead->time = t;
    ahead->several |= t != ahead->time;
}

static void look_at_window(mt_curve_file *file, struct ahead *ahead)
{
    mt_records records = file->records;
    mt_record record;
    *ahead = (struct ahead){.zone = ahead->zone, .time = MT_TIME_NONE, .step = MT_US_HOUR};
    while (mt_records_take(&records, file->field, MT_RECORD_FIELDS, &record) == MT_TAKE_RECORD) {
        if (record.too_long || record.n != records.columns) continue;
        mt_text name = field_of(file, file->field, ZONE), time = field_of(file, file->field, TIME);
        mt_text period = field_of(file, file->field, PERIOD);
        mt_time t;
        int64_t number;
        bool offset;
        if (name.length > 0) ahead->zones = mt_curve_collect(ahead->zone, ahead->zones, ZONES_MAX, name);
        if (mt_time_parse(time.at, time.length, &t, &offset)) look_at_time(ahead, t);
        if (period.at == NULL || !mt_int_parse(period.at, period.length, &number)) continue;
        if (number > ahead->period && number <= PERIODS_MAX) ahead->period = number;
    }
}

static int periods_of_day(mt_time step)
{
    return 25 * (int)(MT_US_HOUR / step); /* of the longest day */
}

/* One time alone does not tell how long it lasts: the numbers of the periods may, else it is an hour. */
static void choose_step(mt_curve_info *info, const struct ahead *ahead)
{
    info->period = ahead->step;
    if (ahead->several || ahead->time == MT_TIME_NONE) return;
    bool quarters = ahead->period > periods_of_day(MT_US_HOUR);
    if (quarters && info->period > 15 * MT_US_MINUTE) info->period = 15 * MT_US_MINUTE;
    if (ahead->period > periods_of_day(15 * MT_US_MINUTE)) info->period = 5 * MT_US_MINUTE;
    if (info->period == MT_US_HOUR)
        info->note = "the first rows show one time only, so periods were taken to be one hour";
}

/* The orders of one time may fill many windows, so the window grows until a second time stands in it. */
static mt_code look_ahead(mt_ctx *cx, mt_curve_file *file, struct ahead *ahead)
{
    mt_records *records = &file->records;
    for (;;) {
        look_at_window(file, ahead);
        if (ahead->several || records->last || records->n >= MT_BYTES_WINDOW) break;
        MT_TRY(mt_bytes_next(cx, records->bytes, 0, &records->at, &records->n, &records->last));
    }
    choose_step(&file->info, ahead);
    return MT_OK;
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
    struct ahead ahead = {.zone = zone};
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
    MT_TRY(look_ahead(cx, file, &ahead));
    return choose_zone(cx, file, zone, ahead.zones);
}

/* Quarters behind hours would be added up to hours. */
static mt_code fail_step(mt_ctx *cx, const mt_curve_file *file, const mt_curve_row *row, mt_time t)
{
    char time[MT_TIME_TEXT_MAX], start[MT_TIME_TEXT_MAX];
    mt_time_text(t, time);
    mt_time_text(mt_time_floor(t, file->info.period), start);
    return mt_fail(cx, MT_E_INPUT,
                   "%s line %llu: the time %s lies inside the period of %d minutes from %s; the periods of a "
                   "file must be of the length that its first rows show",
                   mt_bytes_name(file->records.bytes), (unsigned long long)row->record->line, time,
                   (int)(file->info.period / MT_US_MINUTE), start);
}

static mt_code fail_period(mt_ctx *cx, const mt_curve_file *file, const mt_curve_row *row, int64_t period)
{
    return mt_fail(cx, MT_E_INPUT,
                   "%s line %llu: no day has a period %lld of %d minutes; the periods of a file must be of "
                   "the length that its first rows show",
                   mt_bytes_name(file->records.bytes), (unsigned long long)row->record->line,
                   (long long)period, (int)(file->info.period / MT_US_MINUTE));
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
    if (!on_grid(t, file->info.period)) return fail_step(cx, file, row, t);
    if (offset) {
        order->time = t;
        return MT_OK;
    }
    if (day_text.at == NULL || period_text.at == NULL) return MT_OK;
    if (!mt_day_parse(day_text.at, day_text.length, &day)) return MT_OK;
    if (!mt_int_parse(period_text.at, period_text.length, &period) || period < 1 || period > PERIODS_MAX)
        return MT_OK;
    if (period > periods_of_day(file->info.period)) return fail_period(cx, file, row, period);
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
    if (fault != MT_FAULT_NONE) return mt_curve_add_fault(cx, file, row->record, fault, order);
    mt_curve_add(file, order);
    return MT_OK;
}

/* Zone, price and volume under these names stand in no other kind of file. */
static bool is_gme(mt_text line)
{
    const mt_wanted_column shown[] = {columns[ZONE], columns[PRICE], columns[VOLUME]};
    return mt_header_score(line, shown, 3) == 3;
}

const mt_curve_exchange mt_curve_gme = {.is = is_gme, .open = open_gme, .row = row_gme};
