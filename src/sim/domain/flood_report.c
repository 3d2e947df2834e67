// From the engine's arrays back to the model: what the water did to buildings, roads and the
// community.
#include <math.h>

#include "sim/domain/flood_domain.h"

typedef struct gathering {
    ct_flood_reach *reach;
    const ct_flood_domain *domain;
    const double *max_depth_m, *arrival_s;
} gathering;

// What happened in an open cell beside the building.
static void gather(const gathering *g, size_t building, size_t cell) {
    ct_flood_reach *r = &g->reach[building];
    if (g->domain->depth_m[cell] > 0) return; // the river at its wall
    if (g->max_depth_m[cell] > r->max_depth_m) r->max_depth_m = g->max_depth_m[cell];
    if (!isnan(g->arrival_s[cell]) && !(g->arrival_s[cell] >= r->arrival_s))
        r->arrival_s = g->arrival_s[cell];
}

static void gather_around(const gathering *g, size_t building, size_t cell) {
    const ct_flood_domain *d = g->domain;
    const size_t nx = d->shape.nx, ny = d->shape.ny, row = cell / nx, col = cell % nx;
    const size_t around[4] = {cell - 1, cell + 1, cell - nx, cell + nx};
    const bool inside[4] = {col > 0, col + 1 < nx, row > 0, row + 1 < ny};
    for (int k = 0; k < 4; k++)
        if (inside[k] && !d->blocked[around[k]]) gather(g, building, around[k]);
}

void ct_flood_domain_reach(ct_flood_reach *reach, const ct_flood_domain *domain,
                           const double *max_depth_m, const double *arrival_s) {
    const gathering g = {reach, domain, max_depth_m, arrival_s};
    const size_t n = (size_t)domain->shape.nx * domain->shape.ny;
    for (size_t b = 0; b < domain->n_buildings; b++) {
        reach[b] = (ct_flood_reach){0, NAN};
        const int64_t cell = domain->buildings[b].cell;
        if (domain->buildings[b].way != CT_FLOOD_WAY_CENTRE || cell < 0) continue;
        const int64_t open = domain->blocked[cell] ? domain->roof_receiver[cell] : cell;
        if (open >= 0) gather(&g, b, (size_t)open);
    }
    for (size_t cell = 0; cell < n; cell++) {
        const int32_t b = domain->building[cell];
        if (b < 0) continue;
        if (domain->buildings[b].way == CT_FLOOD_WAY_WALLS)
            gather_around(&g, (size_t)b, cell);
        else if (domain->roof_receiver[cell] >= 0)
            gather(&g, (size_t)b, (size_t)domain->roof_receiver[cell]);
    }
}

// The part [*from, *to] of a-b (0 at a, 1 at b) inside the box; false if none. Liang, Barsky 1984.
static bool part_inside(double *from, double *to, const ct_bbox *box, const double *a,
                        const double *b) {
    const double low[2] = {box->min_x, box->min_y}, high[2] = {box->max_x, box->max_y};
    *from = 0;
    *to = 1;
    for (int k = 0; k < 2; k++) {
        const double d = b[k] - a[k];
        if (d == 0) {
            if (a[k] < low[k] || a[k] > high[k]) return false;
            continue;
        }
        const double t0 = (low[k] - a[k]) / d, t1 = (high[k] - a[k]) / d;
        *from = fmax(*from, fmin(t0, t1));
        *to = fmin(*to, fmax(t0, t1));
    }
    return *from < *to;
}

// Where a segment crosses the lines between the cells of one axis, in its order; a + t d in cells.
typedef struct crossings {
    double first, step; // t
    double count, next;
} crossings;

static crossings cross_lines(double a, double d, double from, double to) {
    const double start = a + from * d, end = a + to * d;
    crossings c = {.step = 1 / fabs(d)};
    if (d > 0) {
        c.count = ceil(end) - floor(start) - 1;
        c.first = (floor(start) + 1 - a) / d;
    } else if (d < 0) {
        c.count = ceil(start) - floor(end) - 1;
        c.first = (ceil(start) - 1 - a) / d;
    }
    return c;
}

