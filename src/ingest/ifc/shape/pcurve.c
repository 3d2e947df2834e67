// Curves told by the parameters of a surface (IfcPcurve): ISO 10303-42, pcurve, and the parameters
// of its surfaces. They are followed on the surface itself, not on its triangles.
#include <math.h>
#include <string.h>

#include "geo/vector.h"
#include "ingest/ifc/shape/spans.h"
#include "ingest/ifc/shape/surface.h"

enum { MAX_HALVINGS = 8, MAX_PARTS = 1000, MAX_BASES = 8 };

// A surface as a map of the file's parameters to space.
typedef struct map {
    ct_ifc__kind kind;
    ct_affine frame;     // of a plane, and of what is swept
    ct_affine into;      // the inverse
    ct_surf s;           // of all others
    ct_ifc__basis swept; // of what is swept, in `frame`
    double way[3];       // of an extrusion: of one of its parameter, in space
    double unit[2];      // of a parameter in metres, radians or the spline's own
    double period[2];    // in the file's parameters; 0: none
} map;

// ---- the surface --------------------------------------------------------------------------------

// The curve that is swept, by its own parameter, which is the surface's first or second one.
static ct_err read_swept(map *m, ct_ifc__work *w, uint32_t surface, int k) {
    uint32_t profile, curve;
    ct_ifc__points points = {0};
    CT_TRY(ct_ifc__need_ref(&profile, w, surface, "SweptCurve"));
    curve = ct_ifc__ref(w->m, profile, "Curve");
    if (curve == CT_STEP__NONE) CT_TRY(ct_ifc__need_ref(&curve, w, profile, "OuterCurve"));
    if (ct_ifc__kind_of(w, curve) == CT_IFC__K_TRIMMED)
        CT_TRY(ct_ifc__need_ref(&curve, w, curve, "BasisCurve"));
    m->frame = ct_ifc__position(w, surface, "Position");
    if (!ct_affine_invert(&m->into, &m->frame)) return ct_fail(CT_GEOM, "a surface is nowhere");
    if (ct_ifc__kind_of(w, curve) != CT_IFC__K_POLYLINE) {
        CT_TRY(ct_ifc__basis_read(&m->swept, w, curve));
        if (m->swept.kind == CT_IFC__B_CONIC) m->period[k] = m->swept.t1 / m->swept.per_unit;
        return CT_OK;
    }
    CT_TRY(ct_ifc__put_curve(&points, w, curve));
    return ct_ifc__basis_of_points(&m->swept, w, &points);
}

static ct_err read_extrusion(map *m, ct_ifc__work *w, uint32_t surface) {
    double depth;
    CT_TRY(read_swept(m, w, surface, 0));
    CT_TRY(ct_ifc__need_size(&depth, w, surface, "Depth"));
    CT_TRY(ct_ifc__direction(m->way, w, ct_ifc__ref(w->m, surface, "ExtrudedDirection")));
    ct_affine_vector(m->way, &m->frame, m->way);
    for (int k = 0; k < 3; k++) m->way[k] *= depth;
    return CT_OK;
}

