/* Contract terms told in one line, and the plants that are made from a row of a table.
 *
 * Purpose   Tables of plants stay readable: what a contract says stands as words: "price_model=fixed".
 * Shapes    Words are those of contract files; begin, end, commissioned are days, written as days or as a
 *           number of days from the first simulated day: "begin=-3", "end=+0".
 * Errors    None: a word that is not known stays unused; the tables' test asks for each.
 */
#ifndef MT_SIMULATE_VPP_TERMS_H
#define MT_SIMULATE_VPP_TERMS_H

#include "simulate/vpp/portfolio.h"

MT_BEGIN_DECLS

/* What a plant's files leave out. */
enum { MT_SIM_NO_LIVE = 1, MT_SIM_NO_METER = 2, MT_SIM_NO_FORECAST = 4 };

typedef struct mt_sim_plant_row {
    mt_sim_trap trap; /* MT_SIM_TRAPS: a plant of the sample */
    mt_technology technology;
    int number;
    int capacity_kw;
    const char *commissioned;
    int without;       /* MT_SIM_NO_… */
    const char *terms; /* of its first contract */
    const char *other; /* of a second one; NULL: none */
} mt_sim_plant_row;

MT_API const mt_sim_plant_row *mt_sim_trap_plants(size_t *n);
MT_API const mt_sim_plant_row *mt_sim_sample_plants(size_t *n);

/* Everything missing but what the words say; texts are left to the caller. False: a word is not known. */
MT_API bool mt_sim_terms_read(mt_contract *out, const char *terms, mt_day first_day);

/* The word behind "name=" as text of the table, or a length of 0. */
MT_API mt_text mt_sim_terms_word(const char *terms, const char *name);

MT_END_DECLS
#endif
