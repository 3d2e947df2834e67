// Feature queries from the texts of HTTP parameters or of the command line.
#include "query/query.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "geo/crs.h"

void ct_query_init(ct_query *query, const ct_class *cls) {
    *query = (ct_query){.cls = cls, .from_us = INT64_MIN, .to_us = INT64_MAX};
}

ct_err ct_query_add_filter(ct_query *query, ct_arena *arena, const char *name, const char *text) {
    int attr = ct_class_attr(query->cls, name);
    if (attr < 0)
        return ct_fail(CT_ARG, "%.64s: class %s has no such attribute", name, query->cls->name);
    if (query->n_filters == CT_QUERY_MAX_FILTERS)
        return ct_fail(CT_LIMIT, "%s: more than %d filters", name, CT_QUERY_MAX_FILTERS);
    // A value outside the attribute's bounds or codes is a good question whose answer is empty, so
    // they are left out.
    ct_attr open = query->cls->attrs[attr];
    open.has_min = open.has_max = false;
    open.n_codes = 0;
    ct_query_filter *filter = &query->filters[query->n_filters];
    CT_TRY(ct_value_from_text(&filter->value, arena, &open, text));
    filter->attr = attr;
    query->n_filters++;
    return CT_OK;
}

// Reads "a,b,c,d" or six numbers into `v`; *n tells how many.
static ct_err read_numbers(double v[6], int *n, const char *text) {
    const char *at = text;
    for (*n = 0; *n < 6;) {
        // The characters are looked at first: strtod alone takes blanks, hexadecimal numbers and
        // "inf" too.
        size_t length = strspn(at, "0123456789+-.eE");
        char *end = NULL;
        v[*n] = length ? strtod(at, &end) : 0;
        if (!length || end != at + length || !isfinite(v[*n]))
            return ct_fail(CT_PARSE, "bbox: \"%.100s\": number %d cannot be read", text, *n + 1);
        ++*n;
        at = end;
        if (*at != ',') break;
        at++;
    }
    if (*at || (*n != 4 && *n != 6))
        return ct_fail(CT_PARSE, "bbox: \"%.100s\" is not 4 or 6 numbers with commas between",
                       text);
    return CT_OK;
}

// What of a box can hold features of the twin: clients ask for the whole world, of which most
// projections know a part only.
typedef struct clip {
    ct_bbox area; // where the twin's CRS is used, and a little around, in the box's CRS
    bool known;
    int n_pieces; // of the box that are left
    ct_bbox pieces[2];
} clip;

static const double area_margin_deg = 2;

static ct_err clip_init(clip *c, const ct_crs_info *crs, const ct_crs_info *twin) {
    ct_bbox a = twin->area;
    *c = (clip){.known = strcmp(crs->code, twin->code) != 0};
    a.min_x -= area_margin_deg;
    a.max_x += area_margin_deg;
    if (a.max_x - a.min_x >= 360) a.min_x = -180, a.max_x = 180;
    a.min_y = fmax(a.min_y - area_margin_deg, crs->area.min_y);
    a.max_y = fmin(a.max_y + area_margin_deg, crs->area.max_y);
    if (crs->projected && c->known) {
        // One whose west is east of its east has no box here: such a twin's boxes stay as they are.
        c->known = a.min_x >= -180 && a.max_x <= 180;
        ct_transform *t = NULL;
        if (c->known) CT_TRY(ct_transform_get(&t, CT_CRS_CRS84, crs->code));
        if (c->known) CT_TRY(ct_transform_bbox(t, &a));
    }
    c->area = a;
    return CT_OK;
}

static void intersect(ct_bbox *out, const ct_bbox *a, const ct_bbox *b) {
    *out = (ct_bbox){fmax(a->min_x, b->min_x), fmax(a->min_y, b->min_y), fmin(a->max_x, b->max_x),
                     fmin(a->max_y, b->max_y)};
}

static bool is_empty(const ct_bbox *box) {
    return box->min_x > box->max_x || box->min_y > box->max_y;
}

// Longitudes come round again: each turn of the box is looked at. Turns that touch make one piece;
// a box that goes round the world may leave two.
static void clip_degrees(clip *c, const ct_bbox *box) {
    ct_bbox whole = *box;
    if (whole.min_x > whole.max_x) whole.max_x += 360; // it crosses the antimeridian
    for (int turn = -1; turn <= 1; turn++) {
        ct_bbox piece = whole;
        piece.min_x += 360.0 * turn;
        piece.max_x += 360.0 * turn;
        intersect(&piece, &piece, &c->area);
        if (is_empty(&piece)) continue;
        ct_bbox *last = c->n_pieces ? &c->pieces[c->n_pieces - 1] : NULL;
        if (last && (piece.min_x <= last->max_x || c->n_pieces == 2))
            last->max_x = piece.max_x;
        else
            c->pieces[c->n_pieces++] = piece;
    }
}

