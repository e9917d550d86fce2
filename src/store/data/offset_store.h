/* Where each stream was read to, and the messages that could not be used.
 *
 * Purpose   Rows and positions are committed in one transaction, so that a message is stored exactly once;
 *           what cannot be understood is kept with its reason instead of stopping the stream.
 * Shapes    Table `stream_offset`: stream, consumer, topic, part, next_offset, updated_at; unique by the
 *           first four. `stream` names the broker or file independently of how it is reached. Table
 *           `dead_letter`: stream, topic, part, position, received_at, reason, message_key, message; unique
 *           by stream, topic, part, position and a digest of the message.
 * Errors    MT_E_CONFLICT  another consumer has moved the position since it was read: the batch must be
 *           dropped and the position read again.
 */
#ifndef MT_STORE_DATA_OFFSET_STORE_H
#define MT_STORE_DATA_OFFSET_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_offset_key {
    const char *stream, *consumer, *topic;
    int64_t part;
} mt_offset_key;

/* *next is INT64_MIN where nothing was read yet. */
MT_MUST_USE mt_code mt_offset_store_read(mt_ctx *cx, int64_t *next, mt_store *store,
                                         const mt_offset_key *key);

/* Inside the transaction that stores the rows: from `from` (INT64_MIN: nothing was read yet) to `next`. */
MT_MUST_USE mt_code mt_offset_store_advance(mt_ctx *cx, mt_tx *tx, const mt_offset_key *key, int64_t from,
                                            int64_t next);

/* Columns of stream_offset, ordered. */
MT_MUST_USE mt_code mt_offset_store_list(mt_ctx *cx, mt_store *store, mt_sink *sink);

typedef struct mt_dead_letter {
    const char *stream, *topic;
    int64_t part, position;
    mt_time received_at;
    const char *reason;
    const char *message_key; /* NULL: none; bytes that are no text are shown as U+FFFD */
    const char *message;
} mt_dead_letter;

extern const mt_field mt_dead_letter_col[];

/* Takes rows of mt_dead_letter_col as a part of the batch's transaction. */
MT_MUST_USE mt_code mt_dead_letter_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts);

/* Newest first; `stream`, `topic` NULL: all. */
MT_MUST_USE mt_code mt_dead_letter_list(mt_ctx *cx, mt_store *store, const char *stream, const char *topic,
                                        int64_t limit, mt_sink *sink);

MT_END_DECLS
#endif
