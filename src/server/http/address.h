/* The address a server listens at: read, checked, opened.
 *
 * Purpose   Without sign-in a server belongs to this machine: another address than loopback needs a word.
 * Shapes    "127.0.0.1:8686", "[::1]:8686", "localhost:0" (0: any free port), ":8686" (127.0.0.1).
 * Errors    MT_E_INPUT  not such a text;  MT_E_DENIED  not loopback, and nobody allowed it;
 *           MT_E_CONFLICT  the port is taken;  MT_E_IO  what the system said.
 */
#ifndef MT_SERVER_HTTP_ADDRESS_H
#define MT_SERVER_HTTP_ADDRESS_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_address {
    int fd; /* listens */
    bool loopback;
    char text[80]; /* "127.0.0.1:43211" */
} mt_address;

MT_MUST_USE mt_code mt_address_listen(mt_ctx *cx, mt_address *out, const char *text, bool allow_public);

/* Is it a name of this machine alone, as a Host header says it ("localhost:8686")? */
bool mt_address_is_local_name(const char *host);

/* Is the host of a Host header `name`, with or without a port behind either? */
bool mt_address_same_host(const char *host, const char *name);

MT_END_DECLS
#endif
