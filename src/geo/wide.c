// Sign and magnitude, 64-bit limbs, smallest first.
#include "geo/wide.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void ct_wide_set(ct_wide *out, ct_int128 v) {
    out->sign = v > 0 ? 1 : v < 0 ? -1 : 0;
    const ct_uint128 u = v < 0 ? -(ct_uint128)v : (ct_uint128)v;
    out->limb[0] = (uint64_t)u;
    out->limb[1] = (uint64_t)(u >> 64);
    out->n = out->limb[1] ? 2 : out->limb[0] ? 1 : 0;
}

static int compare_size(const ct_wide *a, const ct_wide *b) {
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (int i = a->n; i-- > 0;)
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

int ct_wide_compare(const ct_wide *a, const ct_wide *b) {
    if (a->sign != b->sign) return a->sign < b->sign ? -1 : 1;
    return a->sign * compare_size(a, b);
}

static void add_size(ct_wide *out, const ct_wide *a, const ct_wide *b) {
    const ct_wide *l = a->n >= b->n ? a : b, *s = a->n >= b->n ? b : a;
    const int long_n = l->n, short_n = s->n;
    uint64_t carry = 0;
    for (int i = 0; i < long_n; i++) {
        const ct_uint128 sum = (ct_uint128)l->limb[i] + (i < short_n ? s->limb[i] : 0) + carry;
        out->limb[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    out->n = long_n;
    if (carry) {
        assert(out->n < CT_WIDE_LIMBS);
        out->limb[out->n++] = carry;
    }
}

// |a| > |b|
static void sub_size(ct_wide *out, const ct_wide *a, const ct_wide *b) {
    const int n = a->n, short_n = b->n;
    uint64_t borrow = 0;
    for (int i = 0; i < n; i++) {
        const uint64_t x = a->limb[i], y = i < short_n ? b->limb[i] : 0;
        out->limb[i] = x - y - borrow;
        borrow = x < y || (x == y && borrow);
    }
    out->n = n;
    while (out->n && out->limb[out->n - 1] == 0) out->n--;
}

static void add_signed(ct_wide *out, const ct_wide *a, const ct_wide *b, int b_sign) {
    const int a_sign = a->sign;
    if (a_sign == 0 || b_sign == 0) {
        const int sign = a_sign ? a_sign : b_sign;
        if (a_sign == 0)
            *out = *b;
        else if (out != a)
            *out = *a;
        out->sign = sign;
        return;
    }
    if (a_sign == b_sign) {
        add_size(out, a, b);
        out->sign = a_sign;
        return;
    }
    const int order = compare_size(a, b);
    if (order == 0) {
        out->sign = out->n = 0;
        return;
    }
    if (order > 0)
        sub_size(out, a, b);
    else
        sub_size(out, b, a);
    out->sign = order > 0 ? a_sign : b_sign;
}

void ct_wide_add(ct_wide *out, const ct_wide *a, const ct_wide *b) {
    add_signed(out, a, b, b->sign);
}

void ct_wide_sub(ct_wide *out, const ct_wide *a, const ct_wide *b) {
    add_signed(out, a, b, -b->sign);
}

void ct_wide_mul(ct_wide *out, const ct_wide *a, const ct_wide *b) {
    out->sign = a->sign * b->sign;
    out->n = 0;
    if (out->sign == 0) return;
    const int n = a->n + b->n;
    assert(n <= CT_WIDE_LIMBS);
    memset(out->limb, 0, (size_t)n * sizeof *out->limb);
    for (int i = 0; i < a->n; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < b->n; j++) {
            const ct_uint128 t = (ct_uint128)a->limb[i] * b->limb[j] + out->limb[i + j] + carry;
            out->limb[i + j] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        out->limb[i + b->n] = carry;
    }
    out->n = out->limb[n - 1] ? n : n - 1;
}

// a = result * 2^*exponent, about.
static double leading(const ct_wide *a, int *exponent) {
    if (a->n == 0) {
        *exponent = 0;
        return 0;
    }
    const double high = (double)a->limb[a->n - 1];
    const double low = a->n > 1 ? (double)a->limb[a->n - 2] : 0;
    *exponent = 64 * (a->n - 1);
    return a->sign * (high + low * 0x1p-64);
}

static double ratio(const ct_wide *a, const ct_wide *b) {
    int ea, eb;
    const double x = leading(a, &ea), y = leading(b, &eb);
    return ldexp(x / y, ea - eb);
}

int64_t ct_wide_quotient(const ct_wide *a, int shift, const ct_wide *b) {
    ct_wide power, rest, step, part;
    ct_wide_set(&power, (ct_int128)1 << shift);
    ct_wide_mul(&rest, a, &power);
    int64_t quotient = 0;
    for (int round = 0; round < 3; round++) { // 50 bits, 50 more, and what rounding left
        const int64_t q = (int64_t)floor(ratio(&rest, b));
        if (q == 0 && round) break;
        quotient += q;
        ct_wide_set(&step, q);
        ct_wide_mul(&part, &step, b);
        ct_wide_sub(&rest, &rest, &part);
    }
    for (; rest.sign < 0; quotient--) ct_wide_add(&rest, &rest, b);
    for (; ct_wide_compare(&rest, b) >= 0; quotient++) ct_wide_sub(&rest, &rest, b);
    return quotient;
}
