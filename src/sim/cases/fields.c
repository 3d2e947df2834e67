// Fields: a value for each cell of a case's grid, from a number, a formula in x and y, a raster, or
// a list of those with polygons.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "results/raster_file.h"
#include "sim/cases/case_private.h"

const char *const ct_case__variables[3] = {"x", "y", "t"};

static size_t cells_of(const ct_flood_case *c) {
    return (size_t)c->shape.nx * c->shape.ny;
}

static ct_err from_number(double *v, const ct_flood_case *c, double value) {
    for (size_t i = 0, n = cells_of(c); i < n; i++) v[i] = value;
    return CT_OK;
}

static ct_err from_formula(double *v, const ct_flood_case *c, const char *text) {
    ct_formula *formula;
    ct_err err = CT_OK;
    CT_TRY(ct_formula_new(&formula, text, ct_case__variables, 2));
    for (uint32_t row = 0; err == CT_OK && row < c->shape.ny; row++) {
        for (uint32_t column = 0; err == CT_OK && column < c->shape.nx; column++) {
            const double at[2] = {ct_grid_x(&c->shape, column), ct_grid_y(&c->shape, row)};
            err = ct_formula_at(&v[(size_t)row * c->shape.nx + column], formula, at);
            if (err != CT_OK) err = ct_context(err, "at x %g, y %g", at[0], at[1]);
        }
    }
    ct_formula_free(formula);
    return err;
}

// A raster of the same cells is taken as it is; another one by area or bilinear (ct_grid_resample).
static ct_err place_raster(double *v, const ct_flood_case *c, const ct_grid *raster,
                           const char *name, double otherwise, bool holes) {
    const ct_grid *s = &c->shape;
    const bool same = raster->nx == s->nx && raster->ny == s->ny && raster->west_m == s->west_m &&
                      raster->north_m == s->north_m && raster->cell_m == s->cell_m;
    ct_grid fitted = {0};
    if (!same)
        CT_TRY(ct_grid_resample(&fitted, raster, s->nx, s->ny, s->west_m, s->north_m, s->cell_m));
    const float *from = same ? raster->v : fitted.v;
    ct_err err = CT_OK;
    for (size_t i = 0, n = cells_of(c); err == CT_OK && i < n; i++) {
        v[i] = isnan(from[i]) ? otherwise : (double)from[i];
        if (isnan(v[i]) && !holes) {
            err = ct_fail(CT_RANGE,
                          "%s has no value at row %zu, column %zu of the grid (\"nodata\" "
                          "says what to take there)",
                          name, i / s->nx, i % s->nx);
        }
    }
    ct_grid_free(&fitted);
    return err;
}

static ct_err from_raster(double *v, const ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"raster", "nodata", NULL};
    const char *name, *path;
    double otherwise = NAN;
    const json_t *nodata = json_object_get(json, "nodata");
    const bool holes = json_is_string(nodata) && strcmp(json_string_value(nodata), "outside") == 0;
    CT_TRY(ct_json_only(json, allowed, "raster"));
    CT_TRY(ct_json_get_string(&name, json, "raster", "raster"));
    if (holes && !c->may_end)
        return ct_fail(CT_PARSE, "nodata: only the terrain ends where a raster has no value");
    if (!holes) CT_TRY(ct_json_number_or(&otherwise, json, "nodata", NAN, -1e9, 1e9, "raster"));
    CT_TRY(ct_case__beside(&path, c, name));
    ct_grid raster;
    CT_TRY(ct_raster_read(&raster, path, c->crs, NULL));
    const ct_err err = place_raster(v, c, &raster, name, otherwise, holes);
    ct_grid_free(&raster);
    return err;
}

typedef struct painting {
    double *v;
    const double *values;
    uint32_t nx;
} painting;

static void paint(void *context, uint32_t row, uint32_t column) {
    const painting *p = context;
    const size_t cell = (size_t)row * p->nx + column;
    p->v[cell] = p->values[cell];
}

static ct_err apply(double *v, ct_flood_case *c, const json_t *json, bool nested);

// {"area": GeoJSON polygon, "value": field}: the value counts in the cells whose centre it holds.
// NOLINTNEXTLINE(readability-non-const-parameter): written through the painting
static ct_err apply_area(double *v, ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"area", "value", NULL};
    CT_TRY(ct_json_only(json, allowed, "area"));
    ct_geom area;
    CT_TRY(
        ct_geom_from_geojson(&area, c->arena, json_object_get(json, "area"), CT_CASE__MAX_CORNERS));
    if (area.type != CT_GEOM_POLYGON && area.type != CT_GEOM_MULTIPOLYGON)
        return ct_fail(CT_PARSE, "area: not a Polygon or MultiPolygon");
    double *values = ct_alloc(cells_of(c) * sizeof *values);
    if (!values) return CT_NOMEM;
    ct_err err = apply(values, c, json_object_get(json, "value"), true);
    painting p = {v, values, c->shape.nx};
    if (err == CT_OK) err = ct_grid_visit_polygon(&c->shape, &area, paint, &p);
    ct_free(values);
    return err;
}

static ct_err apply_list(double *v, ct_flood_case *c, const json_t *list) {
    size_t i;
    const json_t *item;
    if (json_array_size(list) == 0) return ct_fail(CT_PARSE, "an empty list");
    json_array_foreach(list, i, item) {
        if ((i == 0) == (json_object_get(item, "area") != NULL))
            return ct_fail(CT_PARSE,
                           "[%zu]: the first of a list is for all cells, the others "
                           "have an \"area\"",
                           i);
        const ct_err err = i ? apply_area(v, c, item) : apply(v, c, item, true);
        if (err != CT_OK) return ct_context(err, "[%zu]", i);
    }
    return CT_OK;
}

static ct_err apply(double *v, ct_flood_case *c, const json_t *json, bool nested) {
    if (json_is_number(json)) return from_number(v, c, json_number_value(json));
    if (json_is_string(json)) return from_formula(v, c, json_string_value(json));
    if (json_object_get(json, "raster")) return from_raster(v, c, json);
    if (json_is_array(json) && !nested) return apply_list(v, c, json);
    return ct_fail(CT_PARSE, "not a number, a formula, {\"raster\": file}%s",
                   nested ? "" : " or a list of them with areas");
}

ct_err ct_case__field(double **out, ct_flood_case *c, const json_t *json, const char *where,
                      double min, double max) {
    const size_t n = cells_of(c);
    double *v = ct_arena_alloc(c->arena, n * sizeof *v);
    if (!v) return CT_NOMEM;
    const ct_err err = apply(v, c, json, false);
    if (err != CT_OK) return ct_context(err, "%s", where);
    for (size_t i = 0; i < n; i++) {
        if (isnan(v[i]) && c->may_end) continue;
        if (!(v[i] >= min && v[i] <= max))
            return ct_fail(CT_RANGE, "%s: %g at row %zu, column %zu is not within %g and %g", where,
                           v[i], i / c->shape.nx, i % c->shape.nx, min, max);
    }
    *out = v;
    return CT_OK;
}
