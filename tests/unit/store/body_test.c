// Bodies and property sets in the twin's file: what comes back, what is shared, what goes with its
// feature.
#include "fixture.h"

// A tetrahedron whose corner lies at (x, 0, 0); tagged as a roof if wished.
static const ct_mesh *tetrahedron(const fixture *f, double x, bool tagged) {
    static const uint32_t corners[12] = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3},
                          ends[4] = {1, 2, 3, 4};
    const double xyz[12] = {x, 0, 0, x + 1, 0, 0, x, 1, 0, x, 0, 1};
    static const uint8_t tags[4] = {CT_SURFACE_GROUND, CT_SURFACE_WALL, CT_SURFACE_WALL,
                                    CT_SURFACE_ROOF};
    const ct_mesh mesh = {4,
                          4,
                          4,
                          (double *)(uintptr_t)xyz,
                          (uint32_t *)(uintptr_t)corners,
                          (uint32_t *)(uintptr_t)ends,
                          tagged ? (uint8_t *)(uintptr_t)tags : NULL};
    ct_mesh *copy = ct_arena_alloc(f->arena, sizeof *copy);
    assert_non_null(copy);
    ok(ct_mesh_copy(copy, f->arena, &mesh));
    return copy;
}

static ct_body_part part_at(const ct_mesh *mesh, double east, const char *material, float red) {
    ct_body_part part = {mesh, ct_affine_identity, {material, {red, 0.5F, 0.25F, 1}}, 4};
    part.place.m[3] = east;
    return part;
}

static int64_t count_rows(const fixture *f, const char *table) {
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    char sql[80];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

static void assert_rows(const fixture *f, int64_t meshes, int64_t materials, int64_t parts,
                        int64_t properties) {
    assert_int_equal(count_rows(f, "ct_meshes"), meshes);
    assert_int_equal(count_rows(f, "ct_materials"), materials);
    assert_int_equal(count_rows(f, "ct_parts"), parts);
    assert_int_equal(count_rows(f, "ct_part_boxes"), parts);
    assert_int_equal(count_rows(f, "ct_properties"), properties);
}

static void print_line(void *context, const char *line) {
    (void)context;
    print_message("%s\n", line);
}

static int problems_of(const fixture *f) {
    int problems = -1;
    ok(ct_store_check(f->store, print_line, NULL, &problems));
    return problems;
}

static ct_property text_of(const char *set, const char *name, const char *text) {
    return (ct_property){set, name, {CT_VALUE_TEXT, {.text = text}}, ""};
}

// Two features: three parts of two meshes, two materials, four properties.
static void add_two(fixture *f) {
    const ct_mesh *plain = tetrahedron(f, 0, false), *tagged = tetrahedron(f, 2, true);
    const ct_body_part first[2] = {part_at(plain, 500000, "brick", 1),
                                   part_at(tagged, 500010, "brick", 1)};
    // the same mesh made anew is the same one
    const ct_body_part second[1] = {part_at(tetrahedron(f, 0, false), 500020, "glass", 0)};
    const ct_body bodies[2] = {{2, first}, {1, second}};
    const ct_property properties[3] = {
        text_of("Pset_WallCommon", "FireRating", "REI 90"),
        {"Pset_WallCommon", "IsExternal", {CT_VALUE_BOOLEAN, {.boolean = true}}, ""},
        {"Qto_WallBaseQuantities", "NetVolume", {CT_VALUE_REAL, {.real = 2.5}}, "m3"}};
    const ct_property alone[1] = {{"", "levels", {CT_VALUE_INTEGER, {.integer = 18}}, ""}};
    ct_feature features[2] = {square(f, "b-1", 500000, 3380000, 5),
                              square(f, "b-2", 500020, 3380000, 5)};
    features[0].body = &bodies[0];
    features[0].properties = properties;
    features[0].n_properties = 3;
    features[1].body = &bodies[1];
    features[1].properties = alone;
    features[1].n_properties = 1;
    add_all(f, features, 2);
}

static ct_body body_of(const fixture *f, const char *id) {
    ct_reader *reader = NULL;
    ct_feature feature;
    ct_body body = {0};
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_get(&feature, f->arena, reader, NULL, id));
    ok(ct_reader_body(&body, f->arena, reader, feature.cls, feature.fid));
    ct_reader_release(reader);
    return body;
}

