// Any bytes as two heaps of prisms over a coarse grid: union, intersection and difference are
// closed and their volumes agree.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "geo/mesh_boolean.h"
#include "geo/mesh_prism.h"
#include "geo/mesh_repair.h"

enum { SOLIDS = 3 }; // of a heap

// Six bytes: a box's corners; the seventh cuts one of its upright edges off, or turns it.
static ct_err read_solid(ct_mesh *out, ct_arena *arena, const uint8_t *b) {
    const double x0 = b[0] % 8, y0 = b[1] % 8, z0 = b[2] % 8;
    const double x1 = x0 + 1 + b[3] % 4, y1 = y0 + 1 + b[4] % 4, z1 = z0 + 1 + b[5] % 4;
    const double full[] = {x0, y0, x1, y0, x1, y1, x0, y1, x0, y0};
    const double wedge[] = {x0, y0, x1, y0, x0, y1, x0, y0};
    double xy[10];
    const bool is_wedge = b[6] & 1;
    memcpy(xy, is_wedge ? wedge : full, is_wedge ? sizeof wedge : sizeof full);
    uint32_t end = is_wedge ? 4 : 5, part = 1;
    const ct_geom plan = {CT_GEOM_POLYGON, false, end, 1, 1, xy, &end, &part};
    ct_affine place = ct_affine_identity;
    if (b[6] & 2) // over its side
        place = ct_affine_frame((const double[3]){0, 8, 0}, (const double[3]){0, -1, 0},
                                (const double[3]){1, 0, 0});
    if (b[6] & 4) // and askew
        place = ct_affine_frame((const double[3]){1, 0, 0}, (const double[3]){0.2, 0.1, 1},
                                (const double[3]){1, 0.3 * (b[6] >> 4), 0});
    place.m[11] += z0;
    const ct_prism prism = {&plan, place, {0, 0, z1 - z0}};
    return ct_mesh_extrude(out, arena, &prism, &(ct_prism_tags){0});
}

static ct_err combine(ct_mesh *out, ct_arena *arena, ct_boolean operation, const ct_mesh *list,
                      uint32_t n) {
    const ct_mesh *meshes[SOLIDS];
    for (uint32_t i = 0; i < n; i++) meshes[i] = &list[i];
    const ct_boolean_options options = {.max_work = 10000000};
    const ct_err err = ct_mesh_boolean(out, NULL, arena, operation, meshes, n, &options);
    if (err && err != CT_LIMIT) fprintf(stderr, "%s\n", ct_err_message());
    FUZZ_MUST(err == CT_OK || err == CT_LIMIT);
    if (!err) FUZZ_MUST(ct_mesh_check(out) == CT_OK);
    return err;
}

static void compare(ct_arena *arena, const ct_mesh pair[2]) {
    ct_mesh any, both, less;
    if (combine(&any, arena, CT_BOOLEAN_UNION, pair, 2) ||
        combine(&both, arena, CT_BOOLEAN_INTERSECTION, pair, 2) ||
        combine(&less, arena, CT_BOOLEAN_DIFFERENCE, pair, 2))
        return;
    const double a = ct_mesh_volume_m3(&pair[0]), b = ct_mesh_volume_m3(&pair[1]);
    const double slack = 1e-8 * (a + b);
    const double v_both = ct_mesh_volume_m3(&both);
    FUZZ_MUST(fabs(ct_mesh_volume_m3(&any) + v_both - a - b) <= slack);
    FUZZ_MUST(fabs(ct_mesh_volume_m3(&less) + v_both - a) <= slack);
    FUZZ_MUST(v_both >= -slack && v_both <= fmin(a, b) + slack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 14) return 0;
    ct_arena *arena = ct_arena_new(1U << 16, 0);
    FUZZ_MUST(arena);
    ct_mesh heap[2][SOLIDS], pair[2];
    uint32_t n[2] = {0, 0};
    for (size_t i = 0; 7 * (i + 1) <= size && i < 2 * SOLIDS; i++) {
        FUZZ_MUST(read_solid(&heap[i % 2][n[i % 2]], arena, data + 7 * i) == CT_OK);
        n[i % 2]++;
    }
    if (!combine(&pair[0], arena, CT_BOOLEAN_UNION, heap[0], n[0]) &&
        !combine(&pair[1], arena, CT_BOOLEAN_UNION, heap[1], n[1]))
        compare(arena, pair);
    ct_arena_free(arena);
    return 0;
}
