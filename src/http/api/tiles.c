// Vector tiles of one or several collections (OGC API - Tiles paths, WebMercatorQuad),
// TileJSON 3.0, and the shaded ground.
#include <string.h>

#include "http/api/internal.h"

#define MVT_TYPE  "application/vnd.mapbox-vector-tile"
#define TILE_PATH "/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"

enum { MAX_LAYERS = 64 };

static ct_err number_of(uint32_t *out, const ct_http_req *req, const char *name) {
    const char *text = ct_http_req_segment(req, name);
    uint32_t number = 0;
    size_t n = 0;
    for (; n < 9 && text[n] >= '0' && text[n] <= '9'; n++)
        number = 10 * number + (uint32_t)(text[n] - '0');
    if (n == 0 || text[n]) return ct_fail(CT_PARSE, "%s: \"%s\" is not a whole number", name, text);
    *out = number;
    return CT_OK;
}

ct_err ct_api__tile_of(ct_tile *out, const ct_http_req *req) {
    ct_tile tile;
    CT_TRY(number_of(&tile.z, req, "tileMatrix"));
    CT_TRY(number_of(&tile.y, req, "tileRow"));
    CT_TRY(number_of(&tile.x, req, "tileCol"));
    if (!ct_tile_ok(tile))
        return ct_fail(CT_NOTFOUND, "WebMercatorQuad has no tile %u/%u/%u", tile.z, tile.y, tile.x);
    *out = tile;
    return CT_OK;
}

static void unref(void *data) {
    ct_tile_data_unref(data);
}

static void free_ready(void *ready) {
    ct_http_ready_free(ready);
}

ct_err ct_api__answer_kept(ct_http_req *req, ct_http_res *res, const ct_tile_data *data,
                           const char *type, const char *cache) {
    ct_http_ready *ready = ct_tile_data_kept(data);
    if (!ready) {
        const ct_http_ready_form form = {.type = type,
                                         .bytes = data->bytes,
                                         .length = data->length,
                                         .gzip = data->gzipped,
                                         .etag = data->etag,
                                         .cache_control = cache};
        const ct_err err = ct_http_ready_new(&ready, &form);
        if (err != CT_OK) {
            ct_tile_data_unref(data);
            return err;
        }
        ready = ct_tile_data_keep(data, ready, free_ready);
    }
    ct_http_res_ready(req, res, ready, unref, (void *)(uintptr_t)data);
    return CT_OK;
}

static ct_err vector_tile(ct_api *api, ct_http_req *req, ct_http_res *res,
                          const ct_class *const *classes, size_t n) {
    ct_tile tile;
    CT_TRY(ct_api__tile_of(&tile, req));
    const ct_tile_data *data = ct_tiles_vector_kept(api->parts.tiles, classes, n, tile);
    if (!data && ct_http_req_header(req, "If-None-Match")) {
        // The stamp alone tells whether the client is up to date.
        CT_TRY(ct_tiles_vector(&data, api->parts.tiles, classes, n, tile, true));
        ct_http_res_header(res, "Cache-Control", "no-cache");
        bool same = ct_http_not_modified(req, res, data->etag);
        ct_tile_data_unref(data);
        if (same) return CT_OK;
        data = NULL;
    }
    if (!data) CT_TRY(ct_tiles_vector(&data, api->parts.tiles, classes, n, tile, false));
    return ct_api__answer_kept(req, res, data, MVT_TYPE, "no-cache");
}

static ct_err mapped_class(const ct_class **out, const ct_api *api, const ct_http_req *req) {
    const ct_class *cls;
    CT_TRY(ct_api__class_of(&cls, api, req));
    if (cls->geometry == CT_GEOM_NONE)
        return ct_fail(CT_NOTFOUND, "%s have no geometry", cls->collection);
    *out = cls;
    return CT_OK;
}

static ct_err collection_tile(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    CT_TRY(mapped_class(&cls, api, req));
    return vector_tile(api, req, res, &cls, 1);
}

