// A surface of tiles for the number of this build: its making, its step, its reading. (No guard: a
// template.)
#include "sim/flood/surface/tiles.h" // first: what the others are about

#include "sim/flood/surface/halo.h"
#include "sim/flood/surface/soak.h"
#include "sim/flood/surface/walls.h"

static void surface_close(ct_surface *surface) {
    tiles *s = (tiles *)surface;
    for (size_t i = 0; s->tile && i < (size_t)s->across * s->down; i++) {
        ct_free(s->tile[i].block);
        free_walls(&s->tile[i]);
    }
    ct_free(s->tile);
    ct_free(s->rim_block);
    ct_free(s->borders);
    ct_free(s->list);
    ct_free(s);
}

static bool is_building(const ct_surface_params *p, place c) {
    return !c.inside || (p->blocked && p->blocked[c.cell]);
}

// The middle of the tile's beds, a multiple of the quantum.
static double datum_of(const tiles *s, const tile *t, const ct_surface_params *p) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (ptrdiff_t j = -CT_TILE_HALO; j < (ptrdiff_t)t->ny + CT_TILE_HALO; j++) {
        for (ptrdiff_t i = -CT_TILE_HALO; i < (ptrdiff_t)t->nx + CT_TILE_HALO; i++) {
            place c = place_of(s, t, j, i);
            if (is_building(p, c)) continue;
            low = fmin(low, p->z_m[c.cell]);
            high = fmax(high, p->z_m[c.cell]);
        }
    }
    if (low > high) return 0;
    return rint(0.5 * (low + high) / p->quantum_m) * p->quantum_m;
}

static void fill_cell(tile *t, const ct_surface_params *p, place c) {
    if (is_building(p, c)) {
        t->z[c.at] = R(CT_TILE_BLOCKED_M);
        return;
    }
    double depth_m = p->depth_m[c.cell];
    bool moves = depth_m > CT_FLOOD_DRY_M;
    t->z[c.at] = R(p->z_m[c.cell] - t->datum_m);
    t->gn2[c.at] = R(p->gn2[c.cell]);
    t->gain[c.at] = R(p->rain_gain[c.cell]);
    t->h[c.at] = R(depth_m);
    t->u[c.at] = moves ? R(p->u_ms[c.cell]) : 0;
    t->v[c.at] = moves ? R(p->v_ms[c.cell]) : 0;
    if (t->gn2[c.at] > 0) t->rough = true;
    if (t->gain[c.at] > 0) t->rains = true;
}

// The maxima's first entry, and whether the tile is wet.
static void begin_tile(tile *t) {
    for (ptrdiff_t j = 0; j < (ptrdiff_t)t->ny; j++) {
        for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++) {
            ptrdiff_t at = j * CT_TILE_STRIDE + i;
            real speed = real_sqrt(t->u[at] * t->u[at] + t->v[at] * t->v[at]);
            t->max_depth[at] = t->h[at];
            t->max_speed[at] = speed;
            t->max_rating[at] = t->h[at] > R(CT_FLOOD_DRY_M) ? t->h[at] * (speed + R(0.5)) : 0;
            if (t->h[at] > 0) t->wet = true;
        }
    }
    t->arrived = true; // look at all of it once
}

static bool fill_tile(tiles *s, uint32_t column, uint32_t row, const ct_surface_params *p) {
    tile *t = &s->tile[(size_t)row * s->across + column];
    t->x0 = column * CT_TILE_SIDE;
    t->y0 = row * CT_TILE_SIDE;
    t->nx = s->nx - t->x0 < CT_TILE_SIDE ? s->nx - t->x0 : CT_TILE_SIDE;
    t->ny = s->ny - t->y0 < CT_TILE_SIDE ? s->ny - t->y0 : CT_TILE_SIDE;
    if (!tile_new(t)) return false;
    t->datum_m = datum_of(s, t, p);
    for (ptrdiff_t j = -CT_TILE_HALO; j < (ptrdiff_t)t->ny + CT_TILE_HALO; j++) {
        for (ptrdiff_t i = -CT_TILE_HALO; i < (ptrdiff_t)t->nx + CT_TILE_HALO; i++) {
            fill_cell(t, p, place_of(s, t, j, i));
        }
    }
    go_on(s, t, true);
    begin_tile(t);
    return true;
}

