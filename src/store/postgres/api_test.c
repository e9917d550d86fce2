/* Tests of the client library's loading: there, missing, too old. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/postgres/api.h"

#include <pthread.h>
#include <string.h>

enum { THREADS = 4 };

static void api__functions_of_the_system_library_are_found(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_libpq_api api;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_libpq_load(&cx, &api, NULL), MT_OK);
    assert_int_equal(api.PQresultStatus(NULL), PGRES_FATAL_ERROR); /* what libpq says of no result */
    mt_libpq_unload(&api);
    mt_ctx_close(&cx);
}

static void api__missing_library_names_the_package(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_libpq_api api;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_libpq_load(&cx, &api, "/nowhere/libpq.so.5"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "/nowhere/libpq.so.5"));
    assert_non_null(strstr(cx.err, "Debian package libpq5"));
    mt_ctx_close(&cx);
}

static void api__library_without_a_function_is_refused_by_its_name(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_libpq_api api;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_libpq_load(&cx, &api, "libc.so.6"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "libc.so.6 has no function PQconnectStartParams"));
    mt_ctx_close(&cx);
}

static void *load_and_use(void *arg)
{
    mt_ctx cx;
    mt_libpq_api api;
    mt_ctx_init(&cx, NULL);
    mt_code *code = arg;
    *code = mt_libpq_load(&cx, &api, NULL);
    if (*code == MT_OK) {
        if (api.PQresultStatus(NULL) != PGRES_FATAL_ERROR) *code = MT_E_FAILED;
        mt_libpq_unload(&api);
    }
    mt_ctx_close(&cx);
    return NULL;
}

static void api__many_threads_load_at_once(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    mt_code code[THREADS];
    for (int k = 0; k < THREADS; k++)
        assert_int_equal(pthread_create(&thread[k], NULL, load_and_use, &code[k]), 0);
    for (int k = 0; k < THREADS; k++) {
        pthread_join(thread[k], NULL);
        assert_int_equal(code[k], MT_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(api__functions_of_the_system_library_are_found),
        cmocka_unit_test(api__missing_library_names_the_package),
        cmocka_unit_test(api__library_without_a_function_is_refused_by_its_name),
        cmocka_unit_test(api__many_threads_load_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
