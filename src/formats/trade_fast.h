/* The fast way through the rows of a trade file that have the plain form.
 *
 * Purpose   Reads rows column by column; gives up at the first row that is not plain and leaves it to the
 *           careful reader (formats/trade_row.h), which is the only one that judges.
 * Shapes    A plain row has no quote and as many fields as the header; its execution time is empty or
 *           "YYYY-MM-DD?HH:MM:SS", perhaps with up to six decimals, and an offset; its numbers are those of
 *           formats/order_fast.h; its side, currency and unit are words met before; its texts have no blanks
 *           at their ends.
 * Errors    None: what is not understood is not consumed.
 * Ownership Texts go to the batch's pool. The rules and `texts` are borrowed for its life.
 * Cost      About 100 ns a row of nine fields.
 */
#ifndef MT_FORMATS_TRADE_FAST_H
#define MT_FORMATS_TRADE_FAST_H

#include "formats/order_fast.h"
#include "formats/trade_row.h"

MT_BEGIN_DECLS

enum { MT_TRADE_TIMES = 1024 };

/* A time that was read before, by its text. */
typedef struct mt_trade_time {
    uint64_t text[4];
    uint64_t length; /* 0: none */
    mt_time time;
} mt_trade_time;

typedef struct mt_trade_fast {
    mt_order_fast map; /* where fields end; its delimiter, columns and `portable` are the owner's to set */
    size_t at[MT_TRADE_COLUMNS];
    mt_trade_rules *rules;
    mt_trade_texts *texts;
    uint64_t side_word[2]; /* of mt_side; 0: none met */
    /* the date and offset of the execution time before */
    uint64_t date[2], offset;
    mt_time midnight;
    mt_trade_time known[MT_TRADE_TIMES];
} mt_trade_fast;

void mt_trade_fast_init(mt_trade_fast *fast);

/* The careful reader read this row: its side's word is plain from now on. */
void mt_trade_fast_learn(mt_trade_fast *fast, mt_side side, mt_text word);

/* Reads plain rows from the n bytes at `at` (of which MT_BYTES_PAD more can be read) into at most `room`
 * trades; returns their number and writes how many bytes they took. */
size_t mt_trade_fast_rows(mt_trade_fast *fast, mt_text text, mt_trade *out, size_t room, size_t *consumed);

MT_END_DECLS
#endif
