// Bodies as triangulated face sets; meshes that are alike are written once and shown by maps.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "export/ifc/ifc.h"
#include "geo/mesh_edges.h"

enum { KEY_BYTES = 64, MAX_PARTS = 4096 };

// Each edge once in either direction: what the attribute Closed says.
static ct_err is_closed(bool *out, const ct_mesh *m) {
    ct_geo__edges edges;
    CT_TRY(ct_geo__edges_init(&edges, m));
    *out = m->n_triangles > 0;
    for (size_t i = 0, next; *out && i < edges.n; i = next) {
        next = ct_geo__edge_end(&edges, i);
        *out = next - i == 2 &&
               ct_geo__runs_up(m, &edges.sides[i]) != ct_geo__runs_up(m, &edges.sides[i + 1]);
    }
    ct_geo__edges_fini(&edges);
    return CT_OK;
}

// ---- styles -------------------------------------------------------------------------------------

static ct_err style_of(ct_step_id *out, ct_ifcx *x, const ct_material *m) {
    char key[KEY_BYTES + 160];
    (void)snprintf(key, sizeof key, "style/%.100s/%.6g/%.6g/%.6g/%.6g", m->name ? m->name : "",
                   (double)m->rgba[0], (double)m->rgba[1], (double)m->rgba[2], (double)m->rgba[3]);
    if (ct_ifcx__shared(out, x, key)) return CT_OK;
    double c[4]; // as texts of few digits, not as the floats' neighbours
    for (int k = 0; k < 4; k++) c[k] = round((double)m->rgba[k] * 1e6) / 1e6;
    const ct_step_id colour = ct_stepw_put(x->w, "IFCCOLOURRGB", "$fff", c[0], c[1], c[2]);
    const ct_step_id shading = ct_stepw_put(x->w, "IFCSURFACESTYLESHADING", "rf", colour, 1 - c[3]);
    *out = ct_stepw_put(x->w, "IFCSURFACESTYLE", "seR", m->name && *m->name ? m->name : NULL,
                        "BOTH", (size_t)1, &shading);
    return ct_ifcx__share(x, key, *out);
}

// ---- face sets ----------------------------------------------------------------------------------

// The mesh, moved by `a` where it is given.
static ct_err face_set(ct_step_id *out, ct_ifcx *x, const ct_mesh *m, const ct_affine *a) {
    bool closed = false;
    const bool mirrors = a && ct_affine_determinant(a) < 0;
    CT_TRY(is_closed(&closed, m));
    const ct_step_id points = ct_stepw_begin(x->w, "IFCCARTESIANPOINTLIST3D");
    ct_stepw_open_list(x->w, NULL);
    for (uint32_t i = 0; i < m->n_points; i++) {
        double p[3] = {m->xyz[3 * i], m->xyz[3 * i + 1], m->xyz[3 * i + 2]};
        if (a) ct_affine_point(p, a, p);
        ct_stepw_open_list(x->w, NULL);
        for (int k = 0; k < 3; k++) ct_stepw_real(x->w, p[k]);
        ct_stepw_close_list(x->w);
    }
    ct_stepw_close_list(x->w);
    ct_stepw_end(x->w);
    *out = ct_stepw_begin(x->w, "IFCTRIANGULATEDFACESET");
    ct_stepw_ref(x->w, points);
    ct_stepw_unset(x->w);
    ct_stepw_bool(x->w, closed);
    ct_stepw_open_list(x->w, NULL);
    for (uint32_t t = 0; t < m->n_triangles; t++) {
        const uint32_t *c = m->triangles + (size_t)3 * t;
        ct_stepw_open_list(x->w, NULL);
        ct_stepw_int(x->w, c[0] + 1);
        ct_stepw_int(x->w, c[mirrors ? 2 : 1] + 1);
        ct_stepw_int(x->w, c[mirrors ? 1 : 2] + 1);
        ct_stepw_close_list(x->w);
    }
    ct_stepw_close_list(x->w);
    ct_stepw_unset(x->w);
    ct_stepw_end(x->w);
    return CT_OK;
}

static ct_err put_style(ct_ifcx *x, ct_step_id item, const ct_material *m) {
    ct_step_id style;
    CT_TRY(style_of(&style, x, m));
    ct_stepw_put(x->w, "IFCSTYLEDITEM", "rR$", item, (size_t)1, &style);
    return CT_OK;
}

// ---- maps ---------------------------------------------------------------------------------------

static ct_hash128 hash_of(const ct_mesh *m, const ct_material *material) {
    ct_hash *h = ct_hash_new();
    if (!h) return (ct_hash128){0, 0};
    ct_hash_add(h, m->xyz, (size_t)m->n_points * 3 * sizeof *m->xyz);
    ct_hash_add(h, m->triangles, (size_t)m->n_triangles * 3 * sizeof *m->triangles);
    ct_hash_add_text(h, material->name ? material->name : "");
    ct_hash_add(h, material->rgba, sizeof material->rgba);
    const ct_hash128 out = ct_hash_get(h);
    ct_hash_free(h);
    return out;
}

