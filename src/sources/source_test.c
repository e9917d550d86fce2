/* Tests of the door, and what every provider of list.h has to keep to, whatever comes. */
#include "sources/source.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <ctype.h>
#include <cmocka.h>

#include "sources/testing.h"

/* A sink that counts its calls. */
typedef struct counter {
    mt_sink base;
    int schemas, pushes, finishes;
    size_t rows;
} counter;

static mt_code count_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)cx;
    assert_int_equal(schema->n_col, MT_OBSERVATION_COLUMNS);
    ((counter *)sink)->schemas++;
    return MT_OK;
}

static mt_code count_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    (void)cx;
    ((counter *)sink)->pushes++;
    ((counter *)sink)->rows += chunk->n;
    return MT_OK;
}

static mt_code count_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)cx;
    ((counter *)sink)->finishes++;
    return MT_OK;
}

static void count_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops counter_ops = {count_schema, count_push, count_finish, count_close};

/* The area a user would take first: the first word of what --area takes. */
static const char *first_area(const mt_source_dataset *dataset, char area[64])
{
    if (!dataset->area_form) return NULL;
    snprintf(area, 64, "%.*s", (int)strcspn(dataset->area_form, ", ;:("), dataset->area_form);
    return area;
}

/* A day of the dataset. The context's deadline is far beyond what all tries need. */
static mt_code fetch_day(testing *t, const mt_source_dataset *dataset, counter *out)
{
    char area[64];
    mt_source_query query = {.dataset = dataset,
                             .area = first_area(dataset, area),
                             .from = testing_time("2025-06-02"),
                             .to = testing_time("2025-06-03")};
    *out = (counter){.base = {&counter_ops}};
    mt_ctx_forgive(&t->cx);
    return mt_source_fetch(&t->cx, t->source, &t->call, &query, &out->base);
}

static bool is_word(const char *text)
{
    if (!text || !islower((unsigned char)*text)) return false;
    for (; *text; text++) {
        if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && !strchr("_", *text))
            return false;
    }
    return true;
}

/* Words, each of the list of kinds or of its own; a typing error of a listed one is neither. */
static void check_kinds(const mt_source *source, const mt_source_dataset *dataset)
{
    const char *kind[MT_KIND_COUNT], *at = dataset->kinds;
    for (int k = 0; k < MT_KIND_COUNT; k++) kind[k] = mt_kind_name((mt_kind)k);
    while (*at) {
        char word[64];
        size_t n = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, at);
        int nearest = mt_text_nearest(word, kind, MT_KIND_COUNT);
        if (!is_word(word) || (nearest >= 0 && strcmp(kind[nearest], word) != 0))
            fail_msg("%s %s: no kind is called \"%s\"", source->name, dataset->name, word);
        at += n + (at[n] == ' ');
    }
}

static void source__says_who_it_is(void **state)
{
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    assert_true(n >= 1);
    for (size_t k = 0; k < n; k++) {
        const mt_source *s = all[k];
        if (!is_word(s->name)) fail_msg("provider %zu is called %s", k, s->name);
        for (size_t i = 0; i < k; i++) assert_string_not_equal(all[i]->name, s->name);
        assert_true(s->title && *s->title && s->licence && *s->licence);
        assert_true(s->fetch && s->check && s->policy && s->dataset);
        if (!s->base_url || strncmp(s->base_url, "https://", 8) != 0)
            fail_msg("%s: %s", s->name, s->base_url);
        assert_int_not_equal(s->base_url[strlen(s->base_url) - 1], '/');
        assert_string_equal(s->policy->provider, s->name);
        assert_false(s->key_required && !s->key_variable);
        assert_false(s->policy->secret && !s->key_variable);
        if (s->key_variable) assert_string_equal(s->policy->key_variable, s->key_variable);
    }
}

