/* The fingerprints, by libsodium. */
#include "crypto/hash.h"

#include "crypto/sha256_blocks.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_state) <= MT_HASH_STATE, "the library's state has outgrown mt_hash");
_Static_assert(_Alignof(crypto_generichash_state) <= 64,
               "the library's state is aligned more strictly than mt_hash");

/* SHA-256 in hand: by the processor, else by the library. */
typedef struct sha256 {
    union {
        crypto_hash_sha256_state library;
        struct {
            uint64_t bytes;
            uint32_t word[8];
            uint8_t block[64];
        } own;
    };
    bool by_processor;
} sha256;

_Static_assert(sizeof(sha256) <= MT_SHA256_STATE, "the library's state has outgrown mt_sha256");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= 16,
               "the library's state is aligned more strictly than mt_sha256");

static crypto_generichash_state *state_of(mt_hash *hash)
{
    return (crypto_generichash_state *)(void *)hash->state;
}

void mt_hash_init(mt_hash *hash)
{
    int chosen = sodium_init(); /* at the first call: the fastest code of this processor, under a lock */
    (void)chosen;               /* where that fails the portable code gives the same digest */
    (void)crypto_generichash_init(state_of(hash), NULL, 0, MT_HASH_BYTES);
}

void mt_hash_update(mt_hash *hash, const void *bytes, size_t n)
{
    if (n) (void)crypto_generichash_update(state_of(hash), bytes, n);
}

void mt_hash_final(mt_hash *hash, uint8_t digest[MT_HASH_BYTES])
{
    (void)crypto_generichash_final(state_of(hash), digest, MT_HASH_BYTES);
}

void mt_hash_bytes(const void *bytes, size_t n, uint8_t digest[MT_HASH_BYTES])
{
    mt_hash hash;
    mt_hash_init(&hash);
    mt_hash_update(&hash, bytes, n);
    mt_hash_final(&hash, digest);
}

/* --- SHA-256 ----------------------------------------------------------------------------------------- */

static sha256 *sha256_of(mt_sha256 *hash)
{
    return (sha256 *)(void *)hash->state;
}

void mt_sha256_init(mt_sha256 *hash)
{
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    sha256 *h = sha256_of(hash);
    h->by_processor = mt_sha256_blocks_can();
    if (!h->by_processor) {
        (void)crypto_hash_sha256_init(&h->library);
        return;
    }
    h->own.bytes = 0;
    memcpy(h->own.word, first, sizeof first);
}

static void add_bytes(sha256 *h, const uint8_t *bytes, size_t n)
{
    size_t held = h->own.bytes % 64, taken = held && n < 64 - held ? n : held ? 64 - held : 0;
    h->own.bytes += n;
    if (taken) {
        memcpy(h->own.block + held, bytes, taken);
        if (held + taken == 64) mt_sha256_blocks(h->own.word, h->own.block, 1);
    }
    size_t whole = (n - taken) / 64, rest = (n - taken) % 64;
    mt_sha256_blocks(h->own.word, bytes + taken, whole);
    if (rest) memcpy(h->own.block, bytes + taken + 64 * whole, rest);
}

void mt_sha256_update(mt_sha256 *hash, const void *bytes, size_t n)
{
    sha256 *h = sha256_of(hash);
    if (n && h->by_processor) add_bytes(h, bytes, n);
    if (n && !h->by_processor) (void)crypto_hash_sha256_update(&h->library, bytes, n);
}

static void put_big_endian(uint8_t *out, uint64_t value, size_t n)
{
    for (size_t k = 0; k < n; k++) out[k] = (uint8_t)(value >> 8 * (n - 1 - k));
}

/* A one bit, zeros, and the length in bits fill the last block. */
void mt_sha256_final(mt_sha256 *hash, uint8_t digest[MT_HASH_BYTES])
{
    sha256 *h = sha256_of(hash);
    uint8_t tail[72] = {0x80};
    if (!h->by_processor) {
        (void)crypto_hash_sha256_final(&h->library, digest);
        return;
    }
    uint64_t bits = h->own.bytes * 8;
    size_t zeros = (55 + 64 - h->own.bytes % 64) % 64;
    put_big_endian(tail + 1 + zeros, bits, 8);
    add_bytes(h, tail, 1 + zeros + 8);
    for (size_t k = 0; k < 8; k++) put_big_endian(digest + 4 * k, h->own.word[k], 4);
}

void mt_hash_hex(const uint8_t digest[MT_HASH_BYTES], char out[MT_HASH_HEX])
{
    static const char digit[] = "0123456789abcdef";
    for (int k = 0; k < MT_HASH_BYTES; k++) {
        out[2 * k] = digit[digest[k] >> 4];
        out[2 * k + 1] = digit[digest[k] & 15];
    }
    out[MT_HASH_HEX - 1] = 0;
}