// The classes of collections=a,b,c in that order; all with geometry where it is not given.
static ct_err asked_classes(const ct_class **classes, size_t *n, const ct_api *api,
                            ct_http_req *req) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    const char *text = ct_http_req_param(req, "collections");
    *n = 0;
    if (!text) {
        for (size_t i = 0; i < ct_catalogue_count(catalogue) && *n < MAX_LAYERS; i++)
            if (ct_catalogue_at(catalogue, i)->geometry != CT_GEOM_NONE)
                classes[(*n)++] = ct_catalogue_at(catalogue, i);
        return CT_OK;
    }
    for (;;) {
        size_t length = strcspn(text, ",");
        char *name = ct_arena_strndup(ct_http_req_arena(req), text, length);
        if (!name) return CT_NOMEM;
        const ct_class *cls = ct_catalogue_by_collection(catalogue, name);
        if (!cls || cls->geometry == CT_GEOM_NONE)
            return ct_fail(CT_ARG, "parameter collections: \"%s\" is no collection with geometry",
                           name);
        for (size_t i = 0; i < *n; i++)
            if (classes[i] == cls)
                return ct_fail(CT_ARG, "parameter collections: %s is there twice", name);
        if (*n == MAX_LAYERS)
            return ct_fail(CT_LIMIT, "parameter collections: more than %d", MAX_LAYERS);
        classes[(*n)++] = cls;
        if (!text[length]) return CT_OK;
        text += length + 1;
    }
}

static ct_err dataset_tile(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *classes[MAX_LAYERS];
    size_t n;
    CT_TRY(asked_classes(classes, &n, api, req));
    return vector_tile(api, req, res, classes, n);
}

// ---- TileJSON ----

static void write_layer(ct_jsonw *w, const ct_class *cls) {
    static const char *const kinds[] = {[CT_ATTR_TEXT] = "String",
                                        [CT_ATTR_INTEGER] = "Number",
                                        [CT_ATTR_REAL] = "Number",
                                        [CT_ATTR_BOOLEAN] = "Boolean",
                                        [CT_ATTR_DATETIME] = "String"};
    int min_zoom, max_zoom;
    ct_tiles_zooms(cls, &min_zoom, &max_zoom);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", cls->collection);
    ct_jsonw_kv_string(w, "description", cls->title_en);
    ct_jsonw_kv_int(w, "minzoom", min_zoom);
    ct_jsonw_kv_int(w, "maxzoom", max_zoom);
    ct_jsonw_key(w, "fields");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", "String");
    for (size_t i = 0; i < cls->n_attrs; i++)
        if (!cls->attrs[i].personal)
            ct_jsonw_kv_string(w, cls->attrs[i].name, kinds[cls->attrs[i].type]);
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

static ct_err write_bounds(ct_jsonw *w, const ct_api *api, ct_reader *reader,
                           const ct_class *const *classes, size_t n) {
    ct_bbox all;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        ct_bbox box;
        bool has = false;
        CT_TRY(ct_reader_extent(&has, &box, reader, classes[i]));
        if (!has) continue;
        if (any)
            ct_bbox_add(&all, &box);
        else
            all = box;
        any = true;
    }
    if (!any) return CT_OK;
    CT_TRY(ct_api__lonlat_box(&all, api));
    const double corners[] = {all.min_x, all.min_y, all.max_x, all.max_y};
    ct_jsonw_key(w, "bounds");
    ct_jsonw_array(w);
    for (int i = 0; i < 4; i++) ct_jsonw_fixed(w, corners[i], 7);
    ct_jsonw_end_array(w);
    return CT_OK;
}

// Clients of maps show it as HTML.
static ct_err write_attribution(ct_jsonw *w, ct_reader *reader) {
    char text[CT_API__MAX_ATTRIBUTION];
    ct_buf html;
    CT_TRY(ct_reader_attribution(text, sizeof text, reader));
    if (!*text) return CT_OK;
    ct_buf_init(&html, 8 * sizeof text);
    ct_api__html(&html, text);
    const ct_err err = ct_buf_status(&html);
    ct_jsonw_key(w, "attribution");
    ct_jsonw_string_n(w, err == CT_OK ? html.data : "", err == CT_OK ? html.len : 0);
    ct_buf_fini(&html);
    return err;
}

