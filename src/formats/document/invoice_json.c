/* Tables of fields, written and read by the same two functions. */
#include "formats/document/invoice_json.h"

#include "formats/document/amount.h"

#include <stdlib.h>
#include <string.h>

#define NET_BOUND  ((mt_micro)1000000000000 * MT_MICRO_ONE) /* a thousand billion EUR: a mistake */
#define RATE_BOUND ((mt_micro)100 * MT_MICRO_ONE)

/* --- what stands in the document --------------------------------------------------------------------- */

struct head_row {
    const char *number, *kind;
    int64_t code, version;
    const char *contract_id, *asset_id, *metering_point_id;
    mt_day issued, due;
    const char *currency, *cancels, *note;
    int64_t quarters, missing;
};

static const mt_field head_field[] = {{.name = "number", MT_TEXT_AT(head_row, number)},
                                      {.name = "kind", MT_TEXT_AT(head_row, kind)},
                                      {.name = "type_code", MT_INT_AT(head_row, code)},
                                      {.name = "version", MT_INT_AT(head_row, version)},
                                      {.name = "contract_id", MT_TEXT_AT(head_row, contract_id)},
                                      {.name = "asset_id", MT_TEXT_AT(head_row, asset_id)},
                                      {.name = "metering_point_id", MT_TEXT_AT(head_row, metering_point_id)},
                                      {.name = "issued", MT_DAY_AT(head_row, issued)},
                                      {.name = "due", MT_DAY_AT(head_row, due)},
                                      {.name = "currency", MT_TEXT_AT(head_row, currency)},
                                      {.name = "cancels", MT_TEXT_AT(head_row, cancels)},
                                      {.name = "note", MT_TEXT_AT(head_row, note)},
                                      {.name = "quarters", MT_INT_AT(head_row, quarters)},
                                      {.name = "quarters_missing", MT_INT_AT(head_row, missing)},
                                      {.name = NULL}};

struct period_row {
    mt_day from, until;
};

static const mt_field period_field[] = {{.name = "from", MT_DAY_AT(period_row, from)},
                                        {.name = "until", MT_DAY_AT(period_row, until)},
                                        {.name = NULL}};

struct line_row {
    const char *kind, *name, *description;
    mt_micro quantity;
    const char *unit, *unit_net;
    mt_micro net;
    const char *vat_category;
    mt_micro vat_rate, vat, gross, exact, rounding;
};

static const mt_field line_field[] = {{.name = "kind", MT_TEXT_AT(line_row, kind)},
                                      {.name = "name", MT_TEXT_AT(line_row, name)},
                                      {.name = "description", MT_TEXT_AT(line_row, description)},
                                      {.name = "quantity", MT_MICRO_AT(line_row, quantity)},
                                      {.name = "unit", MT_TEXT_AT(line_row, unit)},
                                      {.name = "unit_net", MT_TEXT_AT(line_row, unit_net)},
                                      {.name = "net", MT_MICRO_AT(line_row, net)},
                                      {.name = "vat_category", MT_TEXT_AT(line_row, vat_category)},
                                      {.name = "vat_rate", MT_MICRO_AT(line_row, vat_rate)},
                                      {.name = "vat", MT_MICRO_AT(line_row, vat)},
                                      {.name = "gross", MT_MICRO_AT(line_row, gross)},
                                      {.name = "exact", MT_MICRO_AT(line_row, exact)},
                                      {.name = "rounding", MT_MICRO_AT(line_row, rounding)},
                                      {.name = NULL}};

struct vat_row {
    const char *category;
    mt_micro rate, taxable, vat;
};

static const mt_field vat_field[] = {{.name = "category", MT_TEXT_AT(vat_row, category)},
                                     {.name = "rate", MT_MICRO_AT(vat_row, rate)},
                                     {.name = "taxable", MT_MICRO_AT(vat_row, taxable)},
                                     {.name = "vat", MT_MICRO_AT(vat_row, vat)},
                                     {.name = NULL}};

struct total_row {
    mt_micro net, vat, gross;
};

static const mt_field total_field[] = {{.name = "net", MT_MICRO_AT(total_row, net)},
                                       {.name = "vat", MT_MICRO_AT(total_row, vat)},
                                       {.name = "gross", MT_MICRO_AT(total_row, gross)},
                                       {.name = NULL}};

struct source_row {
    const char *name, *sha256;
    int64_t quarters;
};

static const mt_field source_field[] = {{.name = "file", MT_TEXT_AT(source_row, name)},
                                        {.name = "sha256", MT_TEXT_AT(source_row, sha256)},
                                        {.name = "quarters", MT_INT_AT(source_row, quarters)},
                                        {.name = NULL}};