static ct_err map_of(ct_step_id *out, ct_ifcx *x, const ct_mesh *m, const ct_material *material) {
    char hex[33], key[KEY_BYTES];
    ct_step_id item;
    ct_hash_hex(hex, hash_of(m, material));
    (void)snprintf(key, sizeof key, "mesh/%s", hex);
    if (ct_ifcx__shared(out, x, key)) return CT_OK;
    CT_TRY(face_set(&item, x, m, NULL));
    CT_TRY(put_style(x, item, material));
    const ct_step_id shown = ct_stepw_put(x->w, "IFCSHAPEREPRESENTATION", "rssR", x->body, "Body",
                                          "Tessellation", (size_t)1, &item);
    *out = ct_stepw_put(x->w, "IFCREPRESENTATIONMAP", "rr", x->frame, shown);
    return ct_ifcx__share(x, key, *out);
}

// Whether the map turns, moves and scales alone: what a transformation operator can say.
static bool is_similar(const ct_affine *a, double *scale) {
    const double near = 1e-12;
    const double *m = a->m;
    double g[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            g[i][j] = m[i] * m[j] + m[4 + i] * m[4 + j] + m[8 + i] * m[8 + j];
    *scale = sqrt(g[0][0]);
    if (!(*scale > 0) || ct_affine_determinant(a) < 0) return false;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (fabs(g[i][j] / g[0][0] - (i == j)) > near) return false;
    return true;
}

static ct_step_id column(ct_ifcx *x, const ct_affine *a, int k, double scale) {
    const double v[] = {a->m[k] / scale, a->m[4 + k] / scale, a->m[8 + k] / scale};
    return ct_stepw_put(x->w, "IFCDIRECTION", "F", (size_t)3, v);
}

static ct_step_id mapped(ct_ifcx *x, ct_step_id map, const ct_affine *a, double scale) {
    const double *m = a->m;
    const bool turned = m[0] != scale || m[5] != scale || m[10] != scale;
    const double at[] = {m[3], m[7], m[11]};
    ct_step_id axes[3] = {0, 0, 0};
    for (int k = 0; turned && k < 3; k++) axes[k] = column(x, a, k, scale);
    const ct_step_id point = ct_stepw_put(x->w, "IFCCARTESIANPOINT", "F", (size_t)3, at);
    const ct_step_id to = ct_stepw_put(x->w, "IFCCARTESIANTRANSFORMATIONOPERATOR3D", "rrrfr",
                                       axes[0], axes[1], point, scale, axes[2]);
    return ct_stepw_put(x->w, "IFCMAPPEDITEM", "rr", map, to);
}

// ---- bodies -------------------------------------------------------------------------------------

const ct_affine *ct_ifcx__own_frame(const ct_feature *f) {
    double scale;
    if (!f->body || f->body->n_parts != 1) return NULL;
    const ct_affine *a = &f->body->parts[0].place;
    return is_similar(a, &scale) && fabs(scale - 1) < 1e-12 ? a : NULL;
}

// From the part's frame to the thing's place.
static ct_affine to_thing(ct_ifcx *x, const ct_body_part *part, const ct_ifcx__thing *thing) {
    ct_affine a = part->place;
    const double from[] = {a.m[3], a.m[7], a.m[11]};
    double at[3];
    ct_ifcx__local(at, x, from);
    for (int k = 0; k < 3; k++) a.m[4 * k + 3] = at[k] - thing->at[k];
    if (!thing->turned) return a;
    // its axes are the part's own: what is left is the way between the two origins
    ct_affine out = ct_affine_identity;
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++) out.m[4 * k + 3] += thing->axes.m[4 * i + k] * a.m[4 * i + 3];
    return out;
}

static ct_err put_part(ct_step_id *out, ct_ifcx *x, const ct_body_part *part,
                       const ct_ifcx__thing *thing, bool plain) {
    const ct_affine a = to_thing(x, part, thing);
    double scale;
    ct_step_id map;
    if (plain || !is_similar(&a, &scale)) {
        CT_TRY(face_set(out, x, part->mesh, &a));
        return put_style(x, *out, &part->material);
    }
    CT_TRY(map_of(&map, x, part->mesh, &part->material));
    *out = mapped(x, map, &a, scale);
    return CT_OK;
}

static bool all_similar(ct_ifcx *x, const ct_body *body, const ct_ifcx__thing *thing) {
    double scale;
    for (size_t i = 0; i < body->n_parts; i++) {
        const ct_affine a = to_thing(x, &body->parts[i], thing);
        if (!is_similar(&a, &scale)) return false;
    }
    return true;
}

ct_err ct_ifcx__shape(ct_step_id *out, ct_ifcx *x, const ct_feature *f, const ct_ifcx__thing *thing,
                      bool plain) {
    *out = 0;
    if (!f->body || f->body->n_parts == 0) return CT_OK;
    if (f->body->n_parts > MAX_PARTS)
        return ct_fail(CT_LIMIT, "%zu parts of a body, %d are the most", f->body->n_parts,
                       (int)MAX_PARTS);
    ct_step_id *items = ct_arena_alloc(x->arena, f->body->n_parts * sizeof *items);
    if (!items) return CT_NOMEM;
    // the items of one representation are of one kind
    const bool direct = plain || !all_similar(x, f->body, thing);
    for (size_t i = 0; i < f->body->n_parts; i++)
        CT_TRY(put_part(&items[i], x, &f->body->parts[i], thing, direct));
    const ct_step_id shown =
        ct_stepw_put(x->w, "IFCSHAPEREPRESENTATION", "rssR", x->body, "Body",
                     direct ? "Tessellation" : "MappedRepresentation", f->body->n_parts, items);
    *out = ct_stepw_put(x->w, "IFCPRODUCTDEFINITIONSHAPE", "$$R", (size_t)1, &shown);
    return CT_OK;
}
