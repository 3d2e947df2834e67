// The log: one line an event on stderr (or a file descriptor), level and time first. Thread-safe.
#ifndef CT_BASE_LOG_H
#define CT_BASE_LOG_H

#include "cimtwin/err.h"

typedef enum ct_log_level { CT_LOG_ERROR, CT_LOG_WARNING, CT_LOG_INFO, CT_LOG_DEBUG } ct_log_level;

void ct_log_set_level(ct_log_level level); // default: CT_LOG_INFO
void ct_log(ct_log_level level, const char *format, ...) CT_PRINTF(2, 3);

#endif
