/* What a client library says on threads of its own, kept until our thread can log it. */
#include "stream/words.h"

#include "stream/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t span_us = 10000000;

void mt_words_open(mt_words *words)
{
    memset(words, 0, sizeof *words);
    pthread_mutex_init(&words->lock, NULL);
}

void mt_words_close(mt_words *words)
{
    pthread_mutex_destroy(&words->lock);
}

void mt_words_say(mt_words *words, mt_log_level level, const char *from, const char *text)
{
    int64_t now = mt_stream_monotonic_us();
    pthread_mutex_lock(&words->lock);
    if (now - words->since > span_us) {
        words->since = now;
        words->spent = 0;
    }
    if (words->n == MT_WORDS_MAX || words->spent == MT_WORDS_MAX) {
        words->left_out++;
    } else {
        words->spent++;
        words->line[words->n].level = level;
        snprintf(words->line[words->n++].text, MT_WORDS_LENGTH, "%s: %s", from, text);
    }
    pthread_mutex_unlock(&words->lock);
}

/* Takes what waits; the count of the rest is told at the end of the span that it belongs to. */
static size_t take_lines(mt_words *words, mt_words_line *line, uint64_t *left_out)
{
    pthread_mutex_lock(&words->lock);
    size_t n = words->n;
    if (n > 0) memcpy(line, words->line, n * sizeof *line);
    words->n = 0;
    bool over = words->left_out > 0 && mt_stream_monotonic_us() - words->since > span_us;
    *left_out = over ? words->left_out : 0;
    if (over) words->left_out = 0;
    pthread_mutex_unlock(&words->lock);
    return n;
}

void mt_words_log(mt_ctx *cx, mt_words *words)
{
    mt_words_line line[MT_WORDS_MAX];
    uint64_t left_out;
    size_t n = take_lines(words, line, &left_out);
    for (size_t k = 0; k < n; k++) mt_log(cx, line[k].level, "%s", line[k].text);
    if (left_out > 0)
        mt_log(cx, MT_LOG_WARN, "%" PRIu64 " more lines of the client library were left out", left_out);
}
