// Binary glTF: its structure, packed and plain alike, ids and tables, nothing left of what has no
// size, more features than 16 bits tell apart, and every allocation failing.
#include <meshoptimizer.h>

#include "three_d.h"
#include "tiles/three_d/glb.h"

#define RED  0xff0000ffU
#define BLUE 0x80ff0000U // half transparent

static void triangle(ct_tiles__glb *g, double x, double y, double z, double side, uint32_t rgba) {
    const double p[9] = {x, y, z, x + side, y, z, x, y + side, z};
    ok(ct_tiles__glb_triangle(g, p, NULL, false, rgba));
}

static void begin(ct_tiles__glb *g, int64_t fid, const char *id) {
    const ct_tiles__glb_feature f = {fid, id, "building", "Tower", "s1"};
    ok(ct_tiles__glb_feature_begin(g, &f));
}

static ct_buf written(const ct_tiles__glb *g, bool compress) {
    ct_buf out;
    ct_buf_init(&out, 1 << 26);
    ok(ct_tiles__glb_write(&out, g, compress));
    return out;
}

static const json_t *primitive(const glb *g, size_t i) {
    const json_t *mesh = json_array_get(at(g->json, "meshes"), 0);
    return json_array_get(at(mesh, "primitives"), i);
}

static const json_t *accessor(const glb *g, const json_t *of, const char *name) {
    return json_array_get(at(g->json, "accessors"), (size_t)int_at(of, name));
}

static const json_t *view_of(const glb *g, const json_t *acc) {
    return json_array_get(at(g->json, "bufferViews"), (size_t)int_at(acc, "bufferView"));
}

static void plain_structure(void **state) {
    (void)state;
    ct_tiles__glb *g = ct_tiles__glb_new();
    begin(g, 7, "a");
    triangle(g, 10, 20, 5, 1, RED);
    triangle(g, 10, 20, 5, 0, RED); // without size
    begin(g, 1LL << 40, "b");
    triangle(g, 30, 40, 9, 2, RED);
    triangle(g, 30, 40, 9, 2, BLUE);
    assert_int_equal(ct_tiles__glb_triangles(g), 3);
    ct_buf out = written(g, false);
    glb d = glb_open(out.data, out.len);
    assert_int_equal(json_array_size(at(json_array_get(at(d.json, "meshes"), 0), "primitives")), 2);
    assert_int_equal(rows_of(&d, 0), 2);
    // Colours come in order: blue, then red.
    const json_t *red = primitive(&d, 1);
    const json_t *indices = accessor(&d, red, "indices");
    assert_int_equal(int_at(indices, "count"), 6);
    const json_t *position = accessor(&d, at(red, "attributes"), "POSITION");
    assert_int_equal(int_at(position, "count"), 6);
    assert_int_equal(int_at(position, "componentType"), 5122);
    // A corner of feature b, quantised and back: (32, 40, 9) is (32, 9, -40) in glTF.
    const json_t *node = json_array_get(at(d.json, "nodes"), 0);
    const double scale = json_number_value(json_array_get(at(node, "scale"), 0));
    double low[3], high[3];
    for (size_t i = 0; i < 3; i++) {
        const double t = json_number_value(json_array_get(at(node, "translation"), i));
        low[i] = t + scale * (double)json_integer_value(json_array_get(at(position, "min"), i));
        high[i] = t + scale * (double)json_integer_value(json_array_get(at(position, "max"), i));
    }
    const double want_low[3] = {10, 5, -42}, want_high[3] = {32, 9, -20};
    for (int i = 0; i < 3; i++) {
        assert_near(low[i], want_low[i], scale);
        assert_near(high[i], want_high[i], scale);
    }
    const json_t *ids = accessor(&d, at(red, "attributes"), "_FEATURE_ID_0");
    const uint8_t *at_ids =
        d.binary + int_at(view_of(&d, ids), "byteOffset") + int_at(ids, "byteOffset");
    int sum = 0;
    for (int i = 0; i < 6; i++) sum += at_ids[4 * i];
    assert_int_equal(sum, 3); // three corners of each feature
    const json_t *material =
        json_array_get(at(d.json, "materials"), (size_t)int_at(primitive(&d, 0), "material"));
    assert_string_equal(json_string_value(at(material, "alphaMode")), "BLEND");
    json_decref(d.json);
    ct_buf_fini(&out);
    ct_tiles__glb_free(g);
}

