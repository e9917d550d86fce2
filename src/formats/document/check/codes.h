/* The lists of codes that EN 16931 binds its terms to.
 *
 * Purpose   Whether a word is one of a published list.
 * Shapes    X(symbol, the list's name). The words stand in codes.c between blanks.
 * Cost      One search through the list's text.
 * Source    EN 16931 code lists as published by CEF, in force from November 2025: UN/ECE, ISO, CEF.
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_CODES_H
#define MT_FORMATS_DOCUMENT_CHECK_CODES_H

#include <stdbool.h>

#include "base/attr.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_CODES_LIST(X) \
    X(MT_CODES_INVOICE_TYPE, "UN/ECE UNTDID 1001, invoices") \
    X(MT_CODES_NOTE_TYPE, "UN/ECE UNTDID 1001, credit notes") \
    X(MT_CODES_CURRENCY, "ISO 4217") \
    X(MT_CODES_TAX_POINT_UBL, "UN/ECE UNTDID 2005") \
    X(MT_CODES_TAX_POINT_CII, "UN/ECE UNTDID 2475") \
    X(MT_CODES_REFERENCE, "UN/ECE UNTDID 1153") \
    X(MT_CODES_SCHEME, "ISO/IEC 6523") \
    X(MT_CODES_ITEM_CLASS, "UN/ECE UNTDID 7143") \
    X(MT_CODES_COUNTRY, "ISO 3166-1, with 1A and XI") \
    X(MT_CODES_PAYMENT_MEANS, "UN/ECE UNTDID 4461") \
    X(MT_CODES_VAT_CATEGORY, "UN/ECE UNTDID 5305") \
    X(MT_CODES_ALLOWANCE, "UN/ECE UNTDID 5189") \
    X(MT_CODES_CHARGE, "UN/ECE UNTDID 7161") \
    X(MT_CODES_EXEMPTION, "CEF VATEX") \
    X(MT_CODES_UNIT, "UN/ECE Recommendations 20 and 21") \
    X(MT_CODES_MEDIA, "EN 16931-1, 6.5.12") \
    X(MT_CODES_ENDPOINT, "CEF EAS")
/* clang-format on */

#define MT_CODES_SYMBOL(symbol, name) symbol,
typedef enum mt_codes { MT_CODES_LIST(MT_CODES_SYMBOL) MT_CODES_COUNT } mt_codes;
#undef MT_CODES_SYMBOL

bool mt_codes_has(mt_codes list, const char *word); /* false for NULL, "" and words with blanks */
const char *mt_codes_name(mt_codes list);

MT_END_DECLS
#endif
