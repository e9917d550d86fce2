/* Four rounds an instruction pair. */
#include "crypto/sha256_blocks.h"

/* Only gcc 11 and later answer whether the processor has these without asking it at every call. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)

#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constant[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool mt_sha256_blocks_can(void)
{
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
}

/* The next four words of the message from the last sixteen. */
WITH_SHA static inline __m128i extend(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

WITH_SHA static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i words, size_t round)
{
    __m128i sum = _mm_add_epi32(words, _mm_load_si128((const __m128i *)(const void *)&constant[round]));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

WITH_SHA static inline __m128i load_words(const uint8_t *bytes)
{
    const __m128i turned = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)bytes), turned);
}

WITH_SHA static void add_block(__m128i *abef, __m128i *cdgh, const uint8_t *bytes)
{
    __m128i w[4], was_abef = *abef, was_cdgh = *cdgh;
    for (size_t k = 0; k < 4; k++) {
        w[k] = load_words(bytes + 16 * k);
        four_rounds(abef, cdgh, w[k], 4 * k);
    }
    for (size_t round = 16; round < 64; round += 16) {
        for (size_t k = 0; k < 4; k++) {
            w[k] = extend(w[k], w[(k + 1) & 3], w[(k + 2) & 3], w[(k + 3) & 3]);
            four_rounds(abef, cdgh, w[k], round + 4 * k);
        }
    }
    *abef = _mm_add_epi32(*abef, was_abef);
    *cdgh = _mm_add_epi32(*cdgh, was_cdgh);
}

/* The instructions want the words as (a b e f) and (c d g h), highest first. */
WITH_SHA void mt_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t n)
{
    __m128i *at = (__m128i *)(void *)state;
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(at), 0xB1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(at + 1), 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
    for (size_t k = 0; k < n; k++) add_block(&abef, &cdgh, bytes + 64 * k);
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128(at, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128(at + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool mt_sha256_blocks_can(void)
{
    return false;
}

void mt_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t n)
{
    (void)state;
    (void)bytes;
    (void)n;
}

#endif
