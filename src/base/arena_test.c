/* Tests of the arena: addresses, limits, going back to a mark, and where its blocks come from. */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* An allocator that counts, and that can be told to fail. */
struct counter {
    size_t gets, puts, bytes, fail_from;
};

static void *get_counted(void *arg, size_t size)
{
    struct counter *counter = arg;
    if (counter->fail_from && counter->gets + 1 >= counter->fail_from) return NULL;
    counter->gets++;
    counter->bytes += size;
    return malloc(size);
}

static void put_counted(void *arg, void *block, size_t size)
{
    struct counter *counter = arg;
    counter->puts++;
    counter->bytes -= size;
    free(block);
}

static mt_allocator counted(struct counter *counter)
{
    return (mt_allocator){.get = get_counted, .put = put_counted, .arg = counter};
}

static void arena__every_address_suits_any_type(void **state)
{
    (void)state;
    mt_arena arena;
    mt_arena_init(&arena, NULL, 0);
    for (size_t size = 0; size < 5000; size += 7) {
        char *value = mt_arena_get(&arena, size);
        assert_non_null(value);
        assert_int_equal((uintptr_t)value % 16, 0);
        for (size_t k = 0; k < size; k++) assert_int_equal(value[k], 0);
        memset(value, 0xA5, size);
    }
    mt_arena_close(&arena);
    assert_int_equal(arena.held_bytes, 0);
}

static void arena__values_of_no_size_differ(void **state)
{
    (void)state;
    mt_arena arena;
    mt_arena_init(&arena, NULL, 0);
    void *a = mt_arena_get(&arena, 0), *b = mt_arena_raw(&arena, 0);
    assert_non_null(a);
    assert_ptr_not_equal(a, b);
    mt_arena_close(&arena);
}

static void arena__a_value_larger_than_a_block_gets_one_of_its_own(void **state)
{
    (void)state;
    struct counter counter = {0};
    mt_allocator allocator = counted(&counter);
    mt_arena arena;
    mt_arena_init(&arena, &allocator, 0);
    char *small = mt_arena_get(&arena, 8);
    char *large = mt_arena_get(&arena, (size_t)5 << 20);
    assert_non_null(large);
    large[0] = large[((size_t)5 << 20) - 1] = 1;
    small[0] = 1;
    assert_int_equal(counter.gets, 2);
    assert_true(counter.bytes < ((size_t)5 << 20) + ((size_t)64 << 10));
    mt_arena_close(&arena);
    assert_int_equal(counter.gets, counter.puts);
    assert_int_equal(counter.bytes, 0);
}

static void arena__reset_frees_what_came_after_the_mark(void **state)
{
    (void)state;
    struct counter counter = {0};
    mt_allocator allocator = counted(&counter);
    mt_arena arena;
    mt_arena_init(&arena, &allocator, 0);
    char *kept = mt_arena_get(&arena, 100);
    memset(kept, 'k', 100);
    mt_mark mark = mt_arena_mark(&arena);
    size_t held = arena.held_bytes;
    char *first = mt_arena_get(&arena, 64);
    for (int round = 0; round < 50; round++) {
        for (int k = 0; k < 100; k++) assert_non_null(mt_arena_get(&arena, 4096));
        mt_arena_reset(&arena, mark);
        assert_int_equal(arena.held_bytes, held);
        assert_int_equal(counter.bytes, held);
    }
    char *again = mt_arena_raw(&arena, 64);
    assert_ptr_equal(again, first);
    for (int k = 0; k < 100; k++) assert_int_equal(kept[k], 'k');
    mt_arena_close(&arena);
}

static void arena__get_is_zeroed_where_memory_is_used_again(void **state)
{
    (void)state;
    mt_arena arena;
    mt_arena_init(&arena, NULL, 0);
    assert_non_null(mt_arena_get(&arena, 1));
    mt_mark mark = mt_arena_mark(&arena);
    memset(mt_arena_raw(&arena, 256), 0xFF, 256);
    mt_arena_reset(&arena, mark);
    char *value = mt_arena_get(&arena, 256);
    for (int k = 0; k < 256; k++) assert_int_equal(value[k], 0);
    mt_arena_close(&arena);
}

