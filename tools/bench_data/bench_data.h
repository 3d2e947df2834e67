// What the benches share: data as in the published comparison (200,000 building footprints of 5 to
// 13 points with 10 attributes on 20 x 20 km).
#ifndef TOOLS_BENCH_DATA_H
#define TOOLS_BENCH_DATA_H

#include "bench_data/figure.h"
#include "store/store.h"

#define FOOTPRINTS          200000
#define FOOTPRINTS_CRS      "EPSG:4548"
#define FOOTPRINTS_WEST_M   440000.0
#define FOOTPRINTS_SOUTH_M  4400000.0
#define FOOTPRINTS_EXTENT_M 20000.0

// Adds the footprints, in one commit, to an empty class of buildings.
CT_CHECKED ct_err footprints_load(ct_store *store, const ct_class *cls);
// The first `count` of them, from the south-west.
CT_CHECKED ct_err footprints_load_some(ct_store *store, const ct_class *cls, uint64_t count);

// The `main` of a bench: runs it in a folder of its own, which is gone afterwards. 0 or 1.
int bench_main(const char *bench, ct_err (*run)(const char *folder, const ct_catalogue *catalogue));

#endif
