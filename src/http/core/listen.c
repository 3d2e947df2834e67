// The socket that the server listens at: made before the daemon, so that all that its threads read
// (the address with the real port above all) is there before the first of them.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/core/internal.h"

// The address as text into the form for sockets; its length, 0 if it is none.
static socklen_t parse_address(struct sockaddr_storage *out, const char *text, uint16_t port) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    *out = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return sizeof *v4;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return sizeof *v6;
    }
    return 0;
}

static bool bind_to(int fd, struct sockaddr_storage *address, socklen_t length) {
    const int yes = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->ss_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    return bind(fd, (const struct sockaddr *)address, length) == 0 && listen(fd, SOMAXCONN) == 0 &&
           getsockname(fd, (struct sockaddr *)address, &length) == 0;
}

ct_err ct_http__listen(int *listener, ct_http *http) {
    struct sockaddr_storage address;
    const socklen_t length = parse_address(&address, http->address, http->config.port);
    if (!length) return ct_fail(CT_ARG, "\"%s\" is not a numeric address", http->address);
    const bool is_v4 = address.ss_family == AF_INET;
    const int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || !bind_to(fd, &address, length)) {
        if (fd >= 0) close(fd);
        return ct_fail(CT_IO,
                       "cannot listen at %s:%u (is the address of this machine, the port free?)",
                       http->address, http->config.port);
    }
    http->port = ntohs(is_v4 ? ((const struct sockaddr_in *)&address)->sin_port
                             : ((const struct sockaddr_in6 *)&address)->sin6_port);
    http->url = ct_sprintf(is_v4 ? "http://%s:%u" : "http://[%s]:%u", http->address, http->port);
    if (!http->url) {
        close(fd);
        return CT_NOMEM;
    }
    *listener = fd;
    return CT_OK;
}
