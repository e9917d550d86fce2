/* The desk's report as one page for a screen that needs nothing else: to keep, mail and print.
 *
 * Units, Missing, Ownership  As ops/vpp/render/report_view.h says; `out` is not finished.
 * Shapes    One HTML file without script or outside request (io/page/html.h), with the charts inside.
 * Errors    What mt_out_write says.
 * Cost      About 2 ms and 150 KB for ten assets and a day.
 * Example   merit vpp report --data DIR --day 2025-06-08 --form html --into DIR
 */
#ifndef MT_OPS_VPP_RENDER_REPORT_HTML_H
#define MT_OPS_VPP_RENDER_REPORT_HTML_H

#include "io/out.h"
#include "ops/vpp/render/report_view.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_report_html(mt_ctx *cx, mt_out *out, const mt_report_input *input);

MT_END_DECLS
#endif
