// Change sets: ordered typed edits of a twin. A scenario is one; so is what a writer commits.
//
// JSON: [{"op":"add","class":"barrier","id":"wall-1","geometry":{...},"properties":{...}},
//        {"op":"set","id":"bldg-12","properties":{"ground_floor_m":46.1}},
//        {"op":"remove","id":"gate-2"}]
// Geometry is GeoJSON in CRS84 unless "crs" says otherwise (in the order east, north). A property
// of null takes the value away.
#ifndef CT_MODEL_CHANGESET_H
#define CT_MODEL_CHANGESET_H

#include "model/feature.h"

#define CT_CHANGESET_MAX_EDITS 10000

typedef enum ct_edit_op { CT_EDIT_ADD, CT_EDIT_SET, CT_EDIT_REMOVE } ct_edit_op;

typedef struct ct_edit {
    ct_edit_op op;
    const char *id; // NULL only for ADD: the store gives one
    ct_feature
        feature; // ADD: whole and checked, geometry in the twin's CRS; SET: only geom (cls is NULL)
    const json_t
        *properties;   // SET: borrowed from the change set; NULL where only the geometry changes
    bool has_geometry; // SET: feature.geom replaces the old one
} ct_edit;

typedef struct ct_changeset ct_changeset; // immutable after parse; may be shared by threads

// `twin_crs`: code of the twin's CRS, into which geometries are brought. Errors name the edit:
// "edits[2].geometry: ...". At most CT_CHANGESET_MAX_EDITS. Edits of one id are folded into one:
// add + set is an add, set + set is a set, set + remove is a remove, add + remove is nothing. Only
// a feature that was removed and then added again has two edits, in this order. CT_EXISTS for a
// second add, CT_NOTFOUND for an edit after a remove.
CT_CHECKED ct_err ct_changeset_parse(ct_changeset **out, const ct_catalogue *catalogue,
                                     const json_t *edits, const char *twin_crs);
void ct_changeset_free(ct_changeset *set);
size_t ct_changeset_count(const ct_changeset *set); // after folding
const ct_edit *ct_changeset_at(const ct_changeset *set, size_t index);
// The last edit that names the id, NULL if none: what the scenario says of that feature.
const ct_edit *ct_changeset_find(const ct_changeset *set, const char *id);

// The stored feature as a SET edit leaves it, checked, in the arena. CT_PARSE, CT_RANGE, CT_GEOM
// naming the attribute.
CT_CHECKED ct_err ct_edit_apply(ct_feature *out, ct_arena *arena, const ct_edit *edit,
                                const ct_feature *base);

#endif
