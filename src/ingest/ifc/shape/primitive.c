// Primitives of constructive solid geometry: blocks, pyramids, cones, cylinders, spheres.
#include <math.h>

#include "ingest/ifc/shape/brep.h"
#include "ingest/ifc/shape/profile.h"
#include "ingest/ifc/shape/sweep.h"

static const double k_turn = 6.283185307179586476925286766559;

enum { FEWEST = 48 }; // sides of what is round in two ways

static ct_err block(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item, const ct_affine *place) {
    double x, y, z;
    CT_TRY(ct_ifc__need_size(&x, w, item, "XLength"));
    CT_TRY(ct_ifc__need_size(&y, w, item, "YLength"));
    CT_TRY(ct_ifc__need_size(&z, w, item, "ZLength"));
    const double xy[] = {0, 0, x, 0, x, y, 0, y};
    return ct_ifc__column(out, w, xy, 4, z, place);
}

ct_err ct_ifc__column(ct_ifc__solid *out, ct_ifc__work *w, const double *xy, uint32_t n,
                      double height, const ct_affine *place) {
    ct_ifc__area area = {0};
    ct_mesh mesh;
    ct_prism *prism = ct_arena_calloc(w->arena, 1, sizeof *prism);
    ct_geom *g = ct_arena_calloc(w->arena, 1, sizeof *g);
    if (!prism || !g) return CT_NOMEM;
    CT_TRY(ct_ifc__add_ring(&area, w, xy, n, 2));
    CT_TRY(ct_ifc__end_area(&area, w));
    *g = (ct_geom){.type = CT_GEOM_POLYGON,
                   .n_points = area.n_points,
                   .n_rings = 1,
                   .n_parts = 1,
                   .xyz = area.xy,
                   .ring_end = area.ring_end,
                   .part_end = area.part_end};
    *prism = (ct_prism){g, ct_affine_identity, {0, 0, height}};
    CT_TRY(ct_mesh_extrude(&mesh, w->arena, prism, &(ct_prism_tags){0}));
    return ct_ifc__mesh_take(out, w, &mesh, place, prism, true);
}

static ct_err cylinder(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item, const ct_affine *place) {
    double r, height;
    CT_TRY(ct_ifc__need_size(&r, w, item, "Radius"));
    CT_TRY(ct_ifc__need_size(&height, w, item, "Height"));
    double *xy;
    uint32_t n;
    CT_TRY(ct_ifc__ellipse(&xy, &n, w, r, r));
    return ct_ifc__column(out, w, xy, n, height, place);
}

static ct_err pyramid(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item, const ct_affine *place) {
    double x, y, z;
    CT_TRY(ct_ifc__need_size(&x, w, item, "XLength"));
    CT_TRY(ct_ifc__need_size(&y, w, item, "YLength"));
    CT_TRY(ct_ifc__need_size(&z, w, item, "Height"));
    const double base[4][3] = {{0, 0, 0}, {x, 0, 0}, {x, y, 0}, {0, y, 0}};
    const double top[3] = {0.5 * x, 0.5 * y, z};
    const uint32_t square = 4, corner = 3;
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_mesh_builder_polygon(w->builder, base[0], &square, 1, 0));
    for (int i = 0; i < 4; i++) {
        double p[9];
        for (int k = 0; k < 3; k++) {
            p[k] = base[i][k];
            p[3 + k] = base[(i + 1) % 4][k];
            p[6 + k] = top[k];
        }
        CT_TRY(ct_mesh_builder_polygon(w->builder, p, &corner, 1, 0));
    }
    return ct_ifc__mesh_end(out, w, place);
}

// A ring in the half-plane of x, turned about z: its y is z. `radius` is its largest x.
static ct_err turn_ring(ct_ifc__solid *out, ct_ifc__work *w, const double *xz, uint32_t n,
                        double radius, const ct_affine *place) {
    ct_ifc__area area = {0};
    CT_TRY(ct_ifc__add_ring(&area, w, xz, n, 2));
    CT_TRY(ct_ifc__end_area(&area, w));
    const ct_geom g = {.type = CT_GEOM_POLYGON,
                       .n_points = area.n_points,
                       .n_rings = 1,
                       .n_parts = 1,
                       .xyz = area.xy,
                       .ring_end = area.ring_end,
                       .part_end = area.part_end};
    uint32_t steps = ct_ifc__arc_steps(w, radius, k_turn);
    if (steps < FEWEST) steps = FEWEST;
    const double swell = ct_ifc__arc_swell(w, radius, k_turn, steps);
    ct_affine *at = ct_arena_alloc(w->arena, steps * sizeof *at);
    if (!at) return CT_NOMEM;
    for (uint32_t i = 0; i < steps; i++) {
        const double c = swell * cos(k_turn * i / steps), s = swell * sin(k_turn * i / steps);
        at[i] = (ct_affine){{c, 0, -s, 0, s, 0, c, 0, 0, 1, 0, 0}};
    }
    const ct_geom *const profiles[] = {&g};
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__sweep(w, &(ct_ifc__sections){profiles, 1, at, steps, true, false}));
    return ct_ifc__mesh_end(out, w, place);
}

static ct_err cone(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item, const ct_affine *place) {
    double r, height;
    CT_TRY(ct_ifc__need_size(&height, w, item, "Height"));
    CT_TRY(ct_ifc__need_size(&r, w, item, "BottomRadius"));
    const double xz[] = {0, 0, r, 0, 0, height};
    return turn_ring(out, w, xz, 3, r, place);
}

// By how much a ball of `n` rings must be larger to hold its volume.
static double ball_swell(uint32_t n) {
    double volume = 0; // of frusta, in thirds of pi
    for (uint32_t i = 0; i < n; i++) {
        const double a = 0.5 * k_turn * i / n, b = 0.5 * k_turn * (i + 1) / n;
        const double x = sin(a), y = sin(b);
        volume += (cos(a) - cos(b)) * (x * x + x * y + y * y);
    }
    return cbrt(4 / volume);
}

static ct_err sphere(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item, const ct_affine *place) {
    double r;
    CT_TRY(ct_ifc__need_size(&r, w, item, "Radius"));
    uint32_t n = ct_ifc__arc_steps(w, r, 0.5 * k_turn);
    if (n < FEWEST / 2) n = FEWEST / 2;
    CT_TRY(ct_ifc__spend(w, (uint64_t)n * n));
    double *xz = ct_arena_alloc(w->arena, 2 * ((size_t)n + 1) * sizeof *xz);
    if (!xz) return CT_NOMEM;
    const double larger = fmin(r * ball_swell(n), r + CT_IFC__OFF_M);
    for (uint32_t i = 0; i <= n; i++) {
        const double a = 0.5 * k_turn * i / n;
        xz[2 * i] = i == 0 || i == n ? 0 : larger * sin(a);
        xz[2 * i + 1] = -larger * cos(a);
    }
    return turn_ring(out, w, xz, n + 1, r, place);
}

ct_err ct_ifc__primitive(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    const ct_affine place = ct_ifc__position(w, item, "Position");
    switch ((int)ct_ifc__kind_of(w, item)) {
    case CT_IFC__K_BLOCK: return block(out, w, item, &place);
    case CT_IFC__K_PYRAMID: return pyramid(out, w, item, &place);
    case CT_IFC__K_CONE: return cone(out, w, item, &place);
    case CT_IFC__K_CYLINDER: return cylinder(out, w, item, &place);
    default: return sphere(out, w, item, &place);
    }
}
