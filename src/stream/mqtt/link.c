/* A connection to an MQTT broker that comes back by itself. */
#include "stream/mqtt/link.h"

#include "stream/clock.h"
#include "stream/mqtt/reach.h"
#include "stream/settings.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SLICE_US = 50000,
    FIRST_WAIT_US = 100000,
    LAST_WAIT_US = 10000000,
    DRAIN_US = 1000000,
    WINDOW = 65535,
    SHORT_US = 2000000,
    CUT_SHORT_MAX = 8
};

/* --- settings ---------------------------------------------------------------------------------------- */

static mt_code take_word(mt_ctx *cx, char **slot, const char *value)
{
    free(*slot);
    *slot = strdup(value);
    return *slot ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for a setting");
}

/* One of two words. */
static mt_code take_choice(mt_ctx *cx, bool *out, const char *name, const char *value,
                           const char *const word[2])
{
    for (int k = 0; k < 2; k++) {
        if (strcmp(value, word[k]) != 0) continue;
        *out = k == 1;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "the setting %s is %s or %s", name, word[0], word[1]);
}

static mt_code take_keepalive(mt_ctx *cx, mt_mqtt_link *link, const char *value)
{
    int64_t seconds;
    if (!mt_int_parse(value, strlen(value), &seconds) || seconds < 5 || seconds > 65535)
        return mt_fail(cx, MT_E_INPUT, "the setting keepalive_s is a whole number of seconds, 5 to 65535");
    link->setting.keepalive_s = (int)seconds;
    return MT_OK;
}

static mt_code take_setting(mt_ctx *cx, void *arg, const char *name, const char *value)
{
    static const char *const insecure[] = {"false", "true"}, *const acknowledge[] = {"commit", "receive"},
                             *const protocol[] = {"5", "3.1.1"};
    static const char *const names[] = {"username",    "password",    "cafile",       "capath",
                                        "certfile",    "keyfile",     "tls_version",  "client_id",
                                        "keepalive_s", "acknowledge", "tls_insecure", "protocol"};
    mt_mqtt_link *link = arg;
    char **const word[] = {&link->setting.username,    &link->setting.password, &link->setting.cafile,
                           &link->setting.capath,      &link->setting.certfile, &link->setting.keyfile,
                           &link->setting.tls_version, &link->setting.client_id};
    for (size_t k = 0; k < sizeof word / sizeof *word; k++) {
        if (strcmp(name, names[k]) == 0) return take_word(cx, word[k], value);
    }
    if (strcmp(name, "keepalive_s") == 0) return take_keepalive(cx, link, value);
    if (strcmp(name, "tls_insecure") == 0)
        return take_choice(cx, &link->setting.tls_insecure, name, value, insecure);
    if (strcmp(name, "acknowledge") == 0)
        return take_choice(cx, &link->setting.acknowledge_on_receive, name, value, acknowledge);
    if (strcmp(name, "protocol") == 0)
        return take_choice(cx, &link->setting.old_protocol, name, value, protocol);
    int nearest = mt_text_nearest(name, names, sizeof names / sizeof *names);
    if (nearest >= 0)
        return mt_fail(cx, MT_E_INPUT, "there is no setting %s of an MQTT stream; did you mean %s?", name,
                       names[nearest]);
    return mt_fail(cx, MT_E_INPUT, "there is no setting %s of an MQTT stream (username, password, cafile, …)",
                   name);
}

/* --- making the client ------------------------------------------------------------------------------- */

static mt_code read_address(mt_ctx *cx, mt_mqtt_link *link, const char *url)
{
    const char *host = url + strlen("mqtt://"), *port = "1883", *end;
    if (strchr(host, '@'))
        return mt_fail(cx, MT_E_INPUT,
                       "mqtt://…: names and passwords stand in the settings file, not in the url");
    bool brackets = *host == '[';
    host += brackets;
    size_t n = strcspn(host, brackets ? "]" : ":/");
    end = host + n + (brackets && host[n]);
    if (*end == ':') port = end + 1;
    size_t digits = strspn(port, "0123456789");
    int64_t number = 0;
    bool rest = *end == ':' ? port[digits] && strcmp(port + digits, "/") != 0 : *end && strcmp(end, "/") != 0;
    if (n == 0 || rest || !mt_int_parse(port, digits, &number) || number < 1 || number > 65535)
        return mt_fail(cx, MT_E_INPUT,
                       "%s: right would be mqtt://HOST or mqtt://HOST:PORT; topics are named apart", url);
    link->host = strndup(host, n);
    link->port = (int)number;
    return link->host ? MT_OK : mt_fail(cx, MT_E_MEMORY, "memory ran out while %s was opened", url);
}

static void hear_acceptance(struct mosquitto *client, void *arg, int reason)
{
    mt_mqtt_link *link = arg;
    (void)client;
    link->trying = false;
    if (reason == 0) {
        link->connected = true;
        link->accepted_at = mt_stream_monotonic_us();
        link->wait_us = FIRST_WAIT_US;
        if (link->accepted) link->accepted(link->owner);
        return;
    }
    bool busy = reason == 3 || reason == 0x88 || reason == 0x89; /* unavailable, busy */
    if (busy) return;
    link->refused = reason;
    snprintf(link->refusal, sizeof link->refusal, "%s",
             link->setting.old_protocol ? link->api.mosquitto_connack_string(reason)
                                        : link->api.mosquitto_reason_string(reason));
}

