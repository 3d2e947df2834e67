// A summary of the twin for the page: where it is, what it holds, with titles in both languages.
#include <math.h>

#include "http/api/internal.h"
#include "results/terrain.h"

enum { TERRAIN_CELLS = 500 }; // along the longer side, for lowest and highest ground

static void write_attribute(ct_jsonw *w, const ct_attr *attr) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "name", attr->name);
    ct_api__write_title(w, "title", attr->title_en, attr->title_zh);
    ct_jsonw_kv_string(w, "unit", attr->unit);
    ct_jsonw_kv_string(w, "type", ct_attr_type_name(attr->type));
    if (attr->n_codes) {
        ct_jsonw_key(w, "codes");
        ct_jsonw_array(w);
        for (size_t i = 0; i < attr->n_codes; i++) {
            ct_jsonw_object(w);
            ct_jsonw_kv_string(w, "value", attr->codes[i].value);
            ct_api__write_title(w, "title", attr->codes[i].title_en, attr->codes[i].title_zh);
            ct_jsonw_end_object(w);
        }
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
}

static ct_err write_class(ct_jsonw *w, ct_reader *reader, const ct_class *cls) {
    ct_query all;
    int64_t count;
    ct_query_init(&all, cls);
    CT_TRY(ct_reader_count(&count, reader, &all));
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", cls->collection);
    ct_jsonw_kv_string(w, "class", cls->name);
    ct_api__write_title(w, "title", cls->title_en, cls->title_zh);
    ct_jsonw_kv_string(w, "geometry",
                       cls->geometry == CT_GEOM_NONE ? "None" : ct_geom_type_name(cls->geometry));
    ct_jsonw_kv_int(w, "count", count);
    ct_jsonw_key(w, "attributes");
    ct_jsonw_array(w);
    for (size_t i = 0; i < cls->n_attrs; i++)
        if (!cls->attrs[i].personal) write_attribute(w, &cls->attrs[i]);
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err bounds_of(bool *has, ct_bbox *all, ct_reader *reader, const ct_catalogue *catalogue) {
    *has = false;
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        ct_bbox box;
        bool one = false;
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        if (cls->geometry != CT_GEOM_NONE) CT_TRY(ct_reader_extent(&one, &box, reader, cls));
        if (!one) continue;
        if (*has)
            ct_bbox_add(all, &box);
        else
            *all = box;
        *has = true;
    }
    return CT_OK;
}

static ct_err read_terrain(ct_api *api) {
    char *folder = ct_store_file(api->parts.store, "terrain");
    if (!folder) return CT_NOMEM;
    const char *crs = api->twin_crs.code;
    ct_bbox box;
    double finest_m = 0;
    ct_grid ground = {0};
    ct_err err = ct_terrain_bounds(&box, folder, crs);
    if (err == CT_OK) err = ct_terrain_finest_m(&finest_m, folder, crs);
    double side_m = err == CT_OK ? fmax(box.max_x - box.min_x, box.max_y - box.min_y) : 0;
    if (err == CT_OK)
        err = ct_terrain_read(&ground, folder, crs, &box, fmax(finest_m, side_m / TERRAIN_CELLS));
    api->has_terrain = false;
    for (size_t i = 0; err == CT_OK && i < (size_t)ground.nx * ground.ny; i++) {
        double z = (double)ground.v[i];
        if (isnan(z)) continue;
        api->terrain_min_m = api->has_terrain ? fmin(api->terrain_min_m, z) : z;
        api->terrain_max_m = api->has_terrain ? fmax(api->terrain_max_m, z) : z;
        api->has_terrain = true;
    }
    if (err == CT_OK) ct_grid_free(&ground);
    ct_free(folder);
    return err == CT_NOTFOUND ? CT_OK : err;
}

// Lowest and highest ground, read again when terrain features changed (an import adds one for each
// raster).
static ct_err write_terrain(ct_jsonw *w, ct_api *api, ct_reader *reader,
                            const ct_catalogue *catalogue) {
    const ct_class *cls = ct_catalogue_by_name(catalogue, "terrain");
    int64_t version = 0;
    if (cls) CT_TRY(ct_reader_class_version(&version, reader, cls));
    pthread_mutex_lock(&api->lock);
    ct_err err = CT_OK;
    if (api->terrain_version != version) err = read_terrain(api);
    if (err == CT_OK) api->terrain_version = version;
    bool has = api->has_terrain;
    double low = api->terrain_min_m, high = api->terrain_max_m;
    pthread_mutex_unlock(&api->lock);
    CT_TRY(err);
    ct_jsonw_key(w, "terrain");
    if (!has) {
        ct_jsonw_null(w);
        return CT_OK;
    }
    ct_jsonw_object(w);
    ct_jsonw_key(w, "min_m");
    ct_jsonw_fixed(w, low, 3);
    ct_jsonw_key(w, "max_m");
    ct_jsonw_fixed(w, high, 3);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_place(ct_jsonw *w, ct_api *api, ct_reader *reader,
                          const ct_catalogue *catalogue) {
    ct_bbox box;
    bool has;
    CT_TRY(bounds_of(&has, &box, reader, catalogue));
    if (has) CT_TRY(ct_api__lonlat_box(&box, api));
    ct_jsonw_key(w, "bounds");
    if (!has) {
        ct_jsonw_null(w);
        ct_jsonw_key(w, "centre");
        ct_jsonw_null(w);
        return CT_OK;
    }
    const double corners[] = {box.min_x, box.min_y, box.max_x, box.max_y};
    ct_jsonw_array(w);
    for (int i = 0; i < 4; i++) ct_jsonw_fixed(w, corners[i], 7);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "centre");
    ct_jsonw_array(w);
    ct_jsonw_fixed(w, (box.min_x + box.max_x) / 2, 7);
    ct_jsonw_fixed(w, (box.min_y + box.max_y) / 2, 7);
    ct_jsonw_end_array(w);
    return CT_OK;
}

static ct_err write_twin(ct_jsonw *w, ct_api *api, ct_reader *reader) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "title", ct_store_title(api->parts.store));
    ct_jsonw_kv_string(w, "crs", api->twin_crs.code);
    char attribution[CT_API__MAX_ATTRIBUTION];
    CT_TRY(ct_reader_attribution(attribution, sizeof attribution, reader));
    ct_jsonw_kv_string(w, "attribution", attribution);
    CT_TRY(write_place(w, api, reader, catalogue));
    CT_TRY(write_terrain(w, api, reader, catalogue));
    ct_jsonw_kv_int(w, "version", ct_reader_version(reader));
    ct_jsonw_key(w, "collections");
    ct_jsonw_array(w);
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++)
        CT_TRY(write_class(w, reader, ct_catalogue_at(catalogue, i)));
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err twin(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = CT_OK;
    if (!ct_api__not_modified(api, req, res, reader, ct_reader_version(reader), "twin")) {
        ct_jsonw w;
        ct_jsonw_init(&w, &out);
        err = write_twin(&w, api, reader);
        if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, &out);
    }
    ct_buf_fini(&out);
    ct_reader_release(reader);
    return err;
}

static const ct_http_route route = {.method = CT_HTTP_GET,
                                    .path = "/twin",
                                    .handler = twin,
                                    .name = "getTwin",
                                    .tagged = true,
                                    .summary = "Where the twin is and what it holds, for the page",
                                    .tag = "Twin",
                                    .type = CT_API__JSON};

ct_err ct_api__twin(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, &route, 1);
}
