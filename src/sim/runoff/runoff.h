// Runoff of subcatchments: rain on roofs, streets and soil becomes discharge, by nonlinear
// reservoirs. Arrays in, arrays out.
//
// Each area is three planes side by side: impervious without and with depression storage, and
// pervious. The depth d of water on a plane obeys
//     dd/dt = rain + run-on - evaporation - infiltration - q,
//     q = width / (part n) sqrt(slope) (d - storage)^(5/3)  where d > storage
// with the part of the area that is pervious, or impervious with and without storage
// (Rossman and Huber, SWMM Reference Manual volume I, 2016, chapter 3): Runge and Kutta's fourth
// order in pieces of a step; what leaves is what is missing, so volumes close to rounding. Losses
// are constant during a step. What areas and planes give each other arrives with the next step.
#ifndef CT_SIM_RUNOFF_RUNOFF_H
#define CT_SIM_RUNOFF_RUNOFF_H

#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"
#include "sim/runoff/soil.h"

#define CT_RUNOFF_NONE UINT32_MAX

typedef enum ct_runoff_route {
    CT_RUNOFF_TO_OUTLET,     // both kinds of planes leave the area
    CT_RUNOFF_TO_PERVIOUS,   // `routed` of the impervious planes' runoff runs onto the soil
    CT_RUNOFF_TO_IMPERVIOUS, // and the other way round
    CT_RUNOFF_ROUTES
} ct_runoff_route;

typedef struct ct_runoff_area {
    double area_m2;                                  // 1e-3..1e12, or 0: what runs onto it runs on
    double width_m;                                  // of the flow, 0..1e9; 0: nothing runs off
    double slope;                                    // 0..100
    double impervious;                               // share, 0..1
    double no_storage;                               // share of the impervious, 0..1
    double manning_impervious, manning_pervious;     // 1e-4..10 where there is such a part
    double storage_impervious_m, storage_pervious_m; // >= 0
    ct_runoff_route route;
    double routed; // 0..1
    ct_soil soil;
    uint32_t gage; // whose rain falls here; NONE = no rain
    uint32_t to;   // the area it runs onto; NONE = it leaves
} ct_runoff_area;

typedef struct ct_runoff ct_runoff; // one thread at a time

// CT_RANGE, CT_ARG: "areas[3]: ..."; CT_NOMEM. The array is copied.
CT_CHECKED ct_err ct_runoff_open(ct_runoff **out, const ct_runoff_area *areas, size_t count);
void ct_runoff_close(ct_runoff *runoff); // NULL is fine

// Over dt_s > 0. rain_ms: m/s of each gage; evaporation: what it could be, m/s.
void ct_runoff_step(ct_runoff *runoff, double dt_s, const double *rain_ms, double evaporation_ms);

// m3/s of each area at the end of the last step, and its mean over that step, whose volumes are the
// ledger's; borrowed until the next one.
const double *ct_runoff_flow(const ct_runoff *runoff);
const double *ct_runoff_mean(const ct_runoff *runoff);
uint64_t ct_runoff_pieces(const ct_runoff *runoff); // of steps so far, of all planes: what it costs
double ct_runoff_wet_m(const ct_runoff *runoff); // the largest depth anywhere that still runs off

// m3 since the start. rain = evaporated + infiltrated + left + stored + error.
typedef struct ct_runoff_ledger {
    double rain_m3, evaporated_m3, infiltrated_m3;
    double left_m3;   // of areas that run onto no other
    double stored_m3; // on planes and on the way from one to another
    double error_m3;
} ct_runoff_ledger;
void ct_runoff_ledger_get(const ct_runoff *runoff, ct_runoff_ledger *out);

#endif
