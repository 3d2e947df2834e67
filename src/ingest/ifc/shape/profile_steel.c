// Rolled and bent sections: ISO 16739-1, IfcProfileResource. All lie about the middle of their
// bounding box. Where faces slope, the thickness told is that in the middle of what stands out.
#include <math.h>

#include "ingest/ifc/shape/profile.h"

static double length(const ct_ifc__work *w, uint32_t profile, const char *attribute) {
    return fmax(ct_ifc__length_or(w, profile, attribute, 0), 0);
}

// The tangent of a slope.
static double slope(const ct_ifc__work *w, uint32_t profile, const char *attribute) {
    double angle;
    if (!ct_ifc__number(&angle, w->m, profile, attribute)) return 0;
    return fmin(fmax(tan(angle * w->angle_rad), -1), 1);
}

// ---- I ------------------------------------------------------------------------------------------

typedef struct flange {
    double width, thickness, fillet, edge, slope;
} flange;

// Right half of the upper side of a flange that stands on the web, from the tip inwards; `y` of the
// outer face, `up` 1 where the web is above it.
static uint32_t put_flange(ct_ifc__corner *c, const flange *f, double web, double y, double up) {
    const double x = 0.5 * f->width, middle = 0.5 * x;
    c[0] = (ct_ifc__corner){x, y, 0};
    c[1] = (ct_ifc__corner){x, y + up * (f->thickness - (x - middle) * f->slope), f->edge};
    c[2] = (ct_ifc__corner){0.5 * web, y + up * (f->thickness + (middle - 0.5 * web) * f->slope),
                            f->fillet};
    return 3;
}

static ct_err add_i(ct_ifc__area *out, ct_ifc__work *w, const flange *bottom, const flange *top,
                    double depth, double web) {
    ct_ifc__corner right[6], all[12];
    const double y = 0.5 * depth;
    uint32_t n = put_flange(right, bottom, web, -y, 1);
    ct_ifc__corner upper[3];
    (void)put_flange(upper, top, web, y, -1);
    for (int i = 2; i >= 0; i--) right[n++] = upper[i];
    for (uint32_t i = 0; i < 6; i++) {
        all[i] = right[i];
        all[11 - i] = (ct_ifc__corner){-right[i].x, right[i].y, right[i].r};
    }
    if (web >= fmin(bottom->width, top->width) || bottom->thickness + top->thickness >= depth)
        return ct_fail(CT_GEOM, "a profile's web and flanges do not fit its sizes");
    return ct_ifc__add_corners(out, w, all, 12);
}

static ct_err i_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    flange f = {.fillet = length(w, profile, "FilletRadius"),
                .edge = length(w, profile, "FlangeEdgeRadius"),
                .slope = slope(w, profile, "FlangeSlope")};
    double depth, web;
    CT_TRY(ct_ifc__need_size(&f.width, w, profile, "OverallWidth"));
    CT_TRY(ct_ifc__need_size(&depth, w, profile, "OverallDepth"));
    CT_TRY(ct_ifc__need_size(&web, w, profile, "WebThickness"));
    CT_TRY(ct_ifc__need_size(&f.thickness, w, profile, "FlangeThickness"));
    return add_i(out, w, &f, &f, depth, web);
}

// In IFC2x3 a subtype of the I-shape, whose attributes tell of the bottom flange.
static ct_err asymmetric_i(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    const bool old = w->m->version == CT_IFC__2X3;
    flange bottom = {.fillet =
                         length(w, profile, old ? "FilletRadius" : "BottomFlangeFilletRadius"),
                     .edge = length(w, profile, "BottomFlangeEdgeRadius"),
                     .slope = slope(w, profile, "BottomFlangeSlope")};
    flange top = {.fillet = length(w, profile, "TopFlangeFilletRadius"),
                  .edge = length(w, profile, "TopFlangeEdgeRadius"),
                  .slope = slope(w, profile, "TopFlangeSlope")};
    double depth, web;
    CT_TRY(
        ct_ifc__need_size(&bottom.width, w, profile, old ? "OverallWidth" : "BottomFlangeWidth"));
    CT_TRY(ct_ifc__need_size(&bottom.thickness, w, profile,
                             old ? "FlangeThickness" : "BottomFlangeThickness"));
    CT_TRY(ct_ifc__need_size(&depth, w, profile, "OverallDepth"));
    CT_TRY(ct_ifc__need_size(&web, w, profile, "WebThickness"));
    CT_TRY(ct_ifc__need_size(&top.width, w, profile, "TopFlangeWidth"));
    top.thickness = length(w, profile, "TopFlangeThickness");
    if (!(top.thickness > 0)) top.thickness = bottom.thickness;
    return add_i(out, w, &bottom, &top, depth, web);
}

