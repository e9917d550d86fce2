/* The files of a portfolio's folder: found, told apart, brought into order. */
#include "formats/vpp/vpp_files.h"

#include "crypto/hash.h"
#include "formats/vpp/name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 12, PIECE = 64 << 10, GUESS_BYTES = 4096, NO_ORIGIN = -1 };

#define KIND_NAME(symbol, name) name,
static const char *const kind_names[MT_VPP_FILE_KINDS] = {MT_VPP_FILE_LIST(KIND_NAME)};

/* A search on its way. */
struct search {
    mt_ctx *cx;
    const mt_vpp_options *options;
    const mt_vpp_taker *taker;
    size_t root; /* bytes of the folder's path with its '/' */
    mt_vpp_file *file;
    size_t n, room;
    size_t known; /* also those of kinds that are not wanted */
    struct {
        dev_t device;
        ino_t inode;
    } above[DEPTH_MAX +
            1]; /* the folders that stand above the one in hand: a link back to one is not followed */
};

const char *mt_vpp_file_kind_name(mt_vpp_file_kind kind)
{
    return (size_t)kind < MT_VPP_FILE_KINDS ? kind_names[kind] : "unknown";
}

static mt_code tell(const struct search *search, mt_finding finding)
{
    const mt_vpp_taker *taker = search->taker;
    if (taker == NULL || taker->finding == NULL) return MT_OK;
    finding.time = MT_TIME_NONE;
    finding.value = NAN;
    finding.count = 1;
    return taker->finding(search->cx, taker->arg, NO_ORIGIN, &finding);
}

static mt_code tell_unknown(const struct search *search, const char *name)
{
    mt_finding finding = {.kind = MT_F_UNKNOWN_FILE, .file = name};
    MT_TRY(mt_text_format(search->cx, &finding.sentence, "%s has no name that is known here", name));
    return tell(search, finding);
}

/* A file that cannot be looked into stays unknown. */
static mt_vpp_file_kind guess_kind(mt_ctx *cx, const char *path, const mt_vpp_name *name)
{
    mt_bytes *bytes = NULL;
    mt_vpp_file_kind kind = MT_VPP_UNKNOWN;
    const char *at;
    size_t n;
    bool last;
    mt_input input = {path, open(path, O_RDONLY | O_CLOEXEC)};
    if (input.fd < 0) return kind;
    if (mt_bytes_open(cx, &bytes, &input) == MT_OK && mt_bytes_next(cx, bytes, 0, &at, &n, &last) == MT_OK)
        kind = mt_vpp_name_guess(name, (mt_text){at, n < GUESS_BYTES ? n : GUESS_BYTES});
    mt_ctx_forgive(cx);
    mt_bytes_close(bytes);
    close(input.fd);
    return kind;
}

static mt_code hash_file(mt_ctx *cx, mt_sha256 *hash, int fd, const char *path)
{
    char piece[PIECE];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return mt_fail(cx, MT_E_IO, "%s cannot be read: %s", path, strerror(errno));
        if (n == 0) return MT_OK;
        mt_sha256_update(hash, piece, (size_t)n);
    }
}

mt_code mt_vpp_digest(mt_ctx *cx, const char **out, const char *path)
{
    mt_sha256 hash;
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s cannot be opened: %s", path, strerror(errno));
    mt_sha256_init(&hash);
    mt_code code = hash_file(cx, &hash, fd, path);
    close(fd);
    mt_sha256_final(&hash, digest);
    mt_hash_hex(digest, hex);
    return code == MT_OK ? mt_text_copy(cx, out, mt_text_of(hex)) : code;
}

/* Whose digest is asked for and not taken yet. */
static mt_code add_digest(struct search *search, mt_vpp_file *file)
{
    bool asked = search->options != NULL && search->options->digests && file->origin.sha256 == NULL;
    return asked ? mt_vpp_digest(search->cx, &file->origin.sha256, file->path) : MT_OK;
}

