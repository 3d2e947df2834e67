// The rain of a case, everywhere the same, by gauges or by a radar's grid; and what the ground
// takes of it.
#include <math.h>
#include <stdio.h>

#include "results/raster_file.h"
#include "sim/cases/case_private.h"
#include "sim/core/storm.h"
#include "sim/flood/soil_read.h"

#define MM_H       (1e-3 / 3600)
#define MAX_MM_H   1e6
#define MAX_GAUGES 10000
#define MAX_FRAMES 10000
#define MAX_LOOKS  1e10              // gauges times cells
#define MAX_VALUES ((size_t)1 << 26) // frames times zones

static ct_err read_storm(ct_flood_series *out, ct_flood_case *c, const json_t *json,
                         const char *where) {
    ct_storm storm;
    CT_TRY(ct_storm_read(&storm, json, where));
    const size_t n = ct_storm_steps(&storm);
    double *time_s = ct_arena_calloc(c->arena, n + 1, sizeof *time_s);
    double *rate_ms = ct_arena_calloc(c->arena, n + 1, sizeof *rate_ms);
    if (!time_s || !rate_ms) return CT_NOMEM;
    for (size_t i = 0; i <= n; i++) {
        time_s[i] = ct_storm_time_s(&storm, i);
        rate_ms[i] = i < n ? ct_storm_intensity_ms(&storm, i) : 0;
    }
    *out = (ct_flood_series){n + 1, time_s, rate_ms};
    return CT_OK;
}

// {"intensity_mm_h": series} or {"storm": storm}.
static ct_err read_intensity(ct_flood_series *out, ct_flood_case *c, const json_t *json,
                             const char *where) {
    const json_t *intensity = json_object_get(json, "intensity_mm_h"),
                 *storm = json_object_get(json, "storm");
    char name[64];
    if (!intensity == !storm)
        return ct_fail(CT_PARSE, "%s: one of \"intensity_mm_h\" and \"storm\" is needed", where);
    (void)snprintf(name, sizeof name, "%s.%s", where, storm ? "storm" : "intensity_mm_h");
    return storm ? read_storm(out, c, storm, name)
                 : ct_case__series(out, c, intensity, name, MM_H, 0, MAX_MM_H);
}

static ct_err make_zones(ct_flood_case *c, size_t count, uint16_t **zone,
                         ct_flood_series **series) {
    *zone = ct_arena_alloc(c->arena, (size_t)c->shape.nx * c->shape.ny * sizeof **zone);
    *series = ct_arena_calloc(c->arena, count, sizeof **series);
    if (!*zone || !*series) return CT_NOMEM;
    c->params.rain_zone = *zone;
    c->params.zone_rain = *series;
    c->params.zone_count = count;
    return CT_OK;
}

// ---- gauges -------------------------------------------------------------------------------------
typedef struct gauge {
    double x_m, y_m;
} gauge;

static ct_err read_gauge(gauge *out, ct_flood_series *series, ct_flood_case *c, const json_t *json,
                         size_t index) {
    static const char *const allowed[] = {"name", "x_m", "y_m", "intensity_mm_h", "storm", NULL};
    char where[40];
    (void)snprintf(where, sizeof where, "rain.gauges[%zu]", index);
    CT_TRY(ct_json_only(json, allowed, where));
    const char *name;
    CT_TRY(ct_json_string_or(&name, json, "name", NULL, where));
    CT_TRY(ct_json_get_number(&out->x_m, json, "x_m", -1e9, 1e9, where));
    CT_TRY(ct_json_get_number(&out->y_m, json, "y_m", -1e9, 1e9, where));
    return read_intensity(series, c, json, where);
}

// The nearest; of equally near ones the first.
static size_t nearest(const gauge *gauges, size_t n, double x, double y) {
    size_t best = 0;
    double least = HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        const double dx = gauges[k].x_m - x, dy = gauges[k].y_m - y, away = dx * dx + dy * dy;
        if (away < least) {
            least = away;
            best = k;
        }
    }
    return best;
}

static ct_err read_gauges(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    uint16_t *zone;
    ct_flood_series *series;
    if (!json_is_array(list) || n == 0 || n > MAX_GAUGES)
        return ct_fail(CT_PARSE, "rain.gauges: not a list of 1 to %d", MAX_GAUGES);
    if ((double)n * c->shape.nx * c->shape.ny > MAX_LOOKS)
        return ct_fail(CT_LIMIT,
                       "rain.gauges: %zu for %u x %u cells are too many to tell the nearest", n,
                       c->shape.nx, c->shape.ny);
    gauge *gauges = ct_arena_calloc(c->arena, n, sizeof *gauges);
    if (!gauges) return CT_NOMEM;
    CT_TRY(make_zones(c, n, &zone, &series));
    for (size_t k = 0; k < n; k++)
        CT_TRY(read_gauge(&gauges[k], &series[k], c, json_array_get(list, k), k));
    for (uint32_t row = 0; row < c->shape.ny; row++) {
        for (uint32_t column = 0; column < c->shape.nx; column++) {
            zone[(size_t)row * c->shape.nx + column] = (uint16_t)nearest(
                gauges, n, ct_grid_x(&c->shape, column), ct_grid_y(&c->shape, row));
        }
    }
    return CT_OK;
}

