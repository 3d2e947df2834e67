// The plain statement of a step in double precision.
#define CT_REAL_SINGLE 0
#include "sim/flood/surface/real.h"
#include "sim/flood/surface/tile.h"

#include "sim/flood/surface/reference.h"

const SELF(ct_tile_move) SELF(ct_tile_move_reference) = move_reference;
