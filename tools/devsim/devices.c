// The devices of a twin.
#include "devices.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

#define OFTEN_S 300.0 // between reports, where the twin does not say

static ct_err add_device(ds_devices *all, const ct_feature *f, size_t *room) {
    if (all->n == *room) {
        const size_t more = *room ? 2 * *room : 256;
        ds_device *list = ct_realloc(all->list, more * sizeof *list);
        if (list) all->list = list;
        const char **topics = ct_realloc(all->topics, more * sizeof *topics);
        if (topics) all->topics = topics;
        if (!list || !topics) return CT_NOMEM;
        *room = more;
    }
    const char *topic = ct_arena_printf(all->arena, "cimtwin/%s/obs/%s", all->name, f->id);
    if (!topic) return CT_NOMEM;
    const double interval_s = ct_feature_number(f, "interval_s", OFTEN_S);
    all->topics[all->n] = topic;
    all->list[all->n++] = (ds_device){
        .entity = ct_hash_bytes(f->id, strlen(f->id)).low,
        .kind = ds_kind_of(ct_feature_text(f, "kind", "")),
        .indoors = *ct_feature_text(f, "building", "") != 0,
        .depth = strstr(ct_feature_text(f, "property", ""), "depth") != NULL,
        .yellow = ct_feature_number(f, "threshold_yellow", (double)NAN),
        .red = ct_feature_number(f, "threshold_red", (double)NAN),
        .low = ct_feature_number(f, "threshold_low", (double)NAN),
        .interval_s = interval_s >= 1 ? interval_s : 1,
    };
    return CT_OK;
}

// Local time by the sun: one hour for 15 degrees of longitude.
static ct_err find_offset(ds_devices *all, ct_reader *reader, ct_store *store,
                          const ct_class *cls) {
    bool has = false;
    ct_bbox box;
    ct_transform *to_degrees;
    CT_TRY(ct_reader_extent(&has, &box, reader, cls));
    if (!has) return CT_OK;
    double centre[2] = {(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
    CT_TRY(ct_transform_get(&to_degrees, ct_store_crs(store)->code, CT_CRS_CRS84));
    CT_TRY(ct_transform_points(to_degrees, centre, 1, 2));
    all->utc_offset_h = rint(centre[0] / 15);
    return CT_OK;
}

static ct_err read_all(ds_devices *all, ct_reader *reader, ct_store *store) {
    const ct_class *cls = ct_catalogue_by_name(ct_store_catalogue(store), "device");
    const ct_feature *feature;
    ct_cursor *cursor = NULL;
    ct_query query;
    size_t room = 0;
    if (!cls) return ct_fail(CT_NOTFOUND, "the catalogue has no class \"device\"");
    ct_query_init(&query, cls);
    query.skip_geometry = true;
    CT_TRY(ct_cursor_open(&cursor, reader, &query));
    ct_err err;
    while ((err = ct_cursor_next(cursor, &feature)) == CT_OK)
        if ((err = add_device(all, feature, &room)) != CT_OK) break;
    ct_cursor_close(cursor);
    if (err != CT_NOTFOUND) return err;
    if (!all->n) return ct_fail(CT_NOTFOUND, "%s has no devices", ct_store_path(store));
    return find_offset(all, reader, store, cls);
}

ct_err ds_devices_read(ds_devices *out, const char *twin) {
    const char *file = ct_path_name(twin), *dot = strrchr(file, '.');
    const size_t length = dot && dot != file ? (size_t)(dot - file) : strlen(file);
    ds_devices all = {.arena = ct_arena_new(1 << 16, 0), .name = ct_strndup(file, length)};
    ct_catalogue *catalogue = NULL;
    ct_store *store = NULL;
    ct_reader *reader = NULL;
    ct_err err = all.arena && all.name ? ct_catalogue_load(&catalogue, NULL) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_open(&store, twin, catalogue);
    if (err == CT_OK) err = ct_store_reader(&reader, store);
    if (err == CT_OK) err = read_all(&all, reader, store);
    if (reader) ct_reader_release(reader);
    ct_store_close(store);
    ct_catalogue_free(catalogue);
    if (err == CT_OK)
        *out = all;
    else
        ds_devices_free(&all);
    return err;
}

void ds_devices_free(ds_devices *devices) {
    ct_free(devices->list);
    ct_free(devices->topics);
    ct_free(devices->name);
    ct_arena_free(devices->arena);
}
