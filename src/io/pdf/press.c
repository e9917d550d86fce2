/* Fonts and the colour profile, made ready once for many documents. */
#include "io/pdf/press.h"

#include <string.h>

#include "io/pdf/inside.h"

static const char sans[] = "DejaVu Sans", mono[] = "DejaVu Sans Mono";

static const struct {
    double size;
    bool bold, mono;
    uint32_t colour;
    double lines;
} scale[] = {
#define LETTER_ROW(symbol, size, bold, mono, colour, lines) {size, bold, mono, colour, lines},
    MT_LETTER_LIST(LETTER_ROW)
#undef LETTER_ROW
};

double mt_letter_size(mt_letter letter)
{
    return scale[letter].size;
}

uint32_t mt_letter_colour(mt_letter letter)
{
    return scale[letter].colour;
}

double mt_letter_lines(mt_letter letter)
{
    return scale[letter].lines;
}

/* Letters are placed where they belong, not where pixels of a screen would be. */
static mt_code make_context(mt_ctx *cx, mt_press *press)
{
    const mt_pdf_api *api = &press->api;
    cairo_font_options_t *options = api->cairo_font_options_create();
    press->fonts = api->pango_cairo_font_map_new();
    press->context = press->fonts ? api->pango_font_map_create_context(press->fonts) : NULL;
    if (!press->context) {
        api->cairo_font_options_destroy(options);
        return mt_fail(cx, MT_E_ABSENT,
                       "the text library finds no fonts: a PDF needs the Debian package "
                       "fonts-dejavu-core");
    }
    api->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    api->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    api->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    api->pango_cairo_context_set_font_options(press->context, options);
    api->pango_cairo_context_set_resolution(press->context, 72);
    api->pango_context_set_round_glyph_positions(press->context, FALSE);
    api->cairo_font_options_destroy(options);
    return MT_OK;
}

/* The system gives the nearest font when the one asked for is not there: documents would look otherwise. */
static mt_code check_font(mt_ctx *cx, mt_press *press, const PangoFontDescription *wanted, const char *family)
{
    const mt_pdf_api *api = &press->api;
    PangoFont *font = api->pango_context_load_font(press->context, wanted);
    PangoFontDescription *found = font ? api->pango_font_describe(font) : NULL;
    const char *name = found ? api->pango_font_description_get_family(found) : NULL;
    mt_code code = MT_OK;
    if (!name || strcmp(name, family) != 0)
        code =
            mt_fail(cx, MT_E_ABSENT,
                    "the font %s is not installed: a PDF needs the Debian package fonts-dejavu-core", family);
    if (found) api->pango_font_description_free(found);
    if (font) api->g_object_unref(font);
    return code;
}

static mt_code make_letters(mt_ctx *cx, mt_press *press)
{
    const mt_pdf_api *api = &press->api;
    for (int k = 0; k < MT_LETTER_COUNT; k++) {
        PangoFontDescription *letter = press->letter[k] = api->pango_font_description_new();
        const char *family = scale[k].mono ? mono : sans;
        api->pango_font_description_set_family_static(letter, family);
        api->pango_font_description_set_weight(letter,
                                               scale[k].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        api->pango_font_description_set_absolute_size(letter, scale[k].size * PANGO_SCALE);
        MT_TRY(check_font(cx, press, letter, family));
    }
    return MT_OK;
}

/* A profile's header tells when it was made (bytes 24 to 35, six big-endian numbers of 16 bits); here it is
 * always the first of January 2000, so that equal documents are equal bytes. ICC.1:2010, section 7.2. */
static void fix_profile_date(char *profile)
{
    static const char date[12] = {0x07, (char)0xD0, 0, 1, 0, 1};
    memcpy(profile + 24, date, sizeof date);
}

static mt_code make_profile(mt_ctx *cx, mt_press *press)
{
    const mt_pdf_api *api = &press->api;
    cmsContext context = api->cmsCreateContext(NULL, NULL);
    cmsHPROFILE profile = context ? api->cmsCreate_sRGBProfileTHR(context) : NULL;
    cmsUInt32Number n = 0;
    char *bytes = NULL;
    mt_code code = MT_OK;
    if (!profile || !api->cmsSaveProfileToMem(profile, NULL, &n) || n < 128)
        code = mt_fail(cx, MT_E_FAILED, "the colour library cannot make the sRGB profile");
    if (code == MT_OK) code = MT_NEW(cx, &bytes, n);
    if (code == MT_OK && !api->cmsSaveProfileToMem(profile, bytes, &n))
        code = mt_fail(cx, MT_E_FAILED, "the colour library cannot write the sRGB profile");
    if (code == MT_OK) {
        fix_profile_date(bytes);
        press->profile = (mt_text){bytes, n};
    }
    if (profile) api->cmsCloseProfile(profile);
    if (context) api->cmsDeleteContext(context);
    return code;
}

mt_code mt_press_open(mt_ctx *cx, mt_press **out)
{
    mt_press *press;
    mt_code code;
    MT_TRY(MT_NEW(cx, &press, 1));
    MT_TRY_OUT(mt_pdf_api_load(cx, &press->api));
    MT_TRY_OUT(make_context(cx, press));
    MT_TRY_OUT(make_letters(cx, press));
    MT_TRY_OUT(make_profile(cx, press));
    *out = press;
out:
    if (code != MT_OK) mt_press_close(press);
    return code;
}

void mt_press_close(mt_press *press)
{
    if (!press) return;
    for (int k = 0; k < MT_LETTER_COUNT; k++) {
        if (press->letter[k]) press->api.pango_font_description_free(press->letter[k]);
    }
    if (press->context) press->api.g_object_unref(press->context);
    if (press->fonts) press->api.g_object_unref(press->fonts);
    mt_pdf_api_unload(&press->api);
}
