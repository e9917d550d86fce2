/* How a contract prices, in one line that its owner understands. */
#include "ops/vpp/render/terms_of.h"

static mt_code euros_in(mt_ctx *cx, const char **out, mt_language language, mt_micro price)
{
    MT_TRY(mt_number_in(cx, out, language, price, 6, 2));
    return mt_text_format(cx, out, "%s €/MWh", *out);
}

/* "text − 2,50 €/MWh" or "text + 1,00 €/MWh". */
static mt_code add_spread(mt_ctx *cx, const char **out, mt_language language, mt_micro spread)
{
    const char *amount;
    if (spread == MT_MICRO_NONE || spread == 0) return MT_OK;
    MT_TRY(euros_in(cx, &amount, language, spread < 0 ? -spread : spread));
    return mt_text_format(cx, out, "%s %s %s", *out, spread < 0 ? "−" : "+", amount);
}

static mt_code add_bound(mt_ctx *cx, const char **out, mt_language language, mt_word word, mt_micro bound)
{
    const char *amount;
    if (bound == MT_MICRO_NONE) return MT_OK;
    MT_TRY(euros_in(cx, &amount, language, bound));
    return mt_text_format(cx, out, "%s, %s %s", *out, mt_word_in(language, word), amount);
}

static mt_code share_in(mt_ctx *cx, const char **out, mt_language language, mt_micro percent, mt_word word)
{
    if (percent == MT_MICRO_NONE) {
        *out = NULL;
        return MT_OK;
    }
    MT_TRY(mt_number_in(cx, out, language, percent, 6, 0));
    return mt_text_format(cx, out, "%s %% %s", *out, mt_word_in(language, word));
}

static mt_code value_in(mt_ctx *cx, const char **out, mt_language language, const mt_contract *contract)
{
    static const mt_word technology[] = {
        [MT_SOLAR] = MT_W_SOLAR, [MT_WIND] = MT_W_WIND, [MT_WIND_OFFSHORE] = MT_W_WIND_SEA};
    bool year = contract->price_model == MT_PRICE_MARKET_VALUE_YEAR;
    return mt_text_format(cx, out, "%s %s", mt_word_in(language, year ? MT_W_PRICE_YEAR : MT_W_PRICE_MONTH),
                          mt_word_in(language, technology[contract->technology]));
}

static mt_code price_in(mt_ctx *cx, const char **out, mt_language language, const mt_contract *contract)
{
    switch (contract->price_model) {
    case MT_PRICE_FIXED:
        *out = mt_word_in(language, MT_W_PRICE_FIXED);
        break;
    case MT_PRICE_MARKET:
        *out = mt_word_in(language, MT_W_PRICE_MARKET);
        break;
    case MT_PRICE_DAY_AHEAD:
        *out = mt_word_in(language, MT_W_PRICE_AHEAD);
        break;
    case MT_PRICE_MARKET_VALUE:
    case MT_PRICE_MARKET_VALUE_YEAR:
        MT_TRY(value_in(cx, out, language, contract));
        break;
    case MT_PRICE_PERCENT:
        MT_TRY(share_in(cx, out, language, contract->price_percent, MT_W_PRICE_SHARE));
        break;
    default:
        *out = NULL;
    }
    if (!*out) return MT_OK;
    if (contract->price_model == MT_PRICE_DAY_AHEAD || contract->price_model == MT_PRICE_MARKET_VALUE ||
        contract->price_model == MT_PRICE_MARKET_VALUE_YEAR)
        MT_TRY(add_spread(cx, out, language, contract->spread));
    MT_TRY(add_bound(cx, out, language, MT_W_AT_LEAST, contract->floor));
    return add_bound(cx, out, language, MT_W_AT_MOST, contract->cap);
}

mt_code mt_terms_of(mt_ctx *cx, const char **out, mt_language language, const mt_contract *contract,
                    mt_line_kind kind)
{
    *out = NULL;
    if (kind == MT_LINE_INFEED) return price_in(cx, out, language, contract);
    if (kind == MT_LINE_FEE_CAPACITY) *out = mt_word_in(language, MT_W_FEE_CAPACITY);
    if (kind != MT_LINE_FEE) return MT_OK;
    if (contract->fee_model == MT_FEE_PERCENT)
        return share_in(cx, out, language, contract->fee_percent, MT_W_FEE_SHARE);
    *out = mt_word_in(language, MT_W_FEE_PRODUCED);
    return MT_OK;
}
