/* One series brought to another marketplace: its currency, its step, its hours of trading.
 *
 * Purpose   Prices of London and Oslo stand beside those of Berlin, in one money and on one grid.
 * Units     Values are exact millionths (mt_micro) of what the series counts: money per MWh, or MWh. Rates
 *           are millionths of the currency's units for one EUR.
 * Rule      1. The grid: energy is cut and added by time, prices are averaged by time or repeated, and the
 *           last value stands for MT_FOLD_LAST. 2. The money: value x rate(to) / rate(from), rounded once,
 *           half away from zero. A price in EUR or in the same currency is not touched.
 * Rates     The European Central Bank's of the local day of delivery; on a day without one (weekend, holiday,
 *           or not published yet) the last one before, at most MT_FX_AGE_MAX days old; its day is told.
 * Time      A step below a day starts at its multiples from 1970 in UTC; MT_US_DAY means the local day of the
 *           marketplace, of 23, 24 or 25 hours. Trading hours are those of the local clock at the start.
 * Missing   A period that is not covered in full by present values is MT_MICRO_NONE and `covered` says how
 *           much of it there is. Periods that no value touches are not given.
 * Conservation  Energy pieces of a value add up to it to the last millionth, whatever the grid.
 * Errors    MT_E_ABSENT  no rate of that currency, or none near that day;  MT_E_SHAPE  values that overlap or
 *           do not ascend, a value without a step;  MT_E_INPUT  a step that is no market time unit nor a
 *           day, a rate that is not positive, a result beyond the range of numbers.
 * Ownership Rows live in cx. Values, rates and texts are borrowed.
 * Cost      O(values + periods), a look-up of O(log rates) a period.
 * Source    ECB euro foreign exchange reference rates: units of a currency for one EUR, about 16:00 CET on
 *           working days.
 */
#ifndef MT_MARKET_SERIES_NORMALISE_H
#define MT_MARKET_SERIES_NORMALISE_H

#include "base/calendar.h"
#include "terms/marketplace.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

enum { MT_FX_AGE_MAX = 10 /* days */ };

typedef struct mt_fx_rate {
    const char *currency;
    mt_day day;
    mt_micro per_eur;
} mt_fx_rate;

typedef struct mt_fx_table {
    const mt_fx_rate *at; /* by currency, day */
    size_t n;
} mt_fx_table;

/* Rates among observations: kind fx_rate, area the currency; of several of one day the one known last. The
 * day of a rate is that of its start two hours on, so that midnight of Frankfurt and of UTC are one day. */
MT_API MT_MUST_USE mt_code mt_fx_table_of(mt_ctx *cx, mt_fx_table *out, const mt_observation *value,
                                          size_t n);

/* How an amount of one currency becomes another on a day. */
typedef struct mt_fx_quote {
    mt_micro from_per_eur, to_per_eur; /* 1 EUR of either; EUR itself: 1,000,000 */
    mt_day day;                        /* of the older of the two rates; the asked day where none is needed */
} mt_fx_quote;

MT_API MT_MUST_USE mt_code mt_fx_quote_of(mt_ctx *cx, mt_fx_quote *out, mt_fx_table table, const char *from,
                                          const char *to, mt_day day);

/* amount x to / from, half away from zero; false when it does not fit. */
MT_API bool mt_fx_convert(mt_micro amount, const mt_fx_quote *quote, mt_micro *out);

typedef struct mt_series_value {
    mt_time start, step;
    mt_micro value; /* MT_MICRO_NONE: missing */
} mt_series_value;

typedef struct mt_normal_options {
    size_t size; /* sizeof(mt_normal_options), so that the struct may grow */
    mt_fold fold;
    const char *currency; /* of the values; NULL: they are no money */
    const mt_marketplace *place;
    const mt_zone *zone;     /* of the place */
    const char *to_currency; /* NULL: the place's */
    mt_time step;            /* 0: each value keeps its own */
    mt_fx_table fx;
} mt_normal_options;

typedef struct mt_normal_value {
    mt_time start, step; /* a local day: 23, 24 or 25 hours */
    mt_micro value;      /* MT_MICRO_NONE: not covered in full */
    mt_time covered;
    bool open; /* its start lies in the hours of trading */
    mt_fx_quote quote;
    int rate_age_days; /* of the quote, on the day of delivery */
} mt_normal_value;

/* Values ascend by start and do not overlap. */
MT_API MT_MUST_USE mt_code mt_normalise(mt_ctx *cx, mt_normal_value **out, size_t *n_out,
                                        const mt_series_value *value, size_t n,
                                        const mt_normal_options *options);

MT_END_DECLS
#endif
