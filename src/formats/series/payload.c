/* The JSON object of what a record said besides its values. */
#include "formats/series/payload.h"

#include "io/utf8.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 512, ESCAPE_MAX = 8 };

/* Room for n more bytes and a few behind them. */
static bool make_room(mt_payload *payload, size_t n)
{
    if (payload->failed) return false;
    if (payload->room - payload->n > n + ESCAPE_MAX) return true;
    size_t room =
        payload->room * 2 > payload->n + n + FIRST_ROOM ? payload->room * 2 : payload->n + n + FIRST_ROOM;
    char *at = mt_arena_raw(payload->arena, room);
    payload->failed = at == NULL;
    if (payload->failed) return false;
    if (payload->n > 0) memcpy(at, payload->at, payload->n);
    payload->at = at;
    payload->room = room;
    return true;
}

static void put(mt_payload *payload, const char *at, size_t n)
{
    if (n == 0 || !make_room(payload, n)) return;
    memcpy(payload->at + payload->n, at, n);
    payload->n += n;
}

/* One character that cannot stand as it is; returns how many bytes it took. */
static size_t put_special(mt_payload *payload, const char *at, size_t n)
{
    char text[ESCAPE_MAX];
    size_t took;
    int well = 1;
    uint32_t point = mt_utf8_next(at, n, &took, &well);
    if (point == '"' || point == '\\')
        put(payload, point == '"' ? "\\\"" : "\\\\", 2);
    else if (point < 0x20)
        put(payload, text, (size_t)snprintf(text, sizeof text, "\\u%04x", (unsigned)(point ? point : ' ')));
    else
        put(payload, text, mt_utf8_put(point, text));
    return took;
}

static void put_quoted(mt_payload *payload, mt_text text)
{
    put(payload, "\"", 1);
    for (size_t k = 0; k < text.length && !payload->failed;) {
        size_t plain = mt_utf8_plain(text.at + k, text.length - k);
        put(payload, text.at + k, plain);
        k += plain;
        if (k < text.length) k += put_special(payload, text.at + k, text.length - k);
    }
    put(payload, "\"", 1);
}

static void put_comma(mt_payload *payload)
{
    put(payload, payload->n > 0 ? "," : "{", 1);
}

void mt_payload_begin(mt_payload *payload)
{
    payload->n = 0;
    payload->failed = false;
}

void mt_payload_json(mt_payload *payload, mt_text name, mt_text json)
{
    put_comma(payload);
    put(payload, "\"", 1);
    put(payload, name.at, name.length);
    put(payload, "\":", 2);
    put(payload, json.at, json.length);
}

void mt_payload_text(mt_payload *payload, mt_text name, mt_text text)
{
    put_comma(payload);
    put_quoted(payload, name);
    put(payload, ":", 1);
    put_quoted(payload, text);
}

void mt_payload_value(mt_payload *payload, mt_text name, mt_text json)
{
    put_comma(payload);
    put_quoted(payload, name);
    put(payload, ":", 1);
    put(payload, json.at, json.length);
}

const char *mt_payload_end(mt_payload *payload)
{
    if (payload->n == 0 || payload->failed) return NULL;
    put(payload, "}", 1);
    if (payload->failed) return NULL;
    payload->at[payload->n] = '\0';
    return payload->at;
}
