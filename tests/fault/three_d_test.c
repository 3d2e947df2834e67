// 3D Tiles in the place of older ones while memory or the disk fails: an error with a reason, the
// older tileset as it was and nothing beside it; else the new one.
#include "../unit/tiles/three_d.h"

#include "base/stage.h"
#include "libc_shim.h"

enum { SIDE = 34, POINTS = SIDE * SIDE, TRIANGLES = 2 * (SIDE - 1) * (SIDE - 1), MEMORY = -1 };

static char out[160], place[176]; // where the tileset goes, and itself

// ---- a building with a storey, and something of many triangles on it
// -----------------------------

static const ct_mesh *net(const fixture *f) {
    static double xyz[3 * POINTS];
    static uint32_t corners[3 * TRIANGLES], ends[TRIANGLES];
    for (int i = 0; i < POINTS; i++) {
        xyz[3 * i] = i % SIDE;
        xyz[3 * i + 1] = (double)(i / SIDE);
        xyz[3 * i + 2] = 0.1 * (i * 7 % 5);
    }
    uint32_t n = 0;
    for (uint32_t row = 0; row + 1 < SIDE; row++)
        for (uint32_t at = row * SIDE; at + 1 < (row + 1) * SIDE; at++) {
            const uint32_t square[6] = {at, at + 1, at + SIDE, at + 1, at + SIDE + 1, at + SIDE};
            memcpy(corners + 3 * (size_t)n, square, sizeof square);
            n += 2;
        }
    for (uint32_t i = 0; i < TRIANGLES; i++) ends[i] = i + 1;
    const ct_mesh mesh = {POINTS, TRIANGLES, TRIANGLES, xyz, corners, ends, NULL};
    ct_mesh *copy = ct_arena_alloc(f->arena, sizeof *copy);
    assert_non_null(copy);
    ok(ct_mesh_copy(copy, f->arena, &mesh));
    return copy;
}

static int setup(void **state) {
    void *inner = NULL;
    fixture_setup(&inner);
    fixture *f = *state = inner;
    static ct_body_part part;
    static ct_body body;
    part = (ct_body_part){net(f), ct_affine_identity, {"brick", {1, 0, 0, 1}}, 4};
    part.place.m[3] = EAST;
    part.place.m[7] = NORTH;
    part.place.m[11] = 20;
    body = (ct_body){1, &part};
    ct_feature all[] = {
        building(f, "b1", 0, 0, 34, 9),
        building(f, "b2", 60, 0, 10, 6),
        storey_of(f, "s1", "b1", 0, square(f, 0, 0, 34)),
        feature_of(f, "element", "e1", (ct_geom){0}),
    };
    ok(ct_feature_set_text(&all[3], "kind", "slab"));
    ok(ct_feature_set_text(&all[3], "building", "b1"));
    ok(ct_feature_set_text(&all[3], "storey", "s1"));
    all[3].body = &body;
    put(f, all, sizeof all / sizeof *all);
    (void)snprintf(out, sizeof out, "%s/out", f->folder);
    (void)snprintf(place, sizeof place, "%s/tiles", out);
    return 0;
}

// ---- one export ---------------------------------------------------------------------------------

static ct_err fill(const fixture *f, const char *folder) {
    const ct_tiles3d_options options = {.threads = 1};
    ct_tiles3d_figures figures;
    CT_TRY(ct_dir_make(folder));
    return ct_tiles3d_write(&figures, f->store, folder, &options);
}

static ct_err export_over(const fixture *f) {
    ct_stage *stage = NULL;
    CT_TRY(ct_stage_open(&stage, out, "test"));
    char *folder = ct_path_join(ct_stage_path(stage), "tiles");
    const ct_err err = folder ? fill(f, folder) : CT_NOMEM;
    ct_free(folder);
    if (err == CT_OK) return ct_stage_replace(stage, "tiles");
    ct_stage_abort(stage);
    return err;
}

static bool there(const char *name) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", place, name);
    return ct_file_exists(path);
}

static void make_old(void) {
    char path[256];
    ok(ct_dir_remove(place));
    ok(ct_dir_make(place));
    (void)snprintf(path, sizeof path, "%s/old", place);
    ok(ct_file_write(path, "old", 3));
}

static ct_err alone(void *context, const char *entry, bool is_dir) {
    (void)context;
    if (!is_dir || strcmp(entry, "tiles") != 0) fail_msg("%s is left behind", entry);
    return CT_OK;
}

// An older tileset that could not be removed once it was replaced is swept by the next stage.
static void sweep_stage(void) {
    char part[224];
    ct_stage *stage = NULL;
    (void)snprintf(part, sizeof part, "%s/" CT_PART "test", out);
    if (!ct_dir_exists(part)) return;
    ok(ct_stage_open(&stage, out, "test"));
    ct_stage_abort(stage);
}

static void expect(bool done) {
    if (done) sweep_stage();
    ok(ct_dir_list(out, alone, NULL));
    assert_int_equal(there("old"), !done);
    assert_int_equal(there("buildings/tileset.json"), done);
    assert_int_equal(there("terrain/tileset.json"), done);
}

// ---- faults -------------------------------------------------------------------------------------

static void arm(int which, long n) {
    if (which == MEMORY)
        ct_mem_fail_at(n, false);
    else
        libc_fail_at((libc_fault)which, n);
}

static void expect_told(int which, long n, ct_err err, bool met) {
    const char *message = ct_err_message();
    const bool kind = which == MEMORY ? err == CT_NOMEM : err == CT_DISKFULL || err == CT_IO;
    const bool reason = which == MEMORY || strstr(message, "No space left on device") ||
                        strstr(message, "Input/output error");
    if (!met || !kind || !reason || !*message)
        fail_msg("%d, call %ld: %s: %s", which, n, ct_err_name(err), message);
}

static bool try_once(const fixture *f, int which, long n) {
    make_old();
    const long live = ct_mem_live();
    arm(which, n);
    const ct_err err = export_over(f);
    const bool met = which == MEMORY ? ct_mem_failed() : libc_failed();
    arm(which, 0);
    if (err != CT_OK) expect_told(which, n, err, met);
    expect(err == CT_OK);
    if (ct_mem_live() > live) fail_msg("%d, call %ld: blocks leaked", which, n);
    return met;
}

static long sweep(const fixture *f, int which) {
    long n = 1, tries = 0;
    make_old();
    ok(export_over(f)); // connections and what they keep are made
    expect(true);
    for (; try_once(f, which, n); n += n < 80 ? 1 : n / 8) tries++;
    print_message("%-10s %3ld failed, up to %ld\n",
                  which == MEMORY ? "memory" : libc_fault_name((libc_fault)which), tries, n - 1);
    return tries;
}

static void without_memory(void **state) {
    assert_true(sweep(*state, MEMORY) > 50);
}

static void on_a_failing_disk(void **state) {
    long tries = 0;
    for (int fault = 0; fault < LIBC_FAULTS; fault++) tries += sweep(*state, fault);
    assert_true(tries > 20);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {T(without_memory), T(on_a_failing_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
