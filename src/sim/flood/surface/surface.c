// The quantum of heights, the memory of tiles, and the way to the precision that was asked for.
#include "sim/flood/surface/surface.h"

#include <math.h>

#include "sim/flood/surface/layout.h"
#include "sim/flood/surface/ops.h"

// The largest height over its datum, half the relief, and depth of a tile with its halo.
static double tile_extent_m(uint32_t nx, uint32_t ny, const double *bed_m, const uint8_t *blocked,
                            const double *depth_m, size_t x0, size_t y0) {
    double low = HUGE_VAL, high = -HUGE_VAL, deep = 0;
    size_t x_from = x0 > CT_TILE_HALO ? x0 - CT_TILE_HALO : 0;
    size_t y_from = y0 > CT_TILE_HALO ? y0 - CT_TILE_HALO : 0;
    for (size_t y = y_from; y < ny && y < y0 + CT_TILE_SIDE + CT_TILE_HALO; y++) {
        for (size_t x = x_from; x < nx && x < x0 + CT_TILE_SIDE + CT_TILE_HALO; x++) {
            if (blocked && blocked[y * nx + x]) continue;
            low = fmin(low, bed_m[y * nx + x]);
            high = fmax(high, bed_m[y * nx + x]);
            if (depth_m) deep = fmax(deep, depth_m[y * nx + x]);
        }
    }
    return low <= high ? fmax(high - low, deep) : 0;
}

double ct_surface_quantum_m(uint32_t nx, uint32_t ny, const double *bed_m, const uint8_t *blocked,
                            const double *depth_m, bool single) {
    if (!single) return 0x1p-30;
    double extent_m = 4; // room for water to come
    for (size_t y0 = 0; y0 < ny; y0 += CT_TILE_SIDE) {
        for (size_t x0 = 0; x0 < nx; x0 += CT_TILE_SIDE) {
            extent_m = fmax(extent_m, tile_extent_m(nx, ny, bed_m, blocked, depth_m, x0, y0));
        }
    }
    double quantum_m = 0x1p-20;
    while (extent_m > quantum_m * 0x1p22) quantum_m *= 2;
    return quantum_m;
}

uint64_t ct_surface_bytes(uint32_t nx, uint32_t ny, bool single) {
    const uint64_t across = ((uint64_t)nx + CT_TILE_SIDE - 1) / CT_TILE_SIDE;
    const uint64_t down = ((uint64_t)ny + CT_TILE_SIDE - 1) / CT_TILE_SIDE;
    const uint64_t rows = ny + down * 2 * CT_TILE_HALO;
    return across * rows * CT_TILE_STRIDE * (CT_TILE_MOVING + CT_TILE_KEPT) *
           (single ? sizeof(float) : sizeof(double));
}

ct_err ct_surface_open(ct_surface **out, const ct_surface_params *params, ct_pool *pool) {
    const ct_surface_ops *ops = params->single ? &ct_surface_ops_single : &ct_surface_ops_double;
    return ops->open(out, params, pool);
}

void ct_surface_close(ct_surface *surface) {
    if (surface) surface->ops->close(surface);
}

ct_surface_cell ct_surface_look(const ct_surface *surface, size_t cell) {
    return surface->ops->look(surface, cell);
}

double ct_surface_outlet(const ct_surface *surface, size_t cell, double out_ms, double dt_s) {
    return surface->ops->outlet(surface, cell, out_ms, dt_s);
}

double ct_surface_tell(ct_surface *surface, ct_flood_side side, size_t k, double mass, double push,
                       double cross) {
    return surface->ops->tell(surface, side, k, mass, push, cross);
}

double ct_surface_held(const ct_surface *surface, size_t cell) {
    return surface->ops->held(surface, cell);
}

double ct_surface_put(ct_surface *surface, size_t cell, double depth_m) {
    return surface->ops->put(surface, cell, depth_m);
}

ct_err ct_surface_set_crest(ct_surface *surface, bool along_x, size_t face, double crest_m) {
    return surface->ops->set_crest(surface, along_x, face, crest_m);
}

size_t ct_surface_active_tiles(const ct_surface *surface) {
    return surface->ops->active_tiles(surface);
}

ct_surface_found ct_surface_step(ct_surface *surface, double dt_s, double rain_m) {
    return surface->ops->step(surface, dt_s, rain_m);
}

uint64_t ct_surface_tile_steps(const ct_surface *surface) {
    return surface->ops->tile_steps(surface);
}

void ct_surface_begin(ct_surface *surface, double stretch_s, double rain_m, double cfl) {
    surface->ops->begin(surface, stretch_s, rain_m, cfl);
}

void ct_surface_raise(ct_surface *surface, size_t cell, double wave_ms) {
    surface->ops->raise(surface, cell, wave_ms);
}

void ct_surface_choose(ct_surface *surface) {
    surface->ops->choose(surface);
}

double ct_surface_starts(const ct_surface *surface, size_t cell) {
    return surface->ops->starts(surface, cell);
}

ct_surface_found ct_surface_go(ct_surface *surface, double *passed_s) {
    return surface->ops->go(surface, passed_s);
}

void ct_surface_set_rain(ct_surface *surface, const double *gain, const uint16_t *zone,
                         const double *share) {
    surface->ops->set_rain(surface, gain, zone, share);
}

double ct_surface_take_up(ct_surface *surface, const ct_surface_soak *soak) {
    return surface->ops->take_up(surface, soak);
}

void ct_surface_arrivals(ct_surface *surface, double *arrival, double now_s) {
    surface->ops->arrivals(surface, arrival, now_s);
}

void ct_surface_read(const ct_surface *surface, ct_surface_array which, double *out) {
    surface->ops->read(surface, which, out);
}

size_t ct_surface_pieces(const ct_surface *surface) {
    return surface->ops->pieces(surface);
}

void *ct_surface_piece(const ct_surface *surface, size_t piece, size_t *bytes) {
    return surface->ops->piece(surface, piece, bytes);
}

ct_err ct_surface_room_for_walls(ct_surface *surface, const ct_surface_walls *walls) {
    return surface->ops->room_for_walls(surface, walls);
}

void ct_surface_loaded(ct_surface *surface, const ct_surface_walls *walls) {
    surface->ops->loaded(surface, walls);
}

bool ct_surface_use_build(ct_surface *surface, int build) {
    return surface->ops->use_build(surface, build);
}
