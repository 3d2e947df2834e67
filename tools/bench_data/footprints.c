// The footprints that benches read: shapes, attributes, one commit of all.
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench_data/bench_data.h"

enum { PURPOSE_SHAPE = 1, MAX_POINTS = 13, SIDE = 448 }; // SIDE * SIDE cells hold one each

static const double west_m = FOOTPRINTS_WEST_M, south_m = FOOTPRINTS_SOUTH_M,
                    extent_m = FOOTPRINTS_EXTENT_M;

typedef struct shape {
    double xyz[MAX_POINTS * 3];
    uint32_t ring_end, part_end;
} shape;

static double draw(uint64_t entity, uint32_t step, double from, double to) {
    return from + (to - from) * ct_rng_unit(42, entity, step, PURPOSE_SHAPE);
}

// A rectangle (half of them), an L or a polygon of 12 corners, turned, in its cell of the grid.
static void make_shape(ct_geom *g, shape *s, uint64_t n) {
    static const double ell[7][2] = {{-1, -1}, {1, -1}, {1, 0}, {0, 0}, {0, 1}, {-1, 1}, {-1, -1}};
    static const double box[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    const double kind = draw(n, 0, 0, 1), cell = extent_m / SIDE, size = draw(n, 1, 5, 15),
                 turn = draw(n, 2, 0, 6.283);
    const double x = west_m + cell * ((double)(n % SIDE) + draw(n, 3, 0.4, 0.6));
    const double y = south_m + cell * ((double)(n / SIDE) + draw(n, 4, 0.4, 0.6)),
                 long_side = draw(n, 5, 1, 1.4);
    const uint32_t points = kind < 0.5 ? 5 : kind < 0.85 ? 7 : 13;
    for (uint32_t i = 0; i < points; ++i) {
        const double a = 2 * 3.14159265358979 * (i % 12) / 12;
        const double u = points == 5 ? box[i][0] : points == 7 ? ell[i][0] : cos(a);
        const double v = points == 5 ? box[i][1] : points == 7 ? ell[i][1] : sin(a);
        s->xyz[3 * i] = x + size * (u * long_side * cos(turn) - v * sin(turn));
        s->xyz[3 * i + 1] = y + size * (u * long_side * sin(turn) + v * cos(turn));
        s->xyz[3 * i + 2] = 45;
    }
    s->ring_end = points;
    s->part_end = 1;
    *g = (ct_geom){CT_GEOM_POLYGON, true, points, 1, 1, s->xyz, &s->ring_end, &s->part_end};
}

static ct_err fill_attributes(ct_feature *f, uint64_t n, char text[64]) {
    static const char *const uses[] = {"residential", "commercial", "school", "office"};
    (void)snprintf(text, 64, "Building %llu, Riverside Road", (unsigned long long)n);
    CT_TRY(ct_feature_set_text(f, "name", text));
    CT_TRY(ct_feature_set_text(f, "address", text));
    CT_TRY(ct_feature_set_text(f, "use", uses[n % 4]));
    CT_TRY(ct_feature_set_number(f, "storeys_above", (double)(1 + n % 33)));
    CT_TRY(ct_feature_set_number(f, "storeys_below", (double)(n % 3)));
    CT_TRY(ct_feature_set_number(f, "height_m", 3.0 * (double)(1 + n % 33)));
    CT_TRY(ct_feature_set_number(f, "ground_floor_m", 45.3));
    CT_TRY(ct_feature_set_number(f, "units", (double)(n % 100)));
    CT_TRY(ct_feature_set_number(f, "residents", (double)(n % 300)));
    return ct_feature_set_number(f, "year_built", (double)(1960 + n % 65));
}

ct_err footprints_load(ct_store *store, const ct_class *cls) {
    return footprints_load_some(store, cls, FOOTPRINTS);
}

ct_err footprints_load_some(ct_store *store, const ct_class *cls, uint64_t count) {
    ct_writer *writer = NULL;
    ct_arena *arena = ct_arena_new(1U << 16, 0);
    ct_err err = arena ? ct_store_writer(&writer, store, "bench") : CT_NOMEM;
    for (uint64_t n = 0; n < count && err == CT_OK; ++n) {
        ct_feature f;
        shape s;
        char text[64];
        ct_arena_reset(arena);
        err = ct_feature_new(&f, arena, cls);
        if (err == CT_OK) err = fill_attributes(&f, n, text);
        make_shape(&f.geom, &s, n);
        if (err == CT_OK) err = ct_writer_add(writer, &f, NULL);
    }
    if (err == CT_OK) {
        err = ct_writer_commit(writer, NULL);
    } else {
        ct_writer_rollback(writer);
    }
    ct_arena_free(arena);
    return err;
}
