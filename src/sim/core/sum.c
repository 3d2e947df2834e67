// Block sums over arrays: see sum.h for why the result does not depend on the number of threads.
#include "sim/core/sum.h"

typedef struct block_job {
    const double *values;
    size_t n;
    ct_sum *blocks;
} block_job;

static void sum_block(void *context, size_t block) {
    const block_job *job = context;
    size_t first = block * CT_SUM_BLOCK;
    size_t end = first + CT_SUM_BLOCK < job->n ? first + CT_SUM_BLOCK : job->n;
    ct_sum acc = {0};
    for (size_t i = first; i < end; i++) ct_sum_add(&acc, job->values[i]);
    job->blocks[block] = acc;
}

size_t ct_sum_blocks(size_t n) {
    return n / CT_SUM_BLOCK + (n % CT_SUM_BLOCK != 0);
}

double ct_sum_array(ct_pool *pool, const double *values, size_t n, ct_sum *blocks) {
    block_job job = {values, n, blocks};
    size_t count = ct_sum_blocks(n);
    if (pool) {
        ct_pool_run(pool, count, sum_block, &job);
    } else {
        for (size_t b = 0; b < count; b++) sum_block(&job, b);
    }
    ct_sum total = {0};
    for (size_t b = 0; b < count; b++) {
        ct_sum_add(&total, blocks[b].sum);
        ct_sum_add(&total, blocks[b].carry);
    }
    return ct_sum_value(&total);
}
