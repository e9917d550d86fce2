/* One request where many ask the same: the first asks, the others wait for what it brings. */
#include "sources/http/flight.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_MAX = 72, SLICE_NS = 20 * 1000 * 1000 };

struct mt_flight {
    mt_flight *next;
    int users; /* leader and followers */
    bool landed;
    mt_code code;
    mt_packed *packed;
    char key[KEY_MAX];
    char sentence[MT_ERR_TEXT_MAX];
};

void mt_flights_init(mt_flights *flights)
{
    pthread_condattr_t attr;
    memset(flights, 0, sizeof *flights);
    pthread_mutex_init(&flights->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&flights->landed, &attr);
    pthread_condattr_destroy(&attr);
}

void mt_flights_close(mt_flights *flights)
{
    pthread_cond_destroy(&flights->landed);
    pthread_mutex_destroy(&flights->lock);
}

mt_code mt_flight_join(mt_ctx *cx, mt_flights *flights, mt_flight **out, bool *lead, const char *key)
{
    pthread_mutex_lock(&flights->lock);
    mt_flight *flight = flights->first;
    while (flight && strcmp(flight->key, key) != 0) flight = flight->next;
    *lead = !flight;
    if (!flight && (flight = calloc(1, sizeof *flight))) {
        memcpy(flight->key, key, strnlen(key, KEY_MAX - 1));
        flight->next = flights->first;
        flights->first = flight;
    }
    if (flight) flight->users++;
    pthread_mutex_unlock(&flights->lock);
    if (!flight) return mt_fail(cx, MT_E_MEMORY, "no memory for a request");
    *out = flight;
    return MT_OK;
}

/* Under the lock. */
static void leave(mt_flight *flight)
{
    if (--flight->users > 0) return;
    mt_packed_drop(flight->packed);
    free(flight);
}

void mt_flight_land(mt_flights *flights, mt_flight *flight, mt_code code, const char *sentence,
                    mt_packed *packed)
{
    pthread_mutex_lock(&flights->lock);
    mt_flight **place = &flights->first;
    while (*place != flight) place = &(*place)->next;
    *place = flight->next; /* who comes now starts a new one */
    flight->landed = true;
    flight->code = code;
    if (code == MT_OK && packed) flight->packed = mt_packed_keep(packed);
    size_t n = strnlen(sentence, sizeof flight->sentence - 1);
    memcpy(flight->sentence, sentence, n);
    flight->sentence[n] = 0;
    pthread_cond_broadcast(&flights->landed);
    leave(flight);
    pthread_mutex_unlock(&flights->lock);
}

/* A slice of waiting, so that cancelling is seen. */
static void wait_slice(mt_flights *flights)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += SLICE_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&flights->landed, &flights->lock, &until);
}

/* A failure that is the leader's own affair. */
static bool is_private(mt_code code)
{
    return code == MT_E_CANCELLED || code == MT_E_DEADLINE || code == MT_E_MEMORY;
}

mt_code mt_flight_wait(mt_ctx *cx, mt_flights *flights, mt_flight *flight, mt_packed **packed, bool *again)
{
    mt_code code = MT_OK;
    *packed = NULL;
    *again = false;
    pthread_mutex_lock(&flights->lock);
    while (!flight->landed && (code = mt_ctx_check(cx)) == MT_OK) wait_slice(flights);
    if (code == MT_OK) {
        *again = is_private(flight->code) || (flight->code == MT_OK && !flight->packed);
        if (flight->code == MT_OK && flight->packed) *packed = mt_packed_keep(flight->packed);
        if (flight->code != MT_OK && !*again) code = mt_fail(cx, flight->code, "%s", flight->sentence);
    }
    leave(flight);
    pthread_mutex_unlock(&flights->lock);
    return code;
}
