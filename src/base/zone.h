/* Time zones, read from the system's own zone files.
 *
 * Purpose   Turns an instant into the local wall clock of an IANA zone and back, with both hours of an
 *           autumn night.
 * Units     Offsets in seconds east of UTC; instants in microseconds UTC.
 * Shapes    A local time can be none (spring gap), one, or two instants (autumn overlap).
 * Errors    MT_E_ABSENT  no such zone, with the nearest name when there is one;  MT_E_INPUT  a damaged file.
 * Ownership A zone is an arena value of the context it was read with; it is constant afterwards.
 * Threads   A zone may be read by many threads at once; nothing global is kept.
 * Cost      O(log transitions) a lookup; times after the file's last transition follow its POSIX rule.
 * Source    RFC 8536 (TZif version 1 to 4), POSIX.1-2017 TZ rules in the footer.
 */
#ifndef MT_BASE_ZONE_H
#define MT_BASE_ZONE_H

#include "base/ctx.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_zone mt_zone;

/* `directory` NULL: /usr/share/zoneinfo. Names that leave the directory are refused. */
MT_API MT_MUST_USE mt_code mt_zone_read(mt_ctx *cx, const mt_zone **out, const char *name,
                                        const char *directory);

/* The same from the bytes of a TZif file; `name` is for messages. */
MT_API MT_MUST_USE mt_code mt_zone_parse(mt_ctx *cx, const mt_zone **out, const char *name,
                                         const uint8_t *bytes, size_t n);

MT_API const char *mt_zone_name(const mt_zone *zone);
MT_API int32_t mt_zone_offset_s(const mt_zone *zone, mt_time t); /* seconds east of UTC at that instant */
MT_API const char *mt_zone_abbreviation(const mt_zone *zone, mt_time t); /* "CET"; borrowed from the zone */
MT_API mt_civil mt_zone_civil(const mt_zone *zone, mt_time t);           /* the wall clock */

/* The instants with that wall clock, ascending: returns 0, 1 or 2 and writes as many. */
MT_API int mt_zone_instants(const mt_zone *zone, mt_civil local, mt_time out[2]);

MT_END_DECLS
#endif