// ---- a radar's grid -----------------------------------------------------------------------------
// The zones are those cells of the radar's grid that hold centres of the case's.
typedef struct radar {
    ct_grid shape; // of all frames; v is NULL
    double factor, otherwise;
    size_t frames, zones;
    size_t *cell;   // of the radar's grid, of each zone
    double *time_s; // of each frame
    double *values; // zone by zone
} radar;

static ct_err read_frame(ct_grid *out, ct_flood_case *c, const json_t *json, double *time_s,
                         const char *where) {
    static const char *const allowed[] = {"time_s", "raster", NULL};
    const char *name, *path;
    CT_TRY(ct_json_only(json, allowed, where));
    CT_TRY(ct_json_get_number(time_s, json, "time_s", -1e9, 1e9, where));
    CT_TRY(ct_json_get_string(&name, json, "raster", where));
    CT_TRY(ct_case__beside(&path, c, name));
    return ct_context(ct_raster_read(out, path, c->crs, NULL), "%s", where);
}

// Numbers the radar's cells that are seen, in the order of the case's cells.
static ct_err find_zones(radar *r, ct_flood_case *c, uint16_t *zone, uint32_t *number) {
    for (uint32_t row = 0; row < c->shape.ny; row++) {
        for (uint32_t column = 0; column < c->shape.nx; column++) {
            const double x = ct_grid_x(&c->shape, column), y = ct_grid_y(&c->shape, row);
            const int64_t cell = ct_grid_cell_at(&r->shape, x, y);
            if (cell < 0)
                return ct_fail(CT_RANGE, "rain.grid: the rasters do not reach x %g, y %g", x, y);
            if (number[cell] == 0) {
                if (r->zones == CT_FLOOD_MAX_ZONES)
                    return ct_fail(CT_LIMIT,
                                   "rain.grid: over %d of the rasters' cells lie on the case's",
                                   CT_FLOOD_MAX_ZONES);
                r->cell[r->zones++] = (size_t)cell;
                number[cell] = (uint32_t)r->zones;
            }
            zone[(size_t)row * c->shape.nx + column] = (uint16_t)(number[cell] - 1);
        }
    }
    return CT_OK;
}

static ct_err start_radar(radar *r, ct_flood_case *c, uint16_t *zone) {
    const size_t cells = (size_t)r->shape.nx * r->shape.ny;
    const size_t most = cells < CT_FLOOD_MAX_ZONES ? cells : CT_FLOOD_MAX_ZONES;
    uint32_t *number = ct_arena_calloc(c->arena, cells, sizeof *number);
    r->cell = ct_arena_calloc(c->arena, most, sizeof *r->cell);
    if (!number || !r->cell) return CT_NOMEM;
    CT_TRY(find_zones(r, c, zone, number));
    if (r->zones * r->frames > MAX_VALUES)
        return ct_fail(CT_LIMIT, "rain.grid: %zu frames of %zu cells are more than %zu values",
                       r->frames, r->zones, MAX_VALUES);
    r->time_s = ct_arena_calloc(c->arena, r->frames, sizeof *r->time_s);
    r->values = ct_arena_calloc(c->arena, r->frames * r->zones, sizeof *r->values);
    return r->time_s && r->values ? CT_OK : CT_NOMEM;
}

static ct_err keep_frame(radar *r, const ct_grid *frame, size_t index, const char *where) {
    if (frame->nx != r->shape.nx || frame->ny != r->shape.ny || frame->cell_m != r->shape.cell_m ||
        frame->west_m != r->shape.west_m || frame->north_m != r->shape.north_m)
        return ct_fail(CT_RANGE, "%s: its cells are not those of the first frame", where);
    for (size_t k = 0; k < r->zones; k++) {
        const float v = frame->v[r->cell[k]];
        const double mm_h = isnan(v) ? r->otherwise : (double)v * r->factor;
        if (!(mm_h >= 0 && mm_h <= MAX_MM_H))
            return ct_fail(CT_RANGE, "%s: %g mm/h at row %zu, column %zu of the raster", where,
                           mm_h, r->cell[k] / r->shape.nx, r->cell[k] % r->shape.nx);
        r->values[k * r->frames + index] = mm_h * MM_H;
    }
    return CT_OK;
}

