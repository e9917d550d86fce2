/* A marketing contract: whose infeed is paid by which price, and what the trader takes for it.
 *
 * Purpose   The noun that contract files, the desk and the invoices share.
 * Units     Prices and fees in micro-EUR/MWh (mt_micro), fee of capacity in micro-EUR/MW and month,
 *           shares in micro-percent (5 % is 5,000,000), value_applied in micro-ct/kWh; capacity_w in W.
 * Time      begin and end are local days of the delivery zone, both inside the contract; end MT_DAY_NONE:
 *           open.
 * Missing   MT_MICRO_NONE. What a price model needs and a contract lacks is found when it is priced, not
 *           when it is read.
 * Ownership Texts are borrowed from whoever made the contract.
 */
#ifndef MT_TERMS_VPP_CONTRACT_H
#define MT_TERMS_VPP_CONTRACT_H

#include "terms/vpp/plant.h"

MT_BEGIN_DECLS

/* X(symbol, word in files, what the infeed is paid by) */
/* clang-format off */
#define MT_PRICE_MODEL_LIST(X) \
    X(MT_PRICE_FIXED,            "fixed",             "a fixed price") \
    X(MT_PRICE_MARKET,           "market",            "the public VWAP of each quarter") \
    X(MT_PRICE_DAY_AHEAD,        "day_ahead", \
              "the day-ahead price of each quarter plus the spread") \
    X(MT_PRICE_MARKET_VALUE,     "market_value", \
           "the technology's monthly market value plus the spread") \
    X(MT_PRICE_MARKET_VALUE_YEAR,"market_value_year", \
      "the technology's annual market value plus the spread") \
    X(MT_PRICE_PERCENT,          "percent_of_market", "a share of the public VWAP of each quarter")

/* X(symbol, word in files, what the trader takes) */
#define MT_FEE_MODEL_LIST(X) \
    X(MT_FEE_NONE,        "none",               "nothing") \
    X(MT_FEE_AS_PRODUCED, "fixed_as_produced",  "an amount a MWh of infeed") \
    X(MT_FEE_CAPACITY,    "fixed_for_capacity", "an amount a MW and month, by the share of the month") \
    X(MT_FEE_PERCENT,     "percent_of_market",  "a share of the infeed's worth at the public VWAP")

/* X(symbol, word in files, how the fee is documented) */
#define MT_FEE_FORM_LIST(X) \
    X(MT_FEE_REDUCTION, "reduction", "a line of negative quantity in the self-billed document") \
    X(MT_FEE_SERVICE,   "service",   "the trader's own service invoice")

/* X(symbol, word in files, who compensates energy lost to redispatch) */
#define MT_SCHEME_LIST(X) \
    X(MT_SCHEME_TRANSITIONAL,   "transitional",   "the grid operator, by its compensation price: damages") \
    X(MT_SCHEME_FEED_IN_TARIFF, "feed_in_tariff", "the grid operator, by the value applied") \
    X(MT_SCHEME_PREMIUM,        "market_premium", \
      "energy is credited; the grid operator owes the premium only")

/* X(symbol, word in files, how energy lost to redispatch is found) */
#define MT_LOST_RULE_LIST(X) \
    X(MT_LOST_FORECAST, "forecast", "latest forecast less the setpoint") \
    X(MT_LOST_FLAT,     "flat", \
          "solar: installed power by the table of plant factors; wind: power before") \
    X(MT_LOST_WEATHER,  "weather",  "solar: measured irradiance; wind: measured wind by the power curve")

/* X(symbol, word in files, VAT) */
#define MT_VAT_RULE_LIST(X) \
    X(MT_VAT_STANDARD, "standard", "standard rate") \
    X(MT_VAT_REVERSE,  "reverse",  "reverse charge, when both parties hold a valid reseller certificate") \
    X(MT_VAT_EXEMPT,   "exempt",   "a small business")
/* clang-format on */

#define MT_VPP_SYMBOL(symbol, word, meaning) symbol,
typedef enum mt_price_model { MT_PRICE_MODEL_LIST(MT_VPP_SYMBOL) MT_PRICE_MODEL_COUNT } mt_price_model;
typedef enum mt_fee_model { MT_FEE_MODEL_LIST(MT_VPP_SYMBOL) MT_FEE_MODEL_COUNT } mt_fee_model;
typedef enum mt_fee_form { MT_FEE_FORM_LIST(MT_VPP_SYMBOL) MT_FEE_FORM_COUNT } mt_fee_form;
typedef enum mt_scheme { MT_SCHEME_LIST(MT_VPP_SYMBOL) MT_SCHEME_COUNT } mt_scheme;
typedef enum mt_lost_rule { MT_LOST_RULE_LIST(MT_VPP_SYMBOL) MT_LOST_RULE_COUNT } mt_lost_rule;
typedef enum mt_vat_rule { MT_VAT_RULE_LIST(MT_VPP_SYMBOL) MT_VAT_RULE_COUNT } mt_vat_rule;
#undef MT_VPP_SYMBOL

/* The words of each list by its index, ending with NULL: for readers, columns and arguments. */
MT_API extern const char *const mt_price_model_word[];
MT_API extern const char *const mt_fee_model_word[];
MT_API extern const char *const mt_fee_form_word[];
MT_API extern const char *const mt_scheme_word[];
MT_API extern const char *const mt_lost_rule_word[];
MT_API extern const char *const mt_vat_rule_word[];

typedef struct mt_contract {
    const char *contract_id;
    const char *asset_id;
    const char *metering_point_id;
    int64_t capacity_w;
    mt_technology technology;
    mt_day begin, end;
    mt_price_model price_model;
    mt_micro price;         /* fixed price */
    mt_micro spread;        /* added to an index; missing: 0 */
    mt_micro price_percent; /* of percent_of_market */
    mt_micro floor, cap;    /* bounds of each quarter's price; missing: none */
    mt_fee_model fee_model;
    mt_micro fee;
    mt_micro fee_percent;
    mt_fee_form fee_form;
    const char *email;
    const char *owner_id; /* party of terms/vpp/party.h; NULL: by the plant's owner, else the e-mail */
    mt_scheme scheme;
    mt_micro value_applied; /* ct/kWh: feed-in tariff or the applied value of the premium */
    bool energy_credit;     /* lost energy is credited to the balancing group */
    mt_lost_rule lost_rule;
    mt_micro curtail_percent; /* of the price paid for energy the trader curtailed; missing: none */
    mt_vat_rule vat;
} mt_contract;

MT_END_DECLS
#endif
