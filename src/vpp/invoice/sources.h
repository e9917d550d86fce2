/* Which files a settlement was made from, and how many quarters each gave.
 *
 * Purpose   Counts the files of infeed, of redispatch flags and of the quarter-hour prices that were used.
 * Shapes    One entry a file, in the order of their delivery.
 * Ownership The list lives in cx, its texts are the desk's.
 * Cost      O(quarters) for files of whole days; O(quarters x files) at worst.
 */
#ifndef MT_VPP_INVOICE_SOURCES_H
#define MT_VPP_INVOICE_SOURCES_H

#include "terms/vpp/invoice.h"
#include "vpp/invoice/settle.h"

MT_BEGIN_DECLS

MT_API MT_MUST_USE mt_code mt_invoice_sources(mt_ctx *cx, const mt_invoice_source **out, size_t *n,
                                              const mt_desk *desk, const mt_settlement *settlement);

MT_END_DECLS
#endif
