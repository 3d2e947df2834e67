// The file: header, JSON, and the binary chunk (glTF 2.0, section 4.4). Of a packed file the views
// of corners and indices lie in the binary chunk as EXT_meshopt_compression encodes them, and in a
// second buffer without bytes as they are when decoded.
#include <math.h>
#include <meshoptimizer.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/jsonw.h"
#include "base/mem.h"
#include "tiles/three_d/glb_private.h"

enum { MAX_BYTES = 1 << 30, ARRAY_BUFFER = 34962, ELEMENT_BUFFER = 34963 };
enum { SHORT = 5122, BYTE = 5120, USHORT = 5123, UINT = 5125 };
enum { COLUMNS = 5, STRIDE_POSITION = 8, STRIDE_NORMAL = 4, STRIDE_ID = 4 };

typedef struct view {
    size_t offset, length;     // in the binary chunk
    size_t plain, count;       // offset among the decoded bytes; elements
    int stride;                // 0: bytes
    int target;                // 0: none
    const char *mode, *filter; // of the packing; NULL: plain
} view;

typedef struct file {
    const ct_tiles__glb *glb;
    const ct_tiles__packed *packed;
    bool compress;
    int index_bytes;
    ct_buf bin;
    view *views;
    size_t n_views, view_room;
    size_t plain_bytes;
    size_t n_tables;
    ct_jsonw w;
} file;

static pthread_once_t g_once = PTHREAD_ONCE_INIT;

static void choose_versions(void) { // that EXT_meshopt_compression knows
    meshopt_encodeIndexVersion(1);
    meshopt_encodeVertexVersion(0);
}

static void align(ct_buf *b, char fill) {
    while (b->len % 8 && !b->err) ct_buf_putc(b, fill);
}

static ct_err add_view(view **out, file *f) {
    CT_TRY(ct_grow(&f->views, &f->view_room, f->n_views + 1, sizeof *f->views));
    align(&f->bin, 0);
    *out = &f->views[f->n_views++];
    **out = (view){.offset = f->bin.len};
    return ct_buf_status(&f->bin);
}

// ---- corners and indices
// --------------------------------------------------------------------------
static ct_err pack_into(ct_buf *bin, size_t bound, const void *data, size_t count, int stride,
                        bool triangles) {
    unsigned char *to = (unsigned char *)ct_buf_reserve(bin, bound);
    if (!to) return ct_buf_status(bin);
    const size_t n = triangles ? meshopt_encodeIndexBuffer(to, bound, data, count)
                               : meshopt_encodeVertexBuffer(to, bound, data, count, (size_t)stride);
    if (!n) return ct_fail(CT_LIMIT, "a tile cannot be packed");
    bin->len += n;
    return CT_OK;
}

// `bytes`: the elements, each `stride` long.
static ct_err put_corners(file *f, const void *bytes, int stride, const char *filter) {
    view *v = NULL;
    CT_TRY(add_view(&v, f));
    v->stride = stride;
    v->count = f->packed->n_vertices;
    v->target = ARRAY_BUFFER;
    v->plain = f->plain_bytes;
    if (f->compress) {
        v->mode = "ATTRIBUTES";
        v->filter = filter;
        const size_t bound = meshopt_encodeVertexBufferBound(v->count, (size_t)stride);
        CT_TRY(pack_into(&f->bin, bound, bytes, v->count, stride, false));
        f->plain_bytes += (v->count * (size_t)stride + 7) / 8 * 8;
    } else {
        ct_buf_put(&f->bin, bytes, v->count * (size_t)stride);
    }
    v->length = f->bin.len - v->offset;
    return ct_buf_status(&f->bin);
}

static ct_err put_indices(file *f) {
    view *v = NULL;
    CT_TRY(add_view(&v, f));
    v->count = f->packed->n_indices;
    v->target = ELEMENT_BUFFER;
    v->plain = f->plain_bytes;
    if (f->compress) {
        v->stride = f->index_bytes;
        v->mode = "TRIANGLES";
        const size_t bound = meshopt_encodeIndexBufferBound(v->count, f->packed->n_vertices);
        CT_TRY(pack_into(&f->bin, bound, f->packed->indices, v->count, 0, true));
        f->plain_bytes += (v->count * (size_t)f->index_bytes + 7) / 8 * 8;
    } else {
        for (size_t i = 0; i < v->count; i++)
            ct_buf_put(&f->bin, &f->packed->indices[i], (size_t)f->index_bytes); // little-endian
    }
    v->length = f->bin.len - v->offset;
    return ct_buf_status(&f->bin);
}

