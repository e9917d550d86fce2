/* A report as every page shows it. */
#include "ops/vpp/render/report_view.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/money.h"

#define NAME                                                                                                 \
    {                                                                                                        \
        MT_W_ASSET, {MT_TEXT_AT(mt_report_row, asset_id)}, 0                                                 \
    }
#define COLUMN(w, TYPE, m, u, places)                                                                        \
    {                                                                                                        \
        w, {TYPE(mt_report_row, m), .unit = u}, places                                                       \
    }
#define SOURCE(w, k) COLUMN(w, MT_REAL_AT, share_of[k], MT_UNIT_PERCENT, 1)

/* clang-format off */
const mt_report_table mt_report_tables[MT_REPORT_TABLES] = {
    {MT_W_ENERGY, {NAME,
        COLUMN(MT_W_CAPACITY,        MT_MICRO_AT, capacity_w,      MT_UNIT_MW, 3),
        COLUMN(MT_W_ENERGY,          MT_MICRO_AT, energy_wh,       MT_UNIT_MWH, 3),
        COLUMN(MT_W_CAPACITY_FACTOR, MT_REAL_AT,  capacity_factor, MT_UNIT_PERCENT, 1),
        COLUMN(MT_W_AVAILABILITY,    MT_REAL_AT,  availability,    MT_UNIT_PERCENT, 1),
        COLUMN(MT_W_BASE_PRICE,      MT_MICRO_AT, base_price,      MT_UNIT_EUR_PER_MWH, 2),
        COLUMN(MT_W_CAPTURE_PRICE,   MT_MICRO_AT, capture_price,   MT_UNIT_EUR_PER_MWH, 2),
        COLUMN(MT_W_CAPTURE_RATE,    MT_REAL_AT,  capture_rate,    MT_UNIT_PERCENT, 1)}, 8},
    {MT_W_MONEY, {NAME,
        COLUMN(MT_W_REVENUE,     MT_MICRO_AT, revenue_ueur,     MT_UNIT_EUR, 2),
        COLUMN(MT_W_PAYOUT,      MT_MICRO_AT, payout_ueur,      MT_UNIT_EUR, 2),
        COLUMN(MT_W_FEES,        MT_MICRO_AT, fee_ueur,         MT_UNIT_EUR, 2),
        COLUMN(MT_W_IMBALANCE,   MT_MICRO_AT, imbalance_ueur,   MT_UNIT_EUR, 2),
        COLUMN(MT_W_REDISPATCH,  MT_MICRO_AT, redispatch_ueur,  MT_UNIT_EUR, 2),
        COLUMN(MT_W_CURTAILMENT, MT_MICRO_AT, curtailment_ueur, MT_UNIT_EUR, 2),
        COLUMN(MT_W_MARGIN,      MT_MICRO_AT, margin_ueur,      MT_UNIT_EUR, 2)}, 8},
    {MT_W_DEVIATION, {NAME,
        COLUMN(MT_W_IMBALANCE, MT_MICRO_AT, imbalance_wh, MT_UNIT_MWH, 3),
        COLUMN(MT_W_PENALTY,   MT_MICRO_AT, penalty_ueur, MT_UNIT_EUR, 2),
        COLUMN(MT_W_LOST,      MT_MICRO_AT, lost_wh,      MT_UNIT_MWH, 3),
        COLUMN(MT_W_CURTAILED, MT_MICRO_AT, curtailed_wh, MT_UNIT_MWH, 3),
        COLUMN(MT_W_MAE,       MT_REAL_AT,  mae_kw,       MT_UNIT_KW, 1),
        COLUMN(MT_W_BIAS,      MT_REAL_AT,  bias_kw,      MT_UNIT_KW, 1),
        COLUMN(MT_W_NMAE,      MT_REAL_AT,  nmae,         MT_UNIT_PERCENT, 1)}, 8},
    {MT_W_ORIGIN, {NAME,
        SOURCE(MT_W_SOURCE_METER, MT_INFEED_METER), SOURCE(MT_W_SOURCE_LIVE, MT_INFEED_LIVE),
        SOURCE(MT_W_SOURCE_FORECAST, MT_INFEED_FORECAST), SOURCE(MT_W_SOURCE_MODEL, MT_INFEED_MODEL),
        SOURCE(MT_W_SOURCE_GAP, MT_INFEED_GAP)}, 6},
};
/* clang-format on */

static int64_t power_of_ten(int n)
{
    int64_t power = 1;
    while (n-- > 0) power *= 10;
    return power;
}

static mt_code micro_in(mt_ctx *cx, const char **out, mt_language language, int64_t micro, int places)
{
    *out = NULL;
    if (micro == MT_MICRO_NONE) return MT_OK;
    return mt_number_in(cx, out, language, mt_div_round(micro, power_of_ten(6 - places)), places, places);
}

