// The shapes of a file's products, made once, by several threads, in the twin's coordinates.
#ifndef CT_INGEST_IFC_SHAPE_SHAPES_H
#define CT_INGEST_IFC_SHAPE_SHAPES_H

#include "geo/geom.h"
#include "ingest/ifc/units.h"
#include "model/body.h"

typedef struct ct_ifc__finding {
    uint32_t slot; // what it is about; CT_STEP__NONE: the product itself
    ct_severity severity;
    const char *rule; // lives as long as the program
    const char *text;
} ct_ifc__finding;

typedef enum ct_ifc__want {
    CT_IFC__WANT_NOTHING = 0, // it only has a place: openings are cut at theirs
    CT_IFC__WANT_BODY = 1,
    CT_IFC__WANT_GROUND = 2, // what it covers seen from above, too
    CT_IFC__WANT_CHEAP = 4,  // that, as far as its parts are upright prisms
} ct_ifc__want;

typedef struct ct_ifc__product {
    uint32_t slot;
    uint8_t want;    // of ct_ifc__want
    ct_affine place; // in the file's world, metres
} ct_ifc__product;

typedef struct ct_ifc__shape {
    ct_body_part *parts;    // without materials
    const uint32_t *styles; // of each part: the representation item whose style it has, or none
    size_t n_parts;
    double volume_m3;       // of the closed parts; NaN where none is
    double bottom_m, top_m; // NaN where there are no parts
    double size_m[3];       // of its box in the frame of its placement; 0 where there are no parts
    ct_geom ground;         // without heights; CT_GEOM_NONE
    const ct_ifc__finding *findings;
    size_t n_findings;
    ct_err err; // CT_NOMEM; others are findings
} ct_ifc__shape;

typedef struct ct_ifc__shaping { // what to make; all borrowed
    const ct_ifc__model *m;
    const ct_ifc__units *units;
    const ct_affine *to_twin;
    const ct_ifc__product *products; // of different slots
    size_t n;
    int threads;                                  // 0: one a core
    bool (*progress)(void *context, double part); // 0 to 1; false cancels; may be NULL
    void *context;
} ct_ifc__shaping;

typedef struct ct_ifc__shapes ct_ifc__shapes;

// The same on any number of threads. CT_NOMEM, CT_CANCELLED.
CT_CHECKED ct_err ct_ifc__shapes_make(ct_ifc__shapes **out, const ct_ifc__shaping *what);
void ct_ifc__shapes_free(ct_ifc__shapes *shapes); // NULL is fine
// The shape of product number `i`.
ct_ifc__shape *ct_ifc__shape_at(ct_ifc__shapes *shapes, size_t i);
// Findings of representation maps, which belong to no one product.
const ct_ifc__finding *ct_ifc__shapes_findings(size_t *n, const ct_ifc__shapes *shapes);

#endif
