/* What the readers of a portfolio's files share: one open file, the way to its taker, its findings.
 *
 * Purpose   A reader of one kind is a function in a room of its own and a line in MT_VPP_READER_LIST.
 * Shapes    A reader fails in `own`: such a file is damaged and becomes a finding. What the taker refuses
 *           ends everything: MT_VPP_GIVE remembers that. Readers hold the records of a file until it is read
 *           to its end, so that a damaged one is left out as a whole; trades alone are given as they come.
 *           Findings of one kind about one thing are counted in one, and told at the end of the file.
 * Ownership What a reader makes lives in `own`, which ends with the file.
 */
#ifndef MT_FORMATS_VPP_READER_H
#define MT_FORMATS_VPP_READER_H

#include "formats/vpp/cell.h"
#include "formats/vpp/vpp_files.h"

#include <pthread.h>

MT_BEGIN_DECLS

typedef struct mt_vpp_reader {
    mt_ctx *cx; /* the caller's: the taker's calls */
    mt_ctx own; /* the file's */
    const mt_vpp_file *file;
    mt_vpp_options options;
    const mt_vpp_taker *taker;
    pthread_mutex_t *lock; /* held while the taker takes; NULL: nobody else gives to it */
    int origin;
    mt_bytes *bytes;
    mt_code refused; /* by the taker */
    mt_finding *finding;
    size_t n_finding, room;
} mt_vpp_reader;

typedef mt_code mt_vpp_read_fn(mt_vpp_reader *reader);

/* X(kind, function) */
#define MT_VPP_READER_LIST(X)                                                                                \
    X(MT_VPP_CONTRACTS, mt_vpp_read_contracts)                                                               \
    X(MT_VPP_PARTIES, mt_vpp_read_parties)                                                                   \
    X(MT_VPP_TECHNICAL, mt_vpp_read_technical)                                                               \
    X(MT_VPP_METERING, mt_vpp_read_metering)                                                                 \
    X(MT_VPP_LIVE, mt_vpp_read_live)                                                                         \
    X(MT_VPP_FORECAST, mt_vpp_read_forecast)                                                                 \
    X(MT_VPP_REDISPATCH, mt_vpp_read_redispatch)                                                             \
    X(MT_VPP_COMPENSATION, mt_vpp_read_prices)                                                               \
    X(MT_VPP_REBAP, mt_vpp_read_imbalance)                                                                   \
    X(MT_VPP_ESTIMATE, mt_vpp_read_imbalance)                                                                \
    X(MT_VPP_DAY_AHEAD, mt_vpp_read_prices)                                                                  \
    X(MT_VPP_INDEX, mt_vpp_read_prices)                                                                      \
    X(MT_VPP_MARKET_VALUES, mt_vpp_read_market_values)                                                       \
    X(MT_VPP_SCHEDULE, mt_vpp_read_schedule)                                                                 \
    X(MT_VPP_OUTAGE, mt_vpp_read_outage)                                                                     \
    X(MT_VPP_WEATHER, mt_vpp_read_weather)                                                                   \
    X(MT_VPP_PRIVATE_TRADES, mt_vpp_read_trades)                                                             \
    X(MT_VPP_PUBLIC_TRADES, mt_vpp_read_trades)

#define MT_VPP_READER_FN(kind, function) mt_vpp_read_fn function;
MT_VPP_READER_LIST(MT_VPP_READER_FN)
#undef MT_VPP_READER_FN

/* Where something stands. Missing: line 0, MT_TIME_NONE, NaN. */
typedef struct mt_vpp_place {
    uint64_t line;
    mt_time time;
    double value;
} mt_vpp_place;

mt_vpp_place mt_vpp_at_line(uint64_t line);
mt_vpp_place mt_vpp_at_time(mt_time time, double value);

/* Counts a finding; the first of its kind about `subject` (NULL: the file itself) is described. */
MT_MUST_USE mt_code mt_vpp_find(mt_vpp_reader *reader, mt_finding_kind kind, const char *subject,
                                mt_vpp_place place, const char *format, ...) MT_PRINTF(5, 6);

/* Reads one file; `lock` as in the reader. */
MT_MUST_USE mt_code mt_vpp_file_give(mt_ctx *cx, const mt_vpp_file *file, const mt_vpp_options *options,
                                     const mt_vpp_taker *taker, pthread_mutex_t *lock);

/* Before and after the taker's turn; the second remembers that it refused. */
void mt_vpp_giving(const mt_vpp_reader *reader);
mt_code mt_vpp_given(mt_vpp_reader *reader, mt_code code);

/* Gives records to the taker's `member`, if it wants them. */
#define MT_VPP_GIVE(reader, member, ...)                                                                     \
    ((reader)->taker->member == NULL                                                                         \
         ? MT_OK                                                                                             \
         : (mt_vpp_giving(reader),                                                                           \
            mt_vpp_given((reader), (reader)->taker->member((reader)->cx, (reader)->taker->arg,               \
                                                           (reader)->origin, __VA_ARGS__))))

/* Whether a period touches what is asked for. */
bool mt_vpp_wanted(const mt_vpp_reader *reader, mt_time start, mt_time end);

/* Name of the file, and its subject; NULL: its name has none. */
static inline const char *mt_vpp_file_name(const mt_vpp_reader *reader)
{
    return reader->file->origin.name;
}

MT_END_DECLS
#endif
