// Heights of the bare ground.
#include "ground.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

#define CROSS_FALL   0.015 // of carriageways and footways
#define RELIEF_M     110.0 // side of the lattice of the gentle undulation
#define YARD_BLEND_M 4.0   // from the red line to the full height of the yards

ct_err sc_ground_init(sc_ground *out, const sc_plan *plan, const sc_world *world) {
    sc_ground g = {.plan = plan, .world = world};
    g.ponds = ct_calloc(SC_MAX_CUTS, sizeof *g.ponds);
    g.ramps = ct_calloc(SC_MAX_CUTS, sizeof *g.ramps);
    if (!g.ponds || !g.ramps) {
        sc_ground_fini(&g);
        return CT_NOMEM;
    }
    *out = g;
    return CT_OK;
}

void sc_ground_fini(sc_ground *ground) {
    ct_free(ground->ponds);
    ct_free(ground->ramps);
    memset(ground, 0, sizeof *ground);
}

ct_err sc_ground_add_pond(sc_ground *ground, const sc_pond *pond) {
    if (ground->n_ponds == SC_MAX_CUTS) return ct_fail(CT_LIMIT, "more than %d ponds", SC_MAX_CUTS);
    ground->ponds[ground->n_ponds++] = *pond;
    return CT_OK;
}

ct_err sc_ground_add_ramp(sc_ground *ground, const sc_ramp *ramp) {
    if (ground->n_ramps == SC_MAX_CUTS) return ct_fail(CT_LIMIT, "more than %d ramps", SC_MAX_CUTS);
    ground->ramps[ground->n_ramps++] = *ramp;
    return CT_OK;
}

static double smooth(double t) { // 0 to 1 with level ends
    t = fmin(1, fmax(0, t));
    return t * t * (3 - 2 * t);
}

static double lattice(const sc_world *w, int64_t i, int64_t j) {
    return 2 * ct_rng_unit((uint64_t)w->params->seed, (uint64_t)(i * 65536 + j), 0,
                           SC_DRAW_RELIEF) -
           1;
}

static double relief(const sc_ground *g, sc_point at) {
    double x = at.x / RELIEF_M, y = at.y / RELIEF_M;
    int64_t i = (int64_t)floor(x), j = (int64_t)floor(y);
    double s = smooth(x - (double)i), t = smooth(y - (double)j);
    double low = lattice(g->world, i, j) * (1 - s) + lattice(g->world, i + 1, j) * s;
    double high = lattice(g->world, i, j + 1) * (1 - s) + lattice(g->world, i + 1, j + 1) * s;
    return g->plan->params->ground.relief_m * (low * (1 - t) + high * t);
}

static double natural(const sc_ground *g, sc_point at) {
    const sc_params *p = g->plan->params;
    double foot = p->river.centre_m + p->river.width_m / 2 + p->dike.offset_m;
    return p->ground.inner_m + p->ground.fall_m * (at.y - foot) / (p->depth_m - foot) +
           relief(g, at);
}

// Distance from a column's or a row's street near the cell (column, row) of the grid.
static double street_distance(const sc_plan *plan, bool is_column, int index, int near,
                              sc_point at) {
    double best = INFINITY;
    int last = (is_column ? plan->n_rows : plan->n_columns) - 2;
    for (int k = near - 1; k <= near + 1; k++) {
        if (k < 0 || k > last) continue;
        sc_point a = is_column ? sc_plan_node(plan, index, k) : sc_plan_node(plan, k, index);
        sc_point b =
            is_column ? sc_plan_node(plan, index, k + 1) : sc_plan_node(plan, k + 1, index);
        best = fmin(best, sc_segment_distance(a, b, at));
    }
    return best;
}

static void grid_cell_of(const sc_plan *plan, sc_point at, int *column, int *row) {
    const sc_params *p = plan->params;
    int period = sc_plan_period(plan);
    double x = at.x - p->edge_m, period_m = sc_plan_period_m(plan);
    int community = (int)fmin(p->factor - 1, fmax(0, floor(x / period_m)));
    int i = 0, j = 0;
    x += p->columns[0].at_m - community * period_m;
    while (i < period - 1 && x > p->columns[i + 1].at_m) i++;
    while (j < plan->n_rows - 2 && at.y > p->rows[j + 1].at_m) j++;
    *column = community * period + i;
    *row = j;
}

