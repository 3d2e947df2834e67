// Two runs side by side: indicators with their change, buildings by change of depth, the difference
// of the maxima.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scenario/indicators.h"
#include "scenario/run.h"

#define MAX_BUILDINGS 200

static const json_t *summary_of(const ct_run *run, const char *part) {
    return json_object_get(json_object_get(ct_run_json(run), "summary"), part);
}

static void write_indicators(ct_jsonw *w, const ct_run *base, const ct_run *other) {
    const json_t *a = summary_of(base, "indicators"), *b = summary_of(other, "indicators");
    ct_jsonw_key(w, "indicators");
    ct_jsonw_array(w);
    for (size_t i = 0; i < ct_scenario__n_indicators; i++) {
        const ct_indicator *k = &ct_scenario__indicators[i];
        // Drains and rooms are in both runs or not compared.
        if (!json_object_get(a, k->id) || !json_object_get(b, k->id)) continue;
        const double va = json_number_value(json_object_get(a, k->id)),
                     vb = json_number_value(json_object_get(b, k->id));
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "id", k->id);
        ct_jsonw_key(w, "title");
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "en", k->title_en);
        ct_jsonw_kv_string(w, "zh", k->title_zh);
        ct_jsonw_end_object(w);
        ct_jsonw_kv_string(w, "unit", k->unit);
        ct_jsonw_kv_double(w, "base", va);
        ct_jsonw_kv_double(w, "other", vb);
        ct_jsonw_kv_double(w, "delta", vb - va);
        ct_jsonw_kv_string(w, "better", k->lower_is_better ? "lower" : "higher");
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

typedef struct building_pair {
    const char *id, *name, *name_zh;
    double base_m, other_m;
} building_pair;

static int by_change(const void *pa, const void *pb) {
    const building_pair *a = pa, *b = pb;
    const double ca = fabs(a->other_m - a->base_m), cb = fabs(b->other_m - b->base_m);
    if (ca != cb) return ca < cb ? 1 : -1;
    return strcmp(a->id, b->id);
}

// The other run's buildings by id; a building that only one run has counts as dry in the other.
static ct_err pair_buildings(building_pair **out, size_t *count, const ct_run *base,
                             const ct_run *other) {
    const json_t *sides[2] = {summary_of(base, "buildings"), summary_of(other, "buildings")};
    json_t *places = json_object();
    building_pair *pairs =
        ct_calloc(json_array_size(sides[0]) + json_array_size(sides[1]) + 1, sizeof *pairs);
    size_t n = 0;
    bool ok = places && pairs;
    for (int side = 0; ok && side < 2; side++)
        for (size_t i = 0; ok && i < json_array_size(sides[side]); i++) {
            const json_t *b = json_array_get(sides[side], i);
            const char *id = json_string_value(json_object_get(b, "id"));
            const double depth = json_number_value(json_object_get(b, "max_depth_m"));
            if (!id) continue;
            const json_t *place = json_object_get(places, id);
            if (!place) {
                ok = json_object_set_new(places, id, json_integer((json_int_t)n)) == 0;
                pairs[n] = (building_pair){id, json_string_value(json_object_get(b, "name")),
                                           json_string_value(json_object_get(b, "name_zh")), 0, 0};
            }
            building_pair *pair = &pairs[place ? (size_t)json_integer_value(place) : n++];
            if (side == 0)
                pair->base_m = depth;
            else
                pair->other_m = depth;
        }
    json_decref(places);
    if (!ok) {
        ct_free(pairs);
        return ct_fail(CT_NOMEM, "out of memory");
    }
    qsort(pairs, n, sizeof *pairs, by_change);
    *out = pairs;
    *count = n;
    return CT_OK;
}

static ct_err write_buildings(ct_jsonw *w, const ct_run *base, const ct_run *other) {
    building_pair *pairs;
    size_t n;
    CT_TRY(pair_buildings(&pairs, &n, base, other));
    ct_jsonw_key(w, "buildings");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n && i < MAX_BUILDINGS; i++) {
        const building_pair *p = &pairs[i];
        if (p->base_m == p->other_m) break; // sorted: the rest is unchanged
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "id", p->id);
        ct_jsonw_kv_string(w, "name", p->name);
        ct_jsonw_kv_string(w, "name_zh", p->name_zh);
        ct_jsonw_kv_double(w, "base_depth_m", p->base_m);
        ct_jsonw_kv_double(w, "other_depth_m", p->other_m);
        ct_jsonw_kv_double(w, "delta_m", p->other_m - p->base_m);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_free(pairs);
    return CT_OK;
}

static ct_err check_same_grid(const ct_run *base, const ct_run *other) {
    const ct_grid *a = ct_run_grid(base), *b = ct_run_grid(other);
    if (a->nx == b->nx && a->ny == b->ny && a->west_m == b->west_m && a->north_m == b->north_m &&
        a->cell_m == b->cell_m)
        return CT_OK;
    return ct_fail(
        CT_ARG, "runs %s and %s lie on different grids (%u x %u of %g m, %u x %u of %g m)",
        ct_run_id(base), ct_run_id(other), a->nx, a->ny, a->cell_m, b->nx, b->ny, b->cell_m);
}

ct_err ct_scenario_compare(ct_buf *out, const ct_run *base, const ct_run *other) {
    CT_TRY(check_same_grid(base, other));
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "base", ct_run_id(base));
    ct_jsonw_kv_string(&w, "other", ct_run_id(other));
    write_indicators(&w, base, other);
    CT_TRY(write_buildings(&w, base, other));
    ct_jsonw_end_object(&w);
    return ct_buf_status(out);
}

ct_err ct_scenario_difference(ct_grid *out, ct_run *base, ct_run *other) {
    CT_TRY(check_same_grid(base, other));
    const ct_grid *shape = ct_run_grid(base);
    const ct_run_slice *a = NULL, *b = NULL;
    ct_grid difference = {0};
    ct_err err = ct_run_slice_get(&a, base, "max_depth", -1);
    if (err == CT_OK) err = ct_run_slice_get(&b, other, "max_depth", -1);
    if (err == CT_OK)
        err = ct_grid_new(&difference, shape->nx, shape->ny, shape->west_m, shape->north_m,
                          shape->cell_m, NAN);
    if (err == CT_OK) {
        const float *va = ct_run_slice_grid(a)->v, *vb = ct_run_slice_grid(b)->v;
        const size_t n = (size_t)shape->nx * shape->ny;
        for (size_t i = 0; i < n; i++) {
            // A cell that a new building covers has no depth in one of the runs: nothing to compare
            // there.
            if (!isnan(va[i]) && !isnan(vb[i]) && (va[i] > 0 || vb[i] > 0))
                difference.v[i] = vb[i] - va[i];
        }
        *out = difference;
    }
    if (a) ct_run_slice_unref(a);
    if (b) ct_run_slice_unref(b);
    return err;
}
