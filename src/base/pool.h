/* A pool of workers with a bounded queue.
 *
 * Purpose   Independent work runs side by side; a full queue refuses at once instead of growing.
 * Errors    MT_E_BUSY when the queue is full, MT_E_FAILED when no thread can be started.
 * Ownership mt_pool_open/_close; close waits for running work and drops nothing that was accepted.
 * Threads   Submit from any thread. The job function runs on a worker and gets that worker's index (0 …
 *           workers-1), so that the caller can keep one context and one store connection a worker.
 */
#ifndef MT_BASE_POOL_H
#define MT_BASE_POOL_H

#include "base/ctx.h"

MT_BEGIN_DECLS

typedef struct mt_pool mt_pool;
typedef void mt_job_fn(void *arg, int worker);

MT_API MT_MUST_USE mt_code mt_pool_open(mt_ctx *cx, mt_pool **out, int workers, int queue_max);
MT_API void mt_pool_close(mt_pool *pool);
MT_API MT_MUST_USE mt_code mt_pool_submit(mt_ctx *cx, mt_pool *pool, mt_job_fn *fn, void *arg);
MT_API int mt_pool_workers(const mt_pool *pool);

MT_END_DECLS
#endif
