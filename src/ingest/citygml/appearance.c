// Appearances: the colours of X3D materials by the surfaces that they target. Textures are told and
// left out.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/citygml/citygml.h"

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

// Of several themes the first that colours a surface counts.
static ct_err read_colour(ct_citygml__reader *c, const xmlNode *node, ct_strmap *colours,
                          ct_arena *arena) {
    enum { MOST = 8000000 };
    ct_material m;
    bool back;
    CT_TRY(is_back(&back, c->r.job->arena, node));
    if (back) return CT_OK;
    CT_TRY(read_material(&m, c, node));
    CT_TRY(keep_material(c, &m));
    for (const xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at)) {
        const char *id;
        size_t there;
        if (!ct_citygml__named(at, "target")) continue;
        CT_TRY(ct_citygml__text(&id, arena, at));
        if (*id != '#' || ct_strmap_get(&there, colours, id + 1)) continue;
        if (ct_strmap_count(colours) >= MOST)
            return ct_fail(CT_LIMIT, "line %ld: more than %d surfaces have a colour",
                           xmlGetLineNo(at), MOST);
        CT_TRY(ct_strmap_put(colours, id + 1, c->r.n_materials - 1));
    }
    return CT_OK;
}

ct_err ct_citygml__colours(ct_citygml__reader *c, xmlNode *root, ct_strmap *colours,
                           ct_arena *arena) {
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        if (ct_citygml__named(at, "X3DMaterial")) CT_TRY(read_colour(c, at, colours, arena));
        if (ct_citygml__named(at, "ParameterizedTexture") ||
            ct_citygml__named(at, "GeoreferencedTexture"))
            ct_diagnostics_add_once(c->r.job->diagnostics, CT_SEVERITY_INFO, "textures",
                                    c->r.job->file,
                                    "textures are left out; colours of materials are kept");
    }
    return CT_OK;
}
