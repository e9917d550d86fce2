/* Files to desk, kept while nothing changes. */
#include "ops/vpp/portfolio.h"

#include "crypto/hash.h"
#include "formats/vpp/vpp_files.h"
#include "ops/rights.h"
#include "ops/trades/feed.h"
#include "ops/vpp/archive.h"
#include "store/data/trade_store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const mt_desk_volume_choice[] = {"file", "MWh", "MW", NULL};

enum { KEPT_MAX = 4, KEY_MAX = 512 };

/* One desk with the context it was made in. */
struct mt_portfolio_kept {
    char key[KEY_MAX];
    mt_ctx cx;
    mt_desk_maker *maker;
    const mt_desk *desk;
    const mt_rights *rights;
    int users;
    uint64_t last_use;
    bool open;
};

typedef struct desk_shelf {
    pthread_mutex_t lock;
    uint64_t uses;
    struct mt_portfolio_kept *kept[KEPT_MAX];
} desk_shelf;

static void close_kept(struct mt_portfolio_kept *kept)
{
    if (!kept) return;
    mt_desk_close(kept->maker);
    mt_ctx_close(&kept->cx);
    free(kept);
}

static void close_shelf(void *arg)
{
    desk_shelf *shelf = arg;
    for (size_t k = 0; k < KEPT_MAX; k++) close_kept(shelf->kept[k]);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

static mt_code make_shelf(mt_ctx *cx, void **out)
{
    desk_shelf *shelf = calloc(1, sizeof *shelf);
    if (!shelf) return mt_fail(cx, MT_E_MEMORY, "no memory for desks");
    pthread_mutex_init(&shelf->lock, NULL);
    *out = shelf;
    return MT_OK;
}

/* --- which days -------------------------------------------------------------------------------------- */

mt_code mt_portfolio_month(mt_ctx *cx, const char *text, mt_day *first, mt_day *last)
{
    char day[16];
    mt_day start;
    if (strlen(text) != 7 || snprintf(day, sizeof day, "%s-01", text) != 10 || !mt_day_parse(day, 10, &start))
        return mt_fail(cx, MT_E_INPUT, "month \"%s\" is no month; right would be 2025-06", text);
    mt_date date = mt_day_date(start);
    *first = start;
    *last = mt_day_of(date.year + date.month / 12, date.month % 12 + 1, 1) - 1;
    return MT_OK;
}

static mt_code find_days(mt_ctx *cx, const struct mt_desk_args *args, mt_portfolio *out)
{
    if (args->month && args->day != MT_DAY_NONE)
        return mt_fail(cx, MT_E_INPUT, "give --day or --month, not both");
    if (args->month) return mt_portfolio_month(cx, args->month, &out->first, &out->last);
    if (args->day == MT_DAY_NONE)
        return mt_fail(cx, MT_E_INPUT, "which day? give --day 2025-06-08 or --month 2025-06");
    out->first = args->day;
    out->last = args->until == MT_DAY_NONE ? args->day : args->until;
    if (out->last < out->first) return mt_fail(cx, MT_E_INPUT, "--until lies before --day");
    return MT_OK;
}

/* --- making a desk ----------------------------------------------------------------------------------- */

typedef struct desk_order {
    const struct mt_desk_args *args;
    const mt_rights *rights;
    const char *folder;
    mt_day first, last;
    int workers;
    mt_store *store; /* whose trades count too; NULL: the desk is of a folder */
    mt_vpp_options files;
} desk_order;

static bool sees(void *arg, const char *asset_id, const char *owner_id)
{
    return mt_rights_see(arg, asset_id, owner_id);
}

/* Values two days beside the range still matter: a point that stands, an hour of negative prices. */
static mt_code fill_desk(mt_ctx *cx, mt_desk_maker *maker, const desk_order *order)
{
    const mt_vpp_file *file;
    size_t n;
    const mt_vpp_taker *taker = mt_desk_taker(maker);
    MT_TRY(mt_vpp_files(cx, &file, &n, order->folder, &order->files, taker));
    return mt_vpp_files_read(cx, file, n, &order->files, taker, order->workers);
}

static mt_code make_desk(mt_ctx *cx, struct mt_portfolio_kept *kept, desk_order *order)
{
    const struct mt_desk_args *args = order->args;
    const mt_zone *zone;
    if (!(args->live_share >= 0.0 && args->live_share <= 1.0))
        return mt_fail(cx, MT_E_INPUT, "live_share is %g; right would be a share of a quarter, as 0.8",
                       args->live_share);
    MT_TRY(mt_zone_read(cx, &zone, args->zone, NULL));
    mt_desk_options options = {.size = sizeof options,
                               .first = order->first,
                               .last = order->last,
                               .zone = zone,
                               .live_hold = args->live_hold,
                               .live_share = (mt_micro)(args->live_share * (double)MT_MICRO_ONE + 0.5),
                               .as_of = args->as_of,
                               .all_assets = !order->rights,
                               .sees = sees,
                               .arg = (void *)(uintptr_t)order->rights};
    order->files = (mt_vpp_options){.size = sizeof order->files,
                                    .volume_unit = (mt_volume_unit)args->volume_unit,
                                    .from = mt_day_start(zone, order->first - 2),
                                    .until = mt_day_start(zone, order->last + 3),
                                    .digests = true,
                                    .late = true};
    if (order->rights && order->rights->role == MT_DESK_OWNER) /* what was traded is the trader's alone */
        order->files.kinds = ~(1U << MT_VPP_PRIVATE_TRADES);
    MT_TRY(mt_desk_open(cx, &kept->maker, &options));
    MT_TRY(fill_desk(cx, kept->maker, order));
    if (order->store)
        MT_TRY(mt_trades_feed(cx, order->store, mt_desk_taker(kept->maker), order->files.from,
                              order->files.until));
    return mt_desk_finish(cx, kept->maker, &kept->desk);
}

/* The desk's context is its own: it outlives the operation that asked first, whose cancelling and progress it
 * borrows while it is made. */
static mt_code make_kept(mt_ctx *cx, struct mt_portfolio_kept **out, const char *key, desk_order *order)
{
    struct mt_portfolio_kept *kept = calloc(1, sizeof *kept);
    if (!kept) return mt_fail(cx, MT_E_MEMORY, "no memory for a desk");
    mt_ctx_init(&kept->cx, &cx->options);
    snprintf(kept->key, sizeof kept->key, "%s", key);
    mt_code code = make_desk(&kept->cx, kept, order);
    kept->cx.options.progress = NULL;
    kept->cx.options.log = NULL;
    kept->cx.options.deadline_us = 0;
    if (code != MT_OK) {
        code = mt_fail(cx, code, "%s", kept->cx.err);
        close_kept(kept);
        return code;
    }
    *out = kept;
    return MT_OK;
}

/* --- the shelf --------------------------------------------------------------------------------------- */

static mt_code add_trades(mt_ctx *cx, mt_hash *hash, const desk_order *order)
{
    const mt_stored_trade *trade;
    size_t n;
    const mt_trade_filter filter = {NULL, NULL, order->first - 3, order->last + 3};
    MT_TRY(mt_trade_store_list(cx, order->store, &trade, &n, &filter));
    for (size_t k = 0; k < n; k++) {
        mt_hash_update(hash, trade[k].id, strlen(trade[k].id) + 1);
        mt_hash_update(hash, &trade[k].price_cent, sizeof trade[k].price_cent);
        mt_hash_update(hash, &trade[k].quantity_mw, sizeof trade[k].quantity_mw);
    }
    return MT_OK;
}

/* What the desk would be made of: the digest of every file's name, size and time. */
static mt_code describe_files(mt_ctx *cx, const char **out, const desk_order *order)
{
    const mt_vpp_file *file;
    size_t n;
    mt_hash hash;
    uint8_t digest[MT_HASH_BYTES];
    char text[MT_HASH_HEX];
    const mt_vpp_options quick = {
        .size = sizeof quick, .from = MT_TIME_NONE, .until = MT_TIME_NONE, .digests = false};
    MT_TRY(mt_vpp_files(cx, &file, &n, order->folder, &quick, NULL));
    mt_hash_init(&hash);
    for (size_t k = 0; k < n; k++) {
        mt_hash_update(&hash, file[k].origin.name, strlen(file[k].origin.name) + 1);
        mt_hash_update(&hash, &file[k].origin.bytes, sizeof file[k].origin.bytes);
        mt_hash_update(&hash, &file[k].changed_ns, sizeof file[k].changed_ns);
    }
    if (order->store) MT_TRY(add_trades(cx, &hash, order));
    mt_hash_final(&hash, digest);
    mt_hash_hex(digest, text);
    return mt_text_copy(cx, out, mt_text_of(text));
}

static mt_code make_key(mt_ctx *cx, const char **out, const desk_order *order)
{
    const struct mt_desk_args *a = order->args;
    const char *digest;
    MT_TRY(describe_files(cx, &digest, order));
    return mt_text_format(cx, out, "%s %d %d %s %d %lld %lld %a %s", digest, order->first, order->last,
                          a->zone, a->volume_unit, (long long)a->as_of, (long long)a->live_hold,
                          a->live_share, order->rights ? order->rights->user : "");
}

static struct mt_portfolio_kept *find_kept(desk_shelf *shelf, const char *key)
{
    for (size_t k = 0; k < KEPT_MAX; k++) {
        if (shelf->kept[k] && strcmp(shelf->kept[k]->key, key) == 0) return shelf->kept[k];
    }
    return NULL;
}

/* A free place, else that of the desk nobody uses that was asked for longest ago; NULL: all are in use. */
static struct mt_portfolio_kept **find_place(desk_shelf *shelf)
{
    struct mt_portfolio_kept **place = NULL;
    for (size_t k = 0; k < KEPT_MAX; k++) {
        struct mt_portfolio_kept *kept = shelf->kept[k];
        if (!kept) return &shelf->kept[k];
        if (__atomic_load_n(&kept->users, __ATOMIC_ACQUIRE) == 0 &&
            (!place || kept->last_use < (*place)->last_use))
            place = &shelf->kept[k];
    }
    return place;
}

/* Under the shelf's lock, so that of two who want the same desk one makes it and the other waits. */
static mt_code take_kept(mt_ctx *cx, desk_shelf *shelf, const char *key, desk_order *order,
                         struct mt_portfolio_kept **out)
{
    struct mt_portfolio_kept *kept = find_kept(shelf, key), **place;
    if (!kept) {
        place = find_place(shelf);
        if (!place) return mt_fail(cx, MT_E_BUSY, "%d other desks are open; ask again", KEPT_MAX);
        close_kept(*place);
        *place = NULL;
        MT_TRY(make_kept(cx, &kept, key, order));
        *place = kept;
    }
    __atomic_add_fetch(&kept->users, 1, __ATOMIC_ACQ_REL);
    kept->last_use = ++shelf->uses;
    *out = kept;
    return MT_OK;
}

mt_code mt_portfolio_open(mt_ctx *cx, const mt_world *world, mt_portfolio *out,
                          const struct mt_desk_args *args)
{
    void *shelf;
    const char *key;
    desk_order order = {.args = args,
                        .rights = mt_world_settings(world)->rights,
                        .folder = args->data,
                        .workers = mt_world_settings(world)->workers};
    mt_portfolio portfolio = {.desk = NULL};
    mt_archive_folder archive = {.path = NULL};
    MT_TRY(find_days(cx, args, &portfolio));
    order.first = portfolio.first;
    order.last = portfolio.last;
    if (!order.folder) MT_TRY(mt_archive_unpack(cx, world, &archive, args->as_of));
    if (!order.folder) order.folder = archive.path;
    bool trades = archive.path && !(order.rights && order.rights->role == MT_DESK_OWNER);
    mt_code code = trades ? mt_world_store(cx, world, &order.store) : MT_OK;
    if (code == MT_OK) code = mt_world_kept(cx, world, &shelf, make_shelf, close_shelf);
    if (code == MT_OK) code = make_key(cx, &key, &order);
    if (code == MT_OK) {
        pthread_mutex_lock(&((desk_shelf *)shelf)->lock);
        code = take_kept(cx, shelf, key, &order, &portfolio.kept);
        pthread_mutex_unlock(&((desk_shelf *)shelf)->lock);
    }
    mt_archive_remove(&archive);
    if (code != MT_OK) return code;
    portfolio.desk = portfolio.kept->desk;
    portfolio.zone = portfolio.desk->options.zone;
    *out = portfolio;
    return MT_OK;
}

void mt_portfolio_close(mt_portfolio *portfolio)
{
    if (portfolio->kept) __atomic_sub_fetch(&portfolio->kept->users, 1, __ATOMIC_ACQ_REL);
    *portfolio = (mt_portfolio){.desk = NULL};
}

/* --- views ------------------------------------------------------------------------------------------- */

mt_code mt_portfolio_view(mt_ctx *cx, const mt_portfolio *portfolio, mt_asset_view *out,
                          const mt_desk_asset *asset)
{
    const mt_desk *desk = portfolio->desk;
    out->asset = asset;
    MT_TRY(mt_infeed(cx, &out->infeed, desk, asset));
    MT_TRY(mt_redispatch(cx, &out->redispatch, desk, asset, out->infeed));
    return mt_curtail(cx, &out->curtail, desk, asset, out->infeed, out->redispatch);
}

mt_code mt_portfolio_all(mt_ctx *cx, const mt_portfolio *portfolio, mt_portfolio_views *out)
{
    size_t n = portfolio->desk->n_asset;
    mt_asset_view view;
    MT_TRY(MT_NEW(cx, &out->infeed, n));
    MT_TRY(MT_NEW(cx, &out->redispatch, n));
    MT_TRY(MT_NEW(cx, &out->curtail, n));
    for (size_t k = 0; k < n; k++) {
        MT_TRY(mt_portfolio_view(cx, portfolio, &view, &portfolio->desk->asset[k]));
        out->infeed[k] = view.infeed;
        out->redispatch[k] = view.redispatch;
        out->curtail[k] = view.curtail;
    }
    return MT_OK;
}

mt_code mt_portfolio_pick(mt_ctx *cx, const mt_portfolio *portfolio, const char *name,
                          const mt_desk_asset **out, size_t *n)
{
    const mt_desk *desk = portfolio->desk;
    const char **known;
    *out = name ? mt_desk_asset_find(desk, name) : desk->asset;
    *n = name ? 1 : desk->n_asset;
    if (*out || !name) return MT_OK;
    MT_TRY(MT_NEW(cx, &known, desk->n_asset + 1));
    for (size_t k = 0; k < desk->n_asset; k++) known[k] = desk->asset[k].asset_id;
    int nearest = mt_text_nearest(name, known, desk->n_asset);
    return mt_fail(cx, MT_E_ABSENT, "there is no asset %s among yours%s%s", name,
                   nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : known[nearest]);
}

const char *mt_portfolio_file(const mt_portfolio *portfolio, int origin)
{
    const mt_desk *desk = portfolio->desk;
    return origin < 0 || (size_t)origin >= desk->n_origin ? NULL : desk->origin[origin].name;
}
