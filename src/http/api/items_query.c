// The parameters of an items request as a query: limit, bbox, datetime, attributes, CRS, and the
// place where the last page ended.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gzip.h"
#include "http/api/internal.h"

static const char *const known[] = {"f",   "limit",    "bbox",  "bbox-crs",
                                    "crs", "datetime", "after", NULL};

static bool is_known(const char *name) {
    for (const char *const *k = known; *k; k++)
        if (strcmp(*k, name) == 0) return true;
    return false;
}

// The token is the last page's last fid in hexadecimal, and a checksum with the collection's name:
// one that was made up, or belongs to another collection, would silently give the wrong page.
static void write_token(char out[40], const ct_class *cls, int64_t fid) {
    char plain[160];
    const int n =
        snprintf(plain, sizeof plain, "after %s %llx", cls->collection, (unsigned long long)fid);
    snprintf(out, 40, "%llx-%08x", (unsigned long long)fid,
             (unsigned)ct_crc32(0, plain, (size_t)n));
}

static ct_err read_after(ct_api__items_query *q, const ct_class *cls, const ct_http_req *req) {
    const char *text = ct_http_req_param(req, "after");
    if (!text) return CT_OK;
    char token[40] = "";
    const size_t n = strspn(text, "0123456789abcdef");
    const int64_t fid = n > 0 && n < 16 ? (int64_t)strtoull(text, NULL, 16) : 0;
    write_token(token, cls, fid);
    if (strcmp(token, text) != 0)
        return ct_fail(CT_PARSE, "parameter after: take it from a next link, do not make it up");
    q->query.after_fid = fid;
    q->has_after = true;
    return CT_OK;
}

static ct_err read_limit(ct_api__items_query *q, const ct_http_req *req) {
    CT_TRY(ct_http_req_int(&q->limit, req, "limit", CT_API__LIMIT_DEFAULT, 1, INT64_MAX));
    if (q->limit > CT_API__LIMIT_MAX) q->limit = CT_API__LIMIT_MAX;
    q->query.limit = q->limit + 1;
    return CT_OK;
}

static ct_err read_attributes(ct_query *query, const ct_class *cls, ct_http_req *req) {
    for (size_t i = 0; i < ct_http_req_param_count(req); i++) {
        const char *value, *other;
        const char *name = ct_http_req_param_at(req, i, &value);
        if (is_known(name)) continue;
        int attr = ct_class_attr(cls, name);
        if (attr < 0 || cls->attrs[attr].personal)
            return ct_fail(CT_ARG, "unknown query parameter \"%s\"", name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(ct_http_req_param_at(req, k, &other), name) == 0)
                return ct_fail(CT_ARG, "query parameter \"%s\" is given twice", name);
        CT_TRY(ct_context(ct_query_add_filter(query, ct_http_req_arena(req), name, value),
                          "parameter"));
    }
    return CT_OK;
}

ct_err ct_api__items_query_read(ct_api__items_query *out, ct_api *api, const ct_class *cls,
                                ct_http_req *req) {
    ct_api__items_query q = {0};
    ct_query_init(&q.query, cls);
    CT_TRY(ct_api__crs_find(&q.crs, api, cls, "crs", ct_http_req_param(req, "crs")));
    CT_TRY(read_limit(&q, req));
    CT_TRY(read_after(&q, cls, req));
    const char *bbox = ct_http_req_param(req, "bbox"),
               *bbox_crs = ct_http_req_param(req, "bbox-crs");
    if (bbox_crs || bbox) {
        ct_api__crs crs;
        CT_TRY(ct_api__crs_find(&crs, api, cls, "bbox-crs", bbox_crs));
        if (bbox)
            CT_TRY(ct_query_set_bbox(&q.query, bbox, crs.code, crs.swapped, api->twin_crs.code));
    }
    const char *datetime = ct_http_req_param(req, "datetime");
    if (datetime) CT_TRY(ct_query_set_datetime(&q.query, datetime));
    CT_TRY(read_attributes(&q.query, cls, req));
    *out = q;
    return CT_OK;
}

const char *ct_api__next_path(ct_http_req *req, const ct_class *cls, int64_t fid) {
    static const char *const dropped[] = {"after", NULL};
    const char *rest = ct_http_req_query_without(req, dropped);
    if (!rest) return NULL;
    char token[40];
    write_token(token, cls, fid);
    return ct_arena_printf(ct_http_req_arena(req), "/collections/%s/items?%s%safter=%s",
                           cls->collection, rest, *rest ? "&" : "", token);
}
