// Curves with a parameter, and pieces of them as points.
#include "ingest/ifc/shape/basis.h"

#include <math.h>
#include <string.h>

#include "geo/vector.h"

enum { MAX_HALVINGS = 8, SAMPLES = 8 };

static const double k_turn = 6.283185307179586476925286766559;

// ---- reading ------------------------------------------------------------------------------------

bool ct_ifc__has_basis(ct_ifc__kind kind) {
    return kind == CT_IFC__K_LINE || kind == CT_IFC__K_CIRCLE || kind == CT_IFC__K_ELLIPSE ||
           kind == CT_IFC__K_RATIONAL_CURVE || kind == CT_IFC__K_RATIONAL_BEZIER ||
           kind == CT_IFC__K_SPLINE_CURVE;
}

static ct_err read_line(ct_ifc__basis *b, ct_ifc__work *w, uint32_t curve) {
    double point[3], direction[3], magnitude;
    uint32_t vector, orientation;
    CT_TRY(ct_ifc__point(point, w, ct_ifc__ref(w->m, curve, "Pnt")));
    CT_TRY(ct_ifc__need_ref(&vector, w, curve, "Dir"));
    CT_TRY(ct_ifc__need_ref(&orientation, w, vector, "Orientation"));
    CT_TRY(ct_ifc__direction(direction, w, orientation));
    CT_TRY(ct_ifc__need_length(&magnitude, w, vector, "Magnitude"));
    if (!(magnitude > 0)) magnitude = w->length_m;
    b->at = ct_affine_identity;
    for (int k = 0; k < 3; k++) {
        b->at.m[4 * k] = direction[k] * magnitude;
        b->at.m[4 * k + 3] = point[k];
    }
    b->t0 = -HUGE_VAL;
    b->t1 = HUGE_VAL;
    return CT_OK;
}

static ct_err read_conic(ct_ifc__basis *b, ct_ifc__work *w, uint32_t curve, bool circle) {
    b->kind = CT_IFC__B_CONIC;
    b->at = ct_ifc__position(w, curve, "Position");
    b->per_unit = w->angle_rad;
    b->t1 = k_turn;
    if (circle) {
        CT_TRY(ct_ifc__need_size(&b->a, w, curve, "Radius"));
        b->b = b->a;
        return CT_OK;
    }
    CT_TRY(ct_ifc__need_size(&b->a, w, curve, "SemiAxis1"));
    return ct_ifc__need_size(&b->b, w, curve, "SemiAxis2");
}

ct_err ct_ifc__basis_read(ct_ifc__basis *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__basis b = {.per_unit = 1};
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    if (!ct_ifc__has_basis(kind)) return ct_ifc__unsupported(w, curve);
    if (kind == CT_IFC__K_LINE) {
        CT_TRY(read_line(&b, w, curve));
    } else if (kind == CT_IFC__K_CIRCLE || kind == CT_IFC__K_ELLIPSE) {
        CT_TRY(read_conic(&b, w, curve, kind == CT_IFC__K_CIRCLE));
    } else {
        b.kind = CT_IFC__B_SPLINE;
        CT_TRY(ct_ifc__spline_read(&b.spline, w, curve));
        b.t0 = b.spline.knots[b.spline.degree];
        b.t1 = b.spline.knots[b.spline.n];
    }
    *out = b;
    return CT_OK;
}

// ---- points and parameters ----------------------------------------------------------------------

void ct_ifc__basis_point(double out[3], const ct_ifc__basis *b, double t) {
    if (b->kind == CT_IFC__B_SPLINE) {
        ct_ifc__spline_point(out, &b->spline, t);
        return;
    }
    const double line[3] = {t, 0, 0}, conic[3] = {b->a * cos(t), b->b * sin(t), 0};
    ct_affine_point(out, &b->at, b->kind == CT_IFC__B_LINE ? line : conic);
}

