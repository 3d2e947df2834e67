// cimtwin import: files into the twin, all of them or none.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "cli/command.h"
#include "cli/import_observations.h"
#include "cli/import_overrides.h"
#include "ingest/ingest.h"
#include "results/ground.h"
#include "scenario/scenario.h"

typedef struct importing {
    const ct_args *args;
    const ct_twin *twin;
    ct_ingest_report *report;
    ct_writer *writer; // NULL on a dry run
    char *terrain_folder, *scenario_folder;
    ct_ground *ground; // of before this import
    bool terminal;
    int last_percent;
    size_t n_completed; // of the file: features that were there
    size_t n_overrides; // taken
    ct_import_observations observations;
} importing;

static ct_err put(void *context, const ct_feature *feature) {
    importing *im = context;
    bool there = false;
    if (!feature->refers) return ct_writer_add(im->writer, feature, NULL);
    const ct_err err = ct_writer_complete(&there, im->writer, feature);
    im->n_completed += there;
    return err;
}

static bool progress(void *context, double part) {
    importing *im = context;
    const int percent = (int)(part * 100);
    if (im->terminal && percent != im->last_percent) fprintf(stderr, "\r%3d%%", percent);
    im->last_percent = percent;
    return !atomic_load(ct_cancel_flag());
}

// One of the same name is replaced, and that is told.
static ct_err check_scenario(const importing *im, const char *path) {
    ct_scenario *scenario;
    char *target = ct_path_join(im->scenario_folder, ct_path_name(path));
    if (!target) return CT_NOMEM;
    if (ct_file_exists(target))
        ct_diagnostics_add(ct_ingest_diagnostics(im->report), CT_SEVERITY_INFO, "replaced",
                           ct_path_name(path), "the twin had a scenario of this name");
    ct_free(target);
    CT_TRY(ct_scenario_read_file(&scenario, path, im->twin->catalogue,
                                 ct_store_crs(im->twin->store)->code));
    ct_scenario_free(scenario);
    return CT_OK;
}

// Scenario documents are kept beside the twin as they are: they hold no features.
static ct_err stage_scenario(const char *stage, const char *path) {
    char *target = ct_path_join(stage, ct_path_name(path)), *text = NULL;
    size_t length = 0;
    ct_err err = target ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_file_read(&text, &length, path, CT_SCENARIO_MAX_BYTES);
    if (err == CT_OK) err = ct_file_write(target, text, length);
    ct_free(text);
    ct_free(target);
    return err;
}

static ct_err height_at(void *context, double *z_m, double x, double y) {
    importing *im = context;
    return ct_ground_height(z_m, im->ground, x, y);
}

// "E,N[,H[,ROTATION]]": metres in the twin's CRS, degrees counter-clockwise.
static ct_err read_anchor(ct_ingest_options *out, const char *text) {
    double n[4] = {0};
    size_t count = 0;
    for (const char *at = text; count < 4; at++) {
        char *end;
        n[count++] = strtod(at, &end);
        if (end == at || !isfinite(n[count - 1])) break;
        if (*end == '\0' && count >= 2) {
            out->anchor.given = true;
            out->anchor.east_m = n[0];
            out->anchor.north_m = n[1];
            out->anchor.height_m = n[2];
            out->anchor.rotation_rad = n[3] * M_PI / 180;
            return CT_OK;
        }
        if (*end != ',') break;
        at = end;
    }
    return ct_fail(CT_ARG, "--at \"%s\": EAST,NORTH[,HEIGHT[,ROTATION]] expected", text);
}

static ct_err import_features(importing *im, const char *path) {
    const char *as = ct_args_value(im->args, "as", NULL), *at = ct_args_value(im->args, "at", NULL);
    ct_ingest_options options = {
        .catalogue = im->twin->catalogue,
        .twin_crs = ct_store_crs(im->twin->store)->code,
        .class_name = as,
        .source_crs = ct_args_value(im->args, "crs", NULL),
        .terrain_folder = im->terrain_folder,
        .ground = height_at,
        .ground_context = im,
        .observe = ct_import_observe,
        .observe_context = &im->observations,
        .as_of = ct_args_value(im->args, "as-of", NULL),
        .strict = ct_args_has(im->args, "strict"),
        .progress = progress,
        .progress_context = im,
    };
    const ct_sink sink = {put, im};
    if (at) CT_TRY(read_anchor(&options, at));
    im->n_completed = 0;
    const ct_err err = ct_ingest_file(path, &options, im->writer ? &sink : NULL, im->report);
    if (err == CT_OK && im->n_completed)
        ct_diagnostics_add(
            ct_ingest_diagnostics(im->report), CT_SEVERITY_INFO, "completed", ct_path_name(path),
            "%zu features were in the twin already; they got what they lacked", im->n_completed);
    if (im->terminal && im->last_percent >= 0) fprintf(stderr, "\r     \r");
    return err;
}

