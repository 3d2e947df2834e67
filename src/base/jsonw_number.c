// Numbers of the JSON writer: integers and coordinates by integer arithmetic, other doubles in the
// shortest form that reads back the same.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonw.h"

static const double powers_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
static const uint32_t scales[] = {1,      10,      100,      1000,      10000,
                                  100000, 1000000, 10000000, 100000000, 1000000000};

enum { MAX_DECIMALS = 9, NUMBER_BYTES = CT_JSONW_FIXED_BYTES };

static const char digit_pairs[] = "0001020304050607080910111213141516171819"
                                  "2021222324252627282930313233343536373839"
                                  "4041424344454647484950515253545556575859"
                                  "6061626364656667686970717273747576777879"
                                  "8081828384858687888990919293949596979899";

// Writes the last `n` digits of `value` at `to`.
static void put_digits(char *to, int n, uint32_t value) {
    for (; n >= 2; n -= 2, value /= 100) memcpy(to + n - 2, digit_pairs + 2 * (value % 100), 2);
    if (n) *to = (char)('0' + value % 10);
}

static int count_digits(uint32_t value) {
    int n = 1;
    for (; value >= 10000; value /= 10000) n += 4;
    return n + (value >= 10) + (value >= 100) + (value >= 1000);
}

// Writes the digits of `value` at `to`; returns their end.
static char *whole_at(char *to, uint64_t value) {
    enum { PART = 1000000000, DIGITS = 9 };
    if (value >= PART) {
        to = whole_at(to, value / PART);
        put_digits(to, DIGITS, (uint32_t)(value % PART));
        return to + DIGITS;
    }
    const int n = count_digits((uint32_t)value);
    put_digits(to, n, (uint32_t)value);
    return to + n;
}

// mantissa / 10^decimals, cut off. Of the decimals of degrees and metres the compiler knows the
// divisor, which spares the division.
static uint64_t whole_of(uint64_t mantissa, int decimals) {
    switch (decimals) {
    case 0: return mantissa;
    case 3: return mantissa / 1000;
    case 7: return mantissa / 10000000;
    default: return mantissa / scales[decimals];
    }
}

// Writes mantissa / 10^decimals without trailing zeros at `to`; returns its end.
static char *decimal_at(char *to, bool negative, uint64_t mantissa, int decimals) {
    const uint64_t whole = whole_of(mantissa, decimals);
    const uint32_t fraction = (uint32_t)(mantissa - whole * scales[decimals]);
    if (negative) *to++ = '-';
    to = whole_at(to, whole);
    if (!fraction) return to;
    *to++ = '.';
    put_digits(to, decimals, fraction);
    to += decimals;
    while (to[-1] == '0') to--;
    return to;
}

static void put_decimal(ct_jsonw *w, bool negative, uint64_t mantissa, int decimals) {
    char text[NUMBER_BYTES];
    ct_jsonw_raw(w, text, (size_t)(decimal_at(text, negative, mantissa, decimals) - text));
}

void ct_jsonw_int(ct_jsonw *w, int64_t value) {
    put_decimal(w, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0);
}

char *ct_jsonw_fixed_at(char *to, double value, int decimals) {
    if (decimals < 0) decimals = 0;
    if (decimals > MAX_DECIMALS) decimals = MAX_DECIMALS;
    double scaled = fabs(value) * powers_of_ten[decimals];
    if (!(scaled < 0x1p53)) return NULL;
    uint64_t mantissa = (uint64_t)llrint(scaled);
    return decimal_at(to, value < 0 && mantissa != 0, mantissa, decimals);
}

void ct_jsonw_fixed(ct_jsonw *w, double value, int decimals) {
    char text[NUMBER_BYTES], *end = ct_jsonw_fixed_at(text, value, decimals);
    if (end)
        ct_jsonw_raw(w, text, (size_t)(end - text));
    else
        ct_jsonw_double(w, value); // it has no decimals to round, or is not finite
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