static double spline_parameter(const ct_ifc__basis *b, const double p[3]) {
    const uint32_t n = SAMPLES * b->spline.n;
    double best = b->t0, least = HUGE_VAL, step = (b->t1 - b->t0) / n, q[3];
    for (uint32_t i = 0; i <= n; i++) {
        const double t = b->t0 + i * step;
        ct_ifc__spline_point(q, &b->spline, t);
        const double d = ct_distance(p, q);
        if (d < least) {
            least = d;
            best = t;
        }
    }
    for (int i = 0; i < 50; i++) {
        step *= 0.5;
        for (int side = -1; side <= 1; side += 2) {
            const double t = fmin(fmax(best + side * step, b->t0), b->t1);
            ct_ifc__spline_point(q, &b->spline, t);
            const double d = ct_distance(p, q);
            if (d >= least) continue;
            least = d;
            best = t;
        }
    }
    return best;
}

double ct_ifc__basis_parameter(const ct_ifc__basis *b, const double p[3]) {
    if (b->kind == CT_IFC__B_SPLINE) return spline_parameter(b, p);
    double d[3], x[3] = {0};
    for (int k = 0; k < 3; k++) d[k] = p[k] - b->at.m[4 * k + 3];
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++) x[k] += b->at.m[4 * i + k] * d[i];
    if (b->kind == CT_IFC__B_CONIC) return atan2(x[1] / b->b, x[0] / b->a);
    double length2 = 0;
    for (int i = 0; i < 3; i++) length2 += b->at.m[4 * i] * b->at.m[4 * i];
    return x[0] / length2;
}

bool ct_ifc__basis_is_closed(const ct_ifc__basis *b, double within_m) {
    if (b->kind != CT_IFC__B_SPLINE) return b->kind == CT_IFC__B_CONIC;
    double p[3], q[3];
    ct_ifc__basis_point(p, b, b->t0);
    ct_ifc__basis_point(q, b, b->t1);
    return ct_distance(p, q) <= within_m;
}

// ---- pieces -------------------------------------------------------------------------------------

