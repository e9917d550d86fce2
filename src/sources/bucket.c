/* Buckets that speak S3: their list, page by page, and their files, piece by piece. */
#include "sources/folder_files.h"

#include "io/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_MAX = MT_FOLDER_FILES_MAX / 100 };

/* The hash of no bytes: what a request without a body signs. */
#define NOTHING_HASHED "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const mt_http_policy policy = {
    .provider = "s3", .key_variable = "AWS_SECRET_ACCESS_KEY", .timeout = 300 * MT_US_SECOND};

/* How a bucket is asked. */
struct bucket {
    const mt_folder_place *place;
    const char *base; /* its address, without a '/' at the end */
    const char *name, *prefix;
    const char *key, *secret, *token, *scheme;
};

static mt_code ask_secret(mt_ctx *cx, const mt_folder_place *place, const char **out, const char *name)
{
    *out = NULL;
    if (place->secret) MT_TRY(place->secret(cx, place->arg, out, name));
    if (*out && !**out) *out = NULL;
    return MT_OK;
}

/* "s3://BUCKET/PREFIX": the prefix ends with '/', so that "crm" is not also "crm-old". */
static mt_code split_url(mt_ctx *cx, struct bucket *b, const char *url)
{
    const char *name = url + 5, *slash = strchr(name, '/');
    size_t n = slash ? (size_t)(slash - name) : strlen(name);
    if (n < 1 || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") < n)
        return mt_fail(cx, MT_E_INPUT, "%.200s names no bucket; s3://BUCKET/PREFIX is right", url);
    MT_TRY(mt_text_copy(cx, &b->name, (mt_text){name, n}));
    b->prefix = slash && slash[1] ? slash + 1 : "";
    n = strlen(b->prefix);
    if (n && b->prefix[n - 1] != '/') return mt_text_format(cx, &b->prefix, "%s/", b->prefix);
    return MT_OK;
}

/* Amazon's buckets have hosts of their own, unless a dot in the name would not fit the certificate. */
static mt_code name_base(mt_ctx *cx, struct bucket *b, const char *region)
{
    const char *endpoint = b->place->endpoint;
    if (!endpoint) MT_TRY(ask_secret(cx, b->place, &endpoint, "AWS_ENDPOINT_URL"));
    if (endpoint) {
        size_t n = strlen(endpoint);
        while (n && endpoint[n - 1] == '/') n--;
        return mt_text_format(cx, &b->base, "%.*s/%s", (int)n, endpoint, b->name);
    }
    if (strchr(b->name, '.'))
        return mt_text_format(cx, &b->base, "https://s3.%s.amazonaws.com/%s", region, b->name);
    return mt_text_format(cx, &b->base, "https://%s.s3.%s.amazonaws.com", b->name, region);
}

static mt_code open_bucket(mt_ctx *cx, struct bucket *b, const mt_folder_place *place, const char *url)
{
    const char *region = place->region;
    *b = (struct bucket){.place = place};
    if (!place->http) return mt_fail(cx, MT_E_INPUT, "%.200s: a bucket needs a client", url);
    if (strncmp(url, "s3://", 5) != 0) return mt_fail(cx, MT_E_INPUT, "%.200s is no file of a bucket", url);
    MT_TRY(split_url(cx, b, url));
    if (!region) MT_TRY(ask_secret(cx, place, &region, "AWS_REGION"));
    if (!region) region = "us-east-1";
    if (strspn(region, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != strlen(region))
        return mt_fail(cx, MT_E_INPUT, "%.60s is no region; eu-central-1 is one", region);
    MT_TRY(name_base(cx, b, region));
    MT_TRY(ask_secret(cx, place, &b->key, "AWS_ACCESS_KEY_ID"));
    MT_TRY(ask_secret(cx, place, &b->secret, "AWS_SECRET_ACCESS_KEY"));
    MT_TRY(ask_secret(cx, place, &b->token, "AWS_SESSION_TOKEN"));
    if (!b->key != !b->secret)
        return mt_fail(cx, MT_E_AUTH,
                       "s3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together; %s is missing",
                       b->key ? "the second" : "the first");
    return mt_text_format(cx, &b->scheme, "aws:amz:%s:s3", region);
}

/* Signed where there is a key; `header` are the request's own. */
static mt_code ask(mt_ctx *cx, const struct bucket *b, mt_http_request *request, mt_http_answer *answer)
{
    mt_http_header header[5];
    size_t n = 0;
    for (; n < request->n_header && n < 3; n++) header[n] = request->header[n];
    if (b->key) {
        header[n++] = (mt_http_header){"x-amz-content-sha256", NOTHING_HASHED};
        if (b->token) header[n++] = (mt_http_header){"x-amz-security-token", b->token};
        request->aws_sigv4 = b->scheme;
        request->user = b->key;
        request->password = b->secret;
    }
    request->policy = &policy;
    request->header = header;
    request->n_header = n;
    return mt_http_fetch(cx, b->place->http, request, answer);
}

/* One file of the list while its elements are read. */
struct listed {
    const char *key, *etag;
    uint64_t size;
    mt_time modified;
    bool has_size;
};

static mt_code take_element(mt_ctx *cx, mt_xml *xml, struct listed *file)
{
    mt_text text = mt_xml_text(xml);
    int64_t size;
    bool has_offset;
    if (mt_xml_is(xml, "Key")) return mt_text_copy(cx, &file->key, text);
    if (mt_xml_is(xml, "ETag")) return mt_text_copy(cx, &file->etag, text);
    if (mt_xml_is(xml, "LastModified") && mt_time_parse(text.at, text.length, &file->modified, &has_offset))
        return MT_OK;
    if (mt_xml_is(xml, "Size") && mt_int_parse(text.at, text.length, &size) && size >= 0) {
        file->size = (uint64_t)size;
        file->has_size = true;
    }
    return MT_OK;
}

/* Markers of folders and hidden names are no files. */
static bool is_hidden(const char *name)
{
    size_t n = strlen(name);
    return n == 0 || name[n - 1] == '/' || *name == '.' || strstr(name, "/.");
}

static mt_code add_listed(mt_ctx *cx, mt_folder_files *files, const struct listed *file, const char *bucket,
                          const char *prefix)
{
    const char *encoded;
    size_t n = strlen(prefix);
    if (!file->key || !file->has_size || strncmp(file->key, prefix, n) != 0)
        return mt_fail(cx, MT_E_REMOTE,
                       "s3: the list of the bucket %s has a file without a size, or one that does not begin "
                       "with \"%.100s\"",
                       bucket, prefix);
    if (is_hidden(file->key + n)) return MT_OK;
    mt_folder_entry entry = {.name = file->key + n,
                             .etag = file->etag ? file->etag : "",
                             .size = file->size,
                             .modified = file->modified};
    MT_TRY(mt_folder_encode(cx, &encoded, file->key));
    MT_TRY(mt_text_format(cx, &entry.url, "s3://%s/%s", bucket, encoded));
    return mt_folder_add(cx, files, &entry);
}

/* What the page says of itself. */
struct page {
    bool is_list, truncated;
    const char *more;
};

static mt_code read_list(mt_ctx *cx, mt_folder_files *files, mt_xml *xml, const char *const where[2],
                         struct page *page)
{
    mt_xml_event event = MT_XML_OPEN;
    struct listed file = {0};
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        bool inside = strcmp(mt_xml_above(xml, 1), "Contents") == 0;
        if (event == MT_XML_OPEN && mt_xml_depth(xml) == 1)
            page->is_list = mt_xml_is(xml, "ListBucketResult");
        if (event == MT_XML_OPEN && mt_xml_is(xml, "Contents"))
            file = (struct listed){.modified = MT_TIME_NONE};
        if (event != MT_XML_CLOSE) continue;
        if (inside) MT_TRY(take_element(cx, xml, &file));
        if (mt_xml_is(xml, "Contents")) MT_TRY(add_listed(cx, files, &file, where[0], where[1]));
        if (mt_xml_is(xml, "IsTruncated")) page->truncated = mt_text_equal(mt_xml_text(xml), "true");
        if (mt_xml_is(xml, "NextContinuationToken")) MT_TRY(mt_text_copy(cx, &page->more, mt_xml_text(xml)));
    }
    return MT_OK;
}

mt_code mt_bucket_page(mt_ctx *cx, mt_folder_files *files, mt_text document, const char *bucket,
                       const char *prefix, const char **more)
{
    struct page page = {0};
    mt_xml *xml;
    char why[300];
    mt_code code = mt_xml_open(cx, &xml, "the answer", document);
    if (code == MT_OK) {
        code = read_list(cx, files, xml, (const char *const[]){bucket, prefix}, &page);
        mt_xml_close(xml);
    }
    if (code == MT_E_INPUT) {
        snprintf(why, sizeof why, "%.299s", cx->err);
        return mt_fail(cx, MT_E_REMOTE, "s3: a list of the bucket %s was expected, but %s", bucket, why);
    }
    if (code != MT_OK) return code;
    if (!page.is_list || (page.truncated && (!page.more || !*page.more)))
        return mt_fail(cx, MT_E_REMOTE, "s3: a list of the bucket %s was expected, but the answer is %s",
                       bucket,
                       page.is_list ? "cut off without a mark for its next page" : "another document");
    *more = page.truncated ? page.more : NULL;
    return MT_OK;
}

/* Parameters in the order of their names, as the signature wants them. */
static mt_code ask_page(mt_ctx *cx, const struct bucket *b, mt_folder_files *files, const char **more)
{
    mt_http_request request = {0};
    mt_http_answer answer;
    const char *prefix, *mark = "";
    MT_TRY(mt_http_encode(cx, &prefix, b->prefix));
    if (*more) MT_TRY(mt_http_encode(cx, &mark, *more));
    MT_TRY(mt_text_format(cx, &request.url, "%s/?%s%s%slist-type=2&max-keys=1000&prefix=%s", b->base,
                          *more ? "continuation-token=" : "", mark, *more ? "&" : "", prefix));
    MT_TRY(ask(cx, b, &request, &answer));
    return mt_bucket_page(cx, files, answer.body, b->name, b->prefix, more);
}

mt_code mt_bucket_list(mt_ctx *cx, mt_folder_files *files)
{
    struct bucket b;
    const char *more = NULL;
    MT_TRY(open_bucket(cx, &b, files->place, files->place->url));
    for (int k = 0; k < PAGES_MAX; k++) {
        MT_TRY(ask_page(cx, &b, files, &more));
        if (!more) return MT_OK;
    }
    return mt_fail(cx, MT_E_REMOTE, "s3: the list of the bucket %s does not end", b.name);
}

/* A file without a name, in the folder for such files. */
static mt_code open_nameless(mt_ctx *cx, const char *folder, int *fd)
{
    char path[512];
    if (!folder || !*folder) folder = "/tmp";
    *fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd >= 0) return MT_OK;
    snprintf(path, sizeof path, "%.480s/merit-XXXXXX", folder);
    *fd = mkostemp(path, O_CLOEXEC);
    if (*fd < 0) return mt_fail(cx, MT_E_IO, "cannot make a file in %s: %s", folder, strerror(errno));
    (void)unlink(path);
    return MT_OK;
}

