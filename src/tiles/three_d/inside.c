// The tileset of one building: its block, then its shell and, storey by storey, shell, rooms,
// furniture, each a tile of its own in a group that tells which, so that a client shows one storey.
#include <math.h>

#include "base/mem.h"
#include "tiles/three_d/city.h"
#include "tiles/three_d/json.h"

enum { LARGE_PART = 2000 }; // triangles from which a part has a simplified form
#define WORTH 0.7           // a simplified form with more than this of the triangles is none

typedef struct inside {
    const ct_tiles__scene *scene;
    const ct_tiles__building *building;
    ct_enu frame;
    ct_box3 box;
    ct_tiles__part3 *parts;
    double *coarse_m; // of each part: the error of its simplified form; -1: has none
    size_t n_parts;
    double block_m, inner_m;
    ct_jsonw w;
} inside;

// ---- measures
// -----------------------------------------------------------------------------------------
static ct_err measure_part(inside *in, ct_reader *reader, size_t i) {
    const ct_tiles__part3 *part = &in->parts[i];
    in->coarse_m[i] = -1;
    if (part->triangles <= LARGE_PART) return CT_OK;
    ct_tiles__drawing d;
    ct_err err = ct_tiles__drawing_init(&d, in->scene, reader, &in->frame);
    if (err == CT_OK) err = ct_tiles__draw_part(&d, in->building, part, CT_TILES__COARSE);
    const double left = err == CT_OK ? (double)ct_tiles__glb_triangles(d.glb) : 0;
    if (err == CT_OK && left > 0 && left < WORTH * (double)part->triangles)
        in->coarse_m[i] = d.error_m;
    ct_tiles__drawing_fini(&d);
    return err;
}

static double height_of(const ct_box3 *box) {
    return box->max[2] - box->min[2];
}

// What is not seen as long as a building is not opened is as large as its storeys are high.
static void measure_inner(inside *in) {
    for (size_t i = 0; i < in->n_parts; i++) {
        const ct_tiles__part3 *p = &in->parts[i];
        in->inner_m = fmax(in->inner_m, in->coarse_m[i]);
        if (p->storey != CT_TILES__NONE) in->inner_m = fmax(in->inner_m, height_of(&p->box));
    }
}

static ct_err measure(inside *in, ct_reader *reader) {
    ct_tiles__drawing d;
    ct_err err = ct_tiles__drawing_init(&d, in->scene, reader, &in->frame);
    if (err == CT_OK) err = ct_tiles__block_error(&in->block_m, &d, in->building);
    ct_tiles__drawing_fini(&d);
    for (size_t i = 0; i < in->n_parts && err == CT_OK; i++) err = measure_part(in, reader, i);
    measure_inner(in);
    in->inner_m = fmin(in->inner_m, in->building->size_m);
    in->block_m = fmin(fmax(in->block_m, in->inner_m), in->building->size_m);
    return err;
}

// ---- groups
// -------------------------------------------------------------------------------------------
static void write_storey(ct_jsonw *w, const ct_tiles__storey *storey) {
    ct_jsonw_kv_string(w, "storey", storey->id);
    ct_jsonw_kv_int(w, "fid", storey->fid);
    ct_jsonw_kv_string(w, "name", storey->name);
    if (*storey->name_zh) ct_jsonw_kv_string(w, "name_zh", storey->name_zh);
    ct_jsonw_kv_int(w, "level", storey->level);
    if (isfinite(storey->elevation_m)) ct_jsonw_kv_double(w, "elevation_m", storey->elevation_m);
    if (isfinite(storey->height_m)) ct_jsonw_kv_double(w, "height_m", storey->height_m);
}

static void write_metadata(ct_jsonw *w, const char *cls) {
    ct_jsonw_kv_string(w, "class", cls);
    ct_jsonw_key(w, "properties");
    ct_jsonw_object(w);
}

