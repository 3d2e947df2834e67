// Faces on curved surfaces.
#include "ingest/ifc/shape/work.h"

ct_err ct_ifc__advanced_face(ct_ifc__work *w, uint32_t face) {
    return ct_ifc__unsupported(w, face);
}

ct_err ct_ifc__surface(ct_ifc__work *w, uint32_t surface) {
    return ct_ifc__unsupported(w, surface);
}
