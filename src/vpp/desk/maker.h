/* Inside of the desk: what was taken, before it is judged and laid out.
 *
 * Purpose   Shared by the rooms of this folder and desk.c only.
 * Shapes    A `raw` holds the values of one subject in one file (and of one version of a forecast), in the
 *           order in which they came, without those that do not touch the range.
 * Errors    Functions without a context leave their sentence in the maker's own; mt_maker_pass gives it on.
 * Ownership `own` holds what the finished desk shows, `raw` what is dropped when it is finished, `scratch`
 *           what a function drops at its end.
 */
#ifndef MT_VPP_DESK_MAKER_H
#define MT_VPP_DESK_MAKER_H

#include "vpp/desk.h"
#include "vpp/trade_fold.h"

MT_BEGIN_DECLS

typedef enum mt_raw_kind {
    MT_RAW_METER,
    MT_RAW_REDISPATCH,
    MT_RAW_LIVE,
    MT_RAW_FORECAST,
    MT_RAW_SCHEDULE,
    MT_RAW_OUTAGE,
    MT_RAW_WEATHER,
    MT_RAW_PRICE,
    MT_RAW_BESIDE, /* day-ahead prices of the range and a day on both sides */
    MT_RAW_OWN_TRADES,
    MT_RAW_ALL_TRADES
} mt_raw_kind;

/* Quarters of day-ahead prices that are held before and behind the range: a run of negative hours that
 * crosses midnight is as long on one day as in its month. */
#define MT_BESIDE 96

/* Measured values so long before the range are kept: a model may learn from them. */
#define MT_HISTORY (28 * MT_US_DAY)

typedef struct mt_raw {
    mt_raw_kind kind;
    int origin;
    const char *subject; /* a name of the maker */
    mt_time version;     /* of a forecast */
    size_t n, room;
    void *value;         /* of the kind's struct in terms/vpp/feed.h */
    mt_live_fold *live;  /* of live points */
    mt_trade_fold *fold; /* of public trades */
    bool counts;         /* false: a newer file stands for it, or it is not to be known */
} mt_raw;

/* Open addressing over the indices of a list. */
typedef struct mt_slots {
    uint32_t *slot; /* index + 1; 0: free */
    size_t room, used;
} mt_slots;

typedef struct mt_seen_contract {
    mt_contract contract;
    int origin;
} mt_seen_contract;
typedef struct mt_seen_plant {
    mt_plant plant;
    int origin;
    size_t at; /* in the order of records */
} mt_seen_plant;
typedef struct mt_seen_party {
    mt_party party;
    int origin;
    bool issuer;
} mt_seen_party;
typedef struct mt_seen_value {
    mt_market_value value;
    int origin;
} mt_seen_value;

typedef struct mt_seen_origin {
    mt_vpp_origin origin;
    uint32_t rank;  /* by moment, then name */
    bool out;       /* later than as_of */
    bool of_master; /* delivered contracts, data sheets or parties */
    bool of_market; /* delivered prices, market values or trades */
    bool of_seen;   /* delivered something of an asset that is shown */
    int32_t shown;  /* its index in the desk; -1: not shown */
} mt_seen_origin;

/* While an asset is made. */
typedef struct mt_asset_work {
    mt_desk_asset *asset;
    const mt_contract **all; /* of the counting file, in its order */
    size_t n_all;
    const char **meter_of_day; /* metering point by day; NULL: none */
} mt_asset_work;

typedef struct mt_trade_id {
    uint64_t key; /* 0: free */
    int32_t origin;
    bool is_public;
} mt_trade_id;

struct mt_desk_maker {
    mt_desk desk;             /* first: whoever has a desk has its maker */
    mt_ctx own, raw, scratch; /* scratch: within one function */
    mt_vpp_taker taker;
    bool finished;
    size_t n_days;
    const size_t *day_at;   /* first quarter of each day; n_days + 1 places */
    const mt_micro *vwap;   /* public, by quarter; NULL: no public trade */
    const mt_micro *beside; /* day-ahead prices from MT_BESIDE quarters before the range; NULL: none */

    const char **name;
    size_t n_name, name_room;
    mt_slots name_slots;

    mt_seen_origin *origin;
    size_t n_origin, origin_room;
    mt_raw **list;
    size_t n_list, list_room;
    mt_slots list_slots;

    mt_seen_contract *contract;
    size_t n_contract, contract_room;
    mt_seen_plant *plant;
    size_t n_plant, plant_room;
    mt_seen_party *party;
    size_t n_party, party_room;
    mt_seen_value *value;
    size_t n_value, value_room;

    mt_finding *finding;
    size_t n_finding, finding_room;
    mt_slots finding_slots;

    mt_trade_id *id;
    size_t id_room, id_used;

    mt_asset_work *work;  /* by desk.asset */
    int contracts_of;     /* origin of the counting contract file; -1: none */
    const int *plants_of; /* by day: origin of the counting data sheets; -1: none */
};

