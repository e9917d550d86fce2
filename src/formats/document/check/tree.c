/* An XML document as a tree: read event by event, searched step by step. */
#include "formats/document/check/tree.h"

#include "io/xml.h"

#include <string.h>

static const char *const attribute_names[] = {"unitCode", "currencyID", "schemeID", "listID", "mimeCode",
                                              "filename", "format",     "name",     "number"};

enum { ATTRIBUTES = sizeof attribute_names / sizeof *attribute_names };

struct growth {
    mt_tree_node *at;   /* the element that is open */
    mt_tree_node *last; /* its last child */
    mt_tree_node *lasts[MT_XML_DEPTH_MAX + 1];
    size_t nodes;
};

static mt_code read_attributes(mt_ctx *cx, mt_xml *xml, mt_tree_node *node)
{
    const mt_tree_attribute **end = &node->attribute;
    for (size_t k = 0; k < ATTRIBUTES; k++) {
        mt_tree_attribute *attribute = NULL;
        mt_text value;
        if (!mt_xml_attribute(xml, attribute_names[k], &value)) continue;
        MT_TRY(MT_NEW(cx, &attribute, 1));
        attribute->name = attribute_names[k];
        MT_TRY(mt_text_copy(cx, &attribute->value, mt_text_trim(value)));
        *end = attribute;
        end = &attribute->next;
    }
    return MT_OK;
}

static mt_code open_node(mt_ctx *cx, mt_xml *xml, struct growth *growth)
{
    mt_tree_node *node = NULL, **last = &growth->lasts[mt_xml_depth(xml) - 1];
    if (++growth->nodes > MT_TREE_NODES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "line %llu: more than %d elements in one document",
                       (unsigned long long)mt_xml_line(xml), MT_TREE_NODES_MAX);
    MT_TRY(MT_NEW(cx, &node, 1));
    MT_TRY(mt_text_copy(cx, &node->name, mt_text_of(mt_xml_name(xml))));
    node->text = "";
    node->parent = growth->at;
    node->line = mt_xml_line(xml);
    MT_TRY(read_attributes(cx, xml, node));
    if (*last) {
        (*last)->next = node;
    } else if (growth->at) {
        growth->at->child = node;
    }
    *last = node;
    growth->lasts[mt_xml_depth(xml)] = NULL;
    growth->at = node;
    return MT_OK;
}

static mt_text trim_all(mt_text text)
{
    while (text.length && strchr(" \t\r\n", text.at[0])) text = (mt_text){text.at + 1, text.length - 1};
    while (text.length && strchr(" \t\r\n", text.at[text.length - 1])) text.length--;
    return text;
}

static mt_code grow(mt_ctx *cx, mt_xml *xml, const mt_tree_node **root)
{
    struct growth growth = {.nodes = 0};
    mt_xml_event event;
    for (;;) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event == MT_XML_END) return MT_OK;
        if (event == MT_XML_OPEN) {
            MT_TRY(open_node(cx, xml, &growth));
            if (!growth.at->parent) *root = growth.at;
            continue;
        }
        mt_text text = trim_all(mt_xml_text(xml));
        if (text.length && !growth.at->child) MT_TRY(mt_text_copy(cx, &growth.at->text, text));
        growth.at = (mt_tree_node *)(uintptr_t)growth.at->parent;
    }
}

mt_code mt_tree_read(mt_ctx *cx, const mt_tree_node **out, const char *name, mt_text bytes)
{
    const mt_tree_node *root = NULL;
    mt_xml *xml = NULL;
    if (bytes.length > MT_TREE_BYTES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: %zu bytes; a document has at most %d", name, bytes.length,
                       MT_TREE_BYTES_MAX);
    MT_TRY(mt_xml_open(cx, &xml, name, bytes));
    mt_code code = grow(cx, xml, &root);
    mt_xml_close(xml);
    if (code == MT_OK) *out = root;
    return code;
}

/* --- paths --- */

/* The length up to the first `end` that stands in no brackets, or to the end. */
static size_t span_to(mt_text path, char end)
{
    int depth = 0;
    for (size_t k = 0; k < path.length; k++) {
        if (depth == 0 && path.at[k] == end) return k;
        if (path.at[k] == '[') depth++;
        if (path.at[k] == ']') depth--;
    }
    return path.length;
}

static mt_text skip(mt_text text, size_t n)
{
    if (n > text.length) n = text.length;
    return (mt_text){text.at + n, text.length - n};
}

static bool is_name(mt_text names, const char *name)
{
    while (names.length > 0) {
        size_t n = span_to(names, ',');
        if (mt_text_equal((mt_text){names.at, n}, name)) return true;
        names = skip(names, n + 1);
    }
    return false;
}

static const char *text_at(const mt_tree_node *from, mt_text path);

static bool is_same_word(mt_text word, const char *text)
{
    if (mt_text_equal_nocase(word, text)) return true;
    return (mt_text_equal(word, "true") && strcmp(text, "1") == 0) ||
           (mt_text_equal(word, "false") && strcmp(text, "0") == 0);
}

