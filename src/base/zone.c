/* Time zones: TZif files read with every byte checked, looked up by bisection, continued by their rule. */
#include "base/zone.h"

#include "base/text.h"
#include "base/zone_rule.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER_BYTES = 44,
    TYPES_MAX = 256,
    OFFSET_MAX_S = 26 * 3600 - 1, /* RFC 8536, section 3.2: utoff lies within about a day */
    FILE_BYTES_MAX = 1 << 20,     /* real zone files have about 3 KiB */
    NAME_MAX_BYTES = 128,
    NAMES_MAX = 4096,
};

static const char ZONE_DIRECTORY[] = "/usr/share/zoneinfo";

struct mt_zone {
    const char *name;
    size_t transitions;
    int64_t *at_s;     /* ascending, seconds UTC */
    uint8_t *after;    /* the type in force from at_s[k] on */
    mt_zone_local *type;  /* type[0] holds before the first transition */
    int32_t *offset_s; /* every offset the zone knows, each once */
    size_t types, offsets;
    mt_zone_rule rule;
};

/* What is left of the file, and whose file it is. */
typedef struct cursor {
    mt_ctx *cx;
    const char *name;
    const uint8_t *at;
    size_t left;
} cursor;

typedef struct counts {
    uint32_t utc, standard, leap, time, type, text;
} counts;

static mt_code say_damaged(const cursor *c, const char *what)
{
    return mt_fail(c->cx, MT_E_INPUT, "zone file %s is damaged: %s", c->name, what);
}

static uint64_t get_big_endian(const uint8_t *at, int width)
{
    uint64_t out = 0;
    for (int k = 0; k < width; k++) out = out << 8 | at[k];
    return out;
}

static void skip(cursor *c, size_t n)
{
    c->at += n;
    c->left -= n;
}

static mt_code read_header(cursor *c, counts *out, int *version)
{
    if (c->left < HEADER_BYTES) return say_damaged(c, "it ends inside its header of 44 bytes");
    if (memcmp(c->at, "TZif", 4) != 0) return say_damaged(c, "it does not begin with TZif");
    *version = c->at[4] == 0 ? 1 : c->at[4] - '0';
    if (*version < 1) return say_damaged(c, "its version is none of 1 to 4");
    uint32_t n[6];
    for (int k = 0; k < 6; k++) n[k] = (uint32_t)get_big_endian(c->at + 20 + 4 * k, 4);
    *out = (counts){n[0], n[1], n[2], n[3], n[4], n[5]};
    skip(c, HEADER_BYTES);
    return MT_OK;
}

static uint64_t block_bytes(const counts *n, uint64_t time_width)
{
    uint64_t leap = n->leap * (time_width + 4);
    return n->time * (time_width + 1) + n->type * UINT64_C(6) + n->text + leap + n->standard + n->utc;
}

static mt_code check_counts(const cursor *c, const counts *n, int time_width)
{
    if (block_bytes(n, (uint64_t)time_width) > c->left) return say_damaged(c, "its counts exceed its bytes");
    if (n->type < 1 || n->type > TYPES_MAX) return say_damaged(c, "it has no local time, or more than 256");
    if (n->text < 1) return say_damaged(c, "it has no abbreviation");
    if ((n->utc && n->utc != n->type) || (n->standard && n->standard != n->type))
        return say_damaged(c, "its indicators are not as many as its types");
    if (n->leap)
        return mt_fail(c->cx, MT_E_INPUT, "zone file %s counts leap seconds; right is one without", c->name);
    return MT_OK;
}