static double next_crossing(const crossings *c) {
    return c->next < c->count ? c->first + c->next * c->step : (double)INFINITY;
}

// Length of a segment inside cells that were dry at the start and came under at least `depth_m`.
static double wet_part_m(const ct_flood_domain *domain, const double *a, const double *b,
                         const double *max_depth_m, double depth_m) {
    const ct_grid *g = &domain->shape;
    const ct_bbox box = ct_grid_bbox(g);
    double from, to, wet = 0;
    if (!part_inside(&from, &to, &box, a, b)) return 0;
    const double x = (a[0] - g->west_m) / g->cell_m, dx = (b[0] - a[0]) / g->cell_m;
    const double y = (g->north_m - a[1]) / g->cell_m, dy = (a[1] - b[1]) / g->cell_m;
    crossings columns = cross_lines(x, dx, from, to), rows = cross_lines(y, dy, from, to);
    for (double t = from; t < to;) {
        const double tc = next_crossing(&columns), tr = next_crossing(&rows);
        const double end = fmin(fmin(tc, tr), to), middle = (t + fmax(end, t)) / 2;
        if (end < to && end == tc) columns.next++;
        if (end < to && end == tr) rows.next++;
        const double col = floor(x + middle * dx), row = floor(y + middle * dy);
        const double part = end - t;
        t = end >= to ? to : fmax(t, end);
        if (!(part > 0 && col >= 0 && row >= 0 && col < g->nx && row < g->ny)) continue;
        const size_t cell = (size_t)row * g->nx + (size_t)col;
        if (max_depth_m[cell] >= depth_m && !(domain->depth_m[cell] > 0)) wet += part;
    }
    return wet * g->cell_m * hypot(dx, dy);
}

static double wet_length_m(const ct_flood_domain *domain, const ct_geom *line,
                           const double *max_depth_m, double depth_m) {
    const int stride = ct_geom_stride(line);
    double wet = 0;
    uint32_t first = 0;
    for (uint32_t ring = 0; ring < line->n_rings; first = line->ring_end[ring++])
        for (uint32_t i = first; i + 1 < line->ring_end[ring]; i++) {
            const double *a = line->xyz + (size_t)i * stride;
            wet += wet_part_m(domain, a, a + stride, max_depth_m, depth_m);
        }
    return wet;
}

void ct_flood_domain_indicators(ct_flood_indicators *out, const ct_flood_domain *domain,
                                const ct_flood_reach *reach, const double *max_depth_m,
                                const double *end_depth_m) {
    const size_t n = (size_t)domain->shape.nx * domain->shape.ny;
    const double cell_m2 = domain->shape.cell_m * domain->shape.cell_m;
    ct_flood_indicators sum = {0};
    size_t flooded = 0;
    double depths = 0, volume_m = 0;
    for (size_t i = 0; i < n; i++) {
        if (domain->blocked[i]) continue;
        if (domain->depth_m[i] > 0) continue; // river and ponds
        volume_m += end_depth_m[i];
        if (max_depth_m[i] > sum.max_depth_m) sum.max_depth_m = max_depth_m[i];
        if (max_depth_m[i] < CT_FLOOD_FLOODED_M) continue;
        flooded++;
        depths += max_depth_m[i];
    }
    sum.flooded_area_m2 = (double)flooded * cell_m2;
    sum.mean_depth_m = flooded ? depths / (double)flooded : 0;
    sum.water_volume_m3 = volume_m * cell_m2;
    for (size_t i = 0; i < domain->n_buildings; i++)
        if (reach[i].max_depth_m >= CT_FLOOD_REACHED_M) {
            sum.buildings_reached++;
            sum.residents_reached += domain->buildings[i].residents;
        }
    for (size_t i = 0; i < domain->n_roads; i++)
        sum.roads_closed_m +=
            wet_length_m(domain, &domain->roads[i], max_depth_m, CT_FLOOD_CLOSED_M);
    *out = sum;
}
