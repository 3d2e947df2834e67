// Features (OGC API - Features parts 1 and 2): pages of a collection and single features, as
// GeoJSON or as a page.
#include <string.h>

#include "http/api/internal.h"

enum { BYTES_A_FEATURE = 700 }; // a first guess that spares growing

static void content_crs(ct_http_res *res, const ct_class *cls, const ct_api__crs *crs) {
    if (cls->geometry != CT_GEOM_NONE) ct_http_res_headerf(res, "Content-Crs", "<%s>", crs->uri);
}

static void write_page_links(ct_jsonw *w, ct_http_req *req, ct_http_res *res, const ct_class *cls,
                             const char *next) {
    static const char *const no_f[] = {"f", NULL}, *const nothing[] = {NULL};
    const char *base = ct_http_req_base(req);
    const char *all = ct_http_req_query_without(req, nothing),
               *rest = ct_http_req_query_without(req, no_f);
    if (!all || !rest) return;
    ct_jsonw_key(w, "links");
    ct_jsonw_array(w);
    ct_api__link(w, base, "self", CT_API__GEOJSON, "This page", "/collections/%s/items%s%s",
                 cls->collection, *all ? "?" : "", all);
    ct_api__link(w, base, "alternate", "text/html", "This page for people",
                 "/collections/%s/items?%s%sf=html", cls->collection, rest, *rest ? "&" : "");
    ct_api__link(w, base, "collection", CT_API__JSON, "The collection", "/collections/%s?f=json",
                 cls->collection);
    if (next) {
        ct_api__link(w, base, "next", CT_API__GEOJSON, "Next page", "%s", next);
        ct_http_res_headerf(res, "Link", "<%s%s>; rel=\"next\"; type=\"%s\"", base, next,
                            CT_API__GEOJSON);
    }
    ct_jsonw_end_array(w);
}

// Streams the features of the query into the writer. *last_fid is that of the last one written;
// *more tells whether the query has another one.
static ct_err write_features(ct_api__feature_writer *f, ct_reader *reader,
                             const ct_api__items_query *q, int64_t *written, int64_t *last_fid,
                             bool *more) {
    ct_cursor *cursor;
    CT_TRY(ct_cursor_open(&cursor, reader, &q->query));
    const ct_feature *feature;
    ct_err err;
    int64_t n = 0;
    *more = false;
    while ((err = ct_cursor_next(cursor, &feature)) == CT_OK) {
        if (n == q->limit) {
            *more = true;
            break;
        }
        err = ct_api__feature_open(f, feature);
        if (err) break;
        ct_api__feature_close(f);
        *last_fid = feature->fid;
        n++;
    }
    ct_cursor_close(cursor);
    *written = n;
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err write_collection(ct_api__feature_writer *f, ct_reader *reader,
                               const ct_api__items_query *q, ct_http_req *req, ct_http_res *res) {
    ct_jsonw *w = &f->w;
    int64_t written = 0, last_fid = 0;
    bool more = false;
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", "FeatureCollection");
    ct_jsonw_key(w, "features");
    ct_jsonw_array(w);
    CT_TRY(write_features(f, reader, q, &written, &last_fid, &more));
    ct_jsonw_end_array(w);
    int64_t matched = written; // a first page without a next one is all there is
    if (more || q->has_after) CT_TRY(ct_reader_count(&matched, reader, &q->query));
    ct_jsonw_kv_int(w, "numberMatched", matched);
    ct_jsonw_kv_int(w, "numberReturned", written);
    char now[32];
    ct_api__now(now);
    ct_jsonw_kv_string(w, "timeStamp", now);
    const char *next = more ? ct_api__next_path(req, f->cls, last_fid) : NULL;
    if (more && !next) return CT_NOMEM;
    write_page_links(w, req, res, f->cls, next);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err items_json(ct_api *api, ct_reader *reader, const ct_api__items_query *q,
                         ct_http_req *req, ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__feature_writer f = {0};
    ct_err err = ct_api__feature_writer_init(&f, &out, api, q->query.cls, &q->crs);
    int64_t guess = q->limit < 1000 ? q->limit * BYTES_A_FEATURE : 1000 * BYTES_A_FEATURE;
    if (err == CT_OK && ct_buf_reserve(&out, (size_t)guess))
        err = write_collection(&f, reader, q, req, res);
    ct_api__feature_writer_fini(&f);
    if (err == CT_OK) {
        content_crs(res, q->query.cls, &q->crs);
        err = ct_http_res_buf(res, CT_API__GEOJSON, &out);
    }
    ct_buf_fini(&out);
    return err;
}

static ct_err items(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    ct_api__items_query q;
    bool html;
    CT_TRY(ct_api__class_of(&cls, api, req));
    CT_TRY(ct_api__items_query_read(&q, api, cls, req));
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__GEOJSON));
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    int64_t version = 0;
    ct_err err = ct_reader_class_version(&version, reader, cls);
    if (err == CT_OK &&
        !ct_api__not_modified(api, req, res, reader, version, html ? "html" : "json"))
        err = html ? ct_api__items_page(api, reader, &q, req, res)
                   : items_json(api, reader, &q, req, res);
    ct_reader_release(reader);
    return err;
}

