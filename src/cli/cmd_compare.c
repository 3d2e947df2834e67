// cimtwin compare: the indicators of two runs side by side, and the difference of their depths as a
// raster.
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/command.h"
#include "results/raster_file.h"
#include "scenario/run.h"

#define MAX_ROWS 20 // of buildings; the JSON has them all

static double member(const json_t *row, const char *key) {
    return json_number_value(json_object_get(row, key));
}

// A change as it is shown: with its sign, but what rounds to nothing has none.
static const char *signed_text(char out[32], double value, int decimals) {
    snprintf(out, 32, "%+.*f", decimals, value);
    if (strspn(out, "+-0.") == strlen(out)) snprintf(out, 32, "%.*f", decimals, 0.0);
    return out;
}

static void print_indicators(const json_t *indicators) {
    size_t i;
    const json_t *row;
    char change[32];
    printf("%-44s %14s %14s %14s  %s\n", "indicator", "base", "other", "change", "unit");
    json_array_foreach(indicators, i, row) {
        const char *unit = json_string_value(json_object_get(row, "unit"));
        const bool counts = unit && strcmp(unit, "1") == 0; // buildings, residents
        const int decimals = counts ? 0 : 3;
        printf("%-44s %14.*f %14.*f %14s%s%s\n",
               json_string_value(json_object_get(json_object_get(row, "title"), "en")), decimals,
               member(row, "base"), decimals, member(row, "other"),
               signed_text(change, member(row, "delta"), decimals), counts ? "" : "  ",
               counts || !unit ? "" : unit);
    }
}

// They come with the largest change first; those below what is shown are left out.
static void print_buildings(const json_t *buildings) {
    size_t i, shown = 0;
    const json_t *row;
    char change[32];
    printf("\n%-37s %14s %14s %14s\n", "building (largest change of depth, m)", "base", "other",
           "change");
    json_array_foreach(buildings, i, row) {
        const double delta_m = member(row, "delta_m");
        if (i == MAX_ROWS || fabs(delta_m) < 0.0005) break;
        printf("%-37s %14.3f %14.3f %14s\n", json_string_value(json_object_get(row, "id")),
               member(row, "base_depth_m"), member(row, "other_depth_m"),
               signed_text(change, delta_m, 3));
        shown++;
    }
    const size_t rest = json_array_size(buildings) - shown;
    if (rest && shown == MAX_ROWS)
        printf("and %zu more (--json tells of them all)\n", rest);
    else if (rest)
        printf("%zu more by less than a millimetre\n", rest);
}

static void print_table(const json_t *comparison) {
    print_indicators(json_object_get(comparison, "indicators"));
    print_buildings(json_object_get(comparison, "buildings"));
}

static ct_err print_comparison(const ct_args *args, const ct_run *base, const ct_run *other) {
    ct_buf out;
    ct_buf_init(&out, 64 << 20);
    ct_err err = ct_scenario_compare(&out, base, other);
    if (err == CT_OK && ct_args_has(args, "json")) {
        ct_buf_putc(&out, '\n');
        err = ct_print(&out);
    } else if (err == CT_OK) {
        json_t *comparison = NULL;
        err = ct_json_parse(&comparison, out.data, out.len, out.len);
        if (err == CT_OK) print_table(comparison);
        json_decref(comparison);
    }
    ct_buf_fini(&out);
    return err;
}

static ct_err write_difference(const ct_twin *twin, ct_run *base, ct_run *other, const char *path) {
    ct_grid difference;
    CT_TRY(ct_scenario_difference(&difference, base, other));
    const ct_err err =
        ct_raster_write(path, &difference, ct_store_crs(twin->store)->code,
                        "largest depth of the other run minus that of the base", "m");
    ct_grid_free(&difference);
    return err;
}

// `text`: an id of a run of the twin, or the path of a run's folder.
static ct_err open_run(ct_run **out, const ct_twin *twin, const char *text) {
    size_t length = strlen(text);
    while (length > 1 && text[length - 1] == '/') length--;
    char *path = strchr(text, '/') ? ct_strndup(text, length) : NULL;
    char *runs = path ? NULL : ct_store_file(twin->store, "runs");
    ct_err err = path || runs ? CT_OK : CT_NOMEM;
    if (path && !ct_dir_exists(path)) {
        err = ct_fail(CT_NOTFOUND, "there is no folder %s", text);
    } else if (path && !ct_run_id_ok(ct_path_name(path))) {
        err = ct_fail(CT_NOTFOUND, "%s: not the folder of a run: that is called by the run's id",
                      text);
    } else if (path) {
        char *slash = strrchr(path, '/');
        *slash = 0;
        err = ct_run_open(out, slash == path ? "/" : path, slash + 1);
    } else if (runs) {
        err = ct_run_open(out, runs, text);
    }
    ct_free(path);
    ct_free(runs);
    return err;
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    const char *raster = ct_args_value(args, "raster", NULL);
    ct_run *base = NULL, *other = NULL;
    ct_err err = open_run(&base, &twin, ct_args_at(args, 1));
    if (err == CT_OK) err = open_run(&other, &twin, ct_args_at(args, 2));
    if (err == CT_OK) err = print_comparison(args, base, other);
    if (err == CT_OK && raster) err = write_difference(&twin, base, other, raster);
    ct_run_unref(base);
    ct_run_unref(other);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"json", NULL, "print JSON"},
    {"raster", "FILE.tif",
     "write the difference of the largest depths (other minus base) as GeoTIFF"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_compare = {
    "compare",
    "compare two runs, each by its id or its folder",
    "TWIN RUN_A RUN_B",
    3,
    3,
    k_options,
    "  cimtwin compare riverside.ct 4f0c...e2 91ab...07\n"
    "  cimtwin compare riverside.ct 4f0c...e2 91ab...07 --raster difference.tif\n"
    "  cimtwin compare riverside.ct riverside.ct.d/runs/4f0c...e2 copy.ct.d/runs/91ab...07\n",
    run,
    NULL,
};
