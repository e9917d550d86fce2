/* Text that every engine can hold: UTF-8 without a zero byte. */
#include "store/plain_text.h"

#include "io/utf8.h"

#include <string.h>

#define HIGH_BITS 0x8080808080808080u
#define LOW_ONES  0x0101010101010101u

/* Bytes at the start that are ASCII and not zero, in steps of eight. */
static size_t ascii_prefix(const char *at, size_t n)
{
    size_t k = 0;
    for (; k + 8 <= n; k += 8) {
        uint64_t word;
        memcpy(&word, at + k, 8);
        if ((word | (word - LOW_ONES)) & HIGH_BITS) break;
    }
    return k;
}

bool mt_plain_text_is(mt_text text)
{
    size_t k = ascii_prefix(text.at, text.length);
    while (k < text.length) {
        size_t took = 1;
        int well = 1;
        uint32_t point = (unsigned char)text.at[k];
        if (point >= 0x80) point = mt_utf8_next(text.at + k, text.length - k, &took, &well);
        if (!well || !point) return false;
        k += took;
    }
    return true;
}

mt_code mt_plain_text_make(mt_ctx *cx, mt_text *out, mt_text text)
{
    *out = text;
    if (!text.at || mt_plain_text_is(text)) return MT_OK;
    char *made;
    MT_TRY(mt_ctx_alloc(cx, &made, text.length, 3)); /* U+FFFD takes three bytes, and replaces at least one */
    size_t n = 0;
    for (size_t k = 0; k < text.length;) {
        size_t took = 1;
        int well = 1;
        uint32_t point = mt_utf8_next(text.at + k, text.length - k, &took, &well);
        n += mt_utf8_put(point ? point : MT_UTF8_REPLACEMENT, made + n);
        k += took;
    }
    out->at = made;
    out->length = n;
    return MT_OK;
}

mt_code mt_plain_text_fail(mt_ctx *cx, const char *column)
{
    return mt_fail(cx, MT_E_INPUT, "a text of %s is not UTF-8 or holds a zero byte: the store cannot keep it",
                   column);
}
