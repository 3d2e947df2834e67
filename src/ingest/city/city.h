// Inside ingest: what the formats of city models (CityJSON, CityGML, IndoorGML) share. A reader
// makes trees of city objects, each with attributes and shapes as the file tells them; here they
// become features with bodies, outlines and references.
//
// Types are named as CityJSON 2.0 does ("BuildingPart"); readers of other formats translate.
#ifndef CT_INGEST_CITY_CITY_H
#define CT_INGEST_CITY_CITY_H

#include "base/strmap.h"
#include "geo/mesh_build.h"
#include "geo/outline.h"
#include "ingest/job.h"
#include "ingest/named_crs.h"

#define CT_CITY__NONE UINT32_MAX

enum { CT_CITY__MAX_DEPTH = 32 }; // of objects in objects

// ---- shapes (shape.c)

typedef enum ct_city__kind {
    CT_CITY__SURFACES,
    CT_CITY__SOLID, // faces of all shells of one solid
    CT_CITY__LINES,
    CT_CITY__POINTS
} ct_city__kind;

typedef enum ct_city__role {
    CT_CITY__BODY,
    CT_CITY__FOOTPRINT, // the outline on the ground
    CT_CITY__ROOF_EDGE,
    CT_CITY__TERRAIN_LINE, // where it meets the terrain
    CT_CITY__OWN           // the geometry of a feature that this program wrote
} ct_city__role;

// What faces have in common by meaning: one roof, one door.
typedef struct ct_city__surface {
    const char *type; // "RoofSurface", "Door"
    const char *id;   // NULL where it has none
    const ct_property *attributes;
    size_t n_attributes;
} ct_city__surface;

struct ct_city__pattern;

typedef struct ct_city__shape {
    ct_city__kind kind;
    ct_city__role role;
    uint8_t lod;
    const char *lod_text; // "2.2"; NULL where it is no more than `lod`
    // Faces, each of rings with the outside first and open; lines are rings, points have none.
    double *xyz; // of the file until the object is delivered, then of the twin
    uint32_t n_points, n_rings, n_faces;
    uint32_t *ring_end; // in points
    uint32_t *face_end; // in rings
    uint8_t *tag;       // of each face: ct_surface
    uint32_t *surface;  // of each face, in `surfaces`, or none
    uint32_t *material; // of each face, in the reader's materials, or none
    size_t point_room, ring_room, face_room;
    ct_city__surface *surfaces;
    uint32_t n_surfaces;
    struct ct_city__pattern *pattern; // stands for a pattern's shapes, placed by:
    ct_affine matrix;                 // about `anchor`
    double anchor[3];                 // of the file, then of the twin
} ct_city__shape;

// Shapes that many objects share, in their own frame; lives as long as the import.
typedef struct ct_city__pattern {
    size_t n_shapes;
    ct_city__shape *shapes;
    ct_body body; // made with the first use
    bool made;
} ct_city__pattern;

// Growing, in the arena. CT_LIMIT over `max_points` of the shape, CT_NOMEM.
CT_CHECKED ct_err ct_city__add_point(ct_city__shape *s, ct_arena *arena, const double p[3],
                                     size_t max_points);
// Room for n points more in a row, which the caller fills.
CT_CHECKED ct_err ct_city__add_points(double **out, ct_city__shape *s, ct_arena *arena, size_t n,
                                      size_t max_points);
// Ends the ring of the points added since the last one. A last point like the first is dropped.
CT_CHECKED ct_err ct_city__end_ring(ct_city__shape *s, ct_arena *arena);
// Of the rings since the last face. CT_PARSE where there are none.
CT_CHECKED ct_err ct_city__end_face(ct_city__shape *s, ct_arena *arena, ct_surface tag,
                                    uint32_t surface, uint32_t material);

// ---- objects

typedef struct ct_city__observation {
    int64_t time_us;
    double value; // in the device's unit
} ct_city__observation;

// What an object that this program wrote says of the feature that it was; its id is the feature's.
typedef struct ct_city__own {
    const ct_class *cls;
    const char *source_id; // NULL = none
    size_t n_plain;        // attributes that may be the catalogue's; those after are properties
    bool outline;          // the first shape is the feature's geometry, not of its body
} ct_city__own;

typedef struct ct_city__object {
    const char *type; // "Building"
    const char *id;   // of the source
    const char *where;
    struct ct_city__object *parent, *child, *last, *next; // last: the last child
    // Source ids of what a room is a part of by a link only; NULL = of nothing.
    const char *storey_id, *unit_id;
    const char *place_id; // of a device: the object that it is at; NULL = its parent
    const char *observed; // of a device: what it observes, and its observations
    ct_city__observation *observations;
    size_t n_observations, observation_room;
    struct ct_city__object *side[2]; // spaces that a connection joins; NULL = not told
    ct_property *attributes;
    size_t n_attributes, attribute_room;
    ct_city__shape *shapes;
    size_t n_shapes, shape_room;
    ct_city__own *own; // NULL: somebody else's
    // What delivery works out.
    const struct ct_city__type *kind;
    const ct_class *cls;
    const char *feature_id;
    struct ct_city__object *building, *storey; // that it is in
    ct_box3 box;                               // of its shapes and its children's, in the twin
    bool has_box;
    ct_geom outline; // polygons from above; without heights
    int level;       // of a storey
} ct_city__object;

