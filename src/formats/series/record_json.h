/* Records of a JSON file, one after another, from windows of bytes.
 *
 * Purpose   Answers of an API can be larger than memory: their list of records is never held as a whole.
 * Shapes    NDJSON (one object a line), objects one after another, an array of objects, or a document whose
 *           "records" (or "data", also inside "result") is such an array; of what stands behind the list
 *           only the brackets are looked at. A record is told apart by its brackets and quotes only: whoever
 *           reads it says whether it is JSON.
 * Errors    Those of mt_bytes_next. A record longer than a window is given once as a fault. Of a list or an
 *           object without an end (half a download) `cut` tells at the end.
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
    MT_JSON_FORM_TAIL, /* of a document, behind its list */
    MT_JSON_FORM_ENDED
} mt_json_form;

typedef struct mt_record_json {
    mt_bytes *bytes;
    const char *at; /* the window */
    size_t n, pos;
    bool last, skipping, quoted;
    size_t depth; /* of the list of a document: objects that are to close behind it */
    bool cut;     /* at MT_TAKE_END: the document has no end */
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
