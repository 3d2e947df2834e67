// Appearances: the colours of X3D materials by the surfaces that they target, and textures by their
// pictures: the address is kept, and the mean of a picture that lies beside the file is the colour
// of what has no material.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/citygml/citygml.h"
#include "ingest/colour.h"

static ct_err read_material(ct_material *out, ct_citygml__reader *c, const xmlNode *material) {
    const xmlNode *color = ct_citygml__child(material, "diffuseColor");
    const xmlNode *transparency = ct_citygml__child(material, "transparency");
    const char *text;
    *out = (ct_material){.name = "", .rgba = {0.8F, 0.8F, 0.8F, 1}};
    if (color) {
        CT_TRY(ct_citygml__text(&text, c->r.job->arena, color));
        for (int k = 0; k < 3; k++) {
            char *end;
            const double v = strtod(text, &end);
            if (end == text || !(v >= 0 && v <= 1))
                return ct_fail(CT_PARSE, "line %ld: diffuseColor: 3 numbers of 0 to 1 expected",
                               xmlGetLineNo(color));
            out->rgba[k] = (float)v;
            text = end;
        }
    }
    if (transparency) {
        CT_TRY(ct_citygml__text(&text, c->r.job->arena, transparency));
        out->rgba[3] = (float)(1 - fmin(fmax(strtod(text, NULL), 0), 1));
    }
    return CT_OK;
}

static ct_err keep_material(ct_citygml__reader *c, const ct_material *m) {
    void *materials = c->materials;
    CT_TRY(
        ct_citygml__room(&materials, &c->material_room, c->r.n_materials, sizeof *m, c->r.arena));
    c->r.materials = c->materials = materials;
    c->materials[c->r.n_materials++] = *m;
    return CT_OK;
}

// Of the back side, which nobody draws here.
static ct_err is_back(bool *out, ct_arena *arena, const xmlNode *material) {
    const xmlNode *front = ct_citygml__child(material, "isFront");
    const char *text = "";
    if (front) CT_TRY(ct_citygml__text(&text, arena, front));
    *out = strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
    return CT_OK;
}

// Of several themes the first that colours a surface counts, and the first that has a texture for
// it. `target`: "#id".
static ct_err paint(ct_strmap *colours, const char *target, size_t more, const xmlNode *node) {
    enum { MOST = 8000000 };
    size_t there = 0;
    if (*target != '#') return CT_OK;
    const bool known = ct_strmap_get(&there, colours, target + 1);
    const size_t material = ct_citygml__paint_material(there);
    const size_t texture = ct_citygml__paint_texture(there);
    const size_t value = ct_citygml__paint(material ? material : ct_citygml__paint_material(more),
                                           texture ? texture : ct_citygml__paint_texture(more));
    if (known && value == there) return CT_OK;
    if (!known && ct_strmap_count(colours) >= MOST)
        return ct_fail(CT_LIMIT, "line %ld: more than %d surfaces have a colour",
                       xmlGetLineNo(node), MOST);
    return ct_strmap_put(colours, target + 1, value);
}

static ct_err read_colour(ct_citygml__reader *c, const xmlNode *node, ct_strmap *colours,
                          ct_arena *arena) {
    ct_material m;
    bool back;
    CT_TRY(is_back(&back, c->r.job->arena, node));
    if (back) return CT_OK;
    CT_TRY(read_material(&m, c, node));
    CT_TRY(keep_material(c, &m));
    for (const xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at)) {
        const char *id;
        if (!ct_citygml__named(at, "target")) continue;
        CT_TRY(ct_citygml__text(&id, arena, at));
        CT_TRY(paint(colours, id, ct_citygml__paint(c->r.n_materials, 0), at));
    }
    return CT_OK;
}

// ---- textures -----------------------------------------------------------------------------------

// The colour of a picture as a material, one for all that look alike: a body has a part for each.
static ct_err find_mean(uint32_t *material, ct_citygml__reader *c, const char *uri) {
    ct_material m = {.name = "", .rgba = {0, 0, 0, 1}};
    *material = CT_CITY__NONE;
    if (!ct_ingest__mean_colour(m.rgba, c->r.job->path, uri, &c->pixels_left)) return CT_OK;
    unsigned colour = 0; // of 16 levels each
    for (int k = 0; k < 3; k++) {
        const float level = roundf(m.rgba[k] * 15);
        colour = colour << 4 | (unsigned)level;
        m.rgba[k] = level / 15;
    }
    if (!c->mean_at[colour]) {
        CT_TRY(keep_material(c, &m));
        c->mean_at[colour] = (uint32_t)c->r.n_materials;
    }
    *material = c->mean_at[colour] - 1;
    return CT_OK;
}

