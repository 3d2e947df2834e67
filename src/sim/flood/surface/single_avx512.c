// The loops over a tile in single precision for AVX-512.
#define CT_REAL_SINGLE 1
#include "sim/flood/surface/layout.h"

#if defined(CT_FLOOD_ROWS_X86)
// Before the pragma: only our own functions are built for the other instruction set.
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))),                 \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
#endif
#include "sim/flood/surface/real.h"
#include "sim/flood/surface/tile.h"

#include "sim/flood/surface/rows.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif

const SELF(ct_tile_move) SELF(ct_tile_move_avx512) = move_tile;
#else
typedef int ct_flood_single_avx512_is_empty; // a translation unit must hold something
#endif
