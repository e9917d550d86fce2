/* The context of one request: its memory, its error sentence, its deadline, its cancel flag, its progress.
 *
 * Purpose   First parameter of every call that may fail or allocate. Results live in its arena until it is
 *           closed.
 * Errors    A failing function says mt_fail(cx, code, "one sentence: what, where, which value, what would
 *           be right") and returns that code; callers pass it on with MT_TRY (nothing open) or MT_TRY_OUT
 *           (to the label `out:`).
 * Ownership The context is a value of its owner; mt_ctx_close releases everything made with it.
 * Threads   One context, one thread; only mt_ctx_cancel may come from another thread or a signal handler's
 *           thread.
 */
#ifndef MT_BASE_CTX_H
#define MT_BASE_CTX_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

MT_BEGIN_DECLS

enum { MT_ERR_TEXT_MAX = 1024, MT_CANCEL_HOOKS_MAX = 8 };

typedef enum mt_log_level { MT_LOG_DEBUG, MT_LOG_INFO, MT_LOG_WARN, MT_LOG_ERROR } mt_log_level;

/* Called with done and total in the unit named by `unit` ("rows", "bytes"); total 0 = not known. */
typedef void mt_progress_fn(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit);
typedef void mt_log_fn(void *arg, mt_log_level level, const char *text);
typedef void mt_cancel_fn(void *arg);

/* Monotonic microseconds; given by the owner, because the library itself reads no clock. */
typedef int64_t mt_monotonic_fn(void *arg);

typedef struct mt_ctx_options {
    size_t size;            /* sizeof(mt_ctx_options), so that the struct may grow */
    mt_allocator allocator; /* zeroed: malloc and free */
    size_t limit_bytes;     /* 0: no limit on the arena */
    mt_progress_fn *progress;
    mt_log_fn *log;
    mt_monotonic_fn *monotonic_us; /* needed for a deadline */
    int64_t deadline_us;           /* on the clock of monotonic_us; 0: none */
    void *arg;                     /* passed to the four functions */
} mt_ctx_options;

typedef struct mt_ctx {
    mt_arena arena;
    mt_code code;              /* of `err`; MT_OK while nothing failed */
    char err[MT_ERR_TEXT_MAX]; /* one sentence */
    mt_ctx_options options;
    int cancelled; /* atomic access only: mt_ctx_cancel, mt_ctx_check */
    int hook_lock; /* guards the two below */
    int hook_count;
    struct {
        mt_cancel_fn *fn;
        void *arg;
    } hook[MT_CANCEL_HOOKS_MAX];
} mt_ctx;

MT_API void mt_ctx_init(mt_ctx *cx, const mt_ctx_options *options /* NULL: defaults */);
MT_API void mt_ctx_close(mt_ctx *cx);

/* Records the sentence and returns `code`. The text of an earlier failure is replaced. */
MT_API mt_code mt_fail(mt_ctx *cx, mt_code code, const char *format, ...) MT_PRINTF(3, 4);

/* Puts "where: " before the sentence of the failure in hand and returns its code. */
MT_API mt_code mt_fail_at(mt_ctx *cx, const char *format, ...) MT_PRINTF(2, 3);

/* Forgets a failure that was dealt with. */
MT_API void mt_ctx_forgive(mt_ctx *cx);

/* MT_OK, MT_E_CANCELLED or MT_E_DEADLINE; long loops ask every few thousand steps. */
MT_API MT_MUST_USE mt_code mt_ctx_check(mt_ctx *cx);

/* Asks the work under `cx` to stop and calls the registered hooks once each. Any thread. */
MT_API void mt_ctx_cancel(mt_ctx *cx);

/* Registers what stops a blocking library call; undo with mt_ctx_off_cancel before `arg` dies. Called at
 * once if `cx` is cancelled already. MT_E_BUG when more than MT_CANCEL_HOOKS_MAX are registered. */
MT_API MT_MUST_USE mt_code mt_ctx_on_cancel(mt_ctx *cx, mt_cancel_fn *fn, void *arg);
MT_API void mt_ctx_off_cancel(mt_ctx *cx, mt_cancel_fn *fn, void *arg);

/* Memory of `count` x `size` bytes in the arena, zeroed; *out is written on success. Overflow is
 * MT_E_MEMORY too. */
MT_API MT_MUST_USE mt_code mt_ctx_alloc(mt_ctx *cx, void *out /* T ** */, size_t count, size_t size);

/* Room for one more than the n values of `size` bytes in *list: twice as many where *room is used up. */
MT_API MT_MUST_USE mt_code mt_ctx_grow(mt_ctx *cx, void *list /* T ** */, size_t n, size_t *room,
                                       size_t size);

MT_API void mt_ctx_progress(mt_ctx *cx, const char *what, uint64_t done, uint64_t total, const char *unit);
MT_API void mt_log(mt_ctx *cx, mt_log_level level, const char *format, ...) MT_PRINTF(3, 4);

/* T *value of n zeroed elements: MT_NEW(cx, &value, n). */
#define MT_NEW(cx, out, n) mt_ctx_alloc((cx), (out), (n), sizeof **(out))

/* Leaves at once with the code of a failed call, where no handle is open. */
#define MT_TRY(call)                                                                                         \
    do {                                                                                                     \
        mt_code mt_try_ = (call);                                                                            \
        if (mt_try_ != MT_OK) return mt_try_;                                                                \
    } while (0)

/* Goes to the one label `out:` with the code in the local variable `code`. */
#define MT_TRY_OUT(call)                                                                                     \
    do {                                                                                                     \
        code = (call);                                                                                       \
        if (code != MT_OK) goto out;                                                                         \
    } while (0)

MT_END_DECLS
#endif
