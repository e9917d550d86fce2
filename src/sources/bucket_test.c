/* Buckets that speak S3: recorded lists and a real server; signatures are computed a second time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sources/folder_files.h"
#include "sources/sigv4_case.h"
#include "sources/testing.h"

#define KEY    "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static mt_code tell_secret(mt_ctx *cx, void *arg, const char **out, const char *name)
{
    const char *const *pair = arg;
    (void)cx;
    *out = NULL;
    for (; pair && *pair; pair += 2)
        if (strcmp(pair[0], name) == 0) *out = pair[1];
    return MT_OK;
}

static const char *keys[] = {"AWS_ACCESS_KEY_ID", KEY, "AWS_SECRET_ACCESS_KEY", SECRET, NULL};

static mt_folder_place place_of(testing *t, const char *url)
{
    return (mt_folder_place){.size = sizeof(mt_folder_place),
                             .url = url,
                             .endpoint = t->server->url,
                             .region = "eu-central-1",
                             .http = t->http,
                             .secret = tell_secret,
                             .arg = keys};
}

#define FILE_OF(key, size, etag)                                                                             \
    "<Contents><Key>" key "</Key><LastModified>2025-06-08T04:30:00.000Z</LastModified><ETag>&quot;" etag     \
    "&quot;</ETag><Size>" size "</Size><Owner><ID>1</ID></Owner></Contents>"
#define LIST_OF(rest)                                                                                        \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>" rest "</ListBucketResult>"

static const testing_route pages[] = {
    {.match = "/merit/?list-type=2&max-keys=1000&prefix=crm%2F",
     .type = "application/xml",
     .body = LIST_OF(
         "<IsTruncated>true</IsTruncated><NextContinuationToken>1/a b+==</NextContinuationToken>" FILE_OF(
             "crm/", "0", "0") FILE_OF("crm/list_20250601.csv", "3", "aa"))},
    {.match = "/merit/?continuation-token=1%2Fa%20b%2B%3D%3D&list-type=2&max-keys=1000&prefix=crm%2F",
     .type = "application/xml",
     .body = LIST_OF("<IsTruncated>false</IsTruncated>" FILE_OF("crm/list_20250608.csv", "5", "bb")
                         FILE_OF("crm/Z\xC3\xA4hler &amp; Co.csv", "0", "cc"))},
    {.match = "/merit/crm/list_20250608.csv", .status = 206, .body = "hello"},
    {.match = "/merit/crm/Z%C3%A4hler%20%26%20Co.csv", .body = ""},
    {0}};

static void bucket__lists_page_after_page_and_opens(void **state)
{
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    int fd = -1;
    char text[16];
    (void)state;
    testing_begin(&t, NULL, pages);
    mt_folder_place place = place_of(&t, "s3://merit/crm");
    if (mt_folder_list(&t.cx, &place, &entry, &n) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(n, 3); /* the marker of the folder is no file */
    assert_string_equal(entry[0].name, "Z\xC3\xA4hler & Co.csv");
    assert_string_equal(entry[0].url, "s3://merit/crm/Z%C3%A4hler%20%26%20Co.csv");
    assert_string_equal(entry[1].name, "list_20250608.csv");
    assert_int_equal(entry[1].rank, 0);
    assert_string_equal(entry[1].etag, "\"bb\"");
    assert_int_equal(entry[1].modified, testing_time("2025-06-08T04:30Z"));
    assert_int_equal(entry[2].rank, 1);
    assert_int_equal(mt_folder_open(&t.cx, &place, &entry[1], &fd), MT_OK);
    assert_int_equal(read(fd, text, sizeof text), 5);
    assert_memory_equal(text, "hello", 5);
    close(fd);
    assert_true(testing_saw(t.server, "Range: bytes=0-16777215"));
    assert_true(testing_saw(t.server, "If-Match: \"bb\""));
    assert_int_equal(mt_folder_open(&t.cx, &place, &entry[0], &fd), MT_OK);
    assert_int_equal(read(fd, text, sizeof text), 0);
    close(fd);
    testing_end(&t);
}

