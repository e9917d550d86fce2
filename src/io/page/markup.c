/* Entities. */
#include "io/page/markup.h"

#include <string.h>

#include "io/utf8.h"

static mt_code write_point(mt_ctx *cx, mt_out *out, uint32_t point)
{
    char bytes[4];
    switch (point) {
    case '&': return mt_out_text(cx, out, "&amp;");
    case '<': return mt_out_text(cx, out, "&lt;");
    case '>': return mt_out_text(cx, out, "&gt;");
    case '"': return mt_out_text(cx, out, "&quot;");
    default: break;
    }
    bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
    return mt_out_write(cx, out, bytes, mt_utf8_put(control ? MT_UTF8_REPLACEMENT : point, bytes));
}

mt_code mt_markup_text(mt_ctx *cx, mt_out *out, mt_text text)
{
    while (text.length > 0) {
        size_t n = mt_utf8_plain(text.at, text.length), took = 0;
        int well = 1;
        MT_TRY(mt_out_write(cx, out, text.at, n));
        if (n < text.length) {
            MT_TRY(write_point(cx, out, mt_utf8_next(text.at + n, text.length - n, &took, &well)));
        }
        text.at += n + took;
        text.length -= n + took;
    }
    return MT_OK;
}
