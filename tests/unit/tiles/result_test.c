// Pictures of results: every pixel against the arrays, the legends, single questions.
#include "base/rng.h"
#include "picture.h"

#define RUN_A "0123456789abcdef0123456789abcdef"
#define RUN_B "fedcba9876543210fedcba9876543210"

enum { NX = 120, NY = 100, TIMES = 2 };
enum { DEPTH_0, DEPTH_1, MAX_DEPTH, MAX_SPEED, MAX_HAZARD, ARRIVAL, INITIAL, ARRAYS };

typedef struct sample_run { // a run and the arrays that it was made from
    ct_run *run;
    ct_grid shape;
    float v[ARRAYS][NX * NY];
} sample_run;

static const char *const k_names[ARRAYS] = {"depth",      "depth",   "max_depth",    "max_speed",
                                            "max_hazard", "arrival", "initial_depth"};

static double draw(uint32_t seed, uint32_t cell, uint32_t array, double low, double high) {
    return ct_rng_range(low, high, seed, cell, array, 3);
}

// Values of all classes, dry and blocked cells, cells that were wet before.
static void fill_cell(sample_run *s, uint32_t seed, uint32_t i) {
    const bool blocked = draw(seed, i, 90, 0, 1) < 0.1, was_wet = draw(seed, i, 91, 0, 1) < 0.3;
    const double before = was_wet ? draw(seed, i, 92, 0.01, 2) : 0;
    s->v[INITIAL][i] = (float)before;
    for (uint32_t a = DEPTH_0; a <= MAX_DEPTH; a++) {
        const double rise = draw(seed, i, a, 0, 1);
        s->v[a][i] = (float)(rise < 0.2 ? before : before + 3 * (rise - 0.2) * (rise - 0.2));
    }
    s->v[MAX_SPEED][i] = (float)draw(seed, i, 5, 0, 3);
    s->v[MAX_HAZARD][i] = (float)draw(seed, i, 6, 0, 3);
    s->v[ARRIVAL][i] = draw(seed, i, 7, 0, 1) < 0.2 ? NAN : (float)draw(seed, i, 8, 0, 9000);
    for (int a = 0; a < ARRAYS && blocked; a++) s->v[a][i] = NAN;
}

static void write_run(const sample_run *s, const char *runs, const char *id, bool with_initial) {
    static const ct_run_array arrays[] = {
        {"depth", NULL, "depth", "m", true},          {"max_depth", NULL, "depth", "m", false},
        {"max_speed", NULL, "speed", "m s-1", false}, {"max_hazard", NULL, "hazard", "1", false},
        {"arrival", NULL, "arrival", "s", false},     {"initial_depth", NULL, "depth", "m", false},
    };
    ct_run_writer *w;
    ok(ct_run_writer_open(&w, runs, id));
    ok(ct_run_writer_grid(w, &s->shape, CRS, 0, arrays, with_initial ? 6 : 5));
    for (int t = 0; t < TIMES; t++) {
        ok(ct_run_writer_time(w, 60.0 * t));
        ok(ct_run_writer_slice(w, "depth", s->v[DEPTH_0 + t]));
    }
    for (int a = MAX_DEPTH; a < (with_initial ? ARRAYS : INITIAL); a++)
        ok(ct_run_writer_slice(w, k_names[a], s->v[a]));
    json_t *document = json_object();
    ok(ct_run_writer_commit(w, document));
    json_decref(document);
}

static sample_run *make_run(const fixture *f, const char *id, uint32_t seed, double cell_m,
                            bool with_initial) {
    sample_run *s = calloc(1, sizeof *s);
    s->shape = (ct_grid){NX, NY, EAST - 200, NORTH + 150, cell_m, NULL};
    for (uint32_t i = 0; i < NX * NY; i++) fill_cell(s, seed, i);
    char runs[256];
    (void)snprintf(runs, sizeof runs, "%s/runs", f->folder);
    ok(ct_dir_make(runs));
    write_run(s, runs, id, with_initial);
    ok(ct_run_open(&s->run, runs, id));
    return s;
}

