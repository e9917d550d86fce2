/* What the rooms of this folder share: a request in all its parts, and the port it came by.
 *
 * Purpose   Included by this folder only.
 * Threads   lock guards what network thread and worker both change: upto, read, ended, whole, starving, gone.
 */
#ifndef MT_SERVER_HTTP_INSIDE_H
#define MT_SERVER_HTTP_INSIDE_H

#include <pthread.h>

#include "server/http/address.h"
#include "server/http/guard.h"
#include "server/http/library.h"

enum { MT_HEADERS_MAX = 64, MT_ANSWER_HEADERS_MAX = 12 };

struct mt_httpd {
    mt_httpd_options options;
    mt_microhttpd api;
    struct MHD_Daemon *daemon;
    mt_address address;
    mt_guard *guard;
    bool draining;    /* atomic */
    int running;      /* atomic: exchanges between first look and end */
    bool closing;     /* atomic: nothing may wait for a worker any more */
    int suspended;    /* atomic: connections that wait for a worker */
    int64_t last_us;  /* atomic: when the last exchange began or ended */
    uint64_t bodies;  /* atomic: bytes of all bodies in memory */
    uint64_t spooled; /* atomic: bytes of all streams that wait for their readers */
    uint64_t serial;  /* atomic: numbers requests */
};

struct mt_exchange {
    mt_httpd *http;
    struct MHD_Connection *connection;
    mt_guarded *socket;
    mt_ctx cx;
    mt_job job;
    int holders; /* atomic: network thread, worker */
    bool begun, has_body, submitted, streaming, refused, torn;
    uint64_t serial;
    int64_t since_us;
    /* the request */
    const char *method, *target, *path, *query;
    struct {
        const char *name, *value;
    } header[MT_HEADERS_MAX];
    size_t n_header;
    char *body;
    size_t body_used, body_room;
    bool body_too_large, body_no_room;
    void *note;
    /* the answer */
    int status;
    const char *type;
    mt_text text;
    struct {
        const char *name, *value;
    } set[MT_ANSWER_HEADERS_MAX];
    size_t n_set;
    bool close_after;
    void (*release)(void *held);
    void *held;
    /* the stream */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int stream_fd;
    uint64_t upto, read, punched;
    bool ended, whole, starving, gone;
};

MT_MUST_USE mt_code mt_exchange_open(mt_httpd *http, mt_exchange **out, const char *target);
void mt_exchange_release(mt_exchange *x);

/* The library is one that takes more for a request than it is (before 1.0). */
bool mt_exchange_is_old(const mt_exchange *x);

/* Takes the headers of the connection; false when they break the rules of the door. `version` is the one of
 * the request line, where the library read it. */
bool mt_exchange_take_headers(mt_exchange *x, const char *version);

/* The answer into the library's hands. */
enum MHD_Result mt_exchange_queue(mt_exchange *x);

/* On the network thread: pieces of the body. */
void mt_exchange_take_body(mt_exchange *x, const char *at, size_t n);

/* False when the port is closing: then the connection was not suspended. */
bool mt_exchange_suspend(mt_exchange *x, mt_job *job);
void mt_exchange_resume(mt_exchange *x);

#endif
