// Curves as polylines: from their entities to points.
#include <math.h>
#include <string.h>

#include "geo/vector.h"
#include "ingest/ifc/shape/course.h"
#include "ingest/ifc/shape/spans.h"

static const double k_turn = 6.283185307179586476925286766559;

static void reverse(double *xyz, uint32_t n) {
    for (uint32_t i = 0; i < n / 2; i++)
        for (int k = 0; k < 3; k++) {
            double *a = xyz + 3 * (size_t)i + k, *b = xyz + 3 * ((size_t)n - 1 - i) + k;
            const double t = *a;
            *a = *b;
            *b = t;
        }
}

static ct_err put_all(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__points *points) {
    for (uint32_t i = 0; i < points->n; i++)
        CT_TRY(ct_ifc__put_point(out, w, points->xyz + 3 * (size_t)i));
    return CT_OK;
}

// ---- polylines and indexed curves ---------------------------------------------------------------

static ct_err put_polyline(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    const ct_step__value list = ct_step__get(w->m->step, curve, 0); // Points
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (ct_step__next(&v, &c)) {
        double p[3];
        CT_TRY(ct_ifc__point(p, w, ct_step__ref(w->m->step, &v)));
        CT_TRY(ct_ifc__put_point(out, w, p));
    }
    return CT_OK;
}

// The arc through three points; straight where they lie in a line.
static ct_err put_arc(ct_ifc__points *out, ct_ifc__work *w, const double *a, const double *b,
                      const double *c) {
    double u[3], v[3], n[3];
    for (int k = 0; k < 3; k++) {
        u[k] = b[k] - a[k];
        v[k] = c[k] - a[k];
    }
    for (int k = 0; k < 3; k++)
        n[k] = u[(k + 1) % 3] * v[(k + 2) % 3] - u[(k + 2) % 3] * v[(k + 1) % 3];
    const double uu = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
    const double vv = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    const double nn = n[0] * n[0] + n[1] * n[1] + n[2] * n[2];
    if (!(nn > 1e-20 * uu * vv) || nn == 0) {
        CT_TRY(ct_ifc__put_point(out, w, a));
        CT_TRY(ct_ifc__put_point(out, w, b));
        return ct_ifc__put_point(out, w, c);
    }
    // The centre: a + (vv (u x v) x u + uu v x (u x v)) / (2 |u x v|^2).
    double centre[3], x[3];
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        centre[k] =
            a[k] + (vv * (u[j] * n[i] - u[i] * n[j]) + uu * (v[i] * n[j] - v[j] * n[i])) / (2 * nn);
        x[k] = 0;
    }
    for (int k = 0; k < 3; k++) x[k] = a[k] - centre[k];
    ct_ifc__basis arc = {.kind = CT_IFC__B_CONIC, .at = ct_affine_frame(centre, n, x)};
    arc.a = arc.b = ct_distance(a, centre);
    double end = ct_ifc__basis_parameter(&arc, c);
    if (end <= 0) end += k_turn;
    const uint32_t first = out->n;
    CT_TRY(ct_ifc__put_piece(out, w, &arc, 0, end));
    memcpy(out->xyz + 3 * (size_t)first, a, 3 * sizeof *a);
    memcpy(out->xyz + 3 * ((size_t)out->n - 1), c, 3 * sizeof *c);
    return CT_OK;
}

static ct_err put_segment(ct_ifc__points *out, ct_ifc__work *w, const ct_step__value *segment,
                          const double *xyz, uint32_t n) {
    const ct_step__value list = ct_step__bare(segment);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    const double *at[3];
    const bool arc = ct_step__named(segment, "IFCARCINDEX");
    size_t i = 0;
    for (; ct_step__next(&v, &c); i++) {
        double index;
        if (!ct_step__number(&index, &v) || index < 1 || index > n)
            return ct_fail(CT_PARSE, "a segment names a point that is not there");
        const double *p = xyz + 3 * ((size_t)index - 1);
        if (!arc) CT_TRY(ct_ifc__put_point(out, w, p));
        if (i < 3) at[i] = p;
    }
    if (!arc) return CT_OK;
    if (i != 3) return ct_fail(CT_PARSE, "an arc has %zu points", i);
    return put_arc(out, w, at[0], at[1], at[2]);
}

