// Inside ifc/shape: what one worker holds, and how the parts of the reader of shapes speak with
// each other: a representation item becomes a list of parts, each a mesh with a place.
//
// A worker is one thread's; the model is read by all of them at once and never written. Nothing
// that is made depends on which worker makes it, on how many there are or on the clock. Lengths and
// coordinates are metres, angles radians, from where they are read on.
//
// Errors: CT_UNSUPPORTED an entity that is not read yet, CT_PARSE an attribute that is missing or
// wrong, CT_GEOM a shape that makes no sense, CT_LIMIT over the budget, CT_CORRUPT a circle: each
// is about the item and becomes a finding of its product, the last one an error. CT_NOMEM ends the
// import.
#ifndef CT_INGEST_IFC_SHAPE_WORK_H
#define CT_INGEST_IFC_SHAPE_WORK_H

#include "geo/mesh_build.h"
#include "geo/mesh_prism.h"
#include "geo/triangulate.h"
#include "ingest/ifc/placement.h"
#include "ingest/ifc/shape/kinds.h"
#include "ingest/ifc/shape/shapes.h"

enum {
    CT_IFC__SHAPE_DEPTH = 64,           // items within items
    CT_IFC__SHAPE_STEPS = 20000000,     // of a product; about a second
    CT_IFC__SHAPE_TRIANGLES = 1000000,  // of a product
    CT_IFC__SHAPE_BYTES = 512 * 1048576 // of the arena
};

#define CT_IFC__CHORD_M 0.005  // other curves and surfaces stay so near to their chords
#define CT_IFC__OFF_M   0.0009 // a corner of an arc lies no farther outside of it
#define CT_IFC__ARC_RAD 0.2619 // and turns by so much a chord at most: 24 in a circle
// What bends both ways, and edges of such surfaces: 36 in a circle.
#define CT_IFC__FINE_RAD 0.1746

// ---- what comes out

typedef struct ct_ifc__part {
    const ct_mesh *mesh;   // metres, in the part's own frame; one from a map is shared
    ct_affine place;       // to the frame of the representation
    uint32_t style;        // the representation item whose style it has; CT_STEP__NONE
    bool closed;           // watertight and looking outside: a volume
    const ct_prism *prism; // what `mesh` was swept from, in the frame of `mesh`; NULL: by no
                           // straight sweep
} ct_ifc__part;

typedef struct ct_ifc__solid { // zeroed at first; in the arena
    ct_ifc__part *parts;
    size_t n, room;
} ct_ifc__solid;

typedef struct ct_ifc__line { // a polyline, in the arena
    double *xyz;              // 3 coordinates a point; z is 0 in a plane
    uint32_t n;
    bool closed; // from the last point to the first one too, which does not come again
} ct_ifc__line;

// ---- the worker

typedef struct ct_ifc__map { // a representation map that was made already
    ct_ifc__solid solid;     // in the frame of the mapped representation
    ct_err err;              // why there is none
    const char *message;
    bool made;
} ct_ifc__map;

typedef struct ct_ifc__work {
    const ct_ifc__model *m;
    const uint8_t *kinds;       // of each type of the file
    double length_m, angle_rad; // one of the project's units
    double weld_m;              // points so near to each other are one
    double chord_m;
    double arc_rad;    // an arc turns by so much a chord at most
    bool faces_styled; // some faces or shells of the file have a style of their own
    bool keep_length;  // arcs are ways that something is swept along
    ct_arena *arena;   // results and room to work in; the owner empties it between products
    ct_mesh_builder *builder;
    ct_mesh_builder *welder; // of meshes that do not close; NULL until one comes
    uint32_t mesh_number;    // of the mesh in the making; counts up
    uint64_t *point_at; // of a slot: the last mesh that it is a point of << 32 | which; or NULL
    ct_triangulator *triangulator;
    const uint32_t *map_at; // of a slot: its place in `maps` + 1; 0 = none. NULL: no maps
    const ct_ifc__map *maps;
    uint32_t *shared; // the maps that the product at work uses, by number
    size_t n_shared, shared_room;
    // The budget of the product at work.
    uint64_t steps_left;
    uint64_t triangles_left;
    uint32_t path[CT_IFC__SHAPE_DEPTH]; // the items that are open
    int depth;
    ct_ifc__finding *findings; // of the product at work; in the arena
    size_t n_findings, finding_room;
} ct_ifc__work;

// `kinds` is borrowed. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__work_init(ct_ifc__work *out, const ct_ifc__model *m,
                                    const ct_ifc__units *units, const uint8_t *kinds);
void ct_ifc__work_fini(ct_ifc__work *w); // a zeroed one is fine
// Empties the arena and begins a new budget and a new list of findings.
void ct_ifc__work_begin(ct_ifc__work *w);

