// Ready answers: wire responses with all their headers, made once and shared by requests on any
// thread. Making a response anew (each header is copied three times by the wire library) costs more
// than finding a kept tile.
#include <string.h>

#include "base/mem.h"
#include "http/core/internal.h"

struct ct_http_ready {
    struct MHD_Response *full, *unchanged;
    ct_http_ready_form form; // its texts are in `texts`
    const char *etag;        // as it is sent
    ct_arena *texts;
};

static struct MHD_Response *wire_form(const ct_http_ready *ready, bool full) {
    static char nothing[1];
    const ct_http_ready_form *form = &ready->form;
    const bool body = full && form->length > 0;
    struct MHD_Response *wire = MHD_create_response_from_buffer(
        body ? form->length : 0, body ? (void *)(uintptr_t)form->bytes : nothing,
        MHD_RESPMEM_PERSISTENT);
    if (!wire) return NULL;
    if (body) MHD_add_response_header(wire, "Content-Type", form->type);
    ct_http__add_common_headers(wire, true);
    MHD_add_response_header(wire, "Cache-Control", form->cache_control);
    MHD_add_response_header(wire, "ETag", ready->etag);
    if (body && form->gzip) {
        MHD_add_response_header(wire, "Vary", "Accept-Encoding");
        MHD_add_response_header(wire, "Content-Encoding", "gzip");
    }
    return wire;
}

static ct_err fill(ct_http_ready *ready, const ct_http_ready_form *form) {
    ready->texts = ct_arena_new(256, 0);
    if (!ready->texts) return CT_NOMEM;
    ready->form = *form;
    ready->form.type = ct_arena_strdup(ready->texts, form->type);
    ready->form.etag = ct_arena_strdup(ready->texts, form->etag);
    ready->form.cache_control = ct_arena_strdup(ready->texts, form->cache_control);
    ready->etag = ct_http__weak_etag(ready->texts, form->etag);
    if (!ready->form.type || !ready->form.etag || !ready->form.cache_control || !ready->etag)
        return CT_NOMEM;
    ready->full = wire_form(ready, true);
    ready->unchanged = wire_form(ready, false);
    if (!ready->full || !ready->unchanged)
        return ct_fail(CT_NOMEM, "out of memory for a ready answer");
    return CT_OK;
}

ct_err ct_http_ready_new(ct_http_ready **out, const ct_http_ready_form *form) {
    ct_http_ready *ready = ct_calloc(1, sizeof *ready);
    if (!ready) return CT_NOMEM;
    ct_err err = fill(ready, form);
    if (err == CT_OK)
        *out = ready;
    else
        ct_http_ready_free(ready);
    return err;
}

void ct_http_ready_free(ct_http_ready *ready) {
    if (!ready) return;
    // A request that still sends one holds it by the wire library's own count.
    if (ready->full) MHD_destroy_response(ready->full);
    if (ready->unchanged) MHD_destroy_response(ready->unchanged);
    ct_arena_free(ready->texts);
    ct_free(ready);
}

void ct_http_res_ready(ct_http_req *req, ct_http_res *res, const ct_http_ready *ready,
                       void (*release)(void *context), void *context) {
    const ct_http_ready_form *form = &ready->form;
    const char *has = req->if_none_match;
    const bool unchanged =
        has && req->method == CT_HTTP_GET && ct_http__etag_listed(has, ready->etag);
    ct_http__res_drop_body(res);
    ct_http__res_init(res, res->arena);
    if (!unchanged && form->gzip && form->length && !ct_http__accepts_gzip(req)) {
        ct_http_res_header(res, "Cache-Control", form->cache_control);
        ct_http_res_header(res, "ETag", ready->etag);
        ct_http_res_bytes(res, form->type, form->bytes, form->length, true, release, context);
        return;
    }
    res->kind = CT_HTTP__READY;
    res->status = unchanged ? 304 : form->length ? 200 : 204;
    res->ready = unchanged ? ready->unchanged : ready->full;
    res->length = unchanged ? 0 : form->length;
    res->release = release;
    res->context = context;
}