static void clip_box(clip *c, const ct_bbox *box, const ct_crs_info *crs) {
    ct_bbox left = *box;
    if (c->known && !crs->projected) {
        clip_degrees(c, box);
        return;
    }
    if (c->known) intersect(&left, box, &c->area);
    if (!is_empty(&left)) c->pieces[c->n_pieces++] = left;
}

// Where no feature is.
static const ct_bbox nowhere = {DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX};

// The pieces in the twin's CRS become the query's boxes.
static ct_err set_boxes(ct_query *query, clip *c, ct_transform *transform) {
    for (int i = 0; i < c->n_pieces; i++)
        CT_TRY(ct_context(ct_transform_bbox(transform, &c->pieces[i]), "bbox"));
    query->has_bbox = true;
    query->bbox = c->n_pieces ? c->pieces[0] : nowhere;
    query->n_boxes = c->n_pieces == 2 ? 2 : 0;
    for (int i = 0; i < query->n_boxes; i++) {
        query->boxes[i] = c->pieces[i];
        ct_bbox_add(&query->bbox, &c->pieces[i]);
    }
    return CT_OK;
}

ct_err ct_query_set_bbox(ct_query *query, const char *text, const char *crs, bool swapped,
                         const char *twin_crs) {
    double v[6] = {0};
    int n = 0;
    CT_TRY(read_numbers(v, &n, text));
    int second = n / 2;
    ct_bbox box = {v[0], v[1], v[second], v[second + 1]};
    if (swapped) box = (ct_bbox){v[1], v[0], v[second + 1], v[second]};
    if (box.min_y > box.max_y)
        return ct_fail(CT_PARSE, "bbox: \"%.100s\": south is above north", text);
    if (n == 6 && v[2] > v[5])
        return ct_fail(CT_PARSE, "bbox: \"%.100s\": lowest height is above highest", text);
    ct_crs_info info, twin;
    ct_transform *transform = NULL;
    clip c;
    CT_TRY(ct_context(ct_crs_describe(&info, crs), "bbox-crs"));
    CT_TRY(ct_crs_describe(&twin, twin_crs));
    if (info.projected && box.min_x > box.max_x)
        return ct_fail(CT_PARSE, "bbox: \"%.100s\": west is above east", text);
    if (!info.projected && (box.min_y < -90 || box.max_y > 90))
        return ct_fail(CT_RANGE, "bbox: \"%.100s\": a latitude beyond 90 degrees", text);
    CT_TRY(ct_context(clip_init(&c, &info, &twin), "bbox"));
    clip_box(&c, &box, &info);
    CT_TRY(ct_context(ct_transform_get(&transform, crs, twin_crs), "bbox-crs"));
    CT_TRY(set_boxes(query, &c, transform));
    query->has_heights = n == 6;
    query->min_z_m = v[2];
    query->max_z_m = v[5];
    return CT_OK;
}

static ct_err read_end(int64_t *out, const char *begin, size_t length, int64_t open) {
    char text[64];
    if (length == 0 || (length == 2 && memcmp(begin, "..", 2) == 0)) {
        *out = open;
        return CT_OK;
    }
    if (length >= sizeof text) return ct_fail(CT_PARSE, "datetime: \"%.64s\" is no time", begin);
    memcpy(text, begin, length);
    text[length] = '\0';
    return ct_context(ct_time_parse(out, text), "datetime");
}

ct_err ct_query_set_datetime(ct_query *query, const char *text) {
    const char *slash = strchr(text, '/');
    int64_t from = INT64_MIN, to = INT64_MAX;
    if (!slash) {
        CT_TRY(ct_context(ct_time_parse(&from, text), "datetime"));
        to = from;
    } else {
        CT_TRY(read_end(&from, text, (size_t)(slash - text), INT64_MIN));
        CT_TRY(read_end(&to, slash + 1, strlen(slash + 1), INT64_MAX));
        if (from > to) return ct_fail(CT_PARSE, "datetime: \"%.100s\" ends before it begins", text);
    }
    query->has_time = from != INT64_MIN || to != INT64_MAX;
    query->from_us = from;
    query->to_us = to;
    return CT_OK;
}
