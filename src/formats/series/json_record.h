/* One flat JSON object, taken apart in one pass without a tree.
 *
 * Purpose   Messages of feeds are small flat objects and come by the million; documents go to io/json.h.
 * Shapes    At most MT_RECORD_FIELDS_MAX members. A member that is an array or an object is checked to be
 *           JSON (MT_RECORD_DEPTH levels at most, without recursion) and given as it stands. A byte-order
 *           mark and blanks around the object are passed over.
 * Errors    A sentence's middle ("a text has no end"); `at` is the byte where it was seen. Whatever is not
 *           JSON after RFC 8259 is refused, also NaN and Infinity, bytes that are no UTF-8, single
 *           surrogates, a 0 character, and a name that stands twice: which of the two is meant cannot be
 *           known.
 * Ownership Everything is borrowed from the message.
 * Cost      One pass; comparing names pairwise only where first byte and length are equal.
 * Source    RFC 8259.
 */
#ifndef MT_FORMATS_SERIES_JSON_RECORD_H
#define MT_FORMATS_SERIES_JSON_RECORD_H

#include "formats/series/mapping.h"

MT_BEGIN_DECLS

enum { MT_RECORD_DEPTH = 64 };

typedef enum mt_token {
    MT_TOKEN_NULL,
    MT_TOKEN_TRUE,
    MT_TOKEN_FALSE,
    MT_TOKEN_NUMBER,
    MT_TOKEN_STRING,
    MT_TOKEN_NESTED
} mt_token;

typedef struct mt_record_field {
    mt_text name;  /* between its quotes */
    mt_text value; /* STRING: between its quotes; else as it stands */
    double real;   /* NUMBER */
    mt_token token;
    bool name_escaped, value_escaped; /* a backslash stands in it */
} mt_record_field;

typedef struct mt_json_record {
    size_t n;
    mt_record_field field[MT_RECORD_FIELDS_MAX];
    const char *fault; /* NULL: it was understood */
    size_t at;         /* byte of the fault, from 1 */
} mt_json_record;

/* Returns whether the message was understood. */
bool mt_json_record_read(mt_json_record *record, mt_text message);

/* Writes the text between the quotes of a checked string without its escapes; `out` has room for
 * raw.length bytes. Returns the length. */
size_t mt_json_unescape(mt_text raw, char *out);

/* Behind the value that starts at `at`, or NULL when none does. */
const char *mt_json_skip(const char *at, const char *end);

MT_END_DECLS
#endif
