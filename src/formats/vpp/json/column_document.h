/* Documents of columns: {"key":{…},"column_ids":[…],"units":[…],"values":[[…],[…],…]}.
 *
 * Purpose   Live points and forecasts come in this form, pretty printed, by the thousand; a tree of each
 *           would cost ten times the reading. One pass over the windows of the file fills one file's columns.
 * Units     As the file says; a column of power whose unit comes before its values is turned into kW while it
 *           is read, so that nothing is rounded twice.
 * Shapes    Members in any order, each once; others are passed over. Columns have one length. null and NaN
 *           are MT_MICRO_NONE. At most MT_COLUMNS_MAX columns of MT_COLUMN_VALUES_MAX numbers.
 * Errors    MT_E_INPUT  no such document, with the byte;  MT_E_SHAPE  columns of different lengths, or more
 *           columns than names;  MT_E_TOO_LARGE.
 * Ownership Everything lives in cx.
 * Cost      One pass; memory of the columns alone.
 */
#ifndef MT_FORMATS_VPP_JSON_COLUMN_DOCUMENT_H
#define MT_FORMATS_VPP_JSON_COLUMN_DOCUMENT_H

#include "formats/vpp/cell.h"
#include "io/bytes.h"

MT_BEGIN_DECLS

enum { MT_COLUMNS_MAX = 16, MT_COLUMN_VALUES_MAX = 1 << 24, MT_COLUMN_NAME_MAX = 255 };

typedef struct mt_number_column {
    const char *id;
    const char *unit; /* NULL: not told */
    mt_micro *value;  /* millionths */
    size_t n, room;
    bool in_kw; /* its power is in kW whatever the unit */
} mt_number_column;

typedef struct mt_column_document {
    const char *asset_id; /* of the key: asset_id, else entity_id; NULL: none */
    const char *type_id;  /* NULL: none */
    size_t n_column, n;   /* columns; values of each */
    mt_number_column column[MT_COLUMNS_MAX];
} mt_column_document;

MT_MUST_USE mt_code mt_column_document_read(mt_ctx *cx, mt_column_document *out, mt_bytes *bytes);

/* The column of that name, or of the other (NULL: no other); NULL: none. */
mt_number_column *mt_column_find(mt_column_document *document, const char *id, const char *other);

/* Turns a column of power into kW; MT_E_UNIT where its unit is none of power. */
MT_MUST_USE mt_code mt_column_to_kw(mt_ctx *cx, mt_number_column *column, const char *file);

MT_END_DECLS
#endif
