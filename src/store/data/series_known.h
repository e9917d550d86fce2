/* The series that this process knows to be in the store, so that their names are not stored again.
 *
 * Purpose   Of a batch's names only those are merged that no commit of this process has stored yet.
 * Ownership Hangs on the store (inside.h) and ends with it.
 * Threads   Any; the store's lock is taken.
 */
#ifndef MT_STORE_DATA_SERIES_KNOWN_H
#define MT_STORE_DATA_SERIES_KNOWN_H

#include "store/data/series_name.h"

MT_BEGIN_DECLS

/* fresh[k] becomes 1 where met[k] is not known, else 0; *n_fresh counts them. */
void mt_series_known_look(mt_store *store, uint8_t *fresh, size_t *n_fresh, const mt_series_met *met,
                          size_t n);

/* After their commit. Without memory nothing is learnt, which costs time only. */
void mt_series_known_add(mt_store *store, const int64_t *id, size_t n);

/* After series were removed, by whomever: nothing is known. */
void mt_series_known_forget(mt_store *store);

MT_END_DECLS
#endif
