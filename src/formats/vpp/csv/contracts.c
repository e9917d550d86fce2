/* Contract files: whose infeed is paid by which price, and what the trader takes for it. */
#include "formats/vpp/csv/table.h"

struct contract_row {
    mt_contract contract;
    int energy_credit; /* -1: not told */
    uint64_t line;
};

#define AT(member) .offset = offsetof(struct contract_row, contract.member)
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define OPTIONAL(text, names)                                                                                \
    {                                                                                                        \
        .name = text, .synonym = names, .optional = true                                                     \
    }
#define NEEDED(text, names)                                                                                  \
    {                                                                                                        \
        .name = text, .synonym = names                                                                       \
    }

/* clang-format off */
static const mt_vpp_column columns[] = {
    {NEEDED(MT_VPP_COL_CONTRACT_ID, NAMES("contractid")), MT_VPP_TEXT, AT(contract_id), .needed = true},
    {NEEDED(MT_VPP_COL_ASSET_ID, NAMES("assetid")), MT_VPP_TEXT, AT(asset_id), .needed = true},
    {NEEDED(MT_VPP_COL_METERING_POINT, NAMES("meteringpointid", "meteringpoint")), MT_VPP_TEXT,
        AT(metering_point_id)},
    {NEEDED(MT_VPP_COL_CAPACITY, NAMES("capacity", "capacitymw", "capacitykw")), MT_VPP_DECIMAL,
        AT(capacity_w), .scale = mt_vpp_power_w},
    {NEEDED(MT_VPP_COL_TECHNOLOGY, NAMES("technology")), MT_VPP_TECHNOLOGY, AT(technology), .needed = true},
    {NEEDED(MT_VPP_COL_CONTRACT_BEGIN, NAMES("contractbegin")), MT_VPP_DAY, AT(begin), .needed = true},
    {OPTIONAL(MT_VPP_COL_CONTRACT_END, NAMES("contractend")), MT_VPP_DAY, AT(end)},
    {NEEDED(MT_VPP_COL_PRICE_MODEL, NAMES("pricemodel")), MT_VPP_WORD, AT(price_model), .needed = true,
        .word = mt_price_model_word},
    {OPTIONAL(MT_VPP_COL_PRICE, NAMES("price", "priceeurpermwh", "priceeuropermwh")), MT_VPP_DECIMAL,
        AT(price), .scale = mt_vpp_eur_mwh},
    {OPTIONAL(MT_VPP_COL_FEE_MODEL, NAMES("feemodel")), MT_VPP_WORD, AT(fee_model),
        .word = mt_fee_model_word},
    {OPTIONAL(MT_VPP_COL_FEE, NAMES("fee")), MT_VPP_DECIMAL, AT(fee)},
    {OPTIONAL(MT_VPP_COL_FEE_PERCENT, NAMES("feepercent")), MT_VPP_DECIMAL, AT(fee_percent),
        .scale = mt_vpp_percent},
    {OPTIONAL(MT_VPP_COL_EMAIL, NAMES("email")), MT_VPP_TEXT, AT(email)},
    {OPTIONAL(MT_VPP_COL_SPREAD, NAMES("spread")), MT_VPP_DECIMAL, AT(spread), .scale = mt_vpp_eur_mwh},
    {OPTIONAL(MT_VPP_COL_PRICE_PERCENT, NAMES("pricepercent")), MT_VPP_DECIMAL, AT(price_percent),
        .scale = mt_vpp_percent},
    {OPTIONAL(MT_VPP_COL_FLOOR, NAMES("floor")), MT_VPP_DECIMAL, AT(floor), .scale = mt_vpp_eur_mwh},
    {OPTIONAL(MT_VPP_COL_CAP, NAMES("cap")), MT_VPP_DECIMAL, AT(cap), .scale = mt_vpp_eur_mwh},
    {OPTIONAL(MT_VPP_COL_FEE_FORM, NAMES("feeform")), MT_VPP_WORD, AT(fee_form), .word = mt_fee_form_word},
    {OPTIONAL(MT_VPP_COL_OWNER_ID, NAMES("ownerid")), MT_VPP_TEXT, AT(owner_id)},
    {OPTIONAL(MT_VPP_COL_SCHEME, NAMES("scheme")), MT_VPP_WORD, AT(scheme), .word = mt_scheme_word},
    {OPTIONAL(MT_VPP_COL_VALUE_APPLIED, NAMES("valueapplied")), MT_VPP_DECIMAL, AT(value_applied),
        .scale = mt_vpp_ct_kwh},
    {OPTIONAL(MT_VPP_COL_ENERGY_CREDIT, NAMES("energycredit")), MT_VPP_YES_NO,
        .offset = offsetof(struct contract_row, energy_credit)},
    {OPTIONAL(MT_VPP_COL_LOST_RULE, NAMES("lostrule")), MT_VPP_WORD, AT(lost_rule),
        .word = mt_lost_rule_word},
    {OPTIONAL(MT_VPP_COL_CURTAIL_PERCENT, NAMES("curtailpercent")), MT_VPP_DECIMAL, AT(curtail_percent),
        .scale = mt_vpp_percent},
    {OPTIONAL(MT_VPP_COL_VAT, NAMES("vat", "vatrule")), MT_VPP_WORD, AT(vat), .word = mt_vat_rule_word},
};
/* clang-format on */