static ct_err read_map(map *m, ct_ifc__work *w, uint32_t surface) {
    for (int i = 0; i < MAX_BASES; i++) { // what bounds a surface leaves its parameters
        const ct_ifc__kind kind = ct_ifc__kind_of(w, surface);
        if (kind != CT_IFC__K_CURVE_BOUNDED_PLANE && kind != CT_IFC__K_CURVE_BOUNDED &&
            kind != CT_IFC__K_RECTANGULAR_TRIMMED)
            break;
        CT_TRY(ct_ifc__need_ref(&surface, w, surface, "BasisSurface"));
    }
    *m = (map){.kind = ct_ifc__kind_of(w, surface), .unit = {w->length_m, w->length_m}};
    if (m->kind == CT_IFC__K_PLANE) {
        m->frame = ct_ifc__position(w, surface, "Position");
        return ct_affine_invert(&m->into, &m->frame) ? CT_OK
                                                     : ct_fail(CT_GEOM, "a plane is nowhere");
    }
    CT_TRY(ct_ifc__surf(&m->s, w, surface));
    if (m->kind == CT_IFC__K_LINEAR_EXTRUSION) return read_extrusion(m, w, surface);
    if (m->kind == CT_IFC__K_REVOLUTION) CT_TRY(read_swept(m, w, surface, 1));
    if (m->s.kind == CT_SURF_SPLINE) m->unit[0] = m->unit[1] = 1;
    if (m->s.kind == CT_SURF_CYLINDER || m->s.kind == CT_SURF_REVOLUTION) m->unit[0] = w->angle_rad;
    if (m->s.kind == CT_SURF_SPHERE || m->s.kind == CT_SURF_TORUS)
        m->unit[0] = m->unit[1] = w->angle_rad;
    m->period[0] = m->s.period[0] / m->unit[0];
    if (m->kind != CT_IFC__K_REVOLUTION) m->period[1] = m->s.period[1] / m->unit[1];
    return CT_OK;
}

// Turns a point about the axis of a surface of revolution.
static void turn(double p[3], const ct_surf *s, double angle) {
    double q[3];
    ct_affine_point(q, &s->into, p);
    const double x = q[0] * cos(angle) - q[1] * sin(angle);
    const double y = q[0] * sin(angle) + q[1] * cos(angle);
    ct_affine_point(p, &s->frame, (const double[3]){x, y, q[2]});
}

static void at_params(double out[3], const map *m, const double uv[2]) {
    const double own[2] = {uv[0] * m->unit[0], uv[1] * m->unit[1]};
    if (m->kind == CT_IFC__K_PLANE) {
        ct_affine_point(out, &m->frame, (const double[3]){own[0], own[1], 0});
    } else if (m->kind == CT_IFC__K_LINEAR_EXTRUSION) {
        ct_ifc__basis_point(out, &m->swept, uv[0] * m->swept.per_unit);
        ct_affine_point(out, &m->frame, out);
        for (int k = 0; k < 3; k++) out[k] += uv[1] * m->way[k];
    } else if (m->kind == CT_IFC__K_REVOLUTION) {
        ct_ifc__basis_point(out, &m->swept, uv[1] * m->swept.per_unit);
        ct_affine_point(out, &m->frame, out);
        turn(out, &m->s, own[0]);
    } else {
        ct_surf_point(out, &m->s, own);
    }
}

// The file's parameters of the place next to a point.
static void params_of(double uv[2], const map *m, const double p[3]) {
    double q[3];
    if (m->kind == CT_IFC__K_PLANE) {
        ct_affine_point(q, &m->into, p);
        uv[0] = q[0] / m->unit[0];
        uv[1] = q[1] / m->unit[1];
        return;
    }
    ct_surf_params(uv, &m->s, p, NULL);
    memcpy(q, p, sizeof q);
    if (m->kind == CT_IFC__K_LINEAR_EXTRUSION) { // back to the curve that is swept
        uv[1] /= sqrt(ct_dot(m->way, m->way));
        for (int k = 0; k < 3; k++) q[k] -= uv[1] * m->way[k];
        ct_affine_point(q, &m->into, q);
        uv[0] = ct_ifc__basis_parameter(&m->swept, q) / m->swept.per_unit;
    } else if (m->kind == CT_IFC__K_REVOLUTION) {
        turn(q, &m->s, -uv[0]);
        ct_affine_point(q, &m->into, q);
        uv[0] /= m->unit[0];
        uv[1] = ct_ifc__basis_parameter(&m->swept, q) / m->swept.per_unit;
    } else {
        uv[0] /= m->unit[0];
        uv[1] /= m->unit[1];
    }
}

// ---- curves on it -------------------------------------------------------------------------------

