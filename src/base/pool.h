// The one thread pool. Parallel loops are cut statically, so that who computes what depends on the
// number of parts alone; sums must be made per part and added in order of the parts by the caller.
#ifndef CT_BASE_POOL_H
#define CT_BASE_POOL_H

#include <stddef.h>

typedef struct ct_pool ct_pool;

// `threads` counts the caller too: 1 starts no thread; 0 = as many as there are cores. NULL when
// out of memory.
ct_pool *ct_pool_new(int threads);
void ct_pool_free(ct_pool *pool);
int ct_pool_threads(const ct_pool *pool);

// Runs work(context, part) for part 0..parts-1 and returns when all are done. Thread t gets the
// parts [t * parts / T, (t + 1) * parts / T) in order. Not to be nested; one loop at a time per
// pool.
void ct_pool_run(ct_pool *pool, size_t parts, void (*work)(void *context, size_t part),
                 void *context);

#endif
