// Inside ifc: one import at work, and the steps that make features of its objects.
#ifndef CT_INGEST_IFC_READER_H
#define CT_INGEST_IFC_READER_H

#include "ingest/ifc/georef.h"
#include "ingest/ifc/properties.h"
#include "ingest/job.h"

// A storey of the file with what only its building's storeys together tell.
typedef struct ct_ifc__storey {
    uint32_t slot, building; // CT_STEP__NONE: the one that is made up
    double elevation_m;      // of the floor, absolute
    double height_m;         // to the next one; NaN at the top
    int level;               // 0 is the ground floor
    uint32_t above;          // slot of the next one of the building, or none
    bool entrance;
} ct_ifc__storey;

typedef struct ct_ifc__bodies ct_ifc__bodies;

typedef struct ct_ifc__reader {
    ct_ingest__job *job;
    ct_ifc__model m;
    ct_ifc__units units;
    ct_ifc__places *places;
    ct_ifc__georef georef;
    ct_arena *arena;       // of the whole import
    const char **known_as; // of each slot: the id by which a twin knows it; NULL: none of any
    uint8_t *keyed; // of each slot: its GlobalId is not its alone, or bad: ids get its number
    ct_ifc__storey *storeys;
    size_t n_storeys;
    uint32_t *storey_at;             // of each slot: its place in `storeys` + 1; 0 = no storey
    uint32_t building;               // the file's only one; CT_STEP__NONE otherwise
    bool made_building, made_storey; // those that the catalogue asks for and the file lacks
    ct_ifc__bodies *bodies;          // NULL: no shapes were made
} ct_ifc__reader;

// What the header and the project tell of the file goes to the source's record. (header.c)
// CT_NOMEM.
CT_CHECKED ct_err ct_ifc__tell_source(ct_ifc__reader *r);

// ---- ids (ids.c). The id of a feature is its GlobalId, bytes other than [A-Za-z0-9._-] as ~ and
// two hexadecimal digits ("$" is "~24"; ct_id_encode), which can be turned back. Where the GlobalId
// is missing, malformed or had by an instance before, ".NUMBER" of the instance follows.
CT_CHECKED ct_err ct_ifc__check_ids(ct_ifc__reader *r);
CT_CHECKED ct_err ct_ifc__id(const char **out, ct_arena *arena, const ct_ifc__reader *r,
                             uint32_t slot);
// What the file says of features of a twin (twin_set.c): ids, which go before GlobalIds, and
// attributes, which go before what IFC says. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__read_known(ct_ifc__reader *r);
// 22 characters of [0-9A-Za-z_$], the first 0 to 3: 128 bits.
bool ct_ifc__is_global_id(const char *text);

// ---- the tree (tree.c)
typedef struct ct_ifc__home { // nearest ancestors; CT_STEP__NONE where there is none
    uint32_t whole, space, storey, building, site;
} ct_ifc__home;
// What belongs to itself, by whatever relations, becomes an error "ifc-structure". CT_NOMEM.
CT_CHECKED ct_err ct_ifc__check_tree(ct_ifc__reader *r);
// Tells of property sets whose properties hold themselves, or lie too deep. CT_NOMEM. (nesting.c)
CT_CHECKED ct_err ct_ifc__check_nesting(ct_ifc__reader *r);
ct_ifc__home ct_ifc__home_of(const ct_ifc__reader *r, uint32_t slot);
CT_CHECKED ct_err ct_ifc__read_storeys(ct_ifc__reader *r);
const ct_ifc__storey *ct_ifc__storey_of(const ct_ifc__reader *r, uint32_t slot); // or NULL

// ---- features (emit.c)
typedef struct ct_ifc__item { // an object on its way to a feature
    uint32_t slot;
    ct_feature f;
    ct_ifc__properties p;
    ct_ifc__home home;
    char where[CT_INGEST__WHERE_BYTES];
} ct_ifc__item;

