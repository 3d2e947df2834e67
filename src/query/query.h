// A feature query: what a reader asks of a collection. Parsed from HTTP parameters or the command
// line, answered by a store. (CQL2 joins here with its own parser.)
#ifndef CT_QUERY_QUERY_H
#define CT_QUERY_QUERY_H

#include "model/feature.h"

#define CT_QUERY_MAX_FILTERS 16

typedef struct ct_query_filter { // attribute = value
    int attr;                    // index in the class
    ct_value value;
} ct_query_filter;

typedef struct ct_query {
    const ct_class *cls;
    bool has_bbox;
    ct_bbox bbox; // in the twin's CRS; selects by exact intersection, and features without geometry
    int n_boxes;  // 2: the two boxes below are meant, and bbox lies around both; 0: bbox alone
    ct_bbox boxes[2];
    bool has_heights; // of classes with heights: theirs must meet [min_z_m, max_z_m] too
    double min_z_m, max_z_m;
    bool bbox_envelopes; // compare bounding boxes only (tiles, engines)
    bool has_time;
    int64_t from_us,
        to_us; // closed interval; INT64_MIN / INT64_MAX = open end. Features without time match.
    size_t n_filters;
    ct_query_filter filters[CT_QUERY_MAX_FILTERS];
    int64_t after_fid;  // keyset paging: only fids above this one; features come in fid order
    int64_t limit;      // 0 = all
    bool skip_geometry; // leaves geom CT_GEOM_NONE
    bool only_shown;    // leaves source_id and personal attributes without a value (tiles)
} ct_query;

void ct_query_init(ct_query *query, const ct_class *cls);
// Adds `name=text`; the value's text goes to the arena. CT_ARG for an unknown attribute, CT_PARSE
// for a bad value.
CT_CHECKED ct_err ct_query_add_filter(ct_query *query, ct_arena *arena, const char *name,
                                      const char *text);
// "minx,miny,maxx,maxy" or with heights (6 numbers), in `crs` order x, y unless `swapped`;
// transformed to the twin's CRS, after what lies outside the region of that CRS was cut off (so the
// whole world may be asked for). West > east in degrees crosses the antimeridian; where
// that leaves two parts of the twin's region, both are searched. Six numbers select by heights too.
CT_CHECKED ct_err ct_query_set_bbox(ct_query *query, const char *text, const char *crs,
                                    bool swapped, const char *twin_crs);
// RFC 3339 instant, "a/b", "../b", "a/..", "/b", "a/".
CT_CHECKED ct_err ct_query_set_datetime(ct_query *query, const char *text);

#endif
