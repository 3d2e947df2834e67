// What a product covers seen from above.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "geo/mesh_section.h"
#include "ingest/ifc/shape/product.h"
#include "ingest/ifc/shape/profile.h"

// Of what is worth the time: it goes with the number of triangles, and is more than all the rest.
enum { MAX_TRIANGLES = 20000 };

static const double k_step_m = 1e-4;

// A prism that stands upright covers its profile.
static bool is_upright(const ct_ifc__part *part, const ct_affine *to) {
    double along[3];
    if (!part->prism) return false;
    ct_affine place = ct_affine_multiply(to, &part->place);
    place = ct_affine_multiply(&place, &part->prism->place);
    ct_affine_vector(along, &place, part->prism->along);
    const double across = hypot(along[0], along[1]);
    return across <= 1e-9 * fabs(along[2]) && fabs(place.m[8]) < 1e-9 && fabs(place.m[9]) < 1e-9;
}

static ct_err ground_of_prism(ct_geom *out, ct_ifc__work *w, const ct_ifc__part *part,
                              const ct_affine *to) {
    ct_affine place = ct_affine_multiply(to, &part->place);
    place = ct_affine_multiply(&place, &part->prism->place);
    CT_TRY(ct_geom_copy(out, w->arena, part->prism->profile));
    for (size_t i = 0; i < out->n_points; i++) {
        double p[3] = {out->xyz[2 * i], out->xyz[2 * i + 1], 0};
        ct_affine_point(p, &place, p);
        memcpy(out->xyz + 2 * i, p, 2 * sizeof *p);
    }
    return CT_OK;
}

static ct_err ground_of_part(ct_geom *out, ct_ifc__work *w, const ct_ifc__part *part,
                             const ct_affine *to) {
    *out = (ct_geom){0};
    if (is_upright(part, to)) return ground_of_prism(out, w, part, to);
    if (part->mesh->n_triangles > MAX_TRIANGLES) return CT_OK;
    const ct_affine place = ct_affine_multiply(to, &part->place);
    ct_mesh mesh;
    CT_TRY(ct_mesh_copy(&mesh, w->arena, part->mesh));
    ct_mesh_transform(&mesh, &place);
    return ct_mesh_footprint(out, w->arena, &mesh, k_step_m);
}

static ct_err join(ct_geom *all, ct_ifc__work *w, const ct_geom *more) {
    if (more->type == CT_GEOM_NONE) return CT_OK;
    ct_geom g = {.type = CT_GEOM_MULTIPOLYGON,
                 .n_points = all->n_points + more->n_points,
                 .n_rings = all->n_rings + more->n_rings,
                 .n_parts = all->n_parts + more->n_parts};
    g.xyz = ct_arena_alloc(w->arena, 2 * (size_t)g.n_points * sizeof *g.xyz);
    g.ring_end = ct_arena_alloc(w->arena, g.n_rings * sizeof *g.ring_end);
    g.part_end = ct_arena_alloc(w->arena, g.n_parts * sizeof *g.part_end);
    if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    if (all->n_points) {
        memcpy(g.xyz, all->xyz, 2 * (size_t)all->n_points * sizeof *g.xyz);
        memcpy(g.ring_end, all->ring_end, all->n_rings * sizeof *g.ring_end);
        memcpy(g.part_end, all->part_end, all->n_parts * sizeof *g.part_end);
    }
    memcpy(g.xyz + 2 * (size_t)all->n_points, more->xyz,
           2 * (size_t)more->n_points * sizeof *g.xyz);
    for (uint32_t i = 0; i < more->n_rings; i++)
        g.ring_end[all->n_rings + i] = all->n_points + more->ring_end[i];
    for (uint32_t i = 0; i < more->n_parts; i++)
        g.part_end[all->n_parts + i] = all->n_rings + more->part_end[i];
    *all = g;
    return CT_OK;
}

