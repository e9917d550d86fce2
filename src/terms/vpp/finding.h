/* What is unusual in a portfolio's files, and the rule that answers it: the lines of the quality report.
 *
 * Purpose   One closed list, so that each kind of bad input has one name, one rule and one severity, in
 *           reports, tests and documents alike.
 * Shapes    X(symbol, name, severity, rule). A note changes nothing; a warning changes what is used and
 *           says how; an error leaves something out.
 * Missing   Texts NULL, time MT_TIME_NONE, value NaN, line 0, count at least 1.
 * Ownership Texts are borrowed from whoever made the finding.
 */
#ifndef MT_TERMS_VPP_FINDING_H
#define MT_TERMS_VPP_FINDING_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef enum mt_severity { MT_NOTE, MT_WARNING, MT_ERROR, MT_SEVERITY_COUNT } mt_severity;

/* clang-format off */
#define MT_FINDING_LIST(X) \
    X(MT_F_BAD_FILE,        "bad_file",          MT_ERROR,   "the file is left out") \
    X(MT_F_BAD_ROW,         "bad_row",           MT_ERROR,   "the record is left out") \
    X(MT_F_UNKNOWN_FILE,    "unknown_file",      MT_NOTE,    "a file of no known name is left out") \
    X(MT_F_DUPLICATE_FILE,  "duplicate_file",    MT_NOTE,    "a file of the same content is read once") \
    X(MT_F_TWO_FILES,       "two_files_one_day", MT_WARNING, \
      "of two files for one thing and day the newer one counts as a whole") \
    X(MT_F_LATE_FILE,       "late_file",         MT_WARNING, \
      "a file later than the settlement leads to the re-settlement list, not to a change") \
    X(MT_F_SECONDS,         "seconds_for_ms",    MT_NOTE, \
         "times below 10^11 are read as seconds although milliseconds are promised") \
    X(MT_F_UNIT,            "unit_unclear",      MT_NOTE, \
         "the unit of the file is taken unless the caller names another") \
    X(MT_F_UNKNOWN_ASSET,   "unknown_asset",     MT_ERROR, \
        "values of an asset that no contract and no data sheet names are left out") \
    X(MT_F_NO_CONTRACT,     "no_contract",       MT_WARNING, \
      "the asset has no contract on that day: it is settled, not invoiced") \
    X(MT_F_OVERLAP,         "contracts_overlap", MT_ERROR, \
        "of contracts of one asset that overlap the one that begins later counts") \
    X(MT_F_ENDS_INSIDE,     "contract_ends",     MT_NOTE, \
         "a contract that begins or ends inside the period is settled for its days") \
    X(MT_F_APPEARS,         "asset_appears",     MT_NOTE, \
         "the asset is not in the oldest file of its kind") \
    X(MT_F_CAPACITY,        "capacity_changed",  MT_WARNING, \
      "from the day of a newer data sheet on its capacity counts") \
    X(MT_F_CAPACITY_DIFFERS,"capacity_differs",  MT_NOTE, \
         "contract and data sheet differ: fees use the contract, limits the data sheet") \
    X(MT_F_ABOVE_CAPACITY,  "above_capacity",    MT_WARNING, \
      "metered values stand; live points above 110 % of the capacity are not good") \
    X(MT_F_NEGATIVE,        "negative_infeed",   MT_WARNING, \
      "values below zero count in the balance and are paid as zero") \
    X(MT_F_NIGHT,           "negative_at_night", MT_NOTE, \
         "a solar plant that takes power at night: as negative_infeed") \
    X(MT_F_CLOCK_CHANGE,    "clock_change",      MT_NOTE, \
         "the local day has 92 or 100 quarters; all are settled") \
    X(MT_F_DUPLICATE_TIME,  "duplicate_time",    MT_WARNING, \
      "of values with one time the last of the file counts") \
    X(MT_F_DISORDER,        "times_disorder",    MT_NOTE, \
         "values are put into the order of their times") \
    X(MT_F_OFF_GRID,        "off_grid",          MT_ERROR, \
        "a value that starts inside a quarter is left out") \
    X(MT_F_MISSING_METER,   "metering_missing",  MT_NOTE,    "live values or forecasts stand in") \
    X(MT_F_LIVE_GAP,        "live_gap",          MT_NOTE, \
         "a quarter with too few good points is not taken from live values") \
    X(MT_F_BAD_QUALITY,     "bad_quality",       MT_NOTE, \
         "points of a quality below one half are not good") \
    X(MT_F_NO_FORECAST,     "forecast_missing",  MT_WARNING, "no version reaches the quarter") \
    X(MT_F_OLD_FORECAST,    "forecast_old",      MT_NOTE,    "the version is older than an hour") \
    X(MT_F_MODEL_FORECAST,  "forecast_modelled", MT_WARNING, \
      "no forecast was delivered: one is made from a model of the plant") \
    X(MT_F_GAP,             "gap",               MT_ERROR, \
        "neither meter nor live value nor forecast: the quarter has no infeed") \
    X(MT_F_NO_PRICE,        "price_missing",     MT_ERROR, \
        "a quarter that needs this price is not priced") \
    X(MT_F_ESTIMATE,        "price_estimated",   MT_WARNING, \
      "the estimate stands in for the final imbalance price") \
    X(MT_F_INCOMPLETE,      "contract_incomplete",MT_ERROR, \
       "the contract is not invoiced; the others are") \
    X(MT_F_DUPLICATE_TRADE, "duplicate_trade",   MT_WARNING, "of trades with one number the first counts") \
    X(MT_F_REDISPATCH, \
           "redispatch_conflict",MT_WARNING,"of two flags for one quarter the newer file counts")
/* clang-format on */

#define MT_FINDING_SYMBOL(symbol, name, severity, rule) symbol,
typedef enum mt_finding_kind { MT_FINDING_LIST(MT_FINDING_SYMBOL) MT_FINDING_COUNT } mt_finding_kind;
#undef MT_FINDING_SYMBOL

MT_API const char *mt_finding_name(mt_finding_kind kind);
MT_API mt_severity mt_finding_severity(mt_finding_kind kind);
MT_API const char *mt_finding_rule(mt_finding_kind kind);
MT_API const char *mt_severity_name(mt_severity severity); /* "note", "warning", "error" */

/* Findings of one kind about one asset or contract in one file are counted in one, of which the first is
 * described. */
typedef struct mt_finding {
    mt_finding_kind kind;
    const char *asset_id; /* or the contract, metering point, price it is about */
    const char *file;
    int64_t line;
    mt_time time; /* of the first */
    double value;
    const char *sentence; /* what, where, which value, what would be right */
    int64_t count;
} mt_finding;

MT_END_DECLS
#endif
