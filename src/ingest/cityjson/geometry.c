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

static ct_err add_vertex(maker *m, const json_t *index) {
    if (!json_is_integer(index)) return ct_fail(CT_PARSE, "the index of a vertex expected");
    const json_int_t i = json_integer_value(index);
    if (i < 0 || (size_t)i >= m->points->n)
        return ct_fail(CT_PARSE, "vertex %lld of %zu", (long long)i, m->points->n);
    return ct_city__add_point(m->shape, m->arena, m->points->xyz + 3 * (size_t)i,
                              m->d->r.job->options.max_points);
}

static ct_err add_ring(maker *m, const json_t *ring) {
    if (!json_is_array(ring)) return ct_fail(CT_PARSE, "an array of vertices expected");
    const size_t n = json_array_size(ring);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_vertex(m, json_array_get(ring, i)), "[%zu]", i));
    return ct_city__end_ring(m->shape, m->arena);
}

// A number of `values`; CT_CITY__NONE where there is null or nothing.
static ct_err index_in(uint32_t *out, const json_t *value, size_t n, const char *what) {
    *out = CT_CITY__NONE;
    if (!value || json_is_null(value)) return CT_OK;
    const json_int_t i = json_integer_value(value);
    if (!json_is_integer(value) || i < 0 || (size_t)i >= n)
        return ct_fail(CT_PARSE, "%s: an index below %zu expected", what, n);
    *out = (uint32_t)i;
    return CT_OK;
}

// In the reader's materials.
static ct_err material_in(uint32_t *out, const maker *m, const json_t *value, const char *what) {
    const size_t first = m->d->first_material;
    CT_TRY(index_in(out, value, m->d->r.n_materials - first, what));
    if (*out != CT_CITY__NONE) *out += (uint32_t)first;
    return CT_OK;
}

static ct_err add_face(maker *m, const json_t *surface, const json_t *value,
                       const json_t *material) {
    uint32_t at, colour;
    const size_t n = json_array_size(surface);
    if (!json_is_array(surface) || n == 0)
        return ct_fail(CT_PARSE, "an array of at least one ring expected");
    CT_TRY(index_in(&at, value, m->n_surfaces, "semantics.values"));
    CT_TRY(material_in(&colour, m, material, "material.values"));
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_ring(m, json_array_get(surface, i)), "[%zu]", i));
    return ct_city__end_face(m->shape, m->arena,
                             at == CT_CITY__NONE ? CT_SURFACE_NONE : m->tags[at], at,
                             colour == CT_CITY__NONE ? m->material : colour);
}

static ct_err add_faces(maker *m, const json_t *surfaces, const json_t *values,
                        const json_t *materials) {
    if (!json_is_array(surfaces)) return ct_fail(CT_PARSE, "an array of surfaces expected");
    const size_t n = json_array_size(surfaces);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_face(m, json_array_get(surfaces, i), json_array_get(values, i),
                                   json_array_get(materials, i)),
                          "[%zu]", i));
    return CT_OK;
}

static ct_err add_shells(maker *m, const json_t *shells, const json_t *values,
                         const json_t *materials) {
    if (!json_is_array(shells)) return ct_fail(CT_PARSE, "an array of shells expected");
    const size_t n = json_array_size(shells);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_faces(m, json_array_get(shells, i), json_array_get(values, i),
                                    json_array_get(materials, i)),
                          "[%zu]", i));
    return CT_OK;
}

static ct_err add_points(maker *m, const json_t *points) {
    if (!json_is_array(points)) return ct_fail(CT_PARSE, "an array of vertices expected");
    const size_t n = json_array_size(points);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_vertex(m, json_array_get(points, i)), "[%zu]", i));
    return CT_OK;
}

static ct_err add_lines(maker *m, const json_t *lines) {
    if (!json_is_array(lines)) return ct_fail(CT_PARSE, "an array of lines expected");
    const size_t n = json_array_size(lines);
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(add_ring(m, json_array_get(lines, i)), "[%zu]", i));
    return CT_OK;
}

// ---- semantics, materials, LOD ------------------------------------------------------------------

static ct_err read_surface(maker *m, const json_t *of, uint32_t index) {
    ct_city__surface *s = &m->surfaces[index];
    const char *key;
    json_t *value;
    size_t n = 0;
    CT_TRY(ct_json_string_or(&s->type, of, "type", "", "semantics.surfaces"));
    const ct_surface tag = ct_surface_of_name(s->type);
    m->tags[index] = strcmp(s->type, "WaterClosureSurface") == 0 ? CT_SURFACE_CLOSURE : tag;
    if (m->tags[index] == CT_SURFACE_NONE)
        CT_TRY(ct_city__count(&m->d->r, "unknown-surface",
                              "%zu surfaces have the meaning \"%s\", which is not known", s->type));
    ct_property *kept = ct_arena_calloc(m->arena, json_object_size(of) + 1, sizeof *kept);
    if (!kept) return CT_NOMEM;
    json_object_foreach((json_t *)of, key, value) {
        if (strcmp(key, "type") == 0 || strcmp(key, "parent") == 0 ||
            strcmp(key, "children") == 0 || json_is_null(value))
            continue;
        CT_TRY(ct_cityjson__property(&kept[n++], m->arena, key, value));
    }
    s->attributes = kept;
    s->n_attributes = n;
    return CT_OK;
}

