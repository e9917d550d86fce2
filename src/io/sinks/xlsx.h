/* Rows as a workbook for spreadsheet programs.
 *
 * Purpose   The sink behind --output xlsx and every .xlsx file.
 * Shapes    A sheet called after the result: bold frozen header with "name (unit)", one row a row; real
 *           dates and numbers.
 *           A head stands on a sheet "head" of its own. The same rows give the same bytes.
 * Missing   An empty cell. Integers beyond 2^53-1 and instants before 1900-03-01 are text.
 * Time      UTC, as the header says: a spreadsheet cell has no offset.
 * Errors    MT_E_TOO_LARGE  more than MT_XLSX_ROWS_MAX rows, 16,384 columns or a text of more than 32,767
 *           characters;
 *           MT_E_IO  the temporary file cannot be written.
 * Ownership The sink is a handle: close it, then `out`. finish finishes `out`.
 * Cost      Memory for one row; the sheet is kept in temporary files under /tmp until finish.
 */
#ifndef MT_IO_SINKS_XLSX_H
#define MT_IO_SINKS_XLSX_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_XLSX_ROWS_MAX = 1048575 };

typedef struct mt_xlsx_options {
    size_t size;
    const char *temporary; /* folder for temporary files; NULL: /tmp */
} mt_xlsx_options;

MT_MUST_USE mt_code mt_xlsx_sink(mt_ctx *cx, mt_sink **sink, mt_out *out,
                                 const mt_xlsx_options *options /* NULL allowed */);

MT_END_DECLS
#endif
