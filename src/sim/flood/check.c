// What must hold of the parameters before anything is made: sizes, ranges, and where the first bad
// value sits.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/flood/state.h"

// Every value within [low, high]; NaN passes only where nan_ok.
static ct_err check_array(const char *name, const double *values, size_t rows, size_t columns,
                          double low, double high, bool nan_ok) {
    if (!values) return CT_OK;
    for (size_t i = 0; i < rows * columns; i++) {
        if (values[i] >= low && values[i] <= high) continue;
        if (nan_ok && isnan(values[i])) continue;
        return ct_fail(CT_RANGE, "flood: %s: row %zu, column %zu: %g is not within %g and %g", name,
                       i / columns, i % columns, values[i], low, high);
    }
    return CT_OK;
}

static ct_err check_number(const char *name, double value, double low, double high) {
    if (value >= low && value <= high) return CT_OK;
    return ct_fail(CT_RANGE, "flood: %s: %g is not within %g and %g", name, value, low, high);
}

static ct_err check_series(const char *name, const ct_flood_series *series, double low,
                           double high) {
    if (series->count > 1000000) {
        return ct_fail(CT_LIMIT, "flood: %s: %zu entries, at most 1000000", name, series->count);
    }
    if (series->count > 0 && (!series->time_s || !series->value)) {
        return ct_fail(CT_ARG, "flood: %s: %zu entries, but no arrays", name, series->count);
    }
    for (size_t i = 0; i < series->count; i++) {
        double t = series->time_s[i], v = series->value[i];
        if (!isfinite(t) || (i > 0 && t <= series->time_s[i - 1])) {
            return ct_fail(CT_RANGE, "flood: %s: entry %zu: time %g s does not ascend", name, i, t);
        }
        if (!(v >= low && v <= high)) {
            return ct_fail(CT_RANGE, "flood: %s: entry %zu: %g is not within %g and %g", name, i, v,
                           low, high);
        }
    }
    return CT_OK;
}

static ct_err check_size(const ct_flood_params *p) {
    if (p->nx == 0 || p->ny == 0) {
        return ct_fail(CT_ARG, "flood: nx, ny: %" PRIu32 " x %" PRIu32 " cells", p->nx, p->ny);
    }
    if ((uint64_t)p->nx * p->ny > CT_FLOOD_MAX_CELLS) {
        return ct_fail(CT_LIMIT, "flood: nx, ny: %" PRIu32 " x %" PRIu32 " cells, at most %u",
                       p->nx, p->ny, CT_FLOOD_MAX_CELLS);
    }
    if (!(p->cell_m > 0 && p->cell_m <= 1e4)) {
        return ct_fail(CT_RANGE, "flood: cell_m: %g is not within 0 and 1e4", p->cell_m);
    }
    if (p->threads < 0 || p->threads > 1024) {
        return ct_fail(CT_RANGE, "flood: threads: %d is not within 0 and 1024", p->threads);
    }
    if ((unsigned)p->scheme >= CT_FLOOD_SCHEMES || (unsigned)p->precision >= CT_FLOOD_PRECISIONS) {
        return ct_fail(CT_RANGE, "flood: scheme %d with precision %d: no such pair", (int)p->scheme,
                       (int)p->precision);
    }
    uint64_t bytes = ct_surface_bytes(p->nx, p->ny, p->precision == CT_FLOOD_SINGLE);
    if (bytes > CT_FLOOD_MAX_TILE_BYTES) {
        return ct_fail(CT_LIMIT,
                       "flood: nx, ny: %" PRIu32 " x %" PRIu32 " cells take %" PRIu64
                       " bytes in tiles, at most %" PRIu64,
                       p->nx, p->ny, bytes, CT_FLOOD_MAX_TILE_BYTES);
    }
    if (!isfinite(p->start_s)) return ct_fail(CT_RANGE, "flood: start_s: %g", p->start_s);
    if (!p->bed_m) return ct_fail(CT_ARG, "flood: bed_m: missing");
    return CT_OK;
}

