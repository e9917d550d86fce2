/* The walk of the fast ways from chunk to chunk: where fields end, and which rows have the shape.
 *
 * Purpose   What the fast ways through order files and trade files share.
 * Shapes    An mt_order_fast knows the chunk at hand; a group is some of its rows, whose columns are then
 *           read one after another.
 * Ownership Private to order_fast.c and trade_fast.c.
 */
#ifndef MT_FORMATS_ORDER_FAST_WALK_H
#define MT_FORMATS_ORDER_FAST_WALK_H

#include "formats/order_fast_step.h"

/* Whether the ends stand as the header's number of fields wants it, with no other newline among them. */
static ALWAYS_INLINE bool is_regular(const mt_order_fast *fast, size_t newlines)
{
    size_t rows = fast->n_ends / fast->columns;
    const uint16_t *end = fast->end + fast->columns;
    bool regular = newlines == rows;
    for (size_t k = 0; k < rows; k++, end += fast->columns) regular &= fast->base[*end - 1] == '\n';
    return regular;
}

/* The ends of all fields from `at` on. */
static ALWAYS_INLINE void map_chunk(mt_order_fast *fast, const char *at, size_t n, map_blocks *map)
{
    bool quotes;
    if (n > MT_FAST_BYTES) n = MT_FAST_BYTES;
    size_t newlines = map(fast, at, (n + BLOCK - 1) / BLOCK, &quotes);
    while (fast->n_ends > 0 && fast->end[fast->n_ends] > n) { /* of the bytes behind the last */
        newlines -= at[fast->end[fast->n_ends] - 1] == '\n';
        fast->n_ends--;
    }
    fast->base = at;
    fast->mapped = at + n;
    fast->cursor = 0;
    fast->regular = is_regular(fast, newlines) && !quotes;
    fast->cr = fast->n_ends >= fast->columns && fast->end[fast->columns] >= 2 &&
               at[fast->end[fast->columns] - 2] == '\r';
}

/* Rows of a file with CR LF must all end so. */
static inline void check_cr(struct group *group)
{
    for (size_t k = 0; k < group->n; k++)
        group->right[k] &= group->base[group->end[(k + 1) * group->columns - 1] - 2] == '\r';
}

/* How many rows are right before the first that is not. */
static ALWAYS_INLINE size_t count_right(const struct group *group)
{
    size_t n = 0;
    while (n < group->n && group->right[n]) n++;
    return n;
}

/* In a chunk that is not regular: how many rows have the right shape before the first that has not. */
static inline size_t count_shapely(const mt_order_fast *fast, const uint16_t *end, size_t rows)
{
    for (size_t k = 0; k < rows; k++, end += fast->columns) {
        for (size_t column = 0; column < fast->columns; column++) {
            char wanted = column + 1 == fast->columns ? '\n' : fast->delimiter;
            if (fast->base[end[column] - 1] != wanted) return k;
        }
    }
    return rows;
}

/* Rows of the right shape that stand in the chunk from the cursor on, at most `room`. */
static ALWAYS_INLINE struct group take_group(const mt_order_fast *fast, size_t room)
{
    size_t rows = (fast->n_ends - fast->cursor) / fast->columns;
    if (rows > room) rows = room;
    if (rows > GROUP) rows = GROUP;
    const uint16_t *end = fast->end + 1 + fast->cursor;
    if (!fast->regular) rows = count_shapely(fast, end, rows);
    return (struct group){
        .n = rows, .base = fast->base, .end = end, .columns = fast->columns, .cr = fast->cr};
}

/* Moves the cursor to `at` in the chunk; false: it is no place behind a field there. */
static inline bool find_cursor(mt_order_fast *fast, const char *at)
{
    if (fast->base == NULL || at < fast->base || at >= fast->mapped) return false;
    size_t place = (size_t)(at - fast->base), skipped = fast->cursor;
    while (fast->cursor < fast->n_ends && fast->end[fast->cursor] < place) fast->cursor++;
    fast->regular &= (fast->cursor - skipped) % fast->columns == 0;
    return fast->end[fast->cursor] == place;
}

#endif
