/* The bidding zones of the simulated market: place, climate, load, borders and installed capacity. */
#include "simulate/area.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define TECH_NAME(symbol, name) name,
static const char *const tech_name[] = {MT_SIM_TECH_LIST(TECH_NAME)};
#undef TECH_NAME

/* clang-format off */
static const mt_sim_area area[] = {
    /* latitude, longitude, mean C, season C, daily C, wind, cloud, load, heating, cooling, import, export,
     * levels of neighbours and water. French nuclear capacity is what is usually available of 61 GW. */
    { "DE",  "DE", "Europe/Berlin", 3600,
      51.2, 10.4, 10.0, 9.0, 4.5, 6.3, 1.40, 50500, 420, 150, 14000, 12000, 1.00, 1.00,
    /*    nuclear  lignite coal   ccgt   ocgt  oil   biomass river reserv. pumped solar  onshore offshore */
        { 0,       14500,  10500, 18500, 8500, 3500, 9000,   4000, 1000,   9400,  95000, 62000,  9000 } },
    { "FR",  "FR", "Europe/Paris", 3600,
      46.8, 2.5, 12.0, 8.0, 5.0, 6.0, 0.95, 46000, 1500, 500, 12000, 18000, 0.85, 0.90,
        { 47000,   0,      1800,  6500,  3500, 2500, 2000,   10500, 8500,  5000,  23000, 23000,  1500 } },
    { "NL",  "NL", "Europe/Amsterdam", 3600,
      52.2, 5.3, 10.5, 7.5, 4.0, 7.0, 1.35, 12200, 90, 50, 7000, 7500, 1.00, 1.00,
        { 480,     0,      4000,  12500, 3500, 0,    900,    40,   0,      0,     24000, 6900,   4700 } },
    { "BE",  "BE", "Europe/Brussels", 3600,
      50.6, 4.6, 10.5, 7.5, 4.0, 6.6, 1.40, 8900, 90, 40, 6000, 5500, 1.00, 1.00,
        { 3900,    0,      0,     4800,  1400, 150,  900,    100,  0,      1300,  9500,  3200,   2260 } },
    { "AT",  "AT", "Europe/Vienna", 3600,
      47.6, 14.1, 8.5, 10.0, 5.0, 5.9, 1.15, 6300, 70, 30, 6500, 5500, 1.02, 1.05,
        { 0,       0,      0,     3000,  1100, 150,  650,    5800, 2400,   4200,  8000,  4000,   0 } },
    { "ES",  "ES", "Europe/Madrid", 3600,
      40.0, -3.7, 15.0, 9.0, 6.5, 5.9, 0.20, 24800, 330, 420, 5000, 5500, 0.80, 0.85,
        { 7100,    0,      2000,  24500, 1000, 500,  1000,   3600, 12000,  6000,  31000, 31000,  0 } },
    { "DK1", "DK", "Europe/Copenhagen", 3600,
      56.1, 9.4, 8.8, 8.0, 3.5, 7.4, 1.25, 2350, 15, 5, 4500, 4500, 0.90, 0.90,
        { 0,       0,      1300,  900,   300,  150,  900,    0,    0,      0,     2900,  4000,   1500 } },
    { "DK2", "DK", "Europe/Copenhagen", 3600,
      55.5, 12.0, 9.0, 8.5, 3.5, 7.1, 1.25, 1450, 14, 4, 2800, 2700, 0.90, 0.90,
        { 0,       0,      400,   500,   350,  300,  1300,   0,    0,      0,     1200,  760,    1000 } },
    { "NO2", "NO", "Europe/Oslo", 3600,
      58.6, 7.6, 7.0, 7.5, 3.5, 7.0, 1.40, 3600, 60, 0, 3500, 5000, 0.75, 0.58,
        { 0,       0,      0,     0,     0,    0,    50,     2000, 9500,   700,   100,   1400,   0 } },
    { "SE3", "SE", "Europe/Stockholm", 3600,
      59.3, 16.0, 7.0, 10.0, 4.5, 6.7, 1.30, 8600, 170, 10, 7500, 6500, 0.55, 0.50,
        { 6900,    0,      0,     0,     300,  800,  2500,   1500, 1500,   0,     2500,  3900,   0 } },
};
/* clang-format on */

enum { AREA_COUNT = sizeof area / sizeof *area };

size_t mt_sim_area_count(void)
{
    return AREA_COUNT;
}

const mt_sim_area *mt_sim_area_at(size_t index)
{
    return &area[index];
}

const char *mt_sim_tech_name(mt_sim_tech tech)
{
    return tech_name[tech];
}

mt_code mt_sim_area_find(mt_ctx *cx, size_t *out, const char *name)
{
    const char *known[AREA_COUNT];
    char all[16 * AREA_COUNT] = "";
    for (size_t i = 0; i < AREA_COUNT; i++) {
        if (strcmp(area[i].name, name) == 0) {
            *out = i;
            return MT_OK;
        }
        known[i] = area[i].name;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", area[i].name);
    }
    int near = mt_text_nearest(name, known, AREA_COUNT);
    if (near >= 0) {
        return mt_fail(cx, MT_E_ABSENT, "no simulated area is called '%s'; did you mean '%s'? There are %s",
                       name, known[near], all);
    }
    return mt_fail(cx, MT_E_ABSENT, "no simulated area is called '%s'; there are %s", name, all);
}