static ct_err check_level(const ct_flood_params *p) {
    const size_t nx = p->nx, ny = p->ny;
    if (!p->level_m) return CT_OK;
    if (p->depth_m) return ct_fail(CT_ARG, "flood: depth_m, level_m: one of them at most");
    CT_TRY(check_array("level_m", p->level_m, ny, nx, -1e5, 1e5, true));
    for (size_t i = 0; i < nx * ny; i++) {
        const double depth_m = p->level_m[i] - p->bed_m[i];
        if (depth_m > 1e4 && !(p->blocked && p->blocked[i])) {
            return ct_fail(
                CT_RANGE, "flood: level_m: row %zu, column %zu: %g m above the ground, at most 1e4",
                i / nx, i % nx, depth_m);
        }
    }
    return CT_OK;
}

static ct_err check_buildings(const ct_flood_params *p) {
    size_t cells = (size_t)p->nx * p->ny;
    for (size_t i = 0; p->blocked && i < cells; i++) {
        if (!p->blocked[i]) continue;
        size_t row = i / p->nx, column = i % p->nx;
        if (p->depth_m && p->depth_m[i] != 0) {
            return ct_fail(CT_RANGE, "flood: depth_m: row %zu, column %zu: %g in a blocked cell",
                           row, column, p->depth_m[i]);
        }
        int64_t to = p->roof_receiver ? p->roof_receiver[i] : -1;
        if (to == -1) continue;
        if (to < 0 || (uint64_t)to >= cells || p->blocked[to]) {
            return ct_fail(CT_RANGE,
                           "flood: roof_receiver: row %zu, column %zu: %" PRId64
                           " is no unblocked cell",
                           row, column, to);
        }
    }
    return CT_OK;
}

// `taken` has a byte for each entry of each side, zero where no run lies yet.
static ct_err check_edge(const ct_flood_params *p, size_t index, uint8_t *taken[CT_FLOOD_SIDES]) {
    const ct_flood_edge *edge = &p->edges[index];
    if ((unsigned)edge->side >= CT_FLOOD_SIDES || (unsigned)edge->kind > CT_FLOOD_INFLOW) {
        return ct_fail(CT_ARG, "flood: edges[%zu]: unknown side %d or kind %d", index,
                       (int)edge->side, (int)edge->kind);
    }
    uint32_t length = edge->side <= CT_FLOOD_RIGHT ? p->ny : p->nx;
    if (edge->first >= length || edge->count == 0 || edge->count > length - edge->first) {
        return ct_fail(CT_RANGE,
                       "flood: edges[%zu]: cells %" PRIu32 " and %" PRIu32
                       " more are not within the side's %" PRIu32,
                       index, edge->first, edge->count, length);
    }
    for (uint32_t k = edge->first; k < edge->first + edge->count; k++) {
        if (taken[edge->side][k]) {
            return ct_fail(CT_RANGE,
                           "flood: edges[%zu]: cell %" PRIu32 " is in another run already", index,
                           k);
        }
        taken[edge->side][k] = 1;
    }
    if (edge->kind == CT_FLOOD_CLOSED || edge->kind == CT_FLOOD_OPEN) return CT_OK;
    bool level = edge->kind == CT_FLOOD_LEVEL;
    ct_err err = edge->series.count == 0 ? ct_fail(CT_ARG, "flood: series: empty")
                                         : check_series(level ? "level" : "inflow", &edge->series,
                                                        level ? -1e5 : 0, level ? 1e5 : 1e6);
    return ct_context(err, "edges[%zu]", index);
}

static ct_err check_edges(const ct_flood_params *p) {
    if (p->edge_count == 0) return CT_OK;
    if (!p->edges) return ct_fail(CT_ARG, "flood: edges: %zu runs, but no array", p->edge_count);
    if (p->edge_count > 2 * ((size_t)p->nx + p->ny)) {
        return ct_fail(CT_LIMIT, "flood: edges: %zu runs, more than cells along the edge",
                       p->edge_count);
    }
    uint8_t *bytes = ct_calloc(2 * ((size_t)p->nx + p->ny), 1);
    if (!bytes) return CT_NOMEM;
    uint8_t *taken[CT_FLOOD_SIDES] = {bytes, bytes + p->ny, bytes + 2 * (size_t)p->ny,
                                      bytes + 2 * (size_t)p->ny + p->nx};
    ct_err err = CT_OK;
    for (size_t e = 0; e < p->edge_count && err == CT_OK; e++) err = check_edge(p, e, taken);
    ct_free(bytes);
    return err;
}

