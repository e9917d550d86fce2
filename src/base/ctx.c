/* The request's context: sentences, cancel hooks, allocation with an error. */
#include "base/ctx.h"

#include <stdio.h>
#include <string.h>

void mt_ctx_init(mt_ctx *cx, const mt_ctx_options *options)
{
    memset(cx, 0, sizeof *cx);
    if (options) {
        size_t known = options->size < sizeof cx->options ? options->size : sizeof cx->options;
        memcpy(&cx->options, options, known);
    }
    mt_arena_init(&cx->arena, &cx->options.allocator, cx->options.limit_bytes);
}

void mt_ctx_close(mt_ctx *cx)
{
    mt_arena_close(&cx->arena);
}

/* Sentences of libraries bring line breaks; ours stand on one line. */
static void join_lines(char *text)
{
    char *to = text;
    for (const char *c = text; *c; c++) {
        bool blank = *c == '\n' || *c == '\r' || *c == '\t';
        if (blank && (to == text || to[-1] == ' ')) continue;
        *to++ = blank ? ' ' : *c;
    }
    while (to > text && to[-1] == ' ') to--;
    *to = 0;
}

mt_code mt_fail(mt_ctx *cx, mt_code code, const char *format, ...)
{
    char text[MT_ERR_TEXT_MAX]; /* the arguments may point into cx->err */
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    join_lines(text);
    memcpy(cx->err, text, sizeof text);
    cx->code = code;
    return code;
}

mt_code mt_fail_at(mt_ctx *cx, const char *format, ...)
{
    char text[MT_ERR_TEXT_MAX];
    va_list values;
    va_start(values, format);
    int n = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    size_t used = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    const char *const part[] = {": ", cx->err};
    for (size_t k = 0; k < 2; k++) {
        for (const char *c = part[k]; *c && used + 1 < sizeof text; c++) text[used++] = *c;
    }
    text[used] = 0;
    memcpy(cx->err, text, used + 1);
    return cx->code;
}

void mt_ctx_forgive(mt_ctx *cx)
{
    cx->code = MT_OK;
    cx->err[0] = 0;
}

mt_code mt_ctx_check(mt_ctx *cx)
{
    if (__atomic_load_n(&cx->cancelled, __ATOMIC_RELAXED)) {
        return mt_fail(cx, MT_E_CANCELLED, "stopped by the caller");
    }
    if (cx->options.deadline_us && cx->options.monotonic_us &&
        cx->options.monotonic_us(cx->options.arg) > cx->options.deadline_us) {
        return mt_fail(cx, MT_E_DEADLINE, "the time allowed ran out");
    }
    return MT_OK;
}

/* The lock is held for a few instructions only, by the owner and by a canceller. */
static void lock_hooks(mt_ctx *cx)
{
    while (__atomic_exchange_n(&cx->hook_lock, 1, __ATOMIC_ACQUIRE)) {
    }
}

static void unlock_hooks(mt_ctx *cx)
{
    __atomic_store_n(&cx->hook_lock, 0, __ATOMIC_RELEASE);
}

void mt_ctx_cancel(mt_ctx *cx)
{
    lock_hooks(cx);
    int before = __atomic_exchange_n(&cx->cancelled, 1, __ATOMIC_SEQ_CST);
    for (int k = 0; !before && k < cx->hook_count; k++) cx->hook[k].fn(cx->hook[k].arg);
    unlock_hooks(cx);
}

mt_code mt_ctx_on_cancel(mt_ctx *cx, mt_cancel_fn *fn, void *arg)
{
    bool full = false;
    lock_hooks(cx);
    if (cx->hook_count == MT_CANCEL_HOOKS_MAX) {
        full = true;
    } else {
        cx->hook[cx->hook_count].fn = fn;
        cx->hook[cx->hook_count].arg = arg;
        cx->hook_count++;
        if (__atomic_load_n(&cx->cancelled, __ATOMIC_SEQ_CST)) fn(arg);
    }
    unlock_hooks(cx);
    return full ? mt_fail(cx, MT_E_BUG, "more than %d cancel hooks on one context", MT_CANCEL_HOOKS_MAX)
                : MT_OK;
}

void mt_ctx_off_cancel(mt_ctx *cx, mt_cancel_fn *fn, void *arg)
{
    lock_hooks(cx);
    for (int k = cx->hook_count - 1; k >= 0; k--) {
        if (cx->hook[k].fn != fn || cx->hook[k].arg != arg) continue;
        memmove(&cx->hook[k], &cx->hook[k + 1], (size_t)(cx->hook_count - k - 1) * sizeof cx->hook[0]);
        cx->hook_count--;
        break;
    }
    unlock_hooks(cx);
}

mt_code mt_ctx_alloc(mt_ctx *cx, void *out, size_t count, size_t size)
{
    void *value = NULL;
    size_t total;
    if (!__builtin_mul_overflow(count, size, &total)) value = mt_arena_get(&cx->arena, total);
    if (!value) {
        return mt_fail(cx, MT_E_MEMORY, "no memory for %zu values of %zu bytes (%zu bytes held)", count, size,
                       cx->arena.held_bytes);
    }
    memcpy(out, &value, sizeof value);
    return MT_OK;
}

mt_code mt_ctx_grow(mt_ctx *cx, void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room) return MT_OK;
    size_t more = *room ? *room * 2 : 16;
    void *old, *grown;
    memcpy(&old, list, sizeof old);
    MT_TRY(mt_ctx_alloc(cx, &grown, more, size));
    if (n) memcpy(grown, old, n * size);
    memcpy(list, &grown, sizeof grown);
    *room = more;
    return MT_OK;
}

void mt_ctx_progress(mt_ctx *cx, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    if (cx->options.progress) cx->options.progress(cx->options.arg, what, done, total, unit);
}

void mt_log(mt_ctx *cx, mt_log_level level, const char *format, ...)
{
    if (!cx->options.log) return;
    char text[MT_ERR_TEXT_MAX];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    cx->options.log(cx->options.arg, level, text);
}
