// Geometries of GML: polygons wherever they are nested or linked, each once for an object and LOD.
//
// A thematic surface marks its polygons first; solids that link to them then know what each face
// means, and what the solids used is not drawn again.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "ingest/citygml/survey.h"

enum { MAX_NESTING = 64, MOST_STEPS = 20000000 };

typedef ct_citygml__target_shape target;

static ct_err step(target *t, int depth, const xmlNode *node) {
    if (depth > MAX_NESTING)
        return ct_fail(CT_PARSE,
                       "line %ld: geometries nested or linked deeper than %d levels: do "
                       "they lead in a circle?",
                       xmlGetLineNo(node), MAX_NESTING);
    if (++t->c->steps > MOST_STEPS)
        return ct_fail(CT_LIMIT, "line %ld: the geometry has more than %d steps",
                       xmlGetLineNo(node), MOST_STEPS);
    return CT_OK;
}

// ---- positions ----------------------------------------------------------------------------------

static ct_city__shape *shape_of(target *t) {
    return &t->object->shapes[t->shape];
}

// Surfaces, lines and points of one LOD are one shape; every solid is one of its own.
static bool find_shape(target *t, ct_city__kind kind) {
    for (size_t i = 0; i < t->object->n_shapes && kind != CT_CITY__SOLID; i++) {
        const ct_city__shape *s = &t->object->shapes[i];
        if (s->kind != kind || s->lod != t->lod || s->role != t->role || s->pattern) continue;
        t->shape = i;
        return true;
    }
    return false;
}

static ct_err open_shape(target *t, ct_city__kind kind) {
    ct_city__shape *s;
    if (t->open && shape_of(t)->kind == kind) return CT_OK;
    t->open = true;
    if (find_shape(t, kind)) return CT_OK;
    CT_TRY(ct_city__add_shape(&s, t->object, t->arena));
    s->kind = kind;
    s->lod = t->lod;
    s->role = t->role;
    s->surfaces = t->surfaces;
    s->n_surfaces = t->n_surfaces;
    t->shape = t->object->n_shapes - 1;
    return CT_OK;
}