static ct_err check_source_cells(const ct_flood_params *p, const ct_flood_source *source) {
    for (size_t k = 0; k < source->cell_count; k++) {
        const uint32_t cell = source->cells[k];
        const uint32_t row = cell / p->nx, column = cell % p->nx;
        if ((uint64_t)cell >= (uint64_t)p->nx * p->ny) {
            return ct_fail(
                CT_RANGE, "flood: an inflow outside: cell %" PRIu32 " is none of the grid's", cell);
        }
        if (p->blocked && p->blocked[cell]) {
            return ct_fail(CT_RANGE,
                           "flood: an inflow outside: row %" PRIu32 ", column %" PRIu32
                           " is a building",
                           row, column);
        }
        if (k > 0 && cell <= source->cells[k - 1]) {
            return ct_fail(CT_RANGE, "flood: cells: entry %zu: %" PRIu32 " does not ascend", k,
                           cell);
        }
    }
    return check_series("discharge", &source->discharge, -1e6, 1e6);
}

static ct_err check_sources(const ct_flood_params *p) {
    if (p->source_count == 0) return CT_OK;
    if (!p->sources) {
        return ct_fail(CT_ARG, "flood: sources: %zu of them, but no array", p->source_count);
    }
    if (p->source_count > CT_FLOOD_MAX_SOURCES) {
        return ct_fail(CT_LIMIT, "flood: sources: %zu of them, at most %u", p->source_count,
                       CT_FLOOD_MAX_SOURCES);
    }
    for (size_t s = 0; s < p->source_count; s++) {
        const ct_flood_source *source = &p->sources[s];
        ct_err err = source->cell_count == 0 || !source->cells
                         ? ct_fail(CT_ARG, "flood: cells: none")
                         : check_source_cells(p, source);
        if (err != CT_OK) return ct_context(err, "sources[%zu]", s);
    }
    return CT_OK;
}

// One row or column has two faces a cell, unless something may pass along it.
static ct_err check_cfl(const ct_flood_params *p) {
    bool row = p->ny == 1, column = p->nx == 1;
    for (size_t e = 0; e < p->edge_count; e++) {
        if (p->edges[e].kind == CT_FLOOD_CLOSED) continue;
        if (p->edges[e].side <= CT_FLOOD_RIGHT) {
            column = false;
        } else {
            row = false;
        }
    }
    return check_number("cfl", p->cfl, 0, row || column ? 0.9 : 0.5);
}

static ct_err check_soil(const ct_flood_soil *s) {
    CT_TRY(check_number("capacity_m", s->capacity_m, 0, 1e4));
    switch (s->kind) {
    case CT_FLOOD_SOIL_CONSTANT: return check_number("rate_ms", s->rate_ms, 0, 1);
    case CT_FLOOD_SOIL_HORTON:
        CT_TRY(check_number("rate_ms", s->rate_ms, 0, 1));
        CT_TRY(check_number("initial_ms", s->initial_ms, s->rate_ms, 1));
        return check_number("decay_s", s->decay_s, 1e-9, 1);
    case CT_FLOOD_SOIL_GREEN_AMPT:
        CT_TRY(check_number("rate_ms", s->rate_ms, 0, 1));
        CT_TRY(check_number("suction_m", s->suction_m, 0, 100));
        return check_number("deficit", s->deficit, 0, 1);
    case CT_FLOOD_SOIL_CURVE_NUMBER:
        CT_TRY(check_number("curve_number", s->curve_number, 1, 100));
        return check_number("abstraction", s->abstraction, 0, 1);
    case CT_FLOOD_SOILS: break;
    }
    return ct_fail(CT_ARG, "flood: kind: unknown soil %d", (int)s->kind);
}

