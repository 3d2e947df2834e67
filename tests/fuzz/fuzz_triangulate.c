// Any bytes as rings over a coarse grid, tilted or not: every edge of every ring is kept, and what
// GEOS calls a valid polygon is cut into triangles that do not overlap.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "geo/geos.h"
#include "geo/triangulate.h"

enum { MAX_POINTS = 64, MAX_RINGS = 8 };

typedef struct rings {
    double xy[2 * MAX_POINTS], xyz[3 * MAX_POINTS];
    uint32_t points[MAX_POINTS], end[MAX_RINGS];
    uint32_t n, n_rings;
} rings;

// A byte a point, 16 x 16; 255 ends a ring.
static void read_rings(rings *r, const uint8_t *data, size_t size, int tilt) {
    uint32_t begin = 0;
    for (size_t i = 0; i <= size && r->n < MAX_POINTS && r->n_rings < MAX_RINGS; i++) {
        if (i == size || data[i] == 255) {
            if (r->n - begin < 3)
                r->n = begin;
            else
                r->end[r->n_rings++] = r->n;
            begin = r->n;
            continue;
        }
        const double x = data[i] % 16, y = data[i] / 16;
        r->xy[2 * r->n] = x;
        r->xy[2 * r->n + 1] = y;
        const double p[3] = {tilt ? 0.6 * x : x, y, tilt ? 0.8 * x : 0};
        memcpy(r->xyz + 3 * (size_t)r->n, p, sizeof p);
        r->points[r->n] = r->n;
        r->n++;
    }
    r->n = r->n_rings ? r->end[r->n_rings - 1] : 0;
}

static int balance_of(const ct_triangles *t, uint32_t a, uint32_t b) {
    int balance = 0;
    for (uint32_t e = 0; e < 3 * t->n; e++) {
        const uint32_t p = t->corners[e], q = t->corners[e % 3 == 2 ? e - 2 : e + 1];
        balance += (p == a && q == b) - (p == b && q == a);
    }
    return balance;
}

static void check_edges(const ct_triangles *t, const rings *r) {
    uint32_t begin = 0;
    for (uint32_t ring = 0; ring < r->n_rings; begin = r->end[ring++])
        for (uint32_t i = begin; i < r->end[ring]; i++) {
            const int balance =
                balance_of(t, r->points[i], r->points[i + 1 < r->end[ring] ? i + 1 : begin]);
            FUZZ_MUST(balance == 1 || balance == -1);
        }
    // And nothing else is on the border.
    for (uint32_t e = 0; e < 3 * t->n; e++) {
        const uint32_t p = t->corners[e], q = t->corners[e % 3 == 2 ? e - 2 : e + 1];
        if (balance_of(t, p, q) == 0) continue;
        const uint32_t low = p < q ? p : q, high = p ^ q ^ low;
        bool of_ring = false;
        uint32_t first = 0;
        for (uint32_t ring = 0; ring < r->n_rings; first = r->end[ring++])
            of_ring |= (high == low + 1 && high < r->end[ring] && low >= first) ||
                       (low == first && high == r->end[ring] - 1);
        FUZZ_MUST(of_ring);
    }
}

static bool is_valid(const rings *r) {
    double xy[2 * (MAX_POINTS + MAX_RINGS)];
    uint32_t end[MAX_RINGS], part = r->n_rings, n = 0, begin = 0;
    for (uint32_t ring = 0; ring < r->n_rings; begin = r->end[ring++]) {
        const uint32_t count = r->end[ring] - begin;
        memcpy(xy + 2 * (size_t)n, r->xy + 2 * (size_t)begin, 2 * count * sizeof *xy);
        memcpy(xy + 2 * (size_t)(n + count), r->xy + 2 * (size_t)begin, 2 * sizeof *xy);
        n += count + 1;
        end[ring] = n;
    }
    const ct_geom g = {CT_GEOM_POLYGON, false, n, r->n_rings, 1, xy, end, &part};
    return ct_geos_check(&g) == CT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 4) return 0;
    static rings r; // large
    memset(&r, 0, sizeof r);
    read_rings(&r, data + 1, size - 1, data[0] & 1);
    if (r.n_rings == 0) return 0;
    ct_triangulator *t = ct_triangulator_new();
    FUZZ_MUST(t);
    ct_triangles out;
    FUZZ_MUST(ct_triangulate(&out, t, r.xyz, r.points, r.end, r.n_rings) == CT_OK);
    if (out.n) check_edges(&out, &r);
    if (is_valid(&r)) FUZZ_MUST(out.n > 0 && out.sound);
    ct_triangulator_free(t);
    return 0;
}
