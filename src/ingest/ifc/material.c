// Materials: single ones, lists, layers, constituents, profiles (ISO 16739-1,
// IfcMaterialResource), and surface styles (IfcPresentationAppearanceResource).
#include "ingest/ifc/material.h"

#include <math.h>

#include <stdio.h>
#include <string.h>

enum { MAX_MATERIALS = 32, MAX_DEPTH = 6, MAX_TEXT = 2000 };

typedef struct writer {
    ct_ifc__model *m;
    const ct_ifc__units *units;
    ct_arena *arena;
    char text[MAX_TEXT];
    int n;
} writer;

static ct_err put_name(writer *w, uint32_t slot, double thickness_m) {
    const char *name;
    CT_TRY(ct_ifc__text(&name, w->arena, w->m, slot, "Name"));
    if (!name) return CT_OK;
    const size_t used = strlen(w->text);
    if (thickness_m > 0)
        snprintf(w->text + used, MAX_TEXT - used, "%s%s %g m", used ? "; " : "", name, thickness_m);
    else
        snprintf(w->text + used, MAX_TEXT - used, "%s%s", used ? "; " : "", name);
    return CT_OK;
}

static ct_err put_list(writer *w, uint32_t slot, const char *attribute, int depth);

// Whatever a material select may be; what holds others is gone into, to a depth.
static ct_err put(writer *w, uint32_t slot, int depth) {
    static const char *const lists[] = {"Materials", "MaterialLayers", "MaterialConstituents",
                                        "MaterialProfiles"};
    static const char *const singles[] = {"ForLayerSet", "ForProfileSet"};
    if (slot == CT_STEP__NONE || depth == MAX_DEPTH || w->n >= MAX_MATERIALS) return CT_OK;
    w->n++;
    if (ct_ifc__is(w->m, slot, CT_IFC__MATERIAL)) return put_name(w, slot, 0);
    const uint32_t inner = ct_ifc__ref(w->m, slot, "Material"); // of a layer, constituent, profile
    if (inner != CT_STEP__NONE) {
        double thickness = 0;
        (void)ct_ifc__number(&thickness, w->m, slot, "LayerThickness");
        return put_name(w, inner, thickness * w->units->length_m);
    }
    for (size_t i = 0; i < 2; i++) CT_TRY(put(w, ct_ifc__ref(w->m, slot, singles[i]), depth + 1));
    for (size_t i = 0; i < 4; i++) CT_TRY(put_list(w, slot, lists[i], depth + 1));
    return CT_OK;
}

static ct_err put_list(writer *w, uint32_t slot, const char *attribute, int depth) {
    const ct_step__value list = ct_ifc__get(w->m, slot, attribute);
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (w->n < MAX_MATERIALS && ct_step__next(&v, &c))
        CT_TRY(put(w, ct_step__ref(w->m->step, &v), depth));
    return CT_OK;
}

ct_err ct_ifc__material_text(const char **out, ct_arena *arena, ct_ifc__model *m,
                             const ct_ifc__units *units, uint32_t object) {
    writer w = {.m = m, .units = units, .arena = arena};
    *out = NULL;
    uint32_t material = ct_ifc__first(&m->rel.material, object);
    if (material == CT_STEP__NONE)
        material = ct_ifc__first(&m->rel.material, ct_ifc__first(&m->rel.type, object));
    CT_TRY(put(&w, material, 0));
    if (!*w.text) return CT_OK;
    *out = ct_arena_strdup(arena, w.text);
    return *out ? CT_OK : CT_NOMEM;
}

// ---- styles -------------------------------------------------------------------------------------

