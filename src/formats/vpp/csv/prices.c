/* Prices by period: what the grid operator pays for lost energy, the day-ahead auction, an intraday index. */
#include "formats/vpp/csv/table.h"

struct price_row {
    mt_price_value value;
    uint64_t line;
};

static const char *const start_names[] = {"deliverystartutc", "deliverystart", "start", NULL};
static const char *const end_names[] = {"deliveryendutc", "deliveryend", "end", NULL};
static const char *const price_names[] = {"priceeuropermwh", "priceeurpermwh", "price", NULL};

static const mt_vpp_column columns[] = {
    {{MT_VPP_COL_START, start_names, false},
     MT_VPP_INSTANT,
     .offset = offsetof(struct price_row, value.start),
     .needed = true},
    {{MT_VPP_COL_END, end_names, true}, MT_VPP_INSTANT, .offset = offsetof(struct price_row, value.end)},
    {{MT_VPP_COL_PERIOD_PRICE, price_names, false},
     MT_VPP_DECIMAL,
     .offset = offsetof(struct price_row, value.price),
     .scale = mt_vpp_eur_mwh},
};

static const struct price_row blank = {{MT_TIME_NONE, MT_TIME_NONE, MT_MICRO_NONE}, 0};

static const mt_vpp_table table = {.column = columns,
                                   .n_column = sizeof columns / sizeof *columns,
                                   .row_bytes = sizeof(struct price_row),
                                   .blank = &blank,
                                   .line_offset = offsetof(struct price_row, line),
                                   .name_column = MT_COLUMN_ABSENT};

static mt_vpp_price kind_of(const mt_vpp_reader *reader)
{
    if (reader->file->kind == MT_VPP_COMPENSATION) return MT_PRICE_OF_COMPENSATION;
    return reader->file->kind == MT_VPP_DAY_AHEAD ? MT_PRICE_OF_DAY_AHEAD : MT_PRICE_OF_INDEX;
}

/* A price that is not there is none: the period is left out. */
mt_code mt_vpp_read_prices(mt_vpp_reader *reader)
{
    struct price_row *row;
    mt_price_value *value;
    size_t n, kept = 0;
    MT_TRY(mt_vpp_table_read(reader, &table, &row, &n));
    MT_TRY(MT_NEW(&reader->own, &value, n + 1));
    for (size_t k = 0; k < n; k++) {
        mt_price_value *one = &row[k].value;
        if (one->price == MT_MICRO_NONE) continue;
        if (one->end == MT_TIME_NONE) one->end = one->start + 15 * MT_US_MINUTE;
        if (one->end <= one->start)
            MT_TRY(mt_vpp_bad_row(reader, NULL, row[k].line, "the period does not end after its start"));
        else if (mt_vpp_wanted(reader, one->start, one->end))
            value[kept++] = *one;
    }
    return kept == 0 ? MT_OK : MT_VPP_GIVE(reader, price, kind_of(reader), value, kept);
}
