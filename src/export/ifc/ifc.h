// Inside the export to IFC4 (ISO 16739-1): a file in the making. Features come class by class;
// relations between them are gathered and written at the end, when all that they name is known.
#ifndef CT_EXPORT_IFC_IFC_H
#define CT_EXPORT_IFC_IFC_H

#include "base/arena.h"
#include "base/strmap.h"
#include "export/format.h"
#include "export/step.h"

typedef enum ct_ifcx__relation {
    CT_IFCX__AGGREGATES,
    CT_IFCX__CONTAINED,
    CT_IFCX__SET,      // to a property set
    CT_IFCX__MATERIAL, // to a material
    CT_IFCX__CODE,     // to a classification reference
    CT_IFCX__MEMBER,   // of a zone
    CT_IFCX__BOUNDARY, // of a space, by a door or window; one instance for each
    CT_IFCX__VOIDS     // an opening in its host; one instance for each
} ct_ifcx__relation;

// What a feature became. Those that are only named so far have an entity of 0.
typedef struct ct_ifcx__thing {
    const char *id; // the feature's
    ct_step_id entity, place;
    double at[3];   // of its place, from the file's origin
    bool turned;    // its place's axes are not the file's but
    ct_affine axes; // the linear part of this
    size_t parent;  // of the place; SIZE_MAX: none
    bool spatial, group, filling;
} ct_ifcx__thing;

// One end names a thing or an instance that is no feature.
typedef struct ct_ifcx__link {
    ct_ifcx__relation relation;
    size_t to_thing; // SIZE_MAX: `to`
    ct_step_id to, from;
    size_t number; // in the order of their making
} ct_ifcx__link;

typedef struct ct_ifcx {
    ct_stepw *w;
    ct_arena *arena;
    ct_strmap *things_by_id, *guids, *shared; // shared: sets, materials, meshes, styles by content
    ct_ifcx__thing *things;
    size_t n_things, room_things;
    ct_ifcx__link *links;
    size_t n_links, room_links;
    const char *crs;
    const ct_class *cls;
    bool has_origin;
    double origin[2]; // what all coordinates are told from
    ct_step_id owner, project, context, body, up, east, zero, frame;
    size_t first_site; // of the things; SIZE_MAX: none
} ct_ifcx;

// ---- frame (frame.c)
// The feature's thing, made where it is not known yet. CT_NOMEM.
CT_CHECKED ct_err ct_ifcx__thing_of(size_t *out, ct_ifcx *x, const char *id);
CT_CHECKED ct_err ct_ifcx__link_things(ct_ifcx *x, ct_ifcx__relation relation, size_t to,
                                       ct_step_id from);
CT_CHECKED ct_err ct_ifcx__link_to(ct_ifcx *x, ct_ifcx__relation relation, ct_step_id to,
                                   ct_step_id from);
// A GlobalId: `own` where it is one that nothing has yet, else one made of the printed seed. In the
// arena.
CT_CHECKED ct_err ct_ifcx__guid(const char **out, ct_ifcx *x, const char *own, const char *format,
                                ...) CT_PRINTF(4, 5);
// Moves a place of the twin's CRS to the file's origin, which the first one decides.
void ct_ifcx__local(double out[3], ct_ifcx *x, const double xyz[3]);
// Gives the thing its place: `at` from the file's origin, told from `parent` (SIZE_MAX: none);
// `axes` NULL: those of the file.
void ct_ifcx__put_place(ct_ifcx *x, size_t thing, size_t parent, const double at[3],
                        const ct_affine *axes);
// Whether something of this content was made before; else `*out` is 0 and ct_ifcx__share keeps it.
bool ct_ifcx__shared(ct_step_id *out, const ct_ifcx *x, const char *key);
CT_CHECKED ct_err ct_ifcx__share(ct_ifcx *x, const char *key, ct_step_id id);
CT_CHECKED ct_err ct_ifcx__put_relations(ct_ifcx *x);

// ---- shapes (shape.c): an IfcProductDefinitionShape of the feature's body in the thing's place; 0
// where it has none. `plain`: without maps, as spaces must be.
// Where the body's one part lies, if that is turned and moved alone: the frame in which the body's
// points are told as they came; else NULL.
const ct_affine *ct_ifcx__own_frame(const ct_feature *f);
CT_CHECKED ct_err ct_ifcx__shape(ct_step_id *out, ct_ifcx *x, const ct_feature *f,
                                 const ct_ifcx__thing *thing, bool plain);

// ---- sets (sets.c): the feature's own sets, standard ones of its attributes, and what IFC has no
// place for; `entity` is what it became ("IFCDOOR"). `id`: told where the GlobalId does not give
// it.
CT_CHECKED ct_err ct_ifcx__sets(ct_ifcx *x, const ct_feature *f, const char *entity,
                                ct_step_id object, const char *guid);

// ---- objects (objects.c)
CT_CHECKED ct_err ct_ifcx__object(ct_ifcx *x, const ct_feature *f);
extern const char *const ct_ifcx__classes[];

#endif