// The first surface style that is reached from a list of styles, through assignments of them.
static uint32_t surface_style(const ct_ifc__model *m, uint32_t slot, int depth) {
    const ct_step__value list = ct_ifc__get(m, slot, "Styles");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    if (slot == CT_STEP__NONE || ct_ifc__is(m, slot, CT_IFC__SURFACE_STYLE)) return slot;
    if (depth == MAX_DEPTH) return CT_STEP__NONE;
    while (ct_step__next(&v, &c)) {
        const uint32_t inner = ct_step__ref(m->step, &v);
        if (inner == CT_STEP__NONE) continue;
        const uint32_t found = surface_style(m, inner, depth + 1);
        if (found != CT_STEP__NONE) return found;
    }
    return CT_STEP__NONE;
}

// Of an IfcSurfaceStyleShading or -Rendering.
static bool read_colour(float rgba[4], const ct_ifc__model *m, uint32_t shading) {
    static const char *const names[] = {"Red", "Green", "Blue"};
    const uint32_t colour = ct_ifc__ref(m, shading, "SurfaceColour");
    double x;
    for (int i = 0; i < 3; i++) {
        if (!ct_ifc__number(&x, m, colour, names[i]) || x < 0 || x > 1) return false;
        rgba[i] = (float)x;
    }
    rgba[3] =
        ct_ifc__number(&x, m, shading, "Transparency") && x >= 0 && x <= 1 ? (float)(1 - x) : 1;
    return true;
}

bool ct_ifc__style_of_styled(ct_material *out, ct_arena *arena, ct_ifc__model *m, uint32_t styled) {
    const uint32_t style = surface_style(m, styled, 0);
    const ct_step__value list = ct_ifc__get(m, style, "Styles");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    while (ct_step__next(&v, &c)) {
        const char *name = NULL;
        if (!read_colour(out->rgba, m, ct_step__ref(m->step, &v))) continue;
        const bool named = ct_ifc__text(&name, arena, m, style, "Name") == CT_OK && name;
        out->name = named ? name : "";
        return true;
    }
    return false;
}

// The colour that most faces have of an IfcIndexedColourMap, as a body has one.
static bool colour_of_most(ct_material *out, const ct_ifc__model *m, uint32_t map) {
    const ct_step__value index = ct_ifc__get(m, map, "ColourIndex");
    const ct_step__value colours = ct_ifc__get(m, ct_ifc__ref(m, map, "Colours"), "ColourList");
    ct_step__cursor c = ct_step__list(&index), rows = ct_step__list(&colours);
    ct_step__value v;
    double most = 0, number, rgb[3], opacity;
    size_t votes = 0;
    while (ct_step__next(&v, &c)) { // the majority, if there is one; else one of many
        if (!ct_step__number(&number, &v)) return false;
        if (votes == 0) most = number;
        if (number == most)
            votes++;
        else
            votes--;
    }
    for (double i = 1; ct_step__next(&v, &rows); i++) {
        if (i != most) continue;
        if (ct_ifc__numbers(rgb, 3, &v) != 3) return false;
        for (int k = 0; k < 3; k++) out->rgba[k] = (float)fmin(fmax(rgb[k], 0), 1);
        const bool told = ct_ifc__number(&opacity, m, map, "Opacity");
        out->rgba[3] = told && opacity >= 0 && opacity <= 1 ? (float)opacity : 1;
        out->name = "";
        return true;
    }
    return false;
}

bool ct_ifc__style_of_item(ct_material *out, ct_arena *arena, ct_ifc__model *m, uint32_t item) {
    const ct_ifc__slots all = ct_ifc__linked(&m->rel.styles, item);
    for (size_t i = 0; i < all.n; i++)
        if (ct_ifc__is(m, all.at[i], CT_IFC__INDEXED_COLOURS)
                ? colour_of_most(out, m, all.at[i])
                : ct_ifc__style_of_styled(out, arena, m, all.at[i]))
            return true;
    return false;
}

const ct_material ct_ifc__plain_material = {"", {0.8f, 0.8f, 0.8f, 1}};

// ---- styles of materials ------------------------------------------------------------------------

