// Shapes on their way to features: which products have one, their materials, what they cover, and
// the outlines of storeys and buildings that come of it.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "geo/geos.h"
#include "ingest/ifc/material.h"
#include "ingest/ifc/reader.h"
#include "ingest/ifc/shape/shapes.h"

static const double k_outline_step_m = 1e-3;

struct ct_ifc__bodies {
    ct_ifc__product *products;
    size_t n;
    uint32_t *number_of; // of a slot: product + 1
    uint8_t *told;       // of a product: its findings are reported
    ct_ifc__shapes *shapes;
    ct_material *materials; // of styles, made as they are asked for
    size_t n_materials, material_room;
    uint32_t *material_of;     // of a slot: material + 1
    ct_ifc__links of_material; // of an IfcMaterial: the styled items of its representations
};

// ---- which products -----------------------------------------------------------------------------

static bool any_of(const ct_ifc__model *m, uint32_t slot, const ct_ifc__known *kinds, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (ct_ifc__is(m, slot, kinds[i])) return true;
    return false;
}

// Whether the product, or what it is a part of, becomes a feature that is asked for.
static bool is_asked(const ct_ifc__reader *r, uint32_t slot) {
    static const ct_ifc__known openings[] = {CT_IFC__DOOR, CT_IFC__WINDOW, CT_IFC__OPENING};
    const ct_class *only = r->job->only_class;
    if (!only) return true;
    if (strcmp(only->name, "building") == 0 || strcmp(only->name, "storey") == 0) return true;
    if (ct_ifc__is(&r->m, slot, CT_IFC__SPACE)) return strcmp(only->name, "space") == 0;
    if (any_of(&r->m, slot, openings, 3)) return strcmp(only->name, "opening") == 0;
    if (ct_ifc__is(&r->m, slot, CT_IFC__SITE)) return strcmp(only->name, "site") == 0;
    return strcmp(only->name, "space") != 0 && strcmp(only->name, "opening") != 0 &&
           strcmp(only->name, "site") != 0;
}

static uint8_t want_of(const ct_ifc__reader *r, uint32_t slot) {
    static const ct_ifc__known features[] = {CT_IFC__SPATIAL, CT_IFC__SPATIAL_2X3, CT_IFC__ELEMENT};
    static const ct_ifc__known groundless[] = {CT_IFC__DOOR, CT_IFC__WINDOW, CT_IFC__OPENING,
                                               CT_IFC__DISTRIBUTION, CT_IFC__FURNISHING};
    static const ct_ifc__known floors[] = {CT_IFC__SPACE, CT_IFC__SLAB, CT_IFC__ROOF};
    const ct_ifc__model *m = &r->m;
    if (ct_ifc__ref(m, slot, "Representation") == CT_STEP__NONE || !is_asked(r, slot))
        return CT_IFC__WANT_NOTHING;
    if (!any_of(m, slot, features, 3) || ct_ifc__is(m, slot, CT_IFC__VIRTUAL_ELEMENT))
        return CT_IFC__WANT_NOTHING;
    // Openings that something fills are cut, but are no features of their own.
    if (ct_ifc__is(m, slot, CT_IFC__FEATURE_ELEMENT) &&
        (!ct_ifc__is(m, slot, CT_IFC__OPENING) || ct_ifc__linked(&m->rel.fillings, slot).n))
        return CT_IFC__WANT_NOTHING;
    if (any_of(m, slot, groundless, sizeof groundless / sizeof *groundless))
        return CT_IFC__WANT_BODY;
    return CT_IFC__WANT_BODY |
           (any_of(m, slot, floors, 3) ? CT_IFC__WANT_GROUND : CT_IFC__WANT_CHEAP);
}

