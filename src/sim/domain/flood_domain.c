// Making the flood engine's arrays from terrain and features: the order of the work, and the ground
// itself.
#include "sim/domain/flood_domain.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "results/terrain.h"
#include "sim/domain/flood_layers.h"

const char *const ct_flood_domain_classes[] = {"building", "barrier", "green", "path",
                                               "road",     "water",   NULL};

static ct_err alloc_arrays(ct_flood_domain *d) {
    const size_t nx = d->shape.nx, ny = d->shape.ny, n = nx * ny, nfx = ny * (nx + 1),
                 nfy = (ny + 1) * nx;
    d->bed_m = ct_arena_alloc(d->arena, n * sizeof *d->bed_m);
    d->blocked = ct_arena_calloc(d->arena, n, sizeof *d->blocked);
    d->roof_receiver = ct_arena_alloc(d->arena, n * sizeof *d->roof_receiver);
    d->manning = ct_arena_alloc(d->arena, n * sizeof *d->manning);
    d->depth_m = ct_arena_calloc(d->arena, n, sizeof *d->depth_m);
    d->level_m = ct_arena_alloc(d->arena, n * sizeof *d->level_m);
    d->crest_x_m = ct_arena_alloc(d->arena, nfx * sizeof *d->crest_x_m);
    d->crest_y_m = ct_arena_alloc(d->arena, nfy * sizeof *d->crest_y_m);
    d->building = ct_arena_alloc(d->arena, n * sizeof *d->building);
    if (!d->bed_m || !d->blocked || !d->roof_receiver || !d->manning || !d->depth_m ||
        !d->level_m || !d->crest_x_m || !d->crest_y_m || !d->building)
        return CT_NOMEM;
    for (size_t i = 0; i < n; i++) d->roof_receiver[i] = -1;
    for (size_t i = 0; i < n; i++) d->building[i] = -1;
    for (size_t i = 0; i < n; i++) d->level_m[i] = NAN;
    for (size_t i = 0; i < nfx; i++) d->crest_x_m[i] = NAN;
    for (size_t i = 0; i < nfy; i++) d->crest_y_m[i] = NAN;
    return CT_OK;
}

// Before anything of that size is allocated. The cells' edges lie on multiples of cell_m, so there
// may be one row and column more than the box holds.
static ct_err check_size(const ct_bbox *box, double cell_m) {
    const double cells =
        ((box->max_x - box->min_x) / cell_m + 1) * ((box->max_y - box->min_y) / cell_m + 1);
    if (cells > CT_FLOOD_MAX_CELLS)
        return ct_fail(CT_LIMIT, "about %.0f cells of %g m are over %u: take larger cells", cells,
                       cell_m, CT_FLOOD_MAX_CELLS);
    return CT_OK;
}

// The ground on the engine's grid; cells without ground are blocked and get a bed that nothing
// reads but the checks.
static ct_err make_ground(ct_flood_domain *d, const ct_store *store, double cell_m) {
    char *folder = ct_store_file(store, "terrain");
    if (!folder) return CT_NOMEM;
    const char *crs = ct_store_crs(store)->code;
    ct_bbox box;
    ct_grid ground = {0};
    ct_err err = ct_terrain_bounds(&box, folder, crs);
    if (err == CT_OK) err = check_size(&box, cell_m);
    if (err == CT_OK) err = ct_terrain_read(&ground, folder, crs, &box, cell_m);
    ct_free(folder);
    CT_TRY(ct_context(err, "flood: the twin's ground"));
    d->shape = ground;
    d->shape.v = NULL;
    const size_t n = (size_t)ground.nx * ground.ny;
    err = alloc_arrays(d);
    for (size_t i = 0; err == CT_OK && i < n; i++) {
        if (isnan(ground.v[i])) d->blocked[i] = 1;
        d->bed_m[i] = d->blocked[i] ? 0.0 : (double)ground.v[i];
    }
    ct_grid_free(&ground);
    return err;
}

