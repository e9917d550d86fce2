/* The words of documents, and numbers and days as their readers expect them. */
#include "ops/vpp/render/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/document/amount.h"

const char *const mt_language_word[] = {"en", "de", NULL};

static const char *const word_text[][MT_LANGUAGES] = {
#define WORD_ROW(symbol, english, german) {english, german},
    MT_WORD_LIST(WORD_ROW)
#undef WORD_ROW
};

const char *mt_word_in(mt_language language, mt_word word)
{
    return word_text[word][language];
}

mt_word mt_word_of_line(mt_line_kind kind)
{
    static const mt_word word[] = {[MT_LINE_INFEED] = MT_W_LINE_INFEED,
                                   [MT_LINE_FEE] = MT_W_LINE_FEE,
                                   [MT_LINE_FEE_CAPACITY] = MT_W_LINE_CAPACITY,
                                   [MT_LINE_REDISPATCH] = MT_W_LINE_REDISPATCH,
                                   [MT_LINE_CURTAILMENT] = MT_W_LINE_CURTAIL};
    return word[kind];
}

mt_word mt_word_of_vat(mt_vat_category category)
{
    static const mt_word word[] = {
        [MT_VAT_S] = MT_W_VAT_S, [MT_VAT_AE] = MT_W_VAT_AE, [MT_VAT_E] = MT_W_VAT_E, [MT_VAT_O] = MT_W_VAT_O};
    return word[category];
}

mt_word mt_word_of_source(mt_infeed_source source)
{
    static const mt_word word[] = {[MT_INFEED_METER] = MT_W_SOURCE_METER,
                                   [MT_INFEED_LIVE] = MT_W_SOURCE_LIVE,
                                   [MT_INFEED_FORECAST] = MT_W_SOURCE_FORECAST,
                                   [MT_INFEED_MODEL] = MT_W_SOURCE_MODEL,
                                   [MT_INFEED_GAP] = MT_W_SOURCE_GAP};
    return word[source];
}

const char *mt_vat_reason_in(mt_language language, mt_vat_category category)
{
    if (category == MT_VAT_AE) return mt_word_in(language, MT_W_WHY_AE);
    if (category == MT_VAT_E) return mt_word_in(language, MT_W_WHY_E);
    if (category == MT_VAT_O) return mt_word_in(language, MT_W_WHY_O);
    return NULL;
}

/* "-1234.5" with marks between groups of three digits, the decimal mark and the minus of the language. */
static mt_code mark_number(mt_ctx *cx, const char **out, mt_language language, const char *plain)
{
    const char group = language == MT_GERMAN ? '.' : ',', point = language == MT_GERMAN ? ',' : '.';
    bool negative = *plain == '-' && strpbrk(plain, "123456789");
    char *text;
    size_t n = 0;
    if (*plain == '-') plain++;
    size_t digits = strspn(plain, "0123456789");
    MT_TRY(MT_NEW(cx, &text, 2 * strlen(plain) + 4));
    if (negative) {
        memcpy(text, "−", sizeof "−" - 1);
        n = sizeof "−" - 1;
    }
    for (size_t k = 0; plain[k]; k++) {
        if (k > 0 && k < digits && (digits - k) % 3 == 0) text[n++] = group;
        text[n++] = plain[k] == '.' ? point : plain[k];
    }
    *out = text;
    return MT_OK;
}

mt_code mt_number_in(mt_ctx *cx, const char **out, mt_language language, int64_t value, int decimals,
                     int least)
{
    char plain[MT_AMOUNT_TEXT_MAX];
    mt_amount_text(value, decimals, least, plain);
    return mark_number(cx, out, language, plain);
}

mt_code mt_real_in(mt_ctx *cx, const char **out, mt_language language, double value, int places)
{
    char plain[64];
    *out = NULL;
    if (!isfinite(value) || fabs(value) >= 1e18) return MT_OK;
    snprintf(plain, sizeof plain, "%.*f", places, value);
    return mark_number(cx, out, language, plain);
}

static const char *const month_name[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

mt_code mt_day_in(mt_ctx *cx, const char **out, mt_language language, mt_day day)
{
    *out = NULL;
    if (day == MT_DAY_NONE) return MT_OK;
    mt_date date = mt_day_date(day);
    if (language == MT_GERMAN)
        return mt_text_format(cx, out, "%02d.%02d.%d", date.day, date.month, date.year);
    return mt_text_format(cx, out, "%d %s %d", date.day, month_name[date.month - 1], date.year);
}

/* What both days share is said once: "01.–30.06.2025", "1–30 June 2025". */
static mt_code span_of_month(mt_ctx *cx, const char **out, mt_language language, mt_date from, mt_date until)
{
    if (language == MT_GERMAN)
        return mt_text_format(cx, out, "%02d.–%02d.%02d.%d", from.day, until.day, until.month, until.year);
    return mt_text_format(cx, out, "%d–%d %s %d", from.day, until.day, month_name[until.month - 1],
                          until.year);
}

mt_code mt_days_in(mt_ctx *cx, const char **out, mt_language language, mt_day from, mt_day until)
{
    const char *first, *last;
    MT_TRY(mt_day_in(cx, &first, language, from));
    MT_TRY(mt_day_in(cx, &last, language, until));
    if (!first || !last || from == until) {
        *out = first ? first : last;
        return MT_OK;
    }
    mt_date begin = mt_day_date(from), end = mt_day_date(until);
    if (begin.year == end.year && begin.month == end.month)
        return span_of_month(cx, out, language, begin, end);
    return mt_text_format(cx, out, "%s – %s", first, last);
}
