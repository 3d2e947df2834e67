// The log: one line an event on stderr, as text for people or as JSON for programs. Thread-safe:
// lines never mix. Whatever the words hold, a line stays one line: control characters become blanks
// in text and escapes in JSON, what is no UTF-8 becomes U+FFFD.
#ifndef CT_BASE_LOG_H
#define CT_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef enum ct_log_level { CT_LOG_ERROR, CT_LOG_WARNING, CT_LOG_INFO, CT_LOG_DEBUG } ct_log_level;
typedef enum ct_log_format {
    CT_LOG_TEXT, // "warning 2026-07-20T20:00:00Z mqtt: connection lost name=value ..."
    CT_LOG_JSON  // {"time":"...","level":"warning","message":"...","name":value,...}
} ct_log_format;

typedef struct ct_log_field { // a value beside the message
    const char *name;
    const char *text; // NULL: it is the number
    int64_t number;
} ct_log_field;

void ct_log_set_level(ct_log_level level); // default: CT_LOG_INFO
void ct_log_set_format(ct_log_format format);
// "error", "warning", "info", "debug". CT_ARG.
CT_CHECKED ct_err ct_log_level_of(ct_log_level *out, const char *name);
bool ct_log_wants(ct_log_level level); // whether a line of this level would be written

void ct_log(ct_log_level level, const char *format, ...) CT_PRINTF(2, 3);
// With fields; what does not fit into a line (4,000 bytes) is cut or left out from the end.
void ct_log_fields(ct_log_level level, const char *message, const ct_log_field *fields, size_t n);

#endif
