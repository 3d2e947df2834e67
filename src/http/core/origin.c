// Who may write: not a page of another origin, and not one whose own name was made to lead here.
//
// A browser tells its origin on every write, so pages of other sites are known. But a site may give
// its own name this machine's address (DNS rebinding): then origin and Host agree. So a write must
// name the server as it is known: by its address, as the machine itself, or by its public name.
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "http/core/internal.h"

// Copies the host of "host:port", "[v6]:port", without brackets; false if it is too long.
static bool host_of(char out[64], const char *text) {
    size_t n = text[0] == '[' ? strcspn(++text, "]") : strcspn(text, ":/");
    if (n >= 64) return false;
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
    char name[64], public_name[64];
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
