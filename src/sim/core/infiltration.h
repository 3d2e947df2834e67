// Laws of infiltration by their integrals in time: what all engines that let water into the ground
// go by.
#ifndef CT_SIM_CORE_INFILTRATION_H
#define CT_SIM_CORE_INFILTRATION_H

// Horton (Trans. Am. Geophys. Union 21, 1940): from first_ms down to last_ms at decay_s (1/s, above
// 0).
typedef struct ct_horton {
    double first_ms, last_ms, decay_s;
} ct_horton;

// What is taken at capacity from time 0 to t_s, m: last t + (first - last) / decay (1 - e^(-decay
// t)).
double ct_horton_depth_m(const ct_horton *law, double t_s);
// The time at which that much has been taken; infinite where it never is.
double ct_horton_time_s(const ct_horton *law, double depth_m);

// Green and Ampt (J. Agric. Sci. 4, 1911): what is taken in dt_s after taken_m has been, at a
// conductivity (m/s) and under a pull (m) of (suction + depth of water) times the deficit: the x of
// x - pull ln(1 + x / (taken + pull)) = conductivity dt.
double ct_green_ampt_depth_m(double conductivity_ms, double pull_m, double taken_m, double dt_s);

#endif