static bool is_wanted(const mt_vpp_options *options, mt_vpp_file_kind kind)
{
    return options == NULL || options->kinds == 0 || (options->kinds >> kind & 1) != 0;
}

/* Points and meters of a day lie within it, in UTC or the zone of the plant: with two days between that day
 * and what is asked for, all of them would be passed over. */
static bool is_far(const mt_vpp_options *options, const mt_vpp_name *name)
{
    enum { BETWEEN = 2 };
    if (options == NULL || name->day == MT_DAY_NONE) return false;
    if (name->kind != MT_VPP_LIVE && name->kind != MT_VPP_METERING) return false;
    mt_time start = name->day * MT_US_DAY, end = start + MT_US_DAY;
    return (options->from != MT_TIME_NONE && end + BETWEEN * MT_US_DAY <= options->from) ||
           (options->until != MT_TIME_NONE && start - BETWEEN * MT_US_DAY >= options->until);
}

static mt_code add_file(struct search *search, const char *path, const struct stat *about)
{
    mt_ctx *cx = search->cx;
    const char *below = path + search->root;
    mt_vpp_name name = mt_vpp_name_read(mt_text_of(below));
    if (name.kind == MT_VPP_UNKNOWN && (name.text || name.json)) name.kind = guess_kind(cx, path, &name);
    if (name.kind == MT_VPP_UNKNOWN) return tell_unknown(search, below);
    search->known++;
    if (!is_wanted(search->options, name.kind) || is_far(search->options, &name)) return MT_OK;
    MT_TRY(mt_ctx_grow(cx, &search->file, search->n, &search->room, sizeof *search->file));
    mt_vpp_file *file = &search->file[search->n++];
    *file = (mt_vpp_file){
        .kind = name.kind,
        .origin = {.name = below,
                   .version = name.version,
                   .day = name.day,
                   .bytes = (uint64_t)about->st_size},
        .path = path,
        .changed_ns = (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec,
    };
    if (name.subject.length > 0) MT_TRY(mt_text_copy(cx, &file->subject, name.subject));
    bool now = search->options != NULL && !search->options->late;
    return now ? add_digest(search, file) : MT_OK;
}

static mt_code walk(struct search *search, const char *folder, int depth);

static mt_code enter(struct search *search, const char *path, const struct stat *about, int depth)
{
    for (int k = 0; k < depth; k++) {
        if (search->above[k].device == about->st_dev && search->above[k].inode == about->st_ino) return MT_OK;
    }
    if (depth > DEPTH_MAX) return MT_OK;
    search->above[depth].device = about->st_dev;
    search->above[depth].inode = about->st_ino;
    return walk(search, path, depth);
}

static mt_code visit(struct search *search, const char *folder, const char *name, int depth)
{
    struct stat about;
    const char *path;
    size_t n = strlen(folder);
    MT_TRY(
        mt_text_format(search->cx, &path, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name));
    if (stat(path, &about) != 0) return MT_OK; /* it has gone meanwhile, or is a link to nowhere */
    if (S_ISDIR(about.st_mode)) return enter(search, path, &about, depth + 1);
    return S_ISREG(about.st_mode) ? add_file(search, path, &about) : MT_OK;
}

/* Hidden files and folders are not looked at. */
static mt_code walk(struct search *search, const char *folder, int depth)
{
    mt_code code = mt_ctx_check(search->cx);
    DIR *open = code == MT_OK ? opendir(folder) : NULL;
    if (code == MT_OK && open == NULL) {
        mt_code kind = errno == ENOENT || errno == ENOTDIR ? MT_E_ABSENT : MT_E_IO;
        return mt_fail(search->cx, kind, "%s is no folder that can be read: %s", folder, strerror(errno));
    }
    while (code == MT_OK) {
        const struct dirent *entry = readdir(open);
        if (entry == NULL) break;
        if (entry->d_name[0] != '.') code = visit(search, folder, entry->d_name, depth);
    }
    if (open != NULL) closedir(open);
    return code;
}

/* By kind, then version, then name. */
static int compare_files(const void *a, const void *b)
{
    const mt_vpp_file *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->origin.version != y->origin.version) return x->origin.version < y->origin.version ? -1 : 1;
    return strcmp(x->origin.name, y->origin.name);
}

