// Rain and evaporation of a project file over time (rain.c), for its runoff (runoff.c).
#ifndef CT_SIM_SWMM_RAIN_H
#define CT_SIM_SWMM_RAIN_H

#include "sim/swmm/reader.h"

typedef enum ct_swmm__rain_form {
    CT_SWMM__INTENSITY,
    CT_SWMM__VOLUME,
    CT_SWMM__CUMULATIVE
} ct_swmm__rain_form;

typedef struct ct_swmm__gage {
    ct_swmm__rain_form form;
    double interval_s;            // each value holds so long
    const ct_swmm__table *series; // NULL = dry
    size_t next;                  // the point behind the one that held last
} ct_swmm__gage;

typedef struct ct_swmm__rain {
    ct_swmm__gage *gages;
    size_t gage_count;
    ct_strmap *gage_map; // the caller frees
} ct_swmm__rain;

typedef struct ct_swmm__evaporation {
    ct_swmm__pattern pattern; // m/s by month
    bool dry_only;
} ct_swmm__evaporation;

ct_err ct_swmm__read_rain(ct_swmm__rain *out, ct_swmm__reader *r);
// m/s, which holds until *until_s at least, that is made no later.
double ct_swmm__rain_at(ct_swmm__gage *gage, const ct_swmm_units *units, double time_s,
                        double *until_s);
ct_err ct_swmm__read_evaporation(ct_swmm__evaporation *out, ct_swmm__reader *r);

#endif
