/* The files of a simulated market.
 *
 * Purpose   Writes what simulate/ computes: orders.csv (as order files are), trades.csv (as an exchange's
 *           public trades), weather.csv, fundamentals.csv, fuel.csv, outages.csv.
 * Time      Orders carry the zone's local offset, trades and outages UTC, as files of these kinds do.
 * Errors    MT_E_IO and what simulate/ says; a file that failed is not there.
 * Cost      Flat memory, whatever the number of orders.
 */
#ifndef MT_OPS_SIMULATE_SIMULATE_FILES_H
#define MT_OPS_SIMULATE_SIMULATE_FILES_H

#include "simulate/rule.h"

MT_BEGIN_DECLS

typedef struct mt_simulated_file {
    const char *zone, *path, *content;
    int64_t rows;
} mt_simulated_file;

MT_MUST_USE mt_code mt_simulate_files(mt_ctx *cx, mt_simulated_file **out, size_t *n, const mt_sim_rule *rule,
                                      const char *folder);

MT_END_DECLS
#endif
