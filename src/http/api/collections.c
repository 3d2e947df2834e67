// Collections (OGC API - Common part 2, Features part 1): every class of the catalogue is one, also
// while it is empty; and what each can be asked for (queryables, OGC API - Features part 3).
#include <stdio.h>
#include <string.h>

#include "http/api/internal.h"

static ct_err write_extent(ct_jsonw *w, const ct_api *api, ct_reader *reader, const ct_class *cls) {
    ct_bbox box;
    bool has = false;
    if (cls->geometry != CT_GEOM_NONE) CT_TRY(ct_reader_extent(&has, &box, reader, cls));
    if (has) CT_TRY(ct_api__lonlat_box(&box, api));
    if (!has && !cls->time_attr) return CT_OK;
    ct_jsonw_key(w, "extent");
    ct_jsonw_object(w);
    if (has) {
        ct_jsonw_key(w, "spatial");
        ct_jsonw_object(w);
        ct_jsonw_key(w, "bbox");
        ct_jsonw_array(w);
        ct_jsonw_array(w);
        ct_jsonw_fixed(w, box.min_x, 7);
        ct_jsonw_fixed(w, box.min_y, 7);
        ct_jsonw_fixed(w, box.max_x, 7);
        ct_jsonw_fixed(w, box.max_y, 7);
        ct_jsonw_end_array(w);
        ct_jsonw_end_array(w);
        ct_jsonw_kv_string(w, "crs", CT_CRS84_URI);
        ct_jsonw_end_object(w);
    }
    if (cls->time_attr) {
        static const char open[] = "{\"interval\":[[null,null]],\"trs\":\"http://www.opengis.net/"
                                   "def/uom/ISO-8601/0/Gregorian\"}";
        ct_jsonw_key(w, "temporal");
        ct_jsonw_raw(w, open, sizeof open - 1);
    }
    ct_jsonw_end_object(w);
    return CT_OK;
}

static void write_links(ct_jsonw *w, const ct_api *api, const ct_class *cls, const char *base) {
    const char *c = cls->collection;
    ct_jsonw_key(w, "links");
    ct_jsonw_array(w);
    ct_api__link(w, base, "self", CT_API__JSON, "This document", "/collections/%s?f=json", c);
    ct_api__link(w, base, "alternate", "text/html", "This document as a page",
                 "/collections/%s?f=html", c);
    ct_api__link(w, base, "items", CT_API__GEOJSON, "Features as GeoJSON",
                 "/collections/%s/items?f=json", c);
    ct_api__link(w, base, "items", "text/html", "Features as a page",
                 "/collections/%s/items?f=html", c);
    ct_api__link(w, base, CT_API__REL "queryables", CT_API__SCHEMA, "What can be asked for",
                 "/collections/%s/queryables?f=json", c);
    if (api->parts.tiles && cls->geometry != CT_GEOM_NONE)
        ct_api__link(w, base, "related", CT_API__JSON, "Vector tiles (TileJSON)",
                     "/collections/%s/tiles/WebMercatorQuad?f=tilejson", c);
    ct_jsonw_end_array(w);
}

static ct_err write_collection(ct_jsonw *w, const ct_api *api, ct_reader *reader,
                               const ct_class *cls, const char *base) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "id", cls->collection);
    ct_jsonw_kv_string(w, "title", cls->title_en);
    ct_jsonw_kv_string(w, "description", cls->description_en ? cls->description_en : cls->title_en);
    ct_jsonw_kv_string(w, "itemType", "feature");
    CT_TRY(write_extent(w, api, reader, cls));
    ct_api__crs_write_list(w, api, cls);
    write_links(w, api, cls, base);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err count(int64_t *out, ct_reader *reader, const ct_class *cls) {
    ct_query all;
    ct_query_init(&all, cls);
    return ct_reader_count(out, reader, &all);
}

static ct_err collections_page(ct_api *api, ct_reader *reader, ct_http_res *res) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__crumb crumb = {NULL, "Collections"};
    ct_api__page_begin(&out, api, "Collections", &crumb, 1);
    ct_buf_puts(
        &out,
        "<table><tr><th>Collection</th><th>名称</th><th>Features</th><th>Geometry</th></tr>\n");
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        int64_t n;
        ct_err err = count(&n, reader, cls);
        if (err) {
            ct_buf_fini(&out);
            return err;
        }
        char href[160];
        snprintf(href, sizeof href, "/collections/%s?f=html", cls->collection);
        ct_buf_puts(&out, "<tr><td>");
        ct_api__html_link(&out, href, cls->title_en);
        ct_buf_puts(&out, "</td><td>");
        ct_api__html(&out, cls->title_zh);
        ct_buf_printf(&out, "</td><td>%lld</td><td>%s</td></tr>\n", (long long)n,
                      ct_geom_type_name(cls->geometry));
    }
    ct_buf_puts(&out, "</table>\n");
    return ct_api__page_end(&out, res);
}

