/* Partitions come and go: the reader is told before they move, and says where to begin. */
#include "stream/kafka/rebalance.h"

#include <stdio.h>
#include <string.h>

rd_kafka_topic_partition_list_t *mt_kafka_list(const mt_kafka_api *api, const mt_position *position, size_t n)
{
    rd_kafka_topic_partition_list_t *list = api->rd_kafka_topic_partition_list_new((int)n);
    for (size_t k = 0; k < n; k++) {
        rd_kafka_topic_partition_t *row =
            api->rd_kafka_topic_partition_list_add(list, position[k].topic, (int32_t)position[k].part);
        row->offset = position[k].next == MT_POSITION_START ? RD_KAFKA_OFFSET_BEGINNING : position[k].next;
    }
    return list;
}

/* Where reading stands in the listed partitions; those that are not held stand nowhere. */
static mt_code make_positions(const mt_kafka_consumer *c, const rd_kafka_topic_partition_list_t *list,
                              mt_position **out)
{
    size_t n = (size_t)list->cnt;
    MT_TRY(MT_NEW(c->cx, out, n ? n : 1));
    for (size_t k = 0; k < n; k++) {
        const rd_kafka_topic_partition_t *row = &list->elems[k];
        const mt_kafka_part *part = mt_kafka_parts_find(&c->parts, row->topic, row->partition);
        (*out)[k] = (mt_position){row->topic, row->partition, part ? part->next : MT_POSITION_START};
    }
    return MT_OK;
}

static mt_code take_parts(mt_kafka_consumer *c, rd_kafka_topic_partition_list_t *list)
{
    mt_position *position;
    size_t n = (size_t)list->cnt;
    MT_TRY(make_positions(c, list, &position));
    for (size_t k = 0; k < n; k++) position[k].next = MT_POSITION_START;
    if (n > 0 && c->events.assigned) MT_TRY(c->events.assigned(c->cx, c->events.arg, position, n));
    for (size_t k = 0; k < n; k++) {
        list->elems[k].offset =
            position[k].next == MT_POSITION_START ? RD_KAFKA_OFFSET_BEGINNING : position[k].next;
        MT_TRY(mt_kafka_parts_put(c->cx, &c->parts, &position[k], c->metrics));
    }
    c->assigned = true;
    return MT_OK;
}

static mt_code give_parts(mt_kafka_consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    mt_position *position;
    size_t n = (size_t)list->cnt;
    mt_code code = make_positions(c, list, &position);
    bool lost = c->client.api.rd_kafka_assignment_lost(c->client.rk);
    if (code == MT_OK && n > 0 && c->events.revoked)
        code = c->events.revoked(c->cx, c->events.arg, position, n, lost);
    for (size_t k = 0; k < n; k++)
        mt_kafka_parts_remove(&c->parts, list->elems[k].topic, list->elems[k].partition);
    return code;
}

/* The library waits for an answer in any case; `list` NULL gives everything back. */
static void answer(const mt_kafka_consumer *c, bool assign, const rd_kafka_topic_partition_list_t *list)
{
    const mt_kafka_api *api = &c->client.api;
    rd_kafka_t *rk = c->client.rk;
    if (strcmp(api->rd_kafka_rebalance_protocol(rk), "COOPERATIVE") != 0) {
        api->rd_kafka_assign(rk, assign ? list : NULL);
        return;
    }
    rd_kafka_error_t *error =
        assign ? api->rd_kafka_incremental_assign(rk, list) : api->rd_kafka_incremental_unassign(rk, list);
    if (!error) return;
    if (c->cx)
        mt_log(c->cx, MT_LOG_WARN, "Kafka: a rebalance was not taken: %s", api->rd_kafka_error_string(error));
    api->rd_kafka_error_destroy(error);
}

static void stop_stream(mt_kafka_consumer *c, mt_code code)
{
    c->broken = code;
    snprintf(c->reason, sizeof c->reason, "%s", c->cx->err);
}

void mt_kafka_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list,
                        void *opaque)
{
    mt_kafka_consumer *c = ((mt_kafka_client *)opaque)->owner;
    bool assign = error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    if (!c->closing && c->cx && !c->broken) {
        mt_log(c->cx, MT_LOG_INFO, "Kafka: %d partitions %s", list->cnt,
               assign ? "come to this reader" : "go");
        mt_code code = assign ? take_parts(c, list) : give_parts(c, list);
        if (code != MT_OK) stop_stream(c, code);
    }
    answer(c, assign, list);
    c->stale = 0;
    while (c->stale < c->room && c->fetched[c->stale]) c->stale++; /* fetched before this moment */
    c->client.api.rd_kafka_yield(rk);
}
