// cimtwin query: features of a collection as GeoJSON or CSV.
#include <string.h>

#include "cli/command.h"
#include "geo/crs.h"

typedef struct output {
    ct_buf text;
    ct_jsonw json;
    bool csv;
    ct_transform *transform; // NULL = the twin's own coordinates
    ct_crs_info crs;         // of the answer
    int decimals;
    ct_arena *arena;
} output;

static void csv_text(ct_buf *out, const char *text) {
    if (!strpbrk(text, ",\"\r\n")) {
        ct_buf_puts(out, text);
        return;
    }
    ct_buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"') ct_buf_putc(out, '"');
        ct_buf_putc(out, *text);
    }
    ct_buf_putc(out, '"');
}

static void csv_header(output *o, const ct_class *cls) {
    ct_buf_puts(&o->text, "id");
    for (size_t i = 0; i < cls->n_attrs; i++) ct_buf_printf(&o->text, ",%s", cls->attrs[i].name);
    if (cls->geometry != CT_GEOM_NONE) ct_buf_puts(&o->text, ",x,y");
    ct_buf_puts(&o->text, "\r\n");
}

static void csv_row(output *o, const ct_feature *f) {
    csv_text(&o->text, f->id);
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        ct_jsonw w;
        ct_buf_putc(&o->text, ',');
        if (f->values[i].kind == CT_VALUE_NULL) continue;
        if (f->values[i].kind == CT_VALUE_TEXT) {
            csv_text(&o->text, f->values[i].as.text);
            continue;
        }
        ct_jsonw_init(&w, &o->text);
        ct_value_write_json(&w, &f->values[i]);
    }
    double x, y;
    if (f->cls->geometry != CT_GEOM_NONE) {
        if (ct_geom_centroid(&x, &y, &f->geom))
            ct_buf_printf(&o->text, ",%.*f,%.*f", o->decimals, x, o->decimals, y);
        else
            ct_buf_puts(&o->text, ",,");
    }
    ct_buf_puts(&o->text, "\r\n");
}

static void json_row(output *o, const ct_feature *f) {
    ct_jsonw *w = &o->json;
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", "Feature");
    ct_jsonw_kv_string(w, "id", f->id);
    ct_jsonw_key(w, "geometry");
    ct_geom_write_geojson(w, &f->geom, o->decimals, false);
    ct_jsonw_key(w, "properties");
    ct_jsonw_object(w);
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        ct_jsonw_key(w, f->cls->attrs[i].name);
        ct_value_write_json(w, &f->values[i]);
    }
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

// Sends what has gathered once it is worth it, so that memory stays flat.
static ct_err flush(output *o, bool all) {
    if (!all && o->text.len < (1 << 16)) return ct_buf_status(&o->text);
    CT_TRY(ct_print(&o->text));
    o->text.len = 0;
    return CT_OK;
}

static ct_err write_features(output *o, ct_cursor *cursor) {
    const ct_feature *stored;
    ct_err err;
    while ((err = ct_cursor_next(cursor, &stored)) == CT_OK) {
        ct_feature f = *stored;
        ct_arena_reset(o->arena);
        if (o->transform && f.geom.type != CT_GEOM_NONE) {
            CT_TRY(ct_geom_copy(&f.geom, o->arena, &stored->geom));
            CT_TRY(ct_context(ct_transform_geom(o->transform, &f.geom), "%s", f.id));
        }
        if (o->csv)
            csv_row(o, &f);
        else
            json_row(o, &f);
        CT_TRY(flush(o, false));
    }
    return err == CT_NOTFOUND ? CT_OK : err;
}

// Coordinates other than CRS84 say so, in the old way that GIS programs read (GeoJSON of 2008: east
// first whatever the authority says) and, where the authority too puts east first, as JSON-FG does.
static void write_crs(output *o) {
    char urn[160];
    ct_jsonw *w = &o->json;
    const char *colon = strchr(o->crs.code, ':');
    if (!o->crs.projected || !colon) return;
    if (!o->crs.swapped) ct_jsonw_kv_string(w, "coordRefSys", o->crs.uri);
    snprintf(urn, sizeof urn, "urn:ogc:def:crs:%.*s::%s", (int)(colon - o->crs.code), o->crs.code,
             colon + 1);
    ct_jsonw_key(w, "crs");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", "name");
    ct_jsonw_key(w, "properties");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "name", urn);
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
}

