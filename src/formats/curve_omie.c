/* Curves of OMIE (and OMEL before it): curva_pbc, curva_pbc_uof, OfferAndDemandCurve. ISO-8859-1, ';',
 * thousands '.', decimal ','. One row is one step, not cumulated. */
#include "formats/curve.h"

#include "formats/header.h"

#include <string.h>

enum { HOUR, DATE, COUNTRY, KIND, VOLUME, PRICE, STATE, COLUMNS, HEADER_LINES_MAX = 10, SCAN_AREAS = 4 };

/* How a column's name begins, in lower case; bytes above 127 stand for any one or two bytes of an accented
 * letter. */
static const struct {
    const char *name[2];
    const char *shown;
} columns[COLUMNS] = {
    [HOUR] = {{"hora", "periodo"}, "Hora"},
    [DATE] = {{"fecha", NULL}, "Fecha"},
    [COUNTRY] = {{"pa", NULL}, "Pais"},
    [KIND] = {{"tipo oferta", NULL}, "Tipo Oferta"},
    [VOLUME] = {{"energ", "potencia"}, "Energia Compra/Venta"},
    [PRICE] = {{"precio", NULL}, "Precio Compra/Venta"},
    [STATE] = {{"ofertada", NULL}, "Ofertada (O)/Casada (C)"},
};

struct omie {
    size_t at[COLUMNS];
    bool power;         /* volumes are MW, not MWh */
    int64_t factor;     /* 10 where prices are cent/kWh */
    mt_time area_start; /* the period whose area is file->area */
};

static bool begins_with(mt_text text, const char *word)
{
    size_t n = strlen(word);
    return text.length >= n && mt_text_equal_nocase((mt_text){text.at, n}, word);
}

static size_t find_column(const mt_text *field, size_t n, size_t column)
{
    for (size_t k = 0; k < n; k++) {
        mt_text name = mt_text_trim(field[k]);
        for (size_t w = 0; w < 2 && columns[column].name[w] != NULL; w++)
            if (begins_with(name, columns[column].name[w])) return k;
    }
    return MT_COLUMN_ABSENT;
}

/* The line of column names stands behind a title and an empty line. */
static mt_code read_names(mt_ctx *cx, mt_curve_file *file, struct omie *omie)
{
    mt_record record;
    const char *name = mt_bytes_name(file->records.bytes);
    for (int line = 0; line < HEADER_LINES_MAX; line++) {
        if (mt_records_take(&file->records, file->field, MT_RECORD_FIELDS, &record) != MT_TAKE_RECORD) break;
        size_t n = record.n < MT_RECORD_FIELDS ? record.n : MT_RECORD_FIELDS;
        if (record.too_long || find_column(file->field, n, HOUR) != 0) continue;
        for (size_t k = 0; k < COLUMNS; k++) {
            omie->at[k] = find_column(file->field, n, k);
            if (omie->at[k] == MT_COLUMN_ABSENT)
                return mt_fail(cx, MT_E_INPUT,
                               "column \"%s\" is missing in %s line %llu; expected a curve of OMIE",
                               columns[k].shown, name, (unsigned long long)record.line);
        }
        omie->power = begins_with(mt_text_trim(file->field[omie->at[VOLUME]]), "potencia");
        file->records.columns = record.n;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT,
                   "%s is no curve of OMIE: no line of its first %d begins with \"Hora\" or \"Periodo\"",
                   name, HEADER_LINES_MAX);
}

static size_t count_decimals(mt_text text)
{
    const char *comma = memchr(text.at, ',', text.length);
    return comma != NULL ? (size_t)(text.at + text.length - comma) - 1 : 0;
}

static bool parse_number(mt_text text, int limit, int *out)
{
    int64_t value;
    if (!mt_int_parse(text.at, text.length, &value) || value < 1 || value > limit) return false;
    *out = (int)value;
    return true;
}

/* dd/mm/yyyy */
static bool parse_date(mt_text text, mt_day *out)
{
    int day, month, year;
    if (text.length != 10 || text.at[2] != '/' || text.at[5] != '/') return false;
    if (!parse_number((mt_text){text.at, 2}, 31, &day)) return false;
    if (!parse_number((mt_text){text.at + 3, 2}, 12, &month)) return false;
    if (!parse_number((mt_text){text.at + 6, 4}, 9999, &year) || !mt_date_valid(year, month, day))
        return false;
    *out = mt_day_of(year, month, day);
    return true;
}

