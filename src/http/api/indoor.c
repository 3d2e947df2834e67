// Indoor models: derived from the features of a building, recomputed when these change. The graph
// as engines take it, and the same as GeoJSON for maps.
#include <math.h>
#include <string.h>

#include "http/api/internal.h"
#include "model/indoor/json.h"
#include "sim/domain/indoor_cache.h"

enum { DEGREES = 8 }; // decimals: a millimetre

// ---- version ------------------------------------------------------------------------------------

// The last change of any class that models are derived from.
static ct_err version_of(int64_t *out, const ct_api *api, ct_reader *reader) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    *out = 0;
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        int64_t version;
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        if (!ct_indoor_is_source(cls)) continue;
        CT_TRY(ct_reader_class_version(&version, reader, cls));
        if (version > *out) *out = version;
    }
    return CT_OK;
}

// ---- the list -----------------------------------------------------------------------------------

static ct_err write_list(ct_buf *out, const ct_api *api, ct_reader *reader, ct_http_req *req) {
    ct_indoor_building *at;
    size_t n;
    ct_jsonw w;
    const char *base = ct_http_req_base(req);
    CT_TRY(ct_indoor_buildings(&at, &n, ct_http_req_arena(req), reader,
                               ct_store_catalogue(api->parts.store)));
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "buildings");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < n; i++) {
        ct_jsonw_object(&w);
        ct_jsonw_kv_string(&w, "id", at[i].id);
        ct_jsonw_kv_string(&w, "name", at[i].name);
        ct_jsonw_kv_int(&w, "storeys", at[i].storeys);
        ct_jsonw_key(&w, "links");
        ct_jsonw_array(&w);
        ct_api__link(&w, base, "item", CT_API__JSON, "The indoor model", "/indoor/%s", at[i].id);
        ct_api__link(&w, base, "items", CT_API__GEOJSON, "The indoor model for maps",
                     "/indoor/%s/features", at[i].id);
        ct_jsonw_end_array(&w);
        ct_jsonw_end_object(&w);
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "This document", "/indoor");
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return CT_OK;
}

static ct_err list(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_reader *reader;
    int64_t version;
    ct_buf out;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = version_of(&version, api, reader);
    if (err == CT_OK && !ct_api__not_modified(api, req, res, reader, version, "indoor")) {
        err = write_list(&out, api, reader, req);
        if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, &out);
    }
    ct_buf_fini(&out);
    ct_reader_release(reader);
    return err;
}

// ---- a model ------------------------------------------------------------------------------------

// *ref NULL: the client has it already.
static ct_err model_of(ct_indoor_ref **ref, ct_api *api, ct_http_req *req, ct_http_res *res,
                       const char *form) {
    ct_reader *reader;
    int64_t version;
    *ref = NULL;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_err err = version_of(&version, api, reader);
    ct_indoor_ref *got = NULL;
    if (err == CT_OK)
        err =
            ct_indoor_cache_get(&got, api->indoor, reader, ct_http_req_segment(req, "buildingId"));
    if (err == CT_OK && ct_api__not_modified(api, req, res, reader, version, form))
        ct_indoor_ref_release(got);
    else if (err == CT_OK)
        *ref = got;
    ct_reader_release(reader);
    return err;
}

static ct_err model(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_indoor_ref *ref;
    ct_buf out;
    ct_jsonw w;
    CT_TRY(model_of(&ref, api, req, res, "indoor-model"));
    if (!ref) return CT_OK;
    const char *base = ct_http_req_base(req);
    const ct_indoor *in = ct_indoor_ref_model(ref);
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "crs", api->twin_crs.uri);
    ct_indoor_write(&w, in);
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "This document", "/indoor/%s", in->building);
    ct_api__link(&w, base, "items", CT_API__GEOJSON, "The same for maps", "/indoor/%s/features",
                 in->building);
    ct_api__link(&w, base, "up", CT_API__JSON, "All indoor models", "/indoor");
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    ct_indoor_ref_release(ref);
    return ct_api__answer(res, CT_API__JSON, &out);
}

// ---- for maps -----------------------------------------------------------------------------------

typedef struct drawing {
    ct_jsonw w;
    const ct_indoor *in;
    ct_transform *t;
    ct_arena *arena;
    uint32_t storey; // CT_INDOOR_NONE: all
    int64_t n;
} drawing;

static bool on_storey(const drawing *d, uint32_t storey) {
    return d->storey == CT_INDOOR_NONE || d->storey == storey;
}

static ct_err open_feature(drawing *d, const char *id, const char *part, const ct_geom *g) {
    ct_geom own;
    CT_TRY(ct_geom_copy(&own, d->arena, g));
    CT_TRY(ct_transform_geom(d->t, &own));
    ct_geom_orient(&own);
    ct_jsonw_object(&d->w);
    ct_jsonw_kv_string(&d->w, "type", "Feature");
    ct_jsonw_key(&d->w, "id");
    ct_jsonw_string(&d->w, ct_arena_printf(d->arena, "%s.%s", part, id));
    ct_jsonw_key(&d->w, "geometry");
    ct_geom_write_geojson(&d->w, &own, DEGREES, false);
    ct_jsonw_key(&d->w, "properties");
    ct_jsonw_object(&d->w);
    ct_jsonw_kv_string(&d->w, "part", part);
    d->n++;
    return CT_OK;
}

static void close_feature(drawing *d) {
    ct_jsonw_end_object(&d->w);
    ct_jsonw_end_object(&d->w);
}

static ct_err draw_line(drawing *d, const char *id, const char *part, double *xy, uint32_t n) {
    uint32_t one = 1;
    const ct_geom line = {.type = CT_GEOM_LINESTRING,
                          .n_points = n,
                          .n_rings = 1,
                          .n_parts = 1,
                          .xyz = xy,
                          .ring_end = &n,
                          .part_end = &one};
    return open_feature(d, id, part, &line);
}

