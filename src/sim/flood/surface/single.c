// A surface of tiles in single precision.
#define CT_REAL_SINGLE 1
#include "sim/flood/surface/real.h"
#include "sim/flood/surface/tile.h"

#include "sim/flood/surface/cell.h"

#include "sim/flood/surface/state.h"