// ---- L, T, U, C, Z ------------------------------------------------------------------------------

// The inner corner lies where the sloping inner faces of both legs meet.
static ct_err l_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    double depth, t;
    CT_TRY(ct_ifc__need_size(&depth, w, profile, "Depth"));
    CT_TRY(ct_ifc__need_size(&t, w, profile, "Thickness"));
    const double width = ct_ifc__length_or(w, profile, "Width", depth);
    if (!(width > t) || depth <= t)
        return ct_fail(CT_GEOM, "a profile's legs do not fit its sizes");
    const double x = 0.5 * width, y = 0.5 * depth, s = slope(w, profile, "LegSlope");
    const double fillet = length(w, profile, "FilletRadius"),
                 edge = length(w, profile, "EdgeRadius");
    // y = t - y0 - s x of the lower leg, x = t - x0 - s y of the upright one.
    const double corner_x = (t - x - s * (t - y)) / (1 - s * s), corner_y = t - y - s * corner_x;
    const ct_ifc__corner corners[] = {{-x, -y, 0},
                                      {x, -y, 0},
                                      {x, t - y - s * x, edge},
                                      {corner_x, corner_y, fillet},
                                      {t - x - s * y, y, edge},
                                      {-x, y, 0}};
    return ct_ifc__add_corners(out, w, corners, 6);
}

typedef struct web_and_flange { // of T, U and Z
    double depth, width, web, flange;
} web_and_flange;

static ct_err read_web_and_flange(web_and_flange *out, ct_ifc__work *w, uint32_t profile,
                                  int n_flanges) {
    CT_TRY(ct_ifc__need_size(&out->depth, w, profile, "Depth"));
    CT_TRY(ct_ifc__need_size(&out->width, w, profile, "FlangeWidth"));
    CT_TRY(ct_ifc__need_size(&out->web, w, profile, "WebThickness"));
    CT_TRY(ct_ifc__need_size(&out->flange, w, profile, "FlangeThickness"));
    if (out->web >= out->width || n_flanges * out->flange >= out->depth)
        return ct_fail(CT_GEOM, "a profile's web and flanges do not fit its sizes");
    return CT_OK;
}

static ct_err t_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    web_and_flange f;
    CT_TRY(read_web_and_flange(&f, w, profile, 1));
    const double depth = f.depth, width = f.width, web = f.web, t = f.flange;
    const double x = 0.5 * width, y = 0.5 * depth, half = 0.5 * web;
    const double fs = slope(w, profile, "FlangeSlope"), ws = slope(w, profile, "WebSlope");
    const double fillet = length(w, profile, "FilletRadius");
    const double flange_edge = length(w, profile, "FlangeEdgeRadius");
    const double web_edge = length(w, profile, "WebEdgeRadius");
    // Right web face: x = half + ws y; lower flange face: y = y0 - t - fs (x0/2 - x).
    const double corner_x = (half + ws * (y - t - 0.5 * fs * x)) / (1 - ws * fs);
    const double corner_y = y - t - fs * (0.5 * x - corner_x);
    const double tip = y - t + 0.5 * fs * x, foot = half - ws * y;
    const ct_ifc__corner corners[] = {{foot, -y, web_edge},
                                      {corner_x, corner_y, fillet},
                                      {x, tip, flange_edge},
                                      {x, y, 0},
                                      {-x, y, 0},
                                      {-x, tip, flange_edge},
                                      {-corner_x, corner_y, fillet},
                                      {-foot, -y, web_edge}};
    return ct_ifc__add_corners(out, w, corners, 8);
}

static ct_err u_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    web_and_flange f;
    CT_TRY(read_web_and_flange(&f, w, profile, 2));
    const double depth = f.depth, width = f.width, web = f.web, t = f.flange;
    const double x = 0.5 * width, y = 0.5 * depth, s = slope(w, profile, "FlangeSlope");
    const double fillet = length(w, profile, "FilletRadius"),
                 edge = length(w, profile, "EdgeRadius");
    const double tip = t - x * s, root = t + (x - web) * s;
    const ct_ifc__corner corners[] = {{-x, -y, 0},
                                      {x, -y, 0},
                                      {x, tip - y, edge},
                                      {web - x, root - y, fillet},
                                      {web - x, y - root, fillet},
                                      {x, y - tip, edge},
                                      {x, y, 0},
                                      {-x, y, 0}};
    return ct_ifc__add_corners(out, w, corners, 8);
}

