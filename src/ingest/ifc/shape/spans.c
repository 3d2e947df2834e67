// Curves as spans: runs of a parameter on curves that have one. What is trimmed, or told in the
// parameters of a surface, is found by them.
#include "ingest/ifc/shape/spans.h"

#include <math.h>
#include <string.h>

static const double k_turn = 6.283185307179586476925286766559;

ct_err ct_ifc__add_span(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                        double t1) {
    CT_TRY(ct_ifc__spend(w, 1));
    if (out->n == out->room) {
        const size_t room = out->room ? 2 * out->room : 4;
        ct_ifc__span *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (out->n) memcpy(grown, out->at, out->n * sizeof *grown);
        out->at = grown;
        out->room = room;
    }
    out->at[out->n++] = (ct_ifc__span){*b, t0, t1};
    return CT_OK;
}

ct_err ct_ifc__spans_between(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__basis *b, double t0,
                             double t1, bool forward) {
    if (b->kind == CT_IFC__B_CONIC) {
        double sweep = forward ? t1 - t0 : t0 - t1;
        if (!isfinite(sweep)) return ct_fail(CT_GEOM, "an arc without end");
        sweep -= k_turn * floor(sweep / k_turn);
        if (sweep < 1e-9) sweep = k_turn;
        return ct_ifc__add_span(out, w, b, t0, forward ? t0 + sweep : t0 - sweep);
    }
    if (b->kind == CT_IFC__B_SPLINE && ct_ifc__basis_is_closed(b, w->weld_m) &&
        (forward ? t1 <= t0 : t1 >= t0)) { // around the place where it closes
        CT_TRY(ct_ifc__add_span(out, w, b, t0, forward ? b->t1 : b->t0));
        return ct_ifc__add_span(out, w, b, forward ? b->t0 : b->t1, t1);
    }
    return ct_ifc__add_span(out, w, b, t0, t1);
}

// ---- trimmed curves -----------------------------------------------------------------------------

ct_err ct_ifc__trim_read(ct_ifc__trim *out, ct_ifc__work *w, uint32_t curve,
                         const char *attribute) {
    const ct_step__value list = ct_ifc__get(w->m, curve, attribute);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    *out = (ct_ifc__trim){0};
    while (ct_step__next(&v, &c)) {
        const uint32_t point = ct_step__ref(w->m->step, &v);
        if (point != CT_STEP__NONE) {
            CT_TRY(ct_ifc__point(out->point, w, point));
            out->has_point = true;
        } else if (ct_step__number(&out->parameter, &v)) {
            out->has_parameter = true;
        }
    }
    if (out->has_point || out->has_parameter) return CT_OK;
    return ct_fail(CT_PARSE, "#%llu tells no %s",
                   (unsigned long long)ct_step__id(w->m->step, curve), attribute);
}

static double trim_at(const ct_ifc__basis *b, const ct_ifc__trim *t, bool by_point) {
    if (t->has_point && (by_point || !t->has_parameter))
        return ct_ifc__basis_parameter(b, t->point);
    return t->parameter * b->per_unit;
}

ct_err ct_ifc__trimmed_spans(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve, uint32_t basis) {
    ct_ifc__trim ends[2];
    ct_ifc__basis b;
    CT_TRY(ct_ifc__trim_read(&ends[0], w, curve, "Trim1"));
    CT_TRY(ct_ifc__trim_read(&ends[1], w, curve, "Trim2"));
    CT_TRY(ct_ifc__basis_read(&b, w, basis));
    const ct_step__value sense = ct_ifc__get(w->m, curve, "SenseAgreement");
    const ct_step__value master = ct_ifc__get(w->m, curve, "MasterRepresentation");
    const bool by_point = ct_step__is(&master, "CARTESIAN");
    return ct_ifc__spans_between(out, w, &b, trim_at(&b, &ends[0], by_point),
                                 trim_at(&b, &ends[1], by_point), ct_step__logical(&sense) != 0);
}

// ---- all that have parameters -------------------------------------------------------------------

