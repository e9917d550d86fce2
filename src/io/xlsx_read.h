/* Workbooks in: the rows of the first sheet as text, one after another.
 *
 * Purpose   Providers that publish tables as .xlsx. Writing is io/sinks/xlsx.h.
 * Shapes    A row is its cells from column A on, at most MT_XLSX_COLUMNS; a cell that is not there, is empty
 *           or holds an error is a missing text (at NULL). Numbers are texts as they stand in the file; days
 *           and times are numbers of days, see mt_xlsx_time. Rows that are not there are passed over; `row`
 *           tells the number. Formulas give their stored result.
 * Time      Workbooks know no zones: mt_xlsx_time gives the wall clock as if it were UTC.
 * Errors    MT_E_INPUT "NAME: what is wrong", also for what is no workbook;  those of io/zip.h and io/xml.h.
 * Ownership mt_xlsx_open/_close. Bytes are borrowed until then, cells until the next row.
 * Source    ECMA-376 part 1 (5th edition), 18.3.1.4 (cells), 18.4.8 (shared strings), 18.17.4.1 (dates).
 */
#ifndef MT_IO_XLSX_READ_H
#define MT_IO_XLSX_READ_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

enum { MT_XLSX_COLUMNS = 256 };

typedef struct mt_xlsx mt_xlsx;

typedef struct mt_xlsx_row {
    const mt_text *cell; /* n of them */
    size_t n;            /* 0: the sheet has ended */
    uint64_t row;        /* from 1 */
} mt_xlsx_row;

MT_MUST_USE mt_code mt_xlsx_open(mt_ctx *cx, mt_xlsx **out, const char *name, mt_text bytes);
void mt_xlsx_close(mt_xlsx *xlsx); /* NULL allowed */
MT_MUST_USE mt_code mt_xlsx_next(mt_ctx *cx, mt_xlsx *xlsx, mt_xlsx_row *out);

/* The instant of a cell that holds a number of days ("45658.25") or an ISO text; false when neither. */
bool mt_xlsx_time(mt_text cell, mt_time *out);

MT_END_DECLS
#endif
