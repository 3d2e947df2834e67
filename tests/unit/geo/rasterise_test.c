// Polygons to cells and lines to cell edges, checked against independent answers: point in polygon,
// and flooding.
#include "geo_fixture.h"

#include "geo/grid.h"

enum { NX = 48, NY = 40, CELLS = NX * NY };

typedef struct cells {
    int hits[CELLS];
    long last; // to see the order
    bool ordered;
} cells;

static void mark(void *context, uint32_t row, uint32_t column) {
    cells *to = context;
    assert_true(row < NY && column < NX);
    const long at = (long)row * NX + column;
    to->ordered = to->ordered && at > to->last;
    to->last = at;
    to->hits[at]++;
}

// A frame without storage: rasterising does not look at values.
static const ct_grid frame = {NX, NY, 1000, 2000, 0.5, NULL};

static void rasterise(cells *out, const ct_geom *g) {
    *out = (cells){.last = -1, .ordered = true};
    assert_ok(ct_grid_visit_polygon(&frame, g, mark, out));
    assert_true(out->ordered);
}

static void assert_agrees_with_contains(const ct_geom *g) {
    cells got;
    rasterise(&got, g);
    for (uint32_t r = 0; r < NY; r++)
        for (uint32_t c = 0; c < NX; c++)
            assert_int_equal(got.hits[r * NX + c],
                             ct_geom_contains_point(g, ct_grid_x(&frame, c), ct_grid_y(&frame, r)));
}

// Any place in and around the frame.
static double any_x(dice *d) {
    return dice_range(d, 995, 1000 + NX * 0.5 + 5);
}
static double any_y(dice *d) {
    return dice_range(d, 2000 - NY * 0.5 - 5, 2005);
}
// The same, on cell centres only: the hardest case for a half-open rule.
static double centre_x(dice *d) {
    return 1000.25 + 0.5 * dice_int(d, -4, NX + 4);
}
static double centre_y(dice *d) {
    return 2000 - 0.25 - 0.5 * dice_int(d, -4, NY + 4);
}

typedef double place(dice *d);

// Any tangle of rings; even-odd decides what is inside.
static ct_geom random_rings(ct_arena *arena, dice *d, place *x, place *y) {
    ct_geom g = {.type = CT_GEOM_MULTIPOLYGON};
    g.n_parts = (uint32_t)dice_int(d, 1, 3);
    g.part_end = ct_arena_alloc(arena, 3 * sizeof(uint32_t));
    g.ring_end = ct_arena_alloc(arena, 6 * sizeof(uint32_t));
    g.xyz = ct_arena_alloc(arena, 6 * 12 * 2 * sizeof(double));
    for (uint32_t part = 0; part < g.n_parts; part++) {
        for (int rings = dice_int(d, 1, 2); rings > 0; rings--) {
            double *first = g.xyz + 2 * g.n_points;
            const int n = dice_int(d, 3, 11);
            for (int i = 0; i < n; i++) {
                g.xyz[2 * g.n_points] = x(d);
                g.xyz[2 * g.n_points++ + 1] = y(d);
            }
            memcpy(g.xyz + 2 * g.n_points++, first, 2 * sizeof(double));
            g.ring_end[g.n_rings++] = g.n_points;
        }
        g.part_end[part] = g.n_rings;
    }
    return g;
}

static void known_cells(void **state) {
    // The frame's corner cells have centres at 0.25, 0.75 from (1000, 2000).
    const ct_geom g = geom_of(
        *state, "Polygon",
        "[[[1000.2,1999.8],[1001.3,1999.8],[1001.3,1998.7],[1000.2,1998.7],[1000.2,1999.8]],"
        "[[1000.7,1999.3],[1000.8,1999.3],[1000.8,1999.2],[1000.7,1999.2],[1000.7,1999.3]]]");
    cells got;
    rasterise(&got, &g);
    int n = 0;
    for (int i = 0; i < CELLS; i++) n += got.hits[i];
    assert_int_equal(n, 8); // 3 by 3 without the middle
    assert_int_equal(got.hits[0], 1);
    assert_int_equal(got.hits[2 * NX + 2], 1);
    assert_int_equal(got.hits[NX + 1], 0);
    const ct_geom line =
        geom_of(*state, "LineString", "[[1000,1990],[1010,1990],[1010,1999],[1000,1990]]");
    rasterise(&got, &line);
    for (int i = 0; i < CELLS; i++) assert_int_equal(got.hits[i], 0);
    const ct_geom empty = geom_of(*state, "Polygon", "[]");
    rasterise(&got, &empty);
    assert_int_equal(got.last, -1);
}

