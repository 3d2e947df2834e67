// Decimal numbers. Where the digits fit into 53 bits and the power of ten is exact, so is their
// quotient or product (W. Clinger, How to read floating point numbers accurately, 1990); the rest
// is left to the C library, whose locale this program never sets.
#include <math.h>
#include <stdlib.h>

#include "ingest/ifc/step/scan.h"
#include "ingest/ifc/step/step.h"

enum { MAX_TEXT = 400, MAX_POWER = 22 };

static const double powers[MAX_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                             1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                             1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool by_library(double *out, const char *at, const char *end) {
    char text[MAX_TEXT + 1], *behind = NULL;
    if (end - at > MAX_TEXT) return false;
    memcpy(text, at, (size_t)(end - at));
    text[end - at] = '\0';
    *out = strtod(text, &behind);
    return *behind == '\0' && isfinite(*out);
}

static const char *read_exponent(int *out, const char *at, const char *end) {
    const bool negative = at < end && *at == '-';
    int value = 0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return NULL;
    for (; at < end && ct_step__is_digit(*at); at++)
        if (value < 10000) value = 10 * value + (*at - '0');
    *out = negative ? -value : value;
    return at;
}

bool ct_step__decimal(double *out, const char *at, const char *end) {
    const char *c = at;
    const bool negative = c < end && *c == '-';
    uint64_t digits = 0;
    int n = 0, after_point = 0, exponent = 0;
    bool point = false, any = false;
    if (c < end && (*c == '-' || *c == '+')) c++;
    for (; c < end && (ct_step__is_digit(*c) || (*c == '.' && !point)); c++) {
        if (*c == '.') {
            point = true;
            continue;
        }
        if (n < 19) digits = 10 * digits + (uint64_t)(*c - '0');
        any = true;
        n += digits > 0;
        after_point += point;
    }
    if (c < end && (*c == 'E' || *c == 'e')) {
        c = read_exponent(&exponent, c + 1, end);
        if (!c) return false;
    }
    if (c != end || !any) return false;
    const int power = exponent - after_point;
    if (n > 19 || digits > 1ULL << 53 || power > MAX_POWER || power < -MAX_POWER)
        return by_library(out, at, end);
    const double value =
        power < 0 ? (double)digits / powers[-power] : (double)digits * powers[power];
    *out = negative ? -value : value;
    return true;
}