// Begins the feature in the job's arena, which is emptied first: ids, names, properties. False in
// *wanted where the user asked for another class. CT_NOMEM, CT_LIMIT, CT_CANCELLED.
CT_CHECKED ct_err ct_ifc__begin(ct_ifc__item *out, bool *wanted, ct_ifc__reader *r, uint32_t slot,
                                const char *cls);
CT_CHECKED ct_err ct_ifc__take_known(ct_ifc__reader *r, ct_ifc__item *item);
CT_CHECKED ct_err ct_ifc__deliver(ct_ifc__reader *r, ct_ifc__item *item);

// Each does nothing where the class has no such attribute (a twin of before) or there is no value
// (NULL, NaN, -1). Values that the attribute does not take are warnings.
CT_CHECKED ct_err ct_ifc__set_text(ct_ifc__reader *r, ct_ifc__item *i, const char *attr,
                                   const char *text);
void ct_ifc__set_number(ct_ifc__reader *r, ct_ifc__item *i, const char *attr, double value);
void ct_ifc__set_bool(ct_ifc__item *i, const char *attr, int value);
// The id of another feature of the file; of the file's only building where `slot` is none and the
// attribute is "building".
CT_CHECKED ct_err ct_ifc__set_ref(ct_ifc__reader *r, ct_ifc__item *i, const char *attr,
                                  uint32_t slot);
// An attribute of the object as a text attribute of the feature.
CT_CHECKED ct_err ct_ifc__take_text(ct_ifc__reader *r, ct_ifc__item *i, const char *attr,
                                    const char *attribute);
CT_CHECKED ct_err ct_ifc__set_fire_rating(ct_ifc__reader *r, ct_ifc__item *i);
int ct_ifc__minutes_of(const char *rating); // "EI2 60-C", "1.5 hr", "F90"; -1 where it tells none
// A point at the object's origin; nothing where it is not placed.
CT_CHECKED ct_err ct_ifc__set_point(ct_ifc__reader *r, ct_ifc__item *i);
// The object's predefined type, or its type's, in the job's arena; NULL where there is none.
CT_CHECKED ct_err ct_ifc__predefined(const char **out, ct_ifc__reader *r, uint32_t slot);

// ---- shapes (bodies.c)

// Makes the shapes of all products whose features are asked for. CT_NOMEM, CT_CANCELLED.
CT_CHECKED ct_err ct_ifc__make_bodies(ct_ifc__reader *r);
void ct_ifc__bodies_free(ct_ifc__bodies *bodies); // NULL is fine
// Each does nothing where the object has no shape. The body, which tells its findings with it; what
// it covers seen from above as the feature's geometry.
CT_CHECKED ct_err ct_ifc__set_body(ct_ifc__reader *r, ct_ifc__item *i);
CT_CHECKED ct_err ct_ifc__set_ground(ct_ifc__reader *r, ct_ifc__item *i);
// What the spaces, slabs and walls of a storey cover together, or, where `storey` is none, those of
// a building.
CT_CHECKED ct_err ct_ifc__set_outline(ct_ifc__reader *r, ct_ifc__item *i, uint32_t storey,
                                      uint32_t building, double height_m);
typedef struct ct_ifc__measures { // NaN where not known
    double volume_m3, area_m2, bottom_m, top_m;
    double width_m, height_m; // of its box: the larger horizontal side, and upwards
} ct_ifc__measures;
// The top of a building's spaces, slabs, walls and roofs; NaN where it has none with a shape.
double ct_ifc__top_of(const ct_ifc__reader *r, uint32_t building);
void ct_ifc__measures_of(ct_ifc__measures *out, const ct_ifc__reader *r, uint32_t slot);

// ---- the classes, in the order in which they are delivered
CT_CHECKED ct_err
ct_ifc__emit_structure(ct_ifc__reader *r); // sites, buildings, storeys, zones, spaces
CT_CHECKED ct_err ct_ifc__emit_openings(ct_ifc__reader *r);
CT_CHECKED ct_err ct_ifc__emit_elements(ct_ifc__reader *r); // transitions, devices, elements

#endif
