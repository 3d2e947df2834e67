// Inside the reader of CityGML: what must be known of the whole file before its members are read
// one by one: shapes that other members refer to, appearances of the model, versions, groups that
// are storeys. Only what is referred to is kept.
#ifndef CT_INGEST_CITYGML_SURVEY_H
#define CT_INGEST_CITYGML_SURVEY_H

#include "ingest/citygml/citygml.h"

typedef struct ct_citygml__version {
    const char *id, *tag; // id: NULL where it has none; tag: "" where it has none
} ct_citygml__version;

typedef struct ct_citygml__group { // that is a storey of a building
    const char *id, *building;     // building: its id, NULL = the one that has its members
    xmlNode *node;                 // a copy without its members
    ct_city__object *storey;       // of the building at work, in its family
    bool taken;                    // it is the storey of a building
} ct_citygml__group;

// What becomes of an object of a member of its own that another object links to as its part.
enum { CT_CITYGML__CLAIMED, CT_CITYGML__TAKEN, CT_CITYGML__LET_GO };

typedef struct ct_citygml__survey {
    ct_arena *arena;
    bool needed;        // a pass through the whole file before its members are read
    ct_strmap *wanted;  // ids that another member than their own refers to
    ct_strmap *claimed; // those of them that a part of an object is to be, by what became of them
    // Copies of the elements with these ids, of all in them, and of what they lead to.
    xmlDoc *copies;
    ct_strmap *kept; // ids into `nodes`
    xmlNode **nodes;
    size_t n_kept, room;
    size_t n_copied;    // elements, attributes and texts of what members have of each other
    size_t n_of_parts;  // the same of objects that are parts, and of what these lead to
    ct_strmap *colours; // of surfaces, by the appearances of the model: ct_citygml__paint
    ct_strmap *listed;  // ids of objects in versions: a bit for each version
    ct_strmap *left;    // ids of versions that a transition leads from
    ct_citygml__version *versions;
    size_t n_versions, version_room;
    const ct_citygml__version *version; // that is read; NULL: there are none, or dates alone decide
    ct_strmap *in_group;                // ids of objects, into `groups`
    ct_strmap *group_at;                // ids of groups, into `groups`
    ct_citygml__group *groups;
    size_t n_groups, group_room;
    int64_t moment_us; // at which the model is read
} ct_citygml__survey;

// NULL when out of memory.
ct_citygml__survey *ct_citygml__survey_new(void);
void ct_citygml__survey_free(ct_citygml__survey *s);

// Whether the tag, without its prefix, is of a property whose reference is to a shape or surface.
bool ct_citygml__is_shape_link(const char *tag, size_t n);
// The same of a property whose reference is to an object that is a part of its own.
bool ct_citygml__is_part_link(const char *tag, size_t n);
// scan.c. Fills `wanted`, `claimed` and `needed`. CT_IO, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_citygml__scan(ct_citygml__survey *s, const char *path);

// survey.c. Takes from a member of the model, or another property of it, what others need.
CT_CHECKED ct_err ct_citygml__survey_property(ct_citygml__reader *c, xmlNode *property);
// Copies the element with all in it, but for children of the name `without` (may be NULL).
CT_CHECKED ct_err ct_citygml__copy(xmlNode **out, ct_citygml__survey *s, xmlNode *node,
                                   const char *without);

// parts.c. The object that the property only links to, as a part of the one at work; NULL where it
// is none of another member, is read already or at work. CT_NOMEM.
CT_CHECKED ct_err ct_citygml__take_part(xmlNode **out, ct_citygml__reader *c,
                                        const xmlNode *property);
CT_CHECKED ct_err ct_citygml__set_claim(ct_citygml__survey *s, const char *id, size_t state);
// Whether the object of a member is read with another one.
bool ct_citygml__is_claimed(const ct_citygml__survey *s, const char *id);
// At the end: parts that nothing took (they link to each other, or to what is of another version).
CT_CHECKED ct_err ct_citygml__read_parts_left(ct_citygml__reader *c);

// versions.c
CT_CHECKED ct_err ct_citygml__survey_version(ct_citygml__reader *c, const xmlNode *property);
// Once all of the file is surveyed: which version is read. CT_NOTFOUND.
CT_CHECKED ct_err ct_citygml__choose_version(ct_citygml__reader *c);
// Whether the object is of the model at the time that it is read at; told where it is not.
CT_CHECKED ct_err ct_citygml__is_current(bool *out, ct_citygml__reader *c, const xmlNode *object);

// groups.c. Of other groups nothing is kept.
CT_CHECKED ct_err ct_citygml__survey_group(ct_citygml__reader *c, xmlNode *group);
bool ct_citygml__is_storey_group(const ct_citygml__survey *s, const char *id);
// Gives the buildings in the tree the storeys that groups are, and their members these.
CT_CHECKED ct_err ct_citygml__add_storeys(ct_citygml__reader *c, ct_city__object *root);
// At the end: groups that are the storey of nothing are zones.
CT_CHECKED ct_err ct_citygml__read_groups_left(ct_citygml__reader *c);

#endif
