// Surfaces of the file as surfaces of geo.
#include "ingest/ifc/shape/surface.h"

#include <math.h>

static ct_err elementary(ct_surf *out, ct_ifc__work *w, uint32_t slot, ct_ifc__kind kind) {
    const ct_affine frame = ct_ifc__position(w, slot, "Position");
    double radius, minor;
    if (kind == CT_IFC__K_TOROIDAL) {
        CT_TRY(ct_ifc__need_size(&radius, w, slot, "MajorRadius"));
        CT_TRY(ct_ifc__need_size(&minor, w, slot, "MinorRadius"));
        return ct_surf_torus(out, &frame, radius, minor);
    }
    CT_TRY(ct_ifc__need_size(&radius, w, slot, "Radius"));
    return kind == CT_IFC__K_SPHERICAL ? ct_surf_sphere(out, &frame, radius)
                                       : ct_surf_cylinder(out, &frame, radius);
}

// ---- swept curves

// The swept curve in space; a closed one has its first point again at its end.
static ct_err swept_curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t slot,
                          const ct_affine *frame) {
    uint32_t profile;
    ct_ifc__line line;
    CT_TRY(ct_ifc__need_ref(&profile, w, slot, "SweptCurve"));
    CT_TRY(ct_ifc__profile_curve(&line, w, profile));
    const uint32_t n = line.n + (line.closed ? 1 : 0);
    double *xyz = ct_arena_alloc(w->arena, 3 * ((size_t)n + 1) * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++)
        ct_affine_point(xyz + 3 * (size_t)i, frame, line.xyz + 3 * (size_t)(i % line.n));
    *out = (ct_ifc__line){.xyz = xyz, .n = n};
    return CT_OK;
}

static ct_err extrusion(ct_surf *out, ct_ifc__work *w, uint32_t slot) {
    const ct_affine frame = ct_ifc__position(w, slot, "Position");
    ct_ifc__line line;
    double direction[3];
    CT_TRY(swept_curve(&line, w, slot, &frame));
    CT_TRY(ct_ifc__direction(direction, w, ct_ifc__ref(w->m, slot, "ExtrudedDirection")));
    ct_affine_vector(direction, &frame, direction);
    CT_TRY(ct_surf_extrusion(out, w->arena, line.xyz, line.n, direction));
    const double depth = ct_ifc__length_or(w, slot, "Depth", 0);
    if (depth > 0) { // what is not trimmed ends there
        out->low[1] = 0;
        out->high[1] = depth;
    }
    return CT_OK;
}

static ct_err revolution(ct_surf *out, ct_ifc__work *w, uint32_t slot) {
    const ct_affine frame = ct_ifc__position(w, slot, "Position");
    ct_ifc__line line;
    uint32_t axis;
    CT_TRY(swept_curve(&line, w, slot, &frame));
    CT_TRY(ct_ifc__need_ref(&axis, w, slot, "AxisPosition"));
    double origin[3] = {0}, z[3] = {0, 0, 1};
    (void)ct_ifc__triple(origin, w->m, ct_ifc__ref(w->m, axis, "Location"), w->length_m);
    const uint32_t direction = ct_ifc__ref(w->m, axis, "Axis");
    if (direction != CT_STEP__NONE) CT_TRY(ct_ifc__direction(z, w, direction));
    const ct_affine own = ct_affine_frame(origin, z, NULL);
    const ct_affine place = ct_affine_multiply(&frame, &own);
    return ct_surf_revolution(out, w->arena, line.xyz, line.n, &place);
}

// ---- splines

enum { MAX_CONTROL_POINTS = 250000 };

static size_t count(ct_step__cursor c) {
    ct_step__value v;
    size_t n = 0;
    while (ct_step__next(&v, &c)) n++;
    return n;
}

// The net of control points, weight 1.
static ct_err net_of(double **points, uint32_t n[2], ct_ifc__work *w, uint32_t slot) {
    const ct_step__value list = ct_ifc__get(w->m, slot, "ControlPointsList");
    ct_step__cursor rows = ct_step__list(&list), row;
    ct_step__value v, at;
    size_t count_u = count(rows), count_v = 0;
    if (ct_step__next(&v, &rows)) count_v = count(ct_step__list(&v));
    if (count_u < 2 || count_v < 2 || count_u * count_v > MAX_CONTROL_POINTS)
        return ct_fail(CT_GEOM, "a spline surface of %zu by %zu control points", count_u, count_v);
    CT_TRY(ct_ifc__spend(w, 4 * count_u * count_v));
    double *p = ct_arena_alloc(w->arena, 4 * count_u * count_v * sizeof *p);
    if (!p) return CT_NOMEM;
    rows = ct_step__list(&list);
    for (size_t i = 0; i < count_u && ct_step__next(&v, &rows); i++) {
        row = ct_step__list(&v);
        for (size_t j = 0; j < count_v; j++) {
            if (!ct_step__next(&at, &row))
                return ct_fail(CT_PARSE, "row %zu of a spline surface is too short", i + 1);
            double *to = p + 4 * (i * count_v + j);
            CT_TRY(ct_ifc__point(to, w, ct_step__ref(w->m->step, &at)));
            to[3] = 1;
        }
    }
    *points = p;
    n[0] = (uint32_t)count_u;
    n[1] = (uint32_t)count_v;
    return CT_OK;
}

