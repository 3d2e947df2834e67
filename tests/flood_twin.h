// A small twin for tests of the flood's domain and of scenarios: ground by a function, features by
// a line each, in metres from the south-western corner of the ground.
#ifndef TESTS_FLOOD_TWIN_H
#define TESTS_FLOOD_TWIN_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "new_twin.h"
#include "results/raster_file.h"
#include "scratch.h"
#include "store/store.h"

#define FT_CRS   "EPSG:4547"
#define FT_WEST  500000.0
#define FT_SOUTH 3380000.0

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)
#define message_has(text)                                                                          \
    do {                                                                                           \
        if (!strstr(ct_err_message(), text))                                                       \
            fail_msg("\"%s\" is not in the message \"%s\"", text, ct_err_message());               \
    } while (0)

typedef struct flood_twin {
    char folder[128], path[160];
    ct_catalogue *catalogue;
    ct_store *store;
} flood_twin;

// Ground of nx by ny cells of cell_m; row 0 is the northernmost.
static inline void flood_twin_ground(const flood_twin *t, uint32_t nx, uint32_t ny, double cell_m,
                                     double (*height_m)(uint32_t row, uint32_t column)) {
    ct_grid grid;
    ok(ct_grid_new(&grid, nx, ny, FT_WEST, FT_SOUTH + ny * cell_m, cell_m, 0));
    for (uint32_t r = 0; r < ny; r++)
        for (uint32_t c = 0; c < nx; c++) grid.v[(size_t)r * nx + c] = (float)height_m(r, c);
    char *folder = ct_store_file(t->store, "terrain"), *path = ct_path_join(folder, "ground.tif");
    ok(ct_dir_make(folder));
    ok(ct_raster_write(path, &grid, FT_CRS, "ground", "m"));
    ct_free(path);
    ct_free(folder);
    ct_grid_free(&grid);
}

static inline void flood_twin_make(flood_twin *t, uint32_t nx, uint32_t ny, double cell_m,
                                   double (*height_m)(uint32_t row, uint32_t column)) {
    scratch_make(t->folder);
    snprintf(t->path, sizeof t->path, "%s/twin.ct", t->folder);
    ok(ct_catalogue_load(&t->catalogue, NULL));
    new_twin(t->path, FT_CRS, "Test twin", t->catalogue);
    ok(ct_store_open(&t->store, t->path, t->catalogue));
    if (height_m) flood_twin_ground(t, nx, ny, cell_m, height_m);
}

static inline void flood_twin_end(flood_twin *t) {
    ct_store_close(t->store);
    ct_catalogue_free(t->catalogue);
    scratch_remove(t->folder);
}

static inline json_t *flood_twin_json(const char *text) {
    json_t *value = NULL;
    if (ct_json_parse(&value, text, strlen(text), 1 << 20) != CT_OK)
        fail_msg("%s in %s", ct_err_message(), text);
    return value;
}

static inline json_t *flood_twin_point(double x, double y) {
    return json_pack("[f,f]", FT_WEST + x, FT_SOUTH + y);
}

static inline json_t *flood_twin_edit(const char *cls, const char *id, json_t *geometry,
                                      const char *properties) {
    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "op", "add", "class", cls, "id", id, "crs",
                     FT_CRS, "geometry", geometry, "properties",
                     flood_twin_json(properties ? properties : "{}"));
}

// An edit that adds a line through n points; one that adds a rectangle.
static inline json_t *flood_twin_line(const char *cls, const char *id, size_t n, const double *xy,
                                      const char *properties) {
    json_t *points = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(points, flood_twin_point(xy[2 * i], xy[2 * i + 1]));
    return flood_twin_edit(
        cls, id, json_pack("{s:s,s:o}", "type", "LineString", "coordinates", points), properties);
}

static inline json_t *flood_twin_box(const char *cls, const char *id, double x0, double y0,
                                     double x1, double y1, const char *properties) {
    json_t *ring =
        json_pack("[o,o,o,o,o]", flood_twin_point(x0, y0), flood_twin_point(x1, y0),
                  flood_twin_point(x1, y1), flood_twin_point(x0, y1), flood_twin_point(x0, y0));
    return flood_twin_edit(
        cls, id, json_pack("{s:s,s:[o]}", "type", "Polygon", "coordinates", ring), properties);
}

// Takes the array.
static inline ct_changeset *flood_twin_set(const flood_twin *t, json_t *edits) {
    ct_changeset *set = NULL;
    if (ct_changeset_parse(&set, t->catalogue, edits, FT_CRS) != CT_OK)
        fail_msg("%s", ct_err_message());
    json_decref(edits);
    return set;
}

// Stores the one edit, or all of an array; takes it.
static inline void flood_twin_store(const flood_twin *t, json_t *edits) {
    if (!json_is_array(edits)) edits = json_pack("[o]", edits);
    ct_changeset *set = flood_twin_set(t, edits);
    int64_t version;
    if (ct_store_apply(t->store, set, "test", &version) != CT_OK) fail_msg("%s", ct_err_message());
    ct_changeset_free(set);
}

#endif
