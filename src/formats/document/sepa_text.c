/* Texts in the characters of the SEPA. */
#include "formats/document/sepa_text.h"

#include <stdint.h>
#include <string.h>

#include "io/utf8.h"

static bool is_sepa(uint32_t point)
{
    if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9'))
        return true;
    return point != 0 && point < 0x80 && strchr(" /-?:().,'+", (int)point) != NULL;
}

/* What the letters from U+00C0 to U+017F are without their marks, two characters each. */
static const char letters[] =
    "A A A A AeA AEC E E E E I I I I D N O O O O Oe. O U U U UeY Thssa a a a aea aec e e e e i i i i "
    "d n o o o o oe. o u u u uey thy A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g "
    "G g G g H h H h I i I i I i I i I i IJijJ j K k k L l L l L l L l L l N n N n N n n N n O o O o "
    "O o OEoeR r R r R r S s S s S s S s T t T t T t U u U u U u U u U u U u W w Y y Y Z z Z z Z z s ";

static const char *plain_of(uint32_t point, char out[3])
{
    out[0] = '.';
    out[1] = out[2] = '\0';
    if (is_sepa(point)) {
        out[0] = (char)point;
    } else if (point == '&') {
        out[0] = '+';
    } else if (point == 0x2013 || point == 0x2014) {
        out[0] = '-';
    } else if (point >= 0xC0 && point <= 0x17F) {
        const char *letter = letters + (size_t)(point - 0xC0) * 2;
        out[0] = letter[0];
        out[1] = letter[1] == ' ' ? '\0' : letter[1];
    }
    return out;
}

bool mt_sepa_is_text(const char *text)
{
    for (; *text; text++)
        if (!is_sepa((unsigned char)*text)) return false;
    return true;
}

void mt_sepa_text(const char *text, char *out, size_t room)
{
    size_t left = strlen(text), used = 0;
    while (left > 0) {
        char plain[3];
        size_t took = 0;
        int well = 1;
        uint32_t point = mt_utf8_next(text, left, &took, &well);
        size_t n = strlen(plain_of(point, plain));
        if (used + n >= room) break;
        memcpy(out + used, plain, n);
        used += n;
        text += took;
        left -= took;
    }
    out[used] = '\0';
}
