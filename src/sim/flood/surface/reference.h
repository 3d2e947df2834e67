// The plain statement of a step, against which the fast loops are held to the bit: every cell from
// the old state alone, each of its faces afresh, nothing in place. (No guard: a template.)
#include "sim/flood/surface/cell.h"

#include "sim/flood/surface/border.h"

static around look(const SELF(ct_tile) * t, ptrdiff_t j, ptrdiff_t i) {
    ptrdiff_t at = j * CT_TILE_STRIDE + i;
    return (around){t->h[at], t->u[at], t->v[at], t->z[at]};
}

// The crest on the left (or upper) side of a cell; -infinity = none.
static real crest_of(const real *crests, ptrdiff_t j, ptrdiff_t i) {
    return crests ? crests[j * CT_TILE_STRIDE + i] : -REAL_INFINITY;
}

// The constants of a cell: its own tile's, or those beyond a side.
static const step_constants *constants_at(const SELF(ct_tile) * t, const all_constants *all,
                                          ptrdiff_t j, ptrdiff_t i) {
    if (i < 0) return &all->beyond[CT_FLOOD_LEFT];
    if (i >= (ptrdiff_t)t->nx) return &all->beyond[CT_FLOOD_RIGHT];
    if (j < 0) return &all->beyond[CT_FLOOD_TOP];
    return j >= (ptrdiff_t)t->ny ? &all->beyond[CT_FLOOD_BOTTOM] : &all->own;
}

static forecast reference_forecast(const SELF(ct_tile_job) * job, const step_constants *k,
                                   ptrdiff_t j, ptrdiff_t i) {
    const SELF(ct_tile) *t = job->tile;
    around c = look(t, j, i);
    if (job->order == 1) return (forecast){.h = c.h, .u = c.u, .v = c.v};
    bool free_x = crest_of(t->crest_x, j, i) == -REAL_INFINITY &&
                  crest_of(t->crest_x, j, i + 1) == -REAL_INFINITY;
    bool free_y = crest_of(t->crest_y, j, i) == -REAL_INFINITY &&
                  crest_of(t->crest_y, j + 1, i) == -REAL_INFINITY;
    return forecast_cell(c, look(t, j, i - 1), look(t, j, i + 1), look(t, j - 1, i),
                         look(t, j + 1, i), free_x, free_y, t->gn2[j * CT_TILE_STRIDE + i],
                         t->rough, k);
}

// Water as a face sees it, normal to it and along it.
typedef struct turned {
    real h, normal, tangential;       // before
    real h_face, n_face, t_face, bed; // at the face, half a step on; bed from the cell's centre
    real z;
} turned;

// sign: +1 for the face on the right or below.
static turned towards(around c, const forecast *f, bool along_x, real sign) {
    if (along_x) {
        return (turned){
            c.h,           c.u, c.v, f->h + sign * f->hx, f->u + sign * f->ux, f->v + sign * f->vx,
            f->ex - f->hx, c.z};
    }
    return (turned){
        c.h,           c.v, c.u, f->h + sign * f->hy, f->v + sign * f->vy, f->u + sign * f->uy,
        f->ey - f->hy, c.z};
}

// A face, and the depth at it on both sides.
typedef struct passage {
    face_flux flux;
    real before, behind;
} passage;

static passage reference_passage(const SELF(ct_tile_job) * job, const all_constants *all,
                                 ptrdiff_t j, ptrdiff_t i, bool along_x) {
    const SELF(ct_tile) *t = job->tile;
    ptrdiff_t j_before = along_x ? j : j - 1, i_before = along_x ? i - 1 : i;
    const step_constants *k_a = constants_at(t, all, j_before, i_before),
                         *k_b = constants_at(t, all, j, i);
    forecast fa = reference_forecast(job, k_a, j_before, i_before);
    forecast fb = reference_forecast(job, k_b, j, i);
    turned a = towards(look(t, j_before, i_before), &fa, along_x, 1);
    turned b = towards(look(t, j, i), &fb, along_x, -1);
    real step = (b.z - a.z) - (a.bed + b.bed);
    real crest = crest_of(along_x ? t->crest_x : t->crest_y, j, i);
    real rise = real_max(real_max(step, R(0)), crest - a.z);
    face_side l = {a.h_face, a.n_face, a.t_face, rise,
                   outlet(a.h, a.normal, spare_of(a.h, a.normal, a.tangential, k_a))};
    face_side r = {b.h_face, b.n_face, b.t_face, rise - step,
                   outlet(b.h, -b.normal, spare_of(b.h, b.normal, b.tangential, k_b))};
    return (passage){face(l, r, all->own.cell, false), a.h_face, b.h_face};
}

// What passes the edge of the model at entry `entry` of a side; h, half: depth of its cell before
// and half a step on.
static face_flux reference_rim(const SELF(ct_tile_job) * job, int side, ptrdiff_t entry, real h,
                               real half) {
    const SELF(ct_rim) *rim = job->rim[side];
    real push = rim->push[entry];
    if (job->order == 2) push += R(0.5 * CT_FLOOD_GRAVITY) * (h - half) * (h + half);
    return (face_flux){rim->mass[entry], push, push, rim->cross[entry]};
}

