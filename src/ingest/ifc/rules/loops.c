// Rules about single loops and curves: points too near to each other, loops that meet themselves,
// faces that are not flat, mirrored profiles.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/ifc/rules/points.h"

// ---- GEM111 -------------------------------------------------------------------------------------

typedef struct sorted {
    const double *at;
    size_t index;
} sorted;

static int by_x(const void *a, const void *b) {
    const sorted *p = a, *q = b;
    if (p->at[0] != q->at[0]) return p->at[0] < q->at[0] ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

// Two points nearer than `precision`, the pair of the ends aside where `ends_may`.
static ct_err near_pair(bool *out, ct_ifc__check *c, const ct_ifc__points *p, double precision,
                        bool ends_may) {
    enum { MAX_PAIRS = 20000000 };
    sorted *s = ct_arena_alloc(c->scratch, (p->n + 1) * sizeof *s);
    size_t pairs = 0;
    if (!s) return CT_NOMEM;
    *out = false;
    for (size_t i = 0; i < p->n; i++) s[i] = (sorted){p->at[i], i};
    qsort(s, p->n, sizeof *s, by_x);
    for (size_t i = 0; i < p->n && !*out; i++)
        for (size_t j = i + 1; j < p->n && s[j].at[0] - s[i].at[0] < precision; j++) {
            const size_t low = s[i].index < s[j].index ? s[i].index : s[j].index;
            const bool ends = low == 0 && s[i].index + s[j].index == p->n - 1;
            if (++pairs > MAX_PAIRS) return CT_OK;
            if (!(ends && ends_may) && ct_ifc__distance(s[i].at, s[j].at) < precision) *out = true;
        }
    return CT_OK;
}

static ct_err judge_points(ct_ifc__check *c, uint32_t slot, const char *attribute, bool line) {
    const double precision = ct_ifc__precision(c);
    ct_ifc__points p;
    bool near;
    CT_TRY(ct_ifc__points_of(&p, c, slot, attribute));
    if (!p.n) return CT_OK;
    const bool closed = line && p.n > 2 && ct_ifc__distance(p.at[0], p.at[p.n - 1]) < precision;
    c->judged = true;
    CT_TRY(near_pair(&near, c, &p, precision, closed));
    if (near) ct_ifc__fails(c, slot, "two of its points are nearer than the precision");
    if (closed && p.slots[0] != p.slots[p.n - 1])
        ct_ifc__fails(c, slot, "its end is a copy of its beginning, not the same point");
    return CT_OK;
}

static ct_err judge_polyloop(ct_ifc__check *c, uint32_t slot) {
    return judge_points(c, slot, "Polygon", false);
}

static ct_err judge_polyline(ct_ifc__check *c, uint32_t slot) {
    return judge_points(c, slot, "Points", true);
}

static ct_err gem111(ct_ifc__check *c) {
    CT_TRY(ct_ifc__each(c, "IfcPolyLoop", judge_polyloop));
    return ct_ifc__each(c, "IfcPolyline", judge_polyline);
}

// ---- GEM112, GEM113: indexed curves -------------------------------------------------------------

typedef ct_err (*judge_segment)(ct_ifc__check *c, uint32_t slot, const ct_ifc__points *segment,
                                bool arc);

static ct_err each_segment(ct_ifc__check *c, uint32_t slot, judge_segment judge) {
    ct_ifc__points list, segment;
    const ct_step__value segments = ct_ifc__get(c->m, slot, "Segments");
    ct_step__cursor cursor = ct_step__list(&segments);
    ct_step__value v;
    CT_TRY(ct_ifc__point_list(&list, c, ct_ifc__ref(c->m, slot, "Points")));
    if (segments.kind != CT_STEP__LIST) return judge(c, slot, &list, false);
    while (ct_step__next(&v, &cursor)) {
        const ct_step__value indices = ct_step__bare(&v);
        CT_TRY(ct_ifc__points_picked(&segment, c, &list, &indices));
        CT_TRY(judge(c, slot, &segment, ct_step__named(&v, "IFCARCINDEX")));
    }
    return CT_OK;
}

static ct_err points_apart(ct_ifc__check *c, uint32_t slot, const ct_ifc__points *s, bool arc) {
    (void)arc;
    c->judged |= s->n > 1;
    for (size_t i = 1; i < s->n; i++) {
        if (ct_ifc__distance(s->at[i - 1], s->at[i]) >= ct_ifc__precision(c)) continue;
        ct_ifc__fails(c, slot, "consecutive points are nearer than the precision");
        return CT_OK;
    }
    return CT_OK;
}

static ct_err judge_indexed(ct_ifc__check *c, uint32_t slot) {
    return each_segment(c, slot, points_apart);
}

static ct_err gem112(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcIndexedPolyCurve", judge_indexed);
}

static ct_err arc_bends(ct_ifc__check *c, uint32_t slot, const ct_ifc__points *s, bool arc) {
    if (!arc || s->n != 3) {
        c->judged = true; // the curve itself was looked at
        return CT_OK;
    }
    double d[3], r[3], cross[3];
    for (int i = 0; i < 3; i++) {
        d[i] = s->at[2][i] - s->at[0][i];
        r[i] = s->at[1][i] - s->at[0][i];
    }
    cross[0] = d[1] * r[2] - d[2] * r[1];
    cross[1] = d[2] * r[0] - d[0] * r[2];
    cross[2] = d[0] * r[1] - d[1] * r[0];
    const double zero[3] = {0}, chord = ct_ifc__distance(d, zero);
    c->judged = true;
    if (chord > 0 && ct_ifc__distance(cross, zero) / chord < ct_ifc__precision(c))
        ct_ifc__fails(c, slot, "the middle of an arc lies on its chord");
    return CT_OK;
}

static ct_err judge_arcs(ct_ifc__check *c, uint32_t slot) {
    return each_segment(c, slot, arc_bends);
}

static ct_err gem113(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcIndexedPolyCurve", judge_arcs);
}

// ---- BRP001, SWE001, TAS001: loops that meet themselves -----------------------------------------

static ct_err judge_loop(ct_ifc__check *c, uint32_t slot, const ct_ifc__points *loop) {
    bool meets;
    if (loop->n < 3) return CT_OK;
    c->judged = true;
    CT_TRY(ct_ifc__meets_itself(&meets, c->scratch, loop, ct_ifc__precision(c)));
    if (meets) ct_ifc__fails(c, slot, "the loop meets itself");
    return CT_OK;
}

static ct_err judge_face(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "Bounds");
    for (uint32_t bound; ct_ifc__next_ref(&bound, &refs, c);) {
        const uint32_t loop = ct_ifc__ref(c->m, bound, "Bound");
        ct_ifc__points p;
        if (!ct_ifc__isa(c, loop, "IfcPolyLoop")) continue;
        CT_TRY(ct_ifc__points_of(&p, c, loop, "Polygon"));
        CT_TRY(judge_loop(c, loop, &p));
    }
    return CT_OK;
}