static void arena__a_mark_of_an_empty_arena_frees_everything(void **state)
{
    (void)state;
    struct counter counter = {0};
    mt_allocator allocator = counted(&counter);
    mt_arena arena;
    mt_arena_init(&arena, &allocator, 0);
    mt_mark mark = mt_arena_mark(&arena);
    for (int k = 0; k < 100; k++) assert_non_null(mt_arena_get(&arena, 1000));
    mt_arena_reset(&arena, mark);
    assert_int_equal(counter.bytes, 0);
    assert_int_equal(arena.held_bytes, 0);
    assert_non_null(mt_arena_get(&arena, 10));
    mt_arena_close(&arena);
}

static void arena__marks_nest(void **state)
{
    (void)state;
    mt_arena arena;
    mt_mark mark[8];
    unsigned char *value[8];
    mt_arena_init(&arena, NULL, 0);
    for (int round = 0; round < 4; round++) {
        for (int k = 0; k < 8; k++) {
            mark[k] = mt_arena_mark(&arena);
            value[k] = mt_arena_raw(&arena, (size_t)9000 * (size_t)(k + 1));
            memset(value[k], k, (size_t)9000 * (size_t)(k + 1));
        }
        for (int k = 7; k >= 0; k--) {
            for (int j = 0; j <= k; j++) assert_int_equal(value[j][8999], j);
            mt_arena_reset(&arena, mark[k]);
        }
    }
    mt_arena_close(&arena);
}

static void arena__never_holds_more_than_its_limit(void **state)
{
    (void)state;
    enum { LIMIT = 100000 };
    struct counter counter = {0};
    mt_allocator allocator = counted(&counter);
    mt_arena arena;
    mt_arena_init(&arena, &allocator, LIMIT);
    size_t got = 0;
    while (mt_arena_get(&arena, 1000)) {
        got += 1000;
        assert_true(counter.bytes <= LIMIT);
        assert_true(got <= LIMIT);
    }
    assert_true(got > LIMIT * 8 / 10); /* the limit can be used up, not half of it */
    assert_null(mt_arena_get(&arena, LIMIT));
    mt_arena_reset(&arena, (mt_mark){0});
    assert_non_null(mt_arena_get(&arena, LIMIT / 2)); /* a refusal breaks nothing */
    mt_arena_close(&arena);
}

static void arena__impossible_sizes_are_refused(void **state)
{
    (void)state;
    mt_arena arena;
    mt_arena_init(&arena, NULL, 0);
    for (size_t less = 0; less < 64; less++) assert_null(mt_arena_raw(&arena, SIZE_MAX - less));
    assert_non_null(mt_arena_raw(&arena, 8));
    mt_arena_close(&arena);
}

static void arena__a_failing_allocator_is_told_to_the_caller(void **state)
{
    (void)state;
    struct counter counter = {.fail_from = 2};
    mt_allocator allocator = counted(&counter);
    mt_arena arena;
    mt_arena_init(&arena, &allocator, 0);
    size_t held = 0;
    while (mt_arena_get(&arena, 1024)) held = arena.held_bytes;
    assert_int_equal(arena.held_bytes, held);
    counter.fail_from = 0;
    assert_non_null(mt_arena_get(&arena, 1024));
    mt_arena_close(&arena);
    assert_int_equal(counter.bytes, 0);
}

static void arena__fails_from_the_asked_allocation_on(void **state)
{
    (void)state;
    mt_arena arena;
    mt_arena_init(&arena, NULL, 0);
    arena.fail_at = 3;
    assert_non_null(mt_arena_get(&arena, 1));
    assert_non_null(mt_arena_raw(&arena, 1));
    assert_null(mt_arena_get(&arena, 1));
    assert_null(mt_arena_raw(&arena, 1));
    assert_int_equal(arena.allocations, 4);
    arena.fail_at = 0;
    assert_non_null(mt_arena_get(&arena, 1));
    mt_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(arena__every_address_suits_any_type),
        cmocka_unit_test(arena__values_of_no_size_differ),
        cmocka_unit_test(arena__a_value_larger_than_a_block_gets_one_of_its_own),
        cmocka_unit_test(arena__reset_frees_what_came_after_the_mark),
        cmocka_unit_test(arena__get_is_zeroed_where_memory_is_used_again),
        cmocka_unit_test(arena__a_mark_of_an_empty_arena_frees_everything),
        cmocka_unit_test(arena__marks_nest),
        cmocka_unit_test(arena__never_holds_more_than_its_limit),
        cmocka_unit_test(arena__impossible_sizes_are_refused),
        cmocka_unit_test(arena__a_failing_allocator_is_told_to_the_caller),
        cmocka_unit_test(arena__fails_from_the_asked_allocation_on),
    };
    return cmocka_run_group_tests_name("arena", test, NULL, NULL);
}
