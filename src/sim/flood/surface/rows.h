// The fast loops over a tile for the number and the instruction set of this build. (No guard: a
// template.)
//
// A tile goes by in one pass, row by row: the forecast of row j needs the old rows j - 1 to j + 1;
// then the fluxes between rows j - 1 and j; then row j - 1 moves, in place, since nobody needs its
// old state any more.
//
// Faces go by in blocks. Where water stands over the sill on both sides of all of them, less is to
// be worked out; where all is dry, nothing; neither of rows without water.
#include "sim/flood/surface/cell.h"

#include "sim/flood/surface/border.h"

// The outputs never overlap the inputs.
#if defined(__clang__)
#define CT_FLOOD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
// Where it does not make vectors of a loop all the same, that loop is slower, not wrong.
#pragma clang diagnostic ignored "-Wpass-failed"
#else
#define CT_FLOOD_INDEPENDENT _Pragma("GCC ivdep")
#endif

enum { BLOCK = 16 };

// A row of forecasts; index CT_TILE_MARGIN is column 0. spare: see cell.h; water: some depth of it,
// before, was above zero.
typedef struct forecast_row {
    bool water;
    real spare[CT_TILE_STRIDE];
    real h[CT_TILE_STRIDE], u[CT_TILE_STRIDE], v[CT_TILE_STRIDE];
    real hx[CT_TILE_STRIDE], ex[CT_TILE_STRIDE], ux[CT_TILE_STRIDE], vx[CT_TILE_STRIDE];
    real hy[CT_TILE_STRIDE], ey[CT_TILE_STRIDE], uy[CT_TILE_STRIDE], vy[CT_TILE_STRIDE];
} forecast_row;

typedef struct flux_row {
    real mass[CT_TILE_STRIDE], left[CT_TILE_STRIDE], right[CT_TILE_STRIDE], cross[CT_TILE_STRIDE];
} flux_row;

typedef struct kind {
    bool second, walled, rough;
} kind;

// What a sweep finds: the fastest wave of each column; whether some depth is above zero, some cell
// is reached for the first time; how many went wild.
typedef struct findings {
    real wave[CT_TILE_SIDE];
    flags wet, arrived, wild;
} findings;

typedef struct scratch {
    forecast_row forecast[2];
    flux_row x, y[2];
    findings found;
} scratch;

CT_INLINE ptrdiff_t row_at(ptrdiff_t j) {
    return j * CT_TILE_STRIDE;
}

// Cells up to the next eight: a loop over whole vectors has no rest to do one by one. What is
// beyond is padding (layout.h) and not looked at.
CT_INLINE ptrdiff_t whole(ptrdiff_t n) {
    return (n + 7) & ~(ptrdiff_t)7;
}

CT_INLINE void spare_along(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k,
                           forecast_row *out) {
    const ptrdiff_t at = row_at(j) - 1, m = CT_TILE_MARGIN - 1, n = whole((ptrdiff_t)t->nx + 2);
    const real *h = t->h + at, *u = t->u + at, *v = t->v + at;
    const step_constants c = *k;
    forecast_row *restrict o = out;
    flags water = 0;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = 0; i < n; i++) {
        o->spare[m + i] = spare_of(h[i], u[i], v[i], &c);
        water |= h[i] > 0 ? 1 : 0;
    }
    o->water = water != 0;
}

