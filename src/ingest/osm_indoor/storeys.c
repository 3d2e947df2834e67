// The storeys of each inhabited building: the levels that its things are on or that its tags tell,
// and their heights.
#include <stdlib.h>
#include <string.h>

#include "ingest/osm_indoor/inside.h"

#define LEAST_STOREY_M 2.0 // height over levels that gives less or more is none of storeys
#define MOST_STOREY_M  10.0

// Numbers of a tag; NaN where it has none.
static double number_of(const ct_osm__element *e, const char *key) {
    const char *text = e ? ct_osm__get(e, key) : NULL;
    char *end;
    const double x = text ? strtod(text, &end) : (double)NAN;
    return text && *text && *end == '\0' && isfinite(x) ? x : (double)NAN;
}

// ---- which levels -------------------------------------------------------------------------------

static void add_range(ct_osm__levels *levels, double from, double to) {
    if (!(from >= CT_OSM__LOWEST) || !(to <= CT_OSM__HIGHEST)) return;
    for (double level = floor(from); level <= to; level++) (void)ct_osm__levels_add(levels, level);
}

// min_level and max_level tell them; else the numbers of levels over and under the ground. Those
// that do not exist are no floors: numbers that people leave out.
static void stated_levels(ct_osm__levels *out, ct_osm__levels *missing, const ct_osm__element *e) {
    const char *none = e ? ct_osm__get(e, "non_existent_levels") : NULL;
    const double low = number_of(e, "min_level"), high = number_of(e, "max_level");
    const double above = number_of(e, "building:levels");
    const double below = number_of(e, "building:levels:underground");
    const double raised = number_of(e, "building:min_level");
    out->n = missing->n = 0;
    if (none) (void)ct_osm__levels_read(missing, none);
    if (isfinite(low) || isfinite(high)) {
        add_range(out, isfinite(low) ? low : 0, isfinite(high) ? high : 0);
        return;
    }
    if (above >= 1) add_range(out, raised > 0 ? raised : 0, ceil(above) - 1);
    if (below >= 1) add_range(out, -ceil(below), -1);
}

static void add_run(ct_osm__levels *levels, const ct_osm__run *run, double shift) {
    for (size_t i = 0; i < run->n; i++) (void)ct_osm__levels_add(levels, run->at[i] + shift);
}

static bool in_range(double level) {
    return level >= CT_OSM__LOWEST && level <= CT_OSM__HIGHEST;
}

// Copies keep the distances between the levels that the thing reaches.
static void add_thing(ct_osm__levels *levels, const ct_osm__thing *t) {
    add_run(levels, &t->levels, 0);
    for (size_t i = 0; i < t->repeats.n && t->levels.n; i++) {
        const double shift = t->repeats.at[i] - t->levels.at[0];
        if (in_range(t->levels.at[t->levels.n - 1] + shift)) add_run(levels, &t->levels, shift);
    }
}

// ---- heights ------------------------------------------------------------------------------------

static double default_height(const ct_osm__inside *in, const ct_osm__building *b, bool *stated) {
    const ct_osm__element *e = b->of;
    const double above = number_of(e, "building:levels");
    double roof = e ? ct_osm__length_m(e, "roof:height") : (double)NAN;
    const double min = e ? ct_osm__length_m(e, "min_height") : (double)NAN;
    const double all = e ? ct_osm__length_m(e, "height") : (double)NAN;
    (void)in;
    if (!(roof > 0)) roof = 0;
    const double each = (all - roof - (min > 0 ? min : 0)) / above;
    *stated = above >= 1 && each >= LEAST_STOREY_M && each <= MOST_STOREY_M;
    return *stated ? each : CT_OSM__STOREY_M;
}

// The lowest ground along the outline; 0 where none is known.
static ct_err ground_of(double *out, const ct_osm__inside *in, const ct_geom *shape) {
    const ct_ingest_options *o = &in->job->options;
    *out = INFINITY;
    for (uint32_t i = 0; o->ground && i < shape->n_points; i++) {
        const double *p = shape->xyz + 2 * (size_t)i;
        double z;
        CT_TRY(o->ground(o->ground_context, &z, p[0], p[1]));
        if (isfinite(z)) *out = fmin(*out, z);
    }
    if (!isfinite(*out)) *out = 0;
    return CT_OK;
}

// Whole levels stand on each other; what lies between two of them divides the lower one.
static void set_heights(ct_osm__storey *s, size_t n, double ground_m, double each_m) {
    size_t zero = 0;
    while (zero + 1 < n && s[zero].level < 0) zero++;
    for (size_t i = 0; i < n; i++)
        if (!(s[i].height_m > 0)) s[i].height_m = each_m;
    s[zero].z_m = ground_m;
    if (s[zero].level < 0) s[zero].z_m += s[zero].level * each_m; // all are under the ground
    for (size_t i = zero + 1; i < n; i++) {
        const double part = fmin(1, s[i].level - s[i - 1].level);
        s[i].z_m = s[i - 1].z_m + part * s[i - 1].height_m;
    }
    for (size_t i = zero; i-- > 0;) {
        const double part = fmin(1, s[i + 1].level - s[i].level);
        s[i].z_m = s[i + 1].z_m - part * s[i].height_m;
    }
    for (size_t i = 0; i + 1 < n; i++) s[i].height_m = s[i + 1].z_m - s[i].z_m;
}

