// OGC API - Common: the landing page and the conformance declaration; the style sheet of all pages.
#include "http/api/internal.h"

static const char *const conformance[] = {
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
};
enum { N_CONFORMANCE = sizeof conformance / sizeof *conformance };

static ct_err landing_page(ct_api *api, const char *attribution, ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_api__page_begin(&out, api, ct_store_title(api->parts.store), NULL, 0);
    if (api->n_assets) {
        ct_buf_puts(&out, "<p class=\"big\">");
        ct_api__html_link(&out, "/console/", "Open the map");
        ct_buf_puts(&out, "</p>\n");
    }
    static const struct {
        const char *href, *text, *what;
    } rows[] = {{"/collections?f=html", "Collections", "features of the community, class by class"},
                {"/3dtiles", "3D Tiles", "buildings and ground in space, for 3D clients"},
                {"/api?f=html", "API", "every call with its parameters (OpenAPI 3.0)"},
                {"/conformance?f=html", "Conformance", "the standards that are kept"}};
    ct_buf_puts(&out, "<table>");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ct_buf_puts(&out, "<tr><td>");
        ct_api__html_link(&out, rows[i].href, rows[i].text);
        ct_buf_printf(&out, "</td><td>%s</td></tr>\n", rows[i].what);
    }
    ct_buf_puts(&out, "</table>\n");
    if (*attribution) {
        ct_buf_puts(&out, "<p>Data: ");
        ct_api__html(&out, attribution);
        ct_buf_puts(&out, "</p>\n");
    }
    return ct_api__page_end(&out, res);
}

static ct_err landing_json(const ct_api *api, const char *attribution, const char *base,
                           ct_http_res *res) {
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "title", ct_store_title(api->parts.store));
    ct_jsonw_kv_string(
        &w, "description",
        "A digital twin: features, tiles, simulations and live devices of a community");
    if (*attribution) ct_jsonw_kv_string(&w, "attribution", attribution);
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "This document", "/?f=json");
    ct_api__link(&w, base, "alternate", "text/html", "This document as a page", "/?f=html");
    ct_api__link(&w, base, "service-desc", CT_API__OPENAPI, "The API as OpenAPI 3.0",
                 "/api?f=json");
    ct_api__link(&w, base, "service-doc", "text/html", "The API as a page", "/api?f=html");
    ct_api__link(&w, base, "conformance", CT_API__JSON, "Conformance classes",
                 "/conformance?f=json");
    ct_api__link(&w, base, CT_API__REL "conformance", CT_API__JSON, "Conformance classes",
                 "/conformance?f=json");
    ct_api__link(&w, base, "data", CT_API__JSON, "Collections", "/collections?f=json");
    ct_api__link(&w, base, CT_API__REL "data", CT_API__JSON, "Collections", "/collections?f=json");
    if (api->parts.tiles)
        ct_api__link(&w, base, "related", CT_API__JSON, "3D Tiles of buildings and ground",
                     "/3dtiles");
    if (api->n_assets) ct_api__link(&w, base, "related", "text/html", "The map", "/console/");
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err landing(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    bool html;
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__JSON));
    char attribution[CT_API__MAX_ATTRIBUTION];
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    ct_err err = ct_reader_attribution(attribution, sizeof attribution, reader);
    const bool same =
        err == CT_OK && ct_api__not_modified(api, req, res, reader, ct_reader_version(reader),
                                             html ? "html" : "json");
    ct_reader_release(reader);
    if (err != CT_OK || same) return err;
    return html ? landing_page(api, attribution, res)
                : landing_json(api, attribution, ct_http_req_base(req), res);
}

static ct_err declare(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    bool html;
    CT_TRY(ct_api__wants_html(&html, req, res, CT_API__JSON));
    if (ct_api__not_modified(api, req, res, NULL, 0, html ? "html" : "json")) return CT_OK;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    if (html) {
        ct_api__crumb crumb = {NULL, "Conformance"};
        ct_api__page_begin(&out, api, "Conformance", &crumb, 1);
        ct_buf_puts(&out, "<ul>\n");
        for (int i = 0; i < N_CONFORMANCE; i++)
            ct_buf_printf(&out, "<li>%s</li>\n", conformance[i]);
        ct_buf_puts(&out, "</ul>\n");
        return ct_api__page_end(&out, res);
    }
    ct_jsonw w;
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_key(&w, "conformsTo");
    ct_jsonw_array(&w);
    for (int i = 0; i < N_CONFORMANCE; i++) ct_jsonw_string(&w, conformance[i]);
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static const ct_http_param f_only[] = {CT_API__F_JSON_HTML};
static const ct_http_route routes[] = {
    {.method = CT_HTTP_GET,
     .path = "/",
     .handler = landing,
     .name = "getLandingPage",
     .tagged = true,
     .summary = "What this service offers",
     .tag = "Common",
     .type = CT_API__JSON,
     .params = f_only,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/conformance",
     .handler = declare,
     .name = "getConformance",
     .tagged = true,
     .summary = "The standards that this service keeps",
     .tag = "Common",
     .type = CT_API__JSON,
     .params = f_only,
     .n_params = 1},
    {.method = CT_HTTP_GET,
     .path = "/style.css",
     .handler = ct_api__style,
     .name = "getStyle",
     .summary = "Style sheet of the pages",
     .type = "text/css"},
};

ct_err ct_api__common(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, routes, sizeof routes / sizeof *routes);
}
