// Geometries: boundaries are nested arrays of indices, semantics and materials nested alike.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/cityjson/cityjson.h"

typedef struct maker { // of one geometry's shapes
    ct_cityjson__document *d;
    ct_arena *arena;
    const ct_cityjson__points *points;
    ct_city__shape *shape;
    ct_city__surface *surfaces;
    ct_surface *tags; // of the surfaces
    uint32_t n_surfaces;
    uint32_t material; // of all faces, or none
} maker;

static ct_err wrong_vertex(const maker *m, const ct_tape_value *index) {
    if (index->kind != CT_TAPE_INTEGER) return ct_fail(CT_PARSE, "the index of a vertex expected");
    return ct_fail(CT_PARSE, "vertex %lld of %zu", (long long)index->as.integer, m->points->n);
}

static ct_err add_vertices(maker *m, const ct_tape_value *indices) {
    if (!ct_tape_is(indices, CT_TAPE_ARRAY))
        return ct_fail(CT_PARSE, "an array of vertices expected");
    ct_tape_walk w = ct_tape_begin(indices, CT_TAPE_ARRAY);
    double *to;
    CT_TRY(
        ct_city__add_points(&to, m->shape, m->arena, indices->n, m->d->r.job->options.max_points));
    for (size_t i = 0; i < indices->n; i++, to += 3) {
        const ct_tape_value *index = ct_tape_next(&w);
        // A negative one is a large one without its sign.
        if (index->kind != CT_TAPE_INTEGER || (uint64_t)index->as.integer >= m->points->n)
            return ct_context(wrong_vertex(m, index), "[%zu]", i);
        memcpy(to, m->points->xyz + 3 * (size_t)index->as.integer, 3 * sizeof *to);
    }
    return CT_OK;
}

static ct_err add_ring(maker *m, const ct_tape_value *ring) {
    CT_TRY(add_vertices(m, ring));
    return ct_city__end_ring(m->shape, m->arena);
}

// A number of `values`; CT_CITY__NONE where there is null or nothing.
static ct_err index_in(uint32_t *out, const ct_tape_value *value, size_t n, const char *what) {
    *out = CT_CITY__NONE;
    if (!value || value->kind == CT_TAPE_NULL) return CT_OK;
    if (value->kind != CT_TAPE_INTEGER || value->as.integer < 0 || (uint64_t)value->as.integer >= n)
        return ct_fail(CT_PARSE, "%s: an index below %zu expected", what, n);
    *out = (uint32_t)value->as.integer;
    return CT_OK;
}

// In the reader's materials.
static ct_err material_in(uint32_t *out, const maker *m, const ct_tape_value *value,
                          const char *what) {
    const size_t first = m->d->first_material;
    CT_TRY(index_in(out, value, m->d->r.n_materials - first, what));
    if (*out != CT_CITY__NONE) *out += (uint32_t)first;
    return CT_OK;
}

static ct_err add_face(maker *m, const ct_tape_value *surface, const ct_tape_value *value,
                       const ct_tape_value *material) {
    uint32_t at, colour;
    if (!ct_tape_is(surface, CT_TAPE_ARRAY) || surface->n == 0)
        return ct_fail(CT_PARSE, "an array of at least one ring expected");
    CT_TRY(index_in(&at, value, m->n_surfaces, "semantics.values"));
    CT_TRY(material_in(&colour, m, material, "material.values"));
    ct_tape_walk w = ct_tape_begin(surface, CT_TAPE_ARRAY);
    for (size_t i = 0; i < surface->n; i++)
        CT_TRY(ct_context(add_ring(m, ct_tape_next(&w)), "[%zu]", i));
    return ct_city__end_face(m->shape, m->arena,
                             at == CT_CITY__NONE ? CT_SURFACE_NONE : m->tags[at], at,
                             colour == CT_CITY__NONE ? m->material : colour);
}

// Values and materials of the members of boundaries: arrays beside theirs, which may be shorter or
// missing.
typedef struct beside {
    ct_tape_walk values, materials;
} beside;

