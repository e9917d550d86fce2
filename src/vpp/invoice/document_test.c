/* Which documents come of a settlement, with which lines and VAT, and what cancels them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/invoice/document.h"
#include "vpp/settle_case.h"

/* A month's parties; the owner's certificate ends with June, the issuer's begins with it. */
static const mt_party owner = {.party_id = "OWN",
                               .name = "Sun Farm GmbH",
                               .vat_id = "DE111111111",
                               .reseller_from = 20000,
                               .reseller_until = 20269 /* 2025-06-30 */};
static const mt_party trader = {.party_id = "TRD",
                                .name = "Trader AG",
                                .vat_id = "DE222222222",
                                .reseller_from = 20240 /* 2025-06-01 */,
                                .reseller_until = 21000};
static const mt_party grid = {.party_id = "grid_operator",
                              .name = "Grid GmbH",
                              .vat_id = "DE333333333",
                              .reseller_from = MT_DAY_NONE,
                              .reseller_until = MT_DAY_NONE};

typedef struct papers {
    case_desk d;
    case_rooms r;
    mt_invoice *document;
    size_t n;
} papers;

/* The default contract of this test: A, wind, 80 EUR/MWh, fee 2.5 EUR/MWh. */
static mt_contract begin(papers *p)
{
    case_open(&p->d, "2025-06-01", 30);
    mt_contract c = case_contract(&p->d, "A", MT_WIND, 4000000);
    c.owner_id = "OWN";
    c.fee_model = MT_FEE_AS_PRODUCED;
    c.fee = EUR(2.5);
    return c;
}

/* 1 MW all month; a redispatched hour on the first day, at 62.5 EUR/MWh. */
static void make(papers *p, mt_contract c, mt_party own)
{
    const mt_settlement *s = NULL;
    size_t n = 0;
    const mt_document_options options = {.size = sizeof options,
                                         .issued = case_day("2025-07-10"),
                                         .from = case_day("2025-06-01"),
                                         .until = case_day("2025-06-30")};
    case_contracts(&p->d, &c, 1);
    case_party(&p->d, own, false);
    case_party(&p->d, grid, false);
    case_party(&p->d, trader, true);
    case_meter(&p->d, "MP-A", case_flat(&p->d, KW(1000), 30 * 96), 30 * 96);
    case_forecast(&p->d, "A", MT_TIME_NONE, case_flat(&p->d, KW(2000), 30 * 96), 30 * 96);
    case_redispatch(&p->d, "MP-A", 40, 44, KW(1000));
    case_price(&p->d, MT_PRICE_OF_COMPENSATION, case_flat(&p->d, EUR(62.5), 96), 96);
    case_all(&p->d, &p->r);
    case_ok(&p->d, mt_settle(&p->d.cx, &s, &n, p->r.desk, p->r.infeed, p->r.redispatch, p->r.curtail));
    assert_int_equal(n, 1);
    case_ok(&p->d, mt_documents(&p->d.cx, &p->document, &p->n, p->r.desk, s, &options));
}

static const mt_invoice *paper(const papers *p, mt_document_kind kind)
{
    for (size_t k = 0; k < p->n; k++) {
        if (p->document[k].kind == kind) return &p->document[k];
    }
    return NULL;
}

/* 720 MWh x 80 = 57,600.00; x 2.5 = 1,800.00; 19 % of 55,800.00 = 10,602.00; 1 MWh x 62.5. By hand. */
static void document__pays_infeed_less_a_fee_that_reduces_it(void **state)
{
    (void)state;
    papers p;
    make(&p, begin(&p), owner);
    assert_int_equal(p.n, 3);
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED);
    assert_string_equal(bill->seller.name, "Sun Farm GmbH");
    assert_string_equal(bill->buyer.name, "Trader AG");
    assert_string_equal(bill->contract_id, "C-A");
    assert_int_equal(bill->n_line, 2);
    assert_int_equal(bill->line[0].kind, MT_LINE_INFEED);
    assert_int_equal(bill->line[0].quantity_micro, 720000000);
    assert_int_equal(bill->line[0].unit_net, 8000);
    assert_int_equal(bill->line[0].net_cent, 5760000);
    assert_int_equal(bill->line[1].kind, MT_LINE_FEE);
    assert_int_equal(bill->line[1].quantity_micro, -720000000);
    assert_int_equal(bill->line[1].unit_net, 250);
    assert_int_equal(bill->line[1].net_cent, -180000);
    assert_int_equal(bill->line[1].vat_category, MT_VAT_S);
    assert_int_equal(bill->vat_cent, 1060200);
    assert_int_equal(bill->gross_cent, 6640200);
    assert_int_equal(bill->due, bill->issued + 14);
    assert_int_equal(bill->from, case_day("2025-06-01"));
    assert_int_equal(bill->until, case_day("2025-06-30"));
    assert_int_equal(bill->version, 1);
    assert_int_equal(bill->quarters, 2880);
    assert_null(bill->number);
    case_close(&p.d);
}

