// What the cases of this program share: small IFC texts in the making, what the reader makes of
// them, and the report, a line for each family of shapes.
//
// A family has many cases, each with other numbers, turned some way, in metres, millimetres or
// feet, some of them mirrored. The expected volumes and areas are formulas over the numbers.
#ifndef TOOLS_VERIFY_SHAPES_VERIFY_H
#define TOOLS_VERIFY_SHAPES_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "geo/affine.h"

enum { CASES = 24 }; // of a family, unless it says otherwise

typedef struct verify {
    bool json, cases; // cases: a line for each case too
    int checked, failed;
    bool latest; // the schema is IFC 4.3, not 4
    // The family at work.
    const char *family;
    int n, n_volume, n_area, volume_ok, area_ok;
    double worst_volume, worst_area;
    // The case at work.
    int number;
    uint32_t seed;
    double unit_m;
    bool degrees, mirrored;
    ct_affine turn; // from where the case is described to where it lies
    ct_buf text;
    uint32_t last; // number of the last instance
} verify;

// ---- cases
void family_begin(verify *v, const char *name);
void family_end(verify *v);
void case_begin(verify *v);                         // an empty file
double between(verify *v, double low, double high); // the next number by chance
// An instance; its number.
uint32_t put(verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
double len(const verify *v, double metres); // in the file's unit
double ang(const verify *v, double radians);

uint32_t put_point2(verify *v, double x, double y);
uint32_t put_point3(verify *v, double x, double y, double z); // not turned
uint32_t put_direction(verify *v, double x, double y, double z);
// An IfcAxis2Placement3D; turned like everything in the case.
uint32_t put_frame(verify *v, const ct_affine *frame);
uint32_t put_at(verify *v, double x, double y, double z); // the same, not turned any further
// A point and a direction in space, turned.
uint32_t put_spot(verify *v, double x, double y, double z);
uint32_t put_way(verify *v, double x, double y, double z);
// "(#1,#2)" of numbers, in the case's storage until the next 8 calls.
const char *list_of(const uint32_t *numbers, int n);

uint32_t put_polyline2(verify *v, const double (*xy)[2], int n); // closed: the first point again
uint32_t put_polygon(verify *v, const double (*xy)[2], int n);   // a profile
uint32_t put_rectangle(verify *v, double x, double y, double cx, double cy); // a profile
// A profile swept from the xy-plane of a frame.
uint32_t put_extrusion(verify *v, uint32_t profile, const ct_affine *frame, double dx, double dy,
                       double dz, double depth);
uint32_t put_box(verify *v, double x0, double y0, double z0, double x1, double y1, double z1);
// Of a plane through a point with a normal.
uint32_t put_plane(verify *v, const double point[3], const double normal[3]);
ct_affine at_point(double x, double y, double z);

// ---- results. Expectations of NaN are not checked.
void expect_item(verify *v, uint32_t item, double volume_m3, double area_m2);
void expect_cut(verify *v, const uint32_t *items, int n, const uint32_t *openings, int n_openings,
                double volume_m3, double area_m2);

// ---- the families
void verify_profiles(verify *v);
void verify_sweeps(verify *v);
void verify_booleans(verify *v);
void verify_half_spaces(verify *v);
void verify_openings(verify *v);
void verify_advanced(verify *v);
void verify_lines(verify *v);

#endif