// Columns -1 to nx of row j, and padding; of a row without water nothing but zero.
CT_INLINE void forecast_along(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k,
                              kind what, forecast_row *out) {
    const ptrdiff_t at = row_at(j), m = CT_TILE_MARGIN, n = whole((ptrdiff_t)t->nx + 2);
    const ptrdiff_t up = at - CT_TILE_STRIDE, down = at + CT_TILE_STRIDE;
    const real *h = t->h, *u = t->u, *v = t->v, *z = t->z, *gn2 = t->gn2;
    const real *crest_x = t->crest_x, *crest_y = t->crest_y;
    const step_constants c = *k;
    forecast_row *restrict o = out;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t from_left = 0; from_left < n; from_left++) {
        const ptrdiff_t i = from_left - 1;
        around here = {h[at + i], u[at + i], v[at + i], z[at + i]};
        around west = {h[at + i - 1], u[at + i - 1], v[at + i - 1], z[at + i - 1]};
        around east = {h[at + i + 1], u[at + i + 1], v[at + i + 1], z[at + i + 1]};
        around north = {h[up + i], u[up + i], v[up + i], z[up + i]};
        around south = {h[down + i], u[down + i], v[down + i], z[down + i]};
        real over_x = what.walled ? real_max(crest_x[at + i], crest_x[at + i + 1]) : R(0);
        real over_y = what.walled ? real_max(crest_y[at + i], crest_y[down + i]) : R(0);
        forecast f =
            forecast_cell(here, west, east, north, south, !what.walled || over_x == -REAL_INFINITY,
                          !what.walled || over_y == -REAL_INFINITY, what.rough ? gn2[at + i] : R(0),
                          what.rough, &c);
        o->h[m + i] = f.h;
        o->u[m + i] = f.u;
        o->v[m + i] = f.v;
        o->hx[m + i] = f.hx;
        o->ex[m + i] = f.ex;
        o->ux[m + i] = f.ux;
        o->vx[m + i] = f.vx;
        o->hy[m + i] = f.hy;
        o->ey[m + i] = f.ey;
        o->uy[m + i] = f.uy;
        o->vy[m + i] = f.vy;
    }
}

// The forecast of one cell by itself.
static void forecast_at(const SELF(ct_tile) * t, ptrdiff_t j, ptrdiff_t i, const step_constants *k,
                        kind what, forecast_row *o) {
    const ptrdiff_t at = row_at(j) + i, m = CT_TILE_MARGIN + i;
    const ptrdiff_t place[5] = {at, at - 1, at + 1, at - CT_TILE_STRIDE, at + CT_TILE_STRIDE};
    around a[5];
    for (int n = 0; n < 5; n++) {
        a[n] = (around){t->h[place[n]], t->u[place[n]], t->v[place[n]], t->z[place[n]]};
    }
    const real over_x = what.walled ? real_max(t->crest_x[at], t->crest_x[at + 1]) : R(0);
    const real over_y = what.walled ? real_max(t->crest_y[at], t->crest_y[place[4]]) : R(0);
    const forecast f = forecast_cell(
        a[0], a[1], a[2], a[3], a[4], !what.walled || over_x == -REAL_INFINITY,
        !what.walled || over_y == -REAL_INFINITY, what.rough ? t->gn2[at] : R(0), what.rough, k);
    o->h[m] = f.h;
    o->u[m] = f.u;
    o->v[m] = f.v;
    o->hx[m] = f.hx;
    o->ex[m] = f.ex;
    o->ux[m] = f.ux;
    o->vx[m] = f.vx;
    o->hy[m] = f.hy;
    o->ey[m] = f.ey;
    o->uy[m] = f.uy;
    o->vy[m] = f.vy;
}

// The cells on one side of a row of faces: before and half a step on. Slopes are along the normal.
typedef struct flank {
    const real *h, *z, *normal, *tangential, *spare;
    const real *next_h, *next_normal, *next_tangential;
    const real *slope_h, *slope_e, *slope_normal, *slope_tangential;
} flank;

// The cells from place `at` of the tile and `q` of the row of forecasts on.
CT_INLINE flank flank_of(const SELF(ct_tile) * t, const forecast_row *f, bool along_x, ptrdiff_t at,
                         ptrdiff_t q) {
    if (along_x) {
        return (flank){t->h + at, t->z + at, t->u + at, t->v + at, f->spare + q, f->h + q,
                       f->u + q,  f->v + q,  f->hx + q, f->ex + q, f->ux + q,    f->vx + q};
    }
    return (flank){t->h + at, t->z + at, t->v + at, t->u + at, f->spare + q, f->h + q,
                   f->v + q,  f->u + q,  f->hy + q, f->ey + q, f->vy + q,    f->uy + q};
}

