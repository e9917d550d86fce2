/* The functions of the Kafka client library that Merit uses, found when they are first needed. */
#include "stream/kafka/api.h"

static const mt_library_symbol symbols[] = {
#define SYMBOL_ROW(name) {#name, offsetof(mt_kafka_api, name)},
    MT_KAFKA_LIST(SYMBOL_ROW)
#undef SYMBOL_ROW
};

mt_code mt_kafka_load(mt_ctx *cx, mt_kafka_api *out, const char *path)
{
    const mt_library library = {
        path ? path : "librdkafka.so.1", "the Kafka client library", "a Kafka stream", "librdkafka1", symbols,
        sizeof symbols / sizeof *symbols};
    return mt_library_load(cx, &out->library, out, &library);
}

void mt_kafka_unload(mt_kafka_api *api)
{
    mt_library_unload(api->library);
    api->library = NULL;
}