static void source__describes_its_datasets(void **state)
{
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        assert_non_null(all[k]->dataset->name);
        for (const mt_source_dataset *d = all[k]->dataset; d->name; d++) {
            if (!d->doc || !*d->doc || !d->kinds)
                fail_msg("%s %s has no doc or kinds", all[k]->name, d->name);
            check_kinds(all[k], d);
            assert_true(d->step >= 0 && d->publish_every > 0 && d->lag >= 0 && d->look_back >= 0 &&
                        d->most >= 0);
            for (const mt_source_dataset *e = all[k]->dataset; e < d; e++)
                if (strcasecmp(d->name, e->name) == 0) fail_msg("%s has %s twice", all[k]->name, d->name);
        }
    }
}

/* What a provider may answer instead of what it documents; none of it may look like a result. */
static const struct {
    const char *what;
    testing_route route;
} nonsense[] = {
    {"HTML",
     {.match = "*", .type = "text/html", .body = "<!DOCTYPE html><html><body>Maintenance</body></html>"}},
    {"nothing", {.match = "*", .body = ""}},
    {"a word", {.match = "*", .type = "text/plain", .body = "soon"}},
    {"half", {.match = "*", .body = "{\"total\":1,\"data\":[{\"start\":\"2025-06-0"}},
    {"half XML",
     {.match = "*", .type = "text/xml", .body = "<?xml version=\"1.0\"?><Publication_MarketDocument><TimeS"}},
    {"a broken connection", {.match = "*", .way = TESTING_HALF, .body = "{\"total\":1,\"data\":[]}"}},
    {"zeros", {.match = "*", .body = "\0\0\0\0\0\0\0\0", .body_bytes = 8}},
    {"a denial", {.match = "*", .status = 403, .body = "no"}},
    {"an error", {.match = "*", .status = 500, .body = "Internal Server Error"}},
};

static void source__takes_no_nonsense_for_data(void **state)
{
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        const testing_route routes[] = {nonsense[i].route, {0}};
        for (size_t k = 0; k < n; k++) {
            for (const mt_source_dataset *d = all[k]->dataset; d->name; d++) {
                testing t;
                counter out;
                testing_begin(&t, all[k], routes);
                t.speed = 2000;
                mt_code code = fetch_day(&t, d, &out);
                if (code == MT_OK || out.rows || out.finishes || out.schemas > 1)
                    fail_msg("%s %s took %s for data: %zu rows", all[k]->name, d->name, nonsense[i].what,
                             out.rows);
                if (!t.cx.err[0] || !strstr(t.cx.err, all[k]->name))
                    fail_msg("%s %s, %s: %s", all[k]->name, d->name, nonsense[i].what, t.cx.err);
                testing_end(&t);
            }
        }
    }
}

/* Other JSON than the documented: perhaps no news, never rows. */
static void source__makes_no_rows_of_other_documents(void **state)
{
    static const char *const body[] = {
        "{}",
        "[]",
        "null",
        "17",
        "{\"data\":null}",
        "{\"error\":\"x\"}",
        "{\"total\":1,\"records\":[{\"a\":1}],\"data\":[{\"a\":1}],\"series\":[[1]]}"};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t i = 0; i < sizeof body / sizeof *body; i++) {
        const testing_route routes[] = {{.match = "*", .body = body[i]}, {0}};
        for (size_t k = 0; k < n; k++) {
            for (const mt_source_dataset *d = all[k]->dataset; d->name; d++) {
                testing t;
                counter out;
                testing_begin(&t, all[k], routes);
                t.speed = 2000;
                mt_code code = fetch_day(&t, d, &out);
                if (out.rows) fail_msg("%s %s made %zu rows of %s", all[k]->name, d->name, out.rows, body[i]);
                assert_int_equal(out.finishes, code == MT_OK);
                testing_end(&t);
            }
        }
    }
}

