/* Promises of folder.h. */
#include "io/folder.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void folder__makes_what_is_missing_and_names_what_stands_in_the_way(void **state)
{
    char root[] = "/tmp/merit-folder-XXXXXX", path[64], file[64];
    struct stat about;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/a/b", root);
    snprintf(file, sizeof file, "%s/a/f", root);
    assert_int_equal(mt_folder_make(&cx, path), MT_OK);
    assert_int_equal(mt_folder_make(&cx, path), MT_OK); /* again changes nothing */
    assert_true(stat(path, &about) == 0 && S_ISDIR(about.st_mode));
    FILE *plain = fopen(file, "w");
    assert_non_null(plain);
    fclose(plain);
    assert_int_equal(mt_folder_make(&cx, file), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "a folder is needed"));
    snprintf(path, sizeof path, "%s/a/f/c", root);
    assert_int_equal(mt_folder_make(&cx, path), MT_E_IO);
    unlink(file);
    snprintf(path, sizeof path, "%s/a/b", root);
    rmdir(path);
    snprintf(path, sizeof path, "%s/a", root);
    rmdir(path);
    assert_int_equal(rmdir(root), 0);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(folder__makes_what_is_missing_and_names_what_stands_in_the_way),
    };
    return cmocka_run_group_tests_name("io/folder", test, NULL, NULL);
}
