// Rectangles, circles and ellipses, hollow and rounded ones, trapezia: about their own middle.
#include <math.h>

#include "ingest/ifc/shape/profile.h"

static ct_err add_rectangle(ct_ifc__area *out, ct_ifc__work *w, double x, double y, double r) {
    const ct_ifc__corner corners[] = {{-x, -y, r}, {x, -y, r}, {x, y, r}, {-x, y, r}};
    return ct_ifc__add_corners(out, w, corners, 4);
}

static ct_err rectangle(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile, ct_ifc__kind kind) {
    double x, y, t;
    CT_TRY(ct_ifc__need_size(&x, w, profile, "XDim"));
    CT_TRY(ct_ifc__need_size(&y, w, profile, "YDim"));
    x *= 0.5;
    y *= 0.5;
    const double r = ct_ifc__length_or(
        w, profile, kind == CT_IFC__K_P_ROUNDED ? "RoundingRadius" : "OuterFilletRadius", 0);
    CT_TRY(add_rectangle(out, w, x, y, r));
    if (kind != CT_IFC__K_P_RECTANGLE_HOLLOW) return CT_OK;
    CT_TRY(ct_ifc__need_size(&t, w, profile, "WallThickness"));
    if (t >= fmin(x, y)) return CT_OK; // nothing is hollow
    return add_rectangle(out, w, x - t, y - t,
                         ct_ifc__length_or(w, profile, "InnerFilletRadius", 0));
}

static ct_err add_ellipse(ct_ifc__area *out, ct_ifc__work *w, double a, double b) {
    double *xy;
    uint32_t n;
    CT_TRY(ct_ifc__ellipse(&xy, &n, w, a, b));
    return ct_ifc__add_ring(out, w, xy, n, 2);
}

static ct_err circle(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile, ct_ifc__kind kind) {
    double r, t;
    CT_TRY(ct_ifc__need_size(&r, w, profile, "Radius"));
    CT_TRY(add_ellipse(out, w, r, r));
    if (kind != CT_IFC__K_P_CIRCLE_HOLLOW) return CT_OK;
    CT_TRY(ct_ifc__need_size(&t, w, profile, "WallThickness"));
    return t < r ? add_ellipse(out, w, r - t, r - t) : CT_OK;
}

static ct_err ellipse(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    double a, b;
    CT_TRY(ct_ifc__need_size(&a, w, profile, "SemiAxis1"));
    CT_TRY(ct_ifc__need_size(&b, w, profile, "SemiAxis2"));
    return add_ellipse(out, w, a, b);
}

static ct_err trapezium(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    double bottom, top, y;
    CT_TRY(ct_ifc__need_size(&bottom, w, profile, "BottomXDim"));
    CT_TRY(ct_ifc__need_size(&top, w, profile, "TopXDim"));
    CT_TRY(ct_ifc__need_size(&y, w, profile, "YDim"));
    const double left = -0.5 * bottom + ct_ifc__length_or(w, profile, "TopXOffset", 0);
    y *= 0.5;
    const ct_ifc__corner corners[] = {
        {-0.5 * bottom, -y, 0}, {0.5 * bottom, -y, 0}, {left + top, y, 0}, {left, y, 0}};
    return ct_ifc__add_corners(out, w, corners, 4);
}

ct_err ct_ifc__plain_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, profile);
    switch ((int)kind) {
    case CT_IFC__K_P_CIRCLE:
    case CT_IFC__K_P_CIRCLE_HOLLOW: return circle(out, w, profile, kind);
    case CT_IFC__K_P_ELLIPSE: return ellipse(out, w, profile);
    case CT_IFC__K_P_TRAPEZIUM: return trapezium(out, w, profile);
    default: return rectangle(out, w, profile, kind);
    }
}
