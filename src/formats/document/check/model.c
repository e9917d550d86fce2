/* Places and terms of an invoice, found by the paths of its syntax. */
#include "formats/document/check/model.h"

#include <string.h>

/* clang-format off */
static const struct { const char *words, *path[MT_SYNTAX_COUNT]; } places[] = {
#define PLACE_ROW(symbol, words, ubl, cii) {words, {ubl, cii}},
    MT_PLACE_LIST(PLACE_ROW)
#undef PLACE_ROW
};

static const struct { const char *id, *words, *path[MT_SYNTAX_COUNT]; } terms[] = {
#define TERM_ROW(symbol, id, words, ubl, cii) {id, words, {ubl, cii}},
    MT_TERM_LIST(TERM_ROW)
#undef TERM_ROW
};
/* clang-format on */

static mt_code fill_place(mt_ctx *cx, mt_model *model, mt_place place)
{
    const char *path = places[place].path[model->syntax];
    mt_model_nodes *nodes = &model->place[place];
    if (!path) return MT_OK;
    nodes->n = mt_tree_find(model->root, path, NULL, 0);
    MT_TRY(MT_NEW(cx, &nodes->at, nodes->n));
    (void)mt_tree_find(model->root, path, nodes->at, nodes->n);
    return MT_OK;
}

mt_code mt_model_of(mt_ctx *cx, mt_model *out, const mt_tree_node *root)
{
    mt_model model = {.root = root};
    if (strcmp(root->name, "Invoice") == 0 || strcmp(root->name, "CreditNote") == 0) {
        model.syntax = MT_SYNTAX_UBL;
    } else if (strcmp(root->name, "CrossIndustryInvoice") == 0) {
        model.syntax = MT_SYNTAX_CII;
    } else {
        return mt_fail(
            cx, MT_E_INPUT,
            "line %llu: the root is %.60s; Invoice or CreditNote (UBL) or CrossIndustryInvoice (CII) "
            "were expected",
            (unsigned long long)root->line, root->name);
    }
    for (int place = 0; place < P_COUNT; place++) MT_TRY(fill_place(cx, &model, (mt_place)place));
    *out = model;
    return MT_OK;
}

const char *mt_place_words(mt_place place)
{
    return places[place].words;
}

const char *mt_term_id(mt_term term)
{
    return terms[term].id;
}

const char *mt_term_words(mt_term term)
{
    return terms[term].words;
}

const char *mt_model_text(const mt_model *model, const mt_tree_node *at, mt_term term)
{
    const char *path = terms[term].path[model->syntax];
    return path ? mt_tree_text(at, path) : NULL;
}

bool mt_model_has(const mt_model *model, const mt_tree_node *at, mt_term term)
{
    return mt_model_text(model, at, term) != NULL;
}

bool mt_model_is(const mt_model *model, const mt_tree_node *at, mt_term term, const char *value)
{
    const char *text = mt_model_text(model, at, term);
    return text && strcmp(text, value) == 0;
}

size_t mt_model_vat_total(const mt_model *model, const char *currency, const char **out)
{
    size_t n = 0;
    for (size_t k = 0; k < model->place[P_TAX_TOTAL].n; k++) {
        const mt_tree_node *total = model->place[P_TAX_TOTAL].at[k];
        for (const mt_tree_node *node = total->child; node; node = node->next) {
            const char *unit = mt_tree_attribute_of(node, mt_text_of("currencyID"));
            if (strcmp(node->name, model->syntax == MT_SYNTAX_UBL ? "TaxAmount" : "TaxTotalAmount") != 0)
                continue;
            if (!unit || strcmp(unit, currency) != 0) continue;
            if (n++ == 0) *out = node->text;
        }
    }
    return n;
}