/* An hour "1" to "25" or a quarter "H1Q1" to "H25Q4", as a number of the day. */
static bool parse_period(mt_text text, mt_time step, int *out)
{
    int hour, quarter;
    if (step == MT_US_HOUR) return parse_number(text, 25, out);
    const char *q = memchr(text.at, 'Q', text.length);
    if (text.length < 4 || text.at[0] != 'H' || q == NULL) return false;
    if (!parse_number((mt_text){text.at + 1, (size_t)(q - text.at) - 1}, 25, &hour)) return false;
    if (!parse_number((mt_text){q + 1, (size_t)(text.at + text.length - q) - 1}, 4, &quarter)) return false;
    *out = (hour - 1) * 4 + quarter;
    return true;
}

/* Looks ahead in the window without taking anything: the first date and period, and the price's decimals. */
static void look_ahead(mt_curve_file *file, struct omie *omie, mt_day *day)
{
    mt_records ahead = file->records;
    mt_record record;
    bool first = true;
    omie->factor = 1;
    file->info.period = MT_US_HOUR;
    while (mt_records_take(&ahead, file->field, MT_RECORD_FIELDS, &record) == MT_TAKE_RECORD) {
        if (record.too_long || record.n != ahead.columns) continue;
        if (first && !parse_date(mt_text_trim(file->field[omie->at[DATE]]), day)) continue;
        mt_text period = mt_text_trim(file->field[omie->at[HOUR]]);
        if (first && period.length > 0 && period.at[0] == 'H') file->info.period = MT_US_HOUR / 4;
        first = false;
        size_t decimals = count_decimals(mt_text_trim(file->field[omie->at[PRICE]]));
        if (decimals == 0) continue;
        omie->factor = decimals == 3 ? 10 : 1;
        return;
    }
}

/* Harmonised limits of the coupled market follow the Iberian ones; prices of the coupled market are
 * mid-points. */
static void describe_market(mt_curve_file *file, const struct omie *omie, mt_day day)
{
    bool cent = omie->factor == 10, harmonised = day >= mt_day_of(2021, 7, 7),
         raised = day >= mt_day_of(2022, 5, 11);
    mt_curve_info *info = &file->info;
    info->exchange = "OMIE";
    info->time_zone = "Europe/Madrid";
    info->currency = "EUR";
    info->published_unit = cent ? "cent/kWh" : "EUR/MWh";
    info->published_factor = omie->factor;
    info->tick = MT_MICRO_ONE / 100;
    info->floor = harmonised ? -500 * MT_MICRO_ONE : 0;
    info->cap = raised ? 4000 * MT_MICRO_ONE : harmonised ? 3000 * MT_MICRO_ONE : MT_MICRO_ONE * 18030 / 100;
    info->price_rule = day < mt_day_of(2014, 2, 5) ? MT_CURVE_PRICE_LAST_SELL : MT_CURVE_PRICE_MID;
    if (cent)
        info->note =
            "prices were published in cent/kWh with three decimals; they stand here in EUR/MWh (x 10)";
}

static mt_code open_omie(mt_ctx *cx, mt_curve_file *file)
{
    struct omie *omie;
    mt_day day = MT_DAY_NONE;
    MT_TRY(MT_NEW(cx, &omie, 1));
    file->own = omie;
    file->records.delimiter = ';';
    omie->area_start = MT_TIME_NONE;
    MT_TRY(mt_records_refill(cx, &file->records));
    MT_TRY(read_names(cx, file, omie));
    look_ahead(file, omie, &day);
    describe_market(file, omie, day);
    return MT_OK;
}

/* Whether the row's area is read. Rows of the whole market (MI) count for every area. In one period, areas
 * that are priced apart must not be mixed. */
static mt_code choose_area(mt_ctx *cx, mt_curve_file *file, struct omie *omie, const mt_curve_row *row,
                           bool *read)
{
    mt_text area = mt_text_trim(row->field[omie->at[COUNTRY]]);
    const char *wanted = file->options.area;
    bool whole = mt_text_equal(area, "MI");
    *read = wanted == NULL || whole || mt_text_equal_nocase(area, wanted);
    if (!*read || area.length >= sizeof file->area) return MT_OK;
    file->area_met = true;
    if (file->info.area == NULL) MT_TRY(mt_text_copy(cx, &file->info.area, area));
    if (wanted == NULL && omie->area_start == file->start && !mt_text_equal(area, file->area))
        return mt_fail(cx, MT_E_INPUT,
                       "%s line %llu: %.*s holds areas %s and %.*s, which were priced apart; choose one",
                       mt_bytes_name(file->records.bytes), (unsigned long long)row->record->line,
                       (int)row->field[omie->at[HOUR]].length, row->field[omie->at[HOUR]].at, file->area,
                       (int)area.length, area.at);
    omie->area_start = file->start;
    memcpy(file->area, area.at, area.length);
    file->area[area.length] = '\0';
    return MT_OK;
}

