/* Messages handed to consumers: lines of a file, or a topic of the broker. */
#include "faults/feed.h"

#include "faults/messages.h"
#include "faults/process.h"

static void open_producer(fault_feed *feed, const char *url)
{
    const mt_producer_options options = {.size = sizeof options, .url = url};
    if (mt_producer_open(&feed->cx, &feed->producer, &options) != MT_OK) die("%s", feed->cx.err);
}

void feed_open_file(fault_feed *feed, const char *dir, const char *name)
{
    *feed = (fault_feed){.n = 0};
    mt_ctx_init(&feed->cx, NULL);
    snprintf(feed->path, sizeof feed->path, "%s/%s.ndjson", dir, name);
    snprintf(feed->url, sizeof feed->url, "file:%s", feed->path);
    open_producer(feed, feed->url);
}

void feed_open_topic(fault_feed *feed, const char *url, const char *topic)
{
    *feed = (fault_feed){.topic = topic};
    mt_ctx_init(&feed->cx, NULL);
    snprintf(feed->url, sizeof feed->url, "%s", url);
    open_producer(feed, url);
}

void feed_close(fault_feed *feed)
{
    mt_producer_close(feed->producer);
    mt_ctx_close(&feed->cx);
}

void feed_add(fault_feed *feed, int64_t n)
{
    char text[200];
    mt_code code = MT_OK;
    for (int64_t k = 0; k < n && code == MT_OK; k++) {
        size_t length = message_write(text, sizeof text, feed->n++);
        code = mt_producer_send(&feed->cx, feed->producer, feed->topic, (mt_text){NULL, 0},
                                (mt_text){text, length});
        feed->bytes += (int64_t)length + 1;
    }
    if (code == MT_OK) code = mt_producer_flush(&feed->cx, feed->producer);
    if (code != MT_OK) die("messages cannot be written: %s", feed->cx.err);
}
