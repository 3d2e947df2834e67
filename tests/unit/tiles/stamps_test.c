// The quadtree of stamps against a plain list of changes.
#include "base/mem.h"
#include "base/rng.h"
#include "cmk.h"
#include "tiles/stamps.h"
#include "tiles/tiles.h"

enum { CHANGES = 300, QUESTIONS = 4000 };

static double draw(uint32_t n, uint32_t step, double low, double high) {
    return ct_rng_range(low, high, 5, n, step, 2);
}

// A place in a square of 3 km.
static ct_bbox box_of(uint32_t n, double most_m) {
    const double x = 12e6 + draw(n, 0, 0, 3000), y = 3.5e6 + draw(n, 1, 0, 3000);
    return (ct_bbox){x, y, x + draw(n, 2, 0, most_m), y + draw(n, 3, 0, most_m)};
}

static ct_tile tile_of(uint32_t n, uint32_t most_zoom) {
    ct_tile t = {.z = (uint32_t)draw(n, 10, 0, most_zoom + 0.999)};
    const double x = 12e6 + draw(n, 11, -500, 3500), y = 3.5e6 + draw(n, 12, -500, 3500);
    ct_tile_range(t.z, &(ct_bbox){x, y, x, y}, &t.x, &t.y, &t.x, &t.y);
    return t;
}

static int64_t plain_answer(const ct_bbox *boxes, int64_t base, ct_tile tile) {
    const ct_bbox b = ct_tile_bounds_mercator(tile);
    const double buffer = (b.max_x - b.min_x) * CT_TILE_BUFFER / CT_TILE_EXTENT;
    const ct_bbox wide = {b.min_x - buffer, b.min_y - buffer, b.max_x + buffer, b.max_y + buffer};
    int64_t found = base;
    for (int i = 0; i < CHANGES; i++)
        if (ct_bbox_intersects(&boxes[i], &wide)) found = base + 1 + i;
    return found;
}

static void like_a_list(void **state) {
    (void)state;
    ct_bbox boxes[CHANGES];
    ct_tiles__stamps s;
    ct_tiles__stamps_init(&s, 1000);
    assert_int_equal(ct_tiles__stamps_get(&s, tile_of(1, 20)), 1000);
    for (uint32_t i = 0; i < CHANGES; i++) {
        boxes[i] = box_of(i, 60);
        ct_tiles__stamps_touch(&s, &boxes[i], 1001 + i);
    }
    int touched = 0, untouched = 0;
    for (uint32_t n = 0; n < QUESTIONS; n++) {
        const ct_tile tile = tile_of(n, 18);
        const int64_t expected = plain_answer(boxes, 1000, tile);
        assert_int_equal(ct_tiles__stamps_get(&s, tile), expected);
        if (expected > 1000)
            touched++;
        else
            untouched++;
    }
    assert_true(touched > 500 && untouched > 200);
    // Deeper tiles share the stamp of their ancestor.
    const ct_tile deep = tile_of(7, 18);
    const uint32_t up = 22 - CT_TILES__STAMP_ZOOM;
    const ct_tile at22 = {22, deep.x << 4, deep.y << 4};
    const ct_tile at18 = {CT_TILES__STAMP_ZOOM, at22.x >> up, at22.y >> up};
    assert_int_equal(ct_tiles__stamps_get(&s, at22), ct_tiles__stamps_get(&s, at18));
    ct_tiles__stamps_fini(&s);
}

static void large_boxes(void **state) { // may count for too many tiles, never for too few
    (void)state;
    ct_bbox boxes[CHANGES];
    ct_tiles__stamps s;
    ct_tiles__stamps_init(&s, 5);
    for (uint32_t i = 0; i < CHANGES; i++) {
        boxes[i] = box_of(i, i % 10 == 0 ? 2e6 : 3000);
        ct_tiles__stamps_touch(&s, &boxes[i], 6 + i);
    }
    for (uint32_t n = 0; n < QUESTIONS; n++) {
        const ct_tile tile = tile_of(n, 18);
        assert_true(ct_tiles__stamps_get(&s, tile) >= plain_answer(boxes, 5, tile));
    }
    const ct_bbox world = {-CT_MERCATOR_HALF, -CT_MERCATOR_HALF, CT_MERCATOR_HALF,
                           CT_MERCATOR_HALF};
    ct_tiles__stamps_touch(&s, &world, 9999);
    for (uint32_t n = 0; n < 100; n++)
        assert_int_equal(ct_tiles__stamps_get(&s, tile_of(n, 24)), 9999);
    assert_int_equal(ct_tiles__stamps_get(&s, (ct_tile){3, 1, 6}), 9999);
    ct_tiles__stamps_fini(&s);
}

static void everything(void **state) {
    (void)state;
    ct_tiles__stamps s;
    ct_tiles__stamps_init(&s, 1);
    const ct_bbox box = box_of(3, 50);
    ct_tiles__stamps_touch(&s, &box, 2);
    ct_tiles__stamps_all(&s, 3);
    for (uint32_t n = 0; n < 100; n++)
        assert_int_equal(ct_tiles__stamps_get(&s, tile_of(n, 18)), 3);
    ct_tiles__stamps_fini(&s);
}

static void without_memory(void **state) { // all tiles count as changed
    (void)state;
    for (long fail = 1; fail < 4; fail++) {
        ct_tiles__stamps s;
        ct_tiles__stamps_init(&s, 1);
        ct_mem_fail_at(fail, false);
        for (uint32_t i = 0; i < CHANGES; i++) {
            const ct_bbox box = box_of(i, 60);
            ct_tiles__stamps_touch(&s, &box, 2 + i);
        }
        assert_true(ct_mem_failed());
        ct_mem_fail_at(0, false);
        ct_bbox boxes[CHANGES];
        for (uint32_t i = 0; i < CHANGES; i++) boxes[i] = box_of(i, 60);
        for (uint32_t n = 0; n < 500; n++) {
            const ct_tile tile = tile_of(n, 18);
            assert_true(ct_tiles__stamps_get(&s, tile) >= plain_answer(boxes, 1, tile));
        }
        ct_tiles__stamps_fini(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_a_list),
        cmocka_unit_test(large_boxes),
        cmocka_unit_test(everything),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