#define PARTY(member)                                                                                        \
    {                                                                                                        \
        .name = #member, MT_TEXT_AT(mt_party, member)                                                        \
    }
static const mt_field party_field[] = {PARTY(party_id),
                                       PARTY(name),
                                       PARTY(street),
                                       PARTY(postcode),
                                       PARTY(city),
                                       PARTY(country),
                                       PARTY(vat_id),
                                       PARTY(tax_number),
                                       PARTY(register_id),
                                       PARTY(contact_name),
                                       PARTY(contact_phone),
                                       PARTY(contact_email),
                                       PARTY(electronic_address),
                                       PARTY(electronic_scheme),
                                       PARTY(buyer_reference),
                                       PARTY(iban),
                                       PARTY(bic),
                                       PARTY(market_id),
                                       PARTY(datev_account),
                                       {.name = "reseller_from", MT_DAY_AT(mt_party, reseller_from)},
                                       {.name = "reseller_until", MT_DAY_AT(mt_party, reseller_until)},
                                       {.name = "small_business", MT_BOOL_AT(mt_party, small_business)},
                                       {.name = NULL}};

/* --- writing ----------------------------------------------------------------------------------------- */

static mt_micro euro_of_cent(int64_t cent)
{
    return cent * 10000;
}

/* Of the line alone, rounded: the document's VAT is rounded once a category. */
static int64_t vat_of_line(const mt_invoice_line *line)
{
    const int64_t one = 100 * (int64_t)MT_MICRO_ONE;
    int64_t whole = line->net_cent / one * line->vat_rate, rest = line->net_cent % one * line->vat_rate;
    return whole + (rest + (rest < 0 ? -one / 2 : one / 2)) / one;
}

static void write_line(mt_json_writer *json, const mt_invoice_line *line)
{
    char unit_net[MT_AMOUNT_TEXT_MAX];
    int64_t vat_cent = vat_of_line(line);
    mt_amount_text(line->unit_net, line->unit_net_decimals, line->unit_net_decimals, unit_net);
    const struct line_row row = {.kind = mt_line_name(line->kind),
                                 .name = line->name,
                                 .description = line->description,
                                 .quantity = line->quantity_micro,
                                 .unit = mt_line_unit(line->kind),
                                 .unit_net = unit_net,
                                 .net = euro_of_cent(line->net_cent),
                                 .vat_category = mt_vat_code(line->vat_category),
                                 .vat_rate = line->vat_rate,
                                 .vat = euro_of_cent(vat_cent),
                                 .gross = euro_of_cent(line->net_cent + vat_cent),
                                 .exact = line->exact_ueur,
                                 .rounding = line->rounding_ueur};
    mt_json_fields(json, line_field, &row);
}

static void write_head(mt_json_writer *json, const mt_invoice *d)
{
    const struct head_row row = {d->number,
                                 mt_document_name(d->kind),
                                 mt_document_code(d->kind),
                                 d->version,
                                 d->contract_id,
                                 d->asset_id,
                                 d->metering_point_id,
                                 d->issued,
                                 d->due,
                                 d->currency,
                                 d->cancels,
                                 d->note,
                                 d->quarters,
                                 d->quarters_missing};
    for (const mt_field *field = head_field; field->name; field++) {
        mt_json_key(json, field->name);
        mt_json_value(json, field->type, mt_field_get(field, &row));
    }
}

static void write_lists(mt_json_writer *json, const mt_invoice *d)
{
    mt_json_key(json, "lines"), mt_json_array(json);
    for (size_t k = 0; k < d->n_line; k++) write_line(json, &d->line[k]);
    mt_json_end(json);
    mt_json_key(json, "vat"), mt_json_array(json);
    for (size_t k = 0; k < d->n_vat; k++) {
        const mt_invoice_vat *v = &d->vat[k];
        const struct vat_row row = {mt_vat_code(v->category), v->rate, euro_of_cent(v->taxable_cent),
                                    euro_of_cent(v->vat_cent)};
        mt_json_fields(json, vat_field, &row);
    }
    mt_json_end(json);
    mt_json_key(json, "sources"), mt_json_array(json);
    for (size_t k = 0; k < d->n_source; k++) {
        const struct source_row row = {d->source[k].name, d->source[k].sha256, d->source[k].quarters};
        mt_json_fields(json, source_field, &row);
    }
    mt_json_end(json);
}

