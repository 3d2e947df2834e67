// Bodies: surface names, measures over placed parts.
#include "cmk.h"

#include "model/body.h"

static void surface_names(void **state) {
    (void)state;
    for (int i = 1; i < CT_SURFACE_COUNT; i++)
        assert_int_equal(ct_surface_of_name(ct_surface_name((ct_surface)i)), i);
    assert_int_equal(ct_surface_of_name("Roof"), CT_SURFACE_ROOF);
    assert_int_equal(ct_surface_of_name("Water"), CT_SURFACE_WATER);
    assert_int_equal(ct_surface_of_name("Ro"), CT_SURFACE_NONE);
    assert_int_equal(ct_surface_of_name(""), CT_SURFACE_NONE);
    assert_int_equal(ct_surface_of_name("RoofSurfaces"), CT_SURFACE_NONE);
    assert_string_equal(ct_surface_name(CT_SURFACE_COUNT), "");
}

// A tetrahedron of 1/6 m3, placed twice: doubled and moved, and mirrored.
static void parts_are_placed(void **state) {
    (void)state;
    double xyz[12] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    uint32_t triangles[12] = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3}, ends[4] = {1, 2, 3, 4};
    const ct_mesh mesh = {.n_points = 4,
                          .n_triangles = 4,
                          .n_faces = 4,
                          .xyz = xyz,
                          .triangles = triangles,
                          .face_end = ends};
    const ct_body_part parts[2] = {
        {.mesh = &mesh, .place = {{2, 0, 0, 10, 0, 2, 0, 20, 0, 0, 2, 30}}, .lod = 4},
        {.mesh = &mesh, .place = {{-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}}, .lod = 4}};
    const ct_body body = {2, parts};
    assert_near(ct_body_volume_m3(&body), 9.0 / 6, 1e-12);
    ct_box3 box;
    assert_true(ct_body_box(&box, &body));
    assert_near(box.min[0], -1, 0);
    assert_near(box.max[0], 12, 0);
    assert_near(box.max[2], 32, 0);
    const ct_body none = {0, NULL};
    assert_false(ct_body_box(&box, &none));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surface_names),
        cmocka_unit_test(parts_are_placed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
