// Speed of IFC files: the index of a made file, and of those that are named, in processor time of
// one thread; beside each the same bytes searched by memchr and copied by memcpy, which no reader
// can beat. Then all shapes of each file, from its bytes to meshes. With --whole FILE: that file
// once, from the disk to its index and to all meshes, as one JSON object; for
// tools/benches/ifc_large.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "ingest/ifc/placement.h"
#include "ingest/ifc/shape/shapes.h"
#include "ingest/ifc/source.h"
#include "ingest/ifc/step/step.h"

enum { MADE_WALLS = 100000, MADE_MAX = 256 << 20, GOAL_MB_S = 400 };

static const double k_goal_shape_s_mb = 0.022; // 0.6 s for 27 MB

// What web-ifc 0.0.78 takes of processor time to open the file and make its shapes, as measured on
// a machine with two cores like those of the tests; the goal is a fifth of it, of booleans a third.
typedef struct peer_figure {
    const char *name;
    double web_ifc_s, part;
} peer_figure;

static const peer_figure k_peers[] = {
    {"duplex.ifc", 0.77, 0.2},
    {"Office_A_20110811.ifc", 0.95, 0.2},
    {"ROOT-houten kozijnen.ifc", 0.80, 0.2},
    {"LINDEN - Kozijnen.ifc", 1.76, 1.0 / 3},
    {"ISSUE_021_Mini Project.ifc", 1.35, 1.0 / 3},
};

static const double k_least_s = 0.2; // each figure repeats its work for so long

static double cpu_s(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static void print_figure(const char *metric, double value, const char *unit, double goal,
                         const char *peer, bool at_most) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 4096);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "bench", "ifc");
    ct_jsonw_kv_string(&w, "metric", metric);
    ct_jsonw_key(&w, "value");
    ct_jsonw_fixed(&w, value, 0);
    ct_jsonw_kv_string(&w, "unit", unit);
    ct_jsonw_key(&w, "goal");
    if (goal > 0)
        ct_jsonw_fixed(&w, goal, 0);
    else
        ct_jsonw_null(&w);
    ct_jsonw_kv_string(&w, "peer", peer);
    ct_jsonw_kv_bool(&w, "ok", at_most ? value <= goal : value >= goal);
    ct_jsonw_end_object(&w);
    ct_buf_putc(&text, '\n');
    if (ct_buf_status(&text) == CT_OK) (void)fputs(text.data, stdout);
    (void)fflush(stdout);
    ct_buf_fini(&text);
}

// Walls with their placements and points: about as long as those of real files.
static ct_err make(ct_buf *out) {
    ct_buf_puts(out, "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n");
    for (int i = 0; i < MADE_WALLS; i++) {
        const int id = 5 * i + 1;
        ct_buf_printf(out,
                      "#%d=IFCCARTESIANPOINT((%d.25,-%d.5,0.));\n"
                      "#%d=IFCAXIS2PLACEMENT3D(#%d,$,$);\n#%d=IFCLOCALPLACEMENT(#%d,#%d);\n"
                      "#%d=IFCPROPERTYSINGLEVALUE('IsExternal',$,IFCBOOLEAN(.F.),$);\n"
                      "#%d=IFCWALL('0Lc4p$Hlz0gO%09d',#1,'Basic Wall:Interior:%d',$,$,#%d,$,'%d',"
                      ".STANDARD.);\n",
                      id, i % 100, i % 77, id + 1, id, id + 2, 1, id + 1, id + 3, id + 4, i, i,
                      id + 2, 100000 + i);
    }
    ct_buf_puts(out, "ENDSEC;\nEND-ISO-10303-21;\n");
    return ct_buf_status(out);
}

static ct_err index_once(uint32_t *n, const char *bytes, size_t size) {
    ct_diagnostics *found = ct_diagnostics_new(10);
    ct_step *step = NULL;
    if (!found) return CT_NOMEM;
    const ct_err err = ct_step__open(&step, bytes, size, "bench.ifc", found);
    if (err == CT_OK) *n = ct_step__count(step);
    ct_step__close(step);
    ct_diagnostics_free(found);
    return err;
}

