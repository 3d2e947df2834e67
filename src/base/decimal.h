// Decimal numbers as doubles, rounded as strtod does: to the nearest, ties to even.
#ifndef CT_BASE_DECIMAL_H
#define CT_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

enum { CT_DECIMAL_DIGITS = 19 }; // that any 64 bits hold

// digits * 10^power. False where it is not so simple (powers over 19 or under -19 mostly): left to
// strtod.
bool ct_decimal_double(double *out, uint64_t digits, int power);

// The number at `at`, which no more than `end` may belong to: an optional sign, digits with a point
// among, before or behind them, an optional exponent; in the C locale. Returns where it ends, NULL
// where there is none or it has more than 400 characters. *out may be infinite.
const char *ct_decimal_read(double *out, const char *at, const char *end);

#endif