/* Every request, of a list and of a file, as Amazon would compute it. */
static void bucket__signs_as_the_rule_says(void **state)
{
    static const char *token[] = {
        "AWS_ACCESS_KEY_ID", KEY, "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_SESSION_TOKEN", "t0ken", NULL};
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    int fd = -1;
    char names[SIGV4_TEXT];
    (void)state;
    testing_begin(&t, NULL, pages);
    mt_folder_place place = place_of(&t, "s3://merit/crm/");
    place.arg = token;
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_OK);
    assert_int_equal(mt_folder_open(&t.cx, &place, &entry[0], &fd), MT_OK);
    close(fd);
    assert_int_equal(t.server->n, 3);
    for (size_t k = 0; k < t.server->n; k++) {
        if (!sigv4_is_right(t.server->request[k], SECRET, names))
            fail_msg("a wrong signature:\n%s", t.server->request[k]);
        assert_false(sigv4_is_right(t.server->request[k], SECRET "x", names));
        assert_non_null(strstr(names, "host"));
        assert_non_null(strstr(names, "x-amz-content-sha256"));
        assert_non_null(strstr(names, "x-amz-security-token"));
        assert_non_null(strstr(t.server->request[k], "/eu-central-1/s3/aws4_request"));
    }
    assert_null(strstr(t.log, SECRET));
    assert_null(strstr(t.log, "t0ken"));
    testing_end(&t);
}

static void bucket__asks_unsigned_without_a_key(void **state)
{
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    (void)state;
    testing_begin(&t, NULL, pages);
    mt_folder_place place = place_of(&t, "s3://merit/crm");
    place.secret = NULL;
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_OK);
    assert_false(testing_saw(t.server, "Authorization:"));
    static const char *half[] = {"AWS_ACCESS_KEY_ID", KEY, NULL};
    place.secret = tell_secret;
    place.arg = half;
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_E_AUTH);
    assert_non_null(strstr(t.cx.err, "AWS_SECRET_ACCESS_KEY go together; the second is missing"));
    testing_end(&t);
}

static void refuse(const testing_route *routes, mt_code wanted, const char *says)
{
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    testing_begin(&t, NULL, routes);
    mt_folder_place place = place_of(&t, "s3://merit/crm");
    mt_code code = mt_folder_list(&t.cx, &place, &entry, &n);
    if (code != wanted) fail_msg("code %d, not %d: %s", code, wanted, t.cx.err);
    if (!strstr(t.cx.err, says)) fail_msg("\"%s\" does not say \"%s\"", t.cx.err, says);
    assert_null(strstr(t.cx.err, SECRET));
    testing_end(&t);
}

