/* The portfolio's files as the store keeps them: put in whole, taken out into a folder for as long as needed.
 *
 * Purpose   Lets every operation of the desk run on the store: a delivered file is kept byte by byte with its
 *           digest and the moment it became known, so a day can be settled again from exactly what was there.
 * Time      as_of MT_TIME_NONE: all files; else those known by then.
 * Errors    MT_E_ABSENT  no store, or no files of a portfolio in it;  MT_E_IO.
 * Ownership mt_archive_unpack makes a folder below the system's temporary folder, for the caller's eyes only;
 *           mt_archive_remove takes it away again (one that was never made is allowed). What a killed process
 *           has left there, the next one takes away: a folder in use is locked.
 */
#ifndef MT_OPS_VPP_ARCHIVE_H
#define MT_OPS_VPP_ARCHIVE_H

#include "ops/world.h"

MT_BEGIN_DECLS

typedef struct mt_archive_folder {
    const char *path; /* NULL: none was made */
    int lock;         /* held while the folder is in use */
} mt_archive_folder;

MT_MUST_USE mt_code mt_archive_unpack(mt_ctx *cx, const mt_world *world, mt_archive_folder *out,
                                      mt_time as_of);
void mt_archive_remove(mt_archive_folder *folder);

MT_END_DECLS
#endif
