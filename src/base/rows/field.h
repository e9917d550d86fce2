/* One described value: a column of a result, a scalar of its head, or an argument of an operation.
 *
 * Purpose   The single description from which the command line, documents, schemas and files are made.
 * Shapes    Tables of fields end with a row whose name is NULL. A field knows where its value stands in a
 *           plain struct:
 *               static const mt_field vwap_col[] = {
 *                   { .name = "start", MT_TIME_AT(row, start), .doc = "start of the period" },
 *                   { .name = "price", MT_REAL_AT(row, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "null:
 *                   no trade" }, { 0 } };
 *           The MT_…_AT macros refuse at compile time a member of another type.
 * Missing   In structs: REAL NaN, INT and MICRO INT64_MIN, TIME MT_TIME_NONE, DAY MT_DAY_NONE, SPAN
 *           INT64_MIN, TEXT NULL, CHOICE -1. BOOL is never missing. In chunks: the validity bits (sink.h).
 */
#ifndef MT_BASE_ROWS_FIELD_H
#define MT_BASE_ROWS_FIELD_H

#include "base/text.h"
#include "base/time.h"
#include "base/unit.h"

MT_BEGIN_DECLS

/* X(symbol, name in documents, C member, bytes of one value in a chunk's column) */
/* clang-format off */
#define MT_TYPE_LIST(X)                                                                     \
    X(MT_BOOL,   "boolean",  1)   /* member bool; column uint8_t 0/1 */                     \
    X(MT_INT,    "integer",  8)   /* member int64_t; column int64_t */                      \
    X(MT_REAL,   "number",   8)   /* member double; column double */                        \
    X(MT_MICRO,  "decimal",  8)   /* member mt_micro; column int64_t millionths */          \
    X(MT_TEXT,   "text",    16)   /* member const char *; column mt_text */                 \
    X(MT_TIME,   "time",     8)   /* member mt_time; column int64_t microseconds UTC */     \
    X(MT_DAY,    "day",      4)   /* member mt_day; column int32_t days since 1970 */       \
    X(MT_SPAN,   "duration", 8)   /* member mt_time; arguments: microseconds */             \
    X(MT_CHOICE, "choice",  16)   /* member int, index into .choice; column mt_text */      \
    X(MT_INPUT,  "input",    0)   /* member mt_input; arguments only */                     \
    X(MT_OUTPUT, "output",   0)   /* member mt_output; arguments only: file or folder */    \
    X(MT_INPUTS, "inputs",   0)   /* member mt_inputs; arguments only: may be given many times */
/* clang-format on */

#define MT_TYPE_SYMBOL(symbol, name, bytes) symbol,
typedef enum mt_type { MT_TYPE_LIST(MT_TYPE_SYMBOL) MT_TYPE_COUNT } mt_type;
#undef MT_TYPE_SYMBOL

/* An input the face has opened: bytes from `fd`, called `name` in messages. A stored data set has fd -1 and
 * a name that starts with '@'. Missing: name NULL. */
typedef struct mt_input {
    const char *name;
    int fd;
} mt_input;

/* Any number of inputs, in the order given. Missing: n 0. */
typedef struct mt_inputs {
    const mt_input *at;
    size_t n;
} mt_inputs;

/* Where a result may be written, as the face checked it. Missing: path NULL. */
typedef struct mt_output {
    const char *path;
} mt_output;

typedef struct mt_field {
    const char *name; /* snake_case; the option --name, the JSON key, the column */
    mt_type type;
    size_t offset; /* of the member in the struct; set by MT_…_AT */
    mt_unit unit;
    const char *doc;           /* one clause, no full stop */
    const char *fallback;      /* arguments: the text used when none is given; NULL: missing */
    const char *const *choice; /* MT_CHOICE: names, NULL-terminated */
    bool required;             /* arguments */
    bool local;                /* arguments: a text that names a path or an address; a face that serves others
                                * refuses it, because it would open for them what is its own to open */
} mt_field;

#if !defined(__cplusplus)
/* offsetof, compiled only if the member has the type. */
#define MT_MEMBER_AT(T, member, C)                                                                           \
    (offsetof(struct T, member) + 0 * sizeof(_Generic(((struct T *)0)->member, C : 1)))
#define MT_BOOL_AT(T, m)   .type = MT_BOOL, .offset = MT_MEMBER_AT(T, m, bool)
#define MT_INT_AT(T, m)    .type = MT_INT, .offset = MT_MEMBER_AT(T, m, int64_t)
#define MT_REAL_AT(T, m)   .type = MT_REAL, .offset = MT_MEMBER_AT(T, m, double)
#define MT_MICRO_AT(T, m)  .type = MT_MICRO, .offset = MT_MEMBER_AT(T, m, int64_t)
#define MT_TEXT_AT(T, m)   .type = MT_TEXT, .offset = MT_MEMBER_AT(T, m, const char *)
#define MT_TIME_AT(T, m)   .type = MT_TIME, .offset = MT_MEMBER_AT(T, m, int64_t)
#define MT_DAY_AT(T, m)    .type = MT_DAY, .offset = MT_MEMBER_AT(T, m, int32_t)
#define MT_SPAN_AT(T, m)   .type = MT_SPAN, .offset = MT_MEMBER_AT(T, m, int64_t)
#define MT_CHOICE_AT(T, m) .type = MT_CHOICE, .offset = MT_MEMBER_AT(T, m, int)
#define MT_INPUT_AT(T, m)  .type = MT_INPUT, .offset = MT_MEMBER_AT(T, m, mt_input)
#define MT_OUTPUT_AT(T, m) .type = MT_OUTPUT, .offset = MT_MEMBER_AT(T, m, mt_output)
#define MT_INPUTS_AT(T, m) .type = MT_INPUTS, .offset = MT_MEMBER_AT(T, m, mt_inputs)
#endif

/* One value outside its struct. */
typedef struct mt_value {
    bool present;
    union {
        bool boolean;
        int64_t integer; /* INT, MICRO, TIME, SPAN, DAY */
        double real;
        mt_text text; /* TEXT, CHOICE */
    } as;
} mt_value;

MT_API size_t mt_field_count(const mt_field *field); /* rows before the one without a name */
MT_API const mt_field *mt_field_find(const mt_field *field, const char *name); /* NULL when absent */
MT_API const char *mt_type_name(mt_type type);
MT_API size_t mt_type_bytes(mt_type type);                            /* of one value in a column */
MT_API mt_value mt_field_get(const mt_field *field, const void *row); /* reads the member; text is borrowed */

/* Parses `text` into the member of `row`; a sentence names the field, the value and what would be right.
 * Text values are copied into cx. INPUT and OUTPUT members are left to the face and refused here. */
MT_API MT_MUST_USE mt_code mt_field_set(mt_ctx *cx, const mt_field *field, void *row, const char *text);

/* Writes "missing" into the member of every field. */
MT_API void mt_field_clear(const mt_field *field, void *row);

/* The value as text without quotes, as in CSV: "" when missing, times RFC 3339, reals shortest. */
MT_API MT_MUST_USE mt_code mt_value_text(mt_ctx *cx, const char **out, mt_type type, mt_value value);

MT_END_DECLS
#endif
