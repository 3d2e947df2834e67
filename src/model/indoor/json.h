// The indoor model as JSON: what the command and the service answer with.
#ifndef CT_MODEL_INDOOR_JSON_H
#define CT_MODEL_INDOOR_JSON_H

#include "model/indoor/indoor.h"

// The whole model as members of the object in hand: building, storeys, spaces, openings,
// transitions, compartments, vents, findings. Ids name the ends; "outdoors" is the node outside,
// null what is not known. Lengths in metres, coordinates and heights of the twin.
void ct_indoor_write(ct_jsonw *w, const ct_indoor *indoor);
void ct_indoor_write_findings(ct_jsonw *w, const ct_indoor *indoor); // the array alone
// The attributes of one part as members of the object in hand, without its place.
void ct_indoor_write_space(ct_jsonw *w, const ct_indoor *indoor, const ct_indoor_space *space);
void ct_indoor_write_opening(ct_jsonw *w, const ct_indoor *indoor,
                             const ct_indoor_opening *opening);
void ct_indoor_write_stair(ct_jsonw *w, const ct_indoor *indoor, const ct_indoor_stair *stair);

#endif