static beside begin_beside(const ct_tape_value *values, const ct_tape_value *materials) {
    return (beside){ct_tape_begin(values, CT_TAPE_ARRAY), ct_tape_begin(materials, CT_TAPE_ARRAY)};
}

static ct_err add_faces(maker *m, const ct_tape_value *surfaces, const ct_tape_value *values,
                        const ct_tape_value *materials) {
    if (!ct_tape_is(surfaces, CT_TAPE_ARRAY))
        return ct_fail(CT_PARSE, "an array of surfaces expected");
    ct_tape_walk w = ct_tape_begin(surfaces, CT_TAPE_ARRAY);
    beside b = begin_beside(values, materials);
    for (size_t i = 0; i < surfaces->n; i++)
        CT_TRY(ct_context(
            add_face(m, ct_tape_next(&w), ct_tape_next(&b.values), ct_tape_next(&b.materials)),
            "[%zu]", i));
    return CT_OK;
}

static ct_err add_shells(maker *m, const ct_tape_value *shells, const ct_tape_value *values,
                         const ct_tape_value *materials) {
    if (!ct_tape_is(shells, CT_TAPE_ARRAY)) return ct_fail(CT_PARSE, "an array of shells expected");
    ct_tape_walk w = ct_tape_begin(shells, CT_TAPE_ARRAY);
    beside b = begin_beside(values, materials);
    for (size_t i = 0; i < shells->n; i++)
        CT_TRY(ct_context(
            add_faces(m, ct_tape_next(&w), ct_tape_next(&b.values), ct_tape_next(&b.materials)),
            "[%zu]", i));
    return CT_OK;
}

static ct_err add_lines(maker *m, const ct_tape_value *lines) {
    if (!ct_tape_is(lines, CT_TAPE_ARRAY)) return ct_fail(CT_PARSE, "an array of lines expected");
    ct_tape_walk w = ct_tape_begin(lines, CT_TAPE_ARRAY);
    for (size_t i = 0; i < lines->n; i++)
        CT_TRY(ct_context(add_ring(m, ct_tape_next(&w)), "[%zu]", i));
    return CT_OK;
}

// ---- semantics, materials, LOD ------------------------------------------------------------------

static ct_err read_surface(maker *m, const ct_tape_value *of, uint32_t index) {
    ct_city__surface *s = &m->surfaces[index];
    size_t n = 0;
    CT_TRY(ct_tape_string_or(&s->type, m->arena, of, "type", "", "semantics.surfaces"));
    const ct_surface tag = ct_surface_of_name(s->type);
    m->tags[index] = strcmp(s->type, "WaterClosureSurface") == 0 ? CT_SURFACE_CLOSURE : tag;
    if (m->tags[index] == CT_SURFACE_NONE)
        CT_TRY(ct_city__count(&m->d->r, "unknown-surface",
                              "%zu surfaces have the meaning \"%s\", which is not known", s->type));
    if (of->n == 1 && *s->type) return CT_OK; // as most: nothing else
    ct_property *kept = ct_arena_calloc(m->arena, (size_t)of->n + 1, sizeof *kept);
    if (!kept) return CT_NOMEM;
    ct_tape_walk w = ct_tape_begin(of, CT_TAPE_OBJECT);
    for (const ct_tape_value *key, *value; (key = ct_tape_next(&w));) {
        value = ct_tape_next(&w);
        if (ct_tape_equals(key, "type") || ct_tape_equals(key, "parent") ||
            ct_tape_equals(key, "children") || value->kind == CT_TAPE_NULL)
            continue;
        CT_TRY(ct_cityjson__property(&kept[n++], m->arena, key, value));
    }
    s->attributes = kept;
    s->n_attributes = n;
    return CT_OK;
}

static ct_err read_semantics(maker *m, const ct_tape_value *semantics) {
    const ct_tape_value *surfaces = ct_tape_get(semantics, "surfaces");
    const size_t n = ct_tape_count(surfaces, CT_TAPE_ARRAY);
    m->surfaces = ct_arena_calloc(m->arena, n + 1, sizeof *m->surfaces);
    m->tags = ct_arena_calloc(m->arena, n + 1, sizeof *m->tags);
    if (!m->surfaces || !m->tags) return CT_NOMEM;
    ct_tape_walk w = ct_tape_begin(surfaces, CT_TAPE_ARRAY);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(read_surface(m, ct_tape_next(&w), (uint32_t)i), "semantics.surfaces[%zu]",
                          i));
    m->n_surfaces = (uint32_t)n;
    return CT_OK;
}

