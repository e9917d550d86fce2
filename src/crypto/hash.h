/* One fingerprint of bytes for the whole house.
 *
 * Purpose   Says whether two files, arguments or records are the same: lineage, resuming a pipeline, audit.
 * Shapes    Bytes in pieces of any size -> MT_HASH_BYTES bytes. The same bytes give the same digest however
 *           they are cut.
 * Ownership mt_hash is a plain value of the caller; copying it copies what was hashed so far. Nothing is to
 *           be released.
 * Threads   One hash, one thread.
 * Cost      O(n); the library takes the fastest code the processor has.
 * Source    BLAKE2b with a digest of 32 bytes and no key (RFC 7693), from libsodium. `b2sum -l 256 FILE`
 *           prints the same.
 *           SHA-256 (FIPS 180-4) where a document for others names its sources; `sha256sum FILE` prints it.
 * Example   mt_hash_init(&hash); mt_hash_update(&hash, bytes, n); mt_hash_final(&hash, digest);
 */
#ifndef MT_CRYPTO_HASH_H
#define MT_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

enum {
    MT_HASH_BYTES = 32,
    MT_HASH_HEX = 2 * MT_HASH_BYTES + 1, /* with the final 0 */
    MT_HASH_STATE = 384,                 /* checked against the library when compiled */
    MT_SHA256_STATE = 128                /* likewise */
};

typedef struct mt_hash {
    uint8_t state[MT_HASH_STATE] __attribute__((aligned(64)));
} mt_hash;

void mt_hash_init(mt_hash *hash);
void mt_hash_update(mt_hash *hash, const void *bytes, size_t n);  /* bytes may be NULL where n is 0 */
void mt_hash_final(mt_hash *hash, uint8_t digest[MT_HASH_BYTES]); /* once; then only mt_hash_init */

/* The digest of bytes that lie in one piece. */
void mt_hash_bytes(const void *bytes, size_t n, uint8_t digest[MT_HASH_BYTES]);

/* SHA-256, likewise: MT_HASH_BYTES bytes too. */
typedef struct mt_sha256 {
    uint8_t state[MT_SHA256_STATE] __attribute__((aligned(16)));
} mt_sha256;

void mt_sha256_init(mt_sha256 *hash);
void mt_sha256_update(mt_sha256 *hash, const void *bytes, size_t n);
void mt_sha256_final(mt_sha256 *hash, uint8_t digest[MT_HASH_BYTES]);

/* 64 digits 0-9a-f. */
void mt_hash_hex(const uint8_t digest[MT_HASH_BYTES], char out[MT_HASH_HEX]);

MT_END_DECLS
#endif
