/* AWS Signature Version 4 computed a second time, from a request as it arrived.
 *
 * Purpose   Included by tests only. The test server of S3 does not look at signatures; Amazon does.
 * Source    AWS, "Create a signed AWS API request"; FIPS 180-4 (SHA-256), RFC 2104 (HMAC).
 */
#ifndef MT_SOURCES_SIGV4_CASE_H
#define MT_SOURCES_SIGV4_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGV4_BYTES = 32, SIGV4_TEXT = 8192 };

static inline uint32_t sigv4_turn(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional parts of roots of primes, as FIPS 180-4 makes its constants. */
static inline void sigv4_constants(uint32_t k[64], uint32_t h[8])
{
    int prime = 2;
    for (int n = 0; n < 64; prime++) {
        bool is = true;
        for (int d = 2; d * d <= prime; d++) is = is && prime % d;
        if (!is) continue;
        long double square = 1, cube = 1;
        for (int step = 0; step < 64; step++) {
            square = (square + prime / square) / 2;
            cube = (2 * cube + prime / (cube * cube)) / 3;
        }
        if (n < 8) h[n] = (uint32_t)((square - (long double)(int)square) * 4294967296.0L);
        k[n++] = (uint32_t)((cube - (long double)(int)cube) * 4294967296.0L);
    }
}

static inline void sigv4_block(uint32_t state[8], const uint32_t k[64], const uint8_t *at)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)at[4 * i] << 24 | (uint32_t)at[4 * i + 1] << 16 | (uint32_t)at[4 * i + 2] << 8 |
               at[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] +
               (sigv4_turn(w[i - 15], 7) ^ sigv4_turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (sigv4_turn(w[i - 2], 17) ^ sigv4_turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t one = v[7] + (sigv4_turn(v[4], 6) ^ sigv4_turn(v[4], 11) ^ sigv4_turn(v[4], 25)) +
                       ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
        uint32_t two = (sigv4_turn(v[0], 2) ^ sigv4_turn(v[0], 13) ^ sigv4_turn(v[0], 22)) +
                       ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++) state[i] += v[i];
}

static inline void sigv4_hash(const void *bytes, size_t n, uint8_t out[SIGV4_BYTES])
{
    uint32_t k[64], state[8];
    size_t room = (n + 9 + 63) / 64 * 64;
    uint8_t *padded = calloc(1, room);
    if (!padded) abort();
    if (n) memcpy(padded, bytes, n);
    padded[n] = 0x80;
    for (size_t i = 0; i < 8; i++) padded[room - 1 - i] = (uint8_t)((uint64_t)n * 8 >> (8 * i));
    sigv4_constants(k, state);
    for (size_t at = 0; at < room; at += 64) sigv4_block(state, k, padded + at);
    for (int i = 0; i < SIGV4_BYTES; i++) out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
    free(padded);
}

static inline void sigv4_hmac(const void *key, size_t n_key, const char *text, uint8_t out[SIGV4_BYTES])
{
    uint8_t pad[64 + SIGV4_TEXT] = {0}, block[64] = {0};
    size_t n = strlen(text);
    memcpy(block, key, n_key);
    for (int i = 0; i < 64; i++) pad[i] = block[i] ^ 0x36;
    memcpy(pad + 64, text, n);
    sigv4_hash(pad, 64 + n, out);
    for (int i = 0; i < 64; i++) pad[i] = block[i] ^ 0x5c;
    memcpy(pad + 64, out, SIGV4_BYTES);
    sigv4_hash(pad, 64 + SIGV4_BYTES, out);
}

static inline void sigv4_hex(const uint8_t *bytes, char out[2 * SIGV4_BYTES + 1])
{
    for (int i = 0; i < SIGV4_BYTES; i++) snprintf(out + 2 * (ptrdiff_t)i, 3, "%02x", bytes[i]);
}

/* The value of a header of the request, cut at the end of its line. */
static inline bool sigv4_header(const char *request, const char *name, size_t n, char out[SIGV4_TEXT])
{
    for (const char *line = strchr(request, '\n'); line; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, n) != 0 || line[1 + n] != ':') continue;
        const char *value = line + 2 + n;
        value += strspn(value, " ");
        snprintf(out, SIGV4_TEXT, "%.*s", (int)strcspn(value, "\r\n"), value);
        return true;
    }
    return false;
}

/* "METHOD\nPATH\nQUERY\nheaders…\n\nnames\nhash" */
static inline bool sigv4_canonical(const char *request, const char *names, char out[SIGV4_TEXT])
{
    const char *path = strchr(request, ' ') + 1;
    size_t whole = strcspn(path, " "), n_path = strcspn(path, "? ");
    bool query = n_path < whole;
    char value[SIGV4_TEXT];
    int n = snprintf(out, SIGV4_TEXT, "%.*s\n%.*s\n%.*s\n", (int)strcspn(request, " "), request, (int)n_path,
                     path, query ? (int)(whole - n_path - 1) : 0, query ? path + n_path + 1 : "");
    for (const char *name = names; *name;) {
        size_t length = strcspn(name, ";");
        if (!sigv4_header(request, name, length, value)) return false;
        n += snprintf(out + n, SIGV4_TEXT - (size_t)n, "%.*s:%s\n", (int)length, name, value);
        name += length + (name[length] == ';');
    }
    if (!sigv4_header(request, "x-amz-content-sha256", 20, value)) return false;
    snprintf(out + n, SIGV4_TEXT - (size_t)n, "\n%s\n%s", names, value);
    return true;
}

/* Is the request signed as Amazon wants it, with this secret? The names of signed headers go to `names`. */
static inline bool sigv4_is_right(const char *request, const char *secret, char names[SIGV4_TEXT])
{
    char word[SIGV4_TEXT], canonical[SIGV4_TEXT], scope[256], text[SIGV4_TEXT], date[SIGV4_TEXT], hex[65];
    uint8_t hash[SIGV4_BYTES], key[SIGV4_BYTES];
    if (!sigv4_header(request, "authorization", 13, word)) return false;
    const char *credential = strstr(word, "Credential="), *signed_ = strstr(word, "SignedHeaders="),
               *signature = strstr(word, "Signature=");
    if (!credential || !signed_ || !signature) return false;
    const char *slash = strchr(credential, '/');
    if (!slash || !sigv4_header(request, "x-amz-date", 10, date)) return false;
    snprintf(scope, sizeof scope, "%.*s", (int)strcspn(slash + 1, ", "), slash + 1);
    snprintf(names, SIGV4_TEXT, "%.*s", (int)strcspn(signed_ + 14, ", "), signed_ + 14);
    if (!sigv4_canonical(request, names, canonical)) return false;
    sigv4_hash(canonical, strlen(canonical), hash);
    sigv4_hex(hash, hex);
    snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%.64s\n%.200s\n%s", date, scope, hex);
    snprintf(canonical, sizeof canonical, "AWS4%s", secret);
    sigv4_hmac(canonical, strlen(canonical), strtok(scope, "/"), key);
    for (const char *part; (part = strtok(NULL, "/"));) sigv4_hmac(key, sizeof key, part, key);
    sigv4_hmac(key, sizeof key, text, key);
    sigv4_hex(key, hex);
    return strncmp(signature + 10, hex, 64) == 0;
}

#endif