static void document__keeps_damages_apart_and_claims_them(void **state)
{
    (void)state;
    papers p;
    make(&p, begin(&p), owner);
    const mt_invoice *damages = paper(&p, MT_DOC_DAMAGES), *claim = paper(&p, MT_DOC_CLAIM);
    assert_int_equal(damages->n_line, 1);
    assert_int_equal(damages->line[0].vat_category, MT_VAT_O);
    assert_int_equal(damages->net_cent, 6250);
    assert_int_equal(damages->vat_cent, 0);
    assert_null(damages->seller.vat_id); /* BR-O-02 */
    assert_null(damages->buyer.vat_id);
    assert_string_equal(damages->seller.name, "Sun Farm GmbH");
    assert_string_equal(claim->seller.name, "Trader AG");
    assert_string_equal(claim->buyer.name, "Grid GmbH");
    assert_int_equal(claim->gross_cent, 6250);
    assert_int_equal(claim->vat[0].category, MT_VAT_O);
    case_close(&p.d);
}

static void document__pays_credited_energy_as_a_supply(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    c.energy_credit = true;
    make(&p, c, owner);
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED), *claim = paper(&p, MT_DOC_CLAIM);
    assert_null(paper(&p, MT_DOC_DAMAGES));
    assert_int_equal(bill->n_line, 3);
    assert_int_equal(bill->line[2].kind, MT_LINE_REDISPATCH);
    assert_int_equal(bill->line[2].vat_category, MT_VAT_S);
    assert_int_equal(claim->vat[0].category, MT_VAT_S);
    assert_int_equal(claim->gross_cent, 7438); /* 62.50 + 11.875 */
    assert_string_equal(claim->buyer.vat_id, "DE333333333");
    case_close(&p.d);
}

static void document__invoices_a_fee_as_service_where_the_contract_says_so(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    c.fee_form = MT_FEE_SERVICE;
    c.fee_model = MT_FEE_CAPACITY;
    c.fee = EUR(3.333333);
    make(&p, c, owner);
    const mt_invoice *service = paper(&p, MT_DOC_SERVICE), *bill = paper(&p, MT_DOC_SELF_BILLED);
    assert_int_equal(bill->n_line, 1);
    assert_string_equal(service->seller.name, "Trader AG");
    assert_string_equal(service->buyer.name, "Sun Farm GmbH");
    assert_int_equal(service->line[0].kind, MT_LINE_FEE_CAPACITY);
    assert_int_equal(service->line[0].quantity_micro, 4000000);
    assert_int_equal(service->line[0].exact_ueur, 13333332);
    assert_int_equal(service->line[0].net_cent, 1333);
    assert_int_equal(service->line[0].rounding_ueur, -3332);
    assert_int_equal(service->line[0].unit_net, 3333); /* 4 x 3.33 = 13.32: a third decimal */
    assert_int_equal(service->line[0].unit_net_decimals, 3);
    case_close(&p.d);
}

static mt_vat_category category_of(mt_vat_rule rule, mt_party own)
{
    papers p;
    mt_contract c = begin(&p);
    c.vat = rule;
    make(&p, c, own);
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED);
    const mt_vat_category category = bill->vat[0].category;
    assert_int_equal(bill->n_vat, 1);
    assert_int_equal(bill->vat[0].rate, category == MT_VAT_S ? 19000000 : 0);
    assert_int_equal(bill->note != NULL, rule == MT_VAT_REVERSE && category == MT_VAT_S);
    case_close(&p.d);
    return category;
}

