// cimtwin export: the twin's features into a file of another format.
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/export_3d.h"
#include "export/export.h"
#include "sim/domain/indoor_load.h"

typedef struct exporting {
    const ct_args *args;
    ct_twin twin;
    ct_reader *reader;
    ct_export *file;
    ct_arena *arena; // of the feature at work
    int64_t n_all;   // features that will be written
    bool terminal;
    int last_percent;
} exporting;

static bool tick(exporting *ex) {
    const int64_t all = ex->n_all ? ex->n_all : 1;
    const int percent = (int)(100 * ct_export_count(ex->file) / all);
    if (ex->terminal && percent != ex->last_percent) fprintf(stderr, "\r%3d%%", percent);
    ex->last_percent = percent;
    return !atomic_load(ct_cancel_flag());
}

static ct_err put(exporting *ex, const ct_feature *stored) {
    ct_feature f = *stored;
    ct_arena_reset(ex->arena);
    if (ct_export_takes_properties(ex->file))
        CT_TRY(ct_reader_properties(&f.properties, &f.n_properties, ex->arena, ex->reader, f.cls,
                                    f.fid));
    ct_body body;
    if (ct_export_takes_bodies(ex->file)) {
        CT_TRY(ct_reader_body(&body, ex->arena, ex->reader, f.cls, f.fid));
        f.body = body.n_parts ? &body : NULL;
    }
    return ct_export_put(ex->file, &f);
}

static ct_err make_query(ct_query *query, const exporting *ex, const ct_class *cls) {
    const char *bbox = ct_args_value(ex->args, "bbox", NULL);
    ct_query_init(query, cls);
    if (!bbox) return CT_OK;
    return ct_query_set_bbox(query, bbox, CT_CRS_CRS84, false, ct_store_crs(ex->twin.store)->code);
}

// Named on the command line; all where none is.
static bool wanted(const exporting *ex, const ct_class *cls) {
    const size_t n = ct_args_count(ex->args);
    for (size_t i = 1; i < n; i++)
        if (strcmp(ct_args_at(ex->args, i), cls->collection) == 0) return true;
    return n == 1;
}

static ct_err check_names(const exporting *ex) {
    for (size_t i = 1; i < ct_args_count(ex->args); i++) {
        const char *name = ct_args_at(ex->args, i);
        const ct_class *cls = ct_catalogue_by_collection(ex->twin.catalogue, name);
        if (!cls) return ct_fail(CT_NOTFOUND, "there is no collection \"%s\"", name);
        if (!ct_export_takes(ex->file, cls))
            return ct_fail(CT_UNSUPPORTED, "this format has no place for %s", name);
    }
    return CT_OK;
}

static ct_err count_all(exporting *ex) {
    const ct_class *cls;
    for (size_t i = 0; (cls = ct_export_class_at(ex->file, ex->twin.catalogue, i)); i++) {
        ct_query query;
        int64_t n = 0;
        if (!wanted(ex, cls)) continue;
        CT_TRY(make_query(&query, ex, cls));
        CT_TRY(ct_reader_count(&n, ex->reader, &query));
        ex->n_all += n;
    }
    return CT_OK;
}

static ct_err put_class(exporting *ex, const ct_class *cls) {
    ct_query query;
    ct_cursor *cursor = NULL;
    const ct_feature *f = NULL;
    CT_TRY(make_query(&query, ex, cls));
    CT_TRY(ct_export_class(ex->file, cls));
    CT_TRY(ct_cursor_open(&cursor, ex->reader, &query));
    ct_err err = CT_OK;
    while (err == CT_OK) {
        err = ct_cursor_next(cursor, &f);
        if (err != CT_OK) {
            if (err == CT_NOTFOUND) err = CT_OK; // the end
            break;
        }
        err = put(ex, f);
        if (err == CT_OK && !tick(ex)) err = ct_fail(CT_CANCELLED, "the export was cancelled");
    }
    ct_cursor_close(cursor);
    return err;
}

static ct_err put_all(exporting *ex) {
    const ct_class *cls;
    for (size_t i = 0; (cls = ct_export_class_at(ex->file, ex->twin.catalogue, i)); i++)
        if (wanted(ex, cls)) CT_TRY(put_class(ex, cls));
    return CT_OK;
}

static ct_err put_models(exporting *ex, const ct_indoor_defaults *defaults, ct_arena *arena) {
    ct_indoor_building *at;
    size_t n;
    CT_TRY(ct_indoor_buildings(&at, &n, arena, ex->reader, ex->twin.catalogue));
    for (size_t i = 0; i < n; i++) {
        ct_indoor *model;
        CT_TRY(ct_indoor_load(&model, ex->reader, NULL, ex->twin.catalogue, at[i].id, defaults));
        const ct_err err = ct_export_indoor(ex->file, model);
        ct_indoor_free(model);
        CT_TRY(err);
        if (!tick(ex)) return ct_fail(CT_CANCELLED, "the export was cancelled");
    }
    return CT_OK;
}

// What the features of whole buildings tell together, where the format has a place for it.
static ct_err put_indoors(exporting *ex) {
    ct_indoor_defaults *defaults;
    if (!ct_export_takes_indoor(ex->file) || ct_args_count(ex->args) > 1) return CT_OK;
    CT_TRY(ct_indoor_defaults_load(&defaults, NULL));
    ct_arena *arena = ct_arena_new(64 << 10, 0);
    const ct_err err = arena ? put_models(ex, defaults, arena) : CT_NOMEM;
    ct_arena_free(arena);
    ct_indoor_defaults_free(defaults);
    return err;
}

