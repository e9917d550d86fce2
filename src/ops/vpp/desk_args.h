/* The arguments that operations of the desk share: which folder, which days, which asset, known when.
 *
 * Purpose   One struct and one spelling for all of them; each operation takes the fields it needs.
 * Time      --day D is one local day, --day D --until E several, --month 2025-06 a whole one.
 */
#ifndef MT_OPS_VPP_DESK_ARGS_H
#define MT_OPS_VPP_DESK_ARGS_H

#include "base/op.h"

MT_BEGIN_DECLS

struct mt_desk_args {
    const char *data, *month, *asset, *zone, *contract;
    mt_day day, until;
    int64_t as_of;
    int volume_unit, choose, against, by, language, kind;
    bool portfolio;
    double live_share;
    int64_t live_hold;
    int64_t lead_step;
    mt_day issued;
    int64_t due_days;
    mt_output into;
    const char *number, *reason, *forms;
    bool draft, again;
    int64_t adviser, client;
    const char *sender, *receiver, *area, *exchange;
    int64_t message_version;
};

extern const char *const mt_desk_volume_choice[]; /* file, MWh, MW */

/* clang-format off */
#define MT_ARG_DESK_DATA \
    {.name = "data", MT_TEXT_AT(mt_desk_args, data), .local = true, \
     .doc = "folder of the portfolio's files; missing: the files kept in the store"}, \
    {.name = "day", MT_DAY_AT(mt_desk_args, day), .doc = "local delivery day"}, \
    {.name = "until", MT_DAY_AT(mt_desk_args, until), \
     .doc = "last local day, included; missing: the day alone"}, \
    {.name = "month", MT_TEXT_AT(mt_desk_args, month), .doc = "all days of a month, as 2025-06"}, \
    {.name = "zone", MT_TEXT_AT(mt_desk_args, zone), .fallback = "Europe/Berlin", \
     .doc = "time zone of the delivery days"}
#define MT_ARG_DESK_RULES \
    {.name = "volume_unit", MT_CHOICE_AT(mt_desk_args, volume_unit), .choice = mt_desk_volume_choice, \
     .fallback = "file", .doc = "of trades: what the file says, or MWh, or MW"}, \
    {.name = "as_of", MT_TIME_AT(mt_desk_args, as_of), .doc = "use only what was known at this moment"}, \
    {.name = "live_share", MT_REAL_AT(mt_desk_args, live_share), .unit = MT_UNIT_ONE, .fallback = "0.8", \
     .doc = "of a quarter that good live points must cover"}, \
    {.name = "live_hold", MT_SPAN_AT(mt_desk_args, live_hold), .fallback = "2min", \
     .doc = "a live point stands for at most so long"}
#define MT_ARG_DESK_ASSET \
    {.name = "asset", MT_TEXT_AT(mt_desk_args, asset), .doc = "only this asset; missing: all of them"}
/* clang-format on */

MT_END_DECLS
#endif
