// Points of loops and curves.
#include "ingest/ifc/rules/points.h"

#include <math.h>
#include <string.h>

enum { MAX_ARC_CHORDS = 64, MAX_CURVE_POINTS = 1000000 };

double ct_ifc__distance(const double a[3], const double b[3]) {
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                (a[2] - b[2]) * (a[2] - b[2]));
}

double ct_ifc__precision(const ct_ifc__check *c) {
    return c->units->precision_m / c->units->length_m;
}

static size_t count_values(ct_ifc__check *c, const ct_step__value *list) {
    ct_step__cursor cursor = ct_step__list(list);
    ct_step__value v;
    size_t n = 0;
    if (c->n_points > CT_IFC__MAX_POINTS) return 0;
    while (ct_step__next(&v, &cursor)) n++;
    c->n_points += n;
    return n;
}

static ct_err make(ct_ifc__points *out, ct_ifc__check *c, size_t n, bool slots) {
    *out = (ct_ifc__points){0};
    out->at = ct_arena_alloc(c->scratch, (n + 1) * sizeof *out->at);
    if (slots) out->slots = ct_arena_alloc(c->scratch, (n + 1) * sizeof *out->slots);
    return out->at && (!slots || out->slots) ? CT_OK : CT_NOMEM;
}

ct_err ct_ifc__points_of(ct_ifc__points *out, ct_ifc__check *c, uint32_t slot,
                         const char *attribute) {
    const ct_step__value list = ct_ifc__get(c->m, slot, attribute);
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, attribute);
    const size_t n = count_values(c, &list);
    CT_TRY(make(out, c, n, true));
    for (uint32_t at; out->n < n && ct_ifc__next_ref(&at, &refs, c); out->n++) {
        out->slots[out->n] = at;
        if (!ct_ifc__triple(out->at[out->n], c->m, at, 1)) break;
    }
    if (out->n != n) out->n = 0;
    return CT_OK;
}

ct_err ct_ifc__point_list(ct_ifc__points *out, ct_ifc__check *c, uint32_t slot) {
    const ct_step__value list = ct_ifc__get(c->m, slot, "CoordList");
    ct_step__cursor cursor = ct_step__list(&list);
    ct_step__value v;
    const size_t n = count_values(c, &list);
    CT_TRY(make(out, c, n, false));
    while (out->n < n && ct_step__next(&v, &cursor)) {
        double *p = out->at[out->n++];
        memset(p, 0, 3 * sizeof *p);
        (void)ct_ifc__numbers(p, 3, &v);
    }
    return CT_OK;
}

ct_err ct_ifc__points_picked(ct_ifc__points *out, ct_ifc__check *c, const ct_ifc__points *list,
                             const ct_step__value *indices) {
    ct_step__cursor cursor = ct_step__list(indices);
    ct_step__value v;
    const size_t n = count_values(c, indices);
    CT_TRY(make(out, c, n, false));
    while (out->n < n && ct_step__next(&v, &cursor)) {
        double number = 0;
        if (!ct_step__number(&number, &v) || number < 1 || number > (double)list->n) {
            out->n = 0;
            return CT_OK;
        }
        memcpy(out->at[out->n++], list->at[(size_t)number - 1], sizeof *out->at);
    }
    return CT_OK;
}

// ---- curves -------------------------------------------------------------------------------------

typedef struct growing {
    ct_ifc__points *out;
    size_t capacity;
    ct_arena *arena;
} growing;

static ct_err add_point(growing *g, const double p[3]) {
    ct_ifc__points *out = g->out;
    if (out->n && ct_same_point(out->at[out->n - 1], p)) return CT_OK;
    if (out->n == MAX_CURVE_POINTS) return CT_OK;
    if (out->n == g->capacity) {
        const size_t capacity = g->capacity ? 2 * g->capacity : 32;
        double(*at)[3] = ct_arena_alloc(g->arena, capacity * sizeof *at);
        if (!at) return CT_NOMEM;
        if (out->n) memcpy(at, out->at, out->n * sizeof *at);
        out->at = at;
        g->capacity = capacity;
    }
    memcpy(out->at[out->n++], p, 3 * sizeof *p);
    return CT_OK;
}

