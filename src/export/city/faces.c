// From triangles back to polygons: the faces of a mesh with their holes, on whole numbers.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export/city/city.h"
#include "export/city/room.h"
#include "geo/outline.h"
#include "geo/wide.h"

#define FLAT_M 3e-5 // so near to its plane a face may be cut into any triangles
#define BENT_M 0.01 // one whose points lie farther from it stays triangles (val3dity 203)

typedef struct plane {
    double normal[3]; // of length 1
    double area_m2;   // of the face's triangles, each by itself
} plane;

static const double *corner(const ct_mesh *m, uint32_t triangle, int k) {
    return m->xyz + 3 * (size_t)m->triangles[3 * (size_t)triangle + k];
}

static void cross_of(double out[3], const double *a, const double *b, const double *c) {
    double u[3], v[3];
    for (int k = 0; k < 3; k++) {
        u[k] = b[k] - a[k];
        v[k] = c[k] - a[k];
    }
    for (int k = 0; k < 3; k++)
        out[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
}

// False where the face has no area.
static bool plane_of(plane *out, const ct_mesh *m, uint32_t begin, uint32_t end) {
    *out = (plane){0};
    for (uint32_t t = begin; t < end; t++) {
        double n[3];
        cross_of(n, corner(m, t, 0), corner(m, t, 1), corner(m, t, 2));
        for (int k = 0; k < 3; k++) out->normal[k] += n[k];
        out->area_m2 += sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) / 2;
    }
    const double *n = out->normal, length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    if (!(length > 0)) return false;
    for (int k = 0; k < 3; k++) out->normal[k] /= length;
    return true;
}

// How far its points lie apart across the plane.
static double bend_of(const plane *p, const ct_mesh *m, uint32_t begin, uint32_t end) {
    double low = 0, high = 0;
    for (uint32_t t = begin; t < end; t++)
        for (int k = 0; k < 3; k++) {
            const double *a = corner(m, begin, 0), *b = corner(m, t, k);
            const double off = (b[0] - a[0]) * p->normal[0] + (b[1] - a[1]) * p->normal[1] +
                               (b[2] - a[2]) * p->normal[2];
            low = fmin(low, off);
            high = fmax(high, off);
        }
    return high - low;
}

// Of the polygons, holes taken out.
static double area_of(const ct_rings *r, const double *xyz, const double normal[3]) {
    double sum = 0;
    for (uint32_t ring = 0, begin = 0; ring < r->n_rings; begin = r->ring_end[ring++]) {
        const double *a = xyz + 3 * (size_t)r->points[begin];
        for (uint32_t i = begin + 1; i + 1 < r->ring_end[ring]; i++) {
            double n[3];
            cross_of(n, a, xyz + 3 * (size_t)r->points[i], xyz + 3 * (size_t)r->points[i + 1]);
            sum += (n[0] * normal[0] + n[1] * normal[1] + n[2] * normal[2]) / 2;
        }
    }
    return sum;
}

// ---- rings --------------------------------------------------------------------------------------

typedef struct maker {
    ct_cityout__shapes *s;
    const ct_body_part *part;
    bool mirrored;
    uint32_t material;
} maker;

static ct_err point_of(ct_cityout__point *out, const maker *m, uint32_t of) {
    double at[3];
    ct_affine_point(at, &m->part->place, m->part->mesh->xyz + 3 * (size_t)of);
    return ct_cityout__quantise(out, at);
}

static int compare(const ct_cityout__point *a, const ct_cityout__point *b) {
    for (int k = 0; k < 3; k++)
        if (a->at[k] != b->at[k]) return a->at[k] < b->at[k] ? -1 : 1;
    return 0;
}

// Rings begin at their lowest point, whatever the mesh's numbers are: so a second export has them
// alike.
static void turn_to_lowest(ct_cityout__shapes *s, size_t begin) {
    uint32_t *ring = s->corners + begin;
    const size_t n = s->n_corners - begin;
    size_t low = 0;
    for (size_t i = 1; i < n; i++)
        if (compare(&s->points.all[ring[i]], &s->points.all[ring[low]]) < 0) low = i;
    for (; low; low--) {
        const uint32_t first = ring[0];
        memmove(ring, ring + 1, (n - 1) * sizeof *ring);
        ring[n - 1] = first;
    }
}

