// What covers the ground: Manning's roughness by lawn, road, path and water; standing water; the
// roads' centre lines.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "sim/domain/flood_layers.h"

typedef struct paint {
    const ct_layers *layers;
    double manning; // painted by the cover in hand
    uint8_t soil;   // likewise
    double default_width_m;
    bool keep_lines;
    size_t capacity;
    ct_arena *scratch;
} paint;

static void paint_cell(void *context, uint32_t row, uint32_t column) {
    const paint *p = context;
    ct_flood_domain *d = p->layers->domain;
    const size_t cell = (size_t)row * d->shape.nx + column;
    d->manning[cell] = p->manning;
    if (d->soil) d->soil[cell] = p->soil;
}

static ct_err visit_area(void *context, const ct_feature *feature) {
    paint *p = context;
    if (feature->geom.type != CT_GEOM_NONE)
        CT_TRY(ct_grid_visit_polygon(&p->layers->domain->shape, &feature->geom, paint_cell, p));
    return CT_OK;
}

static ct_err keep_line(paint *p, const ct_geom *line) {
    ct_flood_domain *d = p->layers->domain;
    if (d->n_roads == p->capacity) {
        const size_t capacity = p->capacity ? 2 * p->capacity : 64;
        ct_geom *grown = ct_arena_alloc(d->arena, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (d->n_roads) memcpy(grown, d->roads, d->n_roads * sizeof *grown);
        d->roads = grown;
        p->capacity = capacity;
    }
    CT_TRY(ct_geom_copy(&d->roads[d->n_roads], d->arena, line));
    d->n_roads++;
    return CT_OK;
}

// A way covers its centre line's surroundings, half its width to either side.
static ct_err visit_way(void *context, const ct_feature *feature) {
    paint *p = context;
    bool outside;
    if (feature->geom.type == CT_GEOM_NONE) return CT_OK;
    CT_TRY(ct_domain__outside(&outside, p->layers->domain, feature));
    if (outside) return CT_OK;
    if (p->keep_lines) CT_TRY(keep_line(p, &feature->geom));
    const double width = ct_feature_number(feature, "width_m", p->default_width_m);
    if (!(width > 0)) return CT_OK;
    ct_geom area;
    ct_arena_reset(p->scratch);
    CT_TRY(ct_context(ct_geos_buffer(&area, p->scratch, &feature->geom, width / 2), "%s",
                      feature->id));
    if (area.type != CT_GEOM_NONE)
        CT_TRY(ct_grid_visit_polygon(&p->layers->domain->shape, &area, paint_cell, p));
    return CT_OK;
}

static uint8_t soil_of(const ct_layers *layers, int cover) {
    return layers->options->infiltration.has[cover] ? (uint8_t)(1 + cover) : 0;
}

static ct_err make_soils(const ct_layers *layers, size_t cells) {
    ct_flood_domain *d = layers->domain;
    if (!layers->options->infiltration.any) return CT_OK;
    d->soil = ct_arena_alloc(d->arena, cells);
    d->soils = ct_arena_alloc(d->arena, CT_COVERS * sizeof *d->soils);
    if (!d->soil || !d->soils) return CT_NOMEM;
    memcpy(d->soils, layers->options->infiltration.soil, CT_COVERS * sizeof *d->soils);
    memset(d->soil, soil_of(layers, CT_COVER_GROUND), cells);
    return CT_OK;
}

static ct_err paint_class(paint *p, const char *cls, double manning, int cover,
                          ct_err (*visit)(void *context, const ct_feature *feature)) {
    p->manning = manning;
    p->soil = soil_of(p->layers, cover);
    return ct_merged_each(p->layers->reader, p->layers->edits,
                          ct_catalogue_by_name(p->layers->catalogue, cls), visit, p);
}

ct_err ct_domain__cover(const ct_layers *layers) {
    ct_flood_domain *d = layers->domain;
    const ct_manning *n = &layers->options->manning;
    const size_t cells = (size_t)d->shape.nx * d->shape.ny;
    for (size_t i = 0; i < cells; i++) d->manning[i] = n->ground;
    CT_TRY(make_soils(layers, cells));
    paint p = {.layers = layers, .scratch = ct_arena_new(1 << 16, 0)};
    if (!p.scratch) return CT_NOMEM;
    // Later covers lie on earlier ones: a road through a park is a road, and where a road crosses a
    // river the water runs below its bridge.
    ct_err err = paint_class(&p, "green", n->green, CT_COVER_GREEN, visit_area);
    p.default_width_m = 2;
    if (err == CT_OK) err = paint_class(&p, "path", n->path, CT_COVER_PATH, visit_way);
    p.default_width_m = 7;
    p.keep_lines = true;
    if (err == CT_OK) err = paint_class(&p, "road", n->road, CT_COVER_ROAD, visit_way);
    if (err == CT_OK) err = paint_class(&p, "water", n->water, CT_COVER_WATER, visit_area);
    ct_arena_free(p.scratch);
    return err;
}

typedef struct fill {
    const ct_layers *layers;
    double level_m;    // of the water in hand
    size_t cells, wet; // that it covers, that it fills
    bool river;        // at least one lies on the ground
} fill;

static void fill_cell(void *context, uint32_t row, uint32_t column) {
    fill *f = context;
    ct_flood_domain *d = f->layers->domain;
    const size_t cell = (size_t)row * d->shape.nx + column;
    if (d->blocked[cell]) return;
    f->cells++;
    if (!(f->level_m > d->bed_m[cell])) return;
    d->depth_m[cell] = f->level_m - d->bed_m[cell];
    d->level_m[cell] = f->level_m;
    f->wet++;
}

static ct_err visit_water(void *context, const ct_feature *feature) {
    fill *f = context;
    ct_flood_domain *d = f->layers->domain;
    const ct_flood_domain_options *options = f->layers->options;
    bool outside;
    if (feature->geom.type == CT_GEOM_NONE) return CT_OK;
    CT_TRY(ct_domain__outside(&outside, d, feature));
    if (outside) return CT_OK;
    const bool river = strcmp(ct_feature_text(feature, "kind", ""), "river") == 0;
    f->river |= river;
    f->level_m = river && options->has_river_stage ? options->river_stage_m
                                                   : ct_feature_number(feature, "level_m", NAN);
    if (!isfinite(f->level_m)) return ct_domain__warn(d, CT_FLOOD_RULE_WATER_LEVEL, feature->id);
    f->cells = f->wet = 0;
    CT_TRY(ct_grid_visit_polygon(&d->shape, &feature->geom, fill_cell, f));
    return f->cells && !f->wet ? ct_domain__warn(d, CT_FLOOD_RULE_WATER_DRY, feature->id) : CT_OK;
}

ct_err ct_domain__water(const ct_layers *layers) {
    fill f = {.layers = layers};
    CT_TRY(ct_merged_each(layers->reader, layers->edits,
                          ct_catalogue_by_name(layers->catalogue, "water"), visit_water, &f));
    if (layers->options->has_river_stage && !f.river)
        return ct_domain__warn(layers->domain, CT_FLOOD_RULE_STAGE_UNUSED, NULL);
    return CT_OK;
}
