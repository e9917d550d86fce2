/* The work of a server: every request's context on the worker pool, and who stops it.
 *
 * Purpose   Requests over HTTP, commands over the local socket and runs of the schedule share one pool; what
 *           takes rows in has a second one, so that no question, however slow, keeps rows from the store. A
 *           closed connection, a deadline or the end of the server cancels their contexts.
 * Errors    MT_E_BUSY  the queue is full, or the server takes no more work.
 * Ownership mt_jobs_open/_close. A job is its owner's; from submit until `end` it must stay. `end` is the
 *           last thing the pool does with it, and may free it.
 * Threads   Any thread may submit and cancel. `run` and `end` are called on a worker.
 */
#ifndef MT_SERVER_JOBS_H
#define MT_SERVER_JOBS_H

#include "base/metric.h"
#include "base/pool.h"

MT_BEGIN_DECLS

typedef struct mt_jobs mt_jobs;

typedef enum mt_lane { MT_LANE_ASK, MT_LANE_TAKE_IN, MT_LANES } mt_lane;

typedef struct mt_job {
    mt_ctx *cx; /* set up by the owner; its own for the time of the run */
    void (*run)(struct mt_job *job);
    void (*end)(struct mt_job *job);
    mt_lane lane;
    mt_jobs *jobs; /* the rest is the pool's */
    bool active;
    struct mt_job *previous, *next;
} mt_job;

/* `workers` for questions, half as many (at least two) for what takes in; each lane with its own queue. */
MT_MUST_USE mt_code mt_jobs_open(mt_ctx *cx, mt_jobs **out, int workers, int queue_max, mt_metrics *metrics);

/* Waits for what runs. */
void mt_jobs_close(mt_jobs *jobs);

/* The refusal goes into `cx`, which is not job->cx while another thread may use that. */
MT_MUST_USE mt_code mt_jobs_submit(mt_ctx *cx, mt_jobs *jobs, mt_job *job);

/* Cancels the job's context if it waits or runs; else nothing. */
void mt_jobs_cancel(mt_jobs *jobs, mt_job *job);
void mt_jobs_cancel_all(mt_jobs *jobs);

/* How many wait or run. */
int mt_jobs_active(mt_jobs *jobs);

/* Until none waits or runs, at most `wait_us`; true when none does. */
bool mt_jobs_idle(mt_jobs *jobs, int64_t wait_us);

MT_END_DECLS
#endif