// Whether all points lie on one line, to the step: readers would leave the ring out, or not, by the
// last bits of their numbers.
static bool is_line(const ct_cityout__shapes *s, size_t begin) {
    const int64_t *a = s->points.all[s->corners[begin]].at;
    const int64_t *b = s->points.all[s->corners[begin + 1]].at;
    for (size_t i = begin + 2; i < s->n_corners; i++) {
        const int64_t *c = s->points.all[s->corners[i]].at;
        for (int k = 0; k < 3; k++) {
            const int l = (k + 1) % 3;
            if ((ct_int128)(b[k] - a[k]) * (c[l] - a[l]) !=
                (ct_int128)(b[l] - a[l]) * (c[k] - a[k]))
                return false;
        }
    }
    return true;
}

// A ring of the mesh's points; one without area is none.
static ct_err add_ring(bool *added, const maker *m, const uint32_t *points, uint32_t n,
                       bool as_it_is) {
    ct_cityout__shapes *s = m->s;
    const size_t begin = s->n_corners;
    *added = false;
    CT_TRY(ct_cityout__room(&s->corners, &s->corner_room, begin, n, sizeof *s->corners));
    for (uint32_t i = 0; i < n; i++) {
        ct_cityout__point p;
        uint32_t number;
        CT_TRY(point_of(&p, m, points[m->mirrored ? (n - i) % n : i]));
        CT_TRY(ct_cityout__number(&number, &s->points, &p));
        if (s->n_corners > begin && s->corners[s->n_corners - 1] == number) continue;
        s->corners[s->n_corners++] = number;
    }
    while (s->n_corners > begin + 1 && s->corners[s->n_corners - 1] == s->corners[begin])
        s->n_corners--;
    if (s->n_corners < begin + 3 || is_line(s, begin)) {
        s->n_corners = begin;
        return CT_OK;
    }
    if (!as_it_is) turn_to_lowest(s, begin);
    CT_TRY(ct_cityout__room(&s->ring_end, &s->ring_room, s->n_rings, 1, sizeof *s->ring_end));
    s->ring_end[s->n_rings++] = (uint32_t)s->n_corners;
    *added = true;
    return CT_OK;
}

typedef struct place { // of a ring or polygon in order
    ct_cityout__point low;
    uint32_t number;
} place;

static int by_place(const void *left, const void *right) {
    const place *a = left, *b = right;
    const int order = compare(&a->low, &b->low);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static ct_err lowest_of(ct_cityout__point *out, const maker *m, const ct_rings *r, uint32_t ring) {
    const uint32_t begin = ring ? r->ring_end[ring - 1] : 0;
    for (uint32_t i = begin; i < r->ring_end[ring]; i++) {
        ct_cityout__point p;
        CT_TRY(point_of(&p, m, r->points[i]));
        if (i == begin || compare(&p, out) < 0) *out = p;
    }
    return CT_OK;
}

// The polygon's holes (or the face's polygons) from `first` on in the order of their lowest points,
// `ring_of` NULL: they are rings; else where rings of polygons end.
static ct_err in_order(place **out, const maker *m, const ct_rings *r, uint32_t first, uint32_t n,
                       const uint32_t *ring_of) {
    *out = ct_calloc(n ? n : 1, sizeof **out);
    if (!*out) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        (*out)[i].number = first + i;
        const uint32_t ring = !ring_of ? first + i : first + i ? ring_of[first + i - 1] : 0;
        const ct_err err = lowest_of(&(*out)[i].low, m, r, ring);
        if (err != CT_OK) {
            ct_free(*out);
            return err;
        }
    }
    qsort(*out, n, sizeof **out, by_place);
    return CT_OK;
}

