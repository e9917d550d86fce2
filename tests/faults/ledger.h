/* What the store must hold after n messages, and what it does hold.
 *
 * Shapes    `lost`: rows, dead letters or revisions that are not there although their message was
 *           acknowledged, and messages that no batch has tallied. `twice`: rows or letters that
 *           stand more often, and messages tallied more often. `wrong`: rows with another value,
 *           positions elsewhere.
 */
#ifndef MERIT_FAULTS_LEDGER_H
#define MERIT_FAULTS_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ledger {
    int64_t messages; /* tallied by committed batches */
    int64_t rows, letters, kept, positions /* their sum */;
    int64_t lost, twice, wrong;
} ledger;

typedef struct mt_store mt_store;

mt_store *ledger_open(const char *url); /* dies when it cannot */
int64_t ledger_messages(mt_store *store);
int64_t ledger_position(mt_store *store); /* the sum over all parts; 0: none */

/* After exactly n acknowledged messages, whose positions add up to `positions`. */
void ledger_check(ledger *out, mt_store *store, int64_t n, int64_t positions);

#endif