// Depths at face i and rises up to its sill; crest: NULL = no thin walls.
CT_INLINE void sills_at(const flank *a, const flank *b, const real *crest, ptrdiff_t i, bool second,
                        face_side *l, face_side *r) {
    l->h = second ? a->next_h[i] + a->slope_h[i] : a->h[i];
    r->h = second ? b->next_h[i] - b->slope_h[i] : b->h[i];
    real step = b->z[i] - a->z[i];
    if (second) step -= (a->slope_e[i] - a->slope_h[i]) + (b->slope_e[i] - b->slope_h[i]);
    l->rise = real_max(step, R(0));
    if (crest) l->rise = real_max(l->rise, crest[i] - a->z[i]);
    r->rise = crest ? l->rise - step : real_max(-step, R(0));
}

typedef enum wetness { ALL_DRY, MIXED, ALL_WET } wetness;

CT_INLINE wetness look_at_block(const flank *a, const flank *b, const real *crest, ptrdiff_t first,
                                bool second) {
    flags water = 0, gaps = 0;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = first; i < first + BLOCK; i++) {
        face_side l, r;
        sills_at(a, b, crest, i, second, &l, &r);
        water |= (a->h[i] > 0 ? 1 : 0) | (b->h[i] > 0 ? 1 : 0);
        gaps |= (l.h > l.rise ? 0 : 1) | (r.h > r.rise ? 0 : 1);
    }
    return !gaps ? ALL_WET : (water ? MIXED : ALL_DRY);
}

CT_INLINE void faces_of_block(const flank *a, const flank *b, const real *crest, ptrdiff_t first,
                              bool second, bool wet, real cell, flux_row *out) {
    flux_row *restrict o = out;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = first; i < first + BLOCK; i++) {
        face_side l, r;
        sills_at(a, b, crest, i, second, &l, &r);
        l.normal = second ? a->next_normal[i] + a->slope_normal[i] : a->normal[i];
        r.normal = second ? b->next_normal[i] - b->slope_normal[i] : b->normal[i];
        l.tangential = second ? a->next_tangential[i] + a->slope_tangential[i] : a->tangential[i];
        r.tangential = second ? b->next_tangential[i] - b->slope_tangential[i] : b->tangential[i];
        l.outlet = outlet(a->h[i], a->normal[i], a->spare[i]);
        r.outlet = outlet(b->h[i], -b->normal[i], b->spare[i]);
        face_flux flux = face(l, r, cell, wet);
        o->mass[CT_TILE_MARGIN + i] = flux.mass;
        o->left[CT_TILE_MARGIN + i] = flux.left;
        o->right[CT_TILE_MARGIN + i] = flux.right;
        o->cross[CT_TILE_MARGIN + i] = flux.cross;
    }
}

static void dry_block(ptrdiff_t first, real cell, flux_row *o) {
    const face_side none = {0};
    const face_flux flux = face(none, none, cell, false);
    for (ptrdiff_t i = CT_TILE_MARGIN + first; i < CT_TILE_MARGIN + first + BLOCK; i++) {
        o->mass[i] = flux.mass;
        o->left[i] = flux.left;
        o->right[i] = flux.right;
        o->cross[i] = flux.cross;
    }
}

// Faces on the left (along_x; up to the right one of the last) or the upper sides of the cells of
// row j. before, behind: forecasts of the cells on both sides.
CT_INLINE void faces(const SELF(ct_tile) * t, bool along_x, ptrdiff_t j, const step_constants *k,
                     kind what, const forecast_row *before, const forecast_row *behind,
                     flux_row *out) {
    const ptrdiff_t at = row_at(j), back = along_x ? 1 : 0, n = (ptrdiff_t)t->nx + back;
    const flank a =
        flank_of(t, before, along_x, along_x ? at - 1 : at - CT_TILE_STRIDE, CT_TILE_MARGIN - back);
    const flank b = flank_of(t, behind, along_x, at, CT_TILE_MARGIN);
    const real *crest = what.walled ? (along_x ? t->crest_x : t->crest_y) + at : NULL;
    for (ptrdiff_t from = 0; from < n; from += BLOCK) {
        // The last block overlaps the one before it, or padding where there is none.
        ptrdiff_t first = from + BLOCK <= n || n < BLOCK ? from : n - BLOCK;
        switch (look_at_block(&a, &b, crest, first, what.second)) {
        case ALL_DRY: dry_block(first, k->cell, out); break;
        case ALL_WET: faces_of_block(&a, &b, crest, first, what.second, true, k->cell, out); break;
        case MIXED: faces_of_block(&a, &b, crest, first, what.second, false, k->cell, out); break;
        }
    }
}

