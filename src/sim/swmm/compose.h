// The other way round: a SWMM project file from arrays of the storm-drain engine.
#ifndef CT_SIM_SWMM_COMPOSE_H
#define CT_SIM_SWMM_COMPOSE_H

#include "sim/swmm/network.h"

// What the arrays do not hold; what is NULL gets numbers (N1, C1, P1, R1, W1, L1) or no places.
typedef struct ct_swmm_naming {
    const char *const *nodes;
    const char *const *links[CT_SWMM_LINK_KINDS];
    const ct_swmm_place *places; // of the nodes
    const char *title;           // one line
} ct_swmm_naming;

// A document in CMS and metres, every number to its last digit: ct_swmm_network_new makes equal
// elements of it (a rim, a notch's slope: to the last place), and inflows and levels that are equal
// from the start of `options` to its end. Of the options times, steps and `ponding` are written.
// What the format does not have is left out with a finding (rule swmm-compose): exchanges, covers,
// junctions of different areas, controls' initial openings, channels that are not capped. params
// are those that ct_drains_open takes. CT_ARG: a name with a quote, semicolon or line in it, or of
// two nodes or links (in any case of letters), a title that would be a section; CT_NOMEM, CT_LIMIT.
CT_CHECKED ct_err ct_swmm_compose(ct_swmm_document **out, const char *name,
                                  const ct_drains_params *params, const ct_swmm_options *options,
                                  const ct_swmm_naming *naming, ct_diagnostics *findings);

#endif
