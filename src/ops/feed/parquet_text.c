/* Columns of a Parquet file through the CSV sink into an unlinked file. */
#include "ops/feed/parquet_text.h"

#include "io/out.h"
#include "io/sinks/csv.h"
#include "store/parquet/parquet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_parquet(const mt_input *input)
{
    static const char magic[] = {'P', 'A', 'R', '1'};
    char begins[sizeof magic];
    return pread(input->fd, begins, sizeof begins, 0) == sizeof begins &&
           memcmp(begins, magic, sizeof magic) == 0;
}

static mt_code write_text(mt_ctx *cx, const mt_world *world, const mt_input *from, int to)
{
    mt_engine *engine;
    mt_out *out = NULL;
    mt_sink *sink = NULL;
    const char *path;
    mt_code code;
    MT_TRY(mt_world_engine(cx, world, &engine));
    MT_TRY(mt_text_format(cx, &path, "/proc/self/fd/%d", from->fd)); /* also one that has no name */
    MT_TRY_OUT(mt_out_fd(cx, &out, to, from->name));
    MT_TRY_OUT(mt_csv_sink(cx, &sink, out, NULL));
    MT_TRY_OUT(mt_parquet_read(cx, engine, path, sink)); /* ends the text too */
out:
    mt_sink_close(sink);
    mt_out_close(out);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "%s", from->name);
}

mt_code mt_parquet_text_open(mt_ctx *cx, mt_parquet_text *out, const mt_world *world, const mt_input *input)
{
    char path[] = "/tmp/merit-XXXXXX";
    *out = (mt_parquet_text){.input = *input, .fd = -1};
    if (!is_parquet(input)) return MT_OK;
    out->fd = mkstemp(path);
    if (out->fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be made: %s", path, strerror(errno));
    unlink(path);
    mt_code code = write_text(cx, world, input, out->fd);
    if (code == MT_OK && lseek(out->fd, 0, SEEK_SET) != 0)
        code = mt_fail(cx, MT_E_IO, "/tmp: %s", strerror(errno));
    out->input.fd = out->fd;
    if (code != MT_OK) mt_parquet_text_close(out);
    return code;
}

void mt_parquet_text_close(mt_parquet_text *text)
{
    if (text->fd >= 0) close(text->fd);
    text->fd = -1;
}