static ct_err brp001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcFace", judge_face);
}

static ct_err judge_curve(ct_ifc__check *c, uint32_t curve) {
    const double chord_m = fmin(fmax(10 * c->units->precision_m, 1e-4), 1e-2);
    ct_ifc__points p;
    CT_TRY(ct_ifc__flatten(&p, c, curve, chord_m / c->units->length_m));
    return judge_loop(c, curve, &p);
}

static ct_err judge_profile(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "InnerCurves");
    const uint32_t outer = ct_ifc__ref(c->m, slot, "OuterCurve");
    if (outer != CT_STEP__NONE) CT_TRY(judge_curve(c, outer));
    for (uint32_t at; ct_ifc__next_ref(&at, &refs, c);) CT_TRY(judge_curve(c, at));
    return CT_OK;
}

static ct_err swe001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcArbitraryClosedProfileDef", judge_profile);
}

static ct_err judge_indexed_face(ct_ifc__check *c, uint32_t face, const ct_ifc__points *list) {
    ct_ifc__points p;
    const ct_step__value outer = ct_ifc__get(c->m, face, "CoordIndex");
    const ct_step__value inner = ct_ifc__get(c->m, face, "InnerCoordIndices");
    ct_step__cursor cursor = ct_step__list(&inner);
    ct_step__value v;
    CT_TRY(ct_ifc__points_picked(&p, c, list, &outer));
    CT_TRY(judge_loop(c, face, &p));
    while (ct_step__next(&v, &cursor)) {
        CT_TRY(ct_ifc__points_picked(&p, c, list, &v));
        CT_TRY(judge_loop(c, face, &p));
    }
    return CT_OK;
}