// The packed views decode to just the bytes of the plain ones; normals, which pass a filter,
// nearly.
static void packed_like_plain(void **state) {
    (void)state;
    ct_tiles__glb *g = ct_tiles__glb_new();
    for (int i = 0; i < 50; i++) {
        begin(g, i, "f");
        for (int k = 0; k < 20; k++) triangle(g, 3 * i, 2 * k, i + 0.1 * k, 1 + 0.01 * k, RED);
    }
    ct_buf a = written(g, false), b = written(g, true);
    assert_true(b.len < a.len / 2);
    glb plain = glb_open(a.data, a.len), packed = glb_open(b.data, b.len);
    for (size_t v = 0; v < 4; v++) {
        const json_t *pv = json_array_get(at(plain.json, "bufferViews"), v);
        const json_t *cv = json_array_get(at(packed.json, "bufferViews"), v);
        const json_t *e = at(at(cv, "extensions"), "EXT_meshopt_compression");
        const size_t n = (size_t)int_at(e, "count"), stride = (size_t)int_at(e, "byteStride");
        const uint8_t *from = packed.binary + int_at(e, "byteOffset");
        const size_t length = (size_t)int_at(e, "byteLength");
        assert_int_equal(int_at(pv, "byteLength"), n * stride);
        uint8_t *got = ct_alloc(n * stride);
        const uint8_t *want = plain.binary + int_at(pv, "byteOffset");
        if (v == 3) {
            assert_int_equal(meshopt_decodeIndexBuffer(got, n, stride, from, length), 0);
            for (size_t t = 0; t < n; t += 3) { // each triangle, perhaps turned
                const uint16_t *x = (const uint16_t *)(void *)got + t,
                               *y = (const uint16_t *)(const void *)want + t;
                assert_int_equal(x[0] + x[1] + x[2], y[0] + y[1] + y[2]);
            }
        } else {
            assert_int_equal(meshopt_decodeVertexBuffer(got, n, stride, from, length), 0);
            if (v == 1) meshopt_decodeFilterOct(got, n, stride);
            for (size_t i = 0; i < n * stride; i++)
                assert_true(abs((int8_t)got[i] - (int8_t)want[i]) <= (v == 1 ? 1 : 0));
        }
        ct_free(got);
    }
    json_decref(plain.json);
    json_decref(packed.json);
    ct_buf_fini(&a);
    ct_buf_fini(&b);
    ct_tiles__glb_free(g);
}

static void nothing_inside(void **state) {
    (void)state;
    ct_tiles__glb *g = ct_tiles__glb_new();
    ct_box3 box;
    begin(g, 1, "a");
    assert_false(ct_tiles__glb_box(&box, g));
    ct_buf out = written(g, true);
    glb d = glb_open(out.data, out.len);
    assert_null(json_object_get(d.json, "meshes"));
    assert_null(json_object_get(d.json, "extensionsRequired"));
    json_decref(d.json);
    ct_buf_fini(&out);
    ct_tiles__glb_free(g);
}

static void more_features_than_ids(void **state) {
    (void)state;
    ct_tiles__glb *g = ct_tiles__glb_new();
    for (int i = 0; i < 65540; i++) {
        begin(g, i, "f");
        triangle(g, i % 256, i / 256.0, 0, 1, RED);
    }
    ct_buf out = written(g, true);
    glb d = glb_open(out.data, out.len);
    assert_int_equal(rows_of(&d, 0), 65535);
    assert_int_equal(rows_of(&d, 1), 5);
    const json_t *e = at(at(primitive(&d, 1), "extensions"), "EXT_mesh_features");
    const json_t *ids = json_array_get(at(e, "featureIds"), 0);
    assert_int_equal(int_at(ids, "featureCount"), 5);
    assert_int_equal(int_at(ids, "propertyTable"), 1);
    assert_int_equal(int_at(primitive(&d, 1), "material"), 0);
    // So many corners need indices of 32 bits.
    assert_int_equal(int_at(accessor(&d, primitive(&d, 0), "indices"), "componentType"), 5125);
    json_decref(d.json);
    ct_buf_fini(&out);
    ct_tiles__glb_free(g);
}

static ct_err write_one(void *context) {
    (void)context;
    ct_tiles__glb *g = ct_tiles__glb_new();
    if (!g) return CT_NOMEM;
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    const ct_tiles__glb_feature f = {1, "a", "building", "", ""};
    static const double p[9] = {0, 0, 0, 1, 0, 0, 0, 1, 0};
    ct_err err = ct_tiles__glb_feature_begin(g, &f);
    if (err == CT_OK) err = ct_tiles__glb_triangle(g, p, NULL, false, RED);
    if (err == CT_OK) err = ct_tiles__glb_write(&out, g, true);
    ct_buf_fini(&out);
    ct_tiles__glb_free(g);
    return err;
}

static void without_memory(void **state) {
    (void)state;
    assert_true(fail_each(write_one, NULL) > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_structure), cmocka_unit_test(packed_like_plain),
        cmocka_unit_test(nothing_inside), cmocka_unit_test(more_features_than_ids),
        cmocka_unit_test(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
