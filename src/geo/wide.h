// Whole numbers of up to 1,280 bits, for signs that must be right. They live on the stack; the
// bounds of whoever uses them (see boolean_private.h) keep them from running over.
#ifndef CT_GEO_WIDE_H
#define CT_GEO_WIDE_H

#include <stdint.h>

enum { CT_WIDE_LIMBS = 20 };

__extension__ typedef __int128 ct_int128;
__extension__ typedef unsigned __int128 ct_uint128;

typedef struct ct_wide {
    int32_t sign; // -1, 0, 1
    int32_t n;    // limbs, the last is not 0; 0 for the number 0
    uint64_t limb[CT_WIDE_LIMBS];
} ct_wide;

void ct_wide_set(ct_wide *out, ct_int128 v);
void ct_wide_add(ct_wide *out, const ct_wide *a, const ct_wide *b); // out may be a or b
void ct_wide_sub(ct_wide *out, const ct_wide *a, const ct_wide *b); // out may be a or b
void ct_wide_mul(ct_wide *out, const ct_wide *a, const ct_wide *b); // out must be neither
int ct_wide_compare(const ct_wide *a, const ct_wide *b);            // -1, 0, 1
// The whole part, rounded down, of a * 2^shift / b: b > 0, the result less than 2^62.
int64_t ct_wide_quotient(const ct_wide *a, int shift, const ct_wide *b);

#endif
