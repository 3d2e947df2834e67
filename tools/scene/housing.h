// What the residential compounds share.
#ifndef SCENE_HOUSING_H
#define SCENE_HOUSING_H

#include "yard.h"

#define SC_DOOR_WALK_M 3.5  // from the entrances of inner rows to the path before them
#define SC_CORE_M      1.2  // stair cores stand out of the walls of slabs
#define SC_STRETCH     0.12 // of the bays' nominal length, to reach the floor-area ratio

// A residential building of the block's type; length, bays and storeys are still to be said.
sc_design sc_home_design(const sc_town *town, const sc_block *block, sc_form form,
                         const char *structure);
// A shed for electric bicycles and a substation, their east walls at `east_p`, from q0 on
// northwards; their doors lead to the path at `walk_p`.
void sc_add_services(sc_yard *yard, double east_p, double q0, double walk_p);
// The side of the main gate: the collector in the east or west.
int sc_gate_side(const sc_block *block);

// Rows of slabs, low in the south, or staggered towers. CT_RANGE where the floor-area ratio does
// not fit.
CT_CHECKED ct_err sc_lay_rows(sc_yard *yard);
// Walk-ups around courts. CT_RANGE where the floor-area ratio does not fit.
CT_CHECKED ct_err sc_lay_walkups(sc_yard *yard);

#endif
