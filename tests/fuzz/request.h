// A request from the text that would come over the wire, and what must hold of every answer.
#ifndef TESTS_FUZZ_REQUEST_H
#define TESTS_FUZZ_REQUEST_H

#include "base/arena.h"
#include "base/json.h"
#include "wire.h"

// "GET /path?query HTTP/1.1", header lines, an empty line, the body. A text without the field Host
// gets one, unless it has the field No-Host. Lines end with LF or CR LF;
// bytes that the wire library would refuse (NUL, control characters in a line) end the text. False
// where there is no request line.
bool request_read(wire_request *out, ct_arena *arena, const uint8_t *data, size_t size);
// Adds or replaces a header.
void request_set(wire_request *request, const char *name, const char *value);

// Sends it and checks the answer by itself: a status that exists, no 500 (that is a failure of the
// program, not of the client), problem documents for errors, JSON that is JSON, compression only
// where asked for and undone by gunzip, tags with 304. Then checks it against its like: the same
// request as HEAD has the same status and tag; with its own tag it is not modified. The answer's
// body is plain afterwards.
void request_check(wire_answer *out, const wire_request *request);

#endif
