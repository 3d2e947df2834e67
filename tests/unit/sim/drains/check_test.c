// What ct_drains_open refuses, and that it names the place.
#include "town.h"

static void refused(town *t, ct_err err, const char *words) {
    ct_drains *drains = NULL;
    assert_int_equal(ct_drains_open(&drains, &t->params), err);
    assert_null(drains);
    if (!strstr(ct_err_message(), words)) {
        fail_msg("\"%s\" does not hold \"%s\"", ct_err_message(), words);
    }
    town_new(t);
}

static void nodes(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.params.node_count = 0;
    refused(&t, CT_ARG, "nodes: none");
    t.params.nodes = NULL;
    refused(&t, CT_ARG, "nodes: 4, but no array");
    t.nodes[1].invert_m = (double)NAN;
    refused(&t, CT_RANGE, "nodes[1]: drains: invert_m: nan");
    t.nodes[1].rim_m = 0;
    refused(&t, CT_RANGE, "nodes[1]: drains: rim_m: 0");
    t.nodes[0].area_m2 = 0;
    refused(&t, CT_RANGE, "nodes[0]: drains: area_m2");
    static const double deep[] = {300, 301, 302};
    t.nodes[2].area.x = deep;
    refused(&t, CT_RANGE, "nodes[2]: drains: area: begins at depth 300");
    t.nodes[3].level.count = 0;
    refused(&t, CT_ARG, "nodes[3]: drains: level: empty");
    t.nodes[3].inflow = t.nodes[0].inflow;
    refused(&t, CT_ARG, "nodes[3]: drains: inflow: at an outfall");
    static const double back[] = {0, 300, 300};
    t.nodes[0].inflow.x = back;
    refused(&t, CT_RANGE, "nodes[0]: drains: inflow: entry 2: 300 does not ascend");
    t.nodes[2].ponded_area_m2 = 0;
    refused(&t, CT_RANGE, "nodes[2]: drains: ponded_area_m2");
    t.nodes[0].kind = CT_DRAINS_NODE_KINDS;
    refused(&t, CT_ARG, "nodes[0]: drains: kind");
}

static void links(void **state) {
    (void)state;
    town t;
    town_new(&t);
    t.conduits[1].to = 4;
    refused(&t, CT_ARG, "conduits[1]: drains: to: no node 4");
    t.conduits[1].to = 1;
    refused(&t, CT_ARG, "conduits[1]: drains: from, to: both node 1");
    t.conduits[0].length_m = 0;
    refused(&t, CT_RANGE, "conduits[0]: drains: length_m: 0");
    t.conduits[0].barrels = 0;
    refused(&t, CT_RANGE, "conduits[0]: drains: barrels: 0");
    t.conduits[0].section.height_m = -1;
    refused(&t, CT_RANGE, "conduits[0]: drains: section: height_m: -1");
    t.pumps[0].off_m = 2;
    refused(&t, CT_RANGE, "pumps[0]: drains: off_m: 2");
    t.pumps[0].kind = CT_DRAINS_PUMP_LIFT;
    refused(&t, CT_RANGE, "pumps[0]: drains: curve: entry 1: 0.1 rises");
    t.weirs[0].from = TOWN_SEA;
    t.weirs[0].to = TOWN_LOW;
    refused(&t, CT_ARG, "weirs[0]: drains: from: node 3 is an outfall");
    t.orifices[0].opening = 1.1;
    refused(&t, CT_RANGE, "orifices[0]: drains: opening: 1.1");
    t.outlets[0].exponent = 0;
    refused(&t, CT_RANGE, "outlets[0]: drains: exponent: 0");
    t.exchanges[0].node = TOWN_SEA;
    refused(&t, CT_ARG, "exchanges[0]: drains: node: 3 is no junction");
    t.exchanges[0].clogging = 1;
    refused(&t, CT_RANGE, "exchanges[0]: drains: clogging: 1");
    t.params.cell_m = -1;
    refused(&t, CT_RANGE, "cell_m: -1");
}

static void sections(void **state) {
    (void)state;
    static const double x[] = {0, 0.5, 0.9}, y[] = {1, 1, 1};
    const ct_drains_section bad[] = {
        {.shape = CT_DRAINS_SHAPES, .height_m = 1},
        {.shape = CT_DRAINS_CIRCULAR, .height_m = 0},
        {.shape = CT_DRAINS_RECT_OPEN, .height_m = 1},
        {.shape = CT_DRAINS_TRAPEZOIDAL, .height_m = 1},
        {.shape = CT_DRAINS_FILLED_CIRCULAR, .height_m = 1, .fill_m = 0.96},
        {.shape = CT_DRAINS_POWER, .height_m = 1, .width_m = 1},
        {.shape = CT_DRAINS_CUSTOM, .height_m = 1, .table = {3, x, y}},
        {.shape = CT_DRAINS_CUSTOM, .height_m = 1, .table = {1, x, y}},
        {.shape = CT_DRAINS_TRANSECT, .table = {3, x, y}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ct_drains_geometry g = {.area_m2 = -1};
        ct_err err = ct_drains_geometry_at(&bad[i], 0.01, 0.5, &g);
        if (err == CT_OK) fail_msg("section %zu is taken", i);
        assert_true(g.area_m2 == -1);
    }
}

static void controls(void **state) {
    (void)state;
    town t;
    town_new(&t);
    town_open(&t);
    assert_int_equal(ct_drains_set(t.drains, "valve", 0, 1), CT_NOTFOUND);
    assert_int_equal(ct_drains_set(t.drains, "pump", 1, 1), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, -1), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "pump", 0, (double)NAN), CT_OK);
    assert_int_equal(ct_drains_set(t.drains, "weir", 0, (double)NAN), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "conduit", 0, 0.5), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "inflow", TOWN_SEA, 1), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "outfall", TOWN_LOW, 1), CT_RANGE);
    assert_int_equal(ct_drains_set(t.drains, "outfall", TOWN_NODES, 1), CT_RANGE);
    uint64_t before[2], after[2];
    ct_drains_hash(t.drains, before);
    ct_drains_surface bad = {1, 1, 1, -1};
    assert_int_equal(ct_drains_surface_set(t.drains, 0, &bad), CT_RANGE);
    ct_drains_hash(t.drains, after); // nothing half-set
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(ct_drains_step(t.drains, 0), CT_RANGE);
    assert_int_equal(ct_drains_step(t.drains, 101), CT_RANGE);
    assert_int_equal(ct_drains_advance(t.drains, -1), CT_RANGE);
    ct_drains_close(t.drains);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes),
        cmocka_unit_test(links),
        cmocka_unit_test(sections),
        cmocka_unit_test(controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
