// Reading a flood case: the document field by field into the engine's parameters.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "results/raster_file.h"
#include "sim/cases/case_private.h"
#include "sim/flood/scheme_read.h"

#define MAX_TIMES 1000000
#define MAX_EDGES 10000
#define MAX_WALLS 100000

ct_err ct_case__beside(const char **out, const ct_flood_case *c, const char *name) {
    const char *path = name[0] == '/' ? ct_arena_strdup(c->arena, name)
                                      : ct_arena_printf(c->arena, "%s/%s", c->folder, name);
    if (!path) return CT_NOMEM;
    // GDAL takes addresses on the network and archives for paths too; a case names files
    if (!ct_file_exists(path)) return ct_fail(CT_NOTFOUND, "there is no file %.200s", name);
    *out = path;
    return CT_OK;
}

// ---- the grid -----------------------------------------------------------------------------------
static ct_err shape_of_numbers(ct_grid *out, const json_t *grid) {
    static const char *const allowed[] = {"columns", "rows", "cell_m", "west_m", "south_m", NULL};
    int64_t columns, rows;
    double south_m;
    if (!json_is_object(grid))
        return ct_fail(CT_PARSE, "neither \"grid\" nor a raster as \"terrain_m\" gives the cells");
    CT_TRY(ct_json_only(grid, allowed, "grid"));
    CT_TRY(ct_json_int_or(&columns, grid, "columns", 0, 1, CT_CASE_MAX_CELLS, "grid"));
    CT_TRY(ct_json_int_or(&rows, grid, "rows", 0, 1, CT_CASE_MAX_CELLS, "grid"));
    CT_TRY(ct_json_get_number(&out->cell_m, grid, "cell_m", 1e-6, 1e4, "grid"));
    CT_TRY(ct_json_number_or(&out->west_m, grid, "west_m", 0, -1e9, 1e9, "grid"));
    CT_TRY(ct_json_number_or(&south_m, grid, "south_m", 0, -1e9, 1e9, "grid"));
    if (!columns || !rows) return ct_fail(CT_PARSE, "grid: \"columns\" and \"rows\" are needed");
    out->nx = (uint32_t)columns;
    out->ny = (uint32_t)rows;
    out->north_m = south_m + (double)rows * out->cell_m;
    return CT_OK;
}

static ct_err read_shape(ct_flood_case *c, const json_t *document) {
    const json_t *grid = json_object_get(document, "grid");
    const json_t *raster = json_object_get(json_object_get(document, "terrain_m"), "raster");
    ct_grid shape = {0};
    if (grid || !raster) {
        CT_TRY(shape_of_numbers(&shape, grid));
    } else {
        const char *path;
        if (!json_is_string(raster)) return ct_fail(CT_PARSE, "terrain_m.raster: not a name");
        CT_TRY(ct_case__beside(&path, c, json_string_value(raster)));
        CT_TRY(ct_raster_shape(&shape, path, c->crs));
    }
    if ((uint64_t)shape.nx * shape.ny > CT_CASE_MAX_CELLS)
        return ct_fail(CT_LIMIT, "grid: more than %u cells", CT_CASE_MAX_CELLS);
    c->shape = shape;
    c->params.nx = shape.nx;
    c->params.ny = shape.ny;
    c->params.cell_m = shape.cell_m;
    return CT_OK;
}

// ---- fields -------------------------------------------------------------------------------------
static ct_err optional_field(double **out, ct_flood_case *c, const json_t *document,
                             const char *key, double min, double max) {
    const json_t *json = json_object_get(document, key);
    return json ? ct_case__field(out, c, json, key, min, max) : CT_OK;
}