static void document__reverses_the_charge_only_between_resellers_of_the_whole_period(void **state)
{
    (void)state;
    mt_party late = owner, early = owner, endless = owner, none = owner, small = owner;
    late.reseller_from = case_day("2025-06-02");
    early.reseller_until = case_day("2025-06-29");
    endless.reseller_until = MT_DAY_NONE;
    none.reseller_from = none.reseller_until = MT_DAY_NONE;
    small.small_business = true;
    assert_int_equal(category_of(MT_VAT_STANDARD, owner), MT_VAT_S);
    assert_int_equal(category_of(MT_VAT_REVERSE, owner), MT_VAT_AE);
    assert_int_equal(category_of(MT_VAT_REVERSE, late), MT_VAT_S);
    assert_int_equal(category_of(MT_VAT_REVERSE, early), MT_VAT_S);
    assert_int_equal(category_of(MT_VAT_REVERSE, endless), MT_VAT_S);
    assert_int_equal(category_of(MT_VAT_REVERSE, none), MT_VAT_S);
    assert_int_equal(category_of(MT_VAT_EXEMPT, owner), MT_VAT_E);
    assert_int_equal(category_of(MT_VAT_REVERSE, small), MT_VAT_E);
}

/* 2880 quarters of one metering file; four of the flag and of the compensation price each. */
static void document__names_its_sources_with_their_quarters(void **state)
{
    (void)state;
    papers p;
    make(&p, begin(&p), owner);
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED);
    assert_int_equal(bill->n_source, 3);
    int64_t of_meter = 0, of_flag = 0, of_price = 0;
    for (size_t k = 0; k < bill->n_source; k++) {
        const mt_invoice_source *source = &bill->source[k];
        if (strstr(source->name, "final_production")) of_meter = source->quarters;
        if (strstr(source->name, "redispatch_flag")) of_flag = source->quarters;
        if (strstr(source->name, "price")) of_price = source->quarters;
    }
    assert_true(of_meter == 2880 && of_flag == 4 && of_price == 4);
    case_close(&p.d);
}

/* Another contract has the second half of the month: its file's quarters are not this one's. */
static void document__counts_no_quarters_of_another_contract(void **state)
{
    (void)state;
    papers p;
    const mt_settlement *s = NULL;
    const mt_document_options options = {.size = sizeof options, .from = MT_DAY_NONE, .until = MT_DAY_NONE};
    mt_contract c[] = {begin(&p), {0}};
    c[1] = c[0];
    c[1].contract_id = "C-B";
    c[1].begin = case_day("2025-06-11");
    c[1].end = case_day("2025-06-20");
    case_contracts(&p.d, c, 2);
    case_meter(&p.d, "MP-A", case_flat(&p.d, KW(1000), 30 * 96), 30 * 96);
    case_all(&p.d, &p.r);
    case_ok(&p.d, mt_settle(&p.d.cx, &s, &p.n, p.r.desk, p.r.infeed, p.r.redispatch, p.r.curtail));
    assert_int_equal(p.n, 2);
    case_ok(&p.d, mt_documents(&p.d.cx, &p.document, &p.n, p.r.desk, &s[0], &options));
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED);
    assert_int_equal(bill->quarters, 20 * 96);
    assert_int_equal(bill->n_source, 1);
    assert_int_equal(bill->source[0].quarters, 20 * 96);
    case_close(&p.d);
}

static void document__states_the_premium_in_a_note_and_in_no_line(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    mt_plant plant = case_plant("A", MT_WIND, 4000000);
    plant.commissioned = case_day("2015-01-01");
    c.scheme = MT_SCHEME_PREMIUM;
    c.energy_credit = true; /* a lost premium is no supply all the same */
    c.value_applied = EUR(11.2);
    case_plants(&p.d, &plant, 1);
    case_market_value(&p.d, 2025, 6, MT_WIND, EUR(8.883));
    make(&p, c, owner);
    const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED), *damages = paper(&p, MT_DOC_DAMAGES);
    assert_string_equal(bill->note,
                        "Market premium for information, owed by the grid operator and no part of "
                        "this document: 16682.40 EUR.");
    assert_int_equal(bill->n_line, 2);
    assert_int_equal(damages->net_cent, 2317); /* 1 MWh lost, premium alone */
    case_close(&p.d);
}

/* 8.8 ct/kWh applied is below the market value: nothing is owed for the lost MWh. */
static void document__of_nothing_owed_is_none(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    mt_plant plant = case_plant("A", MT_WIND, 4000000);
    c.scheme = MT_SCHEME_PREMIUM;
    c.value_applied = EUR(8.8);
    case_plants(&p.d, &plant, 1);
    case_market_value(&p.d, 2025, 0, MT_WIND, EUR(8.883));
    make(&p, c, owner);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.document[0].kind, MT_DOC_SELF_BILLED);
    case_close(&p.d);
}

