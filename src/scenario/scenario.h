// Scenarios: base + edits + forcing + parameters, parsed and checked from a JSON document, and the
// run id they hash to.
#ifndef CT_SCENARIO_SCENARIO_H
#define CT_SCENARIO_SCENARIO_H

#include "results/run_store.h"
#include "sim/domain/flood_domain.h"
#include "store/store.h"

typedef struct ct_rain_interval {
    double from_s, to_s, intensity_ms; // metres a second
} ct_rain_interval;

typedef struct ct_scenario {
    const char *title_en, *title_zh;
    const char *engine; // "flood"
    int64_t start_us;
    double duration_s, output_step_s, cell_m;
    ct_rain_interval *rain;
    size_t n_rain;
    ct_manning manning;
    bool has_river_stage;
    double river_stage_m; // else the water features' level_m
    int64_t seed;
    ct_changeset *edits;
    json_t *document; // as given, normalised (defaults filled in)
} ct_scenario;

// Errors name the field: "scenario.rain[3].intensity_mm_h: -5 is below 0". CT_PARSE, CT_RANGE.
CT_CHECKED ct_err ct_scenario_parse(ct_scenario **out, const json_t *document,
                                    const ct_catalogue *catalogue, const char *twin_crs);
CT_CHECKED ct_err ct_scenario_read_file(ct_scenario **out, const char *path,
                                        const ct_catalogue *catalogue, const char *twin_crs);
void ct_scenario_free(ct_scenario *scenario);

// Content address: hash of the twin's features and terrain, edits, forcing, parameters, engine
// versions and seed. Not of titles, threads or observations.
CT_CHECKED ct_err ct_scenario_run_id(char out[CT_RUN_ID_MAX], const ct_scenario *scenario,
                                     ct_reader *reader, const ct_store *store);

#endif
