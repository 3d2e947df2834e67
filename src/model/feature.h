// A feature: an instance of a class, its ids, geometry (twin's CRS) and attribute values; and its
// checks.
#ifndef CT_MODEL_FEATURE_H
#define CT_MODEL_FEATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/body.h"
#include "model/catalogue.h"

#define CT_ID_MAX 128 // bytes of a feature id, its end included

typedef enum ct_value_kind {
    CT_VALUE_NULL,
    CT_VALUE_INTEGER,
    CT_VALUE_REAL,
    CT_VALUE_TEXT,
    CT_VALUE_BOOLEAN
} ct_value_kind;

typedef struct ct_value {
    ct_value_kind kind;
    union {
        int64_t integer;
        double real;
        const char *text; // UTF-8; datetimes are RFC 3339 text in UTC
        bool boolean;
    } as;
} ct_value;

// One of the properties that came with a feature beside the catalogue's attributes: a member of a
// property or quantity set (IFC), a generic attribute (CityGML, CityJSON), a tag (OpenStreetMap).
typedef struct ct_property {
    const char *set; // "Pset_DoorCommon"; "" where the source has no sets
    const char *name;
    ct_value value;
    const char *unit; // as the source writes it, "" where it is SI or has none
} ct_property;

// All pointers are borrowed from whoever made the feature (a cursor, an arena); valid as its maker
// says.
typedef struct ct_feature {
    const ct_class *cls;
    int64_t fid;           // 0 = not stored yet
    const char *id;        // unique in the twin; NULL = to be given by the store
    const char *source_id; // NULL where unknown
    ct_geom geom;
    ct_value *values; // cls->n_attrs
    // On the way into a store; not read back with the row (ct_reader_body, ct_reader_properties).
    const ct_body *body;           // NULL: none, and on replacing the one that is there stays
    const ct_property *properties; // NULL: none, and on replacing those that are there stay
    size_t n_properties;
    // On the way into a store: the id names a feature that may be there already, which then gets
    // what it lacks (ct_writer_complete).
    bool refers;
} ct_feature;

// Receives features one by one; what it keeps it must copy. An error ends the delivery.
typedef struct ct_sink {
    ct_err (*put)(void *context, const ct_feature *feature);
    void *context;
} ct_sink;

CT_CHECKED ct_err ct_feature_new(ct_feature *out, ct_arena *arena,
                                 const ct_class *cls); // all values null
CT_CHECKED ct_err ct_feature_copy(ct_feature *out, ct_arena *arena, const ct_feature *f);
const ct_value *ct_feature_get(const ct_feature *f,
                               const char *attr); // borrowed; NULL if the class has no such one
double ct_feature_number(const ct_feature *f, const char *attr, double otherwise);
const char *ct_feature_text(const ct_feature *f, const char *attr, const char *otherwise);
bool ct_feature_bool(const ct_feature *f, const char *attr, bool otherwise);
CT_CHECKED ct_err ct_feature_set_text(ct_feature *f, const char *attr,
                                      const char *text); // borrowed text
CT_CHECKED ct_err ct_feature_set_number(ct_feature *f, const char *attr, double value);
CT_CHECKED ct_err ct_feature_set_bool(ct_feature *f, const char *attr, bool value);

bool ct_id_ok(const char *id); // 1..127 of [A-Za-z0-9._~-]
// Makes an id of any text: other bytes become '~' and two hex digits.
CT_CHECKED ct_err ct_id_encode(char out[CT_ID_MAX], const char *text);

// One value from JSON or text into the attribute's type; texts go to the arena. CT_PARSE, CT_RANGE
// naming the attribute.
CT_CHECKED ct_err ct_value_from_json(ct_value *out, ct_arena *arena, const ct_attr *attr,
                                     const json_t *json);
CT_CHECKED ct_err ct_value_from_text(ct_value *out, ct_arena *arena, const ct_attr *attr,
                                     const char *text);
// A number into an integer (if it is whole) or real attribute. CT_PARSE, CT_RANGE naming the
// attribute.
CT_CHECKED ct_err ct_value_from_number(ct_value *out, const ct_attr *attr, double value);
void ct_value_write_json(ct_jsonw *w, const ct_value *value);

// Attributes against the catalogue (required, type, range, codes), geometry against the class's
// type (a single type is widened to multi, a multi of one item narrowed to the class's single type,
// heights are added or dropped, in place), closed rings and finite numbers. A feature may lack its
// geometry. Topology is ct_geos_check's matter. Times come out as RFC 3339 in UTC. CT_PARSE,
// CT_RANGE, CT_GEOM, CT_LIMIT (texts over 64 KiB) naming the attribute.
CT_CHECKED ct_err ct_feature_check(ct_feature *f, ct_arena *arena);

#endif
