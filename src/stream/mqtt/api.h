/* The functions of the MQTT client library that Merit uses, found when they are first needed.
 *
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the package to install.
 * Ownership mt_mqtt_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_STREAM_MQTT_API_H
#define MT_STREAM_MQTT_API_H

#include <mosquitto.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_MQTT_LIST(X)                                                                           \
    X(mosquitto_lib_init) X(mosquitto_lib_cleanup) X(mosquitto_new) X(mosquitto_destroy)          \
    X(mosquitto_username_pw_set) X(mosquitto_tls_set) X(mosquitto_tls_insecure_set)               \
    X(mosquitto_tls_opts_set) X(mosquitto_int_option) X(mosquitto_threaded_set)                   \
    X(mosquitto_connect_bind_v5) X(mosquitto_disconnect) X(mosquitto_socket)                      \
    X(mosquitto_property_add_int32) X(mosquitto_property_free_all)                                \
    X(mosquitto_connect_callback_set) X(mosquitto_disconnect_v5_callback_set)                     \
    X(mosquitto_message_callback_set)                                                             \
    X(mosquitto_subscribe_callback_set) X(mosquitto_publish_v5_callback_set)                      \
    X(mosquitto_subscribe_v5) X(mosquitto_publish) X(mosquitto_topic_matches_sub)                 \
    X(mosquitto_loop_read) X(mosquitto_loop_write) X(mosquitto_loop_misc) X(mosquitto_want_write) \
    X(mosquitto_strerror) X(mosquitto_connack_string) X(mosquitto_reason_string)                  \
    X(mosquitto_sub_topic_check) X(mosquitto_pub_topic_check)
/* clang-format on */

typedef struct mt_mqtt_api {
    void *library;
    MT_MQTT_LIST(MT_LIBRARY_MEMBER)
} mt_mqtt_api;

MT_MUST_USE mt_code mt_mqtt_load(mt_ctx *cx, mt_mqtt_api *out, const char *path /* NULL: the system's */);
void mt_mqtt_unload(mt_mqtt_api *api);

MT_END_DECLS
#endif
