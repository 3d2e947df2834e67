// Controls that move while a flood runs: crests of walls and values of edges.
#include <math.h>
#include <string.h>

#include "sim/flood/state.h"

// Sets one sill; the face of a building or of a closed edge stays closed.
static ct_err set_crest(ct_flood *f, bool along_x, size_t face, double crest) {
    size_t nx = f->nx, ny = f->ny, count = along_x ? ny * (nx + 1) : (ny + 1) * nx;
    if (face >= count) {
        return ct_fail(CT_RANGE, "flood: crest_%c: no face %zu, there are %zu", along_x ? 'x' : 'y',
                       face, count);
    }
    size_t row = along_x ? face / (nx + 1) : face / nx;
    size_t column = along_x ? face % (nx + 1) : face % nx;
    bool first = along_x ? column == 0 : row == 0;
    bool last = along_x ? column == nx : row == ny;
    bool closed = false;
    if (first || last) {
        ct_flood_side side = along_x ? (first ? CT_FLOOD_LEFT : CT_FLOOD_RIGHT)
                                     : (first ? CT_FLOOD_TOP : CT_FLOOD_BOTTOM);
        closed = f->rim[side].edge[along_x ? row : column] < 0;
    }
    size_t after = row * nx + column, before = after - (along_x ? 1 : nx);
    if (first) before = after;
    if (last) after = before;
    if (f->blocked && (f->blocked[before] || f->blocked[after])) closed = true;
    double *sill = along_x ? &f->sill_x[face] : &f->sill_y[face];
    double height = closed ? HUGE_VAL : ct_flood__sill(f, f->z[before], f->z[after], crest);
    if (!closed && !first && !last) {
        bool wall = height > fmax(f->z[before], f->z[after]);
        CT_TRY(ct_surface_set_crest(f->surface, along_x, face, wall ? height : (double)NAN));
    }
    *sill = height;
    return CT_OK;
}

static ct_err set_edge(ct_flood *f, size_t index, double value) {
    if (index >= f->edge_count) {
        return ct_fail(CT_RANGE, "flood: edge: no edge %zu, there are %zu", index, f->edge_count);
    }
    ct_flood__edge *edge = &f->edges[index];
    bool level = edge->kind == CT_FLOOD_LEVEL;
    if (!level && edge->kind != CT_FLOOD_INFLOW) {
        return ct_fail(CT_RANGE, "flood: edge: edge %zu has neither level nor inflow", index);
    }
    if (value < (level ? -1e5 : 0) || value > (level ? 1e5 : 1e6)) {
        return ct_fail(CT_RANGE, "flood: edge: %g for edge %zu is out of range", value, index);
    }
    edge->override = value;
    return CT_OK;
}

static ct_err check_source(const ct_flood *f, size_t index, double value) {
    if (index >= f->source_count) {
        return ct_fail(CT_RANGE, "flood: source: no source %zu, there are %zu", index,
                       f->source_count);
    }
    if (fabs(value) > 1e6) {
        return ct_fail(CT_RANGE, "flood: source: %g for source %zu is out of range", value, index);
    }
    return CT_OK;
}

// A new outside may send in faster waves than the last step saw.
static void look_outside(ct_flood *f) {
    f->wave_ms = fmax(f->wave_ms, ct_flood__edges_wave(f, f->time_s));
    f->wave_ms = ct_flood__sources_wave(f, f->time_s, f->wave_ms);
}

ct_err ct_flood_set_sources(ct_flood *flood, size_t first, size_t count, const double *m3s) {
    for (size_t k = 0; k < count; k++) CT_TRY(check_source(flood, first + k, m3s[k]));
    for (size_t k = 0; k < count; k++) flood->sources[first + k].override = m3s[k];
    look_outside(flood);
    return CT_OK;
}

ct_err ct_flood_set(ct_flood *flood, const char *control, size_t index, double value) {
    ct_err err = CT_OK;
    if (strcmp(control, "crest_x") == 0) {
        err = set_crest(flood, true, index, value);
    } else if (strcmp(control, "crest_y") == 0) {
        err = set_crest(flood, false, index, value);
    } else if (strcmp(control, "edge") == 0) {
        err = set_edge(flood, index, value);
    } else if (strcmp(control, "source") == 0) {
        err = check_source(flood, index, value);
        if (err == CT_OK) flood->sources[index].override = value;
    } else {
        err = ct_fail(CT_NOTFOUND, "flood: no control \"%s\"", control);
    }
    if (err == CT_OK) look_outside(flood);
    return err;
}
