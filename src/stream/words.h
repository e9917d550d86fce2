/* What a client library says on threads of its own, kept until our thread can log it.
 *
 * Purpose   A context belongs to one thread; libraries log from theirs. Lines wait in a ring and are logged
 *           when the stream is polled. A broker that is away makes a library repeat itself for hours: at
 *           most 20 lines in 10 seconds get through, the rest are counted and the count is logged.
 * Threads   mt_words_say from any thread; open, close and log from the stream's.
 */
#ifndef MT_STREAM_WORDS_H
#define MT_STREAM_WORDS_H

#include <pthread.h>

#include "base/ctx.h"

MT_BEGIN_DECLS

enum { MT_WORDS_MAX = 20, MT_WORDS_LENGTH = 400 };

typedef struct mt_words_line {
    mt_log_level level;
    char text[MT_WORDS_LENGTH];
} mt_words_line;

typedef struct mt_words {
    pthread_mutex_t lock;
    size_t n; /* waiting */
    mt_words_line line[MT_WORDS_MAX];
    size_t spent; /* since `since` */
    int64_t since;
    uint64_t left_out;
} mt_words;

void mt_words_open(mt_words *words);
void mt_words_close(mt_words *words);
void mt_words_say(mt_words *words, mt_log_level level, const char *from, const char *text);
void mt_words_log(mt_ctx *cx, mt_words *words);

MT_END_DECLS
#endif