static bool fill_rims(tiles *s, const ct_surface_params *p) {
    size_t total = 2 * ((size_t)s->nx + s->ny);
    real *at = s->rim_block = ct_calloc(total, 3 * sizeof *at + 1);
    if (!at) return false;
    uint8_t *told = (uint8_t *)(at + 3 * total);
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        size_t n = side <= CT_FLOOD_RIGHT ? s->ny : s->nx;
        s->rim[side] = (SELF(ct_rim)){told, at, at + n, at + 2 * n};
        if (p->told[side]) memcpy(told, p->told[side], n);
        told += n;
        at += 3 * n;
    }
    return true;
}

// What local steps need.
static bool make_borders(tiles *s) {
    const size_t count = (size_t)s->across * s->down;
    s->borders = ct_calloc(count, CT_FLOOD_SIDES * sizeof *s->borders);
    s->list = ct_calloc(count, sizeof *s->list);
    if (!s->borders || !s->list) return false;
    for (size_t i = 0; i < count; i++) s->tile[i].border = s->borders + CT_FLOOD_SIDES * i;
    return true;
}

static bool all_walls(const uint8_t *told, size_t n) {
    for (size_t k = 0; k < n; k++) {
        if (told[k] != CT_SURFACE_WALL) return false;
    }
    return true;
}

// Whether no cell has more than two faces that may pass something.
static bool is_narrow(const tiles *s) {
    const SELF(ct_rim) *rim = s->rim;
    bool row = s->ny == 1 && all_walls(rim[CT_FLOOD_TOP].told, s->nx) &&
               all_walls(rim[CT_FLOOD_BOTTOM].told, s->nx);
    bool column = s->nx == 1 && all_walls(rim[CT_FLOOD_LEFT].told, s->ny) &&
                  all_walls(rim[CT_FLOOD_RIGHT].told, s->ny);
    return row || column;
}

static bool surface_use_build(ct_surface *surface, int build) {
    tiles *s = (tiles *)surface;
    SELF(ct_tile_move) move = NULL;
    if (build == 0) move = SELF(ct_tile_move_reference);
    if (build == 1) move = SELF(ct_tile_move_plain);
#if defined(CT_FLOOD_ROWS_X86)
    if (build == 2 && __builtin_cpu_supports("avx2")) move = SELF(ct_tile_move_avx2);
    if (build == 3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        move = SELF(ct_tile_move_avx512);
    }
#endif
    if (move) s->move = move;
    return move != NULL;
}

static ct_err surface_open(ct_surface **out, const ct_surface_params *p, ct_pool *pool) {
    tiles *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->head.ops = &SELF(ct_surface_ops);
    s->nx = p->nx;
    s->ny = p->ny;
    s->cell_m = p->cell_m;
    s->order = p->order;
    s->pool = pool;
    s->across = (p->nx + CT_TILE_SIDE - 1) / CT_TILE_SIDE;
    s->down = (p->ny + CT_TILE_SIDE - 1) / CT_TILE_SIDE;
    s->tile = ct_calloc((size_t)s->across * s->down, sizeof *s->tile);
    bool ok = s->tile && fill_rims(s, p);
    for (uint32_t row = 0; ok && row < s->down; row++) {
        for (uint32_t column = 0; ok && column < s->across; column++) {
            ok = fill_tile(s, column, row, p);
        }
    }
    if (p->local_steps) ok = ok && make_borders(s);
    const ct_surface_walls walls = {p->z_m, p->blocked, p->sill_x, p->sill_y};
    ok = ok && surface_room_for_walls(&s->head, &walls) == CT_OK;
    if (ok) {
        set_walls(s, &walls);
        s->narrow = is_narrow(s);
    }
    for (int build = 3; ok && !surface_use_build(&s->head, build);) build--;
    if (!ok) {
        surface_close(&s->head);
        return CT_NOMEM;
    }
    *out = &s->head;
    return CT_OK;
}

