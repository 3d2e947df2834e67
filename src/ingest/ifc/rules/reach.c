// IFC105, IFC106: whether every instance that is no IfcRoot is reached from one that is, forward
// along attributes and back along a few of those that point at what they belong to.
#include "ingest/ifc/rules/check.h"

// Instances that belong to what an attribute of theirs names: reached when that is.
static const struct {
    const char *entity, *attribute;
} k_back[] = {
    {"IfcStyledItem", "Item"},
    {"IfcCoordinateOperation", "SourceCRS"},
    {"IfcPresentationLayerAssignment", "AssignedItems"},
    {"IfcGeometricRepresentationSubContext", "ParentContext"},
    {"IfcMaterialProperties", "Material"},
    {"IfcProfileProperties", "ProfileDefinition"},
    {"IfcMaterialDefinitionRepresentation", "RepresentedMaterial"},
    {"IfcIndexedColourMap", "MappedTo"},
    {"IfcTextureCoordinate", "MappedTo"},
    {"IfcShapeAspect", "PartOfProductDefinitionShape"},
    {"IfcWellKnownText", "CoordinateReferenceSystem"},
};

typedef struct walk {
    ct_ifc__check *c;
    uint8_t *reached;
    uint32_t *stack;
    size_t n;
} walk;

static void reach(walk *w, uint32_t slot) {
    if (w->reached[slot]) return;
    w->reached[slot] = 1;
    w->stack[w->n++] = slot; // each instance once
}

// All references of one instance, at any depth of its lists: each '#' that begins a value. Nested
// lists are read where they stand, one after the other.
static void reach_references(walk *w, uint32_t slot) {
    enum { MAX_DEPTH = 16 };
    ct_step__cursor open[MAX_DEPTH] = {ct_step__parameters(w->c->m->step, slot)};
    ct_step__value v;
    for (int depth = 0; depth >= 0;) {
        if (!ct_step__next(&v, &open[depth])) {
            depth--;
            continue;
        }
        const uint32_t to = ct_step__ref(w->c->m->step, &v);
        if (to != CT_STEP__NONE) reach(w, to);
        if ((v.kind == CT_STEP__LIST || v.kind == CT_STEP__TYPED) && depth + 1 < MAX_DEPTH)
            open[++depth] = ct_step__list(&v);
    }
}

static void follow(walk *w) {
    while (w->n) reach_references(w, w->stack[--w->n]);
}

// One round of the ways back; true if something new was reached.
static ct_err reach_back(walk *w, bool *found) {
    *found = false;
    for (size_t k = 0; k < sizeof k_back / sizeof *k_back; k++) {
        ct_ifc__slots all;
        const ct_ifc__entity entity = ct_ifc__entity_named(w->c->m->schema, k_back[k].entity);
        CT_TRY(ct_ifc__all(&all, w->c->arena, w->c->m, entity));
        for (size_t i = 0; i < all.n; i++) {
            if (w->reached[all.at[i]]) continue;
            ct_ifc__refs refs = ct_ifc__refs_of(w->c, all.at[i], k_back[k].attribute);
            for (uint32_t at; ct_ifc__next_ref(&at, &refs, w->c);) {
                if (!w->reached[at]) continue;
                reach(w, all.at[i]);
                *found = true;
                break;
            }
        }
    }
    follow(w);
    return CT_OK;
}

// A relation between resources leads nowhere by itself: it is in place where all that it relates is
// reached without it.
static bool relates_reached(const walk *w, uint32_t slot) {
    static const char *const relations[] = {"IfcResourceLevelRelationship",
                                            "IfcPropertyDependencyRelationship", NULL};
    ct_step__cursor cursor = ct_step__parameters(w->c->m->step, slot);
    ct_step__value v;
    if (!ct_ifc__is_any(w->c, slot, relations)) return false;
    while (ct_step__next(&v, &cursor)) {
        const uint32_t to = ct_step__ref(w->c->m->step, &v);
        if (to != CT_STEP__NONE && !w->reached[to]) return false;
    }
    return true;
}

static ct_err ifc105(ct_ifc__check *c) {
    enum { MAX_ROUNDS = 16 };
    const uint32_t n = ct_step__count(c->m->step);
    walk w = {.c = c};
    ct_ifc__slots roots;
    w.reached = ct_arena_calloc(c->arena, (size_t)n + 1, 1);
    w.stack = ct_arena_calloc(c->arena, (size_t)n + 1, sizeof *w.stack);
    if (!w.reached || !w.stack) return CT_NOMEM;
    CT_TRY(ct_ifc__all_known(&roots, c->arena, c->m, CT_IFC__ROOT));
    for (size_t i = 0; i < roots.n; i++) reach(&w, roots.at[i]);
    follow(&w);
    bool found = true;
    for (int round = 0; found && round < MAX_ROUNDS; round++) CT_TRY(reach_back(&w, &found));
    for (uint32_t i = 0; i < n; i++) {
        if (ct_ifc__of(c->m, i) == CT_IFC__NO_ENTITY || ct_ifc__is(c->m, i, CT_IFC__ROOT)) continue;
        c->judged = true;
        if (!w.reached[i] && !relates_reached(&w, i))
            ct_ifc__fails(c, i, "nothing that has a GlobalId leads to it");
    }
    return CT_OK;
}

const ct_ifc__rule ct_ifc__rules_reach[] = {
    {"IFC105", true, CT_IFC__IN_ALL, ifc105},
    {"IFC106", true, CT_IFC__IN_ALL, ifc105}, // the same test
    {NULL, false, 0, NULL},
};
