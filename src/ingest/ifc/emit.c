// What the features of all classes share: ids, names, properties, groups, and attributes that are
// set where they fit.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/ifc/reader.h"

// ---- begin and end ------------------------------------------------------------------------------

// Groups, classifications and the like as properties of the set "group" and "classification".
static ct_err add_links(ct_ifc__item *i, ct_ifc__reader *r) {
    const ct_ifc__slots groups = ct_ifc__linked(&r->m.rel.groups, i->slot);
    const ct_ifc__slots codes = ct_ifc__linked(&r->m.rel.classification, i->slot);
    ct_arena *arena = r->job->arena;
    ct_property *at = ct_arena_alloc(arena, (i->p.n + groups.n + codes.n + 1) * sizeof *at);
    if (!at) return CT_NOMEM;
    if (i->p.n) memcpy(at, i->p.at, i->p.n * sizeof *at);
    i->p.at = at;
    for (size_t g = 0; g < groups.n; g++) {
        ct_property p = {.set = "group", .unit = "", .value = {.kind = CT_VALUE_TEXT}};
        CT_TRY(ct_ifc__text(&p.name, arena, &r->m, groups.at[g], "Name"));
        if (!p.name) p.name = ct_ifc__class(&r->m, groups.at[g]);
        CT_TRY(ct_ifc__id(&p.value.as.text, arena, r, groups.at[g]));
        at[i->p.n++] = p;
    }
    for (size_t c = 0; c < codes.n; c++) {
        ct_property p = {.set = "classification", .unit = "", .value = {.kind = CT_VALUE_TEXT}};
        const uint32_t source = ct_ifc__ref(&r->m, codes.at[c], "ReferencedSource");
        const bool old = r->m.version == CT_IFC__2X3;
        CT_TRY(ct_ifc__text(&p.name, arena, &r->m, source, "Name"));
        CT_TRY(ct_ifc__text(&p.value.as.text, arena, &r->m, codes.at[c],
                            old ? "ItemReference" : "Identification"));
        if (!p.value.as.text)
            CT_TRY(ct_ifc__text(&p.value.as.text, arena, &r->m, codes.at[c], "Name"));
        if (!p.name) p.name = "classification";
        if (p.value.as.text) at[i->p.n++] = p;
    }
    return CT_OK;
}

static bool has_chinese(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c == 0xe3 && c[1] >= 0x90) || (*c >= 0xe4 && *c <= 0xe9)) return true;
    return false;
}

static ct_err take_names(ct_ifc__item *i, ct_ifc__reader *r) {
    const char *name;
    CT_TRY(ct_ifc__text(&name, r->job->arena, &r->m, i->slot, "Name"));
    if (!name) return CT_OK;
    if (has_chinese(name)) CT_TRY(ct_ifc__set_text(r, i, "name_zh", name));
    return ct_ifc__set_text(r, i, "name", name);
}

ct_err ct_ifc__begin(ct_ifc__item *out, bool *wanted, ct_ifc__reader *r, uint32_t slot,
                     const char *cls) {
    const ct_class *c = ct_catalogue_by_name(r->job->options.catalogue, cls);
    *out = (ct_ifc__item){.slot = slot};
    *wanted = c && (!r->job->only_class || r->job->only_class == c) && !ct_ingest__hopeless(r->job);
    if (!*wanted) return CT_OK;
    const double all = (double)ct_step__count(r->m.step);
    CT_TRY(ct_ingest__tick(r->job, 0.1 + 0.9 * (double)r->job->n_features / (all + 1)));
    ct_arena_reset(r->job->arena);
    CT_TRY(ct_feature_new(&out->f, r->job->arena, c));
    ct_step__where(out->where, sizeof out->where, r->m.step, slot);
    CT_TRY(ct_ifc__id(&out->f.id, r->job->arena, r, slot));
    CT_TRY(ct_ifc__text(&out->f.source_id, r->job->arena, &r->m, slot, "GlobalId"));
    out->home = ct_ifc__home_of(r, slot);
    CT_TRY(ct_ifc__properties_read(&out->p, r->job->arena, &r->m, &r->units, slot));
    CT_TRY(add_links(out, r));
    return take_names(out, r);
}

ct_err ct_ifc__deliver(ct_ifc__reader *r, ct_ifc__item *item) {
    CT_TRY(ct_ifc__take_known(r, item));
    item->f.refers = item->slot != CT_STEP__NONE && r->known_as && r->known_as[item->slot];
    item->f.properties = item->p.at;
    item->f.n_properties = item->p.n;
    return ct_ingest__deliver(r->job, &item->f, item->where);
}

// ---- attributes ---------------------------------------------------------------------------------

ct_err ct_ifc__set_text(ct_ifc__reader *r, ct_ifc__item *i, const char *attr, const char *text) {
    const int a = ct_class_attr(i->f.cls, attr);
    if (a < 0 || !text || !*text) return CT_OK;
    const ct_err err = ct_ingest__value(&i->f.values[a], r->job->arena, &i->f.cls->attrs[a], text);
    if (err == CT_NOMEM || err == CT_OK) return err;
    ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "attribute", i->where,
                       "%s; it was left out", ct_err_message());
    return CT_OK;
}