/* A server that never answers, one that never ends: each fetch is over in its time and says why. */
static void source__ends_whatever_a_server_does(void **state)
{
    static const testing_route hang[] = {{.match = "*", .way = TESTING_HANG}, {0}};
    static const testing_route drip[] = {{.match = "*",
                                          .way = TESTING_TRICKLE,
                                          .pause_ms = 20,
                                          .file = "tests/http/client/ten_mib_of_zeros.gz"},
                                         {0}};
    const testing_route *const both[] = {hang, drip};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < 2; i++) {
            testing t;
            counter out;
            testing_begin(&t, all[k], both[i]);
            t.speed = 2000;
            int64_t before = testing_real_us();
            mt_code code = fetch_day(&t, all[k]->dataset, &out);
            if (code != MT_E_REMOTE && code != MT_E_DEADLINE && code != MT_E_BUSY)
                fail_msg("%s: %s %s", all[k]->name, mt_code_name(code), t.cx.err);
            assert_true(testing_real_us() - before < 5000000);
            assert_int_equal(out.rows, 0);
            testing_end(&t);
        }
    }
}

static void *cancel_soon(void *arg)
{
    testing_pause(-1, 30);
    mt_ctx_cancel(arg);
    return NULL;
}

static void source__stops_when_it_is_told(void **state)
{
    static const testing_route hang[] = {{.match = "*", .way = TESTING_HANG}, {0}};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        testing t;
        counter out;
        pthread_t thread;
        testing_begin(&t, all[k], hang);
        t.speed = 1;
        int64_t before = testing_real_us();
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &t.cx), 0);
        assert_int_equal(fetch_day(&t, all[k]->dataset, &out), MT_E_CANCELLED);
        pthread_join(thread, NULL);
        assert_true(testing_real_us() - before < 130000);
        testing_end(&t);
    }
}

/* The key as Basic authentication sends it: base64 of it. */
static const char basic_key[] = "dGVzdDpzM2NyZXQtazN5LW9mLXRoZS10ZXN0";

/* The key goes to the provider and into no word that is said. */
static void check_key(testing *t)
{
    const mt_source *s = t->source;
    counter out;
    if (fetch_day(t, s->dataset, &out) != MT_E_AUTH) fail_msg("%s: %s", s->name, t->cx.err);
    if (strstr(t->cx.err, TESTING_SECRET) || strstr(t->log, TESTING_SECRET))
        fail_msg("%s tells its key", s->name);
    if (!strstr(t->cx.err, s->key_variable)) fail_msg("%s: %s", s->name, t->cx.err);
    bool sent = testing_saw(t->server, TESTING_SECRET) || testing_saw(t->server, basic_key);
    if (s->key_required && !sent) fail_msg("%s sends no key", s->name);
    if (strstr(t->cx.err, basic_key) || strstr(t->log, basic_key)) fail_msg("%s tells its key", s->name);
    mt_ctx_forgive(&t->cx);
    if (mt_source_check(&t->cx, s, &t->call) != MT_E_AUTH) fail_msg("%s: %s", s->name, t->cx.err);
    if (strstr(t->cx.err, TESTING_SECRET) || strstr(t->log, TESTING_SECRET))
        fail_msg("%s tells its key", s->name);
    t->call.key = NULL;
    if (!s->key_required) return;
    assert_int_equal(fetch_day(t, s->dataset, &out), MT_E_AUTH);
    assert_int_equal(out.schemas, 0);
    assert_non_null(strstr(t->cx.err, s->key_variable));
}

static void source__says_no_key(void **state)
{
    static const testing_route echo[] = {
        {.match = "*", .status = 401, .body = "<p>the key " TESTING_KEY " is unknown</p>"}, {0}};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        testing t;
        if (!all[k]->key_variable) continue;
        testing_begin(&t, all[k], echo);
        check_key(&t);
        testing_end(&t);
    }
}

