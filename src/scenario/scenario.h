// Scenarios: base + edits + forcing + parameters, parsed and checked from a JSON document, and the
// run id they hash to.
#ifndef CT_SCENARIO_SCENARIO_H
#define CT_SCENARIO_SCENARIO_H

#include "results/run_store.h"
#include "sim/domain/flood_domain.h"
#include "store/store.h"

typedef struct ct_rain_interval {
    double from_s, to_s;
    double intensity_mm_h; // as documents have it: what is kept of a run
    double intensity_ms;   // its product
} ct_rain_interval;

// Water that comes up at a place or, negative, is taken there; linear between the times.
typedef struct ct_scenario_source {
    double x_m, y_m; // in the twin's CRS
    double radius_m;
    size_t n;
    double *time_s, *discharge_m3s; // one block
} ct_scenario_source;

typedef struct ct_scenario {
    const char *title_en, *title_zh;
    const char *engine; // "flood"
    int64_t start_us;
    double duration_s, output_step_s, cell_m;
    ct_flood_scheme scheme;
    ct_flood_precision precision;
    bool local_steps;
    ct_rain_interval *rain;
    size_t n_rain;
    ct_scenario_source *sources;
    size_t n_sources;
    ct_manning manning;
    ct_infiltration infiltration;
    bool has_river_stage;
    double river_stage_m; // else the water features' level_m
    bool drains;          // the twin's drainage network is simulated below the surface
    bool inside;          // water enters storeys and garages
    int64_t seed;
    ct_changeset *edits;
    json_t *document; // normalised: every field, defaults filled in, numbers as reals
} ct_scenario;

// Of a scenario document, wherever it comes from: a file, a request, the twin's own folder.
#define CT_SCENARIO_MAX_BYTES ((size_t)8 << 20)

// Every field that a document and its parts may have, as data/schemas/scenario.schema.json
// describes them; each list ends with NULL.
extern const char *const ct_scenario_source_fields[];
extern const char *const ct_scenario_fields[],
    *const ct_scenario_rain_fields[], *const ct_scenario_boundary_fields[],
                                          *const ct_scenario_text_fields[],
                                              *const ct_scenario_cover_fields[],
                                                  *const ct_scenario_drains_fields[],
                                                      *const ct_scenario_inside_fields[];

// Errors name the field: "scenario.rain[3].intensity_mm_h: -5 is not in 0 to 2000". CT_PARSE,
// CT_RANGE, CT_LIMIT, CT_UNSUPPORTED, and those of ct_changeset_parse. The document is copied.
CT_CHECKED ct_err ct_scenario_parse(ct_scenario **out, const json_t *document,
                                    const ct_catalogue *catalogue, const char *twin_crs);
CT_CHECKED ct_err ct_scenario_read_file(ct_scenario **out, const char *path,
                                        const ct_catalogue *catalogue, const char *twin_crs);
void ct_scenario_free(ct_scenario *scenario);

// Changes whenever the files of a run change in form; part of the run id.
#define CT_SCENARIO_RUN_FORMAT 5

// Content addresses, 32 hexadecimal digits each.
typedef struct ct_scenario_hashes {
    char features[33]; // of the twin that the engines see, before the edits
    char terrain[33];  // rasters, byte by byte
    char document[33]; // forcing, parameters, edits and seed; not titles
    char run[33];      // of the three, the CRS, and the versions of engines, domain and run format
} ct_scenario_hashes;
CT_CHECKED ct_err ct_scenario_hash(ct_scenario_hashes *out, const ct_scenario *scenario,
                                   ct_reader *reader, const ct_store *store);
// The run's alone. Equal requests have equal ids, however they are written: the order of keys, 5400
// or 5400.0, a default left out or given make no difference; the order of the edits does.
CT_CHECKED ct_err ct_scenario_run_id(char out[CT_RUN_ID_MAX], const ct_scenario *scenario,
                                     ct_reader *reader, const ct_store *store);

#endif