static inline ct_ifc__kind ct_ifc__kind_of(const ct_ifc__work *w, uint32_t slot) {
    if (slot == CT_STEP__NONE) return CT_IFC__K_OTHER;
    return (ct_ifc__kind)w->kinds[ct_step__type(w->m->step, slot)];
}

// Takes steps (about 50 ns each: a point, an edge) off the budget. CT_LIMIT.
CT_CHECKED ct_err ct_ifc__spend(ct_ifc__work *w, uint64_t steps);
CT_CHECKED ct_err ct_ifc__spend_triangles(ct_ifc__work *w, uint32_t n);
// Opens and closes an instance that may hold others. CT_CORRUPT where it holds itself, CT_LIMIT
// where there are too many within each other.
CT_CHECKED ct_err ct_ifc__enter(ct_ifc__work *w, uint32_t slot);
void ct_ifc__leave(ct_ifc__work *w);
// CT_CORRUPT, telling that the instance is a part of itself.
ct_err ct_ifc__circle(const ct_ifc__work *w, uint32_t slot);

// A finding that does not end the item. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__find(ct_ifc__work *w, ct_severity severity, const char *rule,
                               uint32_t slot, const char *format, ...) CT_PRINTF(5, 6);
// CT_LIMIT for CT_NOMEM where the arena's bound was reached: the product alone is too large. The
// arena is then empty again, the findings of before are gone.
ct_err ct_ifc__full_is_limit(ct_ifc__work *w, ct_err err);
// Whether the error is about the item only.
bool ct_ifc__is_of_item(ct_err err);
// Makes such an error a finding "shape-unsupported", "shape-broken" or "shape-budget" about `slot`
// and gives CT_OK; passes others on, and CT_LIMIT as `keep_limit` says.
CT_CHECKED ct_err ct_ifc__forgive(ct_ifc__work *w, ct_err err, uint32_t slot, bool keep_limit);
// CT_UNSUPPORTED, naming the entity of `slot`.
ct_err ct_ifc__unsupported(const ct_ifc__work *w, uint32_t slot);

// ---- reading attributes (read.c)

// A number that must be there: CT_PARSE naming instance and attribute. Those of lengths in metres;
// a size is a length greater than 0.
CT_CHECKED ct_err ct_ifc__need(double *out, const ct_ifc__work *w, uint32_t slot,
                               const char *attribute);
CT_CHECKED ct_err ct_ifc__need_length(double *out, const ct_ifc__work *w, uint32_t slot,
                                      const char *attribute);
CT_CHECKED ct_err ct_ifc__need_size(double *out, const ct_ifc__work *w, uint32_t slot,
                                    const char *attribute);
double ct_ifc__length_or(const ct_ifc__work *w, uint32_t slot, const char *attribute,
                         double otherwise_m);
CT_CHECKED ct_err ct_ifc__need_ref(uint32_t *out, const ct_ifc__work *w, uint32_t slot,
                                   const char *attribute);
// A point of any kind, in metres. CT_PARSE.
CT_CHECKED ct_err ct_ifc__point(double out[3], ct_ifc__work *w, uint32_t slot);
// A direction, of length 1. CT_PARSE where it is none or zero.
CT_CHECKED ct_err ct_ifc__direction(double out[3], const ct_ifc__work *w, uint32_t slot);
// The attribute's IfcAxis2Placement3D or -2D; the identity where it has none.
ct_affine ct_ifc__position(const ct_ifc__work *w, uint32_t slot, const char *attribute);
// An IfcCartesianTransformationOperator2D or 3D, uniform or not. CT_PARSE, CT_GEOM (scale 0).
CT_CHECKED ct_err ct_ifc__operator(ct_affine *out, const ct_ifc__work *w, uint32_t slot);
// An IfcCartesianPointList2D or -3D: 3 coordinates a point. CT_PARSE.
CT_CHECKED ct_err ct_ifc__coordinate_list(double **xyz, uint32_t *n, ct_ifc__work *w,
                                          uint32_t slot);
// The slots that a list attribute refers to, in the arena. CT_PARSE where one is missing.
CT_CHECKED ct_err ct_ifc__refs(ct_ifc__slots *out, ct_ifc__work *w, uint32_t slot,
                               const char *attribute);

// ---- items (item.c)

// All items of an IfcRepresentation; what is wrong with one of them is a finding, and the others
// are made. CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_ifc__representation(ct_ifc__solid *out, ct_ifc__work *w,
                                         uint32_t representation);
