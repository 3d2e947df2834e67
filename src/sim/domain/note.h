// Findings of the passages from the model to the engines, as they are kept. Private to sim/domain.
#ifndef CT_SIM_DOMAIN_NOTE_H
#define CT_SIM_DOMAIN_NOTE_H

#include "sim/domain/flood_domain.h"

// One more finding; `id` NULL = of no feature, else the arena keeps it.
CT_CHECKED ct_err ct_domain__note(ct_flood_warning *warning, ct_arena *arena, const char *id);
// Whether any of the n rules found something.
bool ct_domain__any(const ct_flood_warning *warnings, int n);

#endif
