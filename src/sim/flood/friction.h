// Manning friction, implicit in the speed: du/dt = -g n2 |u| u / h^(4/3).
//
// With k = dt g n2 / h^(4/3) and the speed s* before friction, the new speed solves s + k s2 = s*,
// so both velocity components shrink by 2 / (1 + sqrt(1 + 4 k s*)) (closed form of the
// point-implicit step: Xia and Liang, Adv. Water Resour. 117, 2018). Stable for any film and any
// step; friction never turns the flow round.
#ifndef CT_SIM_FLOOD_FRICTION_H
#define CT_SIM_FLOOD_FRICTION_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// x^(-1/3) for finite normal x > 0, to about two roundings. No library call, so that the loop
// vectorises and its bits do not hang on the C library. The first guess divides the exponent by -3
// in the number's own bits (x / 3 as x/4 + x/16 + ...); four Newton steps for 1/r3 = x follow.
static inline double ct_flood__inverse_cbrt(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t third = (bits >> 2) + (bits >> 4);
    third += third >> 4;
    third += third >> 8;
    third += third >> 16;
    bits = UINT64_C(0x553ef0ff289dd796) - third;
    double r;
    memcpy(&r, &bits, sizeof r);
    const double third_d = 1.0 / 3.0;
    r = r * (4 - x * (r * r * r)) * third_d;
    r = r * (4 - x * (r * r * r)) * third_d;
    r = r * (4 - x * (r * r * r)) * third_d;
    r = r * (4 - x * (r * r * r)) * third_d;
    return r;
}

// The factor on the velocity. dt_gn2 = dt g n2; h > 0; speed_squared before friction.
static inline double ct_flood__friction(double h, double speed_squared, double dt_gn2) {
    double r = ct_flood__inverse_cbrt(h);
    double k = dt_gn2 * ((r * r) * (r * r));
    return 2 / (1 + sqrt(1 + 4 * k * sqrt(speed_squared)));
}

#endif
