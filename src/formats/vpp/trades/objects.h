/* Trades as JSON: an array of objects, or one object a line.
 *
 * Purpose   What trades APIs answer and what trade confirmations carry.
 * Shapes    Members by the names of the CSV columns, in any order. {"trade_confirmation":{…}} is the trade in
 *           it. A text of one object at most MT_BYTES_WINDOW bytes long.
 * Errors    MT_E_INPUT  what is between the objects is no JSON, with the byte.
 */
#ifndef MT_FORMATS_VPP_TRADES_OBJECTS_H
#define MT_FORMATS_VPP_TRADES_OBJECTS_H

#include "formats/vpp/trades/deals.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_vpp_read_objects(mt_deals *deals);

MT_END_DECLS
#endif