static void write_groups(inside *in) {
    static const char schema[] =
        "{\"id\":\"cimtwin_buildings\",\"classes\":{"
        "\"building\":{\"properties\":{\"id\":{\"type\":\"STRING\",\"required\":true},"
        "\"fid\":{\"type\":\"SCALAR\",\"componentType\":\"INT64\",\"required\":true}}},"
        "\"part\":{\"properties\":{\"kind\":{\"type\":\"STRING\",\"required\":true},"
        "\"storey\":{\"type\":\"STRING\"},"
        "\"fid\":{\"type\":\"SCALAR\",\"componentType\":\"INT64\"},"
        "\"name\":{\"type\":\"STRING\"},"
        "\"name_zh\":{\"type\":\"STRING\"},"
        "\"level\":{\"type\":\"SCALAR\",\"componentType\":\"INT32\"},"
        "\"elevation_m\":{\"type\":\"SCALAR\",\"componentType\":\"FLOAT64\"},"
        "\"height_m\":{\"type\":\"SCALAR\",\"componentType\":\"FLOAT64\"}}}}}";
    ct_jsonw *w = &in->w;
    ct_jsonw_key(w, "schema");
    ct_jsonw_raw(w, schema, sizeof schema - 1);
    ct_jsonw_key(w, "metadata");
    ct_jsonw_object(w);
    write_metadata(w, "building");
    ct_jsonw_kv_string(w, "id", in->building->id);
    ct_jsonw_kv_int(w, "fid", in->building->fid);
    ct_jsonw_end_object(w);
    ct_jsonw_end_object(w);
    ct_jsonw_key(w, "groups");
    ct_jsonw_array(w);
    for (size_t i = 0; i < in->n_parts; i++) {
        const ct_tiles__part3 *p = &in->parts[i];
        ct_jsonw_object(w);
        write_metadata(w, "part");
        ct_jsonw_kv_string(w, "kind", ct_tiles__kind_name(p->kind));
        if (p->storey != CT_TILES__NONE) write_storey(w, &in->scene->storeys[p->storey]);
        ct_jsonw_end_object(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

// ---- tiles
// --------------------------------------------------------------------------------------------
static ct_err part_box(ct_box3 *out, const inside *in, const ct_box3 *twin) {
    CT_TRY(ct_tiles__box_in(out, &in->frame, in->scene->crs, twin));
    for (int i = 0; i < 3; i++) { // of the building's box alone they could stand out by rounding
        out->min[i] = fmax(out->min[i], in->box.min[i]);
        out->max[i] = fmin(out->max[i], in->box.max[i]);
    }
    return CT_OK;
}

static void begin_tile(inside *in, const ct_box3 *box, double error_m, const char *refine) {
    ct_jsonw_object(&in->w);
    ct_tiles__json_box(&in->w, box, NULL, true);
    ct_tiles__json_error(&in->w, error_m);
    if (refine) ct_jsonw_kv_string(&in->w, "refine", refine);
}

static void begin_children(inside *in) {
    ct_jsonw_key(&in->w, "children");
    ct_jsonw_array(&in->w);
}

static void end_children(inside *in) {
    ct_jsonw_end_array(&in->w);
    ct_jsonw_end_object(&in->w);
}

static ct_err write_part(inside *in, size_t i) {
    const ct_tiles__part3 *part = &in->parts[i];
    ct_box3 box;
    CT_TRY(part_box(&box, in, &part->box));
    const bool coarse = in->coarse_m[i] >= 0;
    if (coarse) {
        begin_tile(in, &box, in->coarse_m[i], "REPLACE");
        ct_tiles__json_content(&in->w, (int)i, "%s-1.glb", part->name);
        begin_children(in);
    }
    begin_tile(in, &box, 0, NULL);
    ct_tiles__json_content(&in->w, (int)i, "%s-0.glb", part->name);
    ct_jsonw_end_object(&in->w);
    if (coarse) end_children(in);
    return CT_OK;
}

// The parts [first, last) of one storey.
static ct_err write_level(inside *in, size_t first, size_t last) {
    ct_box3 twin = in->parts[first].box, box;
    double error_m = 0;
    for (size_t i = first; i < last; i++) {
        for (int k = 0; k < 3; k++) {
            twin.min[k] = fmin(twin.min[k], in->parts[i].box.min[k]);
            twin.max[k] = fmax(twin.max[k], in->parts[i].box.max[k]);
        }
        error_m = fmax(error_m, fmax(in->coarse_m[i], height_of(&in->parts[i].box)));
    }
    CT_TRY(part_box(&box, in, &twin));
    begin_tile(in, &box, fmin(error_m, in->inner_m), "ADD");
    ct_jsonw_key(&in->w, "metadata");
    ct_jsonw_object(&in->w);
    write_metadata(&in->w, "part");
    ct_jsonw_kv_string(&in->w, "kind", "storey");
    write_storey(&in->w, &in->scene->storeys[in->parts[first].storey]);
    ct_jsonw_end_object(&in->w);
    ct_jsonw_end_object(&in->w);
    begin_children(in);
    for (size_t i = first; i < last; i++) CT_TRY(write_part(in, i));
    end_children(in);
    return CT_OK;
}

static ct_err write_parts(inside *in) {
    for (size_t first = 0, last; first < in->n_parts; first = last) {
        const uint32_t storey = in->parts[first].storey;
        last = first + 1;
        if (storey == CT_TILES__NONE) {
            CT_TRY(write_part(in, first));
            continue;
        }
        while (last < in->n_parts && in->parts[last].storey == storey) last++;
        CT_TRY(write_level(in, first, last));
    }
    return CT_OK;
}

static ct_err write_tree(inside *in) {
    ct_jsonw *w = &in->w;
    const bool only_block =
        in->n_parts == 1 && in->parts[0].own && !in->building->has_body && in->parts[0].n == 0;
    ct_jsonw_key(w, "root");
    begin_tile(in, &in->box, only_block ? 0 : in->block_m, "REPLACE");
    ct_tiles__json_transform(w, &in->frame);
    ct_tiles__json_content(w, -1, "block.glb");
    if (only_block) {
        ct_jsonw_end_object(w);
        return CT_OK;
    }
    begin_children(in);
    begin_tile(in, &in->box, in->inner_m, "ADD");
    begin_children(in);
    CT_TRY(write_parts(in));
    end_children(in);
    end_children(in);
    return CT_OK;
}

static ct_err write_all(inside *in, ct_buf *out, ct_reader *reader) {
    CT_TRY(ct_tiles__frame_of(&in->frame, in->scene->crs, &in->building->box));
    CT_TRY(ct_tiles__box_in(&in->box, &in->frame, in->scene->crs, &in->building->box));
    CT_TRY(measure(in, reader));
    ct_jsonw_init(&in->w, out);
    ct_tiles__json_begin(&in->w, in->building->size_m);
    if (in->n_parts) write_groups(in);
    CT_TRY(write_tree(in));
    ct_jsonw_end_object(&in->w);
    return ct_buf_status(out);
}

static size_t count_parts(const ct_tiles__scene *scene, const ct_tiles__building *b) {
    ct_tiles__parts3 parts = ct_tiles__parts_begin(scene, b);
    ct_tiles__part3 part;
    size_t n = 0;
    while (ct_tiles__parts_next(&part, &parts)) n++;
    return n;
}

ct_err ct_tiles__write_inside(ct_buf *out, const ct_tiles__scene *scene, ct_reader *reader,
                              const ct_tiles__building *b) {
    inside in = {.scene = scene, .building = b, .n_parts = count_parts(scene, b)};
    in.parts = ct_calloc(in.n_parts + 1, sizeof *in.parts);
    in.coarse_m = ct_calloc(in.n_parts + 1, sizeof *in.coarse_m);
    ct_err err = in.parts && in.coarse_m ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        ct_tiles__parts3 parts = ct_tiles__parts_begin(scene, b);
        for (size_t i = 0; i < in.n_parts; i++) (void)ct_tiles__parts_next(&in.parts[i], &parts);
        err = write_all(&in, out, reader);
    }
    ct_free(in.parts);
    ct_free(in.coarse_m);
    return err;
}
