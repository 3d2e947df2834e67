// Relations both ways: for each, the pairs of one attribute's instances and the other's, sorted by
// the first by counting.
#include <string.h>

#include "base/mem.h"
#include "ingest/ifc/model.h"

typedef struct rule {
    size_t links; // offset in ct_ifc__relations
    ct_ifc__known relation;
    const char *from, *to; // attributes; `to` NULL: the relation itself
} rule;

#define LINKS(name) offsetof(ct_ifc__relations, name)
static const rule k_rules[] = {
    {LINKS(parts), CT_IFC__REL_AGGREGATES, "RelatingObject", "RelatedObjects"},
    {LINKS(whole), CT_IFC__REL_AGGREGATES, "RelatedObjects", "RelatingObject"},
    {LINKS(nested), CT_IFC__REL_NESTS, "RelatingObject", "RelatedObjects"},
    {LINKS(nest), CT_IFC__REL_NESTS, "RelatedObjects", "RelatingObject"},
    {LINKS(contents), CT_IFC__REL_CONTAINED, "RelatingStructure", "RelatedElements"},
    {LINKS(structure), CT_IFC__REL_CONTAINED, "RelatedElements", "RelatingStructure"},
    {LINKS(openings), CT_IFC__REL_VOIDS, "RelatingBuildingElement", "RelatedOpeningElement"},
    {LINKS(host), CT_IFC__REL_VOIDS, "RelatedOpeningElement", "RelatingBuildingElement"},
    {LINKS(fillings), CT_IFC__REL_FILLS, "RelatingOpeningElement", "RelatedBuildingElement"},
    {LINKS(filled), CT_IFC__REL_FILLS, "RelatedBuildingElement", "RelatingOpeningElement"},
    {LINKS(boundaries), CT_IFC__BOUNDARY, "RelatingSpace", NULL},
    {LINKS(boundaries), CT_IFC__BOUNDARY, "RelatedBuildingElement", NULL},
    {LINKS(sets), CT_IFC__REL_PROPERTIES, "RelatedObjects", "RelatingPropertyDefinition"},
    {LINKS(type), CT_IFC__REL_TYPE, "RelatedObjects", "RelatingType"},
    {LINKS(material), CT_IFC__REL_MATERIAL, "RelatedObjects", "RelatingMaterial"},
    {LINKS(classification), CT_IFC__REL_CLASSIFICATION, "RelatedObjects", "RelatingClassification"},
    {LINKS(members), CT_IFC__REL_GROUP, "RelatingGroup", "RelatedObjects"},
    {LINKS(groups), CT_IFC__REL_GROUP, "RelatedObjects", "RelatingGroup"},
    {LINKS(styles), CT_IFC__STYLED_ITEM, "Item", NULL},
    {LINKS(styles), CT_IFC__INDEXED_COLOURS, "MappedTo", NULL},
};
enum { N_RULES = sizeof k_rules / sizeof *k_rules };

typedef struct pairs {
    uint32_t *from, *to;
    size_t n, capacity;
} pairs;