static ct_err collections_json(ct_api *api, ct_reader *reader, ct_http_req *req, ct_http_res *res) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    const char *base = ct_http_req_base(req);
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "This document", "/collections?f=json");
    ct_api__link(&w, base, "alternate", "text/html", "This document as a page",
                 "/collections?f=html");
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "collections");
    ct_jsonw_array(&w);
    ct_err err = CT_OK;
    for (size_t i = 0; i < ct_catalogue_count(catalogue) && err == CT_OK; i++)
        err = write_collection(&w, api, reader, ct_catalogue_at(catalogue, i), base);
    if (err) {
        ct_buf_fini(&out);
        return err;
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err list(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    bool html;
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__JSON));
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_err err = CT_OK;
    if (!ct_api__not_modified(api, req, res, reader, ct_reader_version(reader),
                              html ? "html" : "json"))
        err = html ? collections_page(api, reader, res) : collections_json(api, reader, req, res);
    ct_reader_release(reader);
    return err;
}

static void page_attributes(ct_buf *out, const ct_class *cls) {
    ct_buf_puts(
        out, "<h2>Attributes</h2>\n<table><tr><th>Name</th><th>Title</th><th>标题</th><th>Type</th>"
             "<th>Unit</th><th>Values</th></tr>\n");
    for (size_t i = 0; i < cls->n_attrs; i++) {
        const ct_attr *attr = &cls->attrs[i];
        if (attr->personal) continue;
        const char *cells[] = {attr->name, attr->title_en, attr->title_zh,
                               ct_attr_type_name(attr->type), attr->unit ? attr->unit : ""};
        ct_buf_puts(out, "<tr>");
        for (size_t k = 0; k < 5; k++) {
            ct_buf_puts(out, "<td>");
            ct_api__html(out, cells[k]);
            ct_buf_puts(out, "</td>");
        }
        ct_buf_puts(out, "<td>");
        for (size_t k = 0; k < attr->n_codes; k++) {
            if (k) ct_buf_puts(out, ", ");
            ct_api__html(out, attr->codes[k].value);
        }
        ct_buf_puts(out, "</td></tr>\n");
    }
    ct_buf_puts(out, "</table>\n");
}

static ct_err collection_page(ct_api *api, ct_reader *reader, const ct_class *cls,
                              ct_http_res *res) {
    int64_t n;
    CT_TRY(count(&n, reader, cls));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__crumb crumbs[] = {{"/collections?f=html", "Collections"}, {NULL, cls->title_en}};
    ct_api__page_begin(&out, api, cls->title_en, crumbs, 2);
    ct_buf_puts(&out, "<p>");
    ct_api__html(&out, cls->description_en);
    ct_buf_puts(&out, "</p>\n<p class=\"quiet\">");
    ct_api__html(&out, cls->description_zh);
    ct_buf_puts(&out, "</p>\n<p>");
    char href[160];
    snprintf(href, sizeof href, "/collections/%s/items?f=html", cls->collection);
    ct_api__html_link(&out, href, "Features");
    ct_buf_printf(&out, ": %lld</p>\n", (long long)n);
    page_attributes(&out, cls);
    return ct_api__page_end(&out, res);
}

static ct_err collection_json(ct_api *api, ct_reader *reader, const ct_class *cls, ct_http_req *req,
                              ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_err err = write_collection(&w, api, reader, cls, ct_http_req_base(req));
    if (err) {
        ct_buf_fini(&out);
        return err;
    }
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err one(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    bool html;
    CT_TRY(ct_api__class_of(&cls, api, req));
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__JSON));
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    int64_t version = 0;
    ct_err err = ct_reader_class_version(&version, reader, cls);
    if (err == CT_OK &&
        !ct_api__not_modified(api, req, res, reader, version, html ? "html" : "json"))
        err = html ? collection_page(api, reader, cls, res)
                   : collection_json(api, reader, cls, req, res);
    ct_reader_release(reader);
    return err;
}

