// Speed of the store. Data as in the published comparison: 200,000 building footprints of 5 to 13
// points with 10 attributes on 20 x 20 km; observations of 2,000 devices. Works in a folder that it
// makes (in $TMPDIR) and removes.
#include "bench_store.h"

static ct_err run(const char *folder, const ct_catalogue *catalogue) {
    (void)catalogue; // each has its own
    CT_TRY(bench_observations(folder));
    CT_TRY(bench_edits(folder));
    return bench_pages(folder);
}

int main(void) {
    return bench_main("bench_store", run);
}