static void plain_normals(int8_t *out, const ct_tiles__packed *p) {
    for (size_t i = 0; i < p->n_vertices; i++) memcpy(out + 4 * i, p->vertices[i].normal, 4);
}

static ct_err filtered_normals(int8_t *out, const ct_tiles__packed *p) {
    float *n = ct_alloc((4 * p->n_vertices + 1) * sizeof *n);
    if (!n) return CT_NOMEM;
    for (size_t i = 0; i < p->n_vertices; i++) {
        const int8_t *b = p->vertices[i].normal;
        const double length = sqrt((double)b[0] * b[0] + (double)b[1] * b[1] + (double)b[2] * b[2]);
        for (int k = 0; k < 3; k++)
            n[4 * i + (size_t)k] = (float)(b[k] / (length > 0 ? length : 1));
        n[4 * i + 3] = 0;
    }
    meshopt_encodeFilterOct(out, p->n_vertices, STRIDE_NORMAL, 8, n);
    ct_free(n);
    return CT_OK;
}

static ct_err put_mesh(file *f) {
    const ct_tiles__packed *p = f->packed;
    char *scratch = ct_alloc(8 * p->n_vertices + 1);
    if (!scratch) return CT_NOMEM;
    for (size_t i = 0; i < p->n_vertices; i++)
        memcpy(scratch + 8 * i, p->vertices[i].position, STRIDE_POSITION);
    ct_err err = put_corners(f, scratch, STRIDE_POSITION, NULL);
    if (err == CT_OK && f->compress)
        err = filtered_normals((int8_t *)scratch, p);
    else if (err == CT_OK)
        plain_normals((int8_t *)scratch, p);
    if (err == CT_OK) err = put_corners(f, scratch, STRIDE_NORMAL, "OCTAHEDRAL");
    for (size_t i = 0; i < p->n_vertices; i++)
        memcpy(scratch + 4 * i, p->vertices[i].id, STRIDE_ID);
    if (err == CT_OK) err = put_corners(f, scratch, STRIDE_ID, NULL);
    ct_free(scratch);
    return err == CT_OK ? put_indices(f) : err;
}

// ---- the table of features
// --------------------------------------------------------------------------
static const char *const column_names[COLUMNS] = {"fid", "id", "class", "name", "storey"};

static const char *cell(const ct_tiles__glb_feature *f, int column) {
    const char *const texts[COLUMNS] = {NULL, f->id, f->cls, f->name, f->storey};
    return texts[column];
}

static size_t rows_of(const file *f, size_t table) {
    const size_t first = table * CT_TILES__GLB_ROWS, left = f->glb->n_features - first;
    return left < CT_TILES__GLB_ROWS ? left : CT_TILES__GLB_ROWS;
}

// A column of texts is two views: the bytes one after the other, then where each begins.
static ct_err put_texts(file *f, const ct_tiles__glb_feature *rows, size_t n, int column) {
    view *v = NULL;
    CT_TRY(add_view(&v, f));
    for (size_t i = 0; i < n; i++) ct_buf_puts(&f->bin, cell(&rows[i], column));
    if (f->bin.len == v->offset) ct_buf_putc(&f->bin, 0); // a view has bytes
    v->length = f->bin.len - v->offset;
    CT_TRY(add_view(&v, f));
    uint32_t at = 0;
    for (size_t i = 0; i <= n; i++) {
        ct_buf_put_u32le(&f->bin, at);
        if (i < n) at += (uint32_t)strlen(cell(&rows[i], column));
    }
    v->length = f->bin.len - v->offset;
    return ct_buf_status(&f->bin);
}

static ct_err put_table(file *f, size_t table) {
    const ct_tiles__glb_feature *rows = f->glb->features + table * CT_TILES__GLB_ROWS;
    const size_t n = rows_of(f, table);
    view *v = NULL;
    CT_TRY(add_view(&v, f));
    for (size_t i = 0; i < n; i++) {
        ct_buf_put_u32le(&f->bin, (uint32_t)((uint64_t)rows[i].fid & UINT32_MAX));
        ct_buf_put_u32le(&f->bin, (uint32_t)((uint64_t)rows[i].fid >> 32));
    }
    v->length = f->bin.len - v->offset;
    for (int c = 1; c < COLUMNS; c++) CT_TRY(put_texts(f, rows, n, c));
    return ct_buf_status(&f->bin);
}

