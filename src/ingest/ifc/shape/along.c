// Places along curves (IfcLinearPlacement) and at crossings of axes (IfcGridPlacement): ISO
// 16739-1, IfcGeometricConstraintResource.
#include "ingest/ifc/shape/along.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/ifc/shape/basis.h"
#include "ingest/ifc/shape/course.h"

struct ct_ifc__along {
    uint8_t *kinds;
    ct_ifc__work work;
    ct_ifc__course course; // in the arena; of `curve`, as things along one curve come in a row
    uint32_t curve;
};

ct_err ct_ifc__along_new(ct_ifc__along **out, const ct_ifc__model *m, const ct_ifc__units *units) {
    ct_ifc__along *a = ct_calloc(1, sizeof *a);
    if (!a) return CT_NOMEM;
    a->curve = CT_STEP__NONE;
    ct_err err = ct_ifc__kinds_new(&a->kinds, m);
    if (!err) err = ct_ifc__work_init(&a->work, m, units, a->kinds);
    if (err)
        ct_ifc__along_free(a);
    else
        *out = a;
    return err;
}

void ct_ifc__along_free(ct_ifc__along *along) {
    if (!along) return;
    if (along->work.arena) ct_ifc__work_fini(&along->work);
    ct_free(along->kinds);
    ct_free(along);
}

// ---- along curves -------------------------------------------------------------------------------

ct_err ct_ifc__along_frame(ct_affine *out, ct_ifc__along *along, uint32_t axes) {
    ct_ifc__work *w = &along->work;
    uint32_t location, curve;
    ct_ifc__station station;
    double origin[3], way[3], x[3], z[3];
    CT_TRY(ct_ifc__need_ref(&location, w, axes, "Location"));
    CT_TRY(ct_ifc__need_ref(&curve, w, location, "BasisCurve"));
    CT_TRY(ct_ifc__station_read(&station, w, location));
    if (along->curve != curve) {
        ct_ifc__work_begin(w);
        along->curve = CT_STEP__NONE;
        CT_TRY(ct_ifc__full_is_limit(w, ct_ifc__course_read(&along->course, w, curve)));
        along->curve = curve;
    }
    ct_ifc__course_point(origin, way, &along->course, &station);
    const bool has_z = ct_ifc__triple(z, w->m, ct_ifc__ref(w->m, axes, "Axis"), 1);
    const bool has_x = ct_ifc__triple(x, w->m, ct_ifc__ref(w->m, axes, "RefDirection"), 1);
    if (!has_z) { // up, across the way
        for (int k = 0; k < 3; k++) z[k] = (k == 2) - way[2] * way[k];
    }
    *out = ct_affine_frame(origin, z, has_x ? x : way);
    return CT_OK;
}

// ---- at crossings -------------------------------------------------------------------------------

static ct_err axis_line(ct_ifc__line *out, ct_ifc__work *w, uint32_t axis, double offset_m) {
    uint32_t curve;
    ct_ifc__points moved = {0};
    CT_TRY(ct_ifc__need_ref(&curve, w, axis, "AxisCurve"));
    CT_TRY(ct_ifc__curve(out, w, curve));
    const ct_step__value sense = ct_ifc__get(w->m, axis, "SameSense");
    if (ct_step__logical(&sense) == 0)
        for (uint32_t i = 0; i < out->n / 2; i++)
            for (int k = 0; k < 3; k++) {
                double *a = out->xyz + 3 * (size_t)i + k;
                double *b = out->xyz + 3 * (size_t)(out->n - 1 - i) + k, t = *a;
                *a = *b;
                *b = t;
            }
    if (offset_m == 0) return CT_OK;
    CT_TRY(ct_ifc__offset(&moved, w, out, offset_m, ct_ifc__up));
    out->xyz = moved.xyz;
    out->n = moved.n;
    return CT_OK;
}

