/* What a pipeline has done in its output folder: the memory that lets a run resume.
 *
 * Purpose   A task whose inputs, arguments and files are the ones of last time is kept, not run again.
 * Shapes    FOLDER/.merit/NAME.json: for each finished task its fingerprint and the digests of the files it
 *           wrote.
 * Errors    MT_E_CONFLICT  another run is at work in the folder;  MT_E_IO  the folder cannot be made or
 *           written. A damaged or foreign state file is logged and treated as empty: everything runs again.
 * Ownership mt_state_open/_close; close releases the folder's lock.
 * Threads   Calls may come from several workers, each with its own context.
 */
#ifndef MT_PIPELINE_STATE_H
#define MT_PIPELINE_STATE_H

#include "base/ctx.h"
#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_state mt_state;

/* Makes the folder where needed; `fresh` forgets what was done. */
MT_MUST_USE mt_code mt_state_open(mt_ctx *cx, mt_state **out, const char *folder, const char *pipeline,
                                  bool fresh);
void mt_state_close(mt_state *state); /* NULL allowed */

/* The task ended with this fingerprint and every file it wrote is unchanged. */
bool mt_state_kept(mt_ctx *cx, mt_state *state, const char *task, const char *fingerprint);

/* Records a success (files relative to the folder) and saves; with fingerprint NULL the task is forgotten. */
MT_MUST_USE mt_code mt_state_record(mt_ctx *cx, mt_state *state, const char *task, const char *fingerprint,
                                    const char *const *file, size_t n_file);

/* Digest of a file's bytes, or of every file under a folder, as text in cx; remembered by size and time of
 * change. */
MT_MUST_USE mt_code mt_state_digest(mt_ctx *cx, mt_state *state, const char *path, const char **out);

MT_END_DECLS
#endif