static void write_metadata(file *f) {
    ct_jsonw *w = &f->w;
    ct_jsonw_key(w, "EXT_structural_metadata");
    ct_jsonw_object(w);
    static const char schema[] =
        "{\"id\":\"cimtwin\",\"classes\":{\"feature\":{\"properties\":{"
        "\"fid\":{\"type\":\"SCALAR\",\"componentType\":\"INT64\",\"required\":true},"
        "\"id\":{\"type\":\"STRING\",\"required\":true},"
        "\"class\":{\"type\":\"STRING\",\"required\":true},"
        "\"name\":{\"type\":\"STRING\",\"required\":true},"
        "\"storey\":{\"type\":\"STRING\",\"required\":true}}}}}";
    ct_jsonw_key(w, "schema");
    ct_jsonw_raw(w, schema, sizeof schema - 1);
    ct_jsonw_key(w, "propertyTables");
    ct_jsonw_array(w);
    int64_t at = (int64_t)(f->n_views - f->n_tables * (1 + 2 * (COLUMNS - 1)));
    for (size_t t = 0; t < f->n_tables; t++) {
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "class", "feature");
        ct_jsonw_kv_int(w, "count", (int64_t)rows_of(f, t));
        ct_jsonw_key(w, "properties");
        ct_jsonw_object(w);
        for (int c = 0; c < COLUMNS; c++) {
            ct_jsonw_key(w, column_names[c]);
            ct_jsonw_object(w);
            ct_jsonw_kv_int(w, "values", at++);
            if (c > 0) ct_jsonw_kv_int(w, "stringOffsets", at++);
            ct_jsonw_end_object(w);
        }
        ct_jsonw_end_object(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
}

// ---- JSON
// -------------------------------------------------------------------------------------------
static double linear(uint32_t byte) { // IEC 61966-2-1
    const double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

// Primitives come by table, then by colour: a colour's material is that of its first primitive.
static size_t first_of_colour(const ct_tiles__packed *p, size_t i) {
    size_t first = 0;
    while (p->primitives[first].rgba != p->primitives[i].rgba) first++;
    return first;
}

static size_t material_of(const ct_tiles__packed *p, size_t i) {
    const size_t first = first_of_colour(p, i);
    size_t material = 0;
    for (size_t k = 0; k < first; k++) material += first_of_colour(p, k) == k;
    return material;
}

static void write_material(ct_jsonw *w, uint32_t rgba) {
    const double alpha = (rgba >> 24) / 255.0;
    ct_jsonw_object(w);
    ct_jsonw_key(w, "pbrMetallicRoughness");
    ct_jsonw_object(w);
    ct_jsonw_key(w, "baseColorFactor");
    ct_jsonw_array(w);
    for (int shift = 0; shift < 24; shift += 8) ct_jsonw_fixed(w, linear(rgba >> shift & 255), 4);
    ct_jsonw_fixed(w, alpha, 4);
    ct_jsonw_end_array(w);
    ct_jsonw_kv_int(w, "metallicFactor", 0);
    ct_jsonw_end_object(w);
    if (alpha < 1) ct_jsonw_kv_string(w, "alphaMode", "BLEND");
    ct_jsonw_kv_bool(w, "doubleSided", true);
    ct_jsonw_end_object(w);
}

static void write_accessor(ct_jsonw *w, int of, size_t offset, int type, bool normalised,
                           size_t count, const char *shape, const ct_tiles__primitive *bounds) {
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "bufferView", of);
    ct_jsonw_kv_int(w, "byteOffset", (int64_t)offset);
    ct_jsonw_kv_int(w, "componentType", type);
    if (normalised) ct_jsonw_kv_bool(w, "normalized", true);
    ct_jsonw_kv_int(w, "count", (int64_t)count);
    ct_jsonw_kv_string(w, "type", shape);
    for (int end = 0; bounds && end < 2; end++) {
        ct_jsonw_key(w, end ? "max" : "min");
        ct_jsonw_array(w);
        for (int i = 0; i < 3; i++) ct_jsonw_int(w, end ? bounds->max[i] : bounds->min[i]);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
}

static void write_accessors(file *f) {
    ct_jsonw_key(&f->w, "accessors");
    ct_jsonw_array(&f->w);
    for (size_t i = 0; i < f->packed->n_primitives; i++) {
        const ct_tiles__primitive *p = &f->packed->primitives[i];
        const size_t v = p->first_vertex, n = p->n_vertices;
        write_accessor(&f->w, 0, v * STRIDE_POSITION, SHORT, false, n, "VEC3", p);
        write_accessor(&f->w, 1, v * STRIDE_NORMAL, BYTE, true, n, "VEC3", NULL);
        write_accessor(&f->w, 2, v * STRIDE_ID, USHORT, false, n, "SCALAR", NULL);
        write_accessor(&f->w, 3, p->first_index * (size_t)f->index_bytes,
                       f->index_bytes == 2 ? USHORT : UINT, false, p->n_indices, "SCALAR", NULL);
    }
    ct_jsonw_end_array(&f->w);
}

static void write_primitive(file *f, size_t i) {
    static const char *const names[] = {"POSITION", "NORMAL", "_FEATURE_ID_0"};
    const ct_tiles__primitive *p = &f->packed->primitives[i];
    ct_jsonw *w = &f->w;
    ct_jsonw_object(w);
    ct_jsonw_key(w, "attributes");
    ct_jsonw_object(w);
    for (int k = 0; k < 3; k++) ct_jsonw_kv_int(w, names[k], (int64_t)(4 * i) + k);
    ct_jsonw_end_object(w);
    ct_jsonw_kv_int(w, "indices", (int64_t)(4 * i + 3));
    ct_jsonw_kv_int(w, "material", (int64_t)material_of(f->packed, i));
    char ids[160];
    const int n = snprintf(ids, sizeof ids,
                           "{\"EXT_mesh_features\":{\"featureIds\":[{\"featureCount\":%zu,"
                           "\"attribute\":0,\"propertyTable\":%u}]}}",
                           rows_of(f, p->table), p->table);
    ct_jsonw_key(w, "extensions");
    ct_jsonw_raw(w, ids, (size_t)n);
    ct_jsonw_end_object(w);
}

static void write_view(file *f, const view *v) {
    ct_jsonw *w = &f->w;
    const bool packed = v->mode != NULL;
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "buffer", packed);
    ct_jsonw_kv_int(w, "byteOffset", (int64_t)(packed ? v->plain : v->offset));
    ct_jsonw_kv_int(w, "byteLength", (int64_t)(packed ? v->count * (size_t)v->stride : v->length));
    if (v->target == ARRAY_BUFFER) ct_jsonw_kv_int(w, "byteStride", v->stride);
    if (v->target) ct_jsonw_kv_int(w, "target", v->target);
    if (packed) {
        ct_jsonw_key(w, "extensions");
        ct_jsonw_object(w);
        ct_jsonw_key(w, "EXT_meshopt_compression");
        ct_jsonw_object(w);
        ct_jsonw_kv_int(w, "buffer", 0);
        ct_jsonw_kv_int(w, "byteOffset", (int64_t)v->offset);
        ct_jsonw_kv_int(w, "byteLength", (int64_t)v->length);
        ct_jsonw_kv_int(w, "byteStride", v->stride);
        ct_jsonw_kv_int(w, "count", (int64_t)v->count);
        ct_jsonw_kv_string(w, "mode", v->mode);
        if (v->filter) ct_jsonw_kv_string(w, "filter", v->filter);
        ct_jsonw_end_object(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_object(w);
}

static void write_buffers(file *f) {
    ct_jsonw *w = &f->w;
    ct_jsonw_key(w, "bufferViews");
    ct_jsonw_array(w);
    for (size_t i = 0; i < f->n_views; i++) write_view(f, &f->views[i]);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "buffers");
    ct_jsonw_array(w);
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "byteLength", (int64_t)f->bin.len);
    ct_jsonw_end_object(w);
    if (f->compress) {
        ct_jsonw_object(w);
        ct_jsonw_kv_int(w, "byteLength", (int64_t)f->plain_bytes);
        static const char fallback[] = "{\"EXT_meshopt_compression\":{\"fallback\":true}}";
        ct_jsonw_key(w, "extensions");
        ct_jsonw_raw(w, fallback, sizeof fallback - 1);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static void write_extensions(file *f) {
    static const char *const used[] = {"KHR_mesh_quantization", "EXT_meshopt_compression",
                                       "EXT_mesh_features", "EXT_structural_metadata"};
    for (int required = 0; required < 2; required++) {
        ct_jsonw_key(&f->w, required ? "extensionsRequired" : "extensionsUsed");
        ct_jsonw_array(&f->w);
        for (int i = 0; i < (required ? 2 : 4); i++)
            if (i != 1 || f->compress) ct_jsonw_string(&f->w, used[i]);
        ct_jsonw_end_array(&f->w);
    }
}

static void write_node(file *f) {
    ct_jsonw *w = &f->w;
    ct_jsonw_key(w, "nodes");
    ct_jsonw_array(w);
    ct_jsonw_object(w);
    ct_jsonw_kv_int(w, "mesh", 0);
    ct_jsonw_key(w, "scale");
    ct_jsonw_array(w);
    for (int i = 0; i < 3; i++) ct_jsonw_double(w, f->packed->scale);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "translation");
    ct_jsonw_array(w);
    for (int i = 0; i < 3; i++) ct_jsonw_double(w, f->packed->centre[i]);
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    ct_jsonw_end_array(w);
}

static void write_meshes(file *f) {
    ct_jsonw *w = &f->w;
    ct_jsonw_key(w, "meshes");
    ct_jsonw_array(w);
    ct_jsonw_object(w);
    ct_jsonw_key(w, "primitives");
    ct_jsonw_array(w);
    for (size_t i = 0; i < f->packed->n_primitives; i++) write_primitive(f, i);
    ct_jsonw_end_array(w);
    ct_jsonw_end_object(w);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "materials");
    ct_jsonw_array(w);
    for (size_t i = 0; i < f->packed->n_primitives; i++)
        if (first_of_colour(f->packed, i) == i) write_material(w, f->packed->primitives[i].rgba);
    ct_jsonw_end_array(w);
    write_accessors(f);
}

static void write_json(file *f) {
    static const char asset[] = "{\"version\":\"2.0\",\"generator\":\"cimtwin " CT_VERSION "\"}";
    const bool any = f->packed->n_primitives > 0;
    ct_jsonw_object(&f->w);
    ct_jsonw_key(&f->w, "asset");
    ct_jsonw_raw(&f->w, asset, sizeof asset - 1);
    ct_jsonw_kv_int(&f->w, "scene", 0);
    ct_jsonw_key(&f->w, "scenes");
    ct_jsonw_raw(&f->w, any ? "[{\"nodes\":[0]}]" : "[{}]", any ? 15 : 4);
    if (any) {
        write_node(f);
        write_meshes(f);
        write_buffers(f);
        ct_jsonw_key(&f->w, "extensions");
        ct_jsonw_object(&f->w);
        write_metadata(f);
        ct_jsonw_end_object(&f->w);
        write_extensions(f);
    }
    ct_jsonw_end_object(&f->w);
}

// ---- the whole
// --------------------------------------------------------------------------------------
static ct_err put_binary(file *f) {
    if (!f->packed->n_primitives) return CT_OK;
    f->index_bytes = 2;
    for (size_t i = 0; i < f->packed->n_primitives; i++)
        if (f->packed->primitives[i].n_vertices > 65535) f->index_bytes = 4;
    f->n_tables = (f->glb->n_features + CT_TILES__GLB_ROWS - 1) / CT_TILES__GLB_ROWS;
    CT_TRY(put_mesh(f));
    for (size_t t = 0; t < f->n_tables; t++) CT_TRY(put_table(f, t));
    align(&f->bin, 0);
    return ct_buf_status(&f->bin);
}

static ct_err put_file(ct_buf *out, file *f, ct_buf *json) {
    CT_TRY(put_binary(f));
    ct_jsonw_init(&f->w, json);
    write_json(f);
    // The binary chunk begins 28 bytes behind the JSON: its views then stand on 8 in the file too.
    while (json->len % 8 != 4 && !json->err) ct_buf_putc(json, ' ');
    CT_TRY(ct_buf_status(json));
    const size_t bin = f->bin.len ? 8 + f->bin.len : 0;
    ct_buf_put(out, "glTF", 4);
    ct_buf_put_u32le(out, 2);
    ct_buf_put_u32le(out, (uint32_t)(12 + 8 + json->len + bin));
    ct_buf_put_u32le(out, (uint32_t)json->len);
    ct_buf_put(out, "JSON", 4);
    ct_buf_put(out, json->data, json->len);
    if (bin) {
        ct_buf_put_u32le(out, (uint32_t)f->bin.len);
        ct_buf_put(out, "BIN", 4);
        ct_buf_put(out, f->bin.data, f->bin.len);
    }
    return ct_buf_status(out);
}

ct_err ct_tiles__glb_write(ct_buf *out, const ct_tiles__glb *glb, bool compress) {
    pthread_once(&g_once, choose_versions);
    ct_tiles__packed packed;
    CT_TRY(ct_tiles__glb_pack(&packed, glb));
    file f = {.glb = glb, .packed = &packed, .compress = compress};
    ct_buf json;
    ct_buf_init(&f.bin, MAX_BYTES);
    ct_buf_init(&json, MAX_BYTES);
    const ct_err err = put_file(out, &f, &json);
    ct_buf_fini(&f.bin);
    ct_buf_fini(&json);
    ct_free(f.views);
    ct_tiles__glb_pack_fini(&packed);
    return err;
}
