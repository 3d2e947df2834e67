// Edges: levels, inflow, free outflow; maxima over time; the engine's own table of functions.
#include "case.h"

#include "sim/flood/engine.h"
#include "sim/flood/state.h"

static void level_fills_a_basin(void **state) {
    (void)state;
    flood_case c = case_new(20, 12, 1);
    double time_s[] = {0, 10}, level_m[] = {0, 1.5};
    ct_flood_edge edge = {CT_FLOOD_TOP, 5, 10, CT_FLOOD_LEVEL, {2, time_s, level_m}};
    c.params.edges = &edge;
    c.params.edge_count = 1;
    c.params.manning_uniform = 0.03;
    case_open(&c);
    case_advance(&c, 600);
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < c.cells; i++) assert_true(fabs(h[i] - 1.5) < 1e-3);
    // Lowered by hand, it empties again; NaN returns to the series.
    assert_int_equal(ct_flood_set(c.flood, "edge", 0, 0.5), CT_OK);
    case_advance(&c, 1800);
    assert_true(fabs(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[3] - 0.5) < 1e-2);
    assert_int_equal(ct_flood_set(c.flood, "edge", 0, (double)NAN), CT_OK);
    assert_int_equal(ct_flood_set(c.flood, "edge", 0, 2e5), CT_RANGE);
    case_advance(&c, 3600);
    assert_true(fabs(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[3] - 1.5) < 1e-2);
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

static void sill_of_a_level_edge_counts(void **state) {
    (void)state;
    flood_case c = case_new(10, 1, 1);
    double time_s[] = {0}, level_m[] = {1};
    ct_flood_edge edge = {CT_FLOOD_LEFT, 0, 1, CT_FLOOD_LEVEL, {1, time_s, level_m}};
    c.params.edges = &edge;
    c.params.edge_count = 1;
    c.crest_x[0] = 1.2; // a dike along the river
    case_open(&c);
    case_advance(&c, 100);
    assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[0] == 0);
    assert_int_equal(ct_flood_set(c.flood, "crest_x", 0, 0.4), CT_OK); // it breaks
    case_advance(&c, 200);
    assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[9] > 0.8);
    case_free(&c);
}

// A plain behind low banks between two reaches of one river: it fills, and never above the river.
static void level_edges_never_lift_the_water(void **state) {
    (void)state;
    flood_case c = case_new(60, 20, 5);
    double time_s[] = {0}, level_m[] = {1.5};
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 20, CT_FLOOD_LEVEL, {1, time_s, level_m}},
                             {CT_FLOOD_RIGHT, 0, 20, CT_FLOOD_LEVEL, {1, time_s, level_m}}};
    c.params.edges = edges;
    c.params.edge_count = 2;
    c.params.manning_uniform = 0.03;
    for (size_t i = 0; i < c.cells; i++) {
        size_t column = i % 60;
        c.bed[i] = column == 3 || column == 56 ? 1 : column < 3 || column > 56 ? -2 : 0;
        if (column < 3 || column > 56) c.depth[i] = 3.2;
    }
    case_open(&c);
    for (int minute = 1; minute <= 60; minute++) {
        case_advance(&c, 60 * minute);
        const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
        const double *u = ct_flood_get(c.flood, CT_FLOOD_VELOCITY_X);
        for (size_t i = 0; i < c.cells; i++) {
            // A bore that meets another climbs, but by no more than the head that drives it.
            if (c.bed[i] + h[i] > 1.5 + 0.3 || fabs(u[i]) > sqrt(2 * CT_FLOOD_GRAVITY * 1.5))
                fail_msg("minute %d, cell %zu: level %g m, speed %g m/s", minute, i,
                         c.bed[i] + h[i], u[i]);
        }
    }
    const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
    for (size_t i = 0; i < c.cells; i++) assert_true(fabs(c.bed[i] + h[i] - 1.5) < 1e-3);
    assert_true(case_top_speed(&c) < 1e-2);
    assert_true(case_volume_error(&c) < 1e-12);
    case_free(&c);
}