static const ct_property *properties_of(const fixture *f, const char *id, size_t *n) {
    ct_reader *reader = NULL;
    ct_feature feature;
    const ct_property *list = NULL;
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_get(&feature, f->arena, reader, NULL, id));
    ok(ct_reader_properties(&list, n, f->arena, reader, feature.cls, feature.fid));
    ct_reader_release(reader);
    return list;
}

static void come_back_as_they_were(void **state) {
    fixture *f = *state;
    add_two(f);
    assert_rows(f, 2, 2, 3, 4);
    const ct_body body = body_of(f, "b-1");
    assert_int_equal(body.n_parts, 2);
    const ct_mesh *mesh = body.parts[1].mesh, *given = tetrahedron(f, 2, true);
    assert_int_equal(mesh->n_points, 4);
    for (int i = 0; i < 12; i++) {
        assert_near(mesh->xyz[i], given->xyz[i], 0);
        assert_int_equal(mesh->triangles[i], given->triangles[i]);
    }
    assert_memory_equal(mesh->face_end, given->face_end, 4 * sizeof *mesh->face_end);
    assert_memory_equal(mesh->face_tag, given->face_tag, 4);
    assert_null(body.parts[0].mesh->face_tag);
    assert_near(body.parts[1].place.m[3], 500010, 0);
    assert_string_equal(body.parts[0].material.name, "brick");
    assert_near((double)body.parts[0].material.rgba[2], 0.25, 0);
    assert_int_equal(body.parts[0].lod, 4);
    assert_near(ct_body_volume_m3(&body), 2.0 / 6, 1e-9);

    size_t n = 0;
    const ct_property *list = properties_of(f, "b-1", &n);
    assert_int_equal(n, 3);
    assert_string_equal(list[0].name, "FireRating");
    assert_string_equal(list[0].value.as.text, "REI 90");
    assert_int_equal(list[1].value.kind, CT_VALUE_BOOLEAN);
    assert_true(list[1].value.as.boolean);
    assert_string_equal(list[2].set, "Qto_WallBaseQuantities");
    assert_near(list[2].value.as.real, 2.5, 0);
    assert_string_equal(list[2].unit, "m3");
    assert_int_equal(problems_of(f), 0);
}

static void a_feature_without(void **state) {
    fixture *f = *state;
    const ct_feature b = square(f, "b-1", 500000, 3380000, 5);
    add_all(f, &b, 1);
    size_t n = 9;
    assert_int_equal(body_of(f, "b-1").n_parts, 0);
    (void)properties_of(f, "b-1", &n);
    assert_int_equal(n, 0);
}

// Replacing keeps what is not brought, and what is brought takes the old one's place.
static void replaced(void **state) {
    fixture *f = *state;
    add_two(f);
    ct_writer *w = NULL;
    ct_feature b = square(f, "b-1", 500000, 3380000, 7);
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_commit(w, NULL));
    assert_rows(f, 2, 2, 3, 4);
    const ct_body_part part = part_at(tetrahedron(f, 9, false), 1, "steel", 0);
    const ct_body body = {1, &part}, none = {0, NULL};
    b.body = &body;
    const ct_property property = text_of("", "levels", "two");
    b.properties = &property;
    b.n_properties = 1;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_commit(w, NULL));
    assert_rows(f, 2, 2, 2, 2); // the tagged mesh and the brick are nobody's
    assert_near(body_of(f, "b-1").parts[0].mesh->xyz[0], 9, 0);
    b.body = &none;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_replace(w, &b));
    ok(ct_writer_commit(w, NULL));
    assert_rows(f, 1, 1, 1, 2);
    assert_int_equal(problems_of(f), 0);
}

// Whoever takes the feature away or gives it another number, its parts and properties follow.
static void follow_their_feature(void **state) {
    fixture *f = *state;
    add_two(f);
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_remove(w, "b-2"));
    ok(ct_writer_commit(w, NULL));
    assert_rows(f, 2, 1, 2, 3);
    foreign_sql(f->path, "UPDATE buildings SET fid=77 WHERE id='b-1'");
    assert_int_equal(body_of(f, "b-1").n_parts, 2);
    foreign_sql(f->path, "UPDATE buildings SET fid=1 WHERE id='b-1'"); // whose box SpatiaLite knows
    foreign_sql(f->path, "UPDATE buildings SET id='b-9' WHERE id='b-1'");
    assert_int_equal(body_of(f, "b-9").n_parts, 2);
    assert_int_equal(problems_of(f), 0);
    foreign_sql(f->path, "DELETE FROM buildings");
    assert_rows(f, 0, 0, 0, 0);
    assert_int_equal(problems_of(f), 0);
}

