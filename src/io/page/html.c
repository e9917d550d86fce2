/* Parts of a page, written one after the other. */
#include "io/page/html.h"

#include <stdio.h>
#include <string.h>

#include "io/sinks/cell.h"
#include "io/page/html_style.h"
#include "io/page/markup.h"

enum { WIDE = 960, WIDE_HEIGHT = 330, NARROW = 350, NARROW_HEIGHT = 250, ROWS_MAX = 500 };

static void put(mt_html *page, const char *markup)
{
    if (page->code == MT_OK) page->code = mt_out_text(page->cx, page->out, markup);
}

static void put_escaped(mt_html *page, mt_text text)
{
    if (page->code == MT_OK) page->code = mt_markup_text(page->cx, page->out, text);
}

/* <tag class="…">text</tag>; nothing when there is no text. */
static void put_element(mt_html *page, const char *open, const char *text, const char *close)
{
    if (!text) return;
    put(page, open);
    put_escaped(page, mt_text_of(text));
    put(page, close);
}

static const char *tone_class(mt_html_tone tone)
{
    static const char *const name[] = {"", " good", " warn", " bad"};
    return name[tone];
}

static void put_contents(mt_html *page, const char *const *title)
{
    char link[64];
    put(page, "<nav aria-label=\"Contents\">\n");
    for (int k = 0; title[k]; k++) {
        snprintf(link, sizeof link, "<a href=\"#s%d\">", k + 1);
        put_element(page, link, title[k], "</a>\n");
    }
    put(page, "</nav>\n");
}

