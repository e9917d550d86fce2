/* The schedule of a balancing group as ENTSO-E's ScheduleMessage (ESS 2.3) and as a table.
 *
 * Purpose   What is nominated to the transmission system operator, quarter by quarter.
 * Units     In: millionths of kW, mean power of the quarter (vpp/nominate.h). Out: MW with three decimals, as
 *           ESS wants (MAW), rounded half away from zero, never negative: the direction lies in who is "in"
 *           and who is "out".
 * Shapes    One time series for production and for each trade relation, over the periods of `grid`; positions
 *           count from 1, so that a day of a clock change has 92 or 100 quarters. Each value is rounded for
 *           itself: who wants sums to agree to the kW gives whole kW.
 * Time      UTC, as ESS writes it; the grid starts at the first instant of the delivery day.
 * Errors    MT_E_INPUT  a quarter is missing or negative (which series, which position), a code is empty or
 *           longer than 35 characters, the version lies outside of 1 to 999;  those of `out`.
 * Ownership `out` is borrowed and not finished.
 * Source    ENTSO-E Scheduling System (ESS) Implementation Guide, version 2 release 3.
 * Example   merit vpp nominate --data DIR --day 2025-06-08 --into schedule.xml
 */
#ifndef MT_FORMATS_DOCUMENT_ESS_H
#define MT_FORMATS_DOCUMENT_ESS_H

#include "base/calendar.h"
#include "io/out.h"

MT_BEGIN_DECLS

/* X(symbol, ESS business type, words) */
/* clang-format off */
#define MT_ESS_BUSINESS_LIST(X) \
    X(MT_ESS_PRODUCTION,     "A01", "production") \
    X(MT_ESS_INTERNAL_TRADE, "A02", "internal trade") \
    X(MT_ESS_CONSUMPTION,    "A04", "consumption")
/* clang-format on */
#define MT_ESS_SYMBOL(symbol, code, words) symbol,
typedef enum mt_ess_business { MT_ESS_BUSINESS_LIST(MT_ESS_SYMBOL) MT_ESS_BUSINESS_COUNT } mt_ess_business;
#undef MT_ESS_SYMBOL

typedef struct mt_ess_series {
    const char *series_id; /* unique in the message, stable from version to version */
    mt_ess_business business;
    const char *in_area, *out_area;   /* EIC; NULL: none, as of production that leaves no area */
    const char *in_party, *out_party; /* who gets the energy, who gives it; NULL: none */
    const mt_micro *power_kw;         /* one for each period, at least 0 */
} mt_ess_series;

typedef struct mt_ess_message {
    const char *message_id;
    int version;          /* from 1, one more with every change */
    const char *process;  /* "A01" day-ahead, "A02" intraday increment, "A17" corrections afterwards */
    const char *sender;   /* EIC of the balancing group's responsible party */
    const char *receiver; /* EIC of the transmission system operator */
    mt_time created;
    mt_grid grid;
    const mt_ess_series *series;
    size_t n_series;
} mt_ess_message;

MT_MUST_USE mt_code mt_ess_write(mt_ctx *cx, mt_out *out, const mt_ess_message *message);

/* One line a series and period: series, business, areas, parties, position, delivery_start, power_mw. */
MT_MUST_USE mt_code mt_ess_csv(mt_ctx *cx, mt_out *out, const mt_ess_message *message);

MT_END_DECLS
#endif
