/* The tables of the store as they were published: a migration that has been released is never changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/inside.h"
#include "store/testing.h"

#include <pthread.h>

#define ONE_MORE(symbol) +1
enum { MIGRATIONS = 0 MT_MIGRATION_LIST(ONE_MORE) };
#undef ONE_MORE

/* Columns of version 1: "table: column, …" in order of place. */
static const char *const version_1[][2] = {
    {"schema_version", "number,name,applied_at"},
    {"dataset", "id,name,kind,source,content_hash,row_count,bad_count,first_time,last_time,stored_at"},
    {"market_order", "dataset_id,row_no,time,side,price_micro,volume_wh"},
    {"order_quarantine", "dataset_id,row_no,line,reason,raw"},
    {"orders", "dataset,row_no,time,side,price,volume,fault"},
    {"clearing",
     "dataset,policy,price_rule,period_us,start,price,price_low,price_high,volume,offered,wanted,buys,sells,"
     "best_bid,best_ask,welfare,efficiency,status"},
    {"aggregate",
     "dataset,policy,price_rule,period_us,start,side,count,mean_price,min_price,max_price,volume,mean_volume,"
     "vwap,market_spread"},
    {"impact",
     "dataset,policy,price_rule,period_us,start,scenario,shift,base_price,price,change,change_percent,"
     "base_volume,volume,status,sensitivity_more,sensitivity_less"},
    {"pipeline_run", "id,pipeline,input,state,started_at,finished_at,message"},
    {"pipeline_task", "run_id,task,place,state,started_at,finished_at,rows_out,message"},
};

/* What version 2 added. */
static const char *const version_2[][2] = {
    {"series", "id,kind,area,detail,unit,step_us,source"},
    {"observation", "series_id,start,value,known_at,payload"},
    {"observation_history", "series_id,start,value,known_at,payload"},
    {"observations", "kind,area,detail,unit,source,step_us,start,value,known_at,payload"},
    {"energi_records", "timestamp,price_area,production_mwh,spot_price_eur,production_type,source,payload"},
    {"stream_offset", "stream,consumer,topic,part,next_offset,updated_at"},
    {"dead_letter", "stream,topic,part,position,received_at,reason,message_key,message,digest"},
    {"fetch_state", "source,dataset,area,fetched_to,state,updated_at"},
    {"observation_quarantine", "batch_id,kind,area,detail,unit,source,step_us,start,value,known_at,payload,"
                               "reason,quarantined_at"},
};

/* What version 4 added. */
static const char *const version_4[][2] = {
    {"policy", "kind,source,area,keep_us,rollup_step_us,created_at"},
};

/* What version 5 added. */
static const char *const version_5[][2] = {
    {"document_range", "issuer,year,kind,last_number"},
    {"document", "issuer,number,kind,contract_id,asset_id,owner_id,period_from,period_until,version,issued,"
                 "status,void_reason,cancels,net_cent,vat_cent,gross_cent,digest,body,stored_at"},
    {"desk_file", "name,kind,sha256,bytes,version,day,known_at"},
    {"desk_file_part", "sha256,part,body"},
    {"desk_trade", "id,price_cent,quantity_mw,direction,delivery_day,delivery_hour,delivery_start,"
                   "delivery_end,trader_id,strategy,execution_time,source,stored_at"},
    {"document_payment", "issuer,number,message_id,amount_cent,paid_at"},
};

static void check_tables(testing *t, const char *const (*tables)[2], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        mt_param name = mt_param_text(tables[k][0]);
        mt_table *table = testing_query(t,
                                        "SELECT column_name FROM information_schema.columns WHERE table_name "
                                        "= $1 AND table_schema = current_schema() ORDER BY ordinal_position "
                                        "NULLS LAST",
                                        &name, 1);
        char list[512] = "";
        for (size_t i = 0; i < table->n; i++) {
            mt_text column = mt_table_get(table, i, 0).as.text;
            size_t at = strlen(list);
            snprintf(list + at, sizeof list - at, "%s%.*s", i ? "," : "", (int)column.length, column.at);
        }
        assert_string_equal(list, tables[k][1]);
    }
}

static void schema__has_the_published_tables(void **state)
{
    check_tables(*state, version_1, sizeof version_1 / sizeof *version_1);
    check_tables(*state, version_2, sizeof version_2 / sizeof *version_2);
    check_tables(*state, version_4, sizeof version_4 / sizeof *version_4);
    check_tables(*state, version_5, sizeof version_5 / sizeof *version_5);
}