static ct_err read_frames(radar *r, ct_flood_case *c, const json_t *list, uint16_t *zone) {
    for (size_t i = 0; i < r->frames; i++) {
        ct_grid frame;
        double time_s;
        char where[40];
        (void)snprintf(where, sizeof where, "rain.grid.frames[%zu]", i);
        CT_TRY(read_frame(&frame, c, json_array_get(list, i), &time_s, where));
        ct_err err = CT_OK;
        if (i == 0) {
            r->shape = frame;
            r->shape.v = NULL;
            err = start_radar(r, c, zone);
        } else if (time_s <= r->time_s[i - 1]) {
            err = ct_fail(CT_RANGE, "%s.time_s: %g does not come after the frame before it", where,
                          time_s);
        }
        if (err == CT_OK) err = keep_frame(r, &frame, i, where);
        if (err == CT_OK) r->time_s[i] = time_s;
        ct_grid_free(&frame);
        CT_TRY(err);
    }
    return CT_OK;
}

static ct_err read_grid(ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"frames", "value_factor", "nodata_mm_h", NULL};
    const json_t *list = json_object_get(json, "frames");
    radar r = {.frames = json_array_size(list)};
    CT_TRY(ct_json_only(json, allowed, "rain.grid"));
    CT_TRY(ct_json_number_or(&r.factor, json, "value_factor", 1, 0, 1e9, "rain.grid"));
    CT_TRY(ct_json_number_or(&r.otherwise, json, "nodata_mm_h", NAN, 0, MAX_MM_H, "rain.grid"));
    if (!json_is_array(list) || r.frames == 0 || r.frames > MAX_FRAMES)
        return ct_fail(CT_PARSE, "rain.grid.frames: not a list of 1 to %d", MAX_FRAMES);
    uint16_t *zone = ct_arena_alloc(c->arena, (size_t)c->shape.nx * c->shape.ny * sizeof *zone);
    if (!zone) return CT_NOMEM;
    CT_TRY(read_frames(&r, c, list, zone));
    ct_flood_series *series = ct_arena_calloc(c->arena, r.zones, sizeof *series);
    if (!series) return CT_NOMEM;
    for (size_t k = 0; k < r.zones; k++)
        series[k] = (ct_flood_series){r.frames, r.time_s, r.values + k * r.frames};
    c->params.rain_zone = zone;
    c->params.zone_rain = series;
    c->params.zone_count = r.zones;
    return CT_OK;
}

// ---- all kinds ----------------------------------------------------------------------------------
ct_err ct_case__rain(ct_flood_case *c, const json_t *rain) {
    static const char *const allowed[] = {"intensity_mm_h", "storm",  "gauges",
                                          "grid",           "factor", NULL};
    if (!rain) return CT_OK;
    CT_TRY(ct_json_only(rain, allowed, "rain"));
    const json_t *gauges = json_object_get(rain, "gauges"), *grid = json_object_get(rain, "grid"),
                 *factor = json_object_get(rain, "factor");
    int kinds = 0;
    for (int i = 0; i < 4; i++) kinds += json_object_get(rain, allowed[i]) != NULL;
    if (kinds != 1)
        return ct_fail(
            CT_PARSE,
            "rain: one of \"intensity_mm_h\", \"storm\", \"gauges\" and \"grid\" is needed");
    CT_TRY(gauges ? read_gauges(c, gauges)
           : grid ? read_grid(c, grid)
                  : read_intensity(&c->params.rain, c, rain, "rain"));
    if (!factor) return CT_OK;
    double *field = NULL;
    CT_TRY(ct_case__field(&field, c, factor, "rain.factor", 0, 1e3));
    c->params.rain_factor = field;
    return CT_OK;
}

static ct_err read_soils(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    if (!json_is_array(list) || n == 0 || n > CT_FLOOD_MAX_SOILS)
        return ct_fail(CT_PARSE, "infiltration.soils: not a list of 1 to %d", CT_FLOOD_MAX_SOILS);
    ct_flood_soil *soils = ct_arena_calloc(c->arena, n, sizeof *soils);
    if (!soils) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        char where[48];
        (void)snprintf(where, sizeof where, "infiltration.soils[%zu]", i);
        CT_TRY(ct_flood_soil_read(&soils[i], json_array_get(list, i), where));
    }
    c->params.soils = soils;
    c->params.soil_count = n;
    return CT_OK;
}

ct_err ct_case__infiltration(ct_flood_case *c, const json_t *json) {
    static const char *const allowed[] = {"soils", "soil", NULL};
    if (!json) return CT_OK;
    CT_TRY(ct_json_only(json, allowed, "infiltration"));
    CT_TRY(read_soils(c, json_object_get(json, "soils")));
    const size_t n = (size_t)c->shape.nx * c->shape.ny;
    double *field = NULL;
    const json_t *which = json_object_get(json, "soil");
    if (which) {
        CT_TRY(
            ct_case__field(&field, c, which, "infiltration.soil", 0, (double)c->params.soil_count));
    }
    uint8_t *soil = ct_arena_alloc(c->arena, n);
    if (!soil) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (field && field[i] != floor(field[i]))
            return ct_fail(CT_RANGE, "infiltration.soil: %g at row %zu, column %zu is not whole",
                           field[i], i / c->shape.nx, i % c->shape.nx);
        soil[i] = field ? (uint8_t)field[i] : 1;
    }
    c->params.soil = soil;
    return CT_OK;
}