static void agrees_with_point_in_polygon(void **state) {
    dice d = {.seed = 1234567};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 400; i++) {
        ct_arena_reset(*state);
        const ct_geom g = i % 2 ? random_rings(*state, &d, any_x, any_y)
                                : random_rings(*state, &d, centre_x, centre_y);
        assert_agrees_with_contains(&g);
    }
}

// Triangles around a common point, vertices on cell centres: each cell of the whole is claimed
// once.
static void neighbours_share_cells_out(void **state) {
    dice d = {.seed = 424242};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 200; i++) {
        const double cx = 1000.25 + 0.5 * dice_int(&d, 10, NX - 10),
                     cy = 1999.75 - 0.5 * dice_int(&d, 10, NY - 10);
        const double corner[5][2] = {{1000, 2000},
                                     {1000 + NX * 0.5, 2000},
                                     {1000 + NX * 0.5, 2000 - NY * 0.5},
                                     {1000, 2000 - NY * 0.5},
                                     {1000, 2000}};
        int claims[CELLS] = {0};
        for (int k = 0; k < 4; k++) {
            double p[8] = {cx, cy, corner[k][0], corner[k][1], corner[k + 1][0], corner[k + 1][1],
                           cx, cy};
            uint32_t ring_end = 4, part_end = 1;
            const ct_geom g = {CT_GEOM_POLYGON, false, 4, 1, 1, p, &ring_end, &part_end};
            cells got;
            rasterise(&got, &g);
            for (int c = 0; c < CELLS; c++) claims[c] += got.hits[c];
        }
        for (int c = 0; c < CELLS; c++) assert_int_equal(claims[c], 1);
    }
    (void)state;
}

// An edge between two cell centres passes through more of them, where its crossings are subject to
// rounding; the two polygons along it run it in opposite directions. Still nothing is lost or
// claimed twice.
static void a_common_edge_is_the_same_both_ways(void **state) {
    dice d = {.seed = 2718};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    const ct_grid fine = {NX, NY, 1000.3, 2000.7, 0.1, NULL};
    for (int i = 0; i < 2000; i++) {
        const double px = ct_grid_x(&fine, (uint32_t)dice_int(&d, 0, NX - 1)),
                     py = ct_grid_y(&fine, (uint32_t)dice_int(&d, 0, 9)),
                     qx = ct_grid_x(&fine, (uint32_t)dice_int(&d, 0, NX - 1)),
                     qy = ct_grid_y(&fine, (uint32_t)dice_int(&d, 30, NY - 1));
        double west[] = {px, py, 1000.2, 1998, qx, qy, px, py};
        double east[] = {px, py, qx, qy, 1006, 1998, px, py};
        double both[] = {px, py, 1000.2, 1998, qx, qy, 1006, 1998, px, py};
        uint32_t four = 4, five = 5, one = 1;
        const ct_geom a = {CT_GEOM_POLYGON, false, 4, 1, 1, west, &four, &one};
        const ct_geom b = {CT_GEOM_POLYGON, false, 4, 1, 1, east, &four, &one};
        const ct_geom whole = {CT_GEOM_POLYGON, false, 5, 1, 1, both, &five, &one};
        cells parts = {.last = -1, .ordered = true}, sum = parts;
        assert_ok(ct_grid_visit_polygon(&fine, &a, mark, &parts));
        parts.last = -1;
        assert_ok(ct_grid_visit_polygon(&fine, &b, mark, &parts));
        assert_ok(ct_grid_visit_polygon(&fine, &whole, mark, &sum));
        assert_memory_equal(parts.hits, sum.hits, sizeof sum.hits);
    }
    (void)state;
}

