// Reads a generated scene with OGR, so that the checks share nothing with the generator's own
// structures.
#ifndef TESTS_SCENE_FILE_H
#define TESTS_SCENE_FILE_H

#include <gdal.h>
#include <ogr_api.h>
#include <stdbool.h>

#include "cmk.h"

typedef struct sf_point {
    double x, y;
} sf_point;

typedef struct sf_layer {
    size_t count;
    OGRFeatureH *items;
} sf_layer;

typedef struct sf_scene {
    const char *folder;
    GDALDatasetH file;
    int communities; // features of the layer "sites"
} sf_scene;

// Opens DIR/riverside.gpkg; fails the test program's setup by returning false.
bool sf_open(sf_scene *scene, const char *folder);
void sf_close(sf_scene *scene);

// All features of a collection, optionally those where `attr` equals `value`. Fails the test if the
// layer is missing.
sf_layer sf_read(const sf_scene *scene, const char *collection, const char *attr,
                 const char *value);
void sf_free(sf_layer *layer);
OGRFeatureH sf_find(const sf_layer *layer, const char *id); // NULL if it is not there

const char *sf_text(OGRFeatureH f,
                    const char *attr); // "" where null; valid until the feature's next sf_text
double sf_number(OGRFeatureH f, const char *attr); // NAN where null
OGRGeometryH sf_geom(OGRFeatureH f);
sf_point sf_point_of(OGRFeatureH f); // of a point feature
double sf_area(OGRGeometryH g);
OGREnvelope sf_envelope(OGRGeometryH g);
bool sf_overlap(OGRGeometryH a, OGRGeometryH b, double area_m2); // share more than this area
// The outer ring of the first polygon; returns the number of its corners (the closing one left
// out).
int sf_corners(OGRGeometryH polygon, sf_point *out, int max);

// Whether the point lies in the polygon's outer ring, at least `margin_m` from it.
bool sf_inside(OGRGeometryH polygon, double x, double y, double margin_m);

// Runs the tests on the scene in argv[1].
extern sf_scene sf_current;
int sf_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count, const char *name);

#endif
