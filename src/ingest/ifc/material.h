// Materials of objects and colours of representation items.
#ifndef CT_INGEST_IFC_MATERIAL_H
#define CT_INGEST_IFC_MATERIAL_H

#include "ingest/ifc/units.h"
#include "model/body.h"

// "Brick 0.24 m; Plaster 0.015 m": the names of an object's materials, or of its type's, layers
// with their thickness. *out NULL where it has none. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__material_text(const char **out, ct_arena *arena, ct_ifc__model *m,
                                        const ct_ifc__units *units, uint32_t object);

extern const ct_material ct_ifc__plain_material; // grey, of what has no style

// The first IfcMaterial of the object or its type; CT_STEP__NONE where it has none.
uint32_t ct_ifc__first_material(const ct_ifc__model *m, uint32_t object);
// Of an IfcMaterial: the styled items of its representations. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__material_styles(ct_ifc__links *out, ct_arena *arena,
                                          const ct_ifc__model *m);
// The surface style of an IfcStyledItem. False where it has none.
bool ct_ifc__style_of_styled(ct_material *out, ct_arena *arena, ct_ifc__model *m, uint32_t styled);
// The surface style of a representation item. False where it has none. CT_NOMEM leaves `name` "".
bool ct_ifc__style_of_item(ct_material *out, ct_arena *arena, ct_ifc__model *m, uint32_t item);

#endif
