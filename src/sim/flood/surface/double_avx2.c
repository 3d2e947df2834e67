// The loops over a tile in double precision for AVX2.
#define CT_REAL_SINGLE 0
#include "sim/flood/surface/avx2.h"
