// What passes through a section of the model: the fluxes between cells as they stand.
#include "sim/flood/face.h"
#include "sim/flood/state.h"

// One face along x, or along y. Where water stands over it on both sides and the second order has
// slopes, the mean of what both cells carry is the nearer to what passes: first-order fluxes see
// the steps between the cells' beds.
static double through(const ct_flood *f, size_t a, size_t b, bool along_x) {
    const double *sills = along_x ? f->sill_x : f->sill_y;
    const double sill = sills[along_x ? b / f->nx * ((size_t)f->nx + 1) + b % f->nx : b];
    const ct_surface_cell l = ct_surface_look(f->surface, a), r = ct_surface_look(f->surface, b);
    const double u_l = along_x ? l.u_ms : l.v_ms, u_r = along_x ? r.u_ms : r.v_ms;
    const double over_l = l.depth_m - (sill - f->z[a]), over_r = r.depth_m - (sill - f->z[b]);
    const bool wall = sill > ct_flood__max(f->z[a], f->z[b]);
    if (f->scheme == CT_FLOOD_SECOND_ORDER && !wall && over_l > CT_FLOOD_DRY_M &&
        over_r > CT_FLOOD_DRY_M)
        return 0.5 * (l.depth_m * u_l + r.depth_m * u_r) * f->cell_m;
    const ct_flood__flux flux = ct_flood__face(l.depth_m, u_l, 0, sill - f->z[a], r.depth_m, u_r, 0,
                                               sill - f->z[b], f->cell_m);
    return flux.mass * f->cell_m;
}

ct_err ct_flood_discharge(const ct_flood *flood, const ct_flood_face *faces, size_t count,
                          double *out_m3s) {
    ct_sum sum = {0};
    const size_t nx = flood->nx;
    for (size_t i = 0; i < count; i++) {
        const size_t a = faces[i].from < faces[i].to ? faces[i].from : faces[i].to,
                     b = faces[i].from < faces[i].to ? faces[i].to : faces[i].from;
        const bool along_x = b - a == 1 && b % nx > 0, along_y = b - a == nx;
        if (b >= flood->cells || !(along_x || along_y))
            return ct_fail(CT_RANGE, "flood: faces[%zu]: cells %zu and %zu are not side by side", i,
                           faces[i].from, faces[i].to);
        const double q = through(flood, a, b, along_x);
        ct_sum_add(&sum, faces[i].from == a ? q : -q);
    }
    *out_m3s = ct_sum_value(&sum);
    return CT_OK;
}