/* Who checks wants to know soon; a fetch asks again. */
static void source__is_checked_by_one_try(void **state)
{
    static const testing_route down[] = {{.match = "*", .status = 503, .body = "down"}, {0}};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t k = 0; k < n; k++) {
        testing t;
        counter out;
        testing_begin(&t, all[k], down);
        t.speed = 2000;
        assert_int_equal(mt_source_check(&t.cx, all[k], &t.call), MT_E_REMOTE);
        if (testing_hits(t.server, "*") != 1)
            fail_msg("%s is checked by %d questions", all[k]->name, (int)testing_hits(t.server, "*"));
        assert_int_equal(fetch_day(&t, all[k]->dataset, &out), MT_E_REMOTE);
        if (testing_hits(t.server, "*") < 4) fail_msg("%s is not asked again", all[k]->name);
        testing_end(&t);
    }
}

#define TOKEN_SAID "eyJ-t0ken-that-nobody-may-see"

/* Answers with status 200 that say a key back where readers quote: first words, a reason, a value. */
static const char *const saying_back[] = {
    "the key " TESTING_SECRET " is unknown",
    "{\"reason\":\"no key " TESTING_SECRET "\",\"error\":\"no key " TESTING_SECRET "\"}",
    "{\"error\":{\"message\":\"no " TESTING_SECRET "\"},\"errors\":[\"no " TESTING_SECRET "\"]}",
    "{\"errors\":[\"" TESTING_SECRET "\"]}",
    "[\"" TESTING_SECRET "\"]",
    "{\"filler\":\"of a length that the sentence is cut inside of the k\",\"k\":\"" TESTING_SECRET "\"",
    "{\"response\":{\"total\":\"1\",\"data\":[{\"period\":\"" TESTING_SECRET "\"}]}}",
    "<Acknowledgement_MarketDocument "
    "xmlns=\"urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0\">"
    "<Reason><code>401</code><text>no key " TESTING_SECRET "</text></Reason>"
    "</Acknowledgement_MarketDocument>",
    "Datum;" TESTING_SECRET ";von\n1;" TESTING_SECRET ";3\n",
    "Datum;Zeitzone;von;bis;Deutschland\n1;" TESTING_SECRET ";3;4;5\n",
    "{\"currency_code\":\"" TESTING_SECRET "\",\"data\":[]}",
    "{\"currency_code\":\"" TOKEN_SAID "\",\"data\":[]}",
    "Datum;Zeitzone;von;bis;Deutschland\n" TOKEN_SAID ";" TOKEN_SAID ";3;4;5\n",
    TOKEN_SAID};

/* It gets a token for its key, at its first question. */
static bool signs_in(const mt_source *source)
{
    return source->key_required && !source->policy->secret;
}

static void refuse_words(const testing *t, const char *answer)
{
    static const char *const said[] = {TESTING_SECRET, "s3cret-k3", TOKEN_SAID, "eyJ-t0ken", basic_key};
    for (size_t k = 0; k < (signs_in(t->source) ? 5 : 2); k++) {
        if (strstr(t->cx.err, said[k]) || strstr(t->log, said[k]))
            fail_msg("%s tells %s of %s: %s", t->source->name, said[k], answer, t->cx.err);
    }
}

static void ask_both(const mt_source *source, const testing_route *routes, const char *answer)
{
    for (const mt_source_dataset *d = source->dataset; d->name; d++) {
        testing t;
        counter out;
        testing_begin(&t, source, routes);
        (void)fetch_day(&t, d, &out);
        refuse_words(&t, answer);
        mt_ctx_forgive(&t.cx);
        if (mt_source_check(&t.cx, source, &t.call) == MT_OK) t.cx.err[0] = 0;
        refuse_words(&t, answer);
        testing_end(&t);
    }
}

