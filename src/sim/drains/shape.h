// The outlines of cross-sections: from a shape to depths, widths and wetted perimeters.
#ifndef CT_SIM_DRAINS_SHAPE_H
#define CT_SIM_DRAINS_SHAPE_H

#include <stdbool.h>

#include "cimtwin/drains.h"

typedef struct ct_drains__outline {
    size_t count;
    double *depth, *width, *perimeter; // one block, depth first; depths never fall, from 0
    bool closed;
} ct_drains__outline;

// The ranges that cimtwin/drains.h names.
ct_err ct_drains__shape_check(const ct_drains_section *section);

ct_err ct_drains__outline_new(ct_drains__outline *out, const ct_drains_section *in, double manning);
void ct_drains__outline_free(ct_drains__outline *outline);

// transect.c
ct_err ct_drains__transect_outline(ct_drains__outline *out, const ct_drains_section *in,
                                   double manning);
ct_err ct_drains__outline_room(ct_drains__outline *out, size_t room);
void ct_drains__outline_add(ct_drains__outline *out, double depth, double width, double perimeter);

bool ct_drains__is_closed(ct_drains_shape shape); // has a crown

#endif
