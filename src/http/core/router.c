// The route table: path templates cut into segments once, listed by the number of their segments
// and matched segment by segment.
#include <string.h>

#include "base/mem.h"
#include "http/core/internal.h"

void ct_http__entry_fini(ct_http__entry *entry) {
    ct_free(entry->storage);
}

// Cuts "/a/{b}/{rest...}" in place.
static ct_err cut(ct_http__entry *entry, char *path, const char *original) {
    if (path[0] != '/') return ct_fail(CT_ARG, "route %s does not start with /", original);
    char *at = path + 1;
    while (*at) {
        if (entry->n_segments == CT_HTTP__MAX_SEGMENTS)
            return ct_fail(CT_ARG, "route %s has too many segments", original);
        char *end = strchr(at, '/');
        if (end) *end = '\0';
        size_t length = strlen(at);
        bool param = length > 2 && at[0] == '{' && at[length - 1] == '}';
        if (param) {
            at[length - 1] = '\0';
            at++;
            char *dots = strstr(at, "...");
            if (dots) {
                if (end) return ct_fail(CT_ARG, "route %s goes on behind its rest", original);
                *dots = '\0';
                entry->rest = true;
            }
        } else {
            entry->n_literals++;
        }
        entry->segments[entry->n_segments] = at;
        entry->is_param[entry->n_segments] = param;
        entry->n_segments++;
        if (!end) break;
        at = end + 1;
    }
    return CT_OK;
}

ct_err ct_http_add_route(ct_http *http, const ct_http_route *route, void *context) {
    for (size_t i = 0; i < http->n_entries; i++) {
        const ct_http_route *other = http->entries[i].route;
        if (other->method == route->method && strcmp(other->path, route->path) == 0)
            return ct_fail(CT_EXISTS, "route %s is there already", route->path);
    }
    if (http->n_entries == http->cap_entries) {
        size_t cap = http->cap_entries ? 2 * http->cap_entries : 32;
        ct_http__entry *entries = ct_realloc(http->entries, cap * sizeof *entries);
        if (!entries) return CT_NOMEM;
        http->entries = entries;
        http->cap_entries = cap;
    }
    ct_http__entry entry = {.route = route, .context = context};
    entry.storage = ct_strdup(route->path);
    if (!entry.storage) return CT_NOMEM;
    ct_err err = cut(&entry, entry.storage, route->path);
    if (err) {
        ct_free(entry.storage);
        return err;
    }
    size_t *list = &http->of_segments[entry.rest ? CT_HTTP__MAX_SEGMENTS + 1 : entry.n_segments];
    entry.next = *list;
    http->entries[http->n_entries++] = entry;
    *list = http->n_entries;
    return CT_OK;
}

size_t ct_http_route_count(const ct_http *http) {
    return http->n_entries;
}

const ct_http_route *ct_http_route_at(const ct_http *http, size_t index) {
    return http->entries[index].route;
}

// Of entries with as many segments as the request has, or with a rest.
static bool matches(const ct_http__entry *entry, const ct_http_req *req) {
    const size_t fixed = entry->rest ? entry->n_segments - 1 : entry->n_segments;
    if (req->n_segments < fixed) return false;
    for (size_t i = 0; i < fixed; i++) {
        if (entry->is_param[i] ? req->segments[i][0] == '\0'
                               : strcmp(entry->segments[i], req->segments[i]) != 0)
            return false;
    }
    return true;
}

// The match of a list with the most literal segments; NULL if none has the request's method.
static const ct_http__entry *best_of(const ct_http *http, size_t list, const ct_http_req *req,
                                     unsigned *allowed) {
    const ct_http__entry *best = NULL;
    while (list) {
        const ct_http__entry *entry = &http->entries[list - 1];
        list = entry->next;
        if (!matches(entry, req)) continue;
        *allowed |= (unsigned)entry->route->method;
        if (!req->known_method || entry->route->method != req->method) continue;
        if (!best || entry->n_literals >= best->n_literals)
            best = entry; // of equals the first added
    }
    return best;
}

ct_http__match ct_http__route(const ct_http *http, ct_http_req *req, unsigned *allowed) {
    *allowed = 0;
    const ct_http__entry *best = best_of(http, http->of_segments[req->n_segments], req, allowed);
    // One without a rest goes before all with one.
    const ct_http__entry *with_rest =
        best_of(http, http->of_segments[CT_HTTP__MAX_SEGMENTS + 1], req, allowed);
    if (!best) best = with_rest;
    if (!*allowed) return CT_HTTP__NO_PATH;
    req->entry = best;
    return best ? CT_HTTP__FOUND : CT_HTTP__NO_METHOD;
}

void ct_http__allow(char out[64], unsigned methods) {
    static const struct {
        unsigned bit;
        const char *text;
    } names[] = {{CT_HTTP_GET, "GET, HEAD, "},
                 {CT_HTTP_POST, "POST, "},
                 {CT_HTTP_PUT, "PUT, "},
                 {CT_HTTP_PATCH, "PATCH, "},
                 {CT_HTTP_DELETE, "DELETE, "}};
    size_t used = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(methods & names[i].bit)) continue;
        size_t length = strlen(names[i].text);
        memcpy(out + used, names[i].text, length);
        used += length;
    }
    memcpy(out + used, "OPTIONS", sizeof "OPTIONS");
}

const char *ct_http_req_segment(const ct_http_req *req, const char *name) {
    const ct_http__entry *entry = req->entry;
    for (size_t i = 0; entry && i < entry->n_segments; i++) {
        if (!entry->is_param[i] || entry->segments[i][0] != name[0] ||
            strcmp(entry->segments[i], name) != 0)
            continue;
        if (!entry->rest || i + 1 < entry->n_segments) return req->segments[i];
        ct_arena *arena = req->arena;
        const char *rest = i < req->n_segments ? req->segments[i] : "";
        for (size_t k = i + 1; k < req->n_segments && rest; k++)
            rest = ct_arena_printf(arena, "%s/%s", rest, req->segments[k]);
        return rest;
    }
    return NULL;
}
