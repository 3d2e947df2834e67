// B-spline curves, rational ones too: ISO 10303-42, b_spline_curve.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"

enum { MAX_DEGREE = 15, MAX_POINTS = 20000, MAX_KNOTS = MAX_POINTS + MAX_DEGREE + 1 };

// One knot and how often it comes. False at the end, and where one cannot be read (*bad).
static bool next_knot(double *t, uint32_t *times, ct_step__cursor *knots, ct_step__cursor *counts,
                      bool *bad) {
    ct_step__value knot, count;
    double k;
    if (!ct_step__next(&knot, knots) || !ct_step__next(&count, counts)) return false;
    *bad = !ct_step__number(t, &knot) || !ct_step__number(&k, &count) ||
           !(k >= 1 && k <= MAX_DEGREE + 1);
    if (!*bad) *times = (uint32_t)k;
    return !*bad;
}

ct_err ct_ifc__knots_read(double **out, uint32_t *n, ct_ifc__work *w, uint32_t slot,
                          const char *knots, const char *multiplicities) {
    const ct_step__value a = ct_ifc__get(w->m, slot, knots);
    const ct_step__value b = ct_ifc__get(w->m, slot, multiplicities);
    double *at = NULL, t = 0;
    uint32_t all = 0, times = 0;
    bool bad = false;
    for (int round = 0; round < 2 && !bad; round++) { // counted, then taken
        ct_step__cursor ca = ct_step__list(&a), cb = ct_step__list(&b);
        if (round == 1) {
            CT_TRY(ct_ifc__spend(w, all));
            at = ct_arena_alloc(w->arena, ((size_t)all + 1) * sizeof *at);
            if (!at) return CT_NOMEM;
        }
        all = 0;
        while (!bad && next_knot(&t, &times, &ca, &cb, &bad)) {
            bad = all + times > MAX_KNOTS || (round == 1 && all && t < at[all - 1]);
            for (uint32_t i = 0; round == 1 && !bad && i < times; i++) at[all + i] = t;
            all += times;
        }
    }
    if (bad)
        return ct_fail(CT_PARSE, "the knots of #%llu cannot be read",
                       (unsigned long long)ct_step__id(w->m->step, slot));
    *out = at;
    *n = all;
    return CT_OK;
}

// Curves without knots: pieces of Bézier curves where the number of points fits, else uniform.
static ct_err make_knots(ct_ifc__spline *s, ct_ifc__work *w) {
    const uint32_t p = s->degree, n = s->n + p + 1;
    s->knots = ct_arena_alloc(w->arena, n * sizeof *s->knots);
    if (!s->knots) return CT_NOMEM;
    const bool pieces = (s->n - 1) % p == 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i <= p)
            s->knots[i] = 0;
        else if (i >= s->n)
            s->knots[i] = pieces ? (s->n - 1) / p : s->n - p;
        else
            s->knots[i] = pieces ? (i - 1) / p : i - p;
    }
    return CT_OK;
}

static ct_err read_points(ct_ifc__spline *s, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__slots points;
    CT_TRY(ct_ifc__refs(&points, w, curve, "ControlPointsList"));
    if (points.n > MAX_POINTS || points.n < s->degree + 1)
        return ct_fail(CT_GEOM, "#%llu has %zu control points",
                       (unsigned long long)ct_step__id(w->m->step, curve), points.n);
    s->n = (uint32_t)points.n;
    s->points = ct_arena_alloc(w->arena, 4 * points.n * sizeof *s->points);
    if (!s->points) return CT_NOMEM;
    const ct_step__value weights = ct_ifc__get(w->m, curve, "WeightsData");
    ct_step__cursor c = ct_step__list(&weights);
    ct_step__value v;
    for (size_t i = 0; i < points.n; i++) {
        double *at = s->points + 4 * i, weight = 1;
        CT_TRY(ct_ifc__point(at, w, points.at[i]));
        if (ct_step__next(&v, &c) && (!ct_step__number(&weight, &v) || !(weight > 0)))
            return ct_fail(CT_GEOM, "a weight of #%llu is not above 0",
                           (unsigned long long)ct_step__id(w->m->step, curve));
        for (int k = 0; k < 3; k++) at[k] *= weight;
        at[3] = weight;
    }
    return CT_OK;
}

ct_err ct_ifc__spline_read(ct_ifc__spline *out, ct_ifc__work *w, uint32_t curve) {
    ct_ifc__spline s = {0};
    double degree;
    CT_TRY(ct_ifc__need(&degree, w, curve, "Degree"));
    if (!(degree >= 1 && degree <= MAX_DEGREE))
        return ct_fail(CT_UNSUPPORTED, "a curve of degree %g", degree);
    s.degree = (uint32_t)degree;
    CT_TRY(read_points(&s, w, curve));
    if (ct_ifc__get(w->m, curve, "Knots").kind == CT_STEP__LIST) {
        uint32_t n;
        CT_TRY(ct_ifc__knots_read(&s.knots, &n, w, curve, "Knots", "KnotMultiplicities"));
        if (n != s.n + s.degree + 1)
            return ct_fail(CT_GEOM, "#%llu has %u knots for %u points of degree %u",
                           (unsigned long long)ct_step__id(w->m->step, curve), n, s.n, s.degree);
    } else {
        CT_TRY(make_knots(&s, w));
    }
    if (!(s.knots[s.n] > s.knots[s.degree]))
        return ct_fail(CT_GEOM, "#%llu has no length",
                       (unsigned long long)ct_step__id(w->m->step, curve));
    *out = s;
    return CT_OK;
}

static uint32_t span_of(const ct_ifc__spline *s, double t) {
    uint32_t low = s->degree, high = s->n;
    while (high - low > 1) {
        const uint32_t middle = (low + high) / 2;
        if (t < s->knots[middle])
            high = middle;
        else
            low = middle;
    }
    // Not a span without length, where another one ends at the same place.
    while (low > s->degree && !(s->knots[low + 1] > s->knots[low])) low--;
    return low;
}

void ct_ifc__spline_point(double out[3], const ct_ifc__spline *s, double t) {
    const uint32_t p = s->degree;
    t = fmin(fmax(t, s->knots[p]), s->knots[s->n]);
    const uint32_t span = span_of(s, t);
    double d[MAX_DEGREE + 1][4]; // of de Boor
    for (uint32_t i = 0; i <= p; i++)
        memcpy(d[i], s->points + 4 * (size_t)(span - p + i), sizeof d[i]);
    for (uint32_t r = 1; r <= p; r++)
        for (uint32_t i = p; i >= r; i--) {
            const double low = s->knots[span - p + i], high = s->knots[span + 1 + i - r];
            const double f = high > low ? (t - low) / (high - low) : 0;
            for (int k = 0; k < 4; k++) d[i][k] = (1 - f) * d[i - 1][k] + f * d[i][k];
        }
    for (int k = 0; k < 3; k++) out[k] = d[p][k] / d[p][3];
}
