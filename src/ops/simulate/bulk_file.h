/* One of very many small files: written aside and renamed, left to the system to bring to the disk.
 *
 * Purpose   A load test's folder has a hundred thousand files; to wait for the disk after each, as io/out.h
 *           does, would take minutes. What is lost with the machine is made again from its seed.
 * Errors    MT_E_IO  the system refused (file and reason); nothing of the file is left behind.
 */
#ifndef MT_OPS_SIMULATE_BULK_FILE_H
#define MT_OPS_SIMULATE_BULK_FILE_H

#include "base/text.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_bulk_file_write(mt_ctx *cx, const char *path, mt_text bytes);

MT_END_DECLS
#endif