static ct_err print_done(int64_t count, const char *path, bool json) {
    ct_buf out;
    ct_jsonw w;
    ct_buf_init(&out, 1U << 16);
    ct_jsonw_init(&w, &out);
    if (json) {
        ct_jsonw_object(&w);
        ct_jsonw_kv_string(&w, "file", path);
        ct_jsonw_kv_int(&w, "features", count);
        ct_jsonw_end_object(&w);
        ct_buf_putc(&out, '\n');
    } else {
        ct_buf_printf(&out, "%s: %lld features\n", path, (long long)count);
    }
    const ct_err err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

static ct_err export_to(exporting *ex, const char *path) {
    const ct_export_options options = {.twin_crs = ct_store_crs(ex->twin.store)->code,
                                       .title = ct_store_title(ex->twin.store),
                                       .replace = ct_args_has(ex->args, "replace")};
    CT_TRY(ct_export_open(&ex->file, path, &options));
    ct_err err = check_names(ex);
    if (err == CT_OK) err = count_all(ex);
    if (err == CT_OK) err = put_all(ex);
    if (err == CT_OK) err = put_indoors(ex);
    const int64_t count = ct_export_count(ex->file);
    if (err == CT_OK)
        err = ct_export_commit(ex->file);
    else
        ct_export_abort(ex->file);
    if (ex->terminal && ex->last_percent >= 0) fprintf(stderr, "\r     \r");
    return err == CT_OK ? print_done(count, path, ct_args_has(ex->args, "json")) : err;
}

static ct_err check_format(const ct_args *args) {
    const char *format = ct_args_value(args, "format", "3dtiles");
    if (strcmp(format, "3dtiles") == 0) return CT_OK;
    return ct_fail(CT_ARG, "--format %s: it may be 3dtiles; other formats are told by the ending",
                   format);
}

static ct_err run(const ct_args *args) {
    exporting ex = {.args = args, .terminal = isatty(STDERR_FILENO) == 1, .last_percent = -1};
    const char *path = ct_args_value(args, "to", NULL);
    if (!path) return ct_fail(CT_ARG, "--to is missing: the file to make");
    CT_TRY(check_format(args));
    CT_TRY(ct_twin_open(&ex.twin, ct_args_at(args, 0)));
    ct_catch_signals();
    if (ct_export_3d_meant(args, path)) {
        const ct_err done = ct_export_3d(args, ex.twin.store, path);
        ct_twin_close(&ex.twin);
        return done;
    }
    ex.arena = ct_arena_new(1 << 16, 0);
    ct_err err = ex.arena ? ct_store_reader(&ex.reader, ex.twin.store) : CT_NOMEM;
    if (err == CT_OK) err = export_to(&ex, path);
    ct_reader_release(ex.reader);
    ct_arena_free(ex.arena);
    ct_twin_close(&ex.twin);
    return err;
}

static const ct_option k_options[] = {
    {"to", "FILE", "the file or folder to make; its ending says the format (below)"},
    {"format", "3dtiles", "3D Tiles into the folder --to, whatever its name"},
    {"plain", NULL, "3D Tiles: contents without EXT_meshopt_compression"},
    {"bbox", "W,S,E,N", "only what intersects this box, longitudes and latitudes"},
    {"replace", NULL, "replace the file or folder if it is there"},
    {"json", NULL, "print file and number of features as JSON"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_export = {
    "export",
    "write features to a file of another format",
    "TWIN [COLLECTION...] --to FILE",
    1,
    -1,
    k_options,
    "  cimtwin export riverside.ct --to riverside.gpkg\n"
    "  cimtwin export riverside.ct buildings storeys --to buildings.gpkg --replace\n"
    "  cimtwin export riverside.ct --to riverside.city.jsonl\n"
    "  cimtwin export riverside.ct --to riverside.ifc\n"
    "  cimtwin export house.ct --to house.indoor.gml\n"
    "  cimtwin export riverside.ct --to riverside-3d --format 3dtiles\n",
    run,
    "All collections unless some are named. A GeoPackage (.gpkg) holds a layer for each collection "
    "that\n"
    "has features, in the twin's CRS, and their property sets as a table; imported again it gives\n"
    "the same features, times to the millisecond. Bodies, terrain, observations and runs are not "
    "in it.\n"
    "CityJSON 2.0 (.city.json) and CityJSONSeq (.city.jsonl) have bodies too: closed ones as\n"
    "solids, faces as polygons with their meaning, colour and level of detail; attributes,\n"
    "property sets, ids and who is part of whom. A sequence has a line for each building with all\n"
    "that is in it, and no more than that is held in memory. Imported again they give the same\n"
    "features, to a hundredth of a millimetre. What has no heights in the twin lies at height 0.\n"
    "IFC4 takes sites, buildings, storeys, spaces, openings, transitions, elements, devices, fire\n"
    "equipment and zones with bodies, property sets and GlobalIds; what IFC has no place for goes "
    "to\n"
    "the property set CimTwin. Outlines of features without a body are not in it.\n"
    "IndoorGML 1.0 (.indoor.gml) holds the spaces as cells with their solids or outlines, and the\n"
    "ways between them: connections, and openings that tell both their spaces.\n"
    "A folder of 3D Tiles 1.1 (.3dtiles, or a slash at the end) holds buildings/tileset.json\n"
    "(blocks, bodies and, storey by storey, what is inside) and terrain/tileset.json (the ground\n"
    "as meshes). Heights are taken as ellipsoidal ones.\n",
};