static ct_err read_water(ct_flood_case *c, const json_t *document) {
    double *depth = NULL, *level = NULL, *east = NULL, *north = NULL;
    CT_TRY(optional_field(&depth, c, document, "depth_m", 0, 1e4));
    CT_TRY(optional_field(&level, c, document, "level_m", -1e5, 1e5));
    CT_TRY(optional_field(&east, c, document, "velocity_x_ms", -1e3, 1e3));
    CT_TRY(optional_field(&north, c, document, "velocity_y_ms", -1e3, 1e3));
    if (depth && level) return ct_fail(CT_PARSE, "depth_m and level_m exclude each other");
    const size_t n = (size_t)c->shape.nx * c->shape.ny;
    for (size_t i = 0; north && i < n; i++) north[i] = -north[i]; // rows run southwards
    c->params.depth_m = depth;
    c->params.level_m = level;
    c->params.velocity_x_ms = east;
    c->params.velocity_y_ms = north;
    return CT_OK;
}

// The ground; where it ends, cells are blocked and have a bed that nothing reads but the checks.
static ct_err read_ground(double **bed, uint8_t **outside, ct_flood_case *c,
                          const json_t *document) {
    const json_t *terrain = json_object_get(document, "terrain_m");
    const size_t n = (size_t)c->shape.nx * c->shape.ny;
    size_t ground = 0;
    if (!terrain) return ct_fail(CT_PARSE, "\"terrain_m\" is missing");
    c->may_end = true;
    CT_TRY(ct_case__field(bed, c, terrain, "terrain_m", -1e5, 1e5));
    c->may_end = false;
    *outside = ct_arena_calloc(c->arena, n, 1);
    if (!*outside) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!isnan((*bed)[i])) {
            ground++;
            continue;
        }
        (*outside)[i] = 1;
        (*bed)[i] = 0;
    }
    if (ground == 0) return ct_fail(CT_RANGE, "terrain_m: no cell of the grid has ground");
    if (ground == n) *outside = NULL;
    c->outside = *outside;
    return CT_OK;
}

static ct_err read_blocked(ct_flood_case *c, const json_t *document, const uint8_t *outside) {
    double *field = NULL;
    CT_TRY(optional_field(&field, c, document, "blocked", 0, 1));
    if (!field && !outside) return CT_OK;
    const size_t n = (size_t)c->shape.nx * c->shape.ny;
    uint8_t *blocked = ct_arena_calloc(c->arena, n, 1);
    double *depth = (double *)c->params.depth_m; // our own array, in the arena
    if (!blocked) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        blocked[i] = (field && field[i] != 0) || (outside && outside[i]);
        if (blocked[i] && depth) depth[i] = 0; // told of whole areas, buildings and all
    }
    c->params.blocked = blocked;
    return CT_OK;
}

static ct_err read_fields(ct_flood_case *c, const json_t *document) {
    double *bed = NULL, *manning = NULL, *debris = NULL;
    uint8_t *outside = NULL;
    CT_TRY(read_ground(&bed, &outside, c, document));
    CT_TRY(optional_field(&manning, c, document, "manning", 0, 10));
    CT_TRY(optional_field(&debris, c, document, "debris_factor", 0, 10));
    c->params.bed_m = bed;
    c->params.manning = manning;
    c->params.debris_factor = debris;
    CT_TRY(read_water(c, document));
    return read_blocked(c, document, outside);
}

// ---- walls --------------------------------------------------------------------------------------
typedef struct walling {
    double *crest_x, *crest_y;
    size_t nx, ny;
    double crest_m;
    size_t faces;
} walling;

static void raise_face(void *context, uint32_t row, uint32_t column, int side, int sense) {
    (void)sense;
    walling *w = context;
    double *face = NULL;
    if (side == 0 && column + 1 < w->nx) face = &w->crest_x[row * (w->nx + 1) + column + 1];
    if (side == 1 && row + 1 < w->ny) face = &w->crest_y[((size_t)row + 1) * w->nx + column];
    if (!face) return;
    *face = isnan(*face) ? w->crest_m : fmax(*face, w->crest_m); // the higher of two walls counts
    w->faces++;
}

