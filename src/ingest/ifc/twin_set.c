// What the file says of features of a twin, in sets named CT_TWIN_SET: ids by which objects are
// known there, and attributes that IFC has no place for.
#include "model/twin_set.h"

#include <string.h>

#include "base/strmap.h"
#include "ingest/ifc/reader.h"

static bool same_text(const ct_ifc__model *m, uint32_t slot, const char *attribute,
                      const char *text) {
    const ct_step__value v = ct_ifc__get(m, slot, attribute);
    const size_t n = strlen(text);
    return v.kind == CT_STEP__STRING && (size_t)(v.end - v.at) == n && memcmp(v.at, text, n) == 0;
}

// The id in one of our sets; NULL where it tells none that is one.
static ct_err id_in(const char **out, ct_ifc__reader *r, uint32_t set) {
    const ct_step__value list = ct_ifc__get(&r->m, set, "HasProperties");
    ct_step__cursor c = ct_step__list(&list);
    ct_step__value v;
    *out = NULL;
    while (ct_step__next(&v, &c)) {
        const uint32_t property = ct_step__ref(r->m.step, &v);
        if (!same_text(&r->m, property, "Name", CT_TWIN_SET_ID)) continue;
        CT_TRY(ct_ifc__text(out, r->arena, &r->m, property, "NominalValue"));
        if (*out && !ct_id_ok(*out)) *out = NULL;
        return CT_OK;
    }
    return CT_OK;
}

static ct_err note_owner(ct_ifc__reader *r, ct_strmap *seen, uint32_t slot, const uint8_t *ours) {
    const ct_ifc__slots sets = ct_ifc__linked(&r->m.rel.sets, slot);
    for (size_t i = 0; i < sets.n; i++) {
        const char *id;
        size_t first;
        if (!ours[sets.at[i]]) continue;
        CT_TRY(id_in(&id, r, sets.at[i]));
        if (!id) continue;
        if (ct_strmap_get(&first, seen, id)) {
            ct_ifc__note(&r->m, CT_SEVERITY_WARNING, "feature-id", slot,
                         "another object is %s already", id);
            return CT_OK;
        }
        r->known_as[slot] = id;
        return ct_strmap_put(seen, id, slot);
    }
    return CT_OK;
}

static ct_err note_owners(ct_ifc__reader *r, const uint8_t *ours) {
    ct_ifc__slots objects;
    CT_TRY(ct_ifc__all_known(&objects, r->arena, &r->m, CT_IFC__OBJECT));
    ct_strmap *seen = ct_strmap_new(objects.n);
    if (!seen) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < objects.n; i++)
        err = note_owner(r, seen, objects.at[i], ours);
    ct_strmap_free(seen);
    return err;
}

ct_err ct_ifc__read_known(ct_ifc__reader *r) {
    ct_ifc__slots sets;
    const size_t n = (size_t)ct_step__count(r->m.step) + 1;
    uint8_t *ours = NULL;
    CT_TRY(ct_ifc__all_known(&sets, r->arena, &r->m, CT_IFC__PROPERTY_SET));
    for (size_t i = 0; i < sets.n; i++) {
        if (!same_text(&r->m, sets.at[i], "Name", CT_TWIN_SET)) continue;
        if (!ours && !(ours = ct_arena_calloc(r->arena, n, 1))) return CT_NOMEM;
        ours[sets.at[i]] = 1;
    }
    if (!ours) return CT_OK;
    r->known_as = ct_arena_calloc(r->arena, n, sizeof *r->known_as);
    return r->known_as ? note_owners(r, ours) : CT_NOMEM;
}

// A value into the attribute of its name; one that does not fit is a warning.
static ct_err take(ct_ifc__reader *r, ct_ifc__item *i, const ct_property *p) {
    const int a = ct_class_attr(i->f.cls, p->name);
    if (a < 0) return CT_OK;
    switch (p->value.kind) {
    case CT_VALUE_TEXT: return ct_ifc__set_text(r, i, p->name, p->value.as.text);
    case CT_VALUE_BOOLEAN: ct_ifc__set_bool(i, p->name, p->value.as.boolean); break;
    case CT_VALUE_INTEGER: ct_ifc__set_number(r, i, p->name, (double)p->value.as.integer); break;
    case CT_VALUE_REAL: ct_ifc__set_number(r, i, p->name, p->value.as.real); break;
    case CT_VALUE_NULL: break;
    }
    return CT_OK;
}

ct_err ct_ifc__take_known(ct_ifc__reader *r, ct_ifc__item *i) {
    size_t kept = 0;
    if (!r->known_as) return CT_OK;
    for (size_t k = 0; k < i->p.n; k++) {
        if (strcmp(i->p.at[k].set, CT_TWIN_SET) != 0)
            i->p.at[kept++] = i->p.at[k];
        else
            CT_TRY(take(r, i, &i->p.at[k]));
    }
    i->p.n = kept;
    return CT_OK;
}
