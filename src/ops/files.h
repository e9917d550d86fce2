/* Files named by a person at this machine, opened for an operation's arguments.
 *
 * Purpose   The opener of the command line and of the pipeline (a server has another one and opens no path).
 * Shapes    "-" is standard input, "@NAME" a data set of the store, anything else a path; an empty text is
 *           refused.
 * Errors    MT_E_ABSENT  no such file, with the nearest name in its folder;  MT_E_INPUT  a folder, an empty
 *           name; MT_E_IO  what the system said.
 * Ownership mt_files is a value of its owner; mt_files_close closes every descriptor it opened.
 */
#ifndef MT_OPS_FILES_H
#define MT_OPS_FILES_H

#include "base/op.h"

MT_BEGIN_DECLS

enum { MT_FILES_MAX = 1024 };

typedef struct mt_files {
    int fd[MT_FILES_MAX];
    int n;
} mt_files;

mt_opener mt_files_opener(mt_files *files); /* borrows `files`, which starts zeroed */
void mt_files_close(mt_files *files);

MT_END_DECLS
#endif
