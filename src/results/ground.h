// Heights of the twin's ground at single places, for whoever asks for many of them: squares of the
// terrain are read once and kept.
#ifndef CT_RESULTS_GROUND_H
#define CT_RESULTS_GROUND_H

#include "cimtwin/err.h"

typedef struct ct_ground ct_ground; // one thread at a time

// `folder`: the twin's terrain folder, as it is now; one without rasters has no ground anywhere.
CT_CHECKED ct_err ct_ground_open(ct_ground **out, const char *folder, const char *crs);
void ct_ground_close(ct_ground *ground); // NULL is fine
// Height at a place of the twin's CRS, metres, bilinear between the cells of the finest raster; NaN
// where there is no ground. CT_IO, CT_CORRUPT, CT_NOMEM.
CT_CHECKED ct_err ct_ground_height(double *z_m, ct_ground *ground, double x, double y);

#endif
