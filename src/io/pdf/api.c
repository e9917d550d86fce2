/* The functions of cairo, Pango, qpdf and Little CMS that Merit uses, found when they are first needed. */
#include "io/pdf/api.h"

#include "io/library.h"

#include <string.h>

#define SYMBOL_ROW(name) {#name, offsetof(mt_pdf_api, name)},
static const mt_library_symbol cairo_symbols[] = {MT_CAIRO_LIST(SYMBOL_ROW)};
static const mt_library_symbol pango_symbols[] = {MT_PANGO_LIST(SYMBOL_ROW)};
static const mt_library_symbol pangocairo_symbols[] = {MT_PANGOCAIRO_LIST(SYMBOL_ROW)};
static const mt_library_symbol gobject_symbols[] = {MT_GOBJECT_LIST(SYMBOL_ROW)};
static const mt_library_symbol qpdf_symbols[] = {MT_QPDF_LIST(SYMBOL_ROW)};
static const mt_library_symbol lcms_symbols[] = {MT_LCMS_LIST(SYMBOL_ROW)};
#undef SYMBOL_ROW

#define COUNT(list) (sizeof(list) / sizeof *(list))
static const struct {
    mt_library library;
    size_t handle; /* of the table */
} row[] = {
    {{"libcairo.so.2", "the drawing library", "a PDF", "libcairo2", cairo_symbols, COUNT(cairo_symbols)},
     offsetof(mt_pdf_api, cairo)},
    {{"libpango-1.0.so.0", "the text library", "a PDF", "libpango-1.0-0", pango_symbols,
      COUNT(pango_symbols)},
     offsetof(mt_pdf_api, pango)},
    {{"libpangocairo-1.0.so.0", "the text library", "a PDF", "libpangocairo-1.0-0", pangocairo_symbols,
      COUNT(pangocairo_symbols)},
     offsetof(mt_pdf_api, pangocairo)},
    {{"libgobject-2.0.so.0", "the object library", "a PDF", "libglib2.0-0", gobject_symbols,
      COUNT(gobject_symbols)},
     offsetof(mt_pdf_api, gobject)},
    {{"libqpdf.so.29", "the packing library", "a PDF for archives", "libqpdf29", qpdf_symbols,
      COUNT(qpdf_symbols)},
     offsetof(mt_pdf_api, qpdf)},
    {{"liblcms2.so.2", "the colour library", "a PDF for archives", "liblcms2-2", lcms_symbols,
      COUNT(lcms_symbols)},
     offsetof(mt_pdf_api, lcms)},
};

mt_code mt_pdf_api_load(mt_ctx *cx, mt_pdf_api *out)
{
    mt_pdf_api api;
    memset(&api, 0, sizeof api);
    for (size_t k = 0; k < COUNT(row); k++) {
        void *handle = NULL;
        mt_code code = mt_library_load(cx, &handle, &api, &row[k].library);
        if (code != MT_OK) {
            mt_pdf_api_unload(&api);
            return code;
        }
        memcpy((char *)&api + row[k].handle, &handle, sizeof handle);
    }
    *out = api;
    return MT_OK;
}

void mt_pdf_api_unload(mt_pdf_api *api)
{
    for (size_t k = 0; k < COUNT(row); k++) {
        void *handle;
        memcpy(&handle, (char *)api + row[k].handle, sizeof handle);
        mt_library_unload(handle);
    }
    memset(api, 0, sizeof *api);
}
