/* The data providers: one line each, in the order of documents; the door and the conformance test read it. */
#ifndef MT_SOURCES_LIST_H
#define MT_SOURCES_LIST_H

#include "sources/backend.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_SOURCE_LIST(X) \
    X(mt_source_energidataservice) \
    X(mt_source_entsoe) \
    X(mt_source_energycharts) \
    X(mt_source_smard) \
    X(mt_source_elexon) \
    X(mt_source_neso) \
    X(mt_source_netztransparenz) \
    X(mt_source_regelleistung) \
    X(mt_source_openmeteo) \
    X(mt_source_eia) \
    X(mt_source_ecb) \
    X(mt_source_worldbank) \
    X(mt_source_eex_auctions) \
    X(mt_source_flatpeak) \
    X(mt_source_nrel) \
    X(mt_source_iea)
/* clang-format on */

#define MT_SOURCE_DECLARE(symbol) extern const mt_source symbol;
MT_SOURCE_LIST(MT_SOURCE_DECLARE)
#undef MT_SOURCE_DECLARE

MT_END_DECLS
#endif
