/* What a rule of EN 16931 is: where it looks, what it asks there, and what is said when it does not hold.
 *
 * Purpose   Rules are rows of tables, a table for each family; one engine walks them.
 * Shapes    A rule is asked once for each element of its place. Its sentence, where it has none of its own,
 *           is made of the words of place and term ("an invoice line (BG-25) needs its net amount (BT-131)").
 * Ownership Tables are constant; findings live in the context and borrow the tree.
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_RULE_H
#define MT_FORMATS_DOCUMENT_CHECK_RULE_H

#include "formats/document/check/codes.h"
#include "formats/document/check/exact.h"
#include "formats/document/check/model.h"
#include "formats/document/en16931_check.h"

MT_BEGIN_DECLS

struct mt_rule;

typedef struct mt_check {
    mt_ctx *cx;
    const mt_model *model;
    mt_en16931_finding *finding;
    size_t n, room;
} mt_check;

/* One rule at one element; a test that fails may say what it found and what would be right. */
typedef struct mt_rule_case {
    const mt_check *check;
    const mt_model *model;
    const mt_tree_node *at;
    const struct mt_rule *rule;
    const char *found;
    mt_exact expected, found_exact; /* told when `there` */
} mt_rule_case;

typedef bool mt_rule_test(mt_rule_case *of); /* true: it holds */

typedef struct mt_rule {
    const char *id;
    mt_severity severity;
    mt_place place;
    mt_rule_test *test;
    mt_term a, b;
    int list;             /* mt_codes, or a number that the test knows */
    const char *sentence; /* NULL: made of the words */
} mt_rule;

/* Rows of one table. */
typedef struct mt_rules {
    const mt_rule *rule;
    size_t n;
} mt_rules;

mt_rules mt_rules_presence(void); /* what has to be there */
mt_rules mt_rules_codes(void);    /* words of published lists */
mt_rules mt_rules_sums(void);     /* amounts that follow from others */
mt_rules mt_rules_ubl(void);      /* of the syntax UBL only */
mt_rules mt_rules_german(void);   /* XRechnung */

/* The rules of VAT categories, which a table of categories makes; see rules_vat.c. */
MT_MUST_USE mt_code mt_rules_vat(mt_check *check);
size_t mt_rules_vat_count(void);

MT_MUST_USE mt_code mt_check_rules(mt_check *check, mt_rules rules);
MT_MUST_USE mt_code mt_check_add(mt_check *check, const mt_rule_case *of);

/* The term at the element of the case, as text and as number. */
const char *mt_case_text(const mt_rule_case *of, mt_term term);
mt_exact mt_case_exact(const mt_rule_case *of, mt_term term);

/* Tests that several families use. */
bool mt_test_has(mt_rule_case *of);  /* a is there, if empty */
bool mt_test_text(mt_rule_case *of); /* a has a text */
bool mt_test_any(mt_rule_case *of);  /* a or b is there */

/* Remembers what was compared, for the sentence; true when both are there and equal. */
bool mt_case_equal(mt_rule_case *of, mt_exact found, mt_exact expected);

MT_END_DECLS
#endif
