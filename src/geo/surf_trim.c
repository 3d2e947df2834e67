// Loops of points on a surface into polygons of its parameters, and those into triangles.
//
// The loops are unrolled: each point's parameters are those nearest to the ones before. What goes
// round does not come back to where it began then: two such loops are joined by a cut along the
// surface, one alone is closed over a pole. The two edges of a cut have the same points.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/surf_private.h"
#include "geo/triangulate.h"

#define NONE UINT32_MAX

enum { MAX_CUT = 512, MAX_HALVINGS = 9 };

ct_err ct_geo__put_corner(ct_geo__drawing *d, double u, double v, uint32_t point) {
    CT_TRY(ct_grow(&d->at, &d->at_room, 3 * (d->n + 1), sizeof *d->at));
    CT_TRY(ct_grow(&d->point, &d->point_room, d->n + 1, sizeof *d->point));
    d->at[3 * d->n] = u;
    d->at[3 * d->n + 1] = v;
    d->at[3 * d->n + 2] = 0;
    d->point[d->n++] = point;
    return CT_OK;
}

ct_err ct_geo__put_point(uint32_t *point, ct_geo__drawing *d, double u, double v) {
    if (d->n_points >= NONE / 4) return ct_fail(CT_LIMIT, "too many points on a surface");
    CT_TRY(ct_grow(&d->xyz, &d->xyz_room, 3 * (d->n_points + 1), sizeof *d->xyz));
    const double uv[2] = {u / d->surf->scale[0], v / d->surf->scale[1]};
    ct_surf_point(d->xyz + 3 * d->n_points, d->surf, uv);
    *point = (uint32_t)d->n_points++;
    return CT_OK;
}

double ct_geo__off_chord(const ct_geo__drawing *d, const double middle[2], const double *a,
                         const double *b) {
    const double uv[2] = {middle[0] / d->surf->scale[0], middle[1] / d->surf->scale[1]};
    double p[3], n[3], length2 = 0, off2 = 0, height = 0;
    ct_surf_point(p, d->surf, uv);
    ct_surf_normal(n, d->surf, uv);
    const bool singular = n[0] == 0 && n[1] == 0 && n[2] == 0;
    for (int k = 0; k < 3; k++) {
        const double v = p[k] - (a[k] + b[k]) / 2;
        length2 += (b[k] - a[k]) * (b[k] - a[k]);
        off2 += v * v;
        height += v * n[k];
    }
    // Where it only lies aside within the surface, others cover what the chord leaves out; but not
    // what it leaves out by going round to where it began.
    const double off = singular || off2 > length2 ? sqrt(off2) : fabs(height);
    // An arc that turns by w has the sagitta (chord / 2) tan(w / 4).
    const double sagitta = sqrt(length2) / 2 * tan(d->options->turn_rad / 4);
    const double flat = fmin(d->options->chord_m, sagitta);
    return off > flat && off > d->options->weld_m ? off : 0;
}

// ---- loops, unrolled

typedef struct loop { // corners begin to end - 1
    size_t begin, end;
    int turns[2];   // how often it goes round in each parameter
    int n_poles;    // that it passes
    size_t pole[2]; // corners of the first two
    double area;
} loop;

typedef struct trimmer {
    ct_geo__drawing d;
    double period[2]; // scaled, like all from here on
    double low[2], high[2];
    loop *loops;
    size_t n_loops, loops_room;
} trimmer;

// The pole that a point is: *k its parameter and *end; false if it is none.
static bool is_pole(int *k, int *end, const trimmer *t, const double *p) {
    const ct_surf *s = t->d.surf;
    for (*k = 0; *k < 2; ++*k)
        for (*end = 0; *end < 2; ++*end) {
            if (!s->pole[*k][*end]) continue;
            double uv[2], at[3];
            uv[*k] = *end ? s->high[*k] : s->low[*k];
            uv[1 - *k] = isfinite(s->low[1 - *k]) ? s->low[1 - *k] : 0;
            ct_surf_point(at, s, uv);
            const double off = hypot(hypot(p[0] - at[0], p[1] - at[1]), p[2] - at[2]);
            if (off <= 2 * t->d.options->weld_m) return true;
        }
    return false;
}

