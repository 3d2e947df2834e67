// Sources of a scenario, within the module.
#ifndef CT_SCENARIO_SOURCES_H
#define CT_SCENARIO_SOURCES_H

#include "scenario/scenario.h"

// Errors name the field. NULL = none.
CT_CHECKED ct_err ct_scenario__sources_parse(ct_scenario *scenario, const json_t *list,
                                             const char *twin_crs);
void ct_scenario__sources_free(ct_scenario *scenario);
// With defaults; a new reference, NULL when out of memory. given: the list as it was read.
json_t *ct_scenario__sources_json(const ct_scenario *scenario, const json_t *given);
// Fills `sources` of the parameters, in the domain's arena. CT_RANGE: one lies in a building or
// outside the ground.
CT_CHECKED ct_err ct_scenario__sources_params(ct_flood_params *params, const ct_scenario *scenario,
                                              const ct_flood_domain *domain);

#endif
