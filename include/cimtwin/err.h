// The one list of errors: value, HTTP status, exit code and text of each, and the message that
// travels with one.
//
// A function that can fail returns ct_err and leaves its outputs untouched on failure. The readable
// message is kept per thread; it belongs to the last failure on that thread and must be copied
// before it crosses to another.
#ifndef CIMTWIN_ERR_H
#define CIMTWIN_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CT_CHECKED           __attribute__((warn_unused_result))
#else
#define CT_PRINTF(fmt, args)
#define CT_CHECKED
#endif

// X(name, value, HTTP status, exit code, text). Exit codes: 0 done, 1 failed at work, 2 wrong use,
// 3 bad input, 4 not found, 5 cancelled.
#define CT_ERR_LIST(X)                                                                             \
    X(OK, 0, 200, 0, "done")                                                                       \
    X(NOMEM, -1, 503, 1, "out of memory")                                                          \
    X(ARG, -2, 400, 2, "wrong argument")                                                           \
    X(PARSE, -3, 400, 3, "cannot be parsed")                                                       \
    X(RANGE, -4, 400, 3, "value out of range")                                                     \
    X(NOTFOUND, -5, 404, 4, "not found")                                                           \
    X(EXISTS, -6, 409, 3, "already there")                                                         \
    X(UNSUPPORTED, -7, 400, 3, "not supported")                                                    \
    X(CRS, -8, 400, 3, "coordinate reference system problem")                                      \
    X(GEOM, -9, 400, 3, "bad geometry")                                                            \
    X(IO, -10, 500, 1, "input or output failed")                                                   \
    X(DISKFULL, -11, 507, 1, "no space left")                                                      \
    X(BUSY, -12, 503, 1, "busy")                                                                   \
    X(TIMEOUT, -13, 504, 1, "took too long")                                                       \
    X(CANCELLED, -14, 409, 5, "cancelled")                                                         \
    X(LIMIT, -15, 413, 3, "over a limit")                                                          \
    X(REMOTE, -16, 502, 1, "the other side failed")                                                \
    X(CORRUPT, -17, 500, 3, "damaged data")                                                        \
    X(DIVERGED, -18, 500, 1, "the solver diverged")                                                \
    X(INTERNAL, -19, 500, 1, "internal error")                                                     \
    X(READONLY, -20, 503, 1, "the disk is read-only")

typedef enum ct_err {
#define CT_ERR_ENUM(name, value, http, exit_code, text) CT_##name = value,
    CT_ERR_LIST(CT_ERR_ENUM)
#undef CT_ERR_ENUM
} ct_err;

// Sets this thread's message and returns `err`: `return ct_fail(CT_PARSE, "line %d: no colon",
// line);`
ct_err ct_fail(ct_err err, const char *format, ...) CT_PRINTF(2, 3);
#if defined(__GNUC__)
// Shows the compiler that the first argument comes back: it then knows which outputs are set after
// a CT_TRY.
#define ct_fail(err, ...)                                                                          \
    (__extension__({                                                                               \
        const ct_err ct_fail_err_ = (err);                                                         \
        (void)ct_fail(ct_fail_err_, __VA_ARGS__);                                                  \
        ct_fail_err_;                                                                              \
    }))
#endif

// Puts "context: " before this thread's message and returns `err` unchanged; nothing happens for
// CT_OK.
ct_err ct_context(ct_err err, const char *format, ...) CT_PRINTF(2, 3);

// This thread's message; borrowed until the next ct_fail or ct_context on the thread. "" where
// there was none.
const char *ct_err_message(void);

const char *ct_err_text(ct_err err); // the list's text for the value
const char *ct_err_name(ct_err err); // "NOMEM"
int ct_err_http_status(ct_err err);
int ct_err_exit_code(ct_err err);

// Passes a failure up: CT_TRY(ct_file_read(...));
#define CT_TRY(expression)                                                                         \
    do {                                                                                           \
        ct_err ct_try_err_ = (expression);                                                         \
        if (ct_try_err_ != CT_OK) return ct_try_err_;                                              \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