/* One thing's files side by side, in the order in which they came: flags of two plants, or schedules, may
 * have the same bytes and are two things. */
static int compare_things(const mt_vpp_file *x, const mt_vpp_file *y)
{
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int order = strcmp(x->subject != NULL ? x->subject : "", y->subject != NULL ? y->subject : "");
    return order != 0 ? order : (x->origin.day > y->origin.day) - (x->origin.day < y->origin.day);
}

static int compare_arrivals(const void *a, const void *b)
{
    const mt_vpp_file *const *x = a, *const *y = b;
    int order = compare_things(*x, *y);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

static mt_code compare_bytes(struct search *search, mt_vpp_file *x, mt_vpp_file *y, bool *same)
{
    *same = compare_things(x, y) == 0 && x->origin.bytes == y->origin.bytes;
    if (!*same) return MT_OK;
    MT_TRY(add_digest(search, x));
    MT_TRY(add_digest(search, y));
    *same = strcmp(x->origin.sha256, y->origin.sha256) == 0;
    return MT_OK;
}

static mt_code tell_duplicate(const struct search *search, const mt_vpp_file *file, const mt_vpp_file *first)
{
    mt_finding finding = {.kind = MT_F_DUPLICATE_FILE, .asset_id = file->subject, .file = file->origin.name};
    MT_TRY(mt_text_format(search->cx, &finding.sentence, "%s has the bytes of %s and is left out",
                          file->origin.name, first->origin.name));
    return tell(search, finding);
}

/* Leaves out a file with the bytes of the one before it about the same thing; one that goes back to older
 * bytes is news. */
static mt_code drop_duplicates(struct search *search)
{
    mt_vpp_file **sorted;
    size_t kept = 0, n = search->n;
    MT_TRY(MT_NEW(search->cx, &sorted, n + 1));
    for (size_t k = 0; k < n; k++) sorted[k] = &search->file[k];
    qsort(sorted, n, sizeof *sorted, compare_arrivals);
    for (size_t k = 1; k < n; k++) {
        bool same;
        MT_TRY(compare_bytes(search, sorted[k - 1], sorted[k], &same));
        if (!same) continue;
        MT_TRY(tell_duplicate(search, sorted[k], sorted[k - 1]));
        sorted[k]->path = NULL;
    }
    for (size_t k = 0; k < n; k++)
        if (search->file[k].path != NULL) search->file[kept++] = search->file[k];
    search->n = kept;
    return MT_OK;
}

mt_code mt_vpp_files(mt_ctx *cx, const mt_vpp_file **out, size_t *n, const char *folder,
                     const mt_vpp_options *options, const mt_vpp_taker *taker)
{
    struct search search = {.cx = cx, .options = options, .taker = taker};
    search.root = strlen(folder);
    if (search.root > 0 && folder[search.root - 1] != '/') search.root++;
    struct stat about;
    if (stat(folder, &about) == 0) {
        search.above[0].device = about.st_dev;
        search.above[0].inode = about.st_ino;
    }
    MT_TRY(walk(&search, folder, 0));
    if (search.known == 0)
        return mt_fail(
            cx, MT_E_ABSENT,
            "%s has none of a portfolio's files; looked for crm/asset_contracts_*.csv, "
            "vpp/technical_data/*.json, distribution_system_operator/final_production_*.csv and the like",
            folder);
    if (search.n > 0) qsort(search.file, search.n, sizeof *search.file, compare_files);
    if (options != NULL && options->digests) MT_TRY(drop_duplicates(&search));
    *out = search.file;
    *n = search.n;
    return MT_OK;
}