static ct_err read_semantics(maker *m, const json_t *semantics) {
    const json_t *surfaces = json_object_get(semantics, "surfaces");
    const size_t n = json_array_size(surfaces);
    m->surfaces = ct_arena_calloc(m->arena, n + 1, sizeof *m->surfaces);
    m->tags = ct_arena_calloc(m->arena, n + 1, sizeof *m->tags);
    if (!m->surfaces || !m->tags) return CT_NOMEM;
    for (size_t i = 0; i < n; i++)
        CT_TRY(ct_context(read_surface(m, json_array_get(surfaces, i), (uint32_t)i),
                          "semantics.surfaces[%zu]", i));
    m->n_surfaces = (uint32_t)n;
    return CT_OK;
}

// The first theme's values; a value for all of it instead goes to m->material.
static ct_err read_theme(const json_t **values, maker *m, const json_t *material) {
    void *first = json_object_iter((json_t *)material);
    const json_t *theme = first ? json_object_iter_value(first) : NULL;
    *values = json_object_get(theme, "values");
    return material_in(&m->material, m, json_object_get(theme, "value"), "material.value");
}

static ct_err read_lod(uint8_t *lod, const char **text, ct_arena *arena, const json_t *of) {
    enum { FINEST = 4 };
    char buffer[32];
    const json_t *v = json_object_get(of, "lod");
    *lod = 0;
    *text = NULL;
    if (!v) return CT_OK;
    if (json_is_number(v))
        snprintf(buffer, sizeof buffer, "%g", json_number_value(v));
    else if (json_is_string(v) && json_string_length(v) < sizeof buffer)
        snprintf(buffer, sizeof buffer, "%s", json_string_value(v));
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
    ct_err (*faces)(maker *m, const json_t *boundaries, const json_t *values,
                    const json_t *materials);
    bool many; // a shape for each member
} form;

static ct_err add_points_only(maker *m, const json_t *b, const json_t *v, const json_t *mat) {
    (void)v;
    (void)mat;
    return add_points(m, b);
}

static ct_err add_lines_only(maker *m, const json_t *b, const json_t *v, const json_t *mat) {
    (void)v;
    (void)mat;
    return add_lines(m, b);
}

static const form forms[] = {
    {"MultiSurface", CT_CITY__SURFACES, add_faces, false},
    {"CompositeSurface", CT_CITY__SURFACES, add_faces, false},
    {"Solid", CT_CITY__SOLID, add_shells, false},
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

static ct_err add_form(maker *m, ct_city__object *o, const form *f, const json_t *geometry) {
    const json_t *boundaries = json_object_get(geometry, "boundaries");
    const json_t *values = json_object_get(json_object_get(geometry, "semantics"), "values");
    const json_t *materials;
    uint8_t lod;
    const char *lod_text;
    CT_TRY(read_lod(&lod, &lod_text, m->arena, geometry));
    CT_TRY(read_semantics(m, json_object_get(geometry, "semantics")));
    CT_TRY(read_theme(&materials, m, json_object_get(geometry, "material")));
    if (!json_is_array(boundaries)) return ct_fail(CT_PARSE, "boundaries: an array expected");
    if (!f->many) {
        CT_TRY(begin_shape(m, o, f->kind, lod, lod_text));
        return ct_context(f->faces(m, boundaries, values, materials), "boundaries");
    }
    const size_t n = json_array_size(boundaries);
    for (size_t i = 0; i < n; i++) {
        CT_TRY(begin_shape(m, o, f->kind, lod, lod_text));
        CT_TRY(ct_context(f->faces(m, json_array_get(boundaries, i), json_array_get(values, i),
                                   json_array_get(materials, i)),
                          "boundaries[%zu]", i));
    }
    return CT_OK;
}

static ct_err add_instance(maker *m, ct_city__object *o, const json_t *geometry) {
    const json_t *matrix = json_object_get(geometry, "transformationMatrix");
    const json_t *boundaries = json_object_get(geometry, "boundaries");
    uint32_t index;
    if (m->points->xyz != m->d->vertices) return ct_fail(CT_PARSE, "an instance in a template");
    CT_TRY(index_in(&index, json_object_get(geometry, "template"), m->d->n_patterns, "template"));
    if (index == CT_CITY__NONE) return ct_fail(CT_PARSE, "template: missing");
    if (json_array_size(boundaries) != 1)
        return ct_fail(CT_PARSE, "boundaries: an array of one vertex expected");
    if (json_array_size(matrix) != 16)
        return ct_fail(CT_PARSE, "transformationMatrix: 16 numbers expected");
    CT_TRY(ct_city__add_shape(&m->shape, o, m->arena));
    ct_city__shape *s = m->shape;
    s->kind = CT_CITY__POINTS;
    CT_TRY(ct_context(add_vertex(m, json_array_get(boundaries, 0)), "boundaries"));
    memcpy(s->anchor, s->xyz, sizeof s->anchor);
    s->n_points = 0;
    for (size_t i = 0; i < 12; i++) {
        const json_t *v = json_array_get(matrix, i);
        if (!json_is_number(v))
            return ct_fail(CT_PARSE, "transformationMatrix[%zu]: a number expected", i);
        s->matrix.m[i] = json_number_value(v);
    }
    s->pattern = &m->d->patterns[index];
    return CT_OK;
}

ct_err ct_cityjson__geometry(ct_cityjson__document *d, ct_city__object *o, ct_arena *arena,
                             const ct_cityjson__points *points, const json_t *geometry) {
    maker m = {.d = d, .arena = arena, .points = points, .material = CT_CITY__NONE};
    const char *type;
    CT_TRY(ct_json_get_string(&type, geometry, "type", "geometry"));
    if (strcmp(type, "GeometryInstance") == 0) return add_instance(&m, o, geometry);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].type, type) == 0) return add_form(&m, o, &forms[i], geometry);
    return ct_fail(CT_UNSUPPORTED, "type: \"%s\" is no geometry of CityJSON", type);
}