// ---- queryables ----

static void write_attribute_schema(ct_jsonw *w, const ct_attr *attr) {
    static const char *const types[] = {[CT_ATTR_TEXT] = "string",
                                        [CT_ATTR_INTEGER] = "integer",
                                        [CT_ATTR_REAL] = "number",
                                        [CT_ATTR_BOOLEAN] = "boolean",
                                        [CT_ATTR_DATETIME] = "string"};
    ct_jsonw_key(w, attr->name);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "title", attr->title_en);
    ct_jsonw_kv_string(w, "type", types[attr->type]);
    if (attr->type == CT_ATTR_DATETIME) ct_jsonw_kv_string(w, "format", "date-time");
    if (attr->has_min) ct_jsonw_kv_double(w, "minimum", attr->min);
    if (attr->has_max) ct_jsonw_kv_double(w, "maximum", attr->max);
    if (attr->unit) ct_jsonw_kv_string(w, "x-ogc-unit", attr->unit);
    if (attr->n_codes) {
        ct_jsonw_key(w, "enum");
        ct_jsonw_array(w);
        for (size_t i = 0; i < attr->n_codes; i++) ct_jsonw_string(w, attr->codes[i].value);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
}

static const char *geometry_format(ct_geom_type type) {
    static const char *const formats[] = {[CT_GEOM_NONE] = NULL,
                                          [CT_GEOM_POINT] = "geometry-point",
                                          [CT_GEOM_LINESTRING] = "geometry-linestring",
                                          [CT_GEOM_POLYGON] = "geometry-polygon",
                                          [CT_GEOM_MULTIPOINT] = "geometry-multipoint",
                                          [CT_GEOM_MULTILINESTRING] = "geometry-multilinestring",
                                          [CT_GEOM_MULTIPOLYGON] = "geometry-multipolygon"};
    return formats[type];
}

static ct_err queryables(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    CT_TRY(ct_api__class_of(&cls, api, req));
    static const ct_http_media offers[] = {{"json", CT_API__SCHEMA}, {"json", CT_API__JSON}};
    size_t chosen;
    CT_TRY(ct_http_negotiate(&chosen, req, res, offers, 2));
    if (ct_api__not_modified(api, req, res, NULL, 0, "schema")) return CT_OK;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    const char *id = ct_arena_printf(ct_http_req_arena(req), "%s/collections/%s/queryables",
                                     ct_http_req_base(req), cls->collection);
    ct_jsonw_kv_string(&w, "$id", id);
    ct_jsonw_kv_string(&w, "title", cls->title_en);
    ct_jsonw_kv_string(&w, "type", "object");
    ct_jsonw_key(&w, "properties");
    ct_jsonw_object(&w);
    if (cls->geometry != CT_GEOM_NONE) {
        ct_jsonw_key(&w, "geometry");
        ct_jsonw_object(&w);
        ct_jsonw_kv_string(&w, "title", "Geometry");
        ct_jsonw_kv_string(&w, "format", geometry_format(cls->geometry));
        ct_jsonw_kv_string(&w, "x-ogc-role", "primary-geometry");
        ct_jsonw_end_object(&w);
    }
    for (size_t i = 0; i < cls->n_attrs; i++)
        if (!cls->attrs[i].personal) write_attribute_schema(&w, &cls->attrs[i]);
    ct_jsonw_end_object(&w);
    ct_jsonw_kv_bool(&w, "additionalProperties", false);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, offers[chosen].type, &out);
}

static const ct_http_param f_only[] = {CT_API__F_JSON_HTML};
static const ct_http_param f_json[] = {CT_API__F_JSON};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/collections",
     .handler = list,
     .name = "getCollections",
     .tagged = true,
     .summary = "Every collection",
     .tag = "Features",
     .type = CT_API__JSON,
     .params = f_only,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}",
     .handler = one,
     .name = "getCollection",
     .tagged = true,
     .summary = "One collection",
     .tag = "Features",
     .type = CT_API__JSON,
     .params = f_only,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}/queryables",
     .handler = queryables,
     .name = "getQueryables",
     .tagged = true,
     .summary = "What a collection can be asked for",
     .tag = "Features",
     .type = CT_API__SCHEMA,
     .params = f_json,
     .n_params = 1},
};

ct_err ct_api__collections(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
