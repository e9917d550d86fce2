/* Waiting for a store or a broker that is away: longer each time, ended by the caller's wish, told once. */
#include "ingest/run.h"

#include <time.h>

enum { FIRST_WAIT_US = 50000, LONGEST_WAIT_US = 30000000, SLICE_US = 20000 };

bool mt_patience_helps(mt_code code)
{
    return code == MT_E_BUSY || code == MT_E_IO || code == MT_E_MEMORY;
}

static mt_code sleep_for(mt_run *run, int64_t wait_us)
{
    int64_t until = mt_run_monotonic(run) + wait_us;
    for (;;) {
        MT_TRY(mt_ctx_check(run->cx));
        int64_t left = until - mt_run_monotonic(run);
        if (left <= 0) return MT_OK;
        nanosleep(&(struct timespec){0, (left < SLICE_US ? left : SLICE_US) * 1000}, NULL);
    }
}

mt_code mt_patience_wait(mt_run *run)
{
    mt_patience *p = &run->patience;
    if (!p->wait_us)
        mt_log(run->cx, MT_LOG_WARN, "nothing is stored for now, the batch is kept and tried again: %s",
               run->work.err);
    mt_metric_set(run->watch.waiting, 1);
    mt_metric_add(run->watch.retries, 1);
    run->counts.retries++;
    p->tries++;
    p->wait_us = !p->wait_us                        ? FIRST_WAIT_US
                 : p->wait_us * 2 < LONGEST_WAIT_US ? p->wait_us * 2
                                                    : LONGEST_WAIT_US;
    mt_ctx_forgive(&run->work);
    return sleep_for(run, p->wait_us);
}

void mt_patience_over(mt_run *run)
{
    mt_patience *p = &run->patience;
    if (p->wait_us)
        mt_log(run->cx, MT_LOG_INFO, "rows are stored again, after %llu tries", (unsigned long long)p->tries);
    mt_metric_set(run->watch.waiting, 0);
    *p = (mt_patience){0};
}
