/* Trees of documents and paths into them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "formats/document/check/tree.h"

static const char doc[] =
    "<r><a unitCode='k'>\n 1 </a><b><c on='x' schemeID='VAT'>2</c><c>3</c><f>true</f></b>"
    "<b><c>4</c><f>0</f><d><c>5</c></d></b><e/></r>";

static const mt_tree_node *read_doc(mt_ctx *cx)
{
    const mt_tree_node *root = NULL;
    if (mt_tree_read(cx, &root, "doc", mt_text_of(doc)) != MT_OK) fail_msg("%s", cx->err);
    return root;
}

static void tree__gives_texts_without_blanks_and_attributes(void **state)
{
    const mt_tree_node *root = read_doc(*state);
    assert_string_equal(mt_tree_text(root, "a"), "1");
    assert_string_equal(mt_tree_text(root, "a/@unitCode"), "k");
    assert_string_equal(mt_tree_text(root, "e"), "");
    assert_null(mt_tree_text(root, "x"));
    assert_null(mt_tree_text(root, "a/@schemeID"));
    assert_string_equal(mt_tree_text(mt_tree_first(root, "a"), "@unitCode"), "k");
    assert_int_equal(mt_tree_first(root, "e")->line, 2);
}

static void tree__finds_what_a_path_names(void **state)
{
    const mt_tree_node *root = read_doc(*state), *found[8];
    assert_int_equal(mt_tree_find(root, "b/c", found, 8), 3);
    assert_string_equal(found[2]->text, "4");
    assert_int_equal(mt_tree_find(root, "//c", found, 2), 4);
    assert_int_equal(mt_tree_find(root, "a,e", found, 8), 2);
    assert_int_equal(mt_tree_find(root, "a|b/d/c", found, 8), 2);
    assert_string_equal(found[1]->text, "5");
    assert_int_equal(mt_tree_find(root, ".", found, 8), 1);
    assert_ptr_equal(found[0], root);
}

static void tree__keeps_what_a_predicate_demands(void **state)
{
    const mt_tree_node *root = read_doc(*state);
    assert_string_equal(mt_tree_text(root, "b[d/c=5]/c"), "4");
    assert_string_equal(mt_tree_text(root, "b[f=true]/c[@schemeID=vat]"), "2");
    assert_string_equal(mt_tree_text(root, "b[f=false]/c"), "4");
    assert_string_equal(mt_tree_text(root, "b/c[@schemeID!=VAT]"), "3");
    assert_string_equal(mt_tree_text(root, "b[d]/d/c"), "5");
    assert_string_equal(mt_tree_text(root, ".[a=1]/a"), "1");
    assert_null(mt_tree_text(root, ".[a=2]/a"));
    assert_null(mt_tree_text(root, "b[c[@schemeID=VAT]=9]/c"));
    assert_string_equal(mt_tree_text(root, "b[c[@schemeID=VAT]=2]/f"), "true");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(tree__gives_texts_without_blanks_and_attributes),
        IN_CONTEXT(tree__finds_what_a_path_names),
        IN_CONTEXT(tree__keeps_what_a_predicate_demands),
    };
    return cmocka_run_group_tests_name("tree", test, NULL, NULL);
}
