// Decimal numbers. Where the digits fit into 53 bits and the power of ten is exact, so is their
// quotient or product (W. Clinger, How to read floating point numbers accurately, 1990); up to
// 10^19 both are worked out in 128 bits; the rest is left to the C library, whose locale this
// program never sets.
#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

enum { EXACT_POWER = 22, MAX_TEXT = 400, MAX_EXPONENT = 100000 };

__extension__ typedef unsigned __int128 wide;

static const double powers[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t whole_powers[CT_DECIMAL_DIGITS + 1] = {1,
                                                             10,
                                                             100,
                                                             1000,
                                                             10000,
                                                             100000,
                                                             1000000,
                                                             10000000,
                                                             100000000,
                                                             1000000000,
                                                             10000000000,
                                                             100000000000,
                                                             1000000000000,
                                                             10000000000000,
                                                             100000000000000,
                                                             1000000000000000,
                                                             10000000000000000,
                                                             100000000000000000,
                                                             1000000000000000000,
                                                             10000000000000000000U};

// digits / divisor, neither 0. The quotient of the digits moved up to the top of 128 bits has 64
// bits at least, so that a last bit which tells of a remainder decides no tie wrongly.
static double quotient(uint64_t digits, uint64_t divisor) {
    const int up = __builtin_clzll(digits);
    const wide moved = (wide)(digits << up) << 64;
    const wide q = moved / divisor;
    const wide told = q | (q * divisor != moved);
    const double scale = up ? 1.0 / (double)(1ULL << up) : 1.0;
    return (double)told * 0x1p-64 * scale;
}

bool ct_decimal_double(double *out, uint64_t digits, int power) {
    if (digits <= 1ULL << 53 && power <= EXACT_POWER && power >= -EXACT_POWER) {
        *out = power < 0 ? (double)digits / powers[-power] : (double)digits * powers[power];
        return true;
    }
    if (digits == 0) {
        *out = 0;
        return true;
    }
    if (power > CT_DECIMAL_DIGITS || power < -CT_DECIMAL_DIGITS) return false;
    *out = power < 0 ? quotient(digits, whole_powers[-power])
                     : (double)((wide)digits * whole_powers[power]);
    return true;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// As far as the text is a number's; the digits and powers of ten that it says, if they are so few.
typedef struct scan {
    const char *end;
    uint64_t digits;
    int n, power;
    bool negative;
} scan;

static const char *read_exponent(int *power, const char *at, const char *end) {
    const bool negative = at < end && *at == '-';
    int value = 0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end || !is_digit(*at)) return NULL;
    for (; at < end && is_digit(*at); at++)
        if (value < MAX_EXPONENT) value = 10 * value + (*at - '0');
    *power += negative ? -value : value;
    return at;
}

static bool look(scan *s, const char *at, const char *end) {
    *s = (scan){.negative = at < end && *at == '-'};
    bool any = false, point = false;
    if (at < end && (*at == '-' || *at == '+')) at++;
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*at)) break;
        if (s->n < CT_DECIMAL_DIGITS) s->digits = 10 * s->digits + (uint64_t)(*at - '0');
        s->n += s->digits > 0;
        s->power -= point;
        any = true;
    }
    s->end = at;
    if (any && at < end && (*at == 'e' || *at == 'E')) {
        at = read_exponent(&s->power, at + 1, end);
        if (at) s->end = at;
    }
    return any;
}

const char *ct_decimal_read(double *out, const char *at, const char *end) {
    scan s;
    if (!look(&s, at, end)) return NULL;
    if (s.n > CT_DECIMAL_DIGITS || !ct_decimal_double(out, s.digits, s.power)) {
        char text[MAX_TEXT + 1];
        if (s.end - at > MAX_TEXT) return NULL;
        memcpy(text, at, (size_t)(s.end - at));
        text[s.end - at] = '\0';
        *out = strtod(text, NULL);
        return s.end;
    }
    if (s.negative) *out = -*out;
    return s.end;
}
