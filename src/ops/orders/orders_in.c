/* Opening orders: the file's form is recognised from its first window, or the data set is found in the
 * store. */
#include "ops/orders/orders_in.h"

#include "formats/order_file.h"
#include "io/bytes.h"
#include "ops/orders/kept_input.h"
#include "store/data/order_store.h"

#define CURVE_NAME(symbol, name, meaning, entry) name,
const char *const mt_orders_form_name[] = {"auto", "orders", MT_EXCHANGE_LIST(CURVE_NAME) NULL};

mt_form mt_orders_form(int choice)
{
    return choice == 1 ? MT_FORM_ORDERS : mt_form_curve((mt_exchange)(choice - 2));
}

struct mt_orders {
    const mt_world *world;
    mt_orders_request request;
    mt_kept_input kept;
    mt_bytes *bytes;
    mt_order_reader *reader;
    const mt_curve_info *curve;
};

static bool is_stored(const mt_input *input)
{
    return input->name[0] == '@';
}

mt_code mt_orders_open(mt_ctx *cx, const mt_world *world, mt_orders **out, const mt_orders_request *request)
{
    mt_orders *orders;
    MT_TRY(MT_NEW(cx, &orders, 1));
    *orders = (mt_orders){.world = world, .request = *request, .kept = {.input = *request->input, .fd = -1}};
    if (request->twice) MT_TRY(mt_kept_input_open(cx, &orders->kept, request->input));
    *out = orders;
    return MT_OK;
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
    mt_kept_input_close(&orders->kept);
}

static mt_code open_stored(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    struct mt_store *store;
    MT_TRY(mt_world_store(cx, orders->world, &store));
    MT_TRY(mt_order_store_open(cx, &orders->reader, store, orders->kept.input.name + 1));
    *out = mt_order_store_source(orders->reader);
    return MT_OK;
}

static mt_code open_curve(mt_ctx *cx, mt_orders *orders, mt_order_source *out, mt_form form)
{
    mt_curve_options options = {
        .size = sizeof options, .curve = orders->request.curve, .area = orders->request.area};
    mt_exchange exchange = (mt_exchange)((int)form - MT_FORM_CURVE);
    mt_curve_file *file;
    MT_TRY(mt_curve_file_open(cx, &file, orders->bytes, exchange, &options));
    orders->curve = mt_curve_file_about(file);
    *out = mt_curve_file_source(file);
    return MT_OK;
}

static mt_code open_file(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    mt_form form = (mt_form)orders->request.form;
    mt_order_file *file;
    if (orders->request.form == MT_ORDERS_AUTO) MT_TRY(mt_form_detect(cx, &form, orders->bytes));
    if (form == MT_FORM_TRADES) {
        return mt_fail(cx, MT_E_INPUT, "%s: is %s, but orders are needed; trades go to market vwap",
                       orders->kept.input.name, mt_form_meaning(form));
    }
    if (form != MT_FORM_ORDERS) return open_curve(cx, orders, out, form);
    MT_TRY(mt_order_file_open(cx, &file, orders->bytes, NULL));
    *out = mt_order_file_source(file);
    return MT_OK;
}

mt_code mt_orders_source(mt_ctx *cx, mt_orders *orders, mt_order_source *out)
{
    close_source(orders);
    if (is_stored(&orders->kept.input)) return open_stored(cx, orders, out);
    MT_TRY(mt_bytes_open(cx, &orders->bytes, &orders->kept.input));
    return open_file(cx, orders, out);
}

const mt_curve_info *mt_orders_curve(const mt_orders *orders)
{
    return orders->curve;
}

const char *mt_orders_name(const mt_orders *orders)
{
    return orders->kept.input.name;
}
