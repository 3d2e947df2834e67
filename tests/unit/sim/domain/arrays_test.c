// The flood engine's arrays from a small model: each layer, the edges, the warnings.
#include "flood_twin.h"

#include "sim/domain/flood_domain.h"

#define NX 40
#define NY 30
#define N  ((size_t)NX * NY)

static const ct_manning k_manning = {0.03, 0.016, 0.015, 0.06, 0.025};

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

static double slope(uint32_t row, uint32_t column) {
    (void)row;
    return 10 + 0.1 * column;
}

static double hole(uint32_t row, uint32_t column) {
    return row < 3 && column < 5 ? NAN : 10;
}

static ct_err make(ct_flood_domain **out, const flood_twin *t, json_t *edits,
                   const ct_flood_domain_options *options) {
    ct_changeset *set = edits ? flood_twin_set(t, edits) : NULL;
    ct_reader *reader;
    ok(ct_store_reader(&reader, t->store));
    const ct_err err = ct_flood_domain_make(out, t->store, reader, set, options);
    ct_reader_release(reader);
    ct_changeset_free(set);
    return err;
}

static flood_twin g_twin; // without features: those of a test come as edits

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, 0, 0, 1, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

// Over a ground of NX by NY cells of 1 m; takes the edits.
static ct_flood_domain *domain_of(double (*ground)(uint32_t, uint32_t), json_t *edits,
                                  const double *stage_m) {
    flood_twin_ground(&g_twin, NX, NY, 1, ground);
    const ct_flood_domain_options options = {.cell_m = 1,
                                             .manning = k_manning,
                                             .has_river_stage = stage_m != NULL,
                                             .river_stage_m = stage_m ? *stage_m : 0};
    ct_flood_domain *d = NULL;
    if (make(&d, &g_twin, edits, &options) != CT_OK) fail_msg("%s", ct_err_message());
    assert_int_equal(d->shape.nx, NX);
    assert_int_equal(d->shape.ny, NY);
    return d;
}

// The cell whose centre is at (x + 0.5, y + 0.5) metres from the south-western corner.
static size_t cell(int x, int y) {
    return (size_t)(NY - 1 - y) * NX + (size_t)x;
}

static void ground_and_nothing_else(void **state) {
    (void)state;
    ct_flood_domain *d = domain_of(slope, NULL, NULL);
    for (size_t i = 0; i < N; i++) {
        assert_near(d->bed_m[i], 10 + 0.1 * (double)(i % NX), 1e-5);
        assert_int_equal(d->blocked[i], 0);
        assert_int_equal(d->building[i], -1);
        assert_int_equal(d->roof_receiver[i], -1);
        assert_near(d->manning[i], 0.03, 0);
        assert_near(d->depth_m[i], 0, 0);
    }
    for (size_t i = 0; i < (NX + 1) * NY; i++) assert_true(isnan(d->crest_x_m[i]));
    for (size_t i = 0; i < NX * (NY + 1); i++) assert_true(isnan(d->crest_y_m[i]));
    for (int i = 0; i < CT_FLOOD_RULES; i++) assert_int_equal(d->warnings[i].count, 0);
    assert_int_equal(d->n_edges, 4);
    for (size_t i = 0; i < 4; i++) assert_int_equal(d->edges[i].kind, CT_FLOOD_OPEN);
    ct_flood_domain_free(d);
}