static const tile *tile_at(const tiles *s, size_t cell, ptrdiff_t *at) {
    size_t x = cell % s->nx, y = cell / s->nx;
    *at = (ptrdiff_t)((y % CT_TILE_SIDE) * CT_TILE_STRIDE + x % CT_TILE_SIDE);
    return &s->tile[y / CT_TILE_SIDE * s->across + x / CT_TILE_SIDE];
}

#include "sim/flood/surface/source.h" // needs tile_at

static ct_surface_cell surface_look(const ct_surface *surface, size_t cell) {
    ptrdiff_t at;
    const tile *t = tile_at((const tiles *)surface, cell, &at);
    return (ct_surface_cell){(double)t->h[at], (double)t->u[at], (double)t->v[at]};
}

static double surface_outlet(const ct_surface *surface, size_t cell, double out_ms, double dt_s) {
    const tiles *s = (const tiles *)surface;
    ptrdiff_t at;
    const tile *t = tile_at(s, cell, &at);
    const step_constants k = constants_of(dt_s, s->cell_m, 0, s->narrow);
    return (double)outlet(t->h[at], R(out_ms), spare_of(t->h[at], t->u[at], t->v[at], &k));
}

static double surface_tell(ct_surface *surface, ct_flood_side side, size_t k, double mass,
                           double push, double cross) {
    const SELF(ct_rim) *rim = &((tiles *)surface)->rim[side];
    rim->mass[k] = R(mass);
    rim->push[k] = R(push);
    rim->cross[k] = R(cross);
    return (double)rim->mass[k];
}

// beyond: of each side; NULL = tiles of the same step.
static void move_by(const tiles *s, size_t index, double dt_s, double rain_m,
                    const SELF(ct_beyond) * beyond) {
    tile *t = &s->tile[index];
    SELF(ct_rim) rim[CT_FLOOD_SIDES];
    SELF(ct_tile_job)
    job = {.tile = t,
           .dt_s = dt_s,
           .cell_m = s->cell_m,
           .rain_m = rain_m,
           .order = s->order,
           .narrow = s->narrow};
    bool there[CT_FLOOD_SIDES] = {t->x0 == 0, t->x0 + t->nx == s->nx, t->y0 == 0,
                                  t->y0 + t->ny == s->ny};
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        if (beyond) job.beyond[side] = beyond[side];
        if (!there[side]) continue;
        size_t first = side <= CT_FLOOD_RIGHT ? t->y0 : t->x0;
        const SELF(ct_rim) *all = &s->rim[side];
        rim[side] = (SELF(ct_rim)){all->told + first, all->mass + first, all->push + first,
                                   all->cross + first};
        job.rim[side] = &rim[side];
    }
    s->move(&job);
}

static void move(void *context, size_t index) {
    const tiles *s = context;
    if (s->tile[index].active) move_by(s, index, s->dt_s, s->rain_m, NULL);
}

#include "sim/flood/surface/levels.h" // needs move_by

static size_t surface_active_tiles(const ct_surface *surface) {
    const tiles *s = (const tiles *)surface;
    size_t active = 0;
    for (size_t i = 0; i < (size_t)s->across * s->down; i++) active += s->tile[i].active;
    return active;
}

static uint64_t surface_tile_steps(const ct_surface *surface) {
    return ((const tiles *)surface)->tile_steps;
}

static ct_surface_found surface_step(ct_surface *surface, double dt_s, double rain_m) {
    tiles *s = (tiles *)surface;
    size_t count = (size_t)s->across * s->down;
    s->dt_s = dt_s;
    s->rain_m = rain_m;
    ct_pool_run(s->pool, count, exchange, s);
    ct_pool_run(s->pool, count, move, s);
    ct_surface_found found = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const tile *t = &s->tile[i];
        if (!t->active) continue;
        found.wave_ms = fmax(found.wave_ms, (double)t->wave_ms);
        found.wild += t->wild;
        s->tile_steps++;
    }
    return found;
}

