// Inside export/city: geometries as GML 3.2.
#ifndef CT_EXPORT_CITY_GML_H
#define CT_EXPORT_CITY_GML_H

#include "export/city/city.h"

typedef struct ct_cityout__gml {
    ct_buf *out;
    bool swapped;          // the reference system's authority orders north before east
    uint64_t n_geometries; // ids of geometries: "g1", "g2"
} ct_cityout__gml;

void ct_cityout__gml_text(ct_buf *out, const char *text); // escaped; control characters left out
void ct_cityout__gml_pos(ct_cityout__gml *g, const ct_cityout__point *p); // "x y z"
// A Solid, or a CompositeSolid of several; the faces of geometries as one surface. Only those whose
// kind and LOD are the wanted ones.
void ct_cityout__gml_solids(ct_cityout__gml *g, const ct_cityout__shapes *s, uint8_t lod);
void ct_cityout__gml_surface(ct_cityout__gml *g, const ct_cityout__shapes *s, size_t first,
                             size_t end);
// Lines one after the other.
void ct_cityout__gml_line(ct_cityout__gml *g, const ct_cityout__point *points, size_t n);

#endif
