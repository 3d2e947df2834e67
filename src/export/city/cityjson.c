// CityJSON 2.0 (OGC 20-072r5) and CityJSONSeq. Features wait on a spool until all are there; then
// each tree is written by itself: a line of the sequence, or a piece of the document. Memory holds
// the ids and one tree; of a document also its vertices, which are one table at its end.
#include "export/city/cityjson.h"

#include <math.h>
#include <string.h>

#include "base/jsonw.h"
#include "base/mem.h"
#include "export/city/spool.h"
#include "geo/crs.h"

#define NOBODY CT_CITYOUT__NOBODY

typedef struct city {
    char *path;
    char uri[128]; // of the reference system
    char *title;   // NULL = none
    bool sequence;
    ct_cityout__spool spool;
    ct_cityout__shapes shapes;
    ct_cityout__materials materials;
    ct_buf record, json, text; // text: of the tree at work
    int64_t min[3], max[3];    // of all points
    FILE *file;
    ct_cityout__points points; // of the tree at work; of all in a document
} city;

// ---- features in --------------------------------------------------------------------------------

// The height of a shape without heights: the feature's own, else the foot of its body.
static double height_of(const ct_feature *f) {
    static const char *const attrs[] = {"base_m", "elevation_m", "ground_m", "level_m"};
    ct_box3 box;
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
        const double z = ct_feature_number(f, attrs[i], NAN);
        if (isfinite(z)) return z;
    }
    return f->body && ct_body_box(&box, f->body) ? box.min[2] : 0;
}

static void add_to_box(city *c) {
    for (size_t i = 0; i < c->shapes.points.n; i++)
        for (int k = 0; k < 3; k++) {
            const int64_t at = c->shapes.points.all[i].at[k];
            if (at < c->min[k]) c->min[k] = at;
            if (at > c->max[k]) c->max[k] = at;
        }
}

static ct_err put(void *state, const ct_feature *f) {
    city *c = state;
    ct_cityout__type type;
    ct_cityout__type_of(&type, f);
    ct_cityout__shapes_reset(&c->shapes);
    CT_TRY(ct_cityout__add_geom(&c->shapes, &f->geom, height_of(f), type.surfaces));
    const size_t own = c->shapes.n_geometries;
    if (f->body)
        CT_TRY(
            ct_cityout__add_body(&c->shapes, &c->materials, f->body, type.solids, type.surfaces));
    ct_cityout__set_lods(&c->shapes, own, ct_cityout__property(f, "geometry", "lods"));
    add_to_box(c);
    ct_buf_reset(&c->json);
    ct_cityout__attributes(&c->json, f, &c->shapes, own > 0);
    CT_TRY(ct_cityout__record(&c->record, &type, &c->json, &c->shapes));
    return ct_cityout__spool_put(&c->spool, f->id, type.parent, &c->record);
}

static ct_err begin_class(void *state, const ct_class *cls) {
    (void)state;
    (void)cls;
    return CT_OK;
}

// ---- text out -----------------------------------------------------------------------------------

static ct_err write_bytes(const city *c, FILE *file, const ct_buf *bytes) {
    CT_TRY(ct_buf_status(bytes));
    if (bytes->len && fwrite(bytes->data, 1, bytes->len, file) != bytes->len)
        return ct_cityout__failed(c->path);
    return CT_OK;
}

// Whole metres below all points; 0 where there are none.
static int64_t origin(const city *c, int k) {
    const int64_t metre = CT_CITYOUT__STEPS_A_METRE;
    if (c->min[k] > c->max[k]) return 0;
    const int64_t down = c->min[k] % metre < 0 ? metre + c->min[k] % metre : c->min[k] % metre;
    return (c->min[k] - down) / metre;
}

static void write_transform(ct_jsonw *w, const city *c) {
    ct_jsonw_key(w, "transform");
    ct_jsonw_object(w);
    ct_jsonw_key(w, "scale");
    ct_jsonw_array(w);
    for (int k = 0; k < 3; k++) ct_jsonw_fixed(w, CT_CITYOUT__STEP_M, 5);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "translate");
    ct_jsonw_array(w);
    for (int k = 0; k < 3; k++) ct_jsonw_int(w, origin(c, k));
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
}

