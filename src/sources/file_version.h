/* What the name of a file says of its version: asset_contracts_20250608_043000.csv is one of several.
 *
 * Purpose   Files that arrive carry a day, a clock or a number in their names; the rest of the name says
 *           which file it is a version of.
 * Shapes    A version is a date (20250608, 2025-06-08), perhaps with a clock behind it (_1201, _043000,
 *           T12:30:00Z, T12-30-00, -12.30) and a number behind that (_v2), or a number alone (v3, v1.10). Of
 *           several in one name the last counts. A pattern may say where it stands: "{version}" in a glob
 *           (*, ?, […]), where any text is a version; of several ways to read a name, the longest that is a
 *           date or a number, else the shortest text. A pattern with a '/' is of the whole path, where a star
 *           stops at each '/'; else of the last part.
 *           The stem is the name without its version and the mark before it: asset_contracts.csv.
 * Time      A date without an offset is taken as UTC: versions of one file are only compared with each other.
 * Errors    MT_E_INPUT  a pattern with more than one "{version}", or a name or pattern beyond
 *           MT_FILE_NAME_MAX.
 * Threads   Any.
 */
#ifndef MT_SOURCES_FILE_VERSION_H
#define MT_SOURCES_FILE_VERSION_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

enum { MT_FILE_NAME_MAX = 1024 };

typedef struct mt_file_version {
    const char *stem;
    const char *text; /* "20250608_043000"; "": the name has none */
    mt_time time;     /* MT_TIME_NONE: it is no date */
} mt_file_version;

/* Does the name match, and what is its version? `pattern` NULL: every name does. Results live in cx. */
MT_MUST_USE mt_code mt_file_version_of(mt_ctx *cx, mt_file_version *out, bool *matches, const char *name,
                                       const char *pattern);

/* Below 0: `a` is older. Dates are newer than numbers, those newer than none; digits count as numbers. */
int mt_file_version_compare(const mt_file_version *a, const mt_file_version *b);

MT_END_DECLS
#endif