// Corners of one point along the line of a pole, after `from` and before `to`.
static ct_err put_pole_line(trimmer *t, int k, double level, double from, double to,
                            uint32_t point) {
    const double radians = fabs(to - from) / t->d.surf->scale[1 - k];
    const double pieces = t->period[1 - k] > 0 ? ceil(radians / t->d.options->turn_rad) : 8;
    const int n = (int)fmin(fmax(pieces, 1), MAX_CUT);
    for (int i = 1; i < n; i++) {
        double at[2];
        at[k] = level;
        at[1 - k] = from + (to - from) * i / n;
        CT_TRY(ct_geo__put_corner(&t->d, at[0], at[1], point));
    }
    return CT_OK;
}

static void unroll(double at[2], const trimmer *t, const double before[2]) {
    for (int k = 0; k < 2; k++)
        if (t->period[k] > 0) at[k] -= t->period[k] * round((at[k] - before[k]) / t->period[k]);
}

static void params_of(double at[2], const trimmer *t, uint32_t point, const double *before) {
    const ct_surf *s = t->d.surf;
    double near[2];
    for (int k = 0; k < 2 && before; k++) near[k] = before[k] / s->scale[k];
    ct_surf_params(at, s, t->d.xyz + 3 * (size_t)point, before ? near : NULL);
    for (int k = 0; k < 2; k++) at[k] *= s->scale[k];
    if (before) unroll(at, t, before);
}

// The corners of a loop of points first to first + n - 1.
static ct_err unroll_loop(trimmer *t, uint32_t first, uint32_t n) {
    uint32_t start = 0; // no pole
    int k, end;
    while (start < n && is_pole(&k, &end, t, t->d.xyz + 3 * (size_t)(first + start))) start++;
    if (start == n) return CT_OK;
    loop l = {.begin = t->d.n};
    double at[2], before[2];
    uint32_t pole = NONE;
    size_t behind_pole = 0; // where the corners after the last pole begin
    int pole_k = 0, pole_end = 0;
    params_of(before, t, first + start, NULL);
    CT_TRY(ct_geo__put_corner(&t->d, before[0], before[1], first + start));
    for (uint32_t i = 1; i <= n; i++) {
        const uint32_t point = first + (start + i) % n;
        if (is_pole(&k, &end, t, t->d.xyz + 3 * (size_t)point)) {
            if (pole != NONE) continue;
            pole = point;
            pole_k = k;
            pole_end = end;
            continue;
        }
        params_of(at, t, point, before);
        if (pole != NONE) {
            const double level = pole_end ? t->high[pole_k] : t->low[pole_k];
            double corner[2];
            corner[pole_k] = level;
            corner[1 - pole_k] = before[1 - pole_k];
            CT_TRY(ct_geo__put_corner(&t->d, corner[0], corner[1], pole));
            if (l.n_poles < 2) l.pole[l.n_poles] = t->d.n - 1;
            l.n_poles++;
            behind_pole = t->d.n;
            pole = NONE;
        }
        memcpy(before, at, sizeof before);
        if (i < n) CT_TRY(ct_geo__put_corner(&t->d, at[0], at[1], point));
    }
    const double *begin = t->d.at + 3 * l.begin;
    for (int c = 0; c < 2; c++)
        if (t->period[c] > 0) l.turns[c] = (int)lround((before[c] - begin[c]) / t->period[c]);
    l.end = t->d.n;
    // Round a pole nothing tells how far it went: as far as it takes to come back.
    if (behind_pole && (l.turns[0] || l.turns[1])) {
        for (size_t i = behind_pole; i < l.end; i++)
            for (int c = 0; c < 2; c++) t->d.at[3 * i + c] -= l.turns[c] * t->period[c];
        l.turns[0] = l.turns[1] = 0;
    }
    CT_TRY(ct_grow(&t->loops, &t->loops_room, t->n_loops + 1, sizeof *t->loops));
    t->loops[t->n_loops++] = l;
    return CT_OK;
}

// Twice the area of a loop whose poles are not spread yet.
static double area_with_poles(const trimmer *t, const loop *l) {
    double sum = 0;
    for (size_t i = l->begin; i < l->end; i++) {
        const double *a = t->d.at + 3 * i, *b = t->d.at + 3 * (i + 1 < l->end ? i + 1 : l->begin);
        int k, end;
        double from[2] = {a[0], a[1]};
        if (is_pole(&k, &end, t, ct_geo__place(&t->d, (uint32_t)i))) {
            double along[2];
            along[k] = a[k];
            along[1 - k] = b[1 - k];
            sum += from[0] * along[1] - from[1] * along[0];
            memcpy(from, along, sizeof from);
        }
        sum += from[0] * b[1] - from[1] * b[0];
    }
    return sum;
}