static void buildings_block_and_drain(void **state) {
    (void)state;
    json_t *edits = json_pack(
        "[o,o,o,o]", flood_twin_box("building", "house", 10, 10, 16, 14, "{\"residents\":7}"),
        // Wholly inside a later one, and one that shares nothing.
        flood_twin_box("building", "core", 22, 12, 24, 14, "{\"name\":\"Core\"}"),
        flood_twin_box("building", "ring", 20, 10, 26, 16, NULL),
        flood_twin_box("building", "garage", 30, 10, 36, 14, "{\"storeys_above\":0}"));
    ct_flood_domain *d = domain_of(flat, edits, NULL);
    assert_int_equal(d->n_buildings, 3); // the garage lies below the ground
    size_t blocked = 0;
    for (size_t i = 0; i < N; i++) blocked += d->blocked[i];
    assert_int_equal(blocked, 6 * 4 + 6 * 6);
    assert_int_equal(d->building[cell(10, 10)], 0);
    assert_int_equal(d->building[cell(15, 13)], 0);
    assert_int_equal(d->building[cell(16, 13)], -1);
    assert_int_equal(d->building[cell(23, 13)], 2); // the later one took the core's cells
    assert_int_equal(d->buildings[0].way, CT_FLOOD_WAY_WALLS);
    assert_int_equal(d->buildings[1].way, CT_FLOOD_WAY_CENTRE);
    assert_int_equal(d->buildings[2].way, CT_FLOOD_WAY_WALLS);
    assert_string_equal(d->buildings[1].name, "Core");
    assert_int_equal(d->buildings[0].residents, 7);
    // Each roof cell drains to an open cell that is as near, in steps, as any.
    for (size_t i = 0; i < N; i++) {
        if (!d->blocked[i]) continue;
        const size_t r = (size_t)d->roof_receiver[i];
        assert_true(r < N && !d->blocked[r]);
        const int got = abs((int)(r / NX) - (int)(i / NX)) + abs((int)(r % NX) - (int)(i % NX));
        for (size_t k = 0; k < N; k++) {
            const int way = abs((int)(k / NX) - (int)(i / NX)) + abs((int)(k % NX) - (int)(i % NX));
            if (!d->blocked[k] && way < got)
                fail_msg("cell %zu: %d steps, %d would do", i, got, way);
        }
    }
    ct_flood_domain_free(d);
}

// Breadth first over open faces from `from`; how many cells are reached.
static size_t reachable(const ct_flood_domain *d, size_t from, uint8_t *reached) {
    size_t queue[N], head = 0, tail = 0;
    memset(reached, 0, N);
    reached[from] = 1;
    queue[tail++] = from;
    while (head < tail) {
        const size_t c = queue[head++], row = c / NX, col = c % NX;
        const struct {
            bool inside;
            size_t next;
            double crest;
        } ways[4] = {
            {col > 0, c - 1, d->crest_x_m[row * (NX + 1) + col]},
            {col + 1 < NX, c + 1, d->crest_x_m[row * (NX + 1) + col + 1]},
            {row > 0, c - NX, d->crest_y_m[row * NX + col]},
            {row + 1 < NY, c + NX, d->crest_y_m[(row + 1) * NX + col]},
        };
        for (int k = 0; k < 4; k++) {
            if (!ways[k].inside || !isnan(ways[k].crest) || reached[ways[k].next]) continue;
            reached[ways[k].next] = 1;
            queue[tail++] = ways[k].next;
        }
    }
    return tail;
}

// Faces are numbered as the engine numbers them: a closed wall of any shape lets nothing out.
static void closed_walls_are_tight(void **state) {
    (void)state;
    unsigned seed = 12345;
    for (int round = 0; round < 30; round++) {
        double xy[2 * 9];
        for (int i = 0; i < 8; i++) { // a star around (20, 15)
            seed = seed * 1103515245u + 12345u;
            const double radius = 4 + 9.0 * (seed >> 16 & 0x7fff) / 0x7fff, a = 0.7854 * i + 0.3;
            xy[2 * i] = 20.2 + radius * cos(a);
            xy[2 * i + 1] = 15.1 + radius * sin(a);
        }
        xy[16] = xy[0];
        xy[17] = xy[1];
        ct_flood_domain *d = domain_of(
            flat, json_pack("[o]", flood_twin_line("barrier", "ring", 9, xy, "{\"height_m\":1.5}")),
            NULL);
        uint8_t reached[N];
        const size_t inside = reachable(d, cell(20, 15), reached);
        assert_in_range(inside, 20, 600);
        assert_int_equal(reached[cell(0, 0)], 0);
        const size_t outside = reachable(d, cell(0, 0), reached);
        assert_int_equal(reached[cell(20, 15)], 0);
        assert_in_range(inside + outside, N - 4, N); // but for cells in the tips of the star
        for (size_t i = 0; i < (NX + 1) * NY; i++)
            assert_true(isnan(d->crest_x_m[i]) || fabs(d->crest_x_m[i] - 11.5) < 1e-5);
        ct_flood_domain_free(d);
    }
}