static ct_err list_products(ct_ifc__bodies *b, ct_ifc__reader *r) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all_known(&all, r->arena, &r->m, CT_IFC__PRODUCT));
    b->products = ct_arena_calloc(r->arena, all.n + 1, sizeof *b->products);
    b->told = ct_arena_calloc(r->arena, all.n + 1, 1);
    b->number_of =
        ct_arena_calloc(r->arena, (size_t)ct_step__count(r->m.step) + 1, sizeof *b->number_of);
    if (!b->products || !b->told || !b->number_of) return CT_NOMEM;
    for (size_t i = 0; i < all.n; i++) {
        ct_ifc__product *p = &b->products[b->n];
        *p = (ct_ifc__product){all.at[i], want_of(r, all.at[i]), ct_affine_identity};
        if (!p->want && !ct_ifc__is(&r->m, p->slot, CT_IFC__OPENING)) continue;
        if (ct_ifc__ref(&r->m, p->slot, "ObjectPlacement") != CT_STEP__NONE)
            p->place = ct_ifc__place_of(r->places, p->slot);
        b->number_of[p->slot] = (uint32_t)++b->n;
    }
    return CT_OK;
}

static bool report_progress(void *context, double part) {
    return ct_ingest__progress(context, 0.1 + 0.5 * part);
}

// `product`: what those are about that are about nothing else.
static void report(ct_ifc__reader *r, uint32_t product, const ct_ifc__finding *f, size_t n) {
    for (size_t i = 0; i < n; i++)
        ct_ifc__note(&r->m, f[i].severity, f[i].rule,
                     f[i].slot == CT_STEP__NONE ? product : f[i].slot, "%s", f[i].text);
}

ct_err ct_ifc__make_bodies(ct_ifc__reader *r) {
    r->bodies = ct_arena_calloc(r->arena, 1, sizeof *r->bodies);
    if (!r->bodies) return CT_NOMEM;
    CT_TRY(list_products(r->bodies, r));
    const ct_ifc__shaping what = {.m = &r->m,
                                  .units = &r->units,
                                  .to_twin = &r->georef.to_twin,
                                  .products = r->bodies->products,
                                  .n = r->bodies->n,
                                  .threads = r->job->options.threads,
                                  .progress = report_progress,
                                  .context = r->job};
    CT_TRY(ct_ifc__shapes_make(&r->bodies->shapes, &what));
    size_t n;
    const ct_ifc__finding *findings = ct_ifc__shapes_findings(&n, r->bodies->shapes);
    report(r, 0, findings, n);
    return ct_ifc__material_styles(&r->bodies->of_material, r->arena, &r->m);
}

void ct_ifc__bodies_free(ct_ifc__bodies *bodies) {
    if (bodies) ct_ifc__shapes_free(bodies->shapes);
}

static ct_ifc__shape *shape_of(const ct_ifc__reader *r, uint32_t slot) {
    const ct_ifc__bodies *b = r->bodies;
    if (!b || slot == CT_STEP__NONE || !b->number_of[slot]) return NULL;
    return ct_ifc__shape_at(b->shapes, b->number_of[slot] - 1);
}

// ---- materials ----------------------------------------------------------------------------------

// Of a representation item that has a style, or of an IfcMaterial. Index into `materials`.
static ct_err material_at(size_t *out, ct_ifc__reader *r, uint32_t slot, bool material) {
    ct_ifc__bodies *b = r->bodies;
    if (!b->material_of) {
        b->material_of = ct_arena_calloc(r->arena, (size_t)ct_step__count(r->m.step) + 1,
                                         sizeof *b->material_of);
        if (!b->material_of) return CT_NOMEM;
    }
    if (!b->material_of[slot]) {
        if (b->n_materials == b->material_room) {
            const size_t room = b->material_room ? 2 * b->material_room : 64;
            ct_material *grown = ct_arena_alloc(r->arena, room * sizeof *grown);
            if (!grown) return CT_NOMEM;
            if (b->n_materials) memcpy(grown, b->materials, b->n_materials * sizeof *grown);
            b->materials = grown;
            b->material_room = room;
        }
        ct_material *m = &b->materials[b->n_materials];
        *m = ct_ifc__plain_material;
        if (material) {
            const ct_ifc__slots items = ct_ifc__linked(&b->of_material, slot);
            for (size_t i = 0; i < items.n; i++)
                if (ct_ifc__style_of_styled(m, r->arena, &r->m, items.at[i])) break;
        } else {
            (void)ct_ifc__style_of_item(m, r->arena, &r->m, slot);
        }
        b->material_of[slot] = (uint32_t)++b->n_materials;
    }
    *out = b->material_of[slot] - 1;
    return CT_OK;
}

