/* The books of the periods that ticks arrive for: loaded from the store when first needed. */
#include "ops/stream/live_books.h"

#include "base/rows/table.h"
#include "store/data/live_store.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    mt_live_period period;
    mt_ctx memory;
};

struct mt_live_books {
    mt_store *store;
    mt_time length;
    struct entry *entry[MT_LIVE_BOOKS_MAX];
    size_t n;
};

mt_code mt_live_books_open(mt_ctx *cx, mt_live_books **out, mt_store *store, mt_time period)
{
    if (period <= 0) return mt_fail(cx, MT_E_INPUT, "a delivery period must be longer than nothing, e.g. 1h");
    mt_live_books *books = calloc(1, sizeof *books);
    if (!books) return mt_fail(cx, MT_E_MEMORY, "no memory for live books");
    books->store = store;
    books->length = period;
    *out = books;
    return MT_OK;
}

static void drop(mt_live_books *books, size_t k)
{
    mt_ctx_close(&books->entry[k]->memory);
    free(books->entry[k]);
    books->entry[k] = books->entry[--books->n];
}

void mt_live_books_forget(mt_live_books *books)
{
    while (books->n) drop(books, books->n - 1);
}

void mt_live_books_close(mt_live_books *books)
{
    if (!books) return;
    mt_live_books_forget(books);
    free(books);
}

mt_live_period *mt_live_books_at(mt_live_books *books, size_t k)
{
    return k < books->n ? &books->entry[k]->period : NULL;
}

/* Room for one more: the earliest period that no tick of this batch touched. */
static mt_code make_room(mt_ctx *cx, mt_live_books *books)
{
    size_t oldest = books->n;
    if (books->n < MT_LIVE_BOOKS_MAX) return MT_OK;
    for (size_t k = 0; k < books->n; k++) {
        const mt_live_period *period = &books->entry[k]->period;
        if (period->ticks) continue;
        if (oldest == books->n || period->start < books->entry[oldest]->period.start) oldest = k;
    }
    if (oldest == books->n)
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "one batch of ticks touches more than %d periods; use a smaller --batch",
                       MT_LIVE_BOOKS_MAX);
    drop(books, oldest);
    return MT_OK;
}

static mt_code fill(mt_ctx *cx, struct entry *entry, const mt_table *table)
{
    for (size_t row = 0; row < table->n; row++) {
        mt_value side = mt_table_get(table, row, 1);
        mt_live_order order = {.id = mt_table_get(table, row, 0).as.text,
                               .side = mt_text_equal(side.as.text, "buy") ? MT_BUY : MT_SELL,
                               .price = mt_table_get(table, row, 2).as.integer,
                               .volume = mt_table_get(table, row, 3).as.integer};
        mt_code code = mt_live_book_add(&entry->memory, entry->period.book, &order);
        if (code != MT_OK) return mt_fail(cx, code, "%s", entry->memory.err);
    }
    return MT_OK;
}

static mt_code load(mt_ctx *cx, mt_live_books *books, struct entry *entry)
{
    mt_table *table;
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code =
        mt_live_order_read(cx, books->store, entry->period.topic, books->length, entry->period.start, sink);
    mt_sink_close(sink);
    return code == MT_OK ? fill(cx, entry, table) : code;
}

static mt_code start_entry(mt_ctx *cx, mt_live_books *books, struct entry *entry, const char *topic,
                           mt_time start)
{
    mt_ctx_init(&entry->memory, NULL);
    entry->period.start = start;
    entry->period.cx = &entry->memory;
    entry->period.part = -1;
    mt_code code = mt_text_copy(&entry->memory, &entry->period.topic, mt_text_of(topic));
    if (code == MT_OK) code = mt_live_book_new(&entry->memory, &entry->period.book, 0);
    if (code != MT_OK) return mt_fail(cx, code, "%s", entry->memory.err);
    return load(cx, books, entry);
}

static mt_code find(mt_ctx *cx, mt_live_books *books, mt_live_period **out, const char *topic, mt_time start)
{
    for (size_t k = books->n; k-- > 0;) {
        *out = &books->entry[k]->period;
        if ((*out)->start == start && strcmp((*out)->topic, topic) == 0) return MT_OK;
    }
    MT_TRY(make_room(cx, books));
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry) return mt_fail(cx, MT_E_MEMORY, "no memory for a live book");
    mt_code code = start_entry(cx, books, entry, topic, start);
    if (code != MT_OK) {
        mt_ctx_close(&entry->memory);
        free(entry);
        return code;
    }
    books->entry[books->n++] = entry;
    *out = &entry->period;
    return MT_OK;
}

static mt_code apply(mt_live_period *period, const mt_order_tick *tick)
{
    mt_live_order order = {tick->id, tick->side, tick->price, tick->volume_wh}, stored;
    bool there = mt_live_book_find(period->book, tick->id, &stored);
    bool same =
        there && stored.side == order.side && stored.price == order.price && stored.volume == order.volume;
    if (tick->action == MT_TICK_CANCEL) return mt_live_book_cancel(period->cx, period->book, tick->id);
    if (same) return MT_OK;
    if (tick->action == MT_TICK_CHANGE) return mt_live_book_change(period->cx, period->book, &order);
    return mt_live_book_add(period->cx, period->book, &order);
}

mt_code mt_live_books_apply(mt_ctx *cx, mt_live_books *books, mt_live_period **out, const char **fault,
                            const char *topic, const mt_order_tick *tick)
{
    mt_live_period *period = NULL;
    *fault = NULL;
    MT_TRY(find(cx, books, &period, topic, tick->start));
    mt_code code = apply(period, tick);
    if (code == MT_E_MEMORY || code == MT_E_BUG) return mt_fail(cx, code, "%s", period->cx->err);
    if (code != MT_OK) MT_TRY(mt_text_copy(cx, fault, mt_text_of(period->cx->err)));
    mt_ctx_forgive(period->cx);
    period->ticks += code == MT_OK;
    *out = period;
    return MT_OK;
}