static ct_err draw_spaces(drawing *d) {
    for (uint32_t i = 0; i < d->in->n_spaces; i++) {
        const ct_indoor_space *s = &d->in->spaces[i];
        if (!s->floor.n_points || !on_storey(d, s->storey)) continue;
        CT_TRY(open_feature(d, s->id, "space", &s->floor));
        ct_indoor_write_space(&d->w, d->in, s);
        close_feature(d);
    }
    return CT_OK;
}

// From the middle of a room through the opening to that of the next.
static ct_err draw_link(drawing *d, const ct_indoor_opening *o, const double middle[2]) {
    double xy[6];
    uint32_t n = 0;
    for (int k = 0; k < 2; k++) {
        if (k) { memcpy(xy + 2 * (size_t)n++, middle, 2 * sizeof *middle); }
        if (o->side[k] >= d->in->n_spaces || isnan(d->in->spaces[o->side[k]].at[0])) continue;
        memcpy(xy + 2 * (size_t)n++, d->in->spaces[o->side[k]].at, 2 * sizeof *xy);
    }
    if (n < 2) return CT_OK;
    CT_TRY(draw_line(d, o->id, "link", xy, n));
    ct_jsonw_kv_bool(&d->w, "exit", o->exit);
    close_feature(d);
    return CT_OK;
}

static ct_err draw_openings(drawing *d) {
    for (uint32_t i = 0; i < d->in->n_openings; i++) {
        const ct_indoor_opening *o = &d->in->openings[i];
        double ends[4];
        memcpy(ends, o->ends, sizeof ends);
        if (!on_storey(d, o->storey) || isnan(ends[0])) continue;
        CT_TRY(draw_line(d, o->id, "opening", ends, 2));
        ct_indoor_write_opening(&d->w, d->in, o);
        close_feature(d);
        const double middle[2] = {(ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2};
        if (o->passable) CT_TRY(draw_link(d, o, middle));
    }
    return CT_OK;
}

static ct_err draw_stairs(drawing *d) {
    for (uint32_t i = 0; i < d->in->n_stairs; i++) {
        const ct_indoor_stair *s = &d->in->stairs[i];
        if (!s->line.n_points || (!on_storey(d, s->storey[0]) && !on_storey(d, s->storey[1])))
            continue;
        CT_TRY(open_feature(d, s->id, "transition", &s->line));
        ct_indoor_write_stair(&d->w, d->in, s);
        close_feature(d);
    }
    return CT_OK;
}

static ct_err draw(drawing *d, ct_buf *out) {
    ct_jsonw_init(&d->w, out);
    ct_jsonw_object(&d->w);
    ct_jsonw_kv_string(&d->w, "type", "FeatureCollection");
    ct_jsonw_key(&d->w, "features");
    ct_jsonw_array(&d->w);
    CT_TRY(draw_spaces(d));
    CT_TRY(draw_openings(d));
    CT_TRY(draw_stairs(d));
    ct_jsonw_end_array(&d->w);
    ct_jsonw_kv_int(&d->w, "numberReturned", d->n);
    ct_jsonw_end_object(&d->w);
    return CT_OK;
}

static ct_err storey_of(uint32_t *out, const ct_indoor *in, const char *id) {
    *out = CT_INDOOR_NONE;
    if (!id) return CT_OK;
    for (uint32_t i = 0; i < in->n_storeys; i++)
        if (strcmp(in->storeys[i].id, id) == 0) {
            *out = i;
            return CT_OK;
        }
    return ct_fail(CT_NOTFOUND, "storey: the building has no \"%s\"", id);
}

static ct_err features(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_indoor_ref *ref;
    ct_buf out;
    CT_TRY(model_of(&ref, api, req, res, "indoor-features"));
    if (!ref) return CT_OK;
    drawing d = {.in = ct_indoor_ref_model(ref), .arena = ct_http_req_arena(req)};
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = storey_of(&d.storey, d.in, ct_http_req_param(req, "storey"));
    if (err == CT_OK) err = ct_transform_get(&d.t, api->twin_crs.code, CT_CRS_CRS84);
    if (err == CT_OK) err = draw(&d, &out);
    ct_indoor_ref_release(ref);
    if (err == CT_OK) return ct_api__answer(res, CT_API__GEOJSON, &out);
    ct_buf_fini(&out);
    return err;
}

// ---- routes -------------------------------------------------------------------------------------

static const ct_http_param of_features[] = {
    CT_API__F_JSON,
    {"storey", "{\"type\":\"string\"}", "id of a storey: what lies on it alone", false}};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/indoor",
     .handler = list,
     .name = "getIndoorModels",
     .tagged = true,
     .answers = "indoorModels",
     .summary = "Buildings with storeys, whose inside can be derived",
     .tag = "Indoor models",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/indoor/{buildingId}",
     .handler = model,
     .name = "getIndoorModel",
     .tagged = true,
     .aside = true,
     .answers = "indoorModel",
     .summary =
         "The inside of a building as a graph: rooms, openings, stairs, compartments, vents, "
         "and what is doubtful about it",
     .tag = "Indoor models",
     .type = CT_API__JSON},
    {.method = CT_HTTP_GET,
     .path = "/indoor/{buildingId}/features",
     .handler = features,
     .name = "getIndoorFeatures",
     .tagged = true,
     .aside = true,
     .answers = "featureCollection",
     .summary = "The rooms, openings, links between rooms, and stairs of a building as GeoJSON",
     .tag = "Indoor models",
     .type = CT_API__GEOJSON,
     .params = of_features,
     .n_params = 2}};

ct_err ct_api__indoor(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