// Items without a style have their material's.
static ct_err take_materials(ct_ifc__reader *r, uint32_t slot, ct_ifc__shape *shape) {
    const uint32_t own = ct_ifc__first_material(&r->m, slot);
    for (size_t i = 0; i < shape->n_parts; i++) {
        const bool styled = shape->styles[i] != CT_STEP__NONE;
        const uint32_t of = styled ? shape->styles[i] : own;
        size_t number;
        shape->parts[i].material = ct_ifc__plain_material;
        if (of == CT_STEP__NONE) continue;
        CT_TRY(material_at(&number, r, of, !styled));
        shape->parts[i].material = r->bodies->materials[number];
    }
    return CT_OK;
}

// ---- bodies -------------------------------------------------------------------------------------

ct_err ct_ifc__set_body(ct_ifc__reader *r, ct_ifc__item *i) {
    ct_ifc__shape *shape = shape_of(r, i->slot);
    if (!shape) return CT_OK;
    uint8_t *told = &r->bodies->told[r->bodies->number_of[i->slot] - 1];
    if (!*told) report(r, i->slot, shape->findings, shape->n_findings);
    *told = 1;
    if (shape->n_parts == 0) return CT_OK;
    CT_TRY(take_materials(r, i->slot, shape));
    ct_body *body = ct_arena_alloc(r->job->arena, sizeof *body);
    if (!body) return CT_NOMEM;
    *body = (ct_body){shape->n_parts, shape->parts};
    i->f.body = body;
    return CT_OK;
}

// The polygons with a height, as a geometry of the feature.
static ct_err set_polygons(ct_ifc__reader *r, ct_ifc__item *i, const ct_geom *g, double height_m) {
    if (g->n_parts == 0) return CT_OK;
    ct_geom own = *g;
    const bool has_z = i->f.cls->has_z && isfinite(height_m);
    const size_t stride = has_z ? 3 : 2;
    own.has_z = has_z;
    own.xyz = ct_arena_alloc(r->job->arena, stride * g->n_points * sizeof *own.xyz);
    if (!own.xyz) return CT_NOMEM;
    for (size_t p = 0; p < g->n_points; p++) {
        memcpy(own.xyz + stride * p, g->xyz + 2 * p, 2 * sizeof *own.xyz);
        if (has_z) own.xyz[stride * p + 2] = height_m;
    }
    i->f.geom = own;
    return CT_OK;
}

ct_err ct_ifc__set_ground(ct_ifc__reader *r, ct_ifc__item *i) {
    const ct_ifc__shape *shape = shape_of(r, i->slot);
    return shape ? set_polygons(r, i, &shape->ground, shape->bottom_m) : CT_OK;
}

void ct_ifc__measures_of(ct_ifc__measures *out, const ct_ifc__reader *r, uint32_t slot) {
    const ct_ifc__shape *shape = shape_of(r, slot);
    *out = (ct_ifc__measures){NAN, NAN, NAN, NAN, NAN, NAN};
    if (shape && shape->ground.n_parts) out->area_m2 = ct_geom_area_m2(&shape->ground);
    if (!shape || shape->n_parts == 0) return;
    out->volume_m3 = shape->volume_m3;
    out->width_m = fmax(shape->size_m[0], shape->size_m[1]);
    out->height_m = shape->size_m[2];
    out->bottom_m = shape->bottom_m;
    out->top_m = shape->top_m;
}

