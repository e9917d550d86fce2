/* What the readers of a portfolio's files share, and the one door to them. */
#include "formats/vpp/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FINDINGS_MAX = 256, SENTENCE_MAX = 600 };

#define READER_ROW(kind, function) [kind] = function,
static mt_vpp_read_fn *const readers[MT_VPP_FILE_KINDS] = {MT_VPP_READER_LIST(READER_ROW)};

mt_vpp_place mt_vpp_at_line(uint64_t line)
{
    return (mt_vpp_place){line, MT_TIME_NONE, NAN};
}

mt_vpp_place mt_vpp_at_time(mt_time time, double value)
{
    return (mt_vpp_place){0, time, value};
}

void mt_vpp_giving(const mt_vpp_reader *reader)
{
    if (reader->lock != NULL) pthread_mutex_lock(reader->lock);
}

mt_code mt_vpp_given(mt_vpp_reader *reader, mt_code code)
{
    if (reader->lock != NULL) pthread_mutex_unlock(reader->lock);
    if (code != MT_OK) reader->refused = code;
    return code;
}

bool mt_vpp_wanted(const mt_vpp_reader *reader, mt_time start, mt_time end)
{
    const mt_vpp_options *options = &reader->options;
    return (options->from == MT_TIME_NONE || end > options->from) &&
           (options->until == MT_TIME_NONE || start < options->until);
}

static bool is_about(const mt_finding *finding, mt_finding_kind kind, const char *subject)
{
    if (finding->kind != kind) return false;
    if (finding->asset_id == NULL || subject == NULL) return finding->asset_id == subject;
    return strcmp(finding->asset_id, subject) == 0;
}

/* The finding in hand, or a new one that has no sentence yet. */
static mt_code take_finding(mt_vpp_reader *reader, mt_finding_kind kind, const char *subject,
                            mt_finding **out)
{
    if (reader->n_finding >= FINDINGS_MAX) subject = NULL;
    for (size_t k = 0; k < reader->n_finding; k++) {
        *out = &reader->finding[k];
        if (is_about(*out, kind, subject)) return MT_OK;
    }
    MT_TRY(mt_ctx_grow(&reader->own, &reader->finding, reader->n_finding, &reader->room,
                       sizeof *reader->finding));
    *out = &reader->finding[reader->n_finding++];
    **out = (mt_finding){.kind = kind, .file = mt_vpp_file_name(reader)};
    if (subject == NULL) return MT_OK;
    return mt_text_copy(&reader->own, &(*out)->asset_id, mt_text_of(subject));
}

mt_code mt_vpp_find(mt_vpp_reader *reader, mt_finding_kind kind, const char *subject, mt_vpp_place place,
                    const char *format, ...)
{
    mt_finding *finding;
    char sentence[SENTENCE_MAX];
    va_list values;
    MT_TRY(take_finding(reader, kind, subject, &finding));
    if (finding->count++ > 0) return MT_OK;
    va_start(values, format);
    (void)vsnprintf(sentence, sizeof sentence, format, values);
    va_end(values);
    finding->line = (int64_t)place.line;
    finding->time = place.time;
    finding->value = place.value;
    return mt_text_copy(&reader->own, &finding->sentence, mt_text_of(sentence));
}

static bool is_damage(mt_code code)
{
    return code == MT_E_INPUT || code == MT_E_IO || code == MT_E_TOO_LARGE || code == MT_E_UNIT ||
           code == MT_E_SHAPE;
}

/* A damaged file is a finding; what the taker refused and what is ours is the caller's. */
static mt_code judge(mt_vpp_reader *reader, mt_code code)
{
    if (reader->refused != MT_OK) return reader->refused;
    if (code == MT_OK) return MT_OK;
    if (!is_damage(code)) return mt_fail(reader->cx, code, "%s", reader->own.err);
    char sentence[SENTENCE_MAX];
    (void)snprintf(sentence, sizeof sentence, "%.*s", SENTENCE_MAX - 1, reader->own.err);
    code = mt_vpp_find(reader, MT_F_BAD_FILE, reader->file->subject, mt_vpp_at_line(0), "%s", sentence);
    return code == MT_OK ? MT_OK : mt_fail(reader->cx, code, "%s", reader->own.err);
}

static mt_code tell_findings(mt_vpp_reader *reader)
{
    for (size_t k = 0; k < reader->n_finding; k++) MT_TRY(MT_VPP_GIVE(reader, finding, &reader->finding[k]));
    return MT_OK;
}

static mt_code read_bytes(mt_vpp_reader *reader, int fd)
{
    mt_input input = {mt_vpp_file_name(reader), fd};
    MT_TRY(mt_bytes_open(&reader->own, &reader->bytes, &input));
    return readers[reader->file->kind](reader);
}

static void open_reader(mt_vpp_reader *reader, mt_ctx *cx)
{
    mt_ctx_options options = cx->options;
    options.allocator = cx->arena.allocator;
    reader->cx = cx;
    mt_ctx_init(&reader->own, &options);
    if (reader->options.size == 0)
        reader->options = (mt_vpp_options){.from = MT_TIME_NONE, .until = MT_TIME_NONE};
}

/* The file's digest is taken where it was not before, so that its bytes are read once from the disk. */
static mt_code begin(mt_vpp_reader *reader)
{
    mt_vpp_origin origin = reader->file->origin;
    if (reader->taker->begin == NULL) return MT_OK;
    if (reader->options.digests && origin.sha256 == NULL)
        MT_TRY(mt_vpp_digest(&reader->own, &origin.sha256, reader->file->path));
    mt_vpp_giving(reader);
    return mt_vpp_given(reader,
                        reader->taker->begin(reader->cx, reader->taker->arg, &origin, &reader->origin));
}

mt_code mt_vpp_file_give(mt_ctx *cx, const mt_vpp_file *file, const mt_vpp_options *options,
                         const mt_vpp_taker *taker, pthread_mutex_t *lock)
{
    mt_vpp_reader reader = {.file = file, .taker = taker, .lock = lock};
    if ((size_t)file->kind >= MT_VPP_FILE_KINDS || readers[file->kind] == NULL)
        return mt_fail(cx, MT_E_INPUT, "%s is of no kind that is read here", file->path);
    MT_TRY(mt_ctx_check(cx));
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s cannot be opened: %s", file->path, strerror(errno));
    if (options != NULL) reader.options = *options;
    open_reader(&reader, cx);
    mt_code code = begin(&reader);
    if (code != MT_OK && reader.refused == MT_OK) code = mt_fail(cx, code, "%s", reader.own.err);
    if (code == MT_OK) code = judge(&reader, read_bytes(&reader, fd));
    if (code == MT_OK) code = tell_findings(&reader);
    mt_bytes_close(reader.bytes);
    mt_ctx_close(&reader.own);
    close(fd);
    return code;
}

mt_code mt_vpp_file_read(mt_ctx *cx, const mt_vpp_file *file, const mt_vpp_options *options,
                         const mt_vpp_taker *taker)
{
    return mt_vpp_file_give(cx, file, options, taker, NULL);
}
