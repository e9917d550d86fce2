/* The time zone in which days of an area are meant. */
#include "ops/feed/area_zone.h"

#include "terms/area.h"

#include <string.h>

mt_code mt_area_zone(mt_ctx *cx, const mt_zone **out, const char *area)
{
    const char *first;
    *out = NULL;
    if (!area) return MT_OK;
    MT_TRY(mt_text_copy(cx, &first, (mt_text){area, strcspn(area, ",")}));
    const mt_area *found = mt_area_find(first);
    return found ? mt_zone_read(cx, out, found->zone, NULL) : MT_OK;
}
