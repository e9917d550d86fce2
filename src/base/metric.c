/* Series in a hash table that only grows; values are atomics, so that counting takes no lock. */
#include "base/metric.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * MT_METRIC_SERIES_MAX, BOUNDS = 16 };

enum kind { COUNTER, GAUGE, SECONDS };

static const char *const kind_word[] = {"counter", "gauge", "histogram"};

static const double bound_s[BOUNDS] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                       0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
static const char *const bound_text[BOUNDS + 1] = {"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
                                                   "0.05",   "0.1",   "0.25",   "0.5",   "1",    "2.5",
                                                   "5",      "10",    "30",     "60",    "+Inf"};

struct mt_metric {
    enum kind kind;
    char *name, *help, *labels;  /* labels "": none */
    uint64_t value;              /* the bits of a double: a count, a state, or the sum of what was seen */
    uint64_t bucket[BOUNDS + 1]; /* SECONDS: how many fell between two bounds */
};

struct mt_metrics {
    pthread_mutex_t lock;
    mt_metric *slot[SLOTS];
    size_t n;
    mt_metric *dropped;
};

static double load_real(const uint64_t *bits)
{
    uint64_t raw = __atomic_load_n(bits, __ATOMIC_RELAXED);
    double value;
    memcpy(&value, &raw, sizeof value);
    return value;
}

