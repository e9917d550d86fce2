/* Makes plants from the tables and from the seed, and the contract files and data sheets of a day. */
#include "simulate/vpp/terms.h"

#include <math.h>
#include <string.h>

/* Contracts of plants beyond the sample, by turns. */
static const char *const turn_terms[] = {
    "begin=2023-07-01 price_model=fixed price=82.5 fee_model=fixed_as_produced fee=2.25",
    "begin=2022-01-01 price_model=market fee_model=percent_of_market fee_percent=4.5",
    "begin=2024-01-01 price_model=fixed price=71.9 fee_model=fixed_for_capacity fee=450",
    "begin=2021-10-01 price_model=market fee_model=fixed_as_produced fee=1.75",
    "begin=2024-04-01 price_model=fixed price=79 fee_model=percent_of_market fee_percent=3",
    "begin=2023-01-01 price_model=market fee_model=fixed_for_capacity fee=520",
};

static const char *const solar_model[] = {"Mono-Si 410 Wp", "Poly-Si 320 Wp", "Bifacial 545 Wp"};
static const char *const wind_model[] = {"WTG-2.3/92", "WTG-4.0/138", "WTG-3.3/126"};
static const char *const place[] = {"Musterfeld", "Beispielheide", "Probsthausen", "Modellin",
                                    "Testhagen",  "Muldenrode",    "Fiktenberg",   "Planwitz"};

enum { PLACES = sizeof place / sizeof *place, TURNS = sizeof turn_terms / sizeof *turn_terms };

/* Rows of the sample that stand apart. */
enum { SOL_2 = 1, WND_2 = 3, WND_3 = 4, SAMPLE = 5 };

mt_day mt_sim_last_sunday(const mt_sim_vpp_rule *rule)
{
    return rule->market.first_day - (mt_day)(mt_day_weekday(rule->market.first_day) % 7);
}

static const char *letters_of(mt_technology technology)
{
    return technology == MT_SOLAR ? "SOL" : technology == MT_WIND ? "WND" : "OFF";
}

static mt_code name_asset(mt_ctx *cx, mt_sim_asset *a, int number)
{
    const char *letters = letters_of(a->plant.technology), *where = place[number % PLACES];
    MT_TRY(mt_text_format(cx, &a->plant.asset_id, "%s-DE-%03d", letters, number));
    MT_TRY(mt_text_format(cx, &a->metering_point_id, "MP-%s-%03d", letters, number));
    MT_TRY(mt_text_format(cx, &a->short_name, "%s%02d", letters, number));
    return mt_text_format(cx, &a->plant.name, "%s %s %d",
                          a->plant.technology == MT_SOLAR ? "Solarpark" : "Windpark", where, number);
}

/* Place, size, and how much better than the area's mean it stands: wind is used on hills. */
static void draw_site(mt_sim_asset *a, mt_rng *rng)
{
    mt_plant *p = &a->plant;
    bool solar = p->technology == MT_SOLAR;
    p->latitude = 48.0 + floor(mt_rng_uniform(rng) * 6500.0) / 1000.0;
    p->longitude = 7.0 + floor(mt_rng_uniform(rng) * 7000.0) / 1000.0;
    p->zone = "Europe/Berlin";
    p->model = solar ? solar_model[mt_rng_below(rng, 3)] : wind_model[mt_rng_below(rng, 3)];
    p->tracking = solar ? "fixed" : NULL;
    p->hub_height_m = solar ? NAN : 95.0 + (double)mt_rng_below(rng, 8) * 7.0;
    p->turbines = solar ? INT64_MIN : p->capacity_w / 3400000 + 1;
    p->tilt_deg = p->azimuth_deg = NAN;
    p->status = "active";
    a->site = solar ? 0.93 + 0.12 * mt_rng_uniform(rng) : 1.3 + 0.26 * mt_rng_uniform(rng);
    if (p->technology == MT_WIND_OFFSHORE) a->site = 1.75;
    a->drift_quarters = (int)floor((p->longitude - 10.4) * 4.0);
    a->horizon = 0.02;
}

static void draw_gaps(mt_sim_asset *a, mt_rng *rng)
{
    static const int missing[] = {0, 3, 4, 6, 1, 2};
    a->missing_minutes = missing[mt_rng_below(rng, 6)];
    a->negative_points = -1;
}

