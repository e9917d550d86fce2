/* Small tables by named columns: one description turns the rows of a file into structs.
 *
 * Purpose   What the readers of CSV kinds share: header, units, cells, and the sentence for a bad row.
 * Units     A column with a scale has its unit in its name ("capacity(MW)", "power__kw_"); another unit than
 *           the scale knows damages the file.
 * Shapes    Columns in any order, found by name (formats/header.h). A row is bad, and left out with a
 *           finding, where a cell is none of its type, a needed one is empty, or the number of fields
 *           differs.
 * Missing   An empty cell leaves what `blank` says.
 * Ownership Rows and their texts live in reader->own.
 */
#ifndef MT_FORMATS_VPP_CSV_TABLE_H
#define MT_FORMATS_VPP_CSV_TABLE_H

#include "formats/header.h"
#include "formats/vpp/columns.h"
#include "formats/vpp/reader.h"

MT_BEGIN_DECLS

typedef enum mt_vpp_cell {
    MT_VPP_TEXT,      /* const char * */
    MT_VPP_DECIMAL,   /* mt_micro */
    MT_VPP_REAL,      /* double */
    MT_VPP_INSTANT,   /* mt_time; a column named "utc" needs no offset */
    MT_VPP_DAY,       /* mt_day */
    MT_VPP_YES_NO,    /* int: 1 or 0 */
    MT_VPP_WORD,      /* int: index into `word` */
    MT_VPP_TECHNOLOGY /* int: mt_technology */
} mt_vpp_cell;

typedef struct mt_vpp_column {
    mt_wanted_column wanted;
    mt_vpp_cell cell;
    size_t offset;             /* in the struct of a row */
    bool needed;               /* an empty cell makes the row a bad one */
    const mt_vpp_scale *scale; /* DECIMAL; NULL: as it stands */
    const char *const *word;   /* WORD; NULL at the end */
} mt_vpp_column;

typedef struct mt_vpp_table {
    const mt_vpp_column *column;
    size_t n_column;
    size_t row_bytes;
    const void *blank;  /* a row of missing values */
    size_t line_offset; /* of a uint64_t in the row */
    char mark;          /* decimal; 0: the first that is met */
    size_t name_column; /* whose text a bad row is reported about; MT_COLUMN_ABSENT: the file's subject */
} mt_vpp_table;

/* All good rows. */
MT_MUST_USE mt_code mt_vpp_table_read(mt_vpp_reader *reader, const mt_vpp_table *table, void *rows /* T ** */,
                                      size_t *n);

/* A row that its columns allow and its meaning does not. */
MT_MUST_USE mt_code mt_vpp_bad_row(mt_vpp_reader *reader, const char *subject, uint64_t line,
                                   const char *why);

MT_END_DECLS
#endif
