/* XML out, element by element: what the writers of business documents share.
 *
 * Purpose   A document is written as a list of its elements in their order, without a branch for each that
 *           may be missing: what has no content is not there.
 * Shapes    mt_xml_group and mt_xml_end enclose; a group in which nothing was written leaves no trace. A leaf
 *           without text (NULL or empty) is not written. One element a line, two blanks a level.
 * Safety    Every text and attribute goes through io/page/markup.h: it can end neither an element nor an
 *           attribute, and bytes that are no UTF-8 come out as U+FFFD.
 * Errors    The writer remembers the first failure, further calls do nothing, mt_xml_done tells it.
 * Ownership The writer is the caller's variable; it borrows `out`, which it does not finish. Names are
 *           borrowed until their mt_xml_end.
 * Example   mt_xml_start(cx, &xml, out); mt_xml_group(&xml, "Invoice", "xmlns=\"urn:x\"");
 *           mt_xml_leaf(&xml, "ID", invoice->number); mt_xml_end(&xml); return mt_xml_done(&xml);
 */
#ifndef MT_FORMATS_DOCUMENT_XML_WRITE_H
#define MT_FORMATS_DOCUMENT_XML_WRITE_H

#include "base/time.h"
#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_XML_WRITER_DEPTH_MAX = 16 };

/* Members are the writer's own. */
typedef struct mt_xml_writer {
    mt_ctx *cx;
    mt_out *out;
    mt_code code;
    int depth;   /* groups that were begun */
    int written; /* of these, with their tag in the document */
    const char *name[MT_XML_WRITER_DEPTH_MAX];
    const char *constant[MT_XML_WRITER_DEPTH_MAX];
} mt_xml_writer;

void mt_xml_start(mt_ctx *cx, mt_xml_writer *xml, mt_out *out);

/* `constant`: attributes as they stand in the document, text of the program; NULL: none. */
void mt_xml_group(mt_xml_writer *xml, const char *name, const char *constant);
void mt_xml_keep(mt_xml_writer *xml); /* the innermost group is written even when it stays empty */
void mt_xml_end(mt_xml_writer *xml);

void mt_xml_leaf(mt_xml_writer *xml, const char *name, const char *text);

/* With one attribute, left out where its value is NULL or empty. */
void mt_xml_leaf_with(mt_xml_writer *xml, const char *name, const char *attribute, const char *value,
                      const char *text);

/* An element of attributes only: name, value, name, value, …, NULL. */
void mt_xml_empty_with(mt_xml_writer *xml, const char *name, const char *const *attribute);
void mt_xml_leaf_day(mt_xml_writer *xml, const char *name, mt_day day); /* 2025-06-08; missing: nothing */
void mt_xml_leaf_int(mt_xml_writer *xml, const char *name, int64_t value);

MT_MUST_USE mt_code mt_xml_done(const mt_xml_writer *xml);

MT_END_DECLS
#endif
