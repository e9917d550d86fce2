/* What the name of a portfolio's file says: its kind, whom it is about, its day and its version.
 *
 * Purpose   Tells files apart without opening them.
 * Shapes    Names are compared without case, '-' and '_' being one; .gz and .zst behind them are passed over.
 *           A date is 20250608 or 2025-06-08, a moment a date with a clock behind it (_1201, _043000,
 *           T000516000Z, T12:30:00Z, T12-30-00); forecasts may carry seconds or milliseconds since 1970. The
 *           version is the first moment, else the first date's beginning; the day is the first date without
 *           a clock, else that of the first moment, for kinds that are about a day.
 * Time      Moments without an offset are taken as UTC: versions are only compared with each other.
 * Ownership Texts are borrowed from the name.
 * Threads   Any.
 */
#ifndef MT_FORMATS_VPP_NAME_H
#define MT_FORMATS_VPP_NAME_H

#include "formats/vpp/vpp_files.h"

MT_BEGIN_DECLS

typedef struct mt_vpp_name {
    mt_vpp_file_kind kind;
    mt_time version; /* MT_TIME_NONE: none */
    mt_day day;      /* MT_DAY_NONE: none */
    mt_text subject; /* length 0: none */
    bool text, json; /* by its ending: CSV, JSON; neither: nothing that is read here */
} mt_vpp_name;

/* `name` with the folders that lead to it, "crm/asset_contracts_20250608_043000.csv". */
mt_vpp_name mt_vpp_name_read(mt_text name);

/* The kind of a file whose name says nothing, by its first bytes. */
mt_vpp_file_kind mt_vpp_name_guess(const mt_vpp_name *name, mt_text first);

MT_END_DECLS
#endif
