/* Programs of one machine that talk over a Unix socket and hand open files to each other.
 *
 * Purpose   A command sends its work to the server that owns the store, with the files it opened itself; who
 *           asks is known from the kernel, not from the message.
 * Shapes    A message is a text and any number of descriptors; it arrives whole or not at all. Text goes in
 *           packets of MT_LOCAL_PACKET bytes, descriptors MT_LOCAL_PACKET_FDS at a time.
 * Errors    MT_E_ABSENT     nobody listens at the path;  MT_E_CONFLICT  somebody does (when listening);
 *           MT_E_INPUT      the path does not fit a socket's address;
 *           MT_E_CANCELLED  the other side hung up, or the context was cancelled;  MT_E_DEADLINE  nothing
 *           came in time;  MT_E_TOO_LARGE  a message beyond the limits;  MT_E_IO  what the system said.
 * Ownership Descriptors are plain ints of the caller, closed with close(). A received message owns its
 *           descriptors until mt_local_message_close; its text lives in cx.
 * Threads   One reader and one writer at a time on a connection.
 * Source    unix(7): SOCK_SEQPACKET, SCM_RIGHTS, SO_PEERCRED.
 */
#ifndef MT_IO_LOCAL_SOCKET_H
#define MT_IO_LOCAL_SOCKET_H

#include <sys/types.h>

#include "base/text.h"

MT_BEGIN_DECLS

enum {
    MT_LOCAL_PACKET = 32 << 10,
    MT_LOCAL_PACKET_FDS = 200,
    MT_LOCAL_TEXT_MAX = 4 << 20,
    MT_LOCAL_FDS_MAX = 1100
};

typedef struct mt_local_peer {
    uid_t uid;
    gid_t gid;
    pid_t pid;
} mt_local_peer;

typedef struct mt_local_message {
    mt_text text; /* a 0 byte follows */
    int *fd;
    size_t n_fd;
} mt_local_message;

/* Does the path fit a socket's address? */
bool mt_local_fits(const char *path);

/* A listening socket that only its owner may open (mode 0600). What a dead server left behind at the path is
 * replaced; a living one is MT_E_CONFLICT. */
MT_MUST_USE mt_code mt_local_listen(mt_ctx *cx, int *out, const char *path);

/* Removes the path if it still is the one of this socket, and closes it. */
void mt_local_unlisten(int fd, const char *path);

MT_MUST_USE mt_code mt_local_connect(mt_ctx *cx, int *out, const char *path);

/* The next one who called, without waiting: *out is -1 when there is none. */
MT_MUST_USE mt_code mt_local_accept(mt_ctx *cx, int *out, int listening);

/* Who is at the other side, as of the moment of the connect. */
MT_MUST_USE mt_code mt_local_peer_of(mt_ctx *cx, mt_local_peer *out, int fd);

/* Waits while the other side is behind, until the context is cancelled or late. */
MT_MUST_USE mt_code mt_local_send(mt_ctx *cx, int fd, mt_text text, const int *passed, size_t n);

/* A short text, at most one packet, or nothing: false when the other side is behind or gone. */
bool mt_local_try_send(int fd, mt_text text);

/* Waits at most `wait_us` (negative: for ever) for the whole message. */
MT_MUST_USE mt_code mt_local_receive(mt_ctx *cx, mt_local_message *out, int fd, int64_t wait_us);
void mt_local_message_close(mt_local_message *message);

MT_END_DECLS
#endif
