/* Messages that could not be used, as rows of the table of dead letters. */
#include "ingest/letters.h"

enum { STREAM, TOPIC, PART, POSITION, RECEIVED_AT, REASON, KEY, MESSAGE, COLUMNS };

struct mt_letters {
    mt_text *text[COLUMNS];
    int64_t *whole[COLUMNS];
    uint64_t *valid[COLUMNS]; /* of KEY and MESSAGE */
    size_t n;
};

static bool is_text(int k)
{
    return mt_dead_letter_col[k].type == MT_TEXT;
}

mt_code mt_letters_new(mt_ctx *cx, mt_letters **out, size_t n_max)
{
    mt_letters *l;
    MT_TRY(MT_NEW(cx, &l, 1));
    for (int k = 0; k < COLUMNS; k++) {
        if (is_text(k))
            MT_TRY(MT_NEW(cx, &l->text[k], n_max));
        else
            MT_TRY(MT_NEW(cx, &l->whole[k], n_max));
    }
    MT_TRY(MT_NEW(cx, &l->valid[KEY], n_max / 64 + 1));
    MT_TRY(MT_NEW(cx, &l->valid[MESSAGE], n_max / 64 + 1));
    *out = l;
    return MT_OK;
}

static void put_text(mt_letters *l, int column, mt_text text)
{
    l->text[column][l->n] = text;
    if (l->valid[column] && text.at) l->valid[column][l->n / 64] |= (uint64_t)1 << (l->n % 64);
}

void mt_letters_put(mt_letters *l, const mt_letter *letter)
{
    put_text(l, STREAM, letter->stream);
    put_text(l, TOPIC, letter->topic);
    put_text(l, REASON, letter->reason);
    put_text(l, KEY, letter->key);
    put_text(l, MESSAGE, letter->message);
    l->whole[PART][l->n] = letter->part;
    l->whole[POSITION][l->n] = letter->position;
    l->whole[RECEIVED_AT][l->n] = letter->received_at;
    l->n++;
}

static mt_code push_letters(mt_ctx *cx, mt_sink *sink, const mt_letters *l)
{
    const mt_schema schema = {.name = "dead_letter", .col = mt_dead_letter_col, .n_col = COLUMNS};
    mt_column col[COLUMNS];
    for (int k = 0; k < COLUMNS; k++) {
        if (is_text(k))
            col[k] = (mt_column){l->text[k], l->valid[k]};
        else
            col[k] = (mt_column){l->whole[k], NULL};
    }
    const mt_chunk chunk = {l->n, col};
    MT_TRY(mt_sink_schema(sink, cx, &schema));
    MT_TRY(mt_sink_push(sink, cx, &chunk));
    return mt_sink_finish(sink, cx);
}

mt_code mt_letters_merge(mt_ctx *cx, mt_letters *letters, mt_batch *batch)
{
    mt_sink *sink;
    if (!letters->n) return MT_OK;
    MT_TRY(mt_dead_letter_merge(cx, batch, &sink, NULL));
    mt_code code = push_letters(cx, sink, letters);
    mt_sink_close(sink);
    return code;
}