mt_code mt_invoice_json(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, mt_json_look look)
{
    mt_json_writer json;
    const struct period_row period = {invoice->from, invoice->until};
    const struct total_row total = {euro_of_cent(invoice->net_cent), euro_of_cent(invoice->vat_cent),
                                    euro_of_cent(invoice->gross_cent)};
    mt_json_open(cx, &json, out, look);
    mt_json_object(&json);
    write_head(&json, invoice);
    mt_json_key(&json, "period"), mt_json_fields(&json, period_field, &period);
    mt_json_key(&json, "totals"), mt_json_fields(&json, total_field, &total);
    write_lists(&json, invoice);
    mt_json_key(&json, "seller"), mt_json_fields(&json, party_field, &invoice->seller);
    mt_json_key(&json, "buyer"), mt_json_fields(&json, party_field, &invoice->buyer);
    mt_json_end(&json);
    return mt_json_done(&json);
}

/* --- reading ----------------------------------------------------------------------------------------- */

/* Members that are missing or null are missing in the row. */
static mt_code read_fields(mt_ctx *cx, const char *name, const mt_json *object, const mt_field *field,
                           void *row)
{
    mt_field_clear(field, row);
    for (; field->name; field++) {
        const mt_json *member = mt_json_member(object, field->name);
        const char *text;
        if (!member || member->kind == MT_JSON_NULL) continue;
        if (member->kind == MT_JSON_ARRAY || member->kind == MT_JSON_OBJECT)
            return mt_fail(cx, MT_E_INPUT, "%s: \"%s\" is no single value", name, field->name);
        if (member->kind == MT_JSON_BOOL)
            text = member->boolean ? "true" : "false";
        else
            MT_TRY(mt_text_copy(cx, &text, member->text));
        if (mt_field_set(cx, field, row, text) != MT_OK) return mt_fail_at(cx, "%s", name);
    }
    return MT_OK;
}

/* The place of a word in a list of n, by its name. */
static mt_code find_word(mt_ctx *cx, const char *name, const char *what, const char *word, int n,
                         const char *(*name_of)(int k), int *out)
{
    for (int k = 0; word && k < n; k++) {
        if (strcmp(name_of(k), word) == 0) return *out = k, MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "%s: \"%s\" is no %s", name, word ? word : "", what);
}

static const char *document_word(int k)
{
    return mt_document_name((mt_document_kind)k);
}

static const char *line_word(int k)
{
    return mt_line_name((mt_line_kind)k);
}

static const char *vat_word(int k)
{
    return mt_vat_code((mt_vat_category)k);
}

static int64_t cent_of(mt_micro euro)
{
    return euro / 10000;
}

static mt_code read_unit_net(mt_ctx *cx, const char *name, const char *text, mt_invoice_line *line)
{
    const char *point = text ? strchr(text, '.') : NULL;
    char digits[MT_AMOUNT_TEXT_MAX];
    size_t n = text ? strlen(text) : 0;
    if (!point || n > 19 || n - (size_t)(point - text) - 1 > 10 || strspn(text, "0123456789.") != n ||
        strchr(point + 1, '.'))
        return mt_fail(cx, MT_E_INPUT, "%s: unit_net \"%s\" is no price", name, text ? text : "");
    size_t whole = (size_t)(point - text);
    memcpy(digits, text, whole);
    memcpy(digits + whole, point + 1, n - whole);
    line->unit_net = strtoll(digits, NULL, 10);
    line->unit_net_decimals = (int)(n - whole - 1);
    return MT_OK;
}

static mt_code read_line(mt_ctx *cx, const char *name, const mt_json *object, mt_invoice_line *line)
{
    struct line_row row;
    int kind = 0, category = 0;
    MT_TRY(read_fields(cx, name, object, line_field, &row));
    MT_TRY(find_word(cx, name, "kind of line", row.kind, MT_LINE_KINDS, line_word, &kind));
    MT_TRY(find_word(cx, name, "VAT category", row.vat_category, MT_VAT_CATEGORIES, vat_word, &category));
    if (row.net < -NET_BOUND || row.net > NET_BOUND || row.vat_rate < 0 || row.vat_rate > RATE_BOUND)
        return mt_fail(cx, MT_E_INPUT, "%s: net or vat_rate of a line is missing or out of bounds", name);
    *line = (mt_invoice_line){.kind = (mt_line_kind)kind,
                              .name = row.name,
                              .description = row.description,
                              .quantity_micro = row.quantity,
                              .exact_ueur = row.exact,
                              .net_cent = cent_of(row.net),
                              .rounding_ueur = row.rounding,
                              .vat_category = (mt_vat_category)category,
                              .vat_rate = row.vat_rate};
    return read_unit_net(cx, name, row.unit_net, line);
}

