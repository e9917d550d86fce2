/* What tests of streams share: a reader's own record of places, as a store would keep it.
 *
 * Purpose   Included by tests only, after stream/testing.h. Its two functions are a stream's events.
 */
#ifndef MT_STREAM_PLACES_CASE_H
#define MT_STREAM_PLACES_CASE_H

#include "stream/testing.h"

enum { TESTING_PLACES = 64 };

typedef struct testing_places {
    struct {
        char topic[80];
        int64_t part, next;
        bool held;
    } at[TESTING_PLACES];
    size_t n;
    int assigned, revoked, lost; /* calls */
} testing_places;

TESTING size_t testing_place(testing_places *places, const char *topic, int64_t part)
{
    for (size_t k = 0; k < places->n; k++) {
        if (places->at[k].part == part && strcmp(places->at[k].topic, topic) == 0) return k;
    }
    assert_true(places->n < TESTING_PLACES);
    snprintf(places->at[places->n].topic, sizeof places->at[0].topic, "%s", topic);
    places->at[places->n].part = part;
    places->at[places->n].next = MT_POSITION_START;
    return places->n++;
}

TESTING mt_code testing_assigned(mt_ctx *cx, void *arg, mt_position *position, size_t n)
{
    (void)cx;
    testing_places *places = arg;
    places->assigned++;
    for (size_t k = 0; k < n; k++) {
        size_t at = testing_place(places, position[k].topic, position[k].part);
        position[k].next = places->at[at].next;
        places->at[at].held = true;
    }
    return MT_OK;
}

TESTING mt_code testing_revoked(mt_ctx *cx, void *arg, const mt_position *position, size_t n, bool lost)
{
    (void)cx;
    testing_places *places = arg;
    places->revoked++;
    places->lost += lost;
    for (size_t k = 0; k < n; k++)
        places->at[testing_place(places, position[k].topic, position[k].part)].held = false;
    return MT_OK;
}

/* Takes a message as done; fails the test when it is not the next one of its part. */
TESTING void testing_keep(testing_places *places, const mt_message *message)
{
    size_t at = testing_place(places, message->topic.at, message->part);
    int64_t next = places->at[at].next;
    if (!places->at[at].held) fail_msg("a message of %s, which is not held", message->topic.at);
    if (next != MT_POSITION_START && message->position != next)
        fail_msg("%s part %lld: message %lld came, %lld was next", message->topic.at,
                 (long long)message->part, (long long)message->position, (long long)next);
    places->at[at].next = message->next;
}

#endif
