/* The configuration of a server: plain text, one statement a line.
 *
 * Purpose   What a service runs with, beside its command line.
 * Shapes    `#` starts a comment; words with blanks stand in "…". All but the last four come once.
 *               listen 127.0.0.1:8686
 *               public                          (others than this machine may connect)
 *               names merit market.example      (host names that requests may use, beside the local ones)
 *               store duckdb:/var/lib/merit/merit.duckdb
 *               cache 64MiB
 *               workers 4
 *               drain 20s
 *               mapping TOPIC FILE              (of messages that come over HTTP)
 *               consume kafka://HOST:9092 --topics a,b --group g --mapping FILE
 *               every 15min offset 2min data.fetch --source energidataservice --dataset DayAheadPrices
 *               cron "15,45 6-20 * * *" Europe/Berlin data.fetch --source smard
 * Errors    MT_E_INPUT  FILE, line N: an unknown statement, operation or argument (with the nearest known
 *           one), a value that is wrong or missing, a statement given twice.
 * Ownership The configuration lives in cx.
 */
#ifndef MT_SERVER_CONFIG_H
#define MT_SERVER_CONFIG_H

#include "server/schedule.h"

MT_BEGIN_DECLS

enum { MT_CONFIG_LIST_MAX = 256, MT_CONFIG_WORDS_MAX = 128 };

typedef struct mt_config_consume {
    const char *url;
    const mt_given *given; /* names without dashes, "-" turned into "_" */
    size_t n;
    int line;
} mt_config_consume;

typedef struct mt_config_mapping {
    const char *topic, *path;
    int line;
} mt_config_mapping;

typedef struct mt_config {
    const char *listen, *store; /* NULL: not said */
    bool allow_public;
    const char *const *name; /* that requests may use as their host */
    size_t n_name;
    int64_t cache_bytes; /* -1: not said; 0: none */
    int64_t workers;     /* 0: not said */
    mt_time drain;       /* INT64_MIN: not said */
    const mt_config_mapping *mapping;
    size_t n_mapping;
    const mt_config_consume *consume;
    size_t n_consume;
    const mt_schedule_entry *entry;
    size_t n_entry;
} mt_config;

typedef struct mt_config_known {
    const mt_field *consume; /* options of a consumer; NULL: any */
    const char *zones;       /* folder of zone files; NULL: the system's */
} mt_config_known;

/* `file` is for messages. */
MT_MUST_USE mt_code mt_config_parse(mt_ctx *cx, mt_config *out, const char *file, mt_text text,
                                    const mt_config_known *known /* NULL allowed */);

MT_END_DECLS
#endif