void mt_html_open(mt_ctx *cx, mt_html *page, mt_out *out, const mt_html_options *options)
{
    mt_html_options own = {0};
    memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    *page = (mt_html){.cx = cx, .out = out, .decimal_mark = '.'};
    if (own.language && strncmp(own.language, "de", 2) == 0) page->decimal_mark = ',';
    put_element(page, "<!doctype html>\n<html lang=\"", own.language ? own.language : "en", "\">\n");
    put(page, "<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" "
              "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
    put_element(page, "<title>", own.title ? own.title : "", "</title>\n<style>\n");
    for (int k = 0; html_style[k]; k++) put(page, html_style[k]);
    if (own.style) put(page, own.style);
    put(page, "</style>\n</head>\n<body>\n<header>\n");
    put_element(page, "<p class=\"kicker\">", own.kicker, "</p>\n");
    put_element(page, "<h1>", own.title, "</h1>\n");
    put_element(page, "<p class=\"subtitle\">", own.subtitle, "</p>\n");
    if (own.contents) put_contents(page, own.contents);
    put(page, "</header>\n<main>\n");
}

void mt_html_section(mt_html *page, const char *title)
{
    char start[64];
    page->sections++;
    snprintf(start, sizeof start, "%s<section>\n<h2 id=\"s%d\">", page->sections > 1 ? "</section>\n" : "",
             page->sections);
    put_element(page, start, title, "</h2>\n");
}

void mt_html_paragraph(mt_html *page, const char *text)
{
    put_element(page, "<p>", text, "</p>\n");
}

void mt_html_note(mt_html *page, mt_html_tone tone, const char *text)
{
    put(page, "<div class=\"note");
    put(page, tone_class(tone));
    put_element(page, "\" role=\"note\"><p>", text, "</p></div>\n");
}

static void put_value(mt_html *page, const mt_html_tile *tile)
{
    put_escaped(page, mt_text_of(tile->value ? tile->value : "–"));
    if (tile->value) put_element(page, "<span class=\"unit\">", tile->unit, "</span>");
}

void mt_html_tiles(mt_html *page, const mt_html_tile *tile, size_t n)
{
    put(page, "<div class=\"tiles\">\n");
    for (size_t k = 0; k < n; k++) {
        put(page, "<div class=\"tile");
        put(page, tone_class(tile[k].tone));
        put_element(page, "\"><p class=\"label\">", tile[k].label ? tile[k].label : "",
                    "</p><p class=\"value\">");
        put_value(page, &tile[k]);
        put(page, "</p>");
        put_element(page, "<p class=\"hint\">", tile[k].note, "</p>");
        put(page, "</div>\n");
    }
    put(page, "</div>\n");
}

void mt_html_facts(mt_html *page, const mt_html_tile *fact, size_t n)
{
    put(page, "<dl class=\"facts\">\n");
    for (size_t k = 0; k < n; k++) {
        put_element(page, "<dt>", fact[k].label ? fact[k].label : "", "</dt><dd>");
        put_escaped(page, mt_text_of(fact[k].value ? fact[k].value : "–"));
        if (fact[k].value) put_element(page, " <span class=\"unit\">", fact[k].unit, "</span>");
        put(page, "</dd>\n");
    }
    put(page, "</dl>\n");
}

void mt_html_figure(mt_html *page, const char *caption, mt_html_draw_fn *draw, void *arg)
{
    put(page, "<figure>");
    put_element(page, "<figcaption>", caption, "</figcaption>");
    put(page, "\n<div class=\"wide\">\n");
    if (page->code == MT_OK) page->code = draw(page->cx, page->out, arg, WIDE, WIDE_HEIGHT);
    put(page, "</div>\n<div class=\"narrow\">\n");
    if (page->code == MT_OK) page->code = draw(page->cx, page->out, arg, NARROW, NARROW_HEIGHT);
    put(page, "</div>\n</figure>\n");
}

/* Numbers to the right, texts may wrap, the rest stands as it is. */
static const char *cell_class(mt_type type)
{
    if (mt_cell_is_number(type)) return " class=\"n\"";
    return type == MT_TEXT ? " class=\"t\"" : "";
}

/* "delivery_start" is read as "delivery start". */
static void put_name(mt_html *page, const char *name)
{
    for (size_t n; *name; name += n) {
        n = strcspn(name, "_");
        put_escaped(page, (mt_text){name, n});
        if (name[n]) put(page, " ");
        n += name[n] == '_';
    }
}

static void put_header(mt_html *page, const mt_schema *schema)
{
    put(page, "<thead><tr>");
    for (size_t k = 0; k < schema->n_col; k++) {
        const mt_field *field = &schema->col[k];
        const char *unit = field->type == MT_TIME ? "UTC" : mt_cell_unit(field->unit);
        put(page, "<th scope=\"col\"");
        put(page, cell_class(field->type));
        put(page, ">");
        put_name(page, field->name);
        if (unit[0]) put_element(page, "<span class=\"unit\">", unit, "</span>");
        put(page, "</th>");
    }
    put(page, "</tr></thead>\n<tbody>\n");
}

/* "2024-01-01T00:02:22Z" as "2024-01-01 00:02:22", without the seconds where they are none. */
static size_t show_time(mt_time t, char out[MT_CELL_MAX])
{
    size_t n = mt_time_text(t, out);
    if (n < 20) return n;
    out[10] = ' ';
    out[--n] = 0;
    if (n == 19 && memcmp(out + 16, ":00", 3) == 0) out[n = 16] = 0;
    return n;
}

static void put_cell(mt_html *page, const mt_cell_style *style, mt_type type, mt_value value)
{
    char text[MT_CELL_MAX];
    put(page, "<td");
    put(page, cell_class(type));
    put(page, ">");
    if (!mt_cell_has(type, value)) {
        put(page, "<span class=\"null\">–</span>");
    } else if (mt_cell_is_text(type)) {
        put_escaped(page, value.as.text);
    } else if (type == MT_BOOL) {
        put(page, value.as.boolean ? "yes" : "no");
    } else {
        if (type == MT_TIME) (void)show_time(value.as.integer, text);
        else (void)mt_cell_shown(style, type, value, text);
        char *point = mt_cell_is_number(type) ? strchr(text, '.') : NULL;
        if (point) *point = page->decimal_mark;
        put(page, text);
    }
    put(page, "</td>");
}

static mt_code style_columns(mt_html *page, const mt_table *table, size_t n, mt_cell_style **out)
{
    MT_TRY(MT_NEW(page->cx, out, table->schema.n_col));
    for (size_t k = 0; k < table->schema.n_col; k++) {
        for (size_t i = 0; i < n; i++) {
            mt_cell_look(&(*out)[k], table->schema.col[k].type, mt_table_get(table, i, (int)k));
        }
    }
    return MT_OK;
}

static void put_rows(mt_html *page, const mt_table *table, size_t n)
{
    mt_cell_style *style = NULL;
    mt_mark mark = mt_arena_mark(&page->cx->arena);
    if (page->code == MT_OK) page->code = style_columns(page, table, n, &style);
    for (size_t i = 0; i < n && page->code == MT_OK; i++) {
        put(page, "<tr>");
        for (size_t k = 0; k < table->schema.n_col; k++) {
            put_cell(page, &style[k], table->schema.col[k].type, mt_table_get(table, i, (int)k));
        }
        put(page, "</tr>\n");
    }
    mt_arena_reset(&page->cx->arena, mark);
}

void mt_html_table(mt_html *page, const char *caption, const mt_table *table, size_t rows_max)
{
    size_t most = rows_max ? rows_max : ROWS_MAX, n = table->n < most ? table->n : most;
    char more[96];
    put(page, "<div class=\"table\"><div class=\"scroll\" tabindex=\"0\"><table>\n");
    put_element(page, "<caption>", caption, "</caption>\n");
    put_header(page, &table->schema);
    put_rows(page, table, n);
    put(page, "</tbody></table></div>");
    snprintf(more, sizeof more, "The first %zu of %zu rows.", n, table->n);
    if (n < table->n) put_element(page, "<p class=\"more\">", more, "</p>");
    if (table->n == 0) put(page, "<p class=\"more\">No rows.</p>");
    put(page, "</div>\n");
}

mt_code mt_html_close(mt_html *page, const char *footer)
{
    if (page->sections) put(page, "</section>\n");
    put(page, "</main>\n");
    put_element(page, "<footer><p>", footer, "</p></footer>\n");
    put(page, "</body>\n</html>\n");
    return page->code;
}