// From one pole to another and back nothing tells how far round the second way lies, but on which
// side the face is.
static void part_ways(trimmer *t, const loop *l, bool forward) {
    int k, end;
    if (l->n_poles != 2 || !is_pole(&k, &end, t, ct_geo__place(&t->d, (uint32_t)l->pole[0])))
        return;
    const int round_k = 1 - k;
    const double sign = forward ? 1 : -1, period = t->period[round_k];
    const double whole = period * (t->high[k] - t->low[k]);
    if (!(period > 0) || area_with_poles(t, l) * sign > 1e-6 * whole) return;
    for (int step = 0; step < 2; step++) {
        for (size_t i = l->pole[0] + 1; i <= l->pole[1]; i++)
            t->d.at[3 * i + round_k] += step ? -2 * period : period;
        if (area_with_poles(t, l) * sign > 0) return;
    }
}

// Pole corners again, now between where the loop comes from and where it goes on to.
static ct_err spread_poles(trimmer *t, loop *l) {
    const size_t begin = t->d.n;
    for (size_t i = l->begin; i < l->end; i++) {
        const uint32_t point = t->d.point[i];
        const double here[2] = {t->d.at[3 * i], t->d.at[3 * i + 1]};
        const size_t after = i + 1 < l->end ? i + 1 : l->begin;
        int k, end;
        CT_TRY(ct_geo__put_corner(&t->d, here[0], here[1], point));
        if (!is_pole(&k, &end, t, t->d.xyz + 3 * (size_t)point)) continue;
        double last[2];
        last[k] = here[k];
        last[1 - k] = t->d.at[3 * after + 1 - k];
        CT_TRY(put_pole_line(t, k, here[k], here[1 - k], last[1 - k], point));
        CT_TRY(ct_geo__put_corner(&t->d, last[0], last[1], point));
    }
    l->begin = begin;
    l->end = t->d.n;
    return CT_OK;
}

// ---- cuts

typedef struct cut {
    double at[MAX_CUT][2];
    uint32_t point[MAX_CUT];
    int n;
} cut;

// Whether the surface leaves the chord between a and b, half-way or at a quarter.
static bool is_curved(const trimmer *t, const double a[2], const double pa[3], const double b[2],
                      const double pb[3]) {
    for (int i = 1; i < 4; i++) {
        const double at[2] = {a[0] + (b[0] - a[0]) * i / 4, a[1] + (b[1] - a[1]) * i / 4};
        if (ct_geo__off_chord(&t->d, at, pa, pb) > 0) return true;
    }
    return false;
}

static void halve(cut *c, const trimmer *t, const double a[2], const double pa[3],
                  const double b[2], const double pb[3], int depth) {
    if (depth == MAX_HALVINGS || !is_curved(t, a, pa, b, pb)) return;
    const double middle[2] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2};
    const double uv[2] = {middle[0] / t->d.surf->scale[0], middle[1] / t->d.surf->scale[1]};
    double p[3];
    ct_surf_point(p, t->d.surf, uv);
    halve(c, t, a, pa, middle, p, depth + 1);
    if (c->n < MAX_CUT) memcpy(c->at[c->n++], middle, sizeof middle);
    halve(c, t, middle, p, b, pb, depth + 1);
}

// Points on the surface along the straight line of parameters from corner a to (u, v) = b, which is
// `pb` in space.
static ct_err make_cut(cut *c, trimmer *t, const double a[2], const double *pa, const double b[2],
                       const double *pb) {
    double from[3], to[3]; // points may move when new ones come
    memcpy(from, pa, sizeof from);
    memcpy(to, pb, sizeof to);
    c->n = 0;
    halve(c, t, a, from, b, to, 0);
    for (int i = 0; i < c->n; i++)
        CT_TRY(ct_geo__put_point(&c->point[i], &t->d, c->at[i][0], c->at[i][1]));
    return CT_OK;
}

// The cut's corners, moved by `shift`, there or back.
static ct_err put_cut(trimmer *t, const cut *c, const double shift[2], bool back) {
    for (int i = 0; i < c->n; i++) {
        const int j = back ? c->n - 1 - i : i;
        CT_TRY(
            ct_geo__put_corner(&t->d, c->at[j][0] + shift[0], c->at[j][1] + shift[1], c->point[j]));
    }
    return CT_OK;
}