CT_INLINE face_flux flux_at(const flux_row *row, ptrdiff_t i) {
    return (face_flux){row->mass[i], row->left[i], row->right[i], row->cross[i]};
}

CT_INLINE void move_along(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k, kind what,
                          const forecast_row *f, const flux_row *x, const flux_row *north,
                          const flux_row *south, findings *found) {
    const real g2 = R(2 * CT_FLOOD_GRAVITY), arrival = R(CT_FLOOD_ARRIVAL_M);
    const ptrdiff_t at = row_at(j), m = CT_TILE_MARGIN, n = t->nx;
    real *restrict h = t->h + at, *restrict low = t->low + at;
    real *restrict u = t->u + at, *restrict v = t->v + at;
    const real *gn2 = t->gn2 + at, *gain = t->gain + at, *z = t->z + at;
    real *restrict deepest = t->max_depth + at, *restrict fastest = t->max_speed + at;
    real *restrict rating = t->max_rating + at;
    findings *restrict o = found;
    const step_constants c = *k;
    flags wet = 0, arrived = 0, wild = 0;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = 0; i < n; i++) {
        around here = {h[i], u[i], v[i], z[i]};
        cell_fluxes fluxes = {flux_at(x, m + i), flux_at(x, m + i + 1), flux_at(north, m + i),
                              flux_at(south, m + i)};
        real force_x = what.second ? g2 * f->h[m + i] * f->ex[m + i] : R(0);
        real force_y = what.second ? g2 * f->h[m + i] * f->ey[m + i] : R(0);
        moved b = move_cell(here, low[i], &fluxes, force_x, force_y, what.rough ? gn2[i] : R(0),
                            gain[i], what.rough, &c);
        h[i] = b.h;
        low[i] = b.low;
        u[i] = b.u;
        v[i] = b.v;
        arrived |= (b.h > arrival ? 1 : 0) & (deepest[i] <= arrival ? 1 : 0);
        deepest[i] = real_max(b.h, deepest[i]);
        fastest[i] = real_max(b.speed, fastest[i]);
        rating[i] = real_max(b.h > R(CT_FLOOD_DRY_M) ? b.h * (b.speed + R(0.5)) : R(0), rating[i]);
        o->wave[i] = real_max(b.wave, o->wave[i]);
        wet |= b.h > 0 ? 1 : 0;
        wild += b.wild > 0 ? 1 : 0;
    }
    o->wet |= wet;
    o->arrived |= arrived;
    o->wild += wild;
}

// What edge.c tells of an edge is at the old depth; the cell's half step is made up for.
CT_INLINE real told_push(const forecast_row *f, ptrdiff_t at, real h, real push, bool second) {
    if (!second) return push;
    real half = f->h[at];
    return push + R(0.5 * CT_FLOOD_GRAVITY) * (h - half) * (h + half);
}

// Puts what edges are told to pass into faces 0 and nx of row j.
static void tell_sides(const SELF(ct_tile_job) * job, ptrdiff_t j, bool second,
                       const forecast_row *f, flux_row *x) {
    const SELF(ct_tile) *t = job->tile;
    for (int side = CT_FLOOD_LEFT; side <= CT_FLOOD_RIGHT; side++) {
        const SELF(ct_rim) *rim = job->rim[side];
        if (!rim || !rim->told[j]) continue;
        ptrdiff_t cell = side == CT_FLOOD_LEFT ? 0 : (ptrdiff_t)t->nx - 1;
        ptrdiff_t q = CT_TILE_MARGIN + (side == CT_FLOOD_LEFT ? 0 : (ptrdiff_t)t->nx);
        x->mass[q] = rim->mass[j];
        x->left[q] = x->right[q] =
            told_push(f, CT_TILE_MARGIN + cell, t->h[row_at(j) + cell], rim->push[j], second);
        x->cross[q] = rim->cross[j];
    }
}