static ct_err take_weights(double *points, const uint32_t n[2], const ct_ifc__work *w,
                           uint32_t slot) {
    const ct_step__value list = ct_ifc__get(w->m, slot, "WeightsData");
    if (list.kind != CT_STEP__LIST) return CT_OK;
    ct_step__cursor rows = ct_step__list(&list);
    ct_step__value v, at;
    for (size_t i = 0; i < n[0]; i++) {
        if (!ct_step__next(&v, &rows)) return ct_fail(CT_PARSE, "a spline lacks weights");
        ct_step__cursor row = ct_step__list(&v);
        for (size_t j = 0; j < n[1]; j++) {
            double weight, *p = points + 4 * (i * n[1] + j);
            if (!ct_step__next(&at, &row) || !ct_step__number(&weight, &at))
                return ct_fail(CT_PARSE, "a spline lacks weights");
            for (int k = 0; k < 3; k++) p[k] *= weight;
            p[3] = weight;
        }
    }
    return CT_OK;
}

// Knots as often as their multiplicities tell; where there are none those of a Bezier surface, or
// even ones between ends that are met.
static ct_err knots_of(const double **out, ct_ifc__work *w, uint32_t slot, bool second, uint32_t n,
                       uint32_t degree) {
    const size_t wanted = (size_t)n + degree + 1;
    double *knots = ct_arena_alloc(w->arena, wanted * sizeof *knots);
    if (!knots) return CT_NOMEM;
    const ct_step__value list = ct_ifc__get(w->m, slot, second ? "VKnots" : "UKnots");
    const ct_step__value times =
        ct_ifc__get(w->m, slot, second ? "VMultiplicities" : "UMultiplicities");
    size_t made = 0;
    if (list.kind != CT_STEP__LIST || times.kind != CT_STEP__LIST) {
        for (; made < wanted; made++) {
            const double inner = (double)made - degree, most = (double)n - degree;
            knots[made] = fmin(fmax(inner, 0), most);
        }
        *out = knots;
        return CT_OK;
    }
    ct_step__cursor a = ct_step__list(&list), b = ct_step__list(&times);
    ct_step__value knot, time;
    while (ct_step__next(&knot, &a) && ct_step__next(&time, &b)) {
        double value, repeats;
        if (!ct_step__number(&value, &knot) || !ct_step__number(&repeats, &time))
            return ct_fail(CT_PARSE, "a knot of a spline is no number");
        for (double i = 0; i < repeats && made < wanted; i++) knots[made++] = value;
    }
    if (made < wanted)
        return ct_fail(CT_GEOM, "a spline of %zu knots instead of %zu", made, wanted);
    *out = knots;
    return CT_OK;
}

static ct_err spline(ct_surf *out, ct_ifc__work *w, uint32_t slot) {
    ct_spline s;
    double *points, degree[2];
    CT_TRY(ct_ifc__need(&degree[0], w, slot, "UDegree"));
    CT_TRY(ct_ifc__need(&degree[1], w, slot, "VDegree"));
    CT_TRY(net_of(&points, s.n, w, slot));
    CT_TRY(take_weights(points, s.n, w, slot));
    for (int k = 0; k < 2; k++) {
        if (!(degree[k] >= 1 && degree[k] <= CT_SPLINE_MAX_DEGREE && degree[k] < s.n[k]))
            return ct_fail(CT_GEOM, "a spline of degree %g with %u control points", degree[k],
                           s.n[k]);
        s.degree[k] = (uint32_t)degree[k];
        CT_TRY(knots_of(&s.knots[k], w, slot, k == 1, s.n[k], s.degree[k]));
    }
    s.points = points;
    CT_TRY(ct_ifc__spend(w, 20000));
    return ct_surf_spline(out, w->arena, &s);
}

// ---- all kinds

ct_err ct_ifc__surf(ct_surf *out, ct_ifc__work *w, uint32_t surface) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, surface);
    if (kind == CT_IFC__K_CYLINDRICAL || kind == CT_IFC__K_SPHERICAL || kind == CT_IFC__K_TOROIDAL)
        return elementary(out, w, surface, kind);
    if (kind == CT_IFC__K_LINEAR_EXTRUSION) return extrusion(out, w, surface);
    if (kind == CT_IFC__K_REVOLUTION) return revolution(out, w, surface);
    if (kind == CT_IFC__K_SPLINE_SURFACE || kind == CT_IFC__K_RATIONAL_SURFACE)
        return spline(out, w, surface);
    return ct_ifc__unsupported(w, surface);
}

ct_err ct_ifc__surf_trim(ct_surf *s, const ct_ifc__work *w, const double low[2],
                         const double high[2]) {
    for (int k = 0; k < 2; k++) {
        double factor = w->length_m;
        if (s->kind == CT_SURF_SPLINE) factor = 1;
        if (s->kind == CT_SURF_SPHERE || s->kind == CT_SURF_TORUS ||
            (k == 0 && (s->kind == CT_SURF_CYLINDER || s->kind == CT_SURF_REVOLUTION)))
            factor = w->angle_rad;
        double from = low[k] * factor, to = high[k] * factor;
        if (s->period[k] > 0 && to <= from) to += s->period[k];
        if (!(to > from)) return ct_fail(CT_GEOM, "a trimmed surface without area");
        if (s->period[k] > 0 && to - from >= s->period[k] * (1 - 1e-9)) continue;
        const double slack = 1e-9 * (to - from);
        if (from > s->low[k] + slack) s->pole[k][0] = false;
        if (to < s->high[k] - slack) s->pole[k][1] = false;
        s->low[k] = from;
        s->high[k] = to;
        s->period[k] = 0;
    }
    return CT_OK;
}