static ct_err check_soils(const ct_flood_params *p) {
    const size_t cells = (size_t)p->nx * p->ny;
    if (p->soil_count == 0) return CT_OK;
    if (!p->soil || !p->soils)
        return ct_fail(CT_ARG, "flood: soils: %zu, but no array", p->soil_count);
    if (p->soil_count > CT_FLOOD_MAX_SOILS)
        return ct_fail(CT_LIMIT, "flood: soils: %zu, at most %d", p->soil_count,
                       CT_FLOOD_MAX_SOILS);
    for (size_t i = 0; i < p->soil_count; i++)
        CT_TRY(ct_context(check_soil(&p->soils[i]), "soils[%zu]", i));
    for (size_t i = 0; i < cells; i++) {
        if (p->soil[i] <= p->soil_count || (p->blocked && p->blocked[i])) continue;
        return ct_fail(CT_RANGE, "flood: soil: row %zu, column %zu: %d of %zu soils", i / p->nx,
                       i % p->nx, p->soil[i], p->soil_count);
    }
    return CT_OK;
}

static ct_err check_zones(const ct_flood_params *p) {
    const size_t cells = (size_t)p->nx * p->ny;
    if (p->zone_count == 0) return CT_OK;
    if (!p->rain_zone || !p->zone_rain)
        return ct_fail(CT_ARG, "flood: zone_rain: %zu zones, but no array", p->zone_count);
    if (p->rain.count > 0) return ct_fail(CT_ARG, "flood: rain: beside that of zones");
    if (p->zone_count > CT_FLOOD_MAX_ZONES)
        return ct_fail(CT_LIMIT, "flood: zone_rain: %zu zones, at most %d", p->zone_count,
                       CT_FLOOD_MAX_ZONES);
    for (size_t k = 0; k < p->zone_count; k++)
        CT_TRY(ct_context(check_series("rain", &p->zone_rain[k], 0, 1), "zone_rain[%zu]", k));
    for (size_t i = 0; i < cells; i++) {
        if (p->rain_zone[i] < p->zone_count) continue;
        return ct_fail(CT_RANGE, "flood: rain_zone: row %zu, column %zu: %d of %zu zones",
                       i / p->nx, i % p->nx, p->rain_zone[i], p->zone_count);
    }
    return CT_OK;
}

ct_err ct_flood__check(const ct_flood_params *p) {
    CT_TRY(check_size(p));
    size_t nx = p->nx, ny = p->ny;
    CT_TRY(check_array("bed_m", p->bed_m, ny, nx, -1e5, 1e5, false));
    CT_TRY(check_array("depth_m", p->depth_m, ny, nx, 0, 1e4, false));
    CT_TRY(check_level(p));
    CT_TRY(check_array("velocity_x_ms", p->velocity_x_ms, ny, nx, -1e3, 1e3, false));
    CT_TRY(check_array("velocity_y_ms", p->velocity_y_ms, ny, nx, -1e3, 1e3, false));
    CT_TRY(check_array("manning", p->manning, ny, nx, 0, 10, false));
    CT_TRY(check_number("manning_uniform", p->manning_uniform, 0, 10));
    CT_TRY(check_array("crest_x_m", p->crest_x_m, ny, nx + 1, -HUGE_VAL, HUGE_VAL, true));
    CT_TRY(check_array("crest_y_m", p->crest_y_m, ny + 1, nx, -HUGE_VAL, HUGE_VAL, true));
    CT_TRY(check_array("rain_factor", p->rain_factor, ny, nx, 0, 1e3, false));
    CT_TRY(check_array("debris_factor", p->debris_factor, ny, nx, 0, 10, false));
    CT_TRY(check_series("rain", &p->rain, 0, 1));
    CT_TRY(check_buildings(p));
    CT_TRY(check_edges(p));
    CT_TRY(check_sources(p));
    CT_TRY(check_zones(p));
    CT_TRY(check_soils(p));
    return check_cfl(p);
}
