/* Lines broken at words; colours by the basic sequences every terminal knows. */
#include "face/page.h"
#include "io/utf8.h"

#include <stdio.h>
#include <string.h>

mt_page mt_page_open(mt_ctx *cx, mt_out *out, int width, bool colour)
{
    if (width <= 0) width = MT_PAGE_WIDTH;
    if (width < MT_PAGE_WIDTH_LEAST) width = MT_PAGE_WIDTH_LEAST;
    if (width > MT_PAGE_WIDTH_MOST) width = MT_PAGE_WIDTH_MOST;
    return (mt_page){.cx = cx, .out = out, .width = width, .colour = colour, .code = MT_OK};
}

void mt_page_put(mt_page *page, const char *text)
{
    if (page->code == MT_OK) page->code = mt_out_text(page->cx, page->out, text);
}

void mt_page_format(mt_page *page, const char *format, ...)
{
    va_list values;
    char *text = NULL;
    if (page->code != MT_OK) return;
    va_start(values, format);
    int n = vsnprintf(NULL, 0, format, values);
    va_end(values);
    page->code = MT_NEW(page->cx, &text, (size_t)(n < 0 ? 0 : n) + 1);
    if (page->code != MT_OK) return;
    va_start(values, format);
    vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, format, values);
    va_end(values);
    mt_page_put(page, text); /* no reset of the arena behind it: `out` may have grown there */
}

static int count_columns(const char *text, size_t n)
{
    int columns = 0, well = 1;
    for (size_t took; n > 0; text += took, n -= took)
        columns += mt_utf8_width(mt_utf8_next(text, n, &took, &well));
    return columns;
}

int mt_page_columns(const char *text)
{
    return count_columns(text, strlen(text));
}

static void put_part(mt_page *page, const char *text, size_t n)
{
    if (page->code == MT_OK) page->code = mt_out_write(page->cx, page->out, text, n);
}

static void put_blanks(mt_page *page, int n)
{
    for (; n > 0; n--) put_part(page, " ", 1);
}

static void put_coloured(mt_page *page, const char *colour, const char *text)
{
    if (page->colour && text[0]) mt_page_put(page, colour);
    mt_page_put(page, text);
    if (page->colour && text[0]) mt_page_put(page, "\033[0m");
}

void mt_page_title(mt_page *page, const char *text, const char *more)
{
    put_coloured(page, "\033[1m", text);
    put_coloured(page, "\033[1m", more);
}

void mt_page_heading(mt_page *page, const char *text)
{
    char capital[64];
    size_t n = 0;
    for (; text[n] && n + 1 < sizeof capital; n++) {
        capital[n] = text[n] >= 'a' && text[n] <= 'z' ? (char)(text[n] - 'a' + 'A') : text[n];
    }
    capital[n] = 0;
    mt_page_put(page, "\n");
    put_coloured(page, "\033[1m", capital);
    mt_page_put(page, "\n");
}

/* One paragraph; the cursor stands in column `indent` of its first line. */
static void put_words(mt_page *page, int indent, const char *text, size_t n)
{
    int column = indent;
    while (n > 0) {
        size_t blanks = strspn(text, " \n");
        if (blanks >= n) break;
        text += blanks;
        n -= blanks;
        size_t length = strcspn(text, " \n");
        if (length > n) length = n;
        int columns = count_columns(text, length);
        if (column > indent && column + 1 + columns > page->width) {
            mt_page_put(page, "\n");
            put_blanks(page, indent);
            column = indent;
        } else if (column > indent) {
            put_blanks(page, 1);
            column++;
        }
        put_part(page, text, length);
        column += columns;
        text += length;
        n -= length;
    }
    mt_page_put(page, "\n");
}

void mt_page_paragraphs(mt_page *page, int indent, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        put_blanks(page, indent);
        put_words(page, indent, text, n);
        text += n;
        text += strspn(text, "\n");
        if (*text) mt_page_put(page, "\n");
    }
}

void mt_page_pair(mt_page *page, int at, const char *name, const char *value, const char *text)
{
    int column = 2 + mt_page_columns(name) + (value[0] ? 1 + mt_page_columns(value) : 0);
    put_blanks(page, 2);
    put_coloured(page, "\033[1;36m", name);
    if (value[0]) put_blanks(page, 1);
    put_coloured(page, "\033[36m", value);
    if (!text[0]) {
        mt_page_put(page, "\n");
        return;
    }
    if (column + 2 > at) {
        mt_page_put(page, "\n");
        column = 0;
    }
    put_blanks(page, at - column);
    put_words(page, at, text, strlen(text));
}
