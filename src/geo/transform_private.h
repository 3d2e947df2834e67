// The inside of a transform, shared by its own file and the per-thread cache.
#ifndef CT_GEO_TRANSFORM_PRIVATE_H
#define CT_GEO_TRANSFORM_PRIVATE_H

#include <proj.h>

#include "geo/crs.h"

enum { CT_GEO__CODE = 32 };

struct ct_transform {
    PJ_CONTEXT *context; // its own, so that a transform may move to another thread
    PJ *pj;              // NULL: identity
    char from[CT_GEO__CODE], to[CT_GEO__CODE];
    ct_transform *next; // in the thread's cache
};

// Writes the canonical code ("EPSG:4547", "OGC:CRS84", "OGC:CRS84h") of any accepted spelling.
// CT_CRS.
CT_CHECKED ct_err ct_geo__crs_code(char code[CT_GEO__CODE], const char *text);
// What PROJ calls it.
const char *ct_geo__crs_proj_name(const char *code);

#endif
