// What the ground takes up: the laws of infiltration, for one cell over one stretch of time.
//
// Water is taken from where it stands, at most what stands there; what a cell has taken so far is
// all that it remembers. Where less than it could take was there, it goes on from what it did take
// (time compression: Reeves and Miller, Water Resour. Res. 11, 1975).
#ifndef CT_SIM_FLOOD_SOIL_H
#define CT_SIM_FLOOD_SOIL_H

#include "cimtwin/flood.h"

// Depth in m that is taken in dt_s > 0, 0..available_m. taken_m: so far; available_m: depth of the
// water; fallen_m, falls_m: the rain on the cell until the begin of dt_s, and during it.
double ct_flood__soil_take(const ct_flood_soil *soil, double taken_m, double available_m,
                           double fallen_m, double falls_m, double dt_s);

#endif
