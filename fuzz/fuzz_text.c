/* Fuzzer of the small parsers: decimals, doubles, whole numbers, instants, days, spans, arguments, words.
 *
 * Shapes    Any bytes. What a parser takes must come back as the same value through its own text; what it
 *           refuses must leave the result alone.
 */
#include "base/op.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth) \
    do { \
        if (!(truth)) { \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth); \
            abort(); \
        } \
    } while (0)

static void try_micro(const char *text, size_t n)
{
    mt_micro value = 42, back = 0;
    char out[32];
    if (!mt_micro_parse(text, n, &value)) {
        DEMAND(value == 42);
        return;
    }
    DEMAND(value != MT_MICRO_NONE);
    for (int places = 0; places <= 6; places++) {
        size_t written = mt_micro_text(value, places, out);
        DEMAND(written < sizeof out && strlen(out) == written);
        DEMAND(mt_micro_parse(out, written, &back) && back == value);
    }
}

static void try_real(const char *text, size_t n)
{
    double value = 42, back = 0;
    char out[32];
    if (!mt_real_parse(text, n, &value)) {
        DEMAND(value == 42);
        return;
    }
    DEMAND(isfinite(value));
    size_t written = mt_real_text(value, out);
    DEMAND(written < sizeof out && strlen(out) == written);
    DEMAND(mt_real_parse(out, written, &back) && back == value);
}

static void try_int(const char *text, size_t n)
{
    int64_t value = 42, back = 0;
    char out[32];
    if (!mt_int_parse(text, n, &value)) {
        DEMAND(value == 42);
        return;
    }
    int written = snprintf(out, sizeof out, "%lld", (long long)value);
    DEMAND(mt_int_parse(out, (size_t)written, &back) && back == value);
}

static void try_time(const char *text, size_t n)
{
    mt_time value = 42, back = 0;
    mt_day day = 42, day_back = 0;
    bool has_offset = false;
    char out[MT_TIME_TEXT_MAX];
    if (mt_time_parse(text, n, &value, &has_offset)) {
        size_t written = mt_time_text(value, out);
        DEMAND(written < sizeof out && mt_time_parse(out, written, &back, &has_offset) && back == value &&
               has_offset);
    } else {
        DEMAND(value == 42);
    }
    if (mt_day_parse(text, n, &day)) {
        size_t written = mt_day_text(day, out);
        DEMAND(written < sizeof out && mt_day_parse(out, written, &day_back) && day_back == day);
    } else {
        DEMAND(day == 42);
    }
}

static void try_span(const char *text, size_t n)
{
    mt_time value = 42, back = 0;
    char out[MT_TIME_TEXT_MAX];
    if (!mt_span_parse(text, n, &value)) {
        DEMAND(value == 42);
        return;
    }
    size_t written = mt_span_text(value, out);
    DEMAND(written < sizeof out && mt_span_parse(out, written, &back) && back == value);
}

static void try_word(const char *word)
{
    static const char *const known[] = {
        "market.clear", "market.curve", "market.vwap", "data.quality", "area", "day", ""};
    int found = mt_text_nearest(word, known, sizeof known / sizeof *known);
    DEMAND(found >= -1 && found < 7);
    mt_text trimmed = mt_text_trim(mt_text_of(word));
    DEMAND(trimmed.length <= strlen(word));
    DEMAND(mt_text_equal_nocase(mt_text_of(word), word));
}

struct fuzz_args {
    bool flag;
    int64_t count;
    double price;
    mt_micro tick;
    const char *area;
    mt_time start;
    mt_day day;
    mt_time period;
    int rule;
};

static const char *const rule[] = {"mid", "low", "high", NULL};
static const mt_field fuzz_arg[] = {
    {.name = "flag", MT_BOOL_AT(fuzz_args, flag), .doc = "flag"},
    {.name = "count", MT_INT_AT(fuzz_args, count), .doc = "count"},
    {.name = "price", MT_REAL_AT(fuzz_args, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "price"},
    {.name = "tick", MT_MICRO_AT(fuzz_args, tick), .doc = "tick"},
    {.name = "area", MT_TEXT_AT(fuzz_args, area), .doc = "area"},
    {.name = "start", MT_TIME_AT(fuzz_args, start), .doc = "start"},
    {.name = "day", MT_DAY_AT(fuzz_args, day), .doc = "day"},
    {.name = "period", MT_SPAN_AT(fuzz_args, period), .doc = "period"},
    {.name = "rule", MT_CHOICE_AT(fuzz_args, rule), .choice = rule, .doc = "rule"},
    {0}};
static const mt_op fuzz_op = {
    .name = "fuzz.op", .example = "", .args_size = sizeof(struct fuzz_args), .arg = fuzz_arg};

/* The text as the value of every argument, and as an argument's name. */
static void try_arguments(const char *text)
{
    for (const mt_field *field = fuzz_arg; field->name; field++) {
        mt_ctx cx;
        void *args = NULL;
        const char *back = NULL;
        mt_given given[] = {{field->name, text}};
        mt_ctx_init(&cx, NULL);
        mt_code code = mt_op_args(&cx, &fuzz_op, given, 1, NULL, &args);
        if (code == MT_OK) {
            mt_value value = mt_field_get(field, args);
            DEMAND(value.present && mt_value_text(&cx, &back, field->type, value) == MT_OK && back);
        } else {
            DEMAND(code == MT_E_INPUT && cx.err[0] && !args);
        }
        given[0] = (mt_given){text, "1"};
        code = mt_op_args(&cx, &fuzz_op, given, 1, NULL, &args);
        DEMAND(code == MT_OK || (code == MT_E_INPUT && cx.err[0]));
        mt_ctx_close(&cx);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* of exactly this size, so that a read behind the end is seen */
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = 0;
    try_word(text);
    try_arguments(text);
    text = realloc(text, size ? size : 1);
    DEMAND(text);
    try_micro(text, size);
    try_real(text, size);
    try_int(text, size);
    try_time(text, size);
    try_span(text, size);
    free(text);
    return 0;
}
