// Attributes as the file names them into those of the catalogue; what has no place there, or does
// not fit, stays as a property.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "ingest/city/city.h"
#include "ingest/measure.h"

// Metres of the unit; 0 for one that is none of length.
static double metres(const char *unit) {
    static const struct {
        const char *name;
        double m;
    } units[] = {{"", 1},         {"m", 1},         {"#m", 1},      {"metre", 1},
                 {"meter", 1},    {"metres", 1},    {"ft", 0.3048}, {"[ft_i]", 0.3048},
                 {"#ft", 0.3048}, {"foot", 0.3048}, {"cm", 0.01},   {"mm", 0.001}};
    const char *last = strrchr(unit, ':'); // urn:adv:uom:m
    if (last && strncasecmp(unit, "urn:", 4) == 0) unit = last + 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(units[i].name, unit) == 0) return units[i].m;
    return 0;
}

// CT_NOTFOUND without message: the text means nothing here, and that is no finding.
static ct_err convert(ct_value *out, ct_arena *arena, const ct_attr *attr, const ct_property *p) {
    const ct_value *v = &p->value;
    if (attr->codes && v->kind == CT_VALUE_TEXT) {
        const char *use = ct_city__use_of(v->as.text);
        return ct_ingest__value(out, arena, attr, use ? use : v->as.text) == CT_OK ? CT_OK
                                                                                   : CT_NOTFOUND;
    }
    if (strcmp(attr->name, "year_built") == 0 && v->kind == CT_VALUE_TEXT)
        return ct_ingest__measure_read(out, arena, attr, CT_INGEST__YEAR, 1, v->as.text);
    if (attr->unit && strcmp(attr->unit, "m") == 0 && !(metres(p->unit) > 0))
        return ct_fail(CT_PARSE, "%s: the unit \"%s\" is not known", attr->name, p->unit);
    const double scale = attr->unit && strcmp(attr->unit, "m") == 0 ? metres(p->unit) : 1;
    switch (v->kind) {
    case CT_VALUE_INTEGER: return ct_value_from_number(out, attr, scale * (double)v->as.integer);
    case CT_VALUE_REAL: return ct_value_from_number(out, attr, scale * v->as.real);
    case CT_VALUE_BOOLEAN:
        if (attr->type != CT_ATTR_BOOLEAN) return CT_NOTFOUND;
        *out = *v;
        return CT_OK;
    case CT_VALUE_TEXT: break;
    case CT_VALUE_NULL: return CT_NOTFOUND;
    }
    CT_TRY(ct_ingest__value(out, arena, attr, v->as.text));
    if (out->kind == CT_VALUE_REAL) out->as.real *= scale;
    return CT_OK;
}

static bool is_number(const ct_attr *attr) {
    return attr->type == CT_ATTR_INTEGER || attr->type == CT_ATTR_REAL;
}

// A number or text where the attribute is of the other kind, out of its range, or no code: the
// property tells it as it was.
static ct_err take(bool *taken, ct_feature *f, const ct_city__reader *r, const ct_property *p,
                   const char *where) {
    const char *ours = ct_city__attr_of(p->name);
    const int at = ct_class_attr(f->cls, ours ? ours : p->name);
    ct_value value;
    *taken = false;
    if (*p->set || at < 0 || f->values[at].kind != CT_VALUE_NULL) return CT_OK;
    const ct_attr *attr = &f->cls->attrs[at];
    if (attr->references) return CT_OK;
    if (!is_number(attr) && attr->type == CT_ATTR_TEXT && p->value.kind != CT_VALUE_TEXT)
        return CT_OK;
    const ct_err err = convert(&value, r->job->arena, attr, p);
    if (err == CT_NOMEM) return err;
    if (err == CT_OK && is_number(attr)) {
        const double n = value.kind == CT_VALUE_REAL ? value.as.real : (double)value.as.integer;
        if ((attr->has_min && n < attr->min) || (attr->has_max && n > attr->max)) {
            ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "attribute-value", where,
                               "%s: %.15g is out of range; it is kept as a property", p->name, n);
            return CT_OK;
        }
    }
    if (err == CT_OK) {
        f->values[at] = value;
        // What a code was made of is told too.
        *taken = attr->codes == NULL;
    } else if (err != CT_NOTFOUND) {
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "attribute-value", where,
                           "%s; it is kept as a property", ct_err_message());
    }
    return CT_OK;
}

