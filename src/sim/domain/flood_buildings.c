// Buildings on the flood grid: blocked cells, and the open cell beside the wall where each roof
// cell's rain comes down.
#include <string.h>

#include "base/mem.h"
#include "sim/domain/flood_layers.h"

typedef struct build {
    const ct_layers *layers;
    size_t capacity;
} build;

static void block_cell(void *context, uint32_t row, uint32_t column) {
    ct_flood_domain *d = context;
    const size_t cell = (size_t)row * d->shape.nx + column;
    d->blocked[cell] = 1;
    d->building[cell] = (int32_t)d->n_buildings - 1;
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
    if (!building->id || !building->name || !building->name_zh) return CT_NOMEM;
    d->n_buildings++;
    return CT_OK;
}

static ct_err visit_building(void *context, const ct_feature *feature) {
    build *b = context;
    if (feature->geom.type == CT_GEOM_NONE) return CT_OK;
    if (ct_feature_number(feature, "storeys_above", 1) < 1) return CT_OK; // wholly underground
    CT_TRY(add_building(b, feature));
    return ct_grid_visit_polygon(&b->layers->domain->shape, &feature->geom, block_cell,
                                 b->layers->domain);
}

ct_err ct_domain__buildings(const ct_layers *layers) {
    build b = {layers, 0};
    return ct_merged_each(layers->reader, layers->edits,
                          ct_catalogue_by_name(layers->catalogue, "building"), visit_building, &b);
}

// Breadth first from all open cells into the blocks, in the order of the cells: each roof cell
// drains to the open cell that reaches it in the fewest steps.
ct_err ct_domain__roofs(const ct_layers *layers) {
    ct_flood_domain *d = layers->domain;
    const size_t nx = d->shape.nx, ny = d->shape.ny, n = nx * ny;
    size_t *queue = ct_alloc(n * sizeof *queue);
    if (!queue) return CT_NOMEM;
    size_t head = 0, tail = 0;
    for (size_t i = 0; i < n; i++) {
        if (d->blocked[i]) continue;
        const size_t row = i / nx, col = i % nx;
        const bool beside = (col > 0 && d->blocked[i - 1]) || (col + 1 < nx && d->blocked[i + 1]) ||
                            (row > 0 && d->blocked[i - nx]) || (row + 1 < ny && d->blocked[i + nx]);
        if (beside) queue[tail++] = i;
    }
    while (head < tail) {
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
    return CT_OK;
}