static ct_err dimensions_of(int *out, target *t, const xmlNode *node) {
    const char *text;
    *out = t->dimensions;
    CT_TRY(ct_citygml__attr(&text, t->arena, node, "srsDimension"));
    if (text && *text) *out = *text && !text[1] ? *text - '0' : 0;
    return *out == 2 || *out == 3 ? CT_OK
                                  : ct_fail(CT_PARSE, "line %ld: srsDimension \"%s\"",
                                            xmlGetLineNo(node), text ? text : "");
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

// Numbers separated by blanks or commas, so many a point.
static ct_err add_positions(target *t, const xmlNode *node) {
    int dimensions, k = 0;
    double p[3] = {0};
    CT_TRY(dimensions_of(&dimensions, t, node));
    for (const xmlNode *text = node->children; text; text = text->next) {
        if (text->type != XML_TEXT_NODE && text->type != XML_CDATA_SECTION_NODE) continue;
        const char *at = (const char *)text->content, *const behind = at + strlen(at);
        for (;;) {
            while (is_blank(*at)) at++;
            if (!*at) break;
            const char *end = ct_decimal_read(&p[k], at, behind);
            if (!end || !isfinite(p[k]) || (*end && !is_blank(*end)))
                return ct_fail(CT_PARSE, "line %ld: \"%.20s\" is no number", xmlGetLineNo(node),
                               at);
            at = end;
            if (++k < dimensions) continue;
            k = 0;
            CT_TRY(ct_city__add_point(shape_of(t), t->arena, p, t->c->r.job->options.max_points));
        }
    }
    return k == 0 ? CT_OK
                  : ct_fail(CT_PARSE, "line %ld: the numbers make no points of %d",
                            xmlGetLineNo(node), dimensions);
}

static bool holds_positions(const xmlNode *node) {
    return ct_citygml__named(node, "posList") || ct_citygml__named(node, "pos") ||
           ct_citygml__named(node, "coordinates");
}

static void turn_round(double *xyz, size_t n) {
    for (size_t i = 0; i < n / 2; i++)
        for (int k = 0; k < 3; k++) {
            const double other = xyz[3 * i + (size_t)k];
            xyz[3 * i + (size_t)k] = xyz[3 * (n - 1 - i) + (size_t)k];
            xyz[3 * (n - 1 - i) + (size_t)k] = other;
        }
}

// A ring or line of the positions in the node.
static ct_err add_ring(target *t, const xmlNode *ring, bool flip) {
    const size_t begin = shape_of(t)->n_points;
    for (const xmlNode *at = ct_citygml__first(ring); at; at = ct_citygml__next(at)) {
        if (holds_positions(at)) CT_TRY(add_positions(t, at));
        // Old files have a point property for each.
        const xmlNode *point =
            ct_citygml__named(at, "pointProperty") ? ct_citygml__child(at, "Point") : NULL;
        const xmlNode *pos = point ? ct_citygml__child(point, "pos") : NULL;
        if (pos) CT_TRY(add_positions(t, pos));
    }
    ct_city__shape *s = shape_of(t);
    const size_t n = s->n_points - begin;
    if (n == 0) return ct_fail(CT_PARSE, "line %ld: a ring without points", xmlGetLineNo(ring));
    double *xyz = s->xyz + 3 * begin;
    if (s->kind != CT_CITY__LINES && !ct_same_point(xyz, xyz + 3 * (n - 1)))
        CT_TRY(
            ct_city__count(&t->c->r, "ring-open",
                           "%zu rings are not closed (val3dity 103), as in a %s; they were closed",
                           t->object->type));
    if (flip) turn_round(xyz, n);
    return ct_city__end_ring(s, t->arena);
}

// ---- polygons -----------------------------------------------------------------------------------

// The member's own colours go before those of the model.
static bool find_colour(size_t *at, const ct_citygml__reader *c, const char *id) {
    return ct_strmap_get(at, c->colours, id) ||
           (c->survey && ct_strmap_get(at, c->survey->colours, id));
}

// A material goes before the mean of a texture.
static uint32_t painted(ct_citygml__reader *c, size_t paint) {
    const size_t material = ct_citygml__paint_material(paint);
    const size_t texture = ct_citygml__paint_texture(paint);
    const uint32_t mean = texture ? ct_citygml__meet_texture(c, texture - 1) : CT_CITY__NONE;
    return material ? (uint32_t)material - 1 : mean;
}

static uint32_t colour_of(target *t, const xmlNode *polygon) {
    size_t at;
    for (const xmlNode *n = polygon; n && n->type == XML_ELEMENT_NODE; n = n->parent) {
        for (const xmlAttr *a = n->properties; a; a = a->next)
            if (strcmp((const char *)a->name, "id") == 0 && a->children && a->children->content &&
                find_colour(&at, t->c, (const char *)a->children->content))
                return painted(t->c, at);
        if (strstr(ct_citygml__name(n), "MultiSurface")) break;
    }
    return CT_CITY__NONE;
}

static ct_citygml__patch *patch_of(const target *t, const xmlNode *polygon) {
    ct_citygml__patch *patch = polygon->_private;
    while (patch && patch->owner != t->object) patch = patch->next;
    return patch;
}

static ct_err make_patch(ct_citygml__patch **out, const target *t, xmlNode *polygon) {
    ct_citygml__patch *patch = ct_arena_calloc(t->c->r.family, 1, sizeof *patch);
    if (!patch) return CT_NOMEM;
    *patch = (ct_citygml__patch){.polygon = polygon,
                                 .owner = t->object,
                                 .surface = CT_CITY__NONE,
                                 .next = polygon->_private,
                                 .made_before = t->c->patches};
    polygon->_private = t->c->patches = patch;
    *out = patch;
    return CT_OK;
}

ct_err ct_citygml__meet(bool *first, target *t, xmlNode *surface) {
    ct_citygml__patch *patch = patch_of(t, surface);
    *first = patch == NULL;
    return patch ? CT_OK : make_patch(&patch, t, surface);
}

static ct_err add_polygon(target *t, xmlNode *polygon, bool flip) {
    ct_citygml__patch *patch = patch_of(t, polygon);
    const unsigned bit = 1U << t->lod;
    if (!patch) CT_TRY(make_patch(&patch, t, polygon));
    if (t->once && (patch->used & bit)) return CT_OK;
    patch->used |= bit;
    if (!t->open || (shape_of(t)->kind != CT_CITY__SOLID && shape_of(t)->kind != CT_CITY__SURFACES))
        CT_TRY(open_shape(t, CT_CITY__SURFACES));
    for (xmlNode *at = ct_citygml__first(polygon); at; at = ct_citygml__next(at)) {
        const xmlNode *ring = ct_citygml__first(at);
        if (ring) CT_TRY(add_ring(t, ring, flip));
    }
    return ct_context(
        ct_city__end_face(shape_of(t), t->arena, patch->tag, patch->surface, colour_of(t, polygon)),
        "line %ld", xmlGetLineNo(polygon));
}

static bool is_polygon(const xmlNode *n) {
    return ct_citygml__named(n, "Polygon") || ct_citygml__named(n, "PolygonPatch") ||
           ct_citygml__named(n, "Triangle") || ct_citygml__named(n, "Rectangle");
}

static bool is_line(const xmlNode *n) {
    return ct_citygml__named(n, "LineString") || ct_citygml__named(n, "LineStringSegment") ||
           ct_citygml__named(n, "LinearRing");
}

// ---- marks --------------------------------------------------------------------------------------

static ct_err mark(target *t, xmlNode *node, ct_surface tag, uint32_t surface, int depth) {
    CT_TRY(step(t, depth, node));
    if (is_polygon(node)) {
        ct_citygml__patch *patch = patch_of(t, node);
        if (patch) return CT_OK; // the first meaning stays
        CT_TRY(make_patch(&patch, t, node));
        patch->tag = tag;
        patch->surface = surface;
        return CT_OK;
    }
    xmlNode *linked;
    CT_TRY(ct_citygml__target(&linked, t->c, node));
    if (linked) return mark(t, linked, tag, surface, depth + 1);
    for (xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at))
        CT_TRY(mark(t, at, tag, surface, depth + 1));
    return CT_OK;
}

