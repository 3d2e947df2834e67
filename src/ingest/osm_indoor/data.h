// The elements of an OpenStreetMap file as they stand in it: where its nodes are, all ways, and the
// tags of what may have to do with buildings.
#ifndef CT_INGEST_OSM_INDOOR_DATA_H
#define CT_INGEST_OSM_INDOOR_DATA_H

#include "ingest/job.h"

typedef struct ct_osm__tag {
    const char *key, *value;
} ct_osm__tag;

typedef struct ct_osm__member {
    char kind; // 'n', 'w', 'r'
    int64_t id;
    const char *role;
} ct_osm__member;

typedef struct ct_osm__element {
    char kind; // 'n', 'w', 'r'
    int64_t id;
    long line;                     // of the file; 0: it has none
    size_t order;                  // of its list, in the file
    const ct_osm__tag *tags;       // none where they have nothing to do with buildings
    const int64_t *nodes;          // of a way
    const ct_osm__member *members; // of a relation
    uint32_t n_tags, n;            // n: nodes or members
} ct_osm__element;

typedef struct ct_osm__list { // by id once the reading has ended
    ct_osm__element *at;
    size_t n, room;
} ct_osm__list;

typedef struct ct_osm__place {
    int64_t id;
    double lon, lat; // degrees
} ct_osm__place;

typedef struct ct_osm__data {
    ct_ingest__job *job;
    ct_arena *arena;
    ct_osm__place *places; // of all nodes, by id
    size_t n_places, place_room;
    ct_osm__list nodes, ways, relations; // nodes: with tags of buildings only
    bool indoors;                        // something is tagged as being inside
    bool too_large;                      // the reading ended since more cannot be kept
} ct_osm__data;

CT_CHECKED ct_err ct_osm__data_init(ct_osm__data *d, ct_ingest__job *job);
void ct_osm__data_fini(ct_osm__data *d);

// Takes one element; texts and arrays are borrowed during the call. CT_LIMIT with `too_large` where
// the file has more than can be kept, CT_NOMEM.
CT_CHECKED ct_err ct_osm__add_place(ct_osm__data *d, const ct_osm__place *place);
CT_CHECKED ct_err ct_osm__add(ct_osm__data *d, const ct_osm__element *e);
// Sorts by id and drops those that come again, with findings.
CT_CHECKED ct_err ct_osm__data_finish(ct_osm__data *d);

const ct_osm__place *ct_osm__place_of(const ct_osm__data *d, int64_t node); // NULL: not in the file
const ct_osm__element *ct_osm__find(const ct_osm__list *list, int64_t id);  // NULL: not in the file
const char *ct_osm__get(const ct_osm__element *e, const char *key);         // NULL: no such tag
bool ct_osm__has(const ct_osm__element *e, const char *key, const char *value);
bool ct_osm__is_closed(const ct_osm__element *way);
const char *ct_osm__kind_name(char kind); // "way"

// A finding about the element: a warning, or an error where the import is strict.
void ct_osm__tell(const ct_osm__data *d, const char *rule, const ct_osm__element *e,
                  const char *format, ...) CT_PRINTF(4, 5);

// Grows an array in the arena to hold one more than `n`. CT_NOMEM.
CT_CHECKED ct_err ct_osm__room(void *block, size_t *room, size_t n, size_t each, ct_arena *arena);

// ---- xml.c
// Reads the whole file. CT_PARSE with line and element, CT_UNSUPPORTED (a document type, another
// format), CT_LIMIT, CT_IO, CT_CANCELLED.
CT_CHECKED ct_err ct_osm__read_xml(ct_osm__data *d);

// ---- pbf.c
// The same of the binary form; errors name block and element.
CT_CHECKED ct_err ct_osm__read_pbf(ct_osm__data *d);
// Whether a word that tags of the inside of buildings begin with stands in the file. False too
// where it cannot be read. CT_CANCELLED, CT_NOMEM.
CT_CHECKED ct_err ct_osm__pbf_has_words(bool *out, const ct_ingest__job *job);
// What its header block tells goes to the source's record. CT_NOMEM.
CT_CHECKED ct_err ct_osm__pbf_tell_source(const ct_ingest__job *job);

#endif
