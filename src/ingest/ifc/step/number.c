// Decimal numbers of STEP: those of base/decimal.h that are finite.
#include <math.h>

#include "base/decimal.h"
#include "ingest/ifc/step/scan.h"
#include "ingest/ifc/step/step.h"

bool ct_step__decimal(double *out, const char *at, const char *end) {
    double value;
    if (ct_decimal_read(&value, at, end) != end || !isfinite(value)) return false;
    *out = value;
    return true;
}
