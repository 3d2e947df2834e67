// 3D Tiles of the buildings and the ground, file by file, and their list, whose members are made as
// OGC API - 3D GeoVolumes makes its containers.
#include <string.h>

#include "http/api/internal.h"
#include "tiles/three_d.h"

#define GLB       "model/gltf-binary"
#define BUILDINGS "/3dtiles/buildings/"
#define TERRAIN   "/3dtiles/terrain/"

static const char *type_of(const char *path) {
    const size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".glb") == 0 ? GLB : CT_API__JSON;
}

// A path always names a thing of one type, whatever is kept with it.
static ct_err buildings(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *path = ct_http_req_path(req) + strlen(BUILDINGS);
    const ct_tile_data *data;
    if (ct_http_req_header(req, "If-None-Match")) { // the tag alone may do
        CT_TRY(ct_tiles_buildings3d(&data, api->parts.tiles, path, true));
        ct_http_res_header(res, "Cache-Control", "no-cache");
        const bool same = ct_http_not_modified(req, res, data->etag);
        ct_tile_data_unref(data);
        if (same) return CT_OK;
    }
    CT_TRY(ct_tiles_buildings3d(&data, api->parts.tiles, path, false));
    return ct_api__answer_kept(req, res, data, type_of(path), "no-cache");
}

static ct_err terrain(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *path = ct_http_req_path(req) + strlen(TERRAIN);
    const ct_tile_data *data;
    CT_TRY(ct_tiles_terrain3d(&data, api->parts.tiles, path));
    return ct_api__answer_kept(req, res, data, type_of(path), "no-cache");
}

// ---- the list
// -----------------------------------------------------------------------------------------
typedef struct container {
    const char *id, *cls; // of the class that it covers
    const char *title_en, *title_zh;
} container;

static const container containers[] = {
    {"buildings", "building", "Buildings, storey by storey", "建筑（逐层）"},
    {"terrain", "terrain", "Ground", "地形"},
};
enum { N_CONTAINERS = sizeof containers / sizeof *containers };

static ct_err write_extent(ct_jsonw *w, const ct_api *api, ct_reader *reader, const char *name) {
    const ct_class *cls = ct_catalogue_by_name(ct_store_catalogue(api->parts.store), name);
    ct_bbox box;
    bool has = false;
    if (cls) CT_TRY(ct_reader_extent(&has, &box, reader, cls));
    if (!has) return CT_OK;
    CT_TRY(ct_api__lonlat_box(&box, api));
    const double corners[] = {box.min_x, box.min_y, box.max_x, box.max_y};
    ct_jsonw_key(w, "extent");
    ct_jsonw_object(w);
    ct_jsonw_key(w, "spatial");
    ct_jsonw_object(w);
    ct_jsonw_key(w, "bbox");
    ct_jsonw_array(w);
    ct_jsonw_array(w);
    for (int i = 0; i < 4; i++) ct_jsonw_fixed(w, corners[i], 7);
    ct_jsonw_end_array(w);
    ct_jsonw_end_array(w);
    ct_jsonw_kv_string(w, "crs", CT_CRS84_URI);
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_container(ct_jsonw *w, const ct_api *api, ct_reader *reader, const char *base,
                              const container *c) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", c->id);
    ct_api__write_title(w, "title", c->title_en, c->title_zh);
    ct_jsonw_kv_string(w, "collectionType", "3dcontainer");
    CT_TRY(write_extent(w, api, reader, c->cls));
    ct_jsonw_key(w, "content");
    ct_jsonw_array(w);
    ct_api__link(w, base, "original", "application/json+3dtiles", "3D Tiles 1.1",
                 "/3dtiles/%s/tileset.json", c->id);
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_list(ct_buf *out, const ct_api *api, ct_reader *reader, const char *base) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "title", ct_store_title(api->parts.store));
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "This document", "/3dtiles");
    ct_api__link(&w, base, "up", CT_API__JSON, "What this service offers", "/?f=json");
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "collections");
    ct_jsonw_array(&w);
    for (int i = 0; i < N_CONTAINERS; i++)
        CT_TRY(write_container(&w, api, reader, base, &containers[i]));
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_buf_status(out);
}

static ct_err list(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_err err = CT_OK;
    if (!ct_api__not_modified(api, req, res, reader, ct_reader_version(reader), "3dtiles")) {
        err = write_list(&out, api, reader, ct_http_req_base(req));
        if (err == CT_OK) err = ct_http_res_buf(res, CT_API__JSON, &out);
    }
    ct_buf_fini(&out);
    ct_reader_release(reader);
    return err;
}

#define ROUTE(at, to, id, what, kind)                                                              \
    {                                                                                              \
        .method = CT_HTTP_GET, .path = at, .handler = to, .name = id, .tagged = true,              \
        .summary = what, .tag = "3D Tiles", .type = kind                                           \
    }
static const ct_http_route routes[] = {
    ROUTE("/3dtiles", list, "getTilesets3D", "The 3D tilesets", CT_API__JSON),
    ROUTE(BUILDINGS "tileset.json", buildings, "getBuildings3D", "3D tileset of all buildings",
          CT_API__JSON),
    ROUTE(BUILDINGS "branches/{level}/{column}/{file}", buildings, "getBuildingsBranch3D",
          "A branch of the buildings' quadtree", CT_API__JSON),
    ROUTE(BUILDINGS "tiles/{level}/{column}/{file}", buildings, "getBuildingsTile3D",
          "Buildings that are drawn together, as binary glTF", GLB),
    ROUTE(BUILDINGS "{building}/tileset.json", buildings, "getBuilding3D",
          "3D tileset of one building (its fid, or id:ID), storey by storey", CT_API__JSON),
    ROUTE(BUILDINGS "{building}/{file}", buildings, "getBuildingPart3D",
          "Block, shell, rooms or furniture of a building or storey, as binary glTF", GLB),
    ROUTE(TERRAIN "tileset.json", terrain, "getTerrain3D", "3D tileset of the ground",
          CT_API__JSON),
    ROUTE(TERRAIN "branches/{level}/{column}/{file}", terrain, "getTerrainBranch3D",
          "A branch of the ground's quadtree", CT_API__JSON),
    ROUTE(TERRAIN "tiles/{level}/{column}/{file}", terrain, "getTerrainTile3D",
          "A piece of the ground, as binary glTF", GLB),
};

ct_err ct_api__three_d(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
