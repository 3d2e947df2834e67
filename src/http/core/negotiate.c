// Content negotiation: media types (RFC 9110, 12.5.1), compression (12.5.3), entity tags (13.1.2).
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/core/internal.h"

typedef struct element { // one of a comma-separated list
    const char *value;   // trimmed, without parameters
    size_t length;
    double q;
} element;

// The weight among the parameters in [at, end), 1 if there is none.
static double weight(const char *at, const char *end) {
    while (at < end) {
        const char *next = memchr(at, ';', (size_t)(end - at));
        const char *stop = next ? next : end;
        while (at < stop && isspace((unsigned char)*at)) at++;
        if (stop - at > 2 && (at[0] == 'q' || at[0] == 'Q') && at[1] == '=') {
            char digits[8] = {0};
            size_t n = (size_t)(stop - at - 2);
            memcpy(digits, at + 2, n < sizeof digits - 1 ? n : sizeof digits - 1);
            double q = isdigit((unsigned char)digits[0]) ? strtod(digits, NULL) : 0.0;
            return q > 1.0 ? 1.0 : q;
        }
        at = stop + 1;
    }
    return 1.0;
}

// Takes the next element of `*list`; false at the end.
static bool next_element(element *out, const char **list) {
    const char *at = *list;
    while (*at == ',' || isspace((unsigned char)*at)) at++;
    if (!*at) return false;
    const char *end = at + strcspn(at, ",");
    const char *semicolon = memchr(at, ';', (size_t)(end - at));
    const char *stop = semicolon ? semicolon : end;
    while (stop > at && isspace((unsigned char)stop[-1])) stop--;
    *out = (element){at, (size_t)(stop - at), semicolon ? weight(semicolon + 1, end) : 1.0};
    *list = end;
    return true;
}

// How exactly a range of Accept names the type: 0 not, 1 by */*, 2 by text/*, 3 wholly.
static int range_matches(const element *range, const char *type) {
    size_t type_length = strcspn(type, "; ");
    size_t slash = strcspn(type, "/");
    if (range->length == 3 && memcmp(range->value, "*/*", 3) == 0) return 1;
    if (range->length == slash + 2 && range->value[slash + 1] == '*' &&
        strncasecmp(range->value, type, slash + 1) == 0)
        return 2;
    return range->length == type_length && strncasecmp(range->value, type, type_length) == 0 ? 3
                                                                                             : 0;
}

static double quality(const char *accept, const char *type) {
    double q = 0.0;
    int best = 0;
    element range;
    while (next_element(&range, &accept)) {
        int exact = range_matches(&range, type);
        if (exact <= best) continue;
        best = exact;
        q = range.q;
    }
    return q;
}

static ct_err unknown_format(const char *f, const ct_http_media *offers, size_t n_offers) {
    char list[128] = "";
    for (size_t i = 0; i < n_offers; i++) {
        const size_t used = strlen(list);
        if (i && strcmp(offers[i].name, offers[i - 1].name) == 0) continue; // one name, two types
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", offers[i].name);
    }
    return ct_fail(CT_ARG, "parameter f: there is no format \"%s\" here, only %s", f, list);
}

ct_err ct_http_negotiate(size_t *chosen, ct_http_req *req, ct_http_res *res,
                         const ct_http_media *offers, size_t n_offers) {
    ct_http_res_header(res, "Vary", "Accept");
    const char *f = ct_http_req_param(req, "f");
    if (f) {
        for (size_t i = 0; i < n_offers; i++) {
            if (strcmp(f, offers[i].name) != 0 && strcmp(f, offers[i].type) != 0) continue;
            *chosen = i;
            return CT_OK;
        }
        return unknown_format(f, offers, n_offers);
    }
    const char *accept = ct_http_req_header(req, "Accept");
    if (!accept || !accept[strspn(accept, " \t,")]) { // an empty list wishes nothing
        *chosen = 0;
        return CT_OK;
    }
    double best = 0.0;
    for (size_t i = 0; i < n_offers; i++) {
        double q = quality(accept, offers[i].type);
        if (q <= best) continue;
        best = q;
        *chosen = i;
    }
    if (best > 0.0) return CT_OK;
    (void)ct_http_res_problem(req, res, 406, "none of the formats here is acceptable (Accept: %s)",
                              accept);
    return ct_fail(CT_UNSUPPORTED, "no acceptable format");
}

bool ct_http__accepts_gzip(const ct_http_req *req) {
    const char *list = req->accept_encoding;
    if (!list) return false;
    double q = 0.0;
    bool named = false;
    element coding;
    while (next_element(&coding, &list)) {
        bool gzip = (coding.length == 4 && strncasecmp(coding.value, "gzip", 4) == 0) ||
                    (coding.length == 6 && strncasecmp(coding.value, "x-gzip", 6) == 0);
        bool any = coding.length == 1 && *coding.value == '*';
        if (gzip || (any && !named)) q = coding.q;
        named |= gzip;
    }
    return q > 0.0;
}

bool ct_http__compressible(const char *type) {
    size_t n = strcspn(type, "; ");
    static const char *const ends[] = {"json", "xml", "javascript", "mapbox-vector-tile", "csv"};
    if (strncmp(type, "text/", 5) == 0 && strncmp(type, "text/event-stream", 17) != 0) return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(ends[i]);
        if (n >= length && strncmp(type + n - length, ends[i], length) == 0) return true;
    }
    return false;
}

// Weak comparison: W/ does not count.
bool ct_http__etag_listed(const char *if_none_match, const char *etag) {
    const char *list = if_none_match;
    element tag;
    if (strncmp(etag, "W/", 2) == 0) etag += 2;
    size_t length = strlen(etag);
    while (next_element(&tag, &list)) {
        if (tag.length == 1 && *tag.value == '*') return true;
        if (tag.length > 2 && memcmp(tag.value, "W/", 2) == 0) {
            tag.value += 2;
            tag.length -= 2;
        }
        if (tag.length == length && memcmp(tag.value, etag, length) == 0) return true;
    }
    return false;
}

const char *ct_http__weak_etag(ct_arena *arena, const char *etag) {
    const char *mark = *etag == '"' ? "" : "\"";
    return ct_arena_printf(arena, "W/%s%s%s", mark, etag, mark);
}

bool ct_http_not_modified(ct_http_req *req, ct_http_res *res, const char *etag) {
    const char *text = ct_http__weak_etag(req->arena, etag);
    if (!text) return false;
    ct_http_res_header(res, "ETag", text);
    const char *wanted = req->if_none_match;
    if (!wanted || req->method != CT_HTTP_GET || !ct_http__etag_listed(wanted, text)) return false;
    ct_http_res_status(res, 304);
    res->unchanged = true;
    return true;
}
