/* Opening orders: the file's form is recognised from its first window, or the data set is found in the store. */
#include "ops/orders_in.h"

#include "io/bytes.h"
#include "store/order_store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const mt_orders_form_name[] = {"auto", "orders", "curve-omie", "curve-jepx", "curve-gme", NULL};

struct mt_orders {
    const mt_world *world;
    mt_orders_request request;
    mt_input input;
    int kept_fd; /* of the temporary file; -1: none */
    mt_bytes *bytes;
    mt_order_reader *reader;
    const mt_curve_info *curve;
};

static bool is_stored(const mt_input *input)
{
    return input->name[0] == '@';
}

/* A pipe can be read once: its bytes go to a file without a name, which is read as often as needed. */
static mt_code keep_pipe(mt_ctx *cx, mt_orders *orders)
{
    char path[] = "/tmp/merit-XXXXXX", bytes[1 << 16];
    ssize_t n;
    int fd = mkstemp(path);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be made: %s", path, strerror(errno));
    unlink(path);
    orders->kept_fd = fd;
    while ((n = read(orders->input.fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t at = 0; at < n;) {
            ssize_t put = write(fd, bytes + at, (size_t)(n - at));
            if (put < 0) return mt_fail(cx, MT_E_IO, "/tmp: a copy of %s cannot be kept: %s", orders->input.name, strerror(errno));
            at += put;
        }
        MT_TRY(mt_ctx_check(cx));
    }
    if (n < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", orders->input.name, strerror(errno));
    orders->input.fd = fd;
    return MT_OK;
}

mt_code mt_orders_open(mt_ctx *cx, const mt_world *world, mt_orders **out, const mt_orders_request *request)
{
    mt_orders *orders;
    struct stat about;
    MT_TRY(MT_NEW(cx, &orders, 1));
    *orders = (mt_orders){.world = world, .request = *request, .input = *request->input, .kept_fd = -1};
    *out = orders;
    if (is_stored(&orders->input) || !request->twice) return MT_OK;
    if (fstat(orders->input.fd, &about) == 0 && S_ISREG(about.st_mode)) return MT_OK;
    mt_code code = keep_pipe(cx, orders);
    if (code != MT_OK) mt_orders_close(orders), *out = NULL;
    return code;
}

static void close_source(mt_orders *orders)
{
    mt_bytes_close(orders->bytes);
    mt_order_store_close(orders->reader);
    orders->bytes = NULL;
    orders->reader = NULL;
    orders->curve = NULL;
}

void mt_orders_close(mt_orders *orders)
{
    if (!orders) return;
    close_source(orders);
    if (orders->kept_fd >= 0) close(orders->kept_fd);
}

static mt_code open_stored(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    struct mt_store *store;
    MT_TRY(mt_world_store(cx, orders->world, &store));
    MT_TRY(mt_order_store_open(cx, &orders->reader, store, orders->input.name + 1));
    *out = mt_order_store_source(orders->reader);
    return MT_OK;
}

static mt_code open_file(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    mt_order_file *file;
    MT_TRY(mt_order_file_open(cx, &file, orders->bytes, NULL));
    *out = mt_order_file_source(file);
    return MT_OK;
}

mt_code mt_orders_source(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    close_source(orders);
    if (is_stored(&orders->input)) return open_stored(cx, orders, out);
    MT_TRY(mt_bytes_open(cx, &orders->bytes, &orders->input));
    return open_file(cx, orders, out);
}

const mt_curve_info *mt_orders_curve(const mt_orders *orders)
{
    return orders->curve;
}

const char *mt_orders_name(const mt_orders *orders)
{
    return orders->input.name;
}
