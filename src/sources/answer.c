/* What every provider does with an answer: one page at a time, whole or not at all. */
#include "sources/answer.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    WORDS_MAX = 80,
    REASON_MAX = 700,
    SETTLED = 3, /* equal distances in a row that are no accident */
    AROUND = 4   /* distances looked at on each side of a gap */
};

static const char *const kind_word[] = {"null",   "true or false", "a number",
                                        "a text", "a JSON array",  "a JSON object"};

mt_code mt_page_fail(mt_page *page, mt_code code, const char *format, ...)
{
    char reason[REASON_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return mt_fail(page->cx, code, "%s, %s: %s", page->ask->source->name, page->ask->query->dataset->name,
                   reason);
}

/* The beginning of a body on one line, with control characters left out. */
static void show_words(const mt_page *page, mt_text body, char *out)
{
    size_t n = 0;
    if (page->ask->holds_token) body = mt_text_of("(not shown: it may hold a token)");
    for (size_t k = 0; k < body.length && n < WORDS_MAX; k++) {
        unsigned char c = (unsigned char)body.at[k];
        if (c <= ' ') {
            if (n && out[n - 1] != ' ') out[n++] = ' ';
        } else if (c < 0x7F) {
            out[n++] = (char)c;
        } else {
            out[n++] = '?';
        }
    }
    out[n] = '\0';
}

static bool is_html(const mt_http_answer *answer)
{
    const char *at = answer->body.at;
    size_t n = answer->body.length;
    if (strstr(answer->content_type ? answer->content_type : "", "html")) return true;
    while (n && isspace((unsigned char)*at)) at++, n--;
    return (n > 5 && strncasecmp(at, "<html", 5) == 0) || (n > 9 && strncasecmp(at, "<!doctype", 9) == 0);
}

mt_code mt_page_unexpected(mt_page *page, const mt_http_answer *answer, const char *expected)
{
    char words[WORDS_MAX + 1];
    show_words(page, answer->body, words);
    if (answer->body.length == 0)
        return mt_page_fail(page, MT_E_REMOTE, "%s was expected, but the answer is empty", expected);
    return mt_page_fail(page, MT_E_REMOTE, "%s was expected, but the answer is %s: \"%s\"", expected,
                        is_html(answer) ? "an HTML page" : "something else", words);
}

mt_code mt_page_json(mt_page *page, const mt_http_answer *answer, mt_json_kind kind, const mt_json **out)
{
    const mt_json *json;
    char why[REASON_MAX], words[WORDS_MAX + 1];
    if (answer->body.length == 0 || is_html(answer)) return mt_page_unexpected(page, answer, kind_word[kind]);
    mt_code code = mt_json_read(page->cx, &json, "the answer", answer->body.at, answer->body.length);
    if (code == MT_E_MEMORY) return code;
    if (code != MT_OK) {
        show_words(page, answer->body, words);
        snprintf(why, sizeof why, "%.*s", REASON_MAX - 1,
                 page->ask->holds_token ? "the answer is no JSON" : page->cx->err);
        return mt_page_fail(page, code == MT_E_TOO_LARGE ? code : MT_E_REMOTE,
                            "%s was expected, but %.300s; it begins with \"%s\"", kind_word[kind], why,
                            words);
    }
    if (json->kind != kind) return mt_page_unexpected(page, answer, kind_word[kind]);
    *out = json;
    return MT_OK;
}

static mt_code want(mt_page *page, const mt_json *object, const char *name, mt_json_kind kind,
                    const mt_json **out)
{
    const mt_json *member = mt_json_member(object, name);
    if (!member || member->kind != kind)
        return mt_page_fail(page, MT_E_REMOTE, "\"%s\" should be %s, but is %s", name, kind_word[kind],
                            member ? kind_word[member->kind] : "not there");
    *out = member;
    return MT_OK;
}

mt_code mt_page_array(mt_page *page, const mt_json *object, const char *name, const mt_json **out)
{
    return want(page, object, name, MT_JSON_ARRAY, out);
}

mt_code mt_page_text(mt_page *page, const mt_json *object, const char *name, const char **out)
{
    const mt_json *member = NULL;
    MT_TRY(want(page, object, name, MT_JSON_STRING, &member));
    if (strlen(member->text.at) != member->text.length)
        return mt_page_fail(page, MT_E_REMOTE, "\"%s\" contains a 0 character", name);
    *out = member->text.at;
    return MT_OK;
}

mt_code mt_page_time(mt_page *page, const mt_json *object, const char *name, mt_time *out)
{
    const mt_json *member = NULL;
    bool has_offset;
    mt_day day;
    MT_TRY(want(page, object, name, MT_JSON_STRING, &member));
    mt_text text = member->text;
    if (mt_time_parse(text.at, text.length, out, &has_offset)) return MT_OK;
    if (!mt_day_parse(text.at, text.length, &day))
        return mt_page_fail(page, MT_E_REMOTE,
                            "\"%s\" should be an instant such as 2024-06-01T00:00Z, but is %.40s", name,
                            text.at);
    *out = (mt_time)day * MT_US_DAY;
    return MT_OK;
}

mt_code mt_page_number(mt_page *page, const mt_json *value, const char *name, double *out)
{
    if (value && value->kind == MT_JSON_NULL) {
        *out = NAN;
        return MT_OK;
    }
    if (value && value->kind == MT_JSON_NUMBER) {
        *out = value->real;
        return MT_OK;
    }
    if (value && value->kind == MT_JSON_STRING && mt_real_parse(value->text.at, value->text.length, out))
        return MT_OK;
    return mt_page_fail(page, MT_E_REMOTE, "\"%s\" should be a number or null, but is %s", name,
                        value ? kind_word[value->kind] : "not there");
}

mt_code mt_page_real(mt_page *page, const mt_json *object, const char *name, bool optional, double *out)
{
    const mt_json *member = mt_json_member(object, name);
    if (!member && optional) {
        *out = NAN;
        return MT_OK;
    }
    return mt_page_number(page, member, name, out);
}

mt_code mt_page_times(mt_page *page, const mt_json *array, const char *name, mt_time unit, mt_time **out)
{
    mt_time *at;
    size_t k = 0;
    int64_t whole;
    MT_TRY(MT_NEW(page->cx, &at, array->count + 1));
    for (const mt_json *value = array->first; value; value = value->next, k++) {
        if (value->kind != MT_JSON_NUMBER || !mt_int_parse(value->text.at, value->text.length, &whole) ||
            whole < INT64_MIN / 4 / unit || whole > INT64_MAX / 4 / unit)
            return mt_page_fail(page, MT_E_REMOTE,
                                "\"%s\" should be whole numbers of time, but element %zu is %s", name, k + 1,
                                value->text.at ? value->text.at : kind_word[value->kind]);
        at[k] = whole * unit;
    }
    *out = at;
    return MT_OK;
}

mt_time mt_page_step(const mt_time *start, size_t n, mt_time usual)
{
    mt_time least = 0;
    for (size_t k = 1; k < n; k++) {
        mt_time distance = start[k] - start[k - 1];
        if (distance > 0 && (least == 0 || distance < least)) least = distance;
    }
    return least ? least : usual;
}

/* As market time units are. */
static bool is_unit(mt_time distance)
{
    static const int minutes[] = {5, 15, 30, 60};
    for (size_t k = 0; k < sizeof minutes / sizeof *minutes; k++)
        if (distance == minutes[k] * MT_US_MINUTE) return true;
    return false;
}

/* Is distance k one of a row of equal ones, so that it is a step and no gap? `n` distances. */
static bool is_settled(const mt_time *start, size_t n, size_t k)
{
    mt_time distance = start[k + 1] - start[k];
    size_t first = k, last = k;
    if (!is_unit(distance) || mt_time_floor(start[k], distance) != start[k]) return false;
    while (first > 0 && k - first < SETTLED && start[first] - start[first - 1] == distance) first--;
    while (last + 1 < n && last - k < SETTLED && start[last + 2] - start[last + 1] == distance) last++;
    size_t alike = last - first + 1;
    bool at_edge = first == 0 || last + 1 == n;
    return alike >= SETTLED || alike == n || (at_edge && alike + 1 >= SETTLED);
}

/* The most usual unit around distance k, the earlier of two; 0: there is none. */
static mt_time usual_around(const mt_time *start, size_t n, size_t k)
{
    mt_time best = 0;
    int most = 0;
    size_t from = k > AROUND ? k - AROUND : 0, to = k + AROUND < n ? k + AROUND : n - 1;
    for (size_t i = from; i <= to; i++) {
        mt_time distance = start[i + 1] - start[i];
        int times = 0;
        for (size_t j = from; j <= to; j++) times += start[j + 1] - start[j] == distance;
        if (!is_unit(distance) || times <= most) continue;
        best = distance;
        most = times;
    }
    return best;
}

mt_code mt_page_steps(mt_page *page, const mt_time *start, size_t n, mt_time usual, mt_time **out)
{
    mt_time *step, least = mt_page_step(start, n, usual);
    MT_TRY(MT_NEW(page->cx, &step, n + 1));
    for (size_t k = 0; k + 1 < n; k++) {
        mt_time distance = start[k + 1] - start[k];
        step[k] = is_settled(start, n - 1, k) ? distance : usual_around(start, n - 1, k);
        if (!step[k]) step[k] = least;
        if (distance > 0 && distance < step[k]) step[k] = distance; /* too short for a gap */
    }
    if (n) step[n - 1] = n > 1 ? step[n - 2] : usual;
    *out = step;
    return MT_OK;
}

static bool is_inside(const mt_page_ask *ask, const mt_observation *row)
{
    if (ask->from == MT_TIME_NONE) return true;
    if (row->start >= ask->to) return false;
    return row->start >= ask->from || row->start + row->step > ask->from;
}

mt_code mt_page_add(mt_page *page, const mt_observation *row)
{
    if (!is_inside(page->ask, row)) {
        page->outside++;
        return MT_OK;
    }
    MT_TRY(mt_ctx_grow(page->cx, &page->at, page->n, &page->room, sizeof *page->at));
    mt_observation *put = &page->at[page->n++];
    *put = *row;
    if (!put->area) put->area = "";
    if (!put->detail) put->detail = "";
    if (!put->unit) put->unit = "";
    if (!put->source) put->source = page->ask->source->name;
    if (put->known_at == 0 || put->known_at == MT_TIME_NONE) put->known_at = page->ask->call->now;
    return page->n % MT_CHUNK_ROWS ? MT_OK : mt_ctx_check(page->cx);
}

/* Row i of the chunk from a plain struct. */
static void put_value(const mt_field *field, void *data, uint64_t *valid, size_t i, const mt_observation *row)
{
    mt_value value = mt_field_get(field, row);
    if (!value.present) return;
    valid[i / 64] |= (uint64_t)1 << (i % 64);
    if (field->type == MT_TEXT)
        ((mt_text *)data)[i] = value.as.text;
    else if (field->type == MT_REAL)
        ((double *)data)[i] = value.as.real;
    else
        ((int64_t *)data)[i] = value.as.integer;
}

static mt_code make_columns(mt_ctx *memory, void *data[], uint64_t *valid[])
{
    for (size_t c = 0; c < MT_OBSERVATION_COLUMNS; c++) {
        MT_TRY(mt_ctx_alloc(memory, &data[c], MT_CHUNK_ROWS, sizeof(mt_text)));
        MT_TRY(MT_NEW(memory, &valid[c], MT_CHUNK_ROWS / 64));
    }
    return MT_OK;
}

mt_code mt_page_push(mt_ctx *cx, mt_sink *out, mt_ctx *memory, const mt_observation *row, size_t n)
{
    mt_column col[MT_OBSERVATION_COLUMNS];
    void *data[MT_OBSERVATION_COLUMNS];
    uint64_t *valid[MT_OBSERVATION_COLUMNS];
    mt_code code = make_columns(memory, data, valid);
    if (code != MT_OK) return memory == cx ? code : mt_fail(cx, code, "%s", memory->err);
    for (size_t c = 0; c < MT_OBSERVATION_COLUMNS; c++)
        col[c] = (mt_column){.data = data[c], .valid = valid[c]};
    for (size_t k = 0; k < n; k += MT_CHUNK_ROWS) {
        size_t some = n - k < MT_CHUNK_ROWS ? n - k : MT_CHUNK_ROWS;
        for (size_t c = 0; c < MT_OBSERVATION_COLUMNS; c++) {
            memset(valid[c], 0, MT_CHUNK_ROWS / 8);
            for (size_t i = 0; i < some; i++)
                put_value(&mt_observation_col[c], data[c], valid[c], i, &row[k + i]);
        }
        MT_TRY(mt_sink_push(out, cx, &(mt_chunk){.n = some, .col = col}));
        MT_TRY(mt_ctx_check(cx));
    }
    return MT_OK;
}

static mt_code read_page(mt_page *page)
{
    const mt_page_ask *ask = page->ask;
    mt_http_answer answer;
    mt_time fresh = ask->fresh_for ? ask->fresh_for : ask->query->dataset->publish_every;
    mt_http_request request = {.policy = ask->source->policy,
                               .url = ask->url,
                               .method = ask->method,
                               .body = ask->body,
                               .header = ask->header,
                               .n_header = ask->n_header,
                               .tries = ask->call->tries,
                               .fresh_for = fresh > 0 ? fresh : 0};
    if (ask->call->pages) ++*ask->call->pages;
    MT_TRY(mt_http_fetch(page->cx, ask->call->http, &request, &answer));
    return mt_http_hush(page->cx, ask->read(page->cx, page, &answer, ask->arg), &request);
}

static void tell_outside(mt_ctx *cx, const mt_page *page)
{
    if (!page->outside) return;
    mt_log(cx, page->n ? MT_LOG_INFO : MT_LOG_WARN,
           "%s, %s: %llu values lie outside the time that was asked for and are left out%s",
           page->ask->source->name, page->ask->query->dataset->name, (unsigned long long)page->outside,
           page->n ? "" : "; none lies inside");
}

static void cancel_page(void *arg)
{
    mt_ctx_cancel(arg);
}

mt_code mt_page_fetch(mt_ctx *cx, const mt_page_ask *ask, mt_sink *out)
{
    mt_ctx own;
    mt_page page = {.ask = ask, .cx = &own};
    mt_ctx_init(&own, &cx->options);
    mt_code code = mt_ctx_on_cancel(cx, cancel_page, &own);
    if (code == MT_OK) {
        code = read_page(&page);
        mt_ctx_off_cancel(cx, cancel_page, &own);
        if (code != MT_OK) code = mt_fail(cx, code, "%s", own.err);
    }
    if (code == MT_OK) code = mt_page_push(cx, out, &own, page.at, page.n);
    if (code == MT_OK) tell_outside(cx, &page);
    mt_ctx_close(&own);
    return code;
}

bool mt_span_cut(mt_time *at, mt_time to, mt_time most, mt_time *piece_from, mt_time *piece_to)
{
    if (*at >= to) return false;
    *piece_from = *at;
    *piece_to = most > 0 && to - *at > most ? *at + most : to;
    *at = *piece_to;
    return true;
}

double mt_energy_mwh(double power_mw, mt_time step)
{
    return power_mw * ((double)step / (double)MT_US_HOUR);
}

size_t mt_dataset_index(const mt_source *source, const mt_source_query *query)
{
    size_t k = 0;
    while (source->dataset[k].name && strcmp(source->dataset[k].name, query->dataset->name) != 0) k++;
    return k;
}

void mt_stamp_minutes(mt_time t, char out[24])
{
    mt_civil c = mt_time_civil(t);
    snprintf(out, 24, "%04d-%02d-%02dT%02d:%02dZ", c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
             c.minute % 100);
}

mt_source_query mt_check_query(const mt_source *source, const mt_source_call *call, const char *name,
                               const char *area)
{
    const mt_source_dataset *dataset = source->dataset;
    while (dataset[1].name && strcmp(dataset->name, name) != 0) dataset++;
    mt_time day = mt_time_floor(call->now, MT_US_DAY);
    return (mt_source_query){.dataset = dataset, .area = area, .from = day - MT_US_DAY, .to = day};
}

mt_code mt_document_text(mt_ctx *cx, mt_json_writer *json, mt_out *memory, const char **out)
{
    mt_code code = mt_json_done(json);
    mt_text bytes = mt_out_bytes(memory);
    while (bytes.length && bytes.at[bytes.length - 1] == '\n') bytes.length--;
    if (code == MT_OK) code = mt_text_copy(cx, out, bytes);
    mt_out_close(memory);
    return code;
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink, (void)cx, (void)schema;
    return MT_OK;
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    (void)sink, (void)cx, (void)chunk;
    return MT_OK;
}

static mt_code take_end(mt_sink *sink, mt_ctx *cx)
{
    (void)sink, (void)cx;
    return MT_OK;
}

static void take_close(mt_sink *sink)
{
    (void)sink;
}

mt_code mt_check_sink(mt_ctx *cx, mt_sink **out)
{
    static const mt_sink_ops ops = {take_schema, take_rows, take_end, take_close};
    MT_TRY(MT_NEW(cx, out, 1));
    (*out)->ops = &ops;
    return MT_OK;
}