// ---- outlines -----------------------------------------------------------------------------------

typedef struct collected { // polygons in the making
    ct_geom g;
    size_t points, rings, parts; // room
    double bottom_m;
} collected;

static bool is_outline(const ct_ifc__reader *r, uint32_t slot) {
    static const ct_ifc__known kinds[] = {CT_IFC__SPACE, CT_IFC__SLAB, CT_IFC__WALL,
                                          CT_IFC__CURTAIN_WALL};
    return any_of(&r->m, slot, kinds, sizeof kinds / sizeof *kinds);
}

// Of the products of a storey, or, where it is none, of a building.
static bool belongs(const ct_ifc__reader *r, uint32_t slot, uint32_t storey, uint32_t building) {
    const ct_ifc__home home = ct_ifc__home_of(r, slot);
    return storey != CT_STEP__NONE ? home.storey == storey : home.building == building;
}

double ct_ifc__top_of(const ct_ifc__reader *r, uint32_t building) {
    double top = NAN;
    for (size_t i = 0; r->bodies && i < r->bodies->n; i++) {
        const uint32_t slot = r->bodies->products[i].slot;
        const double own = ct_ifc__shape_at(r->bodies->shapes, i)->top_m;
        if (isnan(own) || (top >= own) ||
            (!is_outline(r, slot) && !ct_ifc__is(&r->m, slot, CT_IFC__ROOF)) ||
            !belongs(r, slot, CT_STEP__NONE, building))
            continue;
        top = own;
    }
    return top;
}

static ct_err collect(ct_geom *out, ct_ifc__reader *r, uint32_t storey, uint32_t building) {
    const ct_ifc__bodies *b = r->bodies;
    ct_geom g = {.type = CT_GEOM_MULTIPOLYGON};
    for (int round = 0; round < 2; round++) { // counted, then copied
        if (round == 1) {
            g.xyz = ct_arena_alloc(r->job->arena, 2 * ((size_t)g.n_points + 1) * sizeof *g.xyz);
            g.ring_end = ct_arena_alloc(r->job->arena, (g.n_rings + 1) * sizeof *g.ring_end);
            g.part_end = ct_arena_alloc(r->job->arena, (g.n_parts + 1) * sizeof *g.part_end);
            if (!g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
            g.n_points = g.n_rings = g.n_parts = 0;
        }
        for (size_t i = 0; i < b->n; i++) {
            const ct_geom *add = &ct_ifc__shape_at(b->shapes, i)->ground;
            if (add->n_parts == 0 || !is_outline(r, b->products[i].slot) ||
                !belongs(r, b->products[i].slot, storey, building))
                continue;
            if (round == 1) {
                memcpy(g.xyz + 2 * (size_t)g.n_points, add->xyz,
                       2 * (size_t)add->n_points * sizeof *g.xyz);
                for (uint32_t k = 0; k < add->n_rings; k++)
                    g.ring_end[g.n_rings + k] = g.n_points + add->ring_end[k];
                for (uint32_t k = 0; k < add->n_parts; k++)
                    g.part_end[g.n_parts + k] = g.n_rings + add->part_end[k];
            }
            g.n_points += add->n_points;
            g.n_rings += add->n_rings;
            g.n_parts += add->n_parts;
        }
        if (g.n_parts == 0) break;
    }
    *out = g;
    return CT_OK;
}

ct_err ct_ifc__set_outline(ct_ifc__reader *r, ct_ifc__item *i, uint32_t storey, uint32_t building,
                           double height_m) {
    ct_geom all;
    if (!r->bodies) return CT_OK;
    CT_TRY(collect(&all, r, storey, building));
    if (all.n_parts == 0) return CT_OK;
    const ct_err err = ct_geos_union(&all, r->job->arena, &all, k_outline_step_m);
    if (err == CT_GEOM) return CT_OK; // no outline then; the shapes have told what is wrong
    CT_TRY(err);
    return set_polygons(r, i, &all, height_m);
}
