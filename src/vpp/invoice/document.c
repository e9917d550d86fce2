/* Which documents a settlement becomes, between whom, and with which lines and VAT. */
#include "vpp/invoice/document.h"

#include "vpp/invoice/sources.h"

enum { MOST_LINES = 4, MOST_DOCUMENTS = 4, USUAL_DUE_DAYS = 14 };

#define UEUR_OF_CENT 10000

/* What the documents of one settlement share. */
typedef struct draft {
    const mt_desk *desk;
    const mt_settlement *settled;
    const mt_document_options *options;
    mt_day from, until;
    mt_party owner, issuer, grid_operator;
    const mt_invoice_source *source;
    size_t n_source;
} draft;

typedef struct vat_rule {
    mt_vat_category category;
    int64_t rate;
} vat_rule;

static mt_party party_or(const mt_desk *desk, const char *party_id)
{
    const mt_party *party = party_id ? mt_desk_party_find(desk, party_id) : NULL;
    if (party) return *party;
    return (mt_party){.party_id = party_id, .reseller_from = MT_DAY_NONE, .reseller_until = MT_DAY_NONE};
}

/* By the contract, else the asset's party, else the name in the data sheet, else the e-mail. */
static mt_party owner_of(const draft *d)
{
    const mt_contract *contract = d->settled->contract;
    const mt_desk_asset *asset = d->settled->asset;
    const char *name = asset->plant ? asset->plant->owner : NULL;
    const char *id = contract->owner_id ? contract->owner_id : asset->owner_id;
    if (!id) id = name ? name : contract->email;
    mt_party owner = party_or(d->desk, id);
    if (!owner.name) owner.name = name;
    if (!owner.contact_email) owner.contact_email = contract->email;
    return owner;
}

static mt_party issuer_of(const mt_desk *desk)
{
    return desk->issuer ? *desk->issuer : party_or(desk, NULL);
}

/* A reseller's certificate that covers all days; one without an end proves nothing. */
static bool is_reseller(const mt_party *party, mt_day from, mt_day until)
{
    return party->reseller_from != MT_DAY_NONE && party->reseller_until != MT_DAY_NONE &&
           party->reseller_from <= from && party->reseller_until >= until;
}

static bool is_reverse(const draft *d)
{
    return is_reseller(&d->owner, d->from, d->until) && is_reseller(&d->issuer, d->from, d->until);
}

static vat_rule standard_or_exempt(const draft *d, bool exempt)
{
    if (exempt) return (vat_rule){MT_VAT_E, 0};
    return (vat_rule){MT_VAT_S, mt_vat_standard_rate(d->until)};
}

static bool owner_is_exempt(const draft *d)
{
    return d->settled->contract->vat == MT_VAT_EXEMPT || d->owner.small_business;
}

/* Electricity that the owner supplies. */
static vat_rule vat_of_supply(const draft *d)
{
    if (!owner_is_exempt(d) && d->settled->contract->vat == MT_VAT_REVERSE && is_reverse(d))
        return (vat_rule){MT_VAT_AE, 0};
    return standard_or_exempt(d, owner_is_exempt(d));
}

/* Lost energy that was credited and is paid for is a supply; a lost premium and damages are none. */
static bool redispatch_is_supply(const mt_contract *contract)
{
    return contract->energy_credit && contract->scheme != MT_SCHEME_PREMIUM;
}

static const char *line_name(mt_line_kind kind)
{
    static const char *const name[MT_LINE_KINDS] = {
        [MT_LINE_INFEED] = "Electricity fed in",
        [MT_LINE_FEE] = "Marketing fee",
        [MT_LINE_FEE_CAPACITY] = "Marketing fee by capacity",
        [MT_LINE_REDISPATCH] = "Energy lost to redispatch",
        [MT_LINE_CURTAILMENT] = "Energy curtailed for the market",
    };
    return name[kind];
}

/* By what the line is priced. */
static const char *line_basis(const mt_contract *contract, mt_line_kind kind)
{
    if (kind == MT_LINE_REDISPATCH) return mt_scheme_word[contract->scheme];
    if (kind == MT_LINE_FEE || kind == MT_LINE_FEE_CAPACITY) return mt_fee_model_word[contract->fee_model];
    return mt_price_model_word[contract->price_model];
}