// ---- one building -------------------------------------------------------------------------------

static ct_err add_storey(ct_osm__inside *in, const ct_osm__building *b, double level) {
    ct_osm__storey s = {.level = level, .height_m = NAN};
    s.name = ct_arena_printf(in->arena, "%g", level);
    s.id = ct_arena_printf(in->arena, "storey%s~%g", b->id + strlen("building"), level);
    if (!s.name || !s.id) return CT_NOMEM;
    CT_TRY(ct_osm__room(&in->storeys, &in->storey_room, in->n_storeys, sizeof s, in->arena));
    in->storeys[in->n_storeys++] = s;
    return CT_OK;
}

// What indoor=level tells of a storey; of the things on it, the name that they know it by.
static void name_storey(ct_osm__storey *s, const ct_osm__thing *t) {
    static const char *const keys[] = {"name", "level:ref", "ref"};
    const bool level = t->kind == CT_OSM__LEVEL;
    if (!level && (s->of || t->levels.n != 1)) return;
    for (int i = level ? 0 : 1; i < (level ? 3 : 2); i++) {
        const char *text = ct_osm__get(t->of, keys[i]);
        if (!text || !*text) continue;
        s->name = text;
        break;
    }
    if (!level) return;
    s->of = t->of;
    s->shape = t->geom;
    const double height = ct_osm__length_m(t->of, "height");
    if (height > 0 && height <= 100) s->height_m = height;
}

static ct_err take_building(ct_osm__inside *in, uint32_t building, const uint32_t *things,
                            size_t n) {
    ct_osm__building *b = &in->buildings[building];
    ct_osm__levels levels, missing;
    bool stated;
    stated_levels(&levels, &missing, b->of);
    const size_t told = levels.n;
    size_t kept = 0;
    for (size_t i = 0; i < told; i++)
        if (!ct_osm__levels_have(&missing, levels.at[i])) levels.at[kept++] = levels.at[i];
    levels.n = kept;
    for (size_t i = 0; i < n; i++) add_thing(&levels, &in->things[things[i]]);
    b->first = (uint32_t)in->n_storeys;
    b->n = (uint32_t)levels.n;
    for (size_t i = 0; i < levels.n; i++) CT_TRY(add_storey(in, b, levels.at[i]));
    for (size_t i = 0; i < n; i++) {
        const ct_osm__thing *t = &in->things[things[i]];
        for (size_t k = 0; k < t->levels.n; k++) {
            const uint32_t s = ct_osm__storey_of(in, building, t->levels.at[k]);
            if (s != CT_OSM__NONE) name_storey(&in->storeys[s], t);
        }
    }
    CT_TRY(ground_of(&b->ground_m, in, &b->shape));
    const double each_m = default_height(in, b, &stated);
    if (b->n) set_heights(in->storeys + b->first, b->n, b->ground_m, each_m);
    ct_osm__heights *how = &in->heights[stated];
    if (!how->n++) *how = (ct_osm__heights){.n = 1, .first = b->source, .each_m = each_m};
    return CT_OK;
}

uint32_t ct_osm__storey_of(const ct_osm__inside *in, uint32_t building, double level) {
    const ct_osm__building *b = &in->buildings[building];
    for (uint32_t i = b->first; i < b->first + b->n; i++)
        if (fabs(in->storeys[i].level - level) < 1e-6) return i;
    return CT_OSM__NONE;
}

// ---- all ----------------------------------------------------------------------------------------

typedef struct home {
    uint32_t building, thing;
} home;

static int by_building(const void *a, const void *b) {
    const home *p = a, *q = b;
    if (p->building != q->building) return p->building < q->building ? -1 : 1;
    return p->thing < q->thing ? -1 : p->thing > q->thing;
}

static void tell_heights(const ct_osm__inside *in) {
    static const char *const texts[2] = {
        "%zu buildings, as %s, tell no heights of storeys: floors are taken to be %.2f m apart "
        "where a level does not tell its height",
        "%zu buildings, as %s, tell their height and levels: floors are as far apart as these say, "
        "%.2f m in the first, where a level does not tell its height"};
    for (int stated = 0; stated < 2; stated++) {
        const ct_osm__heights *h = &in->heights[stated];
        if (h->n)
            ct_diagnostics_add(in->job->diagnostics, CT_SEVERITY_INFO, "storey-height",
                               in->job->file, texts[stated], h->n, h->first, h->each_m);
    }
}

ct_err ct_osm__storeys(ct_osm__inside *in) {
    home *homes = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *homes);
    uint32_t *things = ct_arena_calloc(in->arena, in->n_things + 1, sizeof *things);
    size_t n = 0;
    if (!homes || !things) return CT_NOMEM;
    for (size_t i = 0; i < in->n_things; i++)
        if (in->things[i].building != CT_OSM__NONE)
            homes[n++] = (home){in->things[i].building, (uint32_t)i};
    qsort(homes, n, sizeof *homes, by_building);
    for (size_t i = 0; i < n; i++) things[i] = homes[i].thing;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && homes[end].building == homes[i].building;) end++;
        CT_TRY(take_building(in, homes[i].building, things + i, end - i));
    }
    tell_heights(in);
    return CT_OK;
}