// A bent sheet with lips; the outer radius is the inner one and the sheet's thickness.
static ct_err c_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    double depth, width, t, girth;
    CT_TRY(ct_ifc__need_size(&depth, w, profile, "Depth"));
    CT_TRY(ct_ifc__need_size(&width, w, profile, "Width"));
    CT_TRY(ct_ifc__need_size(&t, w, profile, "WallThickness"));
    CT_TRY(ct_ifc__need_size(&girth, w, profile, "Girth"));
    if (2 * t >= width || 2 * t >= depth || 2 * girth >= depth || girth <= t)
        return ct_fail(CT_GEOM, "a profile's wall does not fit its sizes");
    const double x = 0.5 * width, y = 0.5 * depth, r = length(w, profile, "InternalFilletRadius");
    const double outer = r > 0 ? r + t : 0;
    const ct_ifc__corner corners[] = {
        {-x, -y, outer},       {x, -y, outer},    {x, girth - y, 0}, {x - t, girth - y, 0},
        {x - t, t - y, r},     {t - x, t - y, r}, {t - x, y - t, r}, {x - t, y - t, r},
        {x - t, y - girth, 0}, {x, y - girth, 0}, {x, y, outer},     {-x, y, outer}};
    return ct_ifc__add_corners(out, w, corners, 12);
}

static ct_err z_shape(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    web_and_flange f;
    CT_TRY(read_web_and_flange(&f, w, profile, 2));
    const double depth = f.depth, width = f.width, web = f.web, t = f.flange;
    const double h = 0.5 * web, x = width - h, y = 0.5 * depth;
    const double fillet = length(w, profile, "FilletRadius"),
                 edge = length(w, profile, "EdgeRadius");
    const ct_ifc__corner corners[] = {{-h, -y, 0},        {x, -y, 0},         {x, t - y, edge},
                                      {h, t - y, fillet}, {h, y, 0},          {-x, y, 0},
                                      {-x, y - t, edge},  {-h, y - t, fillet}};
    return ct_ifc__add_corners(out, w, corners, 8);
}

// ---- crane rails (IFC2x3) -----------------------------------------------------------------------

static ct_err rail(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile, bool wide) {
    double height, head, web, depth2, depth3, base1, base2, base = 0;
    CT_TRY(ct_ifc__need_size(&height, w, profile, "OverallHeight"));
    CT_TRY(ct_ifc__need_size(&head, w, profile, "HeadWidth"));
    CT_TRY(ct_ifc__need_size(&web, w, profile, "WebThickness"));
    CT_TRY(ct_ifc__need_size(&depth2, w, profile, "HeadDepth2"));
    CT_TRY(ct_ifc__need_size(&depth3, w, profile, "HeadDepth3"));
    CT_TRY(ct_ifc__need_size(&base1, w, profile, "BaseDepth1"));
    CT_TRY(ct_ifc__need_size(&base2, w, profile, "BaseDepth2"));
    base = head;
    if (wide) CT_TRY(ct_ifc__need_size(&base, w, profile, "BaseWidth2"));
    const double knee = wide ? length(w, profile, "BaseWidth4") : base;
    const double root = wide ? length(w, profile, "BaseDepth3") : base2;
    const double y = 0.5 * height, r = length(w, profile, "Radius");
    const ct_ifc__corner right[] = {{0.5 * base, -y, 0},        {0.5 * base, base1 - y, 0},
                                    {0.5 * knee, base2 - y, 0}, {0.5 * web, root - y, 0},
                                    {0.5 * web, y - depth3, 0}, {0.5 * head, y - depth2, 0},
                                    {0.5 * head, y, r}};
    ct_ifc__corner all[14];
    uint32_t n = 0;
    for (int i = 0; i < 7; i++)
        if (wide || i != 2) all[n++] = right[i];
    for (uint32_t i = n; i-- > 0; n++) all[n] = (ct_ifc__corner){-all[i].x, all[i].y, all[i].r};
    return ct_ifc__add_corners(out, w, all, n);
}

ct_err ct_ifc__steel_profile(ct_ifc__area *out, ct_ifc__work *w, uint32_t profile) {
    switch ((int)ct_ifc__kind_of(w, profile)) {
    case CT_IFC__K_P_I: return i_shape(out, w, profile);
    case CT_IFC__K_P_ASYMMETRIC_I: return asymmetric_i(out, w, profile);
    case CT_IFC__K_P_L: return l_shape(out, w, profile);
    case CT_IFC__K_P_T: return t_shape(out, w, profile);
    case CT_IFC__K_P_U: return u_shape(out, w, profile);
    case CT_IFC__K_P_C: return c_shape(out, w, profile);
    case CT_IFC__K_P_Z: return z_shape(out, w, profile);
    case CT_IFC__K_P_RAIL_A: return rail(out, w, profile, true);
    case CT_IFC__K_P_RAIL_F: return rail(out, w, profile, false);
    default: return ct_ifc__unsupported(w, profile);
    }
}
