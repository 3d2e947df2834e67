// The entities of an IFC schema: names, inheritance, attributes in order. Facts of ISO 16739-1
// (IFC4 and 4.3) and of IFC2x3 TC1, read from data/ifc/NAME.txt.
#ifndef CT_INGEST_IFC_SCHEMA_SCHEMA_H
#define CT_INGEST_IFC_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "cimtwin/err.h"

#define CT_IFC__NO_ENTITY UINT16_MAX

typedef enum ct_ifc__version { CT_IFC__2X3, CT_IFC__4, CT_IFC__4X3 } ct_ifc__version;

typedef struct ct_ifc__schema ct_ifc__schema; // immutable
typedef uint16_t ct_ifc__entity; // number in the schema: an entity's subtypes follow it at once

// "IFC2X3", "IFC4" or "IFC4X3_ADD2", by any name that such files go under ("IFC4X3_RC2");
// *exact tells whether it is one of the three. False for a name that is none of IFC.
bool ct_ifc__version_of(ct_ifc__version *out, bool *exact, const char *name);
const char *ct_ifc__version_name(ct_ifc__version version);

// CT_NOTFOUND, CT_CORRUPT (line of the listing), CT_NOMEM.
CT_CHECKED ct_err ct_ifc__schema_load(ct_ifc__schema **out, ct_ifc__version version);
void ct_ifc__schema_free(ct_ifc__schema *schema); // NULL is fine

uint16_t ct_ifc__schema_count(const ct_ifc__schema *schema);
// By name in any case of letters; CT_IFC__NO_ENTITY if there is none.
ct_ifc__entity ct_ifc__entity_named(const ct_ifc__schema *schema, const char *name);
const char *ct_ifc__entity_name(const ct_ifc__schema *schema, ct_ifc__entity entity); // "IfcWall"
ct_ifc__entity ct_ifc__supertype(const ct_ifc__schema *schema, ct_ifc__entity entity);
bool ct_ifc__is_abstract(const ct_ifc__schema *schema, ct_ifc__entity entity);
// Whether it is `super` or one of its subtypes. False where either is CT_IFC__NO_ENTITY.
bool ct_ifc__is_a(const ct_ifc__schema *schema, ct_ifc__entity entity, ct_ifc__entity super);

uint16_t ct_ifc__n_attributes(const ct_ifc__schema *schema, ct_ifc__entity entity);
// Inherited ones first; NULL behind the last.
const char *ct_ifc__attribute(const ct_ifc__schema *schema, ct_ifc__entity entity, uint16_t index);
int ct_ifc__attribute_named(const ct_ifc__schema *schema, ct_ifc__entity entity,
                            const char *name); // index, or -1

#endif
