/* Dead letters on a topic of the stream they came from, for those who watch it. */
#include "ingest/run.h"

#include "formats/series/payload.h"

#include <inttypes.h>
#include <stdio.h>

enum { MINUTE_US = 60000000 };

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

/* After a refusal in `work`: the letters are in the table, and the stream goes on. */
static mt_code do_without(mt_run *run)
{
    int64_t now = mt_run_monotonic(run);
    mt_metric_add(run->watch.untold, 1);
    if (!run->untold_logged || now - run->untold_logged >= MINUTE_US) {
        mt_log(run->cx, MT_LOG_WARN, "dead letters are kept in the table only: %s", run->work.err);
        run->untold_logged = now;
    }
    mt_ctx_forgive(&run->work);
    return MT_OK;
}

/* The broker takes nothing from this producer any more. It is asked again later, with another one. */
static mt_code give_up(mt_run *run)
{
    mt_producer_close(run->letters);
    run->letters = NULL;
    run->letters_at = mt_run_monotonic(run) + MINUTE_US;
    return do_without(run);
}

/* A letter that can never be sent (it may be too large) keeps no other from it. */
static mt_code try_letter(mt_run *run, const mt_message *message, const char *reason)
{
    mt_ctx *cx = &run->work;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = send_letter(run, message, reason);
    mt_arena_reset(&cx->arena, mark);
    return code == MT_E_INPUT || code == MT_E_TOO_LARGE ? do_without(run) : code;
}

static mt_code send_letters(mt_run *run, const mt_hand *hand)
{
    MT_TRY(open_producer(run));
    for (size_t k = 0; k < hand->n; k++)
        if (hand->fault[k]) MT_TRY(try_letter(run, &hand->message[k], hand->fault[k]));
    return MT_OK;
}

mt_code mt_dead_topic_send(mt_run *run, const mt_hand *hand)
{
    if (!run->options.dead_topic || !hand->dead) return MT_OK;
    if (mt_run_monotonic(run) < run->letters_at) {
        mt_metric_add(run->watch.untold, 1);
        return MT_OK;
    }
    mt_code code = send_letters(run, hand);
    if (code == MT_E_REMOTE) return give_up(run);
    MT_TRY(code);
    code = mt_producer_flush(&run->work, run->letters);
    return code == MT_E_REMOTE ? do_without(run) : code;
}
