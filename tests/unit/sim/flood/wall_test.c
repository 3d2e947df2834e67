// Walls and buildings: they hold, they are overtopped, they stay dry inside, they can be moved
// while it runs.
#include "case.h"

enum { NX = 24, NY = 10, WALL = 12 };

static bool right_of_wall(size_t cell) {
    return cell % NX >= WALL;
}

static double right_volume_m3(const flood_case *c) {
    const double *h = ct_flood_get(c->flood, CT_FLOOD_DEPTH);
    double sum = 0;
    for (size_t i = 0; i < c->cells; i++) sum += right_of_wall(i) ? h[i] : 0;
    return sum;
}

// A wall 2 m high between two halves; water of `depth_m` on the left.
static flood_case walled(double depth_m) {
    flood_case c = case_new(NX, NY, 1);
    for (size_t row = 0; row < NY; row++) c.crest_x[row * (NX + 1) + WALL] = 2;
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = right_of_wall(i) ? 0 : depth_m;
    return c;
}

static void holds_below_its_crest(void **state) {
    (void)state;
    flood_case c = walled(1.5);
    c.depth[5 * NX + 2] = 1.9; // with waves in front of it
    case_open(&c);
    case_advance(&c, 300);
    assert_true(right_volume_m3(&c) == 0);
    assert_true(case_volume_error(&c) < 1e-14);
    case_free(&c);
}

static void overtops_and_levels_out(void **state) {
    (void)state;
    flood_case c = walled(5);
    case_open(&c);
    case_advance(&c, 0.5);
    double over = right_volume_m3(&c);
    assert_true(over > 0);
    // No more than a critical flow of 3 m head over a crest 10 m long can have brought: 1.7 H^1.5.
    assert_true(over < 0.5 * NY * 1.7 * pow(3, 1.5));
    case_advance(&c, 2000);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < c.cells; i++)
        assert_true(fabs(h[i] - 2.5) < 1e-3); // 5 m over half the floor
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

static void water_above_stays_above_the_crest(void **state) {
    (void)state;
    flood_case c = walled(3); // 3 m on the left: 0.5 m too little to fill the right to the crest
    case_open(&c);
    case_advance(&c, 5000);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    double left = h[3 * NX + 2], right = h[3 * NX + 20];
    assert_true(left > 2 && left < 2.02); // drained to the crest
    assert_true(fabs(left + right - 3) < 1e-2);
    case_free(&c);
}

static void can_be_raised_and_taken_away(void **state) {
    (void)state;
    flood_case c = walled(3);
    case_open(&c);
    for (size_t row = 0; row < NY; row++) {
        assert_int_equal(ct_flood_set(c.flood, "crest_x", row * (NX + 1) + WALL, HUGE_VAL), CT_OK);
    }
    case_advance(&c, 50);
    assert_true(right_volume_m3(&c) == 0);
    for (size_t row = 0; row < NY; row++) {
        assert_int_equal(ct_flood_set(c.flood, "crest_x", row * (NX + 1) + WALL, (double)NAN),
                         CT_OK);
    }
    case_advance(&c, 1000);
    assert_true(fabs(right_volume_m3(&c) - 1.5 * NX * NY / 2) < 0.05 * NX * NY);
    // Faces of closed edges stay closed, and what does not exist is refused.
    assert_int_equal(ct_flood_set(c.flood, "crest_y", 3, -5), CT_OK);
    case_advance(&c, 1010);
    assert_true(case_volume_error(&c) < 1e-13);
    assert_int_equal(ct_flood_set(c.flood, "crest_x", NY * (NX + 1), 1), CT_RANGE);
    assert_int_equal(ct_flood_set(c.flood, "crest_y", (NY + 1) * NX, 1), CT_RANGE);
    assert_int_equal(ct_flood_set(c.flood, "edge", 0, 1), CT_RANGE);
    assert_int_equal(ct_flood_set(c.flood, "sluice", 0, 1), CT_NOTFOUND);
    case_free(&c);
}

static void buildings_stay_dry(void **state) {
    (void)state;
    flood_case c = case_new(NX, NY, 1);
    for (size_t i = 0; i < c.cells; i++) {
        size_t row = i / NX, column = i % NX;
        c.blocked[i] = row >= 3 && row < 7 && column >= 8 && column < 14;
        c.depth[i] = column < 4 ? 6 : 0;
        c.bed[i] = c.blocked[i] ? -3 : 0; // even where the ground under them is low
    }
    case_open(&c);
    case_advance(&c, 5);
    for (size_t i = 0; i < c.cells; i++) {
        // Opening a face of a building does nothing.
        assert_int_equal(ct_flood_set(c.flood, "crest_y", i, -HUGE_VAL), CT_OK);
    }
    case_advance(&c, 60);
    for (size_t i = 0; i < c.cells; i++) {
        double h = ct_flood_get(c.flood, CT_FLOOD_DEPTH)[i];
        assert_true(c.blocked[i] ? h == 0 : h > 0.5);
        if (!c.blocked[i]) continue;
        assert_true(ct_flood_get(c.flood, CT_FLOOD_MAX_DEPTH)[i] == 0);
        assert_true(ct_flood_get(c.flood, CT_FLOOD_MAX_HAZARD)[i] == 0);
        assert_true(isnan(ct_flood_get(c.flood, CT_FLOOD_ARRIVAL)[i]));
    }
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

// A wall along a flow's way must not slow it: both sides of a frictionless channel see a mirror.
static void a_wave_comes_back_from_a_wall(void **state) {
    (void)state;
    flood_case c = case_new(200, 1, 1);
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = i < 100 ? 1 : 0.2;
    case_open(&c);
    case_advance(&c, 45); // the bore has met the right end and comes back
    flood_case mirror = case_new(400, 1, 1);
    for (size_t i = 0; i < mirror.cells; i++) mirror.depth[i] = i < 100 || i >= 300 ? 1 : 0.2;
    case_open(&mirror);
    case_advance(&mirror, 45);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    const double *twin = ct_flood_get(mirror.flood, CT_FLOOD_DEPTH);
    assert_true(h[199] > 0.8); // higher than the bore itself
    double error = 0;
    for (size_t i = 0; i < 200; i++) error += fabs(h[i] - twin[i]) / 200;
    assert_true(error < 2e-3);
    case_free(&c);
    case_free(&mirror);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_below_its_crest),
        cmocka_unit_test(overtops_and_levels_out),
        cmocka_unit_test(water_above_stays_above_the_crest),
        cmocka_unit_test(can_be_raised_and_taken_away),
        cmocka_unit_test(buildings_stay_dry),
        cmocka_unit_test(a_wave_comes_back_from_a_wall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
