/* Messages handed to consumers: lines of a file, or a topic of the broker. */
#ifndef MERIT_FAULTS_FEED_H
#define MERIT_FAULTS_FEED_H

#include <stdint.h>

#include "stream/stream.h"

typedef struct fault_feed {
    char path[120], url[160]; /* of a file */
    int64_t n, bytes;         /* written so far */
    mt_ctx cx;
    mt_producer *producer;
    const char *topic;
} fault_feed;

void feed_open_file(fault_feed *feed, const char *dir, const char *name);
void feed_open_topic(fault_feed *feed, const char *url, const char *topic);
void feed_close(fault_feed *feed);
void feed_add(fault_feed *feed, int64_t n); /* acknowledged when it returns */

#endif
