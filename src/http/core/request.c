// The request: its path and query cut and decoded here (not by the wire library, which decodes %2F
// before anybody can tell it from a slash), parameters, headers, body.
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "http/core/internal.h"

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Most texts: ASCII that stands for itself, and no separator. Looks at all of it, without a branch,
// so that the compiler takes many bytes at a time.
static bool is_plain(const char *text, size_t n) {
    unsigned char other = 0;
    for (size_t i = 0; i < n; i++) {
        const signed char c = (signed char)text[i];
        other |= (unsigned char)((c <= 0) | (c == '%') | (c == '+') | (c == '\\'));
    }
    return !other;
}

// Decodes [text, text + n) into the arena.
static ct_err decode(const char **out, ct_arena *arena, const char *text, size_t n, bool in_query) {
    char *to = ct_arena_alloc(arena, n + 1);
    if (!to) return CT_NOMEM;
    *out = to;
    if (is_plain(text, n)) {
        memcpy(to, text, n);
        to[n] = '\0';
        return CT_OK;
    }
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int high = n - i > 2 ? hex(text[i + 1]) : -1;
            int low = n - i > 2 ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return ct_fail(CT_PARSE, "a %% without two hexadecimal digits");
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && in_query) {
            c = ' ';
        }
        if (c == '\0') return ct_fail(CT_PARSE, "a NUL byte");
        to[used++] = c;
    }
    to[used] = '\0';
    if (!ct_utf8_valid(to, used)) return ct_fail(CT_PARSE, "text that is not UTF-8");
    return CT_OK;
}

static ct_err check_dots(const char *segment) {
    if (segment[0] == '.' && (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0))
        return ct_fail(CT_PARSE, "a dot segment");
    return CT_OK;
}

// One decoded segment may not walk the file tree or hide a separator.
static ct_err check_segment(const char *segment) {
    CT_TRY(check_dots(segment));
    if (strpbrk(segment, "/\\")) return ct_fail(CT_PARSE, "an encoded separator");
    return CT_OK;
}

// req->path of the decoded segments: never longer than the path as it came.
static ct_err join_path(ct_http_req *req) {
    size_t length = strlen(req->raw_path);
    char *path = ct_arena_alloc(req->arena, length + 1), *to = path;
    if (!path) return CT_NOMEM;
    for (size_t i = 0; i < req->n_segments; i++) {
        size_t n = strlen(req->segments[i]);
        *to++ = '/';
        memcpy(to, req->segments[i], n);
        to += n;
    }
    if (length == 1 || req->raw_path[length - 1] == '/') *to++ = '/';
    *to = '\0';
    req->path = path;
    return CT_OK;
}

// A path of ASCII that stands for itself is its own decoded form: one copy, cut in place.
static ct_err cut_plain_path(ct_http_req *req, size_t length) {
    char *at = ct_arena_alloc(req->arena, length + 1);
    if (!at) return CT_NOMEM;
    memcpy(at, req->raw_path, length + 1);
    req->path = req->raw_path;
    for (at++; *at;) {
        if (req->n_segments == CT_HTTP__MAX_SEGMENTS)
            return ct_fail(CT_LIMIT, "more than %d segments", CT_HTTP__MAX_SEGMENTS);
        req->segments[req->n_segments++] = at;
        char *end = strchr(at, '/');
        if (end) *end = '\0';
        CT_TRY(check_dots(at));
        if (!end) break; // a slash at the end adds no segment: /collections/ is /collections
        at = end + 1;
    }
    return CT_OK;
}

static ct_err parse_path(ct_http_req *req) {
    const size_t length = strlen(req->raw_path);
    if (is_plain(req->raw_path, length)) return cut_plain_path(req, length);
    const char *at = req->raw_path + 1;
    while (*at) {
        const char *end = strchr(at, '/');
        size_t n = end ? (size_t)(end - at) : strlen(at);
        if (req->n_segments == CT_HTTP__MAX_SEGMENTS)
            return ct_fail(CT_LIMIT, "more than %d segments", CT_HTTP__MAX_SEGMENTS);
        const char **segment = &req->segments[req->n_segments];
        CT_TRY(decode(segment, req->arena, at, n, false));
        CT_TRY(check_segment(*segment));
        req->n_segments++;
        if (!end) break;
        at = end + 1;
    }
    return join_path(req);
}

