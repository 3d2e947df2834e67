// Numbers of the JSON writer: integers and coordinates by integer arithmetic, other doubles in the
// shortest form that reads back the same.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonw.h"

static const double powers_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

enum { MAX_DECIMALS = 9, NUMBER_BYTES = 32 };

static const char digit_pairs[] = "0001020304050607080910111213141516171819"
                                  "2021222324252627282930313233343536373839"
                                  "4041424344454647484950515253545556575859"
                                  "6061626364656667686970717273747576777879"
                                  "8081828384858687888990919293949596979899";

// Writes `value` so that it ends before `end`; returns its first digit.
static char *digits_before(char *end, uint64_t value) {
    while (value >= 100) {
        end -= 2;
        memcpy(end, digit_pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value < 10) {
        *--end = (char)('0' + value);
        return end;
    }
    end -= 2;
    memcpy(end, digit_pairs + 2 * value, 2);
    return end;
}

// mantissa / 10^decimals without trailing zeros.
static void put_decimal(ct_jsonw *w, bool negative, uint64_t mantissa, int decimals) {
    char text[NUMBER_BYTES];
    char *end = text + sizeof text, *p = end;
    while (decimals > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        decimals--;
    }
    if (decimals > 0) {
        uint64_t scale = (uint64_t)powers_of_ten[decimals];
        p = digits_before(p, mantissa % scale);
        while (p > end - decimals) *--p = '0';
        *--p = '.';
        mantissa /= scale;
        negative = negative && (mantissa || p < end);
        p = digits_before(p, mantissa);
    } else {
        p = digits_before(p, mantissa);
    }
    if (negative) *--p = '-';
    ct_jsonw_raw(w, p, (size_t)(end - p));
}

void ct_jsonw_int(ct_jsonw *w, int64_t value) {
    put_decimal(w, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0);
}

void ct_jsonw_fixed(ct_jsonw *w, double value, int decimals) {
    if (decimals < 0) decimals = 0;
    if (decimals > MAX_DECIMALS) decimals = MAX_DECIMALS;
    double scaled = fabs(value) * powers_of_ten[decimals];
    if (!(scaled < 0x1p53)) { // such a number has no decimals to round; or it is not finite
        ct_jsonw_double(w, value);
        return;
    }
    uint64_t mantissa = (uint64_t)llrint(scaled);
    put_decimal(w, value < 0 && mantissa != 0, mantissa, decimals);
}

// Most doubles that people write are a short decimal. With m < 2^53 and 10^k exact, m / 10^k is the
// double nearest to the decimal (one correctly rounded division of exact numbers), so equality
// proves that the decimal reads back as `value`; the first k that fits gives the fewest digits.
static bool put_short_decimal(ct_jsonw *w, double value) {
    double magnitude = fabs(value);
    if (!(magnitude < 1e15) || (magnitude < 1e-5 && magnitude > 0)) return false;
    for (int k = 0; k <= MAX_DECIMALS; k++) {
        double scaled = magnitude * powers_of_ten[k];
        if (!(scaled < 1e15)) return false;
        double mantissa = rint(scaled);
        if (mantissa / powers_of_ten[k] != magnitude) continue;
        if (mantissa == 0 && signbit(value))
            ct_jsonw_raw(w, "-0.0", 4); // "-0" would read as the integer 0
        else
            put_decimal(w, value < 0, (uint64_t)mantissa, k);
        return true;
    }
    return false;
}

void ct_jsonw_double(ct_jsonw *w, double value) {
    if (!isfinite(value)) {
        ct_jsonw_null(w);
        return;
    }
    if (put_short_decimal(w, value)) return;
    // A normal double keeps any 15 digits, so fewer than 15 show as dropped zeros; subnormals have
    // fewer digits.
    char text[NUMBER_BYTES];
    for (int precision = isnormal(value) ? 15 : 1; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, value);
        if (strtod(text, NULL) == value) break;
    }
    char *comma = strchr(text, ','); // the decimal sign of the process's locale
    if (comma) *comma = '.';
    ct_jsonw_raw(w, text, strlen(text));
}