// Cell edges between (row, column) and its neighbour to the east (0) or south (1): how often
// visited.
typedef struct edges {
    int n[CELLS][2];
    int sum[CELLS][2]; // of the senses
} edges;

static void mark_edge(void *context, uint32_t row, uint32_t column, int side, int sense) {
    assert_true(side == 0 || side == 1);
    assert_true(sense == 1 || sense == -1);
    ((edges *)context)->sum[row * NX + column][side] += sense;
    assert_true(row < NY - (uint32_t)(side == 1) && column < NX - (uint32_t)(side == 0));
    ((edges *)context)->n[row * NX + column][side]++;
}

// The cells that 4-neighbour steps reach from `start` without crossing a visited edge.
static void flood(bool reached[CELLS], const edges *walls, int start) {
    static int stack[CELLS];
    int top = 0;
    memset(reached, 0, CELLS * sizeof *reached);
    stack[top++] = start;
    reached[start] = true;
    while (top) {
        const int at = stack[--top], row = at / NX, column = at % NX;
        const int next[4] = {column + 1 < NX && !walls->n[at][0] ? at + 1 : -1,
                             row + 1 < NY && !walls->n[at][1] ? at + NX : -1,
                             column > 0 && !walls->n[at - 1][0] ? at - 1 : -1,
                             row > 0 && !walls->n[at - NX][1] ? at - NX : -1};
        for (int k = 0; k < 4; k++)
            if (next[k] >= 0 && !reached[next[k]]) {
                reached[next[k]] = true;
                stack[top++] = next[k];
            }
    }
}

// A line right across the frame, from west to east, wandering anywhere in between.
static ct_geom line_across(ct_arena *arena, dice *d, place *x, place *y) {
    const uint32_t n = (uint32_t)dice_int(d, 2, 9);
    ct_geom g = {.type = CT_GEOM_LINESTRING, .n_points = n, .n_rings = 1, .n_parts = 1};
    g.xyz = ct_arena_alloc(arena, (n + 3) * 2 * sizeof(double));
    g.ring_end = ct_arena_alloc(arena, sizeof(uint32_t));
    g.part_end = ct_arena_alloc(arena, sizeof(uint32_t));
    *g.ring_end = n;
    *g.part_end = 1;
    for (uint32_t i = 0; i < n; i++) {
        g.xyz[2 * i] = i == 0 ? 990.1 : i == n - 1 ? 1030.3 : x(d);
        g.xyz[2 * i + 1] = y(d);
    }
    return g;
}

// Closed far to the south: its inside is the side below the line (even-odd where the line crosses
// itself).
static ct_geom below(const ct_geom *line, ct_arena *arena) {
    ct_geom g = *line;
    g.type = CT_GEOM_POLYGON;
    g.ring_end = ct_arena_alloc(arena, sizeof(uint32_t));
    g.n_points += 3;
    *g.ring_end = g.n_points;
    double *p = g.xyz + 2 * line->n_points;
    p[0] = 1030.3;
    p[1] = 0;
    p[2] = 990.1;
    p[3] = 0;
    memcpy(p + 4, g.xyz, 2 * sizeof(double));
    return g;
}

static void a_line_is_a_dam(void **state) {
    dice d = {.seed = 987654};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 500; i++) {
        ct_arena_reset(*state);
        const ct_geom line = line_across(*state, &d, any_x, any_y);
        edges walls = {0};
        ct_grid_visit_line_edges(&frame, &line, mark_edge, &walls);
        const ct_geom under = below(&line, *state);
        static bool side[CELLS], reached[CELLS];
        for (int c = 0; c < CELLS; c++)
            side[c] = ct_geom_contains_point(&under, ct_grid_x(&frame, (uint32_t)(c % NX)),
                                             ct_grid_y(&frame, (uint32_t)(c / NX)));
        // An edge is cut an odd number of times just where its two cells lie on different sides.
        for (int c = 0; c < CELLS; c++) {
            if (c % NX + 1 < NX) assert_int_equal(walls.n[c][0] % 2, side[c] != side[c + 1]);
            if (c / NX + 1 < NY) assert_int_equal(walls.n[c][1] % 2, side[c] != side[c + NX]);
        }
        // How often a way crosses the line to its left does not depend on the way: right and down,
        // or down and right.
        for (int c = 0; c < CELLS - NX; c++) {
            if (c % NX + 1 == NX) continue;
            assert_int_equal(walls.sum[c][0] + walls.sum[c + 1][1],
                             walls.sum[c][1] + walls.sum[c + NX][0]);
        }
        const int start = dice_int(&d, 0, CELLS - 1);
        flood(reached, &walls, start);
        for (int c = 0; c < CELLS; c++)
            if (reached[c]) assert_int_equal(side[c], side[start]);
    }
}

