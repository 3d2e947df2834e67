// Small things every topic needs: links, the class of a path, ETags, the choice between JSON and
// HTML.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "http/api/internal.h"

void ct_api__link(ct_jsonw *w, const char *base, const char *rel, const char *type,
                  const char *title, const char *path, ...) {
    char tail[10240];
    va_list args;
    va_start(args, path);
    int n = vsnprintf(tail, sizeof tail, path, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof tail) return; // a cut link would be a wrong one
    char href[sizeof tail + 512];
    n = snprintf(href, sizeof href, "%s%s", base, tail);
    if (n < 0 || (size_t)n >= sizeof href) return;
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "href", href);
    ct_jsonw_kv_string(w, "rel", rel);
    if (type) ct_jsonw_kv_string(w, "type", type);
    if (title) ct_jsonw_kv_string(w, "title", title);
    ct_jsonw_end_object(w);
}

ct_err ct_api__class_of(const ct_class **out, const ct_api *api, const ct_http_req *req) {
    const char *name = ct_http_req_segment(req, "collectionId");
    const ct_class *cls = ct_catalogue_by_collection(ct_store_catalogue(api->parts.store), name);
    if (!cls) return ct_fail(CT_NOTFOUND, "there is no collection \"%s\"", name);
    *out = cls;
    return CT_OK;
}

bool ct_api__not_modified(ct_api *api, ct_http_req *req, ct_http_res *res, int64_t version,
                          const char *form) {
    char etag[96];
    snprintf(etag, sizeof etag, "%s-%lld-%s", api->stamp, (long long)version, form);
    ct_http_res_header(res, "Cache-Control", "no-cache");
    return ct_http_not_modified(req, res, etag);
}

ct_err ct_api__wants_html(bool *html, ct_http_req *req, ct_http_res *res, const char *type) {
    const ct_http_media offers[] = {{"json", type}, {"json", CT_API__JSON}, {"html", CT_API__HTML}};
    size_t chosen = 0;
    CT_TRY(ct_http_negotiate(&chosen, req, res, offers, 3));
    *html = chosen == 2;
    return CT_OK;
}

ct_err ct_api__answer(ct_http_res *res, const char *type, ct_buf *body) {
    ct_err err = ct_http_res_buf(res, type, body);
    ct_buf_fini(body);
    return err;
}

void ct_api__now(char out[32]) {
    ct_time_format(out, ct_clock_now_us(ct_clock_real()));
}

void ct_api__write_title(ct_jsonw *w, const char *key, const char *en, const char *zh) {
    ct_jsonw_key(w, key);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "en", en);
    ct_jsonw_kv_string(w, "zh", zh);
    ct_jsonw_end_object(w);
}

ct_err ct_api__add_all(ct_http *http, ct_api *api, const ct_http_route *routes, size_t n) {
    for (size_t i = 0; i < n; i++) CT_TRY(ct_http_add_route(http, &routes[i], api));
    return CT_OK;
}
