/* A connection to an MQTT broker that comes back by itself.
 *
 * Purpose   Address, settings, connecting with growing waits, and what the broker's refusals mean. It is
 *           driven by its owner's thread alone: the library reads and writes only inside mt_mqtt_drive.
 * Shapes    Settings: username, password; cafile, capath, certfile, keyfile, tls_version, tls_insecure
 *           (true, false); client_id (instead of the reader's own; a writer is called so with "-writer"
 *           behind it); protocol (5 or 3.1.1, 5 unless said); keepalive_s (60);
 *           acknowledge (commit or receive, see reader.h).
 * Errors    MT_E_INPUT  address or setting, or a certificate that cannot be read;  MT_E_REMOTE  the broker
 *           refuses name, password, client or protocol;  MT_E_CONFLICT  another client of the same name has
 *           the session: the broker says so, as MQTT 5 lets it, or it has ended eight connections in a row
 *           within 2 s of their acceptance, which is how two such clients drive each other out.
 * Threads   Writing is the owner's: what the library queues (acknowledgements among it) leaves only when
 *           `may_write` is set.
 */
#ifndef MT_STREAM_MQTT_LINK_H
#define MT_STREAM_MQTT_LINK_H

#include "base/text.h"
#include "stream/mqtt/api.h"

MT_BEGIN_DECLS

/* Numbers of the MQTT 5 specification. */
enum {
    MT_MQTT_SESSION_EXPIRY = 17,
    MT_MQTT_RETAIN_IF_NEW = 0x10,
    MT_MQTT_REFUSED = 0x80,
    MT_MQTT_TAKEN_OVER = 0x8E
};

typedef struct mt_mqtt_link {
    mt_mqtt_api api;
    struct mosquitto *client; /* NULL: not made yet */
    bool library_ready;
    char *id; /* NULL: the broker chooses */
    char *host;
    int port;
    struct {
        char *username, *password, *cafile, *capath, *certfile, *keyfile, *tls_version, *client_id;
        bool tls_insecure, acknowledge_on_receive, old_protocol;
        int keepalive_s;
    } setting;
    bool keeps_session;
    bool connected;  /* accepted by the broker */
    bool trying;     /* the network is connected, the broker has not answered yet */
    int64_t try_at;  /* monotonic: not before */
    int64_t wait_us; /* before the next try; grows */
    int refused;     /* 0, or the broker's reason */
    char refusal[256];
    int64_t accepted_at; /* monotonic */
    int cut_short;       /* connections in a row that ended within 2 s of their acceptance */
    bool taken_over;     /* another client of the same name has the session */
    bool away_logged;
    void (*accepted)(void *owner); /* after each acceptance; NULL: nothing */
    void *owner;                   /* what the library's callbacks get is the link */
} mt_mqtt_link;

/* `id` NULL: any; with an id the broker keeps the session. */
MT_MUST_USE mt_code mt_mqtt_link_open(mt_ctx *cx, mt_mqtt_link *link, const char *url,
                                      const char *settings_path, const char *id);
void mt_mqtt_link_close(mt_mqtt_link *link, bool polite /* says goodbye, after what it still has to say */);

/* Connects when it is time, waits at most `wait_us` for bytes, reads what is there once, and writes. A broker
 * that is away is no error. */
MT_MUST_USE mt_code mt_mqtt_drive(mt_ctx *cx, mt_mqtt_link *link, int64_t wait_us, bool may_write);

/* Forgets the connection without a word; the next drive connects again. */
void mt_mqtt_drop(mt_mqtt_link *link);

MT_END_DECLS
#endif
