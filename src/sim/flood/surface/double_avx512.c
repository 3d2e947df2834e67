// The loops over a tile in double precision for AVX-512.
#define CT_REAL_SINGLE 0
#include "sim/flood/surface/avx512.h"
