// The texts of the error list and each thread's message.
#include "cimtwin/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES = 1024 }; // longer messages are cut

static _Thread_local char thread_message[MESSAGE_BYTES];

ct_err(ct_fail)(ct_err err, const char *format, ...) {
    // Formatted aside first: an argument may be this thread's own message.
    char text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(thread_message, text, strlen(text) + 1);
    return err;
}

ct_err ct_context(ct_err err, const char *format, ...) {
    if (err == CT_OK) return err;
    char text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0) return err;
    size_t used = strlen(text), rest = strlen(thread_message);
    if (used > sizeof text - 3) used = sizeof text - 3;
    memcpy(text + used, ": ", 2);
    used += 2;
    if (rest > sizeof text - 1 - used) rest = sizeof text - 1 - used;
    memcpy(text + used, thread_message, rest);
    text[used + rest] = '\0';
    memcpy(thread_message, text, used + rest + 1);
    return err;
}

const char *ct_err_message(void) {
    return thread_message;
}

const char *ct_err_text(ct_err err) {
    switch (err) {
#define TEXT(name, value, http, exit_code, text)                                                   \
    case CT_##name: return text;
        CT_ERR_LIST(TEXT)
#undef TEXT
    }
    return "unknown error";
}

const char *ct_err_name(ct_err err) {
    switch (err) {
#define NAME(name, value, http, exit_code, text)                                                   \
    case CT_##name: return #name;
        CT_ERR_LIST(NAME)
#undef NAME
    }
    return "UNKNOWN";
}

int ct_err_http_status(ct_err err) {
    switch (err) {
#define STATUS(name, value, http, exit_code, text)                                                 \
    case CT_##name: return http;
        CT_ERR_LIST(STATUS)
#undef STATUS
    }
    return 500;
}

int ct_err_exit_code(ct_err err) {
    switch (err) {
#define EXIT_CODE(name, value, http, exit_code, text)                                              \
    case CT_##name: return exit_code;
        CT_ERR_LIST(EXIT_CODE)
#undef EXIT_CODE
    }
    return 1;
}
