// The value that a layer of a run shows at a place: pictures and single questions both ask here.
// Private to tiles.
#ifndef CT_TILES_SAMPLER_H
#define CT_TILES_SAMPLER_H

#include "tiles/tiles.h"

typedef struct ct_tiles__sampler {
    const ct_legend *legend;
    const ct_run_slice *value; // of the layer; of the largest depth for the difference
    const ct_run_slice *depth; // that tells where it is flooded; NULL: the difference asks nothing
    const ct_run_slice *initial; // depth at the start; NULL: the run does not tell, all was dry
    const ct_run_slice *other;   // largest depth of the other run
} ct_tiles__sampler;

// CT_ARG where time or other run do not suit the layer, CT_NOTFOUND, CT_RANGE, CT_CORRUPT.
CT_CHECKED ct_err ct_tiles__sampler_open(ct_tiles__sampler *out, ct_run *run, ct_map_layer layer,
                                         long time_index, ct_run *other);
void ct_tiles__sampler_close(ct_tiles__sampler *sampler);
// The class of the legend at a place (twin's CRS), -1 = nothing is shown, and its value.
int ct_tiles__sample(const ct_tiles__sampler *sampler, double x, double y, double *value);

#endif
