/* Rows for the eyes of a person at a terminal.
 *
 * Purpose   The sink behind --output table.
 * Shapes    Names, units, a rule, the rows, "N rows". Numbers stand under each other by their decimal
 *           point. A result of one row is a list "name  value  unit". Column widths come from the first
 *           MT_TERMINAL_LOOK rows; a later text that is longer is cut with "…", a later number never. Where
 *           `width` is too small, texts are cut first, then columns in the middle are left out and counted
 *           in the last line.
 * Missing   "–" ("-" without utf8).
 * Safety    Control characters of a text are written as \n, \x1b: a row cannot steer the terminal.
 * Ownership The sink lives in cx and owns nothing: close it, then `out`. finish finishes `out` (and `head`).
 * Cost      Memory for MT_TERMINAL_LOOK rows, whatever follows.
 */
#ifndef MT_IO_SINKS_TERMINAL_H
#define MT_IO_SINKS_TERMINAL_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

enum { MT_TERMINAL_LOOK = 1000 };

typedef struct mt_terminal_options {
    size_t size;
    mt_out *head;  /* the head as lines; NULL: dropped */
    int width;     /* columns of the terminal; 0: no limit */
    bool colour;
    bool utf8;     /* false: ASCII only, others as "?" */
} mt_terminal_options;

MT_MUST_USE mt_code mt_terminal_sink(mt_ctx *cx, mt_sink **sink, mt_out *out,
                                     const mt_terminal_options *options);

MT_END_DECLS
#endif
