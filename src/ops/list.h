/* Every operation: one line each, in the order of help and reference.
 *
 * Shapes    X(symbol of the entry). The entry itself stands in NOUN_ops.c.
 */
#ifndef MT_OPS_LIST_H
#define MT_OPS_LIST_H

#define MT_OP_LIST(X) \
    X(mt_op_market_clear) \
    X(mt_op_market_curve) \
    X(mt_op_market_accept) \
    X(mt_op_market_impact) \
    X(mt_op_market_sensitivity) \
    X(mt_op_market_aggregate) \
    X(mt_op_market_activity) \
    X(mt_op_market_analysis) \
    X(mt_op_market_summary) \
    X(mt_op_market_statistics) \
    X(mt_op_market_vwap) \
    X(mt_op_market_report) \
    X(mt_op_market_store) \
    X(mt_op_market_normalise) \
    X(mt_op_vpp_load) \
    X(mt_op_vpp_kept) \
    X(mt_op_vpp_files) \
    X(mt_op_vpp_quality) \
    X(mt_op_vpp_assets) \
    X(mt_op_vpp_forecast) \
    X(mt_op_vpp_forecast_errors) \
    X(mt_op_vpp_infeed) \
    X(mt_op_vpp_trading) \
    X(mt_op_vpp_imbalance) \
    X(mt_op_vpp_imbalance_total) \
    X(mt_op_vpp_redispatch) \
    X(mt_op_vpp_curtail) \
    X(mt_op_vpp_nominate) \
    X(mt_op_vpp_deadlines) \
    X(mt_op_vpp_settle) \
    X(mt_op_vpp_settled) \
    X(mt_op_vpp_invoice) \
    X(mt_op_vpp_resettle) \
    X(mt_op_vpp_correct) \
    X(mt_op_vpp_report) \
    X(mt_op_trade_add) \
    X(mt_op_trade_import) \
    X(mt_op_trade_list) \
    X(mt_op_trade_report) \
    X(mt_op_trade_pnl) \
    X(mt_op_decision_daily) \
    X(mt_op_decision_summary) \
    X(mt_op_decision_score) \
    X(mt_op_data_quality) \
    X(mt_op_data_series_quality) \
    X(mt_op_data_clean) \
    X(mt_op_data_quarantine) \
    X(mt_op_data_cleaning) \
    X(mt_op_data_partition) \
    X(mt_op_data_monitor) \
    X(mt_op_data_simulate) \
    X(mt_op_data_datasets) \
    X(mt_op_data_sources) \
    X(mt_op_data_feeds) \
    X(mt_op_data_check) \
    X(mt_op_data_fetch) \
    X(mt_op_data_preview) \
    X(mt_op_data_ingest) \
    X(mt_op_data_watch) \
    X(mt_op_data_files) \
    X(mt_op_data_suspects) \
    X(mt_op_data_suspect_values) \
    X(mt_op_data_release) \
    X(mt_op_data_discard) \
    X(mt_op_data_series) \
    X(mt_op_data_values) \
    X(mt_op_data_versions) \
    X(mt_op_data_buckets) \
    X(mt_op_stream_mappings) \
    X(mt_op_stream_offsets) \
    X(mt_op_stream_dead_letters) \
    X(mt_op_store_backup) \
    X(mt_op_store_restore) \
    X(mt_op_store_verify) \
    X(mt_op_store_migrate) \
    X(mt_op_store_policies) \
    X(mt_op_store_policy) \
    X(mt_op_store_tend) \
    X(mt_op_calendar_periods) \
    X(mt_op_calendar_holidays) \
    X(mt_op_pipeline_runs) \
    X(mt_op_pipeline_tasks)

#endif
