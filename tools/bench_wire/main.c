// The wire library alone, as the floor under our server: answers every request with the bytes of a
// file and the headers of a kept tile, by one response made beforehand. "bench_wire FILE" prints
// its port and serves until it is ended.
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "http/core/internal.h"

enum { MAX_BYTES = 1 << 24, THREADS = 2 }; // as our server

// NOLINTBEGIN(readability-non-const-parameter): the library's type of callback
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state) {
    // NOLINTEND(readability-non-const-parameter)
    (void)url, (void)method, (void)version, (void)data, (void)size;
    if (!*state) { // the headers are here; a body may follow
        *state = context;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

static struct MHD_Response *make_response(char *bytes, size_t length) {
    static const char *const headers[][2] = {
        {"Content-Type", "application/vnd.mapbox-vector-tile"},
        {"X-Content-Type-Options", "nosniff"},
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers", "Content-Crs, Content-Range, ETag, Link, Location"},
        {"Cache-Control", "no-cache"},
        {"ETag", "W/\"0123456789abcdef0123456789abcdef\""},
        {"Vary", "Accept-Encoding"},
        {"Content-Encoding", "gzip"}};
    struct MHD_Response *r = MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; r && i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(r, headers[i][0], headers[i][1]);
    return r;
}

int main(int argc, char **argv) {
    char *bytes = NULL;
    size_t length = 0;
    if (argc != 2 || ct_file_read(&bytes, &length, argv[1], MAX_BYTES) != CT_OK) {
        fprintf(stderr, "usage: bench_wire FILE: %s\n", argc == 2 ? ct_err_message() : "a file");
        return 2;
    }
    struct sockaddr_in here = {.sin_family = AF_INET};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_Response *response = make_response(bytes, length);
    struct MHD_Daemon *daemon =
        response ? MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response,
                                    MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_THREAD_POOL_SIZE,
                                    (unsigned)THREADS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                    (size_t)CT_HTTP__CONNECTION_MEMORY, MHD_OPTION_END)
                 : NULL;
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        fputs("bench_wire: the library does not start\n", stderr);
        return 1;
    }
    printf("%u\n", info->port);
    fflush(stdout);
    for (;;) pause();
}
