// Small things every topic needs: links, the class of a path, ETags, the choice between JSON and
// HTML.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
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

static void add_catalogue(ct_hash *hash, const ct_catalogue *catalogue) {
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        const ct_class *cls = ct_catalogue_at(catalogue, i);
        ct_hash_add_text(hash, cls->collection);
        ct_hash_add_text(hash, cls->title_en);
        ct_hash_add_text(hash, cls->title_zh);
        for (size_t k = 0; k < cls->n_attrs; k++) {
            ct_hash_add_text(hash, cls->attrs[k].name);
            ct_hash_add_text(hash, cls->attrs[k].title_en);
            ct_hash_add_text(hash, cls->attrs[k].title_zh);
        }
    }
}

// Another program may write the same features in another way: its file stands for it.
static void add_program(ct_hash *hash) {
    char *path = NULL;
    ct_hash_add_text(hash, CT_VERSION);
    if (ct_program_path(&path) != CT_OK) return;
    const int64_t file[2] = {ct_file_size(path), ct_file_mtime_us(path)};
    ct_hash_add(hash, file, sizeof file);
    ct_free(path);
}

ct_err ct_api__make_stamp(ct_api *api, ct_reader *reader) {
    char *created = NULL;
    CT_TRY(ct_reader_get_meta(&created, reader, "created"));
    ct_hash *hash = ct_hash_new();
    if (hash) {
        ct_hash_add_text(hash, created);
        ct_hash_add_text(hash, ct_store_title(api->parts.store));
        add_catalogue(hash, ct_store_catalogue(api->parts.store));
        add_program(hash);
        ct_hash_hex(api->stamp, ct_hash_get(hash));
    }
    ct_hash_free(hash);
    ct_free(created);
    return hash ? CT_OK : CT_NOMEM;
}

// Links begin with it; known only once the server is there.
void ct_api__stamp_address(ct_api *api, const char *public_url) {
    char text[512];
    const int n = snprintf(text, sizeof text, "%s %s", api->stamp, public_url);
    const size_t used = (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    ct_hash_hex(api->stamp, ct_hash_bytes(text, used));
    api->stamp[16] = 0; // half of it tells well enough
}

static uint64_t mark_of(ct_api *api, ct_reader *reader, int64_t version) {
    ct_api__mark *kept = &api->marks[(uint64_t)version % CT_API__MARKS];
    uint64_t mark = 0;
    pthread_mutex_lock(&api->marks_lock);
    const bool known = kept->version == version;
    if (known) mark = kept->mark;
    pthread_mutex_unlock(&api->marks_lock);
    if (known) return mark;
    if (ct_reader_change_mark(&mark, reader, version) != CT_OK)
        return (uint64_t)ct_clock_now_us(ct_clock_real()); // matches nothing: the answer is sent
    pthread_mutex_lock(&api->marks_lock);
    *kept = (ct_api__mark){version, mark};
    pthread_mutex_unlock(&api->marks_lock);
    return mark;
}

bool ct_api__not_modified(ct_api *api, ct_http_req *req, ct_http_res *res, ct_reader *reader,
                          int64_t version, const char *form) {
    char etag[128];
    const uint64_t mark = reader && version > 0 ? mark_of(api, reader, version) : 0;
    snprintf(etag, sizeof etag, "%s-%lld-%llx-%s", api->stamp, (long long)version,
             (unsigned long long)mark, form);
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
