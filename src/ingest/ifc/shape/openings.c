// Openings cut out of products: all of a product's at once, each part of it by itself.
#include "ingest/ifc/shape/cut.h"

// The parts of all openings, with their meshes and boxes.
static ct_err cutters_of(ct_ifc__cutter **out, size_t *n, ct_ifc__work *w,
                         const ct_ifc__solid *openings, size_t n_openings) {
    size_t most = 0;
    for (size_t i = 0; i < n_openings; i++) most += openings[i].n;
    ct_ifc__cutter *list = ct_arena_alloc(w->arena, (most + 1) * sizeof *list);
    if (!list) return CT_NOMEM;
    *n = 0;
    for (size_t i = 0; i < n_openings; i++)
        for (size_t k = 0; k < openings[i].n; k++)
            if (openings[i].parts[k].mesh->n_triangles)
                CT_TRY(ct_ifc__cutter_of(&list[(*n)++], w, &openings[i].parts[k]));
    *out = list;
    return CT_OK;
}

ct_err ct_ifc__cut_openings(ct_ifc__solid *product, ct_ifc__work *w, uint32_t slot,
                            const ct_ifc__solid *openings, size_t n_openings) {
    ct_ifc__cutter *cutters;
    size_t n, left = 0, n_failed = 0;
    const char *reason = "";
    CT_TRY(cutters_of(&cutters, &n, w, openings, n_openings));
    if (n == 0) return CT_OK;
    for (size_t i = 0; i < product->n; i++) {
        ct_ifc__part part = product->parts[i];
        const ct_err err = ct_ifc__cut_part(&part, &n_failed, &reason, w, cutters, n);
        if (err == CT_LIMIT || err == CT_GEOM) {
            ++n_failed;
            reason = ct_arena_strdup(w->arena, ct_err_message());
            if (!reason) return CT_NOMEM;
        } else if (err) {
            return err;
        }
        if (part.mesh->n_triangles) product->parts[left++] = part;
    }
    product->n = left;
    if (n_failed == 0) return CT_OK;
    return ct_ifc__find(w, CT_SEVERITY_WARNING, "shape-opening", slot,
                        "%zu openings could not be cut and are shown closed: %s", n_failed, reason);
}