static ct_err put_indexed(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    uint32_t list, n;
    double *xyz;
    CT_TRY(ct_ifc__need_ref(&list, w, curve, "Points"));
    CT_TRY(ct_ifc__coordinate_list(&xyz, &n, w, list));
    const ct_step__value segments = ct_ifc__get(w->m, curve, "Segments");
    if (segments.kind != CT_STEP__LIST) {
        for (uint32_t i = 0; i < n; i++) CT_TRY(ct_ifc__put_point(out, w, xyz + 3 * (size_t)i));
        return CT_OK;
    }
    ct_step__cursor c = ct_step__list(&segments);
    ct_step__value v;
    while (ct_step__next(&v, &c)) CT_TRY(put_segment(out, w, &v, xyz, n));
    return CT_OK;
}

// ---- trimmed curves -----------------------------------------------------------------------------

static ct_err put_spans(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__spans *spans) {
    for (size_t i = 0; i < spans->n; i++) {
        const ct_ifc__span *s = &spans->at[i];
        CT_TRY(ct_ifc__put_piece(out, w, &s->b, s->t0, s->t1));
    }
    return CT_OK;
}

static ct_err put_between(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                          double t1, bool forward) {
    ct_ifc__spans spans = {0};
    CT_TRY(ct_ifc__spans_between(&spans, w, b, t0, t1, forward));
    return put_spans(out, w, &spans);
}

// The point at a parameter of a polyline: whole numbers are its points.
static void at_parameter(double out[3], const ct_ifc__points *p, double t) {
    t = fmin(fmax(t, 0), p->n - 1.0);
    const uint32_t i = (uint32_t)fmin(floor(t), p->n - 2.0);
    const double f = t - i, *a = p->xyz + 3 * (size_t)i;
    for (int k = 0; k < 3; k++) out[k] = a[k] + f * (a[3 + k] - a[k]);
}

static double nearest_parameter(const ct_ifc__points *p, const double q[3]) {
    double best = 0, least = HUGE_VAL;
    for (uint32_t i = 0; i + 1 < p->n; i++) {
        const double *a = p->xyz + 3 * (size_t)i;
        double along = 0, length2 = 0, x[3];
        for (int k = 0; k < 3; k++) {
            along += (q[k] - a[k]) * (a[3 + k] - a[k]);
            length2 += (a[3 + k] - a[k]) * (a[3 + k] - a[k]);
        }
        along = length2 > 0 ? fmin(fmax(along / length2, 0), 1) : 0;
        for (int k = 0; k < 3; k++) x[k] = a[k] + along * (a[3 + k] - a[k]);
        const double d = ct_distance(x, q);
        if (d >= least) continue;
        least = d;
        best = i + along;
    }
    return best;
}

// The points of `p` between two parameters, in either direction.
static ct_err put_cut(ct_ifc__points *out, ct_ifc__work *w, ct_ifc__points *p, double t0,
                      double t1) {
    if (p->n < 2) return ct_fail(CT_GEOM, "a curve has less than 2 points");
    double q[3];
    at_parameter(q, p, t0);
    CT_TRY(ct_ifc__put_point(out, w, q));
    for (uint32_t i = 0; i < p->n; i++) {
        const uint32_t at = t1 >= t0 ? i : p->n - 1 - i;
        if (t1 >= t0 ? at <= t0 || at >= t1 : at >= t0 || at <= t1) continue;
        CT_TRY(ct_ifc__put_point(out, w, p->xyz + 3 * (size_t)at));
    }
    at_parameter(q, p, t1);
    return ct_ifc__put_point(out, w, q);
}

// Of one whose basis has no parameter of ours, by points near it.
static ct_err put_trimmed_points(ct_ifc__points *out, ct_ifc__work *w, uint32_t basis,
                                 const ct_ifc__trim ends[2], bool by_point) {
    ct_ifc__points all = {0};
    double t[2];
    CT_TRY(ct_ifc__put_curve(&all, w, basis));
    if (all.n < 2) return ct_fail(CT_GEOM, "a curve has less than 2 points");
    const bool own = ct_ifc__kind_of(w, basis) == CT_IFC__K_POLYLINE;
    for (int i = 0; i < 2; i++) {
        if (ends[i].has_point && (by_point || !ends[i].has_parameter || !own))
            t[i] = nearest_parameter(&all, ends[i].point);
        else if (own)
            t[i] = ends[i].parameter;
        else
            return ct_fail(CT_UNSUPPORTED, "an %s trimmed by a point and by a parameter",
                           ct_ifc__class(w->m, basis));
    }
    return put_cut(out, w, &all, t[0], t[1]);
}

