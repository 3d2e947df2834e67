// What a feature's source says of it beyond the class's attributes: property and quantity sets of
// building models, generic attributes of city models, and what its body is made of.
#include <string.h>

#include "http/api/internal.h"

// ---- JSON ---------------------------------------------------------------------------------------

static void write_sets(ct_jsonw *w, const ct_property *properties, size_t n) {
    ct_jsonw_key(w, "sets");
    ct_jsonw_array(w);
    for (size_t i = 0; i < n;) { // they are in order of their sets
        const char *set = properties[i].set;
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", set);
        ct_jsonw_key(w, "properties");
        ct_jsonw_array(w);
        for (; i < n && strcmp(properties[i].set, set) == 0; i++) {
            ct_jsonw_object(w);
            ct_jsonw_kv_string(w, "name", properties[i].name);
            ct_jsonw_key(w, "value");
            ct_value_write_json(w, &properties[i].value);
            if (*properties[i].unit) ct_jsonw_kv_string(w, "unit", properties[i].unit);
            ct_jsonw_end_object(w);
        }
        ct_jsonw_end_array(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static void write_lods(ct_jsonw *w, const ct_body *body) {
    unsigned lods = 0;
    for (size_t i = 0; i < body->n_parts; i++) lods |= 1U << body->parts[i].lod;
    ct_jsonw_key(w, "levelsOfDetail");
    ct_jsonw_array(w);
    for (int lod = 0; lod < 8; lod++)
        if (lods & 1U << lod) ct_jsonw_int(w, lod);
    ct_jsonw_end_array(w);
}

// In the order in which they come, each once; a body has few.
static void write_materials(ct_jsonw *w, const ct_body *body) {
    ct_jsonw_key(w, "materials");
    ct_jsonw_array(w);
    for (size_t i = 0; i < body->n_parts; i++) {
        const char *name = body->parts[i].material.name;
        bool known = !*name;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(name, body->parts[k].material.name) == 0;
        if (!known) ct_jsonw_string(w, name);
    }
    ct_jsonw_end_array(w);
}

static void write_body(ct_jsonw *w, const ct_body *body) {
    ct_box3 box;
    int64_t triangles = 0;
    ct_jsonw_key(w, "body");
    if (!body->n_parts) {
        ct_jsonw_null(w);
        return;
    }
    for (size_t i = 0; i < body->n_parts; i++) triangles += body->parts[i].mesh->n_triangles;
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "parts", (int64_t)body->n_parts);
    ct_jsonw_kv_int(w, "triangles", triangles);
    write_lods(w, body);
    write_materials(w, body);
    if (ct_body_box(&box, body)) {
        ct_jsonw_key(w, "box");
        ct_jsonw_array(w);
        for (int k = 0; k < 3; k++) ct_jsonw_fixed(w, box.min[k], 3);
        for (int k = 0; k < 3; k++) ct_jsonw_fixed(w, box.max[k], 3);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
}

typedef struct known_more { // in the request's arena
    ct_feature feature;
    const ct_property *properties;
    size_t n;
    ct_body body;
} known_more;

static ct_err read_more(known_more *out, ct_arena *arena, ct_reader *reader, const ct_class *cls,
                        const char *id) {
    const ct_err err = ct_reader_get(&out->feature, arena, reader, cls, id);
    if (err == CT_NOTFOUND)
        return ct_fail(CT_NOTFOUND, "%s has no feature \"%s\"", cls->collection, id);
    CT_TRY(err);
    CT_TRY(ct_reader_properties(&out->properties, &out->n, arena, reader, cls, out->feature.fid));
    return ct_reader_body(&out->body, arena, reader, cls, out->feature.fid);
}

static ct_err answer(const known_more *k, ct_http_req *req, ct_http_res *res) {
    const char *c = k->feature.cls->collection, *id = k->feature.id, *base = ct_http_req_base(req);
    ct_buf out;
    ct_jsonw w;
    ct_buf_init(&out, CT_API__MAX_JSON);
    ct_jsonw_init(&w, &out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "id", id);
    ct_jsonw_kv_string(&w, "collection", c);
    if (k->feature.source_id) ct_jsonw_kv_string(&w, "sourceId", k->feature.source_id);
    write_sets(&w, k->properties, k->n);
    write_body(&w, &k->body);
    ct_jsonw_key(&w, "links");
    ct_jsonw_array(&w);
    ct_api__link(&w, base, "self", CT_API__JSON, "These property sets",
                 "/collections/%s/items/%s/property-sets", c, id);
    ct_api__link(&w, base, "up", CT_API__GEOJSON, "The feature", "/collections/%s/items/%s?f=json",
                 c, id);
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    return ct_api__answer(res, CT_API__JSON, &out);
}

static ct_err property_sets(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const ct_class *cls;
    CT_TRY(ct_api__class_of(&cls, api, req));
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, api->parts.store));
    known_more k;
    int64_t version = 0;
    ct_err err = ct_reader_class_version(&version, reader, cls);
    if (err == CT_OK)
        err = read_more(&k, ct_http_req_arena(req), reader, cls,
                        ct_http_req_segment(req, "featureId"));
    const bool same = err == CT_OK && ct_api__not_modified(api, req, res, reader, version, "sets");
    ct_reader_release(reader);
    return err != CT_OK || same ? err : answer(&k, req, res);
}

// ---- on the page of a feature -------------------------------------------------------------------

void ct_api__html_sets(ct_buf *out, const ct_property *properties, size_t n) {
    const char *set = NULL;
    for (size_t i = 0; i < n; i++) {
        const ct_property *p = &properties[i];
        if (!set || strcmp(set, p->set) != 0) {
            ct_buf_puts(out, set ? "</table>\n<h2>" : "<h2>");
            ct_api__html(out, *p->set ? p->set : "Properties");
            ct_buf_puts(out, "</h2>\n<table>\n");
            set = p->set;
        }
        ct_buf_puts(out, "<tr><th>");
        ct_api__html(out, p->name);
        ct_buf_puts(out, "</th><td>");
        ct_api__html_value(out, &p->value);
        if (*p->unit) {
            ct_buf_putc(out, ' ');
            ct_api__html(out, p->unit);
        }
        ct_buf_puts(out, "</td></tr>\n");
    }
    if (set) ct_buf_puts(out, "</table>\n");
}

static const ct_http_param f_json[] = {CT_API__F_JSON};
static const ct_http_route route = {
    .method = CT_HTTP_GET,
    .path = "/collections/{collectionId}/items/{featureId}/property-sets",
    .handler = property_sets,
    .name = "getPropertySets",
    .tagged = true,
    .answers = "propertySets",
    .summary = "Property sets of a feature as its source gave them, and what its body is made of",
    .tag = "Features",
    .type = CT_API__JSON,
    .params = f_json,
    .n_params = 1};

ct_err ct_api__property_sets(ct_http *http, ct_api *api) {
    return ct_api__add_all(http, api, &route, 1);
}
