// Inside ingest: the reader of CityGML 2.0 (OGC 12-019) and 3.0 (OGC 20-010, 21-006).
//
// The file is read as a stream; only one member of the city model is in memory at a time. Nothing
// is loaded from elsewhere: a document type, and with it every entity, is refused.
#ifndef CT_INGEST_CITYGML_CITYGML_H
#define CT_INGEST_CITYGML_CITYGML_H

#include <libxml/tree.h>

#include "ingest/city/city.h"

// Whether the file is meant to be one: XML whose beginning speaks of CityGML.
bool ct_citygml__is(const char *path);
CT_CHECKED ct_err ct_citygml__import(ct_ingest__job *job);

struct ct_citygml__survey;

typedef struct ct_citygml__texture {
    const char *uri;
    uint32_t material; // of its mean colour; CT_CITY__NONE: not known
} ct_citygml__texture;

#define CT_CITYGML__MOST_PIXELS 2e9 // of pictures that are read for their colours: seconds

enum { CT_CITYGML__MOST_MET = 16 }; // textures of an object that are told

// What a surface is painted with, as one number of a map: the number of its material and that of
// its texture in those of the reader, each from 1 on; 0: none.
static inline size_t ct_citygml__paint(size_t material, size_t texture) {
    return material | texture << 32;
}
static inline size_t ct_citygml__paint_material(size_t paint) {
    return paint & UINT32_MAX;
}
static inline size_t ct_citygml__paint_texture(size_t paint) {
    return paint >> 32;
}

typedef struct ct_citygml__reader {
    ct_city__reader r;
    struct ct_citygml__survey *survey; // of the whole file; NULL: there is none
    ct_arena *member;                  // of the member at work: what `ids` and `colours` borrow
    ct_strmap *ids;                    // of the member at work, into `nodes`
    xmlNode **nodes;                   // that have an id, in the order of the document
    size_t n_nodes;
    ct_strmap *colours;            // of surfaces of the member, by their ids: ct_citygml__paint
    ct_citygml__texture *textures; // of the import, each once
    size_t n_textures, texture_room;
    double pixels_left;                 // of pictures that may still be read
    uint32_t mean_at[1 << 12];          // 1 + the material of a mean colour; 0 = none yet
    ct_strmap *texture_at;              // by their addresses
    uint32_t met[CT_CITYGML__MOST_MET]; // textures of the object at work
    size_t n_met;
    bool met_more;
    ct_strmap *patterns; // of all members, by the ids of their geometries
    ct_city__pattern **pattern_at;
    size_t n_patterns, pattern_room;
    ct_material *materials; // made so far
    size_t material_room;
    size_t steps;                      // through the geometry of the object
    struct ct_citygml__patch *patches; // of the object, the last one made first
} ct_citygml__reader;

// ---- xml.c
bool ct_citygml__named(const xmlNode *node, const char *local_name);
const char *ct_citygml__name(const xmlNode *node); // its local name
xmlNode *ct_citygml__first(const xmlNode *parent); // element child, or NULL
xmlNode *ct_citygml__next(const xmlNode *node);    // element after it, or NULL
xmlNode *ct_citygml__child(const xmlNode *parent, const char *local_name);
// Of an attribute by its local name, in the arena; NULL where it is not there. CT_NOMEM.
CT_CHECKED ct_err ct_citygml__attr(const char **out, ct_arena *arena, const xmlNode *node,
                                   const char *local_name);
// Its text without blanks around, in the arena.
CT_CHECKED ct_err ct_citygml__text(const char **out, ct_arena *arena, const xmlNode *node);
// Whether the node is one of the properties by which GML lets a document tell of itself (name,
// description, identifier); it goes to the source's record. `arena`: for the text meanwhile.
CT_CHECKED ct_err ct_citygml__tell_source(bool *told, const ct_ingest__job *job, ct_arena *arena,
                                          const xmlNode *node);
// The next node in document order inside `root`, or NULL.
xmlNode *ct_citygml__walk(xmlNode *node, const xmlNode *root);
// The element that the node's xlink:href names, in this member or kept of another; NULL where it
// has none or it is nowhere in the file (counted).
CT_CHECKED ct_err ct_citygml__target(xmlNode **out, ct_citygml__reader *c, const xmlNode *node);

// The array grown where it is full: its room doubled, in the arena.
CT_CHECKED ct_err ct_citygml__room(void **array, size_t *room, size_t n, size_t bytes_each,
                                   ct_arena *arena);