static const double k_still[2] = {0, 0};

// The loop's corners again, from number `from` on, moved; back where `back`.
static ct_err put_again(trimmer *t, const loop *l, size_t from, const double shift[2], bool back) {
    const size_t n = l->end - l->begin;
    double turn[2] = {l->turns[0] * t->period[0], l->turns[1] * t->period[1]};
    for (size_t i = 0; i < n; i++) {
        const size_t steps = back ? (from + n - i) % n : (from + i) % n;
        const size_t j = l->begin + steps;
        const bool wrapped = back ? i > from : from + i >= n;
        double at[2];
        for (int k = 0; k < 2; k++)
            at[k] = t->d.at[3 * j + k] + shift[k] + (wrapped ? (back ? -turn[k] : turn[k]) : 0);
        CT_TRY(ct_geo__put_corner(&t->d, at[0], at[1], t->d.point[j]));
    }
    return CT_OK;
}

// Two loops that go round once become the outline of the band between them.
static ct_err join_band(loop *out, trimmer *t, const loop *a, const loop *b, int k, bool forward) {
    const double whole = a->turns[k] * t->period[k];
    const bool back = a->turns[k] == b->turns[k];
    double end[2] = {t->d.at[3 * a->begin], t->d.at[3 * a->begin + 1]}, shift[2] = {0, 0};
    end[k] += whole;
    size_t nearest = 0;
    double best = INFINITY;
    for (size_t i = b->begin; i < b->end; i++) {
        double off = t->d.at[3 * i + k] - end[k];
        const double rounds = t->period[k] * round(off / t->period[k]);
        off = fabs(off - rounds);
        if (off >= best) continue;
        best = off;
        nearest = i - b->begin;
        shift[k] = -rounds;
    }
    const size_t first = b->begin + nearest;
    const int across = 1 - k;
    if (t->period[across] > 0) { // two bands there are: the one on the left of `a`, or right
        const bool up = (a->turns[k] > 0) == (forward == (k == 0));
        const double off = (t->d.at[3 * first + across] - end[across]) / t->period[across];
        shift[across] = -t->period[across] * (up ? floor(off) : ceil(off));
    }
    const double other[2] = {t->d.at[3 * first] + shift[0], t->d.at[3 * first + 1] + shift[1]};
    const uint32_t a_point = t->d.point[a->begin], b_point = t->d.point[first];
    cut c;
    CT_TRY(make_cut(&c, t, end, t->d.xyz + 3 * (size_t)a_point, other,
                    t->d.xyz + 3 * (size_t)b_point));
    *out = (loop){.begin = t->d.n};
    double round_again[2] = {0, 0};
    round_again[k] = -whole;
    CT_TRY(put_again(t, a, 0, k_still, false));
    CT_TRY(ct_geo__put_corner(&t->d, end[0], end[1], a_point));
    CT_TRY(put_cut(t, &c, k_still, false));
    CT_TRY(put_again(t, b, nearest, shift, back));
    CT_TRY(
        ct_geo__put_corner(&t->d, other[0] + round_again[0], other[1] + round_again[1], b_point));
    CT_TRY(put_cut(t, &c, round_again, true));
    out->end = t->d.n;
    return CT_OK;
}

// One loop that goes round, closed over the pole on its left (or right).
static ct_err close_cap(loop *out, trimmer *t, const loop *a, int k, bool left) {
    const ct_surf *s = t->d.surf;
    const int other = 1 - k;
    // Going on along u the left is where v is higher; along v it is where u is lower.
    int end = (a->turns[k] > 0) == left ? 1 : 0;
    if (k == 1) end = 1 - end;
    if (!s->pole[other][end]) end = 1 - end;
    if (!s->pole[other][end]) return ct_fail(CT_GEOM, "a face on a round surface does not end");
    const double whole = a->turns[k] * t->period[k];
    double from[2] = {t->d.at[3 * a->begin], t->d.at[3 * a->begin + 1]}, to[2], start[2];
    memcpy(start, from, sizeof start);
    from[k] += whole;
    to[k] = from[k];
    to[other] = end ? t->high[other] : t->low[other];
    uint32_t pole;
    CT_TRY(ct_geo__put_point(&pole, &t->d, to[0], to[1]));
    cut c;
    CT_TRY(make_cut(&c, t, from, t->d.xyz + 3 * (size_t)t->d.point[a->begin], to,
                    t->d.xyz + 3 * (size_t)pole));
    *out = (loop){.begin = t->d.n};
    double round_again[2] = {0, 0};
    round_again[k] = -whole;
    CT_TRY(put_again(t, a, 0, k_still, false));
    CT_TRY(ct_geo__put_corner(&t->d, from[0], from[1], t->d.point[a->begin]));
    CT_TRY(put_cut(t, &c, k_still, false));
    CT_TRY(ct_geo__put_corner(&t->d, to[0], to[1], pole));
    CT_TRY(put_pole_line(t, other, to[other], from[k], start[k], pole));
    CT_TRY(ct_geo__put_corner(&t->d, to[0] + round_again[0], to[1] + round_again[1], pole));
    CT_TRY(put_cut(t, &c, round_again, true));
    out->end = t->d.n;
    return CT_OK;
}