ct_err ct_citygml__mark(target *t, xmlNode *geometry, ct_surface tag, uint32_t surface) {
    return mark(t, geometry, tag, surface, 0);
}

void ct_citygml__unmark(ct_citygml__reader *c) {
    for (ct_citygml__patch *p = c->patches; p; p = p->made_before) p->polygon->_private = NULL;
    c->patches = NULL;
}

// ---- all kinds ----------------------------------------------------------------------------------

static ct_err add(target *t, xmlNode *node, bool flip, int depth);

static ct_err add_members(target *t, const xmlNode *node, bool flip, int depth) {
    for (xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at))
        CT_TRY(add(t, at, flip, depth + 1));
    return CT_OK;
}

static ct_err add_point(target *t, const xmlNode *point) {
    CT_TRY(open_shape(t, CT_CITY__POINTS));
    for (const xmlNode *at = ct_citygml__first(point); at; at = ct_citygml__next(at))
        if (holds_positions(at)) CT_TRY(add_positions(t, at));
    return CT_OK;
}

static ct_err add_solid(target *t, const xmlNode *solid, bool flip, int depth) {
    const bool once = t->once;
    t->open = t->once = false; // a solid has all its faces, whoever has them too
    CT_TRY(open_shape(t, CT_CITY__SOLID));
    const ct_err err = add_members(t, solid, flip, depth);
    t->open = false;
    t->once = once;
    return err;
}

static ct_err is_turned(bool *out, target *t, const xmlNode *node) {
    const char *orientation;
    CT_TRY(ct_citygml__attr(&orientation, t->c->r.job->arena, node, "orientation"));
    *out = orientation && strcmp(orientation, "-") == 0;
    return CT_OK;
}

static ct_err add(target *t, xmlNode *node, bool flip, int depth) {
    xmlNode *linked;
    bool turned = false;
    CT_TRY(step(t, depth, node));
    if (is_polygon(node)) return add_polygon(t, node, flip);
    if (ct_citygml__named(node, "Solid")) return add_solid(t, node, flip, depth);
    if (ct_citygml__named(node, "Point")) return add_point(t, node);
    if (is_line(node)) {
        CT_TRY(open_shape(t, CT_CITY__LINES));
        return add_ring(t, node, false);
    }
    if (ct_citygml__named(node, "OrientableSurface")) CT_TRY(is_turned(&turned, t, node));
    CT_TRY(ct_citygml__target(&linked, t->c, node));
    if (linked) return add(t, linked, flip, depth + 1);
    return add_members(t, node, flip != turned, depth);
}

ct_err ct_citygml__geometry(target *t, xmlNode *geometry) {
    t->open = false;
    return add(t, geometry, false, 0);
}

// ---- implicit geometries ------------------------------------------------------------------------