/* 2,000 kW expected, 1,000 fed in, in 2,876 quarters of a negative price: 250 kWh x 80 x 90 % each. Standard
 * rate, also between resellers: it is no supply of electricity. */
static void document__compensates_curtailment_in_a_line_of_its_own(void **state)
{
    (void)state;
    for (int percent = 0; percent <= 90; percent += 90) {
        papers p;
        mt_contract c = begin(&p);
        c.vat = MT_VAT_REVERSE;
        c.curtail_percent = EUR(1) * percent;
        case_price(&p.d, MT_PRICE_OF_DAY_AHEAD, case_flat(&p.d, -EUR(1), 30 * 96), 30 * 96);
        make(&p, c, owner);
        const mt_invoice *bill = paper(&p, MT_DOC_SELF_BILLED);
        assert_int_equal(bill->n_line, percent ? 3 : 2);
        if (percent) {
            assert_int_equal(bill->line[2].kind, MT_LINE_CURTAILMENT);
            assert_int_equal(bill->line[2].quantity_micro, 2876 * 250000);
            assert_int_equal(bill->line[2].net_cent, 2876 * 1800);
            assert_int_equal(bill->line[2].unit_net, 7200);
            assert_int_equal(bill->line[2].vat_category, MT_VAT_S);
            assert_int_equal(bill->line[0].vat_category, MT_VAT_AE);
            assert_int_equal(bill->n_vat, 2);
        }
        case_close(&p.d);
    }
}

static void document__of_a_faulty_settlement_is_none(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    c.price = MT_MICRO_NONE;
    make(&p, c, owner);
    assert_int_equal(p.n, 0);
    case_close(&p.d);
}

/* All fields of both that are amounts, added. */
static void check_cancelled(const mt_invoice *a, const mt_invoice *b)
{
    assert_int_equal(a->n_line, b->n_line);
    assert_int_equal(a->n_vat, b->n_vat);
    for (size_t k = 0; k < a->n_line; k++) {
        assert_true(a->line[k].quantity_micro + b->line[k].quantity_micro == 0);
        assert_true(a->line[k].exact_ueur + b->line[k].exact_ueur == 0);
        assert_true(a->line[k].net_cent + b->line[k].net_cent == 0);
        assert_true(a->line[k].rounding_ueur + b->line[k].rounding_ueur == 0);
        assert_true(a->line[k].unit_net == b->line[k].unit_net && a->line[k].unit_net >= 0);
        assert_true(a->line[k].vat_category == b->line[k].vat_category);
    }
    for (size_t k = 0; k < a->n_vat; k++) {
        assert_true(a->vat[k].taxable_cent + b->vat[k].taxable_cent == 0);
        assert_true(a->vat[k].vat_cent + b->vat[k].vat_cent == 0);
    }
    assert_true(a->net_cent + b->net_cent == 0 && a->vat_cent + b->vat_cent == 0);
    assert_true(a->gross_cent + b->gross_cent == 0);
}

static void document__and_its_cancellation_are_nothing(void **state)
{
    (void)state;
    papers p;
    mt_contract c = begin(&p);
    c.fee = EUR(2.512347);
    make(&p, c, owner);
    /* 2,880 quarters of 0.628087 EUR are 1,808.89056 */
    assert_int_equal(p.document[0].line[1].rounding_ueur, 560);
    for (size_t k = 0; k < p.n; k++) {
        mt_invoice cancelled;
        p.document[k].number = "GS-2025-000017";
        case_ok(&p.d, mt_document_cancel(&p.d.cx, &cancelled, &p.document[k], case_day("2025-08-01"),
                                         "a late metering file"));
        check_cancelled(&p.document[k], &cancelled);
        assert_int_equal(cancelled.kind, MT_DOC_CORRECTION);
        assert_string_equal(cancelled.cancels, "GS-2025-000017");
        assert_string_equal(cancelled.note, "a late metering file");
        assert_null(cancelled.number);
        assert_int_equal(p.document[k].line[0].net_cent > 0, 1); /* the document itself stays */
        /* A cancellation totals to the same when it is added up again. */
        mt_invoice again = cancelled;
        case_ok(&p.d, mt_invoice_total(&p.d.cx, &again));
        check_cancelled(&p.document[k], &again);
    }
    case_close(&p.d);
}

