/* Places noted first, printed at the end. */
#include "io/pdf/sheet.h"

#include <string.h>

#include "io/utf8.h"

typedef enum kind { TEXT, FILL, PATH } kind;

struct mt_sheet_mark {
    kind kind;
    uint32_t colour;
    mt_spot spot;
    double width, height; /* FILL; width: the thickness of a PATH */
    PangoLayout *layout;
    const mt_spot *path;
    size_t n;
    struct mt_sheet_mark *next;
};

void mt_sheet_open(mt_ctx *cx, mt_sheet *sheet, mt_press *press)
{
    *sheet = (mt_sheet){.cx = cx, .press = press};
}

void mt_sheet_close(mt_sheet *sheet)
{
    for (size_t k = 0; k < sheet->n_layout; k++) sheet->press->api.g_object_unref(sheet->layout[k]);
    sheet->n_layout = 0;
}

void mt_sheet_begin(mt_sheet *sheet)
{
    if (sheet->code == MT_OK)
        sheet->code =
            mt_ctx_grow(sheet->cx, &sheet->page, sheet->n_page, &sheet->page_room, sizeof *sheet->page);
    if (sheet->code != MT_OK) return;
    sheet->page[sheet->n_page] = (mt_sheet_page){NULL, NULL};
    sheet->at = sheet->n_page++;
}

void mt_sheet_turn(mt_sheet *sheet, size_t page)
{
    if (page < sheet->n_page) sheet->at = page;
}

static struct mt_sheet_mark *add_mark(mt_sheet *sheet, kind what, uint32_t colour, mt_spot spot)
{
    struct mt_sheet_mark *mark;
    if (sheet->code == MT_OK && sheet->n_page == 0) mt_sheet_begin(sheet);
    if (sheet->code == MT_OK) sheet->code = MT_NEW(sheet->cx, &mark, 1);
    if (sheet->code != MT_OK) return NULL;
    *mark = (struct mt_sheet_mark){.kind = what, .colour = colour, .spot = spot};
    mt_sheet_page *page = &sheet->page[sheet->at];
    if (page->last)
        *page->last = mark;
    else
        page->first = mark;
    page->last = &mark->next;
    return mark;
}

static bool is_plain(const char *text, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if ((unsigned char)text[k] < 0x20 && text[k] != '\n') return false;
    }
    return mt_utf8_is_well(text, n);
}

/* The text library complains aloud about bytes that are no UTF-8: they never reach it. */
static mt_code clean(mt_ctx *cx, const char **text, size_t *length)
{
    char *out;
    size_t n = 0, took;
    if (is_plain(*text, *length)) return MT_OK;
    MT_TRY(MT_NEW(cx, &out, 3 * *length + 1));
    for (size_t k = 0; k < *length; k += took) {
        int well = 1;
        uint32_t point = mt_utf8_next(*text + k, *length - k, &took, &well);
        n += mt_utf8_put(point < 0x20 && point != '\n' ? ' ' : point, out + n);
    }
    *text = out;
    *length = n;
    return MT_OK;
}

static void measure(mt_sheet *sheet, mt_written *written)
{
    const mt_pdf_api *api = &sheet->press->api;
    int width, height;
    api->pango_layout_get_size(written->layout, &width, &height);
    written->width = (double)width / PANGO_SCALE;
    written->height = (double)height / PANGO_SCALE;
    written->baseline = (double)api->pango_layout_get_baseline(written->layout) / PANGO_SCALE;
}

mt_written mt_sheet_write(mt_sheet *sheet, mt_letter letter, const char *text, double width)
{
    const mt_pdf_api *api = &sheet->press->api;
    mt_written written = {.colour = mt_letter_colour(letter)};
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > INT32_MAX) return written;
    if (sheet->code == MT_OK) sheet->code = clean(sheet->cx, &text, &n);
    if (sheet->code == MT_OK)
        sheet->code = mt_ctx_grow(sheet->cx, &sheet->layout, sheet->n_layout, &sheet->layout_room,
                                  sizeof *sheet->layout);
    if (sheet->code != MT_OK) return written;
    PangoLayout *layout = api->pango_layout_new(sheet->press->context);
    sheet->layout[sheet->n_layout++] = layout;
    api->pango_layout_set_font_description(layout, sheet->press->letter[letter]);
    api->pango_layout_set_line_spacing(layout, (float)mt_letter_lines(letter));
    api->pango_layout_set_text(layout, text, (int)n);
    written.layout = layout;
    if (width > 0)
        mt_sheet_fit(sheet, &written, width);
    else
        measure(sheet, &written);
    return written;
}

void mt_sheet_fit(mt_sheet *sheet, mt_written *written, double width)
{
    const mt_pdf_api *api = &sheet->press->api;
    if (!written->layout) return;
    api->pango_layout_set_wrap(written->layout, PANGO_WRAP_WORD_CHAR);
    api->pango_layout_set_width(written->layout, (int)(width * PANGO_SCALE) + 1);
    measure(sheet, written);
}

void mt_sheet_place(mt_sheet *sheet, const mt_written *written, mt_spot spot, mt_align align)
{
    const mt_pdf_api *api = &sheet->press->api;
    if (!written->layout) return;
    if (align != MT_ALIGN_LEFT) { /* lines of one text stand to their common edge */
        api->pango_layout_set_width(written->layout, (int)(written->width * PANGO_SCALE) + 1);
        api->pango_layout_set_alignment(written->layout,
                                        align == MT_ALIGN_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER);
        spot.x -= align == MT_ALIGN_RIGHT ? written->width : written->width / 2;
    }
    struct mt_sheet_mark *mark = add_mark(sheet, TEXT, written->colour, spot);
    if (mark) mark->layout = written->layout;
}