static const struct contract_row blank = {
    .contract = {.capacity_w = MT_MICRO_NONE,
                 .begin = MT_DAY_NONE,
                 .end = MT_DAY_NONE,
                 .price = MT_MICRO_NONE,
                 .spread = MT_MICRO_NONE,
                 .price_percent = MT_MICRO_NONE,
                 .floor = MT_MICRO_NONE,
                 .cap = MT_MICRO_NONE,
                 .fee_model = MT_FEE_NONE,
                 .fee = MT_MICRO_NONE,
                 .fee_percent = MT_MICRO_NONE,
                 .fee_form = MT_FEE_REDUCTION,
                 .scheme = MT_SCHEME_TRANSITIONAL,
                 .value_applied = MT_MICRO_NONE,
                 .lost_rule = MT_LOST_FORECAST,
                 .curtail_percent = MT_MICRO_NONE,
                 .vat = MT_VAT_STANDARD},
    .energy_credit = -1,
};

static const mt_vpp_table table = {.column = columns,
                                   .n_column = sizeof columns / sizeof *columns,
                                   .row_bytes = sizeof(struct contract_row),
                                   .blank = &blank,
                                   .line_offset = offsetof(struct contract_row, line),
                                   .name_column = 0};

/* What the columns allow and a contract does not. NULL: nothing. */
static const char *find_fault(const mt_contract *contract)
{
    if (contract->end != MT_DAY_NONE && contract->end < contract->begin)
        return "contract_end lies before contract_begin; expected a later day or none";
    if (contract->capacity_w != MT_MICRO_NONE && contract->capacity_w < 0)
        return "the capacity is negative; expected MW above 0";
    return NULL;
}

static mt_code give_contract(mt_vpp_reader *reader, struct contract_row *row)
{
    mt_contract *contract = &row->contract;
    const char *fault = find_fault(contract);
    if (fault != NULL) return mt_vpp_bad_row(reader, contract->contract_id, row->line, fault);
    contract->energy_credit = row->energy_credit == 1;
    if (row->energy_credit < 0) contract->energy_credit = contract->scheme == MT_SCHEME_PREMIUM;
    return MT_VPP_GIVE(reader, contract, contract);
}

mt_code mt_vpp_read_contracts(mt_vpp_reader *reader)
{
    struct contract_row *row;
    size_t n;
    MT_TRY(mt_vpp_table_read(reader, &table, &row, &n));
    for (size_t k = 0; k < n; k++) MT_TRY(give_contract(reader, &row[k]));
    return MT_OK;
}
