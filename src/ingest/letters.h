/* Messages that could not be used, as rows of the table of dead letters.
 *
 * Missing   A key or message whose address is NULL. Texts may hold any bytes: what no engine can hold is
 *           shown as U+FFFD.
 * Ownership Rows live in the context; texts are borrowed until the merge.
 */
#ifndef MT_INGEST_LETTERS_H
#define MT_INGEST_LETTERS_H

#include "store/data/offset_store.h"

MT_BEGIN_DECLS

typedef struct mt_letter {
    mt_text stream, topic;
    int64_t part, position;
    mt_time received_at;
    mt_text reason, key, message;
} mt_letter;

typedef struct mt_letters mt_letters;

MT_MUST_USE mt_code mt_letters_new(mt_ctx *cx, mt_letters **out, size_t n_max);
void mt_letters_put(mt_letters *letters, const mt_letter *letter);

/* As a part of the batch's transaction. */
MT_MUST_USE mt_code mt_letters_merge(mt_ctx *cx, mt_letters *letters, mt_batch *batch);

MT_END_DECLS
#endif
