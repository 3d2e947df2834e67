// The sparse solver against dense elimination, on networks with loops and parallel edges.
#include "cmk.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sim/core/sparse.h"

enum { N = 40, EDGES = 90 };

static void dense_solve(double a[N][N], double *x) {
    for (int k = 0; k < N; k++) {
        for (int i = k + 1; i < N; i++) {
            double factor = a[i][k] / a[k][k];
            for (int j = k; j < N; j++) a[i][j] -= factor * a[k][j];
            x[i] -= factor * x[k];
        }
    }
    for (int k = N - 1; k >= 0; k--) {
        for (int j = k + 1; j < N; j++) x[k] -= a[k][j] * x[j];
        x[k] /= a[k][k];
    }
}

static void as_dense_elimination(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double a[N][N] = {{0}}, right[N], x[N];
        int32_t ends[EDGES][2];
        ct_sparse s;
        for (int e = 0; e < EDGES; e++) {
            ends[e][0] = (int32_t)ct_rng_range(0, N, seed, e, 0, 0);
            ends[e][1] = (int32_t)ct_rng_range(0, N, seed, e, 0, 1);
            if (ends[e][1] == ends[e][0]) ends[e][1] = -1; // an edge with but one end
        }
        assert_int_equal(ct_sparse_new(&s, N, ends, EDGES), CT_OK);
        for (int again = 0; again < 2; again++) { // the second time from a factored matrix
            ct_sparse_clear(&s);
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) a[i][j] = 0;
                a[i][i] = 0.01;
                x[i] = right[i] = ct_rng_range(-1, 1, seed, i, 0, 2);
            }
            for (int e = 0; e < EDGES; e++) {
                int i = ends[e][0], j = ends[e][1];
                double up = ct_rng_unit(seed, e, 0, 3), down = ct_rng_unit(seed, e, 0, 4);
                a[i][i] += up;
                if (j < 0) continue;
                a[j][j] += down;
                a[i][j] -= down;
                a[j][i] -= up;
                ct_sparse_add(&s, e, -down, -up);
            }
            for (int i = 0; i < N; i++) ct_sparse_add_diagonal(&s, i, a[i][i]);
            ct_sparse_solve(&s, right);
            dense_solve(a, x);
            for (int i = 0; i < N; i++) assert_near(right[i], x[i], 1e-10 * (1 + fabs(x[i])));
        }
        ct_sparse_free(&s);
    }
}

// A chain with branches fills nothing in: as many entries as edges.
static void a_tree_has_no_fill(void **state) {
    (void)state;
    int32_t ends[N - 1][2];
    for (int i = 1; i < N; i++) {
        ends[i - 1][0] = i;
        ends[i - 1][1] = i % 7 == 0 ? i / 2 : i - 1;
    }
    ct_sparse s;
    assert_int_equal(ct_sparse_new(&s, N, ends, N - 1), CT_OK);
    assert_int_equal(s.entries, N - 1);
    ct_sparse_free(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_dense_elimination),
        cmocka_unit_test(a_tree_has_no_fill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
