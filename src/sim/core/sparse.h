// A sparse linear solver for the M-matrices of networks: structurally symmetric, columns dominated
// by their diagonal, hence LU without pivoting (growth at most 2). The order of elimination is
// minimum degree, found once; a network is nearly a tree, so there is nearly no fill. A fixed order
// and no allocation make the factors the same bytes on every run. KLU would do the same work with
// a pivot search that such a matrix does not need.
#ifndef CT_SIM_CORE_SPARSE_H
#define CT_SIM_CORE_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_sparse {
    size_t n, entries, pairs;
    uint32_t *order; // order[k]: the unknown that is eliminated k-th
    size_t *start;   // n + 1: the entries of step k
    uint32_t *later; // each entry's other unknown, by its place in the order, ascending
    size_t *pair; // for step k, for each two of its entries in order: the entry that they meet in
    size_t *edge; // of each edge: its entry, or SIZE_MAX where it has but one end
    uint8_t *turned;       // of each edge: b is eliminated before a
    double *diagonal;      // n, by place
    double *upper, *lower; // of each entry: (k, later) and (later, k)
    double *x;             // n, by place
    uint32_t *place;       // place[unknown]
} ct_sparse;

// For n unknowns and edges between ends[e][0] and ends[e][1] (negative: none). CT_NOMEM; CT_LIMIT:
// fill beyond 2^28 pairs.
ct_err ct_sparse_new(ct_sparse *out, size_t n, int32_t (*ends)[2], size_t edges);
void ct_sparse_free(ct_sparse *sparse);

void ct_sparse_clear(ct_sparse *sparse);
// Adds to (a, b) and (b, a) of an edge.
void ct_sparse_add(ct_sparse *sparse, size_t edge, double ab, double ba);
void ct_sparse_add_diagonal(ct_sparse *sparse, size_t unknown, double value);
// Solves for the right side and overwrites it; the matrix becomes its factors. diagonals must be
// > 0.
void ct_sparse_solve(ct_sparse *sparse, double *right);

#endif
