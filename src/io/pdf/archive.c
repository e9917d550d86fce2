/* Makes a PDF one for archives: metadata, colours, attachment, identifier. */
#include "io/pdf/archive.h"

#include <stdio.h>
#include <string.h>

#include "io/pdf/inside.h"
#include "io/pdf/xmp.h"

/* One document in the packing library's hands. */
struct packing {
    mt_ctx *cx;
    const mt_pdf_api *api;
    qpdf_data doc;
    qpdf_oh root;
    const mt_pdf_archive_options *options;
    char date[32];
};

static mt_code refuse(struct packing *pack, const char *what)
{
    const mt_pdf_api *api = pack->api;
    const char *detail = "no reason given";
    if (api->qpdf_has_error(pack->doc))
        detail = api->qpdf_get_error_message_detail(pack->doc, api->qpdf_get_error(pack->doc));
    return mt_fail(pack->cx, MT_E_INPUT, "\"%s\" cannot be %s: the packing library says: %s",
                   pack->options->about.title, what, detail);
}

static void set_name(struct packing *pack, qpdf_oh dictionary, const char *key, const char *name)
{
    pack->api->qpdf_oh_replace_key(pack->doc, dictionary, key, pack->api->qpdf_oh_new_name(pack->doc, name));
}

static void set_text(struct packing *pack, qpdf_oh dictionary, const char *key, const char *text)
{
    if (!text) return;
    pack->api->qpdf_oh_replace_key(pack->doc, dictionary, key,
                                   pack->api->qpdf_oh_new_unicode_string(pack->doc, text));
}

static qpdf_oh new_dictionary(struct packing *pack, const char *type)
{
    qpdf_oh dictionary = pack->api->qpdf_oh_new_dictionary(pack->doc);
    set_name(pack, dictionary, "/Type", type);
    return dictionary;
}

/* A stream of those bytes, which the library copies. */
static qpdf_oh new_stream(struct packing *pack, mt_text bytes)
{
    const mt_pdf_api *api = pack->api;
    qpdf_oh stream = api->qpdf_oh_new_stream(pack->doc), none = api->qpdf_oh_new_null(pack->doc);
    api->qpdf_oh_replace_stream_data(pack->doc, stream, (const unsigned char *)bytes.at, bytes.length, none,
                                     none);
    return stream;
}

static qpdf_oh in_array(struct packing *pack, qpdf_oh item)
{
    qpdf_oh array = pack->api->qpdf_oh_new_array(pack->doc);
    pack->api->qpdf_oh_append_item(pack->doc, array, item);
    return array;
}

static void put_colours(struct packing *pack, mt_text profile)
{
    const mt_pdf_api *api = pack->api;
    qpdf_oh intent = new_dictionary(pack, "/OutputIntent"), icc = new_stream(pack, profile);
    api->qpdf_oh_replace_key(pack->doc, api->qpdf_oh_get_dict(pack->doc, icc), "/N",
                             api->qpdf_oh_new_integer(pack->doc, 3));
    set_name(pack, intent, "/S", "/GTS_PDFA1");
    set_text(pack, intent, "/OutputConditionIdentifier", "sRGB");
    set_text(pack, intent, "/Info", "sRGB IEC61966-2.1");
    api->qpdf_oh_replace_key(pack->doc, intent, "/DestOutputProfile", icc);
    api->qpdf_oh_replace_key(pack->doc, pack->root, "/OutputIntents", in_array(pack, intent));
}

static mt_code put_metadata(struct packing *pack)
{
    const mt_pdf_api *api = pack->api;
    mt_out *out = NULL;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(pack->cx, &out));
    MT_TRY_OUT(mt_xmp_write(pack->cx, out, pack->options));
    qpdf_oh stream = new_stream(pack, mt_out_bytes(out)), head = api->qpdf_oh_get_dict(pack->doc, stream);
    set_name(pack, head, "/Type", "/Metadata");
    set_name(pack, head, "/Subtype", "/XML");
    api->qpdf_oh_replace_key(pack->doc, pack->root, "/Metadata", stream);
out:
    mt_out_close(out);
    return code;
}

/* A name of PDF writes the slash of a media type as #2F. */
static mt_code media_name(mt_ctx *cx, char out[80], const char *media_type)
{
    size_t slash = strcspn(media_type, "/");
    if (!media_type[slash] || strlen(media_type) > 60)
        return mt_fail(cx, MT_E_INPUT, "\"%s\" is no media type: like text/xml it would be one", media_type);
    snprintf(out, 80, "/%.*s#2F%s", (int)slash, media_type, media_type + slash + 1);
    return MT_OK;
}