static ct_err add_ring_of(bool *added, const maker *m, const ct_rings *r, uint32_t ring) {
    const uint32_t begin = ring ? r->ring_end[ring - 1] : 0;
    return add_ring(added, m, r->points + begin, r->ring_end[ring] - begin, false);
}

static ct_err add_holes(const maker *m, const ct_rings *r, uint32_t ring, uint32_t end) {
    bool added;
    if (ring == end) return CT_OK;
    place *holes;
    CT_TRY(in_order(&holes, m, r, ring, end - ring, NULL));
    ct_err err = CT_OK;
    for (uint32_t i = 0; i < end - ring && err == CT_OK; i++)
        err = add_ring_of(&added, m, r, holes[i].number);
    ct_free(holes);
    return err;
}

// Of the rings from `first` on.
static ct_err end_face(const maker *m, uint32_t first, uint8_t tag) {
    ct_cityout__shapes *s = m->s;
    CT_TRY(ct_cityout__room(&s->faces, &s->face_room, s->n_faces, 1, sizeof *s->faces));
    s->faces[s->n_faces++] = (ct_cityout__face){.ring = first,
                                                .n_rings = (uint32_t)s->n_rings - first,
                                                .material = m->material,
                                                .tag = tag};
    return CT_OK;
}

// Rings from `ring` to `end` as one polygon.
static ct_err add_polygon(const maker *m, const ct_rings *r, uint32_t ring, uint32_t end,
                          uint8_t tag) {
    const uint32_t first = (uint32_t)m->s->n_rings;
    bool added;
    CT_TRY(add_ring_of(&added, m, r, ring));
    if (!added) return CT_OK;
    CT_TRY(add_holes(m, r, ring + 1, end));
    return end_face(m, first, tag);
}

static ct_err add_triangles(const maker *m, uint32_t begin, uint32_t end, uint8_t tag) {
    uint32_t ring_end = 3, part_end = 1;
    for (uint32_t t = begin; t < end; t++) {
        const ct_rings r = {.n_points = 3,
                            .n_rings = 1,
                            .n_parts = 1,
                            .points = m->part->mesh->triangles + 3 * (size_t)t,
                            .ring_end = &ring_end,
                            .part_end = &part_end};
        CT_TRY(add_polygon(m, &r, 0, 1, tag));
    }
    return CT_OK;
}

static ct_err outline_of(ct_rings *out, const maker *m, const plane *p, uint32_t begin,
                         uint32_t end) {
    const uint32_t *triangles = m->part->mesh->triangles;
    ct_outline_begin(m->s->outline);
    for (size_t t = begin; t < end; t++)
        for (size_t k = 0; k < 3; k++)
            CT_TRY(ct_outline_edge(m->s->outline, triangles[3 * t + k],
                                   triangles[3 * t + (k + 1) % 3]));
    return ct_outline_rings(out, m->s->outline, m->part->mesh->xyz, p->normal);
}

// The lowest point of the mesh's ring first, so that what follows does not depend on its numbers.
static ct_err copy_turned(uint32_t *to, const maker *m, const ct_rings *r, uint32_t ring) {
    const uint32_t begin = ring ? r->ring_end[ring - 1] : 0, n = r->ring_end[ring] - begin;
    ct_cityout__point low = {0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        ct_cityout__point p;
        CT_TRY(point_of(&p, m, r->points[begin + i]));
        if (i && compare(&p, &low) >= 0) continue;
        low = p;
        at = i;
    }
    for (uint32_t i = 0; i < n; i++) to[i] = r->points[begin + (at + i) % n];
    return CT_OK;
}

// The one polygon of a bent face, its rings in their order in the arrays.
static ct_err order_rings(uint32_t *points, uint32_t *ring_end, const maker *m, const ct_rings *r) {
    place *holes;
    uint32_t n = 0;
    CT_TRY(in_order(&holes, m, r, 1, r->n_rings - 1, NULL));
    ct_err err = CT_OK;
    for (uint32_t k = 0; k < r->n_rings && err == CT_OK; k++) {
        const uint32_t ring = k ? holes[k - 1].number : 0;
        err = copy_turned(points + n, m, r, ring);
        n += r->ring_end[ring] - (ring ? r->ring_end[ring - 1] : 0);
        ring_end[k] = n;
    }
    ct_free(holes);
    return err;
}