static void inflow_brings_its_volume(void **state) {
    (void)state;
    flood_case c = case_new(30, 9, 2);
    double time_s[] = {100, 200}, flow_m3s[] = {4, 0};
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 2, 5, CT_FLOOD_INFLOW, {2, time_s, flow_m3s}},
                             {CT_FLOOD_RIGHT, 0, 9, CT_FLOOD_OPEN, {0}}};
    c.blocked[3 * 30] = 1; // the rest of the run takes its share
    c.params.edges = edges;
    c.params.edge_count = 2;
    c.params.manning_uniform = 0.03;
    case_open(&c);
    case_advance(&c, 300);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    assert_true(fabs(l.in_m3[CT_FLOOD_LEFT] - (400 + 200)) < 1e-10);
    assert_true(l.out_m3[CT_FLOOD_LEFT] == 0 && l.in_m3[CT_FLOOD_RIGHT] == 0);
    assert_true(l.out_m3[CT_FLOOD_RIGHT] > 300);
    assert_true(case_volume_error(&c) < 1e-13);
    case_free(&c);
}

static void open_edge_lets_nothing_in(void **state) {
    (void)state;
    flood_case c = case_new(20, 20, 1);
    double *u = ct_calloc(c.cells, sizeof *u);
    for (size_t i = 0; i < c.cells; i++) {
        c.depth[i] = 1;
        u[i] = 2; // away from the left edge, out of the right one
    }
    c.params.velocity_x_ms = u;
    ct_flood_edge edges[] = {{CT_FLOOD_LEFT, 0, 20, CT_FLOOD_OPEN, {0}},
                             {CT_FLOOD_RIGHT, 0, 20, CT_FLOOD_OPEN, {0}}};
    c.params.edges = edges;
    c.params.edge_count = 2;
    case_open(&c);
    case_advance(&c, 5);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    assert_true(l.in_m3[CT_FLOOD_LEFT] == 0 && l.in_m3[CT_FLOOD_RIGHT] == 0);
    assert_true(l.out_m3[CT_FLOOD_RIGHT] > 100);
    ct_free(u);
    case_free(&c);
}

// The largest values and first times, found from outside.
typedef struct seen {
    double depth, speed, hazard, arrival;
} seen;

static void observe(const flood_case *c, const double *debris, seen *cells) {
    const double *h = ct_flood_get(c->flood, CT_FLOOD_DEPTH);
    const double *u = ct_flood_get(c->flood, CT_FLOOD_VELOCITY_X);
    const double *v = ct_flood_get(c->flood, CT_FLOOD_VELOCITY_Y);
    for (size_t i = 0; i < c->cells; i++) {
        double speed = sqrt(u[i] * u[i] + v[i] * v[i]);
        cells[i].depth = fmax(cells[i].depth, h[i]);
        cells[i].speed = fmax(cells[i].speed, speed);
        double hazard = h[i] > CT_FLOOD_DRY_M ? h[i] * (speed + 0.5) + debris[i] : 0;
        cells[i].hazard = fmax(cells[i].hazard, hazard);
        if (h[i] > 0.05 && isnan(cells[i].arrival)) cells[i].arrival = ct_flood_time_s(c->flood);
    }
}

static void maxima_are_those_of_all_steps(void **state) {
    (void)state;
    flood_case c = case_new(40, 20, 1);
    double *debris = ct_calloc(c.cells, sizeof *debris);
    seen *cells = ct_calloc(c.cells, sizeof *cells);
    for (size_t i = 0; i < c.cells; i++) {
        c.depth[i] = i % 40 < 8 ? 2 : 0;
        debris[i] = i % 3 == 0 ? 0.5 : 0;
        cells[i].arrival = (double)NAN;
    }
    c.params.debris_factor = debris;
    c.params.manning_uniform = 0.02;
    case_open(&c);
    observe(&c, debris, cells);
    for (int step = 0; step < 120; step++) {
        assert_int_equal(ct_flood_step(c.flood, ct_flood_dt_max_s(c.flood)), CT_OK);
        observe(&c, debris, cells);
    }
    size_t later = 0;
    for (size_t i = 0; i < c.cells; i++) {
        assert_true(ct_flood_get(c.flood, CT_FLOOD_MAX_DEPTH)[i] == cells[i].depth);
        assert_true(ct_flood_get(c.flood, CT_FLOOD_MAX_SPEED)[i] == cells[i].speed);
        assert_true(ct_flood_get(c.flood, CT_FLOOD_MAX_HAZARD)[i] == cells[i].hazard);
        double arrival = ct_flood_get(c.flood, CT_FLOOD_ARRIVAL)[i];
        assert_true(isnan(arrival) ? isnan(cells[i].arrival) : arrival == cells[i].arrival);
        later += arrival > 0;
    }
    assert_true(later > c.cells / 2);
    ct_free(cells);
    ct_free(debris);
    case_free(&c);
}