// Adds the k-th cell of a side to the edges. One run for cells beside each other of one kind and,
// to a tenth of a millimetre, one level.
static void add_edge_cell(ct_flood_domain *d, ct_flood_side side, uint32_t k, size_t cell) {
    const bool wet = d->depth_m[cell] > 0;
    const double level = wet ? d->level_m[cell] : 0;
    const ct_flood_edge_kind kind = wet ? CT_FLOOD_LEVEL : CT_FLOOD_OPEN;
    ct_flood_edge *last = d->n_edges ? &d->edges[d->n_edges - 1] : NULL;
    if (last && last->side == side && last->kind == kind && last->first + last->count == k &&
        (!wet || fabs(level - d->edge_levels_m[d->n_edges - 1]) < 1e-4)) {
        last->count++;
        return;
    }
    d->edge_levels_m[d->n_edges] = level;
    d->edges[d->n_edges] = (ct_flood_edge){side, k, 1, kind, {0, NULL, NULL}};
    if (wet)
        d->edges[d->n_edges].series =
            (ct_flood_series){1, &d->edge_time_s, &d->edge_levels_m[d->n_edges]};
    d->n_edges++;
}

// Water may leave over every edge; where water stands at the edge from the start, its level is
// held.
static ct_err make_edges(ct_flood_domain *d) {
    const uint32_t nx = d->shape.nx, ny = d->shape.ny;
    const size_t most = 2 * ((size_t)nx + ny);
    d->edges = ct_arena_calloc(d->arena, most, sizeof *d->edges);
    d->edge_levels_m = ct_arena_calloc(d->arena, most, sizeof *d->edge_levels_m);
    if (!d->edges || !d->edge_levels_m) return CT_NOMEM;
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        const bool vertical = side == CT_FLOOD_LEFT || side == CT_FLOOD_RIGHT;
        const uint32_t count = vertical ? ny : nx;
        for (uint32_t k = 0; k < count; k++) {
            const size_t row = vertical ? k : side == CT_FLOOD_TOP ? 0 : ny - 1;
            const size_t col = !vertical ? k : side == CT_FLOOD_LEFT ? 0 : nx - 1;
            add_edge_cell(d, (ct_flood_side)side, k, row * nx + col);
        }
    }
    return CT_OK;
}

ct_err ct_flood_domain_make(ct_flood_domain **out, ct_store *store, ct_reader *reader,
                            const ct_changeset *edits, const ct_flood_domain_options *options) {
    if (!(options->cell_m >= 0.5 && options->cell_m <= 100))
        return ct_fail(CT_RANGE, "flood: cell_m %g is outside 0.5..100", options->cell_m);
    ct_flood_domain *d = ct_calloc(1, sizeof *d);
    if (!d) return CT_NOMEM;
    d->arena = ct_arena_new(1 << 20, 0);
    ct_err err = d->arena ? CT_OK : CT_NOMEM;
    if (err == CT_OK && edits) err = ct_merged_check(reader, edits);
    if (err == CT_OK) err = make_ground(d, store, options->cell_m);
    const ct_layers layers = {d, ct_store_catalogue(store), reader, edits, options};
    if (err == CT_OK) err = ct_domain__buildings(&layers);
    if (err == CT_OK) err = ct_domain__roofs(&layers);
    if (err == CT_OK) err = ct_domain__cover(&layers);
    if (err == CT_OK) err = ct_domain__water(&layers);
    if (err == CT_OK) err = ct_domain__walls(&layers);
    if (err == CT_OK) err = ct_domain__survey(&layers);
    if (err == CT_OK) err = make_edges(d);
    if (err != CT_OK) {
        ct_flood_domain_free(d);
        return err;
    }
    *out = d;
    return CT_OK;
}

void ct_flood_domain_free(ct_flood_domain *domain) {
    if (!domain) return;
    ct_arena_free(domain->arena);
    ct_free(domain);
}

void ct_flood_domain_params(ct_flood_params *params, const ct_flood_domain *domain) {
    params->nx = domain->shape.nx;
    params->ny = domain->shape.ny;
    params->cell_m = domain->shape.cell_m;
    params->bed_m = domain->bed_m;
    params->level_m = domain->level_m;
    params->manning = domain->manning;
    params->soil = domain->soil;
    params->soils = domain->soils;
    params->soil_count = domain->soil ? CT_COVERS : 0;
    params->blocked = domain->blocked;
    params->roof_receiver = domain->roof_receiver;
    params->crest_x_m = domain->crest_x_m;
    params->crest_y_m = domain->crest_y_m;
    params->edges = domain->edges;
    params->edge_count = domain->n_edges;
}
