/* Fuzzer of a portfolio's files: every reader gives whole records of its kind, or findings with sentences.
 *
 * Shapes    The first byte chooses the kind, the second the name's ending and the bounds; the file follows.
 */
#include "fuzz_input.h"

#include "formats/vpp/name.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code check_contract(mt_ctx *cx, void *arg, int origin, const mt_contract *contract)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(contract->contract_id != NULL && *contract->contract_id != '\0' && contract->asset_id != NULL);
    DEMAND(contract->begin != MT_DAY_NONE &&
           (contract->end == MT_DAY_NONE || contract->end >= contract->begin));
    DEMAND((unsigned)contract->price_model < MT_PRICE_MODEL_COUNT &&
           (unsigned)contract->vat < MT_VAT_RULE_COUNT);
    DEMAND((unsigned)contract->scheme < MT_SCHEME_COUNT &&
           (unsigned)contract->fee_model < MT_FEE_MODEL_COUNT);
    return MT_OK;
}

static mt_code check_party(mt_ctx *cx, void *arg, int origin, const mt_party *party, bool issuer)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(issuer || party->party_id != NULL);
    return MT_OK;
}

static mt_code check_plant(mt_ctx *cx, void *arg, int origin, const mt_plant *plant)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(plant->asset_id != NULL && (unsigned)plant->technology < MT_TECHNOLOGY_COUNT);
    DEMAND(plant->capacity_w == MT_MICRO_NONE || plant->capacity_w >= 0);
    return MT_OK;
}

static mt_code check_meter(mt_ctx *cx, void *arg, int origin, const char *point, const mt_meter_value *value,
                           size_t n)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(point != NULL && n > 0);
    for (size_t k = 0; k < n; k++)
        DEMAND(value[k].start != MT_TIME_NONE && value[k].power_kw != MT_MICRO_NONE);
    return MT_OK;
}

static mt_code check_live(mt_ctx *cx, void *arg, int origin, const char *asset, const mt_live_points *points)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(asset != NULL && points->n > 0);
    for (size_t k = 0; k < points->n; k++) {
        DEMAND(points->time[k] >= 946684800 * MT_US_SECOND);
        DEMAND(points->power_kw[k] != MT_MICRO_NONE || (points->quality != NULL && points->quality[k] == 0));
    }
    return MT_OK;
}

static mt_code check_forecast(mt_ctx *cx, void *arg, int origin, const char *asset, mt_time version,
                              const mt_forecast_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND(asset != NULL && version != MT_TIME_NONE && n > 0);
    for (size_t k = 0; k < n; k++)
        DEMAND(value[k].end > value[k].start && value[k].power_kw != MT_MICRO_NONE);
    return MT_OK;
}

static mt_code check_redispatch(mt_ctx *cx, void *arg, int origin, const char *point,
                                const mt_redispatch_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)point;
    for (size_t k = 0; k < n; k++) DEMAND(value[k].end > value[k].start && value[k].start != MT_TIME_NONE);
    return MT_OK;
}

static mt_code check_price(mt_ctx *cx, void *arg, int origin, mt_vpp_price kind, const mt_price_value *value,
                           size_t n)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND((unsigned)kind < MT_VPP_PRICE_COUNT);
    for (size_t k = 0; k < n; k++) DEMAND(value[k].end > value[k].start && value[k].price != MT_MICRO_NONE);
    return MT_OK;
}

static mt_code check_value(mt_ctx *cx, void *arg, int origin, const mt_market_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin;
    for (size_t k = 0; k < n; k++) DEMAND(value[k].month >= 0 && value[k].month <= 12 && value[k].year > 0);
    return MT_OK;
}

static mt_code check_schedule(mt_ctx *cx, void *arg, int origin, const char *asset,
                              const mt_forecast_value *value, size_t n)
{
    return check_forecast(cx, arg, origin, asset, 0, value, n);
}

static mt_code check_outage(mt_ctx *cx, void *arg, int origin, const char *asset,
                            const mt_outage_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset;
    for (size_t k = 0; k < n; k++) DEMAND(value[k].end > value[k].start);
    return MT_OK;
}

static mt_code check_weather(mt_ctx *cx, void *arg, int origin, const char *asset,
                             const mt_weather_value *value, size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)asset;
    for (size_t k = 0; k < n; k++) DEMAND(value[k].end > value[k].start && !isinf(value[k].wind_m_s));
    return MT_OK;
}

static mt_code check_trades(mt_ctx *cx, void *arg, int origin, bool is_public, const mt_trade *trade,
                            size_t n)
{
    (void)cx, (void)arg, (void)origin, (void)is_public;
    for (size_t k = 0; k < n; k++) {
        DEMAND(trade[k].delivery_end > trade[k].delivery_start && trade[k].energy_wh > 0);
        DEMAND(trade[k].price >= -MT_PRICE_BOUND_MICRO && trade[k].price <= MT_PRICE_BOUND_MICRO);
        DEMAND(trade[k].id == NULL || strlen(trade[k].id) <= MT_TRADE_ID_MAX);
        DEMAND(trade[k].trader == NULL || strlen(trade[k].trader) <= MT_TRADE_ID_MAX);
    }
    return MT_OK;
}

static mt_code check_finding(mt_ctx *cx, void *arg, int origin, const mt_finding *finding)
{
    (void)cx, (void)arg, (void)origin;
    DEMAND((unsigned)finding->kind < MT_FINDING_COUNT && finding->count > 0);
    DEMAND(finding->sentence != NULL && *finding->sentence != '\0' && finding->file != NULL);
    return MT_OK;
}

static const mt_vpp_taker taker = {.contract = check_contract,
                                   .party = check_party,
                                   .plant = check_plant,
                                   .meter = check_meter,
                                   .live = check_live,
                                   .forecast = check_forecast,
                                   .redispatch = check_redispatch,
                                   .price = check_price,
                                   .market_value = check_value,
                                   .schedule = check_schedule,
                                   .outage = check_outage,
                                   .weather = check_weather,
                                   .trades = check_trades,
                                   .finding = check_finding};

static void read_file(mt_ctx *cx, const char *path, mt_vpp_file_kind kind, uint8_t bits)
{
    mt_vpp_options options = {.size = sizeof options,
                              .from = bits & 2 ? 1749340800 * MT_US_SECOND : MT_TIME_NONE,
                              .until = bits & 4 ? 1749427200 * MT_US_SECOND : MT_TIME_NONE,
                              .volume_unit = (mt_volume_unit)(bits >> 3 & 1)};
    mt_vpp_file file = {.kind = kind,
                        .origin = {.name = bits & 1 ? "fuzz.json" : "fuzz.csv",
                                   .version = bits & 16 ? 1749340800 * MT_US_SECOND : MT_TIME_NONE,
                                   .day = MT_DAY_NONE},
                        .path = path,
                        .subject = bits & 32 ? "subject" : NULL};
    mt_code code = mt_vpp_file_read(cx, &file, &options, &taker);
    DEMAND(code == MT_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    mt_ctx cx;
    if (size < 2) return 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    DEMAND(fd >= 0 && write(fd, data + 2, size - 2) == (ssize_t)(size - 2));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    mt_ctx_init(&cx, NULL);
    read_file(&cx, path, (mt_vpp_file_kind)((data[0] - (data[0] >= 'A' ? 'A' : 0)) % MT_VPP_UNKNOWN),
              data[1]);
    mt_ctx_close(&cx);
    close(fd);
    return 0;
}
