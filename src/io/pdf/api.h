/* The functions of cairo, Pango, qpdf and Little CMS that Merit uses, found when they are first needed.
 *
 * Purpose   Documents are drawn by cairo and Pango, packed by qpdf, their colours described by Little CMS:
 *           some forty libraries in all, which only a command that writes a PDF may load.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_pdf_api_load/_unload; the libraries' code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_IO_PDF_API_H
#define MT_IO_PDF_API_H

#include <cairo/cairo.h>
#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qpdf/qpdf-c.h>
#include <lcms2.h>

#include "base/ctx.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_CAIRO_LIST(X)                                                                          \
    X(cairo_pdf_surface_create_for_stream) X(cairo_pdf_surface_set_metadata) X(cairo_create)      \
    X(cairo_destroy) X(cairo_surface_destroy) X(cairo_surface_finish) X(cairo_surface_status)     \
    X(cairo_status) X(cairo_status_to_string) X(cairo_show_page) X(cairo_set_source_rgb)          \
    X(cairo_rectangle) X(cairo_move_to) X(cairo_line_to) X(cairo_close_path) X(cairo_fill)        \
    X(cairo_stroke) X(cairo_set_line_width) X(cairo_set_line_join) X(cairo_new_path)              \
    X(cairo_font_options_create) X(cairo_font_options_destroy)                                    \
    X(cairo_font_options_set_hint_style) X(cairo_font_options_set_hint_metrics)                   \
    X(cairo_font_options_set_antialias)
#define MT_PANGO_LIST(X)                                                                          \
    X(pango_font_map_create_context) X(pango_context_set_language)                                \
    X(pango_context_set_round_glyph_positions) X(pango_context_load_font) X(pango_font_describe)  \
    X(pango_font_description_new) X(pango_font_description_free)                                  \
    X(pango_font_description_set_family_static) X(pango_font_description_set_weight)              \
    X(pango_font_description_set_absolute_size) X(pango_font_description_get_family)              \
    X(pango_language_from_string) X(pango_layout_new) X(pango_layout_set_font_description)        \
    X(pango_layout_set_text) X(pango_layout_set_width) X(pango_layout_set_wrap)                   \
    X(pango_layout_set_alignment) X(pango_layout_set_line_spacing) X(pango_layout_get_size)       \
    X(pango_layout_get_baseline)
#define MT_PANGOCAIRO_LIST(X)                                                                     \
    X(pango_cairo_font_map_new) X(pango_cairo_context_set_font_options)                           \
    X(pango_cairo_context_set_resolution) X(pango_cairo_show_layout)
#define MT_GOBJECT_LIST(X) X(g_object_unref)
#define MT_QPDF_LIST(X)                                                                           \
    X(qpdf_init) X(qpdf_cleanup) X(qpdf_silence_errors) X(qpdf_set_suppress_warnings)             \
    X(qpdf_set_attempt_recovery) X(qpdf_has_error) X(qpdf_get_error)                              \
    X(qpdf_get_error_message_detail) X(qpdf_read_memory) X(qpdf_get_root) X(qpdf_get_trailer)     \
    X(qpdf_init_write_memory) X(qpdf_get_buffer) X(qpdf_get_buffer_length)                        \
    X(qpdf_set_object_stream_mode) X(qpdf_set_deterministic_ID)                                   \
    X(qpdf_set_newline_before_endstream) X(qpdf_force_pdf_version) X(qpdf_write)                  \
    X(qpdf_make_indirect_object) X(qpdf_oh_get_key) X(qpdf_oh_is_array)                           \
    X(qpdf_oh_is_dictionary) X(qpdf_oh_get_array_n_items) X(qpdf_oh_get_array_item)               \
    X(qpdf_oh_remove_key) X(qpdf_oh_replace_key) X(qpdf_oh_new_dictionary)                        \
    X(qpdf_oh_new_array) X(qpdf_oh_append_item) X(qpdf_oh_new_name) X(qpdf_oh_new_integer)        \
    X(qpdf_oh_new_bool) X(qpdf_oh_new_unicode_string) X(qpdf_oh_new_stream)                       \
    X(qpdf_oh_get_dict) X(qpdf_oh_replace_stream_data) X(qpdf_oh_new_null)      \
    X(qpdf_oh_begin_dict_key_iter) X(qpdf_oh_dict_more_keys) X(qpdf_oh_dict_next_key)             \
    X(qpdf_oh_has_key)
#define MT_LCMS_LIST(X)                                                                           \
    X(cmsCreateContext) X(cmsDeleteContext) X(cmsCreate_sRGBProfileTHR) X(cmsCloseProfile)        \
    X(cmsSaveProfileToMem)
/* clang-format on */

typedef struct mt_pdf_api {
    void *cairo, *pango, *pangocairo, *gobject, *qpdf, *lcms; /* libraries */
#ifdef __cplusplus
#define MT_PDF_MEMBER(name) __typeof__(&::name) name;
#else
#define MT_PDF_MEMBER(name) __typeof__(&name) name;
#endif
    MT_CAIRO_LIST(MT_PDF_MEMBER)
    MT_PANGO_LIST(MT_PDF_MEMBER)
    MT_PANGOCAIRO_LIST(MT_PDF_MEMBER)
    MT_GOBJECT_LIST(MT_PDF_MEMBER)
    MT_QPDF_LIST(MT_PDF_MEMBER)
    MT_LCMS_LIST(MT_PDF_MEMBER)
#undef MT_PDF_MEMBER
} mt_pdf_api;

MT_MUST_USE mt_code mt_pdf_api_load(mt_ctx *cx, mt_pdf_api *out);
void mt_pdf_api_unload(mt_pdf_api *api); /* a zeroed one allowed */

MT_END_DECLS
#endif
