// Faces that are not quite flat: their area and volume depend on how they are cut into triangles,
// and readers cut them as this program does. So their rings begin where that gives the triangles
// that are there.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export/city/city.h"
#include "export/city/room.h"
#include "geo/triangulate.h"

typedef struct corners { // of a triangle, the lowest first
    uint32_t at[3];
} corners;

static int by_corners(const void *left, const void *right) {
    const corners *a = left, *b = right;
    for (int k = 0; k < 3; k++)
        if (a->at[k] != b->at[k]) return a->at[k] < b->at[k] ? -1 : 1;
    return 0;
}

static void sort_corners(corners *out, const uint32_t *triangles, uint32_t n) {
    for (uint32_t t = 0; t < n; t++) {
        const uint32_t *of = triangles + 3 * (size_t)t;
        const uint32_t low = of[0] < of[1] ? (of[0] < of[2] ? 0 : 2) : (of[1] < of[2] ? 1 : 2);
        for (uint32_t k = 0; k < 3; k++) out[t].at[k] = of[(low + k) % 3];
    }
    qsort(out, n, sizeof *out, by_corners);
}

static void turn(uint32_t *ring, uint32_t n) {
    const uint32_t first = ring[0];
    memmove(ring, ring + 1, (n - 1) * sizeof *ring);
    ring[n - 1] = first;
}

// To the last bit: the cut of a rectangle may depend on it. Whole metres less change no bit.
static ct_err snap(ct_cityout__shapes *s, const ct_body_part *part) {
    const size_t n = part->mesh->n_points;
    double origin[3] = {0};
    CT_TRY(ct_cityout__room(&s->snapped, &s->snapped_room, 0, 3 * n, sizeof *s->snapped));
    for (size_t i = 0; i < n; i++) {
        double at[3];
        ct_cityout__point p;
        ct_affine_point(at, &part->place, part->mesh->xyz + 3 * i);
        CT_TRY(ct_cityout__quantise(&p, at));
        for (int k = 0; k < 3; k++) {
            const double x = (double)p.at[k] / CT_CITYOUT__STEPS_A_METRE;
            if (i == 0) origin[k] = floor(x);
            s->snapped[3 * i + (size_t)k] = x - origin[k];
        }
    }
    s->n_snapped = n;
    return CT_OK;
}

ct_err ct_cityout__find_turn(bool *found, ct_cityout__shapes *s, const ct_body_part *part,
                             uint32_t begin, uint32_t end, uint32_t *points,
                             const uint32_t *ring_end, uint32_t n_rings) {
    enum { MOST_TURNS = 32 };
    const ct_mesh *mesh = part->mesh;
    *found = false;
    if (s->n_snapped == 0) CT_TRY(snap(s, part));
    const uint32_t n = end - begin;
    corners *want = ct_calloc(2 * (size_t)n, sizeof *want), *got = want ? want + n : NULL;
    ct_err err = want ? CT_OK : CT_NOMEM;
    if (err == CT_OK) sort_corners(want, mesh->triangles + 3 * (size_t)begin, n);
    for (uint32_t k = 0; k < ring_end[0] && k < MOST_TURNS && err == CT_OK && !*found; k++) {
        ct_triangles cut;
        if (k) turn(points, ring_end[0]);
        err = ct_triangulate(&cut, s->triangulator, s->snapped, points, ring_end, n_rings);
        if (err != CT_OK || cut.n != n) continue;
        sort_corners(got, cut.corners, n);
        *found = memcmp(got, want, n * sizeof *want) == 0;
    }
    ct_free(want);
    return err;
}