static void add_real(uint64_t *bits, double by)
{
    uint64_t before = __atomic_load_n(bits, __ATOMIC_RELAXED), after;
    double value;
    do {
        memcpy(&value, &before, sizeof value);
        value += by;
        memcpy(&after, &value, sizeof after);
    } while (!__atomic_compare_exchange_n(bits, &before, after, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash * UINT64_C(0x100000001b3);
}

static bool is_name(const char *name)
{
    bool good = name[0] && !(name[0] >= '0' && name[0] <= '9');
    for (const char *c = name; *c && good; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        good = letter || *c == '_' || *c == ':' || (*c >= '0' && *c <= '9');
    }
    return good;
}

static void free_metric(mt_metric *metric)
{
    if (!metric) return;
    free(metric->name);
    free(metric->help);
    free(metric->labels);
    free(metric);
}

static mt_metric *make_metric(enum kind kind, const char *name, const char *help, const char *labels)
{
    mt_metric *metric = calloc(1, sizeof *metric);
    if (!metric) return NULL;
    metric->kind = kind;
    metric->name = strdup(name);
    metric->help = strdup(help ? help : "");
    metric->labels = strdup(labels);
    if (metric->name && metric->help && metric->labels) return metric;
    free_metric(metric);
    return NULL;
}

/* The slot of the series, or the empty one where it belongs. Called with the lock held. */
static mt_metric **find_slot(mt_metrics *metrics, const char *name, const char *labels)
{
    uint64_t hash = hash_text(hash_text(UINT64_C(0xcbf29ce484222325), name), labels);
    size_t k = (size_t)((hash ^ hash >> 29) % SLOTS);
    while (metrics->slot[k]) {
        mt_metric *metric = metrics->slot[k];
        if (strcmp(metric->name, name) == 0 && strcmp(metric->labels, labels) == 0) break;
        k = (k + 1) % SLOTS;
    }
    return &metrics->slot[k];
}

static mt_metric *get_metric(mt_metrics *metrics, enum kind kind, const char *name, const char *help,
                             const char *labels)
{
    if (!metrics || !is_name(name)) return NULL;
    pthread_mutex_lock(&metrics->lock);
    mt_metric **slot = find_slot(metrics, name, labels ? labels : ""), *metric = *slot;
    bool full = !metric && metrics->n >= MT_METRIC_SERIES_MAX;
    if (!metric && !full) metric = make_metric(kind, name, help, labels ? labels : "");
    if (metric && !*slot) {
        *slot = metric;
        metrics->n++;
    }
    pthread_mutex_unlock(&metrics->lock);
    if (full) mt_metric_add(metrics->dropped, 1);
    return metric && metric->kind == kind ? metric : NULL;
}

mt_code mt_metrics_open(mt_ctx *cx, mt_metrics **out)
{
    mt_metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics) return mt_fail(cx, MT_E_MEMORY, "no memory for %d metrics", MT_METRIC_SERIES_MAX);
    pthread_mutex_init(&metrics->lock, NULL);
    metrics->dropped = mt_metric_counter(metrics, "merit_metrics_dropped_total",
                                         "Series that were not kept because there are too many", NULL);
    *out = metrics;
    return MT_OK;
}

void mt_metrics_close(mt_metrics *metrics)
{
    if (!metrics) return;
    for (size_t k = 0; k < SLOTS; k++) free_metric(metrics->slot[k]);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

mt_metric *mt_metric_counter(mt_metrics *metrics, const char *name, const char *help, const char *labels)
{
    return get_metric(metrics, COUNTER, name, help, labels);
}

mt_metric *mt_metric_gauge(mt_metrics *metrics, const char *name, const char *help, const char *labels)
{
    return get_metric(metrics, GAUGE, name, help, labels);
}

mt_metric *mt_metric_seconds(mt_metrics *metrics, const char *name, const char *help, const char *labels)
{
    return get_metric(metrics, SECONDS, name, help, labels);
}

void mt_metric_add(mt_metric *metric, double by)
{
    if (metric && metric->kind != SECONDS) add_real(&metric->value, by);
}

void mt_metric_set(mt_metric *metric, double value)
{
    uint64_t bits;
    if (!metric || metric->kind == SECONDS) return;
    memcpy(&bits, &value, sizeof bits);
    __atomic_store_n(&metric->value, bits, __ATOMIC_RELAXED);
}

void mt_metric_observe(mt_metric *metric, double seconds)
{
    int k = 0;
    if (!metric || metric->kind != SECONDS) return;
    while (k < BOUNDS && seconds > bound_s[k]) k++;
    __atomic_fetch_add(&metric->bucket[k], 1, __ATOMIC_RELAXED);
    add_real(&metric->value, seconds);
}

static uint64_t count_seen(const mt_metric *metric)
{
    uint64_t n = 0;
    for (int k = 0; k <= BOUNDS; k++) n += __atomic_load_n(&metric->bucket[k], __ATOMIC_RELAXED);
    return n;
}

double mt_metric_value(const mt_metric *metric)
{
    if (!metric) return 0;
    return metric->kind == SECONDS ? (double)count_seen(metric) : load_real(&metric->value);
}

/* --- text -------------------------------------------------------------------------------------------- */

/* Text that grows in the arena. */
struct page {
    mt_ctx *cx;
    char *at;
    size_t used, room;
    mt_code code;
};

static void put(struct page *page, const char *bytes, size_t n)
{
    if (page->code == MT_OK && n > page->room - page->used) {
        size_t room = 2 * (page->room + n) + 1024;
        char *at = mt_arena_raw(&page->cx->arena, room);
        if (!at) {
            page->code = mt_fail(page->cx, MT_E_MEMORY, "no memory for %zu bytes of metrics", room);
            return;
        }
        if (page->used) memcpy(at, page->at, page->used);
        page->at = at;
        page->room = room;
    }
    if (page->code != MT_OK) return;
    memcpy(page->at + page->used, bytes, n);
    page->used += n;
}

static void put_text(struct page *page, const char *text)
{
    put(page, text, strlen(text));
}

/* What the format escapes: in help backslash and line break, in values the quote too. */
static void put_escaped(struct page *page, const char *text, bool quoted)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            put(page, "\\n", 2);
        else if (*c == '\\')
            put(page, "\\\\", 2);
        else if (*c == '"' && quoted)
            put(page, "\\\"", 2);
        else
            put(page, c, 1);
    }
}

