/* The order of calls into a sink, and reading a column. */
#include "base/rows/sink.h"

mt_code mt_sink_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    return sink->ops->schema(sink, cx, schema);
}

mt_code mt_sink_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    return chunk->n ? sink->ops->push(sink, cx, chunk) : MT_OK;
}

mt_code mt_sink_finish(mt_sink *sink, mt_ctx *cx)
{
    return sink->ops->finish(sink, cx);
}

void mt_sink_close(mt_sink *sink)
{
    if (sink) sink->ops->close(sink);
}

mt_value mt_column_get(const mt_column *column, mt_type type, size_t i)
{
    mt_value value = {.present = mt_column_has(column, i)};
    if (!value.present) return value;
    switch (type) {
    case MT_BOOL: value.as.boolean = ((const uint8_t *)column->data)[i] != 0; break;
    case MT_REAL: value.as.real = ((const double *)column->data)[i]; break;
    case MT_DAY: value.as.integer = ((const int32_t *)column->data)[i]; break;
    case MT_TEXT:
    case MT_CHOICE: value.as.text = ((const mt_text *)column->data)[i]; break;
    default: value.as.integer = ((const int64_t *)column->data)[i]; break;
    }
    return value;
}
