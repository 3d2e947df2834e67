// Attributes of a city object: those of the catalogue by their names there (a building's by those
// that CityJSON has for them), properties without a set by theirs, sets as objects in
// "propertySets"; and "cimtwin", by which an import knows the feature again.
#include <string.h>

#include "base/jsonw.h"
#include "export/city/city.h"

#define OWN  "cimtwin"
#define SETS "propertySets"

// Names of CityJSON for those of the catalogue.
static const struct {
    const char *cls, *ours, *theirs;
} names[] = {{"building", "height_m", "measuredHeight"},
             {"building", "storeys_above", "storeysAboveGround"},
             {"building", "storeys_below", "storeysBelowGround"},
             {"building", "year_built", "yearOfConstruction"},
             {"building", "roof_type", "roofType"}};

static const char *name_of(const ct_class *cls, const char *attr) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].cls, cls->name) == 0 && strcmp(names[i].ours, attr) == 0)
            return names[i].theirs;
    return attr;
}

// Reals keep a point, so that they are read as such.
static void write_real(ct_jsonw *w, double value) {
    const size_t before = w->out->len;
    ct_jsonw_double(w, value);
    if (w->out->err == CT_OK && !strpbrk(w->out->data + before, ".eEn")) ct_buf_puts(w->out, ".0");
}

static void write_value(ct_jsonw *w, const ct_value *v) {
    switch (v->kind) {
    case CT_VALUE_NULL: ct_jsonw_null(w); break;
    case CT_VALUE_INTEGER: ct_jsonw_int(w, v->as.integer); break;
    case CT_VALUE_REAL: write_real(w, v->as.real); break;
    case CT_VALUE_TEXT: ct_jsonw_string(w, v->as.text); break;
    case CT_VALUE_BOOLEAN: ct_jsonw_bool(w, v->as.boolean); break;
    }
}

static void write_property(ct_jsonw *w, const ct_property *p) {
    ct_jsonw_key(w, p->name);
    if (!*p->unit) {
        write_value(w, &p->value);
        return;
    }
    ct_jsonw_object(w);
    ct_jsonw_key(w, "value");
    write_value(w, &p->value);
    ct_jsonw_kv_string(w, "uom", p->unit);
    ct_jsonw_end_object(w);
}

// Whether the property may stand among the attributes: nothing else has its name, and it is read
// back as it is.
static bool is_plain(const ct_feature *f, const ct_property *p) {
    if (*p->set || p->value.kind == CT_VALUE_NULL) return false;
    if (strcmp(p->name, OWN) == 0 || strcmp(p->name, SETS) == 0) return false;
    for (size_t i = 0; i < f->cls->n_attrs; i++)
        if (strcmp(name_of(f->cls, f->cls->attrs[i].name), p->name) == 0 ||
            strcmp(f->cls->attrs[i].name, p->name) == 0)
            return false;
    return true;
}

// Which geometries are of LOD 4, by their places.
static void write_finer(ct_jsonw *w, const ct_cityout__shapes *s) {
    bool any = false;
    for (size_t i = 0; i < s->n_geometries; i++) {
        if (s->geometries[i].lod <= CT_CITYOUT__FINEST) continue;
        if (!any) {
            ct_jsonw_key(w, "lod4");
            ct_jsonw_array(w);
        }
        any = true;
        ct_jsonw_int(w, (int64_t)i);
    }
    if (any) ct_jsonw_end_array(w);
}

static void write_own(ct_jsonw *w, const ct_feature *f, const ct_cityout__shapes *s, bool outline) {
    ct_jsonw_key(w, OWN);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "class", f->cls->name);
    if (f->source_id) ct_jsonw_kv_string(w, "sourceId", f->source_id);
    if (outline) ct_jsonw_kv_bool(w, "outline", true);
    write_finer(w, s);
    ct_jsonw_end_object(w);
}

// Properties come in the order of their sets.
static void write_sets(ct_jsonw *w, const ct_feature *f) {
    const char *set = NULL;
    for (size_t i = 0; i < f->n_properties; i++) {
        const ct_property *p = &f->properties[i];
        if (is_plain(f, p)) continue;
        if (!set) {
            ct_jsonw_key(w, SETS);
            ct_jsonw_object(w);
        }
        if (!set || strcmp(set, p->set) != 0) {
            if (set) ct_jsonw_end_object(w);
            ct_jsonw_key(w, p->set);
            ct_jsonw_object(w);
        }
        set = p->set;
        write_property(w, p);
    }
    if (!set) return;
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

void ct_cityout__attributes(ct_buf *out, const ct_feature *f, const ct_cityout__shapes *s,
                            bool outline) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        if (f->values[i].kind == CT_VALUE_NULL) continue;
        ct_jsonw_key(&w, name_of(f->cls, f->cls->attrs[i].name));
        write_value(&w, &f->values[i]);
    }
    for (size_t i = 0; i < f->n_properties; i++)
        if (is_plain(f, &f->properties[i])) write_property(&w, &f->properties[i]);
    write_sets(&w, f);
    write_own(&w, f, s, outline);
    ct_jsonw_end_object(&w);
}
