/* Curve files as exchanges publish them, read as orders by delivery period.
 *
 * Purpose   One door for the steps of published supply and demand curves; each exchange is a file of its
 *           own behind it (curve_omie.c, curve_jepx.c, curve_gme.c).
 * Units     Out: see terms/order.h; prices per MWh of the exchange's currency, volumes in Wh of the whole
 *           period. `info` says what was published and the exact factor between both.
 * Shapes    One order a step, in file order; its time is the start of the delivery period. Steps of volume
 *           0 are left out. Rows of the other curve, of another area and closing lines are passed over. A
 *           row that cannot be read is a fault as in order files; what would falsify a whole curve stops
 *           the file: any such row of a cumulated curve (JEPX), a time inside a period (GME).
 * Time      Local delivery days: OMIE Europe/Madrid (hours 1 to 25, quarters H1Q1 to H25Q4), JEPX
 *           Asia/Tokyo (products 1 to 48), GME with offsets or by day and period of Europe/Rome.
 * Errors    MT_E_INPUT   no such file, several areas and none chosen, a cumulated curve that falls or has
 *                        an unreadable row, periods of several lengths;
 *           MT_E_ABSENT  the area chosen is not in the file; no zone file for the local time;  those of
 *           io/bytes.h.
 * Ownership The reader lives in cx; `bytes` stays the caller's and must outlive it. Options are copied,
 *           texts borrowed.
 * Source    OMIE, "Modelo de ficheros para la distribucion publica de informacion": curva_pbc,
 *           curva_pbc_uof; JEPX spot_bid_curves; GME public offers in the tidy form of the OpenEUPHEMIA
 *           data set.
 * Example   merit market clear --orders curva_pbc_20250621.1 --format curve-omie --curve matched
 */
#ifndef MT_FORMATS_CURVE_FILE_H
#define MT_FORMATS_CURVE_FILE_H

#include "formats/list.h"
#include "io/bytes.h"
#include "terms/order.h"

MT_BEGIN_DECLS

#define MT_EXCHANGE_SYMBOL(symbol, name, meaning, entry) symbol,
typedef enum mt_exchange { MT_EXCHANGE_LIST(MT_EXCHANGE_SYMBOL) MT_EXCHANGE_COUNT } mt_exchange;
#undef MT_EXCHANGE_SYMBOL

/* Of OMIE files: all orders, or what is left after complex conditions took orders out. */
enum { MT_CURVE_MATCHED, MT_CURVE_OFFERED };

/* How the exchange chooses a price in the clearing interval; the order of market/clearing.h. */
enum { MT_CURVE_PRICE_MID, MT_CURVE_PRICE_LOW, MT_CURVE_PRICE_HIGH, MT_CURVE_PRICE_LAST_SELL };

typedef struct mt_curve_options {
    size_t size;      /* sizeof(mt_curve_options) */
    int curve;        /* OMIE: MT_CURVE_MATCHED or MT_CURVE_OFFERED */
    const char *area; /* OMIE: ES or PT; JEPX: serial of a split area (NULL: system price); GME: a zone */
    const char *zone_directory; /* NULL: the system's zone files */
} mt_curve_options;

typedef struct mt_curve_info {
    const char *exchange;       /* "OMIE" */
    const char *time_zone;      /* "Europe/Madrid" */
    const char *area;           /* what is read: "MI", "system", "NORD"; NULL until a row told it */
    const char *currency;       /* "EUR" */
    const char *published_unit; /* of prices in the file: "cent/kWh" */
    int64_t published_factor;   /* price per MWh = published price x factor, exactly */
    mt_time period;             /* length of a delivery period */
    mt_micro tick, floor, cap;  /* per MWh, on the first day of the file */
    int price_rule;             /* MT_CURVE_PRICE_… of that day */
    const char *note;           /* what a reader of results should know; NULL: nothing */
} mt_curve_info;

typedef struct mt_curve_file mt_curve_file;

/* Reads the header, or what stands for one. options NULL: defaults. */
MT_MUST_USE mt_code mt_curve_file_open(mt_ctx *cx, mt_curve_file **out, mt_bytes *bytes, mt_exchange exchange,
                                       const mt_curve_options *options);

/* The next batch; n == 0 at the end. */
MT_MUST_USE mt_code mt_curve_file_next(mt_ctx *cx, mt_curve_file *file, mt_order_batch *out);

mt_order_source mt_curve_file_source(mt_curve_file *file);
const mt_curve_info *mt_curve_file_about(const mt_curve_file *file);

MT_END_DECLS
#endif
