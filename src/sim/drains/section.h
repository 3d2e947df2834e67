// Cross-sections as tables: depth, width, wetted perimeter, area. Between its depths width and
// perimeter are linear, so that every section is a polygon whose area is the exact integral of its
// width. Equal depths that follow each other are a jump of the width (a flat floor, a bench, a
// lid).
#ifndef CT_SIM_DRAINS_SECTION_H
#define CT_SIM_DRAINS_SECTION_H

#include <stdbool.h>

#include "cimtwin/drains.h"

typedef struct ct_drains__knot {
    double depth, width, perimeter, area;
    double width_slope, perimeter_slope; // from here to the next
} ct_drains__knot;

enum { CT_DRAINS__BINS = 256 };

typedef struct ct_drains__section {
    size_t count;
    ct_drains__knot *knots;
    double *energy; // specific energy of critical flow at each knot, never falling
    // The last knot at or below each of equal parts of the full depth: where a search begins.
    uint32_t bin[CT_DRAINS__BINS];
    double bins_per_m;
    bool closed; // or capped: full above its height
    double full_m, full_m2, full_perimeter, full_width;
    double raised_m; // of the bed over the conduit's invert (sediment)
} ct_drains__section;

typedef struct ct_drains__wet {
    double area, width, perimeter, perimeter_slope;
} ct_drains__wet;

// CT_NOMEM; the section was checked before.
ct_err ct_drains__section_new(ct_drains__section *out, const ct_drains_section *in, double manning);
void ct_drains__section_free(ct_drains__section *section);

// At a depth; <= 0: dry. Above a closed section: full, width 0. Above an open one: its walls go up.
ct_drains__wet ct_drains__section_at(const ct_drains__section *section, double depth);
double ct_drains__critical_flow(const ct_drains__section *section, double depth); // may be infinite
// The critical depth of flow whose specific energy is given.
double ct_drains__depth_of_energy(const ct_drains__section *section, double energy);

#endif
