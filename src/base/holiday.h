/* Public holidays as rules: country, region, first and last year.
 *
 * Purpose   Says whether a local day is a public holiday and what it is called; load, prices and products
 *           depend on it.
 * Shapes    Countries "UK","DE","FR","ES","DK","NO","SE","NL","BE","AT","IT","US"; a region is a German
 *           state ("BY") or a UK nation ("SCT"); region NULL means holidays of the whole country only.
 * Errors    MT_E_ABSENT  an unknown country or region, with the known ones.
 * Source    National holiday acts; the table in holiday.c names the source of each row. Easter after the
 *           anonymous Gregorian computus.
 */
#ifndef MT_BASE_HOLIDAY_H
#define MT_BASE_HOLIDAY_H

#include "base/ctx.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_holiday {
    mt_day day;
    const char *name;   /* in English; constant text */
    const char *local;  /* in the country's own language; constant text */
    const char *region; /* NULL: the whole country; else "BY,BW,…" */
} mt_holiday;

/* The holidays of one year in order of date. */
MT_API MT_MUST_USE mt_code mt_holidays(mt_ctx *cx, mt_holiday **out, size_t *n, const char *country,
                                       const char *region, int year);

/* *out is NULL on an ordinary day, else the holiday's name (constant text). */
MT_API MT_MUST_USE mt_code mt_holiday_on(mt_ctx *cx, const char **out, const char *country,
                                         const char *region, mt_day day);

MT_API mt_day mt_easter(int year); /* Gregorian Easter Sunday, years 1583 to 9999 */

MT_END_DECLS
#endif
