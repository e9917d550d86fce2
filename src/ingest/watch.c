/* What a run shows to those who watch it. */
#include "ingest/run.h"

enum { LAG_EVERY_US = 1000000 };

mt_code mt_watch_open(mt_run *run)
{
    mt_consume_watch *w = &run->watch;
    mt_metrics *metrics = run->options.metrics;
    const char *label;
    if (!metrics) return MT_OK;
    MT_TRY(mt_metric_label(run->cx, &label, "group", run->places.consumer));
    if (run->options.name) {
        const char *name;
        MT_TRY(mt_metric_label(run->cx, &name, "consumer", run->options.name));
        MT_TRY(mt_text_format(run->cx, &label, "%s,%s", label, name));
    }
    w->messages =
        mt_metric_counter(metrics, "merit_consume_messages_total", "Messages that are stored.", label);
    w->rows = mt_metric_counter(metrics, "merit_consume_rows_total", "Rows that came of them.", label);
    w->dead = mt_metric_counter(metrics, "merit_consume_dead_total", "Messages kept as dead letters.", label);
    w->untold =
        mt_metric_counter(metrics, "merit_consume_dead_untold_total",
                          "Times that the dead-letter topic refused letters; the table has them.", label);
    w->batches = mt_metric_counter(metrics, "merit_consume_batches_total", "Transactions.", label);
    w->conflicts = mt_metric_counter(metrics, "merit_consume_conflicts_total",
                                     "Batches dropped because another consumer had them.", label);
    w->retries = mt_metric_counter(metrics, "merit_consume_retries_total",
                                   "Tries again because the store was away.", label);
    w->seconds =
        mt_metric_seconds(metrics, "merit_consume_batch_seconds", "From a batch to its commit.", label);
    w->lag = mt_metric_gauge(metrics, "merit_consume_lag_messages",
                             "Messages (of a file: bytes) that are not read yet.", label);
    w->last_commit = mt_metric_gauge(metrics, "merit_consume_last_commit_timestamp_seconds",
                                     "When something was stored last, in seconds since 1970.", label);
    w->waiting = mt_metric_gauge(metrics, "merit_consume_waiting", "1 while the store is away.", label);
    return MT_OK;
}

void mt_watch_batch(mt_run *run, const mt_hand *hand, int64_t since_us)
{
    mt_consume_watch *w = &run->watch;
    const mt_consumer *consumer = &run->options.consumer;
    uint64_t rows = consumer->rows ? consumer->rows(consumer->arg) : 0;
    mt_metric_add(w->messages, (double)hand->n);
    mt_metric_add(w->rows, (double)(rows - w->rows_told));
    mt_metric_add(w->dead, (double)hand->dead);
    mt_metric_add(w->batches, 1);
    mt_metric_observe(w->seconds, (double)(mt_run_monotonic(run) - since_us) / 1e6);
    mt_metric_set(w->last_commit, (double)mt_store_now(run->options.store) / 1e6);
    w->rows_told = rows;
}

void mt_watch_lag(mt_run *run)
{
    int64_t now = mt_run_monotonic(run);
    if (!run->watch.lag || now - run->watch.lag_at < LAG_EVERY_US) return;
    run->watch.lag_at = now;
    int64_t lag = mt_stream_lag(run->stream);
    if (lag >= 0) mt_metric_set(run->watch.lag, (double)lag);
}
