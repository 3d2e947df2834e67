// Objects that this program wrote (export/city/attributes.c): they say which feature they were, so
// that it comes back as it was: its class, id, values, references and own geometry. Nothing is
// worked out or made up for it.
#include <string.h>

#include "ingest/city/city.h"

static bool is_area(const ct_city__shape *s) {
    return s->kind == CT_CITY__SURFACES || s->kind == CT_CITY__SOLID;
}

// Points, lines, or polygons with their rings closed; heights are kept.
static ct_err geometry_of(ct_geom *out, ct_arena *arena, const ct_city__shape *s) {
    const bool area = is_area(s), points = s->kind == CT_CITY__POINTS;
    const uint32_t n_rings = points ? s->n_points : s->n_rings;
    ct_geom g = {.type = area     ? CT_GEOM_MULTIPOLYGON
                         : points ? CT_GEOM_MULTIPOINT
                                  : CT_GEOM_MULTILINESTRING,
                 .has_z = true};
    g.xyz = ct_arena_calloc(arena, (size_t)s->n_points + s->n_rings + 1, 3 * sizeof *g.xyz);
    g.ring_end = ct_arena_calloc(arena, (size_t)n_rings + 1, sizeof *g.ring_end);
    g.part_end = ct_arena_calloc(arena, (size_t)s->n_faces + 1, sizeof *g.part_end);
    if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    for (uint32_t r = 0; r < n_rings; r++) {
        const uint32_t begin = points ? r : r ? s->ring_end[r - 1] : 0;
        const uint32_t n = (points ? r + 1 : s->ring_end[r]) - begin;
        memcpy(g.xyz + 3 * (size_t)g.n_points, s->xyz + 3 * (size_t)begin, 3 * sizeof *g.xyz * n);
        g.n_points += n;
        if (area && n)
            memcpy(g.xyz + 3 * (size_t)g.n_points++, s->xyz + 3 * (size_t)begin, 3 * sizeof *g.xyz);
        g.ring_end[g.n_rings++] = g.n_points;
    }
    if (area) {
        memcpy(g.part_end, s->face_end, s->n_faces * sizeof *g.part_end);
        g.n_parts = s->n_faces;
    } else if (g.n_rings) {
        g.part_end[g.n_parts++] = g.n_rings;
    }
    *out = g;
    return CT_OK;
}

static ct_err set_geometry(ct_feature *f, ct_arena *arena, const ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes; i++)
        if (o->shapes[i].role == CT_CITY__OWN) return geometry_of(&f->geom, arena, &o->shapes[i]);
    return CT_OK;
}

// As it was written: no code, unit or word is looked for. False where it is of another kind.
static bool take(ct_value *out, const ct_attr *attr, const ct_value *v) {
    const bool number = v->kind == CT_VALUE_INTEGER || v->kind == CT_VALUE_REAL;
    switch (attr->type) {
    case CT_ATTR_INTEGER:
        if (v->kind != CT_VALUE_INTEGER) return false;
        break;
    case CT_ATTR_REAL:
        if (!number) return false;
        *out = (ct_value){.kind = CT_VALUE_REAL,
                          .as.real = v->kind == CT_VALUE_REAL ? v->as.real : (double)v->as.integer};
        return true;
    case CT_ATTR_BOOLEAN:
        if (v->kind != CT_VALUE_BOOLEAN) return false;
        break;
    case CT_ATTR_TEXT:
    case CT_ATTR_DATETIME:
        if (v->kind != CT_VALUE_TEXT) return false;
        break;
    }
    *out = *v;
    return true;
}

// Buildings are written with the names that CityJSON has.
static int place_of(const ct_class *cls, const char *name) {
    static const char *const written[] = {"measuredHeight", "storeysAboveGround",
                                          "storeysBelowGround", "yearOfConstruction", "roofType"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (strcmp(written[i], name) == 0 && strcmp(cls->name, "building") == 0)
            return ct_class_attr(cls, ct_city__attr_of(name));
    return ct_class_attr(cls, name);
}

static ct_err set_attributes(ct_feature *f, ct_arena *arena, const ct_city__object *o) {
    ct_property *kept = ct_arena_calloc(arena, o->n_attributes + 1, sizeof *kept);
    size_t n = 0;
    if (!kept) return CT_NOMEM;
    for (size_t i = 0; i < o->n_attributes; i++) {
        const ct_property *p = &o->attributes[i];
        const int at = place_of(f->cls, p->name);
        const bool free_place =
            i < o->own->n_plain && at >= 0 && f->values[at].kind == CT_VALUE_NULL;
        if (free_place && take(&f->values[at], &f->cls->attrs[at], &p->value)) continue;
        kept[n++] = *p;
    }
    f->properties = kept;
    f->n_properties = n;
    return CT_OK;
}

ct_err ct_city__own_feature(ct_feature *f, ct_city__reader *r, const ct_city__object *o) {
    double volume_m3;
    CT_TRY(ct_feature_new(f, r->job->arena, o->cls));
    f->source_id = o->own->source_id;
    f->id = o->id;
    CT_TRY(set_attributes(f, r->job->arena, o));
    CT_TRY(ct_city__body(&f->body, &volume_m3, r, o));
    return set_geometry(f, r->job->arena, o);
}
