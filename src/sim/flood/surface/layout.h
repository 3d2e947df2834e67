// The layout of tiles, whatever the number: see surface.h.
#ifndef CT_SIM_FLOOD_SURFACE_LAYOUT_H
#define CT_SIM_FLOOD_SURFACE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/flood.h"

// Other builds of the loops, for wider instruction sets: since products and sums are never fused,
// every build gives the same bits.
#if defined(__x86_64__)
#define CT_FLOOD_ROWS_X86 1
#endif

// No flood is faster: a state that has such speeds or waves is diverging.
#define CT_FLOOD__SPEED_LIMIT_MS 1e4

// A floor under the wave speed, so that a dry start still looks at its rain and edges every few
// cells' worth of time.
#define CT_FLOOD__WAVE_FLOOR_MS 0.1

enum {
    CT_TILE_SIDE = 64,   // cells
    CT_TILE_HALO = 2,    // cells of the neighbours round it
    CT_TILE_MARGIN = 8,  // elements before cell 0 of a row: keeps rows on 32 bytes
    CT_TILE_STRIDE = 80, // elements from row to row
    CT_TILE_ORIGIN = CT_TILE_HALO * CT_TILE_STRIDE + CT_TILE_MARGIN, // of cell (0, 0)
    CT_TILE_MOVING = 7,                                              // arrays of the state
    CT_TILE_KEPT = 3                                                 // of the ground
};

// How high the bed of a building stands, above any tile's datum: no water reaches it.
#define CT_TILE_BLOCKED_M 1e6

#endif
