// Inside model: from the JSON of one class of the catalogue to its structures.
#ifndef CT_MODEL_CATALOGUE_READ_H
#define CT_MODEL_CATALOGUE_READ_H

#include "base/json.h"
#include "model/catalogue.h"

// Messages name the class, the attribute and the field: "class building: attribute use: codes[2]:
// ...".
CT_CHECKED ct_err ct_model__read_class(ct_class *out, ct_arena *arena, const json_t *object,
                                       const ct_attr *common, size_t n_common);

// An array of attributes behind the common ones.
CT_CHECKED ct_err ct_model__read_attrs(const ct_attr **out, size_t *n_out, ct_arena *arena,
                                       const json_t *array, const ct_attr *common, size_t n_common);

#endif
