/* Fuzzer of the lines of a followed file: whatever its bytes, each comes once, in order, in whole lines.
 *
 * Shapes    The first byte says how many lines are taken at a time, and where the file stops for a while, as
 *           one that is still written does.
 */
#include "fuzz_input.h"

#include "stream/file/window.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 8 };

/* Compares a line with the bytes at its position. */
static int64_t check_line(const mt_message *message, const uint8_t *data, int64_t at)
{
    DEMAND(message->position == at);
    DEMAND(memcmp(message->value.at, data + at, message->value.length) == 0);
    DEMAND(memchr(message->value.at, '\n', message->value.length) == NULL);
    return message->next;
}

static int64_t read_lines(fuzz_input *input, mt_window *window, const uint8_t *data, int64_t at, size_t max)
{
    mt_message message[LINES];
    size_t got = 1;
    while (got > 0) {
        for (size_t n; (n = mt_window_lines(window, message, max)) > 0;) {
            for (size_t k = 0; k < n; k++) {
                at = check_line(&message[k], data, at);
                DEMAND(data[at - 1] == '\n');
            }
        }
        fuzz_check(input, mt_window_fill(&input->cx, window, &got, input->fd, "fuzz"));
    }
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input;
    mt_window window;
    mt_message rest;
    if (size == 0) return 0;
    size_t max = data[0] % LINES + 1, first = (size_t)data[0] * size / 256;
    input.fd = memfd_create("fuzz", MFD_CLOEXEC);
    mt_ctx_init(&input.cx, NULL);
    DEMAND(input.fd >= 0 && mt_window_open(&input.cx, &window, 0) == MT_OK);
    DEMAND(write(input.fd, data, first) == (ssize_t)first);
    int64_t at = read_lines(&input, &window, data, 0, max);
    DEMAND(write(input.fd, data + first, size - first) == (ssize_t)(size - first));
    at = read_lines(&input, &window, data, at, max);
    if (mt_window_rest(&window, &rest)) at = check_line(&rest, data, at);
    DEMAND(at == (int64_t)size);
    mt_window_close(&window);
    mt_ctx_close(&input.cx);
    close(input.fd);
    return 0;
}