static mt_code write_all(mt_ctx *cx, int fd, mt_text bytes)
{
    while (bytes.length) {
        ssize_t wrote = write(fd, bytes.at, bytes.length);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return mt_fail(cx, MT_E_IO, "cannot keep a piece of a file: %s", strerror(errno));
        bytes.at += wrote;
        bytes.length -= (size_t)wrote;
    }
    return MT_OK;
}

/* Bytes from `at` on, at most a piece; the version that was listed or none. */
static mt_code ask_piece(mt_ctx *cx, const struct bucket *b, const char *url, const mt_folder_entry *entry,
                         uint64_t at, mt_http_answer *answer)
{
    mt_http_header header[2] = {{.name = "Range"}, {.name = "If-Match", .value = entry->etag}};
    mt_http_request request = {.url = url, .header = header, .n_header = *entry->etag ? 2 : 1};
    MT_TRY(mt_text_format(cx, &header[0].value, "bytes=%llu-%llu", (unsigned long long)at,
                          (unsigned long long)(at + MT_FOLDER_PIECE - 1)));
    if (entry->size == 0) { /* a range of nothing is refused */
        header[0] = header[1];
        request.n_header--;
    }
    return ask(cx, b, &request, answer);
}

static mt_code fetch_pieces(mt_ctx *cx, const struct bucket *b, const char *url, const mt_folder_entry *entry,
                            int fd)
{
    uint64_t at = 0;
    mt_http_answer answer;
    do {
        mt_mark mark = mt_arena_mark(&cx->arena);
        MT_TRY(ask_piece(cx, b, url, entry, at, &answer));
        if (answer.body.length == 0 && at < entry->size) break;
        MT_TRY(write_all(cx, fd, answer.body));
        at += answer.body.length;
        mt_arena_reset(&cx->arena, mark);
        if (answer.status != 206) break; /* the whole came at once */
    } while (at < entry->size);
    if (at != entry->size)
        return mt_fail(cx, MT_E_REMOTE, "s3: %s should have %llu bytes, but %llu came", entry->url,
                       (unsigned long long)entry->size, (unsigned long long)at);
    if (lseek(fd, 0, SEEK_SET) != 0) return mt_fail(cx, MT_E_IO, "cannot rewind a file: %s", strerror(errno));
    return MT_OK;
}

mt_code mt_bucket_open(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry *entry, int *fd)
{
    struct bucket b;
    const char *path, *url;
    int file = -1;
    MT_TRY(open_bucket(cx, &b, place, entry->url));
    path = strchr(entry->url + 5, '/');
    MT_TRY(mt_text_format(cx, &url, "%s%s", b.base, path ? path : "/"));
    MT_TRY(open_nameless(cx, place->temporary, &file));
    mt_code code = fetch_pieces(cx, &b, url, entry, file);
    if (code != MT_OK)
        close(file);
    else
        *fd = file;
    return code;
}
