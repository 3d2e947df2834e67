// A stand-in for the library that does HTTP on the wire (libmicrohttpd): the same functions, but a
// request comes from the fuzzer and its answer goes back to it, in the fuzzer's own thread, without
// sockets. What the library promises is kept: the order of the calls, header values without line
// ends, bodies in pieces.
#ifndef TESTS_FUZZ_WIRE_H
#define TESTS_FUZZ_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_MAX_HEADERS = 80, WIRE_MAX_STREAM = 64 * 1024 };

typedef struct wire_pair {
    const char *name, *value;
} wire_pair;

typedef struct wire_request {
    const char *method, *uri, *version; // the target as it came; "HTTP/1.1"
    size_t n_headers;
    wire_pair headers[WIRE_MAX_HEADERS];
    const char *body;
    size_t body_length;
} wire_request;

typedef struct wire_answer {
    bool closed; // the connection was closed without an answer
    int status;
    size_t n_headers;
    char *names[WIRE_MAX_HEADERS], *values[WIRE_MAX_HEADERS];
    char *body; // of a stream: what was ready, at most WIRE_MAX_STREAM
    size_t length;
    bool stream;
} wire_answer;

// Sends the request to the server started last (one at a time) and waits for its answer; release it
// with wire_answer_fini.
void wire_send(wire_answer *out, const wire_request *request);
void wire_answer_fini(wire_answer *answer);
const char *wire_header(const wire_answer *answer, const char *name); // the first; NULL if none

#endif