static ct_err read_wall(ct_flood_case *c, walling *w, const json_t *json) {
    static const char *const allowed[] = {"line", "crest_m", NULL};
    ct_geom line;
    CT_TRY(ct_json_only(json, allowed, "wall"));
    CT_TRY(
        ct_geom_from_geojson(&line, c->arena, json_object_get(json, "line"), CT_CASE__MAX_CORNERS));
    if (line.type != CT_GEOM_LINESTRING && line.type != CT_GEOM_MULTILINESTRING)
        return ct_fail(CT_PARSE, "line: not a LineString");
    CT_TRY(ct_json_number_or(&w->crest_m, json, "crest_m", HUGE_VAL, -1e5, 1e5, "wall"));
    w->faces = 0;
    ct_grid_visit_line_edges(&c->shape, &line, raise_face, w);
    return w->faces ? CT_OK : ct_fail(CT_RANGE, "line: it parts no two cells of the grid");
}

static ct_err read_walls(ct_flood_case *c, const json_t *list) {
    if (!list) return CT_OK;
    const size_t n = json_array_size(list), nx = c->shape.nx, ny = c->shape.ny;
    if (!json_is_array(list)) return ct_fail(CT_PARSE, "walls: not a list");
    if (n > MAX_WALLS) return ct_fail(CT_LIMIT, "walls: more than %d", MAX_WALLS);
    walling w = {.nx = nx, .ny = ny};
    w.crest_x = ct_arena_alloc(c->arena, ny * (nx + 1) * sizeof *w.crest_x);
    w.crest_y = ct_arena_alloc(c->arena, (ny + 1) * nx * sizeof *w.crest_y);
    if (!w.crest_x || !w.crest_y) return CT_NOMEM;
    for (size_t i = 0; i < ny * (nx + 1); i++) w.crest_x[i] = NAN;
    for (size_t i = 0; i < (ny + 1) * nx; i++) w.crest_y[i] = NAN;
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(read_wall(c, &w, json_array_get(list, i)), "walls[%zu]", i));
    c->params.crest_x_m = w.crest_x;
    c->params.crest_y_m = w.crest_y;
    return CT_OK;
}

// ---- forcing ------------------------------------------------------------------------------------
// The cells of a side from one coordinate to another: those whose centre lies between.
static ct_err find_run(ct_flood_edge *edge, const ct_flood_case *c, const json_t *json) {
    const ct_grid *s = &c->shape;
    const bool along_y = edge->side == CT_FLOOD_LEFT || edge->side == CT_FLOOD_RIGHT;
    const uint32_t n = along_y ? s->ny : s->nx;
    const double low = along_y ? s->north_m - s->ny * s->cell_m : s->west_m;
    double from, to;
    CT_TRY(ct_json_number_or(&from, json, "from_m", low, -1e9, 1e9, "boundary"));
    CT_TRY(ct_json_number_or(&to, json, "to_m", low + n * s->cell_m, -1e9, 1e9, "boundary"));
    edge->count = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double at = along_y ? ct_grid_y(s, i) : ct_grid_x(s, i);
        if (at < from || at > to) continue;
        if (edge->count++ == 0) edge->first = i;
    }
    return edge->count ? CT_OK
                       : ct_fail(CT_RANGE, "no cell's centre lies from %g to %g m", from, to);
}

