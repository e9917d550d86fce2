/* The JSON object of what a record said besides its values.
 *
 * Shapes    {"HourDK":"2024-11-06T23:00:00","SpotPriceDKK":713.190002}: begin, add any number of members,
 *           end. No member at all gives NULL.
 * Errors    false or NULL when memory ran out.
 * Ownership One buffer, used again by the next begin.
 */
#ifndef MT_FORMATS_SERIES_PAYLOAD_H
#define MT_FORMATS_SERIES_PAYLOAD_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_payload {
    mt_arena *arena; /* where the buffer grows */
    char *at;
    size_t n, room;
    bool failed;
} mt_payload;

void mt_payload_begin(mt_payload *payload);

/* `name` as it stands between quotes in JSON; `json` is a whole value. */
void mt_payload_json(mt_payload *payload, mt_text name, mt_text json);

/* Name and text in plain; bytes that are no UTF-8 become U+FFFD. */
void mt_payload_text(mt_payload *payload, mt_text name, mt_text text);

/* A plain name with a whole value. */
void mt_payload_value(mt_payload *payload, mt_text name, mt_text json);

/* With a 0 byte behind it; NULL when nothing was added, or after a failure (then `failed`). */
const char *mt_payload_end(mt_payload *payload);

MT_END_DECLS
#endif
