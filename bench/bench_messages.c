/* needs: base terms io formats
 *
 * Messages and lines to observations: how many a second, one thread, beside the SAX parser that reads
 * documents (which only parses) and the roof of merely reading the bytes. Argument: number of messages
 * (1,000,000). Everything is in memory. */
#include "bench.h"

#include "formats/series/line_protocol.h"
#include "formats/series/mapping.h"

#include <yajl/yajl_parse.h>

enum { RUNS = 5, MESSAGE_MAX = 200, HOURS = 24 * 28 };

struct bench_text {
    char *at;
    size_t n;
    size_t *begin; /* of each message; one more at the end */
    long messages;
};

struct figure {
    double cpu_s;
    double sum;
};

static uint32_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* What the price topic carries: an hour of an area after the other. */
static int write_message(char *out, long k, uint64_t *state)
{
    static const char *const area[] = {"DK1", "DK2", "DE", "NO2", "SE3", "SE4", "SYSTEM"};
    long hour = k / 7 % HOURS;
    unsigned eur = draw(state) % 200000000, dkk = draw(state) % 1000000000;
    return snprintf(
        out, MESSAGE_MAX,
        "{\"HourUTC\":\"2024-11-%02ldT%02ld:00:00\",\"HourDK\":\"2024-11-%02ldT%02ld:00:00\",\"PriceArea\":"
        "\"%s\",\"SpotPriceDKK\":%u.%06u,\"SpotPriceEUR\":%u.%06u}\n",
        hour / 24 + 1, hour % 24, hour / 24 + 1, (hour + 1) % 24, area[k % 7], dkk / 1000000, dkk % 1000000,
        eur / 1000000, eur % 1000000);
}

/* What an agent on a thousand meters sends. */
static int write_line(char *out, long k, uint64_t *state)
{
    unsigned energy = draw(state) % 100000, power = draw(state) % 5000;
    return snprintf(out, MESSAGE_MAX,
                    "meter,area=DK1,device=m%ld,room=cellar energy=%u.%03u,power=%ui %ld000000000\n",
                    k % 1000, energy / 1000, energy % 1000, power, 1717200000 + k / 1000);
}

static void make_text(struct bench_text *text, long messages, int (*write)(char *, long, uint64_t *))
{
    uint64_t state = 7;
    text->at = malloc((size_t)messages * MESSAGE_MAX);
    text->begin = malloc((size_t)(messages + 1) * sizeof *text->begin);
    if (text->at == NULL || text->begin == NULL) exit(1);
    text->n = 0;
    text->messages = messages;
    for (long k = 0; k < messages; k++) {
        text->begin[k] = text->n;
        text->n += (size_t)write(text->at + text->n, k, &state);
    }
    text->begin[messages] = text->n;
}

static void free_text(struct bench_text *text)
{
    free(text->at);
    free(text->begin);
}

static void demand(mt_ctx *cx, mt_code code)
{
    if (code == MT_OK) return;
    fprintf(stderr, "%s\n", cx->err);
    exit(1);
}

static double map_messages(mt_ctx *cx, const struct bench_text *text)
{
    mt_mapper *mapper;
    mt_mapped mapped;
    double sum = 0;
    demand(cx, mt_mapper_open(cx, &mapper, mt_mapping_find("elspot_topic"), NULL));
    for (long k = 0; k < text->messages; k++) {
        mt_text message = {text->at + text->begin[k], text->begin[k + 1] - text->begin[k]};
        demand(cx, mt_mapper_json(cx, mapper, message, 0, &mapped));
        sum += mapped.n == 1 ? mapped.at->value : 1e9;
    }
    mt_mapper_close(mapper);
    return sum;
}

static double read_lines(mt_ctx *cx, const struct bench_text *text)
{
    mt_lines *lines;
    mt_line_batch batch;
    double sum = 0;
    demand(cx, mt_lines_open(cx, &lines, "bench"));
    mt_lines_text(lines, (mt_text){text->at, text->n}, MT_LINE_NS, 0);
    do {
        demand(cx, mt_lines_next(cx, lines, &batch));
        for (size_t k = 0; k < batch.n; k++) sum += batch.at[k].value;
        sum += (double)batch.n_fault * 1e9;
    } while (batch.n > 0 || batch.n_fault > 0);
    mt_lines_close(lines);
    return sum;
}