static mt_order_fault read_price(const struct omie *omie, mt_text text, mt_micro *out)
{
    mt_micro price;
    if (text.length == 0) return MT_FAULT_PRICE_MISSING;
    if (!mt_curve_number(text, true, &price)) return MT_FAULT_PRICE_BAD;
    if (price > MT_PRICE_BOUND_MICRO / omie->factor || price < -MT_PRICE_BOUND_MICRO / omie->factor)
        return MT_FAULT_PRICE_RANGE;
    *out = price * omie->factor;
    return MT_FAULT_NONE;
}

static mt_order_fault read_volume(const mt_curve_file *file, const struct omie *omie, mt_text text,
                                  int64_t *out)
{
    mt_micro volume;
    if (text.length == 0) return MT_FAULT_VOLUME_MISSING;
    if (!mt_curve_number(text, true, &volume)) return MT_FAULT_VOLUME_BAD;
    if (volume < 0 || volume > MT_VOLUME_BOUND_WH) return MT_FAULT_VOLUME_RANGE;
    if (omie->power && !mt_curve_energy(volume, file->info.period, &volume)) return MT_FAULT_VOLUME_BAD;
    *out = volume;
    return MT_FAULT_NONE;
}

static mt_side read_side(mt_text text)
{
    return mt_text_equal_nocase(text, "C")   ? MT_BUY
           : mt_text_equal_nocase(text, "V") ? MT_SELL
                                             : MT_SIDE_NONE;
}

static mt_code read_start(mt_ctx *cx, mt_curve_file *file, const struct omie *omie, const mt_curve_row *row,
                          mt_curve_order *order)
{
    mt_day day;
    int period;
    bool found;
    mt_time start;
    if (!parse_date(mt_text_trim(row->field[omie->at[DATE]]), &day)) return MT_OK;
    if (!parse_period(mt_text_trim(row->field[omie->at[HOUR]]), file->info.period, &period)) return MT_OK;
    MT_TRY(mt_curve_start(cx, file, day, period, &start, &found));
    if (found) order->time = start;
    return MT_OK;
}

static mt_code row_omie(mt_ctx *cx, mt_curve_file *file, const mt_curve_row *row)
{
    struct omie *omie = file->own;
    mt_curve_order order = {MT_TIME_NONE, MT_MICRO_NONE, MT_MICRO_NONE, MT_SIDE_NONE};
    mt_text state = mt_text_trim(row->field[omie->at[STATE]]);
    bool read;
    if (!mt_text_equal_nocase(state, file->options.curve == MT_CURVE_OFFERED ? "O" : "C")) return MT_OK;
    MT_TRY(read_start(cx, file, omie, row, &order));
    MT_TRY(choose_area(cx, file, omie, row, &read));
    if (!read) return MT_OK;
    order.side = read_side(mt_text_trim(row->field[omie->at[KIND]]));
    mt_order_fault price = read_price(omie, mt_text_trim(row->field[omie->at[PRICE]]), &order.price);
    mt_order_fault volume =
        read_volume(file, omie, mt_text_trim(row->field[omie->at[VOLUME]]), &order.volume);
    mt_order_fault fault = order.time == MT_TIME_NONE   ? MT_FAULT_TIME_BAD
                           : order.side == MT_SIDE_NONE ? MT_FAULT_SIDE_BAD
                           : price != MT_FAULT_NONE     ? price
                                                        : volume;
    if (fault != MT_FAULT_NONE) return mt_curve_add_fault(cx, file, row->record, fault, order);
    mt_curve_add(file, order);
    return MT_OK;
}

static bool holds(mt_text line, const char *word)
{
    return memmem(line.at, line.length, word, strlen(word)) != NULL;
}

static bool is_omie(mt_text line)
{
    bool title = holds(line, "Mercado diario") || holds(line, "Curva") || holds(line, "curva");
    bool operator_named = holds(line, "OMEL") || holds(line, "OMIE");
    return (operator_named && title) || holds(line, "(O)/Casada (C)");
}

const mt_curve_exchange mt_curve_omie = {.is = is_omie, .open = open_omie, .row = row_omie};