void mt_sheet_fill(mt_sheet *sheet, mt_spot corner, double width, double height, uint32_t colour)
{
    struct mt_sheet_mark *mark = add_mark(sheet, FILL, colour, corner);
    if (!mark) return;
    mark->width = width;
    mark->height = height;
}

void mt_sheet_path(mt_sheet *sheet, const mt_spot *spot, size_t n, double thickness, uint32_t colour)
{
    mt_spot *copy = NULL;
    if (n < 2) return;
    if (sheet->code == MT_OK) sheet->code = MT_NEW(sheet->cx, &copy, n);
    struct mt_sheet_mark *mark = add_mark(sheet, PATH, colour, (mt_spot){0, 0});
    if (!mark) return;
    memcpy(copy, spot, n * sizeof *copy);
    mark->path = copy;
    mark->n = n;
    mark->width = thickness;
}

static void draw_path(const mt_pdf_api *api, cairo_t *cr, const struct mt_sheet_mark *mark)
{
    api->cairo_new_path(cr);
    for (size_t k = 0; k < mark->n; k++) {
        if (k == 0)
            api->cairo_move_to(cr, mark->path[k].x, mark->path[k].y);
        else
            api->cairo_line_to(cr, mark->path[k].x, mark->path[k].y);
    }
    if (mark->width > 0) {
        api->cairo_set_line_width(cr, mark->width);
        api->cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        api->cairo_stroke(cr);
    } else {
        api->cairo_close_path(cr);
        api->cairo_fill(cr);
    }
}

static void draw_mark(const mt_pdf_api *api, cairo_t *cr, const struct mt_sheet_mark *mark)
{
    api->cairo_set_source_rgb(cr, (mark->colour >> 16 & 255) / 255.0, (mark->colour >> 8 & 255) / 255.0,
                              (mark->colour & 255) / 255.0);
    if (mark->kind == TEXT) {
        api->cairo_move_to(cr, mark->spot.x, mark->spot.y);
        api->pango_cairo_show_layout(cr, mark->layout);
    } else if (mark->kind == FILL) {
        api->cairo_rectangle(cr, mark->spot.x, mark->spot.y, mark->width, mark->height);
        api->cairo_fill(cr);
    } else {
        draw_path(api, cr, mark);
    }
}

struct receiver {
    mt_ctx *cx;
    mt_out *out;
    mt_code code;
};

static cairo_status_t receive(void *arg, const unsigned char *bytes, unsigned n)
{
    struct receiver *receiver = arg;
    if (receiver->code == MT_OK) receiver->code = mt_out_write(receiver->cx, receiver->out, bytes, n);
    return receiver->code == MT_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static mt_code say(mt_sheet *sheet, cairo_surface_t *surface, cairo_pdf_metadata_t what, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0) return MT_OK;
    MT_TRY(clean(sheet->cx, &text, &n));
    sheet->press->api.cairo_pdf_surface_set_metadata(surface, what, text);
    return MT_OK;
}

static mt_code describe(mt_sheet *sheet, cairo_surface_t *surface, const mt_pdf_about *about)
{
    char created[MT_TIME_TEXT_MAX];
    mt_time_text(mt_time_floor(about->created, MT_US_SECOND), created);
    MT_TRY(say(sheet, surface, CAIRO_PDF_METADATA_CREATE_DATE, created));
    MT_TRY(say(sheet, surface, CAIRO_PDF_METADATA_TITLE, about->title));
    MT_TRY(say(sheet, surface, CAIRO_PDF_METADATA_AUTHOR, about->author));
    return say(sheet, surface, CAIRO_PDF_METADATA_SUBJECT, about->subject);
}

static void draw_pages(mt_sheet *sheet, cairo_t *cr)
{
    const mt_pdf_api *api = &sheet->press->api;
    for (size_t p = 0; p < sheet->n_page; p++) {
        for (const struct mt_sheet_mark *mark = sheet->page[p].first; mark; mark = mark->next)
            draw_mark(api, cr, mark);
        api->cairo_show_page(cr);
    }
}

mt_code mt_sheet_print(mt_sheet *sheet, mt_out *out, const mt_pdf_about *about)
{
    const mt_pdf_api *api = &sheet->press->api;
    struct receiver receiver = {sheet->cx, out, MT_OK};
    if (sheet->code != MT_OK) return sheet->code;
    cairo_surface_t *surface =
        api->cairo_pdf_surface_create_for_stream(receive, &receiver, MT_SHEET_WIDTH, MT_SHEET_HEIGHT);
    cairo_t *cr = api->cairo_create(surface);
    receiver.code = describe(sheet, surface, about);
    if (receiver.code == MT_OK) draw_pages(sheet, cr);
    cairo_status_t drawn = api->cairo_status(cr);
    api->cairo_destroy(cr);
    api->cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = api->cairo_surface_status(surface);
    api->cairo_surface_destroy(surface);
    if (receiver.code == MT_OK && drawn != CAIRO_STATUS_SUCCESS)
        receiver.code = mt_fail(sheet->cx, MT_E_FAILED, "\"%s\" cannot be drawn: the drawing library says %s",
                                about->title, api->cairo_status_to_string(drawn));
    return receiver.code;
}