// The same for the faces above row j, which is the first one or the one behind the last.
static void tell_ends(const SELF(ct_tile_job) * job, ptrdiff_t j, bool second,
                      const forecast_row *f, flux_row *y) {
    const SELF(ct_tile) *t = job->tile;
    const SELF(ct_rim) *rim = job->rim[j == 0 ? CT_FLOOD_TOP : CT_FLOOD_BOTTOM];
    if (!rim) return;
    ptrdiff_t row = j == 0 ? 0 : j - 1;
    for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++) {
        if (!rim->told[i]) continue;
        ptrdiff_t q = CT_TILE_MARGIN + i;
        y->mass[q] = rim->mass[i];
        y->left[q] = y->right[q] = told_push(f, q, t->h[row_at(row) + i], rim->push[i], second);
        y->cross[q] = rim->cross[i];
    }
}

// Whether something may come that its cells and those round it do not show.
static bool is_open(const SELF(ct_tile_job) * job) {
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        if (job->rim[side] || job->beyond[side].told) return true;
    }
    return job->rain_m > 0;
}

// The cells beside row j, where they take longer steps.
static void look_aside(const SELF(ct_tile_job) * job, ptrdiff_t j, const all_constants *all,
                       kind what, forecast_row *out) {
    const SELF(ct_tile) *t = job->tile;
    if (!out->water || j < 0 || j == (ptrdiff_t)t->ny) return;
    for (int side = CT_FLOOD_LEFT; side <= CT_FLOOD_RIGHT; side++) {
        if (!job->beyond[side].tell) continue;
        const step_constants *k = &all->beyond[side];
        const ptrdiff_t i = side == CT_FLOOD_LEFT ? -1 : (ptrdiff_t)t->nx, at = row_at(j) + i;
        out->spare[CT_TILE_MARGIN + i] = spare_of(t->h[at], t->u[at], t->v[at], k);
        if (what.second) forecast_at(t, j, i, k, what, out);
    }
}

CT_INLINE void look_ahead(const SELF(ct_tile_job) * job, ptrdiff_t j, const all_constants *all,
                          kind what, forecast_row *out) {
    const SELF(ct_tile) *t = job->tile;
    const step_constants *k = &all->own;
    if (j < 0) k = &all->beyond[CT_FLOOD_TOP];
    if (j == (ptrdiff_t)t->ny) k = &all->beyond[CT_FLOOD_BOTTOM];
    spare_along(t, j, k, out);
    if (what.second && out->water) forecast_along(t, j, k, what, out);
    if (what.second && !out->water) memset(out, 0, sizeof *out);
    look_aside(job, j, all, what, out);
}

// Puts what shorter steps have passed into faces 0 and nx of row j, and tells longer ones.
static void borders_aside(const SELF(ct_tile_job) * job, ptrdiff_t j, bool second,
                          const forecast_row *f, flux_row *x) {
    const SELF(ct_tile) *t = job->tile;
    for (int side = CT_FLOOD_LEFT; side <= CT_FLOOD_RIGHT; side++) {
        const SELF(ct_beyond) *b = &job->beyond[side];
        const bool left = side == CT_FLOOD_LEFT;
        const ptrdiff_t face = left ? 0 : (ptrdiff_t)t->nx, q = CT_TILE_MARGIN + face;
        if (b->told) {
            const ptrdiff_t i = left ? 0 : face - 1, m = CT_TILE_MARGIN + i;
            const real slope = left ? -f->hx[m] : f->hx[m];
            const face_flux told =
                told_beyond(b->told, j, second ? f->h[m] + slope : t->h[row_at(j) + i]);
            x->mass[q] = told.mass;
            x->left[q] = x->right[q] = told.left;
            x->cross[q] = told.cross;
        }
        if (b->tell) {
            const ptrdiff_t i = left ? -1 : face, m = CT_TILE_MARGIN + i;
            const real slope = left ? f->hx[m] : -f->hx[m];
            tell_beyond(b, j, x->mass[q], left ? x->left[q] : x->right[q], x->cross[q],
                        second ? f->h[m] + slope : t->h[row_at(j) + i]);
        }
    }
}