ct_err ct_ifc__ground_of(ct_geom *out, ct_ifc__work *w, const ct_ifc__solid *solid,
                         const ct_affine *to, bool prisms_only) {
    // About the product's own place, where numbers are small.
    ct_affine near = *to;
    const double east = near.m[3], north = near.m[7];
    ct_geom all = {0};
    size_t n_triangles = prisms_only ? MAX_TRIANGLES : 0;
    near.m[3] = near.m[7] = 0;
    for (size_t i = 0; i < solid->n; i++) n_triangles += solid->parts[i].mesh->n_triangles;
    for (size_t i = 0; i < solid->n; i++) {
        ct_geom one;
        if (n_triangles > MAX_TRIANGLES && !is_upright(&solid->parts[i], &near)) continue;
        CT_TRY(ground_of_part(&one, w, &solid->parts[i], &near));
        if (one.type == CT_GEOM_POLYGON && solid->n == 1)
            all = one;
        else
            CT_TRY(join(&all, w, &one));
    }
    if (solid->n > 1 && all.n_parts > 1) CT_TRY(ct_geos_union(&all, w->arena, &all, k_step_m));
    for (size_t i = 0; i < all.n_points; i++) {
        all.xyz[2 * i] += east;
        all.xyz[2 * i + 1] += north;
    }
    *out = all;
    return CT_OK;
}

// ---- footprints that are drawn ------------------------------------------------------------------

static ct_err add_curve(ct_ifc__area *area, ct_ifc__work *w, uint32_t curve, const ct_affine *to) {
    ct_ifc__line line;
    CT_TRY(ct_ifc__curve(&line, w, curve));
    if (!line.closed) return CT_OK;
    for (uint32_t i = 0; i < line.n; i++)
        ct_affine_point(line.xyz + 3 * (size_t)i, to, line.xyz + 3 * (size_t)i);
    CT_TRY(ct_ifc__add_ring(area, w, line.xyz, line.n, 3));
    return ct_ifc__end_area(area, w);
}

// Curves, and sets of curves.
static ct_err add_drawn(ct_ifc__area *area, ct_ifc__work *w, uint32_t item, const ct_affine *to) {
    ct_ifc__slots inner;
    if (ct_ifc__kind_of(w, item) != CT_IFC__K_SET) return add_curve(area, w, item, to);
    CT_TRY(ct_ifc__refs(&inner, w, item, "Elements"));
    for (size_t i = 0; i < inner.n; i++) {
        const ct_err err = add_curve(area, w, inner.at[i], to);
        if (err != CT_OK && err != CT_UNSUPPORTED && err != CT_GEOM) return err;
    }
    return CT_OK;
}

ct_err ct_ifc__ground_drawn(ct_geom *out, ct_ifc__work *w, uint32_t product, const ct_affine *to) {
    const uint32_t shape = ct_ifc__ref(w->m, product, "Representation");
    ct_ifc__slots all, items;
    ct_ifc__area area = {0};
    if (shape == CT_STEP__NONE) return CT_OK;
    CT_TRY(ct_ifc__refs(&all, w, shape, "Representations"));
    for (size_t i = 0; i < all.n; i++) {
        if (!ct_ifc__is_word(w, all.at[i], "RepresentationIdentifier", "FootPrint")) continue;
        CT_TRY(ct_ifc__refs(&items, w, all.at[i], "Items"));
        for (size_t k = 0; k < items.n; k++) CT_TRY(add_drawn(&area, w, items.at[k], to));
    }
    if (area.n_parts == 0) return CT_OK;
    const ct_geom g = {.type = CT_GEOM_MULTIPOLYGON,
                       .n_points = area.n_points,
                       .n_rings = area.n_rings,
                       .n_parts = area.n_parts,
                       .xyz = area.xy,
                       .ring_end = area.ring_end,
                       .part_end = area.part_end};
    if (g.n_parts == 1) {
        *out = g;
        return CT_OK;
    }
    return ct_geos_union(out, w->arena, &g, k_step_m);
}
