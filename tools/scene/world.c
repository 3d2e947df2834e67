// The features of a scene and the setters that fill them.
#include "world.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

ct_err sc_world_init(sc_world *world, const sc_params *params) {
    sc_world w = {.params = params};
    CT_TRY(ct_catalogue_load(&w.catalogue, NULL));
    w.n_layers = ct_catalogue_count(w.catalogue);
    w.layers = ct_calloc(w.n_layers, sizeof *w.layers);
    w.arena = ct_arena_new(1 << 20, 0);
    if (!w.layers || !w.arena) {
        sc_world_fini(&w);
        return CT_NOMEM;
    }
    for (size_t i = 0; i < w.n_layers; i++) w.layers[i].cls = ct_catalogue_at(w.catalogue, i);
    *world = w;
    return CT_OK;
}

void sc_world_fini(sc_world *world) {
    for (size_t i = 0; world->layers && i < world->n_layers; i++) ct_free(world->layers[i].items);
    ct_free(world->layers);
    ct_arena_free(world->arena);
    ct_catalogue_free(world->catalogue);
    memset(world, 0, sizeof *world);
}

ct_err sc_world_status(const sc_world *world) {
    return world->err == CT_OK ? CT_OK : ct_fail(world->err, "%s", world->message);
}

void sc_world_stick(sc_world *world, ct_err err) {
    if (world->err != CT_OK || err == CT_OK) return;
    world->err = err;
    snprintf(world->message, sizeof world->message, "%s", ct_err_message());
}

const sc_layer *sc_world_layer(const sc_world *world, const char *cls) {
    const ct_class *found = ct_catalogue_by_name(world->catalogue, cls);
    return found ? &world->layers[found->index] : NULL;
}

static ct_feature *grow(sc_world *world, sc_layer *layer) {
    if (layer->count == layer->cap) {
        size_t cap = layer->cap ? layer->cap * 2 : 64;
        ct_feature *items = ct_realloc(layer->items, cap * sizeof *items);
        if (!items) {
            sc_world_stick(world, CT_NOMEM);
            return NULL;
        }
        layer->items = items;
        layer->cap = cap;
    }
    return &layer->items[layer->count];
}

ct_feature *sc_add(sc_world *world, const char *cls, const char *id_format, ...) {
    if (world->err != CT_OK) return NULL;
    const ct_class *found = ct_catalogue_by_name(world->catalogue, cls);
    if (!found) {
        sc_world_stick(world, ct_fail(CT_INTERNAL, "class %s is not in the catalogue", cls));
        return NULL;
    }
    sc_layer *layer = &world->layers[found->index];
    ct_feature *f = grow(world, layer);
    if (!f) return NULL;
    char id[CT_ID_MAX];
    va_list args;
    va_start(args, id_format);
    vsnprintf(id, sizeof id, id_format, args);
    va_end(args);
    ct_err err = ct_id_ok(id) ? ct_feature_new(f, world->arena, found)
                              : ct_fail(CT_INTERNAL, "bad id %s", id);
    if (err == CT_OK && !(f->id = ct_arena_strdup(world->arena, id))) err = CT_NOMEM;
    if (err != CT_OK) {
        sc_world_stick(world, err);
        return NULL;
    }
    layer->count++;
    return f;
}

static ct_value *value_of(sc_world *world, ct_feature *f, const char *attr, const ct_attr **type) {
    if (!f || world->err != CT_OK) return NULL;
    int index = ct_class_attr(f->cls, attr);
    if (index < 0) {
        sc_world_stick(world, ct_fail(CT_INTERNAL, "%s has no attribute %s", f->cls->name, attr));
        return NULL;
    }
    *type = &f->cls->attrs[index];
    return &f->values[index];
}

void sc_text(sc_world *world, ct_feature *f, const char *attr, const char *format, ...) {
    const ct_attr *type = NULL;
    ct_value *value = value_of(world, f, attr, &type);
    if (!value) return;
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text) {
        sc_world_stick(world, ct_fail(CT_LIMIT, "%s.%s: text too long", f->cls->name, attr));
        return;
    }
    value->kind = CT_VALUE_TEXT;
    value->as.text = ct_arena_strdup(world->arena, text);
    if (!value->as.text) sc_world_stick(world, CT_NOMEM);
}

