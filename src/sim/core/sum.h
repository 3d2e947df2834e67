// Sums with the same bits for any number of threads: terms are added in blocks of fixed length,
// each in order, and the block sums are added in order, all with Neumaier's compensation (Neumaier
// 1974), so the error stays near one rounding.
#ifndef CT_SIM_CORE_SUM_H
#define CT_SIM_CORE_SUM_H

#include <math.h>
#include <stddef.h>

#include "base/pool.h"

// A running compensated sum; value = sum + carry. Start with {0}.
typedef struct ct_sum {
    double sum, carry;
} ct_sum;

static inline void ct_sum_add(ct_sum *acc, double term) {
    double total = acc->sum + term;
    acc->carry +=
        fabs(acc->sum) >= fabs(term) ? (acc->sum - total) + term : (term - total) + acc->sum;
    acc->sum = total;
}

static inline double ct_sum_value(const ct_sum *acc) {
    return acc->sum + acc->carry;
}

enum { CT_SUM_BLOCK = 4096 }; // terms a block: part of the definition of the result

// How many block sums ct_sum_array needs for n terms.
size_t ct_sum_blocks(size_t n);

// The sum of values[0..n). `blocks` is scratch of ct_sum_blocks(n) sums; pool may be NULL (then one
// thread).
double ct_sum_array(ct_pool *pool, const double *values, size_t n, ct_sum *blocks);

#endif
