// The kinds of surfaces: places from parameters, and back.
#include "geo/surf.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_A_SPAN = 4, MAX_SAMPLES = 4096, NEWTON_STEPS = 30 };

static ct_err begin(ct_surf *out, ct_surf_kind kind, const ct_affine *frame) {
    *out = (ct_surf){.kind = kind, .frame = *frame, .scale = {1, 1}};
    for (int k = 0; k < 2; k++) {
        out->low[k] = -INFINITY;
        out->high[k] = INFINITY;
    }
    return ct_affine_invert(&out->into, frame) ? CT_OK
                                               : ct_fail(CT_GEOM, "the frame of a surface is flat");
}

static void go_round(ct_surf *s, int k) {
    s->low[k] = 0;
    s->high[k] = s->period[k] = 2 * M_PI;
}

ct_err ct_surf_cylinder(ct_surf *out, const ct_affine *frame, double radius) {
    if (!(radius > 0)) return ct_fail(CT_GEOM, "a cylinder of radius %g", radius);
    CT_TRY(begin(out, CT_SURF_CYLINDER, frame));
    out->radius = out->scale[0] = radius;
    go_round(out, 0);
    return CT_OK;
}

ct_err ct_surf_sphere(ct_surf *out, const ct_affine *frame, double radius) {
    if (!(radius > 0)) return ct_fail(CT_GEOM, "a sphere of radius %g", radius);
    CT_TRY(begin(out, CT_SURF_SPHERE, frame));
    out->radius = out->scale[0] = out->scale[1] = radius;
    go_round(out, 0);
    out->low[1] = -M_PI / 2;
    out->high[1] = M_PI / 2;
    out->pole[1][0] = out->pole[1][1] = true;
    return CT_OK;
}

ct_err ct_surf_torus(ct_surf *out, const ct_affine *frame, double radius, double minor) {
    if (!(minor > 0) || !(radius > 0)) return ct_fail(CT_GEOM, "a torus of radius %g", radius);
    CT_TRY(begin(out, CT_SURF_TORUS, frame));
    out->radius = out->scale[0] = radius;
    out->minor = out->scale[1] = minor;
    go_round(out, 0);
    go_round(out, 1);
    return CT_OK;
}

// ---- polylines

static double reach(const double *a, const double *b) {
    return hypot(b[0] - a[0], b[1] - a[1]);
}

// What a point of the line to be turned round z is kept as.
static void to_axis(double p[3], const double *before) {
    double angle = p[0] == 0 && p[1] == 0 ? 0 : atan2(p[1], p[0]);
    if (before) angle -= 2 * M_PI * round((angle - before[2]) / (2 * M_PI));
    p[0] = hypot(p[0], p[1]);
    p[1] = p[2];
    p[2] = angle;
}

// The polyline in the surface's frame, parameter `k` along it.
static ct_err take_line(ct_surf *s, ct_arena *arena, const double *xyz, uint32_t n, int k) {
    double *line = ct_arena_alloc(arena, (3 * (size_t)n + 1) * sizeof *line);
    s->along = ct_arena_alloc(arena, ((size_t)n + 1) * sizeof *s->along);
    if (!line || !s->along) return CT_NOMEM;
    s->line = line;
    for (uint32_t i = 0; i < n; i++) {
        double *at = line + 3 * (size_t)s->n_line;
        ct_affine_point(at, &s->into, xyz + 3 * (size_t)i);
        if (s->kind == CT_SURF_REVOLUTION) to_axis(at, s->n_line ? at - 3 : NULL);
        const double step = s->n_line ? reach(at - 3, at) : 1;
        if (!(step > 0)) continue;
        s->along[s->n_line] = s->n_line ? s->along[s->n_line - 1] + step : 0;
        s->n_line++;
    }
    if (s->n_line < 2) return ct_fail(CT_GEOM, "the curve of a swept surface has no length");
    s->low[k] = 0;
    s->high[k] = s->along[s->n_line - 1];
    const double *first = line, *last = line + 3 * (size_t)(s->n_line - 1);
    if (reach(first, last) <= 1e-9 * s->high[k]) s->period[k] = s->high[k];
    return CT_OK;
}

