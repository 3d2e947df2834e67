// Materials of objects and colours of representation items.
#ifndef CT_INGEST_IFC_MATERIAL_H
#define CT_INGEST_IFC_MATERIAL_H

#include "ingest/ifc/units.h"
#include "model/body.h"

// "Brick 0.24 m; Plaster 0.015 m": the names of an object's materials, or of its type's, layers
// with their thickness. *out NULL where it has none. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__material_text(const char **out, ct_arena *arena, ct_ifc__model *m,
                                        const ct_ifc__units *units, uint32_t object);

// The surface style of a representation item. False where it has none. CT_NOMEM leaves `name` "".
bool ct_ifc__style_of_item(ct_material *out, ct_arena *arena, ct_ifc__model *m, uint32_t item);

#endif