static void at_curve(double out[3], const map *m, const ct_ifc__basis *b, double t) {
    double uv[3];
    ct_ifc__basis_point(uv, b, t);
    at_params(out, m, uv);
}

// Whether the chord from t0 to t1 does for the curve, as three places tell.
static bool is_flat(const ct_ifc__work *w, const map *m, const ct_ifc__basis *b, double t0,
                    double t1) {
    double p[3], q[3], d[3], away = 0;
    at_curve(p, m, b, t0);
    at_curve(q, m, b, t1);
    for (int k = 0; k < 3; k++) d[k] = q[k] - p[k];
    const double length2 = ct_dot(d, d);
    for (int i = 1; i < 4; i++) {
        double x[3], along = 0;
        at_curve(x, m, b, t0 + 0.25 * i * (t1 - t0));
        for (int k = 0; k < 3; k++) along += (x[k] - p[k]) * d[k];
        along = length2 > 0 ? fmin(fmax(along / length2, 0), 1) : 0;
        for (int k = 0; k < 3; k++) x[k] -= p[k] + along * d[k];
        away = fmax(away, sqrt(ct_dot(x, x)));
    }
    return away <= w->chord_m && away <= sqrt(length2) * 0.5 * tan(CT_IFC__FINE_RAD / 4) + 1e-9;
}

// All after t0, t1 too.
static ct_err halve(ct_ifc__points *out, ct_ifc__work *w, const map *m, const ct_ifc__basis *b,
                    double t0, double t1, int depth) {
    CT_TRY(ct_ifc__spend(w, m->s.kind == CT_SURF_SPLINE ? 100 : 20));
    if (depth == MAX_HALVINGS || is_flat(w, m, b, t0, t1)) {
        double p[3];
        at_curve(p, m, b, t1);
        return ct_ifc__put_point(out, w, p);
    }
    const double middle = 0.5 * (t0 + t1);
    CT_TRY(halve(out, w, m, b, t0, middle, depth + 1));
    return halve(out, w, m, b, middle, t1, depth + 1);
}

// Where the curve is smooth: parts that go no more than a quarter round, halved as far as needed.
static ct_err put_smooth(ct_ifc__points *out, ct_ifc__work *w, const map *m, const ct_ifc__basis *b,
                         double t0, double t1) {
    double p[3], q[3], turns = 0;
    ct_ifc__basis_point(p, b, t0);
    ct_ifc__basis_point(q, b, t1);
    for (int k = 0; k < 2; k++)
        if (m->period[k] > 0) turns = fmax(turns, fabs(q[k] - p[k]) / m->period[k]);
    const double n = fmin(ceil(4 * turns - 1e-6), MAX_PARTS);
    for (double i = 0; i < fmax(n, 1); i++) {
        const double from = t0 + (t1 - t0) * i / fmax(n, 1);
        const double to = t0 + (t1 - t0) * (i + 1) / fmax(n, 1);
        CT_TRY(halve(out, w, m, b, from, to, 0));
    }
    return CT_OK;
}

static ct_err put_span(ct_ifc__points *out, ct_ifc__work *w, const map *m, const ct_ifc__span *s) {
    const ct_ifc__spline *spline = &s->b.spline;
    double p[3], from = s->t0;
    if (!isfinite(s->t0) || !isfinite(s->t1)) return ct_fail(CT_GEOM, "a line has no end");
    at_curve(p, m, &s->b, s->t0);
    CT_TRY(ct_ifc__put_point(out, w, p));
    const bool up = s->t1 > s->t0;
    for (uint32_t i = 0; s->b.kind == CT_IFC__B_SPLINE && i <= spline->n - spline->degree; i++) {
        const double knot = spline->knots[up ? spline->degree + i : spline->n - i];
        if (up ? knot <= from || knot >= s->t1 : knot >= from || knot <= s->t1) continue;
        CT_TRY(put_smooth(out, w, m, &s->b, from, knot));
        from = knot;
    }
    return put_smooth(out, w, m, &s->b, from, s->t1);
}

