// Shells and their faces.
#include "ingest/ifc/shape/work.h"

ct_err ct_ifc__shell(ct_ifc__work *w, uint32_t shell) {
    return ct_ifc__unsupported(w, shell);
}
