// Attributes: simple ones by their names, generic ones in a set of their own, addresses as a line,
// everything else leaf by leaf.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

static bool is_generic_set(const xmlNode *of) {
    return strcasecmp(ct_citygml__name(of), "genericAttributeSet") == 0;
}

static ct_err add_generic(ct_citygml__reader *c, ct_city__object *o, const xmlNode *of,
                          const char *path, int depth);

// The attributes of a set are named by the way to them: "Energy.class". In 3.0 each stands in a
// property.
static ct_err add_generic_set(ct_citygml__reader *c, ct_city__object *o, const xmlNode *set,
                              const char *path, int depth) {
    const char *inside = ct_arena_printf(c->r.family, "%s.", path);
    if (!inside) return CT_NOMEM;
    for (const xmlNode *at = ct_citygml__first(set); at; at = ct_citygml__next(at)) {
        const bool property = ct_citygml__named(at, "genericAttribute");
        const xmlNode *of = property ? ct_citygml__first(at) : at;
        if (of && !ct_citygml__named(of, "name")) CT_TRY(add_generic(c, o, of, inside, depth + 1));
    }
    return CT_OK;
}

static ct_err add_generic(ct_citygml__reader *c, ct_city__object *o, const xmlNode *of,
                          const char *path, int depth) {
    enum { MOST_DEPTH = 8 };
    ct_arena *arena = c->r.family;
    const xmlNode *value = ct_citygml__child(of, "value");
    const xmlNode *named = ct_citygml__child(of, "name");
    const char *name;
    ct_property p;
    CT_TRY(ct_citygml__attr(&name, arena, of, "name"));
    if (!name && named) CT_TRY(ct_citygml__text(&name, arena, named));
    if (!name || depth > MOST_DEPTH) return CT_OK;
    name = ct_arena_printf(arena, "%s%s", path, name);
    if (!name) return CT_NOMEM;
    if (is_generic_set(of)) return add_generic_set(c, o, of, name, depth);
    if (!value) return CT_OK;
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
    if (!ct_citygml__first(property)) CT_TRY(ct_citygml__target(&property, c, property));
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
    if (strcmp(name, "genericAttribute") == 0 && child) return add_generic(c, o, child, "", 0);
    if ((n > 9 && strcmp(name + n - 9, "Attribute") == 0) || is_generic_set(property))
        return add_generic(c, o, property, "", 0);
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
