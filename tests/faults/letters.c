/* The topic of dead letters, read back: each one must be there at least once. */
#include "faults/letters.h"

#include "faults/messages.h"
#include "faults/process.h"
#include "stream/stream.h"

#include <stdlib.h>

enum { BATCH = 1000, WAIT_US = 100000 };

/* k of the message that a letter holds as text in JSON; -1: none. */
static int64_t letter_number(mt_text letter)
{
    static const char before[] = "{\\\"n\\\":";
    const char *at = memmem(letter.at, letter.length, before, sizeof before - 1);
    return at ? strtoll(at + sizeof before - 1, NULL, 10) : -1;
}

static mt_code read_letters(mt_ctx *cx, mt_stream *stream, bool *seen, int64_t n, int64_t *sent)
{
    mt_messages got = {.end = false};
    while (!got.end) {
        MT_TRY(mt_stream_poll(cx, stream, &got, BATCH, WAIT_US));
        for (size_t k = 0; k < got.n; k++) {
            int64_t number = letter_number(got.at[k].value);
            if (number < 0 || number >= n || !message_is_bad(number)) die("a dead letter of no bad message");
            seen[number] = true;
        }
        *sent += (int64_t)got.n;
    }
    return MT_OK;
}

int64_t letters_missing(int64_t *sent, const char *url, const char *topic, int64_t n)
{
    mt_ctx cx;
    mt_stream *stream = NULL;
    int64_t missing = 0;
    bool *seen = calloc((size_t)n + 1, sizeof *seen);
    const mt_stream_options options = {.size = sizeof options,
                                       .url = url,
                                       .topic = &topic,
                                       .n_topic = 1,
                                       .group = "letters",
                                       .until_end = true};
    if (!seen) die("no memory for %lld letters", (long long)n);
    *sent = 0;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_stream_open(&cx, &stream, &options);
    if (code == MT_OK) code = read_letters(&cx, stream, seen, n, sent);
    if (code != MT_OK) die("%s", cx.err);
    for (int64_t k = 0; k < n; k++) missing += message_is_bad(k) && !seen[k];
    mt_stream_close(stream);
    mt_ctx_close(&cx);
    free(seen);
    return missing;
}
