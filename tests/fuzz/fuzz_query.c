// Lines of "name=text" as what a reader asks of a collection: each is refused with a message and
// leaves the query as it was, or makes a query that is sound. The first line names the collection,
// the CRS of boxes, and the twin's.
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "fuzz.h"
#include "geo/crs.h"
#include "query/query.h"

static const char *const k_crs[] = {CT_CRS_CRS84, "EPSG:4547",  CT_CRS_MERCATOR,
                                    "EPSG:4326",  "EPSG:32601", "EPSG:3413"};

static const char *const k_twins[] = {"EPSG:4547", CT_CRS_MERCATOR, "EPSG:32601",
                                      "EPSG:3413"}; // projected

enum { N_CRS = sizeof k_crs / sizeof *k_crs, N_TWINS = sizeof k_twins / sizeof *k_twins };

static bool bad_number(double v) {
    return !isfinite(v);
}

static void check_bbox(const ct_query *q) {
    FUZZ_MUST(q->has_bbox);
    FUZZ_MUST(!bad_number(q->bbox.min_x) && !bad_number(q->bbox.max_x) &&
              !bad_number(q->bbox.min_y) && !bad_number(q->bbox.max_y));
    FUZZ_MUST(q->bbox.min_x <= q->bbox.max_x && q->bbox.min_y <= q->bbox.max_y);
}

// What was taken, said in the form that we print ourselves, is taken again as the same.
static void check_time(const ct_query *q) {
    FUZZ_MUST(q->from_us <= q->to_us);
    FUZZ_MUST(q->has_time == (q->from_us != INT64_MIN || q->to_us != INT64_MAX));
    char from[32] = "..", to[32] = "..", text[80];
    if (q->from_us != INT64_MIN) ct_time_format(from, q->from_us);
    if (q->to_us != INT64_MAX) ct_time_format(to, q->to_us);
    (void)snprintf(text, sizeof text, "%s/%s", from, to);
    ct_query again;
    ct_query_init(&again, q->cls);
    FUZZ_MUST(ct_query_set_datetime(&again, text) == CT_OK);
    FUZZ_MUST(again.from_us == q->from_us && again.to_us == q->to_us);
}

static void check_filter(const ct_query *q, const char *name) {
    const ct_query_filter *f = &q->filters[q->n_filters - 1];
    const ct_attr *attr = &q->cls->attrs[f->attr];
    FUZZ_MUST(q->n_filters <= CT_QUERY_MAX_FILTERS && strcmp(attr->name, name) == 0);
    switch (attr->type) {
    case CT_ATTR_TEXT: FUZZ_MUST(f->value.kind == CT_VALUE_TEXT); break;
    case CT_ATTR_INTEGER: FUZZ_MUST(f->value.kind == CT_VALUE_INTEGER); break;
    case CT_ATTR_REAL:
        FUZZ_MUST(f->value.kind == CT_VALUE_REAL && isfinite(f->value.as.real));
        break;
    case CT_ATTR_BOOLEAN: FUZZ_MUST(f->value.kind == CT_VALUE_BOOLEAN); break;
    case CT_ATTR_DATETIME: {
        int64_t us = 0;
        FUZZ_MUST(f->value.kind == CT_VALUE_TEXT && ct_time_parse(&us, f->value.as.text) == CT_OK);
        break;
    }
    }
    // The value written as JSON is taken again as the same.
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    ct_jsonw w;
    ct_jsonw_init(&w, &text);
    ct_value_write_json(&w, &f->value);
    json_t *json = NULL;
    FUZZ_MUST(ct_json_parse(&json, text.data, text.len, text.len) == CT_OK);
    ct_attr open = *attr;
    open.has_min = open.has_max = false;
    open.n_codes = 0;
    ct_arena *arena = ct_arena_new(1024, 1 << 20);
    ct_value again;
    FUZZ_MUST(ct_value_from_json(&again, arena, &open, json) == CT_OK &&
              again.kind == f->value.kind);
    if (again.kind == CT_VALUE_TEXT)
        FUZZ_MUST(strcmp(again.as.text, f->value.as.text) == 0);
    else if (again.kind == CT_VALUE_INTEGER)
        FUZZ_MUST(again.as.integer == f->value.as.integer);
    else if (again.kind == CT_VALUE_REAL)
        FUZZ_MUST(again.as.real == f->value.as.real);
    ct_arena_free(arena);
    json_decref(json);
    ct_buf_fini(&text);
}

static void ask(ct_query *q, ct_arena *arena, const char *name, const char *text, const char *crs,
                const char *twin) {
    const ct_query before = *q;
    ct_err err;
    if (strcmp(name, "bbox") == 0 || strcmp(name, "bbox-swapped") == 0) {
        err = ct_query_set_bbox(q, text, crs, name[4] != '\0', twin);
        if (err == CT_OK) check_bbox(q);
    } else if (strcmp(name, "datetime") == 0) {
        err = ct_query_set_datetime(q, text);
        if (err == CT_OK) check_time(q);
    } else {
        err = ct_query_add_filter(q, arena, name, text);
        if (err == CT_OK) check_filter(q, name);
    }
    if (err == CT_OK) return;
    FUZZ_MUST(strlen(ct_err_message()) > 0 && err != CT_INTERNAL);
    FUZZ_MUST(q->has_bbox == before.has_bbox && q->has_time == before.has_time &&
              q->from_us == before.from_us && q->to_us == before.to_us &&
              q->n_filters == before.n_filters &&
              memcmp(&q->bbox, &before.bbox, sizeof q->bbox) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    ct_arena *arena = ct_arena_new(4096, 16U << 20);
    char *text = arena ? ct_arena_strndup(arena, (const char *)data, size) : NULL;
    FUZZ_MUST(text);
    char *rest = text, *line = strsep(&rest, "\n");
    const ct_class *cls = ct_catalogue_by_collection(catalogue, line);
    if (!cls) cls = ct_catalogue_by_name(catalogue, "event");
    char *numbers = rest ? strsep(&rest, "\n") : NULL;
    const char *crs = k_crs[numbers && *numbers ? (unsigned char)numbers[0] % N_CRS : 0];
    const char *twin =
        k_twins[numbers && *numbers && numbers[1] ? (unsigned char)numbers[1] % N_TWINS : 0];
    ct_query q;
    ct_query_init(&q, cls);
    while (rest && (line = strsep(&rest, "\n"))) {
        char *value = strchr(line, '=');
        if (value) *value++ = '\0';
        ask(&q, arena, line, value ? value : "", crs, twin);
    }
    ct_arena_free(arena);
    return 0;
}
