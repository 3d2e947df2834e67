// Parts of the bench of tiles.
#ifndef TOOLS_BENCH_TILES_H
#define TOOLS_BENCH_TILES_H

#include "bench_data/bench_data.h"
#include "tiles/tiles.h"

// Pictures of a ground and of a result of 1,000 x 1,000 cells that it makes in `folder`.
CT_CHECKED ct_err bench_pictures(const char *folder, const ct_catalogue *catalogue);
// The tile of zoom z around a place in a CRS, and its neighbours: n of them, row by row.
CT_CHECKED ct_err tiles_around(ct_tile *tiles, uint32_t n, const char *crs, double x, double y,
                               uint32_t z);

#endif
