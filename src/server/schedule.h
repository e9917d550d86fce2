/* Operations that run by themselves when they are due.
 *
 * Purpose   Fetching, joining, reporting at their times, on the same workers as requests.
 * Shapes    An entry never runs twice at once: what is due while it runs is skipped and counted. What was
 *           missed while the server was down is run once at its start, and so is what was not ended well:
 *           `state_path` keeps when the last run began that ended well. An entry never seen before waits for
 *           its time if it is a cron expression, and is due at once if it is "every".
 *           A run that failed for a reason outside (a provider, the network, the store) is tried again after
 *           1, 2, 4, ... at most 60 minutes, where its own time does not come first.
 * Errors    Of a run: kept with the entry and logged.
 * Ownership mt_schedule_open/_close; entries and what they point to are borrowed.
 * Threads   One of its own decides; operations run on the jobs' workers.
 */
#ifndef MT_SERVER_SCHEDULE_H
#define MT_SERVER_SCHEDULE_H

#include "io/json.h"
#include "server/cron.h"
#include "server/site.h"

MT_BEGIN_DECLS

typedef struct mt_schedule_entry {
    const char *text; /* as it was written: its name */
    mt_due due;
    const mt_op *op;
    const mt_given *given;
    size_t n_given;
} mt_schedule_entry;

typedef struct mt_schedule_options {
    const mt_schedule_entry *entry;
    size_t n;
    const char *state_path; /* NULL: nothing is remembered */
    mt_site *site;
    mt_log_fn *log;
    void *log_arg;
} mt_schedule_options;

typedef struct mt_schedule mt_schedule;

MT_MUST_USE mt_code mt_schedule_open(mt_ctx *cx, mt_schedule **out, const mt_schedule_options *options);

/* Starts nothing more. */
void mt_schedule_stop(mt_schedule *schedule);

/* Cancels and waits for what runs. */
void mt_schedule_close(mt_schedule *schedule); /* NULL allowed */

/* {"entries":[{"entry","operation","state","next","started","finished","rows","runs","skipped",
 * "message"}]} */
void mt_schedule_tell(mt_schedule *schedule, mt_json_writer *json);

MT_END_DECLS
#endif