static void free_run(sample_run *s) {
    ct_run_unref(s->run);
    free(s);
}

static int setup(void **state) {
    fixture_setup(state);
    fixture *f = *state;
    ok(ct_tiles_open(&f->tiles, f->store, (size_t)1 << 20));
    return 0;
}

// ---- what should be shown, from the arrays
// -------------------------------------------------------------------
// The cell that holds a place; false outside the grid, and near a cell's edge, where rounding
// decides.
static bool cell_of(size_t *cell, bool *edge, const sample_run *s, const double p[2]) {
    const double c = (p[0] - s->shape.west_m) / s->shape.cell_m,
                 r = (s->shape.north_m - p[1]) / s->shape.cell_m;
    *edge = fabs(c - round(c)) < 0.01 || fabs(r - round(r)) < 0.01;
    if (!(c >= 0 && r >= 0 && c < NX && r < NY)) return false;
    *cell = (size_t)r * NX + (size_t)c;
    return true;
}

static double expected_value(const sample_run *s, ct_map_layer layer, int time, size_t cell) {
    static const int array_of[] = {DEPTH_0, MAX_DEPTH, MAX_SPEED, MAX_HAZARD, ARRIVAL};
    const int array = array_of[layer] + (layer == CT_MAP_DEPTH ? time : 0);
    const double depth = (double)s->v[layer == CT_MAP_DEPTH ? array : MAX_DEPTH][cell];
    const double before = (double)s->v[INITIAL][cell];
    if (!(depth >= 0.03)) return NAN;
    if (before > 0 && depth - before <= 0.03) return NAN;
    return (double)s->v[array][cell];
}

static void check_pixel(const picture *p, uint32_t x, uint32_t y, ct_map_layer layer,
                        double value) {
    const ct_legend *legend = ct_legend_of(layer);
    const int class_of_value = ct_legend_class_of(legend, value);
    const uint8_t *got = picture_at(p, x, y);
    if (class_of_value < 0)
        assert_int_equal(got[3], 0);
    else
        assert_memory_equal(got, legend->classes[class_of_value].rgba, 4);
}

static void check_layer(fixture *f, const sample_run *s, ct_map_layer layer, int time,
                        uint32_t zoom, int *shown) {
    const long index = layer == CT_MAP_DEPTH ? time : -1;
    const ct_tile tile = tile_at(0, 0, zoom);
    const ct_tile_data *d;
    ok(ct_tiles_result(&d, f->tiles, s->run, layer, index, NULL, tile));
    assert_false(d->gzipped);
    picture p = picture_open(d->bytes, d->length);
    assert_int_equal(p.width, 256);
    assert_int_equal(p.height, 256);
    for (uint32_t y = 0; y < 256; y += 3)
        for (uint32_t x = 0; x < 256; x += 3) {
            double place[2];
            size_t cell = 0;
            bool edge;
            pixel_place(place, tile, x, y);
            const bool in = cell_of(&cell, &edge, s, place);
            if (edge) continue;
            double value = in ? expected_value(s, layer, time, cell) : (double)NAN, told;
            check_pixel(&p, x, y, layer, value);
            if (ct_legend_class_of(ct_legend_of(layer), value) < 0) value = NAN;
            if (y % 15 == 0) {
                ok(ct_tiles_result_at(&told, s->run, layer, index, NULL, place[0], place[1]));
                assert_true(isnan(value) ? isnan(told) : told == value);
            }
            *shown += !isnan(value);
        }
    picture_close(&p);
    ct_tile_data_unref(d);
}

static void pixels_are_cells(void **state) {
    fixture *f = *state;
    sample_run *s = make_run(f, RUN_A, 1, 5, true);
    for (int layer = CT_MAP_DEPTH; layer <= CT_MAP_ARRIVAL; layer++) {
        int shown = 0;
        for (uint32_t zoom = 14; zoom <= 18; zoom++)
            check_layer(f, s, (ct_map_layer)layer, zoom % 2, zoom, &shown);
        assert_true(shown > 1000);
    }
    free_run(s);
}