static void crests_and_heights(void **state) {
    (void)state;
    const double across[] = {20, -5, 20, 40}, again[] = {20, 10, 20, 40};
    json_t *edits = json_pack(
        "[o,o]", flood_twin_line("barrier", "dike", 2, across, "{\"height_m\":2}"),
        flood_twin_line("barrier", "board", 2, again, "{\"crest_m\":13,\"height_m\":0.1}"));
    ct_flood_domain *d = domain_of(slope, edits, NULL);
    for (size_t row = 0; row < NY; row++)
        for (size_t i = 0; i <= NX; i++) {
            const double crest = d->crest_x_m[row * (NX + 1) + i];
            if (i != 20) assert_true(isnan(crest));
            // The higher ground beside the face (12.0) and the height; the higher wall of two.
            if (i == 20) assert_near(crest, 14, 1e-5);
        }
    ct_flood_domain_free(d);
    d = domain_of(slope,
                  json_pack("[o]", flood_twin_line("barrier", "b", 2, again, "{\"crest_m\":13}")),
                  NULL);
    assert_near(d->crest_x_m[0 * (NX + 1) + 20], 13, 1e-9);
    assert_true(isnan(d->crest_x_m[25 * (NX + 1) + 20])); // south of its end
    ct_flood_domain_free(d);
}

static void fences_let_water_pass(void **state) {
    (void)state;
    static const struct {
        const char *properties;
        bool stops;
    } k_cases[] = {
        {"{\"height_m\":1.8,\"kind\":\"fence\"}", false},
        {"{\"height_m\":1.8,\"kind\":\"fence\",\"permeable\":false}", true},
        {"{\"height_m\":1.8,\"kind\":\"wall\"}", true},
        {"{\"height_m\":1.8,\"kind\":\"wall\",\"permeable\":true}", false},
        {"{\"height_m\":1.8}", true},
    };
    const double across[] = {20, -5, 20, 40};
    for (size_t i = 0; i < sizeof k_cases / sizeof *k_cases; i++) {
        ct_flood_domain *d = domain_of(
            flat,
            json_pack("[o]", flood_twin_line("barrier", "b", 2, across, k_cases[i].properties)),
            NULL);
        assert_int_equal(!isnan(d->crest_x_m[20]), k_cases[i].stops);
        ct_flood_domain_free(d);
    }
}

static void covers_lie_on_each_other(void **state) {
    (void)state;
    const double way[] = {-5, 15, 60, 15}, trail[] = {20, -5, 20, 50};
    json_t *edits =
        json_pack("[o,o,o,o]", flood_twin_box("water", "pond", 30, 0, 40, 30, "{\"level_m\":9}"),
                  flood_twin_line("road", "street", 2, way, "{\"width_m\":6}"),
                  flood_twin_line("path", "trail", 2, trail, "{\"width_m\":4}"),
                  flood_twin_box("green", "park", 10, 0, 35, 30, NULL));
    ct_flood_domain *d = domain_of(flat, edits, NULL);
    assert_near(d->manning[cell(5, 5)], 0.03, 0);    // ground
    assert_near(d->manning[cell(12, 5)], 0.06, 0);   // green
    assert_near(d->manning[cell(19, 5)], 0.015, 0);  // path through it
    assert_near(d->manning[cell(22, 5)], 0.06, 0);   // beside the path
    assert_near(d->manning[cell(19, 15)], 0.016, 0); // road over the path
    assert_near(d->manning[cell(5, 17)], 0.016, 0);  // 3 m beside its centre line
    assert_near(d->manning[cell(5, 18)], 0.03, 0);
    assert_near(d->manning[cell(33, 15)], 0.025, 0); // the pond under the road's bridge
    assert_int_equal(d->n_roads, 1);
    ct_flood_domain_free(d);
}

// Every cell of every side in exactly one run.
static void check_edges(const ct_flood_domain *d) {
    int count[CT_FLOOD_SIDES][NX] = {{0}};
    for (size_t i = 0; i < d->n_edges; i++) {
        const ct_flood_edge *e = &d->edges[i];
        for (uint32_t k = e->first; k < e->first + e->count; k++) count[e->side][k]++;
    }
    for (int side = 0; side < CT_FLOOD_SIDES; side++)
        for (int k = 0; k < (side == CT_FLOOD_LEFT || side == CT_FLOOD_RIGHT ? NY : NX); k++)
            assert_int_equal(count[side][k], 1);
}

static const ct_flood_edge *edge_at(const ct_flood_domain *d, ct_flood_side side, uint32_t k) {
    for (size_t i = 0; i < d->n_edges; i++)
        if (d->edges[i].side == side && k >= d->edges[i].first &&
            k < d->edges[i].first + d->edges[i].count)
            return &d->edges[i];
    return NULL;
}

