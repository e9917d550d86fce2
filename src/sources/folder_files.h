/* What the kinds of places share while files are listed: the growing list, and names in URLs.
 *
 * Purpose   Between folder.c, which is the door, and the rooms of its two kinds of places.
 */
#ifndef MT_SOURCES_FOLDER_FILES_H
#define MT_SOURCES_FOLDER_FILES_H

#include "sources/folder.h"

MT_BEGIN_DECLS

typedef struct mt_folder_files {
    const mt_folder_place *place;
    mt_folder_entry *at;
    size_t n, room, long_names;
} mt_folder_files;

/* Keeps the file if its name matches; texts are borrowed but for the version. */
MT_MUST_USE mt_code mt_folder_add(mt_ctx *cx, mt_folder_files *files, const mt_folder_entry *file);

/* Each byte that is not a letter, a digit or one of "-_.~/" as %XX. */
MT_MUST_USE mt_code mt_folder_encode(mt_ctx *cx, const char **out, const char *path);

/* A bucket's files, and one of them as a descriptor of this machine. */
MT_MUST_USE mt_code mt_bucket_list(mt_ctx *cx, mt_folder_files *files);
MT_MUST_USE mt_code mt_bucket_open(mt_ctx *cx, const mt_folder_place *place, const mt_folder_entry *entry,
                                   int *fd);

/* One page of a bucket's list. *more is the mark of the next page, NULL after the last. */
MT_MUST_USE mt_code mt_bucket_page(mt_ctx *cx, mt_folder_files *files, mt_text document, const char *bucket,
                                   const char *prefix, const char **more);

MT_END_DECLS
#endif
