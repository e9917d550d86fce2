/* Head fields as lines. */
#include "io/sinks/head.h"

#include <string.h>

#include "io/sinks/cell.h"

static mt_code write_line(mt_ctx *cx, mt_out *out, const mt_field *field, mt_value value)
{
    char text[MT_CELL_MAX];
    bool has = mt_cell_has(field->type, value);
    mt_text shown = {text, has ? mt_cell_exact(field->type, value, text) : 0};
    if (has && mt_cell_is_text(field->type)) shown = value.as.text;
    if (!has) shown = mt_text_of("-");
    const char *unit = has ? mt_cell_unit(field->unit) : "";
    MT_TRY(mt_out_format(cx, out, "%s: ", field->name));
    MT_TRY(mt_out_write(cx, out, shown.at, shown.length));
    return mt_out_format(cx, out, "%s%s\n", unit[0] ? " " : "", unit);
}

mt_code mt_head_lines(mt_ctx *cx, mt_out *out, const mt_schema *schema)
{
    if (!out) return MT_OK;
    for (const mt_field *field = schema->head; field && field->name; field++) {
        MT_TRY(write_line(cx, out, field, mt_field_get(field, schema->head_row)));
    }
    return MT_OK;
}
