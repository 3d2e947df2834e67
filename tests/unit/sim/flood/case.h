// Small floods for the tests: arrays that live as long as the case, with helpers to look into the
// state.
#ifndef TESTS_SIM_FLOOD_CASE_H
#define TESTS_SIM_FLOOD_CASE_H

#include "cmk.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "cimtwin/flood.h"
#include "sim/flood/state.h"
#include "sim/flood/surface/layout.h"

typedef struct flood_variant {
    ct_flood_scheme scheme;
    ct_flood_precision precision;
} flood_variant;

static const flood_variant variants[] = {{CT_FLOOD_FIRST_ORDER, CT_FLOOD_DOUBLE},
                                         {CT_FLOOD_FIRST_ORDER, CT_FLOOD_SINGLE},
                                         {CT_FLOOD_SECOND_ORDER, CT_FLOOD_DOUBLE},
                                         {CT_FLOOD_SECOND_ORDER, CT_FLOOD_SINGLE}};
enum { VARIANTS = sizeof variants / sizeof *variants };

typedef struct flood_case {
    ct_flood_params params;
    size_t cells;
    double *bed, *depth, *crest_x, *crest_y;
    uint8_t *blocked;
    int64_t *roof;
    ct_flood *flood;
} flood_case;

// A dry flat closed basin, of the second order in double precision; change its arrays, then
// case_open.
static inline flood_case case_new(uint32_t nx, uint32_t ny, double cell_m) {
    flood_case c = {.cells = (size_t)nx * ny};
    ct_flood_params_init(&c.params);
    c.params.precision = CT_FLOOD_DOUBLE;
    c.params.nx = nx;
    c.params.ny = ny;
    c.params.cell_m = cell_m;
    c.params.bed_m = c.bed = ct_calloc(c.cells, sizeof *c.bed);
    c.params.depth_m = c.depth = ct_calloc(c.cells, sizeof *c.depth);
    c.params.crest_x_m = c.crest_x = ct_calloc(c.cells + ny, sizeof *c.crest_x);
    c.params.crest_y_m = c.crest_y = ct_calloc(c.cells + nx, sizeof *c.crest_y);
    c.params.blocked = c.blocked = ct_calloc(c.cells, 1);
    c.params.roof_receiver = c.roof = ct_calloc(c.cells, sizeof *c.roof);
    assert_true(c.bed && c.depth && c.crest_x && c.crest_y && c.blocked && c.roof);
    for (size_t i = 0; i < c.cells + ny; i++) c.crest_x[i] = (double)NAN;
    for (size_t i = 0; i < c.cells + nx; i++) c.crest_y[i] = (double)NAN;
    for (size_t i = 0; i < c.cells; i++) c.roof[i] = -1;
    return c;
}

static inline void case_choose(flood_case *c, flood_variant v) {
    c->params.scheme = v.scheme;
    c->params.precision = v.precision;
}

static inline void case_open(flood_case *c) {
    ct_err err = ct_flood_open(&c->flood, &c->params);
    if (err != CT_OK) print_error("%s\n", ct_err_message());
    assert_int_equal(err, CT_OK);
}

static inline void case_reopen(flood_case *c) {
    ct_flood_close(c->flood);
    c->flood = NULL;
    case_open(c);
}

// Parameters that are refused, with an error that names a part of them.
static inline void case_refused(const ct_flood_params *params, ct_err expected, const char *part) {
    ct_flood *flood = NULL;
    assert_int_equal(ct_flood_open(&flood, params), expected);
    assert_null(flood);
    if (!strstr(ct_err_message(), part)) {
        fail_msg("\"%s\" does not name \"%s\"", ct_err_message(), part);
    }
}

static inline void case_free(flood_case *c) {
    ct_flood_close(c->flood);
    void *blocks[] = {c->bed, c->depth, c->crest_x, c->crest_y, c->blocked, c->roof};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) ct_free(blocks[i]);
}

static inline void case_advance(flood_case *c, double until_s) {
    ct_err err = ct_flood_advance(c->flood, until_s);
    if (err != CT_OK) print_error("%s\n", ct_err_message());
    assert_int_equal(err, CT_OK);
}

