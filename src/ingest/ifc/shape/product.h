// Inside ifc/shape: one product by one worker.
#ifndef CT_INGEST_IFC_SHAPE_PRODUCT_H
#define CT_INGEST_IFC_SHAPE_PRODUCT_H

#include "ingest/ifc/shape/work.h"

// Of product.c: makes the product's solid in the frame of its placement, openings cut out.
typedef struct ct_ifc__places_of {
    const uint32_t *product_at; // of a slot: its number in `products` + 1
    const ct_ifc__product *products;
} ct_ifc__places_of;
CT_CHECKED ct_err ct_ifc__product_solid(ct_ifc__solid *out, ct_ifc__work *w,
                                        const ct_ifc__places_of *places,
                                        const ct_ifc__product *product);
// Of ground.c: what placed parts cover seen from above, or only those that are upright prisms; `to`
// leads to the twin. In the arena.
CT_CHECKED ct_err ct_ifc__ground_of(ct_geom *out, ct_ifc__work *w, const ct_ifc__solid *solid,
                                    const ct_affine *to, bool prisms_only);

// What the closed curves of the product's representation 'FootPrint' enclose; CT_GEOM_NONE where it
// has none.
CT_CHECKED ct_err ct_ifc__ground_drawn(ct_geom *out, ct_ifc__work *w, uint32_t product,
                                       const ct_affine *to);
// Of product.c: whether a text attribute is this word, in any case of letters.
bool ct_ifc__is_word(const ct_ifc__work *w, uint32_t slot, const char *attribute, const char *word);

#endif