static ct_err parse_query(ct_http_req *req) {
    if (!*req->raw_query) return CT_OK;
    size_t room = 1;
    for (const char *at = req->raw_query; *at && room < CT_HTTP__MAX_PARAMS; at++)
        room += *at == '&';
    req->params = ct_arena_calloc(req->arena, room, sizeof *req->params);
    if (!req->params) return CT_NOMEM;
    for (const char *at = req->raw_query; *at;) {
        size_t n = strcspn(at, "&");
        if (n > 0) {
            if (req->n_params == CT_HTTP__MAX_PARAMS)
                return ct_fail(CT_PARSE, "more than %d query parameters", CT_HTTP__MAX_PARAMS);
            ct_http__pair *pair = &req->params[req->n_params];
            const char *equals = memchr(at, '=', n);
            size_t name_length = equals ? (size_t)(equals - at) : n;
            CT_TRY(decode(&pair->name, req->arena, at, name_length, true));
            if (equals)
                CT_TRY(decode(&pair->value, req->arena, equals + 1, n - name_length - 1, true));
            else
                pair->value = "";
            if (!*pair->name) return ct_fail(CT_PARSE, "a query parameter without a name");
            req->n_params++;
        }
        at += n;
        if (*at == '&') at++;
    }
    return CT_OK;
}

// The absolute form (RFC 9112, 3.2.2): the host in it goes before the header field.
static ct_err cut_authority(ct_http_req *req) {
    static const char scheme[] = "http://";
    const size_t n = strlen(scheme);
    if (strncasecmp(req->raw_path, scheme, n) != 0) return CT_OK;
    const char *host = req->raw_path + n, *path = host + strcspn(host, "/");
    req->host = ct_arena_strndup(req->arena, host, (size_t)(path - host));
    if (!req->host) return CT_NOMEM;
    if (!ct_http__host_ok(req->host)) return ct_fail(CT_PARSE, "the address names no host");
    req->raw_path = *path ? path : "/";
    return CT_OK;
}

ct_err ct_http__parse_uri(ct_http_req *req) {
    const char *question = strchr(req->uri, '?');
    req->raw_query = question ? question + 1 : "";
    req->raw_path =
        question ? ct_arena_strndup(req->arena, req->uri, (size_t)(question - req->uri)) : req->uri;
    if (!req->raw_path) return CT_NOMEM;
    CT_TRY(cut_authority(req));
    if (req->raw_path[0] != '/') return ct_fail(CT_PARSE, "the path does not start with /");
    CT_TRY(ct_context(parse_path(req), "path"));
    return ct_context(parse_query(req), "query");
}

static const ct_http_param *known_param(const ct_http_route *route, const char *name) {
    for (size_t i = 0; i < route->n_params; i++)
        if (strcmp(route->params[i].name, name) == 0) return &route->params[i];
    return NULL;
}

bool ct_http_route_takes_json(const ct_http_route *route) {
    return route->method == CT_HTTP_GET && route->type &&
           strcmp(route->type, "application/json") == 0 && !route->open_params &&
           !known_param(route, "f");
}

// Of a route that names no formats to choose from.
static ct_err no_format(const ct_http_route *route, const char *asked) {
    if (ct_http_route_takes_json(route))
        return ct_fail(CT_ARG, "parameter f: there is no format \"%s\" here, only json", asked);
    return ct_fail(CT_ARG, "parameter f: there is no format to choose here%s%s",
                   route->type ? "; the answer is " : "", route->type ? route->type : "");
}

ct_err ct_http__check_params(const ct_http_req *req) {
    const ct_http_route *route = req->entry->route;
    for (size_t i = 0; i < req->n_params; i++) {
        const char *name = req->params[i].name;
        if (!known_param(route, name)) {
            if (route->open_params) continue;
            if (ct_http_route_takes_json(route) && strcmp(name, "f") == 0 &&
                strcmp(req->params[i].value, "json") == 0)
                continue;
            return strcmp(name, "f") == 0 ? no_format(route, req->params[i].value)
                                          : ct_fail(CT_ARG, "unknown query parameter \"%s\"", name);
        }
        for (size_t k = 0; k < i; k++)
            if (strcmp(req->params[k].name, name) == 0)
                return ct_fail(CT_ARG, "query parameter \"%s\" is given twice", name);
    }
    for (size_t i = 0; i < route->n_params; i++)
        if (route->params[i].required && !ct_http_req_param(req, route->params[i].name))
            return ct_fail(CT_ARG, "query parameter \"%s\" is missing", route->params[i].name);
    return CT_OK;
}

// A Host header goes into links: only what a host and a port are made of.
bool ct_http__host_ok(const char *host) {
    size_t n = 0;
    for (; host[n]; n++) {
        const unsigned char c = (unsigned char)host[n], letter = c | 0x20;
        const bool ok = (letter >= 'a' && letter <= 'z') || (c >= '-' && c <= ':' && c != '/') ||
                        c == '_' || c == '[' || c == ']';
        if (!ok) return false;
    }
    return n > 0 && n < 256;
}

const char *ct_http_req_path(const ct_http_req *req) {
    return req->path;
}
ct_arena *ct_http_req_arena(ct_http_req *req) {
    return req->arena;
}

const char *ct_http__make_id(ct_http_req *req) {
    if (!req->id)
        req->id = ct_arena_printf(req->arena, "%08x-%llx", (unsigned)req->http->start_stamp,
                                  (unsigned long long)atomic_fetch_add(&req->http->ids, 1));
    return req->id ? req->id : "";
}