static void write_metadata(ct_jsonw *w, const city *c) {
    ct_jsonw_key(w, "metadata");
    ct_jsonw_object(w);
    if (c->min[0] <= c->max[0]) {
        ct_jsonw_key(w, "geographicalExtent");
        ct_jsonw_array(w);
        for (int k = 0; k < 6; k++)
            ct_jsonw_fixed(w, (double)(k < 3 ? c->min[k] : c->max[k - 3]) * CT_CITYOUT__STEP_M, 5);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_kv_string(w, "referenceSystem", c->uri);
    if (c->title) ct_jsonw_kv_string(w, "title", c->title);
    ct_jsonw_end_object(w);
}

static void write_appearance(ct_jsonw *w, const city *c) {
    if (c->materials.n == 0) return;
    ct_jsonw_key(w, "appearance");
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "default-theme-material", "visual");
    ct_jsonw_key(w, "materials");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->materials.n; i++) {
        const ct_material *m = &c->materials.all[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", m->name);
        ct_jsonw_key(w, "diffuseColor");
        ct_jsonw_array(w);
        for (int k = 0; k < 3; k++) ct_jsonw_double(w, (double)m->rgba[k]);
        ct_jsonw_end_array(w);
        if (m->rgba[3] < 1) ct_jsonw_kv_double(w, "transparency", 1 - (double)m->rgba[3]);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
}

// Up to the city objects: "CityObjects" is the last key, its value is still to come.
static ct_err write_head(city *c) {
    ct_jsonw w;
    ct_buf_reset(&c->text);
    ct_jsonw_init(&w, &c->text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "type", "CityJSON");
    ct_jsonw_kv_string(&w, "version", "2.0");
    write_transform(&w, c);
    write_metadata(&w, c);
    write_appearance(&w, c);
    ct_jsonw_key(&w, "CityObjects");
    ct_buf_puts(&c->text, c->sequence ? "{},\"vertices\":[]}\n" : "{");
    return write_bytes(c, c->file, &c->text);
}

static void write_ids(ct_jsonw *w, const city *c, const char *key, size_t first, bool siblings) {
    if (first == NOBODY) return;
    ct_jsonw_key(w, key);
    ct_jsonw_array(w);
    for (size_t i = first; i != NOBODY; i = siblings ? c->spool.entries[i].next : NOBODY)
        ct_jsonw_string(w, c->spool.entries[i].id);
    ct_jsonw_end_array(w);
}

static ct_err write_object(city *c, ct_jsonw *w, size_t i) {
    const ct_cityout__entry *e = &c->spool.entries[i];
    ct_cityout__item item;
    CT_TRY(ct_cityout__spool_get(&c->record, &c->spool, i));
    CT_TRY(ct_cityout__item_of(&item, &c->record));
    ct_jsonw_key(w, e->id);
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "type", e->parent == NOBODY ? item.without : item.with);
    ct_jsonw_key(w, "attributes");
    ct_jsonw_raw(w, item.json, item.json_bytes);
    ct_buf_reset(&c->json);
    CT_TRY(ct_cityout__write_geometries(&c->json, &c->points, &item));
    ct_jsonw_key(w, "geometry");
    ct_jsonw_raw(w, c->json.data, c->json.len);
    write_ids(w, c, "parents", e->parent, false);
    write_ids(w, c, "children", e->child, true);
    ct_jsonw_end_object(w);
    return CT_OK;
}

static size_t next_in_tree(const city *c, size_t i, size_t root) {
    const ct_cityout__entry *all = c->spool.entries;
    if (all[i].child != NOBODY) return all[i].child;
    while (i != root && all[i].next == NOBODY) i = all[i].parent;
    return i == root ? NOBODY : all[i].next;
}

static void write_vertices(ct_jsonw *w, const city *c, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        ct_jsonw_array(w);
        for (int k = 0; k < 3; k++)
            ct_jsonw_int(w, c->points.all[i].at[k] - origin(c, k) * CT_CITYOUT__STEPS_A_METRE);
        ct_jsonw_end_array(w);
    }
}

