// Walls that move while floods run in tiles: beside borders of tiles, through checkpoints, without
// memory.
#include "case.h"

// A dam break along a border of tiles, without a wall; two by two tiles, the last of them thin.
static flood_case dam(flood_variant v) {
    flood_case c = case_new(130, 65, 1);
    for (size_t i = 0; i < c.cells; i++) c.depth[i] = i % 130 < 64 ? 2 : 0.5;
    case_choose(&c, v);
    case_open(&c);
    return c;
}

// All along the dam.
static void set_dam(const flood_case *c, double crest_m) {
    for (size_t row = 0; row < 65; row++) {
        assert_int_equal(ct_flood_set(c->flood, "crest_x", row * 131 + 64, crest_m), CT_OK);
    }
}

static char *save(const flood_case *c) {
    size_t bytes = ct_flood_save_bytes(c->flood);
    char *saved = ct_alloc(bytes);
    assert_non_null(saved);
    assert_int_equal(ct_flood_save(c->flood, saved, bytes), CT_OK);
    return saved;
}

static ct_err load(const flood_case *c, const char *saved) {
    return ct_flood_load(c->flood, saved, ct_flood_save_bytes(c->flood));
}

static void a_wall_moves(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(70, 3, 1);
        for (size_t k = 0; k < c.cells; k++) c.depth[k] = k % 70 < 64 ? 1 : 0;
        for (size_t row = 0; row < 3; row++) c.crest_x[row * 71 + 64] = HUGE_VAL;
        case_choose(&c, variants[i]);
        case_open(&c);
        case_advance(&c, 5);
        assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[64] == 0);
        assert_int_equal(ct_flood_set(c.flood, "crest_x", 64, 0.5), CT_OK);
        case_advance(&c, 6);
        const double *h = ct_flood_get(c.flood, CT_FLOOD_DEPTH);
        assert_true(h[64] > 0);
        double other_rows = h[70 + 69]; // they are behind their walls still
        assert_true(other_rows >= 0 && other_rows < h[64]);
        assert_int_equal(ct_flood_set(c.flood, "crest_x", 64, (double)NAN), CT_OK);
        case_advance(&c, 60);
        assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[69] > 0.5);
        assert_true(case_volume_error(&c) < 1e-7);
        case_free(&c);
    }
}

// Raised or taken away after it was saved, a wall is the old one again.
static void going_back_brings_the_old_walls(void **state) {
    (void)state;
    const double crests_m[2][2] = {{(double)NAN, HUGE_VAL}, {1.5, (double)NAN}}; // before, after
    for (size_t i = 0; i < 2 * VARIANTS; i++) {
        const double *crest_m = crests_m[i % 2];
        flood_case a = dam(variants[i / 2]), b = dam(variants[i / 2]);
        set_dam(&a, crest_m[0]);
        set_dam(&b, crest_m[0]);
        char *saved = save(&a);
        set_dam(&a, crest_m[1]);
        case_advance(&a, 1);
        assert_int_equal(load(&a, saved), CT_OK);
        case_advance(&a, 2);
        case_advance(&b, 2);
        uint64_t expected[2];
        ct_flood_hash(b.flood, expected);
        case_assert_hash(&a, expected);
        ct_free(saved);
        case_free(&a);
        case_free(&b);
    }
}

static void without_memory_nothing_is_loaded(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case a = dam(variants[i]), b = dam(variants[i]);
        set_dam(&a, 1.5);
        case_advance(&a, 1);
        char *saved = save(&a);
        uint64_t before[2], after[2];
        ct_flood_hash(b.flood, before);
        ct_flood_hash(a.flood, after);
        for (int tile = 0; tile <= 4; tile++) { // each failure leaves one more with its room
            ct_mem_fail_at(tile == 0 ? 1 : 2, false);
            ct_err err = load(&b, saved);
            ct_mem_fail_at(0, false);
            assert_int_equal(err, tile < 4 ? CT_NOMEM : CT_OK);
            case_assert_hash(&b, tile < 4 ? before : after);
        }
        ct_free(saved);
        case_free(&a);
        case_free(&b);
    }
}

// Both sides of a border of tiles know a wall or neither does, or water would be lost.
static void without_memory_no_wall_is_set(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case a = dam(variants[i]), b = dam(variants[i]);
        for (int n = 2; n >= 1; n--) { // at the second tile twice
            ct_mem_fail_at(n, false);
            ct_err err = ct_flood_set(a.flood, "crest_x", 5 * 131 + 64, HUGE_VAL);
            ct_mem_fail_at(0, false);
            assert_int_equal(err, CT_NOMEM);
        }
        case_advance(&a, 3);
        case_advance(&b, 3);
        uint64_t expected[2];
        ct_flood_hash(b.flood, expected);
        case_assert_hash(&a, expected);
        assert_true(case_volume_error(&a) < 1e-7);
        case_free(&a);
        case_free(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wall_moves),
        cmocka_unit_test(going_back_brings_the_old_walls),
        cmocka_unit_test(without_memory_nothing_is_loaded),
        cmocka_unit_test(without_memory_no_wall_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