static void bucket__takes_no_nonsense_for_a_list(void **state)
{
    static const testing_route html[] = {{.match = "*", .body = "<!DOCTYPE html><html></html>"}, {0}};
    static const testing_route half[] = {{.match = "*", .body = "<ListBucketResult><Contents><Key>cr"}, {0}};
    static const testing_route empty[] = {{.match = "*", .body = ""}, {0}};
    static const testing_route other[] = {{.match = "*", .body = "<Error><Code>SlowDown</Code></Error>"},
                                          {0}};
    static const testing_route lost[] = {{.match = "*", .body = LIST_OF("<IsTruncated>true</IsTruncated>")},
                                         {0}};
    static const testing_route away[] = {{.match = "*", .body = LIST_OF(FILE_OF("other/x", "1", "a"))}, {0}};
    static const testing_route size[] = {{.match = "*", .body = LIST_OF(FILE_OF("crm/x", "-1", "a"))}, {0}};
    static const testing_route denied[] = {
        {.match = "*", .status = 403, .body = "<Error><Code>SignatureDoesNotMatch</Code></Error>"}, {0}};
    static const testing_route absent[] = {
        {.match = "*", .status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"}, {0}};
    static const testing_route broken[] = {{.match = "*", .way = TESTING_HALF, .body = LIST_OF("")}, {0}};
    (void)state;
    refuse(html, MT_E_REMOTE, "a list of the bucket merit was expected");
    refuse(half, MT_E_REMOTE, "a list of the bucket merit was expected");
    refuse(empty, MT_E_REMOTE, "a list of the bucket merit was expected");
    refuse(other, MT_E_REMOTE, "the answer is another document");
    refuse(lost, MT_E_REMOTE, "cut off without a mark");
    refuse(away, MT_E_REMOTE, "does not begin with \"crm/\"");
    refuse(size, MT_E_REMOTE, "a file without a size");
    refuse(denied, MT_E_AUTH, "AWS_SECRET_ACCESS_KEY");
    refuse(absent, MT_E_ABSENT, "NoSuchBucket");
    refuse(broken, MT_E_REMOTE, "s3");
}

/* A file that became shorter, or another, since it was listed. */
static void bucket__notices_a_file_that_changed(void **state)
{
    static const testing_route routes[] = {
        {.match = "/merit/short", .status = 206, .body = "abc"},
        {.match = "/merit/changed", .status = 412, .body = "<Error><Code>PreconditionFailed</Code></Error>"},
        {0}};
    testing t;
    int fd = -1;
    (void)state;
    testing_begin(&t, NULL, routes);
    mt_folder_place place = place_of(&t, "s3://merit");
    mt_folder_entry entry = {.url = "s3://merit/short", .etag = "\"a\"", .size = 5};
    mt_code code = mt_folder_open(&t.cx, &place, &entry, &fd);
    if (code != MT_E_REMOTE) fail_msg("%s", t.cx.err);
    entry.url = "s3://merit/changed";
    assert_int_equal(mt_folder_open(&t.cx, &place, &entry, &fd), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "412"));
    assert_int_equal(fd, -1);
    testing_end(&t);
}

static void bucket__says_what_is_no_bucket(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    (void)state;
    testing_begin(&t, NULL, none);
    mt_folder_place place = place_of(&t, "s3:///crm");
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_E_INPUT);
    place.url = "s3://a b/crm";
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_E_INPUT);
    place.url = "s3://merit";
    place.region = "eu:west";
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_E_INPUT);
    testing_end(&t);
}

/* The real server, a process of this test: it dies with it. */
typedef struct real {
    pid_t pid;
    char folder[64], url[64];
} real;

/* What the server says of itself in its log, within ten seconds. */
static bool read_address(real *r, const char *log)
{
    char text[4096];
    for (int k = 0; k < 200; k++) {
        int fd = open(log, O_RDONLY | O_CLOEXEC);
        ssize_t got = read(fd, text, sizeof text - 1);
        close(fd);
        text[got > 0 ? got : 0] = 0;
        const char *at = strstr(text, "listening on 127.0.0.1:");
        if (at && strchr(at, '\n')) {
            snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", atoi(at + 23));
            return true;
        }
        if (waitpid(r->pid, NULL, WNOHANG) != 0) {
            r->pid = 0;
            return false;
        }
        testing_pause(-1, 50);
    }
    return false;
}

