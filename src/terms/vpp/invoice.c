/* The words, codes and reasons of documents. */
#include "terms/vpp/invoice.h"

#define DOCUMENT_ROW(symbol, name, code, prefix) {name, prefix, code},
static const struct {
    const char *name, *prefix;
    int code;
} document[] = {MT_DOCUMENT_LIST(DOCUMENT_ROW)};

#define LINE_ROW(symbol, name, code, unit) {name, code, unit},
static const struct {
    const char *name, *code, *unit;
} line[] = {MT_LINE_LIST(LINE_ROW)};

#define VAT_ROW(symbol, code, reason, vatex) {code, reason, vatex},
static const struct {
    const char *code, *reason, *vatex;
} vat[] = {MT_VAT_CATEGORY_LIST(VAT_ROW)};

const char *mt_document_name(mt_document_kind kind)
{
    return document[kind].name;
}

int mt_document_code(mt_document_kind kind)
{
    return document[kind].code;
}

const char *mt_document_prefix(mt_document_kind kind)
{
    return document[kind].prefix;
}

const char *mt_line_name(mt_line_kind kind)
{
    return line[kind].name;
}

const char *mt_line_unit(mt_line_kind kind)
{
    return line[kind].unit;
}

const char *mt_line_unit_code(mt_line_kind kind)
{
    return line[kind].code;
}

const char *mt_vat_code(mt_vat_category category)
{
    return vat[category].code;
}

const char *mt_vat_reason(mt_vat_category category)
{
    return vat[category].reason;
}

const char *mt_vat_vatex(mt_vat_category category)
{
    return vat[category].vatex;
}
