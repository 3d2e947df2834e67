// The log: each event is one write of one line, so lines of threads never mix.
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    LINE_BYTES = 2048
}; // longer events are cut; below PIPE_BUF, so a pipe keeps a line whole too

static atomic_int max_level = CT_LOG_INFO; // process-wide by nature: there is one stderr

void ct_log_set_level(ct_log_level level) {
    atomic_store(&max_level, (int)level);
}

void ct_log(ct_log_level level, const char *format, ...) {
    static const char *const words[] = {"error", "warning", "info", "debug"};
    if ((int)level > atomic_load_explicit(&max_level, memory_order_relaxed)) return;

    char line[LINE_BYTES], time[32];
    ct_time_format(time, ct_clock_now_us(ct_clock_real()));
    int n = snprintf(line, sizeof line, "%s %s ", words[level], time);
    va_list args;
    va_start(args, format);
    int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    va_end(args);
    if (m < 0) return;
    size_t length = strlen(line);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = ' '; // one line an event; no terminal control from the outside
    line[length++] = '\n';
    for (size_t done = 0; done < length;) {
        ssize_t wrote = write(STDERR_FILENO, line + done, length - done);
        if (wrote <= 0) break; // nobody to tell
        done += (size_t)wrote;
    }
}
