/* Small JSON documents: read into a tree, written piece by piece.
 *
 * Purpose   Pipeline state, lineage, configuration, reports. Rows of results are in json_rows.h.
 * Shapes    Reading: one value, at most MT_JSON_BYTES_MAX bytes and MT_JSON_DEPTH_MAX levels deep. A name
 *           that stands twice in an object keeps both members; look-ups find the first.
 *           Writing: names and values alternate as the document wants; the writer keeps commas, indents and
 *           levels.
 * Errors    Reading: MT_E_INPUT "NAME, line L, column C: what is wrong"; MT_E_TOO_LARGE beyond the limits.
 *           mt_json_get_… say MT_E_INPUT when the member is missing or of another kind.
 *           Writing: the writer remembers the first failure, further calls do nothing, mt_json_done tells it.
 * Missing   NaN and the infinities are written as null; integers beyond 2^53-1 and decimals beyond 2^53-1
 *           millionths as strings. Bytes that are no UTF-8 become U+FFFD.
 * Ownership The tree lives in cx; the writer is the caller's variable and borrows `out`, which it does not
 *           finish.
 * Source    RFC 8259; I-JSON (RFC 7493) for the bound of exact integers.
 * Example   mt_json_writer json;
 *           mt_json_open(cx, &json, out, MT_JSON_PRETTY);
 *           mt_json_object(&json);
 *           mt_json_key(&json, "rows"), mt_json_int(&json, 73);
 *           mt_json_end(&json);
 *           MT_TRY(mt_json_done(&json));
 */
#ifndef MT_IO_JSON_H
#define MT_IO_JSON_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_JSON_DEPTH_MAX = 64, MT_JSON_BYTES_MAX = 16 << 20 };

typedef enum mt_json_kind {
    MT_JSON_NULL, MT_JSON_BOOL, MT_JSON_NUMBER, MT_JSON_STRING, MT_JSON_ARRAY, MT_JSON_OBJECT
} mt_json_kind;

/* One value of a tree. */
typedef struct mt_json {
    mt_json_kind kind;
    bool boolean;             /* BOOL */
    double real;              /* NUMBER */
    mt_text text;             /* STRING: its characters; NUMBER: as it stood. A 0 byte follows both */
    const char *name;         /* of a member; NULL in arrays and at the top */
    const struct mt_json *first; /* ARRAY, OBJECT: first child, NULL when empty */
    const struct mt_json *next;  /* sibling */
    size_t count;             /* of children */
} mt_json;

/* `name` is the document's name in messages. */
MT_MUST_USE mt_code mt_json_read(mt_ctx *cx, const mt_json **out, const char *name, const char *bytes,
                                 size_t n);

/* NULL when the value is no object (NULL too) or has no such member; likewise for elements of an array. */
const mt_json *mt_json_member(const mt_json *object, const char *name);
const mt_json *mt_json_element(const mt_json *array, size_t k); /* O(k): walk ->next in loops */

/* A member that has to be there and of that kind. Text without 0 bytes; integers exact, also from strings. */
MT_MUST_USE mt_code mt_json_get_text(mt_ctx *cx, const char **out, const mt_json *object, const char *name);
MT_MUST_USE mt_code mt_json_get_int(mt_ctx *cx, int64_t *out, const mt_json *object, const char *name);
MT_MUST_USE mt_code mt_json_get_real(mt_ctx *cx, double *out, const mt_json *object, const char *name);
MT_MUST_USE mt_code mt_json_get_bool(mt_ctx *cx, bool *out, const mt_json *object, const char *name);
MT_MUST_USE mt_code mt_json_get_array(mt_ctx *cx, const mt_json **out, const mt_json *object,
                                      const char *name);
MT_MUST_USE mt_code mt_json_get_object(mt_ctx *cx, const mt_json **out, const mt_json *object,
                                       const char *name);

typedef enum mt_json_look { MT_JSON_COMPACT, MT_JSON_PRETTY } mt_json_look;

/* Members are the writer's own. */
typedef struct mt_json_writer {
    mt_ctx *cx;
    mt_out *out;
    mt_code code;
    mt_json_look look;
    int depth;
    bool named;                            /* a key was written, its value is due */
    char closer[MT_JSON_DEPTH_MAX + 1];
    bool filled[MT_JSON_DEPTH_MAX + 1];
} mt_json_writer;

void mt_json_open(mt_ctx *cx, mt_json_writer *json, mt_out *out, mt_json_look look);
void mt_json_object(mt_json_writer *json);
void mt_json_array(mt_json_writer *json);
void mt_json_end(mt_json_writer *json); /* of the innermost object or array */
void mt_json_key(mt_json_writer *json, const char *name);
void mt_json_null(mt_json_writer *json);
void mt_json_bool(mt_json_writer *json, bool value);
void mt_json_int(mt_json_writer *json, int64_t value);
void mt_json_real(mt_json_writer *json, double value);
void mt_json_text(mt_json_writer *json, const char *text); /* NULL: null */
void mt_json_value(mt_json_writer *json, mt_type type, mt_value value);

/* An object of the fields of a struct. */
void mt_json_fields(mt_json_writer *json, const mt_field *field, const void *row);

/* The next value of an array starts on a line of its own, although the look is compact. */
void mt_json_break(mt_json_writer *json);

/* The code of the first failure; MT_E_BUG when a level is still open. Ends the document with a newline. */
MT_MUST_USE mt_code mt_json_done(mt_json_writer *json);

MT_END_DECLS
#endif