// How far a parameter of piece `i` of `n` lies out of it; an end piece goes on without end, but
// what is on the line itself comes first.
static double outside(double t, uint32_t i, uint32_t n, bool closed) {
    if (t >= -1e-9 && t <= 1 + 1e-9) return 0;
    if (!closed && i == 0 && t < 0) return -t;
    if (!closed && i + 1 == n && t > 1) return t - 1;
    return HUGE_VAL;
}

// Where two lines in the plane cross, the nearest to both where they must be made longer, and the
// way of the first one there.
static ct_err cross(double out[2], double way[2], ct_ifc__work *w, const ct_ifc__line *a,
                    const ct_ifc__line *b) {
    const uint32_t na = a->n - !a->closed, nb = b->n - !b->closed;
    double least = HUGE_VAL;
    CT_TRY(ct_ifc__spend(w, (uint64_t)na * nb / 8));
    for (uint32_t i = 0; i < na; i++)
        for (uint32_t k = 0; k < nb; k++) {
            const double *p = a->xyz + 3 * (size_t)i, *q = b->xyz + 3 * (size_t)k;
            const double *pe = a->xyz + 3 * (size_t)((i + 1) % a->n);
            const double *qe = b->xyz + 3 * (size_t)((k + 1) % b->n);
            const double u[2] = {pe[0] - p[0], pe[1] - p[1]}, v[2] = {qe[0] - q[0], qe[1] - q[1]};
            const double d[2] = {q[0] - p[0], q[1] - p[1]}, area = u[0] * v[1] - u[1] * v[0];
            if (fabs(area) <= 1e-9 * hypot(u[0], u[1]) * hypot(v[0], v[1])) continue;
            const double s = (d[0] * v[1] - d[1] * v[0]) / area;
            const double t = (d[0] * u[1] - d[1] * u[0]) / area;
            const double off = outside(s, i, na, a->closed) + outside(t, k, nb, b->closed);
            if (off >= least) continue;
            least = off;
            for (int c = 0; c < 2; c++) {
                out[c] = p[c] + s * u[c];
                way[c] = u[c];
            }
        }
    return isfinite(least) ? CT_OK : ct_fail(CT_GEOM, "the axes of a grid do not cross");
}

// The point of an IfcVirtualGridIntersection, and the way of its first axis.
static ct_err crossing(double out[3], double way[2], ct_ifc__work *w, uint32_t slot) {
    ct_ifc__slots axes;
    ct_ifc__line line[2];
    double offset[3] = {0};
    CT_TRY(ct_ifc__refs(&axes, w, slot, "IntersectingAxes"));
    if (axes.n != 2) return ct_fail(CT_PARSE, "a crossing of %zu axes", axes.n);
    const ct_step__value offsets = ct_ifc__get(w->m, slot, "OffsetDistances");
    (void)ct_ifc__numbers(offset, 3, &offsets);
    for (int i = 0; i < 2; i++) CT_TRY(axis_line(&line[i], w, axes.at[i], offset[i] * w->length_m));
    out[2] = offset[2] * w->length_m;
    return cross(out, way, w, &line[0], &line[1]);
}

ct_err ct_ifc__crossing_frame(ct_affine *out, ct_ifc__along *along, uint32_t placement) {
    ct_ifc__work *w = &along->work;
    uint32_t location;
    double origin[3], towards[3], x[3] = {0}, ignored[2];
    ct_ifc__work_begin(w);
    along->curve = CT_STEP__NONE; // its course is gone
    CT_TRY(ct_ifc__need_ref(&location, w, placement, "PlacementLocation"));
    CT_TRY(crossing(origin, x, w, location));
    const uint32_t ref = ct_ifc__ref(w->m, placement, "PlacementRefDirection");
    if (ref != CT_STEP__NONE && !ct_ifc__triple(x, w->m, ref, 1)) {
        CT_TRY(crossing(towards, ignored, w, ref));
        for (int k = 0; k < 3; k++) x[k] = towards[k] - origin[k];
    }
    *out = ct_affine_frame(origin, NULL, x);
    return CT_OK;
}