static void on_line(double out[3], const ct_surf *s, int k, double t) {
    if (s->period[k] > 0) t -= s->period[k] * floor(t / s->period[k]);
    uint32_t low = 0, high = s->n_line - 1;
    while (high - low > 1) {
        const uint32_t middle = (low + high) / 2;
        if (s->along[middle] <= t)
            low = middle;
        else
            high = middle;
    }
    const double f = fmin(fmax((t - s->along[low]) / (s->along[high] - s->along[low]), 0), 1);
    const double *a = s->line + 3 * (size_t)low, *b = s->line + 3 * (size_t)high;
    for (int i = 0; i < 3; i++) out[i] = a[i] + f * (b[i] - a[i]);
}

// The parameter of the polyline's point next to (x, y), its first two coordinates.
static double nearest_on_line(const ct_surf *s, double x, double y) {
    double best = INFINITY, t = 0;
    for (uint32_t i = 0; i + 1 < s->n_line; i++) {
        const double *a = s->line + 3 * (size_t)i, *b = a + 3;
        const double d[2] = {b[0] - a[0], b[1] - a[1]};
        double f = ((x - a[0]) * d[0] + (y - a[1]) * d[1]) / (d[0] * d[0] + d[1] * d[1]);
        f = fmin(fmax(f, 0), 1);
        const double off = hypot(x - a[0] - f * d[0], y - a[1] - f * d[1]);
        if (off >= best) continue;
        best = off;
        t = s->along[i] + f * (s->along[i + 1] - s->along[i]);
    }
    return t;
}

ct_err ct_surf_extrusion(ct_surf *out, ct_arena *arena, const double *xyz, uint32_t n,
                         const double direction[3]) {
    const ct_affine frame = ct_affine_frame((const double[3]){0, 0, 0}, direction, NULL);
    CT_TRY(begin(out, CT_SURF_EXTRUSION, &frame));
    return take_line(out, arena, xyz, n, 0);
}

ct_err ct_surf_revolution(ct_surf *out, ct_arena *arena, const double *xyz, uint32_t n,
                          const ct_affine *axis) {
    CT_TRY(begin(out, CT_SURF_REVOLUTION, axis));
    CT_TRY(take_line(out, arena, xyz, n, 1));
    go_round(out, 0);
    for (uint32_t i = 0; i < out->n_line; i++) {
        const double r = out->line[3 * (size_t)i];
        out->scale[0] = i ? fmax(out->scale[0], r) : r;
        if (i == 0) out->pole[1][0] = r < 1e-9 * out->high[1];
        if (i + 1 == out->n_line) out->pole[1][1] = r < 1e-9 * out->high[1];
    }
    return out->scale[0] > 0 ? CT_OK : ct_fail(CT_GEOM, "a curve on its own axis turned round it");
}

// ---- splines