// The face on the left side (along_x) or the upper side of cell (j, i).
static face_flux reference_face(const SELF(ct_tile_job) * job, const all_constants *all,
                                ptrdiff_t j, ptrdiff_t i, bool along_x) {
    const SELF(ct_tile) *t = job->tile;
    const passage p = reference_passage(job, all, j, i, along_x);
    const bool first = (along_x ? i : j) == 0;
    if (!first && (along_x ? i < (ptrdiff_t)t->nx : j < (ptrdiff_t)t->ny)) return p.flux;
    const int side = along_x ? (first ? CT_FLOOD_LEFT : CT_FLOOD_RIGHT)
                             : (first ? CT_FLOOD_TOP : CT_FLOOD_BOTTOM);
    const ptrdiff_t entry = along_x ? j : i;
    const SELF(ct_border) *told = job->beyond[side].told;
    if (told) return told_beyond(told, entry, first ? p.behind : p.before);
    if (!job->rim[side] || !job->rim[side]->told[entry]) return p.flux;
    const ptrdiff_t j_in = along_x || first ? j : j - 1, i_in = !along_x || first ? i : i - 1;
    const real half = reference_forecast(job, &all->own, j_in, i_in).h;
    return reference_rim(job, side, entry, look(t, j_in, i_in).h, half);
}

// Tells tiles of longer steps what passes.
static void reference_tell(const SELF(ct_tile_job) * job, const all_constants *all) {
    const ptrdiff_t nx = job->tile->nx, ny = job->tile->ny;
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        const bool along_x = side <= CT_FLOOD_RIGHT,
                   first = side == CT_FLOOD_LEFT || side == CT_FLOOD_TOP;
        if (!job->beyond[side].tell) continue;
        for (ptrdiff_t k = 0; k < (along_x ? ny : nx); k++) {
            const ptrdiff_t j = along_x ? k : (first ? 0 : ny), i = along_x ? (first ? 0 : nx) : k;
            const passage p = reference_passage(job, all, j, i, along_x);
            tell_beyond(&job->beyond[side], k, p.flux.mass, first ? p.flux.left : p.flux.right,
                        p.flux.cross, first ? p.before : p.behind);
        }
    }
}

static moved reference_cell(const SELF(ct_tile_job) * job, const all_constants *all, ptrdiff_t j,
                            ptrdiff_t i) {
    const SELF(ct_tile) *t = job->tile;
    const real g2 = R(2 * CT_FLOOD_GRAVITY);
    ptrdiff_t at = j * CT_TILE_STRIDE + i;
    cell_fluxes fluxes = {
        reference_face(job, all, j, i, true), reference_face(job, all, j, i + 1, true),
        reference_face(job, all, j, i, false), reference_face(job, all, j + 1, i, false)};
    forecast f = reference_forecast(job, &all->own, j, i);
    return move_cell(look(t, j, i), t->low[at], &fluxes, g2 * f.h * f.ex, g2 * f.h * f.ey,
                     t->gn2[at], t->gain[at], t->rough, &all->own);
}

// Takes the new state of a row over.
static void reference_put(SELF(ct_tile) * t, ptrdiff_t j, const moved *row) {
    const real arrival = R(CT_FLOOD_ARRIVAL_M);
    for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++) {
        ptrdiff_t at = j * CT_TILE_STRIDE + i;
        const moved *m = &row[i];
        t->h[at] = m->h;
        t->low[at] = m->low;
        t->u[at] = m->u;
        t->v[at] = m->v;
        real rating = m->h > R(CT_FLOOD_DRY_M) ? m->h * (m->speed + R(0.5)) : R(0);
        if (m->h > arrival && t->max_depth[at] <= arrival) t->arrived = true;
        t->max_depth[at] = real_max(m->h, t->max_depth[at]);
        t->max_speed[at] = real_max(m->speed, t->max_speed[at]);
        t->max_rating[at] = real_max(rating, t->max_rating[at]);
        if (m->h > 0) t->wet = true;
        t->wave_ms = real_max(m->wave, t->wave_ms);
        t->wild += m->wild > 0;
    }
}

static void move_reference(const SELF(ct_tile_job) * job) {
    SELF(ct_tile) *t = job->tile;
    const all_constants all = constants_for(job);
    moved next[CT_TILE_SIDE][CT_TILE_SIDE];
    for (ptrdiff_t j = 0; j < (ptrdiff_t)t->ny; j++) {
        for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++)
            next[j][i] = reference_cell(job, &all, j, i);
    }
    reference_tell(job, &all);
    t->wet = t->arrived = false;
    t->wave_ms = 0;
    t->wild = 0;
    for (ptrdiff_t j = 0; j < (ptrdiff_t)t->ny; j++) reference_put(t, j, next[j]);
}