static ct_err judge_face_set(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__points list;
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "Faces");
    CT_TRY(ct_ifc__point_list(&list, c, ct_ifc__ref(c->m, slot, "Coordinates")));
    for (uint32_t face; ct_ifc__next_ref(&face, &refs, c);)
        CT_TRY(judge_indexed_face(c, face, &list));
    return CT_OK;
}

static ct_err tas001(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcPolygonalFaceSet", judge_face_set);
}

// ---- BRP003: flat faces -------------------------------------------------------------------------

// The plane of a loop around its middle, by M. E. Newell's sums. False where it has none.
static bool fit_plane(double normal[3], double middle[3], const ct_ifc__points *p) {
    const double zero[3] = {0};
    for (int i = 0; i < 3; i++) {
        middle[i] = 0;
        normal[i] = 0;
        // Relative to the first point: coordinates may be huge.
        for (size_t k = 0; k < p->n; k++) middle[i] += (p->at[k][i] - p->at[0][i]) / (double)p->n;
        middle[i] += p->at[0][i];
    }
    for (size_t k = 0; k < p->n; k++) {
        const double *a = p->at[k], *b = p->at[(k + 1) % p->n];
        for (int i = 0; i < 3; i++) {
            const int j = (i + 1) % 3, l = (i + 2) % 3;
            normal[i] += ((a[j] - middle[j]) - (b[j] - middle[j])) *
                         ((a[l] - middle[l]) + (b[l] - middle[l]));
        }
    }
    const double length = ct_ifc__distance(normal, zero);
    if (!(length > 0)) return false;
    for (int i = 0; i < 3; i++) normal[i] /= length;
    return true;
}

static double off_plane(const double normal[3], const double middle[3], const ct_ifc__points *p) {
    double most = 0;
    for (size_t k = 0; k < p->n; k++) {
        double d = 0;
        for (int i = 0; i < 3; i++) d += normal[i] * (p->at[k][i] - middle[i]);
        most = fmax(most, fabs(d));
    }
    return most;
}

static ct_err judge_flat(ct_ifc__check *c, uint32_t slot) {
    ct_ifc__refs refs = ct_ifc__refs_of(c, slot, "Bounds");
    ct_ifc__points outer = {0}, p;
    double normal[3], middle[3];
    size_t n_outer = 0, n = 0;
    if (!ct_ifc__exactly(c, slot, "IfcFace")) return CT_OK;
    for (uint32_t bound; ct_ifc__next_ref(&bound, &refs, c); n++) {
        if (!ct_ifc__isa(c, bound, "IfcFaceOuterBound")) continue;
        const uint32_t loop = ct_ifc__ref(c->m, bound, "Bound");
        n_outer++;
        if (!ct_ifc__isa(c, loop, "IfcPolyLoop")) return CT_OK;
        CT_TRY(ct_ifc__points_of(&outer, c, loop, "Polygon"));
    }
    c->judged = true;
    if (n_outer != 1 || (outer.n <= 3 && n == 1) || !fit_plane(normal, middle, &outer))
        return CT_OK;
    refs = ct_ifc__refs_of(c, slot, "Bounds");
    for (uint32_t bound; ct_ifc__next_ref(&bound, &refs, c);) {
        CT_TRY(ct_ifc__points_of(&p, c, ct_ifc__ref(c->m, bound, "Bound"), "Polygon"));
        if (off_plane(normal, middle, &p) <= ct_ifc__precision(c)) continue;
        ct_ifc__fails(c, slot, "a point lies off the plane of the face");
        return CT_OK;
    }
    return CT_OK;
}