/* ---- maker.c */
const char *mt_maker_price_name(mt_vpp_price kind);
bool mt_maker_night(const mt_plant *plant, mt_time quarter_start); /* a solar plant, the sun below */
MT_MUST_USE mt_code mt_maker_name(mt_desk_maker *m, const char **out, const char *text); /* NULL stays */
MT_MUST_USE mt_code mt_maker_raw(mt_desk_maker *m, mt_raw **out, const mt_raw *key);
const mt_vpp_origin *mt_maker_origin(const mt_desk_maker *m, int origin);
void mt_raw_close(mt_raw *raw);               /* what it holds outside of arenas */
mt_time mt_maker_end(const mt_desk_maker *m); /* of the range */
size_t mt_maker_day_of(const mt_desk_maker *m, size_t quarter);
/* Adds a finding; without a sentence one is made of its value and rule. `name` and `file` need not be
 * names of the maker. */
MT_MUST_USE mt_code mt_maker_find(mt_desk_maker *m, const mt_finding *finding, const char *format, ...)
    MT_PRINTF(3, 4);
/* Those of `kind` and `subject`, oldest file first; after mt_maker_settle_files. */
size_t mt_maker_range(const mt_desk_maker *m, mt_raw_kind kind, const char *subject, mt_raw *const **out);
/* Drops findings for which `keep` is false. */
MT_MUST_USE mt_code mt_maker_sift(mt_desk_maker *m, bool (*keep)(const mt_desk_maker *, const mt_finding *));
/* Ranks files by their moments. */
MT_MUST_USE mt_code mt_maker_rank(mt_desk_maker *m);
/* Of two files for one thing and day the newer counts. */
MT_MUST_USE mt_code mt_maker_settle_files(mt_desk_maker *m);

/* How often something was met in one file, and where first. */
typedef struct mt_spot {
    int64_t count;
    mt_time time;
    double value;
} mt_spot;
static inline void mt_spot_add(mt_spot *spot, mt_time time, double value)
{
    if (spot->count++ == 0) spot->time = time, spot->value = value;
}
MT_MUST_USE mt_code mt_maker_spots(mt_desk_maker *m, const mt_spot spot[MT_FINDING_COUNT], const char *asset,
                                   const char *file);

/* ---- take.c */
/* The sentence of a failure of the maker's own contexts, for the caller's. */
mt_code mt_maker_pass(mt_ctx *cx, const mt_desk_maker *m, mt_code code);
void mt_desk_taker_init(mt_desk_maker *m);
/* ---- master.c: contracts, data sheets, parties, who is seen */
MT_MUST_USE mt_code mt_desk_master(mt_desk_maker *m);
/* The contract of the asset on that day, before overlaps are cut; NULL: none. */
const mt_contract *mt_contract_near(const mt_asset_work *work, mt_day day);
/* Of several in one file the last counts. NULL: that file has no such plant. */
const mt_plant *mt_desk_plant_in(const mt_desk_maker *m, int origin, const char *asset_id);
/* ---- subjects.c: whose values they are */
MT_MUST_USE mt_code mt_desk_subjects(mt_desk_maker *m);
/* ---- columns.c */
/* One file's values on their way to quarters. */
typedef struct mt_laying {
    mt_desk_maker *m;
    mt_grid grid;
    uint32_t *stamp; /* by quarter: number of the last file that had a value for it */
    uint32_t file;
    mt_time last;
    mt_spot spot[MT_FINDING_COUNT];
} mt_laying;
MT_MUST_USE mt_code mt_laying_open(mt_desk_maker *m, mt_laying *l); /* in scratch */
void mt_laying_begin(mt_laying *l);                                 /* a file */
/* Quarters [*from, *to) of the grid whose start lies in the value's period; false: none, or off the grid. */
bool mt_laying_place(mt_laying *l, const mt_price_value *value, size_t *from, size_t *to);
MT_MUST_USE mt_code mt_laying_end(mt_laying *l, const mt_raw *raw, const char *subject);

MT_MUST_USE mt_code mt_desk_columns(mt_desk_maker *m, mt_asset_work *work);
MT_MUST_USE mt_code mt_desk_price_columns(mt_desk_maker *m);
/* Metered Wh in a window of quarters before the range; no findings. */
void mt_desk_history(mt_desk_maker *m, const mt_asset_work *work, mt_grid window, int64_t *wh);
/* ---- live.c */
MT_MUST_USE mt_code mt_desk_live_column(mt_desk_maker *m, mt_asset_work *work);
size_t mt_live_fold_n(const mt_live_fold *fold);
/* ---- forecasts.c */
MT_MUST_USE mt_code mt_desk_forecasts(mt_desk_maker *m, mt_asset_work *work);
/* ---- trades.c */
MT_MUST_USE mt_code mt_desk_take_trades(mt_desk_maker *m, int origin, bool is_public, const mt_trade *trade,
                                        size_t n);
MT_MUST_USE mt_code mt_desk_fold_trades(mt_desk_maker *m);
/* ---- judge.c: what is told when everything lies in its place */
MT_MUST_USE mt_code mt_desk_judge(mt_desk_maker *m);

MT_END_DECLS
#endif