static ct_err add_pattern(ct_city__pattern **out, ct_citygml__reader *c, const char *id) {
    ct_city__pattern *p = ct_arena_calloc(c->r.arena, 1, sizeof *p);
    if (!p) return CT_NOMEM;
    *out = p;
    if (!id) return CT_OK;
    if (c->n_patterns == c->pattern_room) {
        const size_t room = c->pattern_room ? 2 * c->pattern_room : 32;
        ct_city__pattern **grown = ct_arena_calloc(c->r.arena, room, sizeof(ct_city__pattern *));
        if (!grown) return CT_NOMEM;
        if (c->n_patterns) memcpy(grown, c->pattern_at, c->n_patterns * sizeof(ct_city__pattern *));
        c->pattern_at = grown;
        c->pattern_room = room;
    }
    c->pattern_at[c->n_patterns] = p;
    return ct_strmap_put(c->patterns, id, c->n_patterns++);
}

// The pattern of a relative geometry: made with its first use, found again by the geometry's id.
static ct_err pattern_of(ct_city__pattern **out, target *t, const xmlNode *relative) {
    const char *href, *id = NULL;
    size_t at;
    xmlNode *geometry = ct_citygml__first(relative);
    *out = NULL;
    CT_TRY(ct_citygml__attr(&href, t->c->r.arena, relative, "href"));
    if (href && *href == '#') id = href + 1;
    if (geometry) CT_TRY(ct_citygml__attr(&id, t->c->r.arena, geometry, "id"));
    if (id && ct_strmap_get(&at, t->c->patterns, id)) {
        *out = t->c->pattern_at[at];
        return CT_OK;
    }
    if (!geometry) CT_TRY(ct_citygml__target(&geometry, t->c, relative));
    if (!geometry) return CT_OK;
    ct_city__object holder = {.type = t->object->type};
    target inside = {.c = t->c,
                     .object = &holder,
                     .arena = t->c->r.arena,
                     .lod = t->lod,
                     .dimensions = t->dimensions};
    CT_TRY(ct_citygml__geometry(&inside, geometry));
    CT_TRY(add_pattern(out, t->c, id));
    (*out)->n_shapes = holder.n_shapes;
    (*out)->shapes = holder.shapes;
    return CT_OK;
}

static ct_err read_matrix(ct_affine *out, const char *text, const xmlNode *node) {
    double m[16];
    for (int i = 0; i < 16; i++) {
        char *end;
        m[i] = strtod(text, &end);
        if (end == text || !isfinite(m[i]))
            return ct_fail(CT_PARSE, "line %ld: transformationMatrix: 16 numbers expected",
                           xmlGetLineNo(node));
        text = end;
    }
    memcpy(out->m, m, sizeof out->m);
    return CT_OK;
}

ct_err ct_citygml__implicit(target *t, const xmlNode *implicit) {
    const xmlNode *relative = ct_citygml__child(implicit, "relativeGMLGeometry");
    const xmlNode *matrix = ct_citygml__child(implicit, "transformationMatrix");
    const xmlNode *reference = ct_citygml__child(implicit, "referencePoint");
    ct_affine m = ct_affine_identity;
    const char *text;
    ct_city__pattern *pattern;
    if (!relative) relative = ct_citygml__child(implicit, "relativeGeometry");
    if (!relative)
        return ct_city__count(&t->c->r, "library-object",
                              "%zu shapes of a %s are in other files; they are left out",
                              t->object->type);
    if (!reference)
        return ct_fail(CT_PARSE, "line %ld: an implicit geometry without referencePoint",
                       xmlGetLineNo(implicit));
    if (matrix) {
        CT_TRY(ct_citygml__text(&text, t->c->r.job->arena, matrix));
        CT_TRY(read_matrix(&m, text, matrix));
    }
    CT_TRY(pattern_of(&pattern, t, relative));
    if (!pattern) return CT_OK;
    t->open = false;
    xmlNode *point = ct_citygml__first(reference);
    if (!point || !ct_citygml__named(point, "Point"))
        return ct_fail(CT_PARSE, "line %ld: referencePoint: a Point expected",
                       xmlGetLineNo(reference));
    ct_city__shape *made;
    CT_TRY(ct_city__add_shape(&made, t->object, t->arena));
    made->kind = CT_CITY__POINTS;
    made->lod = t->lod;
    t->shape = t->object->n_shapes - 1;
    t->open = true;
    CT_TRY(add_point(t, point));
    ct_city__shape *s = shape_of(t);
    if (s->n_points != 1)
        return ct_fail(CT_PARSE, "line %ld: one position expected", xmlGetLineNo(point));
    memcpy(s->anchor, s->xyz, sizeof s->anchor);
    s->n_points = 0;
    s->matrix = m;
    s->pattern = pattern;
    t->open = false;
    return CT_OK;
}
