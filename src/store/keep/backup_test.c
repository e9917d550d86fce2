/* Backups: what comes back is what was there, on the same engine and on the other; damage is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/data/live_store.h"
#include "store/data/series_store.h"
#include "store/keep/backup.h"
#include "store/keep/check.h"
#include "store/keep/manifest.h"
#include "store/testing.h"

#include <fcntl.h>
#include <math.h>

#define HOUR  (3600 * (int64_t)1000000)
#define START ((mt_time)1717200000 * 1000000) /* 2024-06-01T00:00Z */

enum { ROWS = 5000 };

static mt_engine *open_engine(testing *t)
{
    mt_engine *engine;
    if (mt_engine_open(&t->cx, &engine, NULL) != MT_OK) fail_msg("%s", t->cx.err);
    return engine;
}

static mt_code put_rows(mt_ctx *cx, mt_sink *sink, int shift)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "observations", mt_observation_col, NULL, NULL));
    for (int k = 0; k < ROWS; k++) {
        mt_observation row = {.kind = "spot_price",
                              .area = k % 2 ? "DK1"
                                            : "K\xc3\xb8"
                                              "benhavn",
                              .detail = "",
                              .unit = "EUR/MWh",
                              .source = "test",
                              .step = HOUR,
                              .start = START + k / 2 * HOUR,
                              .value = k % 97 == 0 ? NAN : 0.1 * k + shift,
                              .known_at = START + shift,
                              .payload = k % 5 ? NULL : "{\"a\":\"\\u0000b\"}"};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

/* Twice with other values, so that there is a history. */
static void fill(testing *t)
{
    for (int shift = 0; shift < 2; shift++) {
        mt_sink *sink;
        assert_int_equal(mt_series_sink(&t->cx, &sink, NULL, t->store), MT_OK);
        if (put_rows(&t->cx, sink, shift) != MT_OK) fail_msg("%s", t->cx.err);
        mt_sink_close(sink);
    }
    testing_must(
        t, "INSERT INTO stream_offset VALUES ('s', 'c', 't', 0, 7, TIMESTAMPTZ '2024-06-01 00:00:00+00')");
    testing_must(t, "INSERT INTO dead_letter VALUES ('s', 't', 0, 1, NULL, 'why', NULL, 'x', 0)");
}

static void empty(testing *t)
{
    /* names of series stay: the store knows which it has written */
    static const char *const table[] = {"observation", "observation_history", "stream_offset", "dead_letter",
                                        "price_test"};
    char sql[96];
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", table[k]);
        testing_must(t, sql);
    }
}

static void take_backup(testing *t, mt_kept *kept, char *folder)
{
    mt_engine *engine = open_engine(t);
    snprintf(folder, 96, "%s/backup", t->dir);
    testing_remove(folder);
    empty(t);
    fill(t);
    if (mt_backup_write(&t->cx, kept, t->store, engine, folder) != MT_OK) fail_msg("%s", t->cx.err);
    mt_engine_close(engine);
}

static const mt_kept_table *find(const mt_kept *kept, const char *name)
{
    for (size_t k = 0; k < kept->n; k++)
        if (strcmp(kept->table[k].name, name) == 0) return &kept->table[k];
    fail_msg("no table %s", name);
    return NULL;
}

static void backup__restores_every_row_into_the_embedded_engine(void **state)
{
    testing *t = *state;
    char folder[96], url[160];
    mt_kept kept, restored, now;
    mt_store *other;
    take_backup(t, &kept, folder);
    assert_int_equal(find(&kept, "observation")->sum.rows, ROWS);
    assert_int_equal(find(&kept, "observation_history")->sum.rows, ROWS - (ROWS + 96) / 97);
    snprintf(url, sizeof url, "duckdb:%s/other", t->dir);
    testing_must(t, "CREATE TABLE IF NOT EXISTS price_test (place BIGINT, start TIMESTAMPTZ, price DOUBLE "
                    "PRECISION, volume BIGINT, note TEXT, flag BOOLEAN)");
    mt_store_options options = {.size = sizeof options, .url = url, .temp_dir = "/tmp"};
    mt_engine *engine = open_engine(t);
    assert_int_equal(mt_store_open(&t->cx, &other, &options), MT_OK);
    /* the table of the tests themselves is none of the migrations': it is missing there and is told */
    assert_int_equal(mt_backup_restore(&t->cx, &restored, other, engine, folder), MT_E_CONFLICT);
    if (!strstr(t->cx.err, "price_test")) fail_msg("%s", t->cx.err);
    testing_must(t, "DROP TABLE price_test");
    testing_remove(folder);
    assert_int_equal(mt_backup_write(&t->cx, &kept, t->store, engine, folder), MT_OK);
    if (mt_backup_restore(&t->cx, &restored, other, engine, folder) != MT_OK) fail_msg("%s", t->cx.err);
    assert_int_equal(mt_store_sums(&t->cx, &now, other), MT_OK);
    assert_int_equal(now.n, kept.n);
    for (size_t k = 0; k < kept.n; k++) {
        assert_string_equal(now.table[k].name, kept.table[k].name);
        if (now.table[k].sum.rows != kept.table[k].sum.rows || now.table[k].sum.sum != kept.table[k].sum.sum)
            fail_msg("%s differs after the restore", kept.table[k].name);
    }
    assert_int_equal(mt_backup_restore(&t->cx, &restored, other, engine, folder), MT_E_CONFLICT);
    mt_store_close(other);
    mt_engine_close(engine);
    char path[160];
    snprintf(path, sizeof path, "%s/other", t->dir);
    unlink(path);
    testing_must(t,
                 "CREATE TABLE price_test (place BIGINT, start TIMESTAMPTZ, price DOUBLE PRECISION, volume "
                 "BIGINT, note TEXT, flag BOOLEAN)");
}

