// Curves of alignments (IFC 4.3): segments by their curvature, and heights along a plan.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"

enum { MAX_STEPS = 2000, SUB_STEPS = 8 };

// Curvature along a segment: k0 + k1 s, s from where the parent curve begins.
typedef struct bend {
    double k0, k1;        // 1/m, 1/m^2
    double unit;          // metres of one parameter
    double start, length; // m; a negative length runs back
} bend;

static ct_err read_measure(double *out, const ct_ifc__work *w, uint32_t segment,
                           const char *attribute, double parameter_m) {
    const ct_step__value v = ct_ifc__get(w->m, segment, attribute);
    if (!ct_step__number(out, &v))
        return ct_fail(CT_PARSE, "#%llu tells no %s",
                       (unsigned long long)ct_step__id(w->m->step, segment), attribute);
    *out *= ct_step__named(&v, "IFCPARAMETERVALUE") ? parameter_m : w->length_m;
    return CT_OK;
}

static ct_err read_bend(bend *b, ct_ifc__work *w, uint32_t segment) {
    uint32_t parent;
    double size;
    *b = (bend){.unit = w->length_m};
    CT_TRY(ct_ifc__need_ref(&parent, w, segment, "ParentCurve"));
    switch ((int)ct_ifc__kind_of(w, parent)) {
    case CT_IFC__K_LINE: break;
    case CT_IFC__K_CIRCLE:
        CT_TRY(ct_ifc__need_size(&size, w, parent, "Radius"));
        b->k0 = 1 / size;
        b->unit = size * w->angle_rad;
        break;
    case CT_IFC__K_CLOTHOID:
        CT_TRY(ct_ifc__need_length(&size, w, parent, "ClothoidConstant"));
        if (size == 0) return ct_fail(CT_GEOM, "a clothoid's constant is 0");
        b->k1 = size / fabs(size * size * size);
        break;
    default: return ct_ifc__unsupported(w, parent);
    }
    CT_TRY(read_measure(&b->start, w, segment, "SegmentStart", b->unit));
    return read_measure(&b->length, w, segment, "SegmentLength", b->unit);
}

ct_err ct_ifc__put_curve_segment(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment) {
    bend b;
    CT_TRY(read_bend(&b, w, segment));
    const ct_affine at = ct_ifc__position(w, segment, "Placement");
    // Running back along a curve that bends to the left bends to the right.
    const double way = b.length < 0 ? -1 : 1, length = fabs(b.length);
    const double turn = (b.k0 + b.k1 * (b.start + 0.5 * b.length)) * b.length;
    const double most = fmax(fabs(b.k0 + b.k1 * b.start), fabs(b.k0 + b.k1 * (b.start + b.length)));
    uint32_t n = most > 0 ? ct_ifc__arc_steps(w, 1 / most, fmax(fabs(turn), most * length)) : 1;
    if (n > MAX_STEPS) n = MAX_STEPS;
    double x = 0, y = 0;
    const double h = length / ((double)n * SUB_STEPS);
    for (uint32_t i = 0; i <= n * SUB_STEPS; i++) {
        if (i % SUB_STEPS == 0) {
            double p[3] = {x, y, 0};
            ct_affine_point(p, &at, p);
            CT_TRY(ct_ifc__put_point(out, w, p));
        }
        const double s = (i + 0.5) * h; // along the way
        const double heading = way * (b.k0 * s + b.k1 * s * (b.start + 0.5 * way * s));
        x += h * cos(heading);
        y += h * sin(heading);
    }
    return CT_OK;
}

// ---- heights along a plan -----------------------------------------------------------------------

// Where a polyline is at a distance along it: x and y, from `*i` on, which moves up.
static void at_distance(double out[3], const ct_ifc__line *line, const double *along, double d,
                        uint32_t *i) {
    while (*i + 2 < line->n && along[*i + 1] < d) ++*i;
    const double *a = line->xyz + 3 * (size_t)*i, length = along[*i + 1] - along[*i];
    const double f = length > 0 ? (d - along[*i]) / length : 0;
    for (int k = 0; k < 3; k++) out[k] = a[k] + f * (a[3 + k] - a[k]);
}

static ct_err measure(double **out, ct_ifc__work *w, const ct_ifc__line *line, bool plan) {
    double *along = ct_arena_alloc(w->arena, ((size_t)line->n + 1) * sizeof *along);
    if (!along) return CT_NOMEM;
    along[0] = plan ? 0 : line->xyz[0];
    for (uint32_t i = 1; i < line->n; i++) {
        const double *a = line->xyz + 3 * (size_t)(i - 1), x = a[3] - a[0], y = a[4] - a[1];
        along[i] = plan ? along[i - 1] + sqrt(x * x + y * y) : a[3];
    }
    *out = along;
    return CT_OK;
}

ct_err ct_ifc__put_gradient(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    uint32_t base;
    ct_ifc__slots segments;
    ct_ifc__line plan, profile;
    ct_ifc__points points = {0};
    double *along, *stations;
    CT_TRY(ct_ifc__need_ref(&base, w, curve, "BaseCurve"));
    CT_TRY(ct_ifc__curve(&plan, w, base));
    CT_TRY(ct_ifc__refs(&segments, w, curve, "Segments"));
    for (size_t i = 0; i < segments.n; i++)
        CT_TRY(ct_ifc__put_curve_segment(&points, w, segments.at[i]));
    CT_TRY(ct_ifc__finish_line(&profile, w, &points));
    CT_TRY(measure(&along, w, &plan, true));
    CT_TRY(measure(&stations, w, &profile, false));
    // A point at each corner of either.
    uint32_t i = 0, k = 0, ia = 0, ka = 0;
    const double end = along[plan.n - 1];
    while (i < plan.n || k < profile.n) {
        const bool of_plan = k == profile.n || (i < plan.n && along[i] <= stations[k]);
        const double d = of_plan ? along[i++] : stations[k++];
        double p[3], q[3];
        if (d < 0 || d > end) continue;
        at_distance(p, &plan, along, d, &ia);
        at_distance(q, &profile, stations, d, &ka);
        p[2] = q[1];
        CT_TRY(ct_ifc__put_point(out, w, p));
    }
    return CT_OK;
}
