// The row loops for AVX-512.
#include "sim/flood/rows.h"

#if defined(CT_FLOOD_ROWS_X86)
#include <math.h> // before the pragma: only our own functions are built for the other instruction set
#include <stdint.h>
#include <string.h>

#include "cimtwin/flood.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))),                 \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
#endif
#include "sim/flood/rows_body.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif

const ct_flood__rows ct_flood__rows_avx512 = {faces, cells, maxima, "avx512"};
#else
typedef int ct_flood__rows_avx512_is_empty; // a translation unit must hold something
#endif
