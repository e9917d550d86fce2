/* Tests of the fingerprint: published digests, and that the way bytes are cut does not matter. */
#include "crypto/hash.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>
#include <cmocka.h>

enum { LONG = 100000 };

static uint8_t long_text[LONG];

static int make_long_text(void **state)
{
    (void)state;
    for (int k = 0; k < LONG; k++) long_text[k] = (uint8_t)(k % 251);
    return 0;
}

static void check_digest(const uint8_t digest[MT_HASH_BYTES], const char *hex)
{
    char text[MT_HASH_HEX];
    mt_hash_hex(digest, text);
    assert_string_equal(text, hex);
}

/* Source: GNU coreutils 9.1, `b2sum -l 256`, on the empty file, on "abc" and on the long text. */
static const char empty_hex[] = "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
static const char abc_hex[] = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
static const char long_hex[] = "916cfaa800ee55811e82095babeb88ea29c9ef8a36e8d7e20c7b772c344c9e1c";

static void hash__gives_the_published_digests(void **state)
{
    (void)state;
    uint8_t digest[MT_HASH_BYTES];
    mt_hash_bytes(NULL, 0, digest);
    check_digest(digest, empty_hex);
    mt_hash_bytes("abc", 3, digest);
    check_digest(digest, abc_hex);
    mt_hash_bytes(long_text, LONG, digest);
    check_digest(digest, long_hex);
}

static void hash__does_not_depend_on_how_bytes_are_cut(void **state)
{
    (void)state;
    static const size_t piece[] = {1, 7, 127, 128, 129, 4096, LONG};
    for (size_t p = 0; p < sizeof piece / sizeof *piece; p++) {
        mt_hash hash;
        uint8_t digest[MT_HASH_BYTES];
        mt_hash_init(&hash);
        mt_hash_update(&hash, NULL, 0);
        for (size_t at = 0; at < LONG; at += piece[p]) {
            size_t n = LONG - at < piece[p] ? LONG - at : piece[p];
            mt_hash_update(&hash, long_text + at, n);
        }
        mt_hash_final(&hash, digest);
        check_digest(digest, long_hex);
    }
}

static void hash__a_copy_goes_its_own_way(void **state)
{
    (void)state;
    mt_hash hash, copy;
    uint8_t digest[MT_HASH_BYTES];
    mt_hash_init(&hash);
    mt_hash_update(&hash, "ab", 2);
    copy = hash;
    mt_hash_update(&hash, "xyz", 3);
    mt_hash_update(&copy, "c", 1);
    mt_hash_final(&copy, digest);
    check_digest(digest, abc_hex);
}

static void hash__every_byte_counts(void **state)
{
    (void)state;
    uint8_t text[64] = {0}, first[MT_HASH_BYTES], other[MT_HASH_BYTES];
    mt_hash_bytes(text, sizeof text, first);
    for (size_t k = 0; k < sizeof text; k++) {
        text[k] ^= 1;
        mt_hash_bytes(text, sizeof text, other);
        assert_memory_not_equal(first, other, MT_HASH_BYTES);
        text[k] ^= 1;
    }
    mt_hash_bytes(text, sizeof text - 1, other); /* and so does the length */
    assert_memory_not_equal(first, other, MT_HASH_BYTES);
}

static void *hash_long_text(void *digest)
{
    mt_hash_bytes(long_text, LONG, digest);
    return NULL;
}

static void hash__threads_hash_side_by_side(void **state)
{
    (void)state;
    pthread_t thread[4];
    uint8_t digest[4][MT_HASH_BYTES];
    for (int k = 0; k < 4; k++)
        assert_int_equal(pthread_create(&thread[k], NULL, hash_long_text, digest[k]), 0);
    for (int k = 0; k < 4; k++) {
        assert_int_equal(pthread_join(thread[k], NULL), 0);
        check_digest(digest[k], long_hex);
    }
}

/* FIPS 180-4, example "abc", and the digest of nothing (NIST, examples with intermediate values). */
static void sha256__gives_the_published_digests(void **state)
{
    (void)state;
    mt_sha256 hash;
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    mt_sha256_init(&hash);
    mt_sha256_final(&hash, digest);
    mt_hash_hex(digest, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    mt_sha256_init(&hash);
    mt_sha256_update(&hash, "a", 1);
    mt_sha256_update(&hash, NULL, 0);
    mt_sha256_update(&hash, "bc", 2);
    mt_sha256_final(&hash, digest);
    mt_hash_hex(digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void make_sha256(const uint8_t *bytes, size_t n, size_t piece, uint8_t digest[MT_HASH_BYTES])
{
    mt_sha256 hash;
    mt_sha256_init(&hash);
    for (size_t at = 0; at < n; at += piece) {
        size_t part = n - at < piece ? n - at : piece;
        mt_sha256_update(&hash, bytes + at, part);
    }
    mt_sha256_final(&hash, digest);
}

/* Source: Python 3.11, hashlib: the digests of the first 0 to 299 bytes of the long text, and theirs. */
static void sha256__pads_every_length_rightly(void **state)
{
    (void)state;
    mt_sha256 all;
    uint8_t digest[MT_HASH_BYTES];
    mt_sha256_init(&all);
    for (size_t n = 0; n < 300; n++) {
        make_sha256(long_text, n, n / 3 + 1, digest);
        mt_sha256_update(&all, digest, sizeof digest);
    }
    mt_sha256_final(&all, digest);
    check_digest(digest, "fa70b867db0a30acb7218d62945db0df52eb393808b30675ea9aac6b058a9a9d");
}

/* Source: `sha256sum` of GNU coreutils 9.1 on the long text. */
static void sha256__does_not_depend_on_how_bytes_are_cut(void **state)
{
    (void)state;
    static const size_t piece[] = {1, 7, 63, 64, 65, 4096, LONG};
    uint8_t digest[MT_HASH_BYTES];
    for (size_t p = 0; p < sizeof piece / sizeof *piece; p++) {
        make_sha256(long_text, LONG, piece[p], digest);
        check_digest(digest, "cd2df694e424bc7968cc37f47751019e5ca0cd1bdf2e479ea537c3a1c32ee1aa");
    }
}

static void hex__has_two_small_digits_a_byte(void **state)
{
    (void)state;
    uint8_t digest[MT_HASH_BYTES] = {0x00, 0x0F, 0xF0, 0xA5, 0xFF};
    char text[MT_HASH_HEX];
    mt_hash_hex(digest, text);
    assert_memory_equal(text, "000ff0a5ff00", 12);
    assert_int_equal(strlen(text), 64);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            hash__threads_hash_side_by_side), /* first, so that the library starts in all of them */
        cmocka_unit_test(hash__gives_the_published_digests),
        cmocka_unit_test(hash__does_not_depend_on_how_bytes_are_cut),
        cmocka_unit_test(hash__a_copy_goes_its_own_way),
        cmocka_unit_test(hash__every_byte_counts),
        cmocka_unit_test(sha256__gives_the_published_digests),
        cmocka_unit_test(sha256__pads_every_length_rightly),
        cmocka_unit_test(sha256__does_not_depend_on_how_bytes_are_cut),
        cmocka_unit_test(hex__has_two_small_digits_a_byte),
    };
    return cmocka_run_group_tests_name("hash", test, make_long_text, NULL);
}