// Of what a material select may be: the first material that is reached.
static uint32_t find_material(const ct_ifc__model *m, uint32_t slot, int depth) {
    static const char *const singles[] = {"Material", "ForLayerSet", "ForProfileSet"};
    static const char *const lists[] = {"Materials", "MaterialLayers", "MaterialConstituents",
                                        "MaterialProfiles"};
    if (slot == CT_STEP__NONE || depth == MAX_DEPTH) return CT_STEP__NONE;
    if (ct_ifc__is(m, slot, CT_IFC__MATERIAL)) return slot;
    for (size_t i = 0; i < 3; i++) {
        const uint32_t found = find_material(m, ct_ifc__ref(m, slot, singles[i]), depth + 1);
        if (found != CT_STEP__NONE) return found;
    }
    for (size_t i = 0; i < 4; i++) {
        const ct_step__value list = ct_ifc__get(m, slot, lists[i]);
        ct_step__cursor c = ct_step__list(&list);
        ct_step__value v;
        if (!ct_step__next(&v, &c)) continue;
        const uint32_t found = find_material(m, ct_step__ref(m->step, &v), depth + 1);
        if (found != CT_STEP__NONE) return found;
    }
    return CT_STEP__NONE;
}

uint32_t ct_ifc__first_material(const ct_ifc__model *m, uint32_t object) {
    uint32_t material = ct_ifc__first(&m->rel.material, object);
    if (material == CT_STEP__NONE)
        material = ct_ifc__first(&m->rel.material, ct_ifc__first(&m->rel.type, object));
    return find_material(m, material, 0);
}

// Calls for each styled item of each material's representations; counts them where `to` is NULL.
static void walk_styles(uint32_t *start, uint32_t *to, const ct_ifc__model *m,
                        const ct_ifc__slots *definitions) {
    for (size_t d = 0; d < definitions->n; d++) {
        const uint32_t material = ct_ifc__ref(m, definitions->at[d], "RepresentedMaterial");
        const ct_step__value list = ct_ifc__get(m, definitions->at[d], "Representations");
        ct_step__cursor c = ct_step__list(&list);
        ct_step__value v, item;
        while (material != CT_STEP__NONE && ct_step__next(&v, &c)) {
            const ct_step__value items = ct_ifc__get(m, ct_step__ref(m->step, &v), "Items");
            ct_step__cursor ci = ct_step__list(&items);
            while (ct_step__next(&item, &ci)) {
                const uint32_t styled = ct_step__ref(m->step, &item);
                if (!ct_ifc__is(m, styled, CT_IFC__STYLED_ITEM)) continue;
                if (to) to[start[material]] = styled;
                start[material]++;
            }
        }
    }
}

ct_err ct_ifc__material_styles(ct_ifc__links *out, ct_arena *arena, const ct_ifc__model *m) {
    ct_ifc__slots definitions;
    const size_t n = ct_step__count(m->step);
    *out = (ct_ifc__links){0};
    CT_TRY(ct_ifc__all(&definitions, arena, m,
                       ct_ifc__entity_named(m->schema, "IfcMaterialDefinitionRepresentation")));
    if (definitions.n == 0) return CT_OK;
    uint32_t *start = ct_arena_calloc(arena, n + 2, sizeof *start), all = 0;
    if (!start) return CT_NOMEM;
    walk_styles(start, NULL, m, &definitions);
    for (size_t i = 0; i <= n; i++) { // counts become places
        const uint32_t count = start[i];
        start[i] = all;
        all += count;
    }
    uint32_t *to = ct_arena_alloc(arena, ((size_t)all + 1) * sizeof *to);
    if (!to) return CT_NOMEM;
    walk_styles(start, to, m, &definitions);
    memmove(start + 1, start, (n + 1) * sizeof *start); // each moved up to where its own end
    start[0] = 0;
    *out = (ct_ifc__links){start, to};
    return CT_OK;
}