/* What a store of version 1 held. */
static const char *const rows_of_1[] = {
    "INSERT INTO dataset (id, name, kind, row_count, bad_count, stored_at) VALUES (7, 'old', 'orders', 1, 0, "
    "'2024-05-01T00:00:00Z')",
    "INSERT INTO market_order (dataset_id, row_no, price_micro) VALUES (7, 1, -62030000)",
    "INSERT INTO pipeline_run (id, pipeline, state, started_at) VALUES ('r', 'p', 'done', "
    "'2024-05-01T00:00:00Z')",
};

static void open_as_of_1(testing *t, mt_store **out, const char *url)
{
    static const mt_migration *const first[] = {&mt_migration_001};
    mt_store_options options = {.size = sizeof options, .url = url};
    if (mt_store_open_with(&t->cx, out, &options, first, 1) != MT_OK) fail_msg("%s", t->cx.err);
}

static void schema__of_version_1_is_upgraded_with_its_rows(void **state)
{
    testing *t = *state;
    testing old = {.backend = t->backend};
    char url[320];
    mt_ctx_init(&old.cx, NULL);
    if (t->backend->one_writer) {
        snprintf(url, sizeof url, "duckdb:%s/version-1", t->dir);
    } else {
        testing_must(t, "CREATE SCHEMA version_1");
        snprintf(url, sizeof url, "%s&options=-csearch_path%%3Dversion_1", t->url);
    }
    open_as_of_1(&old, &old.store, url);
    for (size_t k = 0; k < sizeof rows_of_1 / sizeof *rows_of_1; k++) testing_must(&old, rows_of_1[k]);
    mt_store_close(old.store);
    mt_store_options options = {.size = sizeof options, .url = url};
    if (mt_store_open(&old.cx, &old.store, &options) != MT_OK) fail_msg("%s", old.cx.err);
    check_tables(&old, version_1, sizeof version_1 / sizeof *version_1);
    check_tables(&old, version_2, sizeof version_2 / sizeof *version_2);
    check_tables(&old, version_4, sizeof version_4 / sizeof *version_4);
    check_tables(&old, version_5, sizeof version_5 / sizeof *version_5);
    assert_int_equal(testing_count(&old, "SELECT price_micro FROM market_order WHERE dataset_id = 7"),
                     -62030000);
    assert_int_equal(testing_count(&old, "SELECT count(*) FROM orders WHERE dataset = 'old'"), 1);
    assert_int_equal(testing_count(&old, "SELECT count(*) FROM pipeline_run WHERE id = 'r'"), 1);
    assert_int_equal(testing_count(&old, "SELECT max(number) FROM schema_version"), MIGRATIONS);
    mt_store_close(old.store);
    mt_ctx_close(&old.cx);
}

enum { OPENERS = 4 };

struct opener {
    char url[320];
    char sentence[MT_ERR_TEXT_MAX];
    mt_code code;
};

static void *open_fresh(void *arg)
{
    struct opener *o = arg;
    mt_ctx cx;
    mt_store *store = NULL;
    mt_store_options options = {.size = sizeof options, .url = o->url};
    mt_ctx_init(&cx, NULL);
    o->code = mt_store_open(&cx, &store, &options);
    snprintf(o->sentence, sizeof o->sentence, "%s", cx.err);
    mt_store_close(store);
    mt_ctx_close(&cx);
    return NULL;
}

static void schema__is_made_once_when_many_open_a_fresh_server(void **state)
{
    testing *t = *state;
    pthread_t thread[OPENERS];
    struct opener opener[OPENERS];
    if (t->backend->one_writer) skip(); /* a file has one owner */
    testing_must(t, "CREATE SCHEMA fresh");
    for (int k = 0; k < OPENERS; k++) {
        snprintf(opener[k].url, sizeof opener[k].url, "%s&options=-csearch_path%%3Dfresh", t->url);
        assert_int_equal(pthread_create(&thread[k], NULL, open_fresh, &opener[k]), 0);
    }
    for (int k = 0; k < OPENERS; k++) {
        pthread_join(thread[k], NULL);
        if (opener[k].code != MT_OK) fail_msg("%s", opener[k].sentence);
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM fresh.schema_version"), MIGRATIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema__has_the_published_tables),
        cmocka_unit_test(schema__of_version_1_is_upgraded_with_its_rows),
        cmocka_unit_test(schema__is_made_once_when_many_open_a_fresh_server),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "schema");
}