static mt_code read_transitions(cursor *c, mt_zone *zone, const counts *n, int width)
{
    MT_TRY(MT_NEW(c->cx, &zone->at_s, n->time));
    MT_TRY(MT_NEW(c->cx, &zone->after, n->time));
    for (uint32_t k = 0; k < n->time; k++) {
        uint64_t raw = get_big_endian(c->at + (size_t)width * k, width);
        zone->at_s[k] = width == 8 ? (int64_t)raw : (int32_t)(uint32_t)raw;
        zone->after[k] = c->at[(size_t)width * n->time + k];
        if (k > 0 && zone->at_s[k] <= zone->at_s[k - 1]) return say_damaged(c, "its changes are unordered");
        if (zone->after[k] >= n->type) return say_damaged(c, "a change leads to a local time it has not");
    }
    zone->transitions = n->time;
    skip(c, (size_t)n->time * (size_t)(width + 1));
    return MT_OK;
}

static bool is_abbreviation(const char *text, size_t room)
{
    size_t n = strnlen(text, room);
    if (n == room) return false;
    for (size_t k = 0; k < n; k++) {
        if (text[k] <= ' ' || text[k] > '~') return false;
    }
    return true;
}

static mt_code read_types(cursor *c, mt_zone *zone, const counts *n)
{
    char *text;
    MT_TRY(MT_NEW(c->cx, &zone->type, n->type));
    MT_TRY(MT_NEW(c->cx, &text, n->text));
    memcpy(text, c->at + (size_t)n->type * 6, n->text);
    for (uint32_t k = 0; k < n->type; k++, skip(c, 6)) {
        int32_t offset_s = (int32_t)(uint32_t)get_big_endian(c->at, 4);
        if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S)
            return say_damaged(c, "an offset exceeds 26 hours");
        if (c->at[4] > 1) return say_damaged(c, "a type is neither standard nor summer time");
        if (c->at[5] >= n->text || !is_abbreviation(text + c->at[5], n->text - c->at[5]))
            return say_damaged(c, "an abbreviation is cut off or not printable");
        zone->type[k] = (mt_zone_local){offset_s, text + c->at[5]};
    }
    zone->types = n->type;
    skip(c, n->text + (size_t)n->standard + n->utc);
    return MT_OK;
}

/* A new line, the rule or nothing, a new line. */
static mt_code read_footer(cursor *c, mt_zone_rule *rule)
{
    if (c->left == 0 || *c->at != '\n') return say_damaged(c, "its footer does not begin with a new line");
    skip(c, 1);
    const uint8_t *end = c->left ? memchr(c->at, '\n', c->left) : NULL;
    if (!end) return say_damaged(c, "its footer does not end with a new line");
    size_t length = (size_t)(end - c->at);
    if (length && !mt_zone_rule_parse(rule, (const char *)c->at, length))
        return say_damaged(c, "its footer holds no POSIX rule");
    return MT_OK;
}

static void add_offset(mt_zone *zone, int32_t offset_s)
{
    for (size_t k = 0; k < zone->offsets; k++) {
        if (zone->offset_s[k] == offset_s) return;
    }
    zone->offset_s[zone->offsets++] = offset_s;
}

/* Greatest first, so that mt_zone_instants finds the earliest instant first. */
static mt_code collect_offsets(mt_ctx *cx, mt_zone *zone)
{
    MT_TRY(MT_NEW(cx, &zone->offset_s, zone->types + 2));
    for (size_t k = 0; k < zone->types; k++) add_offset(zone, zone->type[k].offset_s);
    if (zone->rule.present) add_offset(zone, zone->rule.winter.offset_s);
    if (zone->rule.has_summer) add_offset(zone, zone->rule.summer.offset_s);
    for (size_t k = 1; k < zone->offsets; k++) {
        int32_t moved = zone->offset_s[k];
        size_t j = k;
        for (; j > 0 && zone->offset_s[j - 1] < moved; j--) zone->offset_s[j] = zone->offset_s[j - 1];
        zone->offset_s[j] = moved;
    }
    return MT_OK;
}

static int64_t seconds_of(mt_time t)
{
    return t / MT_US_SECOND - (t % MT_US_SECOND < 0);
}

