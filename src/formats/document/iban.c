/* International bank account numbers: shape and check digits. */
#include "formats/document/iban.h"

#include <stddef.h>

enum { LEAST = 15, MOST = 34, HEAD = 4, BASE = 97 };

/* 0 to 35, or -1. */
static int value_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return -1;
}

static bool has_shape(const char *iban, size_t n)
{
    if (n < LEAST || n > MOST) return false;
    for (size_t k = 0; k < HEAD; k++)
        if ((value_of(iban[k]) < 10) == (k < 2)) return false;
    return true;
}

static int remainder_of(const char *iban, size_t n)
{
    int rest = 0;
    for (size_t k = 0; k < n; k++) {
        int value = value_of(iban[(k + HEAD) % n]);
        rest = (rest * (value < 10 ? 10 : 100) + value) % BASE;
    }
    return rest;
}

bool mt_iban_read(const char *text, char out[MT_IBAN_MAX])
{
    char iban[MT_IBAN_MAX];
    size_t n = 0;
    out[0] = '\0';
    for (; text && *text; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (c == ' ') continue;
        if (value_of(c) < 0 || n == MOST) return false;
        iban[n++] = c;
    }
    if (!has_shape(iban, n) || remainder_of(iban, n) != 1) return false;
    for (size_t k = 0; k < n; k++) out[k] = iban[k];
    out[n] = '\0';
    return true;
}
