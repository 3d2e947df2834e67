// A building model on its way into an IFC4 file: what all its parts share, and relations that are
// gathered and written at the end. Failures of the writer stick; sc_bim_close tells.
#ifndef SCENE_BIM_H
#define SCENE_BIM_H

#include <math.h>

#include "export/step.h"
#include "params.h"

typedef enum bim_relation {
    BIM_AGGREGATES, // parts of a whole
    BIM_CONTAINED,  // elements in a space, storey or building
    BIM_TYPE,       // occurrences of a type
    BIM_SET,        // owners of a property or quantity set
    BIM_MATERIAL,
    BIM_GROUP // members of a zone
} bim_relation;

typedef struct bim_link {
    bim_relation relation;
    ct_step_id to, *from;
    size_t n, cap;
} bim_link;

typedef enum bim_colour {
    BIM_CONCRETE,
    BIM_RENDER, // outer walls
    BIM_PLASTER,
    BIM_WOOD,
    BIM_STEEL,
    BIM_RED,
    BIM_GLASS,
    BIM_WHITE,
    BIM_FABRIC,
    BIM_ROOM, // spaces: nearly clear
    BIM_COLOURS
} bim_colour;

typedef struct bim {
    ct_stepw *w;
    const char *seed; // of all GlobalIds: the building's id; borrowed
    ct_step_id owner, body, axis, project, zero, up, east, north, south, west, origin, origin_2d;
    ct_step_id styles[BIM_COLOURS];
    bim_link *links;
    size_t n_links, cap_links;
    ct_err err;
} bim;

typedef struct bim_place { // of a building in the map
    int epsg;
    double east_m, north_m, height_m; // of its origin
    double x_east, x_north;           // direction of its x axis
} bim_place;

// Begins the file with project, units, contexts and the map conversion.
CT_CHECKED ct_err bim_open(bim *out, const char *path, const char *seed, const sc_label *project,
                           const bim_place *place);
CT_CHECKED ct_err bim_close(bim *b, bool whole); // writes what was gathered; frees

// ---- ids, placements
// "#1 of" the building: a GlobalId of the printed path. The text lives until the next four calls.
const char *bim_guid(bim *b, const char *format, ...) CT_PRINTF(2, 3);
ct_step_id bim_point(bim *b, double x, double y, double z);
// `turn` quarter turns of x about z, counter-clockwise.
ct_step_id bim_frame(bim *b, double x, double y, double z, int turn);
ct_step_id bim_put_at(bim *b, ct_step_id parent, ct_step_id frame); // IfcLocalPlacement

// ---- shapes
typedef struct bim_xy {
    double x, y;
} bim_xy;
// Solids: an upright prism; a box; a prism of the outline in x and z, between two values of y.
ct_step_id bim_prism(bim *b, const bim_xy *at, int n, double z0, double height);
ct_step_id bim_box(bim *b, double x0, double y0, double x1, double y1, double z0, double z1);
ct_step_id bim_profile_xz(bim *b, const bim_xy *at, int n, double y0, double y1);
ct_step_id bim_cylinder(bim *b, double x, double y, double z0, double radius, double height);
ct_step_id bim_style(bim *b, ct_step_id item, bim_colour colour); // returns the item
ct_step_id bim_body(bim *b, const ct_step_id *items, size_t n);   // IfcShapeRepresentation
ct_step_id bim_shape(bim *b, ct_step_id body, ct_step_id axis);   // axis 0: none
ct_step_id bim_axis(bim *b, double length);                       // along x from the origin
ct_step_id bim_map(bim *b, ct_step_id body);                      // IfcRepresentationMap
ct_step_id bim_mapped(bim *b, ct_step_id map);                    // a shape that shows the map

// ---- properties and relations
typedef struct bim_value {
    const char *name, *type; // "IFCLABEL", or for quantities "IFCQUANTITYAREA"
    const char *text;        // texts and identifiers
    double number;           // numbers; truth where the type is IFCBOOLEAN
} bim_value;
ct_step_id bim_set(bim *b, const char *name, const bim_value *values, size_t n);
ct_step_id bim_quantities(bim *b, const char *name, const bim_value *values, size_t n);
void bim_link_to(bim *b, bim_relation relation, ct_step_id to, ct_step_id from);
// The id that the object has in a twin that knows it already.
void bim_feature_id(bim *b, ct_step_id object, const char *id);

// Layers from outside to inside; thickness 0 ends the list.
typedef struct bim_layer {
    const char *material, *category;
    double thickness_m;
} bim_layer;
ct_step_id bim_layers(bim *b, const char *name, const bim_layer *layers, size_t n);
ct_step_id bim_material(bim *b, const char *name, const char *category);

#define BIM_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
