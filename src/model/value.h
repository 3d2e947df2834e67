// Inside model: checks of single values.
#ifndef CT_MODEL_VALUE_H
#define CT_MODEL_VALUE_H

#include "model/feature.h"

// Type, bounds, codes and presence; brings numbers and times into the attribute's form in place.
CT_CHECKED ct_err ct_model__check_value(ct_value *value, ct_arena *arena, const ct_attr *attr);

#endif
