/* Records of a JSON file, one after another, from windows of bytes.
 *
 * Purpose   Answers of an API can be larger than memory: their list of records is never held as a whole.
 * Shapes    NDJSON (one object a line), objects one after another, an array of objects, or a document whose
 *           "records" (or "data", also inside "result") is such an array; what stands behind the list is not
 *           looked at. A record is told apart by its brackets and quotes only: whoever reads it says whether
 *           it is JSON.
 * Errors    Those of mt_bytes_next. A record longer than a window, or a list without an end, is given once as
 *           a fault.
 * Ownership A record is borrowed from the window: it dies at the next mt_record_json_refill.
 */
#ifndef MT_FORMATS_SERIES_RECORD_JSON_H
#define MT_FORMATS_SERIES_RECORD_JSON_H

#include "formats/records.h"

MT_BEGIN_DECLS

typedef enum mt_json_form {
    MT_JSON_FORM_UNKNOWN,
    MT_JSON_FORM_LINES,
    MT_JSON_FORM_VALUES,
    MT_JSON_FORM_LIST,
    MT_JSON_FORM_ENDED
} mt_json_form;

typedef struct mt_record_json {
    mt_bytes *bytes;
    const char *at; /* the window */
    size_t n, pos;
    bool last, skipping;
    mt_json_form form;
    uint64_t line;
} mt_record_json;

typedef struct mt_json_piece {
    mt_text text;
    uint64_t line;     /* where it begins */
    const char *fault; /* NULL: it may be a record */
} mt_json_piece;

void mt_record_json_init(mt_record_json *json, mt_bytes *bytes);
mt_take mt_record_json_take(mt_record_json *json, mt_json_piece *out);
MT_MUST_USE mt_code mt_record_json_refill(mt_ctx *cx, mt_record_json *json);

MT_END_DECLS
#endif