// The same for the faces above row j, the first one or the one behind the last. before, behind:
// forecasts of the rows on both sides.
static void borders_across(const SELF(ct_tile_job) * job, ptrdiff_t j, bool second,
                           const forecast_row *before, const forecast_row *behind, flux_row *y) {
    const SELF(ct_tile) *t = job->tile;
    const bool top = j == 0;
    const SELF(ct_beyond) *b = &job->beyond[top ? CT_FLOOD_TOP : CT_FLOOD_BOTTOM];
    const forecast_row *own = top ? behind : before, *other = top ? before : behind;
    const ptrdiff_t row = top ? j : j - 1, other_row = top ? j - 1 : j;
    if (!b->told && !b->tell) return;
    for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++) {
        const ptrdiff_t q = CT_TILE_MARGIN + i;
        if (b->told) {
            const real slope = top ? -own->hy[q] : own->hy[q];
            const face_flux told =
                told_beyond(b->told, i, second ? own->h[q] + slope : t->h[row_at(row) + i]);
            y->mass[q] = told.mass;
            y->left[q] = y->right[q] = told.left;
            y->cross[q] = told.cross;
        }
        if (b->tell) {
            const real slope = top ? other->hy[q] : -other->hy[q];
            tell_beyond(b, i, y->mass[q], top ? y->left[q] : y->right[q], y->cross[q],
                        second ? other->h[q] + slope : t->h[row_at(other_row) + i]);
        }
    }
}

CT_INLINE void sweep(const SELF(ct_tile_job) * job, kind what, scratch *s) {
    const SELF(ct_tile) *t = job->tile;
    const all_constants all = constants_for(job);
    const step_constants k = all.own;
    const ptrdiff_t ny = t->ny;
    bool above = is_open(job); // water in the row before the last, or all may change
    const bool open = above;
    look_ahead(job, -1, &all, what, &s->forecast[1]);
    for (ptrdiff_t j = 0; j <= ny; j++) {
        forecast_row *now = &s->forecast[j & 1], *before = &s->forecast[(j + 1) & 1];
        flux_row *y = &s->y[j & 1], *y_before = &s->y[(j + 1) & 1];
        look_ahead(job, j, &all, what, now);
        faces(t, false, j, &k, what, before, now, y);
        if (j == 0 || j == ny) {
            tell_ends(job, j, what.second, j == 0 ? now : before, y);
            borders_across(job, j, what.second, before, now, y);
        }
        if (j > 0 && (above || before->water || now->water)) {
            move_along(t, j - 1, &k, what, before, &s->x, y_before, y, &s->found);
        }
        if (j == ny) break;
        faces(t, true, j, &k, what, now, now, &s->x);
        tell_sides(job, j, what.second, now, &s->x);
        borders_aside(job, j, what.second, now, &s->x);
        above = open || before->water;
    }
}

static void gather(SELF(ct_tile) * t, const findings *found) {
    real wave = 0;
    for (size_t i = 0; i < t->nx; i++) wave = real_max(found->wave[i], wave);
    t->wave_ms = wave;
    t->wet = found->wet;
    t->arrived = found->arrived;
    t->wild = (uint32_t)found->wild;
}

static void move_tile(const SELF(ct_tile_job) * job) {
    scratch s;
    memset(&s, 0, sizeof s); // the findings; and padding must not be slow numbers
    const SELF(ct_tile) *t = job->tile;
    const int which = (job->order == 2 ? 4 : 0) + (t->crest_x ? 2 : 0) + (t->rough ? 1 : 0);
    switch (which) { // one loop for each, without a branch inside
    case 0: sweep(job, (kind){false, false, false}, &s); break;
    case 1: sweep(job, (kind){false, false, true}, &s); break;
    case 2: sweep(job, (kind){false, true, false}, &s); break;
    case 3: sweep(job, (kind){false, true, true}, &s); break;
    case 4: sweep(job, (kind){true, false, false}, &s); break;
    case 5: sweep(job, (kind){true, false, true}, &s); break;
    case 6: sweep(job, (kind){true, true, false}, &s); break;
    default: sweep(job, (kind){true, true, true}, &s); break;
    }
    gather(job->tile, &s.found);
}