static void hear_end(struct mosquitto *client, void *arg, int reason, const mosquitto_property *property)
{
    (void)client;
    (void)property;
    if (reason == MT_MQTT_TAKEN_OVER) ((mt_mqtt_link *)arg)->taken_over = true;
}

static mt_code set_tls(mt_ctx *cx, mt_mqtt_link *link)
{
    const mt_mqtt_api *api = &link->api;
    if (!link->setting.cafile && !link->setting.capath) return MT_OK;
    int result = api->mosquitto_tls_set(link->client, link->setting.cafile, link->setting.capath,
                                        link->setting.certfile, link->setting.keyfile, NULL);
    if (result == MOSQ_ERR_SUCCESS && link->setting.tls_version)
        result = api->mosquitto_tls_opts_set(link->client, 1, link->setting.tls_version, NULL);
    if (result == MOSQ_ERR_SUCCESS)
        result = api->mosquitto_tls_insecure_set(link->client, link->setting.tls_insecure);
    if (result == MOSQ_ERR_SUCCESS) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "the TLS settings of the MQTT stream are not taken (cafile %s): %s",
                   link->setting.cafile ? link->setting.cafile : "-", api->mosquitto_strerror(result));
}

/* A writer with the settings of a reader may not have its name too: it would end the session. */
static mt_code choose_id(mt_ctx *cx, mt_mqtt_link *link, const char *id)
{
    const char *set = link->setting.client_id;
    if (set && id) id = set;
    if (set && !id) MT_TRY(mt_text_format(cx, &id, "%s-writer", set));
    if (!id) return MT_OK;
    link->id = strdup(id);
    return link->id ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for the name of an MQTT client");
}

static mt_code make_client(mt_ctx *cx, mt_mqtt_link *link, const char *id)
{
    const mt_mqtt_api *api = &link->api;
    MT_TRY(choose_id(cx, link, id));
    link->client = api->mosquitto_new(link->id, !link->keeps_session, link);
    if (!link->client)
        return mt_fail(cx, MT_E_INPUT, "an MQTT client of the name %s cannot be made",
                       link->id ? link->id : "-");
    api->mosquitto_int_option(link->client, MOSQ_OPT_PROTOCOL_VERSION,
                              link->setting.old_protocol ? MQTT_PROTOCOL_V311 : MQTT_PROTOCOL_V5);
    api->mosquitto_int_option(link->client, MOSQ_OPT_RECEIVE_MAXIMUM, WINDOW);
    api->mosquitto_threaded_set(link->client, true); /* it queues; only mosquitto_loop_write sends */
    api->mosquitto_connect_callback_set(link->client, hear_acceptance);
    api->mosquitto_disconnect_v5_callback_set(link->client, hear_end);
    if (link->setting.username &&
        api->mosquitto_username_pw_set(link->client, link->setting.username, link->setting.password) != 0)
        return mt_fail(cx, MT_E_INPUT, "the MQTT client does not take the setting username");
    return set_tls(cx, link);
}

mt_code mt_mqtt_link_open(mt_ctx *cx, mt_mqtt_link *link, const char *url, const char *settings_path,
                          const char *id)
{
    link->setting.keepalive_s = 60;
    link->wait_us = FIRST_WAIT_US;
    link->keeps_session = id != NULL;
    MT_TRY(mt_mqtt_load(cx, &link->api, NULL));
    MT_TRY(read_address(cx, link, url));
    if (settings_path) MT_TRY(mt_settings_read(cx, settings_path, take_setting, link));
    link->api.mosquitto_lib_init();
    link->library_ready = true;
    return make_client(cx, link, id);
}

/* Reads on to the end. A socket that is closed with bytes unread is reset, and the broker would never see the
 * acknowledgements that were sent last. */
static void drain(int fd)
{
    char nothing[4096];
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    int64_t until = mt_stream_monotonic_us() + DRAIN_US;
    shutdown(fd, SHUT_WR);
    while (mt_stream_monotonic_us() < until && poll(&wanted, 1, DRAIN_US / 1000) > 0) {
        ssize_t n = recv(fd, nothing, sizeof nothing, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) break;
    }
    close(fd);
}

static void end_client(mt_mqtt_link *link, bool polite)
{
    int fd = link->connected ? dup(link->api.mosquitto_socket(link->client)) : -1;
    if (link->connected && polite) {
        link->api.mosquitto_disconnect(link->client);
        link->api.mosquitto_loop_write(link->client, 1);
    }
    link->api.mosquitto_destroy(link->client);
    if (fd >= 0) drain(fd);
}