static void damage(const char *folder, const char *file, off_t at)
{
    char path[160], byte = 0;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte = (char)(byte ^ 0x55);
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void backup__tells_a_file_that_is_not_what_was_written(void **state)
{
    testing *t = *state;
    char folder[96];
    mt_kept kept, again;
    take_backup(t, &kept, folder);
    mt_engine *engine = open_engine(t);
    assert_int_equal(mt_backup_read(&t->cx, &again, engine, folder), MT_OK);
    for (size_t k = 0; k < again.n; k++) assert_true(mt_kept_equal(&again.table[k]));
    damage(folder, "observation.parquet", 1000);
    mt_code code = mt_backup_read(&t->cx, &again, engine, folder);
    if (code == MT_OK) assert_false(mt_kept_equal(find(&again, "observation")));
    mt_engine_close(engine);
}

static void backup__needs_a_folder_of_its_own_and_a_manifest(void **state)
{
    testing *t = *state;
    char folder[96], manifest[120];
    mt_kept kept;
    take_backup(t, &kept, folder);
    mt_engine *engine = open_engine(t);
    assert_int_equal(mt_backup_write(&t->cx, &kept, t->store, engine, folder), MT_E_CONFLICT);
    snprintf(manifest, sizeof manifest, "%s/manifest.json", folder);
    unlink(manifest);
    assert_int_equal(mt_backup_read(&t->cx, &kept, engine, folder), MT_E_ABSENT);
    mt_engine_close(engine);
}

static void manifest__refuses_names_that_leave_the_folder(void **state)
{
    testing *t = *state;
    static const char *const bad[] = {
        "{\"merit_backup\":2}", "[]", "{",
        "{\"merit_backup\":1,\"version\":2,\"engine\":\"x\",\"made_at\":\"2024-01-01T00:00Z\",\"tables\":[{"
        "\"name\":\"../x\",\"rows\":1,\"sum\":\"0000000000000000\"}]}",
        "{\"merit_backup\":1,\"version\":2,\"engine\":\"x\",\"made_at\":\"2024-01-01T00:00Z\",\"tables\":[{"
        "\"name\":\"x\",\"rows\":-1,\"sum\":\"0000000000000000\"}]}"};
    mt_kept kept;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(mt_manifest_parse(&t->cx, &kept, "m", bad[k], strlen(bad[k])), MT_E_INPUT);
}

static void store__every_promise_holds_and_a_broken_one_is_counted(void **state)
{
    testing *t = *state;
    mt_promise *promise;
    size_t n;
    empty(t);
    fill(t);
    assert_int_equal(mt_store_check(&t->cx, &promise, &n, t->store), MT_OK);
    for (size_t k = 0; k < n; k++)
        if (promise[k].broken)
            fail_msg("%s: %s: %d", promise[k].table, promise[k].text, (int)promise[k].broken);
    testing_must(t, "DELETE FROM series WHERE area = 'DK1'");
    assert_int_equal(mt_store_check(&t->cx, &promise, &n, t->store), MT_OK);
    int64_t broken = 0;
    for (size_t k = 0; k < n; k++) broken += promise[k].broken;
    assert_int_equal(broken, ROWS / 2); /* the values of DK1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backup__restores_every_row_into_the_embedded_engine),
        cmocka_unit_test(backup__tells_a_file_that_is_not_what_was_written),
        cmocka_unit_test(backup__needs_a_folder_of_its_own_and_a_manifest),
        cmocka_unit_test(manifest__refuses_names_that_leave_the_folder),
        cmocka_unit_test(store__every_promise_holds_and_a_broken_one_is_counted),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "backup");
}
