// A point inside a space, where the state of its cell is.
#include "export/city/inside.h"

#include <math.h>

// Whether a ray upwards meets the triangle.
static bool is_below(const double p[3], const double *a, const double *b, const double *c) {
    const double *corner[3] = {a, b, c};
    bool in = false;
    for (int i = 0; i < 3; i++) {
        const double *q = corner[i], *r = corner[(i + 1) % 3];
        if ((q[1] > p[1]) != (r[1] > p[1]) &&
            p[0] < q[0] + (p[1] - q[1]) / (r[1] - q[1]) * (r[0] - q[0]))
            in = !in;
    }
    const double d = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if (!in || !(fabs(d) > 0)) return false;
    const double u = ((p[0] - a[0]) * (c[1] - a[1]) - (p[1] - a[1]) * (c[0] - a[0])) / d;
    const double v = ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / d;
    return a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]) > p[2];
}

// In the parts of the finest LOD.
static bool is_inside(const ct_body *body, const double p[3]) {
    bool in = false;
    uint8_t lod = 0;
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i].lod > lod) lod = body->parts[i].lod;
    for (size_t i = 0; i < body->n_parts; i++) {
        const ct_body_part *part = &body->parts[i];
        for (size_t t = 0; part->lod == lod && t < part->mesh->n_triangles; t++) {
            double at[3][3];
            for (size_t k = 0; k < 3; k++)
                ct_affine_point(at[k], &part->place,
                                part->mesh->xyz + 3 * (size_t)part->mesh->triangles[3 * t + k]);
            in ^= is_below(p, at[0], at[1], at[2]);
        }
    }
    return in;
}

// The point of a grid over the box that is in the body and nearest to its middle; `at` stays where
// there is none.
static void find_inside(double at[3], const ct_body *body, const ct_box3 *box) {
    enum { STEPS = 16 };
    double best = INFINITY;
    for (int i = 1; i < STEPS * STEPS; i++) {
        const double u = (double)(i % STEPS) / STEPS, v = (double)(i / STEPS) / STEPS;
        const double p[3] = {box->min[0] + u * (box->max[0] - box->min[0]),
                             box->min[1] + v * (box->max[1] - box->min[1]), at[2]};
        const double far = hypot(u - 0.5, v - 0.5);
        if (!(far < best) || !is_inside(body, p)) continue;
        best = far;
        at[0] = p[0];
        at[1] = p[1];
    }
}

void ct_cityout__state_of(double at[3], const ct_feature *f) {
    at[0] = at[1] = 0;
    at[2] = ct_feature_number(f, "elevation_m", 0);
    double height = ct_feature_number(f, "height_m", 0);
    ct_box3 box;
    const bool has_box = f->body && ct_body_box(&box, f->body);
    if (has_box) {
        at[2] = box.min[2];
        height = box.max[2] - box.min[2];
    }
    at[2] += height / 2;
    if (!ct_geom_inside_point(at, &f->geom)) (void)ct_geom_centroid(&at[0], &at[1], &f->geom);
    if (has_box && !is_inside(f->body, at)) find_inside(at, f->body, &box);
}