static ct_err put_trimmed(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    uint32_t basis;
    ct_ifc__trim ends[2];
    ct_ifc__spans all = {0}, cut = {0};
    CT_TRY(ct_ifc__need_ref(&basis, w, curve, "BasisCurve"));
    if (ct_ifc__has_basis(ct_ifc__kind_of(w, basis))) {
        CT_TRY(ct_ifc__trimmed_spans(&all, w, curve, basis));
        return put_spans(out, w, &all);
    }
    CT_TRY(ct_ifc__trim_read(&ends[0], w, curve, "Trim1"));
    CT_TRY(ct_ifc__trim_read(&ends[1], w, curve, "Trim2"));
    const ct_step__value master = ct_ifc__get(w->m, curve, "MasterRepresentation");
    if (ends[0].has_point || ends[1].has_point || ct_ifc__kind_of(w, basis) == CT_IFC__K_POLYLINE)
        return put_trimmed_points(out, w, basis, ends, ct_step__is(&master, "CARTESIAN"));
    CT_TRY(ct_ifc__spans_of(&all, w, basis));
    CT_TRY(ct_ifc__spans_cut(&cut, w, &all, ends[0].parameter, ends[1].parameter));
    return put_spans(out, w, &cut);
}

// ---- composite curves ---------------------------------------------------------------------------

static ct_err segment_points(ct_ifc__points *out, ct_ifc__work *w, uint32_t segment) {
    if (ct_ifc__kind_of(w, segment) == CT_IFC__K_CURVE_SEGMENT)
        return ct_ifc__put_curve_segment(out, w, segment);
    uint32_t parent;
    CT_TRY(ct_ifc__need_ref(&parent, w, segment, "ParentCurve"));
    const ct_step__value sense = ct_ifc__get(w->m, segment, "SameSense");
    CT_TRY(ct_ifc__put_curve(out, w, parent));
    if (ct_step__logical(&sense) == 0) reverse(out->xyz, out->n);
    return CT_OK;
}

// The nearest that an end of `a` comes to one of `b`'s.
static double gap(const double *end, const ct_ifc__points *b) {
    return fmin(ct_distance(end, b->xyz), ct_distance(end, b->xyz + 3 * ((size_t)b->n - 1)));
}

// Segments that run against their neighbours, which files have, are turned.
static void turn(ct_ifc__points *s, const ct_ifc__points *before, const ct_ifc__points *after) {
    const double *first = s->xyz, *last = s->xyz + 3 * ((size_t)s->n - 1);
    bool wrong = false;
    if (before->n) {
        const double *end = before->xyz + 3 * ((size_t)before->n - 1);
        wrong = ct_distance(end, first) > 1e-3 && ct_distance(end, last) < 1e-3;
    } else if (after) {
        wrong = gap(last, after) > 1e-3 && gap(first, after) < 1e-3;
    }
    if (wrong) reverse(s->xyz, s->n);
}

static ct_err put_composite(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__slots segments;
    CT_TRY(ct_ifc__refs(&segments, w, curve, "Segments"));
    ct_ifc__points *at = ct_arena_calloc(w->arena, segments.n + 1, sizeof *at);
    if (!at) return CT_NOMEM;
    size_t n = 0;
    for (size_t i = 0; i < segments.n; i++) {
        CT_TRY(segment_points(&at[n], w, segments.at[i]));
        n += at[n].n > 0;
    }
    ct_ifc__points none = {0};
    for (size_t i = 0; i < n; i++) {
        turn(&at[i], i ? &at[i - 1] : &none, i + 1 < n ? &at[i + 1] : NULL);
        CT_TRY(put_all(out, w, &at[i]));
    }
    return CT_OK;
}

// ---- all of them --------------------------------------------------------------------------------

static ct_err put_whole(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__basis b;
    CT_TRY(ct_ifc__basis_read(&b, w, curve));
    return ct_ifc__put_piece(out, w, &b, b.t0, b.t1);
}

static ct_err put_inner(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve,
                        const char *attribute) {
    uint32_t inner;
    CT_TRY(ct_ifc__need_ref(&inner, w, curve, attribute));
    return ct_ifc__put_curve(out, w, inner);
}

