// The loops over a tile in single precision, for the instruction set of the whole build.
#define CT_REAL_SINGLE 1
#include "sim/flood/surface/real.h"
#include "sim/flood/surface/tile.h"

#include "sim/flood/surface/rows.h"

const SELF(ct_tile_move) SELF(ct_tile_move_plain) = move_tile;