static ct_err brp003(ct_ifc__check *c) {
    return ct_ifc__each(c, "IfcFace", judge_flat);
}

// ---- SWE002: mirrored profiles ------------------------------------------------------------------

// Of an IfcCartesianTransformationOperator2D: whether it mirrors. The second axis stands to the
// left of the first where it is not told.
static bool mirrors(const ct_ifc__check *c, uint32_t operator) {
    double x[3] = {1, 0, 0}, y[3];
    double first = 1, second = 1;
    (void)ct_ifc__triple(x, c->m, ct_ifc__ref(c->m, operator, "Axis1"), 1);
    if (!ct_ifc__number(&first, c->m, operator, "Scale")) first = 1;
    if (!ct_ifc__number(&second, c->m, operator, "Scale2")) second = first;
    if (!ct_ifc__triple(y, c->m, ct_ifc__ref(c->m, operator, "Axis2"), 1)) {
        y[0] = -x[1];
        y[1] = x[0];
    }
    return (x[0] * y[1] - x[1] * y[0]) * first * second <= 0;
}

static ct_err judge_derived(ct_ifc__check *c, uint32_t slot) {
    if (!ct_ifc__exactly(c, slot, "IfcDerivedProfileDef")) return CT_OK;
    c->judged = true;
    if (mirrors(c, ct_ifc__ref(c->m, slot, "Operator")))
        ct_ifc__fails(c, slot, "the operator mirrors; IfcMirroredProfileDef is for that");
    return CT_OK;
}

static ct_err judge_tapered(ct_ifc__check *c, uint32_t slot) {
    static const char *const attributes[] = {"SweptArea", "EndSweptArea"};
    for (size_t i = 0; i < 2; i++) {
        const uint32_t profile = ct_ifc__ref(c->m, slot, attributes[i]);
        if (!ct_ifc__isa(c, profile, "IfcDerivedProfileDef")) continue;
        c->judged = true;
        if (ct_ifc__isa(c, profile, "IfcMirroredProfileDef") ||
            mirrors(c, ct_ifc__ref(c->m, profile, "Operator")))
            ct_ifc__fails(c, slot, "a profile of a tapered sweep is mirrored");
    }
    return CT_OK;
}

static ct_err swe002(ct_ifc__check *c) {
    CT_TRY(ct_ifc__each(c, "IfcDerivedProfileDef", judge_derived));
    CT_TRY(ct_ifc__each(c, "IfcExtrudedAreaSolidTapered", judge_tapered));
    return ct_ifc__each(c, "IfcRevolvedAreaSolidTapered", judge_tapered);
}

const ct_ifc__rule ct_ifc__rules_loops[] = {
    {"GEM111", false, CT_IFC__IN_ALL, gem111},
    {"GEM112", false, CT_IFC__IN_ALL, gem112},
    {"GEM113", false, CT_IFC__IN_ALL, gem113},
    {"BRP001", false, CT_IFC__IN_ALL, brp001},
    {"SWE001", false, CT_IFC__IN_ALL, swe001},
    {"TAS001", false, CT_IFC__IN_4_ON, tas001},
    {"BRP003", false, CT_IFC__IN_ALL, brp003},
    {"SWE002", false, CT_IFC__IN_4_ON, swe002},
    {NULL, false, 0, NULL},
};
