// The fast loops over a tile for the number and the instruction set of this build. (No guard: a
// template.)
//
// A tile goes by in one pass, row by row: the forecast of row j needs the old rows j - 1 to j + 1;
// then the fluxes between rows j - 1 and j; then row j - 1 moves, in place, since nobody needs its
// old state any more.
#include "sim/flood/surface/cell.h"

// The outputs never overlap the inputs.
#if defined(__clang__)
#define CT_FLOOD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
// Where it does not make vectors of a loop all the same, that loop is slower, not wrong.
#pragma clang diagnostic ignored "-Wpass-failed"
#else
#define CT_FLOOD_INDEPENDENT _Pragma("GCC ivdep")
#endif

// A row of forecasts; index CT_TILE_MARGIN is column 0.
typedef struct forecast_row {
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

// The largest of each column so far, and how many cells went wild.
typedef struct column_row {
    real depth[CT_TILE_SIDE], wave[CT_TILE_SIDE], wild[CT_TILE_SIDE], arrived[CT_TILE_SIDE];
} column_row;

typedef struct scratch {
    forecast_row forecast[2];
    flux_row x, y[2];
    column_row column;
} scratch;

CT_INLINE ptrdiff_t row_at(ptrdiff_t j) {
    return j * CT_TILE_STRIDE;
}

// Cells up to the next eight: a loop over whole vectors has no rest to do one by one. What is
// beyond is padding (layout.h) and not looked at.
CT_INLINE ptrdiff_t whole(ptrdiff_t n) {
    return (n + 7) & ~(ptrdiff_t)7;
}

// Columns -1 to nx of row j, and padding.
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

// Faces 0 to nx of row j, and padding; face i is the left side of cell i.
CT_INLINE void faces_along(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k, kind what,
                           const forecast_row *f, flux_row *out) {
    const ptrdiff_t at = row_at(j), m = CT_TILE_MARGIN, n = whole((ptrdiff_t)t->nx + 1);
    const real *h = t->h + at, *u = t->u + at, *v = t->v + at, *z = t->z + at;
    const real *crest = what.walled ? t->crest_x + at : t->crest_x;
    const step_constants c = *k;
    flux_row *restrict o = out;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t a = i - 1, fa = m + a, fb = m + i;
        face_side l = {h[a], u[a], v[a], 0, outlet(h[a], u[a], u[a], v[a], &c)};
        face_side r = {h[i], u[i], v[i], 0, outlet(h[i], -u[i], u[i], v[i], &c)};
        real step = z[i] - z[a];
        if (what.second) {
            l.h = f->h[fa] + f->hx[fa];
            l.normal = f->u[fa] + f->ux[fa];
            l.tangential = f->v[fa] + f->vx[fa];
            r.h = f->h[fb] - f->hx[fb];
            r.normal = f->u[fb] - f->ux[fb];
            r.tangential = f->v[fb] - f->vx[fb];
            step -= (f->ex[fa] - f->hx[fa]) + (f->ex[fb] - f->hx[fb]);
        }
        l.rise = real_max(step, R(0));
        if (what.walled) l.rise = real_max(l.rise, crest[i] - z[a]);
        r.rise = what.walled ? l.rise - step : real_max(-step, R(0));
        face_flux flux = face(l, r, c.cell);
        o->mass[m + i] = flux.mass;
        o->left[m + i] = flux.left;
        o->right[m + i] = flux.right;
        o->cross[m + i] = flux.cross;
    }
}

// The faces between rows j - 1 (upper) and j (lower).
CT_INLINE void faces_across(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k,
                            kind what, const forecast_row *upper, const forecast_row *lower,
                            flux_row *out) {
    const ptrdiff_t at = row_at(j), up = at - CT_TILE_STRIDE, m = CT_TILE_MARGIN, n = t->nx;
    const real *h = t->h, *u = t->u, *v = t->v, *z = t->z;
    const real *crest = t->crest_y;
    const step_constants c = *k;
    flux_row *restrict o = out;
    CT_FLOOD_INDEPENDENT
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t a = up + i, b = at + i, q = m + i;
        face_side l = {h[a], v[a], u[a], 0, outlet(h[a], v[a], u[a], v[a], &c)};
        face_side r = {h[b], v[b], u[b], 0, outlet(h[b], -v[b], u[b], v[b], &c)};
        real step = z[b] - z[a];
        if (what.second) {
            l.h = upper->h[q] + upper->hy[q];
            l.normal = upper->v[q] + upper->vy[q];
            l.tangential = upper->u[q] + upper->uy[q];
            r.h = lower->h[q] - lower->hy[q];
            r.normal = lower->v[q] - lower->vy[q];
            r.tangential = lower->u[q] - lower->uy[q];
            step -= (upper->ey[q] - upper->hy[q]) + (lower->ey[q] - lower->hy[q]);
        }
        l.rise = real_max(step, R(0));
        if (what.walled) l.rise = real_max(l.rise, crest[b] - z[a]);
        r.rise = what.walled ? l.rise - step : real_max(-step, R(0));
        face_flux flux = face(l, r, c.cell);
        o->mass[q] = flux.mass;
        o->left[q] = flux.left;
        o->right[q] = flux.right;
        o->cross[q] = flux.cross;
    }
}