static void source__says_no_key_that_an_answer_says(void **state)
{
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t i = 0; i < sizeof saying_back / sizeof *saying_back; i++) {
        const testing_route routes[] = {
            {.match = "*/connect/token", .body = "{\"access_token\":\"" TOKEN_SAID "\"}"},
            {.match = "/login*", .body = "{\"bearer_token\":\"" TOKEN_SAID "\"}"},
            {.match = "*", .body = saying_back[i]},
            {0}};
        const testing_route *sets[] = {routes, routes + 2};
        for (size_t k = 0; k < 2 * n; k++) {
            if (all[k / 2]->key_variable) ask_both(all[k / 2], sets[k % 2], saying_back[i]);
        }
    }
}

/* A token that came in half of an answer is a token too. */
static void source__says_no_token_of_a_broken_sign_in(void **state)
{
    static const char *const body[] = {"{\"access_token\":\"" TOKEN_SAID, "{\"bearer_token\":\"" TOKEN_SAID,
                                       "{\"token\":\"" TOKEN_SAID "\"}", "[\"" TOKEN_SAID "\"]"};
    size_t n;
    const mt_source *const *all = mt_sources(&n);
    (void)state;
    for (size_t i = 0; i < sizeof body / sizeof *body; i++) {
        const testing_route routes[] = {{.match = "*", .body = body[i]}, {0}};
        for (size_t k = 0; k < n; k++) {
            if (signs_in(all[k])) ask_both(all[k], routes, body[i]);
        }
    }
}

static void source__is_found_by_name_or_nearly(void **state)
{
    mt_ctx cx;
    const mt_source *source = NULL;
    const mt_source_dataset *dataset = NULL;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_source_find(&cx, &source, "EnergiDataService"), MT_OK);
    assert_string_equal(source->name, "energidataservice");
    assert_int_equal(mt_source_find(&cx, &source, "energidataservise"), MT_E_ABSENT);
    assert_string_equal(cx.err,
                        "there is no data provider energidataservise; did you mean energidataservice?");
    assert_int_equal(mt_source_find(&cx, &source, "zzz"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "there are energidataservice"));
    assert_int_equal(mt_source_dataset_find(&cx, &dataset, source, NULL), MT_OK);
    assert_string_equal(dataset->name, "prices");
    assert_int_equal(mt_source_dataset_find(&cx, &dataset, source, "elspotprices"), MT_OK);
    assert_string_equal(dataset->name, "Elspotprices");
    assert_int_equal(mt_source_dataset_find(&cx, &dataset, source, "DayAheadPrice"), MT_E_ABSENT);
    assert_string_equal(cx.err,
                        "energidataservice has no dataset DayAheadPrice; did you mean DayAheadPrices?");
    mt_ctx_close(&cx);
}

static void source__refuses_a_span_that_is_none(void **state)
{
    static const testing_route routes[] = {{0}};
    testing t;
    counter out = {.base = {&counter_ops}};
    size_t n;
    (void)state;
    testing_begin(&t, mt_sources(&n)[0], routes);
    mt_source_query query = {.dataset = t.source->dataset, .from = 10, .to = 10};
    assert_int_equal(mt_source_fetch(&t.cx, t.source, &t.call, &query, &out.base), MT_E_INPUT);
    query.to = MT_TIME_NONE;
    assert_int_equal(mt_source_fetch(&t.cx, t.source, &t.call, &query, &out.base), MT_E_INPUT);
    assert_int_equal(out.schemas, 0);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source__says_who_it_is),
        cmocka_unit_test(source__describes_its_datasets),
        cmocka_unit_test(source__takes_no_nonsense_for_data),
        cmocka_unit_test(source__makes_no_rows_of_other_documents),
        cmocka_unit_test(source__ends_whatever_a_server_does),
        cmocka_unit_test(source__stops_when_it_is_told),
        cmocka_unit_test(source__is_checked_by_one_try),
        cmocka_unit_test(source__says_no_key),
        cmocka_unit_test(source__says_no_key_that_an_answer_says),
        cmocka_unit_test(source__says_no_token_of_a_broken_sign_in),
        cmocka_unit_test(source__is_found_by_name_or_nearly),
        cmocka_unit_test(source__refuses_a_span_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