static mt_code embed(struct packing *pack, qpdf_oh *out, const mt_pdf_attachment *attachment)
{
    const mt_pdf_api *api = pack->api;
    char media[80];
    MT_TRY(media_name(pack->cx, media, attachment->media_type));
    qpdf_oh stream = new_stream(pack, attachment->bytes), head = api->qpdf_oh_get_dict(pack->doc, stream);
    qpdf_oh parameters = api->qpdf_oh_new_dictionary(pack->doc);
    set_name(pack, head, "/Type", "/EmbeddedFile");
    set_name(pack, head, "/Subtype", media);
    api->qpdf_oh_replace_key(pack->doc, parameters, "/Size",
                             api->qpdf_oh_new_integer(pack->doc, (long long)attachment->bytes.length));
    set_text(pack, parameters, "/ModDate", pack->date);
    api->qpdf_oh_replace_key(pack->doc, head, "/Params", parameters);
    *out = stream;
    return MT_OK;
}

static mt_code put_attachment(struct packing *pack, const mt_pdf_attachment *attachment)
{
    const mt_pdf_api *api = pack->api;
    char relationship[40];
    qpdf_oh stream, file = new_dictionary(pack, "/Filespec"), ways = api->qpdf_oh_new_dictionary(pack->doc);
    qpdf_oh names = api->qpdf_oh_new_dictionary(pack->doc), tree = api->qpdf_oh_new_dictionary(pack->doc);
    MT_TRY(embed(pack, &stream, attachment));
    api->qpdf_oh_replace_key(pack->doc, ways, "/F", stream);
    api->qpdf_oh_replace_key(pack->doc, ways, "/UF", stream);
    snprintf(relationship, sizeof relationship, "/%s", attachment->relationship);
    set_text(pack, file, "/F", attachment->name);
    set_text(pack, file, "/UF", attachment->name);
    set_text(pack, file, "/Desc", attachment->description);
    set_name(pack, file, "/AFRelationship", relationship);
    api->qpdf_oh_replace_key(pack->doc, file, "/EF", ways);
    file = api->qpdf_make_indirect_object(pack->doc, file);
    qpdf_oh list = in_array(pack, api->qpdf_oh_new_unicode_string(pack->doc, attachment->name));
    api->qpdf_oh_append_item(pack->doc, list, file);
    api->qpdf_oh_replace_key(pack->doc, tree, "/Names", list);
    api->qpdf_oh_replace_key(pack->doc, names, "/EmbeddedFiles", tree);
    api->qpdf_oh_replace_key(pack->doc, pack->root, "/Names", names);
    api->qpdf_oh_replace_key(pack->doc, pack->root, "/AF", in_array(pack, file));
    return MT_OK;
}

/* Of fonts by glyph the drawing library leaves out what viewers assume and archives demand to be said: that
 * characters are numbered as glyphs (ISO 19005-3, 6.2.11.3.2). */
static void complete_font(struct packing *pack, qpdf_oh font)
{
    const mt_pdf_api *api = pack->api;
    qpdf_oh parts = api->qpdf_oh_get_key(pack->doc, font, "/DescendantFonts");
    if (!api->qpdf_oh_is_array(pack->doc, parts)) return;
    for (int k = 0; k < api->qpdf_oh_get_array_n_items(pack->doc, parts); k++) {
        qpdf_oh part = api->qpdf_oh_get_array_item(pack->doc, parts, k);
        if (!api->qpdf_oh_has_key(pack->doc, part, "/CIDToGIDMap"))
            set_name(pack, part, "/CIDToGIDMap", "/Identity");
    }
}

static void complete_fonts(struct packing *pack, qpdf_oh page)
{
    const mt_pdf_api *api = pack->api;
    qpdf_oh resources = api->qpdf_oh_get_key(pack->doc, page, "/Resources");
    if (!api->qpdf_oh_is_dictionary(pack->doc, resources)) return;
    qpdf_oh fonts = api->qpdf_oh_get_key(pack->doc, resources, "/Font");
    if (!api->qpdf_oh_is_dictionary(pack->doc, fonts)) return;
    api->qpdf_oh_begin_dict_key_iter(pack->doc, fonts);
    while (api->qpdf_oh_dict_more_keys(pack->doc)) {
        qpdf_oh font = api->qpdf_oh_get_key(pack->doc, fonts, api->qpdf_oh_dict_next_key(pack->doc));
        if (api->qpdf_oh_is_dictionary(pack->doc, font)) complete_font(pack, font);
    }
}

