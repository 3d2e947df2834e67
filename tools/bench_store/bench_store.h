// Parts of the store's bench.
#ifndef TOOLS_BENCH_STORE_H
#define TOOLS_BENCH_STORE_H

#include "bench_data/bench_data.h"

CT_CHECKED ct_err bench_pages(const char *folder);        // features: load, pages, tiles
CT_CHECKED ct_err bench_observations(const char *folder); // appends, last values
CT_CHECKED ct_err bench_edits(const char *folder);        // group commit

#endif
