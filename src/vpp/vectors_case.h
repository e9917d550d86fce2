/* The settlement vectors of the reference data, for tests: numbers by section, entry and key.
 *
 * Purpose   Included by tests only, after cmocka.h. A test that needs the file skips, saying so, where it is
 *           absent.
 * Source    $MERIT_SHARED/data/opt/settlement_vectors.json and its neighbours
 */
#ifndef MT_VPP_VECTORS_CASE_H
#define MT_VPP_VECTORS_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static char vectors_text[65536];

static inline const char *vectors_read_file(const char *name)
{
    char path[4096];
    const char *shared = getenv("MERIT_SHARED");
    snprintf(path, sizeof path, "%s/data/opt/%s", shared ? shared : "../shared", name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("no %s: set MERIT_SHARED to the reference data\n", path);
        skip();
    }
    vectors_text[fread(vectors_text, 1, sizeof vectors_text - 1, file)] = 0;
    fclose(file);
    return vectors_text;
}

static inline const char *vectors_read(void)
{
    return vectors_read_file("settlement_vectors.json");
}

/* The entry `index` of a section's list of objects; NULL: it has no more. */
static inline const char *vectors_entry(const char *text, const char *section, int index)
{
    const char *at = strstr(text, section), *end = at ? strchr(at, ']') : NULL;
    for (int k = 0; at && k <= index; k++) at = strchr(at + 1, '{');
    return at && at < end ? at : NULL;
}

/* A member of the entry; MT_MICRO_NONE: it has none of that name. */
static inline mt_micro vectors_number(const char *entry, const char *key)
{
    const char *end = strchr(entry, '}'), *at = strstr(entry, key);
    mt_micro value = MT_MICRO_NONE;
    if (!at || at > end) return value;
    at = strchr(at, ':') + 1;
    at += strspn(at, " ");
    if (!mt_micro_parse(at, strcspn(at, ",\n}"), &value)) fail_msg("%.20s is no number", at);
    return value;
}

#endif
