// The room of meshoptimizer: what its calls need fits into what is taken for them, whatever the
// mesh, and a lack of memory is told before a call.
#include "cmk.h"

#include <meshoptimizer.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tiles/three_d/glb.h"
#include "tiles/three_d/mesh_room.h"

#define ok(expression) assert_string_equal(ct_err_name(expression), "OK")

static const ct_tiles__glb_feature feature = {1, "b", "building", "", ""};

// Triangles that share no corner, of one colour: every corner is a vertex of its own.
static void pack_soup(size_t triangles) {
    ct_tiles__glb *g = ct_tiles__glb_new();
    assert_non_null(g);
    ok(ct_tiles__glb_feature_begin(g, &feature));
    for (size_t i = 0; i < triangles; i++) {
        const double x = (double)(i % 150), y = (double)(i / 150);
        const double p[9] = {x, y, 0, x + 0.9, y, 0.3, x, y + 0.9, 0.7};
        ok(ct_tiles__glb_triangle(g, p, NULL, false, 0xffffffffU));
    }
    for (int compress = 0; compress < 2; compress++) {
        ct_buf out;
        ct_buf_init(&out, 1 << 28);
        ok(ct_tiles__glb_write(&out, g, compress));
        ct_buf_fini(&out);
    }
    ct_tiles__glb_free(g);
}

static void packing_fits(void **state) {
    // the third and the fifth: the table of corners is as large as it can be beside them
    static const size_t sizes[] = {1, 2, 1093, 1092, 17477, 20000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) pack_soup(sizes[i]);
    assert_int_equal(ct_tiles__mesh_room_missed(), 0);
}

// `joined`: a net of squares; else triangles of corners drawn at random.
static void simplify(size_t side, bool joined) {
    const size_t points = side * side, n = 6 * (side - 1) * (side - 1);
    float *xyz = calloc(3 * points, sizeof *xyz), moved = 0;
    unsigned *in = calloc(n, sizeof *in), *out = calloc(n, sizeof *out);
    assert_true(xyz && in && out);
    for (size_t i = 0; i < points; i++) {
        xyz[3 * i] = (float)(i % side);
        xyz[3 * i + 1] = (float)(i / side);
        xyz[3 * i + 2] = (float)(ct_rng_u64(1, i, 0, 0) % 100) * 0.01F;
    }
    for (size_t i = 0; i < n; i++) {
        static const unsigned right[6] = {0, 1, 0, 1, 1, 0}, up[6] = {0, 0, 1, 0, 1, 1};
        const size_t square = i / 6, row = square / (side - 1), column = square % (side - 1);
        in[i] = joined ? (unsigned)((row + up[i % 6]) * side + column + right[i % 6])
                       : (unsigned)(ct_rng_u64(2, i, 0, 0) % points);
    }
    ok(ct_tiles__mesh_room_open(ct_tiles__mesh_room_simplify(points, n)));
    (void)meshopt_simplify(out, in, n, xyz, points, 3 * sizeof(float), n / 5, 0.5F, 0, &moved);
    ct_tiles__mesh_room_close();
    free(xyz);
    free(in);
    free(out);
}

static void simplifying_fits(void **state) {
    (void)state;
    // 29 and 115: the tables of points are as large as they can be beside them
    static const size_t sides[] = {2, 3, 29, 58, 115, 150};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        for (int joined = 0; joined < 2; joined++) simplify(sides[i], joined);
    assert_int_equal(ct_tiles__mesh_room_missed(), 0);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    ct_mem_fail_at(1, false);
    const ct_err err = ct_tiles__mesh_room_open(ct_tiles__mesh_room_pack(1000));
    ct_mem_fail_at(0, false);
    assert_int_equal(err, CT_NOMEM);
    ct_tiles__mesh_room_close(); // nothing is open
    ok(ct_tiles__mesh_room_open(0));
    ct_tiles__mesh_room_close();
}

// What does not fit is seen.
static void a_room_too_small(void **state) {
    const unsigned in[3] = {0, 1, 2};
    unsigned out[3];
    (void)state;
    ok(ct_tiles__mesh_room_open(16));
    meshopt_optimizeVertexCache(out, in, 3, 3);
    ct_tiles__mesh_room_close();
    assert_true(ct_tiles__mesh_room_missed() > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packing_fits), cmocka_unit_test(simplifying_fits),
        cmocka_unit_test(lack_of_memory_is_told),
        cmocka_unit_test(a_room_too_small), // last: it counts what the others must not meet
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
