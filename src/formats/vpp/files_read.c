/* Many files into one taker: read by several threads, taken one call at a time. */
#include "formats/vpp/reader.h"

#include "base/pool.h"

#include <stdio.h>
#include <string.h>

/* Workers draw files from here. */
struct crew {
    const mt_vpp_file *file;
    size_t n;
    const mt_vpp_options *options;
    const mt_vpp_taker *taker;
    const mt_ctx_options *context;
    pthread_mutex_t lock; /* of the taker and of the failure */
    size_t next;          /* atomic */
    bool stop;            /* atomic */
    mt_code code;         /* of the first failure beside the caller's */
    char sentence[MT_ERR_TEXT_MAX];
};

static mt_code read_some(mt_ctx *cx, struct crew *crew, size_t first)
{
    while (!__atomic_load_n(&crew->stop, __ATOMIC_ACQUIRE)) {
        size_t k = __atomic_fetch_add(&crew->next, 1, __ATOMIC_RELAXED);
        if (k >= crew->n) break;
        mt_ctx_progress(cx, "files", first + k, first + crew->n, "files");
        mt_code code = mt_vpp_file_give(cx, &crew->file[k], crew->options, crew->taker, &crew->lock);
        if (code == MT_OK) continue;
        __atomic_store_n(&crew->stop, true, __ATOMIC_RELEASE);
        return code;
    }
    return MT_OK;
}

/* A worker's context is its own, and says nothing of progress: the caller's does. */
static void help(void *arg, int worker)
{
    struct crew *crew = arg;
    mt_ctx_options options = *crew->context;
    mt_ctx cx;
    (void)worker;
    options.progress = NULL;
    mt_ctx_init(&cx, &options);
    mt_code code = read_some(&cx, crew, 0);
    if (code != MT_OK) {
        pthread_mutex_lock(&crew->lock);
        if (crew->code == MT_OK) snprintf(crew->sentence, sizeof crew->sentence, "%s", cx.err);
        if (crew->code == MT_OK) crew->code = code;
        pthread_mutex_unlock(&crew->lock);
    }
    mt_ctx_close(&cx);
}

/* The caller reads too. */
static mt_code read_beside(mt_ctx *cx, struct crew *crew, size_t first, int helpers)
{
    mt_pool *pool;
    MT_TRY(mt_pool_open(cx, &pool, helpers, helpers));
    mt_code code = MT_OK;
    for (int k = 0; k < helpers && code == MT_OK; k++) code = mt_pool_submit(cx, pool, help, crew);
    if (code == MT_OK) code = read_some(cx, crew, first);
    if (code == MT_OK) code = mt_ctx_check(cx); /* the others, who are not cancelled, may have done it all */
    __atomic_store_n(&crew->stop, crew->stop || code != MT_OK, __ATOMIC_RELEASE);
    mt_pool_close(pool);
    if (code == MT_OK && crew->code != MT_OK) code = mt_fail(cx, crew->code, "%s", crew->sentence);
    return code;
}

/* Records of these files may come in any order: a taker tells them apart by subject, time and file. */
static bool is_free(const mt_vpp_file *file)
{
    bool counted = file->kind == MT_VPP_PRIVATE_TRADES || file->kind == MT_VPP_PUBLIC_TRADES;
    bool master = file->kind == MT_VPP_CONTRACTS || file->kind == MT_VPP_PARTIES ||
                  file->kind == MT_VPP_TECHNICAL || file->kind == MT_VPP_MARKET_VALUES;
    return !counted && !master;
}

static mt_code read_run(mt_ctx *cx, const mt_vpp_file *file, size_t first, size_t n,
                        const mt_vpp_options *options, const mt_vpp_taker *taker, int workers)
{
    enum { WORTH_A_THREAD = 8 }; /* files */
    struct crew crew = {.file = file + first,
                        .n = n,
                        .options = options,
                        .taker = taker,
                        .context = &cx->options,
                        .lock = PTHREAD_MUTEX_INITIALIZER};
    bool alone = workers < 2 || n < WORTH_A_THREAD || !is_free(crew.file);
    mt_code code = alone ? read_some(cx, &crew, first) : read_beside(cx, &crew, first, workers - 1);
    pthread_mutex_destroy(&crew.lock);
    return code;
}

mt_code mt_vpp_files_read(mt_ctx *cx, const mt_vpp_file *file, size_t n, const mt_vpp_options *options,
                          const mt_vpp_taker *taker, int workers)
{
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && is_free(&file[end]) == is_free(&file[first]);) end++;
        MT_TRY(read_run(cx, file, first, end - first, options, taker, workers));
    }
    return MT_OK;
}
