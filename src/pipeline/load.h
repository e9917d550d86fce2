/* Pipeline files on disk: found by name, read, checked.
 *
 * Purpose   `merit pipeline run market` finds market.pipeline in the folders it is given; a path is taken
 *           as it is.
 * Errors    MT_E_ABSENT  no such pipeline, with those there are;  else what mt_plan_parse says.
 */
#ifndef MT_PIPELINE_LOAD_H
#define MT_PIPELINE_LOAD_H

#include "pipeline/plan.h"

MT_BEGIN_DECLS

/* Folders are looked through in their order; the first file with the name wins. */
MT_MUST_USE mt_code mt_pipeline_load(mt_ctx *cx, const mt_plan **out, const char *name,
                                     const char *const *folder, size_t n_folder);

/* Every pipeline in the folders, each name once, in the order found; damaged files are an error. */
MT_MUST_USE mt_code mt_pipeline_list(mt_ctx *cx, const mt_plan ***out, size_t *n, const char *const *folder,
                                     size_t n_folder);

MT_END_DECLS
#endif