/* One predicate, without its brackets. */
static bool holds(const mt_tree_node *node, mt_text predicate)
{
    size_t n = span_to(predicate, '=');
    bool compares = n < predicate.length, differs = compares && n > 0 && predicate.at[n - 1] == '!';
    const char *text = text_at(node, (mt_text){predicate.at, differs ? n - 1 : n});
    if (!compares) return text != NULL;
    bool same = text && is_same_word(skip(predicate, n + 1), text);
    return same != differs;
}

static bool matches(const mt_tree_node *node, mt_text step)
{
    size_t n = span_to(step, '[');
    mt_text name = {step.at, n};
    if (!mt_text_equal(name, ".") && !is_name(name, node->name)) return false;
    step = skip(step, n);
    while (step.length > 1) {
        mt_text inside = skip(step, 1);
        n = span_to(inside, ']');
        if (!holds(node, (mt_text){inside.at, n})) return false;
        step = skip(inside, n + 1);
    }
    return true;
}

struct search {
    const mt_tree_node **out;
    size_t room, n;
    bool one; /* the first will do */
};

static void search_below(struct search *search, const mt_tree_node *from, mt_text path);

static void take(struct search *search, const mt_tree_node *node, mt_text rest)
{
    if (rest.length > 0) {
        search_below(search, node, rest);
        return;
    }
    if (search->n < search->room) search->out[search->n] = node;
    search->n++;
}

static bool is_done(const struct search *search)
{
    return search->one && search->n > 0;
}

/* Children of `from` that the first step names, and what the rest reaches from there. */
static void search_below(struct search *search, const mt_tree_node *from, mt_text path)
{
    size_t n = span_to(path, '/');
    mt_text step = {path.at, n}, rest = skip(path, n + 1);
    if (step.length > 0 && step.at[0] == '.') {
        if (matches(from, step)) take(search, from, rest);
        return;
    }
    for (const mt_tree_node *node = from->child; node && !is_done(search); node = node->next)
        if (matches(node, step)) take(search, node, rest);
}

const mt_tree_node *mt_tree_following(const mt_tree_node *node, const mt_tree_node *top)
{
    if (node->child) return node->child;
    while (node != top && !node->next) node = node->parent;
    return node == top ? NULL : node->next;
}

static void search_all(struct search *search, const mt_tree_node *from, mt_text path)
{
    size_t n = span_to(path, '/');
    mt_text step = {path.at, n}, rest = skip(path, n + 1);
    for (const mt_tree_node *node = from; node && !is_done(search); node = mt_tree_following(node, from))
        if (matches(node, step)) take(search, node, rest);
}

static void search_path(struct search *search, const mt_tree_node *from, mt_text path)
{
    while (path.length > 0 && !is_done(search)) {
        size_t n = span_to(path, '|');
        mt_text one = {path.at, n};
        if (n > 2 && one.at[0] == '/' && one.at[1] == '/') {
            search_all(search, from, skip(one, 2));
        } else {
            search_below(search, from, one);
        }
        path = skip(path, n + 1);
    }
}

size_t mt_tree_find(const mt_tree_node *from, const char *path, const mt_tree_node **out, size_t room)
{
    struct search search = {out, room, 0, false};
    search_path(&search, from, mt_text_of(path));
    return search.n;
}

static const mt_tree_node *first_at(const mt_tree_node *from, mt_text path)
{
    const mt_tree_node *first = NULL;
    struct search search = {&first, 1, 0, true};
    search_path(&search, from, path);
    return first;
}

const mt_tree_node *mt_tree_first(const mt_tree_node *from, const char *path)
{
    return first_at(from, mt_text_of(path));
}

const char *mt_tree_attribute_of(const mt_tree_node *node, mt_text name)
{
    for (const mt_tree_attribute *at = node->attribute; at; at = at->next)
        if (mt_text_equal(name, at->name)) return at->value;
    return NULL;
}

/* Of the first element that the steps before it reach. */
static const char *attribute_at(const mt_tree_node *from, mt_text path, size_t cut)
{
    mt_text name = skip(path, cut + 1);
    const mt_tree_node *node = cut == 0 ? from : first_at(from, (mt_text){path.at, cut - 1});
    return node ? mt_tree_attribute_of(node, name) : NULL;
}

static const char *text_at(const mt_tree_node *from, mt_text path)
{
    while (path.length > 0) {
        size_t n = span_to(path, '|'), cut = span_to((mt_text){path.at, n}, '@');
        mt_text one = {path.at, n};
        const char *text = NULL;
        if (cut < n) {
            text = attribute_at(from, one, cut);
        } else {
            const mt_tree_node *node = first_at(from, one);
            text = node ? node->text : NULL;
        }
        if (text) return text;
        path = skip(path, n + 1);
    }
    return NULL;
}

const char *mt_tree_text(const mt_tree_node *from, const char *path)
{
    return text_at(from, mt_text_of(path));
}
