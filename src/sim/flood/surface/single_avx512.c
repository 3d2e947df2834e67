// The loops over a tile in single precision for AVX-512.
#define CT_REAL_SINGLE 1
#include "sim/flood/surface/avx512.h"
