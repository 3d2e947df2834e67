// Parts of the store's bench.
#ifndef TOOLS_BENCH_STORE_H
#define TOOLS_BENCH_STORE_H

#include "cimtwin/err.h"

// One line of JSON on stdout. `goal`, `peer`: NAN = none; `lower` = smaller is better.
void print_figure(const char *metric, double value, const char *unit, double goal, bool lower,
                  double peer);
CT_CHECKED ct_err bench_pages(const char *folder);        // features: load, pages, tiles
CT_CHECKED ct_err bench_observations(const char *folder); // appends, last values
CT_CHECKED ct_err bench_edits(const char *folder);        // group commit

#endif
