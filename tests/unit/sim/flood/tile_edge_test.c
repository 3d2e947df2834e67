// Edges of floods in tiles: what flows out along a border of tiles, and models of one row.
#include "case.h"

#include "sim/flood/state.h"

enum { ALONG = 160 };

// The same flow in every line towards an open side, on ground that falls to it and faster the
// nearer it comes; across cells deep.
static flood_case even_flow(flood_variant v, ct_flood_side side, uint32_t across, double *u,
                            double *w, const ct_flood_edge *edge) {
    const bool upright = side <= CT_FLOOD_RIGHT;
    const bool low = side == CT_FLOOD_LEFT || side == CT_FLOOD_TOP;
    flood_case c = case_new(upright ? across : ALONG, upright ? ALONG : across, 1);
    for (size_t i = 0; i < c.cells; i++) {
        size_t x = i % c.params.nx, y = i / c.params.nx, place = upright ? x : y;
        double near = (double)(low ? across - 1 - place : place);
        c.bed[i] = -5e-4 * near * near;
        c.depth[i] = 1 + 0.1 * sin(near / 5);
        (upright ? u : w)[i] = (low ? -1 : 1) * (0.5 + 0.01 * near);
        (upright ? w : u)[i] = 0.3 + 0.02 * near;
    }
    c.params.velocity_x_ms = u;
    c.params.velocity_y_ms = w;
    c.params.manning_uniform = 0.03;
    c.params.edges = edge;
    c.params.edge_count = 1;
    case_choose(&c, v);
    case_open(&c);
    return c;
}

// Every line between 40 and 119 is line 90 to the bit: walls at the ends are too far away.
static void assert_even(const flood_case *c, ct_flood_side side) {
    const size_t nx = c->params.nx;
    for (int a = CT_FLOOD_DEPTH; a <= CT_FLOOD_VELOCITY_Y; a++) {
        const double *values = ct_flood_get(c->flood, (ct_flood_array)a);
        for (size_t i = 0; i < c->cells; i++) {
            size_t x = i % nx, y = i / nx, line = side <= CT_FLOOD_RIGHT ? y : x;
            if (line < 40 || line >= 120) continue;
            double expected = side <= CT_FLOOD_RIGHT ? values[90 * nx + x] : values[y * nx + 90];
            if (values[i] != expected)
                fail_msg("side %d, array %d: row %zu, column %zu: %.17g is not %.17g", (int)side, a,
                         y, x, values[i], expected);
        }
    }
}

static void tiles_agree_at_an_open_edge(void **state) {
    (void)state;
    const uint32_t across[] = {70, 65}; // the last tile is six cells deep, or one
    double *u = ct_calloc((size_t)ALONG * 70, sizeof *u),
           *w = ct_calloc((size_t)ALONG * 70, sizeof *w);
    assert_true(u && w);
    for (size_t i = 0; i < VARIANTS * 2 * CT_FLOOD_SIDES; i++) {
        flood_variant v = variants[i % VARIANTS];
        ct_flood_side side = (ct_flood_side)(i / VARIANTS / 2);
        ct_flood_edge edge = {side, 0, ALONG, CT_FLOOD_OPEN, {0}};
        flood_case c = even_flow(v, side, across[i / VARIANTS % 2], u, w, &edge);
        for (int step = 0; step < 8; step++) {
            assert_int_equal(ct_flood_step(c.flood, ct_flood_dt_max_s(c.flood)), CT_OK);
        }
        assert_even(&c, side);
        assert_true(case_volume_error(&c) < (v.precision == CT_FLOOD_SINGLE ? 1e-7 : 1e-13));
        ct_flood_ledger ledger;
        ct_flood_ledger_get(c.flood, &ledger);
        assert_true(ledger.out_m3[side] > 0);
        case_free(&c);
    }
    ct_free(u);
    ct_free(w);
}

static double low_s[] = {0}, low_m[] = {-10};
static const ct_flood_edge drops[] = {{CT_FLOOD_LEFT, 0, 1, CT_FLOOD_LEVEL, {1, low_s, low_m}},
                                      {CT_FLOOD_TOP, 0, 3, CT_FLOOD_LEVEL, {1, low_s, low_m}},
                                      {CT_FLOOD_BOTTOM, 0, 3, CT_FLOOD_LEVEL, {1, low_s, low_m}}};

// What a cell at rest may let out through so many faces in the longest step, of its depth of 1 m.
static double share_of(const flood_case *c, int faces) {
    double dt_s = ct_flood_dt_max_s(c->flood);
    return faces * ct_surface_outlet(c->flood->surface, 1, 0, dt_s) * dt_s;
}

static void a_row_with_told_sides_has_four_faces(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(3, 1, 1);
        for (size_t k = 0; k < c.cells; k++) c.depth[k] = 1;
        case_choose(&c, variants[i]);
        c.params.edges = drops;
        c.params.edge_count = 3;
        c.params.cfl = 0.9;
        assert_int_equal(ct_flood_open(&c.flood, &c.params), CT_RANGE);
        assert_non_null(strstr(ct_err_message(), "cfl"));
        c.params.cfl = 0.5;
        case_open(&c);
        assert_true(share_of(&c, 4) <= 1);
        for (int step = 0; step < 300; step++) {
            assert_int_equal(ct_flood_step(c.flood, ct_flood_dt_max_s(c.flood)), CT_OK);
            assert_true(case_lowest_depth(&c) >= 0);
        }
        assert_true(case_volume_error(&c) < 1e-6);
        // Between walls it has two.
        c.params.edge_count = 1;
        c.params.cfl = 0.9;
        case_reopen(&c);
        assert_true(share_of(&c, 2) <= 1 && share_of(&c, 2) > 0.98);
        case_free(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_agree_at_an_open_edge),
        cmocka_unit_test(a_row_with_told_sides_has_four_faces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
