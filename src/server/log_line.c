/* Byte by byte. */
#include "server/log_line.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 4 };

/* How many bytes of a control character stand here; 0: none. */
static size_t control_bytes(const unsigned char *at)
{
    if (at[0] < 0x20 || at[0] == 0x7f) return 1;
    return at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f ? 2 : 0;
}

static size_t escape(char *to, unsigned char byte)
{
    static const char from[] = "\n\t\r", word[] = "ntr";
    const char *known = byte ? strchr(from, byte) : NULL;
    if (!known) return (size_t)snprintf(to, LONGEST + 1, "\\x%02x", byte);
    to[0] = '\\';
    to[1] = word[known - from];
    return 2;
}

const char *mt_log_line(char to[MT_LOG_LINE_MAX], const char *text)
{
    size_t n = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at && n + LONGEST + 1 < MT_LOG_LINE_MAX;) {
        size_t bytes = control_bytes(at);
        if (bytes) {
            n += escape(to + n, at[bytes - 1]);
            at += bytes;
        } else {
            to[n++] = (char)*at++;
        }
    }
    to[n] = 0;
    return to;
}
