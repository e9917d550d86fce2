/* Orders of an auction: the names and sentences of their faults. */
#include "terms/order.h"

static const struct {
    const char *name, *text;
} faults[] = {
#define FAULT_ROW(symbol, name, sentence) [symbol] = {name, sentence},
    MT_ORDER_FAULT_LIST(FAULT_ROW)
#undef FAULT_ROW
};

const char *mt_order_fault_name(mt_order_fault fault)
{
    return (unsigned)fault < MT_ORDER_FAULT_COUNT ? faults[fault].name : "unknown";
}

const char *mt_order_fault_text(mt_order_fault fault)
{
    return (unsigned)fault < MT_ORDER_FAULT_COUNT ? faults[fault].text : "the fault is unknown";
}
