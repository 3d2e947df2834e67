// Whether a state lies in its cell (val3dity 702): a ray upwards meets the faces above it an odd
// number of times.
#include <math.h>
#include <string.h>

#include "ingest/indoorgml/indoorgml.h"

// The face's plane at the point's place: *z. False where it stands upright.
static bool height_at(double *z, const double *xyz, uint32_t n, const double p[3]) {
    double normal[3] = {0};
    for (uint32_t i = 0; i < n; i++) {
        const double *a = xyz + 3 * (size_t)i, *b = xyz + 3 * (size_t)((i + 1) % n);
        for (int k = 0; k < 3; k++) {
            const int l = (k + 1) % 3, m = (k + 2) % 3;
            normal[k] += (a[l] - xyz[l]) * (b[m] - xyz[m]) - (a[m] - xyz[m]) * (b[l] - xyz[l]);
        }
    }
    const double upright = 1e-9;
    if (!(fabs(normal[2]) > upright)) return false;
    *z = xyz[2] - (normal[0] * (p[0] - xyz[0]) + normal[1] * (p[1] - xyz[1])) / normal[2];
    return true;
}

// Of all rings from above: within the outside and in no hole.
static bool covers(const ct_city__shape *s, uint32_t ring, uint32_t end, const double p[3]) {
    bool in = false;
    for (; ring < end; ring++) {
        const uint32_t begin = ring ? s->ring_end[ring - 1] : 0;
        for (uint32_t i = begin; i < s->ring_end[ring]; i++) {
            const double *a = s->xyz + 3 * (size_t)i;
            const double *b = s->xyz + 3 * (size_t)(i + 1 < s->ring_end[ring] ? i + 1 : begin);
            if ((a[1] > p[1]) != (b[1] > p[1]) &&
                p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
                in = !in;
        }
    }
    return in;
}

bool ct_indoorgml__inside(const ct_city__object *cell, const double p[3]) {
    bool any = false, in = false;
    for (size_t i = 0; i < cell->n_shapes; i++) {
        const ct_city__shape *s = &cell->shapes[i];
        if (s->kind != CT_CITY__SOLID || s->pattern) continue;
        any = true;
        for (uint32_t f = 0; f < s->n_faces; f++) {
            const uint32_t ring = f ? s->face_end[f - 1] : 0;
            const uint32_t begin = ring ? s->ring_end[ring - 1] : 0;
            double z;
            if (height_at(&z, s->xyz + 3 * (size_t)begin, s->ring_end[ring] - begin, p) &&
                z > p[2] && covers(s, ring, s->face_end[f], p))
                in = !in;
        }
    }
    return in || !any;
}