// The LODs of the body's shapes, in their order, where a file tells finer ones than bodies do.
static ct_err add_lods(ct_property *out, size_t *n, ct_arena *arena, const ct_city__object *o) {
    bool finer = false;
    const char *text = "";
    for (size_t i = 0; i < o->n_shapes; i++) finer |= o->shapes[i].lod_text != NULL;
    if (!finer) return CT_OK;
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        text = s->lod_text ? ct_arena_printf(arena, "%s%s%s", text, i ? " " : "", s->lod_text)
                           : ct_arena_printf(arena, "%s%s%u", text, i ? " " : "", s->lod);
        if (!text) return CT_NOMEM;
        enum { LONGEST = 1000 };
        if (strlen(text) > LONGEST) break;
    }
    out[(*n)++] = (ct_property){.set = "geometry",
                                .name = "lods",
                                .value = {.kind = CT_VALUE_TEXT, .as.text = text},
                                .unit = ""};
    return CT_OK;
}

static size_t count_of_surfaces(const ct_city__object *o) {
    size_t n = 0;
    for (size_t i = 0; i < o->n_shapes; i++)
        for (uint32_t k = 0; k < o->shapes[i].n_surfaces; k++)
            n += o->shapes[i].surfaces[k].n_attributes;
    return n;
}

// Attributes of a surface get a set of their own: "RoofSurface lod2.2 3", by its place in its
// shape.
static const char *set_of(ct_arena *arena, const ct_city__shape *s, uint32_t surface) {
    const char *type = s->surfaces[surface].type;
    if (s->lod_text) return ct_arena_printf(arena, "%s lod%s %u", type, s->lod_text, surface);
    return ct_arena_printf(arena, "%s lod%u %u", type, s->lod, surface);
}

static ct_err add_surfaces(ct_property *out, size_t *n, ct_arena *arena, const ct_city__object *o) {
    for (size_t i = 0; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        for (uint32_t k = 0; k < s->n_surfaces; k++) {
            const ct_city__surface *of = &s->surfaces[k];
            if (of->n_attributes == 0) continue;
            const char *set = set_of(arena, s, k);
            if (!set) return CT_NOMEM;
            for (size_t a = 0; a < of->n_attributes; a++) {
                out[*n] = of->attributes[a];
                out[(*n)++].set = set;
            }
        }
    }
    return CT_OK;
}

ct_err ct_city__attributes(ct_feature *f, ct_city__reader *r, const ct_city__object *o) {
    enum { OWN = 2 };
    const size_t most = o->n_attributes + count_of_surfaces(o) + OWN;
    ct_property *kept = ct_arena_calloc(r->job->arena, most, sizeof *kept);
    size_t n = 0;
    if (!kept) return CT_NOMEM;
    for (size_t i = 0; i < o->n_attributes; i++) {
        bool taken;
        CT_TRY(take(&taken, f, r, &o->attributes[i], o->where));
        if (!taken) kept[n++] = o->attributes[i];
    }
    CT_TRY(add_lods(kept, &n, r->job->arena, o));
    CT_TRY(add_surfaces(kept, &n, r->job->arena, o));
    kept[n++] = (ct_property){.set = "",
                              .name = "source_type",
                              .value = {.kind = CT_VALUE_TEXT, .as.text = o->type},
                              .unit = ""};
    f->properties = kept;
    f->n_properties = n;
    return CT_OK;
}