static double distance2(const double a[3], const double b[3]) {
    double sum = 0;
    for (int k = 0; k < 3; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

// Whether the end lines of parameter k are one line, or are one point each; over samples of them.
static void look_at_ends(ct_surf *s, int k) {
    enum { LOOKS = 9 };
    double first[2][3], size = 0, apart = 0, wide[2] = {0, 0};
    for (int i = 0; i < LOOKS; i++) {
        double p[2][3], uv[2];
        for (int end = 0; end < 2; end++) {
            uv[k] = end ? s->high[k] : s->low[k];
            uv[1 - k] = s->low[1 - k] + (s->high[1 - k] - s->low[1 - k]) * i / (LOOKS - 1);
            ct_spline_at(p[end], NULL, NULL, &s->spline, uv);
            if (i == 0) memcpy(first[end], p[end], sizeof first[end]);
            wide[end] = fmax(wide[end], distance2(first[end], p[end]));
        }
        uv[k] = (s->low[k] + s->high[k]) / 2;
        double middle[3];
        ct_spline_at(middle, NULL, NULL, &s->spline, uv);
        size = fmax(size, distance2(middle, p[0]));
        apart = fmax(apart, distance2(p[0], p[1]));
    }
    const double nothing = 1e-12 * size + 1e-16;
    for (int end = 0; end < 2; end++) s->pole[k][end] = wide[end] <= nothing;
    if (apart <= nothing && !s->pole[k][0]) s->period[k] = s->high[k] - s->low[k];
}

static ct_err take_samples(ct_surf *s, ct_arena *arena) {
    uint32_t n[2];
    for (int k = 0; k < 2; k++) {
        n[k] = SAMPLES_A_SPAN * (s->spline.n[k] - s->spline.degree[k]) + 1;
        if (n[k] > 64) n[k] = 64;
    }
    s->n_samples = n[0] * n[1];
    s->samples = ct_arena_alloc(arena, 5 * (size_t)s->n_samples * sizeof *s->samples);
    if (!s->samples) return CT_NOMEM;
    double length[2] = {0, 0};
    for (uint32_t i = 0; i < n[0]; i++)
        for (uint32_t j = 0; j < n[1]; j++) {
            double *at = s->samples + 5 * ((size_t)i * n[1] + j), du[3], dv[3];
            at[0] = s->low[0] + (s->high[0] - s->low[0]) * i / (n[0] - 1);
            at[1] = s->low[1] + (s->high[1] - s->low[1]) * j / (n[1] - 1);
            ct_spline_at(at + 2, du, dv, &s->spline, at);
            length[0] += sqrt(du[0] * du[0] + du[1] * du[1] + du[2] * du[2]);
            length[1] += sqrt(dv[0] * dv[0] + dv[1] * dv[1] + dv[2] * dv[2]);
        }
    for (int k = 0; k < 2; k++) {
        s->scale[k] = length[k] / s->n_samples;
        if (!(s->scale[k] > 0) || !isfinite(s->scale[k]))
            return ct_fail(CT_GEOM, "a spline surface without area");
    }
    return CT_OK;
}

ct_err ct_surf_spline(ct_surf *out, ct_arena *arena, const ct_spline *spline) {
    CT_TRY(begin(out, CT_SURF_SPLINE, &ct_affine_identity));
    CT_TRY(ct_spline_check(spline));
    out->spline = *spline;
    ct_spline_domain(out->low, out->high, spline);
    look_at_ends(out, 0);
    look_at_ends(out, 1);
    return take_samples(out, arena);
}

// Back into the domain: round where it comes round, else to its end.
static void bring_in(double uv[2], const ct_surf *s) {
    for (int k = 0; k < 2; k++)
        if (s->period[k] > 0)
            uv[k] -= s->period[k] * floor((uv[k] - s->low[k]) / s->period[k]);
        else
            uv[k] = fmin(fmax(uv[k], s->low[k]), s->high[k]);
}

// Newton's steps (Gauss) towards the point next to p; the distance, squared.
static double approach(double uv[2], const ct_surf *s, const double p[3]) {
    double at[3], du[3], dv[3];
    bring_in(uv, s);
    ct_spline_at(at, du, dv, &s->spline, uv);
    double best = distance2(at, p);
    for (int step = 0; step < NEWTON_STEPS && best > 1e-20; step++) {
        double uu = 0, w = 0, vv = 0, ru = 0, rv = 0;
        for (int k = 0; k < 3; k++) {
            uu += du[k] * du[k];
            vv += dv[k] * dv[k];
            w += du[k] * dv[k];
            ru += du[k] * (p[k] - at[k]);
            rv += dv[k] * (p[k] - at[k]);
        }
        const double damp = 1e-12 * (uu + vv) + 1e-300;
        const double det = (uu + damp) * (vv + damp) - w * w;
        double go[2] = {((vv + damp) * ru - w * rv) / det, ((uu + damp) * rv - w * ru) / det};
        bool better = false;
        for (int half = 0; half < 6 && !better; half++) {
            double next[2] = {uv[0] + go[0], uv[1] + go[1]};
            bring_in(next, s);
            ct_spline_at(at, du, dv, &s->spline, next);
            const double d = distance2(at, p);
            better = d < best;
            if (better) {
                best = d;
                memcpy(uv, next, sizeof next);
            }
            go[0] /= 4;
            go[1] /= 4;
        }
        if (!better) break;
    }
    return best;
}

static void params_of_spline(double uv[2], const ct_surf *s, const double p[3],
                             const double *near) {
    double best = INFINITY;
    if (near) {
        memcpy(uv, near, 2 * sizeof *uv);
        best = approach(uv, s, p);
        if (best < 1e-12) return;
    }
    const double *from = s->samples;
    double nearest = INFINITY;
    for (uint32_t i = 0; i < s->n_samples; i++) {
        const double *at = s->samples + 5 * (size_t)i;
        const double d = distance2(at + 2, p);
        if (d < nearest) {
            nearest = d;
            from = at;
        }
    }
    double other[2] = {from[0], from[1]};
    if (approach(other, s, p) < best) memcpy(uv, other, sizeof other);
}

// ---- all kinds

void ct_surf_point(double out[3], const ct_surf *s, const double uv[2]) {
    double p[3] = {0, 0, 0}, t[3];
    const double c = cos(uv[0]), sn = sin(uv[0]);
    switch (s->kind) {
    case CT_SURF_CYLINDER:
        p[0] = s->radius * c;
        p[1] = s->radius * sn;
        p[2] = uv[1];
        break;
    case CT_SURF_SPHERE:
        p[0] = s->radius * cos(uv[1]) * c;
        p[1] = s->radius * cos(uv[1]) * sn;
        p[2] = s->radius * sin(uv[1]);
        break;
    case CT_SURF_TORUS:
        p[0] = (s->radius + s->minor * cos(uv[1])) * c;
        p[1] = (s->radius + s->minor * cos(uv[1])) * sn;
        p[2] = s->minor * sin(uv[1]);
        break;
    case CT_SURF_EXTRUSION:
        on_line(p, s, 0, uv[0]);
        p[2] += uv[1];
        break;
    case CT_SURF_REVOLUTION:
        on_line(t, s, 1, uv[1]);
        p[0] = t[0] * cos(uv[0] + t[2]);
        p[1] = t[0] * sin(uv[0] + t[2]);
        p[2] = t[1];
        break;
    case CT_SURF_SPLINE: {
        double at[2] = {uv[0], uv[1]};
        bring_in(at, s);
        ct_spline_at(out, NULL, NULL, &s->spline, at);
        return;
    }
    }
    ct_affine_point(out, &s->frame, p);
}

// The direction of the polyline at t, in the coordinates that its points have.
static void along_line(double out[3], const ct_surf *s, int k, double t) {
    const double step = 1e-6 * (s->along[s->n_line - 1] + 1e-300);
    double a[3], b[3];
    on_line(a, s, k, t - step);
    on_line(b, s, k, t + step);
    for (int i = 0; i < 3; i++) out[i] = b[i] - a[i];
}

void ct_surf_normal(double out[3], const ct_surf *s, const double uv[2]) {
    double n[3] = {0, 0, 0}, t[3], du[3], dv[3], at[2] = {uv[0], uv[1]};
    const double c = cos(uv[0]), sn = sin(uv[0]);
    switch (s->kind) {
    case CT_SURF_CYLINDER:
        n[0] = c;
        n[1] = sn;
        break;
    case CT_SURF_SPHERE:
    case CT_SURF_TORUS:
        n[0] = cos(uv[1]) * c;
        n[1] = cos(uv[1]) * sn;
        n[2] = sin(uv[1]);
        break;
    case CT_SURF_EXTRUSION:
        along_line(t, s, 0, uv[0]);
        n[0] = t[1];
        n[1] = -t[0];
        break;
    case CT_SURF_REVOLUTION: { // the line's radius and height as it goes
        double here[3];
        on_line(here, s, 1, uv[1]);
        along_line(t, s, 1, uv[1]);
        n[0] = t[1] * cos(uv[0] + here[2]);
        n[1] = t[1] * sin(uv[0] + here[2]);
        n[2] = -t[0];
        break;
    }
    case CT_SURF_SPLINE:
        bring_in(at, s);
        ct_spline_at(t, du, dv, &s->spline, at);
        for (int k = 0; k < 3; k++)
            n[k] = du[(k + 1) % 3] * dv[(k + 2) % 3] - du[(k + 2) % 3] * dv[(k + 1) % 3];
        break;
    }
    ct_affine_vector(out, &s->frame, n);
    const double size = sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2]);
    for (int k = 0; k < 3; k++) out[k] = size > 0 ? out[k] / size : 0;
}

void ct_surf_params(double uv[2], const ct_surf *s, const double p[3], const double *near) {
    double q[3], t[3];
    if (s->kind == CT_SURF_SPLINE) {
        params_of_spline(uv, s, p, near);
        return;
    }
    ct_affine_point(q, &s->into, p);
    const double r = hypot(q[0], q[1]);
    uv[0] = atan2(q[1], q[0]);
    uv[1] = q[2];
    if (s->kind == CT_SURF_SPHERE) uv[1] = atan2(q[2], r);
    if (s->kind == CT_SURF_TORUS) uv[1] = atan2(q[2], r - s->radius);
    if (s->kind == CT_SURF_EXTRUSION) {
        uv[0] = nearest_on_line(s, q[0], q[1]);
        on_line(t, s, 0, uv[0]);
        uv[1] = q[2] - t[2];
    }
    if (s->kind == CT_SURF_REVOLUTION) {
        uv[1] = nearest_on_line(s, r, q[2]);
        on_line(t, s, 1, uv[1]);
        uv[0] -= t[2];
    }
}
