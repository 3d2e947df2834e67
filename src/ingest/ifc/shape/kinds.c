// The kind of each type of a file.
#include "ingest/ifc/shape/kinds.h"

#include "base/mem.h"

static const char *const k_names[CT_IFC__N_KINDS] = {
#define SHAPE_NAME(name, text) [CT_IFC__K_##name] = text,
    CT_IFC__SHAPE_LIST(SHAPE_NAME)
#undef SHAPE_NAME
};

ct_err ct_ifc__kinds_new(uint8_t **out, const ct_ifc__model *m) {
    ct_ifc__entity entities[CT_IFC__N_KINDS];
    const uint32_t n = ct_step__n_types(m->step);
    uint8_t *kinds = ct_calloc((size_t)n + 1, sizeof *kinds);
    if (!kinds) return CT_NOMEM;
    entities[0] = CT_IFC__NO_ENTITY;
    for (int k = 1; k < CT_IFC__N_KINDS; k++)
        entities[k] = ct_ifc__entity_named(m->schema, k_names[k]);
    for (uint32_t t = 0; t < n; t++)
        for (ct_ifc__entity e = m->entities[t]; e != CT_IFC__NO_ENTITY && !kinds[t];
             e = ct_ifc__supertype(m->schema, e))
            for (int k = 1; k < CT_IFC__N_KINDS && !kinds[t]; k++)
                if (entities[k] == e) kinds[t] = (uint8_t)k;
    *out = kinds;
    return CT_OK;
}