static const mt_zone_local *find_type(const mt_zone *zone, int64_t t_s)
{
    size_t low = 0; /* transitions before `low` lie at or before t */
    size_t high = zone->transitions;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at_s[middle] <= t_s) low = middle + 1;
        else high = middle;
    }
    if (low == zone->transitions && zone->rule.present) return mt_zone_rule_at(&zone->rule, t_s);
    return &zone->type[low == 0 ? 0 : zone->after[low - 1]];
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Only names such as "America/Argentina/Ushuaia", which cannot leave the directory. */
static bool is_zone_name(const char *name)
{
    size_t n = strnlen(name, NAME_MAX_BYTES);
    if (n == 0 || n == NAME_MAX_BYTES) return false;
    for (size_t k = 0; k < n; k++) {
        bool first = k == 0 || name[k - 1] == '/';
        if (!is_letter(name[k]) && (first || !strchr("0123456789_+-/", name[k]))) return false;
    }
    return name[n - 1] != '/';
}

typedef struct name_list {
    mt_ctx *cx;
    const char **name;
    size_t n;
} name_list;

static void list_names(name_list *list, const char *directory, const char *group, int depth);

static void list_entry(name_list *list, const char *directory, const char *name, int depth)
{
    struct stat about;
    const char *path;
    if (mt_text_format(list->cx, &path, "%s/%s", directory, name) != MT_OK || stat(path, &about) != 0) return;
    if (S_ISDIR(about.st_mode)) {
        list_names(list, directory, name, depth + 1);
    } else if (list->n < NAMES_MAX) {
        list->name[list->n++] = name;
    }
}

static void list_names(name_list *list, const char *directory, const char *group, int depth)
{
    const char *path;
    if (depth > 3 || mt_text_format(list->cx, &path, "%s/%s", directory, group) != MT_OK) return;
    DIR *open = opendir(path);
    if (!open) return;
    for (const struct dirent *entry; (entry = readdir(open));) {
        const char *name;
        if (!is_zone_name(entry->d_name) || entry->d_name[0] >= 'a') continue; /* posix/, right/, localtime */
        const char *slash = *group ? "/" : "";
        if (mt_text_format(list->cx, &name, "%s%s%s", group, slash, entry->d_name) != MT_OK) break;
        list_entry(list, directory, name, depth);
    }
    (void)closedir(open);
}

/* "Berlin" and "europe/berlin" mean Europe/Berlin; else the name with the fewest wrong letters. */
static const char *nearest_name(const name_list *list, const char *name)
{
    for (size_t k = 0; k < list->n; k++) {
        const char *whole = list->name[k];
        const char *slash = strrchr(whole, '/');
        if (strcasecmp(whole, name) == 0 || (slash && strcasecmp(slash + 1, name) == 0)) return whole;
    }
    int found = mt_text_nearest(name, list->name, list->n);
    return found < 0 ? NULL : list->name[found];
}

static mt_code say_absent(mt_ctx *cx, const char *name, const char *directory)
{
    struct stat about;
    if (stat(directory, &about) != 0 || !S_ISDIR(about.st_mode))
        return mt_fail(cx, MT_E_ABSENT, "no time zone %s, for %s is missing: install the package tzdata",
                       name, directory);
    name_list list = {.cx = cx};
    const char *nearest = NULL;
    mt_mark mark = mt_arena_mark(&cx->arena);
    if (MT_NEW(cx, &list.name, NAMES_MAX) == MT_OK) {
        list_names(&list, directory, "", 0);
        nearest = nearest_name(&list, name);
    }
    if (nearest)
        (void)mt_fail(cx, MT_E_ABSENT, "no time zone %s in %s; did you mean %s?", name, directory, nearest);
    else
        (void)mt_fail(cx, MT_E_ABSENT, "no time zone %s in %s; right would be a name such as Europe/Berlin",
                      name, directory);
    mt_arena_reset(&cx->arena, mark);
    return MT_E_ABSENT;
}

