/* The Danish files of the tests: a small reader of semicolons and decimal commas; for tests only. */
#ifndef MT_MARKET_SERIES_ENERGINET_CASE_H
#define MT_MARKET_SERIES_ENERGINET_CASE_H

#include "terms/observation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct energinet_case {
    mt_observation *at;
    size_t n, room;
    char *head[4]; /* lines with the names that observations borrow */
    size_t heads;
} energinet_case;

static inline void energinet_close(energinet_case *c)
{
    while (c->heads) free(c->head[--c->heads]);
    free(c->at);
}

static inline FILE *energinet_file(const char *name)
{
    char path[512];
    const char *shared = getenv("MERIT_SHARED");
    snprintf(path, sizeof path, "%s/data/energinet/%s", shared ? shared : "../shared", name);
    FILE *file = fopen(path, "rb");
    if (!file) printf("%s is not there\n", path);
    return file;
}

static inline double energinet_real(const char *text)
{
    char copy[64];
    size_t k = 0;
    for (; text[k] && k < 63; k++) copy[k] = text[k] == ',' ? '.' : text[k];
    copy[k] = '\0';
    return k ? strtod(copy, NULL) : NAN;
}

static inline void energinet_put(energinet_case *c, mt_observation o)
{
    if (c->n == c->room) {
        c->room = c->room ? 2 * c->room : 1024;
        c->at = realloc(c->at, c->room * sizeof *c->at);
        if (!c->at) abort();
    }
    c->at[c->n++] = o;
}

/* Cuts a line at ';' in place; empty fields stay. */
static inline size_t energinet_cut(char *line, char **field, size_t most)
{
    size_t n = 0;
    for (char *at = line; at && n < most; n++) {
        char *end = strpbrk(at, ";\r\n");
        field[n] = at;
        if (end && *end == ';') {
            *end = '\0';
            at = end + 1;
        } else {
            if (end) *end = '\0';
            at = NULL;
        }
    }
    return n;
}

/* Appends the columns of a file that have a kind; at most four files. */
static inline bool energinet_read(energinet_case *c, const char *name,
                                  const char *(*kind_of)(const char *column))
{
    char line[1024], *field[32], *column[32];
    FILE *file = energinet_file(name);
    if (!file) return false;
    if (!fgets(line, sizeof line, file)) abort();
    c->head[c->heads] = strdup(line);
    size_t columns = energinet_cut(c->head[c->heads++], column, 32);
    while (fgets(line, sizeof line, file)) {
        bool offset;
        mt_observation o = {.source = "energidataservice", .step = MT_US_HOUR};
        size_t n = energinet_cut(line, field, 32);
        if (n < columns || !mt_time_parse(field[0], strlen(field[0]), &o.start, &offset)) abort();
        static const char *const known[] = {"DK1", "DK2", "DE", "NO2", "SE3", "SE4", "SYSTEM"};
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (strcmp(known[k], field[2]) == 0) o.area = known[k];
        o.known_at = o.start - 12 * MT_US_HOUR;
        for (size_t k = 3; k < n; k++) {
            const char *kind = kind_of(column[k]);
            o.value = energinet_real(field[k]);
            if (!kind || isnan(o.value)) continue;
            o.kind = kind;
            o.unit = strcmp(kind, "spot_price") == 0 ? "EUR/MWh" : "MWh";
            o.detail = strcmp(kind, "spot_price") == 0 ? "" : column[k];
            energinet_put(c, o);
        }
    }
    fclose(file);
    return true;
}

static inline const char *energinet_kind(const char *column)
{
    if (strcmp(column, "SpotPriceEUR") == 0) return "spot_price";
    if (strcmp(column, "SpotPriceDKK") == 0) return NULL;
    if (strcmp(column, "TotalLoad") == 0) return "load";
    return strncmp(column, "Exchange", 8) == 0 ? "exchange" : "production";
}

#endif
