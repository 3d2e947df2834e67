// Units of an IFC file and the factors to SI.
#ifndef CT_INGEST_IFC_UNITS_H
#define CT_INGEST_IFC_UNITS_H

#include "ingest/ifc/model.h"

typedef struct ct_ifc__unit { // SI = value * factor + offset
    double factor, offset;
    bool known;
} ct_ifc__unit;

enum { CT_IFC__MAX_UNITS = 64 };

typedef struct ct_ifc__units {
    double length_m, angle_rad; // one of the project's units in metres, in radians
    double precision_m;         // largest Precision of the geometric contexts
    size_t n;
    struct {
        char kind[40]; // "LENGTHUNIT"
        ct_ifc__unit unit;
    } of[CT_IFC__MAX_UNITS];
} ct_ifc__units;

// The project's units; where it does not tell, metres, square metres, cubic metres and radians,
// with a finding. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__units_read(ct_ifc__units *out, ct_ifc__model *m, ct_arena *arena);

// One IfcNamedUnit, IfcDerivedUnit or IfcMonetaryUnit; .known false for what has no way to SI.
ct_ifc__unit ct_ifc__unit_of(const ct_ifc__model *m, uint32_t slot);
// The project's unit for numbers of this measure ("IFCLENGTHMEASURE", in any case, `n` letters);
// factor 1 and .known false for measures without a unit.
ct_ifc__unit ct_ifc__unit_of_measure(const ct_ifc__units *units, const char *measure, size_t n);
// The same for a kind of unit ("AREAUNIT").
ct_ifc__unit ct_ifc__unit_of_kind(const ct_ifc__units *units, const char *kind);

#endif
