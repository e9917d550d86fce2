/* Reads contract terms that stand in a line of words. */
#include "simulate/vpp/terms.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} micro_member[] = {
    {"price", offsetof(mt_contract, price)},
    {"spread", offsetof(mt_contract, spread)},
    {"price_percent", offsetof(mt_contract, price_percent)},
    {"floor", offsetof(mt_contract, floor)},
    {"cap", offsetof(mt_contract, cap)},
    {"fee", offsetof(mt_contract, fee)},
    {"fee_percent", offsetof(mt_contract, fee_percent)},
    {"value_applied", offsetof(mt_contract, value_applied)},
    {"curtail_percent", offsetof(mt_contract, curtail_percent)},
};

static int find_word(const char *const *word, mt_text text)
{
    for (int k = 0; word[k]; k++) {
        if (mt_text_equal(text, word[k])) return k;
    }
    return -1;
}

static bool read_choice(mt_contract *out, mt_text name, mt_text value)
{
    int k;
    if (mt_text_equal(name, "price_model"))
        return (k = find_word(mt_price_model_word, value)) >= 0 &&
               (out->price_model = (mt_price_model)k, true);
    if (mt_text_equal(name, "fee_model"))
        return (k = find_word(mt_fee_model_word, value)) >= 0 && (out->fee_model = (mt_fee_model)k, true);
    if (mt_text_equal(name, "fee_form"))
        return (k = find_word(mt_fee_form_word, value)) >= 0 && (out->fee_form = (mt_fee_form)k, true);
    if (mt_text_equal(name, "scheme"))
        return (k = find_word(mt_scheme_word, value)) >= 0 && (out->scheme = (mt_scheme)k, true);
    if (mt_text_equal(name, "lost_rule"))
        return (k = find_word(mt_lost_rule_word, value)) >= 0 && (out->lost_rule = (mt_lost_rule)k, true);
    if (mt_text_equal(name, "vat"))
        return (k = find_word(mt_vat_rule_word, value)) >= 0 && (out->vat = (mt_vat_rule)k, true);
    if (mt_text_equal(name, "energy_credit")) return out->energy_credit = mt_text_equal(value, "yes"), true;
    return mt_text_equal(name, "owner");
}

/* A day, or a signed number of days from the first. */
static bool read_day(mt_day *out, mt_text value, mt_day first_day)
{
    int64_t from_first;
    if (mt_day_parse(value.at, value.length, out)) return true;
    if (!mt_int_parse(value.at, value.length, &from_first)) return false;
    return *out = first_day + (mt_day)from_first, true;
}

static bool read_pair(mt_contract *out, mt_text name, mt_text value, mt_day first_day)
{
    if (mt_text_equal(name, "begin")) return read_day(&out->begin, value, first_day);
    if (mt_text_equal(name, "end")) return read_day(&out->end, value, first_day);
    for (size_t k = 0; k < sizeof micro_member / sizeof *micro_member; k++) {
        mt_micro *member = (mt_micro *)(void *)((char *)out + micro_member[k].offset);
        if (mt_text_equal(name, micro_member[k].name)) return mt_micro_parse(value.at, value.length, member);
    }
    return read_choice(out, name, value);
}

/* The next "name=value"; false at the end. */
static bool next_pair(const char **at, mt_text *name, mt_text *value)
{
    *at += strspn(*at, " ");
    size_t length = strcspn(*at, " "), before = strcspn(*at, "=");
    if (!length || before >= length) return false;
    *name = (mt_text){*at, before};
    *value = (mt_text){*at + before + 1, length - before - 1};
    *at += length;
    return true;
}

bool mt_sim_terms_read(mt_contract *out, const char *terms, mt_day first_day)
{
    mt_text name, value;
    *out = (mt_contract){.begin = MT_DAY_NONE,
                         .end = MT_DAY_NONE,
                         .price = MT_MICRO_NONE,
                         .spread = MT_MICRO_NONE,
                         .price_percent = MT_MICRO_NONE,
                         .floor = MT_MICRO_NONE,
                         .cap = MT_MICRO_NONE,
                         .fee = MT_MICRO_NONE,
                         .fee_percent = MT_MICRO_NONE,
                         .value_applied = MT_MICRO_NONE,
                         .curtail_percent = MT_MICRO_NONE};
    while (next_pair(&terms, &name, &value)) {
        if (!read_pair(out, name, value, first_day)) return false;
    }
    return !terms[strspn(terms, " ")];
}

mt_text mt_sim_terms_word(const char *terms, const char *name)
{
    mt_text found, value;
    while (next_pair(&terms, &found, &value)) {
        if (mt_text_equal(found, name)) return value;
    }
    return (mt_text){NULL, 0};
}
