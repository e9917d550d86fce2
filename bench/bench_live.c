/* needs: base terms num market. A tick of a live book: change, price and both renewable impacts.
 *
 * One thread. A book of 10,000 orders takes 200 more; each is followed by the price of the period, and of it
 * with 2,000 MWh more and less. Peer: reading the book's bids once. */
#include "bench.h"

#include "market/live_book.h"
#include "num/rng.h"

enum { ORDERS = 10000, TICKS = 200 };

static void must(const mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

static void add_order(mt_ctx *cx, mt_live_book *book, mt_rng *rng, int k)
{
    char id[24];
    mt_live_order o = {.side = mt_rng_below(rng, 2) ? MT_BUY : MT_SELL,
                       .price = ((mt_micro)mt_rng_below(rng, 20000) - 5000) * 10000,
                       .volume = (int64_t)(1 + mt_rng_below(rng, 40)) * 2500000};
    o.id = (mt_text){id, (size_t)snprintf(id, sizeof id, "%d", k)};
    must(cx, mt_live_book_add(cx, book, &o));
}

static void clear_again(mt_ctx *cx, mt_live_book *book)
{
    mt_impact more, less;
    mt_clear_rule rule = mt_clear_rule_default(mt_live_book_tick(book));
    mt_shift up = mt_shift_of(2000000000), down = mt_shift_of(-2000000000);
    must(cx, mt_live_book_impact(cx, &more, book, &rule, &up));
    must(cx, mt_live_book_impact(cx, &less, book, &rule, &down));
}

static double read_bids(const mt_live_book *book)
{
    const mt_bid *bid = mt_live_book_bids(book);
    size_t n = mt_live_book_orders(book);
    int64_t sum = 0;
    bench_span start = bench_now();
    for (int run = 0; run < TICKS; run++)
        for (size_t k = 0; k < n; k++) sum += ((const char *)&bid[k])[0];
    double taken = bench_since(start).cpu_s / TICKS;
    if (sum == INT64_MIN) puts("no bids");
    return taken;
}

int main(void)
{
    mt_ctx cx;
    mt_live_book *book;
    mt_rng rng = mt_rng_new(7);
    mt_ctx_init(&cx, NULL);
    must(&cx, mt_live_book_new(&cx, &book, 0));
    for (int k = 0; k < ORDERS; k++) add_order(&cx, book, &rng, k);
    bench_span start = bench_now();
    for (int k = 0; k < TICKS; k++) {
        add_order(&cx, book, &rng, ORDERS + k);
        clear_again(&cx, book);
    }
    double tick = bench_since(start).cpu_s / TICKS;
    bench_print(&(bench_line){.what = "live: a tick of a book of 10,000 orders, price and both impacts",
                              .unit = "ms",
                              .figure = tick * 1e3,
                              .peer = "reading the book once",
                              .peer_figure = read_bids(book) * 1e3,
                              .aim = 10,
                              .at_most = true});
    mt_ctx_close(&cx);
    return 0;
}
