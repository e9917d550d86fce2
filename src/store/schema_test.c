/* The tables of the store as they were published: a migration that has been released is never changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/testing.h"

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
        mt_table *table =
            testing_query(t,
                          "SELECT column_name FROM information_schema.columns WHERE table_name "
                          "= $1 AND table_schema IN ('main', 'public') ORDER BY ordinal_position "
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(schema__has_the_published_tables)};
    return testing_every_engine(tests, 1, "schema");
}