static json_t *river_and_pond(void) {
    return json_pack(
        "[o,o,o]",
        flood_twin_box("water", "river", 0, 0, 40, 5, "{\"kind\":\"river\",\"level_m\":11.5}"),
        flood_twin_box("water", "pond", 30, 20, 36, 26, "{\"kind\":\"pond\",\"level_m\":13.5}"),
        flood_twin_box("building", "pier", 10, 0, 14, 3, NULL));
}

static void water_stands_and_edges_hold_it(void **state) {
    (void)state;
    // Ground from 10.0 to 13.9: the river's level is above it in columns 0 to 14.
    ct_flood_domain *d = domain_of(slope, river_and_pond(), NULL);
    assert_near(d->depth_m[cell(0, 2)], 1.5, 1e-5);
    assert_near(d->depth_m[cell(14, 4)], 0.1, 1e-5);
    assert_near(d->depth_m[cell(16, 4)], 0, 0);
    assert_near(d->depth_m[cell(0, 6)], 0, 0);
    assert_near(d->depth_m[cell(12, 2)], 0, 0); // under the pier
    assert_near(d->depth_m[cell(31, 22)], 0.4, 1e-5);
    check_edges(d);
    const ct_flood_edge *left = edge_at(d, CT_FLOOD_LEFT, NY - 1), *bottom;
    assert_int_equal(left->kind, CT_FLOOD_LEVEL);
    assert_int_equal(left->first, NY - 5);
    assert_int_equal(left->count, 5);
    assert_int_equal(left->series.count, 1);
    assert_near(left->series.value[0], 11.5, 1e-5);
    assert_int_equal(edge_at(d, CT_FLOOD_LEFT, 3)->kind, CT_FLOOD_OPEN);
    bottom = edge_at(d, CT_FLOOD_BOTTOM, 5);
    assert_int_equal(bottom->kind, CT_FLOOD_LEVEL);
    assert_near(bottom->series.value[0], 11.5, 1e-4);
    assert_int_equal(bottom->count, 10); // one level: one run, up to the pier
    assert_int_equal(edge_at(d, CT_FLOOD_RIGHT, NY - 1)->kind, CT_FLOOD_OPEN);
    ct_flood_domain_free(d);
    // A stage replaces the river's level, not the pond's.
    const double stage_m = 12.5;
    d = domain_of(slope, river_and_pond(), &stage_m);
    assert_near(d->depth_m[cell(0, 2)], 2.5, 1e-5);
    assert_near(d->depth_m[cell(31, 22)], 0.4, 1e-5);
    assert_near(edge_at(d, CT_FLOOD_LEFT, NY - 1)->series.value[0], 12.5, 1e-5);
    assert_int_equal(d->warnings[CT_FLOOD_RULE_STAGE_UNUSED].count, 0);
    ct_flood_domain_free(d);
}

static void places_without_ground(void **state) {
    (void)state;
    json_t *edits = json_pack("[o]", flood_twin_box("building", "cut", 3, 26, 8, 29, NULL));
    ct_flood_domain *d = domain_of(hole, edits, NULL);
    assert_int_equal(d->blocked[0], 1);
    assert_int_equal(d->building[0], -1);
    assert_int_equal(d->roof_receiver[0], -1); // no rain from there
    assert_int_equal(d->building[cell(3, 28)], -1);
    assert_int_equal(d->building[cell(6, 28)], 0);
    assert_int_equal(d->warnings[CT_FLOOD_RULE_NO_GROUND].count, 15);
    assert_int_equal(d->warnings[CT_FLOOD_RULE_BUILDING_CUT].count, 1);
    assert_string_equal(d->warnings[CT_FLOOD_RULE_BUILDING_CUT].ids[0], "cut");
    ct_flood_domain_free(d);
}

