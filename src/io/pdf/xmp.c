/* The metadata packet of a document for archives. */
#include "io/pdf/xmp.h"

#include <stdio.h>

#include "io/page/markup.h"

static const char start[] =
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
    "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n</rdf:Description>\n";

/* Every schema that PDF/A does not know must be described in the file itself (ISO 19005-3, 6.6.2.3.3). */
static const char facturx_schema[] =
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" "
    "xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" "
    "xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n"
    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\n"
    "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
    "</pdfaSchema:namespaceURI>\n"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix>\n<pdfaSchema:property><rdf:Seq>\n";
static const char facturx_schema_end[] =
    "</rdf:Seq></pdfaSchema:property>\n</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n";

static const struct {
    const char *name, *description;
} facturx_property[] = {
    {"DocumentFileName", "The name of the embedded XML document"},
    {"DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"},
    {"Version", "The actual version of the standard applying to the embedded XML document"},
    {"ConformanceLevel", "The conformance level of the embedded XML document"},
};

/* open, the escaped text, close; nothing when there is no text. */
static mt_code put(mt_ctx *cx, mt_out *out, const char *open, const char *text, const char *close)
{
    if (!text) return MT_OK;
    MT_TRY(mt_out_text(cx, out, open));
    MT_TRY(mt_markup_text(cx, out, mt_text_of(text)));
    return mt_out_text(cx, out, close);
}

static mt_code put_dublin_core(mt_ctx *cx, mt_out *out, const mt_pdf_about *about)
{
    MT_TRY(mt_out_text(cx, out,
                       "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                       "<dc:format>application/pdf</dc:format>\n"));
    MT_TRY(put(cx, out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", about->title,
               "</rdf:li></rdf:Alt></dc:title>\n"));
    MT_TRY(
        put(cx, out, "<dc:creator><rdf:Seq><rdf:li>", about->author, "</rdf:li></rdf:Seq></dc:creator>\n"));
    MT_TRY(put(cx, out, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", about->subject,
               "</rdf:li></rdf:Alt></dc:description>\n"));
    MT_TRY(put(cx, out, "<dc:language><rdf:Bag><rdf:li>", about->language,
               "</rdf:li></rdf:Bag></dc:language>\n"));
    return mt_out_text(cx, out, "</rdf:Description>\n");
}

static mt_code put_tools(mt_ctx *cx, mt_out *out, const mt_pdf_about *about)
{
    char created[MT_TIME_TEXT_MAX];
    mt_time_text(mt_time_floor(about->created, MT_US_SECOND), created);
    MT_TRY(mt_out_text(cx, out,
                       "<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
                       "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
                       "<pdf:Producer>Merit</pdf:Producer>\n<xmp:CreatorTool>Merit</xmp:CreatorTool>\n"));
    MT_TRY(put(cx, out, "<xmp:CreateDate>", created, "</xmp:CreateDate>\n"));
    MT_TRY(put(cx, out, "<xmp:ModifyDate>", created, "</xmp:ModifyDate>\n"));
    return mt_out_text(cx, out, "</rdf:Description>\n");
}

static mt_code put_invoice(mt_ctx *cx, mt_out *out, const mt_pdf_attachment *attachment)
{
    MT_TRY(mt_out_text(cx, out,
                       "<rdf:Description rdf:about=\"\" "
                       "xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\">\n"
                       "<fx:DocumentType>INVOICE</fx:DocumentType>\n<fx:Version>1.0</fx:Version>\n"));
    MT_TRY(put(cx, out, "<fx:DocumentFileName>", attachment->name, "</fx:DocumentFileName>\n"));
    MT_TRY(put(cx, out, "<fx:ConformanceLevel>", attachment->profile, "</fx:ConformanceLevel>\n"));
    MT_TRY(mt_out_text(cx, out, "</rdf:Description>\n"));
    MT_TRY(mt_out_text(cx, out, facturx_schema));
    for (size_t k = 0; k < sizeof facturx_property / sizeof *facturx_property; k++) {
        MT_TRY(put(cx, out, "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>",
                   facturx_property[k].name,
                   "</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
                   "<pdfaProperty:category>external</pdfaProperty:category>"));
        MT_TRY(put(cx, out, "<pdfaProperty:description>", facturx_property[k].description,
                   "</pdfaProperty:description></rdf:li>\n"));
    }
    return mt_out_text(cx, out, facturx_schema_end);
}

mt_code mt_xmp_write(mt_ctx *cx, mt_out *out, const mt_pdf_archive_options *options)
{
    MT_TRY(mt_out_text(cx, out, start));
    MT_TRY(put_dublin_core(cx, out, &options->about));
    MT_TRY(put_tools(cx, out, &options->about));
    if (options->attachment && options->attachment->profile)
        MT_TRY(put_invoice(cx, out, options->attachment));
    return mt_out_text(cx, out, "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
}
