/* Dead letters on a topic of the stream they came from, for those who watch it. */
#include "ingest/run.h"

#include "formats/series/payload.h"

#include <inttypes.h>
#include <stdio.h>

static mt_code open_producer(mt_run *run)
{
    const mt_producer_options options = {.size = sizeof options,
                                         .url = run->options.stream.url,
                                         .settings_path = run->options.stream.settings_path,
                                         .metrics = run->options.metrics};
    return run->letters ? MT_OK : mt_producer_open(&run->work, &run->letters, &options);
}

static void put_whole(mt_payload *payload, const char *name, int64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, value);
    mt_payload_value(payload, mt_text_of(name), (mt_text){text, (size_t)n});
}

/* {"stream", "topic", "part", "position", "reason", "key", "message"} */
static mt_code send_letter(mt_run *run, const mt_message *message, const char *reason)
{
    mt_ctx *cx = &run->work;
    mt_payload payload = {.arena = &cx->arena};
    mt_payload_begin(&payload);
    mt_payload_text(&payload, mt_text_of("stream"), mt_text_of(run->places.stream));
    mt_payload_text(&payload, mt_text_of("topic"), message->topic);
    put_whole(&payload, "part", message->part);
    put_whole(&payload, "position", message->position);
    mt_payload_text(&payload, mt_text_of("reason"), mt_text_of(reason));
    if (message->key.at) mt_payload_text(&payload, mt_text_of("key"), message->key);
    if (message->value.at) mt_payload_text(&payload, mt_text_of("message"), message->value);
    const char *text = mt_payload_end(&payload);
    if (!text) return mt_fail(cx, MT_E_MEMORY, "no memory for a dead letter of %s", message->topic.at);
    return mt_producer_send(cx, run->letters, run->options.dead_topic, message->key, mt_text_of(text));
}

/* A letter that the broker never takes (it may be too large) is in the table all the same. */
static mt_code try_letter(mt_run *run, const mt_message *message, const char *reason)
{
    mt_ctx *cx = &run->work;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = send_letter(run, message, reason);
    mt_arena_reset(&cx->arena, mark);
    if (code != MT_E_INPUT && code != MT_E_TOO_LARGE) return code;
    mt_log(run->cx, MT_LOG_WARN, "a dead letter is kept in the table only: %s", cx->err);
    mt_ctx_forgive(cx);
    return MT_OK;
}

mt_code mt_dead_topic_send(mt_run *run, const mt_hand *hand)
{
    mt_ctx *cx = &run->work;
    if (!run->options.dead_topic || !hand->dead) return MT_OK;
    MT_TRY(open_producer(run));
    for (size_t k = 0; k < hand->n; k++)
        if (hand->fault[k]) MT_TRY(try_letter(run, &hand->message[k], hand->fault[k]));
    mt_code code = mt_producer_flush(cx, run->letters);
    if (code != MT_E_REMOTE) return code;
    mt_fail_at(cx, "the topic %s did not take dead letters", run->options.dead_topic);
    return MT_E_IO; /* it may take them later */
}
