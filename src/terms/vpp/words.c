/* The words and meanings of a portfolio's nouns. */
#include "terms/vpp/feed.h"

#include <string.h>

#define TECHNOLOGY_WORD(symbol, word) word,
static const char *const technology_word[] = {MT_TECHNOLOGY_LIST(TECHNOLOGY_WORD)};

#define WORD(symbol, word, meaning) word,
const char *const mt_price_model_word[] = {MT_PRICE_MODEL_LIST(WORD) NULL};
const char *const mt_fee_model_word[] = {MT_FEE_MODEL_LIST(WORD) NULL};
const char *const mt_fee_form_word[] = {MT_FEE_FORM_LIST(WORD) NULL};
const char *const mt_scheme_word[] = {MT_SCHEME_LIST(WORD) NULL};
const char *const mt_lost_rule_word[] = {MT_LOST_RULE_LIST(WORD) NULL};
const char *const mt_vat_rule_word[] = {MT_VAT_RULE_LIST(WORD) NULL};

static const struct {
    const char *word;
    mt_technology technology;
} other_word[] = {{"pv", MT_SOLAR}, {"onshore", MT_WIND}, {"offshore", MT_WIND_OFFSHORE}};

#define FINDING_ROW(symbol, name, severity, rule) {name, rule, severity},
static const struct {
    const char *name, *rule;
    mt_severity severity;
} finding[] = {MT_FINDING_LIST(FINDING_ROW)};

static const char *const severity_name[] = {"note", "warning", "error"};

const char *mt_technology_word(mt_technology technology)
{
    return technology_word[technology];
}

bool mt_technology_find(mt_text word, mt_technology *out)
{
    for (size_t k = 0; k < MT_TECHNOLOGY_COUNT; k++) {
        if (mt_text_equal_nocase(word, technology_word[k])) return *out = (mt_technology)k, true;
    }
    for (size_t k = 0; k < sizeof other_word / sizeof *other_word; k++) {
        if (mt_text_equal_nocase(word, other_word[k].word)) return *out = other_word[k].technology, true;
    }
    return false;
}

const char *mt_finding_name(mt_finding_kind kind)
{
    return finding[kind].name;
}

mt_severity mt_finding_severity(mt_finding_kind kind)
{
    return finding[kind].severity;
}

const char *mt_finding_rule(mt_finding_kind kind)
{
    return finding[kind].rule;
}

const char *mt_severity_name(mt_severity severity)
{
    return severity_name[severity];
}
