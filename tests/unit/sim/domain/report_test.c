// From depths back to buildings, roads and indicators: by hand-made results, counted by hand.
#include "flood_twin.h"

#include "fault.h"
#include "sim/domain/flood_domain.h"

#define NX 20
#define NY 10
#define N  ((size_t)NX * NY)

static flood_twin g_twin;
static ct_flood_domain *g_domain;

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

// Cells of 2 m: 40 m by 20 m. A pond along the west; houses, one at the pond, one between others,
// one smaller than a cell; a road along y = 15 and one that leaves the ground.
static int set_up(void **state) {
    (void)state;
    const double street[] = {-50, 15, 90, 15}, drive[] = {21, -1e7, 21, 1e7};
    flood_twin_make(&g_twin, NX, NY, 2, flat);
    flood_twin_store(
        &g_twin,
        json_pack(
            "[o,o,o,o,o,o,o,o]",
            flood_twin_box("water", "pond", 0, 0, 6, 20, "{\"kind\":\"pond\",\"level_m\":11}"),
            flood_twin_box("building", "shore", 6, 4, 10, 8, "{\"residents\":100}"),
            flood_twin_box("building", "inner", 16, 4, 18, 6, "{\"residents\":20}"),
            flood_twin_box("building", "around", 14, 2, 16, 8, "{\"residents\":3}"),
            flood_twin_box("building", "around-2", 16, 2, 20, 4, "{\"residents\":3}"),
            flood_twin_box("building", "kiosk", 30.2, 6.2, 30.8, 6.8, "{\"residents\":1}"),
            flood_twin_line("road", "street", 2, street, NULL),
            flood_twin_line("road", "drive", 2, drive, NULL)));
    // "inner" is closed in by two more.
    flood_twin_store(&g_twin,
                     json_pack("[o,o]", flood_twin_box("building", "east", 18, 4, 20, 8, NULL),
                               flood_twin_box("building", "north", 16, 6, 18, 8, NULL)));
    ct_reader *reader;
    const ct_flood_domain_options options = {.cell_m = 2,
                                             .manning = {0.03, 0.016, 0.015, 0.06, 0.025}};
    ok(ct_store_reader(&reader, g_twin.store));
    ok(ct_flood_domain_make(&g_domain, g_twin.store, reader, NULL, &options));
    ct_reader_release(reader);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    ct_flood_domain_free(g_domain);
    flood_twin_end(&g_twin);
    return 0;
}

// The cell over the point, metres from the south-western corner.
static size_t at(double x, double y) {
    return (size_t)(NY - 1 - (int)(y / 2)) * NX + (size_t)(x / 2);
}

static const ct_flood_reach *find(const ct_flood_reach *reach, const char *id) {
    for (size_t i = 0; i < g_domain->n_buildings; i++)
        if (strcmp(g_domain->buildings[i].id, id) == 0) return &reach[i];
    fail_msg("there is no building %s", id);
    return NULL;
}

typedef struct water {
    double max_m[N], end_m[N], arrival_s[N];
} water;

// The pond as it stands, everything else dry.
static void still(water *w) {
    for (size_t i = 0; i < N; i++) {
        w->max_m[i] = w->end_m[i] = g_domain->depth_m[i];
        w->arrival_s[i] = g_domain->depth_m[i] > 0 ? 0 : NAN;
    }
}

static void measure(ct_flood_indicators *out, ct_flood_reach reach[16], const water *w) {
    assert_in_range(g_domain->n_buildings, 1, 16);
    ct_flood_domain_reach(reach, g_domain, w->max_m, w->arrival_s);
    ct_flood_domain_indicators(out, g_domain, reach, w->max_m, w->end_m);
}

static void a_pond_is_no_flood(void **state) {
    (void)state;
    water w;
    ct_flood_reach reach[16];
    ct_flood_indicators got;
    still(&w);
    measure(&got, reach, &w);
    assert_near(g_domain->depth_m[at(1, 1)], 1, 1e-5);
    assert_near(got.flooded_area_m2, 0, 0);
    assert_int_equal(got.buildings_reached, 0);
    assert_int_equal(got.residents_reached, 0);
    assert_near(got.max_depth_m, 0, 0);
    assert_near(got.mean_depth_m, 0, 0);
    assert_near(got.roads_closed_m, 0, 0); // the street crosses it by a bridge
    assert_near(got.water_volume_m3, 0, 0);
    assert_true(isnan(find(reach, "shore")->arrival_s));
    // Nor where it rises without leaving its bed.
    for (size_t i = 0; i < N; i++)
        if (g_domain->depth_m[i] > 0) w.max_m[i] = w.end_m[i] = 3;
    measure(&got, reach, &w);
    assert_near(got.flooded_area_m2, 0, 0);
    assert_int_equal(got.buildings_reached, 0);
    assert_near(got.water_volume_m3, 0, 0);
}