// MB/s of searching and of copying the bytes.
static ct_err measure_bounds(char *text, size_t room, const char *bytes, size_t n) {
    char *copy = ct_alloc(n);
    if (!copy) return CT_NOMEM;
    memcpy(copy, bytes, n); // its pages are there
    size_t searched = 0, copied = 0;
    double begin = cpu_s(), search_s = 0, copy_s = 0;
    while ((search_s = cpu_s() - begin) < k_least_s) searched += memchr(bytes, 1, n) ? 0 : n;
    begin = cpu_s();
    while ((copy_s = cpu_s() - begin) < k_least_s) {
        memcpy(copy, bytes, n);
        copied += n + (copy[n - 1] == 1);
    }
    ct_free(copy);
    (void)snprintf(text, room, "memchr %.0f, memcpy %.0f MB/s", 1e-6 * (double)searched / search_s,
                   1e-6 * (double)copied / copy_s);
    return CT_OK;
}

static ct_err measure(const char *name, const char *bytes, size_t n) {
    uint32_t instances = 0;
    char metric[160], peer[80];
    CT_TRY(measure_bounds(peer, sizeof peer, bytes, n));
    double best_s = 1e9, all_s = 0;
    while (all_s < k_least_s) {
        const double begin = cpu_s();
        CT_TRY(index_once(&instances, bytes, n));
        const double took_s = cpu_s() - begin;
        if (took_s > 0 && took_s < best_s) best_s = took_s;
        all_s += took_s > 0 ? took_s : 1e-6;
    }
    (void)snprintf(metric, sizeof metric, "index of %s, %.1f MB, %u instances", name,
                   1e-6 * (double)n, instances);
    print_figure(metric, 1e-6 * (double)n / best_s, "MB/s", GOAL_MB_S, peer, false);
    return CT_OK;
}

static ct_err measure_made(void) {
    ct_buf text;
    ct_buf_init(&text, MADE_MAX);
    ct_err err = make(&text);
    if (err == CT_OK) err = measure("a made file", text.data, text.len);
    ct_buf_fini(&text);
    return err;
}

// ---- shapes -------------------------------------------------------------------------------------

typedef struct made { // what came of a file
    size_t products, triangles, mesh_bytes;
} made;

static ct_err list_products(ct_ifc__product **out, size_t *n, ct_ifc__model *m,
                            ct_ifc__places *places, ct_arena *arena) {
    ct_ifc__slots all;
    CT_TRY(ct_ifc__all_known(&all, arena, m, CT_IFC__PRODUCT));
    ct_ifc__product *p = ct_arena_calloc(arena, all.n + 1, sizeof *p);
    if (!p) return CT_NOMEM;
    for (size_t i = 0; i < all.n; i++) {
        const bool feature = ct_ifc__is(m, all.at[i], CT_IFC__FEATURE_ELEMENT);
        p[i] = (ct_ifc__product){all.at[i], feature ? CT_IFC__WANT_NOTHING : CT_IFC__WANT_BODY,
                                 ct_ifc__place_of(places, all.at[i])};
    }
    *out = p;
    *n = all.n;
    return CT_OK;
}

// Meshes that follow themselves, as those of mapped items do, count once in the bytes.
static void count_made(made *out, ct_ifc__shapes *shapes, size_t n) {
    const ct_mesh *last = NULL;
    *out = (made){0};
    for (size_t i = 0; i < n; i++) {
        const ct_ifc__shape *s = ct_ifc__shape_at(shapes, i);
        out->products += s->n_parts > 0;
        for (size_t p = 0; p < s->n_parts; p++) {
            const ct_mesh *mesh = s->parts[p].mesh;
            out->triangles += mesh->n_triangles;
            if (mesh != last)
                out->mesh_bytes += 24 * (size_t)mesh->n_points + 12 * (size_t)mesh->n_triangles +
                                   8 * (size_t)mesh->n_faces;
            last = mesh;
        }
    }
}

static ct_err shapes_of(made *out, ct_ifc__model *m, ct_arena *arena) {
    ct_ifc__units units;
    ct_ifc__places *places = NULL;
    ct_ifc__product *products = NULL;
    ct_ifc__shapes *shapes = NULL;
    size_t n = 0;
    CT_TRY(ct_ifc__units_read(&units, m, arena));
    CT_TRY(ct_ifc__places_new(&places, m, &units));
    ct_err err = list_products(&products, &n, m, places, arena);
    const ct_ifc__shaping what = {.m = m,
                                  .units = &units,
                                  .to_twin = &ct_affine_identity,
                                  .products = products,
                                  .n = n,
                                  .threads = 1};
    if (err == CT_OK) err = ct_ifc__shapes_make(&shapes, &what);
    if (err == CT_OK) count_made(out, shapes, n);
    ct_ifc__shapes_free(shapes);
    ct_ifc__places_free(places);
    return err;
}

