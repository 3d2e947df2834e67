// The row loops for the instruction set of the whole build: the reference for the others.
#include "sim/flood/rows_body.h"

const ct_flood__rows ct_flood__rows_plain = {faces, cells, maxima, "plain"};
