// Feature queries from the texts of HTTP parameters or of the command line.
#include "query/query.h"

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

ct_err ct_query_set_bbox(ct_query *query, const char *text, const char *crs, bool swapped,
                         const char *twin_crs) {
    double v[6];
    int n = 0;
    CT_TRY(read_numbers(v, &n, text));
    int second = n / 2; // heights do not select
    ct_bbox box = {v[0], v[1], v[second], v[second + 1]};
    if (swapped) box = (ct_bbox){v[1], v[0], v[second + 1], v[second]};
    if (box.min_y > box.max_y)
        return ct_fail(CT_PARSE, "bbox: \"%.100s\": south is above north", text);
    if (n == 6 && v[2] > v[5])
        return ct_fail(CT_PARSE, "bbox: \"%.100s\": lowest height is above highest", text);
    if (box.min_x > box.max_x) {
        ct_crs_info info;
        CT_TRY(ct_context(ct_crs_describe(&info, crs), "bbox-crs"));
        if (info.projected) return ct_fail(CT_PARSE, "bbox: \"%.100s\": west is above east", text);
        return ct_fail(CT_UNSUPPORTED, "bbox: boxes across the antimeridian are not supported");
    }
    ct_transform *transform = NULL;
    CT_TRY(ct_context(ct_transform_get(&transform, crs, twin_crs), "bbox-crs"));
    CT_TRY(ct_context(ct_transform_bbox(transform, &box), "bbox"));
    query->has_bbox = true;
    query->bbox = box;
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