void ct_ifc__set_number(ct_ifc__reader *r, ct_ifc__item *i, const char *attr, double value) {
    const int a = ct_class_attr(i->f.cls, attr);
    if (a < 0 || !isfinite(value)) return;
    const ct_attr *at = &i->f.cls->attrs[a];
    const double fitting = at->type == CT_ATTR_INTEGER ? round(value) : value;
    if ((at->has_min && fitting < at->min) || (at->has_max && fitting > at->max) ||
        ct_value_from_number(&i->f.values[a], at, fitting) != CT_OK)
        ct_diagnostics_add(r->job->diagnostics, CT_SEVERITY_WARNING, "attribute", i->where,
                           "%s: %g is out of range; it was left out", attr, value);
}

void ct_ifc__set_bool(ct_ifc__item *i, const char *attr, int value) {
    const int a = ct_class_attr(i->f.cls, attr);
    if (a < 0 || value < 0 || i->f.cls->attrs[a].type != CT_ATTR_BOOLEAN) return;
    i->f.values[a] = (ct_value){.kind = CT_VALUE_BOOLEAN, .as.boolean = value == 1};
}

ct_err ct_ifc__set_ref(ct_ifc__reader *r, ct_ifc__item *i, const char *attr, uint32_t slot) {
    const int a = ct_class_attr(i->f.cls, attr);
    const char *id;
    if (a < 0 || slot == CT_STEP__NONE) return CT_OK;
    CT_TRY(ct_ifc__id(&id, r->job->arena, r, slot));
    i->f.values[a] = (ct_value){.kind = CT_VALUE_TEXT, .as.text = id};
    return CT_OK;
}

ct_err ct_ifc__take_text(ct_ifc__reader *r, ct_ifc__item *i, const char *attr,
                         const char *attribute) {
    const char *text;
    CT_TRY(ct_ifc__text(&text, r->job->arena, &r->m, i->slot, attribute));
    return ct_ifc__set_text(r, i, attr, text);
}

// The largest number of the text is the time: others name classes ("EI2 60-C").
int ct_ifc__minutes_of(const char *rating) {
    enum { LEAST = 10, MOST = 600 }; // minutes; less is a number of a class
    double best = 0;
    bool hours = false;
    for (const char *c = rating; *c;) {
        char *end;
        if (*c < '0' || *c > '9') {
            c++;
            continue;
        }
        const double number = strtod(c, &end);
        if (number > best) {
            const char *unit = end + strspn(end, " -");
            best = number;
            hours = *unit == 'h' || *unit == 'H';
        }
        c = end;
    }
    const double minutes = hours ? 60 * best : best;
    return minutes >= LEAST && minutes <= MOST ? (int)lround(minutes) : -1;
}

ct_err ct_ifc__set_fire_rating(ct_ifc__reader *r, ct_ifc__item *i) {
    const ct_value *v = ct_ifc__property(&i->p, NULL, "FireRating");
    char number[32];
    const char *text = NULL;
    if (v && v->kind == CT_VALUE_TEXT) text = v->as.text;
    if (v && (v->kind == CT_VALUE_REAL || v->kind == CT_VALUE_INTEGER)) {
        snprintf(number, sizeof number, "%g",
                 v->kind == CT_VALUE_REAL ? v->as.real : (double)v->as.integer);
        text = number;
    }
    if (!text) return CT_OK;
    const int minutes = ct_ifc__minutes_of(text);
    if (minutes >= 0) ct_ifc__set_number(r, i, "fire_rating_min", minutes);
    return ct_ifc__set_text(r, i, "fire_rating", text);
}

ct_err ct_ifc__set_point(ct_ifc__reader *r, ct_ifc__item *i) {
    if (ct_ifc__ref(&r->m, i->slot, "ObjectPlacement") == CT_STEP__NONE) return CT_OK;
    const ct_affine at = ct_ifc__place_of(r->places, i->slot);
    const ct_affine placed = ct_affine_multiply(&r->georef.to_twin, &at);
    if (!ct_affine_is_finite(&placed)) return CT_OK;
    CT_TRY(ct_geom_single(&i->f.geom, r->job->arena, CT_GEOM_POINT, true, 1));
    for (int k = 0; k < 3; k++) i->f.geom.xyz[k] = placed.m[4 * k + 3];
    return CT_OK;
}

ct_err ct_ifc__predefined(const char **out, ct_ifc__reader *r, uint32_t slot) {
    const uint32_t type = ct_ifc__first(&r->m.rel.type, slot);
    const uint32_t where[] = {slot, type};
    for (size_t i = 0; i < 2; i++) {
        CT_TRY(ct_ifc__word(out, r->job->arena, &r->m, where[i], "PredefinedType"));
        if (!*out && i == 0) CT_TRY(ct_ifc__word(out, r->job->arena, &r->m, slot, "ShapeType"));
        if (*out && strcmp(*out, "NOTDEFINED") != 0) return CT_OK;
    }
    *out = NULL;
    return CT_OK;
}
