/* Texts in the characters that every bank of the SEPA takes.
 *
 * Purpose   A name with marks, signs or another script does not stop a payment.
 * Shapes    Letters, digits, blank and / - ? : ( ) . , ' + stay. Latin letters with marks lose them, ä ö ü ß
 *           become ae oe ue ss, & becomes +, everything else ".".
 * Source    EPC217-08, "SEPA Requirements for an Extended Character Set"; German banking industry, Annex 3.
 */
#ifndef MT_FORMATS_DOCUMENT_SEPA_TEXT_H
#define MT_FORMATS_DOCUMENT_SEPA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

MT_BEGIN_DECLS

bool mt_sepa_is_text(const char *text);

/* At most room - 1 characters, ended with 0. */
void mt_sepa_text(const char *text, char *out, size_t room);

MT_END_DECLS
#endif
