// Infiltration into the soil of a pervious plane, step by step, with its recovery between rains.
// Formulas: Rossman and Huber, SWMM Reference Manual volume I, 2016, chapter 4.
#ifndef CT_SIM_RUNOFF_SOIL_H
#define CT_SIM_RUNOFF_SOIL_H

typedef enum ct_soil_kind {
    CT_SOIL_HORTON,          // decays with the time on its curve
    CT_SOIL_MODIFIED_HORTON, // decays with what went in beyond the least rate
    CT_SOIL_GREEN_AMPT,      // a wet front under suction
    CT_SOIL_CURVE_NUMBER,    // SCS: by the rain of the event
    CT_SOIL_KINDS
} ct_soil_kind;

typedef struct ct_soil {
    ct_soil_kind kind;
    double first_ms, last_ms; // Horton: rate at the start and at the end, m/s, first >= last >= 0
    double decay_s;           // Horton: 1/s, >= 0
    double suction_m;         // Green-Ampt, >= 0
    double conductivity_ms;   // Green-Ampt, > 0
    double deficit;           // Green-Ampt: of moisture at the start, 0..1
    double retention_m;       // curve number: 25.4 mm (1000 / CN - 10), > 0
    double dry_s;             // Horton, curve number: until it is dry again, > 0
} ct_soil;

typedef struct ct_soil_state {
    double curve_s; // Horton: place on the curve
    double went_m;  // modified Horton, Green-Ampt and curve number: what went in
    double deficit; // Green-Ampt, of the event
    double upper_m; // Green-Ampt: water in the upper zone
    double rain_m, retention_m, event_m, rate_ms; // curve number
    double dry_for_s;
} ct_soil_state;

void ct_soil_begin(ct_soil_state *state, const ct_soil *soil);

// m/s that go in on the average over dt_s: at most rain_ms + depth_m / dt_s. rain_ms: less what
// evaporates; depth_m: with what runs on during the step, which is no rain.
double ct_soil_step(ct_soil_state *state, const ct_soil *soil, double rain_ms, double depth_m,
                    double dt_s);

#endif
