/* One table of price models: what each needs of the contract and of the market. */
#include "vpp/invoice/pricing.h"

static mt_micro with_spread(mt_micro index, const mt_contract *contract)
{
    return mt_exact_sum(index, contract->spread == MT_MICRO_NONE ? 0 : contract->spread);
}

static mt_micro price_fixed(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    (void)desk, (void)quarter;
    return contract->price;
}

static mt_micro price_market(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    (void)contract;
    return mt_desk_vwap_at(desk, quarter);
}

static mt_micro price_day_ahead(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    return with_spread(mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, quarter), contract);
}

static mt_micro price_value(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    const mt_day day = desk->options.first + (mt_day)mt_desk_day_index(desk, quarter);
    const bool of_year = contract->price_model == MT_PRICE_MARKET_VALUE_YEAR;
    return with_spread(mt_eur_mwh_of_ct_kwh(mt_desk_market_value(desk, contract->technology, day, of_year)),
                       contract);
}

static mt_micro price_percent(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    return mt_micro_percent_of(mt_desk_vwap_at(desk, quarter), contract->price_percent);
}

static const struct {
    mt_micro (*price)(const mt_desk *desk, const mt_contract *contract, size_t quarter);
    const char *source;
} model[MT_PRICE_MODEL_COUNT] = {
    [MT_PRICE_FIXED] = {price_fixed, NULL},
    [MT_PRICE_MARKET] = {price_market, "public VWAP"},
    [MT_PRICE_DAY_AHEAD] = {price_day_ahead, "day-ahead price"},
    [MT_PRICE_MARKET_VALUE] = {price_value, "market value of the month"},
    [MT_PRICE_MARKET_VALUE_YEAR] = {price_value, "market value of the year"},
    [MT_PRICE_PERCENT] = {price_percent, "public VWAP"},
};

mt_micro mt_contract_price_at(const mt_desk *desk, const mt_contract *contract, size_t quarter)
{
    mt_micro price = model[contract->price_model].price(desk, contract, quarter);
    if (price == MT_MICRO_NONE) return price;
    if (contract->floor != MT_MICRO_NONE && price < contract->floor) price = contract->floor;
    if (contract->cap != MT_MICRO_NONE && price > contract->cap) price = contract->cap;
    return price;
}

const char *mt_contract_price_source(const mt_contract *contract)
{
    return model[contract->price_model].source;
}

/* The field that the price model needs and the contract lacks; NULL: none. */
static const char *missing_of_price(const mt_contract *contract)
{
    if (contract->price_model == MT_PRICE_FIXED && contract->price == MT_MICRO_NONE) return "price";
    if (contract->price_model == MT_PRICE_PERCENT && contract->price_percent == MT_MICRO_NONE)
        return "price_percent";
    return NULL;
}

static const char *missing_of_fee(const mt_contract *contract)
{
    const bool fixed = contract->fee_model == MT_FEE_AS_PRODUCED || contract->fee_model == MT_FEE_CAPACITY;
    if (fixed && contract->fee == MT_MICRO_NONE) return "fee";
    if (contract->fee_model == MT_FEE_PERCENT && contract->fee_percent == MT_MICRO_NONE) return "fee_percent";
    if (contract->fee_model == MT_FEE_CAPACITY && contract->capacity_w == MT_MICRO_NONE) return "capacity";
    return NULL;
}

mt_code mt_contract_fault(mt_ctx *cx, const char **out, const mt_contract *contract)
{
    const char *price = missing_of_price(contract), *fee = missing_of_fee(contract);
    const char *by_price = mt_price_model_word[contract->price_model];
    const char *by_fee = mt_fee_model_word[contract->fee_model];
    *out = NULL;
    if (price && fee)
        return mt_text_format(
            cx, out,
            "contract %s: price model %s needs %s and fee model %s needs %s; the contract has neither",
            contract->contract_id, by_price, price, by_fee, fee);
    if (price)
        return mt_text_format(cx, out, "contract %s: price model %s needs %s, which the contract lacks",
                              contract->contract_id, by_price, price);
    if (fee)
        return mt_text_format(cx, out, "contract %s: fee model %s needs %s, which the contract lacks",
                              contract->contract_id, by_fee, fee);
    return MT_OK;
}
