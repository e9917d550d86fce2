/* Marketplaces: in which money, by which clock and in which hours one trades there.
 *
 * Purpose   What a series is normalised to and from; three are built in, any other is one line of text.
 * Shapes    One row: name, currency, IANA zone, hours of trading. A file has one a line, "NAME CURRENCY ZONE
 *           FROM-TO" with blanks between ("FROM TO" is read too); '#' starts a comment, empty lines are
 *           skipped. A name of the file stands before the built-in one.
 * Time      Hours of the local wall clock, from <= hour < to; 0-24 is the whole day; 22-6 goes over midnight.
 * Errors    mt_marketplaces_read: MT_E_INPUT "NAME, line L: what is wrong";  MT_E_TOO_LARGE more than
 *           MT_MARKETPLACES_MAX.  mt_marketplace_get: MT_E_ABSENT with the nearest name.
 * Ownership Rows that were read, and their texts, live in cx.
 * Source    The three built-in rows are conventions (wide peak hours), not rules of an exchange.
 * Example   xetra EUR Europe/Berlin 9-18
 */
#ifndef MT_TERMS_MARKETPLACE_H
#define MT_TERMS_MARKETPLACE_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_MARKETPLACES_MAX = 1000 };

typedef struct mt_marketplace {
    const char *name;     /* "germany" */
    const char *currency; /* "EUR", ISO 4217 */
    const char *zone;     /* "Europe/Berlin" */
    int from_hour;        /* 0 to 24 */
    int to_hour;
} mt_marketplace;

typedef struct mt_marketplaces {
    const mt_marketplace *at;
    size_t n;
} mt_marketplaces;

MT_API mt_marketplaces mt_marketplaces_known(void); /* germany, uk, nordpool */

/* A user's own, from the text of a file; `name` is for messages. The built-in ones follow after them. */
MT_API MT_MUST_USE mt_code mt_marketplaces_read(mt_ctx *cx, mt_marketplaces *out, const char *name,
                                                mt_text text);

MT_API MT_MUST_USE mt_code mt_marketplace_get(mt_ctx *cx, const mt_marketplace **out, mt_marketplaces from,
                                              const char *name);

/* Is that hour of the local clock (0 to 23) one of trading? */
MT_API bool mt_marketplace_open(const mt_marketplace *place, int hour);

MT_END_DECLS
#endif
