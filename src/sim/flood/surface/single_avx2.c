// The loops over a tile in single precision for AVX2.
#define CT_REAL_SINGLE 1
#include "sim/flood/surface/avx2.h"