// ---- the whole domain

// Along one side of the domain from a to b, without its ends; a pole's side is one point.
static ct_err make_side(cut *c, trimmer *t, const double a[2], uint32_t pa, const double b[2],
                        uint32_t pb, bool pole) {
    if (!pole) return make_cut(c, t, a, t->d.xyz + 3 * (size_t)pa, b, t->d.xyz + 3 * (size_t)pb);
    c->n = 0;
    enum { PIECES = 36 };
    for (int i = 1; i < PIECES; i++, c->n++) {
        for (int k = 0; k < 2; k++) c->at[c->n][k] = a[k] + (b[k] - a[k]) * i / PIECES;
        c->point[c->n] = pa;
    }
    return CT_OK;
}

// The outline of the domain, `from` where its lower corner is.
static ct_err put_domain(loop *out, trimmer *t, const double from[2]) {
    const ct_surf *s = t->d.surf;
    const double size[2] = {t->high[0] - t->low[0], t->high[1] - t->low[1]};
    if (!isfinite(size[0]) || !isfinite(size[1]))
        return ct_fail(CT_GEOM, "a surface without end and without bounds");
    double corner[4][2]; // 00, 10, 11, 01
    uint32_t point[4];
    cut side[4]; // bottom, right, top, left, each along its parameter
    for (int i = 0; i < 4; i++) {
        corner[i][0] = from[0] + (i == 1 || i == 2 ? size[0] : 0);
        corner[i][1] = from[1] + (i >= 2 ? size[1] : 0);
        CT_TRY(ct_geo__put_point(&point[i], &t->d, corner[i][0], corner[i][1]));
    }
    if (t->period[0] > 0 || s->pole[1][0]) point[1] = point[0];
    if (t->period[0] > 0 || s->pole[1][1]) point[2] = point[3];
    if (t->period[1] > 0 || s->pole[0][0]) point[3] = point[0];
    if (t->period[1] > 0 || s->pole[0][1]) point[2] = point[1];
    if (t->period[0] > 0 && t->period[1] > 0) point[1] = point[2] = point[3] = point[0];
    static const int ends[4][2] = {{0, 1}, {1, 2}, {3, 2}, {0, 3}};
    for (int i = 0; i < 4; i++) {
        const bool pole = s->pole[i % 2 ? 0 : 1][i == 1 || i == 2];
        CT_TRY(make_side(&side[i], t, corner[ends[i][0]], point[ends[i][0]], corner[ends[i][1]],
                         point[ends[i][1]], pole));
    }
    if (t->period[0] > 0) // right and left are one
        memcpy(side[1].point, side[3].point, sizeof side[1].point);
    if (t->period[1] > 0) memcpy(side[2].point, side[0].point, sizeof side[2].point);
    *out = (loop){.begin = t->d.n};
    for (int i = 0; i < 4; i++) {
        CT_TRY(ct_geo__put_corner(&t->d, corner[i][0], corner[i][1], point[i]));
        CT_TRY(put_cut(t, &side[i], k_still, i >= 2));
    }
    out->end = t->d.n;
    return CT_OK;
}

// ---- polygons

