// Disks swept along a curve: bars and pipes.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/basis.h"
#include "ingest/ifc/shape/sweep.h"

static const double k_turn = 6.283185307179586476925286766559;

// How many corners stand for the circle, and `*r`, made larger so that they hold its area. Thin
// bars have fewer: there are many of them.
static uint32_t corners_of(const ct_ifc__work *w, double *r) {
    enum { FEWEST = 20 };
    static const double thin_m = 0.02;
    const uint32_t n = *r <= thin_m ? FEWEST : ct_ifc__arc_steps(w, *r, k_turn);
    *r *= ct_ifc__arc_swell(w, *r, k_turn, n);
    return n;
}

static ct_err circle(ct_geom *g, ct_ifc__work *w, const double radius[2]) {
    uint32_t n[2] = {0};
    double r[2] = {radius[0], radius[1]};
    const uint32_t n_rings = r[1] > 0 && r[1] < r[0] ? 2 : 1;
    for (uint32_t i = 0; i < n_rings; i++) n[i] = corners_of(w, &r[i]);
    *g = (ct_geom){.type = CT_GEOM_POLYGON, .n_rings = n_rings, .n_parts = 1};
    g->xyz = ct_arena_alloc(w->arena, 2 * ((size_t)n[0] + n[1] + 2) * sizeof *g->xyz);
    g->ring_end = ct_arena_alloc(w->arena, 2 * sizeof *g->ring_end);
    g->part_end = ct_arena_alloc(w->arena, sizeof *g->part_end);
    if (!g->xyz || !g->ring_end || !g->part_end) return CT_NOMEM;
    for (uint32_t ring = 0; ring < n_rings; ring++) {
        for (uint32_t i = 0; i <= n[ring]; i++) {
            const double a = k_turn * (i % n[ring]) / n[ring];
            g->xyz[2 * g->n_points] = r[ring] * cos(a);
            g->xyz[2 * g->n_points + 1] = r[ring] * sin(a);
            g->n_points++;
        }
        g->ring_end[ring] = g->n_points;
    }
    g->part_end[0] = n_rings;
    return CT_OK;
}

// ---- rounded corners in space -------------------------------------------------------------------

static ct_err round_one(ct_ifc__points *out, ct_ifc__work *w, const double *a, const double *p,
                        const double *b, double radius) {
    double u[3], v[3], lu = 0, lv = 0, inner = 0, m[3], lm = 0;
    for (int k = 0; k < 3; k++) {
        u[k] = a[k] - p[k];
        v[k] = b[k] - p[k];
        lu += u[k] * u[k];
        lv += v[k] * v[k];
    }
    lu = sqrt(lu);
    lv = sqrt(lv);
    if (!(lu > 0) || !(lv > 0)) return ct_ifc__put_point(out, w, p);
    for (int k = 0; k < 3; k++) {
        u[k] /= lu;
        v[k] /= lv;
        inner += u[k] * v[k];
    }
    const double angle = acos(fmin(fmax(inner, -1), 1)), half = 0.5 * angle;
    if (half > 1.5706 || half < 1e-4) return ct_ifc__put_point(out, w, p);
    const double reach = fmin(radius / tan(half), 0.5 * fmin(lu, lv)), r = reach * tan(half);
    for (int k = 0; k < 3; k++) {
        m[k] = u[k] + v[k];
        lm += m[k] * m[k];
    }
    lm = sqrt(lm);
    double centre[3], x[3], y[3];
    for (int k = 0; k < 3; k++) {
        centre[k] = p[k] + m[k] / lm * r / sin(half);
        x[k] = (p[k] + reach * u[k] - centre[k]) / r;
        y[k] = -u[k]; // on along the way in
    }
    const double turn = 0.5 * k_turn - angle;
    const uint32_t n = ct_ifc__arc_steps(w, r, turn);
    const double larger = r * ct_ifc__arc_swell(w, r, turn, n);
    for (uint32_t i = 0; i <= n; i++) {
        const double t = turn * i / n, at = i > 0 && i < n ? larger : r;
        const double c = at * cos(t), s = at * sin(t);
        const double q[3] = {centre[0] + c * x[0] + s * y[0], centre[1] + c * x[1] + s * y[1],
                             centre[2] + c * x[2] + s * y[2]};
        CT_TRY(ct_ifc__put_point(out, w, q));
    }
    return CT_OK;
}

static ct_err round_corners(ct_ifc__line *line, ct_ifc__work *w, double radius) {
    ct_ifc__points out = {0};
    const uint32_t n = line->n;
    for (uint32_t i = 0; i < n; i++) {
        const double *p = line->xyz + 3 * (size_t)i;
        const double *a = line->xyz + 3 * (size_t)((i + n - 1) % n);
        const double *b = line->xyz + 3 * (size_t)((i + 1) % n);
        if (!line->closed && (i == 0 || i + 1 == n))
            CT_TRY(ct_ifc__put_point(&out, w, p));
        else
            CT_TRY(round_one(&out, w, a, p, b, radius));
    }
    line->xyz = out.xyz;
    line->n = out.n;
    return CT_OK;
}

