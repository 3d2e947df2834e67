// Making and unmaking a state from checked parameters.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/flood/state.h"

const char *const ct_flood_scheme_words[] = {"first_order", "second_order", NULL};
const char *const ct_flood_precision_words[] = {"double", "single", NULL};

void ct_flood_params_init(ct_flood_params *params) {
    *params = (ct_flood_params){
        .threads = 1, .scheme = CT_FLOOD_SECOND_ORDER, .precision = CT_FLOOD_SINGLE};
}

double ct_flood__round_height(const ct_flood *flood, double v) {
    return rint(v / flood->quantum_m) * flood->quantum_m; // a power of two: exact
}

double ct_flood__sill(const ct_flood *flood, double z_a, double z_b, double crest) {
    double sill = fmax(z_a, z_b);
    return isnan(crest) ? sill : fmax(sill, ct_flood__round_height(flood, crest));
}

static double *doubles(size_t n) {
    double *block = ct_alloc_aligned(64, n * sizeof *block);
    if (block) memset(block, 0, n * sizeof *block);
    return block;
}

static bool cells_new(ct_flood__cells *cells, size_t n) {
    cells->h = doubles(n);
    cells->u = doubles(n);
    cells->v = doubles(n);
    return cells->h && cells->u && cells->v;
}

static bool allocate_arrays(ct_flood *f, const ct_flood_params *p) {
    size_t n = f->cells, faces = n + (f->nx > f->ny ? f->nx : f->ny);
    bool ok = cells_new(&f->now, n);
    ok = ok && (f->z = doubles(n)) && (f->gn2 = doubles(n));
    ok = ok && (f->sill_x = doubles(faces)) && (f->sill_y = doubles(faces));
    ok = ok && (f->max_depth = doubles(n)) && (f->max_speed = doubles(n));
    ok = ok && (f->max_hazard = doubles(n)) && (f->arrival = doubles(n));
    ok = ok && (!p->debris_factor || (f->debris = doubles(n)));
    ok = ok && (!p->blocked || (f->blocked = ct_alloc(n)));
    ok = ok && (f->blocks = ct_calloc(ct_sum_blocks(n), sizeof *f->blocks));
    for (int s = 0; s < CT_FLOOD_SIDES && ok; s++) {
        ct_flood__rim *rim = &f->rim[s];
        rim->n = s <= CT_FLOOD_RIGHT ? f->ny : f->nx;
        rim->edge = ct_calloc(rim->n, sizeof *rim->edge);
        rim->flux = ct_calloc(rim->n, sizeof *rim->flux);
        ok = rim->edge && rim->flux;
    }
    return ok;
}

static bool is_blocked(const ct_flood *f, size_t cell) {
    return f->blocked && f->blocked[cell];
}

// What was asked for, before anything is put on the quantum.
static void fill_depths(ct_flood *f, const ct_flood_params *p) {
    if (p->depth_m) memcpy(f->now.h, p->depth_m, f->cells * sizeof *f->now.h);
    for (size_t i = 0; p->level_m && i < f->cells; i++) {
        f->now.h[i] = is_blocked(f, i) ? 0 : fmax(0, p->level_m[i] - p->bed_m[i]); // NaN: dry
    }
}

// In single precision the surface is put on the quantum however it was told, so that a lake is
// level to the bit.
static double first_depth_m(const ct_flood *f, const ct_flood_params *p, size_t cell) {
    const double depth_m = f->now.h[cell];
    if (depth_m == 0) return 0;
    if (p->level_m) return fmax(0, ct_flood__round_height(f, p->level_m[cell]) - f->z[cell]);
    if (f->precision != CT_FLOOD_SINGLE) return depth_m;
    return fmax(0, ct_flood__round_height(f, p->bed_m[cell] + depth_m) - f->z[cell]);
}

static void fill_cells(ct_flood *f, const ct_flood_params *p) {
    size_t n = f->cells;
    for (size_t i = 0; i < n; i++) {
        double manning = p->manning ? p->manning[i] : p->manning_uniform;
        f->z[i] = ct_flood__round_height(f, p->bed_m[i]);
        f->gn2[i] = CT_FLOOD_GRAVITY * manning * manning;
        double h = first_depth_m(f, p, i);
        f->now.h[i] = h;
        f->now.u[i] = p->velocity_x_ms && h > CT_FLOOD_DRY_M ? p->velocity_x_ms[i] : 0;
        f->now.v[i] = p->velocity_y_ms && h > CT_FLOOD_DRY_M ? p->velocity_y_ms[i] : 0;
        f->arrival[i] = (double)NAN;
    }
    if (p->debris_factor) memcpy(f->debris, p->debris_factor, n * sizeof *f->debris);
}

