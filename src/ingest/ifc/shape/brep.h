// Inside ifc/shape: makers of what is told face by face, for item.c.
#ifndef CT_INGEST_IFC_SHAPE_BREP_H
#define CT_INGEST_IFC_SHAPE_BREP_H

#include "ingest/ifc/shape/work.h"

CT_CHECKED ct_err ct_ifc__brep(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__surface_model(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__face_set(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__primitive(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);

#endif
