// Indoor models kept by building: derived on first use, kept while nothing changes that they were
// derived from, and derived anew when it does.
#ifndef CT_SIM_DOMAIN_INDOOR_CACHE_H
#define CT_SIM_DOMAIN_INDOOR_CACHE_H

#include "sim/domain/indoor_load.h"

typedef struct ct_indoor_cache ct_indoor_cache; // thread-safe
typedef struct ct_indoor_ref ct_indoor_ref;     // a kept model in use

// At most `models` are kept, the ones used last. The catalogue is borrowed.
CT_CHECKED ct_err ct_indoor_cache_new(ct_indoor_cache **out, const ct_catalogue *catalogue,
                                      size_t models);
void ct_indoor_cache_free(ct_indoor_cache *cache); // references may outlive it; NULL is fine

// The building's model as the reader sees it. One thread derives at a time, others wait.
// CT_NOTFOUND.
CT_CHECKED ct_err ct_indoor_cache_get(ct_indoor_ref **out, ct_indoor_cache *cache,
                                      ct_reader *reader, const char *building);
const ct_indoor *ct_indoor_ref_model(const ct_indoor_ref *ref); // immutable
void ct_indoor_ref_release(ct_indoor_ref *ref);                 // NULL is fine
uint64_t ct_indoor_cache_derived(ct_indoor_cache *cache);       // how many were derived so far

#endif