// From the bytes to the meshes, once.
static ct_err shape_once(made *out, const char *bytes, size_t size) {
    ct_diagnostics *found = ct_diagnostics_new(10);
    ct_arena *arena = ct_arena_new(1 << 20, 0);
    ct_ifc__model m = {0};
    ct_err err = found && arena ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_ifc__open(&m, bytes, size, "bench.ifc", false, found);
    if (err == CT_OK) err = shapes_of(out, &m, arena);
    ct_ifc__close(&m);
    ct_arena_free(arena);
    ct_diagnostics_free(found);
    return err;
}

static long resident_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static ct_err measure_shapes(const char *name, const char *bytes, size_t n) {
    made all = {0};
    char metric[160], peer[120];
    double best_s = 1e9, all_s = 0;
    while (all_s < k_least_s) {
        const double begin = cpu_s();
        CT_TRY(shape_once(&all, bytes, n));
        const double took_s = cpu_s() - begin;
        if (took_s < best_s) best_s = took_s;
        all_s += took_s > 0 ? took_s : 1e-6;
    }
    (void)snprintf(metric, sizeof metric, "shapes of %s, %.1f MB, %zu products", name,
                   1e-6 * (double)n, all.products);
    const peer_figure *known = NULL;
    for (size_t i = 0; i < sizeof k_peers / sizeof *k_peers; i++)
        if (strcmp(k_peers[i].name, name) == 0) known = &k_peers[i];
    const double goal_s =
        known ? known->part * known->web_ifc_s : 1e-6 * (double)n * k_goal_shape_s_mb;
    char other[40] = "";
    if (known) (void)snprintf(other, sizeof other, "web-ifc %.0f ms; ", 1e3 * known->web_ifc_s);
    (void)snprintf(peer, sizeof peer, "%s%zu triangles; %ld MB at most so far", other,
                   all.triangles, resident_mb());
    print_figure(metric, 1e3 * best_s, "ms", 1e3 * goal_s, peer, true);
    return CT_OK;
}

static ct_err measure_file(const char *path) {
    ct_ifc__source source;
    CT_TRY(ct_ifc__source_open(&source, path));
    ct_err err = measure(ct_path_name(path), source.bytes, source.n);
    if (err == CT_OK) err = measure_shapes(ct_path_name(path), source.bytes, source.n);
    ct_ifc__source_close(&source);
    return err;
}

static ct_err measure_whole(const char *path) {
    ct_ifc__source source;
    made all = {0};
    uint32_t instances = 0;
    double begin = cpu_s();
    CT_TRY(ct_ifc__source_open(&source, path));
    ct_err err = index_once(&instances, source.bytes, source.n);
    const double open_s = cpu_s() - begin;
    begin = cpu_s();
    if (err == CT_OK) err = shape_once(&all, source.bytes, source.n);
    const double all_s = cpu_s() - begin;
    if (err == CT_OK)
        printf("{\"bytes\":%zu,\"instances\":%u,\"open_s\":%.4f,\"all_s\":%.4f,\"products\":%zu,"
               "\"triangles\":%zu,\"mesh_bytes\":%zu,\"peak_mb\":%ld}\n",
               source.n, instances, open_s, all_s, all.products, all.triangles, all.mesh_bytes,
               resident_mb());
    ct_ifc__source_close(&source);
    return err;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--whole") == 0) {
        const ct_err failed = measure_whole(argv[2]);
        if (failed != CT_OK) (void)fprintf(stderr, "bench_ifc: %s\n", ct_err_message());
        return failed == CT_OK ? 0 : 1;
    }
    ct_err err = measure_made();
    for (int i = 1; err == CT_OK && i < argc; i++) err = measure_file(argv[i]);
    if (err != CT_OK) (void)fprintf(stderr, "bench_ifc: %s\n", ct_err_message());
    return err == CT_OK ? 0 : 1;
}
