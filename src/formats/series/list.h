/* The names of the datasets that are known without a mapping file: one line each, in the order of documents.
 *
 * Shapes    X(name). What each one means stands in datasets.c; a test holds both lists together.
 */
#ifndef MT_FORMATS_SERIES_LIST_H
#define MT_FORMATS_SERIES_LIST_H

/* clang-format off */
#define MT_DATASET_LIST(X)      \
    X("Elspotprices")           \
    X("DayAheadPrices")         \
    X("DeclarationProduction")  \
    X("ElectricityBalanceNonv") \
    X("PowerSystemRightNow")    \
    X("Forecasts_Hour")         \
    X("elspot_topic")           \
    X("declaration_topic")
/* clang-format on */

#endif
