// cmocka needs four standard headers before its own: include this file instead.
#ifndef TESTS_CMK_H
#define TESTS_CMK_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// cmocka's own comparison of reals works in single precision.
#define assert_near(actual, expected, tolerance)                                                   \
    do {                                                                                           \
        const double ct_a_ = (actual), ct_e_ = (expected), ct_d_ = ct_a_ - ct_e_;                  \
        if (!(ct_d_ <= (tolerance) && -ct_d_ <= (tolerance)))                                      \
            fail_msg("%s: %.17g is not within %g of %.17g", #actual, ct_a_, (double)(tolerance),   \
                     ct_e_);                                                                       \
    } while (0)
#endif