static void refusals(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    ct_feature b = square(f, "b-1", 500000, 3380000, 5);
    ct_mesh broken = *tetrahedron(f, 0, false);
    broken.n_points = 3;
    ct_body_part part = part_at(&broken, 0, "x", 1);
    const ct_body body = {1, &part};
    b.body = &body;
    ok(ct_store_writer(&w, f->store, "test"));
    fails(ct_writer_add(w, &b, NULL), "GEOM");
    ct_writer_rollback(w);
    part = part_at(tetrahedron(f, 0, false), NAN, "x", 1);
    ok(ct_store_writer(&w, f->store, "test"));
    fails(ct_writer_add(w, &b, NULL), "GEOM");
    ct_writer_rollback(w);
    part = part_at(tetrahedron(f, 0, false), 0, "x", 1.5F);
    ok(ct_store_writer(&w, f->store, "test"));
    fails(ct_writer_add(w, &b, NULL), "RANGE");
    ct_writer_rollback(w);
    part = part_at(tetrahedron(f, 1e14, false), 0, "x", 1);
    ok(ct_store_writer(&w, f->store, "test"));
    fails(ct_writer_add(w, &b, NULL), "RANGE");
    ct_writer_rollback(w);
    assert_rows(f, 0, 0, 0, 0);
}

// A check tells what a foreign hand broke; reading it is an error, not a crash.
static void damage_is_told(void **state) {
    fixture *f = *state;
    add_two(f);
    foreign_sql(f->path, "UPDATE ct_meshes SET data=zeroblob(10) WHERE id=1");
    assert_int_equal(problems_of(f), 1);
    ct_reader *reader = NULL;
    ct_feature feature;
    ct_body body = {0};
    ok(ct_store_reader(&reader, f->store));
    ok(ct_reader_get(&feature, f->arena, reader, NULL, "b-1"));
    fails(ct_reader_body(&body, f->arena, reader, feature.cls, feature.fid), "CORRUPT");
    ct_reader_release(reader);
    foreign_sql(f->path, "DELETE FROM ct_meshes WHERE id=1");
    assert_int_equal(problems_of(f), 2); // both its parts
    foreign_sql(f->path, "DELETE FROM ct_part_boxes WHERE id=3");
    foreign_sql(f->path, "INSERT INTO ct_properties VALUES('building',4711,'','a','text','b','')");
    foreign_sql(f->path, "UPDATE ct_parts SET place=x'00' WHERE id=2");
    assert_int_equal(problems_of(f), 4);
}

// A twin from before there were bodies gets their tables when it is opened.
static void older_twins(void **state) {
    fixture *f = *state;
    const ct_feature b = square(f, "b-0", 500000, 3390000, 5);
    add_all(f, &b, 1);
    ct_store_close(f->store);
    char sql[8192] = "DROP TABLE ct_parts; DROP TABLE ct_meshes; DROP TABLE ct_materials; DROP "
                     "TABLE ct_part_boxes; DROP TABLE ct_properties;";
    for (size_t i = 0; i < ct_catalogue_count(f->catalogue); i++) {
        const char *table = ct_catalogue_at(f->catalogue, i)->collection;
        const size_t n = strlen(sql);
        (void)snprintf(sql + n, sizeof sql - n,
                       "DROP TRIGGER \"ct_delete_body_%s\"; DROP TRIGGER \"ct_move_body_%s\";",
                       table, table);
    }
    foreign_sql(f->path, sql);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    add_two(f);
    assert_rows(f, 2, 2, 3, 4);
    foreign_sql(f->path, "DELETE FROM buildings");
    assert_rows(f, 0, 0, 0, 0);
    assert_int_equal(problems_of(f), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(come_back_as_they_were, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_feature_without, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(replaced, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(follow_their_feature, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(refusals, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(damage_is_told, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(older_twins, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