static void put_real(struct page *page, double value)
{
    char text[32];
    if (value != value)
        put_text(page, "NaN");
    else if (value > 1.7e308 || value < -1.7e308)
        put_text(page, value > 0 ? "+Inf" : "-Inf");
    else
        put(page, text, mt_real_text(value, text));
}

/* name_suffix{labels,le="…"} */
static void put_name(struct page *page, const mt_metric *metric, const char *suffix, const char *bound)
{
    put_text(page, metric->name);
    put_text(page, suffix);
    if (metric->labels[0] || bound) put(page, "{", 1);
    put_text(page, metric->labels);
    if (metric->labels[0] && bound) put(page, ",", 1);
    if (bound) put_text(page, "le=\""), put_text(page, bound), put(page, "\"", 1);
    if (metric->labels[0] || bound) put(page, "}", 1);
    put(page, " ", 1);
}

static void put_count(struct page *page, uint64_t n)
{
    char text[24];
    put(page, text, (size_t)snprintf(text, sizeof text, "%llu\n", (unsigned long long)n));
}

static void put_histogram(struct page *page, const mt_metric *metric)
{
    uint64_t n = 0;
    for (int k = 0; k <= BOUNDS; k++) {
        n += __atomic_load_n(&metric->bucket[k], __ATOMIC_RELAXED);
        put_name(page, metric, "_bucket", bound_text[k]);
        put_count(page, n);
    }
    put_name(page, metric, "_sum", NULL);
    put_real(page, load_real(&metric->value));
    put(page, "\n", 1);
    put_name(page, metric, "_count", NULL);
    put_count(page, n);
}

static void put_metric(struct page *page, const mt_metric *metric, bool first)
{
    if (first) {
        put_text(page, "# HELP "), put_text(page, metric->name), put(page, " ", 1);
        put_escaped(page, metric->help, false);
        put_text(page, "\n# TYPE "), put_text(page, metric->name), put(page, " ", 1);
        put_text(page, kind_word[metric->kind]), put(page, "\n", 1);
    }
    if (metric->kind == SECONDS) {
        put_histogram(page, metric);
        return;
    }
    put_name(page, metric, "", NULL);
    put_real(page, load_real(&metric->value));
    put(page, "\n", 1);
}

static int compare_metrics(const void *a, const void *b)
{
    const mt_metric *x = *(const mt_metric *const *)a, *y = *(const mt_metric *const *)b;
    int by_name = strcmp(x->name, y->name);
    return by_name ? by_name : strcmp(x->labels, y->labels);
}

mt_code mt_metrics_text(mt_ctx *cx, mt_text *out, mt_metrics *metrics)
{
    struct page page = {.cx = cx};
    mt_metric **sorted;
    size_t n = 0;
    *out = (mt_text){"", 0};
    if (!metrics) return MT_OK;
    MT_TRY(MT_NEW(cx, &sorted, MT_METRIC_SERIES_MAX));
    pthread_mutex_lock(&metrics->lock);
    for (size_t k = 0; k < SLOTS; k++) {
        if (metrics->slot[k]) sorted[n++] = metrics->slot[k];
    }
    pthread_mutex_unlock(&metrics->lock);
    qsort(sorted, n, sizeof *sorted, compare_metrics);
    for (size_t k = 0; k < n; k++) {
        bool first = k == 0 || strcmp(sorted[k]->name, sorted[k - 1]->name) != 0;
        /* A name has one type; a series of another under the same name is left out. */
        if (!first && sorted[k]->kind != sorted[k - 1]->kind) continue;
        put_metric(&page, sorted[k], first);
    }
    if (page.code == MT_OK && page.used) *out = (mt_text){page.at, page.used};
    return page.code;
}

mt_code mt_metric_label(mt_ctx *cx, const char **out, const char *name, const char *value)
{
    struct page page = {.cx = cx};
    put_text(&page, name);
    put(&page, "=\"", 2);
    put_escaped(&page, value, true);
    put(&page, "\"", 2); /* with its final 0 */
    if (page.code == MT_OK) *out = page.at;
    return page.code;
}