// Height of streets and yards over the natural ground.
static double made_ground(const sc_ground *g, sc_point at) {
    const sc_plan *plan = g->plan;
    const sc_ground_params *gp = &plan->params->ground;
    int column, row;
    grid_cell_of(plan, at, &column, &row);
    double road = 0, outside = INFINITY, footway = INFINITY;
    int roads = 0;
    for (int k = 0; k < 4; k++) {
        bool is_column = k < 2;
        int index = (is_column ? column : row) + k % 2;
        const sc_axis *axis = is_column ? sc_plan_column(plan, index) : &plan->params->rows[index];
        double d = street_distance(plan, is_column, index, is_column ? row : column, at);
        double half = axis->carriageway_m / 2;
        if (d <= half) {
            road += CROSS_FALL * (half - d) - gp->kerb_m;
            roads++;
        }
        footway = fmin(footway, d - half);
        outside = fmin(outside, d - axis->red_line_m / 2);
    }
    if (roads) return road / roads;
    if (outside <= 0) return CROSS_FALL * footway;
    double edge = CROSS_FALL * 3;
    if (at.y < sc_plan_node(plan, column, 0).y)
        return fmax(-0.2, edge - 0.02 * outside); // verge of the canal
    return edge + (gp->lift_m - edge) * smooth(outside / YARD_BLEND_M);
}

// Shallow bowls, level out to half their radius.
static double hollows(const sc_ground *g, sc_point at) {
    const sc_plan *plan = g->plan;
    double depth = 0;
    for (int k = 0; k < plan->params->n_hollows; k++) {
        const sc_hollow *h = &plan->params->hollows[k];
        for (int c = 0; c < plan->params->factor; c++) {
            int column = c * sc_plan_period(plan) + h->column;
            const sc_frame *f = &plan->blocks[column * (plan->n_rows - 1) + h->row].frame;
            double r =
                sc_distance(at, sc_at(f, h->at[0] * f->width, h->at[1] * f->depth)) / h->radius_m;
            if (r < 1) depth += h->depth_m * smooth(2 * (1 - r));
        }
    }
    return depth;
}

// Ground between the river's far bank and the dike's inner foot; the inner ground is given.
static double river_section(const sc_params *p, sc_point at, double inner) {
    const double shore = sc_shore_y(p, at.x), bank_slope = 2.5, bed_slope = 3;
    double beyond = at.y - shore;                    // north of the northern shore
    double across = shore - p->river.width_m - at.y; // south of the southern one
    double wet = fmin(-beyond, -across);
    double z;
    if (wet > 0) {
        z = fmax(p->river.bed_m, p->river.level_m - wet / bed_slope);
    } else {
        double dry = fmax(beyond, across);
        z = fmin(p->river.bank_m + 0.01 * dry, p->river.level_m + dry / bank_slope);
        if (across > 16) z = fmin(p->dike.crest_m, z + (across - 16) / p->dike.slope); // far dike
    }
    double off = at.y - sc_dike_y(p, at.x);
    double dike = p->dike.crest_m - fmax(0, fabs(off) - p->dike.crest_width_m / 2) / p->dike.slope;
    if (off > 0) z = inner;
    return fmax(z, dike);
}

static double cut_canal(const sc_ground *g, sc_point at, double z) {
    const sc_params *p = g->plan->params;
    const sc_dike *d = &p->dike;
    double off = at.y - sc_dike_y(p, at.x);
    double side = fabs(off - d->canal_offset_m) - d->canal_bottom_m / 2;
    double slope = 2 * (p->ground.inner_m - d->canal_bed_m) / (d->canal_top_m - d->canal_bottom_m);
    z = fmin(z, d->canal_bed_m + fmax(0, side) * slope);
    double period_m = sc_plan_period_m(g->plan), x = at.x;
    while (x > d->sluice_at_m + period_m / 2) x -= period_m;
    if (fabs(x - d->sluice_at_m) > d->sluice_width_m / 2 || off > d->canal_offset_m ||
        at.y < sc_shore_y(p, at.x))
        return z;
    // the sluice: level through the dike, then falling to the river
    double shore = sc_shore_y(p, at.x), start = sc_dike_y(p, at.x) - sc_dike_toe_m(p);
    double t = fmin(1, fmax(0, (start - at.y) / (start - shore)));
    return fmin(z, d->sluice_sill_m + t * (p->river.level_m - 0.2 - d->sluice_sill_m));
}

static double cut_underpass(const sc_ground *g, sc_point at, double z) {
    const sc_plan *plan = g->plan;
    const sc_underpass *u = &plan->params->underpass;
    for (int c = 0; c < plan->params->factor; c++) {
        int column = c * sc_plan_period(plan) + u->column;
        sc_point node = sc_plan_node(plan, column, u->row);
        if (fabs(at.y - node.y) > u->ramp_m || fabs(at.x - node.x) > 60) continue;
        double off = street_distance(plan, true, column, u->row - (at.y < node.y), at);
        if (off > u->width_m / 2) continue;
        double along = sc_distance(at, node);
        return z - u->depth_m * (1 - smooth((along - 15) / (u->ramp_m - 15)));
    }
    return z;
}

