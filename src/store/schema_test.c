/* The tables of the store as they were published: a migration that has been released is never changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/testing.h"

#include <pthread.h>

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

static void schema__has_the_published_tables(void **state)
{
    testing *t = *state;
    for (size_t k = 0; k < sizeof version_1 / sizeof *version_1; k++) {
        mt_param name = mt_param_text(version_1[k][0]);
        mt_table *table = testing_query(t,
                                        "SELECT column_name FROM information_schema.columns WHERE table_name "
                                        "= $1 AND table_schema = current_schema() ORDER BY ordinal_position "
                                        "NULLS LAST",
                                        &name, 1);
        char list[512] = "";
        for (size_t i = 0; i < table->n; i++) {
            mt_text column = mt_table_get(table, i, 0).as.text;
            size_t n = strlen(list);
            snprintf(list + n, sizeof list - n, "%s%.*s", i ? "," : "", (int)column.length, column.at);
        }
        assert_string_equal(list, version_1[k][1]);
    }
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
    assert_int_equal(testing_count(t, "SELECT count(*) FROM fresh.schema_version"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema__has_the_published_tables),
        cmocka_unit_test(schema__is_made_once_when_many_open_a_fresh_server),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "schema");
}
