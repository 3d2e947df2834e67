// The scene being made: its features by class, with a sticky error so that layout code reads
// plainly. After the first failure every call does nothing; sc_world_status tells at the end.
#ifndef SCENE_WORLD_H
#define SCENE_WORLD_H

#include "model/feature.h"
#include "params.h"
#include "shape.h"

// What a random number is for: one purpose each, so that a new draw never shifts the others.
enum sc_draw {
    SC_DRAW_JITTER_X = 1,
    SC_DRAW_JITTER_Y,
    SC_DRAW_RELIEF,
    SC_DRAW_YEAR,
    SC_DRAW_FLOOR,
    SC_DRAW_OCCUPIED,
    SC_DRAW_SIZE,
    SC_DRAW_AGES,
    SC_DRAW_LIMITED,
    SC_DRAW_STAFF,
    SC_DRAW_CONDITION,
    SC_DRAW_MODEL,
    SC_DRAW_PLACE,
    SC_DRAW_PRESSURE,
    SC_DRAW_STOREYS
};

typedef struct sc_layer {
    const ct_class *cls;
    ct_feature *items;
    size_t count, cap;
} sc_layer;

typedef struct sc_world {
    const sc_params *params;
    ct_catalogue *catalogue;
    ct_arena *arena; // owns ids, texts, geometries and values
    sc_layer *layers;
    size_t n_layers;
    ct_err err;
    char message[256]; // of the error that stuck
} sc_world;

CT_CHECKED ct_err sc_world_init(sc_world *world, const sc_params *params);
void sc_world_fini(sc_world *world);
ct_err sc_world_status(const sc_world *world);    // the error that stuck, its message kept
void sc_world_stick(sc_world *world, ct_err err); // notes a failure (CT_OK does nothing)

// A new feature of the class; the id is printed from the format. NULL once an error stuck.
// Borrowed until the next feature of the same class is added.
ct_feature *sc_add(sc_world *world, const char *cls, const char *id_format, ...) CT_PRINTF(3, 4);
const sc_layer *sc_world_layer(const sc_world *world, const char *cls);

// Setters; a NULL feature is passed over. Reals are kept to the millimetre.
void sc_text(sc_world *world, ct_feature *f, const char *attr, const char *format, ...)
    CT_PRINTF(4, 5);
void sc_number(sc_world *world, ct_feature *f, const char *attr, double number);
void sc_real(sc_world *world, ct_feature *f, const char *attr,
             double number); // as it is, not rounded
void sc_named(sc_world *world, ct_feature *f, const char *en, const char *zh);

// Geometries are given in local metres and stored in the scene's CRS, to the millimetre.
void sc_set_point(sc_world *world, ct_feature *f, sc_point at, double z_m);
void sc_set_line(sc_world *world, ct_feature *f, const sc_point *at, int n, double z_m);
void sc_set_line_z(sc_world *world, ct_feature *f, const sc_point *at, const double *z_m, int n);
void sc_set_ring(sc_world *world, ct_feature *f, const sc_ring *ring, double z_m);
// Lines with gaps: `ends[k]` is the index after the last point of line k.
void sc_set_lines(sc_world *world, ct_feature *f, const sc_point *at, const int *ends, int lines);

// Random numbers of the scene's seed.
double sc_unit(const sc_world *world, uint64_t entity, enum sc_draw purpose);
double sc_range(const sc_world *world, uint64_t entity, enum sc_draw purpose, double low,
                double high);
int sc_pick(const sc_world *world, uint64_t entity, enum sc_draw purpose, int low, int high);

#endif
