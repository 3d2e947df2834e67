// Inside rules: one rule at work, and what the rules ask a model.
#ifndef CT_INGEST_IFC_RULES_CHECK_H
#define CT_INGEST_IFC_RULES_CHECK_H

#include "ingest/ifc/rules/rules.h"

typedef struct ct_ifc__rule ct_ifc__rule;

typedef struct ct_ifc__check {
    ct_ifc__model *m;
    const ct_ifc__units *units;
    ct_ifc__places *places;
    ct_arena *arena;   // of this rule
    ct_arena *scratch; // of one instance: ct_ifc__each empties it before each
    const ct_ifc__rule *rule;
    ct_severity severity; // of its findings
    bool judged;          // one instance at least
    size_t n_failed;
    size_t n_points; // read for the rule so far
} ct_ifc__check;

// Schemas that a rule is for, as bits.
enum {
    CT_IFC__IN_2X3 = 1 << CT_IFC__2X3,
    CT_IFC__IN_4 = 1 << CT_IFC__4,
    CT_IFC__IN_4X3 = 1 << CT_IFC__4X3,
    CT_IFC__IN_4_ON = CT_IFC__IN_4 | CT_IFC__IN_4X3,
    CT_IFC__IN_ALL = CT_IFC__IN_2X3 | CT_IFC__IN_4_ON,
};

struct ct_ifc__rule {
    const char *code;
    bool advice; // a warning at most
    int schemas;
    ct_err (*judge)(ct_ifc__check *c);
};

// The rules of each file of this folder, ended by a NULL code.
extern const ct_ifc__rule ct_ifc__rules_presence[], ct_ifc__rules_project[],
    ct_ifc__rules_spatial[], ct_ifc__rules_elements[], ct_ifc__rules_shapes[],
    ct_ifc__rules_georef[], ct_ifc__rules_deprecated[], ct_ifc__rules_reach[],
    ct_ifc__rules_loops[], ct_ifc__rules_shells[];

// The instance breaks the rule. CT_STEP__NONE: the file as a whole does.
void ct_ifc__fails(ct_ifc__check *c, uint32_t slot, const char *format, ...) CT_PRINTF(3, 4);

// Entities by name; those that the schema lacks have no instances.
bool ct_ifc__isa(const ct_ifc__check *c, uint32_t slot, const char *entity);
bool ct_ifc__exactly(const ct_ifc__check *c, uint32_t slot, const char *entity); // no subtype
bool ct_ifc__is_any(const ct_ifc__check *c, uint32_t slot,
                    const char *const *entities); // list ended by NULL
CT_CHECKED ct_err ct_ifc__each(ct_ifc__check *c, const char *entity,
                               ct_err (*visit)(ct_ifc__check *c, uint32_t slot));
// Each reference of a list attribute, or the attribute's own; ids that lead nowhere are passed
// over.
typedef struct ct_ifc__refs {
    ct_step__cursor cursor;
    ct_step__value single;
} ct_ifc__refs;
ct_ifc__refs ct_ifc__refs_of(const ct_ifc__check *c, uint32_t slot, const char *attribute);
bool ct_ifc__next_ref(uint32_t *out, ct_ifc__refs *refs, const ct_ifc__check *c);

bool ct_ifc__filled(const ct_ifc__check *c, uint32_t slot, const char *attribute); // has a value
// Whether a text or enumerator attribute is one of a list ended by NULL, letter for letter.
bool ct_ifc__text_in(ct_ifc__check *c, uint32_t slot, const char *attribute,
                     const char *const *list);
bool ct_ifc__text_is(ct_ifc__check *c, uint32_t slot, const char *attribute, const char *text);

// Representations of a product.
ct_ifc__refs ct_ifc__representations(const ct_ifc__check *c, uint32_t product);
// Names of representations (list A of the rules).
extern const char *const ct_ifc__identifiers_4[], *const ct_ifc__identifiers_4x3[];

#endif
