// The boolean from end to end.
#include "geo/mesh_boolean.h"

#include <math.h>

#include "geo/boolean_private.h"

static void kernel_fini(ct_geo__kernel *k) {
    ct_free(k->given);
    ct_free(k->moved);
    ct_geo__points_fini(&k->points);
    ct_free(k->triangles);
    ct_free(k->planes);
    ct_geo__tree_fini(&k->tree);
    ct_free(k->cuts);
    ct_free(k->loop_points);
    ct_free(k->loop_end);
    ct_free(k->cells);
    ct_free(k->regions);
}

static ct_err run(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena, ct_geo__kernel *k) {
    for (uint32_t m = 0; m < k->n_meshes; m++)
        CT_TRY(ct_context(ct_mesh_check(k->meshes[m]), "mesh %u", m));
    CT_TRY(ct_geo__load(k));
    CT_TRY(ct_geo__tree_init(&k->tree, k->triangles, k->n_triangles));
    CT_TRY(ct_geo__meet_all(k));
    CT_TRY(ct_geo__make_cells(k));
    CT_TRY(ct_geo__choose_regions(k));
    return ct_geo__emit(out, sources, arena, k);
}

ct_err ct_mesh_boolean(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena,
                       ct_boolean operation, const ct_mesh *const *meshes, uint32_t n_meshes,
                       const ct_boolean_options *options) {
    if (n_meshes == 0) return ct_fail(CT_ARG, "a boolean of no mesh");
    if (!isfinite(options->flush_m)) return ct_fail(CT_ARG, "the flush distance is not finite");
    ct_geo__kernel k = {.operation = operation,
                        .n_meshes = n_meshes,
                        .meshes = meshes,
                        .options = options,
                        .max_work = options->max_work ? options->max_work : CT_BOOLEAN_WORK};
    const ct_err err = run(out, sources, arena, &k);
    if (options->used) *options->used = k.work;
    kernel_fini(&k);
    return err;
}
