/* A writer of MQTT messages: QoS 1, each acknowledged by the broker.
 *
 * Shapes    Keys have no place on a bus and are not written; a missing value is written as an empty one.
 * Errors    MT_E_INPUT  a topic that is none, or a message that is too large;  MT_E_REMOTE  at flush: the
 *           broker refused a message. A broker that goes away while messages are on their way gets those
 *           again: at least once.
 */
#ifndef MT_STREAM_MQTT_WRITER_H
#define MT_STREAM_MQTT_WRITER_H

#include "stream/backend.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_mqtt_writer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                                        const mt_stream_backend *backend);
void mt_mqtt_writer_close(mt_producer *producer);
MT_MUST_USE mt_code mt_mqtt_writer_send(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text value);
MT_MUST_USE mt_code mt_mqtt_writer_flush(mt_ctx *cx, mt_producer *producer);

MT_END_DECLS
#endif