static ct_err add_pair(pairs *p, uint32_t from, uint32_t to) {
    if (p->n == p->capacity) {
        const size_t capacity = p->capacity ? 2 * p->capacity : 256;
        uint32_t *grown = ct_realloc(p->from, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        p->from = grown;
        grown = ct_realloc(p->to, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        p->to = grown;
        p->capacity = capacity;
    }
    p->from[p->n] = from;
    p->to[p->n++] = to;
    return CT_OK;
}

// The attribute as a list of values, though it may be one reference: `single` holds that.
static ct_step__cursor values_of(ct_step__value *single, const ct_step__value *v) {
    *single = *v;
    return ct_step__list(v);
}

static bool next_slot(uint32_t *out, ct_step__cursor *c, ct_step__value *single,
                      const ct_step *step) {
    ct_step__value v;
    if (single->kind == CT_STEP__REF) {
        *out = ct_step__ref(step, single);
        single->kind = CT_STEP__END;
        return true;
    }
    if (!ct_step__next(&v, c)) return false;
    *out = ct_step__ref(step, &v);
    return true;
}

// One relation: one side is a single instance, so there are no more pairs than references.
static ct_err add_relation(pairs *p, const ct_ifc__model *m, uint32_t slot, int from, int to) {
    const ct_step__value froms = ct_step__get(m->step, slot, (uint32_t)from);
    const ct_step__value tos =
        to < 0 ? (ct_step__value){.kind = CT_STEP__END} : ct_step__get(m->step, slot, (uint32_t)to);
    const bool one_to = tos.kind != CT_STEP__LIST, one_from = froms.kind != CT_STEP__LIST;
    if (!one_to && !one_from) return CT_OK;
    const ct_step__value *list = one_from ? &tos : &froms;
    const ct_step__value *other = one_from ? &froms : &tos;
    const uint32_t fixed = to < 0 ? slot : ct_step__ref(m->step, other);
    if (to < 0) list = &froms;
    if (fixed == CT_STEP__NONE) return CT_OK;
    ct_step__value single;
    ct_step__cursor c = values_of(&single, list);
    uint32_t found;
    while (next_slot(&found, &c, &single, m->step)) {
        if (found == CT_STEP__NONE) continue;
        const bool fixed_is_from = one_from && to >= 0;
        CT_TRY(add_pair(p, fixed_is_from ? fixed : found, fixed_is_from ? found : fixed));
    }
    return CT_OK;
}

static ct_err collect(pairs *p, const ct_ifc__model *m, const rule *r) {
    for (uint32_t t = 0; t < ct_step__n_types(m->step); t++) {
        const ct_ifc__entity e = m->entities[t];
        if (!ct_ifc__is_a(m->schema, e, m->known[r->relation])) continue;
        const int from = ct_ifc__attribute_named(m->schema, e, r->from);
        const int to = r->to ? ct_ifc__attribute_named(m->schema, e, r->to) : -1;
        if (from < 0 || (r->to && to < 0)) continue;
        for (uint32_t i = m->type_start[t]; i < m->type_start[t + 1]; i++)
            CT_TRY(add_relation(p, m, m->order[i], from, to));
    }
    return CT_OK;
}

static ct_err sort_pairs(ct_ifc__links *out, const pairs *p, size_t n_slots) {
    if (!p->n) return CT_OK;
    out->start = ct_calloc(n_slots + 2, sizeof *out->start);
    out->to = ct_alloc(p->n * sizeof *out->to);
    if (!out->start || !out->to) return CT_NOMEM;
    uint32_t *next = out->start + 1; // moves up to where the instance's links end
    for (size_t i = 0; i < p->n; i++) next[p->from[i] + 1]++;
    for (size_t i = 1; i <= n_slots; i++) next[i] += next[i - 1];
    for (size_t i = 0; i < p->n; i++) out->to[next[p->from[i]]++] = p->to[i];
    return CT_OK;
}

ct_err ct_ifc__relate(ct_ifc__model *m) {
    pairs p = {0};
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < N_RULES; i++) {
        err = collect(&p, m, &k_rules[i]);
        // Rules for the same links stand one after the other.
        if (err == CT_OK && i + 1 < N_RULES && k_rules[i + 1].links == k_rules[i].links) continue;
        if (err == CT_OK) {
            ct_ifc__links *links = (ct_ifc__links *)(void *)((char *)&m->rel + k_rules[i].links);
            err = sort_pairs(links, &p, ct_step__count(m->step));
        }
        p.n = 0;
    }
    ct_free(p.from);
    ct_free(p.to);
    return err;
}

void ct_ifc__relations_free(ct_ifc__relations *rel) {
    for (size_t i = 0; i < N_RULES; i++) {
        ct_ifc__links *links = (ct_ifc__links *)(void *)((char *)rel + k_rules[i].links);
        ct_free(links->start);
        ct_free(links->to);
        *links = (ct_ifc__links){0};
    }
}
