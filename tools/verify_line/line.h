// A line of a verification's report: what was expected, what came, the error and its bound.
#ifndef TOOLS_VERIFY_LINE_H
#define TOOLS_VERIFY_LINE_H

#include <stdbool.h>

typedef struct verify_line {
    const char *suite, *name, *quantity; // "flood", of the case, what is compared
    double expected, got, error, bound;
} verify_line;

// Prints it, as JSON or for people, and says whether the error is within its bound (NaN is not).
bool verify_line_print(const verify_line *line, bool json);

#endif
