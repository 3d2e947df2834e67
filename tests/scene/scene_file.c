// Reading of generated scenes.
#include "scene_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

sf_scene sf_current;

bool sf_open(sf_scene *scene, const char *folder) {
    char *path = ct_sprintf("%s/riverside.gpkg", folder);
    GDALAllRegister();
    *scene = (sf_scene){.folder = folder};
    if (path) scene->file = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    ct_free(path);
    if (!scene->file) return false;
    OGRLayerH sites = GDALDatasetGetLayerByName(scene->file, "sites");
    scene->communities = sites ? (int)OGR_L_GetFeatureCount(sites, TRUE) : 0;
    return scene->communities > 0;
}

void sf_close(sf_scene *scene) {
    if (scene->file) GDALClose(scene->file);
    scene->file = NULL;
}

sf_layer sf_read(const sf_scene *scene, const char *collection, const char *attr,
                 const char *value) {
    OGRLayerH layer = GDALDatasetGetLayerByName(scene->file, collection);
    if (!layer) fail_msg("there is no layer %s", collection);
    sf_layer out = {0};
    out.items = ct_calloc((size_t)OGR_L_GetFeatureCount(layer, TRUE) + 1, sizeof(OGRFeatureH));
    assert_non_null(out.items);
    OGR_L_ResetReading(layer);
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer));) {
        if (attr && strcmp(sf_text(f, attr), value) != 0)
            OGR_F_Destroy(f);
        else
            out.items[out.count++] = f;
    }
    return out;
}

void sf_free(sf_layer *layer) {
    for (size_t i = 0; i < layer->count; i++) OGR_F_Destroy(layer->items[i]);
    ct_free(layer->items);
    *layer = (sf_layer){0};
}

OGRFeatureH sf_find(const sf_layer *layer, const char *id) {
    for (size_t i = 0; i < layer->count; i++)
        if (strcmp(sf_text(layer->items[i], "id"), id) == 0) return layer->items[i];
    return NULL;
}

static int field_of(OGRFeatureH f, const char *attr) {
    int field = OGR_F_GetFieldIndex(f, attr);
    if (field < 0) fail_msg("there is no field %s", attr);
    return field;
}

const char *sf_text(OGRFeatureH f, const char *attr) {
    return OGR_F_GetFieldAsString(f, field_of(f, attr));
}

double sf_number(OGRFeatureH f, const char *attr) {
    int field = field_of(f, attr);
    return OGR_F_IsFieldSetAndNotNull(f, field) ? OGR_F_GetFieldAsDouble(f, field) : (double)NAN;
}

OGRGeometryH sf_geom(OGRFeatureH f) {
    return OGR_F_GetGeometryRef(f);
}

sf_point sf_point_of(OGRFeatureH f) {
    OGRGeometryH g = sf_geom(f);
    return (sf_point){OGR_G_GetX(g, 0), OGR_G_GetY(g, 0)};
}

double sf_area(OGRGeometryH g) {
    return OGR_G_Area(g);
}

OGREnvelope sf_envelope(OGRGeometryH g) {
    OGREnvelope e;
    OGR_G_GetEnvelope(g, &e);
    return e;
}

bool sf_overlap(OGRGeometryH a, OGRGeometryH b, double area_m2) {
    OGREnvelope p = sf_envelope(a), q = sf_envelope(b);
    if (p.MinX > q.MaxX || q.MinX > p.MaxX || p.MinY > q.MaxY || q.MinY > p.MaxY) return false;
    OGRGeometryH both = OGR_G_Intersection(a, b);
    bool over = both && OGR_G_Area(both) > area_m2;
    if (both) OGR_G_DestroyGeometry(both);
    return over;
}

int sf_corners(OGRGeometryH polygon, sf_point *out, int max) {
    OGRGeometryH ring = polygon;
    while (OGR_G_GetGeometryCount(ring) > 0) ring = OGR_G_GetGeometryRef(ring, 0);
    int n = OGR_G_GetPointCount(ring) - 1;
    if (n > max) fail_msg("a ring has %d corners", n);
    for (int k = 0; k < n; k++) out[k] = (sf_point){OGR_G_GetX(ring, k), OGR_G_GetY(ring, k)};
    return n;
}

bool sf_inside(OGRGeometryH polygon, double x, double y, double margin_m) {
    sf_point at[256];
    int n = sf_corners(polygon, at, 256);
    bool inside = false;
    for (int k = 0; k < n; k++) {
        sf_point a = at[k], b = at[(k + 1) % n];
        double dx = b.x - a.x, dy = b.y - a.y,
               t = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy);
        t = fmin(1, fmax(0, t));
        if (hypot(x - a.x - t * dx, y - a.y - t * dy) < margin_m) return false;
        if ((a.y > y) != (b.y > y) && x < a.x + dx * (y - a.y) / dy) inside = !inside;
    }
    return inside;
}

int sf_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count, const char *name) {
    if (argc != 2 || !sf_open(&sf_current, argv[1])) {
        fprintf(stderr, "%s: a folder with a scene is needed\n", name);
        return 2;
    }
    int failed = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
    sf_close(&sf_current);
    return failed;
}
