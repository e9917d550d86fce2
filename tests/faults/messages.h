/* The campaign's messages: numbered, some malformed, some revisions, and what must come of them.
 *
 * Shapes    Message k is {"n":k,"t":second,"known":time,"site":"s…","v":value}. Every 50th is malformed;
 *           every 20th revises the value of the message ten before it. So n messages leave a known number of
 *           rows, of dead letters and of rows in the history, each value following from its number.
 */
#ifndef MERIT_FAULTS_MESSAGES_H
#define MERIT_FAULTS_MESSAGES_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "formats/series/mapping.h"

enum { MESSAGE_BAD = 50, MESSAGE_REVISION = 20, MESSAGE_BACK = 10, MESSAGE_SITES = 7 };

#define MESSAGE_BASE INT64_C(1700000000)

static const mt_map_value message_value[] = {{.field = "v", .kind = "reading", .unit = "kWh"}};
static const mt_mapping message_mapping = {.name = "faults",
                                           .source = "faults",
                                           .time_field = "t",
                                           .known_field = "known",
                                           .epoch = MT_EPOCH_SECONDS,
                                           .area_field = "site",
                                           .value = message_value,
                                           .n_value = 1};

static inline bool message_is_bad(int64_t k)
{
    return k % MESSAGE_BAD == MESSAGE_BAD - 1;
}

static inline bool message_is_revision(int64_t k)
{
    return k % MESSAGE_REVISION == MESSAGE_REVISION / 2;
}

/* The one whose moment it has. */
static inline int64_t message_subject(int64_t k)
{
    return message_is_revision(k) ? k - MESSAGE_BACK : k;
}

/* Writes message k without a newline; returns its length. */
static inline size_t message_write(char *out, size_t room, int64_t k)
{
    char known[40];
    int64_t at = message_subject(k);
    mt_time_text((MESSAGE_BASE + k) * MT_US_SECOND, known);
    int n = snprintf(out, room,
                     "{\"n\":%" PRId64 ",\"t\":%" PRId64 ",\"known\":\"%s\",\"site\":\"s%" PRId64
                     "\",\"v\":%" PRId64 ".25%s",
                     k, MESSAGE_BASE + at, known, at % MESSAGE_SITES, k, message_is_bad(k) ? "" : "}");
    return n < 0 ? 0 : (size_t)n;
}

/* k of a message, also of a malformed one; -1: not one of ours. */
static inline int64_t message_number(mt_text text)
{
    int64_t k = 0;
    size_t i = 5;
    if (text.length < 6 || memcmp(text.at, "{\"n\":", 5) != 0) return -1;
    while (i < text.length && text.at[i] >= '0' && text.at[i] <= '9') k = k * 10 + (text.at[i++] - '0');
    return k;
}

/* What messages 0 … n - 1 must leave. */
static inline int64_t message_rows(int64_t n)
{
    int64_t rows = 0;
    for (int64_t k = 0; k < n; k++) rows += !message_is_bad(k) && !message_is_revision(k);
    return rows;
}

static inline int64_t message_bad(int64_t n)
{
    return n / MESSAGE_BAD;
}

static inline int64_t message_kept(int64_t n)
{
    int64_t rows = 0;
    for (int64_t k = 0; k < n; k++) rows += message_is_revision(k);
    return rows;
}

#endif
