// A number for each pair of numbers, in the order in which they come: points on edges.
#ifndef CT_GEO_PAIRS_H
#define CT_GEO_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_geo__pairs {
    uint64_t *keys; // by number: low << 32 | high
    size_t keys_room;
    uint32_t n;
    uint32_t *table; // numbers, open addressing; UINT32_MAX: free
    uint32_t size;   // a power of two
} ct_geo__pairs;     // zeroed at first; _fini frees

// The number of the pair, in either order; *fresh: it is new. CT_NOMEM.
CT_CHECKED ct_err ct_geo__pairs_put(uint32_t *number, bool *fresh, ct_geo__pairs *p, uint32_t a,
                                    uint32_t b);
void ct_geo__pairs_fini(ct_geo__pairs *p);

#endif
