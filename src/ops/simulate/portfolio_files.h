/* The files of a simulated portfolio, as a route-to-market desk has them.
 *
 * Purpose   Joins what simulate/vpp computes with the writers of formats/vpp/write; a folder written here is
 *           read by formats/vpp/vpp_files.h.
 * Shapes    One entry a kind of file, and one a trap; rows are counted over all files of the kind.
 *           Master data, prices and trades are synced file by file; the many files of plants are left to the
 *           system (bulk_file.h).
 * Errors    MT_E_IO and what simulate/vpp says; a file that failed is not there, those before it are.
 * Cost      Memory of one plant at a time, about 1 KB a plant besides. About 0.3 ms a live file.
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
