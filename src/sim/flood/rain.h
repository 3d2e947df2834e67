// Rain, of one or of many zones: what a step brings, and the books of it.
#ifndef CT_SIM_FLOOD_RAIN_H
#define CT_SIM_FLOOD_RAIN_H

#include <stdbool.h>

#include "cimtwin/flood.h"
#include "sim/core/curve.h"
#include "sim/core/sum.h"

typedef struct ct_flood__rain {
    size_t count;              // zones, at least 1
    ct_curve *curve;           // of each, m/s in steps
    uint16_t *zone;            // of each cell; NULL = there is one
    double *gain;              // of each cell: its share of a depth of rain, with the roofs'
    double *area_m2, *lost_m2; // of each zone: what a metre of rain brings to cells; loses
    double *mean_ms, most_ms;  // of each zone, over the step under way; the most of them
    double *share;             // of each zone in it, as the surface has it; NaN = it has none
    double steady_from_s, steady_until_s; // between them mean_ms is what it is
    ct_sum reached_m3, lost_m3;
} ct_flood__rain;

// From checked parameters. CT_NOMEM: what was made is to be freed.
CT_CHECKED ct_err ct_flood__rain_open(ct_flood__rain *rain, const ct_flood_params *params);
void ct_flood__rain_free(ct_flood__rain *rain);

// What falls from from_s to to_s where the share is 1, m. *changed: shares have become others.
double ct_flood__rain_depth(ct_flood__rain *rain, double from_s, double to_s, bool *changed);
// The first time after from_s at which some intensity changes; INFINITY.
double ct_flood__rain_next(const ct_flood__rain *rain, double from_s);
// Books it, for a step that is done.
void ct_flood__rain_book(ct_flood__rain *rain, double depth_m);
// After the time has jumped.
void ct_flood__rain_jump(ct_flood__rain *rain);

#endif