ct_err ct_ifc__basis_of_points(ct_ifc__basis *out, ct_ifc__work *w, const ct_ifc__points *points) {
    const uint32_t n = points->n;
    ct_ifc__spline s = {.degree = 1, .n = n};
    if (n < 2) return ct_fail(CT_GEOM, "a curve has less than 2 points");
    s.points = ct_arena_alloc(w->arena, 4 * (size_t)n * sizeof *s.points);
    s.knots = ct_arena_alloc(w->arena, ((size_t)n + 2) * sizeof *s.knots);
    if (!s.points || !s.knots) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        memcpy(s.points + 4 * i, points->xyz + 3 * i, 3 * sizeof *s.points);
        s.points[4 * i + 3] = 1;
        s.knots[i + 1] = (double)i;
    }
    s.knots[0] = 0;
    s.knots[n + 1] = n - 1.0;
    *out = (ct_ifc__basis){.kind = CT_IFC__B_SPLINE, .t1 = n - 1.0, .per_unit = 1, .spline = s};
    return CT_OK;
}

static void turn_round(ct_ifc__spans *spans, size_t first) {
    for (size_t low = first, high = spans->n; low + 1 < high; low++, high--) {
        const ct_ifc__span swap = spans->at[low];
        spans->at[low] = spans->at[high - 1];
        spans->at[high - 1] = swap;
    }
    for (size_t i = first; i < spans->n; i++) {
        const double t = spans->at[i].t0;
        spans->at[i].t0 = spans->at[i].t1;
        spans->at[i].t1 = t;
    }
}

static ct_err composite(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__slots segments;
    CT_TRY(ct_ifc__refs(&segments, w, curve, "Segments"));
    for (size_t i = 0; i < segments.n; i++) {
        uint32_t parent;
        const size_t first = out->n;
        if (ct_ifc__kind_of(w, segments.at[i]) != CT_IFC__K_COMPOSITE_SEGMENT)
            return ct_ifc__unsupported(w, segments.at[i]);
        CT_TRY(ct_ifc__need_ref(&parent, w, segments.at[i], "ParentCurve"));
        CT_TRY(ct_ifc__spans_of(out, w, parent));
        const ct_step__value sense = ct_ifc__get(w->m, segments.at[i], "SameSense");
        if (ct_step__logical(&sense) == 0) turn_round(out, first);
    }
    return CT_OK;
}

static ct_err by_kind(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    ct_ifc__basis b;
    if (ct_ifc__has_basis(kind)) {
        CT_TRY(ct_ifc__basis_read(&b, w, curve));
        return ct_ifc__add_span(out, w, &b, b.t0, b.t1);
    }
    if (kind == CT_IFC__K_POLYLINE) {
        ct_ifc__points points = {0};
        CT_TRY(ct_ifc__put_curve(&points, w, curve));
        CT_TRY(ct_ifc__basis_of_points(&b, w, &points));
        return ct_ifc__add_span(out, w, &b, b.t0, b.t1);
    }
    if (kind == CT_IFC__K_COMPOSITE) return composite(out, w, curve);
    if (kind != CT_IFC__K_TRIMMED) return ct_ifc__unsupported(w, curve);
    uint32_t basis;
    CT_TRY(ct_ifc__need_ref(&basis, w, curve, "BasisCurve"));
    if (ct_ifc__has_basis(ct_ifc__kind_of(w, basis)))
        return ct_ifc__trimmed_spans(out, w, curve, basis);
    return ct_ifc__unsupported(w, basis);
}

ct_err ct_ifc__spans_of(ct_ifc__spans *out, ct_ifc__work *w, uint32_t curve) {
    // A polyline's points open it themselves.
    if (ct_ifc__kind_of(w, curve) == CT_IFC__K_POLYLINE) return by_kind(out, w, curve);
    CT_TRY(ct_ifc__enter(w, curve));
    const ct_err err = by_kind(out, w, curve);
    ct_ifc__leave(w);
    return err;
}

ct_err ct_ifc__spans_cut(ct_ifc__spans *out, ct_ifc__work *w, const ct_ifc__spans *spans, double p0,
                         double p1) {
    const double low = fmin(p0, p1), high = fmax(p0, p1);
    double before = 0;
    for (size_t i = 0; i < spans->n; i++) {
        const ct_ifc__span *s = &spans->at[i];
        const double unit = s->b.per_unit, length = fabs(s->t1 - s->t0) / unit;
        const double from = fmax(low - before, 0), to = fmin(high - before, length);
        const double way = s->t1 >= s->t0 ? unit : -unit;
        before += length;
        if (!isfinite(length)) return ct_fail(CT_GEOM, "a line has no end");
        if (to > from)
            CT_TRY(ct_ifc__add_span(out, w, &s->b, s->t0 + way * from, s->t0 + way * to));
    }
    if (p1 < p0) turn_round(out, 0);
    return out->n ? CT_OK : ct_fail(CT_GEOM, "nothing of a trimmed curve is left");
}
