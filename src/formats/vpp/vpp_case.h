/* What the tests of this folder share: a file from a text, and a taker that keeps what it is given.
 *
 * Purpose   Included by tests only, after cmocka.h. Readers are tested on real files, the way users take.
 * Example   case_read("crm/asset_contracts_20250608_043000.csv", text); assert_int_equal(got.n_contract, 5);
 */
#ifndef MT_FORMATS_VPP_VPP_CASE_H
#define MT_FORMATS_VPP_VPP_CASE_H

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ctx_case.h"
#include "formats/vpp/name.h"

enum { CASE_MAX = 4096, CASE_CALLS = 16, CASE_SENTENCE = 512 };

/* Everything that was given, texts in the context of the test. */
static struct {
    size_t n_contract, n_party, n_plant, n_meter, n_live, n_forecast, n_redispatch, n_value, n_schedule,
        n_outage, n_weather, n_trade, n_finding, n_origin, n_call;
    mt_contract contract[CASE_MAX];
    mt_party party[CASE_CALLS];
    bool issuer[CASE_CALLS];
    mt_plant plant[CASE_MAX];
    mt_meter_value meter[CASE_MAX];
    mt_time time[CASE_MAX]; /* live */
    mt_micro power[CASE_MAX], quality[CASE_MAX];
    bool has_quality;
    mt_forecast_value forecast[CASE_MAX], schedule[CASE_MAX];
    mt_time version[CASE_MAX];
    mt_redispatch_value redispatch[CASE_MAX];
    size_t n_price[MT_VPP_PRICE_COUNT];
    mt_price_value price[MT_VPP_PRICE_COUNT][CASE_MAX];
    mt_market_value value[CASE_MAX];
    mt_outage_value outage[CASE_MAX];
    mt_weather_value weather[CASE_MAX];
    mt_trade trade[CASE_MAX];
    bool is_public;
    mt_finding finding[CASE_CALLS];
    char sentence[CASE_CALLS][CASE_SENTENCE];
    const char *subject[CASE_CALLS]; /* of each call: asset, metering point */
    mt_vpp_origin origin;
    int refuse; /* 1: the next call fails */
} got;

static inline const char *case_keep(const char *text)
{
    const char *copy = NULL;
    if (text != NULL) assert_int_equal(mt_text_copy(&ctx_case, &copy, mt_text_of(text)), MT_OK);
    return copy;
}

static inline mt_code case_called(mt_ctx *cx, const char *subject)
{
    if (got.n_call < CASE_CALLS) got.subject[got.n_call] = case_keep(subject);
    got.n_call++;
    return got.refuse ? mt_fail(cx, MT_E_CONFLICT, "the taker has enough") : MT_OK;
}

/* Of a copy `kept`. */
#define CASE_KEEP(member) kept.member = case_keep(kept.member)

/* Appends n values to a list of `got`. */
#define CASE_APPEND(list, count, values, n)                                                                  \
    do {                                                                                                     \
        assert_true(got.count + (n) <= CASE_MAX);                                                            \
        memcpy(&got.list[got.count], values, (n) * sizeof *(values));                                        \
        got.count += (n);                                                                                    \
    } while (0)

static inline mt_code case_begin(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number)
{
    (void)cx, (void)arg;
    got.origin = *origin;
    *number = 40 + (int)got.n_origin++;
    return MT_OK;
}

static inline mt_code case_contract(mt_ctx *cx, void *arg, int origin, const mt_contract *contract)
{
    (void)arg;
    assert_int_equal(origin, 40);
    mt_contract kept = *contract;
    CASE_KEEP(contract_id), CASE_KEEP(asset_id), CASE_KEEP(metering_point_id), CASE_KEEP(email),
        CASE_KEEP(owner_id);
    CASE_APPEND(contract, n_contract, &kept, 1);
    return case_called(cx, contract->asset_id);
}

static inline mt_code case_party(mt_ctx *cx, void *arg, int origin, const mt_party *party, bool issuer)
{
    (void)arg, (void)origin;
    mt_party kept = *party;
    CASE_KEEP(party_id), CASE_KEEP(name), CASE_KEEP(tax_number), CASE_KEEP(iban), CASE_KEEP(datev_account);
    assert_true(got.n_party < CASE_CALLS);
    got.issuer[got.n_party] = issuer;
    got.party[got.n_party++] = kept;
    return case_called(cx, party->party_id);
}

static inline mt_code case_plant(mt_ctx *cx, void *arg, int origin, const mt_plant *plant)
{
    (void)arg, (void)origin;
    mt_plant kept = *plant;
    CASE_KEEP(asset_id), CASE_KEEP(name), CASE_KEEP(zone), CASE_KEEP(model), CASE_KEEP(tracking),
        CASE_KEEP(status), CASE_KEEP(owner);
    CASE_APPEND(plant, n_plant, &kept, 1);
    return case_called(cx, plant->asset_id);
}

/* Values of a subject, of which `got` has a list. */
#define CASE_TAKES(taker, list, count, type)                                                                 \
    static inline mt_code taker(mt_ctx *cx, void *arg, int origin, const char *subject, const type *value,   \
                                size_t n)                                                                    \
    {                                                                                                        \
        (void)arg, (void)origin;                                                                             \
        CASE_APPEND(list, count, value, n);                                                                  \
        return case_called(cx, subject);                                                                     \
    }
