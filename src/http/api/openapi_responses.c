// What a route may answer, for the API's document: its formats and statuses follow from the facts
// in the route table.
#include <stdio.h>
#include <string.h>

#include "http/api/internal.h"

static const ct_http_param *param_of(const ct_http_route *route, const char *name) {
    for (size_t i = 0; i < route->n_params; i++)
        if (strcmp(route->params[i].name, name) == 0) return &route->params[i];
    return NULL;
}

static bool is_json(const char *type) {
    const size_t n = strcspn(type, "; ");
    return n > 4 && strncmp(type + n - 4, "json", 4) == 0;
}

static void write_media(ct_jsonw *w, const char *type, const char *schema) {
    ct_jsonw_key(w, type);
    ct_jsonw_object(w);
    ct_jsonw_key(w, "schema");
    ct_jsonw_object(w);
    if (schema && is_json(type)) {
        char reference[96];
        snprintf(reference, sizeof reference, "#/components/schemas/%s", schema);
        ct_jsonw_kv_string(w, "$ref", reference);
    } else {
        ct_jsonw_kv_string(w, "type", is_json(type) ? "object" : "string");
        if (!is_json(type) && strncmp(type, "text/", 5) != 0)
            ct_jsonw_kv_string(w, "format", "binary");
    }
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

// A page for people is offered where parameter f names it.
static void write_content(ct_jsonw *w, const ct_http_route *route) {
    const ct_http_param *f = param_of(route, "f");
    ct_jsonw_key(w, "content");
    ct_jsonw_object(w);
    write_media(w, route->type, route->answers);
    if (f && strstr(f->schema, "\"html\"")) write_media(w, "text/html", NULL);
    ct_jsonw_end_object(w);
}

void ct_api__openapi_body(ct_jsonw *w, const ct_http_route *route) {
    ct_jsonw_key(w, "requestBody");
    ct_jsonw_object(w);
    ct_jsonw_kv_bool(w, "required", true);
    ct_jsonw_key(w, "content");
    ct_jsonw_object(w);
    write_media(w, route->body, route->takes);
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

static const char *good_words(const ct_http_route *route, int status) {
    switch (status) {
    case 201: return "It is accepted and waits or runs; Location names it";
    case 204: return "Done, or nothing is there: no body";
    case 206: return "The part that Range asks for";
    default: return route->summary;
    }
}

static void write_good(ct_jsonw *w, const ct_http_route *route, int status) {
    char code[16];
    snprintf(code, sizeof code, "%d", status);
    ct_jsonw_key(w, code);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "description", good_words(route, status));
    if (route->type && status != 204) write_content(w, route);
    ct_jsonw_end_object(w);
}

static void write_reference(ct_jsonw *w, const char *code, const char *to) {
    char reference[96];
    snprintf(reference, sizeof reference, "#/components/responses/%s", to);
    ct_jsonw_key(w, code);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "$ref", reference);
    ct_jsonw_end_object(w);
}

// Statuses in ascending order, each once.
static void write_problems(ct_jsonw *w, const ct_http_route *route) {
    const bool in_path = strchr(route->path, '{') != NULL;
    const bool writes = route->method != CT_HTTP_GET;
    const struct {
        const char *code;
        bool here;
    } problems[] = {{"400", true},
                    {"403", writes},
                    {"404", in_path},
                    {"406", param_of(route, "f") != NULL},
                    {"409", false},
                    {"413", route->body != NULL},
                    {"415", route->body != NULL},
                    {"416", false},
                    {"500", true},
                    {"503", false}};
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        if (problems[i].here || (route->problems && strstr(route->problems, problems[i].code)))
            write_reference(w, problems[i].code, "problem");
    write_reference(w, "default", "other");
}

void ct_api__openapi_responses(ct_jsonw *w, const ct_http_route *route) {
    const int status = route->status ? route->status : 200;
    ct_jsonw_key(w, "responses");
    ct_jsonw_object(w);
    write_good(w, route, status);
    if (route->also) write_good(w, route, route->also);
    if (route->tagged) write_reference(w, "304", "unchanged");
    write_problems(w, route);
    ct_jsonw_end_object(w);
}

void ct_api__openapi_components(ct_jsonw *w) {
    static const char responses[] =
        "{\"problem\":{\"description\":\"What was wrong (RFC 9457)\",\"content\":"
        "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}},"
        "\"other\":{\"description\":\"Any other problem: 405 for a method that the resource does "
        "not "
        "have (Allow names those it has), 414 and 431 for too long a request, 503 while too much "
        "is asked for\",\"content\":"
        "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}},"
        "\"unchanged\":{\"description\":\"What If-None-Match names is still the newest: no "
        "body\"}}";
    ct_jsonw_key(w, "responses");
    ct_jsonw_raw(w, responses, sizeof responses - 1);
}
