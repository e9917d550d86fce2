/* The partitions that this reader holds, and where it is in each. */
#include "stream/kafka/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_part(mt_kafka_part *part)
{
    mt_metric_set(part->lag, 0); /* another reader's now, or nobody's */
    free(part->topic);
    free(part);
}

mt_code mt_kafka_parts_open(mt_ctx *cx, mt_kafka_parts *parts, const char *group)
{
    parts->group = strdup(group);
    return parts->group ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for the group %s", group);
}

void mt_kafka_parts_close(mt_kafka_parts *parts)
{
    for (size_t k = 0; k < parts->n; k++) free_part(parts->at[k]);
    free(parts->at);
    free(parts->group);
    memset(parts, 0, sizeof *parts);
}

mt_kafka_part *mt_kafka_parts_find(const mt_kafka_parts *parts, const char *topic, int32_t part)
{
    for (size_t k = 0; k < parts->n; k++) {
        if (parts->at[k]->part == part && strcmp(parts->at[k]->topic, topic) == 0) return parts->at[k];
    }
    return NULL;
}

static mt_code make_metric(mt_ctx *cx, const mt_kafka_parts *parts, mt_kafka_part *part, mt_metrics *metrics)
{
    const char *group, *topic, *labels;
    if (!metrics) return MT_OK;
    MT_TRY(mt_metric_label(cx, &group, "group", parts->group));
    MT_TRY(mt_metric_label(cx, &topic, "topic", part->topic));
    MT_TRY(mt_text_format(cx, &labels, "%s,%s,part=\"%d\"", group, topic, (int)part->part));
    part->lag =
        mt_metric_gauge(metrics, "merit_stream_lag_messages", "Messages not yet read, by partition.", labels);
    return MT_OK;
}

static mt_code add_part(mt_ctx *cx, mt_kafka_parts *parts, const mt_position *position, mt_kafka_part **out)
{
    if (parts->n == parts->room) {
        size_t room = parts->room ? parts->room * 2 : 16;
        mt_kafka_part **at = realloc(parts->at, room * sizeof *at);
        if (!at) return mt_fail(cx, MT_E_MEMORY, "no memory for %zu partitions", room);
        parts->at = at;
        parts->room = room;
    }
    mt_kafka_part *part = calloc(1, sizeof *part);
    if (part) part->topic = strdup(position->topic);
    if (!part || !part->topic) {
        free(part);
        return mt_fail(cx, MT_E_MEMORY, "no memory for a partition of %s", position->topic);
    }
    part->part = (int32_t)position->part;
    parts->at[parts->n++] = *out = part;
    return MT_OK;
}

mt_code mt_kafka_parts_put(mt_ctx *cx, mt_kafka_parts *parts, const mt_position *position,
                           mt_metrics *metrics)
{
    mt_kafka_part *part = mt_kafka_parts_find(parts, position->topic, (int32_t)position->part);
    if (!part) {
        MT_TRY(add_part(cx, parts, position, &part));
        MT_TRY(make_metric(cx, parts, part, metrics));
    }
    part->asked = part->next = position->next;
    part->done = MT_POSITION_START;
    part->at_end = false;
    part->touched = true;
    return MT_OK;
}

void mt_kafka_parts_remove(mt_kafka_parts *parts, const char *topic, int32_t part)
{
    for (size_t k = 0; k < parts->n; k++) {
        if (parts->at[k]->part != part || strcmp(parts->at[k]->topic, topic) != 0) continue;
        free_part(parts->at[k]);
        parts->at[k] = parts->at[--parts->n];
        return;
    }
}
