// Landing page, conformance, OpenAPI against the routes, collections, queryables, pages, the
// console's files, health.
#include "unit/http/api/twin.h"

static void landing_links_lead_somewhere(void **state) {
    const twin *t = *state;
    json_t *page = get_json(t, "/", 200);
    assert_string_equal(text_of(page, "title"), "Small <twin>");
    assert_string_equal(text_of(page, "attribution"), "Town & <b>mappers</b>");
    assert_non_null(link_of(page, "service-desc", "application/vnd.oai.openapi+json;version=3.0"));
    assert_non_null(link_of(page, "service-doc", "text/html"));
    assert_non_null(link_of(page, "conformance", "application/json"));
    assert_non_null(link_of(page, "data", "application/json"));
    assert_non_null(link_of(page, "self", "application/json"));
    assert_non_null(link_of(page, "alternate", "text/html"));
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(page, "links"), i, link) {
        answer a = get(t->port, path_of(t, text_of(link, "href")));
        char type[1024];
        assert_int_equal(a.status, 200);
        const char *announced = text_of(link, "type");
        assert_int_equal(
            strncmp(answer_header(&a, "Content-Type", type), announced, strlen(announced)), 0);
        answer_free(&a);
    }
    json_decref(page);
}

static void conformance_names_classes(void **state) {
    const twin *t = *state;
    json_t *document = get_json(t, "/conformance", 200);
    const json_t *uris = json_object_get(document, "conformsTo");
    static const char *const wanted[] = {
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"};
    for (size_t k = 0; k < 3; k++) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(uris); i++)
            found |= strcmp(json_string_value(json_array_get(uris, i)), wanted[k]) == 0;
        assert_true(found);
    }
    json_decref(document);
}

// Every route that is meant for others is in the document with its method and parameters, and
// nothing else is.
static void openapi_equals_the_routes(void **state) {
    const twin *t = *state;
    json_t *document = get_json(t, "/api", 200);
    assert_string_equal(text_of(document, "openapi"), "3.0.3");
    const json_t *paths = json_object_get(document, "paths");
    size_t documented = 0, operations = 0;
    for (size_t i = 0; i < ct_http_route_count(t->http); i++) {
        const ct_http_route *route = ct_http_route_at(t->http, i);
        if (!route->tag) continue;
        documented++;
        char path[256], *dots;
        snprintf(path, sizeof path, "%s", route->path);
        if ((dots = strstr(path, "...}"))) memmove(dots, dots + 3, strlen(dots + 3) + 1);
        const char *method = route->method == CT_HTTP_GET    ? "get"
                             : route->method == CT_HTTP_POST ? "post"
                                                             : "delete";
        const json_t *operation = json_object_get(json_object_get(paths, path), method);
        if (!operation) fail_msg("%s %s is not in the document", method, path);
        assert_string_equal(text_of(operation, "operationId"), route->name);
        assert_non_null(json_object_get(json_object_get(operation, "responses"), "400"));
        size_t in_path = 0;
        for (const char *at = path; (at = strchr(at, '{')); at++) in_path++;
        assert_int_equal(json_array_size(json_object_get(operation, "parameters")),
                         in_path + route->n_params + route->n_headers +
                             (route->open_params ? 1 : 0) +
                             (ct_http_route_takes_json(route) ? 1 : 0));
        assert_int_equal(json_object_get(operation, "requestBody") != NULL, route->body != NULL);
    }
    const char *path;
    json_t *item;
    json_object_foreach((json_t *)paths, path, item) operations += json_object_size(item);
    assert_int_equal(operations, documented);
    assert_true(documented > 20);
    json_decref(document);
}

static const json_t *at(const json_t *value, const char *const *keys) {
    for (; *keys; keys++) value = json_object_get(value, *keys);
    return value;
}
#define AT(value, ...) at(value, (const char *const[]){__VA_ARGS__, NULL})

