/* Weather downloads of Open-Meteo: a mapping made from the file's own two headers.
 *
 * Shapes    latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation and its one line;
 *           a blank line; time,temperature_2m (°C),…: each column is a series of kind "weather", detail its
 *           name, unit what stands in brackets ("degC", "W/m2"), area "latitude,longitude" as they stand.
 *           The step is what lies between the first two rows, one hour where there are not two.
 * Time      Local by utc_offset_seconds, which holds for the whole file: such files have no summer time.
 *           Radiation, rain, snow, gusts are told at the end of the hour they are of and stand at its start
 *           here, as every value of Merit does; what holds at an instant stays there.
 * Errors    MT_E_INPUT  the file stops before its second header, several places, a strange offset.
 * Ownership The mapping lives in cx.
 * Source    open-meteo.com, "Historical Weather API", format=csv.
 */
#ifndef MT_FORMATS_SERIES_OPEN_METEO_H
#define MT_FORMATS_SERIES_OPEN_METEO_H

#include "formats/header.h"
#include "formats/series/mapping.h"

MT_BEGIN_DECLS

bool mt_open_meteo_is(const char *const *name, size_t n);

/* Is this quantity told at the end of the period it is of? The one list, for files and the service. */
bool mt_open_meteo_is_of_period(const char *quantity);

/* How much earlier than told such a value begins: the step, at most an hour. */
mt_time mt_open_meteo_shift(const char *quantity, mt_time step);

/* Behind the first header, whose names are `head`: reads up to the first row. *name are the columns. */
MT_MUST_USE mt_code mt_open_meteo_begin(mt_ctx *cx, mt_records *records, const mt_header *head,
                                        const mt_mapping **mapping, const char *const **name, size_t *n);

MT_END_DECLS
#endif
