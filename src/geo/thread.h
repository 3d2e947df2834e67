// What PROJ and GEOS need once a thread: their contexts and the cached transforms, freed when the
// thread ends.
#ifndef CT_GEO_THREAD_H
#define CT_GEO_THREAD_H

#include <geos_c.h>
#include <proj.h>

#include "geo/crs.h"

enum { CT_GEO__DESCRIBED = 16 };

typedef struct ct_geo__thread {
    PJ_CONTEXT *proj;         // made on first use
    GEOSContextHandle_t geos; // made on first use
    char geos_message[256];
    struct ct_transform *transforms;          // list
    ct_crs_info described[CT_GEO__DESCRIBED]; // ring of answers of ct_crs_describe
    unsigned n_described;
} ct_geo__thread;

// This thread's; borrowed. NULL when out of memory.
ct_geo__thread *ct_geo__thread_get(void);
// A PROJ context that is silent and never uses the network; NULL when out of memory.
PJ_CONTEXT *ct_geo__proj_context_new(void);

#endif
