// Sources of a case: discharges that come up, or are taken, at a point, on a disc or in an area.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/cases/case_private.h"

#define MAX_SOURCES 10000

// The cells of one source so far, buildings left out.
typedef struct gathering {
    const ct_flood_case *c;
    uint32_t *cells;
    size_t count, buildings;
} gathering;

static void take_cell(void *context, uint32_t row, uint32_t column) {
    gathering *g = context;
    const size_t cell = (size_t)row * g->c->shape.nx + column;
    if (g->c->params.blocked && g->c->params.blocked[cell]) {
        g->buildings++;
        return;
    }
    g->cells[g->count++] = (uint32_t)cell;
}

// NOLINTNEXTLINE(readability-non-const-parameter): written through the gathering
size_t ct_case__disc(uint32_t *cells, const ct_flood_case *c, double x_m, double y_m,
                     double radius_m) {
    gathering g = {.c = c, .cells = cells};
    ct_grid_visit_disc(&c->shape, x_m, y_m, radius_m, take_cell, &g);
    return g.count;
}

static ct_err gather_area(gathering *g, const json_t *json, const char *what) {
    ct_geom area;
    CT_TRY(ct_geom_from_geojson(&area, g->c->arena, json, CT_CASE__MAX_CORNERS));
    if (area.type != CT_GEOM_POLYGON && area.type != CT_GEOM_MULTIPOLYGON)
        return ct_fail(CT_PARSE, "area: not a Polygon or MultiPolygon");
    CT_TRY(ct_grid_visit_polygon(&g->c->shape, &area, take_cell, g));
    if (g->count + g->buildings == 0)
        return ct_fail(CT_RANGE, "%s outside: the area holds no cell's centre", what);
    return CT_OK;
}

static ct_err gather(gathering *g, const json_t *json, const char *what) {
    const json_t *area = json_object_get(json, "area");
    const bool placed = json_object_get(json, "x_m") || json_object_get(json, "y_m") ||
                        json_object_get(json, "radius_m");
    double x_m, y_m, radius_m;
    if ((area != NULL) == placed)
        return ct_fail(CT_PARSE, "either \"x_m\" and \"y_m\" or an \"area\"");
    if (area) {
        CT_TRY(gather_area(g, area, what));
    } else {
        CT_TRY(ct_json_get_number(&x_m, json, "x_m", -1e9, 1e9, "place"));
        CT_TRY(ct_json_get_number(&y_m, json, "y_m", -1e9, 1e9, "place"));
        CT_TRY(ct_json_number_or(&radius_m, json, "radius_m", 0, 0, 1e6, "place"));
        if (ct_grid_cell_at(&g->c->shape, x_m, y_m) < 0)
            return ct_fail(CT_RANGE, "%s outside: (%.10g, %.10g) is not on the grid", what, x_m,
                           y_m);
        ct_grid_visit_disc(&g->c->shape, x_m, y_m, radius_m, take_cell, g);
    }
    return g->count ? CT_OK : ct_fail(CT_RANGE, "%s outside: in a building", what);
}

// NOLINTNEXTLINE(readability-non-const-parameter): written through the gathering
ct_err ct_case__cells(uint32_t *cells, size_t *count, const ct_flood_case *c, const json_t *json,
                      const char *what) {
    gathering g = {.c = c, .cells = cells};
    CT_TRY(gather(&g, json, what));
    *count = g.count;
    return CT_OK;
}

// `cells` has room for every cell of the grid.
static ct_err read_source(ct_flood_case *c, size_t index, const json_t *json, uint32_t *cells) {
    static const char *const allowed[] = {"name", "x_m",           "y_m", "radius_m",
                                          "area", "discharge_m3s", NULL};
    ct_flood_source *source = &c->sources[index];
    const char *name;
    CT_TRY(ct_json_only(json, allowed, "source"));
    CT_TRY(ct_json_get_string(&name, json, "name", "source"));
    for (size_t i = 0; i < index; i++)
        if (strcmp(c->source_names[i], name) == 0)
            return ct_fail(CT_EXISTS, "name: \"%.60s\" is that of a source before", name);
    size_t count;
    CT_TRY(ct_case__cells(cells, &count, c, json, "an inflow"));
    CT_TRY(ct_case__series(&source->discharge, c, json_object_get(json, "discharge_m3s"),
                           "discharge_m3s", 1, -1e6, 1e6));
    uint32_t *kept = ct_arena_alloc(c->arena, count * sizeof *kept);
    c->source_names[index] = ct_arena_strdup(c->arena, name);
    if (!kept || !c->source_names[index]) return CT_NOMEM;
    memcpy(kept, cells, count * sizeof *kept);
    source->cells = kept;
    source->cell_count = count;
    return CT_OK;
}

ct_err ct_case__sources_read(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    if (!list) return CT_OK;
    if (!json_is_array(list)) return ct_fail(CT_PARSE, "sources: not a list");
    if (n > MAX_SOURCES) return ct_fail(CT_LIMIT, "sources: more than %d", MAX_SOURCES);
    c->sources = ct_arena_calloc(c->arena, n ? n : 1, sizeof *c->sources);
    c->source_names = ct_arena_calloc(c->arena, n ? n : 1, sizeof *c->source_names);
    uint32_t *cells = ct_alloc((size_t)c->shape.nx * c->shape.ny * sizeof *cells);
    ct_err err = c->sources && c->source_names && cells ? CT_OK : CT_NOMEM;
    for (size_t i = 0; err == CT_OK && i < n; i++)
        err = ct_context(read_source(c, i, json_array_get(list, i), cells), "sources[%zu]", i);
    ct_free(cells);
    c->params.sources = c->sources;
    c->params.source_count = err == CT_OK ? n : 0;
    return err;
}