CT_INLINE face_flux flux_at(const flux_row *row, ptrdiff_t i) {
    return (face_flux){row->mass[i], row->left[i], row->right[i], row->cross[i]};
}

CT_INLINE void move_along(const SELF(ct_tile) * t, ptrdiff_t j, const step_constants *k, kind what,
                          const forecast_row *f, const flux_row *x, const flux_row *north,
                          const flux_row *south, column_row *column) {
    const real g2 = R(2 * CT_FLOOD_GRAVITY), arrival = R(CT_FLOOD_ARRIVAL_M);
    const ptrdiff_t at = row_at(j), m = CT_TILE_MARGIN, n = t->nx;
    real *restrict h = t->h + at, *restrict low = t->low + at;
    real *restrict u = t->u + at, *restrict v = t->v + at;
    const real *gn2 = t->gn2 + at, *gain = t->gain + at, *z = t->z + at;
    real *restrict deepest = t->max_depth + at, *restrict fastest = t->max_speed + at;
    real *restrict rating = t->max_rating + at;
    column_row *restrict o = column;
    const step_constants c = *k;
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
        o->arrived[i] = b.h > arrival && deepest[i] <= arrival ? R(1) : o->arrived[i];
        deepest[i] = real_max(b.h, deepest[i]);
        fastest[i] = real_max(b.speed, fastest[i]);
        rating[i] = real_max(b.h > R(CT_FLOOD_DRY_M) ? b.h * (b.speed + R(0.5)) : R(0), rating[i]);
        o->depth[i] = real_max(b.h, o->depth[i]);
        o->wave[i] = real_max(b.wave, o->wave[i]);
        o->wild[i] += b.wild;
    }
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

CT_INLINE void sweep(const SELF(ct_tile_job) * job, kind what, scratch *s) {
    const SELF(ct_tile) *t = job->tile;
    const step_constants k = constants_of(job->dt_s, job->cell_m, job->rain_m, job->narrow);
    const ptrdiff_t ny = t->ny;
    if (what.second) forecast_along(t, -1, &k, what, &s->forecast[1]);
    for (ptrdiff_t j = 0; j <= ny; j++) {
        forecast_row *now = &s->forecast[j & 1], *before = &s->forecast[(j + 1) & 1];
        flux_row *y = &s->y[j & 1], *y_before = &s->y[(j + 1) & 1];
        if (what.second) forecast_along(t, j, &k, what, now);
        faces_across(t, j, &k, what, before, now, y);
        if (j == 0 || j == ny) tell_ends(job, j, what.second, j == 0 ? now : before, y);
        if (j > 0) move_along(t, j - 1, &k, what, before, &s->x, y_before, y, &s->column);
        if (j == ny) break;
        faces_along(t, j, &k, what, now, &s->x);
        tell_sides(job, j, what.second, now, &s->x);
    }
}

static void gather(SELF(ct_tile) * t, const column_row *column) {
    real deep = 0, wave = 0, wild = 0, arrived = 0;
    for (size_t i = 0; i < t->nx; i++) {
        deep = real_max(column->depth[i], deep);
        wave = real_max(column->wave[i], wave);
        wild += column->wild[i];
        arrived = real_max(column->arrived[i], arrived);
    }
    t->wet = deep > 0;
    t->wave_ms = wave;
    t->wild = (uint32_t)wild;
    t->arrived = arrived > 0;
}

static void move_tile(const SELF(ct_tile_job) * job) {
    scratch s;
    memset(&s, 0, sizeof s); // the columns; and padding must not be slow numbers
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
    gather(job->tile, &s.column);
}
