/* The functions of the MQTT client library that Merit uses, found when they are first needed. */
#include "stream/mqtt/api.h"

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_mqtt_api, name)},
    MT_MQTT_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_mqtt_load(mt_ctx *cx, mt_mqtt_api *out, const char *path)
{
    const mt_library library = {path ? path : "libmosquitto.so.1",
                                "the MQTT client library",
                                "an MQTT stream",
                                "libmosquitto1",
                                symbols,
                                sizeof symbols / sizeof *symbols};
    return mt_library_load(cx, &out->library, out, &library);
}

void mt_mqtt_unload(mt_mqtt_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