static ct_err read_boundary(ct_flood_edge *edge, ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"side",    "kind",          "from_m", "to_m",
                                          "level_m", "discharge_m3s", NULL};
    static const char *const sides[] = {"west", "east", "north", "south", NULL};
    static const char *const kinds[] = {"closed", "open", "level", "inflow", NULL};
    int side = 0, kind = 0;
    CT_TRY(ct_json_only(json, allowed, "boundary"));
    CT_TRY(ct_json_word_or(&side, json, "side", sides, -1, "boundary"));
    CT_TRY(ct_json_word_or(&kind, json, "kind", kinds, -1, "boundary"));
    edge->side = (ct_flood_side)side;
    edge->kind = (ct_flood_edge_kind)kind;
    CT_TRY(find_run(edge, c, json));
    const json_t *level = json_object_get(json, "level_m");
    const json_t *discharge = json_object_get(json, "discharge_m3s");
    if ((level != NULL) != (kind == CT_FLOOD_LEVEL) ||
        (discharge != NULL) != (kind == CT_FLOOD_INFLOW))
        return ct_fail(CT_PARSE,
                       "a level has \"level_m\", an inflow \"discharge_m3s\", others none");
    if (level) CT_TRY(ct_case__series(&edge->series, c, level, "level_m", 1, -1e5, 1e5));
    if (discharge) CT_TRY(ct_case__series(&edge->series, c, discharge, "discharge_m3s", 1, 0, 1e9));
    return CT_OK;
}

static ct_err read_boundaries(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "boundaries: not a list");
    if (n > MAX_EDGES) return ct_fail(CT_LIMIT, "boundaries: more than %d", MAX_EDGES);
    ct_flood_edge *edges = ct_arena_calloc(c->arena, n ? n : 1, sizeof *edges);
    if (!edges) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        CT_TRY(
            ct_context(read_boundary(&edges[i], c, json_array_get(list, i)), "boundaries[%zu]", i));
    }
    c->params.edges = edges;
    c->params.edge_count = n;
    return CT_OK;
}

// ---- points and times ---------------------------------------------------------------------------
// Names stand in the heads of tables.
bool ct_case__name_ok(const char *text) {
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == '"' || text[i] == ',') return false;
    return length > 0 && length <= 60;
}

static ct_err read_point(ct_case__point *point, const ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"name", "x_m", "y_m", NULL};
    const char *name;
    CT_TRY(ct_json_only(json, allowed, "point"));
    CT_TRY(ct_json_get_string(&name, json, "name", "point"));
    if (!ct_case__name_ok(name))
        return ct_fail(CT_PARSE,
                       "name: 1 to 60 bytes without quotes, commas and control characters");
    for (const ct_case__point *other = c->points; other < point; other++)
        if (strcmp(other->name, name) == 0)
            return ct_fail(CT_EXISTS, "name: \"%s\" is that of a point before", name);
    CT_TRY(ct_json_get_number(&point->x_m, json, "x_m", -1e9, 1e9, "point"));
    CT_TRY(ct_json_get_number(&point->y_m, json, "y_m", -1e9, 1e9, "point"));
    const int64_t cell = ct_grid_cell_at(&c->shape, point->x_m, point->y_m);
    if (cell < 0)
        return ct_fail(CT_RANGE, "\"%.60s\" (%g, %g) lies outside the grid", name, point->x_m,
                       point->y_m);
    point->cell = (size_t)cell;
    point->name = ct_arena_strdup(c->arena, name);
    return point->name ? CT_OK : CT_NOMEM;
}

static ct_err read_points(ct_flood_case *c, const json_t *list) {
    c->n_points = json_array_size(list);
    if (list && !json_is_array(list)) return ct_fail(CT_PARSE, "points: not a list");
    if (c->n_points > CT_CASE_MAX_POINTS)
        return ct_fail(CT_LIMIT, "points: more than %d", CT_CASE_MAX_POINTS);
    c->points = ct_arena_calloc(c->arena, c->n_points ? c->n_points : 1, sizeof *c->points);
    if (!c->points) return CT_NOMEM;
    for (size_t i = 0; i < c->n_points; i++)
        CT_TRY(ct_context(read_point(&c->points[i], c, json_array_get(list, i)), "points[%zu]", i));
    return CT_OK;
}

