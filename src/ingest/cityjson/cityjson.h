// Inside ingest: the reader of CityJSON 1.0 to 2.0 (OGC 20-072) and of CityJSONSeq (a document a
// line: a header, then features with vertices of their own).
//
// A document may have 512 MiB, a line of a sequence 64 MiB; sequences may have any length.
#ifndef CT_INGEST_CITYJSON_CITYJSON_H
#define CT_INGEST_CITYJSON_CITYJSON_H

#include "base/tape.h"
#include "ingest/city/city.h"

#define CT_CITYJSON__MAX_DOCUMENT ((size_t)512 << 20)
#define CT_CITYJSON__MAX_LINE     ((size_t)64 << 20)

// Whether the file is meant to be one: by its extension, or as it is JSON that speaks of
// "CityObjects".
bool ct_cityjson__is(const char *path);
CT_CHECKED ct_err ct_cityjson__import(ct_ingest__job *job);

// What a document's city objects are read with.
typedef struct ct_cityjson__document {
    ct_city__reader r;
    double scale[3], translate[3];
    bool transformed; // there is a transform
    double *vertices; // of the file's system, 3 each; of the arena `texts`
    size_t n_vertices;
    // Of r.materials: the header's come first, those that indices of the line count in from
    // first_material on.
    const ct_material *header_materials;
    size_t n_header_materials, first_material;
    ct_city__pattern *patterns; // geometry templates
    size_t n_patterns;
    ct_tape *tape;   // of the document or line; a sequence's header has another
    ct_arena *texts; // of the document or line
    size_t line;     // of a sequence; 0 = a document
} ct_cityjson__document;

// A line of a sequence after the header's (read.c).
CT_CHECKED ct_err ct_cityjson__feature(ct_cityjson__document *d, const ct_tape_value *root);

// header.c. Errors name the field.
CT_CHECKED ct_err ct_cityjson__header(ct_cityjson__document *d, const ct_tape_value *root);
CT_CHECKED ct_err ct_cityjson__vertices(ct_cityjson__document *d, const ct_tape_value *root);
// Of a sequence's feature: its own materials, or the header's where it has none.
CT_CHECKED ct_err ct_cityjson__appearance(ct_cityjson__document *d, const ct_tape_value *feature);

// objects.c: all city objects of the document or line.
CT_CHECKED ct_err ct_cityjson__objects(ct_cityjson__document *d, const ct_tape_value *root);

// geometry.c
typedef struct ct_cityjson__points { // that boundaries count in
    const double *xyz;
    size_t n;
} ct_cityjson__points;
CT_CHECKED ct_err ct_cityjson__geometry(ct_cityjson__document *d, ct_city__object *o,
                                        ct_arena *arena, const ct_cityjson__points *points,
                                        const ct_tape_value *geometry);
// attributes.c
CT_CHECKED ct_err ct_cityjson__attributes(ct_cityjson__document *d, ct_city__object *o,
                                          const ct_tape_value *object);
// Where this program wrote it: the places of its geometries of LOD 4, which CityJSON has not,
// ascending. NULL: none.
const ct_tape_value *ct_cityjson__lod4(const ct_tape_value *object);
// What the object tells of the feature that it was, if this program wrote it, with its property
// sets.
CT_CHECKED ct_err ct_cityjson__own(ct_cityjson__document *d, ct_city__object *o,
                                   const ct_tape_value *object);
CT_CHECKED ct_err ct_cityjson__property(ct_property *out, ct_arena *arena, const ct_tape_value *key,
                                        const ct_tape_value *value);
CT_CHECKED ct_err ct_cityjson__value(ct_property *out, ct_arena *arena, const ct_tape_value *value);

#endif
