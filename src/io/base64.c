/* Bytes as letters and back: base64. */
#include "io/base64.h"

static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of each letter plus 1; 0: no letter. */
static const uint8_t value_of[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

mt_code mt_base64_write(mt_ctx *cx, mt_text *out, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    char *text, *to;
    MT_TRY(mt_ctx_alloc(cx, &text, n / 3 * 4 + 5, 1));
    to = text;
    for (size_t k = 0; k < n; k += 3) {
        size_t left = n - k;
        unsigned group = (unsigned)from[k] << 16;
        if (left > 1) group |= (unsigned)from[k + 1] << 8;
        if (left > 2) group |= from[k + 2];
        *to++ = letter[group >> 18];
        *to++ = letter[group >> 12 & 63];
        *to++ = left > 1 ? letter[group >> 6 & 63] : '=';
        *to++ = left > 2 ? letter[group & 63] : '=';
    }
    *out = (mt_text){text, (size_t)(to - text)};
    return MT_OK;
}

static mt_code fail_at(mt_ctx *cx, size_t k)
{
    return mt_fail(cx, MT_E_INPUT, "character %zu is no base64 (A-Z a-z 0-9 + /, = at the end)", k + 1);
}

/* The n letters of one group, 2 to 4 of them, as n - 1 bytes. False: bits behind the last byte are set. */
static bool read_group(const uint8_t *from, size_t n, uint8_t *to)
{
    unsigned group = 0;
    for (size_t k = 0; k < 4; k++) group = group << 6 | (k < n ? value_of[from[k]] - 1u : 0u);
    for (size_t k = 0; k + 1 < n; k++) to[k] = (uint8_t)(group >> (16 - 8 * k));
    return (group & ((1u << (24 - 8 * (n - 1))) - 1)) == 0;
}

mt_code mt_base64_read(mt_ctx *cx, mt_text *bytes, mt_text text)
{
    const uint8_t *from = (const uint8_t *)text.at;
    uint8_t *to;
    size_t n = text.length, made = 0;
    if (n % 4) return mt_fail(cx, MT_E_INPUT, "%zu characters are no base64: it comes in fours", n);
    for (int pad = 0; pad < 2 && n && from[n - 1] == '='; pad++) n--;
    MT_TRY(mt_ctx_alloc(cx, &to, text.length / 4 * 3 + 1, 1));
    for (size_t k = 0; k < n; k++)
        if (!value_of[from[k]]) return fail_at(cx, k);
    for (size_t k = 0; k < n; k += 4) {
        size_t here = n - k < 4 ? n - k : 4;
        if (!read_group(from + k, here, to + made)) return fail_at(cx, n - 1);
        made += here - 1;
    }
    *bytes = (mt_text){(const char *)to, made};
    return MT_OK;
}