static bool start_real(real *r)
{
    char log[96];
    if (system("scripts/s3 fetch") != 0) return false;
    strcpy(r->folder, "/tmp/merit-bucket-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    snprintf(log, sizeof log, "%s/.log", r->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t parent = getpid();
    r->pid = fork();
    if (r->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        dup2(fd, 1);
        dup2(fd, 2);
        execlp("node", "node", "--openssl-legacy-provider", "deps/s3rver/node_modules/s3rver/bin/s3rver.js",
               "-d", r->folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", "merit", (char *)NULL);
        _exit(127);
    }
    close(fd);
    return r->pid > 0 && read_address(r, log);
}

/* Also after a failure: nothing stays behind. */
static int stop_real(void **state)
{
    real *r = *state;
    char command[128];
    if (r->pid > 0) {
        kill(r->pid, SIGKILL);
        waitpid(r->pid, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -rf '%s'", r->folder);
    int left = *r->folder ? system(command) : 0;
    free(r);
    return left;
}

static int make_real(void **state)
{
    *state = calloc(1, sizeof(real));
    return *state ? 0 : -1;
}

static void put_object(testing *t, const real *r, const char *path, mt_text body)
{
    static const mt_http_policy policy = {.provider = "s3"};
    char url[1024];
    mt_http_answer answer;
    snprintf(url, sizeof url, "%s/merit/%s", r->url, path);
    mt_http_header header = {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"};
    mt_http_request request = {.policy = &policy,
                               .method = "PUT",
                               .url = url,
                               .header = &header,
                               .n_header = 1,
                               .body = body,
                               .aws_sigv4 = "aws:amz:us-east-1:s3",
                               .user = "S3RVER",
                               .password = "S3RVER"};
    if (mt_http_fetch(&t->cx, t->http, &request, &answer) != MT_OK) fail_msg("%s: %s", url, t->cx.err);
}

/* Three pages of the list, a file of three pieces, names beyond letters. */
static void bucket__works_with_a_real_server(void **state)
{
    static const char *real_keys[] = {"AWS_ACCESS_KEY_ID", "S3RVER", "AWS_SECRET_ACCESS_KEY", "S3RVER", NULL};
    static const testing_route none[] = {{0}};
    enum { MANY = 1100, BIG = 2 * MT_FOLDER_PIECE + 12345 };
    real *r = *state;
    testing t;
    const mt_folder_entry *entry;
    size_t n = 0;
    int fd = -1;
    char path[64];
    if (!start_real(r)) {
        print_message("no S3 server (scripts/s3 needs Node.js, npm and its registry): skipped\n");
        skip();
    }
    testing_begin(&t, NULL, none);
    t.speed = 1;
    mt_folder_place place = place_of(&t, "s3://merit/in");
    place.endpoint = r->url;
    place.arg = real_keys;
    for (int k = 0; k < MANY; k++) {
        snprintf(path, sizeof path, "in/many/f%d_20250608_%04d.csv", k % 7, k % 24 * 100 + k / 24 % 60);
        put_object(&t, r, path, (mt_text){"x", 1});
    }
    put_object(&t, r, "in/Z%C3%A4hler%20100%25%20%2B%20%26_20250608.csv", (mt_text){"hello", 5});
    put_object(&t, r, "in-not/x.csv", (mt_text){"x", 1});
    char *big = malloc(BIG), *back = malloc(BIG);
    for (size_t k = 0; k < BIG; k++) big[k] = (char)(k * 2654435761u >> 24);
    put_object(&t, r, "in/big_v1.bin", (mt_text){big, BIG});
    if (mt_folder_list(&t.cx, &place, &entry, &n) != MT_OK) fail_msg("%s", t.cx.err);
    assert_true(n > 1000);
    assert_string_equal(entry[0].name, "Z\xC3\xA4hler 100% + &_20250608.csv");
    for (size_t k = 0; k < n; k++) assert_null(strstr(entry[k].name, "in-not"));
    if (mt_folder_open(&t.cx, &place, &entry[0], &fd) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(read(fd, back, BIG), 5);
    assert_memory_equal(back, "hello", 5);
    close(fd);
    assert_string_equal(entry[1].name, "big_v1.bin");
    assert_int_equal(entry[1].size, BIG);
    if (mt_folder_open(&t.cx, &place, &entry[1], &fd) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(read(fd, back, BIG), BIG);
    assert_memory_equal(back, big, BIG);
    close(fd);
    place.url = "s3://nowhere";
    assert_int_equal(mt_folder_list(&t.cx, &place, &entry, &n), MT_E_ABSENT);
    free(big);
    free(back);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(bucket__lists_page_after_page_and_opens),
        cmocka_unit_test(bucket__signs_as_the_rule_says),
        cmocka_unit_test(bucket__asks_unsigned_without_a_key),
        cmocka_unit_test(bucket__takes_no_nonsense_for_a_list),
        cmocka_unit_test(bucket__notices_a_file_that_changed),
        cmocka_unit_test(bucket__says_what_is_no_bucket),
        cmocka_unit_test_setup_teardown(bucket__works_with_a_real_server, make_real, stop_real),
    };
    return cmocka_run_group_tests_name("bucket", test, NULL, NULL);
}
