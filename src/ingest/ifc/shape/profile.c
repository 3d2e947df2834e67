// Profiles as polygons.
#include "ingest/ifc/shape/work.h"

ct_err ct_ifc__profile(ct_geom *out, ct_ifc__work *w, uint32_t profile) {
    (void)out;
    return ct_ifc__unsupported(w, profile);
}

ct_err ct_ifc__profile_curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t profile) {
    (void)out;
    return ct_ifc__unsupported(w, profile);
}
