/* Lines are rounded once, prices give their nets, VAT and totals add up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "num/rng.h"
#include "num/wide.h"
#include "vpp/invoice/total.h"

#define STANDARD (19 * INT64_C(1000000))

static mt_invoice_line line_of(int64_t quantity_micro, int64_t exact_ueur)
{
    return (mt_invoice_line){.kind = MT_LINE_INFEED,
                             .quantity_micro = quantity_micro,
                             .exact_ueur = exact_ueur,
                             .vat_category = MT_VAT_S,
                             .vat_rate = STANDARD};
}

static mt_invoice document_of(mt_invoice_line *line, size_t n)
{
    return (mt_invoice){.contract_id = "CON1", .line = line, .n_line = n};
}

/* 10.912345 MWh at 85 EUR/MWh = 927.549325 EUR; less 10.912345 x 2.5 = 27.2808625; 19 % of 900.27 =
 * 171.0513. By hand. */
static void total__rounds_lines_then_adds_and_taxes_once(void **state)
{
    mt_invoice_line line[] = {line_of(10912345, 927549325), line_of(-10912345, -27280863)};
    mt_invoice document = document_of(line, 2);
    assert_int_equal(mt_invoice_total(*state, &document), MT_OK);
    assert_int_equal(line[0].net_cent, 92755);
    assert_int_equal(line[0].rounding_ueur, 675);
    assert_int_equal(line[0].unit_net, 8500);
    assert_int_equal(line[0].unit_net_decimals, 2);
    assert_int_equal(line[1].net_cent, -2728);
    assert_int_equal(line[1].quantity_micro, -10912345);
    assert_int_equal(line[1].unit_net, 250);
    assert_int_equal(document.n_vat, 1);
    assert_int_equal(document.vat[0].taxable_cent, 90027);
    assert_int_equal(document.net_cent, 90027);
    assert_int_equal(document.vat_cent, 17105);
    assert_int_equal(document.gross_cent, 107132);
}

static void total__puts_the_sign_on_the_quantity(void **state)
{
    mt_invoice_line line[] = {line_of(5000000, -12340000)};
    mt_invoice document = document_of(line, 1);
    assert_int_equal(mt_invoice_total(*state, &document), MT_OK);
    assert_int_equal(line[0].quantity_micro, -5000000);
    assert_int_equal(line[0].unit_net, 2468); /* 12.34 / 5 = 2.468; 2.47 x 5 = 12.35 is not the net */
    assert_int_equal(line[0].unit_net_decimals, 3);
}

static void check_line(const mt_invoice_line *line)
{
    int64_t scale = 1;
    for (int k = 2; k < line->unit_net_decimals; k++) scale *= 10;
    /* (quantity x price - net) in units of 10^-6 x 10^-decimals EUR; half a cent must not be reached. */
    const mt_wide cent = (mt_wide)1000000 * scale;
    mt_wide off = (mt_wide)line->quantity_micro * line->unit_net - (mt_wide)line->net_cent * cent;
    if (off < 0) off = -off;
    assert_true(2 * off <= cent);
    assert_true(line->unit_net >= 0);
    assert_true(line->net_cent == 0 || (line->quantity_micro < 0) == (line->net_cent < 0));
    assert_true(line->rounding_ueur >= -5000 && line->rounding_ueur <= 5000);
    assert_true(line->net_cent * 10000 - line->rounding_ueur == line->exact_ueur);
}

static void total__finds_a_price_for_any_amount(void **state)
{
    mt_rng rng = mt_rng_new(20250608);
    for (int k = 0; k < 100000; k++) {
        const int64_t quantity = 1 + (int64_t)(mt_rng_next(&rng) >> (20 + mt_rng_next(&rng) % 43));
        const int64_t price = (int64_t)(mt_rng_next(&rng) % 9000000000) - 3000000000;
        mt_invoice_line line[] = {line_of(quantity, mt_muldiv_round(quantity, price, 1000000))};
        mt_invoice document = document_of(line, 1);
        if (mt_invoice_total(*state, &document) != MT_OK) fail_msg("%s", ((mt_ctx *)*state)->err);
        check_line(&line[0]);
    }
}

