/* How good a set of orders is: what is missing, doubled, out of line, and where time has holes.
 *
 * Purpose   The quality report of a file, fed batch by batch; also the first pass of the fill_median
 *           policy.
 * Units     Prices money per MWh, volumes MWh, percentages of all rows, times UTC.
 * Shapes    Every row is counted, faulty ones too. Figures of a column without a value are NaN.
 * Rule      Outlier bounds are Q1 - 1.5 IQR and Q3 + 1.5 IQR of the present values. Doubled: the same time,
 *           price, volume and side as an earlier row, missing values being equal to each other. A gap is
 *           more than 120 minutes between two orders next to each other in time; continuity = (span - gaps)
 *           / span in percent, 100 when all orders have one time. The check fails when more than 10 % of
 *           prices or of volumes are missing, or no row is there.
 * Errors    MT_E_MEMORY; MT_E_TOO_LARGE from the tally of distinct values.
 * Ownership Lives in cx: do not reset the arena to a mark older than the last mt_quality_add.
 * Cost      O(1) a row. Memory: 16 to 64 bytes a distinct price or volume, about 50 an hour with orders, 16
 *           to 32 a row for the search of doubles, until MT_QUALITY_ROWS_MAX rows are remembered; later
 *           rows are not compared with each other and `doubled_complete` is false. Rows are compared by a
 *           64-bit hash: two different rows among a million are taken for equal with a chance of 3 in 100
 *           million.
 * Source    Tukey (1977) for the bounds; quantiles as in num/tally.h.
 * Example   merit data quality --orders orders.csv
 */
#ifndef MT_MARKET_QUALITY_H
#define MT_MARKET_QUALITY_H

#include "num/tally.h"
#include "terms/order.h"

MT_BEGIN_DECLS

enum { MT_QUALITY_ROWS_MAX = 1 << 21 };

#define MT_QUALITY_GAP           (120 * MT_US_MINUTE)
#define MT_QUALITY_MISSING_MAX   10.0 /* percent */
#define MT_QUALITY_PRICE_EXTREME ((mt_micro)1000 * MT_MICRO_ONE)

typedef struct mt_quality mt_quality;

/* One column of numbers. */
typedef struct mt_quality_column {
    uint64_t missing;
    double missing_percent;
    double min, q1, median, q3, max;
    double low, high; /* outlier bounds */
    uint64_t outliers;
    double outliers_percent;
    uint64_t negative;
} mt_quality_column;

typedef struct mt_quality_report {
    uint64_t rows, buys, sells;
    uint64_t time_missing, side_missing;
    double time_missing_percent, side_missing_percent;
    mt_quality_column price, volume; /* money per MWh, MWh */
    uint64_t price_extreme;          /* above 1000 */
    uint64_t doubled;
    bool doubled_complete;
    uint64_t by_fault[MT_ORDER_FAULT_COUNT];
    mt_time first, last; /* MT_TIME_NONE without a time */
    uint64_t gaps;
    double gap_minutes;         /* all gaps together */
    double longest_gap_minutes; /* 0: none */
    double continuity_percent;  /* NaN without a time */
    bool passed;
} mt_quality_report;

MT_API MT_MUST_USE mt_code mt_quality_new(mt_ctx *cx, mt_quality **out);
MT_API MT_MUST_USE mt_code mt_quality_add(mt_ctx *cx, mt_quality *quality, const mt_order_batch *batch);

/* Adds all that a source gives, until its end. */
MT_API MT_MUST_USE mt_code mt_quality_fill(mt_ctx *cx, mt_quality *quality, const mt_order_source *source);

MT_API MT_MUST_USE mt_code mt_quality_of(mt_ctx *cx, mt_quality_report *out, mt_quality *quality);

/* The values of the rows that have a time and a side, for mt_clean_fill_from: distribution and how many are
 * missing. */
typedef struct mt_quality_values {
    mt_tally *price, *volume; /* micro-currency per MWh, Wh */
    uint64_t price_missing, volume_missing;
} mt_quality_values;

MT_API mt_quality_values mt_quality_usable(mt_quality *quality);

MT_END_DECLS
#endif