// Where the picture is in the reader's textures, each once.
static ct_err texture_of(size_t *out, ct_citygml__reader *c, const char *uri) {
    enum { MOST = 100000 };
    void *textures = c->textures;
    if (ct_strmap_get(out, c->texture_at, uri)) return CT_OK;
    if (c->n_textures == MOST) return ct_fail(CT_LIMIT, "more than %d pictures", MOST);
    CT_TRY(ct_citygml__room(&textures, &c->texture_room, c->n_textures, sizeof *c->textures,
                            c->r.arena));
    c->textures = textures;
    ct_citygml__texture *t = &c->textures[c->n_textures];
    t->uri = ct_arena_strdup(c->r.arena, uri);
    if (!t->uri) return CT_NOMEM;
    if (!ct_ingest__progress(c->r.job, c->r.part))
        return ct_fail(CT_CANCELLED, "%s: cancelled", c->r.job->file);
    CT_TRY(find_mean(&t->material, c, uri));
    *out = c->n_textures++;
    return ct_strmap_put(c->texture_at, t->uri, *out);
}

// Targets are told by an attribute (2.0) or by a text (3.0, and pictures laid on the ground).
static ct_err read_texture(ct_citygml__reader *c, xmlNode *node, ct_strmap *colours,
                           ct_arena *arena) {
    const xmlNode *image = ct_citygml__child(node, "imageURI");
    const char *uri = "";
    size_t at;
    if (image) CT_TRY(ct_citygml__text(&uri, c->r.job->arena, image));
    if (!*uri) return CT_OK;
    CT_TRY(texture_of(&at, c, uri));
    for (xmlNode *t = node; t; t = ct_citygml__walk(t, node)) {
        const char *id;
        if (!ct_citygml__named(t, "target")) continue;
        CT_TRY(ct_citygml__attr(&id, arena, t, "uri"));
        if (!id) CT_TRY(ct_citygml__text(&id, arena, t));
        CT_TRY(paint(colours, id, ct_citygml__paint(0, at + 1), t));
    }
    return CT_OK;
}

ct_err ct_citygml__colours(ct_citygml__reader *c, xmlNode *root, ct_strmap *colours,
                           ct_arena *arena) {
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root))
        if (ct_citygml__named(at, "X3DMaterial")) CT_TRY(read_colour(c, at, colours, arena));
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        if (!ct_citygml__named(at, "ParameterizedTexture") &&
            !ct_citygml__named(at, "GeoreferencedTexture"))
            continue;
        CT_TRY(read_texture(c, at, colours, arena));
        ct_diagnostics_add_once(c->r.job->diagnostics, CT_SEVERITY_INFO, "textures", c->r.job->file,
                                "textures are no part of the twin; their addresses are kept as "
                                "properties, and the mean colours of pictures beside the file");
    }
    return CT_OK;
}

ct_err ct_citygml__tell_textures(ct_citygml__reader *c, ct_city__object *o) {
    const char *all = "";
    for (size_t i = 0; i < c->n_met; i++) {
        all = ct_arena_printf(c->r.family, "%s%s%s", all, *all ? ", " : "",
                              c->textures[c->met[i]].uri);
        if (!all) return CT_NOMEM;
    }
    if (c->met_more) all = ct_arena_printf(c->r.family, "%s, ...", all);
    if (!all) return CT_NOMEM;
    const ct_property p = {.set = "appearance",
                           .name = "texture",
                           .value = {.kind = CT_VALUE_TEXT, .as.text = all},
                           .unit = ""};
    return *all ? ct_city__add_attribute(o, c->r.family, &p) : CT_OK;
}

uint32_t ct_citygml__meet_texture(ct_citygml__reader *c, size_t texture) {
    for (size_t i = 0; i < c->n_met; i++)
        if (c->met[i] == texture) return c->textures[texture].material;
    if (c->n_met < CT_CITYGML__MOST_MET)
        c->met[c->n_met++] = (uint32_t)texture;
    else
        c->met_more = true;
    return c->textures[texture].material;
}
