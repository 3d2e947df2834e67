// The API's own description: an OpenAPI 3.0 document written from the route table and the
// catalogue, so that it cannot disagree with what is served; and the same as a page.
#include <string.h>

#include "http/api/internal.h"

static const char *method_name(ct_http_method method) {
    switch (method) {
    case CT_HTTP_GET: return "get";
    case CT_HTTP_POST: return "post";
    case CT_HTTP_PUT: return "put";
    case CT_HTTP_PATCH: return "patch";
    case CT_HTTP_DELETE: return "delete";
    }
    return "";
}

// "/a/{rest...}" as OpenAPI writes it: "/a/{rest}".
static void copy_path(char out[256], const char *path) {
    size_t n = 0;
    for (; *path && n < 255; path++) {
        if (strncmp(path, "...}", 4) == 0) path += 3;
        out[n++] = *path;
    }
    out[n] = '\0';
}

static void write_path_schema(ct_jsonw *w, const ct_api *api, const char *name) {
    ct_jsonw_object(w);
    if (strcmp(name, "tileMatrix") == 0 || strcmp(name, "tileRow") == 0 ||
        strcmp(name, "tileCol") == 0) {
        ct_jsonw_kv_string(w, "type", "integer");
        ct_jsonw_kv_int(w, "minimum", 0);
        if (strcmp(name, "tileMatrix") == 0) ct_jsonw_kv_int(w, "maximum", CT_TILE_MAX_ZOOM);
    } else {
        ct_jsonw_kv_string(w, "type", "string");
    }
    if (strcmp(name, "collectionId") == 0) {
        const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
        ct_jsonw_key(w, "enum");
        ct_jsonw_array(w);
        for (size_t i = 0; i < ct_catalogue_count(catalogue); i++)
            ct_jsonw_string(w, ct_catalogue_at(catalogue, i)->collection);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
}

static void write_path_params(ct_jsonw *w, const ct_api *api, const char *path) {
    for (const char *at = strchr(path, '{'); at; at = strchr(at, '{')) {
        at++;
        char name[64];
        size_t n = strcspn(at, "}");
        if (n >= sizeof name) n = sizeof name - 1;
        memcpy(name, at, n);
        name[n] = '\0';
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", name);
        ct_jsonw_kv_string(w, "in", "path");
        ct_jsonw_kv_bool(w, "required", true);
        ct_jsonw_key(w, "schema");
        write_path_schema(w, api, name);
        ct_jsonw_end_object(w);
    }
}

static void write_param(ct_jsonw *w, const ct_http_param *p, const char *in) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "name", p->name);
    ct_jsonw_kv_string(w, "in", in);
    ct_jsonw_kv_string(w, "description", p->description);
    ct_jsonw_kv_bool(w, "required", p->required);
    ct_jsonw_key(w, "schema");
    ct_jsonw_raw(w, p->schema, strlen(p->schema));
    ct_jsonw_kv_string(w, "style", strcmp(in, "query") == 0 ? "form" : "simple");
    ct_jsonw_kv_bool(w, "explode", false);
    ct_jsonw_end_object(w);
}

static void write_query_params(ct_jsonw *w, const ct_http_route *route) {
    for (size_t i = 0; i < route->n_params; i++) write_param(w, &route->params[i], "query");
    for (size_t i = 0; i < route->n_headers; i++) write_param(w, &route->headers[i], "header");
    if (ct_http_route_takes_json(route)) {
        static const char json_only[] =
            "{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"description\":\"format\","
            "\"schema\":{\"type\":\"string\",\"enum\":[\"json\"]}}";
        ct_jsonw_raw(w, json_only, sizeof json_only - 1);
    }
    if (!route->open_params) return;
    static const char free_form[] =
        "{\"name\":\"attributes\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
        "\"explode\":true,"
        "\"description\":\"any attribute of the collection (see its queryables) as name=value; all "
        "must hold\","
        "\"schema\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}}";
    ct_jsonw_raw(w, free_form, sizeof free_form - 1);
}

