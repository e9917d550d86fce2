/* One trade from the cells of its row: the careful way, which alone judges.
 *
 * Purpose   What CSV files and JSON documents of trades share.
 * Shapes    A cell by column; at NULL: there is no such column. Names of columns stand in mt_trade_columns.
 * Units     As formats/trade_file.h.
 * Errors    A fault; the trade is then of no use.
 * Ownership Texts are kept in a pool, which a batch begins anew.
 */
#ifndef MT_FORMATS_TRADE_ROW_H
#define MT_FORMATS_TRADE_ROW_H

#include "formats/header.h"
#include "formats/trade_file.h"

MT_BEGIN_DECLS

enum {
    MT_TRADE_START,
    MT_TRADE_END,
    MT_TRADE_PRICE,
    MT_TRADE_VOLUME,
    MT_TRADE_NEEDED,
    MT_TRADE_ID = MT_TRADE_NEEDED,
    MT_TRADE_SIDE,
    MT_TRADE_EXECUTED,
    MT_TRADE_CURRENCY,
    MT_TRADE_UNIT,
    MT_TRADE_TRADER,
    MT_TRADE_STRATEGY,
    MT_TRADE_COLUMNS
};

extern const mt_wanted_column mt_trade_columns[MT_TRADE_COLUMNS];

/* What the rows before said. */
typedef struct mt_trade_rules {
    mt_trade_file_options options;
    char decimal;         /* 0: no mark was met */
    const char *currency; /* NULL: none was met */
    const char *unit;     /* of volumes, "MWh" or "MW"; NULL: no row was read */
} mt_trade_rules;

/* Texts of one batch of trades. */
typedef struct mt_trade_texts {
    char *at;
    size_t used;
    const char *trader, *strategy; /* the last: rows of one trader share it */
} mt_trade_texts;

enum { MT_TRADE_TEXT_SLACK = 64, MT_TRADE_TEXTS_ROW = 3 * (MT_TRADE_ID_MAX + 1) };

/* Everything but the texts. */
mt_order_fault mt_trade_row_read(mt_trade_rules *rules, const mt_text *cell, mt_trade *out);

/* Room for the texts of `rows` trades. */
MT_MUST_USE mt_code mt_trade_texts_open(mt_ctx *cx, mt_trade_texts *out, size_t rows);

mt_order_fault mt_trade_row_texts(mt_trade_texts *texts, const mt_text *cell, mt_trade *out);

/* A side's, trader's or strategy's cell, as it may be looked for again: not longer than MT_TRADE_ID_MAX. */
const char *mt_trade_text_keep(mt_trade_texts *texts, mt_text text);

/* MW over the delivery; false: beyond what a trade may be. */
bool mt_trade_energy(const mt_trade *trade, mt_micro power_mw, int64_t *energy_wh);

/* Remembers the currency of the first trade that has one. */
MT_MUST_USE mt_code mt_trade_rules_keep(mt_ctx *cx, mt_trade_rules *rules, const mt_text *cell);

MT_END_DECLS
#endif
