// Where a reference system is meant to be used: the one hint that coordinates of a file have their
// axes in the wrong order.
#include <math.h>

#include "geo/crs.h"

static const double margin_deg = 3; // beside its zone a system is still of use

bool ct_crs_covers(const char *code, double x, double y) {
    ct_crs_info info;
    ct_transform *to_degrees = NULL;
    double p[2] = {x, y};
    if (ct_crs_describe(&info, code) != CT_OK) return true;
    if (ct_transform_get(&to_degrees, code, CT_CRS_CRS84) != CT_OK) return true;
    if (!isfinite(x) || !isfinite(y)) return false;
    if (ct_transform_points(to_degrees, p, 1, 2) != CT_OK) return false;
    const ct_bbox *a = &info.area;
    const bool east = p[0] >= a->min_x - margin_deg && p[0] <= a->max_x + margin_deg;
    const bool around = p[0] + 360 <= a->max_x + margin_deg; // across the antimeridian
    return (east || around) && p[1] >= a->min_y - margin_deg && p[1] <= a->max_y + margin_deg;
}

ct_err ct_transform_place(ct_transform *t, const char *to, double x, double y) {
    double given[2] = {x, y}, turned[2] = {y, x};
    if (ct_transform_points(t, given, 1, 2) == CT_OK && ct_crs_covers(to, given[0], given[1]))
        return CT_OK;
    if (ct_transform_points(t, turned, 1, 2) != CT_OK || !ct_crs_covers(to, turned[0], turned[1]))
        return CT_OK;
    return ct_crs_exchanged(to, x, y);
}

ct_err ct_crs_exchanged(const char *code, double x, double y) {
    return ct_fail(
        CT_CRS,
        "%.10g, %.10g lies outside the area of %s, and %.10g, %.10g inside: latitude and "
        "longitude, or north and east, seem to be exchanged",
        x, y, code, y, x);
}
