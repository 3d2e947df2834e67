// The class catalogue: what kinds of features a twin holds. Classes are data
// (data/catalogue/*.json); tables, services, forms and checks are made from them.
#ifndef CT_MODEL_CATALOGUE_H
#define CT_MODEL_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "cimtwin/err.h"
#include "geo/geom.h"

typedef enum ct_attr_type {
    CT_ATTR_TEXT,
    CT_ATTR_INTEGER,
    CT_ATTR_REAL,
    CT_ATTR_BOOLEAN,
    CT_ATTR_DATETIME
} ct_attr_type;

typedef struct ct_code {
    const char *value, *title_en, *title_zh;
    const char *description_en, *description_zh;
} ct_code;

typedef struct ct_attr {
    const char *name; // snake_case, with its unit: height_m
    const char *title_en, *title_zh;
    const char *unit; // UCUM ("m", "m3/s"); NULL where it has none
    ct_attr_type type;
    bool required, personal;
    bool has_min, has_max;
    double min, max;
    const char *references; // name of the class whose id the text holds; NULL otherwise
    const ct_code *codes;   // allowed values; NULL = any
    size_t n_codes;
    const char *description_en, *description_zh;
} ct_attr;

typedef struct ct_class {
    size_t index;           // place in the catalogue: by name, ascending
    const char *name;       // "building"
    const char *collection; // "buildings"
    const char *title_en, *title_zh, *description_en, *description_zh;
    ct_geom_type geometry; // CT_GEOM_NONE = has none; a MULTI type admits its single type, which is
                           // stored as multi
    bool has_z;            // heights are stored (geometry without them gets 0)
    const char *parent;    // class name of the container; NULL = site
    int grade;             // CIM grade 1..7 at which the class appears
    const char *time_attr; // attribute that `datetime` selects by; NULL = no time
    const ct_attr *attrs;
    size_t n_attrs;
} ct_class;

typedef struct ct_catalogue ct_catalogue; // immutable after load; may be shared by threads

// Every *.json of the folder (NULL = the program's own data). Errors name file and field; names
// must be unique, references and parents must exist.
CT_CHECKED ct_err ct_catalogue_load(ct_catalogue **out, const char *folder);
void ct_catalogue_free(ct_catalogue *catalogue);

size_t ct_catalogue_count(const ct_catalogue *catalogue);
const ct_class *ct_catalogue_at(const ct_catalogue *catalogue, size_t index);
const ct_class *ct_catalogue_by_name(const ct_catalogue *catalogue,
                                     const char *name); // NULL if unknown
const ct_class *ct_catalogue_by_collection(const ct_catalogue *catalogue,
                                           const char *collection); // NULL if unknown
int ct_class_attr(const ct_class *cls, const char *name);           // index, or -1
const char *ct_attr_type_name(ct_attr_type type);                   // "text", "integer", ...

#endif
