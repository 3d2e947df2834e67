// Inside export: city models out (CityJSON, CityJSONSeq, IndoorGML). Coordinates are whole numbers
// of CT_CITYOUT__STEP_M here, so that equal points are equal and a second export gives the same
// bytes; bodies are polygons again, with holes, and shells where they are closed.
#ifndef CT_EXPORT_CITY_CITY_H
#define CT_EXPORT_CITY_CITY_H

#include <stdio.h>

#include "base/strmap.h"
#include "export/format.h"

// As fine as the store keeps meshes, so that a second export has the same bytes.
#define CT_CITYOUT__STEP_M 1e-5

enum { CT_CITYOUT__STEPS_A_METRE = 100000, CT_CITYOUT__MAX_DEPTH = 32 };

// ---- points (points.c)

typedef struct ct_cityout__point {
    int64_t at[3];
} ct_cityout__point;

// Distinct points, numbered as they come. Zeroed at first.
typedef struct ct_cityout__points {
    ct_cityout__point *all;
    size_t n, room;
    uint32_t *slots; // numbers + 1 by hash
    size_t n_slots;
} ct_cityout__points;

// CT_RANGE where a coordinate is too far away for whole numbers.
CT_CHECKED ct_err ct_cityout__quantise(ct_cityout__point *out, const double xyz[3]);
CT_CHECKED ct_err ct_cityout__number(uint32_t *out, ct_cityout__points *p,
                                     const ct_cityout__point *point);
void ct_cityout__points_reset(ct_cityout__points *p); // empty, memory kept
void ct_cityout__points_fini(ct_cityout__points *p);

// ---- materials (materials.c)

// Of the whole file, each once.
typedef struct ct_cityout__materials {
    ct_arena *arena;
    ct_strmap *numbers;
    ct_material *all;
    size_t n, room;
} ct_cityout__materials;

CT_CHECKED ct_err ct_cityout__materials_init(ct_cityout__materials *m);
void ct_cityout__materials_fini(ct_cityout__materials *m);
// Its number + 1; 0 for what readers give to faces without one.
CT_CHECKED ct_err ct_cityout__material(uint32_t *out, ct_cityout__materials *m,
                                       const ct_material *material);

// ---- geometry in the making (shapes.c)

// The finest level of detail that CityJSON has; what is finer is written as this.
#define CT_CITYOUT__FINEST 3

typedef enum ct_cityout__kind {
    CT_CITYOUT__POINTS,
    CT_CITYOUT__LINES,
    CT_CITYOUT__SURFACES,
    CT_CITYOUT__COMPOSITE,
    CT_CITYOUT__SOLID
} ct_cityout__kind;

typedef struct ct_cityout__face { // a polygon; the outside first, rings open
    uint32_t ring, n_rings;
    uint32_t material; // number + 1
    uint8_t tag;       // ct_surface
} ct_cityout__face;

typedef struct ct_cityout__shell {
    uint32_t face, n_faces; // in `order`
} ct_cityout__shell;

typedef struct ct_cityout__geometry {
    ct_cityout__kind kind;
    uint8_t lod;
    char lod_text[8];         // "2.2"
    uint32_t shell, n_shells; // of a solid: the outside first; of others one
} ct_cityout__geometry;

// The geometries of one feature. Lines and points are faces of one ring each.
typedef struct ct_cityout__shapes {
    ct_cityout__points points;
    uint32_t *corners; // of all rings: numbers of points
    size_t n_corners, corner_room;
    uint32_t *ring_end;
    size_t n_rings, ring_room;
    ct_cityout__face *faces;
    size_t n_faces, face_room;
    uint32_t *order; // faces as shells have them
    size_t n_order, order_room;
    ct_cityout__shell *shells;
    size_t n_shells, shell_room;
    ct_cityout__geometry *geometries;
    size_t n_geometries, geometry_room;
    struct ct_outline *outline;
    struct ct_triangulator *triangulator;
    double *snapped; // points of the part at work as readers will have them, near to 0
    size_t n_snapped, snapped_room; // n_snapped 0: not yet made
    struct ct_cityout__edges *edges, *edges_alone;
} ct_cityout__shapes;

CT_CHECKED ct_err ct_cityout__shapes_init(ct_cityout__shapes *s);
void ct_cityout__shapes_fini(ct_cityout__shapes *s);
void ct_cityout__shapes_reset(ct_cityout__shapes *s);
// Points, lines or polygons, of LOD 0; those without heights get `z`. Nothing for an empty one.
CT_CHECKED ct_err ct_cityout__add_geom(ct_cityout__shapes *s, const ct_geom *g, double z,
                                       ct_cityout__kind polygons);
// Closed parts as solids (unless `surfaces` says what all shall be), parts that are closed together
// as one, others as surfaces.
CT_CHECKED ct_err ct_cityout__add_body(ct_cityout__shapes *s, ct_cityout__materials *materials,
                                       const ct_body *body, bool solids, ct_cityout__kind surfaces);
// LODs of the geometries from `first` on as the source wrote them: "1.2 2.2", where they tell which
// geometry has which. NULL is fine.
void ct_cityout__set_lods(ct_cityout__shapes *s, size_t first, const char *lods);

// Inside: polygons of a part, appended to the faces (faces.c); the shells of faces from `first` on
// (shells.c): *closed false where they are none.
CT_CHECKED ct_err ct_cityout__part_faces(ct_cityout__shapes *s, const ct_body_part *part,
                                         uint32_t material);
// Turns the first ring until triangulation gives the mesh's triangles from `begin` to `end`; *found
// false where none of the first turns does (bent.c).
CT_CHECKED ct_err ct_cityout__find_turn(bool *found, ct_cityout__shapes *s,
                                        const ct_body_part *part, uint32_t begin, uint32_t end,
                                        uint32_t *points, const uint32_t *ring_end,
                                        uint32_t n_rings);
struct ct_cityout__edges *ct_cityout__edges_new(void);
void ct_cityout__edges_free(struct ct_cityout__edges *e);
// Forgets the faces so far; the next are looked at by themselves.
void ct_cityout__edges_reset(struct ct_cityout__edges *e);
// Adds faces; *closed tells whether all since the reset are closed.
CT_CHECKED ct_err ct_cityout__edges_add(bool *closed, struct ct_cityout__edges *e,
                                        const ct_cityout__shapes *s, uint32_t first, uint32_t n);
// A solid for each outside, with its cavities, of the closed faces; *sound false where a cavity has
// none, and nothing was added.
CT_CHECKED ct_err ct_cityout__add_solids(bool *sound, ct_cityout__shapes *s, uint32_t first,
                                         uint32_t n, uint8_t lod);

// ---- objects (types.c, attributes.c)

typedef struct ct_cityout__type {
    const char *with, *without; // type where the parent is written too, and where it is not
    const char *parent[2];      // ids of those that it may be in, the nearer first; NULL = none
    bool solids;                // whether the type may have them
    ct_cityout__kind surfaces;
} ct_cityout__type;

void ct_cityout__type_of(ct_cityout__type *out, const ct_feature *f);
// The text of the property without a set, or NULL.
const char *ct_cityout__property(const ct_feature *f, const char *set, const char *name);
// The object "attributes". `outline`: geometry 0 is that of the feature itself, not of its body.
void ct_cityout__attributes(ct_buf *out, const ct_feature *f, const ct_cityout__shapes *s,
                            bool outline);

#endif
