/* Fuzzer of names of arriving files and of lists of buckets: a version lies in its name, an order is one. */
#include "sources/folder_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth)                                                                                        \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);                              \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* The first line is a pattern, the rest a name. */
static void try_name(mt_ctx *cx, const char *text)
{
    mt_file_version found, again;
    bool matches = false;
    const char *newline = strchr(text, '\n'), *pattern = NULL, *name = newline ? newline + 1 : text;
    if (newline && mt_text_copy(cx, &pattern, (mt_text){text, (size_t)(newline - text)}) != MT_OK) return;
    if (mt_file_version_of(cx, &found, &matches, name, pattern) != MT_OK) {
        DEMAND(cx->code == MT_E_INPUT && cx->err[0]);
        return;
    }
    if (!matches) {
        DEMAND(pattern != NULL);
        return;
    }
    DEMAND(strstr(name, found.text) && strlen(found.stem) + strlen(found.text) <= strlen(name));
    DEMAND(found.time == MT_TIME_NONE || *found.text);
    DEMAND(mt_file_version_compare(&found, &found) == 0);
    if (mt_file_version_of(cx, &again, &matches, name, NULL) != MT_OK) return;
    DEMAND((mt_file_version_compare(&found, &again) < 0) == (mt_file_version_compare(&again, &found) > 0));
}

static void try_list(mt_ctx *cx, mt_text document)
{
    mt_folder_place place = {.size = sizeof place, .url = "s3://merit/crm"};
    mt_folder_files files = {.place = &place};
    const char *more = NULL;
    mt_code code = mt_bucket_page(cx, &files, document, "merit", "crm/", &more);
    if (code != MT_OK) {
        DEMAND((code == MT_E_REMOTE || code == MT_E_TOO_LARGE) && cx->err[0]);
        return;
    }
    DEMAND(!more || *more);
    for (size_t k = 0; k < files.n; k++)
        DEMAND(*files.at[k].name && strncmp(files.at[k].url, "s3://", 5) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    char *bytes = malloc(size + 1); /* of exactly this size, so that a read behind the end is seen */
    if (!bytes) return 0;
    if (size) memcpy(bytes, data, size);
    bytes[size] = 0;
    mt_ctx_init(&cx, NULL);
    try_name(&cx, bytes);
    mt_ctx_forgive(&cx);
    try_list(&cx, (mt_text){bytes, size});
    mt_ctx_close(&cx);
    free(bytes);
    return 0;
}
