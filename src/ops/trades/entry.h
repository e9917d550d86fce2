/* One trade as people and programs tell it, made exact: the same words from a command, a file or a message.
 *
 * Purpose   The one place that judges a trade of the trades API.
 * Units     price: whole euro-cents per MWh; quantity: whole MW, above 0.
 * Shapes    delivery_hour "08-09" (also "8-9", "23-24", "23-00") of the delivery day's wall clock. Of an hour
 *           that comes twice in autumn the letter says which: "02-03A" and "02-03B"; without it, and for an
 *           hour that does not exist in spring, the trade is refused. It is stored with two digits.
 * Time      execution_time: RFC 3339; without an offset the wall clock of the zone, the first where it comes
 *           twice.
 * Errors    None of the code but memory: *fault says in a sentence why it is no trade, NULL when it is one.
 * Ownership Texts of the trade and the fault live in cx.
 * Source    The desk's trades API: id, price, quantity, direction, delivery_day, delivery_hour, trader_id,
 *           execution_time; confirmations {"trade_confirmation": {…}} with the same members.
 */
#ifndef MT_OPS_TRADES_ENTRY_H
#define MT_OPS_TRADES_ENTRY_H

#include "base/calendar.h"
#include "store/data/trade_store.h"

MT_BEGIN_DECLS

enum {
    MT_ENTRY_ID,
    MT_ENTRY_PRICE,
    MT_ENTRY_QUANTITY,
    MT_ENTRY_DIRECTION,
    MT_ENTRY_DAY,
    MT_ENTRY_HOUR,
    MT_ENTRY_TRADER,
    MT_ENTRY_EXECUTED,
    MT_ENTRY_STRATEGY, /* may be missing */
    MT_ENTRY_FIELDS
};

extern const char *const mt_entry_name[MT_ENTRY_FIELDS + 1]; /* "id", … ends with NULL */

MT_MUST_USE mt_code mt_entry_read(mt_ctx *cx, mt_stored_trade *out, const char **fault,
                                  const mt_text field[MT_ENTRY_FIELDS], const mt_zone *zone);

/* The message of a confirmation. */
MT_MUST_USE mt_code mt_entry_confirmation(mt_ctx *cx, mt_stored_trade *out, const char **fault,
                                          mt_text message, const mt_zone *zone);

/* The name of the hour that begins at an instant: "08-09". `out` has room for 8. */
void mt_entry_hour_name(char *out, mt_time start, const mt_zone *zone);

MT_END_DECLS
#endif
