// The thread pool: each part once, by the thread that the cut says, again and again.
#include "cmk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"

enum { PARTS = 1000 };

typedef struct job {
    int count[PARTS];
    pthread_t by[PARTS];
    double sum[PARTS];
} job;

static void mark(void *context, size_t part) {
    job *j = context;
    j->count[part]++;
    j->by[part] = pthread_self();
    double sum = 0;
    for (size_t i = 0; i < 50; i++) sum += 1.0 / (double)(part * 50 + i + 1);
    j->sum[part] = sum;
}

static void each_part_once_by_its_thread(void **state) {
    (void)state;
    job *j = ct_alloc(sizeof *j);
    for (int threads = 1; threads <= 5; threads++) {
        ct_pool *pool = ct_pool_new(threads);
        assert_int_equal(ct_pool_threads(pool), threads);
        for (size_t parts = 0; parts <= PARTS; parts = parts * 3 + 1) {
            memset(j, 0, sizeof *j);
            ct_pool_run(pool, parts, mark, j);
            for (size_t p = 0; p < PARTS; p++) assert_int_equal(j->count[p], p < parts);
            if (parts < (size_t)threads || parts < 2) continue;   // else some shares are empty
            for (size_t t = 0, n = (size_t)threads; t < n; t++) { // one thread within each share
                size_t from = t * parts / n, to = (t + 1) * parts / n;
                for (size_t p = from; p < to; p++)
                    assert_true(pthread_equal(j->by[p], j->by[from]));
                if (from > 0 && from < to)
                    assert_false(pthread_equal(j->by[from], j->by[from - 1]));
            }
            assert_true(pthread_equal(j->by[0], pthread_self())); // thread 0 is the caller
        }
        ct_pool_free(pool);
    }
    ct_free(j);
}

static void sums_do_not_depend_on_threads(void **state) {
    (void)state;
    job *j = ct_alloc(sizeof *j);
    double first = 0;
    for (int threads = 1; threads <= 4; threads++) {
        ct_pool *pool = ct_pool_new(threads);
        memset(j, 0, sizeof *j);
        ct_pool_run(pool, PARTS, mark, j);
        double total = 0;
        for (size_t p = 0; p < PARTS; p++) total += j->sum[p];
        if (threads == 1) first = total;
        assert_memory_equal(&total, &first, sizeof total);
        ct_pool_free(pool);
    }
    ct_free(j);
}

static void add(void *context, size_t part) {
    ((long *)context)[part * 16]++;
}

static void many_short_loops(void **state) {
    (void)state;
    long counts[4 * 16] = {0};
    ct_pool *pool = ct_pool_new(4); // more threads than cores here or there: sleeping and waking
    for (int i = 0; i < 3000; i++) ct_pool_run(pool, 4, add, counts);
    ct_pool_free(pool);
    pool = ct_pool_new(2);
    for (int i = 0; i < 20000; i++) ct_pool_run(pool, 4, add, counts);
    ct_pool_free(pool);
    for (int t = 0; t < 4; t++) assert_int_equal(counts[t * 16], 23000);
}

static void as_many_threads_as_cores(void **state) {
    (void)state;
    ct_pool *pool = ct_pool_new(0);
    assert_in_range(ct_pool_threads(pool), 1, 1024);
    ct_pool_free(pool);
    ct_pool_free(NULL);
    pool = ct_pool_new(3); // started and never used
    ct_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_once_by_its_thread),
        cmocka_unit_test(sums_do_not_depend_on_threads),
        cmocka_unit_test(many_short_loops),
        cmocka_unit_test(as_many_threads_as_cores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
