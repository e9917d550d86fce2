/* The records of a JSON answer, one text after the other, and the members that stand beside them.
 *
 * Purpose   An answer of ten thousand records is cut into their texts without a tree; who needs the values of
 *           one reads that one.
 * Shapes    {"total":2,"records":[{…},{…}]} or an array alone. The document is looked through to its end
 *           before the first record is given, so half an answer gives nothing. At most 16 members beside each
 *           other, 64 levels deep. What stands inside a record is only checked for its brackets and strings.
 * Errors    MT_E_REMOTE  no such document, with its first words.
 * Ownership Everything is borrowed from the document.
 * Cost      Two passes over the bytes.
 */
#ifndef MT_SOURCES_LISTING_H
#define MT_SOURCES_LISTING_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_LISTING_MEMBERS_MAX = 16, MT_LISTING_DEPTH_MAX = 64 };

typedef struct mt_listing {
    mt_text rest; /* of the array, behind the last record given */
    struct {
        mt_text name, value; /* the value as it stands in the document */
    } member[MT_LISTING_MEMBERS_MAX];
    size_t n_member;
} mt_listing;

/* `who` starts the sentence of a failure; `array` names the member, NULL: the document is the array. */
MT_MUST_USE mt_code mt_listing_open(mt_ctx *cx, mt_listing *out, const char *who, mt_text document,
                                    const char *array);

/* The next element, from its first byte to its last; false after the last one. */
bool mt_listing_next(mt_listing *listing, mt_text *record);

/* Members beside the array; false where there is none of that name and type. Texts without escapes alone. */
bool mt_listing_int(const mt_listing *listing, const char *name, int64_t *out);
bool mt_listing_text(const mt_listing *listing, const char *name, mt_text *out);

MT_END_DECLS
#endif
