// The packed R-tree finds what a look at every box finds.
#include <math.h>

#include "cmk.h"
#include "geo_fixture.h"

#include "geo/rtree.h"

static bool meet(const ct_box3 *a, const ct_box3 *b) {
    for (int k = 0; k < 3; k++)
        if (a->min[k] > b->max[k] || a->max[k] < b->min[k]) return false;
    return true;
}

static double part(uint32_t *seed) { // 0 to 1
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

static ct_box3 some_box(uint32_t *seed, double size) {
    ct_box3 b;
    for (int k = 0; k < 3; k++) {
        b.min[k] = 100 * part(seed);
        b.max[k] = b.min[k] + size * part(seed);
    }
    return b;
}

static void finds_what_all_boxes_tell(void **state) {
    (void)state;
    enum { MOST = 1000 };
    static ct_box3 boxes[MOST];
    static const uint32_t sizes[] = {0, 1, 7, 8, 9, 64, 65, MOST};
    uint32_t seed = 7;
    for (size_t t = 0; t < sizeof sizes / sizeof *sizes; t++) {
        ct_arena *arena = ct_arena_new(1 << 16, 0);
        ct_rtree *tree;
        for (uint32_t i = 0; i < sizes[t]; i++) boxes[i] = some_box(&seed, 10);
        assert_int_equal(ct_rtree_make(&tree, arena, boxes, sizes[t]), CT_OK);
        for (int q = 0; q < 50; q++) {
            const ct_box3 asked = some_box(&seed, 30);
            ct_rtree_hits hits;
            uint32_t n = 0;
            assert_int_equal(ct_rtree_find(&hits, arena, tree, &asked), CT_OK);
            for (uint32_t i = 0; i < sizes[t]; i++)
                if (meet(&boxes[i], &asked)) {
                    assert_true(n < hits.n);
                    assert_int_equal(hits.at[n++], i);
                }
            assert_int_equal(n, hits.n);
        }
        ct_arena_free(arena);
    }
}

static void passes_over_what_is_no_box(void **state) {
    (void)state;
    const ct_box3 boxes[] = {{{0, 0, 0}, {1, 1, 1}},
                             {{NAN, 0, 0}, {1, 1, 1}},
                             {{1, 0, 0}, {0, 1, 1}},
                             {{1, 1, 1}, {2, 2, 2}}};
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_rtree *tree;
    ct_rtree_hits hits;
    assert_int_equal(ct_rtree_make(&tree, arena, boxes, 4), CT_OK);
    const ct_box3 corner = {{1, 1, 1}, {1, 1, 1}}; // both touch it
    assert_int_equal(ct_rtree_find(&hits, arena, tree, &corner), CT_OK);
    assert_int_equal(hits.n, 2);
    assert_int_equal(hits.at[0], 0);
    assert_int_equal(hits.at[1], 3);
    ct_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_all_boxes_tell),
        cmocka_unit_test(passes_over_what_is_no_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