// The first theme's values; a value for all of it instead goes to m->material.
static ct_err read_theme(const ct_tape_value **values, maker *m, const ct_tape_value *material) {
    ct_tape_walk w = ct_tape_begin(material, CT_TAPE_OBJECT);
    (void)ct_tape_next(&w); // its name
    const ct_tape_value *theme = ct_tape_next(&w);
    *values = ct_tape_get(theme, "values");
    return material_in(&m->material, m, ct_tape_get(theme, "value"), "material.value");
}

static ct_err read_lod(uint8_t *lod, const char **text, ct_arena *arena, const ct_tape_value *of) {
    enum { FINEST = 4 };
    char buffer[32] = "";
    const ct_tape_value *v = ct_tape_get(of, "lod");
    *lod = 0;
    *text = NULL;
    if (!v) return CT_OK;
    if (v->kind == CT_TAPE_STRING && v->n == 1 && *v->as.text >= '0' && *v->as.text <= '4') {
        *lod = (uint8_t)(*v->as.text - '0');
        return CT_OK;
    }
    if (ct_tape_is_number(v))
        snprintf(buffer, sizeof buffer, "%g", ct_tape_number(v));
    else if (v->kind == CT_TAPE_STRING && v->n < sizeof buffer)
        memcpy(buffer, v->as.text, v->n);
    else
        return ct_fail(CT_PARSE, "lod: a text like \"2.2\" expected");
    char *end;
    const double number = strtod(buffer, &end);
    if (end == buffer || *end || !(number >= 0 && number < FINEST + 1))
        return ct_fail(CT_RANGE, "lod: \"%s\" is none of 0 to 4", buffer);
    *lod = (uint8_t)number;
    if (floor(number) == number) return CT_OK;
    *text = ct_arena_strdup(arena, buffer);
    return *text ? CT_OK : CT_NOMEM;
}

// ---- geometries ---------------------------------------------------------------------------------

typedef struct form { // of a type of geometry
    const char *type;
    ct_city__kind kind;
    ct_err (*faces)(maker *m, const ct_tape_value *boundaries, const ct_tape_value *values,
                    const ct_tape_value *materials);
    bool many; // a shape for each member
} form;

static ct_err add_points_only(maker *m, const ct_tape_value *b, const ct_tape_value *v,
                              const ct_tape_value *mat) {
    (void)v;
    (void)mat;
    return add_vertices(m, b);
}

static ct_err add_lines_only(maker *m, const ct_tape_value *b, const ct_tape_value *v,
                             const ct_tape_value *mat) {
    (void)v;
    (void)mat;
    return add_lines(m, b);
}

static const form forms[] = {
    {"Solid", CT_CITY__SOLID, add_shells, false},
    {"MultiSurface", CT_CITY__SURFACES, add_faces, false},
    {"CompositeSurface", CT_CITY__SURFACES, add_faces, false},
    {"MultiSolid", CT_CITY__SOLID, add_shells, true},
    {"CompositeSolid", CT_CITY__SOLID, add_shells, true},
    {"MultiLineString", CT_CITY__LINES, add_lines_only, false},
    {"MultiPoint", CT_CITY__POINTS, add_points_only, false},
};

static ct_err begin_shape(maker *m, ct_city__object *o, ct_city__kind kind, uint8_t lod,
                          const char *lod_text) {
    CT_TRY(ct_city__add_shape(&m->shape, o, m->arena));
    m->shape->kind = kind;
    m->shape->lod = lod;
    m->shape->lod_text = lod_text;
    m->shape->surfaces = m->surfaces;
    m->shape->n_surfaces = m->n_surfaces;
    return CT_OK;
}

