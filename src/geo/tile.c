// WebMercatorQuad tile arithmetic (OGC 17-083r4 annex D.1): every size is the world's side over a
// power of two, so tile corners computed from neighbours agree to the bit.
#include "geo/tile.h"

bool ct_tile_ok(ct_tile tile) {
    return tile.z <= CT_TILE_MAX_ZOOM && tile.x < (1U << tile.z) && tile.y < (1U << tile.z);
}

static double side_m(uint32_t z) {
    return 2 * CT_MERCATOR_HALF / (double)(1ULL << z);
}

ct_bbox ct_tile_bounds_mercator(ct_tile tile) {
    const double side = side_m(tile.z);
    return (ct_bbox){.min_x = tile.x * side - CT_MERCATOR_HALF,
                     .min_y = CT_MERCATOR_HALF - (tile.y + 1.0) * side,
                     .max_x = (tile.x + 1.0) * side - CT_MERCATOR_HALF,
                     .max_y = CT_MERCATOR_HALF - tile.y * side};
}

double ct_tile_pixel_m(uint32_t z, uint32_t pixels) {
    return side_m(z) / pixels;
}

// Index of the tile that holds the offset from the world's edge, kept inside the world.
static uint32_t index_at(double offset_m, uint32_t z) {
    const double index = offset_m / side_m(z);
    const uint32_t last = (1U << z) - 1;
    if (!(index >= 0)) return 0;
    return index >= last ? last : (uint32_t)index;
}

void ct_tile_range(uint32_t z, const ct_bbox *mercator, uint32_t *x0, uint32_t *y0, uint32_t *x1,
                   uint32_t *y1) {
    *x0 = index_at(mercator->min_x + CT_MERCATOR_HALF, z);
    *x1 = index_at(mercator->max_x + CT_MERCATOR_HALF, z);
    *y0 = index_at(CT_MERCATOR_HALF - mercator->max_y, z);
    *y1 = index_at(CT_MERCATOR_HALF - mercator->min_y, z);
}
