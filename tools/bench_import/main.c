// Speed of imports: 100,000 building footprints with five attributes in geographic coordinates, as
// GeoJSON and as GeoPackage, checked alone and into a twin; beside it ogr2ogr, which reprojects
// them into a SpatiaLite file and checks nothing. Works in a folder that it makes (in $TMPDIR) and
// removes.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/rng.h"
#include "ingest/ingest.h"
#include "store/store.h"

#define TWIN_CRS "EPSG:4547"

enum { SIDE = 316, FEATURES = SIDE * SIDE, MAX_BYTES = 256 << 20 };

typedef struct bench {
    ct_catalogue *catalogue;
    char *geojson, *geopackage, *twin, *peer; // paths
} bench;

static double seconds_since(int64_t start_us) {
    return 1e-6 * (double)(ct_clock_mono_us(ct_clock_real()) - start_us);
}

static void print_figure(const char *metric, double per_second, double peer) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 4096);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "bench", "import");
    ct_jsonw_kv_string(&w, "metric", metric);
    ct_jsonw_key(&w, "value");
    ct_jsonw_fixed(&w, per_second, 0);
    ct_jsonw_kv_string(&w, "unit", "features/s");
    ct_jsonw_key(&w, "goal");
    ct_jsonw_null(&w);
    ct_jsonw_key(&w, "peer");
    if (peer > 0) {
        char words[96];
        (void)snprintf(words, sizeof words, "ogr2ogr to SpatiaLite, here: %.0f", peer);
        ct_jsonw_string(&w, words);
    } else {
        ct_jsonw_null(&w);
    }
    ct_jsonw_kv_bool(&w, "ok", true);
    ct_jsonw_end_object(&w);
    ct_buf_putc(&text, '\n');
    if (ct_buf_status(&text) == CT_OK) (void)fputs(text.data, stdout);
    (void)fflush(stdout);
    ct_buf_fini(&text);
}

// A rectangle of 10 to 30 m in its cell of a grid, heights of one to 33 storeys.
static void put_feature(ct_buf *out, uint64_t n) {
    const double cell = 0.0005, west = 114 + cell * (double)(n % SIDE),
                 south = 30 + cell * (double)(n / SIDE);
    const double east = west + 1e-4 * (1 + 2 * ct_rng_unit(7, n, 0, 1));
    const double north = south + 1e-4 * (1 + 2 * ct_rng_unit(7, n, 1, 1));
    const unsigned storeys = 1 + (unsigned)(n % 33);
    ct_buf_printf(
        out,
        "%s{\"type\":\"Feature\",\"properties\":{\"id\":\"b-%llu\",\"name\":\"Building %llu\","
        "\"use\":\"residential\",\"storeys_above\":%u,\"height_m\":%u,\"year_built\":%u},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.7f,%.7f],[%.7f,%.7f],[%.7f,%.7f],"
        "[%.7f,%.7f],[%.7f,%.7f]]]}}",
        n ? ",\n" : "", (unsigned long long)n, (unsigned long long)n, storeys, 3 * storeys,
        1960 + (unsigned)(n % 60), west, south, east, south, east, north, west, north, west, south);
}

static ct_err write_geojson(const char *path) {
    ct_buf out;
    ct_buf_init(&out, MAX_BYTES);
    ct_buf_puts(&out, "{\"type\":\"FeatureCollection\",\"name\":\"buildings\",\"features\":[\n");
    for (uint64_t n = 0; n < FEATURES; n++) put_feature(&out, n);
    ct_buf_puts(&out, "]}\n");
    ct_err err = ct_buf_status(&out);
    if (err == CT_OK) err = ct_file_write(path, out.data, out.len);
    ct_buf_fini(&out);
    return err;
}

static ct_err run(char *const argv[]) {
    ct_proc *proc = NULL;
    char *line = NULL;
    CT_TRY(ct_proc_start(&proc, argv, true));
    while (ct_proc_read_line(proc, &line) == CT_OK) {}
    const int code = ct_proc_wait(proc);
    ct_proc_free(proc);
    return code ? ct_fail(CT_REMOTE, "%s ended with %d", argv[0], code) : CT_OK;
}

static ct_err put(void *context, const ct_feature *feature) {
    int64_t fid;
    return ct_writer_add(context, feature, &fid);
}

