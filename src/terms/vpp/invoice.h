/* A document of account: its parties, lines, VAT and totals, as EN 16931 means them.
 *
 * Purpose   The noun between pricing, the store, renderers (JSON, UBL, CII, PDF) and payment files.
 * Units     Line amounts before rounding in micro-EUR (exact); net, vat, gross in cents; unit_net as a
 *           decimal: `unit_net` x 10^-unit_net_decimals EUR; quantities in millionths of their unit,
 *           signed: the sign sits on the quantity, a price is never negative. Rates in micro-percent (19
 *           % is 19,000,000).
 * Shapes    Totals are sums of rounded lines; VAT is rounded once for each category; |quantity x
 *           unit_net - net| rounds to 0 cents.
 * Missing   Texts NULL, days MT_DAY_NONE.
 * Ownership Texts and lines are borrowed from whoever made the document.
 * Source    EN 16931-1:2017; XRechnung 3.0; sec. 14 UStG (self-billed documents say "Gutschrift").
 */
#ifndef MT_TERMS_VPP_INVOICE_H
#define MT_TERMS_VPP_INVOICE_H

#include "terms/vpp/party.h"

MT_BEGIN_DECLS

/* X(symbol, name, EN 16931 type code, prefix of its numbers, issuer sells) */
/* clang-format off */
#define MT_DOCUMENT_LIST(X) \
    X(MT_DOC_SELF_BILLED, "self_billed",       389, \
      "GS") /* the trader pays for infeed; seller is the owner */ \
    X(MT_DOC_SERVICE,     "service_invoice",   380, "RE") /* the trader's fee as its own supply */ \
    X(MT_DOC_DAMAGES,     "damages",           389, "SE") /* non-taxable compensation, category O */ \
    X(MT_DOC_CLAIM,       "redispatch_claim",  380, "RD") /* to the grid operator */ \
    X(MT_DOC_CORRECTION,  "cancellation",      384, "ST") /* cancels one of the above: all signs turned */
/* X(symbol, name in JSON, UN/ECE unit code, unit) */
#define MT_LINE_LIST(X) \
    X(MT_LINE_INFEED,        "infeed",               "MWH", "MWh") \
    X(MT_LINE_FEE,           "fee",                  "MWH", "MWh") \
    X(MT_LINE_FEE_CAPACITY,  "fee_capacity",         "MAW", "MW") \
    X(MT_LINE_REDISPATCH,    "redispatch",           "MWH", "MWh") \
    X(MT_LINE_CURTAILMENT,   "curtailment",          "MWH", "MWh")
/* X(symbol, code of the category, exemption reason or NULL, VATEX code or NULL) */
#define MT_VAT_CATEGORY_LIST(X) \
    X(MT_VAT_S,  "S",  NULL, NULL) \
    X(MT_VAT_AE, "AE", "Reverse charge, sec. 13b UStG: the recipient owes the VAT", "VATEX-EU-AE") \
    X(MT_VAT_E,  "E",  "Exempt as a small business, sec. 19 UStG", NULL) \
    X(MT_VAT_O,  "O",  "Not subject to VAT: compensation of damages", "VATEX-EU-O")
/* clang-format on */
#define MT_DOCUMENT_SYMBOL(symbol, name, code, prefix) symbol,
typedef enum mt_document_kind { MT_DOCUMENT_LIST(MT_DOCUMENT_SYMBOL) MT_DOCUMENT_KINDS } mt_document_kind;
#undef MT_DOCUMENT_SYMBOL
#define MT_LINE_SYMBOL(symbol, name, code, unit) symbol,
typedef enum mt_line_kind { MT_LINE_LIST(MT_LINE_SYMBOL) MT_LINE_KINDS } mt_line_kind;
#undef MT_LINE_SYMBOL
#define MT_VAT_SYMBOL(symbol, code, reason, vatex) symbol,
typedef enum mt_vat_category { MT_VAT_CATEGORY_LIST(MT_VAT_SYMBOL) MT_VAT_CATEGORIES } mt_vat_category;
#undef MT_VAT_SYMBOL

MT_API const char *mt_document_name(mt_document_kind kind);
MT_API int mt_document_code(mt_document_kind kind);
MT_API const char *mt_document_prefix(mt_document_kind kind);
MT_API const char *mt_line_name(mt_line_kind kind);
MT_API const char *mt_line_unit(mt_line_kind kind);
MT_API const char *mt_line_unit_code(mt_line_kind kind);
MT_API const char *mt_vat_code(mt_vat_category category);
MT_API const char *mt_vat_reason(mt_vat_category category);
MT_API const char *mt_vat_vatex(mt_vat_category category);

typedef struct mt_invoice_line {
    mt_line_kind kind;
    const char *name, *description;
    int64_t quantity_micro; /* signed */
    int64_t unit_net;       /* never negative */
    int unit_net_decimals;  /* 2 to 10 */
    int64_t exact_ueur;     /* sum of the quarters */
    int64_t net_cent;
    int64_t rounding_ueur; /* net - exact */
    mt_vat_category vat_category;
    int64_t vat_rate;
} mt_invoice_line;

typedef struct mt_invoice_vat {
    mt_vat_category category;
    int64_t rate;
    int64_t taxable_cent, vat_cent;
} mt_invoice_vat;

typedef struct mt_invoice_source {
    const char *name, *sha256;
    int64_t quarters; /* that it gave: of infeed, of prices or of flags */
} mt_invoice_source;

typedef struct mt_invoice {
    const char *number; /* NULL: a draft */
    mt_document_kind kind;
    int version; /* of (contract, period, kind), from 1 */
    const char *contract_id, *asset_id;
    const char *metering_point_id;
    mt_day issued, due;
    mt_day from, until;   /* service period, both inside */
    const char *currency; /* "EUR" */
    mt_party seller, buyer;
    const char *cancels; /* number of the document that it cancels (BT-25); NULL: none */
    const char *note;
    mt_invoice_line *line;
    size_t n_line;
    mt_invoice_vat vat[MT_VAT_CATEGORIES];
    size_t n_vat;
    int64_t net_cent, vat_cent, gross_cent;
    int64_t quarters, quarters_missing; /* of the period */
    const mt_invoice_source *source;
    size_t n_source;
} mt_invoice;

MT_END_DECLS
#endif
