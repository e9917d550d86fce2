/* The time zone in which days of an area are meant.
 *
 * Shapes    Of several areas, with commas between, the first counts; an area that is no bidding zone, or
 *           none, has UTC days (*out NULL).
 * Errors    MT_E_ABSENT  the machine has no zone files.
 */
#ifndef MT_OPS_FEED_AREA_ZONE_H
#define MT_OPS_FEED_AREA_ZONE_H

#include "base/text.h"
#include "base/zone.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_area_zone(mt_ctx *cx, const mt_zone **out, const char *area /* NULL allowed */);

MT_END_DECLS
#endif
