/* A workbook of which another sheet than the first is wanted.
 *
 * Purpose   io/xlsx_read reads the first sheet; publishers hide one of their own before it.
 * Shapes    Gives the workbook with the named sheet first: its own bytes where it stands first already,
 *           else the same archive with a list of sheets that names this one alone. The name is compared
 *           without regard to case.
 * Errors    MT_E_INPUT  no such sheet (with those there are), or no workbook;  those of io/zip.h and
 *           io/xml.h.
 * Ownership What is given borrows from `bytes` or lives in cx.
 * Source    ECMA-376 part 1, 18.2.19 (sheets of a workbook); PKWARE, APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16.
 */
#ifndef MT_SOURCES_WORKBOOK_H
#define MT_SOURCES_WORKBOOK_H

#include "base/text.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_workbook_sheet(mt_ctx *cx, mt_text *out, const char *name, mt_text bytes,
                                      const char *sheet);

MT_END_DECLS
#endif