static ct_err write_tilejson(ct_jsonw *w, const ct_api *api, ct_reader *reader, const char *name,
                             const char *tiles, const ct_class *const *classes, size_t n) {
    int lowest = CT_TILE_MAX_ZOOM, highest = 0;
    for (size_t i = 0; i < n; i++) {
        int min_zoom, max_zoom;
        ct_tiles_zooms(classes[i], &min_zoom, &max_zoom);
        if (min_zoom < lowest) lowest = min_zoom;
        if (max_zoom > highest) highest = max_zoom;
    }
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "tilejson", "3.0.0");
    ct_jsonw_kv_string(w, "name", name);
    CT_TRY(write_attribution(w, reader));
    ct_jsonw_kv_string(w, "scheme", "xyz");
    ct_jsonw_key(w, "tiles");
    ct_jsonw_array(w);
    ct_jsonw_string(w, tiles);
    ct_jsonw_end_array(w);
    ct_jsonw_kv_int(w, "minzoom", lowest);
    ct_jsonw_kv_int(w, "maxzoom", highest);
    CT_TRY(write_bounds(w, api, reader, classes, n));
    ct_jsonw_key(w, "vector_layers");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n; i++) write_layer(w, classes[i]);
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err tilejson(ct_api *api, ct_http_req *req, ct_http_res *res, const char *name,
                       const char *tiles, const ct_class *const *classes, size_t n) {
    static const ct_http_media offers[] = {{"tilejson", CT_API__JSON}, {"json", CT_API__JSON}};
    size_t chosen;
    CT_TRY(ct_http_negotiate(&chosen, req, res, offers, 2));
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = CT_OK;
    if (!tiles) err = CT_NOMEM;
    if (err == CT_OK &&
        !ct_api__not_modified(api, req, res, reader, ct_reader_version(reader), "tilejson")) {
        ct_jsonw w;
        ct_jsonw_init(&w, &out);
        err = write_tilejson(&w, api, reader, name, tiles, classes, n);
        if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, &out);
    }
    ct_buf_fini(&out);
    ct_reader_release(reader);
    return err;
}

static ct_err collection_tilejson(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    CT_TRY(mapped_class(&cls, api, req));
    const char *tiles = ct_arena_printf(ct_http_req_arena(req),
                                        "%s/collections/%s/tiles/WebMercatorQuad/{z}/{y}/{x}",
                                        ct_http_req_base(req), cls->collection);
    return tilejson(api, req, res, cls->title_en, tiles, &cls, 1);
}

static ct_err dataset_tilejson(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *classes[MAX_LAYERS];
    size_t n;
    CT_TRY(asked_classes(classes, &n, api, req));
    const char *list = ct_http_req_param(req, "collections");
    const char *tiles =
        ct_arena_printf(ct_http_req_arena(req), "%s/tiles/WebMercatorQuad/{z}/{y}/{x}%s%s",
                        ct_http_req_base(req), list ? "?collections=" : "", list ? list : "");
    return tilejson(api, req, res, ct_store_title(api->parts.store), tiles, classes, n);
}

// ---- ground ----

// The ground is one: of all collections, terrains alone has a map.
static ct_err ground_tile(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_tile tile;
    CT_TRY(ct_api__tile_of(&tile, req));
    const ct_tile_data *data;
    CT_TRY(ct_tiles_ground(&data, api->parts.tiles, tile));
    return ct_api__answer_picture(req, res, data, "no-cache");
}

#define COLLECTIONS_PARAM                                                                          \
    {                                                                                              \
        "collections", "{\"type\":\"string\"}",                                                    \
            "collections with commas between, bottom first; all if not given", false               \
    }
#define F_TILEJSON                                                                                 \
    { "f", "{\"type\":\"string\",\"enum\":[\"tilejson\",\"json\"]}", "format", false }
static const ct_http_param collections_only[] = {COLLECTIONS_PARAM};
static const ct_http_param f_tilejson[] = {F_TILEJSON};
static const ct_http_param f_collections[] = {F_TILEJSON, COLLECTIONS_PARAM};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}" TILE_PATH,
     .handler = collection_tile,
     .name = "getCollectionTile",
     .tagged = true,
     .also = 204,
     .summary = "A vector tile of a collection (204 where it is empty)",
     .tag = "Tiles",
     .type = MVT_TYPE},
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}/tiles/WebMercatorQuad",
     .handler = collection_tilejson,
     .name = "getCollectionTileJson",
     .tagged = true,
     .summary = "TileJSON of a collection's vector tiles",
     .tag = "Tiles",
     .type = CT_API__JSON,
     .params = f_tilejson,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = TILE_PATH,
     .handler = dataset_tile,
     .name = "getTile",
     .tagged = true,
     .also = 204,
     .summary = "A vector tile with a layer for each collection",
     .tag = "Tiles",
     .type = MVT_TYPE,
     .params = collections_only,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/tiles/WebMercatorQuad",
     .handler = dataset_tilejson,
     .name = "getTileJson",
     .tagged = true,
     .summary = "TileJSON of the vector tiles of several collections",
     .tag = "Tiles",
     .type = CT_API__JSON,
     .params = f_collections,
     .n_params = 2},
    {.method = CT_HTTP_GET,
     .path = "/collections/terrains/map" TILE_PATH,
     .handler = ground_tile,
     .name = "getGroundTile",
     .tagged = true,
     .summary = "Shaded ground",
     .tag = "Tiles",
     .type = "image/png"},
};

ct_err ct_api__tiles(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
