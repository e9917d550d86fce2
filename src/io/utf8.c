/* UTF-8 by the book, and how wide its characters stand. */
#include "io/utf8.h"

#include <string.h>

struct range { uint32_t first, last; };

/* Combining marks and other characters without a width of their own (main blocks of Mn, Me, Cf). */
static const struct range zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0900, 0x0902},   {0x093C, 0x093C}, {0x0941, 0x0948}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x2064},   {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

/* East Asian Wide and Fullwidth, and emoji. */
static const struct range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E}, {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static bool is_in(const struct range *range, size_t n, uint32_t point)
{
    for (size_t k = 0; k < n && point >= range[k].first; k++) {
        if (point <= range[k].last) return true;
    }
    return false;
}

/* How many bytes follow a lead byte, and the bounds of the first of them (table 3-7 of the standard). */
static int tail_of(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) return 1;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0) *low = 0xA0;
        if (lead == 0xED) *high = 0x9F;
        return 2;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0) *low = 0x90;
        if (lead == 0xF4) *high = 0x8F;
        return 3;
    }
    return 0;
}

uint32_t mt_utf8_next(const char *at, size_t n, size_t *took, int *well)
{
    const unsigned char *byte = (const unsigned char *)at;
    unsigned char low, high;
    *took = 1;
    if (byte[0] < 0x80) return byte[0];
    int tail = tail_of(byte[0], &low, &high);
    uint32_t point = byte[0] & (0x3Fu >> tail);
    for (int k = 1; k <= tail; k++) {
        if ((size_t)k >= n || byte[k] < low || byte[k] > high) {
            tail = 0;
            break;
        }
        point = point << 6 | (byte[k] & 0x3Fu);
        *took = (size_t)k + 1;
        low = 0x80;
        high = 0xBF;
    }
    if (tail) return point;
    *well = 0;
    return MT_UTF8_REPLACEMENT;
}

bool mt_utf8_is_well(const char *at, size_t n)
{
    int well = 1;
    size_t took;
    for (size_t k = 0; k < n && well; k += took) (void)mt_utf8_next(at + k, n - k, &took, &well);
    return well;
}

bool mt_utf8_is_clean(const char *at, size_t n)
{
    return n == 0 || (mt_utf8_is_well(at, n) && !memchr(at, 0, n));
}

size_t mt_utf8_plain(const char *at, size_t n)
{
    size_t k = 0;
    while (k < n) {
        unsigned char c = (unsigned char)at[k];
        if (c < 0x80) {
            if (c < 0x20 || c == 0x7F || c == '"' || c == '\\' || c == '&' || c == '<' || c == '>') break;
            k++;
            continue;
        }
        size_t took;
        int well = 1;
        uint32_t point = mt_utf8_next(at + k, n - k, &took, &well);
        if (!well || point < 0xA0) break; /* ill-formed, or a control of the second block */
        k += took;
    }
    return k;
}

size_t mt_utf8_put(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

int mt_utf8_width(uint32_t point)
{
    if (point < 0x300) return 1;
    if (is_in(zero_width, sizeof zero_width / sizeof zero_width[0], point)) return 0;
    return is_in(double_width, sizeof double_width / sizeof double_width[0], point) ? 2 : 1;
}