static void standing_water_is_not_shown(void **state) {
    fixture *f = *state;
    sample_run *s = make_run(f, RUN_A, 1, 5, true);
    int unchanged = 0, risen = 0, dry = 0;
    for (uint32_t cell = 0; cell < NX * NY; cell += 7) {
        const double x = s->shape.west_m + (cell % NX + 0.5) * 5,
                     y = s->shape.north_m - (cell / NX + 0.5) * 5;
        const double before = (double)s->v[INITIAL][cell], now = (double)s->v[DEPTH_1][cell];
        double value;
        ok(ct_tiles_result_at(&value, s->run, CT_MAP_DEPTH, 1, NULL, x, y));
        if (isnan(now)) {
            assert_true(isnan(value));
        } else if (before > 0 && now - before <= 0.03) {
            assert_true(isnan(value));
            unchanged++;
        } else if (before > 0) {
            assert_true(value == now); // all of it, not the rise
            risen++;
        } else if (now >= 0.03) {
            assert_true(value == now);
            dry++;
        }
    }
    assert_true(unchanged > 50 && risen > 50 && dry > 50);
    free_run(s);
    // A run that does not tell what was wet: all counts as dry.
    s = make_run(f, RUN_B, 1, 5, false);
    for (uint32_t cell = 0; cell < 500; cell++) {
        const double x = s->shape.west_m + (cell % NX + 0.5) * 5,
                     y = s->shape.north_m - (cell / NX + 0.5) * 5;
        const double now = (double)s->v[DEPTH_1][cell];
        double value;
        ok(ct_tiles_result_at(&value, s->run, CT_MAP_DEPTH, 1, NULL, x, y));
        assert_true(now >= 0.03 ? value == now : isnan(value));
    }
    free_run(s);
}

static void differences(void **state) { // of runs on different grids
    fixture *f = *state;
    sample_run *a = make_run(f, RUN_A, 1, 5, true), *b = make_run(f, RUN_B, 2, 4, true);
    const ct_tile tile = tile_at(0, 0, 17);
    const ct_tile_data *d;
    ok(ct_tiles_result(&d, f->tiles, a->run, CT_MAP_DIFFERENCE, -1, b->run, tile));
    picture p = picture_open(d->bytes, d->length);
    int more = 0, less = 0;
    for (uint32_t y = 0; y < 256; y += 2)
        for (uint32_t x = 0; x < 256; x += 2) {
            double place[2];
            size_t cell_a = 0, cell_b = 0;
            bool edge_a, edge_b;
            pixel_place(place, tile, x, y);
            const bool in_a = cell_of(&cell_a, &edge_a, a, place),
                       in_b = cell_of(&cell_b, &edge_b, b, place);
            if (edge_a || edge_b) continue;
            const double value =
                in_a && in_b ? (double)b->v[MAX_DEPTH][cell_b] - (double)a->v[MAX_DEPTH][cell_a]
                             : (double)NAN;
            check_pixel(&p, x, y, CT_MAP_DIFFERENCE, value);
            more += value >= 0.02;
            less += value < -0.02;
        }
    assert_true(more > 500 && less > 500);
    picture_close(&p);
    ct_tile_data_unref(d);
    free_run(a);
    free_run(b);
}

static void beside_the_grid(void **state) { // a whole picture of nothing
    fixture *f = *state;
    sample_run *s = make_run(f, RUN_A, 1, 5, true);
    const ct_tile cases[] = {tile_at(5000, 5000, 17), {17, 5, 9}, {0, 0, 0}};
    for (int i = 0; i < 3; i++) {
        const ct_tile_data *d;
        ok(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_MAX_DEPTH, -1, NULL, cases[i]));
        picture p = picture_open(d->bytes, d->length);
        for (uint32_t k = 0; k < 256 * 256; k++)
            if (i < 2) assert_int_equal(p.rgba[k][3], 0);
        picture_close(&p);
        ct_tile_data_unref(d);
    }
    free_run(s);
}