static void fill_rim_sills(ct_flood *f, const ct_flood_params *p) {
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        const double *crests = s <= CT_FLOOD_RIGHT ? p->crest_x_m : p->crest_y_m;
        double *sills = s <= CT_FLOOD_RIGHT ? f->sill_x : f->sill_y;
        for (size_t k = 0; k < f->rim[s].n; k++) {
            size_t cell = ct_flood__rim_cell(f, (ct_flood_side)s, k);
            size_t face = ct_flood__rim_face(f, (ct_flood_side)s, k);
            bool closed = f->rim[s].edge[k] < 0 || is_blocked(f, cell);
            double crest = crests ? crests[face] : (double)NAN;
            sills[face] = closed ? HUGE_VAL : ct_flood__sill(f, f->z[cell], f->z[cell], crest);
        }
    }
}

static void fill_sills(ct_flood *f, const ct_flood_params *p) {
    size_t nx = f->nx, ny = f->ny;
    for (size_t j = 0; j < ny; j++) {
        for (size_t i = 1; i < nx; i++) {
            size_t face = j * (nx + 1) + i, b = j * nx + i, a = b - 1;
            double crest = p->crest_x_m ? p->crest_x_m[face] : (double)NAN;
            bool closed = is_blocked(f, a) || is_blocked(f, b);
            f->sill_x[face] = closed ? HUGE_VAL : ct_flood__sill(f, f->z[a], f->z[b], crest);
        }
    }
    for (size_t j = 1; j < ny; j++) {
        for (size_t i = 0; i < nx; i++) {
            size_t b = j * nx + i, a = b - nx;
            double crest = p->crest_y_m ? p->crest_y_m[b] : (double)NAN;
            bool closed = is_blocked(f, a) || is_blocked(f, b);
            f->sill_y[b] = closed ? HUGE_VAL : ct_flood__sill(f, f->z[a], f->z[b], crest);
        }
    }
    fill_rim_sills(f, p);
}

static ct_err fill_edges(ct_flood *f, const ct_flood_params *p) {
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        for (size_t k = 0; k < f->rim[s].n; k++) f->rim[s].edge[k] = -1;
    }
    f->edges = ct_calloc(p->edge_count ? p->edge_count : 1, sizeof *f->edges);
    if (!f->edges) return CT_NOMEM;
    f->edge_count = p->edge_count;
    for (size_t e = 0; e < p->edge_count; e++) {
        const ct_flood_edge *in = &p->edges[e];
        ct_flood__edge *out = &f->edges[e];
        *out = (ct_flood__edge){in->side, in->first, in->count, in->kind, {0}, (double)NAN, 0, 0};
        CT_TRY(ct_curve_copy(&out->series, in->series.time_s, in->series.value, in->series.count));
        if (in->kind == CT_FLOOD_CLOSED) continue;
        for (size_t k = in->first; k < (size_t)in->first + in->count; k++) {
            f->rim[in->side].edge[k] = (int32_t)e;
            if (!is_blocked(f, ct_flood__rim_cell(f, in->side, k))) out->width_m += f->cell_m;
        }
    }
    return CT_OK;
}

static ct_surface_told told_of(const ct_flood *f, ct_flood_side side, size_t k) {
    int32_t edge = f->rim[side].edge[k];
    if (edge < 0 || is_blocked(f, ct_flood__rim_cell(f, side, k))) return CT_SURFACE_WALL;
    return f->edges[edge].kind == CT_FLOOD_OPEN ? CT_SURFACE_GOES_ON : CT_SURFACE_TOLD;
}

