// What the solver must not take for a solution.
#include "town.h"

#include "sim/drains/state.h"

// Ten seconds of this pump are a volume that a number holds, and a slope that none does.
static void an_infinite_slope_is_no_answer(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    t.drains->pumps[0].curve.y[1] = 1e308; // at 3 m; parameters may not be so large
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, 1), CT_OK);
    assert_int_equal(ct_drains_step(t.drains, 10), CT_DIVERGED);
    ct_drains_close(t.drains);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_infinite_slope_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
