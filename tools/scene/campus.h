// Helpers of the public blocks.
#ifndef SCENE_CAMPUS_H
#define SCENE_CAMPUS_H

#include "yard.h"

#define SC_CAMPUS_WALK_M 4.0 // ring path inside the red line
#define SC_CAMPUS_LANE_M 9.0

// Stands the building and leads a path from each door straight to the line at `target` (q for doors
// in the north or south, p for the others).
sc_building *sc_stand(sc_yard *yard, const sc_design *design, double p, double q, sc_facing face,
                      double target);
// Open ways from the ring path to the street at the middle of each side that is not an arterial (or
// is, if `all`).
void sc_campus_open(sc_yard *yard, double share);
// A fence of its own around a part of the block, with a gate in its north side at p = gate_p on the
// path that runs there from q_from to q_to.
void sc_campus_enclose(sc_yard *yard, double p0, double q0, double p1, double q1, double gate_p,
                       const char *en, const char *zh);

void sc_lay_school(sc_yard *yard);
void sc_lay_kindergarten(sc_yard *yard);
void sc_lay_health(sc_yard *yard);
void sc_lay_market(sc_yard *yard);
void sc_lay_plaza(sc_yard *yard);
void sc_lay_office(sc_yard *yard);
void sc_lay_commercial(sc_yard *yard);
void sc_lay_park(sc_yard *yard);
void sc_lay_sports(sc_yard *yard);

#endif