// Moved to the side by a distance, to the left where it is positive: in the plane, or across a
// direction.
static ct_err put_offset(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__points basis = {0};
    ct_ifc__line line;
    double by, up[3] = {0, 0, 1};
    CT_TRY(ct_ifc__need_length(&by, w, curve, "Distance"));
    if (ct_ifc__kind_of(w, curve) == CT_IFC__K_OFFSET_3D)
        CT_TRY(ct_ifc__direction(up, w, ct_ifc__ref(w->m, curve, "RefDirection")));
    CT_TRY(put_inner(&basis, w, curve, "BasisCurve"));
    CT_TRY(ct_ifc__finish_line(&line, w, &basis));
    CT_TRY(ct_ifc__offset(out, w, &line, by, up));
    return line.closed && out->n ? ct_ifc__put_point(out, w, out->xyz) : CT_OK;
}

// Moved to the side and up by what is told at places along it.
static ct_err put_offset_by_distances(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    uint32_t basis, n;
    double *xyz;
    ct_ifc__slots values;
    ct_ifc__course course;
    CT_TRY(ct_ifc__need_ref(&basis, w, curve, "BasisCurve"));
    CT_TRY(ct_ifc__refs(&values, w, curve, "OffsetValues"));
    CT_TRY(ct_ifc__course_read(&course, w, basis));
    ct_ifc__station *stations = ct_arena_alloc(w->arena, (values.n + 1) * sizeof *stations);
    if (!stations) return CT_NOMEM;
    if (values.n == 0) return ct_fail(CT_PARSE, "an offset curve tells no distances");
    for (size_t i = 0; i < values.n; i++) {
        CT_TRY(ct_ifc__station_read(&stations[i], w, values.at[i]));
        if (i && !(stations[i].distance > stations[i - 1].distance))
            return ct_fail(CT_GEOM, "offsets that do not follow each other");
    }
    CT_TRY(ct_ifc__course_offset(&xyz, &n, w, &course, stations, values.n));
    for (uint32_t i = 0; i < n; i++) CT_TRY(ct_ifc__put_point(out, w, xyz + 3 * (size_t)i));
    return CT_OK;
}

// The curve in space of an IfcSurfaceCurve (seams and intersections too), or what it is in the
// parameters of its first surface where there is none that is read.
static ct_err surface_curve(uint32_t *out, ct_ifc__work *w, uint32_t curve) {
    const uint32_t in_space = ct_ifc__ref(w->m, curve, "Curve3D");
    ct_ifc__slots on_surfaces;
    *out = in_space;
    if (ct_ifc__kind_of(w, in_space) != CT_IFC__K_OTHER) return CT_OK;
    CT_TRY(ct_ifc__refs(&on_surfaces, w, curve, "AssociatedGeometry"));
    if (on_surfaces.n == 0) return ct_ifc__need_ref(out, w, curve, "Curve3D");
    *out = on_surfaces.at[0];
    return CT_OK;
}

static ct_err put_kind(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    if (ct_ifc__has_basis(kind)) return put_whole(out, w, curve);
    if (kind == CT_IFC__K_POLYLINE) return put_polyline(out, w, curve);
    if (kind == CT_IFC__K_INDEXED_CURVE) return put_indexed(out, w, curve);
    if (kind == CT_IFC__K_TRIMMED) return put_trimmed(out, w, curve);
    if (kind == CT_IFC__K_COMPOSITE) return put_composite(out, w, curve);
    if (kind == CT_IFC__K_GRADIENT) return ct_ifc__put_gradient(out, w, curve);
    if (kind == CT_IFC__K_SURFACE_CURVE) {
        CT_TRY(surface_curve(&curve, w, curve));
        return ct_ifc__put_curve(out, w, curve);
    }
    if (kind == CT_IFC__K_PCURVE) return ct_ifc__put_pcurve(out, w, curve);
    if (kind == CT_IFC__K_SEGMENTED) return put_inner(out, w, curve, "BaseCurve"); // without cant
    if (kind == CT_IFC__K_OFFSET_2D || kind == CT_IFC__K_OFFSET_3D)
        return put_offset(out, w, curve);
    if (kind == CT_IFC__K_OFFSET_BY_DISTANCES) return put_offset_by_distances(out, w, curve);
    return ct_ifc__unsupported(w, curve);
}

