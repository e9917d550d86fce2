/* The files of a simulated portfolio, as a route-to-market desk has them.
 *
 * Purpose   Joins what simulate/vpp computes with the writers of formats/vpp/write; a folder written here is
 *           read by formats/vpp/vpp_files.h.
 * Shapes    One entry a kind of file, and one a trap; rows are counted over all files of the kind.
 * Errors    MT_E_IO and what simulate/vpp says; a file that failed is not there, those before it are.
 * Cost      Memory of one asset at a time. A live file of a day takes about 0.3 ms and a sync.
 */
#ifndef MT_OPS_SIMULATE_PORTFOLIO_FILES_H
#define MT_OPS_SIMULATE_PORTFOLIO_FILES_H

#include "ops/simulate/simulate_files.h"
#include "simulate/vpp/portfolio_rule.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_simulate_portfolio(mt_ctx *cx, mt_simulated_file **out, size_t *n,
                                          const mt_sim_vpp_rule *rule, const char *folder);

MT_END_DECLS
#endif
