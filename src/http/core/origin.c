// Who may write: not a page of another origin, and not one whose own name was made to lead here.
//
// A browser tells its origin on every write, so pages of other sites are known. But a site may give
// its own name this machine's address (DNS rebinding): then origin and Host agree. So a write must
// name the server as it is known: by its address, as the machine itself, or by its public name.
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "http/core/internal.h"

enum { MAX_NAME = 256, MAX_URL = 1024 }; // names: as the domain name system has them

// Copies the host of "host:port", "[v6]:port", without brackets; false if it is too long.
static bool host_of(char out[MAX_NAME], const char *text) {
    size_t n = text[0] == '[' ? strcspn(++text, "]") : strcspn(text, ":/");
    if (n >= MAX_NAME) return false;
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

static const char *behind_scheme(const char *url) {
    const char *end = strstr(url, "://");
    return end ? end + 3 : url;
}

static bool is_address(const char *host) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

// Ports do not matter: whoever reaches the server through a tunnel names another one.
static bool is_own(const ct_http *http, const char *host) {
    char name[MAX_NAME], public_name[MAX_NAME];
    if (!host_of(name, host)) return false;
    static const char *const here[] = {"localhost", "127.0.0.1", "::1"};
    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        if (strcasecmp(name, here[i]) == 0) return true;
    if (strcasecmp(name, http->address) == 0) return true;
    // Who listens on every address is known by any of them; a rebound name is never an address.
    bool everywhere = strcmp(http->address, "0.0.0.0") == 0 || strcmp(http->address, "::") == 0;
    if (everywhere && is_address(name)) return true;
    return http->public_url && host_of(public_name, behind_scheme(http->public_url)) &&
           strcasecmp(name, public_name) == 0;
}

// As RFC 3986 has paths; a question mark or a hash could not be followed by one.
static bool is_path(const char *text) {
    static const char others[] = "/-._~%!$&'()*+,;=:@";
    for (; *text; text++) {
        const char letter = (char)(*text | 0x20);
        if (!(letter >= 'a' && letter <= 'z') && !(*text >= '0' && *text <= '9') &&
            !strchr(others, *text))
            return false;
    }
    return true;
}

ct_err ct_http__public_url(char **out, const char *text) {
    const char *host = behind_scheme(text), *path = host + strcspn(host, "/");
    const bool is_web = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    size_t length = strlen(text);
    char *name = ct_strndup(host, (size_t)(path - host));
    if (!name) return CT_NOMEM;
    const bool ok = is_web && length <= MAX_URL && ct_http__host_ok(name) && is_path(path);
    ct_free(name);
    if (!ok)
        return ct_fail(CT_ARG,
                       "public URL \"%.80s\": it is like https://twin.example.org or "
                       "http://example.org:8080/twin",
                       text);
    while (text[length - 1] == '/') length--; // links begin their paths with one
    *out = ct_strndup(text, length);
    return *out ? CT_OK : CT_NOMEM;
}

const char *ct_http__write_refused(const ct_http_req *req) {
    const char *host = ct_http_req_header(req, "Host"), *origin = ct_http_req_header(req, "Origin");
    const char *public_url = req->http->public_url;
    if (req->method == CT_HTTP_GET) return NULL;
    if (host && !is_own(req->http, host))
        return "writes must name this server by its address; where it has another name, it is "
               "started with --public-url";
    if (!origin || (host && strcasecmp(host, behind_scheme(origin)) == 0)) return NULL;
    // The public address may have a path, an origin has none.
    const size_t n = public_url ? strcspn(behind_scheme(public_url), "/") +
                                      (size_t)(behind_scheme(public_url) - public_url)
                                : 0;
    if (public_url && strlen(origin) == n && strncasecmp(public_url, origin, n) == 0) return NULL;
    return "pages of another origin may not write here";
}
