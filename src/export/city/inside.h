// Inside export/city: a point inside a space.
#ifndef CT_EXPORT_CITY_INSIDE_H
#define CT_EXPORT_CITY_INSIDE_H

#include "model/feature.h"

// At half its height: the centroid of its outline where that is in its outline and body, else a
// point that is, else the centroid.
void ct_cityout__state_of(double at[3], const ct_feature *space);

#endif