const char *mt_report_unit(const mt_report_column *column)
{
    if (column->field.unit == MT_UNIT_EUR) return "€";
    if (column->field.unit == MT_UNIT_EUR_PER_MWH) return "€/MWh";
    return mt_unit_text(column->field.unit);
}

mt_code mt_report_cell(mt_ctx *cx, const char **out, const mt_report_view *view,
                       const mt_report_column *column, const mt_report_row *row)
{
    mt_language language = view->input->language;
    int places = view->whole_euros && column->field.unit == MT_UNIT_EUR ? 0 : column->places;
    mt_value value = mt_field_get(&column->field, row);
    *out = NULL;
    if (!value.present) return MT_OK;
    if (column->field.type == MT_REAL) return mt_real_in(cx, out, language, value.as.real, places);
    if (column->field.type == MT_TEXT) return mt_text_copy(cx, out, value.as.text);
    return micro_in(cx, out, language, value.as.integer, places);
}

/* Assets by their order, the portfolio last; shares of 1 become percent. */
static mt_code name_rows(mt_ctx *cx, mt_report_view *view)
{
    const mt_report_input *input = view->input;
    mt_report_row *row, portfolio;
    size_t n = 0;
    bool has = false;
    MT_TRY(MT_NEW(cx, &row, input->n ? input->n : 1));
    for (size_t k = 0; k < input->n; k++) {
        mt_report_row one = input->row[k];
        double *share[] = {&one.capacity_factor, &one.capture_rate, &one.availability, &one.nmae};
        for (size_t s = 0; s < sizeof share / sizeof *share; s++) *share[s] *= 100;
        for (int s = 0; s < MT_INFEED_SOURCES; s++) one.share_of[s] *= 100;
        if (one.asset_id) {
            row[n++] = one;
        } else {
            portfolio = one;
            portfolio.asset_id = mt_word_in(input->language, MT_W_PORTFOLIO);
            has = true;
        }
    }
    if (has) row[n++] = portfolio;
    for (size_t k = 0; k < n; k++)
        view->whole_euros = view->whole_euros || (row[k].revenue_ueur != MT_MICRO_NONE &&
                                                  row[k].revenue_ueur / 1000000 >= MT_REPORT_WHOLE_EUR);
    view->row = row;
    view->n = n;
    return MT_OK;
}

/* A tile shows one value of the portfolio's row, with another one below it. */
struct tile_row {
    size_t table, column;
    mt_word word;
    int note_table, note_column; /* -1: none */
    mt_word note;
};
static const struct tile_row tile_rows[MT_REPORT_TILES] = {
    {0, 2, MT_W_ENERGY, -1, 0, MT_WORDS},           {0, 3, MT_W_CAPACITY_FACTOR, 0, 1, MT_W_CAPACITY},
    {0, 6, MT_W_CAPTURE_PRICE, 0, 7, MT_W_OF_MEAN}, {1, 1, MT_W_REVENUE, 1, 2, MT_W_PAYOUT},
    {1, 7, MT_W_MARGIN, 1, 3, MT_W_FEES},           {1, 4, MT_W_IMBALANCE, 2, 1, MT_WORDS},
    {0, 4, MT_W_AVAILABILITY, 2, 3, MT_W_LOST},     {2, 7, MT_W_NMAE, 2, 6, MT_W_BIAS},
};

static mt_code write_note(mt_ctx *cx, const char **out, const mt_report_view *view,
                          const struct tile_row *row)
{
    mt_language language = view->input->language;
    const mt_report_column *column;
    const char *value;
    *out = NULL;
    if (row->note_table < 0) return MT_OK;
    column = &mt_report_tables[row->note_table].col[row->note_column];
    MT_TRY(mt_report_cell(cx, &value, view, column, &view->row[view->n - 1]));
    if (!value) return MT_OK;
    if (row->note == MT_W_OF_MEAN)
        return mt_text_format(cx, out, "%s %% %s", value, mt_word_in(language, row->note));
    if (row->note == MT_WORDS) return mt_text_format(cx, out, "%s %s", value, mt_report_unit(column));
    return mt_text_format(cx, out, "%s %s %s", mt_word_in(language, row->note), value,
                          mt_report_unit(column));
}

static mt_code make_tiles(mt_ctx *cx, mt_report_view *view)
{
    mt_language language = view->input->language;
    if (view->n == 0) return MT_OK;
    for (size_t k = 0; k < MT_REPORT_TILES; k++) {
        const struct tile_row *row = &tile_rows[k];
        const mt_report_column *column = &mt_report_tables[row->table].col[row->column];
        mt_report_tile *tile = &view->tile[k];
        *tile = (mt_report_tile){.label = mt_word_in(language, row->word), .unit = mt_report_unit(column)};
        MT_TRY(mt_report_cell(cx, &tile->value, view, column, &view->row[view->n - 1]));
        MT_TRY(write_note(cx, &tile->note, view, row));
    }
    view->n_tile = MT_REPORT_TILES;
    return MT_OK;
}

