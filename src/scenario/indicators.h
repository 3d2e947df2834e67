// Indicators of a run: their names, units and which way is better; and the part of run.json that
// tells what the water did. Private to scenario.
#ifndef CT_SCENARIO_INDICATORS_H
#define CT_SCENARIO_INDICATORS_H

#include "scenario/water.h"

typedef struct ct_indicator {
    const char *id, *title_en, *title_zh, *unit;
    bool lower_is_better;
} ct_indicator;

// What each means: sim/domain/flood_domain.h, ct_flood_indicators, and, of runs with drains or
// rooms, sim/domain/drains_domain.h, ct_drains_indicators, sim/domain/storage_domain.h,
// ct_storage_indicators.
extern const ct_indicator ct_scenario__indicators[];
extern const size_t ct_scenario__n_indicators;

// {"indicators": {id: value}, "buildings":
// [{"id","name","name_zh","max_depth_m","arrival","residents"}]}; the caller releases with
// json_decref.
CT_CHECKED ct_err ct_scenario__summary(json_t **out, const ct_flood_domain *domain,
                                       const ct_scenario_water *water, const ct_scenario *scenario);
// [{"rule","count","ids","text":{"en","zh"}}], those of drains and rooms with them. NULL = out of
// memory.
json_t *ct_scenario__warnings(const ct_flood_domain *domain, const ct_scenario_water *water);

#endif