static void total__of_many_lines_is_their_sum(void **state)
{
    mt_rng rng = mt_rng_new(4);
    for (int round = 0; round < 2000; round++) {
        mt_invoice_line line[6];
        const size_t n = 1 + mt_rng_next(&rng) % 6;
        int64_t net = 0, taxable = 0;
        for (size_t k = 0; k < n; k++) {
            line[k] = line_of(1 + (int64_t)(mt_rng_next(&rng) % 9000000000),
                              (int64_t)(mt_rng_next(&rng) % 2000000000000) - 1000000000000);
            if (mt_rng_next(&rng) % 3 == 0) line[k].vat_category = MT_VAT_E, line[k].vat_rate = 0;
        }
        mt_invoice document = document_of(line, n);
        assert_int_equal(mt_invoice_total(*state, &document), MT_OK);
        for (size_t k = 0; k < n; k++) net += line[k].net_cent;
        for (size_t k = 0; k < document.n_vat; k++) {
            const mt_invoice_vat *vat = &document.vat[k];
            taxable += vat->taxable_cent;
            const int64_t twice = 2 * vat->taxable_cent * vat->rate - 2 * vat->vat_cent * 100000000;
            assert_true(twice >= -100000000 && twice <= 100000000);
        }
        assert_true(document.net_cent == net && taxable == net);
        assert_true(document.gross_cent == document.net_cent + document.vat_cent);
    }
}

static void total__leaves_a_line_of_nothing_at_a_price_of_zero(void **state)
{
    mt_invoice_line line[] = {line_of(-7, -4999), line_of(0, 3)};
    mt_invoice document = document_of(line, 2);
    assert_int_equal(mt_invoice_total(*state, &document), MT_OK);
    assert_int_equal(line[0].net_cent, 0);
    assert_int_equal(line[0].quantity_micro, -7);
    assert_int_equal(line[0].unit_net, 0);
    assert_int_equal(line[0].rounding_ueur, 4999);
    assert_int_equal(document.gross_cent, 0);
}

static void total__refuses_what_no_document_can_say(void **state)
{
    mt_ctx *cx = *state;
    mt_invoice_line nothing[] = {line_of(0, 10000)};
    mt_invoice document = document_of(nothing, 1);
    assert_int_equal(mt_invoice_total(cx, &document), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "an amount needs a quantity"));
    mt_invoice_line mixed[] = {line_of(1000000, 10000), line_of(1000000, 10000)};
    mixed[1].vat_category = MT_VAT_O;
    mixed[1].vat_rate = 0;
    document = document_of(mixed, 2);
    assert_int_equal(mt_invoice_total(cx, &document), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "BR-O-11"));
    mt_invoice_line huge[] = {line_of(1, INT64_MAX)};
    document = document_of(huge, 1);
    assert_int_equal(mt_invoice_total(cx, &document), MT_E_INPUT);
    mt_invoice_line missing[] = {line_of(1, INT64_MIN)};
    document = document_of(missing, 1);
    assert_int_equal(mt_invoice_total(cx, &document), MT_E_INPUT);
}

/* Sec. 12 (1) UStG; sec. 28 (1) UStG for the second half of 2020. */
static void total__knows_the_rates_of_standard_vat(void **state)
{
    (void)state;
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2025, 6, 30)), STANDARD);
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2020, 6, 30)), STANDARD);
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2020, 7, 1)), 16000000);
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2020, 12, 31)), 16000000);
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2021, 1, 1)), STANDARD);
    assert_int_equal(mt_vat_standard_rate(mt_day_of(2006, 12, 31)), 16000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(total__rounds_lines_then_adds_and_taxes_once),
        IN_CONTEXT(total__puts_the_sign_on_the_quantity),
        IN_CONTEXT(total__finds_a_price_for_any_amount),
        IN_CONTEXT(total__of_many_lines_is_their_sum),
        IN_CONTEXT(total__leaves_a_line_of_nothing_at_a_price_of_zero),
        IN_CONTEXT(total__refuses_what_no_document_can_say),
        IN_CONTEXT(total__knows_the_rates_of_standard_vat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
