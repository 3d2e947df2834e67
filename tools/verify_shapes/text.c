// IFC texts, instance by instance.
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "verify.h"

double between(verify *v, double low, double high) {
    v->seed = v->seed * 1664525U + 1013904223U;
    return low + (high - low) * ((v->seed >> 8) / 16777216.0);
}

double len(const verify *v, double metres) {
    return metres / v->unit_m;
}

double ang(const verify *v, double radians) {
    return v->degrees ? radians * 180 / M_PI : radians;
}

uint32_t put(verify *v, const char *format, ...) {
    char line[4096];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    ct_buf_printf(&v->text, "#%u=%s;\n", ++v->last, line);
    return v->last;
}

void case_begin(verify *v) {
    static const double units[3] = {1, 0.001, 0.3048};
    static const char *const names[3] = {"IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)",
                                         "IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.)",
                                         "IFCCONVERSIONBASEDUNIT(#5,.LENGTHUNIT.,'FOOT',#4)"};
    const int unit = v->number % 3;
    v->unit_m = units[unit];
    v->degrees = unit == 2;
    v->mirrored = v->number % 4 == 3;
    v->number++;
    ct_buf_reset(&v->text);
    ct_buf_printf(&v->text,
                  "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
                  "FILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('%s'));\n"
                  "ENDSEC;\nDATA;\n",
                  v->latest ? "IFC4X3_ADD2" : "IFC4");
    v->last = 0;
    (void)put(v, "IFCPROJECT('0000000000000000000001',$,'',$,$,$,$,$,#2)");
    (void)put(v, "IFCUNITASSIGNMENT((#3,#%d))", v->degrees ? 7 : 6);
    (void)put(v, "%s", names[unit]);
    (void)put(v, "IFCMEASUREWITHUNIT(IFCLENGTHMEASURE(0.3048),#8)");
    (void)put(v, "IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0)");
    (void)put(v, "IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.)");
    (void)put(v, "IFCCONVERSIONBASEDUNIT(#9,.PLANEANGLEUNIT.,'DEGREE',#10)");
    (void)put(v, "IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)");
    (void)put(v, "IFCDIMENSIONALEXPONENTS(0,0,0,0,0,0,0)");
    (void)put(v, "IFCMEASUREWITHUNIT(IFCPLANEANGLEMEASURE(0.017453292519943295),#6)");
    // The first cases of a family lie where they are described, the others anywhere.
    v->turn = ct_affine_identity;
    if (v->number > 3) {
        const double origin[3] = {between(v, -50, 50), between(v, -50, 50), between(v, -5, 5)};
        const double z[3] = {between(v, -1, 1), between(v, -1, 1), between(v, -1, 1)};
        const double x[3] = {between(v, -1, 1), between(v, -1, 1), between(v, -1, 1)};
        v->turn = ct_affine_frame(origin, z, x);
    }
}

// ---- places

uint32_t put_point2(verify *v, double x, double y) {
    return put(v, "IFCCARTESIANPOINT((%.17g,%.17g))", len(v, x), len(v, y));
}

uint32_t put_point3(verify *v, double x, double y, double z) {
    return put(v, "IFCCARTESIANPOINT((%.17g,%.17g,%.17g))", len(v, x), len(v, y), len(v, z));
}

uint32_t put_direction(verify *v, double x, double y, double z) {
    return put(v, "IFCDIRECTION((%.17g,%.17g,%.17g))", x, y, z);
}

static uint32_t put_plain_frame(verify *v, const ct_affine *a) {
    const uint32_t origin = put_point3(v, a->m[3], a->m[7], a->m[11]);
    const uint32_t z = put_direction(v, a->m[2], a->m[6], a->m[10]);
    const uint32_t x = put_direction(v, a->m[0], a->m[4], a->m[8]);
    return put(v, "IFCAXIS2PLACEMENT3D(#%u,#%u,#%u)", origin, z, x);
}

uint32_t put_frame(verify *v, const ct_affine *frame) {
    const ct_affine turned = ct_affine_multiply(&v->turn, frame);
    return put_plain_frame(v, &turned);
}

uint32_t put_at(verify *v, double x, double y, double z) {
    const ct_affine a = at_point(x, y, z);
    return put_plain_frame(v, &a);
}

uint32_t put_spot(verify *v, double x, double y, double z) {
    double p[3] = {x, y, z};
    ct_affine_point(p, &v->turn, p);
    return put_point3(v, p[0], p[1], p[2]);
}

uint32_t put_way(verify *v, double x, double y, double z) {
    double p[3] = {x, y, z};
    ct_affine_vector(p, &v->turn, p);
    return put_direction(v, p[0], p[1], p[2]);
}

ct_affine at_point(double x, double y, double z) {
    ct_affine a = ct_affine_identity;
    a.m[3] = x;
    a.m[7] = y;
    a.m[11] = z;
    return a;
}

const char *list_of(const uint32_t *numbers, int n) {
    static char text[8][2048];
    static int next;
    char *out = text[next++ % 8];
    size_t at = 0;
    for (int i = 0; i < n && at < sizeof text[0] - 16; i++)
        at += (size_t)snprintf(out + at, sizeof text[0] - at, "%s#%u", i ? "," : "(", numbers[i]);
    (void)snprintf(out + at, sizeof text[0] - at, ")");
    return out;
}

// ---- profiles and solids

uint32_t put_polyline2(verify *v, const double (*xy)[2], int n) {
    uint32_t points[130] = {0};
    for (int i = 0; i < n; i++) points[i] = put_point2(v, xy[i][0], xy[i][1]);
    points[n] = points[0];
    return put(v, "IFCPOLYLINE(%s)", list_of(points, n + 1));
}

uint32_t put_polygon(verify *v, const double (*xy)[2], int n) {
    const uint32_t line = put_polyline2(v, xy, n);
    return put(v, "IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#%u)", line);
}

uint32_t put_rectangle(verify *v, double x, double y, double cx, double cy) {
    const uint32_t at = put_point2(v, cx, cy);
    const uint32_t frame = put(v, "IFCAXIS2PLACEMENT2D(#%u,$)", at);
    return put(v, "IFCRECTANGLEPROFILEDEF(.AREA.,$,#%u,%.17g,%.17g)", frame, len(v, x), len(v, y));
}

uint32_t put_extrusion(verify *v, uint32_t profile, const ct_affine *frame, double dx, double dy,
                       double dz, double depth) {
    const uint32_t place = put_frame(v, frame), way = put_direction(v, dx, dy, dz);
    return put(v, "IFCEXTRUDEDAREASOLID(#%u,#%u,#%u,%.17g)", profile, place, way, len(v, depth));
}

uint32_t put_box(verify *v, double x0, double y0, double z0, double x1, double y1, double z1) {
    const ct_affine frame = at_point((x0 + x1) / 2, (y0 + y1) / 2, z0);
    return put_extrusion(v, put_rectangle(v, x1 - x0, y1 - y0, 0, 0), &frame, 0, 0, 1, z1 - z0);
}

uint32_t put_plane(verify *v, const double point[3], const double normal[3]) {
    const ct_affine frame = ct_affine_frame(point, normal, NULL);
    return put(v, "IFCPLANE(#%u)", put_frame(v, &frame));
}