static bool of_scenarios(const importing *im) {
    return strcmp(ct_args_value(im->args, "as", ""), "scenario") == 0;
}

static bool of_overrides(const importing *im) {
    return strcmp(ct_args_value(im->args, "as", ""), "overrides") == 0;
}

static const char *dry_text(const importing *im) {
    return ct_args_has(im->args, "dry-run") ? " (dry run: nothing written)" : "";
}

static void print_text(const importing *im, bool done) {
    const ct_diagnostics *found = ct_ingest_diagnostics(im->report);
    for (size_t i = 0; i < ct_diagnostics_kept(found); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(found, i);
        fprintf(stderr, "%s: %s: %s (%s)\n", d->where, ct_severity_name(d->severity), d->text,
                d->rule);
    }
    if (!done) return;
    for (size_t i = 0; i < ct_catalogue_count(im->twin->catalogue); i++) {
        const ct_class *cls = ct_catalogue_at(im->twin->catalogue, i);
        const int64_t n = ct_ingest_count(im->report, cls);
        if (n) printf("%-16s %9lld\n", cls->collection, (long long)n);
    }
    if (of_scenarios(im))
        printf("%-16s %9zu%s\n", "scenarios", ct_args_count(im->args) - 1, dry_text(im));
    else if (of_overrides(im))
        printf("%-16s %9zu%s\n", "overrides", im->n_overrides, dry_text(im));
    else
        printf("%-16s %9lld%s\n", "total", (long long)ct_ingest_total(im->report), dry_text(im));
}

static void write_others_json(ct_jsonw *w, const importing *im, bool done) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "source", ct_args_at(im->args, 1));
    ct_jsonw_key(w, "features");
    ct_jsonw_object(w);
    if (done && of_scenarios(im))
        ct_jsonw_kv_int(w, "scenario", (int64_t)ct_args_count(im->args) - 1);
    if (done && of_overrides(im)) ct_jsonw_kv_int(w, "override", (int64_t)im->n_overrides);
    ct_jsonw_end_object(w);
    ct_jsonw_key(w, "diagnostics");
    ct_diagnostics_write_json(w, ct_ingest_diagnostics(im->report));
    ct_jsonw_end_object(w);
}

