// cimtwin info: what is in a twin.
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"

static void write_attributes(ct_jsonw *w, const ct_class *cls) {
    ct_jsonw_key(w, "attributes");
    ct_jsonw_array(w);
    for (size_t i = 0; i < cls->n_attrs; i++) {
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", cls->attrs[i].name);
        ct_jsonw_kv_string(w, "title", cls->attrs[i].title_en);
        ct_jsonw_kv_string(w, "type", ct_attr_type_name(cls->attrs[i].type));
        ct_jsonw_kv_string(w, "unit", cls->attrs[i].unit);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

typedef struct row {
    int64_t count;
    bool has_extent;
    ct_bbox extent;
} row;

static ct_err measure(row *out, ct_reader *reader, const ct_class *cls) {
    ct_query query;
    ct_query_init(&query, cls);
    CT_TRY(ct_reader_count(&out->count, reader, &query));
    return ct_reader_extent(&out->has_extent, &out->extent, reader, cls);
}

static ct_err write_class(ct_jsonw *w, ct_reader *reader, const ct_class *cls, bool whole) {
    row r;
    CT_TRY(measure(&r, reader, cls));
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "collection", cls->collection);
    ct_jsonw_kv_string(w, "title", cls->title_en);
    ct_jsonw_kv_string(w, "geometry", ct_geom_type_name(cls->geometry));
    ct_jsonw_kv_int(w, "count", r.count);
    ct_jsonw_key(w, "extent");
    if (r.has_extent) {
        ct_jsonw_array(w);
        ct_jsonw_fixed(w, r.extent.min_x, 3);
        ct_jsonw_fixed(w, r.extent.min_y, 3);
        ct_jsonw_fixed(w, r.extent.max_x, 3);
        ct_jsonw_fixed(w, r.extent.max_y, 3);
        ct_jsonw_end_array(w);
    } else {
        ct_jsonw_null(w);
    }
    if (whole) write_attributes(w, cls);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_source(void *context, const json_t *record) {
    char *text = ct_json_dump(record, JSON_COMPACT);
    if (!text) return CT_NOMEM;
    ct_jsonw_raw(context, text, strlen(text));
    ct_free(text);
    return CT_OK;
}

static ct_err write_json(ct_buf *out, const ct_store *store, ct_reader *reader,
                         const ct_class *only) {
    ct_jsonw w;
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "title", ct_store_title(store));
    ct_jsonw_kv_string(&w, "crs", ct_store_crs(store)->code);
    ct_jsonw_kv_int(&w, "version", ct_reader_version(reader));
    ct_jsonw_key(&w, "collections");
    ct_jsonw_array(&w);
    for (size_t i = 0; i < ct_catalogue_count(ct_store_catalogue(store)); i++) {
        const ct_class *cls = ct_catalogue_at(ct_store_catalogue(store), i);
        if (!only || only == cls) CT_TRY(write_class(&w, reader, cls, only != NULL));
    }
    ct_jsonw_end_array(&w);
    ct_jsonw_key(&w, "sources");
    ct_jsonw_array(&w);
    if (!only) CT_TRY(ct_reader_sources(reader, write_source, &w));
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    ct_buf_putc(out, '\n');
    return ct_buf_status(out);
}

static const char *member(const json_t *record, const char *name) {
    const char *text = json_string_value(json_object_get(record, name));
    return text ? text : "";
}

// "2026-07-20T20:00:00Z  town.gpkg (GeoPackage)", then what it tells, a line each.
static ct_err print_source(void *context, const json_t *record) {
    ct_buf *out = context;
    const char *format = member(record, "format");
    ct_buf_printf(out, "%s  %s%s%s%s\n", member(record, "imported"), member(record, "file"),
                  *format ? " (" : "", format, *format ? ")" : "");
    for (int t = 0; t < CT_SOURCE_TERMS; t++) {
        const char *text = member(record, ct_source_term_names[t]);
        if (*text) ct_buf_printf(out, "  %-12s %s\n", ct_source_term_names[t], text);
    }
    return CT_OK;
}

static ct_err write_text(ct_buf *out, const ct_store *store, ct_reader *reader,
                         const ct_class *only) {
    const ct_crs_info *crs = ct_store_crs(store);
    int64_t total = 0;
    ct_buf_printf(out, "%s: %s, %s (%s), change %lld\n\n", ct_store_path(store),
                  ct_store_title(store), crs->code, crs->name,
                  (long long)ct_reader_version(reader));
    ct_buf_printf(out, "%-16s %9s  %-16s %s\n", "collection", "count", "geometry",
                  "extent (east, north; m)");
    for (size_t i = 0; i < ct_catalogue_count(ct_store_catalogue(store)); i++) {
        const ct_class *cls = ct_catalogue_at(ct_store_catalogue(store), i);
        if (only && only != cls) continue;
        row r;
        CT_TRY(measure(&r, reader, cls));
        total += r.count;
        ct_buf_printf(out, "%-16s %9lld  %-16s", cls->collection, (long long)r.count,
                      ct_geom_type_name(cls->geometry));
        if (r.has_extent)
            ct_buf_printf(out, " %.1f %.1f .. %.1f %.1f", r.extent.min_x, r.extent.min_y,
                          r.extent.max_x, r.extent.max_y);
        ct_buf_putc(out, '\n');
    }
    if (only)
        for (size_t i = 0; i < only->n_attrs; i++)
            ct_buf_printf(out, "  %-24s %-9s %-8s %s\n", only->attrs[i].name,
                          ct_attr_type_name(only->attrs[i].type),
                          only->attrs[i].unit ? only->attrs[i].unit : "", only->attrs[i].title_en);
    else
        ct_buf_printf(out, "%-16s %9lld\n", "total", (long long)total);
    const size_t before = out->len;
    ct_buf_puts(out, "\nsources\n");
    const size_t heading = out->len;
    if (!only) CT_TRY(ct_reader_sources(reader, print_source, out));
    if (out->len == heading) out->len = before;
    return ct_buf_status(out);
}

static ct_err print_twin(const ct_args *args, const ct_twin *twin) {
    const ct_class *only = NULL;
    if (ct_args_count(args) > 1) {
        only = ct_catalogue_by_collection(twin->catalogue, ct_args_at(args, 1));
        if (!only)
            return ct_fail(CT_NOTFOUND, "there is no collection \"%s\"", ct_args_at(args, 1));
    }
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, twin->store));
    ct_buf out;
    ct_buf_init(&out, 16 << 20);
    ct_err err = ct_args_has(args, "json") ? write_json(&out, twin->store, reader, only)
                                           : write_text(&out, twin->store, reader, only);
    ct_reader_release(reader);
    if (err == CT_OK) err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    const ct_err err = print_twin(args, &twin);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"json", NULL, "print JSON"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_info = {
    "info",
    "tell what is in a twin, or in one collection",
    "TWIN [COLLECTION]",
    1,
    2,
    k_options,
    "  cimtwin info riverside.ct\n  cimtwin info riverside.ct buildings --json\n",
    run,
    NULL,
};