static ct_err add_form(maker *m, ct_city__object *o, const form *f, const ct_tape_value *geometry) {
    const ct_tape_value *boundaries = ct_tape_get(geometry, "boundaries");
    const ct_tape_value *values = ct_tape_get(ct_tape_get(geometry, "semantics"), "values");
    const ct_tape_value *materials;
    uint8_t lod;
    const char *lod_text;
    CT_TRY(read_lod(&lod, &lod_text, m->arena, geometry));
    CT_TRY(read_semantics(m, ct_tape_get(geometry, "semantics")));
    CT_TRY(read_theme(&materials, m, ct_tape_get(geometry, "material")));
    if (!ct_tape_is(boundaries, CT_TAPE_ARRAY))
        return ct_fail(CT_PARSE, "boundaries: an array expected");
    if (!f->many) {
        CT_TRY(begin_shape(m, o, f->kind, lod, lod_text));
        return ct_context(f->faces(m, boundaries, values, materials), "boundaries");
    }
    ct_tape_walk w = ct_tape_begin(boundaries, CT_TAPE_ARRAY);
    beside b = begin_beside(values, materials);
    for (size_t i = 0; i < boundaries->n; i++) {
        CT_TRY(begin_shape(m, o, f->kind, lod, lod_text));
        CT_TRY(ct_context(
            f->faces(m, ct_tape_next(&w), ct_tape_next(&b.values), ct_tape_next(&b.materials)),
            "boundaries[%zu]", i));
    }
    return CT_OK;
}

static ct_err add_instance(maker *m, ct_city__object *o, const ct_tape_value *geometry) {
    const ct_tape_value *matrix = ct_tape_get(geometry, "transformationMatrix");
    const ct_tape_value *boundaries = ct_tape_get(geometry, "boundaries");
    uint32_t index;
    if (m->points->xyz != m->d->vertices) return ct_fail(CT_PARSE, "an instance in a template");
    CT_TRY(index_in(&index, ct_tape_get(geometry, "template"), m->d->n_patterns, "template"));
    if (index == CT_CITY__NONE) return ct_fail(CT_PARSE, "template: missing");
    if (ct_tape_count(boundaries, CT_TAPE_ARRAY) != 1)
        return ct_fail(CT_PARSE, "boundaries: an array of one vertex expected");
    if (ct_tape_count(matrix, CT_TAPE_ARRAY) != 16)
        return ct_fail(CT_PARSE, "transformationMatrix: 16 numbers expected");
    CT_TRY(ct_city__add_shape(&m->shape, o, m->arena));
    ct_city__shape *s = m->shape;
    s->kind = CT_CITY__POINTS;
    CT_TRY(ct_context(add_vertices(m, boundaries), "boundaries"));
    memcpy(s->anchor, s->xyz, sizeof s->anchor);
    s->n_points = 0;
    ct_tape_walk w = ct_tape_begin(matrix, CT_TAPE_ARRAY);
    for (size_t i = 0; i < 12; i++) {
        const ct_tape_value *v = ct_tape_next(&w);
        if (!ct_tape_is_number(v))
            return ct_fail(CT_PARSE, "transformationMatrix[%zu]: a number expected", i);
        s->matrix.m[i] = ct_tape_number(v);
    }
    s->pattern = &m->d->patterns[index];
    return CT_OK;
}

ct_err ct_cityjson__geometry(ct_cityjson__document *d, ct_city__object *o, ct_arena *arena,
                             const ct_cityjson__points *points, const ct_tape_value *geometry) {
    maker m = {.d = d, .arena = arena, .points = points, .material = CT_CITY__NONE};
    const ct_tape_value *told = ct_tape_get(geometry, "type");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (ct_tape_equals(told, forms[i].type)) return add_form(&m, o, &forms[i], geometry);
    if (ct_tape_equals(told, "GeometryInstance")) return add_instance(&m, o, geometry);
    const char *type;
    CT_TRY(ct_tape_get_string(&type, arena, geometry, "type", "geometry"));
    return ct_fail(CT_UNSUPPORTED, "type: \"%s\" is no geometry of CityJSON", type);
}
