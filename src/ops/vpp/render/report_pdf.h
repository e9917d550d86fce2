/* The desk's report as a PDF: what was earned, how the period went, each asset in its row.
 *
 * Units, Missing, Ownership  As ops/vpp/render/report_view.h says; `out` is not finished.
 * Shapes    PDF/A-3b on A4; the same report is the same bytes.
 * Errors    What mt_out_write says; MT_E_FAILED when it cannot be drawn.
 * Cost      About 10 ms and 2 KB for ten assets.
 * Example   merit vpp report --data DIR --day 2025-06-08 --form pdf --into DIR
 */
#ifndef MT_OPS_VPP_RENDER_REPORT_PDF_H
#define MT_OPS_VPP_RENDER_REPORT_PDF_H

#include "io/out.h"
#include "io/pdf/press.h"
#include "ops/vpp/render/report_view.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_report_pdf(mt_ctx *cx, mt_press *press, mt_out *out, const mt_report_input *input);

MT_END_DECLS
#endif
