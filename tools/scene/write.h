// Writes a scene: one GeoPackage with a layer a collection, and the ground as GeoTIFF.
#ifndef SCENE_WRITE_H
#define SCENE_WRITE_H

#include "geo/grid.h"
#include "world.h"

// Both are complete or absent, and have the same bytes for the same content. CT_IO.
CT_CHECKED ct_err sc_write_features(const sc_world *world, const char *path);
CT_CHECKED ct_err sc_write_ground(const sc_world *world, const ct_grid *ground, const char *path);

#endif
