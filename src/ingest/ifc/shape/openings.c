// Openings cut out of products.
#include "ingest/ifc/shape/work.h"

ct_err ct_ifc__cut_openings(ct_ifc__solid *product, ct_ifc__work *w, uint32_t slot,
                            const ct_ifc__solid *openings, size_t n_openings) {
    (void)product;
    (void)openings;
    if (n_openings == 0) return CT_OK;
    return ct_ifc__find(w, CT_SEVERITY_WARNING, "shape-unsupported", slot,
                        "openings are not cut yet; it is shown whole");
}
