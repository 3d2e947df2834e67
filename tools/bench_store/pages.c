// Features: loading 200,000 footprints, pages of about 90 from a random window, tiles of about
// 1,800.
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/rng.h"
#include "bench_store.h"
#include "geo/crs.h"
#include "store/store.h"

enum { PAGES = 2000, PURPOSE_WINDOW = 2 };

static const double west_m = FOOTPRINTS_WEST_M, south_m = FOOTPRINTS_SOUTH_M,
                    extent_m = FOOTPRINTS_EXTENT_M;

static ct_err load(ct_store *store, const ct_class *cls) {
    const int64_t start_us = ct_clock_mono_us(ct_clock_real()), used_us = ct_clock_cpu_us();
    const ct_err err = footprints_load(store, cls);
    const double seconds = (double)(ct_clock_mono_us(ct_clock_real()) - start_us) * 1e-6;
    const double cpu_us = (double)(ct_clock_cpu_us() - used_us) / FOOTPRINTS;
    if (err == CT_OK)
        print_figure("store", "features loaded, durable", FOOTPRINTS / seconds, "features/s", NAN,
                     false, NAN);
    if (err == CT_OK)
        print_figure("store", "features loaded, each", cpu_us, "CPU us", NAN, true, NAN);
    return err;
}

// ---- reading ------------------------------------------------------------------------------------
static void draw_window(ct_query *q, uint32_t n, double size_m) {
    const double x = west_m + (extent_m - size_m) * ct_rng_unit(7, n, 0, PURPOSE_WINDOW);
    const double y = south_m + (extent_m - size_m) * ct_rng_unit(7, n, 1, PURPOSE_WINDOW);
    q->has_bbox = true;
    q->bbox = (ct_bbox){x, y, x + size_m, y + size_m};
}

static void write_properties(ct_jsonw *w, const ct_feature *f) {
    ct_jsonw_key(w, "properties");
    ct_jsonw_object(w);
    for (size_t i = 0; i < f->cls->n_attrs; ++i) {
        if (f->values[i].kind == CT_VALUE_NULL) continue;
        ct_jsonw_key(w, f->cls->attrs[i].name);
        ct_value_write_json(w, &f->values[i]);
    }
    ct_jsonw_end_object(w);
}

static ct_err write_feature(ct_jsonw *w, ct_transform *to_lonlat, const ct_feature *f) {
    ct_geom g = f->geom; // its coordinates are the cursor's own until the next row
    CT_TRY(ct_transform_geom(to_lonlat, &g));
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", "Feature");
    ct_jsonw_kv_string(w, "id", f->id);
    ct_jsonw_key(w, "geometry");
    ct_geom_write_geojson(w, &g, 7, false);
    write_properties(w, f);
    ct_jsonw_end_object(w);
    return CT_OK;
}

// One page; with `out`, as GeoJSON in CRS84.
static ct_err read_page(ct_store *store, const ct_query *q, ct_transform *to_lonlat, ct_buf *out,
                        size_t *n) {
    ct_reader *reader = NULL;
    ct_cursor *cursor = NULL;
    const ct_feature *f = NULL;
    ct_jsonw w;
    ct_err err = ct_store_reader(&reader, store);
    if (err == CT_OK) err = ct_cursor_open(&cursor, reader, q);
    if (out) {
        ct_buf_reset(out);
        ct_jsonw_init(&w, out);
        ct_jsonw_array(&w);
    }
    while (err == CT_OK && (err = ct_cursor_next(cursor, &f)) == CT_OK) {
        ++*n;
        if (out) err = write_feature(&w, to_lonlat, f);
    }
    if (err == CT_NOTFOUND) err = CT_OK;
    if (out) ct_jsonw_end_array(&w);
    ct_cursor_close(cursor);
    ct_reader_release(reader);
    return err == CT_OK && out ? ct_buf_status(out) : err;
}

typedef struct reading {
    const char *metric;
    double size_m;
    int64_t limit;
    bool envelopes, json;
    uint32_t pages;
    double goal;
    double peer;
} reading;

static ct_err measure(ct_store *store, const ct_class *cls, const reading *r) {
    ct_transform *to_lonlat = NULL;
    ct_query q;
    ct_buf out;
    size_t n = 0;
    char unit[64];
    ct_err err = ct_transform_get(&to_lonlat, ct_store_crs(store)->code, CT_CRS_CRS84);
    ct_query_init(&q, cls);
    ct_buf_init(&out, 64U << 20);
    q.limit = r->limit;
    q.bbox_envelopes = r->envelopes;
    int64_t used_us = ct_clock_cpu_us();
    for (uint32_t i = 0; i < r->pages + 20 && err == CT_OK; ++i) {
        if (i == 20) { // the first ones prepare statements and transforms
            n = 0;
            used_us = ct_clock_cpu_us();
        }
        draw_window(&q, i, r->size_m);
        err = read_page(store, &q, to_lonlat, r->json ? &out : NULL, &n);
    }
    const double ms = (double)(ct_clock_cpu_us() - used_us) * 1e-3 / r->pages;
    (void)snprintf(unit, sizeof unit, "CPU ms for %.0f features", (double)n / r->pages);
    if (err == CT_OK) print_figure("store", r->metric, ms, unit, r->goal, true, r->peer);
    ct_buf_fini(&out);
    return err;
}

static ct_err run(ct_store *store) {
    // peers: SQLite's rows alone; PostgreSQL's json_agg of the same page
    static const reading readings[] = {
        {"features page, rows decoded", 400, 100, false, false, PAGES, NAN, 0.122},
        {"features page, GeoJSON in CRS84", 400, 100, false, true, PAGES, NAN, 0.63},
        {"features of a z14 tile, rows decoded", 1870, 0, true, false, 300, NAN, NAN},
        {"page of a window over half the data", 14000, 100, false, false, 300, NAN, NAN},
    };
    const ct_class *cls = ct_catalogue_by_name(ct_store_catalogue(store), "building");
    if (!cls) return ct_fail(CT_NOTFOUND, "the catalogue has no buildings");
    CT_TRY(load(store, cls));
    for (size_t i = 0; i < sizeof readings / sizeof *readings; ++i)
        CT_TRY(measure(store, cls, &readings[i]));
    return CT_OK;
}

ct_err bench_pages(const char *folder) {
    ct_catalogue *catalogue = NULL;
    ct_store *store = NULL;
    char *path = ct_path_join(folder, "bench.ct");
    ct_err err = path ? ct_catalogue_load(&catalogue, NULL) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_create(path, FOOTPRINTS_CRS, "Bench", catalogue);
    if (err == CT_OK) err = ct_store_open(&store, path, catalogue);
    if (err == CT_OK) err = run(store);
    ct_store_close(store);
    ct_catalogue_free(catalogue);
    ct_free(path);
    return err;
}
