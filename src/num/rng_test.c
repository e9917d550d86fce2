/* What chance must keep: published vectors, equal bits everywhere, independent streams, distributions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "num/portable.h"
#include "num/rng.h"

enum { MANY = 200000 };

/* First outputs for seed 1234567, as given for SplitMix64 by Rosetta Code (Pseudo-random
 * numbers/Splitmix64). */
static void rng__enters_splitmix64_at_any_place(void **state)
{
    (void)state;
    static const uint64_t expected[5] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                         4593380528125082431u, 16408922859458223821u};
    for (uint64_t i = 0; i < 5; i++) assert_int_equal(mt_rng_at(1234567, i), expected[i]);
}

/* Outputs of the reference xoshiro256** for the state {1, 2, 3, 4}, as in the Rust crate rand_xoshiro's
 * tests. */
static void rng__is_xoshiro256_star_star(void **state)
{
    (void)state;
    static const uint64_t expected[10] = {
        11520u,
        0u,
        1509978240u,
        1215971899390074240u,
        1216172134540287360u,
        607988272756665600u,
        16172922978634559625u,
        8476171486693032832u,
        10595114339597558777u,
        2904607092377533576u,
    };
    mt_rng rng = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++) assert_int_equal(mt_rng_next(&rng), expected[i]);
}

static uint64_t bits_of(double x)
{
    uint64_t out;
    memcpy(&out, &x, sizeof out);
    return out;
}

/* Found with gcc 12 and clang 14, -O0 to -O3, with and without fused multiply-add: one value for all. */
static void rng__gives_the_same_bits_everywhere(void **state)
{
    (void)state;
    mt_rng rng = mt_rng_new(7);
    uint64_t digest = 0;
    for (int i = 0; i < 5000; i++) {
        double x = mt_rng_normal(&rng) + mt_rng_lognormal(&rng, 3.0, 0.7) + mt_rng_exponential(&rng, 2.0);
        x += mt_portable_sin_turns(x * 11.0) + mt_portable_cos_turns(x);
        digest =
            mt_rng_at(digest ^ bits_of(x), (uint64_t)mt_rng_poisson(&rng, 40.0) + mt_rng_below(&rng, 1000));
    }
    assert_int_equal(digest, 0xd4f55691f50a2881u);
}

/* Reference quantiles: Python 3.11 statistics.NormalDist().inv_cdf; printed tables agree to all their
 * digits. */
static void rng__inverts_the_normal_distribution(void **state)
{
    (void)state;
    static const double p[] = {1e-12, 0.001, 0.075, 0.3, 0.5, 0.9, 0.999999};
    static const double z[] = {
        -7.034483825301131, -3.090232306167813, -1.4395314709384563, -0.5244005127080409, 0.0,
        1.2815515655446008, 4.753424308817087};
    for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
        assert_true(fabs(mt_normal_quantile(p[i]) - z[i]) <= 1e-13 * (1.0 + fabs(z[i])));
    }
}

static void rng__splits_without_moving_the_parent(void **state)
{
    (void)state;
    mt_rng parent = mt_rng_new(1), before = parent;
    mt_rng a = mt_rng_split(&parent, 1), b = mt_rng_split(&parent, 2), a2 = mt_rng_split(&parent, 1);
    assert_memory_equal(&parent, &before, sizeof parent);
    assert_memory_equal(&a, &a2, sizeof a);
    assert_true(mt_rng_next(&a) != mt_rng_next(&b));
    mt_rng ab = mt_rng_split(&b, 1), ba = mt_rng_split(&a, 2);
    assert_true(mt_rng_next(&ab) != mt_rng_next(&ba));
}

static void rng__split_streams_are_not_correlated(void **state)
{
    (void)state;
    mt_rng root = mt_rng_new(99);
    double sum = 0.0, last = 0.0;
    for (uint64_t i = 0; i < MANY; i++) {
        mt_rng child = mt_rng_split(&root, i);
        double x = mt_rng_uniform(&child) - 0.5;
        sum += x * last;
        last = x;
    }
    assert_true(fabs(sum / MANY * 12.0) < 4.0 / sqrt(MANY)); /* four standard errors */
}

struct moments {
    double mean, variance;
};