ct_err ct_ifc__put_point(ct_ifc__points *out, ct_ifc__work *w, const double p[3]) {
    CT_TRY(ct_ifc__spend(w, 1));
    if (out->n == out->room) {
        const size_t room = out->room ? 2 * out->room : 16;
        double *grown = ct_arena_alloc(w->arena, 3 * room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (out->n) memcpy(grown, out->xyz, 3 * (size_t)out->n * sizeof *grown);
        out->xyz = grown;
        out->room = room;
    }
    memcpy(out->xyz + 3 * (size_t)out->n++, p, 3 * sizeof *p);
    return CT_OK;
}

static ct_err put_at(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t) {
    double p[3];
    ct_ifc__basis_point(p, b, t);
    return ct_ifc__put_point(out, w, p);
}

// How far the curve between t0 and t1 is from its chord, as three places tell.
static double bulge(const ct_ifc__basis *b, double t0, double t1) {
    double p[3], q[3], most = 0;
    ct_ifc__basis_point(p, b, t0);
    ct_ifc__basis_point(q, b, t1);
    double d[3] = {q[0] - p[0], q[1] - p[1], q[2] - p[2]};
    const double length2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    for (int i = 1; i < 4; i++) {
        double x[3], along = 0;
        ct_ifc__basis_point(x, b, t0 + 0.25 * i * (t1 - t0));
        for (int k = 0; k < 3; k++) along += (x[k] - p[k]) * d[k];
        along = length2 > 0 ? fmin(fmax(along / length2, 0), 1) : 0;
        const double on[3] = {p[0] + along * d[0], p[1] + along * d[1], p[2] + along * d[2]};
        most = fmax(most, ct_distance(x, on));
    }
    return most;
}

static bool is_flat(const ct_ifc__work *w, const ct_ifc__basis *b, double t0, double t1) {
    double p[3], q[3];
    const double away = bulge(b, t0, t1);
    ct_ifc__basis_point(p, b, t0);
    ct_ifc__basis_point(q, b, t1);
    // An arc over the angle a bulges by tan(a/4)/2 of its chord: however small it is, it is seen.
    return away <= w->chord_m && away <= ct_distance(p, q) * 0.5 * tan(CT_IFC__FINE_RAD / 4);
}

// All after t0, t1 too.
static ct_err halve(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                    double t1, int depth) {
    CT_TRY(ct_ifc__spend(w, 10));
    if (depth == MAX_HALVINGS || is_flat(w, b, t0, t1)) return put_at(out, w, b, t1);
    const double middle = 0.5 * (t0 + t1);
    CT_TRY(halve(out, w, b, t0, middle, depth + 1));
    return halve(out, w, b, middle, t1, depth + 1);
}

// Between neighbouring knots the curve is smooth.
static ct_err put_spline(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                         double t1) {
    const ct_ifc__spline *s = &b->spline;
    const bool up = t1 > t0;
    double from = t0;
    CT_TRY(put_at(out, w, b, t0));
    for (uint32_t i = 0; i <= s->n - s->degree; i++) {
        const double knot = s->knots[up ? s->degree + i : s->n - i];
        if (up ? knot <= from || knot >= t1 : knot >= from || knot <= t1) continue;
        CT_TRY(halve(out, w, b, from, knot, s->degree == 1 ? MAX_HALVINGS : 0));
        from = knot;
    }
    return halve(out, w, b, from, t1, s->degree == 1 ? MAX_HALVINGS : 0);
}

static ct_err put_conic(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                        double t1) {
    if (fabs(t1 - t0) > k_turn) t1 = t0 + copysign(k_turn, t1 - t0);
    const double sweep = t1 - t0, radius = fmax(b->a, b->b);
    const uint32_t n = ct_ifc__arc_steps(w, radius, sweep);
    const double swell = ct_ifc__arc_swell(w, radius, sweep, n);
    const bool around = fabs(sweep) > k_turn - 1e-9; // it has no ends
    ct_ifc__basis larger = *b;
    larger.a *= swell;
    larger.b *= swell;
    for (uint32_t i = 0; i <= n; i++) {
        const bool inner = around || (i > 0 && i < n);
        CT_TRY(put_at(out, w, inner ? &larger : b, i == n ? t1 : t0 + sweep * i / n));
    }
    return CT_OK;
}

ct_err ct_ifc__put_piece(ct_ifc__points *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                         double t1) {
    if (!isfinite(t0) || !isfinite(t1)) return ct_fail(CT_GEOM, "a line has no end");
    if (b->kind == CT_IFC__B_SPLINE) return put_spline(out, w, b, t0, t1);
    if (b->kind == CT_IFC__B_CONIC) return put_conic(out, w, b, t0, t1);
    CT_TRY(put_at(out, w, b, t0));
    return put_at(out, w, b, t1);
}

ct_err ct_ifc__finish_line(ct_ifc__line *out, const ct_ifc__work *w, ct_ifc__points *points) {
    const double near = 0.1 * w->weld_m;
    uint32_t n = 0;
    for (uint32_t i = 0; i < points->n; i++) {
        const double *p = points->xyz + 3 * (size_t)i;
        for (int k = 0; k < 3; k++)
            if (!isfinite(p[k])) return ct_fail(CT_GEOM, "a curve runs out of all numbers");
        if (n && ct_distance(points->xyz + 3 * ((size_t)n - 1), p) <= near) continue;
        memmove(points->xyz + 3 * (size_t)n++, p, 3 * sizeof *p);
    }
    bool closed = false;
    if (n > 2 && ct_distance(points->xyz, points->xyz + 3 * ((size_t)n - 1)) <= w->weld_m) {
        closed = true;
        n--;
    }
    if (n < 2) return ct_fail(CT_GEOM, "a curve has less than 2 points");
    *out = (ct_ifc__line){points->xyz, n, closed};
    return CT_OK;
}
