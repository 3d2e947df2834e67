// The loops over a tile for AVX2, in the precision that CT_REAL_SINGLE says. (No guard: it is the
// whole of double_avx2.c and single_avx2.c.)
#include "sim/flood/surface/layout.h"

#if defined(CT_FLOOD_ROWS_X86)
// Before the pragma: only our own functions are built for the other instruction set.
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif
#include "sim/flood/surface/real.h"
#include "sim/flood/surface/tile.h"

#include "sim/flood/surface/rows.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif

const SELF(ct_tile_move) SELF(ct_tile_move_avx2) = move_tile;
#else
typedef int ct_tile_is_empty; // a translation unit must hold something
#endif