static void engine_table_works(void **state) {
    (void)state;
    const ct_sim_engine *engine = ct_flood_engine();
    flood_case c = case_new(6, 4, 1);
    c.depth[0] = 1;
    void *flood = NULL;
    assert_int_equal(engine->open(&flood, &c.params), CT_OK);
    ct_sim_field fields[32];
    size_t count = engine->fields(flood, fields, 32);
    assert_int_equal(count, CT_FLOOD_ARRAYS - 1); // all but what the ground took
    assert_string_equal(fields[0].name, "depth");
    assert_int_equal(fields[0].grid.nx, 6);
    assert_true(fields[0].values[0] == 1);
    assert_int_equal(engine->fields(flood, fields, 0), count);
    assert_int_equal(engine->step(flood, engine->dt_max_s(flood)), CT_OK);
    assert_true(engine->time_s(flood) > 0);
    assert_int_equal(engine->step(flood, 100), CT_RANGE);
    assert_int_equal(engine->set(flood, "none", 0, 0), CT_NOTFOUND);
    engine->close(flood);
    engine->close(NULL);
    case_free(&c);
}

// Flow that is alike everywhere: friction alone acts, and a step of it solves the implicit
// equation.
static void friction_is_the_implicit_solution(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        flood_case c = case_new(9, 9, 10);
        const double h = exp(ct_rng_range(log(1e-3), log(10), 6, i, 0, 0));
        const double speed = ct_rng_range(0, 5, 6, i, 0, 1);
        double *u = ct_calloc(c.cells, sizeof *u);
        for (size_t k = 0; k < c.cells; k++) {
            c.depth[k] = h;
            u[k] = speed;
        }
        c.params.velocity_x_ms = u;
        c.params.manning_uniform = ct_rng_range(0, 0.1, 6, i, 0, 2);
        case_choose(&c, variants[i % VARIANTS]);
        case_open(&c);
        const double dt_s = ct_flood_dt_max_s(c.flood);
        assert_int_equal(ct_flood_step(c.flood, dt_s), CT_OK);
        const double after = ct_flood_get(c.flood, CT_FLOOD_VELOCITY_X)[4 * 9 + 4];
        const double n = c.params.manning_uniform, exact = CT_FLOOD_GRAVITY * n * n * dt_s;
        const double kept = ct_flood_get(c.flood, CT_FLOOD_DEPTH)[4 * 9 + 4];
        const double rest = after + exact / pow(kept, 4.0 / 3) * after * after - speed;
        assert_true(after >= 0 && after <= speed);
        const double bound = variants[i % VARIANTS].precision == CT_FLOOD_SINGLE ? 4e-6 : 1e-12;
        assert_true(fabs(rest) < bound * (1 + speed));
        ct_free(u);
        case_free(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_fills_a_basin),
        cmocka_unit_test(sill_of_a_level_edge_counts),
        cmocka_unit_test(level_edges_never_lift_the_water),
        cmocka_unit_test(inflow_brings_its_volume),
        cmocka_unit_test(open_edge_lets_nothing_in),
        cmocka_unit_test(maxima_are_those_of_all_steps),
        cmocka_unit_test(engine_table_works),
        cmocka_unit_test(friction_is_the_implicit_solution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