static void write_operation(ct_jsonw *w, const ct_api *api, const ct_http_route *route,
                            const char *path) {
    ct_jsonw_key(w, method_name(route->method));
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "operationId", route->name);
    ct_jsonw_kv_string(w, "summary", route->summary);
    ct_jsonw_key(w, "tags");
    ct_jsonw_array(w);
    ct_jsonw_string(w, route->tag);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "parameters");
    ct_jsonw_array(w);
    write_path_params(w, api, path);
    write_query_params(w, route);
    ct_jsonw_end_array(w);
    if (route->body) ct_api__openapi_body(w, route);
    ct_api__openapi_responses(w, route);
    ct_jsonw_end_object(w);
}

// Every path once, with all its methods.
static void write_paths(ct_jsonw *w, const ct_api *api) {
    size_t n = ct_http_route_count(api->http);
    ct_jsonw_key(w, "paths");
    ct_jsonw_object(w);
    for (size_t i = 0; i < n; i++) {
        const ct_http_route *route = ct_http_route_at(api->http, i);
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++) {
            const ct_http_route *other = ct_http_route_at(api->http, k);
            seen = other->tag && strcmp(other->path, route->path) == 0;
        }
        if (seen || !route->tag) continue;
        char path[256];
        copy_path(path, route->path);
        ct_jsonw_key(w, path);
        ct_jsonw_object(w);
        for (size_t k = i; k < n; k++) {
            const ct_http_route *other = ct_http_route_at(api->http, k);
            if (other->tag && strcmp(other->path, route->path) == 0)
                write_operation(w, api, other, path);
        }
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_object(w);
}

static ct_err document(ct_api *api, ct_http_req *req, ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "openapi", "3.0.3");
    ct_jsonw_key(&w, "info");
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "title", ct_store_title(api->parts.store));
    ct_jsonw_kv_string(&w, "description",
                       "A digital twin: features, tiles, simulations and live devices");
    ct_jsonw_kv_string(&w, "version", CT_VERSION);
    ct_jsonw_end_object(&w);
    ct_jsonw_key(&w, "servers");
    ct_jsonw_array(&w);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "url", ct_http_req_base(req));
    ct_jsonw_end_object(&w);
    ct_jsonw_end_array(&w);
    write_paths(&w, api);
    ct_jsonw_key(&w, "components");
    ct_jsonw_object(&w);
    ct_api__openapi_components(&w);
    const ct_err err = ct_api__openapi_schemas(&w);
    if (err != CT_OK) {
        ct_buf_fini(&out);
        return err;
    }
    ct_jsonw_end_object(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__OPENAPI, &out);
}

static ct_err page(ct_api *api, ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__crumb crumb = {NULL, "API"};
    ct_api__page_begin(&out, api, "API", &crumb, 1);
    ct_buf_puts(
        &out, "<p><a href=\"/api?f=json\">OpenAPI 3.0 document</a></p>\n<table><tr><th>Method</th>"
              "<th>Path</th><th>Does</th><th>Parameters</th></tr>\n");
    for (size_t i = 0; i < ct_http_route_count(api->http); i++) {
        const ct_http_route *route = ct_http_route_at(api->http, i);
        if (!route->tag) continue;
        char path[256];
        copy_path(path, route->path);
        ct_buf_printf(&out, "<tr><td>%s</td><td>", method_name(route->method));
        ct_api__html(&out, path);
        ct_buf_puts(&out, "</td><td>");
        ct_api__html(&out, route->summary);
        ct_buf_puts(&out, "</td><td>");
        for (size_t k = 0; k < route->n_params; k++) {
            if (k) ct_buf_puts(&out, "<br>");
            ct_api__html(&out, route->params[k].name);
            ct_buf_puts(&out, ": ");
            ct_api__html(&out, route->params[k].description);
        }
        ct_buf_puts(&out, route->open_params ? "<br>attributes</td></tr>\n" : "</td></tr>\n");
    }
    ct_buf_puts(&out, "</table>\n");
    return ct_api__page_end(&out, res);
}

static ct_err describe(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    bool html;
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__OPENAPI));
    if (ct_api__not_modified(api, req, res, NULL, 0, html ? "html" : "json")) return CT_OK;
    return html ? page(api, res) : document(api, req, res);
}

static const ct_http_param f_only[] = {CT_API__F_JSON_HTML};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/api",
     .handler = describe,
     .name = "getApi",
     .tagged = true,
     .summary = "This document",
     .tag = "Common",
     .type = CT_API__OPENAPI,
     .params = f_only,
     .n_params = 1},
};

ct_err ct_api__openapi(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