static ct_err item_json(ct_api *api, const ct_feature *feature, const ct_api__crs *crs,
                        ct_http_req *req, ct_http_res *res) {
    const ct_class *cls = feature->cls;
    const char *base = ct_http_req_base(req);
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__feature_writer f = {0};
    ct_err err = ct_api__feature_writer_init(&f, &out, api, cls, crs);
    if (err == CT_OK) err = ct_api__feature_open(&f, feature);
    if (err == CT_OK) {
        const char *c = cls->collection, *id = feature->id; // ids need no escapes in addresses
        ct_buf_puts(&out, ",\"links\":");
        ct_jsonw_array(&f.v);
        ct_api__link(&f.v, base, "self", CT_API__GEOJSON, "This feature",
                     "/collections/%s/items/%s?f=json", c, id);
        ct_api__link(&f.v, base, "alternate", "text/html", "This feature as a page",
                     "/collections/%s/items/%s?f=html", c, id);
        ct_api__link(&f.v, base, "collection", CT_API__JSON, "Its collection",
                     "/collections/%s?f=json", c);
        ct_api__link(&f.v, base, "related", CT_API__JSON, "Property sets of its source",
                     "/collections/%s/items/%s/property-sets", c, id);
        ct_jsonw_end_array(&f.v);
        ct_api__feature_close(&f);
        content_crs(res, cls, crs);
        err = ct_http_res_buf(res, CT_API__GEOJSON, &out);
    }
    ct_api__feature_writer_fini(&f);
    ct_buf_fini(&out);
    return err;
}

static ct_err item(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    ct_api__crs crs;
    bool html;
    CT_TRY(ct_api__class_of(&cls, api, req));
    CT_TRY(ct_api__crs_find(&crs, api, cls, "crs", ct_http_req_param(req, "crs")));
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__GEOJSON));
    const char *id = ct_http_req_segment(req, "featureId");
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_feature feature;
    int64_t version = 0;
    ct_err err = ct_reader_class_version(&version, reader, cls);
    if (err == CT_OK) err = ct_reader_get(&feature, ct_http_req_arena(req), reader, cls, id);
    if (err == CT_OK && html)
        err = ct_reader_properties(&feature.properties, &feature.n_properties,
                                   ct_http_req_arena(req), reader, cls, feature.fid);
    bool same = false;
    if (err == CT_OK)
        same = ct_api__not_modified(api, req, res, reader, version, html ? "html" : "json");
    ct_reader_release(reader);
    if (err == CT_NOTFOUND)
        return ct_fail(CT_NOTFOUND, "%s has no feature \"%s\"", cls->collection, id);
    CT_TRY(err);
    if (same) return CT_OK;
    return html ? ct_api__item_page(api, &feature, res) : item_json(api, &feature, &crs, req, res);
}

#define URI_SCHEMA "{\"type\":\"string\",\"format\":\"uri\"}"
#define BBOX_SCHEMA                                                                                \
    "{\"type\":\"array\",\"oneOf\":[{\"minItems\":4,\"maxItems\":4},{\"minItems\":6,\"maxItems\":" \
    "6}],"                                                                                         \
    "\"items\":{\"type\":\"number\"}}"
static const ct_http_param items_params[] = {
    CT_API__F_JSON_HTML,
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":10000,\"default\":100}",
     "most features of one page; more than the maximum is taken as the maximum", false},
    {"bbox", BBOX_SCHEMA,
     "only features that touch this box: west,south,east,north, or "
     "west,south,low,east,north,high with heights in metres, which then select too where the "
     "collection has them; west > east crosses the antimeridian",
     false},
    {"bbox-crs", URI_SCHEMA, "CRS of bbox, in the axis order of its authority; CRS84 if not given",
     false},
    {"crs", URI_SCHEMA, "CRS of the answer, in the axis order of its authority; CRS84 if not given",
     false},
    {"datetime", "{\"type\":\"string\"}", "an instant or an interval a/b, ../b, a/.. (RFC 3339)",
     false},
    {"after", "{\"type\":\"string\"}", "where the last page ended: taken from a next link", false},
};
static const ct_http_param item_params[] = {
    CT_API__F_JSON_HTML,
    {"crs", URI_SCHEMA, "CRS of the answer, in the axis order of its authority; CRS84 if not given",
     false},
};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}/items",
     .handler = items,
     .name = "getFeatures",
     .tagged = true,
     .answers = "featureCollection",
     .summary = "Features of a collection, page by page",
     .tag = "Features",
     .type = CT_API__GEOJSON,
     .params = items_params,
     .n_params = sizeof items_params / sizeof *items_params,
     .open_params = true},
    {.method = CT_HTTP_GET,
     .path = "/collections/{collectionId}/items/{featureId}",
     .handler = item,
     .name = "getFeature",
     .tagged = true,
     .answers = "feature",
     .summary = "One feature",
     .tag = "Features",
     .type = CT_API__GEOJSON,
     .params = item_params,
     .n_params = sizeof item_params / sizeof *item_params},
};

ct_err ct_api__items(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