static double area_of(const trimmer *t, const loop *l) {
    double sum = 0;
    const double *o = t->d.at + 3 * l->begin;
    for (size_t i = l->begin; i < l->end; i++) {
        const double *a = t->d.at + 3 * i, *b = t->d.at + 3 * (i + 1 < l->end ? i + 1 : l->begin);
        sum += (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    }
    return sum / 2;
}

static bool contains(const trimmer *t, const loop *l, const double p[2]) {
    bool in = false;
    for (size_t i = l->begin; i < l->end; i++) {
        const double *a = t->d.at + 3 * i, *b = t->d.at + 3 * (i + 1 < l->end ? i + 1 : l->begin);
        if ((a[1] > p[1]) == (b[1] > p[1])) continue;
        if (p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])) in = !in;
    }
    return in;
}

// A hole is moved to where the outside is.
static void move_into(trimmer *t, const loop *outside, const loop *hole) {
    const double at[2] = {t->d.at[3 * hole->begin], t->d.at[3 * hole->begin + 1]};
    for (int i = -2; i <= 2; i++)
        for (int j = -2; j <= 2; j++) {
            const double shift[2] = {i * t->period[0], j * t->period[1]};
            const double p[2] = {at[0] + shift[0], at[1] + shift[1]};
            if ((i && t->period[0] <= 0) || (j && t->period[1] <= 0)) continue;
            if (!contains(t, outside, p)) continue;
            for (size_t c = hole->begin; c < hole->end; c++)
                for (int k = 0; k < 2; k++) t->d.at[3 * c + k] += shift[k];
            return;
        }
}

// Loops that go round, of parameter k, become one that does not.
static ct_err close_rounds(trimmer *t, int k, bool forward) {
    size_t list[2], n = 0;
    for (size_t i = 0; i < t->n_loops; i++) {
        const loop *l = &t->loops[i];
        if (l->turns[k] == 0) continue;
        if (n == 2 || abs(l->turns[k]) > 1 || l->turns[1 - k] != 0)
            return ct_fail(CT_GEOM, "the bounds of a round face go round it more than once");
        list[n++] = i;
    }
    if (n == 0) return CT_OK;
    loop made;
    const loop a = t->loops[list[0]];
    if (n == 2) {
        const loop b = t->loops[list[1]];
        CT_TRY(join_band(&made, t, &a, &b, k, forward));
        t->loops[list[1]] = t->loops[--t->n_loops];
    } else {
        CT_TRY(close_cap(&made, t, &a, k, forward));
    }
    t->loops[list[0]] = made;
    return CT_OK;
}

// Puts the outside first. On a surface that closes itself loops may have their inside outside.
static ct_err find_outside(trimmer *t, bool forward) {
    const ct_surf *s = t->d.surf;
    bool shut = true;
    for (int k = 0; k < 2; k++)
        shut = shut && (t->period[k] > 0 || (s->pole[k][0] && s->pole[k][1]));
    double sum = 0;
    for (size_t i = 0; i < t->n_loops; i++) {
        t->loops[i].area = area_of(t, &t->loops[i]);
        sum += t->loops[i].area;
    }
    if (t->n_loops == 0 || (shut && (forward ? sum : -sum) < 0)) {
        double from[2] = {t->low[0], t->low[1]};
        for (int k = 0; k < 2 && t->n_loops; k++) // the loops lie in its middle
            if (t->period[k] > 0) from[k] = t->d.at[3 * t->loops[0].begin + k] - t->period[k] / 2;
        CT_TRY(ct_grow(&t->loops, &t->loops_room, t->n_loops + 1, sizeof *t->loops));
        loop made;
        CT_TRY(put_domain(&made, t, from));
        made.area = INFINITY;
        t->loops[t->n_loops++] = made;
    }
    size_t outside = 0;
    for (size_t i = 1; i < t->n_loops; i++)
        if (fabs(t->loops[i].area) > fabs(t->loops[outside].area)) outside = i;
    const loop swap = t->loops[0];
    t->loops[0] = t->loops[outside];
    t->loops[outside] = swap;
    for (size_t i = 1; i < t->n_loops; i++) move_into(t, &t->loops[0], &t->loops[i]);
    return CT_OK;
}