static mt_code add_line(mt_ctx *cx, const draft *d, mt_invoice *document, mt_invoice_line line, vat_rule vat)
{
    const mt_contract *contract = d->settled->contract;
    char from[MT_TIME_TEXT_MAX], until[MT_TIME_TEXT_MAX];
    if (line.quantity_micro == 0 && line.exact_ueur == 0) return MT_OK;
    mt_day_text(d->from, from);
    mt_day_text(d->until, until);
    line.name = line_name(line.kind);
    line.vat_category = vat.category;
    line.vat_rate = vat.rate;
    MT_TRY(mt_text_format(cx, &line.description, "%s, metering point %s, %s to %s, %s", contract->asset_id,
                          contract->metering_point_id ? contract->metering_point_id : "not told", from, until,
                          line_basis(contract, line.kind)));
    document->line[document->n_line++] = line;
    return MT_OK;
}

/* reduces: the fee lowers what the owner is paid. */
static mt_code add_fee(mt_ctx *cx, const draft *d, mt_invoice *document, bool reduces, vat_rule vat)
{
    const mt_settlement *s = d->settled;
    const bool by_capacity = s->contract->fee_model == MT_FEE_CAPACITY;
    const int64_t quantity = by_capacity ? s->fee_capacity_micro : s->paid_wh;
    if (s->contract->fee_model == MT_FEE_NONE) return MT_OK;
    return add_line(cx, d, document,
                    (mt_invoice_line){.kind = by_capacity ? MT_LINE_FEE_CAPACITY : MT_LINE_FEE,
                                      .quantity_micro = reduces ? -quantity : quantity,
                                      .exact_ueur = reduces ? -s->fee_ueur : s->fee_ueur},
                    vat);
}

static mt_code add_redispatch(mt_ctx *cx, const draft *d, mt_invoice *document, vat_rule vat)
{
    const mt_settlement *s = d->settled;
    if (s->redispatch_ueur == 0) return MT_OK;
    return add_line(cx, d, document,
                    (mt_invoice_line){.kind = MT_LINE_REDISPATCH,
                                      .quantity_micro = s->redispatch_wh,
                                      .exact_ueur = s->redispatch_ueur},
                    vat);
}

static mt_code fill_self_billed(mt_ctx *cx, const draft *d, mt_invoice *document)
{
    const mt_settlement *s = d->settled;
    const vat_rule supply = vat_of_supply(d);
    MT_TRY(add_line(
        cx, d, document,
        (mt_invoice_line){.kind = MT_LINE_INFEED, .quantity_micro = s->paid_wh, .exact_ueur = s->payout_ueur},
        supply));
    if (s->contract->fee_form == MT_FEE_REDUCTION) MT_TRY(add_fee(cx, d, document, true, supply));
    if (redispatch_is_supply(s->contract)) MT_TRY(add_redispatch(cx, d, document, supply));
    if (s->curtailment_ueur == 0) return MT_OK;
    return add_line(cx, d, document,
                    (mt_invoice_line){.kind = MT_LINE_CURTAILMENT,
                                      .quantity_micro = s->curtailed_wh,
                                      .exact_ueur = s->curtailment_ueur},
                    standard_or_exempt(d, owner_is_exempt(d)));
}

static mt_code fill_service(mt_ctx *cx, const draft *d, mt_invoice *document)
{
    if (d->settled->contract->fee_form != MT_FEE_SERVICE) return MT_OK;
    return add_fee(cx, d, document, false, standard_or_exempt(d, d->issuer.small_business));
}

static mt_code fill_damages(mt_ctx *cx, const draft *d, mt_invoice *document)
{
    if (redispatch_is_supply(d->settled->contract)) return MT_OK;
    return add_redispatch(cx, d, document, (vat_rule){MT_VAT_O, 0});
}

static mt_code fill_claim(mt_ctx *cx, const draft *d, mt_invoice *document)
{
    const bool supply = redispatch_is_supply(d->settled->contract);
    return add_redispatch(cx, d, document,
                          supply ? standard_or_exempt(d, d->issuer.small_business) : (vat_rule){MT_VAT_O, 0});
}

/* What is said but not paid. */
static mt_code add_note(mt_ctx *cx, const draft *d, mt_invoice *document)
{
    const mt_settlement *s = d->settled;
    const bool refused = s->contract->vat == MT_VAT_REVERSE && !is_reverse(d) && !owner_is_exempt(d);
    const char *vat = refused
                          ? "Reverse charge needs valid reseller certificates of both parties for the whole "
                            "period: VAT is charged."
                          : "";
    char amount[MT_TIME_TEXT_MAX];
    if (document->kind != MT_DOC_SELF_BILLED) return MT_OK;
    if (s->premium_ueur == MT_MICRO_NONE) {
        document->note = refused ? vat : NULL;
        return MT_OK;
    }
    mt_micro_text(mt_exact_ratio(mt_cent_of_ueur(s->premium_ueur), UEUR_OF_CENT, 1), 2, amount);
    return mt_text_format(cx, &document->note,
                          "Market premium for information, owed by the grid operator and no part of this "
                          "document: %s EUR.%s%s",
                          amount, refused ? " " : "", vat);
}

