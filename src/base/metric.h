/* Counters, gauges and histograms that a running process shows to those who watch it.
 *
 * Purpose   Rooms below count; a server shows the text. Without a registry (NULL) every call does nothing,
 *           so that a room needs no second way.
 * Units     In the name, as the Prometheus conventions want it: merit_consume_rows_total,
 *           merit_fetch_seconds, merit_stream_lag_messages.
 * Shapes    A series is a name and a set of labels, e.g. "provider=\"entsoe\",status=\"ok\""; values from
 *           outside go through mt_metric_label. At most MT_METRIC_SERIES_MAX series; what comes beyond is
 *           counted in one named merit_metrics_dropped_total.
 * Ownership mt_metrics_open/_close; a metric lives as long as its registry. Asking twice for the same series
 *           gives the same metric.
 * Threads   Any thread at any time.
 * Source    Prometheus text exposition format 0.0.4; naming after prometheus.io.
 */
#ifndef MT_BASE_METRIC_H
#define MT_BASE_METRIC_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_METRIC_SERIES_MAX = 4096 };

typedef struct mt_metrics mt_metrics;
typedef struct mt_metric mt_metric;

MT_API MT_MUST_USE mt_code mt_metrics_open(mt_ctx *cx, mt_metrics **out);
MT_API void mt_metrics_close(mt_metrics *metrics); /* NULL allowed */

/* NULL when the registry is NULL or memory ran out. `labels` NULL: none. */
MT_API mt_metric *mt_metric_counter(mt_metrics *metrics, const char *name, const char *help,
                                    const char *labels);
MT_API mt_metric *mt_metric_gauge(mt_metrics *metrics, const char *name, const char *help,
                                  const char *labels);

/* Bounds from 0.5 ms to 60 s. */
MT_API mt_metric *mt_metric_seconds(mt_metrics *metrics, const char *name, const char *help,
                                    const char *labels);

MT_API void mt_metric_add(mt_metric *metric, double by); /* counters and gauges; NULL allowed */
MT_API void mt_metric_set(mt_metric *metric, double value);
MT_API void mt_metric_observe(mt_metric *metric, double seconds);
MT_API double mt_metric_value(const mt_metric *metric); /* for tests; NULL: 0 */

/* "name=\"value\"" with the value escaped, in cx. */
MT_API MT_MUST_USE mt_code mt_metric_label(mt_ctx *cx, const char **out, const char *name, const char *value);

/* The whole exposition as text in cx: families in order of name, each with HELP and TYPE. */
MT_API MT_MUST_USE mt_code mt_metrics_text(mt_ctx *cx, mt_text *out, mt_metrics *metrics);

MT_END_DECLS
#endif