void mt_mqtt_link_close(mt_mqtt_link *link, bool polite)
{
    char *word[] = {link->setting.username,
                    link->setting.password,
                    link->setting.cafile,
                    link->setting.capath,
                    link->setting.certfile,
                    link->setting.keyfile,
                    link->setting.tls_version,
                    link->setting.client_id,
                    link->host,
                    link->id};
    if (link->client) end_client(link, polite);
    if (link->library_ready) link->api.mosquitto_lib_cleanup();
    if (link->setting.password) explicit_bzero(link->setting.password, strlen(link->setting.password));
    for (size_t k = 0; k < sizeof word / sizeof *word; k++) free(word[k]);
    if (link->api.library) mt_mqtt_unload(&link->api);
}

/* --- driving it -------------------------------------------------------------------------------------- */

static void lose(mt_ctx *cx, mt_mqtt_link *link, const char *reason)
{
    if (link->connected)
        link->cut_short = mt_stream_monotonic_us() - link->accepted_at < SHORT_US ? link->cut_short + 1 : 0;
    link->connected = link->trying = false;
    link->try_at = mt_stream_monotonic_us() + link->wait_us;
    link->wait_us = link->wait_us * 2 < LAST_WAIT_US ? link->wait_us * 2 : LAST_WAIT_US;
    if (!link->away_logged)
        mt_log(cx, MT_LOG_WARN, "the MQTT broker %s:%d is away (%s): waiting", link->host, link->port,
               reason);
    link->away_logged = true;
}

void mt_mqtt_drop(mt_mqtt_link *link)
{
    link->connected = link->trying = false;
    link->try_at = 0;
}

/* The library's own connecting blocks until the system gives up: the way is tried first, in slices. */
static mt_code try_connect(mt_ctx *cx, mt_mqtt_link *link)
{
    const char *reason;
    mosquitto_property *property = NULL;
    MT_TRY(mt_mqtt_reach(cx, link->host, link->port, &reason));
    if (reason) {
        lose(cx, link, reason);
        return MT_OK;
    }
    if (link->keeps_session && !link->setting.old_protocol) /* as long as the broker allows */
        link->api.mosquitto_property_add_int32(&property, MT_MQTT_SESSION_EXPIRY, UINT32_MAX);
    int result = link->api.mosquitto_connect_bind_v5(link->client, link->host, link->port,
                                                     link->setting.keepalive_s, NULL, property);
    link->api.mosquitto_property_free_all(&property);
    if (result == MOSQ_ERR_SUCCESS) {
        link->trying = true;
    } else {
        lose(cx, link, link->api.mosquitto_strerror(result));
    }
    return MT_OK;
}

static void wait_for_bytes(mt_mqtt_link *link, int64_t wait_us)
{
    bool line = link->connected || link->trying;
    struct pollfd wanted = {.fd = line ? link->api.mosquitto_socket(link->client) : -1, .events = POLLIN};
    poll(&wanted, 1, (int)(((wait_us < SLICE_US ? wait_us : SLICE_US) + 999) / 1000));
}

static int exchange(mt_mqtt_link *link, bool may_write)
{
    const mt_mqtt_api *api = &link->api;
    if ((may_write || link->trying) && api->mosquitto_want_write(link->client)) {
        int result = api->mosquitto_loop_write(link->client, 1);
        if (result != MOSQ_ERR_SUCCESS) return result;
    }
    int result = api->mosquitto_loop_read(link->client, 1);
    return result == MOSQ_ERR_SUCCESS ? api->mosquitto_loop_misc(link->client) : result;
}

static mt_code refuse_rival(mt_ctx *cx, const mt_mqtt_link *link)
{
    return mt_fail(cx, MT_E_CONFLICT,
                   "the MQTT broker %s:%d has ended the session %s %s: another reader has the same group "
                   "and topics (or setting client_id); give each a group of its own",
                   link->host, link->port, link->id,
                   link->taken_over ? "for another client" : "right after its beginning, again and again");
}

/* What waiting does not change. */
static mt_code check_refusals(mt_ctx *cx, const mt_mqtt_link *link)
{
    if (link->keeps_session && (link->taken_over || link->cut_short >= CUT_SHORT_MAX))
        return refuse_rival(cx, link);
    if (link->refused)
        return mt_fail(cx, MT_E_REMOTE, "the MQTT broker %s:%d refuses: %s", link->host, link->port,
                       link->refusal);
    return MT_OK;
}

mt_code mt_mqtt_drive(mt_ctx *cx, mt_mqtt_link *link, int64_t wait_us, bool may_write)
{
    if (!link->connected && !link->trying && mt_stream_monotonic_us() >= link->try_at)
        MT_TRY(try_connect(cx, link));
    if (link->connected || link->trying) {
        if (wait_us > 0) wait_for_bytes(link, wait_us);
        int result = exchange(link, may_write);
        if (result != MOSQ_ERR_SUCCESS) lose(cx, link, link->api.mosquitto_strerror(result));
        MT_TRY(check_refusals(cx, link));
    } else if (wait_us > 0) {
        wait_for_bytes(link, wait_us);
    }
    if (link->connected && link->away_logged) {
        mt_log(cx, MT_LOG_INFO, "the MQTT broker %s:%d is back", link->host, link->port);
        link->away_logged = false;
    }
    return MT_OK;
}
