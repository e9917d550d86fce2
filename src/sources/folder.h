/* Folders in which files arrive: on this machine, or a bucket that speaks S3.
 *
 * Purpose   Says which files are there, which are versions of one another, and which is the newest; opens
 *           one. What is done with them is the caller's.
 * Shapes    A place is "/data/crm", "file:///data/crm" or "s3://BUCKET/PREFIX". Files in folders below it
 *           belong to it (MT_FOLDER_DEPTH_MAX levels); names that begin with '.' and folders that are links
 *           do not. Entries are sorted by stem, the newest version of each first (rank 0). Names are UTF-8
 *           from the place on, as they stand; sources/file_version.h says what a pattern and a version are.
 *           A name beyond MT_FILE_NAME_MAX is left out, and told in the log.
 *           A bucket is asked in pages of 1,000 until all are there, and read in pieces of
 *           MT_FOLDER_PIECE bytes; a file that changes between two pieces is a failure.
 * Errors    MT_E_INPUT  no such kind of place, a wrong pattern, a bucket without a client;  MT_E_ABSENT  the
 *           folder, the bucket or the file is not there;  MT_E_AUTH  the keys are refused;  MT_E_IO  the
 *           system refused;  MT_E_TOO_LARGE  more than MT_FOLDER_FILES_MAX files;  those of
 *           sources/http/client.h.
 * Ownership Entries live in cx. The descriptor is the caller's to close; that of a bucket's file is a file of
 *           this machine that has no name, at its start.
 * Keys      `secret` is asked for AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and, where the
 *           place does not say, AWS_ENDPOINT_URL and AWS_REGION. Without a key requests are not signed.
 * Source    Amazon S3 API reference, ListObjectsV2 and GetObject; "Authenticating Requests (AWS Signature
 *           Version 4)".
 * Example   mt_folder_place place = {.size = sizeof place, .url = "/data/crm",
 *                                    .pattern = "asset_contracts_{version}.csv"};
 *           MT_TRY(mt_folder_list(cx, &place, &entry, &n));
 *           MT_TRY(mt_folder_open(cx, &place, &entry[0], &fd));
 */
#ifndef MT_SOURCES_FOLDER_H
#define MT_SOURCES_FOLDER_H

#include "sources/file_version.h"
#include "sources/http/client.h"

MT_BEGIN_DECLS

enum { MT_FOLDER_FILES_MAX = 1000000, MT_FOLDER_DEPTH_MAX = 16, MT_FOLDER_PIECE = 16 << 20 };

/* *out NULL: it is not set. */
typedef mt_code mt_folder_secret_fn(mt_ctx *cx, void *arg, const char **out, const char *name);

typedef struct mt_folder_place {
    size_t size; /* sizeof(mt_folder_place), so that the struct may grow */
    const char *url;
    const char *pattern;         /* NULL: every file, its version found by itself */
    const char *endpoint;        /* of a bucket: "http://127.0.0.1:9000"; NULL: see Keys, else Amazon's */
    const char *region;          /* NULL: see Keys, else us-east-1 */
    mt_http *http;               /* needed for a bucket */
    const char *temporary;       /* where pieces of a bucket's file are kept; NULL: /tmp */
    mt_folder_secret_fn *secret; /* NULL: none is set */
    void *arg;
} mt_folder_place;

typedef struct mt_folder_entry {
    const char *name; /* "contracts/asset_contracts_20250608_043000.csv" */
    const char *url;  /* "file:///data/crm/…" or "s3://BUCKET/…", percent-encoded */
    const char *etag; /* changes when the content does, as far as the place tells */
    mt_file_version version;
    int rank; /* 0: the newest of its stem */
    uint64_t size;
    mt_time modified; /* MT_TIME_NONE: not told */
} mt_folder_entry;

MT_MUST_USE mt_code mt_folder_list(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry **out,
                                   size_t *n);

MT_MUST_USE mt_code mt_folder_open(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry *entry,
                                   int *fd);

MT_END_DECLS
#endif