static ct_err add_as_ordered(const maker *m, const uint32_t *points, const uint32_t *ring_end,
                             uint32_t n_rings, uint8_t tag) {
    const uint32_t first = (uint32_t)m->s->n_rings;
    for (uint32_t r = 0; r < n_rings; r++) {
        const uint32_t begin = r ? ring_end[r - 1] : 0;
        bool added;
        CT_TRY(add_ring(&added, m, points + begin, ring_end[r] - begin, true));
        if (!added && r == 0) return CT_OK;
    }
    return end_face(m, first, tag);
}

// A polygon where one gives the face's triangles again, else those. A mirrored one would be cut
// otherwise.
static ct_err add_bent(const maker *m, const ct_rings *r, uint32_t begin, uint32_t end,
                       uint8_t tag) {
    bool found = false;
    if (r->n_parts != 1 || m->mirrored) return add_triangles(m, begin, end, tag);
    uint32_t *points = ct_calloc((size_t)r->n_points + r->n_rings, sizeof *points);
    if (!points) return CT_NOMEM;
    uint32_t *ring_end = points + r->n_points;
    ct_err err = order_rings(points, ring_end, m, r);
    if (err == CT_OK)
        err =
            ct_cityout__find_turn(&found, m->s, m->part, begin, end, points, ring_end, r->n_rings);
    if (err == CT_OK)
        err = found ? add_as_ordered(m, points, ring_end, r->n_rings, tag)
                    : add_triangles(m, begin, end, tag);
    ct_free(points);
    return err;
}

static ct_err add_flat(const maker *m, const ct_rings *r, uint8_t tag) {
    place *parts;
    if (r->n_parts == 1) return add_polygon(m, r, 0, r->part_end[0], tag);
    CT_TRY(in_order(&parts, m, r, 0, r->n_parts, r->part_end));
    ct_err err = CT_OK;
    for (uint32_t k = 0; k < r->n_parts && err == CT_OK; k++) {
        const uint32_t i = parts[k].number;
        err = add_polygon(m, r, i ? r->part_end[i - 1] : 0, r->part_end[i], tag);
    }
    ct_free(parts);
    return err;
}

static ct_err add_face(const maker *m, uint32_t begin, uint32_t end, uint8_t tag) {
    const double nearly = 1e-6;
    const ct_mesh *mesh = m->part->mesh;
    plane p;
    ct_rings r;
    if (end - begin == 1 || !plane_of(&p, mesh, begin, end))
        return add_triangles(m, begin, end, tag);
    const double bend = bend_of(&p, mesh, begin, end);
    if (bend > BENT_M) return add_triangles(m, begin, end, tag);
    CT_TRY(outline_of(&r, m, &p, begin, end));
    if (r.n_open || r.n_parts == 0) return add_triangles(m, begin, end, tag);
    if (bend > FLAT_M) return add_bent(m, &r, begin, end, tag);
    // Triangles of rings that cross overlap: they are more than their outline.
    if (fabs(area_of(&r, mesh->xyz, p.normal) - p.area_m2) > nearly * (1 + p.area_m2))
        return add_triangles(m, begin, end, tag);
    return add_flat(m, &r, tag);
}

ct_err ct_cityout__part_faces(ct_cityout__shapes *s, const ct_body_part *part, uint32_t material) {
    const ct_mesh *mesh = part->mesh;
    const maker m = {.s = s,
                     .part = part,
                     .mirrored = ct_affine_determinant(&part->place) < 0,
                     .material = material};
    s->n_snapped = 0;
    for (uint32_t f = 0; f < mesh->n_faces; f++)
        CT_TRY(add_face(&m, f ? mesh->face_end[f - 1] : 0, mesh->face_end[f],
                        mesh->face_tag ? mesh->face_tag[f] : 0));
    return CT_OK;
}