static mt_code add_asset(mt_ctx *cx, mt_sim_portfolio *portfolio, const mt_sim_plant_row *row)
{
    mt_sim_asset *a = &portfolio->asset[portfolio->n];
    uint64_t key = (uint64_t)row->technology * 100000 + (uint64_t)row->number;
    mt_rng rng = mt_sim_vpp_stream(portfolio->rule, MT_SIM_VPP_PLANT, key, 0);
    *a = (mt_sim_asset){.index = portfolio->n++,
                        .key = key,
                        .live = !(row->without & MT_SIM_NO_LIVE),
                        .metered = !(row->without & MT_SIM_NO_METER),
                        .forecast = !(row->without & MT_SIM_NO_FORECAST)};
    a->plant.technology = row->technology;
    a->plant.capacity_w = (int64_t)row->capacity_kw * 1000;
    if (row->trap < MT_SIM_TRAPS) a->traps = UINT64_C(1) << row->trap;
    mt_day_parse(row->commissioned, strlen(row->commissioned), &a->plant.commissioned);
    /* so that only the trap's own plants need the prices it takes away */
    a->rests_at_night = mt_sim_trapped(portfolio->rule, MT_TRAP_MISSING_PRICE) &&
                        row->technology != MT_SOLAR && row->trap != MT_TRAP_MISSING_PRICE;
    MT_TRY(name_asset(cx, a, row->number));
    draw_site(a, &rng);
    draw_gaps(a, &rng);
    if (row->trap == MT_TRAP_LOW_QUALITY) a->missing_minutes = 0; /* it has gaps enough */
    return MT_OK;
}

/* What the sample's own plants are known for. */
static void mark_sample(mt_sim_asset *asset)
{
    static const int missing[SAMPLE] = {0, 3, 6, 0, 4};
    for (int k = 0; k < SAMPLE; k++) asset[k].missing_minutes = missing[k];
    asset[SOL_2].entity_key = true;
    asset[SOL_2].horizon = 0.42; /* in a valley */
    asset[SOL_2].negative_points = 882;
    asset[WND_2].peak_kw = 6744.5;
}

static mt_code add_drawn(mt_ctx *cx, mt_sim_portfolio *portfolio, int64_t k)
{
    mt_rng rng = mt_sim_vpp_stream(portfolio->rule, MT_SIM_VPP_PLANT, (uint64_t)k, 1);
    bool solar = k % 2;
    int number = (int)((k - SAMPLE) / 2) + (solar ? 3 : 4);
    int steps = (int)mt_rng_below(&rng, 60), year = 2010 + (int)mt_rng_below(&rng, 15);
    char commissioned[MT_TIME_TEXT_MAX];
    mt_day_text(mt_day_of(year, 1 + (int)mt_rng_below(&rng, 12), 1), commissioned);
    mt_sim_plant_row row = {.trap = MT_SIM_TRAPS,
                            .technology = solar ? MT_SOLAR : MT_WIND,
                            .number = number,
                            .capacity_kw = solar ? 600 + 25 * steps : 2000 + 100 * steps,
                            .commissioned = commissioned,
                            .without = k % 40 == 17 ? MT_SIM_NO_METER : 0};
    return add_asset(cx, portfolio, &row);
}

static mt_code name_owners(mt_ctx *cx, mt_sim_portfolio *portfolio)
{
    static const int of_sample[SAMPLE] = {0, 0, 1, 1, 2};
    mt_party *party;
    size_t n;
    MT_TRY(mt_sim_parties(cx, &party, &n, portfolio));
    for (size_t k = 0; k < portfolio->n; k++) {
        mt_sim_asset *a = &portfolio->asset[k];
        mt_text id = a->trapped
                         ? mt_sim_terms_word(mt_sim_trap_plants(&(size_t){0})[a->trapped - 1].terms, "owner")
                         : (mt_text){NULL, 0};
        size_t owner = k < SAMPLE ? (size_t)of_sample[k] : 3 + (k - SAMPLE) / 10;
        for (size_t p = 1; p < n; p++) {
            if (id.at ? mt_text_equal(id, party[p].party_id) : p == owner + 1) a->plant.owner = party[p].name;
        }
    }
    return MT_OK;
}

