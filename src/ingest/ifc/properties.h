// Property and quantity sets of an object: its own, and those of its type that it does not
// override. Numbers are in SI where their unit is known.
#ifndef CT_INGEST_IFC_PROPERTIES_H
#define CT_INGEST_IFC_PROPERTIES_H

#include "ingest/ifc/units.h"
#include "model/feature.h"

typedef struct ct_ifc__properties {
    ct_property *at; // sets in the order of the file, the type's last; in the arena
    size_t n;
} ct_ifc__properties;

enum {
    CT_IFC__MAX_PROPERTIES = 4000, // of one object; more are dropped with a finding
    CT_IFC__PROPERTY_DEPTH = 5,    // properties within each other; deeper ones are left out
};
// The attribute by which a set or a complex property holds properties.
const char *ct_ifc__held_by(const ct_ifc__model *m, uint32_t slot);

// Names and values of shared properties are in the arena once for each visit: give it a bound.
// CT_NOMEM.
CT_CHECKED ct_err ct_ifc__properties_read(ct_ifc__properties *out, ct_arena *arena,
                                          ct_ifc__model *m, const ct_ifc__units *units,
                                          uint32_t object);

// The value of a property of the name, case ignored; NULL where there is none or it is empty.
// `set` NULL: of any set, those of the standard ("Pset_...", "Qto_...") first.
const ct_value *ct_ifc__property(const ct_ifc__properties *p, const char *set, const char *name);
double ct_ifc__property_number(const ct_ifc__properties *p, const char *set, const char *name,
                               double otherwise);
const char *ct_ifc__property_text(const ct_ifc__properties *p, const char *set,
                                  const char *name); // or NULL
int ct_ifc__property_bool(const ct_ifc__properties *p, const char *set,
                          const char *name); // 1, 0; -1 unknown

#endif