static mt_code add_caveat(mt_ctx *cx, mt_report_view *view, int64_t count, mt_word word)
{
    const char *number;
    if (count <= 0) return MT_OK;
    MT_TRY(mt_number_in(cx, &number, view->input->language, count, 0, 0));
    return mt_text_format(cx, &view->caveat[view->n_caveat++], "%s %s", number,
                          mt_word_in(view->input->language, word));
}

static mt_code make_caveats(mt_ctx *cx, mt_report_view *view)
{
    if (view->n == 0) return MT_OK;
    const mt_report_row *portfolio = &view->row[view->n - 1];
    MT_TRY(add_caveat(cx, view, portfolio->not_priced, MT_W_NOT_PRICED));
    return add_caveat(cx, view, portfolio->unpriced, MT_W_UNPRICED);
}

static mt_code make_infeed(mt_ctx *cx, mt_report_view *view, size_t stride, mt_infeed_source source)
{
    const mt_report_input *input = view->input;
    double *value, hours = (double)input->grid.step / (double)MT_US_HOUR;
    bool any = false;
    MT_TRY(MT_NEW(cx, &value, view->n_time));
    for (size_t k = 0; k < input->grid.n; k++) {
        int64_t wh = input->infeed[k].wh_of[source];
        if (wh <= 0) continue;
        value[k / stride] += (double)wh / 1e6 / hours / (double)stride;
        any = true;
    }
    view->infeed_mw[source] = any ? value : NULL;
    return MT_OK;
}

static mt_code make_price(mt_ctx *cx, mt_report_view *view, size_t stride)
{
    const mt_report_input *input = view->input;
    double *value;
    MT_TRY(MT_NEW(cx, &value, view->n_time));
    for (size_t i = 0; i < view->n_time; i++) {
        double sum = 0, n = 0;
        for (size_t k = i * stride; k < (i + 1) * stride && k < input->grid.n; k++) {
            if (input->price[k] == MT_MICRO_NONE) continue;
            sum += (double)input->price[k] / 1e6;
            n++;
        }
        value[i] = n > 0 ? sum / n : NAN;
    }
    view->price = value;
    return MT_OK;
}

static mt_code make_imbalance(mt_ctx *cx, mt_report_view *view, size_t stride)
{
    const mt_report_input *input = view->input;
    double *value;
    MT_TRY(MT_NEW(cx, &value, view->n_time));
    for (size_t i = 0; i < view->n_time; i++) value[i] = NAN;
    for (size_t k = 0; k < input->grid.n; k++) {
        int64_t wh = input->imbalance[k].imbalance_wh;
        if (wh == MT_WH_NONE) continue;
        double *at = &value[k / stride];
        *at = (isnan(*at) ? 0 : *at) + (double)wh / 1e6;
    }
    view->imbalance_mwh = value;
    return MT_OK;
}

/* Quarters, else hours, else days (of 24 hours), so that a chart stays readable. */
static mt_code make_series(mt_ctx *cx, mt_report_view *view)
{
    const mt_report_input *input = view->input;
    size_t n = input->grid.n, stride = n <= MT_REPORT_POINTS ? 1 : n / 4 <= MT_REPORT_POINTS ? 4 : 96;
    mt_time *time;
    view->n_time = (n + stride - 1) / stride;
    if (n == 0) return MT_OK;
    MT_TRY(MT_NEW(cx, &time, view->n_time));
    for (size_t i = 0; i < view->n_time; i++)
        time[i] = input->grid.start + (mt_time)(i * stride) * input->grid.step;
    view->time = time;
    for (int s = 0; s < MT_INFEED_SOURCES && input->infeed; s++)
        MT_TRY(make_infeed(cx, view, stride, (mt_infeed_source)s));
    if (input->price) MT_TRY(make_price(cx, view, stride));
    if (input->imbalance) MT_TRY(make_imbalance(cx, view, stride));
    return MT_OK;
}

mt_code mt_report_view_make(mt_ctx *cx, mt_report_view *out, const mt_report_input *input)
{
    mt_report_view view = {.input = input, .created = input->created};
    MT_TRY(mt_days_in(cx, &view.period, input->language, input->first, input->last));
    MT_TRY(mt_text_format(cx, &view.title, "%s %s", mt_word_in(input->language, MT_W_REPORT),
                          view.period ? view.period : ""));
    if (view.created == MT_TIME_NONE)
        view.created = input->last == MT_DAY_NONE ? 0 : ((mt_time)input->last + 1) * MT_US_DAY;
    MT_TRY(name_rows(cx, &view));
    MT_TRY(make_tiles(cx, &view));
    MT_TRY(make_caveats(cx, &view));
    MT_TRY(make_series(cx, &view));
    *out = view;
    return MT_OK;
}
