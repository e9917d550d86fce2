/* Tests of the circuit breaker: its three states, the way back, and a model of it under random requests. */
#include "sources/http/breaker.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const mt_breaker_rule usual = {0}; /* 5 failures, 2 successes, 60 s, 3 probes */

static void end_one(mt_breaker *b, mt_time now, mt_breaker_end end)
{
    uint64_t ticket;
    mt_time retry_at;
    assert_true(mt_breaker_enter(b, now, &ticket, &retry_at));
    mt_breaker_leave(b, now, ticket, end);
}

static void open_it(mt_breaker *b, mt_time now)
{
    mt_breaker_init(b, usual);
    for (int k = 0; k < 5; k++) end_one(b, now, MT_BREAKER_BAD);
    assert_int_equal(mt_breaker_now(b, now), MT_BREAKER_OPEN);
}

static void breaker__opens_after_five_failures_in_a_row(void **state)
{
    mt_breaker b;
    uint64_t ticket;
    mt_time retry_at = 0;
    (void)state;
    mt_breaker_init(&b, usual);
    for (int k = 0; k < 4; k++) end_one(&b, 0, MT_BREAKER_BAD);
    end_one(&b, 0, MT_BREAKER_GOOD);
    for (int k = 0; k < 4; k++) end_one(&b, 0, MT_BREAKER_BAD);
    assert_int_equal(mt_breaker_now(&b, 0), MT_BREAKER_CLOSED);
    end_one(&b, 7, MT_BREAKER_BAD);
    assert_false(mt_breaker_enter(&b, 8, &ticket, &retry_at));
    assert_int_equal(retry_at, 7 + 60 * MT_US_SECOND);
    assert_string_equal(mt_breaker_word(mt_breaker_now(&b, 8)), "open");
}

/* The defect of an earlier system: after the time it told "half open" and kept "open"; three good probes
 * passed and then none ever again. */
static void breaker__closes_again_after_good_probes(void **state)
{
    mt_breaker b;
    mt_time later = 61 * MT_US_SECOND;
    (void)state;
    open_it(&b, 0);
    assert_string_equal(mt_breaker_word(mt_breaker_now(&b, later)), "half open");
    end_one(&b, later, MT_BREAKER_GOOD);
    assert_int_equal(mt_breaker_now(&b, later), MT_BREAKER_HALF_OPEN);
    end_one(&b, later, MT_BREAKER_GOOD);
    assert_int_equal(mt_breaker_now(&b, later), MT_BREAKER_CLOSED);
    for (int k = 0; k < 100; k++) end_one(&b, later + k, MT_BREAKER_GOOD); /* for ever */
}

static void breaker__closes_though_three_probes_ran_at_once(void **state)
{
    mt_breaker b;
    uint64_t ticket[3];
    mt_time retry_at, later = 61 * MT_US_SECOND;
    (void)state;
    open_it(&b, 0);
    for (int k = 0; k < 3; k++) assert_true(mt_breaker_enter(&b, later, &ticket[k], &retry_at));
    for (int k = 0; k < 3; k++) mt_breaker_leave(&b, later, ticket[k], MT_BREAKER_GOOD);
    assert_int_equal(mt_breaker_now(&b, later), MT_BREAKER_CLOSED);
    end_one(&b, later, MT_BREAKER_GOOD);
}

static void breaker__lets_three_probes_pass_at_once(void **state)
{
    mt_breaker b;
    uint64_t ticket[4];
    mt_time retry_at, later = 61 * MT_US_SECOND;
    (void)state;
    open_it(&b, 0);
    for (int k = 0; k < 3; k++) assert_true(mt_breaker_enter(&b, later, &ticket[k], &retry_at));
    assert_false(mt_breaker_enter(&b, later, &ticket[3], &retry_at));
    mt_breaker_leave(&b, later, ticket[0], MT_BREAKER_NEITHER); /* its caller stopped it: the place is free */
    assert_true(mt_breaker_enter(&b, later, &ticket[3], &retry_at));
}

static void breaker__opens_again_after_a_bad_probe(void **state)
{
    mt_breaker b;
    mt_time later = 61 * MT_US_SECOND;
    (void)state;
    open_it(&b, 0);
    end_one(&b, later, MT_BREAKER_GOOD);
    end_one(&b, later, MT_BREAKER_BAD);
    assert_int_equal(mt_breaker_now(&b, later + 59 * MT_US_SECOND), MT_BREAKER_OPEN);
    assert_int_equal(mt_breaker_now(&b, later + 60 * MT_US_SECOND), MT_BREAKER_HALF_OPEN);
}

