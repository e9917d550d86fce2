/* The entries of the desk's operations, for their own run functions. */
#ifndef MT_OPS_VPP_VPP_OPS_H
#define MT_OPS_VPP_VPP_OPS_H

#include "base/op.h"

MT_BEGIN_DECLS

extern const mt_op mt_op_vpp_files, mt_op_vpp_quality, mt_op_vpp_assets;
extern const mt_op mt_op_vpp_forecast, mt_op_vpp_forecast_errors, mt_op_vpp_infeed,
    mt_op_vpp_infeed_portfolio;
extern const mt_op mt_op_vpp_trading;
extern const mt_op mt_op_vpp_imbalance, mt_op_vpp_imbalance_total;
extern const mt_op mt_op_vpp_redispatch, mt_op_vpp_curtail;
extern const mt_op mt_op_vpp_nominate, mt_op_vpp_deadlines;
extern const mt_op mt_op_vpp_settle, mt_op_vpp_settled;
extern const mt_op mt_op_vpp_report, mt_op_vpp_page;
extern const mt_op mt_op_vpp_invoice, mt_op_vpp_correct, mt_op_vpp_resettle;
extern const mt_op mt_op_vpp_documents, mt_op_vpp_document, mt_op_vpp_void;
extern const mt_op mt_op_vpp_pay, mt_op_vpp_book, mt_op_vpp_check;

MT_END_DECLS
#endif
