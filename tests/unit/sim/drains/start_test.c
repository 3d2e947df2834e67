// What a conduit holds at the start: nothing that its ends or its own discharge do not give it.
#include "town.h"

enum { FROM, TO, ENDS };

typedef struct duct {
    ct_drains_node nodes[ENDS];
    ct_drains_conduit pipe;
    town town; // of these two nodes and this pipe
    ct_drains_profile at;
} duct;

// A pipe of 1 m, 100 m long, between two shafts.
static void duct_new(duct *u, double bed_from, double bed_to) {
    *u = (duct){0};
    for (int i = 0; i < ENDS; i++) {
        u->nodes[i] = (ct_drains_node){.kind = CT_DRAINS_JUNCTION,
                                       .invert_m = i == FROM ? bed_from : bed_to,
                                       .rim_m = 2000,
                                       .top = CT_DRAINS_SEALED,
                                       .area_m2 = 1};
    }
    u->pipe = (ct_drains_conduit){.from = FROM,
                                  .to = TO,
                                  .length_m = 100,
                                  .manning = 0.013,
                                  .section = {CT_DRAINS_CIRCULAR, .height_m = 1},
                                  .barrels = 1};
}

static void duct_open(duct *u) {
    u->town.params = (ct_drains_params){.nodes = u->nodes,
                                        .node_count = ENDS,
                                        .conduits = &u->pipe,
                                        .conduit_count = 1,
                                        .cell_m = 5};
    town_open(&u->town);
    assert_int_equal(ct_drains_profile_get(u->town.drains, 0, &u->at), CT_OK);
    assert_int_equal(u->at.count, 20);
}

static void duct_close(duct *u) {
    ct_drains_close(u->town.drains);
}

static void assert_dry(duct *u) {
    duct_open(u);
    for (size_t k = 0; k < u->at.count; k++) assert_true(u->at.head_m[k] == u->at.bed_m[k]);
    ct_drains_ledger l;
    ct_drains_ledger_get(u->town.drains, &l);
    assert_true(l.conduit_m3 == 0);
    duct_close(u);
}

static void outfall(duct *u, ct_drains_outfall_kind kind, bool flap) {
    static const double at[] = {0}, level[] = {2};
    u->nodes[TO] = (ct_drains_node){.kind = CT_DRAINS_OUTFALL,
                                    .invert_m = u->nodes[TO].invert_m,
                                    .outfall = kind,
                                    .level = {1, at, level},
                                    .flap = flap};
}

static void nothing_stands_on_a_bed_that_falls_away(void **state) {
    (void)state;
    duct u;
    duct_new(&u, 10, 0);
    u.nodes[FROM].depth_m = 0.5;
    assert_dry(&u);
    outfall(&u, CT_DRAINS_FREE, false);
    assert_dry(&u);
    duct_new(&u, 0, 10);
    u.nodes[TO].depth_m = 0.5;
    assert_dry(&u);
    duct_new(&u, 1, 1); // nor on a level one with nothing to hold it
    u.nodes[FROM].depth_m = 0.5;
    assert_dry(&u);
    duct_new(&u, 0, 0.4); // nor behind a sill that is too low
    u.nodes[FROM].depth_m = 0.5;
    assert_dry(&u);
}

static void assert_level(duct *u, double level) {
    duct_open(u);
    for (size_t k = 0; k < u->at.count; k++) {
        assert_true(u->at.head_m[k] == fmax(level, u->at.bed_m[k]));
    }
    duct_close(u);
}

static void a_pool_reaches_as_far_as_the_bed_rises(void **state) {
    (void)state;
    duct u;
    duct_new(&u, 0, 10);
    u.nodes[FROM].depth_m = 3;
    assert_level(&u, 3);
    duct_new(&u, 10, 0);
    u.nodes[TO].depth_m = 3;
    assert_level(&u, 3);
    duct_new(&u, -1, 0); // two wet ends of one level
    u.nodes[FROM].depth_m = 1.5;
    u.nodes[TO].depth_m = 0.5;
    assert_level(&u, 0.5);
}