static void surface_set_rain(ct_surface *surface, const double *gain, const uint16_t *zone,
                             const double *share) {
    tiles *s = (tiles *)surface;
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        tile *t = &s->tile[n];
        t->rains = false;
        for (uint32_t j = 0; j < t->ny; j++) {
            const size_t cell = (size_t)(t->y0 + j) * s->nx + t->x0;
            real *row = t->gain + (size_t)j * CT_TILE_STRIDE;
            for (uint32_t i = 0; i < t->nx; i++) {
                row[i] = R(gain[cell + i] * share[zone[cell + i]]);
                t->rains = t->rains || row[i] > 0;
            }
        }
    }
}

static void surface_arrivals(ct_surface *surface, double *arrival, double now_s) {
    tiles *s = (tiles *)surface;
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        tile *t = &s->tile[n];
        if (!t->arrived) continue;
        t->arrived = false;
        for (uint32_t j = 0; j < t->ny; j++) {
            double *row = arrival + (size_t)(t->y0 + j) * s->nx + t->x0;
            const real *deepest = t->max_depth + (size_t)j * CT_TILE_STRIDE;
            for (uint32_t i = 0; i < t->nx; i++) {
                if (deepest[i] > R(CT_FLOOD_ARRIVAL_M) && isnan(row[i])) row[i] = now_s;
            }
        }
    }
}

static void surface_read(const ct_surface *surface, ct_surface_array which, double *out) {
    const tiles *s = (const tiles *)surface;
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        const tile *t = &s->tile[n];
        const real *arrays[CT_SURFACE_ARRAYS] = {t->h,         t->u,         t->v,
                                                 t->max_depth, t->max_speed, t->max_rating};
        for (uint32_t j = 0; j < t->ny; j++) {
            size_t at = (size_t)j * CT_TILE_STRIDE;
            double *row = out + (size_t)(t->y0 + j) * s->nx + t->x0;
            const real *from = arrays[which] + at, *low = t->low + at;
            for (uint32_t i = 0; i < t->nx; i++) {
                row[i] = (double)from[i] + (which == CT_SURFACE_DEPTH ? (double)low[i] : 0);
            }
        }
    }
}

static size_t surface_pieces(const ct_surface *surface) {
    const tiles *s = (const tiles *)surface;
    return (size_t)s->across * s->down;
}

static void *surface_piece(const ct_surface *surface, size_t piece, size_t *bytes) {
    const tile *t = &((const tiles *)surface)->tile[piece];
    *bytes = CT_TILE_MOVING * array_of(t) * sizeof(real);
    return t->block;
}

static void surface_loaded(ct_surface *surface, const ct_surface_walls *walls) {
    tiles *s = (tiles *)surface;
    set_walls(s, walls);
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        tile *t = &s->tile[n];
        t->wet = t->arrived = false;
        for (ptrdiff_t j = 0; j < (ptrdiff_t)t->ny; j++) {
            for (ptrdiff_t i = 0; i < (ptrdiff_t)t->nx; i++) {
                if (t->h[j * CT_TILE_STRIDE + i] > 0) t->wet = true;
            }
        }
    }
}

const ct_surface_ops SELF(ct_surface_ops) = {
    .open = surface_open,
    .close = surface_close,
    .look = surface_look,
    .outlet = surface_outlet,
    .tell = surface_tell,
    .held = surface_held,
    .put = surface_put,
    .set_crest = surface_set_crest,
    .room_for_walls = surface_room_for_walls,
    .active_tiles = surface_active_tiles,
    .tile_steps = surface_tile_steps,
    .step = surface_step,
    .begin = surface_begin,
    .raise = surface_raise,
    .choose = surface_choose,
    .starts = surface_starts,
    .go = surface_go,
    .set_rain = surface_set_rain,
    .take_up = surface_take_up,
    .arrivals = surface_arrivals,
    .read = surface_read,
    .pieces = surface_pieces,
    .piece = surface_piece,
    .loaded = surface_loaded,
    .use_build = surface_use_build,
};