/* The drawing library gives every page a group for transparency, which nothing on it uses. */
static void mend_pages(struct packing *pack, qpdf_oh pages, int depth)
{
    const mt_pdf_api *api = pack->api;
    if (depth > 32 || !api->qpdf_oh_is_dictionary(pack->doc, pages)) return;
    qpdf_oh kids = api->qpdf_oh_get_key(pack->doc, pages, "/Kids");
    api->qpdf_oh_remove_key(pack->doc, pages, "/Group");
    complete_fonts(pack, pages);
    if (!api->qpdf_oh_is_array(pack->doc, kids)) return;
    for (int k = 0; k < api->qpdf_oh_get_array_n_items(pack->doc, kids); k++)
        mend_pages(pack, api->qpdf_oh_get_array_item(pack->doc, kids, k), depth + 1);
}

static mt_code describe(struct packing *pack)
{
    const mt_pdf_api *api = pack->api;
    const mt_pdf_about *about = &pack->options->about;
    qpdf_oh view = api->qpdf_oh_new_dictionary(pack->doc), trailer = api->qpdf_get_trailer(pack->doc);
    qpdf_oh info = api->qpdf_oh_new_dictionary(pack->doc);
    set_text(pack, info, "/Title", about->title);
    set_text(pack, info, "/Author", about->author);
    set_text(pack, info, "/Subject", about->subject);
    set_text(pack, info, "/Creator", "Merit");
    set_text(pack, info, "/Producer", "Merit");
    set_text(pack, info, "/CreationDate", pack->date);
    set_text(pack, info, "/ModDate", pack->date);
    api->qpdf_oh_replace_key(pack->doc, trailer, "/Info", api->qpdf_make_indirect_object(pack->doc, info));
    api->qpdf_oh_replace_key(pack->doc, view, "/DisplayDocTitle",
                             api->qpdf_oh_new_bool(pack->doc, QPDF_TRUE));
    api->qpdf_oh_replace_key(pack->doc, pack->root, "/ViewerPreferences", view);
    set_text(pack, pack->root, "/Lang", about->language);
    return put_metadata(pack);
}

static void write_date(struct packing *pack)
{
    mt_civil t = mt_time_civil(pack->options->about.created);
    snprintf(pack->date, sizeof pack->date, "D:%04d%02d%02d%02d%02d%02dZ", t.year % 10000, t.month % 100,
             t.day % 100, t.hour % 100, t.minute % 100, t.second % 100);
}

static mt_code read_document(struct packing *pack, mt_text pdf)
{
    const mt_pdf_api *api = pack->api;
    api->qpdf_silence_errors(pack->doc);
    api->qpdf_set_suppress_warnings(pack->doc, QPDF_TRUE);
    api->qpdf_set_attempt_recovery(pack->doc, QPDF_FALSE);
    if (api->qpdf_read_memory(pack->doc, "document", pdf.at, pdf.length, NULL) & QPDF_ERRORS)
        return refuse(pack, "read");
    pack->root = api->qpdf_get_root(pack->doc);
    if (!api->qpdf_oh_is_dictionary(pack->doc, pack->root)) return refuse(pack, "read");
    write_date(pack);
    return MT_OK;
}

static mt_code write_document(struct packing *pack, mt_out *out)
{
    const mt_pdf_api *api = pack->api;
    if (api->qpdf_has_error(pack->doc) || api->qpdf_init_write_memory(pack->doc) & QPDF_ERRORS)
        return refuse(pack, "packed");
    api->qpdf_force_pdf_version(pack->doc, "1.7");
    api->qpdf_set_object_stream_mode(pack->doc, qpdf_o_disable);
    api->qpdf_set_newline_before_endstream(pack->doc, QPDF_TRUE);
    api->qpdf_set_deterministic_ID(pack->doc, QPDF_TRUE);
    if (api->qpdf_write(pack->doc) & QPDF_ERRORS) return refuse(pack, "packed");
    return mt_out_write(pack->cx, out, api->qpdf_get_buffer(pack->doc),
                        api->qpdf_get_buffer_length(pack->doc));
}

mt_code mt_pdf_archive(mt_ctx *cx, mt_press *press, mt_out *out, mt_text pdf,
                       const mt_pdf_archive_options *options)
{
    mt_pdf_archive_options own = {0};
    struct packing pack = {.cx = cx, .api = &press->api, .options = &own};
    mt_code code;
    memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    pack.doc = press->api.qpdf_init();
    if (!pack.doc) return mt_fail(cx, MT_E_MEMORY, "no memory to pack \"%s\"", own.about.title);
    MT_TRY_OUT(read_document(&pack, pdf));
    mend_pages(&pack, press->api.qpdf_oh_get_key(pack.doc, pack.root, "/Pages"), 0);
    put_colours(&pack, press->profile);
    MT_TRY_OUT(describe(&pack));
    if (own.attachment) MT_TRY_OUT(put_attachment(&pack, own.attachment));
    code = write_document(&pack, out);
out:
    press->api.qpdf_cleanup(&pack.doc);
    return code;
}
