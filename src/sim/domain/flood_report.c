// From the engine's arrays back to the model: what the water did to buildings, roads and the
// community.
#include <math.h>

#include "sim/domain/flood_domain.h"

static void gather(ct_flood_reach *reach, double depth_m, double arrival_s) {
    if (depth_m > reach->max_depth_m) reach->max_depth_m = depth_m;
    if (!isnan(arrival_s) && !(arrival_s >= reach->arrival_s)) reach->arrival_s = arrival_s;
}

void ct_flood_domain_reach(ct_flood_reach *reach, const ct_flood_domain *domain,
                           const double *max_depth_m, const double *arrival_s) {
    const size_t nx = domain->shape.nx, ny = domain->shape.ny, n = nx * ny;
    for (size_t i = 0; i < domain->n_buildings; i++) reach[i] = (ct_flood_reach){0, NAN};
    for (size_t cell = 0; cell < n; cell++) {
        const int32_t building = domain->building[cell];
        if (building < 0) continue;
        const size_t row = cell / nx, col = cell % nx;
        const size_t around[4] = {cell - 1, cell + 1, cell - nx, cell + nx};
        const bool inside[4] = {col > 0, col + 1 < nx, row > 0, row + 1 < ny};
        for (int k = 0; k < 4; k++)
            if (inside[k] && !domain->blocked[around[k]])
                gather(&reach[building], max_depth_m[around[k]], arrival_s[around[k]]);
    }
}

// Length of a line that runs through cells with at least `depth_m`, walked in steps of a quarter
// cell.
static double wet_length_m(const ct_flood_domain *domain, const ct_geom *line,
                           const double *max_depth_m, double depth_m) {
    const ct_grid *g = &domain->shape;
    const int stride = ct_geom_stride(line);
    double wet = 0;
    uint32_t first = 0;
    for (uint32_t ring = 0; ring < line->n_rings; first = line->ring_end[ring++])
        for (uint32_t i = first; i + 1 < line->ring_end[ring]; i++) {
            const double *a = line->xyz + (size_t)i * stride, *b = a + stride;
            const double length = hypot(b[0] - a[0], b[1] - a[1]);
            const int steps = (int)ceil(length / (g->cell_m / 4));
            for (int k = 0; k < steps; k++) {
                const double t = (k + 0.5) / steps;
                const double col = floor((a[0] + t * (b[0] - a[0]) - g->west_m) / g->cell_m);
                const double row = floor((g->north_m - a[1] - t * (b[1] - a[1])) / g->cell_m);
                if (!(col >= 0 && row >= 0 && col < g->nx && row < g->ny)) continue;
                const size_t cell = (size_t)row * g->nx + (size_t)col;
                if (max_depth_m[cell] >= depth_m && domain->depth_m[cell] <= 0)
                    wet += length / steps;
            }
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
        volume_m += end_depth_m[i] - domain->depth_m[i];
        if (domain->depth_m[i] > 0) continue; // river and ponds
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