const char *ct_http_req_id(ct_http_req *req) {
    static const char k_allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
    const char *sent = req->id ? NULL : ct_http_req_header(req, "X-Request-Id");
    const size_t n = sent ? strspn(sent, k_allowed) : 0;
    if (n > 0 && n <= 64 && !sent[n]) req->id = ct_arena_strdup(req->arena, sent);
    return ct_http__make_id(req);
}

const char *ct_http_req_base(ct_http_req *req) {
    if (req->base) return req->base;
    const char *host = req->host ? req->host : ct_http_req_header(req, "Host");
    if (!req->http->public_url && host && ct_http__host_ok(host))
        req->base = ct_arena_printf(req->arena, "http://%s", host);
    if (!req->base) req->base = ct_http_url(req->http);
    return req->base;
}

const char *ct_http_req_param(const ct_http_req *req, const char *name) {
    for (size_t i = 0; i < req->n_params; i++)
        if (strcmp(req->params[i].name, name) == 0) return req->params[i].value;
    return NULL;
}

size_t ct_http_req_param_count(const ct_http_req *req) {
    return req->n_params;
}

const char *ct_http_req_param_at(const ct_http_req *req, size_t index, const char **value) {
    *value = req->params[index].value;
    return req->params[index].name;
}

ct_err ct_http_req_int(int64_t *out, const ct_http_req *req, const char *name, int64_t otherwise,
                       int64_t min, int64_t max) {
    const char *text = ct_http_req_param(req, name);
    if (!text) {
        *out = otherwise;
        return CT_OK;
    }
    char *end;
    long long value = strtoll(text, &end, 10); // the largest for what has more digits
    if (end == text || *end || isspace((unsigned char)*text))
        return ct_fail(CT_PARSE, "parameter %s: \"%s\" is not a whole number", name, text);
    if (value < min)
        return ct_fail(CT_RANGE, "parameter %s: %s is less than %lld", name, text, (long long)min);
    if (value > max)
        return ct_fail(CT_RANGE, "parameter %s: %s is more than %lld", name, text, (long long)max);
    *out = value;
    return CT_OK;
}

ct_err ct_http_req_double(double *out, const ct_http_req *req, const char *name, double otherwise,
                          double min, double max) {
    const char *text = ct_http_req_param(req, name);
    if (!text) {
        *out = otherwise;
        return CT_OK;
    }
    // strtod alone would take hexadecimal, infinity and the like
    char *end = NULL;
    double value = strspn(text, "0123456789+-.eE") == strlen(text) ? strtod(text, &end) : 0.0;
    if (!end || end == text || *end)
        return ct_fail(CT_PARSE, "parameter %s: \"%s\" is not a number", name, text);
    if (!isfinite(value) || value < min || value > max)
        return ct_fail(CT_RANGE, "parameter %s: %s is not in %g..%g", name, text, min, max);
    *out = value;
    return CT_OK;
}

const char *ct_http_req_header(const ct_http_req *req, const char *name) {
    return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

const void *ct_http_req_body(const ct_http_req *req, size_t *length) {
    *length = req->body.len;
    return req->body.len ? req->body.data : "";
}

bool ct_http__body_ok(const ct_http_req *req) {
    const char *type = req->entry->route->body;
    if (!type) return true;
    const char *sent = ct_http_req_header(req, "Content-Type");
    size_t n = strlen(type);
    return sent && strncasecmp(sent, type, n) == 0 && (!sent[n] || strchr("; \t", sent[n]));
}

// Writes the text percent-encoded at `to`, without a NUL; returns its end.
static char *encode(char *to, const char *text) {
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c < 0x80 && isalnum(c)) || strchr("-._~", c)) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        }
    }
    return to;
}

const char *ct_http_encode(ct_arena *arena, const char *text) {
    size_t n = strlen(text);
    char *out = n < SIZE_MAX / 3 ? ct_arena_alloc(arena, 3 * n + 1) : NULL;
    if (out) *encode(out, text) = '\0';
    return out;
}

static bool is_named(const char *const *names, const char *name) {
    for (; *names; names++)
        if (strcmp(*names, name) == 0) return true;
    return false;
}

const char *ct_http_req_query_without(ct_http_req *req, const char *const *names) {
    // An encoded text is at most three times as long; & or = and the end are one more.
    size_t room = 1;
    for (size_t i = 0; i < req->n_params; i++)
        room += 3 * (strlen(req->params[i].name) + strlen(req->params[i].value)) + 2;
    char *query = ct_arena_alloc(req->arena, room), *to = query;
    if (!query) return NULL;
    for (size_t i = 0; i < req->n_params; i++) {
        if (is_named(names, req->params[i].name)) continue;
        if (to > query) *to++ = '&';
        to = encode(to, req->params[i].name);
        *to++ = '=';
        to = encode(to, req->params[i].value);
    }
    *to = '\0';
    return query;
}
