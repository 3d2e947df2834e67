// Which build of the row loops runs here.
#include "sim/flood/rows.h"

const ct_flood__rows *ct_flood__rows_best(void) {
#if defined(CT_FLOOD_ROWS_X86)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return &ct_flood__rows_avx512;
    }
    if (__builtin_cpu_supports("avx2")) return &ct_flood__rows_avx2;
#endif
    return &ct_flood__rows_plain;
}