// The curve in the plane of the parameters, in their units: no lengths.
static ct_err read_plane_curve(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve) {
    const double length = w->length_m;
    w->length_m = 1;
    ct_err err = ct_ifc__spans_of(out, w, curve);
    if (err == CT_UNSUPPORTED) { // by its points
        ct_ifc__points points = {0};
        ct_ifc__basis b;
        *out = (ct_ifc__spans){0};
        err = ct_ifc__put_curve(&points, w, curve);
        if (!err) err = ct_ifc__basis_of_points(&b, w, &points);
        if (!err) err = ct_ifc__add_span(out, w, &b, b.t0, b.t1);
    }
    w->length_m = length;
    return err;
}

static ct_err read_both(map *m, ct_ifc__spans *spans, ct_ifc__work *w, uint32_t curve) {
    uint32_t surface, reference;
    CT_TRY(ct_ifc__need_ref(&surface, w, curve, "BasisSurface"));
    CT_TRY(ct_ifc__need_ref(&reference, w, curve, "ReferenceCurve"));
    CT_TRY(read_map(m, w, surface));
    return read_plane_curve(spans, w, reference);
}

ct_err ct_ifc__put_pcurve(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    map m;
    ct_ifc__spans spans = {0};
    CT_TRY(read_both(&m, &spans, w, curve));
    for (size_t i = 0; i < spans.n; i++) CT_TRY(put_span(out, w, &m, &spans.at[i]));
    return CT_OK;
}

// ---- lines without end --------------------------------------------------------------------------

// The line's parameter next to the parameters `uv` of a point, wherever round the surface that is.
// `after`: of places as near the first one from there on the way, where the line goes round; NaN:
// any.
static double line_parameter(const map *m, const ct_ifc__basis *line, const double uv[2],
                             double after, bool forward) {
    const double d[2] = {line->at.m[0], line->at.m[4]}, o[2] = {line->at.m[3], line->at.m[7]};
    const double d2 = d[0] * d[0] + d[1] * d[1];
    double best = NAN, least = HUGE_VAL, round = 0;
    for (int k = 0; k < 2; k++) // how far it is once round
        if (d[k] * d[k] > 1e-12 * d2) round = fmax(round, m->period[k] / fabs(d[k]));
    for (int i = m->period[0] > 0 ? -2 : 0; i <= (m->period[0] > 0 ? 2 : 0); i++)
        for (int k = m->period[1] > 0 ? -2 : 0; k <= (m->period[1] > 0 ? 2 : 0); k++) {
            const double at[2] = {uv[0] + i * m->period[0] - o[0], uv[1] + k * m->period[1] - o[1]};
            const double t = (at[0] * d[0] + at[1] * d[1]) / d2;
            const double away = fabs(at[0] * d[1] - at[1] * d[0]) / sqrt(d2);
            const double way = isnan(after) ? fabs(t) : forward ? t - after : after - t;
            if (!isnan(after) && round > 0 && way <= 1e-6 * round) continue;
            const double cost = away + 1e-6 * fabs(way) * sqrt(d2);
            if (cost >= least) continue;
            least = cost;
            best = t;
        }
    return best;
}

ct_err ct_ifc__put_pline(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve, const double from[3],
                         const double to[3], bool forward) {
    map m;
    ct_ifc__spans spans = {0};
    double uv[2];
    CT_TRY(read_both(&m, &spans, w, curve));
    const ct_ifc__basis *line = &spans.at[0].b;
    params_of(uv, &m, from);
    const double t0 = line_parameter(&m, line, uv, NAN, forward);
    params_of(uv, &m, to);
    const double t1 = line_parameter(&m, line, uv, t0, forward);
    if (!isfinite(t0) || !isfinite(t1))
        return ct_fail(CT_GEOM, "a line on a surface does not lead from one end to the other");
    return put_span(out, w, &m, &(ct_ifc__span){*line, t0, t1});
}