// A ring with corners on cell centres and edges through them: water inside stays inside.
static void a_ring_on_cell_centres_holds(void **state) {
    dice d = {.seed = 13};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 300; i++) {
        ct_arena_reset(*state);
        double p[8];
        for (int k = 0; k < 3; k++) {
            p[2 * k] = 1000.25 + 0.5 * dice_int(&d, 2, NX - 3);
            p[2 * k + 1] = 1999.75 - 0.5 * dice_int(&d, 2, NY - 3);
        }
        memcpy(p + 6, p, 2 * sizeof(double));
        uint32_t ring_end = 4, part_end = 1;
        const ct_geom ring = {CT_GEOM_POLYGON, false, 4, 1, 1, p, &ring_end, &part_end};
        const ct_geom outline = {CT_GEOM_LINESTRING, false, 4, 1, 1, p, &ring_end, &part_end};
        edges walls = {0};
        ct_grid_visit_line_edges(&frame, &ring, mark_edge, &walls);
        static bool reached[CELLS];
        flood(reached, &walls, 0);
        for (int c = 0; c < CELLS; c++) {
            const double x = ct_grid_x(&frame, (uint32_t)(c % NX)),
                         y = ct_grid_y(&frame, (uint32_t)(c / NX));
            const bool on_line = ct_geom_distance_m(&outline, x, y) < 1e-9;
            if (!on_line) assert_int_equal(reached[c], !ct_geom_contains_point(&ring, x, y));
        }
    }
}

// The edges form one chain: every cell corner meets an even number of them, but for the two ends.
static void edges_form_a_chain_whichever_way(void **state) {
    dice d = {.seed = 55};
    print_message("seed %llu\n", (unsigned long long)d.seed);
    for (int i = 0; i < 500; i++) {
        double p[4], q[4];
        for (int k = 0; k < 2; k++) {
            p[2 * k] = i % 2 ? dice_range(&d, 1001, 1023) : centre_x(&d) / 2 + 506;
            p[2 * k + 1] =
                i % 2 ? dice_range(&d, 1981, 1999) : 1999.75 - 0.5 * dice_int(&d, 2, NY - 3);
        }
        memcpy(q, p + 2, 2 * sizeof(double));
        memcpy(q + 2, p, 2 * sizeof(double));
        uint32_t ring_end = 2, part_end = 1;
        const ct_geom there = {CT_GEOM_LINESTRING, false, 2, 1, 1, p, &ring_end, &part_end};
        const ct_geom back = {CT_GEOM_LINESTRING, false, 2, 1, 1, q, &ring_end, &part_end};
        edges a = {0}, b = {0};
        ct_grid_visit_line_edges(&frame, &there, mark_edge, &a);
        ct_grid_visit_line_edges(&frame, &back, mark_edge, &b);
        assert_memory_equal(a.n, b.n, sizeof a.n);
        for (int c = 0; c < CELLS; c++)
            for (int k = 0; k < 2; k++) assert_int_equal(a.sum[c][k], -b.sum[c][k]);
        static int degree[(NX + 1) * (NY + 1)];
        memset(degree, 0, sizeof degree);
        long total = 0;
        for (int c = 0; c < CELLS; c++) {
            const int row = c / NX, column = c % NX, node = row * (NX + 1) + column;
            total += a.n[c][0] + a.n[c][1];
            degree[node + 1] += a.n[c][0]; // east edge: from the north-eastern corner
            degree[node + 1 + NX + 1] += a.n[c][0];
            degree[node + NX + 1] += a.n[c][1]; // south edge: from the south-western corner
            degree[node + NX + 2] += a.n[c][1];
        }
        int ends = 0;
        for (int n = 0; n < (NX + 1) * (NY + 1); n++) {
            assert_true(degree[n] <= 2);
            ends += degree[n] % 2;
        }
        assert_true(ends == 2 || (ends == 0 && total == 0));
        // No longer than the way between the ends' corners along the grid.
        const double way = (fabs(p[0] - p[2]) + fabs(p[1] - p[3])) / frame.cell_m;
        assert_true((double)total <= way + 2 && (double)total >= way - 2);
    }
    (void)state;
}

