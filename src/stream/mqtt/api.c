/* The functions of the MQTT client library that Merit uses, found when they are first needed. */
#include "stream/mqtt/api.h"

#include "io/library.h"

#include <string.h>

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_mqtt_api, name)},
    MT_MQTT_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_mqtt_load(mt_ctx *cx, mt_mqtt_api *out, const char *path)
{
    mt_mqtt_api api;
    mt_library library = {path ? path : "libmosquitto.so.1",
                          "the MQTT client library",
                          "an MQTT stream",
                          "libmosquitto1",
                          symbols,
                          sizeof symbols / sizeof *symbols};
    memset(&api, 0, sizeof api);
    MT_TRY(mt_library_load(cx, &api.library, &api, &library));
    *out = api;
    return MT_OK;
}

void mt_mqtt_unload(mt_mqtt_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
