/* How observations and the names of their series lie in their tables, and how rows are merged into them.
 *
 * Purpose   Said once for the rooms that write them: the sink of observations (series_store.h) and the
 *           roll-up of old ones (keep/roll_up.h).
 * Shapes    The columns of mt_observation_stored in the order of mt_stored; whose value comes as another type
 *           of number copies them and says so.
 */
#ifndef MT_STORE_DATA_SERIES_PLAN_H
#define MT_STORE_DATA_SERIES_PLAN_H

#include "store/merge.h"

MT_BEGIN_DECLS

enum mt_stored {
    MT_STORED_SERIES_ID,
    MT_STORED_START,
    MT_STORED_VALUE,
    MT_STORED_KNOWN_AT,
    MT_STORED_PAYLOAD,
    MT_STORED_COLUMNS
};

enum { MT_SERIES_COLUMNS = 7 }; /* id, kind, area, detail, unit, source, step_us */

extern const mt_field mt_observation_stored[MT_STORED_COLUMNS + 1];
extern const mt_field mt_series_stored[MT_SERIES_COLUMNS + 1];

/* Of feeds: two that say one value in other words make no revision. */
extern const mt_merge_plan mt_observation_plan;
/* Of values the store makes itself: what they were made of counts. */
extern const mt_merge_plan mt_roll_up_plan;
extern const mt_merge_plan mt_series_plan;

MT_END_DECLS
#endif
