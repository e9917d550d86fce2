/* Bidding zones: their codes, where they lie, whose clock they keep, how long their market time unit is.
 *
 * Purpose   The one table that turns "DK1", "DK_1", "10YDK-1--------W" into the same zone.
 * Units     Latitude and longitude in degrees, north and east positive: a point near the middle of the zone,
 *           good enough for the height of the sun. Steps in microseconds.
 * Shapes    One row a zone. Words are compared without regard to case, '-', '_' and blanks. `currency` is
 *           the money of the zone's country (ISO 4217); day-ahead prices are published in EUR nearly
 *           everywhere, whatever the money.
 * Time      Local days are those of `zone` (IANA). The market time unit of the coupled day-ahead auction went
 *           from 60 to 15 minutes with delivery day 2025-10-01 (30 minutes in Ireland).
 * Errors    mt_area_get: MT_E_ABSENT  no such zone, with the nearest name.
 * Threads   Constant data; safe anywhere.
 * Source    ENTSO-E, "Energy Identification Codes", area codes (Y) of the Transparency Platform's guide,
 *           appendix A.15; check characters are tested. All NEMO Committee, "Successful implementation of
 *           15-minute MTU in SDAC", 2025-10-01 (Ireland's 30 minutes are not in it). Time zones: IANA tz
 *           database. Places by hand.
 */
#ifndef MT_TERMS_AREA_H
#define MT_TERMS_AREA_H

#include "base/ctx.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_area {
    const char *name;     /* "DK1" */
    const char *alias;    /* other words for it with a blank between; "" : none */
    const char *eic;      /* "10YDK-1--------W"; "": it has none */
    const char *country;  /* "DK", ISO 3166; of several: the largest; "": none */
    const char *zone;     /* "Europe/Copenhagen" */
    const char *currency; /* "DKK" */
    double latitude, longitude;
    int step_min, new_step_min; /* market time unit before and since MT_AREA_STEP_CHANGED */
} mt_area;

#define MT_AREA_STEP_CHANGED mt_day_of(2025, 10, 1)

MT_API const mt_area *mt_areas(size_t *n);            /* in the order of the table, main zones first */
MT_API const mt_area *mt_area_find(const char *word); /* by name, alias or EIC; NULL when there is none */
MT_API MT_MUST_USE mt_code mt_area_get(mt_ctx *cx, const mt_area **out, const char *word);

/* The day-ahead market time unit of a local delivery day. */
MT_API mt_time mt_area_step(const mt_area *area, mt_day day);

/* Is the 16th character of an EIC the check character of the 15 before it? */
MT_API bool mt_eic_valid(const char *eic);

MT_END_DECLS
#endif
