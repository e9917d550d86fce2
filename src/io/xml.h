/* XML in: one element after another, in bounded memory, without anything that reaches outside the document.
 *
 * Purpose   What the readers of market documents, exchange rates, workbooks and invoices share.
 * Shapes    mt_xml_next gives MT_XML_OPEN when an element begins, MT_XML_CLOSE when it ends, with the
 *           characters that stood since the last tag (so the whole text of an element without children),
 *           and MT_XML_END after the root. An empty element opens and closes. Names are without their
 *           prefix; comments and processing instructions are passed over. At most MT_XML_DEPTH_MAX levels,
 *           MT_XML_BYTES_MAX bytes and MT_XML_TEXT_MAX bytes of characters between two tags.
 *           A document type declaration is refused: with it go entities (the billion laughs) and all
 *           that would be read from somewhere else. The five entities of XML itself and character
 *           references are read. Encodings: those the library knows; text is given as UTF-8.
 * Errors    MT_E_INPUT "NAME, line L: what is wrong";  MT_E_TOO_LARGE beyond the limits;  MT_E_ABSENT  the
 *           library libxml2 is not there.
 * Ownership mt_xml_open/_close. Bytes are borrowed until then; names live as long as the reader, texts until
 *           the next call.
 * Source    W3C, "Extensible Markup Language (XML) 1.0", 5th edition; OWASP, "XML External Entity
 *           Prevention".
 */
#ifndef MT_IO_XML_H
#define MT_IO_XML_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_XML_DEPTH_MAX = 64, MT_XML_TEXT_MAX = 1 << 20, MT_XML_BYTES_MAX = 256 << 20 };

typedef struct mt_xml mt_xml;

typedef enum mt_xml_event { MT_XML_OPEN, MT_XML_CLOSE, MT_XML_END } mt_xml_event;

/* `name` is the document's name in messages; borrowed. */
MT_MUST_USE mt_code mt_xml_open(mt_ctx *cx, mt_xml **out, const char *name, mt_text bytes);
void mt_xml_close(mt_xml *xml); /* NULL allowed */

MT_MUST_USE mt_code mt_xml_next(mt_ctx *cx, mt_xml *xml, mt_xml_event *event);

/* Of the element that the last event opened or closed. */
const char *mt_xml_name(const mt_xml *xml);
mt_text mt_xml_text(const mt_xml *xml); /* after MT_XML_CLOSE; a 0 byte follows */
bool mt_xml_is(const mt_xml *xml, const char *name);

/* The element `up` levels above it: 1 is its parent; "" above the root. */
const char *mt_xml_above(const mt_xml *xml, int up);
int mt_xml_depth(const mt_xml *xml);     /* of the root: 1 */
uint64_t mt_xml_line(const mt_xml *xml); /* where the reader is, for messages */

/* An attribute of the element just opened, by its name without prefix; false when it has none. The value is
 * borrowed until the next call. */
bool mt_xml_attribute(mt_xml *xml, const char *name, mt_text *out);

/* Where a document does not keep to its schema. */
typedef struct mt_xml_breach {
    uint64_t line;
    const char *sentence; /* the library's; in the context */
} mt_xml_breach;

typedef struct mt_xml_breaches {
    mt_xml_breach *at; /* the first MT_XML_BREACHES_MAX of them */
    size_t n;          /* all; 0: the document is valid */
} mt_xml_breaches;

enum { MT_XML_BREACHES_MAX = 50, MT_XML_SCHEMA_FILES_MAX = 500 };

/* Against the XML schema in the file `schema` and what it includes and imports, all of them files: a schema
 * that names an address of a network is refused with MT_E_INPUT before the library sees it, as are documents
 * and schemas that mt_xml_open refuses. MT_E_IO: a schema is not there. A breach is no failure. */
MT_MUST_USE mt_code mt_xml_validate(mt_ctx *cx, mt_xml_breaches *out, const char *name, mt_text bytes,
                                    const char *schema);

MT_END_DECLS
#endif