static inline void case_assert_hash(const flood_case *c, const uint64_t expected[2]) {
    uint64_t found[2];
    ct_flood_hash(c->flood, found);
    assert_memory_equal(found, expected, sizeof found);
}

// Of the memory of the first tile, in double precision: the entry of a cell of an array of its
// state (0: depth, 2: u).
static inline double *case_inside(const flood_case *c, int array, size_t row, size_t column) {
    size_t bytes;
    double *block = ct_surface_piece(c->flood->surface, 0, &bytes);
    const size_t each = bytes / sizeof *block / CT_TILE_MOVING;
    return block + (size_t)array * each + CT_TILE_ORIGIN + row * CT_TILE_STRIDE + column;
}

// How far its volume may be off.
static inline double case_volume_bound(const flood_case *c) {
    return c->params.precision == CT_FLOOD_DOUBLE ? 1e-12 : 1e-6;
}

// Goes on with `a`, and with `b`, an equal model at its start, whose threads may be others, to the
// same time: equal hashes, and again when `b` goes on from what `a` was before.
static inline void case_restarts(flood_case *a, flood_case *b, double until_s) {
    const double now_s = ct_flood_time_s(a->flood);
    const size_t bytes = ct_flood_save_bytes(a->flood);
    uint64_t hash[2];
    void *saved = ct_alloc(bytes);
    assert_non_null(saved);
    assert_int_equal(ct_flood_save(a->flood, saved, bytes), CT_OK);
    case_advance(a, until_s);
    ct_flood_hash(a->flood, hash);
    case_advance(b, now_s);
    case_advance(b, until_s);
    case_assert_hash(b, hash);
    assert_int_equal(ct_flood_load(b->flood, saved, bytes), CT_OK);
    case_advance(b, until_s);
    case_assert_hash(b, hash);
    ct_free(saved);
}

static inline double case_lowest_depth(const flood_case *c) {
    const double *h = ct_flood_get(c->flood, CT_FLOOD_DEPTH);
    double low = HUGE_VAL;
    for (size_t i = 0; i < c->cells; i++) {
        assert_true(isfinite(h[i]));
        low = fmin(low, h[i]);
    }
    return low;
}

static inline double case_top_speed(const flood_case *c) {
    const double *u = ct_flood_get(c->flood, CT_FLOOD_VELOCITY_X);
    const double *v = ct_flood_get(c->flood, CT_FLOOD_VELOCITY_Y);
    double top = 0;
    for (size_t i = 0; i < c->cells; i++) top = fmax(top, hypot(u[i], v[i]));
    return top;
}

// |error| of the ledger relative to the largest of its terms.
static inline double case_volume_error(const flood_case *c) {
    ct_flood_ledger l;
    ct_flood_ledger_get(c->flood, &l);
    double scale = fmax(l.initial_m3, fmax(l.rain_m3, l.state_m3));
    for (int s = 0; s < CT_FLOOD_SIDES; s++) scale = fmax(scale, fmax(l.in_m3[s], l.out_m3[s]));
    scale = fmax(scale, fmax(l.source_in_m3, l.source_out_m3));
    return scale > 0 ? fabs(l.error_m3) / scale : fabs(l.error_m3);
}

// A rough lake bed from 0 to 6 m with islands, steps larger than the depth, buildings, walls under
// and over the water.
static inline void case_rough_lake(flood_case *c, double level_m) {
    for (size_t i = 0; i < c->cells; i++) {
        c->bed[i] = ct_rng_range(0, 6, 7, i, 0, 0);
        c->blocked[i] = ct_rng_unit(7, i, 0, 1) < 0.05;
        double depth = level_m - c->bed[i];
        c->depth[i] = c->blocked[i] || depth < 0 ? 0 : depth;
    }
    for (size_t i = 0; i < c->cells + c->params.ny; i++) {
        if (ct_rng_unit(7, i, 0, 2) < 0.1) c->crest_x[i] = ct_rng_range(0, 8, 7, i, 0, 3);
    }
    for (size_t i = 0; i < c->cells + c->params.nx; i++) {
        if (ct_rng_unit(7, i, 0, 4) < 0.1) c->crest_y[i] = ct_rng_range(0, 8, 7, i, 0, 5);
    }
}

#endif
