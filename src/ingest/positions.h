/* Where each part of a stream stands: in the store, and after the batch in hand.
 *
 * Shapes    A part is there from its assignment to its revocation. `stored` is what the store had when it was
 *           read or written last (MT_POSITION_START: nothing); `next` is where the batch in hand ends.
 * Errors    mt_places_advance: MT_E_CONFLICT  somebody else has moved a position since it was read.
 * Ownership mt_places_close gives everything back; topics are copied.
 * Cost      A look at the part met last, else over all parts.
 */
#ifndef MT_INGEST_POSITIONS_H
#define MT_INGEST_POSITIONS_H

#include "store/data/offset_store.h"
#include "stream/stream.h"

MT_BEGIN_DECLS

typedef struct mt_place {
    char *topic;
    int64_t part;
    int64_t stored, next;
    bool touched; /* by the batch in hand */
} mt_place;

typedef struct mt_places {
    mt_store *store;
    char *stream; /* the stream's name; NULL: not known yet */
    const char *consumer;
    mt_place *at;
    size_t n, room, last;
} mt_places;

void mt_places_close(mt_places *places);

mt_place *mt_places_find(mt_places *places, const char *topic, int64_t part); /* NULL when there is none */
MT_MUST_USE mt_code mt_places_add(mt_ctx *cx, mt_places *places, mt_place **out, const char *topic,
                                  int64_t part);
void mt_places_remove(mt_places *places, const char *topic, int64_t part);

/* What the store says of that part now. */
MT_MUST_USE mt_code mt_places_read(mt_ctx *cx, const mt_places *places, const mt_place *place, int64_t *next);

/* The batch in hand is these messages. */
void mt_places_touch(mt_places *places, const mt_message *message, size_t n);

/* Inside the transaction: every touched part from `stored` to `next`. */
MT_MUST_USE mt_code mt_places_advance(mt_ctx *cx, mt_tx *tx, const mt_places *places);

/* The batch in hand is durable; *out, in cx, are the positions it reached. */
MT_MUST_USE mt_code mt_places_settle(mt_ctx *cx, mt_places *places, mt_position **out, size_t *n);

MT_END_DECLS
#endif