/* The peer takes every second number of a message, which is the price in EUR. */
struct counter {
    double sum;
    long numbers;
};

static int on_number(void *arg, const char *at, size_t n)
{
    struct counter *counter = arg;
    char copy[64];
    memcpy(copy, at, n);
    copy[n] = '\0';
    if (counter->numbers++ % 2 == 1) counter->sum += strtod(copy, NULL);
    return 1;
}

static double parse_events(mt_ctx *cx, const struct bench_text *text)
{
    static const yajl_callbacks callbacks = {.yajl_number = on_number};
    struct counter counter = {0, 0};
    yajl_handle yajl = yajl_alloc(&callbacks, NULL, &counter);
    (void)cx;
    if (yajl == NULL) exit(1);
    yajl_config(yajl, yajl_allow_multiple_values, 1);
    if (yajl_parse(yajl, (const unsigned char *)text->at, text->n) != yajl_status_ok) exit(1);
    yajl_free(yajl);
    return counter.sum;
}

static double read_bytes(mt_ctx *cx, const struct bench_text *text)
{
    uint64_t sum = 0;
    (void)cx;
    for (size_t k = 0; k + 8 <= text->n; k += 8) {
        uint64_t word;
        memcpy(&word, text->at + k, 8);
        sum += word;
    }
    return (double)sum;
}

static struct figure measure(const struct bench_text *text,
                             double (*way)(mt_ctx *, const struct bench_text *))
{
    bench_runs runs = {.n = 0};
    double sum = 0;
    for (int run = 0; run < RUNS; run++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        bench_span start = bench_now();
        sum = way(&cx, text);
        bench_add(&runs, bench_since(start));
        mt_ctx_close(&cx);
    }
    return (struct figure){bench_least(runs.cpu_s, runs.n), sum};
}

static bool bench_json(long messages)
{
    struct bench_text text;
    char title[120];
    make_text(&text, messages, write_message);
    snprintf(title, sizeof title, "Price messages in JSON, %ld of %zu bytes; one thread, best of %d",
             messages, text.n / (size_t)messages, RUNS);
    bench_title(title);
    double million = (double)messages * 1e-6;
    struct figure roof = measure(&text, read_bytes), events = measure(&text, parse_events),
                  ours = measure(&text, map_messages);
    bench_print(&(bench_line){"to observations, cpu", "M/s", million / ours.cpu_s,
                              "parsing events only (yajl)", million / events.cpu_s, 1, 0, false});
    bench_print(&(bench_line){"the same, cpu", "M/s", million / ours.cpu_s, "reading every byte",
                              million / roof.cpu_s, 0, 0, false});
    bool agree = bench_agree("  prices agree with the peer's", ours.sum == events.sum);
    free_text(&text);
    return agree;
}

static bool bench_lines(long lines)
{
    struct bench_text text;
    char title[120];
    make_text(&text, lines, write_line);
    snprintf(title, sizeof title,
             "Line protocol, %ld lines of %zu bytes, 2 fields, 1,000 series; one thread, best of %d", lines,
             text.n / (size_t)lines, RUNS);
    bench_title(title);
    double million = (double)lines * 1e-6, sum = 0;
    uint64_t state = 7;
    for (long k = 0; k < lines; k++) {
        unsigned energy = draw(&state) % 100000, power = draw(&state) % 5000;
        sum += (double)energy / 1000;
        sum += power;
    }
    struct figure roof = measure(&text, read_bytes), ours = measure(&text, read_lines);
    bench_print(&(bench_line){"to observations, cpu", "M lines/s", million / ours.cpu_s, "reading every byte",
                              million / roof.cpu_s, 3, 0, false});
    bool agree = bench_agree("  values are those that were written", ours.sum == sum);
    free_text(&text);
    return agree;
}

int main(int argc, char **argv)
{
    long messages = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
    if (messages <= 0) return 1;
    bool agree = bench_json(messages);
    printf("\n");
    return bench_lines(messages) && agree ? 0 : 1;
}