ct_err ct_ifc__put_curve(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve) {
    CT_TRY(ct_ifc__enter(w, curve));
    const ct_err err = put_kind(out, w, curve);
    ct_ifc__leave(w);
    return err;
}

ct_err ct_ifc__curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__points points = {0};
    CT_TRY(ct_ifc__put_curve(&points, w, curve));
    return ct_ifc__finish_line(out, w, &points);
}

static ct_err put_part(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve, double t0, double t1) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    if (ct_ifc__has_basis(kind)) {
        ct_ifc__basis b;
        CT_TRY(ct_ifc__basis_read(&b, w, curve));
        t0 = isnan(t0) ? b.t0 : t0 * b.per_unit;
        t1 = isnan(t1) ? b.t1 : t1 * b.per_unit;
        return put_between(out, w, &b, t0, t1, true);
    }
    if (kind != CT_IFC__K_POLYLINE) return ct_ifc__put_curve(out, w, curve);
    ct_ifc__points all = {0};
    CT_TRY(ct_ifc__put_curve(&all, w, curve));
    // Files that tell 0 to 1 mean all of it, whatever the number of points.
    const bool whole = (t0 == 0 && t1 == 1) || t1 <= t0;
    if (whole || isnan(t0)) t0 = 0;
    if (whole || isnan(t1)) t1 = all.n - 1.0;
    return put_cut(out, w, &all, t0, t1);
}

ct_err ct_ifc__curve_part(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve, double t0,
                          double t1) {
    ct_ifc__points points = {0};
    w->keep_length = true;
    const ct_err err = put_part(&points, w, curve, t0, t1);
    w->keep_length = false;
    return err ? err : ct_ifc__finish_line(out, w, &points);
}

static ct_err put_edge(ct_ifc__points *out, ct_ifc__work *w, uint32_t curve, const double from[3],
                       const double to[3], bool forward) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    const bool around = ct_distance(from, to) <= w->weld_m;
    if (ct_ifc__has_basis(kind)) {
        ct_ifc__basis b;
        CT_TRY(ct_ifc__basis_read(&b, w, curve));
        const double t0 = ct_ifc__basis_parameter(&b, from);
        return put_between(out, w, &b, t0, around ? t0 : ct_ifc__basis_parameter(&b, to), forward);
    }
    if (kind == CT_IFC__K_PCURVE &&
        ct_ifc__kind_of(w, ct_ifc__ref(w->m, curve, "ReferenceCurve")) == CT_IFC__K_LINE)
        return ct_ifc__put_pline(out, w, curve, from, to, forward);
    ct_ifc__points all = {0};
    CT_TRY(ct_ifc__put_curve(&all, w, curve));
    if (all.n < 2) return ct_fail(CT_GEOM, "a curve has less than 2 points");
    const double end = all.n - 1.0;
    const double t0 = around ? (forward ? 0 : end) : nearest_parameter(&all, from);
    const double t1 = around ? (forward ? end : 0) : nearest_parameter(&all, to);
    const bool closed = ct_distance(all.xyz, all.xyz + 3 * ((size_t)all.n - 1)) <= w->weld_m;
    if (around || !closed || (forward ? t1 > t0 : t1 < t0)) return put_cut(out, w, &all, t0, t1);
    CT_TRY(put_cut(out, w, &all, t0, forward ? end : 0)); // around the place where it closes
    return put_cut(out, w, &all, forward ? 0 : end, t1);
}

ct_err ct_ifc__curve_between(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve,
                             const double from[3], const double to[3], bool forward) {
    ct_ifc__points points = {0};
    if (ct_ifc__kind_of(w, curve) == CT_IFC__K_SURFACE_CURVE)
        CT_TRY(surface_curve(&curve, w, curve));
    w->arc_rad = CT_IFC__FINE_RAD;
    const ct_err err = put_edge(&points, w, curve, from, to, forward);
    w->arc_rad = CT_IFC__ARC_RAD;
    if (err) return err;
    if (points.n) {
        memcpy(points.xyz, from, 3 * sizeof *from);
        memcpy(points.xyz + 3 * ((size_t)points.n - 1), to, 3 * sizeof *to);
    }
    return ct_ifc__finish_line(out, w, &points);
}