static void warnings_name_features(void **state) {
    (void)state;
    const double line[] = {5, 5, 5, 25}, far[] = {500, 5, 510, 5}, dot[] = {5.1, 5.1, 5.2, 5.2};
    const double stage_m = 12;
    json_t *edits = json_pack(
        "[o,o,o,o,o,o,o,o,o]", flood_twin_line("barrier", "chalk", 2, line, NULL),
        flood_twin_line("barrier", "dot", 2, dot, "{\"height_m\":1}"),
        flood_twin_line("barrier", "far-wall", 2, far, "{\"height_m\":1}"),
        flood_twin_line("road", "far-road", 2, far, NULL),
        flood_twin_box("building", "kiosk", 20.6, 20.6, 20.9, 20.9, NULL),
        flood_twin_box("building", "half", 35, 10, 45, 15, NULL),
        flood_twin_box("water", "basin", 25, 5, 28, 8, "{\"kind\":\"pond\"}"),
        flood_twin_box("water", "deep", 30, 5, 33, 8, "{\"kind\":\"pond\",\"level_m\":9}"),
        flood_twin_edit(
            "hydrant", "hydrant-1",
            json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(1, 1)), NULL));
    ct_flood_domain *d = domain_of(flat, edits, &stage_m);
    static const struct {
        ct_flood_rule rule;
        const char *id;
        size_t count;
    } k_want[] = {
        {CT_FLOOD_RULE_BARRIER_HEIGHT, "chalk", 1}, {CT_FLOOD_RULE_BARRIER_SHORT, "dot", 1},
        {CT_FLOOD_RULE_OUTSIDE, NULL, 2},           {CT_FLOOD_RULE_BUILDING_SMALL, "kiosk", 1},
        {CT_FLOOD_RULE_BUILDING_CUT, "half", 1},    {CT_FLOOD_RULE_WATER_LEVEL, "basin", 1},
        {CT_FLOOD_RULE_WATER_DRY, "deep", 1},       {CT_FLOOD_RULE_EDIT_NO_EFFECT, "hydrant-1", 1},
        {CT_FLOOD_RULE_STAGE_UNUSED, NULL, 1},      {CT_FLOOD_RULE_NO_GROUND, NULL, 0},
    };
    for (size_t i = 0; i < sizeof k_want / sizeof *k_want; i++) {
        const ct_flood_warning *w = &d->warnings[k_want[i].rule];
        assert_int_equal(w->count, k_want[i].count);
        if (k_want[i].id) assert_string_equal(w->ids[0], k_want[i].id);
        const ct_flood_rule_text *text = &ct_flood_rule_texts[k_want[i].rule];
        assert_true(*text->rule && *text->en && *text->zh);
    }
    assert_int_equal(d->warnings[CT_FLOOD_RULE_OUTSIDE].n_ids, 2);
    ct_flood_domain_free(d);
}

static void what_cannot_be_made(void **state) {
    (void)state;
    flood_twin t;
    ct_flood_domain *d = NULL;
    flood_twin_make(&t, 0, 0, 1, NULL);
    ct_flood_domain_options options = {.cell_m = 1, .manning = k_manning};
    fails(make(&d, &t, NULL, &options), "NOTFOUND");
    message_has("no terrain raster");
    assert_null(d);
    flood_twin_end(&t);
}

static void grids_have_limits(void **state) {
    (void)state;
    flood_twin t;
    ct_flood_domain *d = NULL;
    flood_twin_make(&t, 200, 200, 100, flat); // 20 km by 20 km
    ct_flood_domain_options options = {.cell_m = 0.5, .manning = k_manning};
    fails(make(&d, &t, NULL, &options), "LIMIT"); // 1.6e9 cells
    message_has("take larger cells");
    options.cell_m = 0.4;
    fails(make(&d, &t, NULL, &options), "RANGE");
    options.cell_m = NAN;
    fails(make(&d, &t, NULL, &options), "RANGE");
    options.cell_m = 101;
    fails(make(&d, &t, NULL, &options), "RANGE");
    assert_null(d);
    options.cell_m = 100;
    fails(make(&d, &t, json_pack("[{s:s,s:s}]", "op", "remove", "id", "nobody"), &options),
          "NOTFOUND");
    message_has("\"nobody\"");
    ok(make(&d, &t, NULL, &options));
    ct_flood_domain_free(d);
    ct_flood_domain_free(NULL);
    flood_twin_end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ground_and_nothing_else),
        cmocka_unit_test(buildings_block_and_drain),
        cmocka_unit_test(closed_walls_are_tight),
        cmocka_unit_test(crests_and_heights),
        cmocka_unit_test(fences_let_water_pass),
        cmocka_unit_test(covers_lie_on_each_other),
        cmocka_unit_test(water_stands_and_edges_hold_it),
        cmocka_unit_test(places_without_ground),
        cmocka_unit_test(warnings_name_features),
        cmocka_unit_test(what_cannot_be_made),
        cmocka_unit_test(grids_have_limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
