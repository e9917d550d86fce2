/* What every provider does with an answer: ask a page, check its type, stage its rows, push them whole.
 *
 * Purpose   A provider's room holds a table, addresses and the meaning of its fields; the rest is here.
 * Shapes    A page is one request and its rows. `read` turns the answer into rows with mt_page_add; they
 *           are pushed after it succeeded, so nothing of a broken page is. A row whose period does not meet
 *           the page's span is left out and counted; the log says how many, loudly when none was inside
 *           (yesterday's data). Rows get source, known_at (call->now) and empty texts where they have none.
 * Errors    MT_E_REMOTE  the answer is not what the provider documents: "PROVIDER, DATASET: WHAT was
 *           expected, but the answer is …", with its first words;  those of sources/http/client.h;  those
 *           of `read`. What the request keeps secret is in none of them, also where the answer says it.
 * Ownership The cx that `read` gets is the page's own: it dies after the push, with answer, documents and
 *           texts of the rows. Values for several pages are made before, in the caller's cx.
 */
#ifndef MT_SOURCES_ANSWER_H
#define MT_SOURCES_ANSWER_H

#include "io/json.h"
#include "sources/backend.h"

MT_BEGIN_DECLS

typedef struct mt_page mt_page;

typedef mt_code mt_page_read(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg);

/* One request; set by the caller. */
typedef struct mt_page_ask {
    const mt_source *source;
    const mt_source_call *call;
    const mt_source_query *query;
    mt_time from, to;             /* rows outside are left out; MT_TIME_NONE both: all are kept */
    const char *url;              /* whole */
    const char *method;           /* NULL: GET */
    mt_text body;                 /* at NULL: none */
    const mt_http_header *header; /* NULL: none */
    size_t n_header;
    bool holds_token;  /* the answer is a sign-in's: nothing of it is quoted */
    mt_time fresh_for; /* 0: the dataset's publish_every; negative: not cached */
    mt_page_read *read;
    void *arg;
} mt_page_ask;

struct mt_page {
    const mt_page_ask *ask;
    mt_ctx *cx; /* the page's own */
    mt_observation *at;
    size_t n, room;
    uint64_t outside;
};

MT_MUST_USE mt_code mt_page_fetch(mt_ctx *cx, const mt_page_ask *ask, mt_sink *out);

/* Sends n rows on in chunks, whose memory comes from `memory`; schema and finish of `out` are the door's. */
MT_MUST_USE mt_code mt_page_push(mt_ctx *cx, mt_sink *out, mt_ctx *memory, const mt_observation *row,
                                 size_t n);

/* Stages one row; texts are borrowed until the page is done. */
MT_MUST_USE mt_code mt_page_add(mt_page *page, const mt_observation *row);

/* "PROVIDER, DATASET: " and the sentence. */
mt_code mt_page_fail(mt_page *page, mt_code code, const char *format, ...) MT_PRINTF(3, 4);

/* MT_E_REMOTE: `expected` ("a JSON document") did not come; shows the first words of what did. */
mt_code mt_page_unexpected(mt_page *page, const mt_http_answer *answer, const char *expected);

/* The answer as a JSON document of that kind. */
MT_MUST_USE mt_code mt_page_json(mt_page *page, const mt_http_answer *answer, mt_json_kind kind,
                                 const mt_json **out);

/* Members of an answer, with the sentence of mt_page_fail where they are missing or of another type. */
MT_MUST_USE mt_code mt_page_array(mt_page *page, const mt_json *object, const char *name,
                                  const mt_json **out);
MT_MUST_USE mt_code mt_page_text(mt_page *page, const mt_json *object, const char *name, const char **out);

/* An instant, UTC where it has no offset; a day alone is its start. */
MT_MUST_USE mt_code mt_page_time(mt_page *page, const mt_json *object, const char *name, mt_time *out);

/* A number, also as a text of one; null and, where `optional`, no member: NaN. */
MT_MUST_USE mt_code mt_page_real(mt_page *page, const mt_json *object, const char *name, bool optional,
                                 double *out);
MT_MUST_USE mt_code mt_page_number(mt_page *page, const mt_json *value, const char *name, double *out);

/* An array of whole seconds since 1970 (`unit` MT_US_SECOND) or milliseconds; n of them in the page's cx. */
MT_MUST_USE mt_code mt_page_times(mt_page *page, const mt_json *array, const char *name, mt_time unit,
                                  mt_time **out);

/* The smallest distance in an ascending array of starts; `usual` where there is only one. */
mt_time mt_page_step(const mt_time *start, size_t n, mt_time usual);

/* The step of each of n ascending starts, in the page's cx: the distance to the next one, as market time
 * units may change within a page (hours before 2025-10-01, quarters from then on); the last has that of the
 * one before. A distance that is a gap (no 5, 15, 30 or 60 minutes, or one that stands alone) is the most
 * usual one of its neighbours instead. */
MT_MUST_USE mt_code mt_page_steps(mt_page *page, const mt_time *start, size_t n, mt_time usual,
                                  mt_time **out);

/* Cuts [from, to) into pieces of at most `most` (0: one piece): true while there is one. `at` starts as
 * from. */
bool mt_span_cut(mt_time *at, mt_time to, mt_time most, mt_time *piece_from, mt_time *piece_to);

/* Energy of a mean power over a step: MW -> MWh. */
double mt_energy_mwh(double power_mw, mt_time step);

/* The dataset with that name in the source's table is number k. */
size_t mt_dataset_index(const mt_source *source, const mt_source_query *query);

/* "2024-06-01T00:00Z"; room for 24 bytes. */
void mt_stamp_minutes(mt_time t, char out[24]);

/* Ends a document that was written into `memory`, gives its text in cx and closes `memory`. */
MT_MUST_USE mt_code mt_document_text(mt_ctx *cx, mt_json_writer *json, mt_out *memory, const char **out);

/* A query for check(): the dataset called `name`, the day before call->now. */
mt_source_query mt_check_query(const mt_source *source, const mt_source_call *call, const char *name,
                               const char *area);

/* A sink that takes rows and keeps none, for check(). */
MT_MUST_USE mt_code mt_check_sink(mt_ctx *cx, mt_sink **out);

MT_END_DECLS
#endif
