// The engines of a run: the surface alone or, where the twin has drains and the scenario wants
// them, the surface and the drains below it. Private to scenario.
#ifndef CT_SCENARIO_WATER_H
#define CT_SCENARIO_WATER_H

#include "scenario/scenario.h"
#include "sim/domain/drains_domain.h"

typedef struct ct_scenario_water {
    const ct_flood *surface;
    size_t own_sources;       // of the surface: the scenario's; those of the drains follow
    ct_flood *alone;          // the surface where there are no drains
    ct_street *street;        // else both
    ct_drains_domain *drains; // NULL = the twin has none, or the scenario wants none
    ct_drains_gauge *gauge;
} ct_scenario_water;

// Reads the drains, opens the engines at time 0; `water` starts as zeros. Errors are those of the
// domain and the engines; close it then too.
CT_CHECKED ct_err ct_scenario__water_open(ct_scenario_water *water, const ct_scenario *scenario,
                                          const ct_flood_domain *ground, ct_store *store,
                                          ct_reader *reader, int threads);
void ct_scenario__water_close(ct_scenario_water *water);

CT_CHECKED ct_err ct_scenario__water_advance(ct_scenario_water *water, double until_s);
void ct_scenario__water_hash(const ct_scenario_water *water, uint64_t out[2]);
// Of what is simulated in a step of the table drains.csv; 0 without drains.
size_t ct_scenario__water_rows(const ct_scenario_water *water);

// The ledger of the surface; NULL = out of memory.
json_t *ct_scenario__ledger_json(const ct_scenario_water *water);
// What the drains did, for run.json; JSON null without drains; NULL = out of memory.
json_t *ct_scenario__drains_json(const ct_scenario_water *water);

#endif