/* Numbers of VAT have no place where nothing is subject to it (BR-O-02 to BR-O-04). */
static void hide_vat_numbers(mt_invoice *document)
{
    if (document->n_vat != 1 || document->vat[0].category != MT_VAT_O) return;
    document->seller.vat_id = document->buyer.vat_id = NULL;
}

static const struct {
    mt_document_kind kind;
    mt_code (*fill)(mt_ctx *cx, const draft *d, mt_invoice *document);
    size_t seller, buyer; /* members of draft */
} document_rule[MOST_DOCUMENTS] = {
    {MT_DOC_SELF_BILLED, fill_self_billed, offsetof(draft, owner), offsetof(draft, issuer)},
    {MT_DOC_SERVICE, fill_service, offsetof(draft, issuer), offsetof(draft, owner)},
    {MT_DOC_DAMAGES, fill_damages, offsetof(draft, owner), offsetof(draft, issuer)},
    {MT_DOC_CLAIM, fill_claim, offsetof(draft, issuer), offsetof(draft, grid_operator)},
};

static const mt_party *party_at(const draft *d, size_t offset)
{
    return (const mt_party *)(const void *)((const char *)d + offset);
}

static mt_code start_document(mt_ctx *cx, const draft *d, mt_invoice *document, size_t rule)
{
    const mt_settlement *s = d->settled;
    *document = (mt_invoice){.kind = document_rule[rule].kind,
                             .version = 1,
                             .contract_id = s->contract->contract_id,
                             .asset_id = s->contract->asset_id,
                             .metering_point_id = s->contract->metering_point_id,
                             .issued = d->options->issued,
                             .due = MT_DAY_NONE,
                             .from = d->from,
                             .until = d->until,
                             .currency = "EUR",
                             .seller = *party_at(d, document_rule[rule].seller),
                             .buyer = *party_at(d, document_rule[rule].buyer),
                             .quarters = s->quarters,
                             .quarters_missing = s->gaps,
                             .source = d->source,
                             .n_source = d->n_source};
    if (d->options->issued != MT_DAY_NONE)
        document->due = d->options->issued + (d->options->due_days ? d->options->due_days : USUAL_DUE_DAYS);
    return MT_NEW(cx, &document->line, MOST_LINES);
}

static mt_code find_period(mt_ctx *cx, draft *d)
{
    const mt_settlement *s = d->settled;
    const mt_document_options *options = d->options;
    d->from = s->from;
    d->until = s->until;
    if ((options->from == MT_DAY_NONE || options->from <= s->from) &&
        (options->until == MT_DAY_NONE || options->until >= s->until))
        return MT_OK;
    char from[MT_TIME_TEXT_MAX], until[MT_TIME_TEXT_MAX];
    mt_day_text(s->from, from);
    mt_day_text(s->until, until);
    return mt_fail(cx, MT_E_INPUT,
                   "contract %s: settled from %s to %s, which leaves the service period asked for",
                   s->contract->contract_id, from, until);
}

mt_code mt_documents(mt_ctx *cx, mt_invoice **out, size_t *n, const mt_desk *desk,
                     const mt_settlement *settlement, const mt_document_options *options)
{
    const char *grid_operator = options->grid_operator_id ? options->grid_operator_id : "grid_operator";
    draft d = {.desk = desk, .settled = settlement, .options = options};
    mt_invoice *document;
    size_t count = 0;
    MT_TRY(MT_NEW(cx, &document, MOST_DOCUMENTS));
    MT_TRY(find_period(cx, &d));
    d.owner = owner_of(&d);
    d.issuer = issuer_of(desk);
    d.grid_operator = party_or(desk, grid_operator);
    MT_TRY(mt_invoice_sources(cx, &d.source, &d.n_source, desk, settlement));
    for (size_t rule = 0; !settlement->fault && rule < MOST_DOCUMENTS; rule++) {
        MT_TRY(start_document(cx, &d, &document[count], rule));
        MT_TRY(document_rule[rule].fill(cx, &d, &document[count]));
        if (document[count].n_line == 0) continue;
        MT_TRY(mt_invoice_total(cx, &document[count]));
        MT_TRY(add_note(cx, &d, &document[count]));
        hide_vat_numbers(&document[count++]);
    }
    *out = document;
    *n = count;
    return MT_OK;
}