static ct_err write_all(output *o, ct_cursor *cursor, const ct_class *cls) {
    if (o->csv) {
        csv_header(o, cls);
        CT_TRY(write_features(o, cursor));
    } else {
        ct_jsonw_init(&o->json, &o->text);
        ct_jsonw_object(&o->json);
        ct_jsonw_kv_string(&o->json, "type", "FeatureCollection");
        write_crs(o);
        ct_jsonw_key(&o->json, "features");
        ct_jsonw_array(&o->json);
        CT_TRY(write_features(o, cursor));
        ct_jsonw_end_array(&o->json);
        ct_jsonw_end_object(&o->json);
        ct_buf_putc(&o->text, '\n');
    }
    return flush(o, true);
}

// ATTRIBUTE=VALUE: all that follows the first "=" is the value.
static ct_err add_filter(ct_query *query, ct_arena *arena, const char *text) {
    char *copy = ct_arena_strdup(arena, text), *equals = copy ? strchr(copy, '=') : NULL;
    if (!copy) return CT_NOMEM;
    if (!equals) return ct_fail(CT_ARG, "--where %s: it is ATTRIBUTE=VALUE", text);
    *equals = 0;
    return ct_context(ct_query_add_filter(query, arena, copy, equals + 1), "--where %s", text);
}

static ct_err make_query(ct_query *query, ct_arena *arena, const ct_args *args, const ct_twin *twin,
                         const ct_class *cls) {
    const char *bbox = ct_args_value(args, "bbox", NULL);
    const char *datetime = ct_args_value(args, "datetime", NULL);
    long limit;
    ct_query_init(query, cls);
    CT_TRY(ct_args_int(&limit, args, "limit", 0, 0, 1L << 40));
    query->limit = limit;
    if (bbox)
        CT_TRY(
            ct_query_set_bbox(query, bbox, CT_CRS_CRS84, false, ct_store_crs(twin->store)->code));
    if (datetime) CT_TRY(ct_query_set_datetime(query, datetime));
    const char *where;
    for (size_t i = 0; (where = ct_args_value_at(args, "where", i)); i++)
        CT_TRY(add_filter(query, arena, where));
    return CT_OK;
}

static ct_err answer(const ct_args *args, const ct_twin *twin, ct_reader *reader, output *o) {
    const ct_class *cls = ct_catalogue_by_collection(twin->catalogue, ct_args_at(args, 1));
    if (!cls) return ct_fail(CT_NOTFOUND, "there is no collection \"%s\"", ct_args_at(args, 1));
    const char *format = ct_args_value(args, "format", "geojson");
    o->csv = strcmp(format, "csv") == 0;
    if (!o->csv && strcmp(format, "geojson") != 0)
        return ct_fail(CT_ARG, "--format %s: it is geojson or csv", format);
    CT_TRY(ct_crs_describe(&o->crs, ct_args_value(args, "crs", CT_CRS_CRS84)));
    CT_TRY(ct_transform_get(&o->transform, ct_store_crs(twin->store)->code, o->crs.code));
    o->decimals = o->crs.projected ? 3 : 7;
    ct_query query;
    CT_TRY(make_query(&query, o->arena, args, twin, cls));
    ct_arena *scratch = ct_arena_new(1 << 16, 0); // the query's texts stay in the other one
    if (!scratch) return CT_NOMEM;
    ct_arena *kept = o->arena;
    o->arena = scratch;
    ct_cursor *cursor = NULL;
    ct_err err = ct_cursor_open(&cursor, reader, &query);
    if (err == CT_OK) err = write_all(o, cursor, cls);
    ct_cursor_close(cursor);
    ct_arena_free(scratch);
    o->arena = kept;
    return err;
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    output o = {.arena = ct_arena_new(4096, 0)};
    ct_buf_init(&o.text, (size_t)1 << 30);
    ct_reader *reader = NULL;
    ct_err err = o.arena ? ct_store_reader(&reader, twin.store) : CT_NOMEM;
    if (err == CT_OK) err = answer(args, &twin, reader, &o);
    if (reader) ct_reader_release(reader);
    ct_buf_fini(&o.text);
    ct_arena_free(o.arena);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"bbox", "W,S,E,N", "only what intersects this box, longitudes and latitudes"},
    {"datetime", "T", "only what holds at this time or in this interval (a/b, ../b, a/..)"},
    {"where", "NAME=VALUE",
     "only features with this attribute value; given again: with all of them"},
    {"crs", "CODE", "coordinates of the answer, east first (default OGC:CRS84)"},
    {"limit", "N", "at most N features (0, as without it: all)"},
    {"format", "FORMAT", "geojson (default) or csv (one x, y a feature: its centroid)"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_query = {
    "query",
    "print features of a collection",
    "TWIN COLLECTION",
    2,
    2,
    k_options,
    "  cimtwin query riverside.ct buildings --where use=school\n"
    "  cimtwin query riverside.ct devices --where kind=smoke --where building=bldg-1\n"
    "  cimtwin query riverside.ct devices --format csv --crs EPSG:4547 --limit 10\n",
    run,
    NULL,
};
