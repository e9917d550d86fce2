/* A reader of MQTT topics: what is committed is acknowledged, what is not comes again.
 *
 * Purpose   QoS 1 with a session that the broker keeps, also while nobody reads. A session is the group's and
 *           its topics': the client is called GROUP-HASH, by a hash of the sorted filters, so that readers of
 *           one group with other filters have sessions of their own.
 * Shapes    Topics are filters (+ and # allowed); a message carries the name it was sent under. Part is 0.
 *           Positions are serial numbers of each name, which go on where the reader's record says; a message
 *           that is delivered again gets a new one. No keys; an empty value is empty, never missing.
 *           With until_end: ends when nothing came for 1 s.
 * Errors    MT_E_INPUT  no topic, or one that is no filter; see link.h;  MT_E_REMOTE  the broker refuses for
 *           good;  MT_E_CONFLICT  another client has taken over the session, see link.h.
 * Source    MQTT 3.1.1 and 5, section 4.3.2: a message of QoS 1 is sent again on the next connection until
 *           it is acknowledged.
 *
 * The guarantee, honestly: the library queues its acknowledgement before it hands a message over, so it is
 * not let write until everything handed over is committed. A process that dies before has acknowledged
 * nothing, and the broker sends again: at least once, also through a crash, as long as the broker keeps its
 * sessions (mosquitto: persistence true) and its queue for an absent reader is long enough
 * (max_queued_messages).
 * The price: nothing beyond the broker's window of unacknowledged messages comes before a commit. MQTT 5 lets
 * the reader ask for 65,535; brokers of MQTT 3.1.1 have a window of their own (mosquitto:
 * max_inflight_messages, 20). The setting acknowledge=receive gives the guarantee up: it never waits, and
 * what is in hand when the process dies is lost.
 *
 * With other filters a new session begins, and the broker goes on collecting for the old one: read it to its
 * end first. With the setting client_id the session stays the same, and so do its old subscriptions: what
 * they bring is handed over as `unasked` and never acknowledged unread. Filters of one group should not
 * overlap: a topic that two sessions bring has two counts of its messages but one kept place, over which
 * their readers would quarrel.
 *
 * A bus tells no time: a message has the one it was read at, and another one when it is delivered again
 * after a crash. Where the mapping names no field of the moment of knowledge (`known`), that time stands for
 * it. The newest value is right all the same, but where one moment had several values, and their rows were
 * stored before the crash, they come again as newer ones: the history then shows revisions that nobody made.
 * Messages that carry their own moment, and a mapping that names it, leave no such traces.
 */
#ifndef MT_STREAM_MQTT_READER_H
#define MT_STREAM_MQTT_READER_H

#include "stream/backend.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_mqtt_reader_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                                        const mt_stream_backend *backend);
void mt_mqtt_reader_close(mt_stream *stream);
MT_MUST_USE mt_code mt_mqtt_reader_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max,
                                        int64_t wait_us);
void mt_mqtt_reader_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n);

/* Sets the topic's number; what is not committed is asked for again by connecting anew. */
MT_MUST_USE mt_code mt_mqtt_reader_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position);
int64_t mt_mqtt_reader_lag(mt_stream *stream);
MT_MUST_USE mt_code mt_mqtt_reader_title(mt_ctx *cx, mt_stream *stream, const char **out);
mt_stream_state mt_mqtt_reader_state(const mt_stream *stream);

MT_END_DECLS
#endif