// Imports into `writer`, or checks alone where it is NULL.
static ct_err import(const bench *b, const char *path, ct_writer *writer) {
    const ct_ingest_options options = {.catalogue = b->catalogue, .twin_crs = TWIN_CRS};
    const ct_sink sink = {put, writer};
    ct_ingest_report *report = ct_ingest_report_new(b->catalogue);
    if (!report) return CT_NOMEM;
    ct_err err = ct_ingest_file(path, &options, writer ? &sink : NULL, report);
    if (err == CT_OK && ct_ingest_total(report) != FEATURES)
        err = ct_fail(CT_INTERNAL, "%s: %lld features came", path,
                      (long long)ct_ingest_total(report));
    ct_ingest_report_free(report);
    return err;
}

static ct_err import_into_twin(const bench *b, const char *path) {
    ct_store *store = NULL;
    ct_writer *writer = NULL;
    int64_t version;
    CT_TRY(ct_store_create(b->twin, TWIN_CRS, "bench", b->catalogue));
    CT_TRY(ct_store_open(&store, b->twin, b->catalogue));
    ct_err err = ct_store_writer(&writer, store, "bench");
    if (err == CT_OK) {
        err = import(b, path, writer);
        if (err == CT_OK)
            err = ct_writer_commit(writer, &version);
        else
            ct_writer_rollback(writer);
    }
    ct_store_close(store);
    char *folder = ct_sprintf("%s.d", b->twin);
    if (folder && err == CT_OK) err = ct_dir_remove(folder);
    ct_free(folder);
    if (err == CT_OK) err = ct_file_remove(b->twin);
    return err;
}

static ct_err measure(const bench *b, const char *format, const char *path, double peer) {
    char metric[64];
    int64_t start_us = ct_clock_mono_us(ct_clock_real());
    CT_TRY(import(b, path, NULL));
    (void)snprintf(metric, sizeof metric, "%s read and checked", format);
    print_figure(metric, FEATURES / seconds_since(start_us), 0);
    start_us = ct_clock_mono_us(ct_clock_real());
    CT_TRY(import_into_twin(b, path));
    (void)snprintf(metric, sizeof metric, "%s into a new twin", format);
    print_figure(metric, FEATURES / seconds_since(start_us), peer);
    return CT_OK;
}

static ct_err measure_all(const bench *b) {
    char *const convert[] = {"ogr2ogr", b->geopackage, b->geojson, NULL};
    char *const peer[] = {"ogr2ogr", "-f",  "SQLite",    "-dsco", "SPATIALITE=YES", "-t_srs",
                          TWIN_CRS,  "-gt", "unlimited", b->peer, b->geopackage,    NULL};
    CT_TRY(write_geojson(b->geojson));
    CT_TRY(run(convert));
    const int64_t start_us = ct_clock_mono_us(ct_clock_real());
    CT_TRY(run(peer));
    const double other = FEATURES / seconds_since(start_us);
    CT_TRY(measure(b, "GeoJSON", b->geojson, 0));
    return measure(b, "GeoPackage", b->geopackage, other);
}

int main(void) {
    const char *place = getenv("TMPDIR");
    char *folder = ct_sprintf("%s/cimtwin-import-%ld", place ? place : "/tmp", (long)getpid());
    bench b = {0};
    ct_err err = folder ? ct_dir_make(folder) : CT_NOMEM;
    if (err == CT_OK) err = ct_catalogue_load(&b.catalogue, NULL);
    if (err == CT_OK) {
        b.geojson = ct_path_join(folder, "buildings.geojson");
        b.geopackage = ct_path_join(folder, "buildings.gpkg");
        b.twin = ct_path_join(folder, "twin.ct");
        b.peer = ct_path_join(folder, "peer.sqlite");
        err = b.geojson && b.geopackage && b.twin && b.peer ? measure_all(&b) : CT_NOMEM;
    }
    if (err != CT_OK) (void)fprintf(stderr, "bench_import: %s\n", ct_err_message());
    if (folder && ct_dir_remove(folder) != CT_OK)
        (void)fprintf(stderr, "bench_import: %s stays behind\n", folder);
    ct_catalogue_free(b.catalogue);
    ct_free(b.geojson);
    ct_free(b.geopackage);
    ct_free(b.twin);
    ct_free(b.peer);
    ct_free(folder);
    return err == CT_OK ? 0 : 1;
}
