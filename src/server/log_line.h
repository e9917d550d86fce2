/* What is logged, as one line that says nothing but itself.
 *
 * Purpose   Names and values of requests get into the log; none of them may end a line, begin another one or
 *           steer the terminal that shows it.
 * Shapes    Control characters (also of the second set, U+0080-U+009F) become \\n, \\t, \\r or \\xHH, a
 *           backslash stays; what has no room is cut.
 */
#ifndef MT_SERVER_LOG_LINE_H
#define MT_SERVER_LOG_LINE_H

#include "base/text.h"

MT_BEGIN_DECLS

enum { MT_LOG_LINE_MAX = 4096 };

const char *mt_log_line(char to[MT_LOG_LINE_MAX], const char *text);

MT_END_DECLS
#endif
