/* A report as every page shows it: tiles, tables and series, in the reader's language.
 *
 * Purpose   The PDF and the page for screens show the same numbers because they take them from here.
 * Units     In: as vpp/report.h and vpp/infeed.h say. Out: MWh, MW, EUR, EUR/MWh, percent.
 * Shapes    One row an asset, the portfolio last. Series of at most MT_REPORT_POINTS points: means of
 *           infeed and price, sums of imbalance over some quarters where there are more.
 * Missing   NULL texts, NaN values; rows keep their missing values.
 * Ownership Everything lives in cx; the input is borrowed as long as the view is used.
 */
#ifndef MT_OPS_VPP_RENDER_REPORT_VIEW_H
#define MT_OPS_VPP_RENDER_REPORT_VIEW_H

#include "base/rows/field.h"
#include "ops/vpp/render/words.h"
#include "vpp/imbalance.h"
#include "vpp/report.h"

MT_BEGIN_DECLS

enum {
    MT_REPORT_POINTS = 800,
    MT_REPORT_TILES = 8,
    MT_REPORT_TABLES = 4,
    MT_REPORT_COLUMNS = 10,
    MT_REPORT_WHOLE_EUR = 100000
};

typedef struct mt_report_input {
    size_t size; /* sizeof(mt_report_input) */
    mt_language language;
    mt_time created; /* MT_TIME_NONE: the day after the last */
    mt_day first, last;
    const char *issuer; /* name of who reports; NULL: nobody */
    const mt_report_row *row;
    size_t n;
    mt_grid grid; /* of the series below */
    const mt_zone *zone;
    const mt_infeed_sum *infeed;           /* of the portfolio; NULL: none */
    const mt_micro *price;                 /* day-ahead; NULL: none */
    const mt_imbalance_quarter *imbalance; /* of the portfolio; NULL: none */
} mt_report_input;

typedef struct mt_report_tile {
    const char *label, *value, *unit, *note;
} mt_report_tile;

/* One column of a table: which member of a row, in which unit, with how many decimals. */
typedef struct mt_report_column {
    mt_word word;
    mt_field field; /* its name is the word, set by whoever shows it */
    int places;
} mt_report_column;

typedef struct mt_report_table {
    mt_word title;
    mt_report_column col[MT_REPORT_COLUMNS];
    size_t n;
} mt_report_table;

extern const mt_report_table mt_report_tables[MT_REPORT_TABLES];

typedef struct mt_report_view {
    const mt_report_input *input;
    const char *title, *period;
    mt_time created;
    const mt_report_row *row; /* named, shares in percent */
    size_t n;
    bool whole_euros; /* amounts are so large that nobody reads cents */
    mt_report_tile tile[MT_REPORT_TILES];
    size_t n_tile;
    const char *caveat[2]; /* sentences on what the portfolio's figures lack */
    size_t n_caveat;
    const mt_time *time;
    size_t n_time;
    const double *infeed_mw[MT_INFEED_SOURCES]; /* NULL: nothing came from there */
    const double *price, *imbalance_mwh;        /* NULL: none */
} mt_report_view;

MT_MUST_USE mt_code mt_report_view_make(mt_ctx *cx, mt_report_view *out, const mt_report_input *input);

/* The text of a row's value in a column; NULL where it is missing. */
MT_MUST_USE mt_code mt_report_cell(mt_ctx *cx, const char **out, const mt_report_view *view,
                                   const mt_report_column *column, const mt_report_row *row);
const char *mt_report_unit(const mt_report_column *column); /* "€/MWh" */

MT_END_DECLS
#endif
