// Design storms: how much rain a return period brings in a time, and how it rises and falls.
//
// The storm-intensity formula of Chinese cities (GB 50014-2021, 4.1.7):
//     q = 167 A1 (1 + C lg P) / (t + b)^n
// with q in L/(s ha), P in years, t and b in minutes. Its course is that of Chicago (Keifer and
// Chu, J. Hydraul. Div. ASCE 83, HY4, 1957): the heaviest stretch of every length within the storm
// has the formula's mean intensity, and a share `peak_ratio` of it lies before the peak.
#ifndef CT_SIM_CORE_STORM_H
#define CT_SIM_CORE_STORM_H

#include <stddef.h>

#include "base/json.h"

#define CT_STORM_MAX_STEPS 10000

typedef struct ct_storm {
    double a_l_s_ha;            // 167 A1: 1..1e6
    double c;                   // 0..10
    double b_min;               // 0..1000
    double n;                   // 0..2
    double return_period_years; // 0.1..1e5
    double duration_s;          // 60..604800
    double peak_ratio;          // 0..1
    double begin_s, step_s;     // of the hyetograph: 0..1e9; 6..duration
} ct_storm;

// The fields of a storm in a document, NULL at the end; duration and step in minutes there.
extern const char *const ct_storm_fields[];

// Reads and checks; `where` names the object in messages. CT_PARSE, CT_RANGE (a field; a formula
// whose depth does not grow up to the duration, or that gives less than no rain), CT_LIMIT (more
// than CT_STORM_MAX_STEPS steps).
CT_CHECKED ct_err ct_storm_read(ct_storm *out, const json_t *json, const char *where);

// Depth in m that has fallen elapsed_s after its begin.
double ct_storm_depth_m(const ct_storm *storm, double elapsed_s);

size_t ct_storm_steps(const ct_storm *storm); // 1..CT_STORM_MAX_STEPS; the last may be shorter
double ct_storm_time_s(const ct_storm *storm, size_t step); // its begin; of step = steps: the end
// Mean intensity of a step, m/s: the steps' depths add up to the storm's.
double ct_storm_intensity_ms(const ct_storm *storm, size_t step);

#endif
