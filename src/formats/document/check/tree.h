/* An XML document as a tree in memory, and short paths into it.
 *
 * Purpose   What rules over a business document need: they look up, down and across.
 * Shapes    Names are without prefix; texts without blanks at their ends, "" where there are none; of
 *           attributes only those that e-invoices give a meaning to.
 *           A path is alternatives of steps: "A/B[C/D=x]|E,F/@g". A step names an element, "," several; a
 *           predicate compares a text or an attribute below ("=" or "!=", letters of either case, true is 1
 *           and false is 0) or asks for it ("[C]"); "//" at the beginning searches all descendants; "." is
 *           the element itself; a last step "@g" is an attribute.
 * Errors    MT_E_INPUT, MT_E_TOO_LARGE as in io/xml.h, beyond MT_TREE_BYTES_MAX bytes or
 *           MT_TREE_NODES_MAX elements too.
 * Ownership The tree lives in the context and borrows nothing.
 * Cost      One walk for each path; nothing is kept.
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_TREE_H
#define MT_FORMATS_DOCUMENT_CHECK_TREE_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_TREE_BYTES_MAX = 64 << 20, MT_TREE_NODES_MAX = 2000000 };

typedef struct mt_tree_attribute {
    const char *name, *value;
    const struct mt_tree_attribute *next;
} mt_tree_attribute;

typedef struct mt_tree_node {
    const char *name, *text;
    const struct mt_tree_node *parent, *child, *next;
    const mt_tree_attribute *attribute;
    uint64_t line;
} mt_tree_node;

MT_MUST_USE mt_code mt_tree_read(mt_ctx *cx, const mt_tree_node **out, const char *name, mt_text bytes);

/* How many elements the path reaches; the first `room` of them, in the document's order. */
size_t mt_tree_find(const mt_tree_node *from, const char *path, const mt_tree_node **out, size_t room);
const mt_tree_node *mt_tree_first(const mt_tree_node *from, const char *path); /* NULL: none */

/* The text or the attribute that the path reaches first; NULL: there is none. */
const char *mt_tree_text(const mt_tree_node *from, const char *path);

/* The next element in the document's order at or below `top`; NULL: that was the last. */
const mt_tree_node *mt_tree_following(const mt_tree_node *node, const mt_tree_node *top);

const char *mt_tree_attribute_of(const mt_tree_node *node, mt_text name); /* NULL: none */

MT_END_DECLS
#endif
