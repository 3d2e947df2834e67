// Attributes: simple ones by their names, generic ones in a set of their own, addresses as a line,
// everything else leaf by leaf. And the colours of surfaces.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/citygml/citygml.h"

static bool is_word(const xmlNode *property) {
    static const char *const words[] = {"name",  "description", "class",      "function",
                                        "usage", "roofType",    "identifier", NULL};
    for (const char *const *w = words; *w; w++)
        if (ct_citygml__named(property, *w)) return true;
    return false;
}

// What begins with a plus or with zeros is a code or a telephone number, whose sign and zeros
// count: no 007, -007 or +5, but where it is measured. Never 0x1, inf or nan.
static bool is_number(const char *text, bool measured) {
    const char *digits = text + (*text == '-');
    if (text[strspn(text, "-+.0123456789eE")]) return false;
    return measured ||
           (*text != '+' && !(digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9'));
}

ct_err ct_citygml__value(ct_property *out, ct_arena *arena, const xmlNode *property) {
    const char *text, *list, *unit;
    char *end;
    CT_TRY(ct_citygml__text(&text, arena, property));
    CT_TRY(ct_citygml__attr(&list, arena, property, "codeSpace"));
    CT_TRY(ct_citygml__attr(&unit, arena, property, "uom"));
    *out = (ct_property){.set = "",
                         .name = ct_arena_strdup(arena, ct_citygml__name(property)),
                         .value = {.kind = CT_VALUE_TEXT, .as.text = text},
                         .unit = unit ? unit : ""};
    if (!out->name) return CT_NOMEM;
    if (list || is_word(property) || !*text || !is_number(text, unit != NULL)) return CT_OK;
    const double number = strtod(text, &end);
    if (*end || !isfinite(number)) return CT_OK;
    if (strpbrk(text, ".eE") || fabs(number) > 9e15)
        out->value = (ct_value){.kind = CT_VALUE_REAL, .as.real = number};
    else
        out->value = (ct_value){.kind = CT_VALUE_INTEGER, .as.integer = (int64_t)number};
    return CT_OK;
}

static ct_err add_generic(ct_citygml__reader *c, ct_city__object *o, const xmlNode *of) {
    ct_arena *arena = c->r.family;
    const xmlNode *value = ct_citygml__child(of, "value");
    const xmlNode *named = ct_citygml__child(of, "name");
    const char *name;
    ct_property p;
    CT_TRY(ct_citygml__attr(&name, arena, of, "name"));
    if (!name && named) CT_TRY(ct_citygml__text(&name, arena, named));
    if (!name || !value) return CT_OK;
    CT_TRY(ct_citygml__value(&p, arena, value));
    if (strncmp(ct_citygml__name(of), "string", 6) == 0 ||
        strncmp(ct_citygml__name(of), "String", 6) == 0) {
        p.value.kind = CT_VALUE_TEXT;
        CT_TRY(ct_citygml__text(&p.value.as.text, arena, value));
    }
    p.set = "generic";
    p.name = name;
    return ct_city__add_attribute(o, arena, &p);
}

// Every leaf below, named by the way to it.
static ct_err add_leaves(ct_citygml__reader *c, ct_city__object *o, const xmlNode *node,
                         const char *set, const char *path, int depth) {
    enum { MOST_DEPTH = 20 };
    ct_arena *arena = c->r.family;
    for (const xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at)) {
        const char *name = *path ? ct_arena_printf(arena, "%s.%s", path, ct_citygml__name(at))
                                 : ct_citygml__name(at);
        ct_property p;
        const char *href;
        if (!name) return CT_NOMEM;
        if (ct_citygml__first(at)) {
            if (depth < MOST_DEPTH) CT_TRY(add_leaves(c, o, at, set, name, depth + 1));
            continue;
        }
        CT_TRY(ct_citygml__value(&p, arena, at));
        CT_TRY(ct_citygml__attr(&href, arena, at, "href"));
        if (href && !(p.value.kind == CT_VALUE_TEXT && *p.value.as.text))
            p.value = (ct_value){.kind = CT_VALUE_TEXT, .as.text = href};
        if (p.value.kind == CT_VALUE_TEXT && !*p.value.as.text) continue;
        p.set = set;
        p.name = ct_arena_strdup(arena, name);
        if (!p.name) return CT_NOMEM;
        CT_TRY(ct_city__add_attribute(o, arena, &p));
    }
    return CT_OK;
}

// All texts of an xAL address (2.0 or 3.0) in their order.
static ct_err add_address(ct_citygml__reader *c, ct_city__object *o, xmlNode *property) {
    ct_arena *arena = c->r.family;
    const char *line = "";
    for (xmlNode *at = property; at; at = ct_citygml__walk(at, property)) {
        const char *text;
        if (at->type != XML_ELEMENT_NODE || ct_citygml__first(at) || at == property) continue;
        if (ct_citygml__named(at, "pos") || ct_citygml__named(at, "posList")) continue;
        CT_TRY(ct_citygml__text(&text, arena, at));
        if (!*text) continue;
        line = *line ? ct_arena_printf(arena, "%s, %s", line, text) : text;
        if (!line) return CT_NOMEM;
    }
    if (!*line) return CT_OK;
    const ct_property p = {.set = "",
                           .name = "address",
                           .value = {.kind = CT_VALUE_TEXT, .as.text = line},
                           .unit = ""};
    return ct_city__add_attribute(o, arena, &p);
}

// con:height of 3.0: several may be told; the first is the measured height of the catalogue.
static ct_err add_height(ct_citygml__reader *c, ct_city__object *o, const xmlNode *property) {
    const xmlNode *height = ct_citygml__child(property, "Height");
    const xmlNode *value = height ? ct_citygml__child(height, "value") : NULL;
    ct_property p;
    if (!value) return CT_OK;
    CT_TRY(ct_citygml__value(&p, c->r.family, value));
    p.name = "measuredHeight";
    CT_TRY(ct_city__add_attribute(o, c->r.family, &p));
    return add_leaves(c, o, height, "height", "", 0);
}

ct_err ct_citygml__attribute(ct_citygml__reader *c, ct_city__object *o, const xmlNode *property) {
    const xmlNode *child = ct_citygml__first(property);
    const char *name = ct_citygml__name(property);
    const size_t n = strlen(name);
    ct_property p;
    if (strcmp(name, "address") == 0) return add_address(c, o, (xmlNode *)property);
    if (strcmp(name, "height") == 0 && child) return add_height(c, o, property);
    if (strcmp(name, "genericAttribute") == 0 && child) return add_generic(c, o, child);
    if (n > 9 && strcmp(name + n - 9, "Attribute") == 0) return add_generic(c, o, property);
    if (strcmp(name, "appearance") == 0) return CT_OK;
    if (child) {
        const char *set = ct_arena_strdup(c->r.family, name);
        return set ? add_leaves(c, o, property, set, "", 0) : CT_NOMEM;
    }
    CT_TRY(ct_citygml__value(&p, c->r.family, property));
    if (p.value.kind == CT_VALUE_TEXT && !*p.value.as.text) {
        CT_TRY(ct_citygml__attr(&p.value.as.text, c->r.family, property, "href"));
        if (!p.value.as.text) return CT_OK;
    }
    return ct_city__add_attribute(o, c->r.family, &p);
}

// ---- colours ------------------------------------------------------------------------------------

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
    if (c->r.n_materials == c->material_room) {
        const size_t room = c->material_room ? 2 * c->material_room : 64;
        ct_material *grown = ct_arena_calloc(c->r.arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (c->r.n_materials) memcpy(grown, c->materials, c->r.n_materials * sizeof *grown);
        c->r.materials = c->materials = grown;
        c->material_room = room;
    }
    c->materials[c->r.n_materials++] = *m;
    return CT_OK;
}

static ct_err read_colour(ct_citygml__reader *c, const xmlNode *node) {
    ct_material m;
    CT_TRY(read_material(&m, c, node));
    CT_TRY(keep_material(c, &m));
    for (const xmlNode *at = ct_citygml__first(node); at; at = ct_citygml__next(at)) {
        const char *id;
        if (!ct_citygml__named(at, "target")) continue;
        CT_TRY(ct_citygml__text(&id, c->member, at));
        if (*id == '#') CT_TRY(ct_strmap_put(c->colours, id + 1, c->r.n_materials - 1));
    }
    return CT_OK;
}

ct_err ct_citygml__colours(ct_citygml__reader *c, xmlNode *member) {
    for (xmlNode *at = member; at; at = ct_citygml__walk(at, member)) {
        if (ct_citygml__named(at, "X3DMaterial")) CT_TRY(read_colour(c, at));
        if (ct_citygml__named(at, "ParameterizedTexture"))
            ct_diagnostics_add_once(c->r.job->diagnostics, CT_SEVERITY_INFO, "textures",
                                    c->r.job->file,
                                    "textures are left out; colours of materials are kept");
    }
    return CT_OK;
}