static void breaker__counts_nothing_from_an_earlier_state(void **state)
{
    mt_breaker b;
    uint64_t slow;
    mt_time retry_at, later = 61 * MT_US_SECOND;
    (void)state;
    mt_breaker_init(&b, usual);
    assert_true(mt_breaker_enter(&b, 0, &slow, &retry_at));
    for (int k = 0; k < 5; k++) end_one(&b, 0, MT_BREAKER_BAD);
    end_one(&b, later, MT_BREAKER_GOOD);
    mt_breaker_leave(&b, later, slow, MT_BREAKER_BAD); /* failed long ago; the probes are good now */
    end_one(&b, later, MT_BREAKER_GOOD);
    assert_int_equal(mt_breaker_now(&b, later), MT_BREAKER_CLOSED);
}

/* The rule written down plainly, without tickets: what ran through a change is forgotten by hand. */
typedef struct model {
    mt_breaker_state state;
    int failed, good, flying;
    mt_time opened;
} model;

static void model_look(model *m, mt_time now)
{
    if (m->state == MT_BREAKER_OPEN && now >= m->opened + 60 * MT_US_SECOND)
        *m = (model){.state = MT_BREAKER_HALF_OPEN};
}

static bool model_enter(model *m, mt_time now)
{
    model_look(m, now);
    if (m->state == MT_BREAKER_OPEN || (m->state == MT_BREAKER_HALF_OPEN && m->flying == 3)) return false;
    m->flying++;
    return true;
}

/* True when the state changed. */
static bool model_leave(model *m, mt_time now, mt_breaker_end end)
{
    m->flying--;
    if (end == MT_BREAKER_GOOD) m->failed = 0;
    if (end == MT_BREAKER_GOOD && m->state == MT_BREAKER_HALF_OPEN && ++m->good == 2) {
        *m = (model){.state = MT_BREAKER_CLOSED};
        return true;
    }
    if (end != MT_BREAKER_BAD) return false;
    if (m->state == MT_BREAKER_CLOSED && ++m->failed < 5) return false;
    *m = (model){.state = MT_BREAKER_OPEN, .opened = now};
    return true;
}

enum { FLYING_MAX = 64, STEPS = 200000 };

typedef struct world {
    mt_breaker breaker;
    model model;
    uint64_t ticket[FLYING_MAX];
    bool counts[FLYING_MAX]; /* was it let through in the state of now? */
    int n;
    mt_time now;
    uint64_t seed;
    int closed_again;
} world;

static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void start_one(world *w)
{
    mt_time retry_at;
    mt_breaker_state before = w->model.state;
    bool expected = model_enter(&w->model, w->now);
    if (before != w->model.state) memset(w->counts, 0, sizeof w->counts);
    assert_int_equal(mt_breaker_enter(&w->breaker, w->now, &w->ticket[w->n], &retry_at), expected);
    if (!expected) return;
    w->counts[w->n++] = true;
}

static void finish_one(world *w)
{
    int k = (int)(draw(&w->seed) % (uint64_t)w->n);
    uint64_t chance = draw(&w->seed) % 100;
    mt_breaker_end end = chance < 45 ? MT_BREAKER_BAD : chance < 90 ? MT_BREAKER_GOOD : MT_BREAKER_NEITHER;
    mt_breaker_state before = w->model.state;
    mt_breaker_leave(&w->breaker, w->now, w->ticket[k], end);
    bool counts = w->counts[k];
    w->ticket[k] = w->ticket[--w->n];
    w->counts[k] = w->counts[w->n];
    if (counts && model_leave(&w->model, w->now, end)) memset(w->counts, 0, sizeof w->counts);
    w->closed_again += before == MT_BREAKER_HALF_OPEN && w->model.state == MT_BREAKER_CLOSED;
}

static void breaker__does_what_its_model_does(void **state)
{
    world w = {.seed = 88172645463325252U};
    (void)state;
    mt_breaker_init(&w.breaker, usual);
    for (int k = 0; k < STEPS; k++) {
        w.now += (mt_time)(draw(&w.seed) % (uint64_t)(4 * MT_US_SECOND));
        bool start = w.n == 0 || (w.n < FLYING_MAX && draw(&w.seed) % 2);
        if (start)
            start_one(&w);
        else
            finish_one(&w);
        if (w.breaker.state == w.model.state) continue;
        fail_msg("step %d: %s, expected %s", k, mt_breaker_word(w.breaker.state),
                 mt_breaker_word(w.model.state));
    }
    assert_true(w.closed_again > 100); /* the run saw what it is about */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaker__opens_after_five_failures_in_a_row),
        cmocka_unit_test(breaker__closes_again_after_good_probes),
        cmocka_unit_test(breaker__closes_though_three_probes_ran_at_once),
        cmocka_unit_test(breaker__lets_three_probes_pass_at_once),
        cmocka_unit_test(breaker__opens_again_after_a_bad_probe),
        cmocka_unit_test(breaker__counts_nothing_from_an_earlier_state),
        cmocka_unit_test(breaker__does_what_its_model_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
