/* The fingerprints, by libsodium. */
#include "crypto/hash.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_generichash_state) <= MT_HASH_STATE, "the library's state has outgrown mt_hash");
_Static_assert(_Alignof(crypto_generichash_state) <= 64,
               "the library's state is aligned more strictly than mt_hash");

_Static_assert(sizeof(crypto_hash_sha256_state) <= MT_SHA256_STATE,
               "the library's state has outgrown mt_sha256");
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

void mt_sha256_init(mt_sha256 *hash)
{
    (void)crypto_hash_sha256_init((crypto_hash_sha256_state *)(void *)hash->state);
}

void mt_sha256_update(mt_sha256 *hash, const void *bytes, size_t n)
{
    if (n) (void)crypto_hash_sha256_update((crypto_hash_sha256_state *)(void *)hash->state, bytes, n);
}

void mt_sha256_final(mt_sha256 *hash, uint8_t digest[MT_HASH_BYTES])
{
    (void)crypto_hash_sha256_final((crypto_hash_sha256_state *)(void *)hash->state, digest);
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