static ct_err write_tree(city *c, ct_jsonw *w, size_t root) {
    ct_jsonw_object(w);
    for (size_t i = root; i != NOBODY; i = next_in_tree(c, i, root)) CT_TRY(write_object(c, w, i));
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_line(city *c, size_t root) {
    ct_jsonw w;
    ct_cityout__points_reset(&c->points);
    ct_buf_reset(&c->text);
    ct_jsonw_init(&w, &c->text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "type", "CityJSONFeature");
    ct_jsonw_kv_string(&w, "id", c->spool.entries[root].id);
    ct_jsonw_key(&w, "CityObjects");
    CT_TRY(write_tree(c, &w, root));
    ct_jsonw_key(&w, "vertices");
    ct_jsonw_array(&w);
    write_vertices(&w, c, 0, c->points.n);
    ct_jsonw_end_array(&w);
    ct_jsonw_end_object(&w);
    ct_buf_putc(&c->text, '\n');
    return write_bytes(c, c->file, &c->text);
}

// The text without the braces or brackets about it, after what is there.
static ct_err write_inside(city *c, bool first) {
    CT_TRY(ct_buf_status(&c->text));
    c->text.data[0] = first ? '\n' : ',';
    c->text.data[c->text.len - 1] = '\n';
    return write_bytes(c, c->file, &c->text);
}

// The tree's objects among those of the document.
static ct_err write_piece(city *c, size_t root, bool first) {
    ct_jsonw w;
    ct_buf_reset(&c->text);
    ct_jsonw_init(&w, &c->text);
    CT_TRY(write_tree(c, &w, root));
    return write_inside(c, first);
}

// The document's vertices, some at a time, and its end.
static ct_err write_end(city *c) {
    enum { SOME = 10000 };
    size_t done = 0;
    ct_buf_reset(&c->text);
    ct_buf_puts(&c->text, "},\"vertices\":[\n");
    CT_TRY(write_bytes(c, c->file, &c->text));
    while (done < c->points.n) {
        const size_t end = c->points.n - done > SOME ? done + SOME : c->points.n;
        ct_jsonw w;
        ct_buf_reset(&c->text);
        ct_jsonw_init(&w, &c->text);
        ct_jsonw_array(&w);
        write_vertices(&w, c, done, end);
        ct_jsonw_end_array(&w);
        CT_TRY(write_inside(c, done == 0));
        done = end;
    }
    ct_buf_reset(&c->text);
    ct_buf_puts(&c->text, "]}\n");
    return write_bytes(c, c->file, &c->text);
}

static ct_err write_all(city *c) {
    bool first = true;
    ct_cityout__spool_link(&c->spool);
    CT_TRY(write_head(c));
    for (size_t i = 0; i < c->spool.n; i++) {
        if (c->spool.entries[i].parent != NOBODY) continue;
        CT_TRY(ct_context(c->sequence ? write_line(c, i) : write_piece(c, i, first), "%s",
                          c->spool.entries[i].id));
        first = false;
    }
    if (!c->sequence) CT_TRY(write_end(c));
    return fflush(c->file) == 0 ? CT_OK : ct_cityout__failed(c->path);
}

// ---- the file -----------------------------------------------------------------------------------

static ct_err end(void *state, bool whole) {
    city *c = state;
    ct_err err = whole ? write_all(c) : CT_OK;
    if (c->file && fclose(c->file) != 0 && err == CT_OK) err = ct_cityout__failed(c->path);
    ct_cityout__spool_fini(&c->spool);
    ct_cityout__shapes_fini(&c->shapes);
    ct_cityout__materials_fini(&c->materials);
    ct_cityout__points_fini(&c->points);
    ct_buf_fini(&c->record);
    ct_buf_fini(&c->json);
    ct_buf_fini(&c->text);
    ct_free(c->path);
    ct_free(c->title);
    ct_free(c);
    return err;
}

// "https://www.opengis.net/def/crs/EPSG/0/4547", as CityJSON has it.
static ct_err name_crs(city *c, const char *code) {
    ct_crs_info info;
    CT_TRY(ct_crs_describe(&info, code));
    const char *rest = strstr(info.uri, "://");
    (void)snprintf(c->uri, sizeof c->uri, "https%s", rest ? rest : "");
    return CT_OK;
}

static ct_err begin(void **state, const char *path, const ct_export_options *options,
                    bool sequence) {
    enum { MOST = 1 << 30 };
    city *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    c->sequence = sequence;
    ct_buf_init(&c->record, MOST);
    ct_buf_init(&c->json, MOST);
    ct_buf_init(&c->text, MOST);
    for (int k = 0; k < 3; k++) {
        c->min[k] = INT64_MAX;
        c->max[k] = INT64_MIN;
    }
    *state = c;
    c->path = ct_strdup(path);
    if (options->title && *options->title) c->title = ct_strdup(options->title);
    if (!c->path || (options->title && *options->title && !c->title)) return CT_NOMEM;
    CT_TRY(name_crs(c, options->twin_crs));
    CT_TRY(ct_cityout__shapes_init(&c->shapes));
    CT_TRY(ct_cityout__materials_init(&c->materials));
    CT_TRY(ct_cityout__spool_init(&c->spool, path));
    c->file = fopen(path, "wbe");
    return c->file ? CT_OK : ct_cityout__failed(path);
}

static ct_err begin_document(void **state, const char *path, const ct_export_options *options) {
    return begin(state, path, options, false);
}

static ct_err begin_sequence(void **state, const char *path, const ct_export_options *options) {
    return begin(state, path, options, true);
}

const ct_export__format ct_export__cityjson = {
    .extension = ".city.json",
    .takes_properties = true,
    .takes_bodies = true,
    .begin = begin_document,
    .begin_class = begin_class,
    .put = put,
    .end = end,
};

const ct_export__format ct_export__cityjsonseq = {
    .extension = ".city.jsonl",
    .takes_properties = true,
    .takes_bodies = true,
    .begin = begin_sequence,
    .begin_class = begin_class,
    .put = put,
    .end = end,
};
