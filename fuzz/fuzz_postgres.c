/* Fuzzer of values from a database server and of statements with their parameters: no byte beyond a value is
 * read, what is taken fits its column, and a text stays a text. First byte: which type; the second: 0 binary,
 * 1 text, 2 a statement. */
#include "fuzz_input.h"

#include "store/postgres/decode.h"
#include "store/postgres/inline.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Oid types[] = {16, 18, 20, 21, 23, 25, 26, 700, 701, 1082, 1114, 1184, 1700, 3802};

enum { DECIMAL_12_2 = 12 << 16 | 6, TYPES = sizeof types / sizeof *types };

static void decode(uint8_t which, bool text, const char *bytes, size_t n)
{
    mt_pg_column column;
    union {
        int64_t integer;
        int32_t day;
        uint8_t flag;
        double real;
        mt_text text;
    } out;
    memset(&out, 0, sizeof out);
    (void)mt_pg_column_of(&column, types[which % TYPES], which & 0x80 ? DECIMAL_12_2 : -1);
    mt_pg_decoded what = (text ? mt_pg_decode_text : mt_pg_decode)(&column, &out, 0, bytes, n);
    if (what != MT_PG_VALUE) return;
    if (column.as == MT_REAL) DEMAND(!isnan(out.real));
    if (column.as == MT_BOOL) DEMAND(out.flag <= 1);
    if (column.as == MT_TEXT) DEMAND(out.text.at == bytes && out.text.length == n);
    if (column.as == MT_TIME) DEMAND(out.integer != MT_TIME_NONE);
}

/* Of a statement without quotes, comments and names all that is left between brackets is the literal. */
static void write_values(const char *text)
{
    fuzz_input input;
    const char *out;
    const mt_pg_literal literal[] = {{text, "TEXT"}, {NULL, "BIGINT"}};
    mt_ctx_init(&input.cx, NULL);
    fuzz_check(&input, mt_pg_inline(&input.cx, &out, text, literal, 2));
    fuzz_check(&input, mt_pg_inline(&input.cx, &out, "$1", literal, 1));
    const char *body = out + strlen("CAST(");
    bool escaped = body[0] == ' ';
    body += escaped ? 3 : 1;
    while (body[0] && (body[0] != '\'' || body[1] == '\''))
        body += body[0] == '\'' || (escaped && body[0] == '\\') ? 2 : 1;
    DEMAND(strcmp(body, "' AS TEXT)") == 0);
    mt_ctx_close(&input.cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    char *bytes = malloc(size - 1); /* its end is where a value ends, a text has its zero byte behind it */
    DEMAND(bytes != NULL);
    size_t n = size - 2;
    memcpy(bytes, data + 2, n);
    bytes[n] = 0;
    if (data[1] % 3 == 2) {
        write_values(bytes);
    } else if (data[1] % 3 == 1) {
        decode(data[0], true, bytes, strlen(bytes));
    } else {
        char *exact = malloc(n ? n : 1);
        DEMAND(exact != NULL);
        memcpy(exact, bytes, n);
        decode(data[0], false, exact, n);
        free(exact);
    }
    free(bytes);
    return 0;
}
