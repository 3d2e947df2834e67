// UTF-8 well-formedness (Unicode standard, table 3-7).
#ifndef CT_BASE_UTF8_H
#define CT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

// Bytes (1..4) of the well-formed character that `text` begins with; 0 if it is ill-formed or cut
// off after n bytes.
size_t ct_utf8_length(const char *text, size_t n);
bool ct_utf8_valid(const char *text, size_t n);

#endif
