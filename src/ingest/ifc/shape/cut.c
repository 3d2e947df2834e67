// Parts less parts: in the plane where all are prisms that run through, else by meshes.
#include "ingest/ifc/shape/cut.h"

#include <string.h>

#define NEAR_M 1e-4 // a cutter that ends so near to a face of a prism goes through it

ct_err ct_ifc__cutter_of(ct_ifc__cutter *out, ct_ifc__work *w, const ct_ifc__part *part) {
    out->part = part;
    CT_TRY(ct_ifc__placed_mesh(&out->mesh, w, part));
    if (!ct_mesh_box(&out->box, out->mesh)) return ct_fail(CT_GEOM, "a mesh without points");
    return CT_OK;
}

bool ct_ifc__boxes_touch(const ct_ifc__work *w, const ct_box3 *a, const ct_box3 *b) {
    for (int k = 0; k < 3; k++)
        if (a->min[k] > b->max[k] + w->weld_m || b->min[k] > a->max[k] + w->weld_m) return false;
    return true;
}

ct_err ct_ifc__boolean(ct_mesh *out, ct_ifc__work *w, ct_boolean operation,
                       const ct_mesh *const *meshes, uint32_t n) {
    CT_TRY(ct_ifc__spend(w, 1000));
    uint64_t used = 0;
    const ct_boolean_options options = {// one that takes too long leaves something for the rest
                                        .flush_m = CT_BOOLEAN_FLUSH_M,
                                        .max_work = w->steps_left / 2 + 1,
                                        .used = &used};
    const ct_err err = ct_mesh_boolean(out, NULL, w->arena, operation, meshes, n, &options);
    w->steps_left -= used < w->steps_left ? used : w->steps_left;
    return err;
}

// ---- in the plane

// The cutters as prisms in the frame of the part's mesh; false if one of them is none.
static bool prisms_of(ct_prism *out, const ct_ifc__part *part, const ct_ifc__cutter *const *cutters,
                      size_t n) {
    ct_affine into;
    if (!part->prism || !ct_affine_invert(&into, &part->place)) return false;
    for (size_t i = 0; i < n; i++) {
        const ct_ifc__part *p = cutters[i]->part;
        if (!p->prism) return false;
        const ct_affine own = ct_affine_multiply(&into, &p->place);
        out[i] = *p->prism;
        out[i].place = ct_affine_multiply(&own, &p->prism->place);
    }
    return true;
}

static ct_err cut_in_plane(ct_ifc__part *part, bool *done, ct_ifc__work *w,
                           const ct_ifc__cutter *const *cutters, size_t n) {
    ct_prism *prisms = ct_arena_alloc(w->arena, n * sizeof *prisms);
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    if (!prisms || !mesh) return CT_NOMEM;
    *done = false;
    if (!prisms_of(prisms, part, cutters, n)) return CT_OK;
    size_t points = part->prism->profile->n_points;
    for (size_t i = 0; i < n; i++) points += prisms[i].profile->n_points;
    CT_TRY(ct_ifc__spend(w, 20 * points + 50 * n));
    const ct_prism_cut how = {.step_m = w->weld_m, .near_m = NEAR_M};
    const ct_err err = ct_mesh_extrude_cut(mesh, done, w->arena, part->prism, prisms, n, &how);
    if (err == CT_NOMEM) return err;
    if (err || !*done) { // the meshes may know better
        *done = false;
        return CT_OK;
    }
    part->mesh = mesh;
    part->prism = NULL;
    return CT_OK;
}

// ---- by meshes

// The part less meshes; it lies in the frame of the representation from then on.
static ct_err cut_meshes(ct_ifc__part *part, ct_ifc__work *w, const ct_mesh **list, size_t n) {
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    if (!mesh) return CT_NOMEM;
    CT_TRY(ct_ifc__placed_mesh(&list[0], w, part));
    CT_TRY(ct_ifc__boolean(mesh, w, CT_BOOLEAN_DIFFERENCE, list, (uint32_t)n + 1));
    part->mesh = mesh;
    part->place = ct_affine_identity;
    part->prism = NULL;
    return CT_OK;
}

static ct_err failed(size_t *n_failed, const char **reason, ct_ifc__work *w, const char *why) {
    ++*n_failed;
    *reason = ct_arena_strdup(w->arena, why);
    return *reason ? CT_OK : CT_NOMEM;
}

// All at once; where that fails one by one, so that a bad cutter spoils nothing but itself.
static ct_err cut_by_meshes(ct_ifc__part *part, size_t *n_failed, const char **reason,
                            ct_ifc__work *w, const ct_ifc__cutter *const *cutters, size_t n) {
    const ct_mesh **list = ct_arena_alloc(w->arena, (n + 1) * sizeof(ct_mesh *));
    if (!list) return CT_NOMEM;
    size_t n_closed = 0;
    for (size_t i = 0; i < n; i++)
        if (cutters[i]->part->closed)
            list[1 + n_closed++] = cutters[i]->mesh;
        else
            CT_TRY(failed(n_failed, reason, w, "its surface is not closed"));
    if (n_closed == 0) return CT_OK;
    ct_err err = cut_meshes(part, w, list, n_closed);
    if (err != CT_GEOM) return err;
    if (n_closed == 1) return failed(n_failed, reason, w, ct_err_message());
    for (size_t i = 1; i <= n_closed && part->mesh->n_triangles; i++) {
        const ct_mesh *pair[2] = {NULL, list[i]};
        err = cut_meshes(part, w, pair, 1);
        if (err == CT_GEOM) err = failed(n_failed, reason, w, ct_err_message());
        CT_TRY(err);
    }
    return CT_OK;
}

ct_err ct_ifc__cut_part(ct_ifc__part *part, size_t *n_failed, const char **reason, ct_ifc__work *w,
                        const ct_ifc__cutter *cutters, size_t n) {
    ct_ifc__cutter own;
    size_t touching = 0;
    const ct_ifc__cutter **list = ct_arena_alloc(w->arena, (n + 1) * sizeof(ct_ifc__cutter *));
    if (!list) return CT_NOMEM;
    CT_TRY(ct_ifc__cutter_of(&own, w, part));
    for (size_t i = 0; i < n; i++)
        if (ct_ifc__boxes_touch(w, &own.box, &cutters[i].box)) list[touching++] = &cutters[i];
    if (touching == 0) return CT_OK;
    if (!part->closed) {
        *n_failed += touching - 1;
        return failed(n_failed, reason, w, "the surface that it is cut from is not closed");
    }
    bool done;
    CT_TRY(cut_in_plane(part, &done, w, list, touching));
    return done ? CT_OK : cut_by_meshes(part, n_failed, reason, w, list, touching);
}
