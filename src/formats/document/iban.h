/* International bank account numbers.
 *
 * Purpose   A payment to a mistyped account is found before it is made.
 * Shapes    Two letters, two digits, 11 to 30 letters and digits; blanks between are allowed.
 * Source    ISO 13616-1; check digits ISO/IEC 7064, MOD 97-10.
 */
#ifndef MT_FORMATS_DOCUMENT_IBAN_H
#define MT_FORMATS_DOCUMENT_IBAN_H

#include <stdbool.h>

#include "base/attr.h"

MT_BEGIN_DECLS

enum { MT_IBAN_MAX = 35 }; /* with the final 0 */

/* Without blanks and in capitals into `out`; false, and `out` left empty, when the checksum does not hold. */
bool mt_iban_read(const char *text /* NULL: false */, char out[MT_IBAN_MAX]);

MT_END_DECLS
#endif
