/* Whether something listens at an address, asked without hanging.
 *
 * Purpose   The MQTT library connects in one blocking call, which takes minutes where an address does not
 *           answer; here the wait can be cancelled.
 * Errors    MT_E_CANCELLED, MT_E_DEADLINE.
 * Cost      One connection, closed at once; the name's resolution is the system's and blocks.
 */
#ifndef MT_STREAM_MQTT_REACH_H
#define MT_STREAM_MQTT_REACH_H

#include "base/ctx.h"

MT_BEGIN_DECLS

/* *reason NULL: something listens; else the system's words why not. At most 5 s. */
MT_MUST_USE mt_code mt_mqtt_reach(mt_ctx *cx, const char *host, int port, const char **reason);

MT_END_DECLS
#endif