/* The bytes of the open file, at most FILE_BYTES_MAX. */
static mt_code read_bytes(mt_ctx *cx, uint8_t **out, size_t *n, int file, const char *path)
{
    struct stat about;
    if (fstat(file, &about) != 0) return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode)) return mt_fail(cx, MT_E_INPUT, "%s is no zone file", path);
    if (about.st_size > FILE_BYTES_MAX)
        return mt_fail(cx, MT_E_INPUT, "%s is no zone file: it has %lld bytes, right would be %d at most",
                       path, (long long)about.st_size, FILE_BYTES_MAX);
    size_t size = (size_t)about.st_size;
    size_t have = 0;
    MT_TRY(MT_NEW(cx, out, size + 1));
    while (have < size) {
        ssize_t got = read(file, *out + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", path, strerror(errno));
        if (got == 0) break;
        have += (size_t)got;
    }
    *n = have;
    return MT_OK;
}

mt_code mt_zone_parse(mt_ctx *cx, const mt_zone **out, const char *name, const uint8_t *bytes, size_t n)
{
    cursor c = {cx, name, bytes, n};
    counts count;
    int version;
    int width = 4;
    mt_zone *zone;
    MT_TRY(MT_NEW(cx, &zone, 1));
    MT_TRY(mt_text_copy(cx, &zone->name, mt_text_of(name)));
    MT_TRY(read_header(&c, &count, &version));
    if (version >= 2) { /* the 64-bit block follows the 32-bit one */
        width = 8;
        if (block_bytes(&count, 4) > c.left) return say_damaged(&c, "its counts exceed its bytes");
        skip(&c, (size_t)block_bytes(&count, 4));
        MT_TRY(read_header(&c, &count, &version));
    }
    MT_TRY(check_counts(&c, &count, width));
    MT_TRY(read_transitions(&c, zone, &count, width));
    MT_TRY(read_types(&c, zone, &count));
    if (width == 8) MT_TRY(read_footer(&c, &zone->rule));
    MT_TRY(collect_offsets(cx, zone));
    *out = zone;
    return MT_OK;
}

mt_code mt_zone_read(mt_ctx *cx, const mt_zone **out, const char *name, const char *directory)
{
    const char *path;
    uint8_t *bytes;
    size_t n = 0;
    if (!directory) directory = ZONE_DIRECTORY;
    if (!is_zone_name(name))
        return mt_fail(cx, MT_E_INPUT, "\"%.*s\" is no zone's name; right would be one such as Europe/Berlin",
                       NAME_MAX_BYTES, name);
    MT_TRY(mt_text_format(cx, &path, "%s/%s", directory, name));
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return say_absent(cx, name, directory);
    if (file < 0) return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", path, strerror(errno));
    mt_code code = read_bytes(cx, &bytes, &n, file, path);
    (void)close(file);
    if (code != MT_OK) return code;
    return mt_zone_parse(cx, out, name, bytes, n);
}

const char *mt_zone_name(const mt_zone *zone)
{
    return zone->name;
}

int32_t mt_zone_offset_s(const mt_zone *zone, mt_time t)
{
    return find_type(zone, seconds_of(t))->offset_s;
}

const char *mt_zone_abbreviation(const mt_zone *zone, mt_time t)
{
    return find_type(zone, seconds_of(t))->abbreviation;
}

mt_civil mt_zone_civil(const mt_zone *zone, mt_time t)
{
    mt_time local;
    if (__builtin_add_overflow(t, mt_zone_offset_s(zone, t) * MT_US_SECOND, &local)) local = t;
    return mt_time_civil(local);
}

int mt_zone_instants(const mt_zone *zone, mt_civil local, mt_time out[2])
{
    int n = 0;
    mt_time wall = mt_time_of(local);
    for (size_t k = 0; k < zone->offsets && n < 2; k++) {
        mt_time t = wall - zone->offset_s[k] * MT_US_SECOND;
        if (mt_zone_offset_s(zone, t) == zone->offset_s[k]) out[n++] = t;
    }
    return n;
}