static void flaps_hold_water_on_both_sides(void **state) {
    (void)state;
    duct u;
    duct_new(&u, 0, -0.5);
    u.nodes[FROM].depth_m = 0.5;
    outfall(&u, CT_DRAINS_LEVEL, true);
    assert_level(&u, 0.5); // held by the higher water outside
    u.nodes[FROM].depth_m = 0;
    assert_dry(&u); // which does not come in
    duct_new(&u, 10, 0);
    u.nodes[TO].depth_m = 3;
    u.pipe.flap = true;
    assert_dry(&u);
    duct_new(&u, 2, 0); // open where the water inside is higher: straight
    u.nodes[FROM].depth_m = 1;
    outfall(&u, CT_DRAINS_LEVEL, true);
    duct_open(&u);
    assert_near(u.at.head_m[0], 3 - 1.0 / 40, 1e-12);
    assert_near(u.at.head_m[19], 2 + 1.0 / 40, 1e-12);
    duct_close(&u);
}

static ct_drains_geometry geometry(const duct *u, size_t cell) {
    ct_drains_geometry g;
    double depth = u->at.head_m[cell] - u->at.bed_m[cell];
    assert_int_equal(ct_drains_geometry_at(&u->pipe.section, 0, depth, &g), CT_OK);
    return g;
}

static void a_discharge_has_its_normal_depth(void **state) {
    (void)state;
    duct u;
    duct_new(&u, 10, 0);
    u.nodes[FROM].depth_m = 0.5;
    u.pipe.flow_m3s = 0.6;
    u.pipe.barrels = 2;
    duct_open(&u);
    for (size_t k = 0; k < u.at.count; k++) {
        ct_drains_geometry g = geometry(&u, k);
        double carried = g.area_m2 * pow(g.radius_m, 2.0 / 3) * sqrt(0.1) / 0.013;
        assert_near(carried, 0.3, 1e-9);
        assert_true(u.at.flow_m3s[k] == 0.6); // of both barrels
    }
    duct_close(&u);
}

static void a_discharge_without_a_normal_depth_is_critical(void **state) {
    (void)state;
    const struct {
        double bed_to, manning, flow;
    } cases[] = {{0, 0, 0.3},  {0, 1e-12, 0.3},   {9.9, 0, -0.3},
                 {10, 0, 0.3}, {10, 0.013, -0.3}, {11, 0.013, 0.3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        duct u;
        duct_new(&u, 10, cases[i].bed_to);
        u.pipe.manning = cases[i].manning;
        u.pipe.flow_m3s = cases[i].flow;
        duct_open(&u);
        ct_drains_geometry g = geometry(&u, 7);
        assert_near(g.critical_m3s, 0.3, 1e-9);
        double velocity = town_value(&u.town, CT_DRAINS_VELOCITY, 0);
        assert_near(velocity, cases[i].flow / g.area_m2, 1e-9);
        duct_close(&u);
    }
}

static void a_trickle_has_a_velocity(void **state) {
    (void)state;
    duct u;
    duct_new(&u, 1000, 999);
    u.pipe.flow_m3s = 1e-30; // its depth is less than the rounding of its head
    duct_open(&u);
    assert_true(isfinite(town_value(&u.town, CT_DRAINS_VELOCITY, 0)));
    duct_close(&u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stands_on_a_bed_that_falls_away),
        cmocka_unit_test(a_pool_reaches_as_far_as_the_bed_rises),
        cmocka_unit_test(flaps_hold_water_on_both_sides),
        cmocka_unit_test(a_discharge_has_its_normal_depth),
        cmocka_unit_test(a_discharge_without_a_normal_depth_is_critical),
        cmocka_unit_test(a_trickle_has_a_velocity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
