/* Where each part of a stream stands: in the store, and after the batch in hand. */
#include "ingest/positions.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 16 };

void mt_places_close(mt_places *places)
{
    for (size_t k = 0; k < places->n; k++) free(places->at[k].topic);
    free(places->at);
    free(places->stream);
    memset(places, 0, sizeof *places);
}

static bool is_place(const mt_place *place, const char *topic, int64_t part)
{
    return place->part == part && strcmp(place->topic, topic) == 0;
}

mt_place *mt_places_find(mt_places *places, const char *topic, int64_t part)
{
    if (places->last < places->n && is_place(&places->at[places->last], topic, part))
        return &places->at[places->last];
    for (size_t k = 0; k < places->n; k++) {
        if (!is_place(&places->at[k], topic, part)) continue;
        places->last = k;
        return &places->at[k];
    }
    return NULL;
}

static mt_code make_room(mt_ctx *cx, mt_places *places)
{
    if (places->n < places->room) return MT_OK;
    size_t room = places->room ? places->room * 2 : ROOM;
    mt_place *at = realloc(places->at, room * sizeof *at);
    if (!at) return mt_fail(cx, MT_E_MEMORY, "no memory for the positions of %zu parts", room);
    places->at = at;
    places->room = room;
    return MT_OK;
}

mt_code mt_places_add(mt_ctx *cx, mt_places *places, mt_place **out, const char *topic, int64_t part)
{
    *out = mt_places_find(places, topic, part);
    if (*out) return MT_OK;
    MT_TRY(make_room(cx, places));
    char *copy = strdup(topic);
    if (!copy) return mt_fail(cx, MT_E_MEMORY, "no memory for the position of %s", topic);
    *out = &places->at[places->n++];
    **out = (mt_place){.topic = copy, .part = part, .stored = MT_POSITION_START};
    return MT_OK;
}

void mt_places_remove(mt_places *places, const char *topic, int64_t part)
{
    mt_place *place = mt_places_find(places, topic, part);
    if (!place) return;
    free(place->topic);
    *place = places->at[--places->n];
}

static mt_offset_key key_of(const mt_places *places, const mt_place *place)
{
    return (mt_offset_key){places->stream, places->consumer, place->topic, place->part};
}

mt_code mt_places_read(mt_ctx *cx, const mt_places *places, const mt_place *place, int64_t *next)
{
    const mt_offset_key key = key_of(places, place);
    return mt_offset_store_read(cx, next, places->store, &key);
}

void mt_places_touch(mt_places *places, const mt_message *message, size_t n)
{
    for (size_t k = 0; k < places->n; k++) places->at[k].touched = false;
    for (size_t k = 0; k < n; k++) {
        mt_place *place = mt_places_find(places, message[k].topic.at, message[k].part);
        if (!place) continue;
        place->touched = true;
        place->next = message[k].next;
    }
}

mt_code mt_places_advance(mt_ctx *cx, mt_tx *tx, const mt_places *places)
{
    for (size_t k = 0; k < places->n; k++) {
        const mt_place *place = &places->at[k];
        const mt_offset_key key = key_of(places, place);
        if (place->touched) MT_TRY(mt_offset_store_advance(cx, tx, &key, place->stored, place->next));
    }
    return MT_OK;
}

mt_code mt_places_settle(mt_ctx *cx, mt_places *places, mt_position **out, size_t *n)
{
    *n = 0;
    for (size_t k = 0; k < places->n; k++)
        if (places->at[k].touched) places->at[k].stored = places->at[k].next;
    MT_TRY(MT_NEW(cx, out, places->n));
    for (size_t k = 0; k < places->n; k++) {
        const mt_place *place = &places->at[k];
        if (place->touched) (*out)[(*n)++] = (mt_position){place->topic, place->part, place->next};
    }
    return MT_OK;
}
