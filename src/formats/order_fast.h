/* The fast way through the rows of an order file that have the plain form.
 *
 * Purpose   Reads rows without looking at any byte alone; gives up at the first row that is not plain and
 *           leaves it to the careful reader, which is the only one that judges.
 * Shapes    A plain row has no quote and as many fields as the header; its time is "YYYY-MM-DD?HH:MM:SS"
 *           with ' ' or 'T' and an offset "Z" or "+HH:MM"; its numbers have at most 15 characters, eight
 *           digits before the mark and six behind it, '-' allowed; its side is a word met before.
 * Errors    None: what is not understood is not consumed.
 * Cost      Some 60 instructions a field: the ends of all fields of a few KiB are found first, then one
 *           column after another is read. With AVX2 both numbers of a row are read at once; else eight
 *           bytes at a time.
 * Source    Field ends from bitmaps after G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second"
 *           (2019), 3.1.
 */
#ifndef MT_FORMATS_ORDER_FAST_H
#define MT_FORMATS_ORDER_FAST_H

#include "terms/order.h"

MT_BEGIN_DECLS

enum { MT_FAST_BYTES = 8192, MT_FAST_COLUMNS = 64 };

/* The parts of a time that rarely change from row to row. */
typedef struct mt_fast_time {
    char text[32];   /* a whole time */
    char matter[32]; /* ones where its date, separator and offset stand */
    size_t n;        /* length of the whole time */
    mt_time base_us; /* midnight of that date there, in UTC */
} mt_fast_time;

typedef struct mt_order_fast {
    /* set by the owner after mt_order_fast_init */
    size_t columns, time_at, price_at, volume_at, side_at;
    char delimiter;
    char decimal;          /* 0: not known, rows with a mark are not plain */
    uint64_t side_word[2]; /* of mt_side, see mt_order_fast_word; 0: none met */
    bool portable;         /* never use what only some processors have; for tests */
    /* learned from rows */
    mt_fast_time time;
    uint64_t offset_word[2]; /* two offsets may take turns */
    mt_time offset_us[2];
    /* the chunk at hand */
    const char *base, *mapped;            /* its bytes */
    const char *next;                     /* the first row not taken */
    size_t n_ends;                        /* delimiters, newlines and quotes in it */
    size_t cursor;                        /* how many of them stand before `next` */
    bool regular;                         /* every one is where the header's number of fields wants it */
    bool cr;                              /* its first row ends with CR LF */
    uint16_t end[1 + MT_FAST_BYTES + 64]; /* [0] = 0, then the places behind each of them */
} mt_order_fast;

typedef struct mt_order_columns {
    mt_time *time;
    mt_micro *price;
    int64_t *volume;
    uint8_t *side;
} mt_order_columns;

void mt_order_fast_init(mt_order_fast *fast);

/* The bytes behind the addresses given so far have changed. */
void mt_order_fast_forget(mt_order_fast *fast);

/* Reads plain rows from the n bytes at `at` (of which MT_BYTES_PAD more can be read) into at most `room`
 * rows of `out`; returns their number and writes how many bytes they took. */
size_t mt_order_fast_rows(mt_order_fast *fast, const char *at, size_t n, mt_order_columns out, size_t room,
                          size_t *consumed);

/* A side's word of up to 8 letters, without case; 0 when it is longer. */
uint64_t mt_order_fast_word(mt_text side);

MT_END_DECLS
#endif
