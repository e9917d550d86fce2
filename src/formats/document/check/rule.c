/* The engine of rules: every row of a table at every element of its place. */
#include "formats/document/check/rule.h"

#include <string.h>

const char *mt_case_text(const mt_rule_case *of, mt_term term)
{
    return mt_model_text(of->model, of->at, term);
}

mt_exact mt_case_exact(const mt_rule_case *of, mt_term term)
{
    return mt_exact_of(mt_case_text(of, term));
}

bool mt_test_has(mt_rule_case *of)
{
    return mt_case_text(of, of->rule->a) != NULL;
}

bool mt_test_text(mt_rule_case *of)
{
    const char *text = mt_case_text(of, of->rule->a);
    return text && *text;
}

bool mt_test_any(mt_rule_case *of)
{
    return mt_case_text(of, of->rule->a) != NULL || mt_case_text(of, of->rule->b) != NULL;
}

bool mt_case_equal(mt_rule_case *of, mt_exact found, mt_exact expected)
{
    of->found_exact = found;
    of->expected = expected;
    return mt_exact_equal(found, expected);
}

/* "an invoice line (BG-25) needs its net amount (BT-131)" */
static mt_code make_sentence(mt_ctx *cx, const char **out, const mt_rule *rule)
{
    if (rule->sentence) {
        *out = rule->sentence;
        return MT_OK;
    }
    return mt_text_format(cx, out, "%s needs its %s (%s)", mt_place_words(rule->place),
                          mt_term_words(rule->a), mt_term_id(rule->a));
}

/* "…: 12.30 was found, 12.40 would be right" */
static mt_code add_values(mt_ctx *cx, const char **sentence, const mt_rule_case *of)
{
    char found[MT_EXACT_TEXT_MAX], expected[MT_EXACT_TEXT_MAX];
    const char *was = of->found_exact.there ? mt_exact_text(of->found_exact, found) : of->found;
    if (of->expected.there)
        return mt_text_format(cx, sentence, "%s: %.80s was found, %s would be right", *sentence,
                              was ? was : "nothing", mt_exact_text(of->expected, expected));
    if (was) return mt_text_format(cx, sentence, "%s: \"%.80s\" was found", *sentence, was);
    return MT_OK;
}

mt_code mt_check_add(mt_check *check, const mt_rule_case *of)
{
    mt_en16931_finding finding = {
        .rule = of->rule->id, .severity = of->rule->severity, .line = of->at->line, .element = of->at->name};
    MT_TRY(make_sentence(check->cx, &finding.sentence, of->rule));
    MT_TRY(add_values(check->cx, &finding.sentence, of));
    MT_TRY(mt_ctx_grow(check->cx, &check->finding, check->n, &check->room, sizeof finding));
    check->finding[check->n++] = finding;
    return MT_OK;
}

static mt_code check_rule(mt_check *check, const mt_rule *rule)
{
    const mt_model_nodes *place = &check->model->place[rule->place];
    for (size_t k = 0; k < place->n; k++) {
        mt_rule_case of = {.check = check, .model = check->model, .at = place->at[k], .rule = rule};
        if (!rule->test(&of)) MT_TRY(mt_check_add(check, &of));
    }
    return MT_OK;
}

mt_code mt_check_rules(mt_check *check, mt_rules rules)
{
    for (size_t k = 0; k < rules.n; k++) MT_TRY(check_rule(check, &rules.rule[k]));
    return MT_OK;
}
