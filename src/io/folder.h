/* Folders for files that are about to be written.
 *
 * Purpose   Makes a folder and those above it, where they are missing.
 * Errors    MT_E_IO  the system refused (folder and reason);  MT_E_INPUT  a file stands in its place, or
 *           the path is too long.
 */
#ifndef MT_IO_FOLDER_H
#define MT_IO_FOLDER_H

#include "base/ctx.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_folder_make(mt_ctx *cx, const char *path);

MT_END_DECLS
#endif