static struct moments moments_of(double (*draw)(mt_rng *), uint64_t seed)
{
    mt_rng rng = mt_rng_new(seed);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < MANY; i++) {
        double x = draw(&rng);
        sum += x;
        squares += x * x;
    }
    double mean = sum / MANY;
    return (struct moments){mean, squares / MANY - mean * mean};
}

static double draw_poisson_90(mt_rng *rng)
{
    return (double)mt_rng_poisson(rng, 90.0);
}
static double draw_poisson_3(mt_rng *rng)
{
    return (double)mt_rng_poisson(rng, 3.0);
}
static double draw_lognormal(mt_rng *rng)
{
    return mt_rng_lognormal(rng, 5.0, 0.4);
}
static double draw_exponential(mt_rng *rng)
{
    return mt_rng_exponential(rng, 2.0);
}
static double draw_below_7(mt_rng *rng)
{
    return (double)mt_rng_below(rng, 7);
}

/* Means and variances from the textbook formulas; bounds are about five standard errors. */
static void rng__distributions_have_their_moments(void **state)
{
    (void)state;
    static const struct {
        double (*draw)(mt_rng *);
        double mean, variance;
    } row[] = {
        {mt_rng_uniform, 0.5, 1.0 / 12.0},
        {mt_rng_normal, 0.0, 1.0},
        {draw_poisson_90, 90.0, 90.0},
        {draw_poisson_3, 3.0, 3.0},
        {draw_lognormal, 5.0, 25.0 * 0.17351087099181024 /* exp(0.16) - 1 */},
        {draw_exponential, 2.0, 4.0},
        {draw_below_7, 3.0, 4.0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct moments m = moments_of(row[i].draw, 11 + i);
        assert_true(fabs(m.mean - row[i].mean) < 5.0 * sqrt(row[i].variance / MANY));
        assert_true(fabs(m.variance / row[i].variance - 1.0) < 0.03);
    }
}

static void rng__choice_follows_its_weights(void **state)
{
    (void)state;
    static const double weight[4] = {1.0, 0.0, 2.0, 5.0};
    int count[4] = {0};
    mt_rng rng = mt_rng_new(5);
    for (int i = 0; i < MANY; i++) count[mt_rng_choice(&rng, weight, 4)]++;
    assert_int_equal(count[1], 0);
    for (int i = 0; i < 4; i++) assert_true(fabs(count[i] / (double)MANY - weight[i] / 8.0) < 0.006);
}

static void rng__shuffle_takes_each_place_once(void **state)
{
    (void)state;
    static const uint64_t size[] = {1, 2, 3, 4, 5, 40, 63, 64, 65, 1000, 8193};
    static uint8_t seen[8193];
    for (size_t s = 0; s < sizeof size / sizeof *size; s++) {
        for (uint64_t key = 0; key < 20; key++) {
            mt_shuffle shuffle = mt_shuffle_new(key, size[s]);
            memset(seen, 0, sizeof seen);
            for (uint64_t k = 0; k < size[s]; k++) {
                uint64_t at = mt_shuffle_at(&shuffle, k);
                assert_true(at < size[s] && !seen[at]);
                seen[at] = 1;
            }
        }
    }
}

static void rng__shuffle_leaves_no_order(void **state)
{
    (void)state;
    mt_shuffle shuffle = mt_shuffle_new(3, 10007);
    double sum = 0.0, last = 0.0;
    for (uint64_t k = 0; k < 10007; k++) {
        double x = (double)mt_shuffle_at(&shuffle, k) / 10007.0 - 0.5;
        sum += x * last;
        last = x;
    }
    assert_true(fabs(sum * 12.0 / 10007.0) < 0.05);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(rng__enters_splitmix64_at_any_place),
        cmocka_unit_test(rng__is_xoshiro256_star_star),
        cmocka_unit_test(rng__gives_the_same_bits_everywhere),
        cmocka_unit_test(rng__inverts_the_normal_distribution),
        cmocka_unit_test(rng__splits_without_moving_the_parent),
        cmocka_unit_test(rng__split_streams_are_not_correlated),
        cmocka_unit_test(rng__distributions_have_their_moments),
        cmocka_unit_test(rng__choice_follows_its_weights),
        cmocka_unit_test(rng__shuffle_takes_each_place_once),
        cmocka_unit_test(rng__shuffle_leaves_no_order),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
