/* The series that this process knows to be in the store, so that their names are not stored again. */
#include "store/data/series_known.h"

#include "store/inside.h"

#include <stdlib.h>

enum { FIRST_ROOM = 256 };

/* Ids are digests already: their low bits are the place to look. 0 is a free place, and never known. */
struct mt_series_known {
    size_t n, room; /* room is a power of two, at most half of it in use */
    int64_t id[];
};

static int64_t *place(mt_series_known *known, int64_t id)
{
    size_t mask = known->room - 1;
    size_t at = (size_t)id & mask;
    while (known->id[at] && known->id[at] != id) at = (at + 1) & mask;
    return &known->id[at];
}

static mt_series_known *make(size_t room)
{
    mt_series_known *known = calloc(1, sizeof *known + room * sizeof *known->id);
    if (known) known->room = room;
    return known;
}

/* False: memory ran out. */
static bool grow(mt_store *store)
{
    mt_series_known *old = store->known, *known = make(old ? 2 * old->room : FIRST_ROOM);
    if (!known) return false;
    for (size_t k = 0; old && k < old->room; k++)
        if (old->id[k]) *place(known, old->id[k]) = old->id[k];
    known->n = old ? old->n : 0;
    free(old);
    store->known = known;
    return true;
}

void mt_series_known_look(mt_store *store, uint8_t *fresh, size_t *n_fresh, const mt_series_met *met,
                          size_t n)
{
    size_t count = 0;
    pthread_mutex_lock(&store->lock);
    for (size_t k = 0; k < n; k++) {
        fresh[k] = !store->known || *place(store->known, met[k].id) != met[k].id || !met[k].id;
        count += fresh[k];
    }
    pthread_mutex_unlock(&store->lock);
    *n_fresh = count;
}

void mt_series_known_add(mt_store *store, const int64_t *id, size_t n)
{
    pthread_mutex_lock(&store->lock);
    for (size_t k = 0; k < n; k++) {
        bool full = !store->known || 2 * store->known->n >= store->known->room;
        if (full && !grow(store)) break;
        int64_t *at = place(store->known, id[k]);
        store->known->n += *at != id[k];
        *at = id[k];
    }
    pthread_mutex_unlock(&store->lock);
}

void mt_series_known_forget(mt_store *store)
{
    pthread_mutex_lock(&store->lock);
    free(store->known);
    store->known = NULL;
    pthread_mutex_unlock(&store->lock);
}
