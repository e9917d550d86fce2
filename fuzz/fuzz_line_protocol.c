/* Fuzzer of line protocol: whole observations, each bad line with its reason, lines in order.
 *
 * Shapes    The first byte chooses the precision of times, the rest is the text.
 */
#include "fuzz_input.h"

#include "formats/series/line_protocol.h"
#include "io/json.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_observation(mt_ctx *cx, const mt_observation *observation)
{
    const mt_json *top;
    DEMAND(observation->kind != NULL && observation->area != NULL && observation->detail != NULL);
    DEMAND(observation->unit != NULL && observation->area[0] != '\0' && isfinite(observation->value));
    DEMAND(observation->start >= -62135596800000000 && observation->start < 253402300800000000);
    if (observation->payload == NULL) return;
    DEMAND(mt_json_read(cx, &top, "payload", observation->payload, strlen(observation->payload)) == MT_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_lines *lines;
    mt_line_batch batch;
    uint64_t line = 0;
    if (size == 0 || size > 1 << 20) return 0;
    mt_ctx_init(&cx, NULL);
    DEMAND(mt_lines_open(&cx, &lines, "fuzz") == MT_OK);
    mt_lines_text(lines, (mt_text){(const char *)data + 1, size - 1}, (mt_line_precision)(data[0] % 4), 0);
    do {
        DEMAND(mt_lines_next(&cx, lines, &batch) == MT_OK);
        DEMAND(batch.n_fault <= MT_LINE_FAULTS_MAX);
        for (size_t k = 0; k < batch.n; k++) check_observation(&cx, &batch.at[k]);
        for (size_t k = 0; k < batch.n_fault; k++) {
            DEMAND(batch.fault[k].line > line && batch.fault[k].reason != NULL);
            line = batch.fault[k].line;
        }
    } while (batch.n > 0 || batch.n_fault > 0);
    mt_lines_close(lines);
    mt_ctx_close(&cx);
    return 0;
}