// ---- the solids ---------------------------------------------------------------------------------

static double parameter(const ct_ifc__work *w, uint32_t item, const char *attribute) {
    double t;
    const ct_step__value v = ct_ifc__get(w->m, item, attribute);
    return ct_step__number(&t, &v) ? t : (double)NAN;
}

ct_err ct_ifc__disk(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    static const double any[3] = {0, 0, 1};
    uint32_t directrix;
    double radius[2];
    ct_ifc__line line;
    ct_geom area;
    ct_affine *at;
    CT_TRY(ct_ifc__need_ref(&directrix, w, item, "Directrix"));
    CT_TRY(ct_ifc__need_size(&radius[0], w, item, "Radius"));
    radius[1] = ct_ifc__length_or(w, item, "InnerRadius", 0);
    CT_TRY(ct_ifc__curve_part(&line, w, directrix, parameter(w, item, "StartParam"),
                              parameter(w, item, "EndParam")));
    const double fillet = ct_ifc__length_or(w, item, "FilletRadius", 0);
    w->keep_length = true;
    const ct_err err = fillet > 0 ? round_corners(&line, w, fillet) : CT_OK;
    w->keep_length = false;
    CT_TRY(err);
    CT_TRY(circle(&area, w, radius));
    CT_TRY(ct_ifc__frames(&at, w, &line, any, false));
    const ct_geom *const profiles[] = {&area};
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__sweep(w, &(ct_ifc__sections){profiles, 1, at, line.n, line.closed, false}));
    return ct_ifc__mesh_end(out, w, NULL);
}

// Where the profile's x looks to: the fixed reference, or the normal of the reference surface.
static ct_err reference_of(double out[3], ct_ifc__work *w, uint32_t item,
                           const ct_ifc__line *line) {
    const uint32_t fixed = ct_ifc__ref(w->m, item, "FixedReference");
    if (fixed != CT_STEP__NONE) return ct_ifc__direction(out, w, fixed);
    uint32_t surface, direction;
    CT_TRY(ct_ifc__need_ref(&surface, w, item, "ReferenceSurface"));
    const ct_affine place = ct_ifc__position(w, surface, "Position");
    for (int k = 0; k < 3; k++) out[k] = place.m[4 * k + 2];
    if (ct_ifc__kind_of(w, surface) == CT_IFC__K_PLANE) return CT_OK;
    if (ct_ifc__kind_of(w, surface) != CT_IFC__K_LINEAR_EXTRUSION)
        return ct_ifc__unsupported(w, surface);
    // A swept line's normal is across its way and the sweep's.
    double d[3], way[3];
    CT_TRY(ct_ifc__need_ref(&direction, w, surface, "ExtrudedDirection"));
    CT_TRY(ct_ifc__direction(d, w, direction));
    ct_affine_vector(d, &place, d);
    for (int k = 0; k < 3; k++) way[k] = line->xyz[3 + k] - line->xyz[k];
    for (int k = 0; k < 3; k++)
        out[k] = way[(k + 1) % 3] * d[(k + 2) % 3] - way[(k + 2) % 3] * d[(k + 1) % 3];
    return CT_OK;
}

ct_err ct_ifc__directrix_swept(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    uint32_t directrix, profile;
    double x[3];
    ct_ifc__line line;
    ct_geom area;
    ct_affine *at;
    CT_TRY(ct_ifc__need_ref(&directrix, w, item, "Directrix"));
    CT_TRY(ct_ifc__need_ref(&profile, w, item, "SweptArea"));
    CT_TRY(ct_ifc__curve_part(&line, w, directrix, parameter(w, item, "StartParam"),
                              parameter(w, item, "EndParam")));
    CT_TRY(reference_of(x, w, item, &line));
    bool surface;
    CT_TRY(ct_ifc__profile_or_line(&area, &surface, w, profile));
    // The normal of a swept line turns with it.
    const bool turns = ct_ifc__kind_of(w, ct_ifc__ref(w->m, item, "ReferenceSurface")) ==
                       CT_IFC__K_LINEAR_EXTRUSION;
    CT_TRY(ct_ifc__frames(&at, w, &line, x, !turns));
    const ct_affine place = ct_ifc__position(w, item, "Position");
    const ct_geom *const profiles[] = {&area};
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__sweep(w, &(ct_ifc__sections){profiles, 1, at, line.n, line.closed, surface}));
    return ct_ifc__mesh_end(out, w, &place);
}