// Fills `ids` with the elements that have one; they live as long as the arena.
CT_CHECKED ct_err ct_citygml__index(ct_citygml__reader *c, ct_arena *arena, xmlNode *member);

// ---- objects.c: a member's objects with all that is in them, delivered one by one.
bool ct_citygml__is_member(const xmlNode *property); // of the model
CT_CHECKED ct_err ct_citygml__member(ct_citygml__reader *c, xmlNode *member);
// An object alone, delivered.
CT_CHECKED ct_err ct_citygml__read_one(ct_citygml__reader *c, xmlNode *node);
// An object of the type with all that is in it, so deep in others; in the family.
CT_CHECKED ct_err ct_citygml__object(ct_city__object **out, ct_citygml__reader *c, xmlNode *node,
                                     const char *type, int depth);
// An object with its id and place in the file only.
CT_CHECKED ct_err ct_citygml__begin(ct_city__object **out, ct_citygml__reader *c,
                                    const xmlNode *node, const char *type);
ct_city__object *ct_citygml__next_object(ct_city__object *o, const ct_city__object *root);

// ---- dynamizer.c: a device, as the child of an object.
CT_CHECKED ct_err ct_citygml__dynamizer(ct_city__object **out, ct_citygml__reader *c,
                                        const xmlNode *node);

// ---- series.c: the pairs of a series as observations of the device; what is none, or all where
// it is not `observed`, as JSON: [[time, value], ...], "" where there is none.
bool ct_citygml__is_pair(const xmlNode *node);
CT_CHECKED ct_err ct_citygml__series(const char **rest, ct_citygml__reader *c,
                                     ct_city__object *device, xmlNode *data, bool observed);

// ---- geometry.c
typedef struct ct_citygml__patch { // of a polygon: what it means to its object
    xmlNode *polygon;              // or surface; its _private is the first of its patches
    const ct_city__object *owner;
    ct_surface tag;
    uint32_t surface;
    unsigned used;                  // bits of the LODs in which the owner has it already
    struct ct_citygml__patch *next; // to another object
    struct ct_citygml__patch *made_before;
} ct_citygml__patch;

typedef struct ct_citygml__target { // where a geometry goes
    ct_citygml__reader *c;
    ct_city__object *object;
    ct_arena *arena;
    ct_city__surface *surfaces; // of the object
    uint32_t n_surfaces;
    uint8_t lod;
    ct_city__role role;
    size_t shape;   // index of the shape at work in the object
    bool open;      // there is one
    bool once;      // polygons that the object has in this LOD already are passed over
    int dimensions; // of positions
} ct_citygml__target_shape;

// Whether the object meets the linked surface for the first time, which it has then met.
CT_CHECKED ct_err ct_citygml__meet(bool *first, ct_citygml__target_shape *t, xmlNode *surface);
// Marks the polygons of a surface with its meaning.
CT_CHECKED ct_err ct_citygml__mark(ct_citygml__target_shape *t, xmlNode *geometry, ct_surface tag,
                                   uint32_t surface);
// Takes all patches off their polygons: before the family's arena, in which they are, is reset.
void ct_citygml__unmark(ct_citygml__reader *c);
CT_CHECKED ct_err ct_citygml__geometry(ct_citygml__target_shape *t, xmlNode *geometry);
CT_CHECKED ct_err ct_citygml__implicit(ct_citygml__target_shape *t, const xmlNode *implicit);

// ---- attributes.c
CT_CHECKED ct_err ct_citygml__attribute(ct_citygml__reader *c, ct_city__object *o,
                                        const xmlNode *property);
// A simple property's value: a number where it is written as one and is none of a code list.
CT_CHECKED ct_err ct_citygml__value(ct_property *out, ct_arena *arena, const xmlNode *property);

// ---- appearance.c
// The material of a texture, which the object at work has.
uint32_t ct_citygml__meet_texture(ct_citygml__reader *c, size_t texture);
// The textures that the object has met as a property of it.
CT_CHECKED ct_err ct_citygml__tell_textures(ct_citygml__reader *c, ct_city__object *o);
// Fills `colours` with what is below the node, its ids in the arena.
CT_CHECKED ct_err ct_citygml__colours(ct_citygml__reader *c, xmlNode *root, ct_strmap *colours,
                                      ct_arena *arena);

#endif
