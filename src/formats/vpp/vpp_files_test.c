/* Tests of finding a portfolio's files: kinds, order, digests, duplicates, and folders that are none. */
#include "formats/vpp/vpp_files.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"
#include "io/folder.h"

#include <ftw.h>
#include <sys/stat.h>

static char folder[64];
static const mt_vpp_file *found;
static size_t n_found;

static int open_folder(void **state)
{
    snprintf(folder, sizeof folder, "/tmp/merit-vpp-XXXXXX");
    memset(&got, 0, sizeof got);
    return mkdtemp(folder) == NULL || ctx_case_open(state) != 0;
}

static int drop(const char *path, const struct stat *about, int flag, struct FTW *ftw)
{
    (void)about, (void)flag, (void)ftw;
    return remove(path);
}

static int close_folder(void **state)
{
    nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
    return ctx_case_close(state);
}

static void put(const char *name, const char *text)
{
    const char *path, *last = strrchr(name, '/');
    assert_int_equal(
        mt_text_format(&ctx_case, &path, "%s/%.*s", folder, last != NULL ? (int)(last - name) : 0, name),
        MT_OK);
    assert_int_equal(mt_folder_make(&ctx_case, path), MT_OK);
    assert_int_equal(mt_text_format(&ctx_case, &path, "%s/%s", folder, name), MT_OK);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void find_all(const mt_vpp_options *options)
{
    if (mt_vpp_files(&ctx_case, &found, &n_found, folder, options, &case_taker) != MT_OK)
        fail_msg("%s", ctx_case.err);
}

static void check_names(const char *const *wanted, size_t n)
{
    for (size_t k = 0; k < n && k < n_found; k++) assert_string_equal(found[k].origin.name, wanted[k]);
    assert_int_equal(n_found, n);
}

static void vpp_files__stand_by_kind_then_version_then_name(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "crm/asset_contracts_20250525_043000.csv",
        "crm/asset_contracts_20250601_043000.csv",
        "crm/parties.json",
        "2025/06/final_production_A_20250608.csv",
        "distribution_system_operator/final_production_A_20250609.csv",
        "distribution_system_operator/final_production_B_20250609.csv",
        "vpp/live_measured_infeed/SOL02_20250608.json",
        "exchange/Private_Trades-20250608-20250609T000516000Z.csv.gz",
    };
    for (size_t k = 0; k < 8; k++) put(wanted[7 - k], "x");
    put("notes.txt", "x");
    put(".hidden/crm/asset_contracts_20250615_043000.csv", "x");
    find_all(&case_all);
    check_names(wanted, 8);
    assert_int_equal(found[0].kind, MT_VPP_CONTRACTS);
    assert_int_equal(found[0].origin.version, case_at("2025-05-25T04:30:00Z"));
    assert_int_equal(found[0].origin.bytes, 1);
    assert_null(found[0].origin.sha256);
    assert_string_equal(found[4].subject, "A");
    assert_int_equal(got.n_finding, 1);
    case_check_finding(MT_F_UNKNOWN_FILE, 1, "notes.txt");
}

static void vpp_files__kinds_that_nobody_wants_are_left_out(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.kinds = 1u << MT_VPP_LIVE;
    put("crm/parties.json", "{}");
    put("vpp/live_measured_infeed/SOL02_20250608.json", "{}");
    find_all(&options);
    assert_int_equal(n_found, 1);
    assert_int_equal(found[0].kind, MT_VPP_LIVE);
    options.kinds = 1u << MT_VPP_REBAP;
    find_all(&options);
    assert_int_equal(n_found, 0);
}

static void vpp_files__days_far_from_what_is_asked_for_are_left_out(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    static const char *const wanted[] = {
        "crm/parties.json",
        "dso/final_production_A_20250605.csv",
        "dso/final_production_A_20250612.csv",
        "live_measured_infeed/SOL02_20250608.json",
    };
    for (size_t k = 0; k < 4; k++) put(wanted[k], "x");
    put("dso/final_production_A_20250604.csv", "x");
    put("dso/final_production_A_20250613.csv", "x");
    put("live_measured_infeed/SOL02_20250513.json", "x");
    options.from = case_at("2025-06-07T22:00:00Z");
    options.until = case_at("2025-06-10T22:00:00Z");
    find_all(&options);
    check_names(wanted, 4);
    find_all(&case_all);
    assert_int_equal(n_found, 7);
}