// Growing, in the arena. CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_city__add_attribute(ct_city__object *o, ct_arena *arena,
                                         const ct_property *attribute);
CT_CHECKED ct_err ct_city__add_observation(ct_city__object *o, ct_arena *arena, int64_t time_us,
                                           double value);
CT_CHECKED ct_err ct_city__add_shape(ct_city__shape **out, ct_city__object *o, ct_arena *arena);
void ct_city__add_child(ct_city__object *parent, ct_city__object *child);

// ---- types (types.c)

typedef struct ct_city__type {
    const char *name;
    const char *cls;
    const char *kind; // code of the attribute "kind"; NULL = none
    ct_surface floor; // whose faces give the outline, before that of all faces
} ct_city__type;

// Also for "+Type" of an extension that names a type of the standard. Unknown ones are
// "GenericCityObject"'s; `*known` tells.
const ct_city__type *ct_city__type_of(const char *name, bool *known);
// Whether a class, function or usage of a group says that it is the storey of a building.
bool ct_city__is_storey(const char *text);
const char *ct_city__use_of(const char *code);       // code of the attribute "use", or NULL
const char *ct_city__attr_of(const char *attribute); // of the catalogue, or NULL

// ---- delivery

typedef struct ct_city__tally ct_city__tally; // of things by name, told once at the end

typedef struct ct_city__reader {
    ct_ingest__job *job;
    // What becomes of the tree of a finished object: ct_city__deliver, unless somebody else asked.
    ct_err (*deliver)(struct ct_city__reader *r, ct_city__object *root);
    const char *crs_name;      // as the file tells it; NULL = not told
    ct_ingest__named_crs *crs; // opened with the first object that has coordinates
    ct_arena *arena;           // of the import: patterns, materials
    ct_arena *family;          // of the tree at work: reset by the format's reader
    ct_mesh_builder *builder;
    ct_outline *outline;
    const ct_material *materials;
    size_t n_materials;
    ct_city__tally *tally;
    double part; // done of the file
} ct_city__reader;

CT_CHECKED ct_err ct_city__init(ct_city__reader *r, ct_ingest__job *job);
void ct_city__fini(ct_city__reader *r);
// The findings of the tally.
void ct_city__finish(ct_city__reader *r);
// Counts a thing of the rule: "type +Tree". `text` with one %zu for the count and one %s for the
// name.
CT_CHECKED ct_err ct_city__count(ct_city__reader *r, const char *rule, const char *text,
                                 const char *name);

// An error about one object becomes a finding and CT_OK; others are passed on.
CT_CHECKED ct_err ct_city__note(const ct_city__reader *r, ct_err err, const char *where);
// Delivers the tree of the object.
CT_CHECKED ct_err ct_city__deliver(ct_city__reader *r, ct_city__object *root);

// Steps of it.
// place.c. Opens the way to the twin by the shapes of the object, if it is not yet open.
CT_CHECKED ct_err ct_city__open_crs(ct_city__reader *r, const ct_city__object *o);
CT_CHECKED ct_err ct_city__locate(ct_city__reader *r, ct_city__object *o);
CT_CHECKED ct_err ct_city__outline(ct_city__reader *r, ct_city__object *o); // outline.c
// Faces side by side as one outline (outline_edges.c). *sound is false where they are not so: they
// overlap, or edges do not meet. CT_NOMEM, or what welding says.
CT_CHECKED ct_err ct_city__join_faces(ct_geom *out, bool *sound, ct_city__reader *r,
                                      const ct_geom *faces);
// Makes the outline that of both.
CT_CHECKED ct_err ct_city__join_outline(ct_city__reader *r, ct_city__object *o,
                                        const ct_city__object *other);
// The body, in the job's arena; *volume_m3 of its best closed solids, NaN where there are none.
CT_CHECKED ct_err ct_city__body(const ct_body **out, double *volume_m3, ct_city__reader *r,
                                const ct_city__object *o); // body.c
CT_CHECKED ct_err ct_city__attributes(ct_feature *f, ct_city__reader *r,
                                      const ct_city__object *o); // attributes.c
// The feature of an object with `own`, as it was (own.c).
CT_CHECKED ct_err ct_city__own_feature(ct_feature *f, ct_city__reader *r, const ct_city__object *o);
// Doors and windows that are faces with a meaning only, as features.
CT_CHECKED ct_err ct_city__openings(ct_city__reader *r, ct_city__object *o); // openings.c

#endif
