/* What a data provider is to Merit: who it is, what may be done with its data, what it has, how it is asked.
 *
 * Purpose   A provider is a room with one such table and a line in list.h; it returns rows and writes no
 *           store.
 * Shapes    `fetch` pushes rows of mt_observation_col into `out` (the door sends schema and finish), in any
 *           order, `source` being the provider's name and known_at the provider's publication moment where
 *           it tells one, else call->now. It pages by itself. Values that the answer does not give are not
 *           pushed; what it says is missing is NaN.
 * Errors    MT_E_REMOTE  an answer that is not what the provider documents: half a body, another type, HTML;
 *           the sentence names provider, dataset, what was expected and the first words that came. Nothing
 *           of a broken page is pushed.
 * Threads   Tables are constant; a fetch runs on its caller's thread.
 */
#ifndef MT_SOURCES_BACKEND_H
#define MT_SOURCES_BACKEND_H

#include "base/rows/emit.h"
#include "sources/http/client.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

typedef struct mt_source_dataset {
    const char *name;      /* "DayAheadPrices" */
    const char *doc;       /* one clause */
    const char *kinds;     /* "spot_price", several with a blank between */
    const char *area_form; /* "DK1, DK2, …"; what --area takes; NULL: no area */
    mt_time step;          /* the usual one; 0: none */
    mt_time publish_every; /* how often something new may be there; the cache's freshness */
    mt_time lag;           /* how late it comes; 0: at once */
    mt_time look_back;     /* what is asked again at each incremental fetch, because it may be revised */
    mt_time most;          /* the longest span of one request; 0: no bound */
} mt_source_dataset;

typedef struct mt_source_query {
    const mt_source_dataset *dataset;
    const char *area;  /* as the user gave it; NULL: the dataset's usual ones */
    mt_time from, to;  /* half-open; both given */
    const char *extra; /* provider's own parameters, "name=value&…", already encoded; NULL: none */
} mt_source_query;

/* Everything a fetch may use. */
typedef struct mt_source_call {
    mt_http *http;
    const char *base_url; /* the provider's, or another that speaks the same (a mirror, a test) */
    const char *key;      /* NULL: none is configured */
    mt_time now;
    int64_t *pages; /* counted by the provider */
    int tries;      /* of one request, at most; 0: as the policy says */
} mt_source_call;

typedef struct mt_source {
    const char *name;     /* "energidataservice" */
    const char *title;    /* "Energi Data Service (Energinet)" */
    const char *base_url; /* "https://api.energidataservice.dk" */
    const char *licence;  /* "CC BY 4.0" */
    const char *licence_url;
    const char *attribution;  /* what the licence wants to be said; NULL: nothing */
    bool redistribute;        /* may its data be passed on to others? */
    const char *key_variable; /* "ENTSOE_TOKEN"; NULL: no key */
    const char *key_alias;    /* an older name that still works; NULL: none */
    bool key_required;
    const mt_http_policy *policy;
    const mt_source_dataset *dataset; /* ends with name NULL */
    mt_code (*fetch)(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out);
    /* One small question that shows that the provider is there and the key is right. */
    mt_code (*check)(mt_ctx *cx, const mt_source_call *call);
} mt_source;

MT_END_DECLS
#endif
