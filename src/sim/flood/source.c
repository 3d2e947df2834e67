// Sources and what a coupling puts in and takes out: water that comes up in the model or leaves it
// there, between steps of the surface.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/flood/face.h"
#include "sim/flood/state.h"

static int by_number(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

// Several sources may lie in one cell.
static ct_err find_spots(ct_flood *f) {
    size_t total = 0, n = 0;
    for (size_t s = 0; s < f->source_count; s++) total += f->sources[s].count;
    f->spot_cells = ct_calloc(total + 1, sizeof *f->spot_cells);
    f->spot_ms = ct_calloc(total + 1, sizeof *f->spot_ms);
    if (!f->spot_cells || !f->spot_ms) return CT_NOMEM;
    for (size_t s = 0; s < f->source_count; s++)
        for (size_t k = 0; k < f->sources[s].count; k++)
            f->spot_cells[n++] = f->sources[s].cells[k];
    qsort(f->spot_cells, n, sizeof *f->spot_cells, by_number);
    for (size_t i = 0; i < n; i++)
        if (f->spot_count == 0 || f->spot_cells[i] != f->spot_cells[f->spot_count - 1])
            f->spot_cells[f->spot_count++] = f->spot_cells[i];
    for (size_t s = 0; s < f->source_count; s++) {
        ct_flood__source *source = &f->sources[s];
        source->spots = ct_alloc(source->count * sizeof *source->spots);
        if (!source->spots) return CT_NOMEM;
        for (size_t k = 0; k < source->count; k++) {
            const uint32_t *spot = bsearch(&source->cells[k], f->spot_cells, f->spot_count,
                                           sizeof *f->spot_cells, by_number);
            source->spots[k] = (uint32_t)(spot - f->spot_cells);
        }
    }
    return CT_OK;
}

ct_err ct_flood__sources_fill(ct_flood *f, const ct_flood_params *p) {
    f->sources = ct_calloc(p->source_count ? p->source_count : 1, sizeof *f->sources);
    if (!f->sources) return CT_NOMEM;
    f->source_count = p->source_count;
    for (size_t s = 0; s < p->source_count; s++) {
        const ct_flood_source *in = &p->sources[s];
        ct_flood__source *out = &f->sources[s];
        out->override = (double)NAN;
        out->cells = ct_alloc(in->cell_count * sizeof *out->cells);
        if (!out->cells) return CT_NOMEM;
        memcpy(out->cells, in->cells, in->cell_count * sizeof *out->cells);
        out->count = in->cell_count;
        CT_TRY(ct_curve_copy(&out->discharge, in->discharge.time_s, in->discharge.value,
                             in->discharge.count));
    }
    return find_spots(f);
}

void ct_flood__sources_free(ct_flood *f) {
    for (size_t s = 0; s < f->source_count; s++) {
        ct_free(f->sources[s].cells);
        ct_free(f->sources[s].spots);
        ct_curve_free(&f->sources[s].discharge);
    }
    ct_free(f->sources);
    ct_free(f->spot_cells);
    ct_free(f->spot_ms);
}

// The mean discharge from now to end_s.
static double mean_m3s(const ct_flood *f, const ct_flood__source *s, double end_s) {
    if (!isnan(s->override)) return s->override;
    return s->discharge.count ? ct_curve_mean(&s->discharge, f->time_s, end_s) : 0;
}

static double area_of(const ct_flood *f) {
    return f->cell_m * f->cell_m;
}

static void book(ct_sum *in_m3, ct_sum *out_m3, double volume_m3) {
    ct_sum_add(volume_m3 > 0 ? in_m3 : out_m3, fabs(volume_m3));
}

void ct_flood__sources_pour(ct_flood *f, double dt_s, double end_s) {
    for (size_t i = 0; i < f->source_count; i++) {
        ct_flood__source *s = &f->sources[i];
        double depth_m = mean_m3s(f, s, end_s) * dt_s / (area_of(f) * (double)s->count);
        if (depth_m == 0) continue;
        for (size_t k = 0; k < s->count; k++) {
            double done_m = ct_surface_put(f->surface, s->cells[k], depth_m);
            book(&s->in_m3, &s->out_m3, done_m * area_of(f));
        }
    }
}

void ct_flood__sources_pour_starting(ct_flood *f, double end_s) {
    for (size_t i = 0; i < f->source_count; i++) {
        ct_flood__source *s = &f->sources[i];
        const double rate_ms = mean_m3s(f, s, end_s) / (area_of(f) * (double)s->count);
        for (size_t k = 0; rate_ms != 0 && k < s->count; k++) {
            const double dt_s = ct_surface_starts(f->surface, s->cells[k]);
            if (!(dt_s > 0)) continue;
            const double done_m = ct_surface_put(f->surface, s->cells[k], rate_ms * dt_s);
            book(&s->in_m3, &s->out_m3, done_m * area_of(f));
        }
    }
}

// The largest discharge within a time from now.
static double largest_m3s(const ct_flood__source *s, double from_s, double to_s) {
    if (!isnan(s->override)) return s->override;
    const ct_curve *c = &s->discharge;
    if (c->count == 0) return 0;
    double largest = fmax(ct_curve_at(c, from_s), ct_curve_at(c, to_s));
    for (double x = ct_curve_next(c, from_s); x < to_s; x = ct_curve_next(c, x))
        largest = fmax(largest, ct_curve_at(c, x));
    return largest;
}

// A step that cell / wave allows adds rate * cfl * cell / wave of depth; the wave on what is there
// then is w = speed + (g (h + rate cfl cell / w))^(1/2), of which this is an upper bound.
static double wave_with(const ct_flood *f, const ct_surface_cell *c, double rate_ms) {
    const double g = CT_FLOOD_GRAVITY;
    double still = sqrt(g * c->depth_m), wave = fmax(fabs(c->u_ms), fabs(c->v_ms)) + still;
    double strength = g * rate_ms * f->cfl * f->cell_m;
    double rise = cbrt(strength);
    if (still > 0) rise = fmin(rise, strength / (wave * 2 * still));
    return wave + rise;
}

// What all sources together bring into each spot, at most, m/s.
static void find_spot_rates(const ct_flood *f, double time_s, double until_s) {
    for (size_t i = 0; i < f->spot_count; i++) f->spot_ms[i] = 0;
    for (size_t i = 0; i < f->source_count; i++) {
        const ct_flood__source *s = &f->sources[i];
        double rate_ms = largest_m3s(s, time_s, until_s) / (area_of(f) * (double)s->count);
        if (!(rate_ms > 0)) continue;
        for (size_t k = 0; k < s->count; k++) f->spot_ms[s->spots[k]] += rate_ms;
    }
}

void ct_flood__sources_raise(const ct_flood *f, double end_s) {
    find_spot_rates(f, f->time_s, end_s);
    for (size_t i = 0; i < f->spot_count; i++) {
        if (!(f->spot_ms[i] > 0)) continue;
        const ct_surface_cell c = ct_surface_look(f->surface, f->spot_cells[i]);
        ct_surface_raise(f->surface, f->spot_cells[i], wave_with(f, &c, f->spot_ms[i]));
    }
}

double ct_flood__sources_wave(const ct_flood *f, double time_s, double wave_ms) {
    find_spot_rates(f, time_s, time_s + f->cfl * f->cell_m / wave_ms);
    for (size_t i = 0; i < f->spot_count; i++) {
        if (!(f->spot_ms[i] > 0)) continue;
        ct_surface_cell c = ct_surface_look(f->surface, f->spot_cells[i]);
        wave_ms = fmax(wave_ms, wave_with(f, &c, f->spot_ms[i]));
    }
    return wave_ms;
}

ct_err ct_flood_source_get(const ct_flood *flood, size_t source, double *in_m3, double *out_m3) {
    if (source >= flood->source_count) {
        return ct_fail(CT_RANGE, "flood: no source %zu, there are %zu", source,
                       flood->source_count);
    }
    *in_m3 = ct_sum_value(&flood->sources[source].in_m3);
    *out_m3 = ct_sum_value(&flood->sources[source].out_m3);
    return CT_OK;
}

// ---- coupling -----------------------------------------------------------------------------------
static ct_err check_cell(const ct_flood *f, size_t cell) {
    if (cell < f->cells) return CT_OK;
    return ct_fail(CT_RANGE, "flood: no cell %zu, there are %zu", cell, f->cells);
}

ct_err ct_flood_look(const ct_flood *flood, size_t cell, ct_flood_spot *out) {
    CT_TRY(check_cell(flood, cell));
    const ct_flood *f = flood;
    ct_surface_cell c = {0, 0, 0};
    double held_m = 0;
    if (!(f->blocked && f->blocked[cell])) {
        c = ct_surface_look(f->surface, cell);
        held_m = ct_surface_held(f->surface, cell);
    }
    *out = (ct_flood_spot){f->z[cell], held_m, c.u_ms, c.v_ms, held_m * area_of(f)};
    return CT_OK;
}

ct_err ct_flood_put(ct_flood *flood, size_t cell, double volume_m3, double *done_m3) {
    CT_TRY(check_cell(flood, cell));
    if (flood->blocked && flood->blocked[cell]) {
        return ct_fail(CT_RANGE, "flood: put: row %zu, column %zu is a building", cell / flood->nx,
                       cell % flood->nx);
    }
    double depth_m = volume_m3 / area_of(flood);
    if (!(ct_surface_held(flood->surface, cell) + depth_m <= 1e4)) {
        return ct_fail(CT_RANGE, "flood: put: %g m3 into row %zu, column %zu", volume_m3,
                       cell / flood->nx, cell % flood->nx);
    }
    *done_m3 = ct_surface_put(flood->surface, cell, depth_m) * area_of(flood);
    book(&flood->exchange_in_m3, &flood->exchange_out_m3, *done_m3);
    ct_surface_cell c = ct_surface_look(flood->surface, cell);
    double wave = fmax(fabs(c.u_ms), fabs(c.v_ms)) + sqrt(CT_FLOOD_GRAVITY * c.depth_m);
    flood->wave_ms = fmax(flood->wave_ms, wave);
    return CT_OK;
}