// What the document promises of statuses and formats, against what the server does.
static void openapi_tells_what_is_served(void **state) {
    const twin *t = *state;
    json_t *document = get_json(t, "/api", 200);
    const json_t *paths = json_object_get(document, "paths");
    static const struct {
        const char *path, *method;
        const char *codes; // all of them
    } told[] = {
        {"/", "get", "200 304 400 406 500 default"},
        {"/runs", "post", "200 201 400 403 404 413 415 500 503 default"},
        {"/runs/{runId}", "delete", "200 204 400 403 404 409 500 default"},
        {"/collections/{collectionId}/items", "get", "200 304 400 404 406 500 default"},
        {"/collections/{collectionId}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
         "get", "200 204 304 400 404 500 default"},
        {"/runs/{runId}/files/{file}", "get", "200 206 400 404 416 500 default"},
        {"/live/events", "get", "200 400 500 503 default"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const json_t *responses = AT(paths, told[i].path, told[i].method, "responses");
        size_t n = 1;
        for (const char *c = told[i].codes; *c; c++) n += *c == ' ';
        const char *code;
        json_t *response;
        json_object_foreach((json_t *)(uintptr_t)responses, code, response) {
            if (!strstr(told[i].codes, code)) fail_msg("%s: %s", told[i].path, code);
        }
        assert_int_equal(json_object_size(responses), n);
    }
    // every route with a page offers it, and it comes
    const json_t *items = AT(paths, "/collections/{collectionId}/items", "get", "responses", "200");
    assert_non_null(AT(items, "content", "text/html"));
    assert_string_equal(
        json_string_value(AT(items, "content", "application/geo+json", "schema", "$ref")),
        "#/components/schemas/featureCollection");
    assert_null(AT(paths, "/twin", "get", "responses", "200", "content", "text/html"));
    // the body of a run is a scenario, with all that its schema says
    assert_string_equal(json_string_value(AT(paths, "/runs", "post", "requestBody", "content",
                                             "application/json", "schema", "$ref")),
                        "#/components/schemas/scenario");
    const json_t *scenario = AT(document, "components", "schemas", "scenario");
    assert_non_null(AT(scenario, "properties", "duration_s", "maximum"));
    assert_true(json_is_true(
        AT(scenario, "properties", "boundaries", "properties", "river_stage_m", "nullable")));
    assert_non_null(AT(document, "components", "schemas", "scenario-edit", "oneOf"));
    const json_t *events = AT(paths, "/live/events", "get", "parameters");
    assert_string_equal(text_of(json_array_get(events, 0), "name"), "Last-Event-ID");
    json_decref(document);
}

// Where no format can be chosen, or not this one, those that there are are named.
static void formats_that_are_not_there(void **state) {
    const twin *t = *state;
    static const struct {
        const char *target, *words;
    } asked[] = {
        {"/runs?f=html", "there is no format \\\"html\\\" here, only json"},
        {"/collections/buildings/items?f=png",
         "there is no format \\\"png\\\" here, only json, html"},
        {"/collections/terrains/map/tiles/WebMercatorQuad/0/0/0?f=html",
         "no format to choose here; the answer is image/png"},
        {"/runs?x=html", "unknown query parameter \\\"x\\\""},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        answer a = get(t->port, asked[i].target);
        assert_int_equal(a.status, 400);
        if (!strstr(a.body, asked[i].words)) fail_msg("%s: %s", asked[i].target, a.body);
        answer_free(&a);
    }
}

static void collections_follow_the_standard(void **state) {
    const twin *t = *state;
    json_t *document = get_json(t, "/collections", 200);
    const json_t *list = json_object_get(document, "collections");
    assert_int_equal(json_array_size(list), ct_catalogue_count(t->catalogue));
    assert_non_null(link_of(document, "self", "application/json"));
    assert_non_null(link_of(document, "alternate", "text/html"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *c = json_array_get(list, i);
        char path[160];
        assert_string_equal(text_of(c, "itemType"), "feature");
        assert_non_null(link_of(c, "items", "application/geo+json"));
        assert_non_null(link_of(c, "items", "text/html"));
        snprintf(path, sizeof path, "/collections/%s", text_of(c, "id"));
        json_t *same = get_json(t, path, 200); // the single document says the same
        assert_true(json_equal(same, (json_t *)c));
        json_decref(same);
        expect_status(t, path_of(t, link_of(c, "items", "application/geo+json")), 200);
        expect_status(t, path_of(t, link_of(c, "items", "text/html")), 200);
    }
    json_decref(document);
    expect_status(t, "/collections/building", 404); // the class's name is not the collection's
    expect_status(t, "/collections/none", 404);
    expect_status(t, "/collections?x=1", 400);
    expect_status(t, "/twin?f=json", 200); // a route with one format takes its name
    expect_status(t, "/twin?f=html", 400);
    expect_status(t, "/twin?g=json", 400);
}

static void collection_tells_extent_and_crs(void **state) {
    const twin *t = *state;
    json_t *c = get_json(t, "/collections/buildings", 200);
    const json_t *box = json_array_get(
        json_object_get(json_object_get(json_object_get(c, "extent"), "spatial"), "bbox"), 0);
    double corner[4];
    for (size_t i = 0; i < 4; i++) corner[i] = json_number_value(json_array_get(box, i));
    // 29 km east of 114 degrees, 30.5 degrees north
    assert_true(corner[0] > 114.30 && corner[0] < 114.31 && corner[1] > 30.53 && corner[1] < 30.55);
    assert_true(corner[2] - corner[0] > 0.0070 && corner[2] - corner[0] < 0.0080);
    const json_t *crs = json_object_get(c, "crs");
    assert_int_equal(json_array_size(crs), 4); // CRS84h, CRS84, the twin's, Web Mercator
    assert_string_equal(json_string_value(json_array_get(crs, 0)), CT_CRS84H_URI);
    assert_string_equal(text_of(c, "storageCrs"), TWIN_CRS_URI);
    json_decref(c);
    c = get_json(t, "/collections/events", 200); // flat, with time
    assert_int_equal(json_array_size(json_object_get(c, "crs")), 3);
    assert_non_null(json_object_get(json_object_get(c, "extent"), "temporal"));
    json_decref(c);
    c = get_json(t, "/collections/households", 200); // no geometry
    assert_null(json_object_get(c, "crs"));
    assert_null(json_object_get(c, "extent"));
    json_decref(c);
}

static void queryables_are_a_schema(void **state) {
    const twin *t = *state;
    json_t *schema = get_json(t, "/collections/buildings/queryables", 200);
    const json_t *properties = json_object_get(schema, "properties");
    assert_string_equal(text_of(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    assert_string_equal(text_of(json_object_get(properties, "geometry"), "format"),
                        "geometry-multipolygon");
    assert_null(json_object_get(json_object_get(properties, "geometry"), "type"));
    assert_string_equal(text_of(json_object_get(properties, "height_m"), "type"), "number");
    assert_string_equal(text_of(json_object_get(properties, "residents"), "type"), "integer");
    assert_true(json_array_size(json_object_get(json_object_get(properties, "use"), "enum")) > 3);
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    json_decref(schema);
    schema = get_json(t, "/collections/grid_cells/queryables", 200);
    assert_null(json_object_get(json_object_get(schema, "properties"), "keeper")); // personal
    json_decref(schema);
}

static void pages_are_plain_and_strict(void **state) {
    const twin *t = *state;
    static const char *const pages[] = {"/?f=html",
                                        "/conformance?f=html",
                                        "/api?f=html",
                                        "/collections?f=html",
                                        "/collections/buildings?f=html",
                                        "/collections/buildings/items?f=html",
                                        "/collections/buildings/items/bldg-7?f=html"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        answer a = get(t->port, pages[i]);
        char value[1024];
        assert_int_equal(a.status, 200);
        assert_string_equal(answer_header(&a, "Content-Type", value), "text/html; charset=utf-8");
        assert_non_null(
            strstr(answer_header(&a, "Content-Security-Policy", value), "default-src 'none'"));
        assert_null(strstr(a.body, "<script"));
        assert_null(strstr(a.body, "<twin>"));
        assert_null(strstr(a.body, "<b>mappers"));
        assert_non_null(strstr(a.body, "Small &lt;twin&gt;"));
        assert_null(strstr(a.body, "=\"http")); // nothing is fetched or linked elsewhere
        answer_free(&a);
    }
    answer a = get(t->port, "/collections/buildings/items/bldg-7?f=html");
    assert_non_null(strstr(a.body, "&lt;script&gt;alert(&quot;7&quot;)&lt;/script&gt; &amp; Co"));
    answer_free(&a);
    a = request(t->port, "GET", "/", "Accept: text/html,*/*;q=0.8\r\n", NULL);
    assert_non_null(strstr(a.body, "href=\"/console/\""));
    answer_free(&a);
    expect_status(t, "/style.css", 200);
}

static void console_files(void **state) {
    const twin *t = *state;
    char value[1024];
    answer a = get(t->port, "/console/");
    assert_string_equal(a.body, "<!doctype html>");
    assert_string_equal(answer_header(&a, "Cache-Control", value), "no-cache");
    assert_non_null(
        strstr(answer_header(&a, "Content-Security-Policy", value), "script-src 'self'"));
    answer_free(&a);
    a = request(t->port, "GET", "/console/page-0123456789.js", "Accept-Encoding: gzip\r\n", NULL);
    assert_string_equal(answer_header(&a, "Cache-Control", value),
                        "public, max-age=31536000, immutable");
    assert_string_equal(answer_header(&a, "Content-Encoding", value), "gzip");
    assert_true(a.length < 200);
    char header[256];
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_header(&a, "ETag", value));
    answer_free(&a);
    a = request(t->port, "GET", "/console/page-0123456789.js", header, NULL);
    assert_int_equal(a.status, 304);
    answer_free(&a);
    a = get(t->port, "/console/page-0123456789.js");
    assert_int_equal(a.length, 5000);
    answer_free(&a);
    a = get(t->port, "/console");
    assert_int_equal(a.status, 308);
    assert_string_equal(answer_header(&a, "Location", value), "/console/");
    answer_free(&a);
    expect_status(t, "/console/none.js", 404);
    expect_status(t, "/console/..%2f..%2fsmall.ct", 400);
}

static void health_and_metrics(void **state) {
    const twin *t = *state;
    json_t *health = get_json(t, "/health", 200);
    assert_string_equal(text_of(health, "status"), "ok");
    assert_string_equal(
        text_of(json_object_get(json_object_get(health, "checks"), "store"), "status"), "ok");
    json_decref(health);
    expect_status(t, "/nothing-here", 404);
    answer a = get(t->port, "/metrics");
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "# TYPE cimtwin_http_requests_total counter"));
    assert_non_null(strstr(a.body, "cimtwin_http_request_duration_seconds_bucket{le=\"+Inf\"}"));
    assert_null(strstr(a.body, "cimtwin_http_requests_total{class=\"4xx\"} 0\n"));
    assert_non_null(strstr(a.body, "cimtwin_devices 1\n"));
    answer_free(&a);
}

static void twin_summary(void **state) {
    const twin *t = *state;
    json_t *summary = get_json(t, "/twin", 200);
    assert_string_equal(text_of(summary, "crs"), TWIN_CRS);
    assert_string_equal(text_of(summary, "attribution"), "Town & <b>mappers</b>");
    assert_int_equal(json_array_size(json_object_get(summary, "bounds")), 4);
    assert_true(json_is_null(json_object_get(summary, "terrain"))); // none imported
    size_t i;
    json_t *c;
    bool found = false;
    json_array_foreach(json_object_get(summary, "collections"), i, c) {
        if (strcmp(text_of(c, "id"), "buildings") != 0) continue;
        found = true;
        assert_int_equal(json_integer_value(json_object_get(c, "count")), N_BUILDINGS);
        assert_true(*text_of(json_object_get(c, "title"), "zh"));
    }
    assert_true(found);
    json_decref(summary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(landing_links_lead_somewhere),
        cmocka_unit_test(conformance_names_classes),
        cmocka_unit_test(openapi_equals_the_routes),
        cmocka_unit_test(openapi_tells_what_is_served),
        cmocka_unit_test(formats_that_are_not_there),
        cmocka_unit_test(collections_follow_the_standard),
        cmocka_unit_test(collection_tells_extent_and_crs),
        cmocka_unit_test(queryables_are_a_schema),
        cmocka_unit_test(pages_are_plain_and_strict),
        cmocka_unit_test(console_files),
        cmocka_unit_test(health_and_metrics),
        cmocka_unit_test(twin_summary),
    };
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