static void absurd_lines_end_quickly(void **state) {
    (void)state;
    static double lines[][4] = {{-1e308, -1e308, 1e308, 1e308},
                                {1e9, 1e9, -1e9, -1e9},
                                {-1e300, 1990, 1e300, 1990},
                                {1005, -1e17, 1005, 1e17},
                                {1e308, 1e308, 1e308, 1e308}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        uint32_t ring_end = 2, part_end = 1;
        const ct_geom g = {CT_GEOM_LINESTRING, false, 2, 1, 1, lines[i], &ring_end, &part_end};
        edges walls = {0};
        ct_grid_visit_line_edges(&frame, &g, mark_edge, &walls);
    }
    // Across the frame from very far it still dams.
    double p[] = {-4e6, 1990.1, 5e6, 1990.2};
    uint32_t ring_end = 2, part_end = 1;
    const ct_geom g = {CT_GEOM_LINESTRING, false, 2, 1, 1, p, &ring_end, &part_end};
    edges walls = {0};
    ct_grid_visit_line_edges(&frame, &g, mark_edge, &walls);
    static bool reached[CELLS];
    flood(reached, &walls, 0);
    assert_true(reached[NX - 1]);
    assert_false(reached[CELLS - 1]);
}

// The cells of a disc are those whose centres are near enough; a small one has the cell it lies in.
static void discs(void **state) {
    (void)state;
    dice d = {.seed = 77};
    for (int i = 0; i < 300; i++) {
        const double x = any_x(&d), y = any_y(&d), radius = i % 3 ? dice_range(&d, 0, 6) : 0;
        cells got = {.last = -1, .ordered = true};
        ct_grid_visit_disc(&frame, x, y, radius, mark, &got);
        const int64_t home = ct_grid_cell_at(&frame, x, y);
        long near = 0;
        for (int c = 0; c < CELLS; c++) {
            const double dx = ct_grid_x(&frame, (uint32_t)(c % NX)) - x,
                         dy = ct_grid_y(&frame, (uint32_t)(c / NX)) - y;
            const bool in = home >= 0 && hypot(dx, dy) <= radius;
            near += in;
            if (c != home) assert_int_equal(got.hits[c], in);
        }
        if (home >= 0 && near == 0) assert_int_equal(got.hits[home], 1);
        assert_true(got.ordered);
    }
}

static void the_cell_of_a_place(void **state) {
    (void)state;
    for (int c = 0; c < CELLS; c++)
        assert_int_equal(ct_grid_cell_at(&frame, ct_grid_x(&frame, (uint32_t)(c % NX)),
                                         ct_grid_y(&frame, (uint32_t)(c / NX))),
                         c);
    assert_int_equal(ct_grid_cell_at(&frame, 1000, 2000), 0); // north and west edges are inside
    assert_int_equal(ct_grid_cell_at(&frame, 1000 + NX * 0.5, 1999), -1);
    assert_int_equal(ct_grid_cell_at(&frame, 1001, 2000 - NY * 0.5), -1);
    assert_int_equal(ct_grid_cell_at(&frame, (double)NAN, 1999), -1);
    assert_int_equal(ct_grid_cell_at(&frame, 1e300, -1e300), -1);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(known_cells),
        CASE(agrees_with_point_in_polygon),
        CASE(neighbours_share_cells_out),
        CASE(a_common_edge_is_the_same_both_ways),
        CASE(a_line_is_a_dam),
        CASE(a_ring_on_cell_centres_holds),
        CASE(edges_form_a_chain_whichever_way),
        CASE(absurd_lines_end_quickly),
        CASE(discs),
        CASE(the_cell_of_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
