// Boolean results of items, and half-spaces.
#include "ingest/ifc/shape/work.h"

ct_err ct_ifc__boolean_result(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    (void)out;
    return ct_ifc__unsupported(w, item);
}
