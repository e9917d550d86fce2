/* One order tick of a live market, from its JSON message. */
#include "formats/order_tick.h"

#include "io/json.h"

#include <string.h>

static mt_text text_of(const mt_json *object, const char *name)
{
    const mt_json *member = mt_json_member(object, name);
    bool usable = member && (member->kind == MT_JSON_STRING || member->kind == MT_JSON_NUMBER);
    return usable ? mt_text_trim(member->text) : (mt_text){NULL, 0};
}

static bool read_action(const mt_json *object, mt_order_tick *out)
{
    static const char *const name[] = {"add", "change", "cancel"};
    mt_text text = text_of(object, "action");
    out->action = MT_TICK_ADD;
    if (!text.at) return mt_json_member(object, "action") == NULL;
    for (int k = 0; k < 3; k++) {
        if (!mt_text_equal_nocase(text, name[k])) continue;
        out->action = (mt_tick_action)k;
        return true;
    }
    return false;
}

static bool read_start(const mt_json *object, mt_order_tick *out, mt_time period)
{
    static const char *const name[] = {"start", "delivery_start", "time"};
    bool has_offset = false;
    mt_text text = {NULL, 0};
    for (int k = 0; k < 3 && !text.at; k++) text = text_of(object, name[k]);
    if (!text.at || !mt_time_parse(text.at, text.length, &out->start, &has_offset) || !has_offset)
        return false;
    out->start = mt_time_floor(out->start, period);
    return true;
}

static bool read_side(const mt_json *object, mt_order_tick *out)
{
    mt_text text = text_of(object, "side");
    bool buy = text.at && mt_text_equal_nocase(text, "buy");
    bool sell = text.at && mt_text_equal_nocase(text, "sell");
    out->side = buy ? MT_BUY : MT_SELL;
    return buy || sell;
}

static bool read_number(const mt_json *object, const char *name, mt_micro least, mt_micro most, mt_micro *out)
{
    mt_text text = text_of(object, name);
    return text.at && mt_micro_parse(text.at, text.length, out) && *out >= least && *out <= most;
}

/* Why the message is no tick, NULL when it is one. */
static const char *read_members(const mt_json *object, mt_order_tick *out, mt_time period)
{
    out->id = text_of(object, "id");
    if (object->kind != MT_JSON_OBJECT) return "the message is no JSON object";
    if (out->id.length && memchr(out->id.at, 0, out->id.length)) return "the id holds a zero byte";
    if (!out->id.length) return "the tick has no id: a text or number that names the order";
    if (!read_action(object, out)) return "the action is none of add, change, cancel";
    if (!read_start(object, out, period))
        return "the start is no instant with an offset, e.g. 2025-06-08T10:00Z";
    if (out->action == MT_TICK_CANCEL) return NULL;
    if (!read_side(object, out)) return "the side is neither buy nor sell";
    if (!read_number(object, "price", -MT_PRICE_BOUND_MICRO, MT_PRICE_BOUND_MICRO, &out->price))
        return "the price is no decimal number of at most six places within 100,000 per MWh";
    if (!read_number(object, "volume", 0, MT_VOLUME_BOUND_WH, &out->volume_wh))
        return "the volume is no decimal number of MWh of at most six places from 0 to 10,000,000";
    return NULL;
}

mt_code mt_order_tick_read(mt_ctx *cx, mt_order_tick *out, const char **fault, mt_text message,
                           mt_time period)
{
    const mt_json *object;
    mt_order_tick tick = {.price = MT_MICRO_NONE, .volume_wh = MT_MICRO_NONE};
    *fault = "the message is empty";
    if (!message.at || !message.length) return MT_OK;
    mt_code code = mt_json_read(cx, &object, "message", message.at, message.length);
    if (code == MT_E_INPUT || code == MT_E_TOO_LARGE) {
        MT_TRY(mt_text_copy(cx, fault, mt_text_of(cx->err)));
        mt_ctx_forgive(cx);
        return MT_OK;
    }
    MT_TRY(code);
    *fault = read_members(object, &tick, period);
    if (!*fault) *out = tick;
    return MT_OK;
}