// Adds the item's parts to `out`, which keeps what it has. Items that are no bodies (curves, texts)
// add nothing. Half-spaces are no items of their own: CT_UNSUPPORTED.
CT_CHECKED ct_err ct_ifc__make_item(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
CT_CHECKED ct_err ct_ifc__add_part(ct_ifc__solid *out, ct_ifc__work *w, const ct_ifc__part *part);

// A mesh in the making: begin, then faces by w->builder or the functions below, then end, which
// repairs the winding, tells whether it is closed and counts against the budget. Not nested.
void ct_ifc__mesh_begin(ct_ifc__work *w);
// `place` NULL: the identity. A mesh without triangles is CT_GEOM.
CT_CHECKED ct_err ct_ifc__mesh_end(ct_ifc__solid *out, ct_ifc__work *w, const ct_affine *place);
// A mesh that is whole already, of the arena. `prism` may be NULL.
CT_CHECKED ct_err ct_ifc__mesh_take(ct_ifc__solid *out, ct_ifc__work *w, const ct_mesh *mesh,
                                    const ct_affine *place, const ct_prism *prism, bool closed);
// A prism of a ring of `n` points in the plane, upright: a block, a bounding box.
CT_CHECKED ct_err ct_ifc__column(ct_ifc__solid *out, ct_ifc__work *w, const double *xy, uint32_t n,
                                 double height, const ct_affine *place);
// Moves all parts from number `first` on.
void ct_ifc__move(ct_ifc__solid *solid, size_t first, const ct_affine *outer);
// The part's mesh in the frame of the representation, in the arena: a copy, unless it lies there
// already.
CT_CHECKED ct_err ct_ifc__placed_mesh(const ct_mesh **out, ct_ifc__work *w,
                                      const ct_ifc__part *part);

// ---- arcs (arc.c) as polygons that hold their area, or their length where w->keep_length

// How many chords an arc needs. `radius` m (of an ellipse the larger one), `sweep` rad; 1 at least.
uint32_t ct_ifc__arc_steps(const ct_ifc__work *w, double radius, double sweep);
// How much farther from the centre than the arc the corners of `n` chords lie, so that area or
// length is the arc's; 1 or more. Both ends of an arc stay on it; all around there are none.
double ct_ifc__arc_swell(const ct_ifc__work *w, double radius, double sweep, uint32_t n);
// The corners of an ellipse of the half axes a and b m around the origin, counter-clockwise, n xy
// pairs. CT_LIMIT where the budget ends.
CT_CHECKED ct_err ct_ifc__ellipse(double **xy, uint32_t *n, ct_ifc__work *w, double a, double b);

// ---- curves (curve.c) as polylines that stay within chord_m

// A bounded curve: a polyline, a whole circle, a trimmed one, ... in its own frame. CT_GEOM for
// lines without end and curves of fewer than 2 points.
CT_CHECKED ct_err ct_ifc__curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve);
// The piece that something is swept along, between two parameters in the file's units, NaN: where
// it begins or ends. Of composite curves all.
CT_CHECKED ct_err ct_ifc__curve_part(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve, double t0,
                                     double t1);
// The piece of a curve between two points near it, both taken as they are: edges of advanced breps.
// `forward`: along the curve's own direction. Two equal points: all around.
CT_CHECKED ct_err ct_ifc__curve_between(ct_ifc__line *out, ct_ifc__work *w, uint32_t curve,
                                        const double from[3], const double to[3], bool forward);

// ---- profiles (profile.c)

// The area: a Polygon or MultiPolygon in x and y, valid, closed rings, Position and all applied.
CT_CHECKED ct_err ct_ifc__profile(ct_geom *out, ct_ifc__work *w, uint32_t profile);
// The same, or of a profile that is a line the line (a LineString, or a Polygon's ring): what is
// swept is then a surface.
CT_CHECKED ct_err ct_ifc__profile_or_line(ct_geom *out, bool *surface, ct_ifc__work *w,
                                          uint32_t profile);
// The curve of an IfcArbitraryOpenProfileDef or IfcArbitraryClosedProfileDef.
CT_CHECKED ct_err ct_ifc__profile_curve(ct_ifc__line *out, ct_ifc__work *w, uint32_t profile);

// ---- faces (brep.c)

// Adds the faces of an IfcConnectedFaceSet (shells too) to the mesh in the making.
CT_CHECKED ct_err ct_ifc__shell(ct_ifc__work *w, uint32_t shell);

// ---- hooks

// csg.c: an IfcBooleanResult or IfcBooleanClippingResult.
CT_CHECKED ct_err ct_ifc__boolean_result(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);
// openings.c: cuts the openings, each with its parts placed in the product's frame, out of the
// product's parts (in place: parts may become other meshes, or none). What cannot be cut stays,
// with a finding.
CT_CHECKED ct_err ct_ifc__cut_openings(ct_ifc__solid *product, ct_ifc__work *w, uint32_t slot,
                                       const ct_ifc__solid *openings, size_t n_openings);
// advanced.c: adds a face to the mesh in the making, whatever its surface and bounds are.
CT_CHECKED ct_err ct_ifc__advanced_face(ct_ifc__work *w, uint32_t face);
// advanced.c: a bounded surface as an item (IfcCurveBoundedPlane, IfcRectangularTrimmedSurface,
// B-spline surfaces, ...), added to the mesh in the making.
CT_CHECKED ct_err ct_ifc__surface(ct_ifc__work *w, uint32_t surface);

#endif
