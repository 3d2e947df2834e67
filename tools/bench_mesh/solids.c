// Boxes and spheres.
#include <math.h>
#include <string.h>

#include "bench_mesh.h"

ct_err make_box(ct_mesh *out, ct_arena *arena, const double low[3], const double high[3]) {
    static const uint8_t face[6][4] = {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4},
                                       {1, 3, 7, 5}, {3, 2, 6, 7}, {2, 0, 4, 6}};
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    if (!b) return CT_NOMEM;
    ct_err err = CT_OK;
    for (int f = 0; f < 6 && !err; f++) {
        double xyz[12];
        const uint32_t end = 4;
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 3; k++) xyz[3 * i + k] = face[f][i] >> k & 1 ? high[k] : low[k];
        err = ct_mesh_builder_polygon(b, xyz, &end, 1, 0);
    }
    if (!err) err = ct_mesh_builder_finish(out, NULL, arena, b);
    ct_mesh_builder_free(b);
    return err;
}

static void on_sphere(double out[3], const double middle[3], double r, uint32_t n, uint32_t i,
                      uint32_t j) {
    const double a = 2 * M_PI * (i % n) / n, b = 2 * M_PI * j / n - M_PI / 2;
    const bool pole = j == 0 || j == n / 2;
    out[0] = middle[0] + (pole ? 0 : r * cos(b) * cos(a));
    out[1] = middle[1] + (pole ? 0 : r * cos(b) * sin(a));
    out[2] = middle[2] + (pole ? j ? r : -r : r * sin(b));
}

ct_err add_sphere(ct_mesh_builder *b, const double middle[3], double radius_m, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n / 2; j++) {
            double p[4][3], xyz[9];
            const uint32_t end = 3;
            for (uint32_t k = 0; k < 4; k++)
                on_sphere(p[k], middle, radius_m, n, i + (k == 1 || k == 2), j + (k > 1));
            memcpy(xyz, p, sizeof xyz);
            if (j > 0) CT_TRY(ct_mesh_builder_polygon(b, xyz, &end, 1, 0));
            memcpy(xyz + 3, p[2], sizeof p[2]);
            memcpy(xyz + 6, p[3], sizeof p[3]);
            if (j + 1 < n / 2) CT_TRY(ct_mesh_builder_polygon(b, xyz, &end, 1, 0));
        }
    return CT_OK;
}
