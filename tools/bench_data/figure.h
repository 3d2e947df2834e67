// The line of JSON that tells a figure of a bench.
#ifndef TOOLS_BENCH_FIGURE_H
#define TOOLS_BENCH_FIGURE_H

#include <stdbool.h>

// One line of JSON on stdout. `goal`, `peer`: NAN = none; `lower` = smaller is better.
void print_figure(const char *bench, const char *metric, double value, const char *unit,
                  double goal, bool lower, double peer);

#endif
