/* An EN 16931 invoice as its rules see it: places and business terms, whichever syntax it is written in.
 *
 * Purpose   One rule for both syntaxes: a place is a business group that occurs any number of times, a term
 *           is found from there by the path of the document's syntax.
 * Shapes    The lists of places and terms stand in place_list.h and term_list.h.
 * Ownership The model lives in the context and borrows the tree.
 * Source    EN 16931-1:2017 (terms and groups), EN 16931-3-2 and -3-3 (their paths).
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_MODEL_H
#define MT_FORMATS_DOCUMENT_CHECK_MODEL_H

#include "formats/document/check/place_list.h"
#include "formats/document/check/term_list.h"
#include "formats/document/check/tree.h"

MT_BEGIN_DECLS

typedef enum mt_syntax { MT_SYNTAX_UBL, MT_SYNTAX_CII, MT_SYNTAX_COUNT } mt_syntax;

#define MT_MODEL_SYMBOL(symbol, ...) symbol,
typedef enum mt_place { MT_PLACE_LIST(MT_MODEL_SYMBOL) P_COUNT } mt_place;
typedef enum mt_term { MT_TERM_LIST(MT_MODEL_SYMBOL) T_COUNT } mt_term;
#undef MT_MODEL_SYMBOL

typedef struct mt_model_nodes {
    const mt_tree_node **at;
    size_t n;
} mt_model_nodes;

typedef struct mt_model {
    const mt_tree_node *root;
    mt_syntax syntax;
    mt_model_nodes place[P_COUNT];
} mt_model;

/* MT_E_INPUT: the root is no invoice of a syntax that is known. */
MT_MUST_USE mt_code mt_model_of(mt_ctx *cx, mt_model *out, const mt_tree_node *root);

const char *mt_place_words(mt_place place);
const char *mt_term_id(mt_term term);
const char *mt_term_words(mt_term term);

/* The term's text, seen from an element of its place; NULL: it is not there. */
const char *mt_model_text(const mt_model *model, const mt_tree_node *at, mt_term term);
bool mt_model_has(const mt_model *model, const mt_tree_node *at, mt_term term); /* there, if empty */
bool mt_model_is(const mt_model *model, const mt_tree_node *at, mt_term term, const char *value);

/* The VAT totals in that currency: how many there are, and the first. */
size_t mt_model_vat_total(const mt_model *model, const char *currency, const char **out);

MT_END_DECLS
#endif
