/* How a contract prices, in one line that its owner understands.
 *
 * Units     Prices shown in EUR/MWh, shares in percent.
 * Missing   What the contract lacks is left out; *out NULL: there is nothing to say of such a line.
 * Ownership The text lives in cx.
 */
#ifndef MT_OPS_VPP_RENDER_TERMS_OF_H
#define MT_OPS_VPP_RENDER_TERMS_OF_H

#include "ops/vpp/render/words.h"
#include "terms/vpp/contract.h"

MT_BEGIN_DECLS

/* "Monatsmarktwert Wind an Land − 2,50 €/MWh, mindestens 0,00 €/MWh" */
MT_MUST_USE mt_code mt_terms_of(mt_ctx *cx, const char **out, mt_language language,
                                const mt_contract *contract, mt_line_kind kind);

MT_END_DECLS
#endif
