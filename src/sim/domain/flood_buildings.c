// Buildings on the flood grid: blocked cells, and the open cell beside the wall where each roof
// cell's rain comes down.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/domain/flood_layers.h"

typedef struct build {
    const ct_layers *layers;
    size_t capacity;
    size_t cells; // of the building in hand
    bool cut;     // one of them has no ground
} build;

static void block_cell(void *context, uint32_t row, uint32_t column) {
    build *b = context;
    ct_flood_domain *d = b->layers->domain;
    const size_t cell = (size_t)row * d->shape.nx + column;
    // Places without ground stay such: no roof of ours, no rain from it.
    if (d->blocked[cell] && d->building[cell] < 0) {
        b->cut = true;
        return;
    }
    d->blocked[cell] = 1;
    d->building[cell] = (int32_t)d->n_buildings - 1;
    b->cells++;
}

static ct_err add_building(build *b, const ct_feature *feature) {
    ct_flood_domain *d = b->layers->domain;
    if (d->n_buildings == b->capacity) {
        const size_t capacity = b->capacity ? 2 * b->capacity : 64;
        ct_flood_building *grown = ct_arena_alloc(d->arena, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (d->n_buildings) memcpy(grown, d->buildings, d->n_buildings * sizeof *grown);
        d->buildings = grown;
        b->capacity = capacity;
    }
    ct_flood_building *building = &d->buildings[d->n_buildings];
    building->id = ct_arena_strdup(d->arena, feature->id);
    building->name = ct_arena_strdup(d->arena, ct_feature_text(feature, "name", ""));
    building->name_zh = ct_arena_strdup(d->arena, ct_feature_text(feature, "name_zh", ""));
    building->residents = (int64_t)ct_feature_number(feature, "residents", 0);
    building->way = CT_FLOOD_WAY_CENTRE;
    building->cell = -1;
    double x, y;
    if (ct_geom_centroid(&x, &y, &feature->geom)) building->cell = ct_grid_cell_at(&d->shape, x, y);
    if (!building->id || !building->name || !building->name_zh) return CT_NOMEM;
    d->n_buildings++;
    return CT_OK;
}

static ct_err visit_building(void *context, const ct_feature *feature) {
    build *b = context;
    if (feature->geom.type == CT_GEOM_NONE) return CT_OK;
    if (ct_feature_number(feature, "storeys_above", 1) < 1) return CT_OK; // wholly underground
    ct_flood_domain *d = b->layers->domain;
    bool outside;
    CT_TRY(ct_domain__outside(&outside, d, feature));
    if (outside) return CT_OK;
    CT_TRY(add_building(b, feature));
    b->cut = false;
    b->cells = 0;
    CT_TRY(ct_grid_visit_polygon(&d->shape, &feature->geom, block_cell, b));
    const ct_bbox ground = ct_grid_bbox(&d->shape);
    ct_bbox box;
    const bool whole = ct_geom_bbox(&box, &feature->geom) && box.min_x >= ground.min_x &&
                       box.min_y >= ground.min_y && box.max_x <= ground.max_x &&
                       box.max_y <= ground.max_y;
    if (!whole || b->cut)
        CT_TRY(ct_domain__warn(d, CT_FLOOD_RULE_BUILDING_CUT, feature->id));
    else if (!b->cells)
        CT_TRY(ct_domain__warn(d, CT_FLOOD_RULE_BUILDING_SMALL, feature->id));
    return CT_OK;
}

ct_err ct_domain__buildings(const ct_layers *layers) {
    build b = {.layers = layers};
    return ct_merged_each(layers->reader, layers->edits,
                          ct_catalogue_by_name(layers->catalogue, "building"), visit_building, &b);
}

// Once all buildings are on the grid: a later one may have taken an earlier one's cells.
static void find_ways(ct_flood_domain *d) {
    const size_t nx = d->shape.nx, ny = d->shape.ny;
    for (size_t cell = 0; nx && cell < nx * ny; cell++) {
        if (d->building[cell] < 0) continue;
        const size_t row = cell / nx, col = cell % nx;
        const bool beside =
            (col > 0 && !d->blocked[cell - 1]) || (col + 1 < nx && !d->blocked[cell + 1]) ||
            (row > 0 && !d->blocked[cell - nx]) || (row + 1 < ny && !d->blocked[cell + nx]);
        const ct_flood_way way = beside ? CT_FLOOD_WAY_WALLS : CT_FLOOD_WAY_ROOF;
        ct_flood_building *b = &d->buildings[d->building[cell]];
        if (way > b->way) b->way = way;
    }
}

// Breadth first from all open cells into the blocks, in the order of the cells: each roof cell
// drains to the open cell that reaches it in the fewest steps.
ct_err ct_domain__roofs(const ct_layers *layers) {
    ct_flood_domain *d = layers->domain;
    const size_t nx = d->shape.nx, ny = d->shape.ny, n = nx * ny;
    size_t *queue = ct_alloc(n * sizeof *queue);
    if (!queue) return CT_NOMEM;
    size_t head = 0, tail = 0;
    for (size_t i = 0; nx && i < n; i++) {
        if (d->blocked[i]) continue;
        const size_t row = i / nx, col = i % nx;
        const bool beside = (col > 0 && d->blocked[i - 1]) || (col + 1 < nx && d->blocked[i + 1]) ||
                            (row > 0 && d->blocked[i - nx]) || (row + 1 < ny && d->blocked[i + nx]);
        if (beside) queue[tail++] = i;
    }
    while (nx && head < tail) {
        const size_t cell = queue[head++], row = cell / nx, col = cell % nx;
        const int64_t receiver = d->blocked[cell] ? d->roof_receiver[cell] : (int64_t)cell;
        const size_t around[4] = {cell - 1, cell + 1, cell - nx, cell + nx};
        const bool inside[4] = {col > 0, col + 1 < nx, row > 0, row + 1 < ny};
        for (int k = 0; k < 4; k++) {
            // Places without ground are blocked too, but no roof: rain there is outside the model.
            if (!inside[k] || d->building[around[k]] < 0 || d->roof_receiver[around[k]] >= 0)
                continue;
            d->roof_receiver[around[k]] = receiver;
            queue[tail++] = around[k];
        }
    }
    ct_free(queue);
    find_ways(d);
    return CT_OK;
}