static mt_code read_lines(mt_ctx *cx, mt_invoice *d, const char *name, const mt_json *document)
{
    const mt_json *list;
    if (mt_json_get_array(cx, &list, document, "lines") != MT_OK) return mt_fail_at(cx, "%s", name);
    MT_TRY(MT_NEW(cx, &d->line, list->count + 1));
    for (const mt_json *one = list->first; one; one = one->next)
        MT_TRY(read_line(cx, name, one, &d->line[d->n_line++]));
    return MT_OK;
}

static mt_code read_vat(mt_ctx *cx, mt_invoice *d, const char *name, const mt_json *document)
{
    const mt_json *list;
    if (mt_json_get_array(cx, &list, document, "vat") != MT_OK) return mt_fail_at(cx, "%s", name);
    for (const mt_json *one = list->first; one; one = one->next) {
        struct vat_row row;
        int category = 0;
        if (d->n_vat == MT_VAT_CATEGORIES)
            return mt_fail(cx, MT_E_INPUT, "%s: more than %d VAT categories", name, MT_VAT_CATEGORIES);
        MT_TRY(read_fields(cx, name, one, vat_field, &row));
        MT_TRY(find_word(cx, name, "VAT category", row.category, MT_VAT_CATEGORIES, vat_word, &category));
        d->vat[d->n_vat++] =
            (mt_invoice_vat){(mt_vat_category)category, row.rate, cent_of(row.taxable), cent_of(row.vat)};
    }
    return MT_OK;
}

static mt_code read_sources(mt_ctx *cx, mt_invoice *d, const char *name, const mt_json *document)
{
    const mt_json *list = mt_json_member(document, "sources");
    mt_invoice_source *source;
    if (!list || list->kind != MT_JSON_ARRAY) return MT_OK;
    MT_TRY(MT_NEW(cx, &source, list->count + 1));
    d->source = source;
    for (const mt_json *one = list->first; one; one = one->next) {
        struct source_row row;
        MT_TRY(read_fields(cx, name, one, source_field, &row));
        source[d->n_source++] = (mt_invoice_source){row.name, row.sha256, row.quarters};
    }
    return MT_OK;
}

static mt_code read_head(mt_ctx *cx, mt_invoice *d, const char *name, const mt_json *document)
{
    struct head_row row;
    struct period_row period;
    struct total_row total;
    int kind = 0;
    MT_TRY(read_fields(cx, name, document, head_field, &row));
    MT_TRY(find_word(cx, name, "kind of document", row.kind, MT_DOCUMENT_KINDS, document_word, &kind));
    MT_TRY(read_fields(cx, name, mt_json_member(document, "period"), period_field, &period));
    MT_TRY(read_fields(cx, name, mt_json_member(document, "totals"), total_field, &total));
    *d = (mt_invoice){.number = row.number,
                      .kind = (mt_document_kind)kind,
                      .version = (int)row.version,
                      .contract_id = row.contract_id,
                      .asset_id = row.asset_id,
                      .metering_point_id = row.metering_point_id,
                      .issued = row.issued,
                      .due = row.due,
                      .from = period.from,
                      .until = period.until,
                      .currency = row.currency,
                      .cancels = row.cancels,
                      .note = row.note,
                      .net_cent = cent_of(total.net),
                      .vat_cent = cent_of(total.vat),
                      .gross_cent = cent_of(total.gross),
                      .quarters = row.quarters,
                      .quarters_missing = row.missing};
    return MT_OK;
}

mt_code mt_invoice_json_read(mt_ctx *cx, mt_invoice *out, const char *name, mt_text json)
{
    const mt_json *document;
    mt_invoice d;
    MT_TRY(mt_json_read(cx, &document, name, json.at, json.length));
    if (document->kind != MT_JSON_OBJECT) return mt_fail(cx, MT_E_INPUT, "%s: no JSON object", name);
    MT_TRY(read_head(cx, &d, name, document));
    MT_TRY(read_lines(cx, &d, name, document));
    MT_TRY(read_vat(cx, &d, name, document));
    MT_TRY(read_sources(cx, &d, name, document));
    MT_TRY(read_fields(cx, name, mt_json_member(document, "seller"), party_field, &d.seller));
    MT_TRY(read_fields(cx, name, mt_json_member(document, "buyer"), party_field, &d.buyer));
    *out = d;
    return MT_OK;
}