void sc_real(sc_world *world, ct_feature *f, const char *attr, double number) {
    const ct_attr *type = NULL;
    ct_value *value = value_of(world, f, attr, &type);
    if (!value) return;
    switch (type->type) {
    case CT_ATTR_INTEGER:
        *value = (ct_value){CT_VALUE_INTEGER, {.integer = llround(number)}};
        break;
    case CT_ATTR_BOOLEAN: *value = (ct_value){CT_VALUE_BOOLEAN, {.boolean = number != 0}}; break;
    case CT_ATTR_REAL: *value = (ct_value){CT_VALUE_REAL, {.real = number}}; break;
    case CT_ATTR_TEXT:
    case CT_ATTR_DATETIME:
        sc_world_stick(world, ct_fail(CT_INTERNAL, "%s.%s is not a number", f->cls->name, attr));
    }
}

void sc_number(sc_world *world, ct_feature *f, const char *attr, double number) {
    sc_real(world, f, attr, round(number * 1000) / 1000);
}

void sc_named(sc_world *world, ct_feature *f, const char *en, const char *zh) {
    sc_text(world, f, "name", "%s", en);
    sc_text(world, f, "name_zh", "%s", zh);
}

static double milli(double v) {
    return round(v * 1000) / 1000;
}

// Room for n points in r rings of one part; false when out of memory.
static bool shape_geom(sc_world *world, ct_feature *f, ct_geom_type type, int n, int rings) {
    if (!f || world->err != CT_OK) return false;
    ct_geom *g = &f->geom;
    g->type = type;
    g->has_z = f->cls->has_z;
    g->n_points = (uint32_t)n;
    g->n_rings = (uint32_t)rings;
    g->n_parts = 1;
    g->xyz = ct_arena_calloc(world->arena, (size_t)n, 3 * sizeof(double));
    g->ring_end = ct_arena_calloc(world->arena, (size_t)rings, sizeof(uint32_t));
    g->part_end = ct_arena_calloc(world->arena, 1, sizeof(uint32_t));
    if (!g->xyz || !g->ring_end || !g->part_end) {
        sc_world_stick(world, CT_NOMEM);
        return false;
    }
    g->ring_end[rings - 1] = (uint32_t)n;
    g->part_end[0] = (uint32_t)rings;
    return true;
}

static void put(const sc_world *world, ct_geom *g, int k, sc_point at, double z) {
    double *to = g->xyz + (size_t)k * (size_t)ct_geom_stride(g);
    to[0] = milli(world->params->east_m + at.x);
    to[1] = milli(world->params->north_m + at.y);
    if (g->has_z) to[2] = milli(z);
}

void sc_set_point(sc_world *world, ct_feature *f, sc_point at, double z) {
    if (shape_geom(world, f, CT_GEOM_POINT, 1, 1)) put(world, &f->geom, 0, at, z);
}

void sc_set_line(sc_world *world, ct_feature *f, const sc_point *at, int n, double z) {
    if (!shape_geom(world, f, CT_GEOM_MULTILINESTRING, n, 1)) return;
    for (int k = 0; k < n; k++) put(world, &f->geom, k, at[k], z);
}

void sc_set_line_z(sc_world *world, ct_feature *f, const sc_point *at, const double *z, int n) {
    if (!shape_geom(world, f, CT_GEOM_MULTILINESTRING, n, 1)) return;
    for (int k = 0; k < n; k++) put(world, &f->geom, k, at[k], z[k]);
}

void sc_set_lines(sc_world *world, ct_feature *f, const sc_point *at, const int *ends, int lines) {
    if (!shape_geom(world, f, CT_GEOM_MULTILINESTRING, ends[lines - 1], lines)) return;
    for (int k = 0; k < ends[lines - 1]; k++) put(world, &f->geom, k, at[k], 0);
    for (int k = 0; k < lines; k++) f->geom.ring_end[k] = (uint32_t)ends[k];
}

void sc_set_ring(sc_world *world, ct_feature *f, const sc_ring *ring, double z) {
    if (!shape_geom(world, f, CT_GEOM_MULTIPOLYGON, ring->n + 1, 1)) return;
    for (int k = 0; k <= ring->n; k++) put(world, &f->geom, k, ring->at[k % ring->n], z);
}

double sc_unit(const sc_world *world, uint64_t entity, enum sc_draw purpose) {
    return ct_rng_unit((uint64_t)world->params->seed, entity, 0, purpose);
}

double sc_range(const sc_world *world, uint64_t entity, enum sc_draw purpose, double low,
                double high) {
    return ct_rng_range(low, high, (uint64_t)world->params->seed, entity, 0, purpose);
}

int sc_pick(const sc_world *world, uint64_t entity, enum sc_draw purpose, int low, int high) {
    return (int)ct_rng_int(low, high, (uint64_t)world->params->seed, entity, 0, purpose);
}
