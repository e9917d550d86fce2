/* The header line of a delimited file: which column is which.
 *
 * Purpose   Finds the delimiter and the wanted columns by name, in any order, and says clearly what is
 *           missing.
 * Shapes    Names are compared without case, blanks, '_', '-' and a unit in brackets: "Delivery Start",
 *           "delivery_start" and "DeliveryStart" are one name, "Price (EUR/MWh)" is "price". Delimiters
 *           tried: , ; tab |. A byte-order mark, blank lines and lines that begin with # before the header
 *           are passed over.
 * Errors    MT_E_INPUT  an empty file, another encoding, no known delimiter, a wanted column missing or
 *           given twice; the sentence names file, line, what was expected and what was found.
 * Ownership Names live in cx.
 */
#ifndef MT_FORMATS_HEADER_H
#define MT_FORMATS_HEADER_H

#include "formats/records.h"

MT_BEGIN_DECLS

enum { MT_HEADER_COLUMNS = 32 };
#define MT_COLUMN_ABSENT SIZE_MAX

typedef struct mt_wanted_column {
    const char *name;           /* in messages */
    const char *const *synonym; /* lower case without '_'; the first found wins; NULL at the end */
    bool optional;
} mt_wanted_column;

typedef struct mt_header {
    size_t n;                     /* columns of the file */
    const char *const *name;      /* as they stand in it */
    size_t at[MT_HEADER_COLUMNS]; /* of each wanted column, or MT_COLUMN_ABSENT */
    uint64_t line;
} mt_header;

/* Reads the header and sets the delimiter and the number of columns of `records`, which stand at its start.
 * */
MT_MUST_USE mt_code mt_header_read(mt_ctx *cx, mt_records *records, const mt_wanted_column *column, size_t n,
                                   mt_header *out);

/* How many of the wanted columns, if any delimiter splits `line`; for recognising a file. */
size_t mt_header_score(mt_text line, const mt_wanted_column *column, size_t n);

/* Which of the wanted columns a single name means, or MT_COLUMN_ABSENT; for documents of named members. */
size_t mt_header_which(mt_text name, const mt_wanted_column *column, size_t n);

/* Text as it may stand in a message: printable, at most `max` bytes with "..." and the final 0. */
void mt_header_show(char *out, size_t max, mt_text text);

MT_END_DECLS
#endif
