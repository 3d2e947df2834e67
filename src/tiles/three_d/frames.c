// Boxes of the twin's CRS seen from a tile's frame.
#include <math.h>

#include "tiles/three_d/solids.h"

static ct_err to_degrees(double *p, const char *crs, size_t n) {
    ct_transform *t;
    CT_TRY(ct_transform_get(&t, crs, CT_CRS_CRS84));
    return ct_transform_points(t, p, n, 2);
}

ct_err ct_tiles__frame_of(ct_enu *out, const char *crs, const ct_box3 *box) {
    double p[2] = {(box->min[0] + box->max[0]) / 2, (box->min[1] + box->max[1]) / 2};
    CT_TRY(to_degrees(p, crs, 1));
    ct_enu_at(out, p[0], p[1], box->min[2]);
    return CT_OK;
}

// Between the corners the box's sides bow: by the earth's curve (d^2 / 8R, doubled) and by what a
// projection bends.
static double margin_of(const ct_box3 *box) {
    const double d = hypot(box->max[0] - box->min[0], box->max[1] - box->min[1]);
    return 0.01 + 2e-5 * d + d * d / 2.5e7;
}

ct_err ct_tiles__box_in(ct_box3 *out, const ct_enu *frame, const char *crs, const ct_box3 *box) {
    double p[4][2] = {{box->min[0], box->min[1]},
                      {box->max[0], box->min[1]},
                      {box->min[0], box->max[1]},
                      {box->max[0], box->max[1]}};
    CT_TRY(to_degrees(p[0], crs, 4));
    ct_box3 made = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};
    for (int c = 0; c < 8; c++) {
        double at[3];
        ct_ecef_of(at, p[c / 2][0], p[c / 2][1], c % 2 ? box->max[2] : box->min[2]);
        ct_enu_from_ecef(at, frame, at);
        for (int i = 0; i < 3; i++) {
            made.min[i] = fmin(made.min[i], at[i]);
            made.max[i] = fmax(made.max[i], at[i]);
        }
    }
    const double margin = margin_of(box) + ct_tiles__glb_step_m(&made);
    for (int i = 0; i < 3; i++) {
        made.min[i] -= margin;
        made.max[i] += margin;
    }
    *out = made;
    return CT_OK;
}
