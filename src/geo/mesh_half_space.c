// Bounded half-spaces: which part of a mesh they can reach, and a prism over that, cut by the
// plane.
#include "geo/mesh_half_space.h"

#include <math.h>

#include "geo/geom_private.h"
#include "geo/geos.h"
#include "geo/mesh_prism.h"
#include "geo/subtract.h"

typedef struct reach {
    const ct_mesh *mesh;
    const double *height; // of each point over the plane
    ct_affine into;       // the frame of the boundary
    ct_box3 box;          // in that frame
} reach;

static void grow(reach *r, const double p[3]) {
    double at[3];
    ct_affine_point(at, &r->into, p);
    for (int k = 0; k < 3; k++) {
        r->box.min[k] = fmin(r->box.min[k], at[k]);
        r->box.max[k] = fmax(r->box.max[k], at[k]);
    }
}

// The box of what lies higher than `near_m` over the plane; false if nothing does.
static bool find_reach(reach *r, double near_m) {
    r->box = (ct_box3){{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};
    for (size_t c = 0; c < 3 * (size_t)r->mesh->n_triangles; c++) {
        const uint32_t a = r->mesh->triangles[c];
        const uint32_t b = r->mesh->triangles[c % 3 == 2 ? c - 2 : c + 1];
        const double *p = r->mesh->xyz + 3 * (size_t)a, *q = r->mesh->xyz + 3 * (size_t)b;
        const double hp = r->height[a], hq = r->height[b];
        if (hp > near_m) grow(r, p);
        if ((hp > near_m && hq < 0) || (hq > near_m && hp < 0)) {
            const double t = hp / (hp - hq);
            const double x[3] = {p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]),
                                 p[2] + t * (q[2] - p[2])};
            grow(r, x);
        }
    }
    return r->box.min[0] <= r->box.max[0];
}

// The box in the plane, smaller by a margin on each side, but never turned over.
static ct_bbox shrunk(const ct_box3 *box, double margin) {
    double low[2], high[2];
    for (int k = 0; k < 2; k++) {
        const double most = (box->max[k] - box->min[k]) / 2;
        const double m = margin < most ? margin : most;
        low[k] = box->min[k] + m;
        high[k] = box->max[k] - m;
    }
    return (ct_bbox){low[0], low[1], high[0], high[1]};
}

static ct_err make_cutter(ct_mesh *cutter, ct_half_space_way *way, ct_arena *arena, const reach *r,
                          const ct_half_space *half, double near_m) {
    const double margin = 1 + r->box.max[2] - r->box.min[2];
    const ct_bbox about = shrunk(&r->box, -1);
    ct_geom profile;
    CT_TRY(ct_geos_clip(&profile, arena, half->boundary, &about));
    if (!ct_geo__is_polygonal(profile.type)) { // it only touches
        *way = CT_HALF_SPACE_BESIDE;
        return CT_OK;
    }
    ct_affine own = ct_affine_identity;
    own.m[11] = r->box.min[2] - margin;
    const ct_prism prism = {&profile,
                            ct_affine_multiply(&half->frame, &own),
                            {0, 0, r->box.max[2] - r->box.min[2] + 2 * margin}};
    const ct_prism_tags tags = {0};
    ct_mesh mesh;
    CT_TRY(ct_mesh_extrude(&mesh, arena, &prism, &tags));
    ct_affine turned = ct_affine_identity; // clips keep what is below
    turned.m[5] = turned.m[10] = -1;
    const ct_clip_options options = {ct_affine_multiply(&half->plane, &turned), near_m, 0};
    CT_TRY(ct_mesh_clip(cutter, arena, &mesh, &options));
    *way = cutter->n_triangles ? CT_HALF_SPACE_MESH : CT_HALF_SPACE_BESIDE;
    return CT_OK;
}

ct_err ct_mesh_half_space(ct_half_space_way *way, ct_mesh *cutter, ct_arena *arena,
                          const ct_mesh *mesh, const ct_half_space *half, double near_m) {
    ct_affine onto;
    reach r = {.mesh = mesh};
    if (!ct_affine_invert(&onto, &half->plane))
        return ct_fail(CT_ARG, "the plane's frame is singular");
    if (!half->boundary)
        r.into = onto;
    else if (!ct_affine_invert(&r.into, &half->frame))
        return ct_fail(CT_ARG, "the boundary's frame is singular");
    double *height = ct_arena_alloc(arena, ((size_t)mesh->n_points + 1) * sizeof *height);
    if (!height) return CT_NOMEM;
    const double *n = onto.m + 8; // the inverse may scale; heights are wanted in metres
    const double size = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    for (size_t i = 0; i < mesh->n_points; i++) {
        const double *p = mesh->xyz + 3 * i;
        height[i] = (n[0] * p[0] + n[1] * p[1] + n[2] * p[2] + n[3]) / size;
    }
    r.height = height;
    *way = CT_HALF_SPACE_BESIDE;
    if (!find_reach(&r, near_m)) return CT_OK;
    *way = CT_HALF_SPACE_PLANE;
    if (!half->boundary) return CT_OK;
    const ct_bbox box = shrunk(&r.box, near_m);
    if (ct_geo__covers_box(half->boundary, &box)) return CT_OK;
    if (!ct_geom_intersects_box(half->boundary, &box)) {
        *way = CT_HALF_SPACE_BESIDE;
        return CT_OK;
    }
    return make_cutter(cutter, way, arena, &r, half, near_m);
}