static void document__cancels_only_what_was_issued(void **state)
{
    (void)state;
    papers p;
    mt_invoice out;
    make(&p, begin(&p), owner);
    mt_invoice *bill = &p.document[0];
    assert_int_equal(mt_document_cancel(&p.d.cx, &out, bill, 0, "no"), MT_E_CONFLICT);
    bill->number = "GS-2025-000017";
    case_ok(&p.d, mt_document_cancel(&p.d.cx, &out, bill, 0, "yes"));
    out.number = "ST-2025-000001";
    assert_int_equal(mt_document_cancel(&p.d.cx, &out, &out, 0, "no"), MT_E_CONFLICT);
    case_close(&p.d);
}

static void document__issued_again_is_a_new_version(void **state)
{
    (void)state;
    papers p, q;
    make(&p, begin(&p), owner);
    make(&q, begin(&q), owner);
    p.document[0].version = 3;
    case_ok(&q.d, mt_document_reissue(&q.d.cx, &q.document[0], &p.document[0]));
    assert_int_equal(q.document[0].version, 4);
    assert_int_equal(mt_document_reissue(&q.d.cx, &q.document[0], &p.document[1]), MT_E_CONFLICT);
    case_close(&p.d);
    case_close(&q.d);
}

/* Whichever allocation fails, settlement and documents say so. */
static void document__says_when_memory_runs_out(void **state)
{
    (void)state;
    papers p;
    make(&p, begin(&p), owner);
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code == MT_E_MEMORY; k++) {
        mt_ctx cx;
        const mt_settlement *s = NULL;
        mt_invoice *document = NULL;
        const mt_document_options options = {
            .size = sizeof options, .from = MT_DAY_NONE, .until = MT_DAY_NONE};
        size_t n = 0;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = mt_settle(&cx, &s, &n, p.r.desk, p.r.infeed, p.r.redispatch, p.r.curtail);
        if (code == MT_OK) code = mt_documents(&cx, &document, &n, p.r.desk, s, &options);
        assert_true(code == MT_OK || (code == MT_E_MEMORY && !document));
        assert_true(k < 1000);
        mt_ctx_close(&cx);
    }
    assert_int_equal(code, MT_OK);
    case_close(&p.d);
}

static void document__refuses_days_outside_of_its_period(void **state)
{
    (void)state;
    papers p;
    make(&p, begin(&p), owner);
    const mt_settlement *s = NULL;
    size_t n = 0;
    const mt_document_options options = {
        .size = sizeof options, .issued = 0, .from = case_day("2025-06-02"), .until = MT_DAY_NONE};
    case_ok(&p.d, mt_settle(&p.d.cx, &s, &n, p.r.desk, p.r.infeed, p.r.redispatch, p.r.curtail));
    assert_int_equal(mt_documents(&p.d.cx, &p.document, &n, p.r.desk, s, &options), MT_E_INPUT);
    assert_non_null(strstr(p.d.cx.err, "settled from 2025-06-01 to 2025-06-30"));
    case_close(&p.d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document__pays_infeed_less_a_fee_that_reduces_it),
        cmocka_unit_test(document__keeps_damages_apart_and_claims_them),
        cmocka_unit_test(document__pays_credited_energy_as_a_supply),
        cmocka_unit_test(document__invoices_a_fee_as_service_where_the_contract_says_so),
        cmocka_unit_test(document__reverses_the_charge_only_between_resellers_of_the_whole_period),
        cmocka_unit_test(document__names_its_sources_with_their_quarters),
        cmocka_unit_test(document__counts_no_quarters_of_another_contract),
        cmocka_unit_test(document__states_the_premium_in_a_note_and_in_no_line),
        cmocka_unit_test(document__of_nothing_owed_is_none),
        cmocka_unit_test(document__compensates_curtailment_in_a_line_of_its_own),
        cmocka_unit_test(document__of_a_faulty_settlement_is_none),
        cmocka_unit_test(document__and_its_cancellation_are_nothing),
        cmocka_unit_test(document__cancels_only_what_was_issued),
        cmocka_unit_test(document__issued_again_is_a_new_version),
        cmocka_unit_test(document__says_when_memory_runs_out),
        cmocka_unit_test(document__refuses_days_outside_of_its_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
