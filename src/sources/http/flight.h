/* One request where many ask the same: the first asks, the others wait for what it brings.
 *
 * Shapes    Who joins first for a key leads and has to land; who joins later follows and waits. When the
 *           leader was stopped by its own caller, the followers are told to try again themselves.
 * Ownership A value of the client: mt_flights_init/_close; no flight may be under way at close.
 * Threads   Any thread.
 */
#ifndef MT_SOURCES_HTTP_FLIGHT_H
#define MT_SOURCES_HTTP_FLIGHT_H

#include <pthread.h>

#include "sources/http/packed.h"

MT_BEGIN_DECLS

typedef struct mt_flight mt_flight;

typedef struct mt_flights {
    pthread_mutex_t lock;
    pthread_cond_t landed;
    mt_flight *first;
} mt_flights;

void mt_flights_init(mt_flights *flights);
void mt_flights_close(mt_flights *flights);

/* *lead says whether the caller leads; every join is followed by one land (leader) or wait (follower). */
MT_MUST_USE mt_code mt_flight_join(mt_ctx *cx, mt_flights *flights, mt_flight **out, bool *lead,
                                   const char *key);

/* What the leader brings: an answer (kept as long as somebody waits), or its failure with the sentence. */
void mt_flight_land(mt_flights *flights, mt_flight *flight, mt_code code, const char *sentence,
                    mt_packed *packed);

/* Waits for the leader. *again: it was stopped, ask anew. Else *packed is the caller's, or the code is the
 * leader's failure. */
MT_MUST_USE mt_code mt_flight_wait(mt_ctx *cx, mt_flights *flights, mt_flight *flight, mt_packed **packed,
                                   bool *again);

MT_END_DECLS
#endif