CASE_TAKES(case_meter, meter, n_meter, mt_meter_value)
CASE_TAKES(case_redispatch, redispatch, n_redispatch, mt_redispatch_value)
CASE_TAKES(case_schedule, schedule, n_schedule, mt_forecast_value)
CASE_TAKES(case_outage, outage, n_outage, mt_outage_value)
CASE_TAKES(case_weather, weather, n_weather, mt_weather_value)

static inline mt_code case_live(mt_ctx *cx, void *arg, int origin, const char *asset,
                                const mt_live_points *points)
{
    (void)arg, (void)origin;
    size_t n = got.n_live;
    assert_true(n + points->n <= CASE_MAX);
    memcpy(&got.time[n], points->time, points->n * sizeof *points->time);
    memcpy(&got.power[n], points->power_kw, points->n * sizeof *points->power_kw);
    got.has_quality = points->quality != NULL;
    if (got.has_quality) memcpy(&got.quality[n], points->quality, points->n * sizeof *points->quality);
    got.n_live += points->n;
    return case_called(cx, asset);
}

static inline mt_code case_forecast(mt_ctx *cx, void *arg, int origin, const char *asset, mt_time version,
                                    const mt_forecast_value *value, size_t n)
{
    (void)arg, (void)origin;
    for (size_t k = 0; k < n; k++) got.version[got.n_forecast + k] = version;
    CASE_APPEND(forecast, n_forecast, value, n);
    return case_called(cx, asset);
}

static inline mt_code case_price(mt_ctx *cx, void *arg, int origin, mt_vpp_price kind,
                                 const mt_price_value *value, size_t n)
{
    (void)arg, (void)origin;
    CASE_APPEND(price[kind], n_price[kind], value, n);
    return case_called(cx, NULL);
}

static inline mt_code case_market_value(mt_ctx *cx, void *arg, int origin, const mt_market_value *value,
                                        size_t n)
{
    (void)arg, (void)origin;
    CASE_APPEND(value, n_value, value, n);
    return case_called(cx, NULL);
}

static inline mt_code case_trades(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade,
                                  size_t n)
{
    (void)arg, (void)origin;
    size_t first = got.n_trade;
    CASE_APPEND(trade, n_trade, trade, n);
    for (size_t k = first; k < got.n_trade; k++) {
        got.trade[k].id = case_keep(got.trade[k].id);
        got.trade[k].trader = case_keep(got.trade[k].trader);
        got.trade[k].strategy = case_keep(got.trade[k].strategy);
    }
    got.is_public = is_public;
    return case_called(cx, NULL);
}

static inline mt_code case_finding(mt_ctx *cx, void *arg, int origin, const mt_finding *finding)
{
    (void)cx, (void)arg, (void)origin;
    assert_true(got.n_finding < CASE_CALLS);
    assert_true(finding->sentence != NULL && finding->file != NULL);
    snprintf(got.sentence[got.n_finding], CASE_SENTENCE, "%s", finding->sentence);
    mt_finding kept = *finding;
    kept.asset_id = case_keep(finding->asset_id);
    kept.file = case_keep(finding->file);
    kept.sentence = got.sentence[got.n_finding];
    got.finding[got.n_finding++] = kept;
    return MT_OK;
}

/* clang-format off */
static const mt_vpp_taker case_taker = {
    .begin = case_begin, .contract = case_contract, .party = case_party, .plant = case_plant,
    .meter = case_meter, .live = case_live, .forecast = case_forecast, .redispatch = case_redispatch,
    .price = case_price, .market_value = case_market_value, .schedule = case_schedule,
    .outage = case_outage, .weather = case_weather, .trades = case_trades, .finding = case_finding};
/* clang-format on */

static const mt_vpp_options case_all = {.size = sizeof case_all, .from = MT_TIME_NONE, .until = MT_TIME_NONE};

/* The bytes as a file of that name (with its folders) through the reader of its kind. */
static inline mt_code case_read_bytes(const char *name, mt_text bytes, const mt_vpp_options *options)
{
    char path[] = "/tmp/merit-vpp-XXXXXX";
    int refuse = got.refuse;
    mt_vpp_name read = mt_vpp_name_read(mt_text_of(name));
    memset(&got, 0, sizeof got);
    got.refuse = refuse;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.length), bytes.length);
    close(fd);
    const char *subject = NULL;
    if (read.subject.length > 0) assert_int_equal(mt_text_copy(&ctx_case, &subject, read.subject), MT_OK);
    mt_vpp_file file = {
        .kind = read.kind,
        .origin = {.name = name, .version = read.version, .day = read.day, .bytes = bytes.length},
        .path = path,
        .subject = subject};
    mt_code code = mt_vpp_file_read(&ctx_case, &file, options, &case_taker);
    unlink(path);
    return code;
}

static inline void case_read(const char *name, const char *text)
{
    mt_code code = case_read_bytes(name, mt_text_of(text), &case_all);
    if (code != MT_OK) fail_msg("%s", ctx_case.err);
}

/* The one finding of that kind, with a word of its sentence. */
static inline void case_check_finding(mt_finding_kind kind, int64_t count, const char *word)
{
    for (size_t k = 0; k < got.n_finding; k++) {
        if (got.finding[k].kind != kind) continue;
        assert_int_equal(got.finding[k].count, count);
        if (strstr(got.finding[k].sentence, word) == NULL) fail_msg("%s", got.finding[k].sentence);
        return;
    }
    fail_msg("no \"%s\"; %zu others, first: %s", mt_finding_name(kind), got.n_finding, got.sentence[0]);
}

#endif