static ct_err print_json(const importing *im, bool done) {
    ct_buf out;
    ct_jsonw w;
    ct_buf_init(&out, 64 << 20);
    ct_jsonw_init(&w, &out);
    if (of_scenarios(im) || of_overrides(im))
        write_others_json(&w, im, done);
    else
        ct_ingest_write_json(&w, im->report, ct_args_at(im->args, 1));
    ct_buf_putc(&out, '\n');
    const ct_err err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

// All are checked before the first is kept, and kept together.
static ct_err import_scenarios(const importing *im) {
    const size_t n = ct_args_count(im->args);
    for (size_t i = 1; i < n; i++) CT_TRY(check_scenario(im, ct_args_at(im->args, i)));
    if (ct_args_has(im->args, "dry-run")) return CT_OK;
    ct_stage *stage;
    CT_TRY(ct_stage_open(&stage, im->scenario_folder, NULL));
    for (size_t i = 1; i < n; i++) {
        const ct_err err = stage_scenario(ct_stage_path(stage), ct_args_at(im->args, i));
        if (err == CT_OK) continue;
        ct_stage_abort(stage);
        return err;
    }
    return ct_stage_commit(stage);
}

static ct_err read_files(importing *im) {
    if (of_scenarios(im)) return import_scenarios(im);
    if (of_overrides(im))
        return ct_import_overrides(&im->n_overrides, im->args, im->twin, im->writer,
                                   ct_ingest_diagnostics(im->report));
    CT_TRY(ct_ground_open(&im->ground, im->terrain_folder, ct_store_crs(im->twin->store)->code));
    for (size_t i = 1; i < ct_args_count(im->args); i++)
        CT_TRY(import_features(im, ct_args_at(im->args, i)));
    return CT_OK;
}

// The findings are told whatever became of the import; its error goes first.
static ct_err tell(const importing *im, ct_err err) {
    char kept[1024];
    snprintf(kept, sizeof kept, "%s", ct_err_message());
    if (ct_args_has(im->args, "json")) {
        const ct_err printed = print_json(im, err == CT_OK);
        if (err == CT_OK) return printed;
    } else {
        print_text(im, err == CT_OK);
    }
    return err == CT_OK ? CT_OK : ct_fail(err, "%s", kept);
}

static ct_err add_sources(const importing *im) {
    ct_buf record;
    ct_err err = CT_OK;
    ct_buf_init(&record, CT_STORE_SOURCE_MOST);
    for (size_t i = 0; err == CT_OK && i < ct_ingest_source_count(im->report); i++) {
        ct_jsonw w;
        ct_buf_reset(&record);
        ct_jsonw_init(&w, &record);
        ct_ingest_write_source(&w, im->report, i);
        err = ct_buf_status(&record);
        if (err == CT_OK) err = ct_writer_add_source(im->writer, record.data, record.len);
    }
    ct_buf_fini(&record);
    return err;
}

// Features, rasters and observations, all of them or none.
static ct_err commit(importing *im) {
    ct_err err = add_sources(im);
    if (err == CT_OK) err = ct_ingest_publish(im->report);
    if (err == CT_OK) err = ct_import_observations_stage(&im->observations, im->twin->store);
    if (err != CT_OK) {
        ct_writer_rollback(im->writer);
        return err;
    }
    int64_t version;
    CT_TRY(ct_writer_commit(im->writer, &version)); // frees the writer
    ct_ingest_keep(im->report);
    ct_import_observations_store(&im->observations, ct_ingest_diagnostics(im->report),
                                 ct_path_name(ct_args_at(im->args, 1)));
    return CT_OK;
}

static ct_err import_all(importing *im) {
    char reason[256];
    snprintf(reason, sizeof reason, "import %s", ct_path_name(ct_args_at(im->args, 1)));
    if (!ct_args_has(im->args, "dry-run"))
        CT_TRY(ct_store_writer(&im->writer, im->twin->store, reason));
    ct_err err = read_files(im);
    if (!im->writer)
        ct_import_observations_tell(&im->observations, ct_ingest_diagnostics(im->report),
                                    ct_path_name(ct_args_at(im->args, 1)));
    else if (err == CT_OK)
        err = commit(im);
    else
        ct_writer_rollback(im->writer);
    return tell(im, err);
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    importing im = {
        .args = args, .twin = &twin, .last_percent = -1, .terminal = isatty(STDERR_FILENO) == 1};
    im.report = ct_ingest_report_new(twin.catalogue);
    im.terrain_folder = ct_store_file(twin.store, "terrain");
    im.scenario_folder = ct_store_file(twin.store, "scenarios");
    ct_catch_signals();
    const ct_err err =
        im.report && im.terrain_folder && im.scenario_folder ? import_all(&im) : CT_NOMEM;
    ct_ground_close(im.ground);
    ct_ingest_report_free(im.report);
    ct_import_observations_fini(&im.observations);
    ct_free(im.terrain_folder);
    ct_free(im.scenario_folder);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"as", "CLASS",
     "class of all features; \"scenario\": scenario documents, \"overrides\": tables"},
    {"crs", "CODE", "coordinate reference system of files that do not tell theirs"},
    {"at", "E,N[,H[,R]]",
     "where a building model's origin lies (metres, degrees left); before what it says"},
    {"as-of", "DATE|VERSION",
     "time, or a version's tag, at which a city model is read (its last version, now)"},
    {"strict", NULL, "refuse what could be repaired (self-crossing polygons)"},
    {"dry-run", NULL, "check everything, write nothing"},
    {"json", NULL, "print the findings as JSON"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_import = {
    "import",
    "bring files into a twin: features, elevation, scenarios",
    "TWIN FILE...",
    2,
    -1,
    k_options,
    "  cimtwin import riverside.ct riverside.gpkg terrain.tif\n"
    "  cimtwin import riverside.ct towers.geojson --as building --dry-run --json\n"
    "  cimtwin import riverside.ct duplex.ifc --at 500123.5,3400456.2,31.4,12\n"
    "  cimtwin import riverside.ct cloudburst.json --as scenario\n"
    "  cimtwin import riverside.ct doors.csv --as overrides\n",
    run,
    "Takes GeoPackage, GeoJSON, Shapefile, FlatGeobuf, CSV, OpenStreetMap, IFC (.ifc, .ifczip), "
    "CityGML,\n"
    "CityJSON, IndoorGML and elevation rasters. All files of one call come, or none.\n"
    "OpenStreetMap files bring the inside of buildings too (Simple Indoor Tagging: indoor=*, "
    "level=*,\n"
    "door=*, ...); with --as only what is outdoors.\n"
    "Overrides are CSV with the columns id,attribute,value: what is known better of features that "
    "are\n"
    "there, such as door-7,clear_width_m,0.85. An empty value takes the attribute's away.\n"
    "An object of an IFC file whose property CimTwin.FeatureId names a feature of the twin is "
    "that\n"
    "feature: it gets what it lacks.\n",
};