// Hands the state over to a surface.
static ct_err make_surface(ct_flood *f, const ct_flood_params *p) {
    size_t total = 2 * ((size_t)f->nx + f->ny);
    uint8_t *told = ct_calloc(total, 1);
    if (!told) return CT_NOMEM;
    ct_surface_params made = {.nx = f->nx,
                              .ny = f->ny,
                              .cell_m = f->cell_m,
                              .quantum_m = f->quantum_m,
                              .order = p->scheme == CT_FLOOD_SECOND_ORDER ? 2 : 1,
                              .single = p->precision == CT_FLOOD_SINGLE,
                              .local_steps = p->local_steps,
                              .z_m = f->z,
                              .blocked = f->blocked,
                              .depth_m = f->now.h,
                              .u_ms = f->now.u,
                              .v_ms = f->now.v,
                              .gn2 = f->gn2,
                              .rain_gain = f->rain.gain,
                              .sill_x = f->sill_x,
                              .sill_y = f->sill_y};
    uint8_t *at = told;
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        made.told[s] = at;
        for (size_t k = 0; k < f->rim[s].n; k++) *at++ = (uint8_t)told_of(f, (ct_flood_side)s, k);
    }
    ct_err err = ct_surface_open(&f->surface, &made, f->pool);
    ct_free(told);
    if (err == CT_OK) ct_flood__surface_read(f);
    return err;
}

// The fastest wave of the initial state, and the first entry of the maxima.
static void begin(ct_flood *f) {
    double wave = fmax(CT_FLOOD__WAVE_FLOOR_MS, ct_flood__edges_wave(f, f->time_s));
    for (size_t i = 0; i < f->cells; i++) {
        double speed = fmax(fabs(f->now.u[i]), fabs(f->now.v[i]));
        wave = fmax(wave, speed + sqrt(CT_FLOOD_GRAVITY * f->now.h[i]));
    }
    f->wave_ms = ct_flood__sources_wave(f, f->time_s, wave);
    ct_surface_arrivals(f->surface, f->arrival, f->time_s);
    f->initial_m3 = ct_sum_array(f->pool, f->now.h, f->cells, f->blocks) * f->cell_m * f->cell_m;
}

ct_err ct_flood_open(ct_flood **out, const ct_flood_params *params) {
    CT_TRY(ct_flood__check(params));
    ct_err err = CT_NOMEM;
    ct_flood *f = ct_calloc(1, sizeof *f);
    if (!f) return CT_NOMEM;
    f->nx = params->nx;
    f->ny = params->ny;
    f->cells = (size_t)params->nx * params->ny;
    f->cell_m = params->cell_m;
    f->scheme = params->scheme;
    f->precision = params->precision;
    f->local_steps = params->local_steps;
    f->cfl = params->cfl > 0 ? params->cfl : 0.45;
    f->time_s = params->start_s;
    f->pool = ct_pool_new(params->threads);
    if (!f->pool || !allocate_arrays(f, params)) goto done;
    if (params->blocked) memcpy(f->blocked, params->blocked, f->cells);
    fill_depths(f, params);
    f->quantum_m = ct_surface_quantum_m(params->nx, params->ny, params->bed_m, f->blocked, f->now.h,
                                        params->precision == CT_FLOOD_SINGLE);
    fill_cells(f, params);
    err = fill_edges(f, params);
    if (err != CT_OK) goto done;
    err = ct_flood__rain_open(&f->rain, params);
    if (err != CT_OK) goto done;
    err = ct_flood__soak_open(f, params);
    if (err != CT_OK) goto done;
    err = ct_flood__sources_fill(f, params);
    if (err != CT_OK) goto done;
    fill_sills(f, params);
    err = make_surface(f, params);
    if (err != CT_OK) goto done;
    begin(f);
    ct_flood__identify(f);
    *out = f;
    f = NULL;
done:
    ct_flood_close(f);
    return err;
}

static void cells_free(ct_flood__cells *cells) {
    ct_free(cells->h);
    ct_free(cells->u);
    ct_free(cells->v);
}

void ct_flood_close(ct_flood *flood) {
    if (!flood) return;
    ct_surface_close(flood->surface);
    ct_pool_free(flood->pool);
    cells_free(&flood->now);
    double *arrays[] = {flood->z,         flood->sill_x,     flood->sill_y,
                        flood->gn2,       flood->debris,     flood->max_depth,
                        flood->max_speed, flood->max_hazard, flood->arrival};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) ct_free(arrays[i]);
    ct_free(flood->blocked);
    ct_free(flood->blocks);
    for (int s = 0; s < CT_FLOOD_SIDES; s++) {
        ct_free(flood->rim[s].edge);
        ct_free(flood->rim[s].flux);
    }
    for (size_t e = 0; e < flood->edge_count; e++) ct_curve_free(&flood->edges[e].series);
    ct_free(flood->edges);
    ct_flood__sources_free(flood);
    ct_flood__rain_free(&flood->rain);
    ct_free(flood->soil);
    ct_free(flood->soils);
    ct_free(flood->taken_m);
    ct_free(flood->fallen_m);
    ct_free(flood);
}