static double cut_ponds(const sc_ground *g, sc_point at, double z) {
    for (int k = 0; k < g->n_ponds; k++) {
        const sc_pond *pond = &g->ponds[k];
        double p, q;
        sc_in(&p, &q, &pond->frame, at);
        double e = hypot(p / pond->half_p_m, q / pond->half_q_m);
        if (e > 1.4) continue;
        double reach =
            fmin(pond->half_p_m, pond->half_q_m) / 4; // bank and bed slope of one in four
        z = fmin(z, fmax(pond->bed_m, pond->level_m + (e - 1) * reach));
    }
    return z;
}

static double cut_ramps(const sc_ground *g, sc_point at, double z) {
    for (int k = 0; k < g->n_ramps; k++) {
        const sc_ramp *r = &g->ramps[k];
        double length = sc_distance(r->top, r->foot);
        double dx = (r->foot.x - r->top.x) / length, dy = (r->foot.y - r->top.y) / length;
        double along = (at.x - r->top.x) * dx + (at.y - r->top.y) * dy;
        double off = fabs((at.x - r->top.x) * dy - (at.y - r->top.y) * dx);
        if (along < 0 || along > length || off > r->width_m / 2) continue;
        double level = fmin(1, along / (length - 6)); // six level metres at the gate of the garage
        return r->crest_m + level * (r->foot_m - r->crest_m);
    }
    return z;
}

double sc_ground_z(const sc_ground *g, sc_point at) {
    const sc_params *p = g->plan->params;
    double z = natural(g, at) + made_ground(g, at) - hollows(g, at);
    if (at.y < sc_dike_y(p, at.x) + p->dike.canal_offset_m + p->dike.canal_top_m) {
        z = river_section(p, at, z);
        z = cut_canal(g, at, z);
    }
    z = cut_underpass(g, at, z);
    z = cut_ponds(g, at, z);
    return cut_ramps(g, at, z);
}

static void level_pad(ct_grid *grid, const sc_params *p, const sc_pad *pad) {
    sc_point low = pad->ring.at[0], high = low;
    for (int k = 1; k < pad->ring.n; k++) {
        low = (sc_point){fmin(low.x, pad->ring.at[k].x), fmin(low.y, pad->ring.at[k].y)};
        high = (sc_point){fmax(high.x, pad->ring.at[k].x), fmax(high.y, pad->ring.at[k].y)};
    }
    double west = grid->west_m - p->east_m, north = grid->north_m - p->north_m;
    int64_t c0 = (int64_t)floor((low.x - west) / grid->cell_m),
            c1 = (int64_t)ceil((high.x - west) / grid->cell_m);
    int64_t r0 = (int64_t)floor((north - high.y) / grid->cell_m),
            r1 = (int64_t)ceil((north - low.y) / grid->cell_m);
    for (int64_t r = r0 < 0 ? 0 : r0; r <= r1 && r < grid->ny; r++)
        for (int64_t c = c0 < 0 ? 0 : c0; c <= c1 && c < grid->nx; c++) {
            sc_point at = {west + ((double)c + 0.5) * grid->cell_m,
                           north - ((double)r + 0.5) * grid->cell_m};
            if (sc_ring_has(&pad->ring, at))
                grid->v[(size_t)r * grid->nx + (size_t)c] = (float)pad->level_m;
        }
}

ct_err sc_ground_raster(ct_grid *out, const sc_ground *ground, const sc_pad *pads, size_t n_pads) {
    const sc_params *p = ground->plan->params;
    const sc_ground_params *gp = &p->ground;
    ct_grid grid = {0};
    double west = -gp->margin_m, south = -gp->margin_m;
    uint32_t nx = (uint32_t)ceil((ground->plan->width_m + 2 * gp->margin_m) / gp->cell_m);
    uint32_t ny = (uint32_t)ceil((p->depth_m + 2 * gp->margin_m) / gp->cell_m);
    double north = south + ny * gp->cell_m;
    CT_TRY(ct_grid_new(&grid, nx, ny, p->east_m + west, p->north_m + north, gp->cell_m, 0));
    for (uint32_t r = 0; r < ny; r++)
        for (uint32_t c = 0; c < nx; c++) {
            sc_point at = {west + (c + 0.5) * gp->cell_m, north - (r + 0.5) * gp->cell_m};
            grid.v[(size_t)r * nx + c] = (float)(round(sc_ground_z(ground, at) * 1000) / 1000);
        }
    for (size_t k = 0; k < n_pads; k++) level_pad(&grid, p, &pads[k]);
    *out = grid;
    return CT_OK;
}
