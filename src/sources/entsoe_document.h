/* Market documents of the ENTSO-E Transparency Platform: every value with its own period.
 *
 * Purpose   Reads publication, generation-and-load, unavailability and acknowledgement documents (IEC
 *           62325) into blocks of one value each.
 * Shapes    Curve A01: each position is a step of its own; a position that is not there says nothing. Curve
 *           A03: a position holds until the next one that is there, the last until the end of its period;
 *           in a price or a quantity these are given step by step, so that there is no gap where the value
 *           stays. Resolutions may differ between the series of one document. Calendar resolutions (P1M,
 *           P1Y) are one step as long as their period.
 * Errors    MT_E_INPUT  no such document, a position outside its period or out of order; with the line.
 * Ownership Texts live in cx.
 * Source    ENTSO-E, "Introduction of different Timeseries possibilities (curvetypes)", 1.2; Transparency
 *           Platform REST API guide, 4.
 */
#ifndef MT_SOURCES_ENTSOE_DOCUMENT_H
#define MT_SOURCES_ENTSOE_DOCUMENT_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_entsoe_head {
    const char *root; /* "Publication_MarketDocument" */
    const char *mrid, *revision, *created, *status;
    const char *reason_code, *reason_text; /* of an acknowledgement: the last */
    mt_time created_at;                    /* MT_TIME_NONE: not said */
} mt_entsoe_head;

/* What a series says of itself; NULL: nothing. */
typedef struct mt_entsoe_series {
    const char *business, *psr, *curve, *unit, *currency, *price_unit, *sequence;
    const char *consumes; /* out_bidding_zone of generation: what is consumed, not produced */
    const char *plant, *plant_mrid, *resource, *resource_mrid, *nominal;
} mt_entsoe_series;

typedef struct mt_entsoe_block {
    const mt_entsoe_head *head;
    const mt_entsoe_series *series;
    mt_time start, step;
    double value; /* NaN: the point has none */
} mt_entsoe_block;

typedef struct mt_entsoe_reader {
    /* NULL: only the head is wanted. */
    mt_code (*take)(void *arg, const mt_entsoe_block *block);
    void *arg;
    bool whole; /* blocks of A03 are given whole, not step by step */
} mt_entsoe_reader;

/* `name` is for messages. An acknowledgement gives no block. */
MT_MUST_USE mt_code mt_entsoe_document(mt_ctx *cx, mt_entsoe_head *out, const char *name, mt_text bytes,
                                       const mt_entsoe_reader *reader);

MT_END_DECLS
#endif