static void wrong_questions(void **state) {
    fixture *f = *state;
    sample_run *s = make_run(f, RUN_A, 1, 5, true);
    const ct_tile tile = tile_at(0, 0, 17);
    const ct_tile_data *d = NULL;
    double v = 5;
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_DEPTH, -1, NULL, tile), "ARG");
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_DEPTH, TIMES, NULL, tile), "RANGE");
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_MAX_DEPTH, 0, NULL, tile), "ARG");
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_DIFFERENCE, -1, NULL, tile), "ARG");
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_MAX_DEPTH, -1, s->run, tile), "ARG");
    fails(ct_tiles_result(&d, f->tiles, s->run, CT_MAP_MAX_DEPTH, -1, NULL, (ct_tile){2, 4, 0}),
          "RANGE");
    fails(ct_tiles_result_at(&v, s->run, CT_MAP_DEPTH, 7, NULL, 0, 0), "RANGE");
    assert_null(d);
    assert_true(v == 5);
    free_run(s);
}

static void tags_and_bytes(void **state) {
    fixture *f = *state;
    sample_run *a = make_run(f, RUN_A, 1, 5, true), *b = make_run(f, RUN_B, 2, 5, true);
    const ct_tile tile = tile_at(0, 0, 16);
    const ct_tile_data *d[6];
    ok(ct_tiles_result(&d[0], f->tiles, a->run, CT_MAP_DEPTH, 0, NULL, tile));
    ok(ct_tiles_result(&d[1], f->tiles, a->run, CT_MAP_DEPTH, 1, NULL, tile));
    ok(ct_tiles_result(&d[2], f->tiles, a->run, CT_MAP_MAX_DEPTH, -1, NULL, tile));
    ok(ct_tiles_result(&d[3], f->tiles, b->run, CT_MAP_MAX_DEPTH, -1, NULL, tile));
    ok(ct_tiles_result(&d[4], f->tiles, a->run, CT_MAP_DIFFERENCE, -1, b->run, tile));
    ok(ct_tiles_result(&d[5], f->tiles, b->run, CT_MAP_DIFFERENCE, -1, a->run, tile));
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++) assert_string_not_equal(d[i]->etag, d[j]->etag);
    // The cache gives the same one; without it the bytes are the same.
    const ct_tile_data *again;
    ok(ct_tiles_result(&again, f->tiles, a->run, CT_MAP_DEPTH, 0, NULL, tile));
    assert_ptr_equal(again, d[0]);
    ct_tile_data_unref(again);
    ct_tiles_close(f->tiles);
    ok(ct_tiles_open(&f->tiles, f->store, 0));
    ok(ct_tiles_result(&again, f->tiles, a->run, CT_MAP_DEPTH, 0, NULL, tile));
    assert_string_equal(again->etag, d[0]->etag);
    assert_int_equal(again->length, d[0]->length);
    assert_memory_equal(again->bytes, d[0]->bytes, d[0]->length);
    ct_tile_data_unref(again);
    for (int i = 0; i < 6; i++) ct_tile_data_unref(d[i]);
    free_run(a);
    free_run(b);
}

typedef struct work {
    ct_store *store;
    ct_run *run;
    ct_tile tile;
} work;

static ct_err draw_once(void *context) {
    const work *w = context;
    ct_tiles *tiles;
    const ct_tile_data *d;
    CT_TRY(ct_tiles_open(&tiles, w->store, 1 << 20));
    ct_err err = ct_tiles_result(&d, tiles, w->run, CT_MAP_DEPTH, 0, NULL, w->tile);
    if (err == CT_OK) ct_tile_data_unref(d);
    ct_tiles_close(tiles);
    return err;
}

static void without_memory(void **state) {
    fixture *f = *state;
    sample_run *s = make_run(f, RUN_A, 1, 5, true);
    work w = {f->store, s->run, tile_at(0, 0, 16)};
    ok(draw_once(&w)); // the run keeps its slices
    assert_true(fail_each(draw_once, &w) > 10);
    free_run(s);
}

#define with_twin(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_twin(pixels_are_cells), with_twin(standing_water_is_not_shown),
        with_twin(differences),      with_twin(beside_the_grid),
        with_twin(wrong_questions),  with_twin(tags_and_bytes),
        with_twin(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