static ct_err triangulate(trimmer *t) {
    size_t n = 0;
    for (size_t i = 0; i < t->n_loops; i++) n += t->loops[i].end - t->loops[i].begin;
    uint32_t *ring = ct_alloc((n + 1) * sizeof *ring);
    uint32_t *ends = ct_alloc((t->n_loops + 1) * sizeof *ends);
    ct_triangulator *triangulator = ct_triangulator_new();
    ct_err err = ring && ends && triangulator ? CT_OK : CT_NOMEM;
    uint32_t count = 0;
    for (size_t i = 0; i < t->n_loops && !err; i++) {
        for (size_t c = t->loops[i].begin; c < t->loops[i].end; c++) ring[count++] = (uint32_t)c;
        ends[i] = count;
    }
    ct_triangles made = {0};
    if (!err) err = ct_triangulate(&made, triangulator, t->d.at, ring, ends, (uint32_t)t->n_loops);
    if (!err && made.n == 0) err = ct_fail(CT_GEOM, "the bounds of a face enclose nothing");
    if (!err)
        err = ct_grow(&t->d.triangles, &t->d.triangles_room, 3 * (size_t)made.n,
                      sizeof *t->d.triangles);
    // They turn as the outside does: counter-clockwise from here on.
    const bool turned = !err && area_of(t, &t->loops[0]) < 0;
    for (size_t i = 0; i < made.n && !err; i++)
        for (size_t k = 0; k < 3; k++)
            t->d.triangles[3 * i + k] = made.corners[3 * i + (turned ? 2 - k : k)];
    t->d.n_triangles = err ? 0 : made.n;
    ct_triangulator_free(triangulator);
    ct_free(ring);
    ct_free(ends);
    return err;
}

static ct_err hand_out(ct_surf_piece *out, ct_arena *arena, const ct_geo__drawing *d) {
    ct_surf_piece piece = {.n_points = (uint32_t)d->n_points};
    piece.xyz = ct_arena_alloc(arena, (3 * d->n_points + 1) * sizeof *piece.xyz);
    piece.corners = ct_arena_alloc(arena, (3 * d->n_triangles + 1) * sizeof *piece.corners);
    if (!piece.xyz || !piece.corners) return CT_NOMEM;
    memcpy(piece.xyz, d->xyz, 3 * d->n_points * sizeof *d->xyz);
    for (size_t i = 0; i < d->n_triangles; i++) {
        uint32_t *c = piece.corners + 3 * (size_t)piece.n_triangles;
        for (size_t k = 0; k < 3; k++) c[k] = d->point[d->triangles[3 * i + k]];
        if (c[0] != c[1] && c[1] != c[2] && c[2] != c[0]) piece.n_triangles++;
    }
    if (piece.n_triangles == 0) return ct_fail(CT_GEOM, "a face without area");
    *out = piece;
    return CT_OK;
}

static ct_err trim(ct_surf_piece *out, ct_arena *arena, trimmer *t, const double *xyz,
                   const uint32_t *loop_end, uint32_t n_loops, bool forward) {
    const uint32_t n = n_loops ? loop_end[n_loops - 1] : 0;
    CT_TRY(ct_grow(&t->d.xyz, &t->d.xyz_room, 3 * (size_t)n + 3, sizeof *t->d.xyz));
    if (n) memcpy(t->d.xyz, xyz, 3 * (size_t)n * sizeof *xyz);
    t->d.n_points = n;
    for (uint32_t i = 0, begin = 0; i < n_loops; begin = loop_end[i++]) {
        const size_t before = t->n_loops;
        CT_TRY(unroll_loop(t, begin, loop_end[i] - begin));
        if (t->n_loops == before) continue;
        if (n_loops == 1) part_ways(t, &t->loops[before], forward);
        CT_TRY(spread_poles(t, &t->loops[before]));
    }
    for (int k = 0; k < 2; k++) CT_TRY(close_rounds(t, k, forward));
    CT_TRY(find_outside(t, forward));
    CT_TRY(triangulate(t));
    CT_TRY(ct_geo__refine(&t->d));
    return hand_out(out, arena, &t->d);
}

ct_err ct_surf_trim(ct_surf_piece *out, ct_arena *arena, const ct_surf *s, const double *xyz,
                    const uint32_t *loop_end, uint32_t n_loops, bool forward,
                    const ct_surf_options *options) {
    trimmer t = {.d = {.surf = s, .options = options}};
    for (int k = 0; k < 2; k++) {
        t.period[k] = s->period[k] * s->scale[k];
        t.low[k] = s->low[k] * s->scale[k];
        t.high[k] = s->high[k] * s->scale[k];
    }
    const ct_err err = trim(out, arena, &t, xyz, loop_end, n_loops, forward);
    ct_free(t.d.at);
    ct_free(t.d.point);
    ct_free(t.d.xyz);
    ct_free(t.d.triangles);
    ct_free(t.loops);
    return err;
}
