/* Messages of a bus on their way to the reader: copied as they come, numbered topic by topic. */
#include "stream/mqtt/inbox.h"

#include "stream/clock.h"

#include <stdlib.h>
#include <string.h>

void mt_inbox_close(mt_inbox *inbox)
{
    for (size_t k = 0; k < inbox->n_topic; k++) free(inbox->topic[k].name);
    free(inbox->topic);
    free(inbox->slot);
    free(inbox->row);
    free(inbox->bytes);
    memset(inbox, 0, sizeof *inbox);
}

void mt_inbox_clear(mt_inbox *inbox)
{
    inbox->n = inbox->given = inbox->used = 0;
}

/* --- topics ------------------------------------------------------------------------------------------ */

/* FNV-1a, 64 bits. */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (; *name; name++) hash = (hash ^ (uint8_t)*name) * 1099511628211u;
    return hash;
}

/* The slot of the topic, or the free one where it would stand. */
static uint32_t *find_slot(const mt_inbox *inbox, const char *name)
{
    size_t at = hash_name(name) & (inbox->slots - 1);
    while (inbox->slot[at] && strcmp(inbox->topic[inbox->slot[at] - 1].name, name) != 0)
        at = (at + 1) & (inbox->slots - 1);
    return &inbox->slot[at];
}

static mt_inbox_topic *find_topic(const mt_inbox *inbox, const char *name)
{
    const uint32_t *slot = inbox->slots ? find_slot(inbox, name) : NULL;
    return slot && *slot ? &inbox->topic[*slot - 1] : NULL;
}

/* Never more than half full. */
static bool grow_slots(mt_inbox *inbox)
{
    size_t slots = inbox->slots ? inbox->slots * 2 : 64;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot) return false;
    free(inbox->slot);
    inbox->slot = slot;
    inbox->slots = slots;
    for (size_t k = 0; k < inbox->n_topic; k++) *find_slot(inbox, inbox->topic[k].name) = (uint32_t)(k + 1);
    return true;
}

/* Room for one more; `at` stays as it is on failure. */
static bool make_room(void **at, size_t *room, size_t need, size_t size)
{
    size_t more = *room ? *room : 256;
    while (more < need) more *= 2;
    if (more == *room) return true;
    void *grown = realloc(*at, more * size);
    if (!grown) return false;
    *at = grown;
    *room = more;
    return true;
}

static bool add_topic(mt_inbox *inbox, const char *name)
{
    void *at = inbox->topic;
    bool room = make_room(&at, &inbox->topic_room, inbox->n_topic + 1, sizeof *inbox->topic);
    inbox->topic = at;
    if (!room || (inbox->n_topic * 2 >= inbox->slots && !grow_slots(inbox))) return false;
    char *copy = strdup(name);
    if (!copy) return false;
    inbox->topic[inbox->n_topic] = (mt_inbox_topic){copy, strlen(copy), MT_POSITION_START, 0};
    *find_slot(inbox, copy) = (uint32_t)++inbox->n_topic;
    return true;
}

/* --- messages ---------------------------------------------------------------------------------------- */

void mt_inbox_add(mt_inbox *inbox, const char *topic, const void *value, size_t length)
{
    void *row = inbox->row, *bytes = inbox->bytes;
    bool room = make_room(&row, &inbox->row_room, inbox->n + 1, sizeof *inbox->row);
    inbox->row = row;
    room = make_room(&bytes, &inbox->room, inbox->used + length + 1, 1) && room;
    inbox->bytes = bytes;
    if (!room || (!find_topic(inbox, topic) && !add_topic(inbox, topic))) {
        inbox->overflow = true;
        return;
    }
    inbox->row[inbox->n++] =
        (mt_inbox_row){(size_t)(find_topic(inbox, topic) - inbox->topic), inbox->used, length};
    if (length) memcpy(inbox->bytes + inbox->used, value, length);
    inbox->bytes[inbox->used + length] = 0;
    inbox->used += length + 1;
    inbox->read_at = mt_stream_now();
}

mt_code mt_inbox_number(mt_ctx *cx, mt_inbox *inbox, const mt_stream_events *events)
{
    size_t n = 0;
    mt_position *position;
    size_t *index;
    for (size_t k = 0; k < inbox->n_topic; k++) n += inbox->topic[k].next == MT_POSITION_START;
    if (n == 0) return MT_OK;
    MT_TRY(MT_NEW(cx, &position, n));
    MT_TRY(MT_NEW(cx, &index, n));
    n = 0;
    for (size_t k = 0; k < inbox->n_topic; k++) {
        if (inbox->topic[k].next != MT_POSITION_START) continue;
        position[n] = (mt_position){inbox->topic[k].name, 0, MT_POSITION_START};
        index[n++] = k;
    }
    if (events->assigned) MT_TRY(events->assigned(cx, events->arg, position, n));
    for (size_t k = 0; k < n; k++) {
        mt_inbox_topic *topic = &inbox->topic[index[k]];
        topic->next = topic->done = position[k].next > 0 ? position[k].next : 0;
    }
    return MT_OK;
}

size_t mt_inbox_give(mt_inbox *inbox, mt_message *message, size_t max)
{
    size_t n = 0;
    for (; n < max && inbox->given < inbox->n; n++) {
        const mt_inbox_row *row = &inbox->row[inbox->given++];
        mt_inbox_topic *topic = &inbox->topic[row->topic];
        if (topic->next == topic->done) inbox->open_topics++;
        message[n] = (mt_message){.topic = {topic->name, topic->length},
                                  .position = topic->next,
                                  .next = topic->next + 1,
                                  .time = inbox->read_at,
                                  .value = {inbox->bytes + row->at, row->length}};
        topic->next++;
    }
    return n;
}

bool mt_inbox_seek(mt_inbox *inbox, const char *topic, int64_t next)
{
    mt_inbox_topic *found = find_topic(inbox, topic);
    if (!found) return false;
    if (found->next != found->done) inbox->open_topics--;
    found->next = found->done = next > 0 ? next : 0;
    return true;
}

void mt_inbox_commit(mt_inbox *inbox, const char *topic, int64_t next)
{
    mt_inbox_topic *found = find_topic(inbox, topic);
    if (!found || next <= found->done) return;
    bool was_open = found->next != found->done;
    found->done = next < found->next ? next : found->next;
    if (was_open && found->done == found->next) inbox->open_topics--;
}
