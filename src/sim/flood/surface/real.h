// The number of this build: CT_REAL_SINGLE is 1 for float, 0 for double. SELF(name) gives every
// name of the templates beside this file its own form per precision. (No guard: it is included once
// per build.)
#include <math.h>
#include <stdint.h>
#include <string.h>

#if CT_REAL_SINGLE
typedef float real;
typedef int32_t flags; // as wide, so that loops over both vectorise
#define SELF(name)    name##_single
#define real_sqrt(x)  sqrtf(x)
#define real_abs(x)   fabsf(x)
#define REAL_INFINITY HUGE_VALF
#else
typedef double real;
typedef int64_t flags;
#define SELF(name)    name##_double
#define real_sqrt(x)  sqrt(x)
#define real_abs(x)   fabs(x)
#define REAL_INFINITY HUGE_VAL
#endif
// Inlined into every loop of every kind, or the loop would not vectorise.
#define CT_INLINE static inline __attribute__((always_inline))
// A constant in the number of this build.
#define R(x) ((real)(x))

// Written so that they compile to one instruction each and vectorise; fmin and fmax do not.
CT_INLINE real real_min(real a, real b) {
    return a < b ? a : b;
}
CT_INLINE real real_max(real a, real b) {
    return a > b ? a : b;
}

// x^(-1/3) for finite normal x > 0, to about two roundings, without a library call: its bits do not
// hang on the C library and the loop vectorises. The first guess divides the exponent by -3 in the
// number's own bits (x / 3 as x/4 + x/16 + ...); Newton steps for 1/r3 = x follow.
CT_INLINE real real_inverse_cbrt(real x) {
#if CT_REAL_SINGLE
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t third = (bits >> 2) + (bits >> 4);
    third += third >> 4;
    third += third >> 8;
    bits = UINT32_C(0x54a21d2a) - third;
    const int steps = 3;
#else
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t third = (bits >> 2) + (bits >> 4);
    third += third >> 4;
    third += third >> 8;
    third += third >> 16;
    bits = UINT64_C(0x553ef0ff289dd796) - third;
    const int steps = 4;
#endif
    real r;
    memcpy(&r, &bits, sizeof r);
    for (int i = 0; i < steps; i++) r = r * (4 - x * (r * r * r)) * R(1.0 / 3.0);
    return r;
}