// The arc through three points as chords; the points themselves where they lie on a line.
static ct_err add_arc(growing *g, const double a[3], const double m[3], const double b[3],
                      double chord) {
    double u[3], v[3], w[3], centre[3];
    for (int i = 0; i < 3; i++) {
        u[i] = m[i] - a[i];
        v[i] = b[i] - a[i];
    }
    w[0] = u[1] * v[2] - u[2] * v[1];
    w[1] = u[2] * v[0] - u[0] * v[2];
    w[2] = u[0] * v[1] - u[1] * v[0];
    const double uu = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
    const double vv = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    const double ww = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    CT_TRY(add_point(g, a));
    if (ww < 1e-20 * uu * vv || ww <= 0) {
        CT_TRY(add_point(g, m));
        return add_point(g, b);
    }
    // Centre of the circle: a + (|u|^2 (v x w) + |v|^2 (w x u)) / (2 |w|^2).
    const double vw[3] = {v[1] * w[2] - v[2] * w[1], v[2] * w[0] - v[0] * w[2],
                          v[0] * w[1] - v[1] * w[0]};
    const double wu[3] = {w[1] * u[2] - w[2] * u[1], w[2] * u[0] - w[0] * u[2],
                          w[0] * u[1] - w[1] * u[0]};
    double e1[3], e2[3];
    for (int i = 0; i < 3; i++) centre[i] = a[i] + (uu * vw[i] + vv * wu[i]) / (2 * ww);
    for (int i = 0; i < 3; i++) e1[i] = a[i] - centre[i];
    const double length = sqrt(ww);
    e2[0] = (w[1] * e1[2] - w[2] * e1[1]) / length;
    e2[1] = (w[2] * e1[0] - w[0] * e1[2]) / length;
    e2[2] = (w[0] * e1[1] - w[1] * e1[0]) / length;
    const double r2 = e1[0] * e1[0] + e1[1] * e1[1] + e1[2] * e1[2], r = sqrt(r2);
    double x = 0, y = 0;
    for (int i = 0; i < 3; i++) {
        x += (b[i] - centre[i]) * e1[i];
        y += (b[i] - centre[i]) * e2[i];
    }
    double angle = atan2(y, x); // a, m, b run counter-clockwise around w
    if (angle <= 0) angle += 2 * M_PI;
    const double step = chord < r ? 2 * acos(1 - chord / r) : M_PI / 2;
    const double needed = ceil(angle / (step > 0 ? step : 1));
    const int n = needed < 2 ? 2 : needed > MAX_ARC_CHORDS ? MAX_ARC_CHORDS : (int)needed;
    for (int k = 1; k < n; k++) {
        double p[3];
        const double t = angle * k / n;
        for (int i = 0; i < 3; i++) p[i] = centre[i] + cos(t) * e1[i] + sin(t) * e2[i];
        CT_TRY(add_point(g, p));
    }
    return add_point(g, b);
}

static ct_err flatten_indexed(growing *g, ct_ifc__check *c, uint32_t curve, double chord) {
    ct_ifc__points list, picked;
    const ct_step__value segments = ct_ifc__get(c->m, curve, "Segments");
    ct_step__cursor cursor = ct_step__list(&segments);
    ct_step__value v;
    CT_TRY(ct_ifc__point_list(&list, c, ct_ifc__ref(c->m, curve, "Points")));
    if (segments.kind != CT_STEP__LIST) {
        for (size_t i = 0; i < list.n; i++) CT_TRY(add_point(g, list.at[i]));
        return CT_OK;
    }
    while (ct_step__next(&v, &cursor)) {
        const ct_step__value indices = ct_step__bare(&v);
        CT_TRY(ct_ifc__points_picked(&picked, c, &list, &indices));
        if (ct_step__named(&v, "IFCARCINDEX") && picked.n == 3) {
            CT_TRY(add_arc(g, picked.at[0], picked.at[1], picked.at[2], chord));
            continue;
        }
        for (size_t i = 0; i < picked.n; i++) CT_TRY(add_point(g, picked.at[i]));
    }
    return CT_OK;
}

static ct_err flatten_polyline(growing *g, ct_ifc__check *c, uint32_t curve, bool backwards) {
    ct_ifc__points p;
    CT_TRY(ct_ifc__points_of(&p, c, curve, "Points"));
    for (size_t i = 0; i < p.n; i++) CT_TRY(add_point(g, p.at[backwards ? p.n - 1 - i : i]));
    return CT_OK;
}

// All segments, or none at all where one is of a kind that is not understood.
static ct_err flatten_composite(growing *g, ct_ifc__check *c, uint32_t curve) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, curve, "Segments");
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) {
        const uint32_t parent = ct_ifc__ref(c->m, at, "ParentCurve");
        const ct_step__value same = ct_ifc__get(c->m, at, "SameSense");
        if (!ct_ifc__isa(c, parent, "IfcPolyline")) {
            g->out->n = 0;
            return CT_OK;
        }
        CT_TRY(flatten_polyline(g, c, parent, ct_step__logical(&same) == 0));
    }
    return CT_OK;
}

ct_err ct_ifc__flatten(ct_ifc__points *out, ct_ifc__check *c, uint32_t curve, double chord) {
    *out = (ct_ifc__points){0};
    growing g = {.out = out, .arena = c->scratch};
    if (ct_ifc__isa(c, curve, "IfcPolyline")) return flatten_polyline(&g, c, curve, false);
    if (ct_ifc__isa(c, curve, "IfcIndexedPolyCurve")) return flatten_indexed(&g, c, curve, chord);
    if (ct_ifc__isa(c, curve, "IfcCompositeCurve")) return flatten_composite(&g, c, curve);
    return CT_OK;
}