mt_code mt_sim_portfolio_new(mt_ctx *cx, mt_sim_portfolio *out, const mt_sim_vpp_rule *rule)
{
    size_t n_sample, n_trap;
    const mt_sim_plant_row *sample = mt_sim_sample_plants(&n_sample), *trap = mt_sim_trap_plants(&n_trap);
    *out = (mt_sim_portfolio){.rule = rule};
    MT_TRY(MT_NEW(cx, &out->asset, (size_t)rule->assets + n_trap));
    for (size_t k = 0; k < n_sample; k++) MT_TRY(add_asset(cx, out, &sample[k]));
    mark_sample(out->asset);
    for (int64_t k = SAMPLE; k < rule->assets; k++) MT_TRY(add_drawn(cx, out, k));
    for (size_t k = 0; k < n_trap; k++) {
        if (!mt_sim_trapped(rule, trap[k].trap)) continue;
        MT_TRY(add_asset(cx, out, &trap[k]));
        out->asset[out->n - 1].trapped = k + 1;
    }
    return name_owners(cx, out);
}

/* Words of one contract; the sample's begin and end move with the simulated days where they must. */
static void read_terms(mt_contract *out, const mt_sim_portfolio *portfolio, const mt_sim_asset *a,
                       const char *terms)
{
    mt_day first = portfolio->rule->market.first_day, sunday = mt_sim_last_sunday(portfolio->rule);
    mt_sim_terms_read(out, terms, first);
    out->asset_id = a->plant.asset_id;
    out->metering_point_id = a->metering_point_id;
    out->capacity_w = a->plant.capacity_w;
    out->technology = a->plant.technology;
    out->email = "owner@example.org";
    if (a->trapped) return;
    if (out->begin > sunday - 7) out->begin = sunday - 7;
    if (out->end != MT_DAY_NONE && out->end < first + 365) out->end = first + 365;
}

static mt_code add_contract(mt_ctx *cx, mt_contract *out, const mt_sim_portfolio *portfolio,
                            const mt_sim_asset *a, int turn)
{
    size_t n;
    const char *terms = a->trapped          ? mt_sim_trap_plants(&n)[a->trapped - 1].terms
                        : a->index < SAMPLE ? mt_sim_sample_plants(&n)[a->index].terms
                                            : turn_terms[a->index % TURNS];
    if (turn == 2) terms = mt_sim_trap_plants(&n)[a->trapped - 1].other;
    mt_text owner = mt_sim_terms_word(terms, "owner");
    read_terms(out, portfolio, a, terms);
    if (owner.at) MT_TRY(mt_text_copy(cx, &out->owner_id, owner));
    return mt_text_format(cx, &out->contract_id, "CON%d_%s", turn, a->plant.asset_id);
}

mt_code mt_sim_contracts(mt_ctx *cx, mt_contract **out, size_t *n, const mt_sim_portfolio *portfolio,
                         mt_day published)
{
    mt_contract *contract;
    size_t count = 0, rows;
    mt_day sunday = mt_sim_last_sunday(portfolio->rule);
    MT_TRY(MT_NEW(cx, &contract, 2 * portfolio->n));
    for (size_t k = 0; k < portfolio->n; k++) {
        const mt_sim_asset *a = &portfolio->asset[k];
        if (k == SOL_2 && published < sunday - 7) continue;
        MT_TRY(add_contract(cx, &contract[count++], portfolio, a, 1));
        if (a->trapped && mt_sim_trap_plants(&rows)[a->trapped - 1].other)
            MT_TRY(add_contract(cx, &contract[count++], portfolio, a, 2));
    }
    *out = contract;
    *n = count;
    return MT_OK;
}

mt_code mt_sim_sheets(mt_ctx *cx, mt_plant **out, size_t *n, const mt_sim_portfolio *portfolio,
                      mt_day published)
{
    mt_plant *plant;
    size_t count = 0;
    mt_day sunday = mt_sim_last_sunday(portfolio->rule);
    MT_TRY(MT_NEW(cx, &plant, portfolio->n));
    for (size_t k = 0; k < portfolio->n; k++) {
        const mt_sim_asset *a = &portfolio->asset[k];
        if (k == WND_3 && published < sunday - 7) continue;
        plant[count] = a->plant;
        if (a->traps >> MT_TRAP_CAPACITY_CHANGE & 1 && published >= portfolio->rule->market.first_day)
            plant[count].capacity_w = plant[count].capacity_w * 4 / 5;
        count++;
    }
    *out = plant;
    *n = count;
    return MT_OK;
}
