// The engines of a run: the surface alone or, where the twin has drains or rooms that water gets
// into and the scenario wants them, the surface with the drains below it and the rooms beside it.
// Private to scenario.
#ifndef CT_SCENARIO_WATER_H
#define CT_SCENARIO_WATER_H

#include "scenario/scenario.h"
#include "sim/domain/drains_domain.h"
#include "sim/domain/storage_domain.h"

typedef struct ct_scenario_water {
    const ct_flood *surface;
    size_t own_sources; // of the surface: the scenario's; those of the coupling follow
    ct_flood *alone;    // the surface where there is nothing else
    ct_street *street;  // else all of them
    // What was read of the twin; NULL = it has none, or the scenario wants none.
    ct_drains_domain *drains;
    ct_storage_domain *inside;
    ct_drains_gauge *gauge; // NULL = no drains are simulated
    bool has_rooms;         // some are
} ct_scenario_water;

// Reads drains and rooms (raising the crests of ramps on the ground), opens the engines at time 0;
// `water` starts as zeros. Errors are those of the domains and the engines; close it then too.
CT_CHECKED ct_err ct_scenario__water_open(ct_scenario_water *water, const ct_scenario *scenario,
                                          ct_flood_domain *ground, ct_store *store,
                                          ct_reader *reader, int threads);
void ct_scenario__water_close(ct_scenario_water *water);

CT_CHECKED ct_err ct_scenario__water_advance(ct_scenario_water *water, double until_s);
void ct_scenario__water_hash(const ct_scenario_water *water, uint64_t out[2]);
// Rows that drains.csv and inside.csv grow by at each stored time.
size_t ct_scenario__water_rows(const ct_scenario_water *water);

// Appends them.
CT_CHECKED ct_err ct_scenario__water_tell(const ct_scenario_water *water, ct_buf *drains_rows,
                                          ct_buf *inside_rows);

// The ledger of the surface; NULL = out of memory.
json_t *ct_scenario__ledger_json(const ct_scenario_water *water);
// What the drains did, for run.json; JSON null without drains; NULL = out of memory.
json_t *ct_scenario__drains_json(const ct_scenario_water *water);
// What stood in rooms and passed their ways, likewise.
json_t *ct_scenario__inside_json(const ct_scenario_water *water);
// The ledger of all together; JSON null where the surface is alone.
json_t *ct_scenario__whole_json(const ct_scenario_water *water);

#endif