/* The digest of "abc": FIPS 180-4. */
static void vpp_files__the_same_bytes_of_one_thing_are_read_once(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.digests = true;
    put("crm/asset_contracts_20250601_043000.csv", "abc");
    put("crm/asset_contracts_20250608_043000.csv", "abc");
    put("crm/asset_contracts_20250615_043000.csv", "abd");
    put("dso/redispatch_flag_A_20250608_1201.csv", "abc"); /* flags of two plants are two things */
    put("dso/redispatch_flag_B_20250608_1201.csv", "abc");
    find_all(&options);
    static const char *const wanted[] = {
        "crm/asset_contracts_20250601_043000.csv", "crm/asset_contracts_20250615_043000.csv",
        "dso/redispatch_flag_A_20250608_1201.csv", "dso/redispatch_flag_B_20250608_1201.csv"};
    check_names(wanted, 4);
    assert_string_equal(found[0].origin.sha256,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(got.n_finding, 1);
    case_check_finding(MT_F_DUPLICATE_FILE, 1, "20250608_043000.csv has the bytes of");
    got.n_finding = 0;
    find_all(&case_all);
    assert_int_equal(n_found, 5); /* nobody asked for digests */
    assert_int_equal(got.n_finding, 0);
}

static void vpp_files__going_back_to_older_bytes_is_news(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.digests = true;
    put("crm/asset_contracts_20250601_043000.csv", "abc");
    put("crm/asset_contracts_20250608_043000.csv", "abd");
    put("crm/asset_contracts_20250615_043000.csv", "abc");
    find_all(&options);
    assert_int_equal(n_found, 3);
    assert_int_equal(got.n_finding, 0);
}

static void vpp_files__first_bytes_tell_where_the_name_does_not(void **state)
{
    (void)state;
    put("export.csv", "# Public Trades - 2025-06-08;;;;\n" MT_VPP_HEADER_TRADES "\n");
    put("points.json", "{\"key\":{\"asset_id\":\"A\",\"type_id\":\"power-measurement-live\"}}");
    put("empty.csv", "");
    find_all(&case_all);
    assert_int_equal(n_found, 2);
    assert_int_equal(found[0].kind, MT_VPP_LIVE);
    assert_int_equal(found[1].kind, MT_VPP_PUBLIC_TRADES);
    case_check_finding(MT_F_UNKNOWN_FILE, 1, "empty.csv");
}

static void vpp_files__a_folder_without_any_is_absent(void **state)
{
    (void)state;
    put("notes.txt", "x");
    assert_int_equal(mt_vpp_files(&ctx_case, &found, &n_found, folder, &case_all, &case_taker), MT_E_ABSENT);
    assert_non_null(strstr(ctx_case.err, "looked for crm/asset_contracts_*.csv"));
    assert_int_equal(mt_vpp_files(&ctx_case, &found, &n_found, "/tmp/merit-no-such-folder", NULL, NULL),
                     MT_E_ABSENT);
    assert_non_null(strstr(ctx_case.err, "no folder"));
}

static void vpp_files__a_list_is_read_file_by_file(void **state)
{
    (void)state;
    put("vpp/live_measured_infeed/A_20250608.json",
        "{\"key\":{\"asset_id\":\"A\"},\"column_ids\":[\"timestamp\",\"value\"],\"values\":"
        "[[1749333600000],[1]]}");
    put("vpp/live_measured_infeed/B_20250608.json", "{");
    put("schedule/schedule_A_20250608.csv", MT_VPP_HEADER_SCHEDULE "\n2025-06-08 00:00 UTC,1\n");
    find_all(&case_all);
    for (size_t k = 0; k < n_found; k++)
        assert_int_equal(mt_vpp_file_read(&ctx_case, &found[k], &case_all, &case_taker), MT_OK);
    assert_int_equal(got.n_origin, 3);
    assert_int_equal(got.n_live, 1);
    assert_int_equal(got.n_schedule, 1);
    case_check_finding(MT_F_BAD_FILE, 1, "B_20250608.json byte 2");
}

/* RFC 1952 with one stored block of RFC 1951; returns the length. */
static size_t pack(const char *text, unsigned char *out)
{
    static const unsigned char head[10] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3};
    size_t n = strlen(text);
    uint32_t crc = UINT32_MAX;
    for (size_t k = 0; k < n; k++) {
        crc ^= (unsigned char)text[k];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    memcpy(out, head, 10);
    unsigned char block[5] = {1, n & 255, (unsigned char)(n >> 8), ~n & 255, (unsigned char)(~n >> 8)};
    memcpy(out + 10, block, 5);
    memcpy(out + 15, text, n);
    for (int k = 0; k < 4; k++) {
        out[15 + n + (size_t)k] = (unsigned char)(~crc >> 8 * k);
        out[19 + n + (size_t)k] = (unsigned char)(n >> 8 * k);
    }
    return n + 23;
}

static void vpp_files__packed_files_are_unpacked_and_cut_ones_are_bad(void **state)
{
    (void)state;
    unsigned char packed[400];
    size_t n = pack(MT_VPP_HEADER_SCHEDULE "\n2025-06-08 00:00 UTC,1\n", packed);
    const char *name = "schedule/schedule_A_20250608.csv.gz";
    assert_int_equal(case_read_bytes(name, (mt_text){(char *)packed, n}, &case_all), MT_OK);
    assert_int_equal(got.n_schedule, 1);
    assert_int_equal(got.n_finding, 0);
    assert_int_equal(case_read_bytes(name, (mt_text){(char *)packed, n - 9}, &case_all), MT_OK);
    assert_int_equal(got.n_schedule, 0);
    case_check_finding(MT_F_BAD_FILE, 1, name);
}

static void vpp_files__a_file_that_has_gone_is_an_error(void **state)
{
    (void)state;
    mt_vpp_file gone = {.kind = MT_VPP_LIVE, .origin = {.name = "x.json"}, .path = "/tmp/merit-no-such-file"};
    assert_int_equal(mt_vpp_file_read(&ctx_case, &gone, &case_all, &case_taker), MT_E_IO);
    gone.kind = MT_VPP_UNKNOWN;
    assert_int_equal(mt_vpp_file_read(&ctx_case, &gone, &case_all, &case_taker), MT_E_INPUT);
}

static int blocks_left;

static void *get_some(void *arg, size_t size)
{
    (void)arg;
    return blocks_left-- > 0 ? malloc(size) : NULL;
}

static void put_back(void *arg, void *block, size_t size)
{
    (void)arg, (void)size;
    free(block);
}

/* Whichever block of memory is the first that is not to be had, the sentence says so and nothing is lost. */
static void vpp_files__memory_that_runs_out_is_told(void **state)
{
    (void)state;
    const mt_vpp_taker nobody = {.finding = NULL};
    put("exchange/Private_Trades-20250608.csv", MT_VPP_HEADER_TRADES "\n1;SELL;x\n");
    put("crm/asset_contracts_20250608_043000.csv", MT_VPP_HEADER_CONTRACTS "\nA,B\n");
    put("vpp/live_measured_infeed/B_20250608.json", "{\"key\":{\"asset_id\":\"A\"}");
    find_all(&case_all);
    for (size_t k = 0; k < n_found; k++) {
        mt_code code = MT_E_MEMORY;
        for (int blocks = 0; code != MT_OK && blocks < 40; blocks++) {
            mt_ctx cx;
            mt_ctx_options options = {.size = sizeof options, .allocator = {get_some, put_back, NULL}};
            mt_ctx_init(&cx, &options);
            blocks_left = blocks;
            code = mt_vpp_file_read(&cx, &found[k], &case_all,
                                    found[k].kind == MT_VPP_LIVE ? &nobody : &case_taker);
            if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
            mt_ctx_close(&cx);
        }
        assert_int_equal(code, MT_OK);
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_FOLDER(vpp_files__stand_by_kind_then_version_then_name),
        IN_FOLDER(vpp_files__kinds_that_nobody_wants_are_left_out),
        IN_FOLDER(vpp_files__days_far_from_what_is_asked_for_are_left_out),
        IN_FOLDER(vpp_files__the_same_bytes_of_one_thing_are_read_once),
        IN_FOLDER(vpp_files__going_back_to_older_bytes_is_news),
        IN_FOLDER(vpp_files__first_bytes_tell_where_the_name_does_not),
        IN_FOLDER(vpp_files__a_folder_without_any_is_absent),
        IN_FOLDER(vpp_files__a_list_is_read_file_by_file),
        IN_FOLDER(vpp_files__packed_files_are_unpacked_and_cut_ones_are_bad),
        IN_FOLDER(vpp_files__memory_that_runs_out_is_told),
        IN_FOLDER(vpp_files__a_file_that_has_gone_is_an_error),
    };
    return cmocka_run_group_tests_name("vpp files", test, NULL, NULL);
}