static int by_time(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_fixed(const ct_flood_case *c, double time_s) {
    for (size_t i = 0; i < c->n_checks; i++)
        if (c->checks[i].at_s == time_s) return true;
    return time_s == c->duration_s;
}

// An output that lies within rounding of the next stop, or of the one before, is that one.
static size_t drop_near(double *times, size_t n, const ct_flood_case *c) {
    const double near_s = 1e-9 * c->duration_s;
    size_t kept = 1; // the start
    for (size_t i = 1; i < n; i++) {
        if (times[i] - times[kept - 1] < near_s) {
            if (!is_fixed(c, times[i])) continue;
            if (kept > 1 && !is_fixed(c, times[kept - 1])) kept--;
        }
        times[kept++] = times[i];
    }
    return kept;
}

// Outputs, the times of checks, the start and the end, each once.
static ct_err plan_times(ct_flood_case *c, double output_step_s) {
    const double outputs = floor(c->duration_s / output_step_s);
    if (outputs > MAX_TIMES)
        return ct_fail(CT_LIMIT, "output_step_s: more than %d outputs", MAX_TIMES);
    const size_t n = (size_t)outputs + 2 + c->n_checks;
    double *times = ct_arena_calloc(c->arena, n, sizeof *times);
    if (!times) return CT_NOMEM;
    size_t at = 0, kept = 0;
    while (at <= (size_t)outputs) {
        times[at] = (double)at * output_step_s;
        at++;
    }
    times[at++] = c->duration_s;
    for (size_t i = 0; i < c->n_checks; i++) times[at++] = c->checks[i].at_s;
    qsort(times, n, sizeof *times, by_time);
    for (size_t i = 0; i < n; i++)
        if (times[i] <= c->duration_s && (!kept || times[i] > times[kept - 1]))
            times[kept++] = times[i];
    kept = drop_near(times, kept, c);
    c->times_s = times;
    c->n_times = kept;
    const size_t seen = kept * (c->n_points ? c->n_points : 1);
    if (seen > CT_CASE__MAX_SEEN)
        return ct_fail(CT_LIMIT, "output_step_s: %zu points at %zu times are more than %u values",
                       c->n_points, kept, CT_CASE__MAX_SEEN);
    if (kept * c->n_sections > CT_CASE__MAX_SEEN)
        return ct_fail(CT_LIMIT, "output_step_s: %zu sections at %zu times are more than %u values",
                       c->n_sections, kept, CT_CASE__MAX_SEEN);
    c->seen = ct_arena_calloc(c->arena, seen, CT_CASE__SEEN * sizeof *c->seen);
    c->passed = ct_arena_calloc(c->arena, kept * c->n_sections + 1, sizeof *c->passed);
    return c->seen && c->passed ? CT_OK : CT_NOMEM;
}

// ---- the document -------------------------------------------------------------------------------
static ct_err keep_text(const char **out, const ct_flood_case *c, const json_t *document,
                        const char *key) {
    const char *text;
    CT_TRY(ct_json_string_or(&text, document, key, NULL, "case"));
    if (!text) return CT_OK;
    *out = ct_arena_strdup(c->arena, text);
    return *out ? CT_OK : CT_NOMEM;
}

static ct_err read_document(ct_flood_case *c, const json_t *document) {
    static const char *const allowed[] = {"engine",
                                          "title",
                                          "source",
                                          "crs",
                                          "grid",
                                          "terrain_m",
                                          "depth_m",
                                          "level_m",
                                          "velocity_x_ms",
                                          "velocity_y_ms",
                                          "manning",
                                          "debris_factor",
                                          "blocked",
                                          "walls",
                                          "rain",
                                          "boundaries",
                                          "duration_s",
                                          "output_step_s",
                                          "scheme",
                                          "precision",
                                          "local_steps",
                                          "cfl",
                                          "points",
                                          "expected",
                                          "sections",
                                          "infiltration",
                                          "sources",
                                          "drains",
                                          "storages",
                                          "connections",
                                          "coupling_step_s",
                                          NULL};
    const char *engine;
    double output_step_s;
    if (!json_is_object(document)) return ct_fail(CT_PARSE, "not an object");
    CT_TRY(ct_json_get_string(&engine, document, "engine", "case"));
    if (strcmp(engine, "flood") != 0)
        return ct_fail(CT_UNSUPPORTED, "engine: \"%.60s\", not \"flood\"", engine);
    CT_TRY(ct_json_only(document, allowed, "case"));
    CT_TRY(keep_text(&c->title, c, document, "title"));
    CT_TRY(keep_text(&c->source, c, document, "source"));
    CT_TRY(keep_text(&c->crs, c, document, "crs"));
    CT_TRY(ct_json_get_number(&c->duration_s, document, "duration_s", 1e-6, 1e8, "case"));
    CT_TRY(ct_json_number_or(&output_step_s, document, "output_step_s", c->duration_s / 100, 1e-9,
                             1e8, "case"));
    CT_TRY(ct_json_number_or(&c->params.cfl, document, "cfl", 0, 0, 0.9, "case"));
    CT_TRY(ct_flood_scheme_read(&c->params.scheme, &c->params.precision, &c->params.local_steps,
                                document, "case"));
    CT_TRY(read_shape(c, document));
    CT_TRY(read_fields(c, document));
    CT_TRY(read_walls(c, json_object_get(document, "walls")));
    CT_TRY(ct_case__rain(c, json_object_get(document, "rain")));
    CT_TRY(ct_case__infiltration(c, json_object_get(document, "infiltration")));
    CT_TRY(read_boundaries(c, json_object_get(document, "boundaries")));
    CT_TRY(ct_case__sources_read(c, json_object_get(document, "sources")));
    CT_TRY(ct_case__drains_read(c, json_object_get(document, "drains"),
                                json_object_get(document, "rain")));
    CT_TRY(ct_case__storages_read(c, json_object_get(document, "storages"),
                                  json_object_get(document, "connections")));
    CT_TRY(ct_case__coupling_read(c, document));
    CT_TRY(read_points(c, json_object_get(document, "points")));
    CT_TRY(ct_case__sections_read(c, json_object_get(document, "sections")));
    CT_TRY(ct_case__checks_read(c, json_object_get(document, "expected")));
    CT_TRY(plan_times(c, output_step_s));
    return ct_case__storages_plan(c);
}

static ct_err keep_paths(ct_flood_case *c, const char *path) {
    char *folder = ct_path_folder(path);
    c->path = ct_arena_strdup(c->arena, path);
    c->folder = folder ? ct_arena_strdup(c->arena, folder) : NULL;
    ct_free(folder);
    return c->path && c->folder ? CT_OK : CT_NOMEM;
}

ct_err ct_flood_case_read(ct_flood_case **out, const char *path) {
    json_t *document = NULL;
    ct_flood_case *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    ct_flood_params_init(&c->params);
    c->arena = ct_arena_new(1 << 16, 0);
    ct_err err = c->arena ? keep_paths(c, path) : CT_NOMEM;
    if (err == CT_OK) err = ct_json_read_file(&document, path, CT_CASE_MAX_BYTES);
    if (err == CT_OK) err = ct_context(read_document(c, document), "%s", path);
    json_decref(document);
    if (err != CT_OK) {
        ct_flood_case_free(c);
        return err;
    }
    *out = c;
    return CT_OK;
}

void ct_flood_case_free(ct_flood_case *flood_case) {
    if (!flood_case) return;
    for (size_t i = 0; i < flood_case->n_checks; i++) {
        ct_formula_free(flood_case->checks[i].formula);
        ct_formula_free(flood_case->checks[i].where);
    }
    ct_street_close(flood_case->street);
    ct_case__drains_free(flood_case);
    ct_arena_free(flood_case->arena);
    ct_free(flood_case);
}