static void flooded_ground(void **state) {
    (void)state;
    water w;
    ct_flood_reach reach[16];
    ct_flood_indicators got;
    still(&w);
    w.max_m[at(25, 1)] = 0.15; // just flooded
    w.max_m[at(27, 1)] = 0.45;
    w.max_m[at(29, 1)] = 0.149; // just not
    w.end_m[at(27, 1)] = 0.2;
    w.end_m[at(29, 1)] = 0.1;
    measure(&got, reach, &w);
    assert_near(got.flooded_area_m2, 2 * 4, 0);
    assert_near(got.max_depth_m, 0.45, 0);
    assert_near(got.mean_depth_m, 0.3, 1e-12);
    assert_near(got.water_volume_m3, 0.3 * 4, 1e-12);
    assert_int_equal(got.buildings_reached, 0);
}

static void closed_roads(void **state) {
    (void)state;
    water w;
    ct_flood_reach reach[16];
    ct_flood_indicators got;
    still(&w);
    for (double x = 10; x < 16; x += 2) w.max_m[at(x + 1, 15)] = 0.3; // 6 m of the street
    w.max_m[at(31, 15)] = 0.299;
    w.max_m[at(3, 15)] = 2;   // the pond below the bridge
    w.max_m[at(21, 9)] = 0.5; // 2 m of the drive, whose ends are far out
    measure(&got, reach, &w);
    assert_near(got.roads_closed_m, 8, 1e-6);
    for (size_t i = 0; i < N; i++) w.max_m[i] = 1;
    measure(&got, reach, &w);
    assert_near(got.roads_closed_m, 34 + 20, 1e-6); // all but the bridge and what lies outside
}

static void reached_buildings(void **state) {
    (void)state;
    water w;
    ct_flood_reach reach[16];
    ct_flood_indicators got;
    still(&w);
    w.max_m[at(11, 5)] = 0.2; // east of the one at the shore
    w.arrival_s[at(11, 5)] = 600;
    w.max_m[at(9, 9)] = 0.1; // north of it
    w.arrival_s[at(9, 9)] = 300;
    w.max_m[at(31, 7)] = 0.16; // around the kiosk
    w.arrival_s[at(31, 7)] = 900;
    measure(&got, reach, &w);
    assert_near(find(reach, "shore")->max_depth_m, 0.2, 0);
    assert_near(find(reach, "shore")->arrival_s, 300, 0);
    assert_near(find(reach, "kiosk")->max_depth_m, 0.16, 0);
    assert_near(find(reach, "kiosk")->arrival_s, 900, 0);
    assert_near(find(reach, "inner")->max_depth_m, 0, 0);
    assert_true(isnan(find(reach, "inner")->arrival_s));
    assert_int_equal(got.buildings_reached, 2);
    assert_int_equal(got.residents_reached, 101);
}

// The way into a house between others leads past them.
static void enclosed_buildings(void **state) {
    (void)state;
    water w;
    ct_flood_reach reach[16];
    ct_flood_indicators got;
    still(&w);
    size_t inner = g_domain->n_buildings;
    for (size_t i = 0; i < g_domain->n_buildings; i++)
        if (strcmp(g_domain->buildings[i].id, "inner") == 0) inner = i;
    assert_int_equal(g_domain->buildings[inner].way, CT_FLOOD_WAY_ROOF);
    const int64_t receiver = g_domain->roof_receiver[at(17, 5)];
    assert_true(receiver >= 0 && !g_domain->blocked[receiver]);
    w.max_m[receiver] = 0.4;
    w.arrival_s[receiver] = 60;
    measure(&got, reach, &w);
    assert_near(reach[inner].max_depth_m, 0.4, 0);
    assert_near(reach[inner].arrival_s, 60, 0);
    assert_true(got.residents_reached >= 20);
}

static ct_err make_once(void *context) {
    (void)context;
    ct_reader *reader = NULL;
    ct_flood_domain *d = NULL;
    const ct_flood_domain_options options = {.cell_m = 2,
                                             .manning = {0.03, 0.016, 0.015, 0.06, 0.025}};
    ct_err err = ct_store_reader(&reader, g_twin.store);
    if (err == CT_OK) err = ct_flood_domain_make(&d, g_twin.store, reader, NULL, &options);
    ct_flood_domain_free(d);
    if (reader) ct_reader_release(reader);
    return err;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    ok(make_once(NULL)); // whatever is made once and kept
    assert_true(fault_every_allocation(make_once, NULL) > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pond_is_no_flood), cmocka_unit_test(flooded_ground),
        cmocka_unit_test(closed_roads),       cmocka_unit_test(reached_buildings),
        cmocka_unit_test(enclosed_buildings), cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
