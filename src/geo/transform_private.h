// The inside of a transform, shared by its own file and the per-thread cache; and the operation
// that it is a copy of.
#ifndef CT_GEO_TRANSFORM_PRIVATE_H
#define CT_GEO_TRANSFORM_PRIVATE_H

#include <proj.h>

#include "geo/crs.h"

enum { CT_GEO__CODE = 32 };

typedef struct ct_geo__operation ct_geo__operation; // between two systems, for all threads

struct ct_transform {
    PJ_CONTEXT *context; // its own, so that a transform may move to another thread
    PJ *pj;              // NULL, as the context: identity
    ct_geo__operation *operation;
    char from[CT_GEO__CODE], to[CT_GEO__CODE];
    ct_transform *next; // in the thread's cache
};

// Writes the canonical code ("EPSG:4547", "OGC:CRS84", "OGC:CRS84h") of any accepted spelling.
// CT_CRS.
CT_CHECKED ct_err ct_geo__crs_code(char code[CT_GEO__CODE], const char *text);
// What PROJ calls it.
const char *ct_geo__crs_proj_name(const char *code);

// ---- shared.c
// The operation between two systems of canonical codes, found now if nobody uses it; give it back.
// CT_CRS.
CT_CHECKED ct_err ct_geo__operation_take(ct_geo__operation **out, const char *from, const char *to);
void ct_geo__operation_give(ct_geo__operation *operation); // NULL is fine
// A copy with a context of its own; caller destroys both. For the identity there is nothing to
// copy.
CT_CHECKED ct_err ct_geo__operation_copy(PJ **out, PJ_CONTEXT **context,
                                         const ct_geo__operation *operation);
// What is known of a system of a canonical code, by any thread.
bool ct_geo__description_find(ct_crs_info *out, const char *code);
void ct_geo__description_keep(const ct_crs_info *info);

#endif
