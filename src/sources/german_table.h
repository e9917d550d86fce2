/* Tables as German authorities and grid operators publish them: ';', decimal comma, day and clock apart.
 *
 * Purpose   Lines, cells, numbers and instants of such a text.
 * Shapes    "Datum;Zeitzone;von;bis;…" and rows like "08.06.2025;UTC;00:00;00:15;…;87,11". At most
 *           MT_GERMAN_COLUMNS columns. A row may have fewer or more cells than the header: cells that are not
 *           there are empty. A byte order mark, CR and empty lines are passed over. Cells have no quotes.
 * Missing   "", "-", "N.A." and "N.E." are no number.
 * Time      Zones UTC, MEZ and CET, MESZ and CEST: of the hour that comes twice each has its own.
 * Ownership Everything is borrowed from the text.
 * Source    netztransparenz.de, "Dokumentation Web-API", formats 9 and 12.
 */
#ifndef MT_SOURCES_GERMAN_TABLE_H
#define MT_SOURCES_GERMAN_TABLE_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

enum { MT_GERMAN_COLUMNS = 64 };

typedef struct mt_german_table {
    mt_text rest; /* behind the last line read */
    mt_text column[MT_GERMAN_COLUMNS];
    size_t n_column;
    mt_text cell[MT_GERMAN_COLUMNS]; /* of the last row */
    uint64_t line;                   /* of the last row, the header's is 1 */
} mt_german_table;

/* Reads the header; false when there is none with at least two columns. */
bool mt_german_open(mt_german_table *out, mt_text text);

/* The column with that name, or -1. */
int mt_german_column(const mt_german_table *table, const char *name);

/* The next row; false at the end. */
bool mt_german_next(mt_german_table *table);

/* "1.234,5", "-45,30", "0"; NaN where it is missing. False for anything else, also for a decimal point. */
bool mt_german_real(mt_text cell, double *out);

bool mt_german_day(mt_text cell, mt_day *out); /* "08.06.2025" */

/* "08.06.2025", "00:15", "UTC". */
bool mt_german_time(mt_text day, mt_text clock, mt_text zone, mt_time *out);

MT_END_DECLS
#endif
