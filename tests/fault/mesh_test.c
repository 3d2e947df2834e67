// Every allocation of the mesh kernel fails once: CT_NOMEM with a message, no block left behind.
#include "../unit/geo/mesh_fixture.h"

#include "fault.h"
#include "geo/mesh_boolean.h"
#include "geo/mesh_half_space.h"
#include "geo/mesh_prism.h"
#include "geo/mesh_repair.h"
#include "geo/mesh_seam.h"
#include "geo/mesh_section.h"
#include "geo/outline.h"
#include "geo/surf.h"

// A plate with two holes, one of which touches its edge, over a box.
static ct_err build_plate(ct_mesh *out, ct_arena *arena, ct_mesh_builder *b) {
    const double xyz[] = {0, 0, 9, 8, 0, 9, 8, 8, 9, 0, 8, 9, 4, 0, 9, 5, 2,
                          9, 3, 2, 9, 5, 5, 9, 5, 6, 9, 6, 6, 9, 6, 5, 9};
    const uint32_t end[] = {4, 7, 11};
    CT_TRY(ct_mesh_builder_polygon(b, xyz, end, 3, 1));
    return ct_mesh_builder_finish(out, NULL, arena, b);
}

static ct_err build(void *context) {
    (void)context;
    ct_arena *arena = ct_arena_new(16, 0);
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    ct_mesh mesh = {.n_points = 99};
    ct_rings rings;
    ct_err err = arena && b ? build_plate(&mesh, arena, b) : CT_NOMEM;
    if (err) assert_int_equal(mesh.n_points, 99);
    if (!err) err = ct_mesh_face_rings(&rings, arena, &mesh, 0);
    ct_mesh_builder_free(b);
    ct_arena_free(arena);
    return err;
}

static ct_err cut(void *context) {
    const ct_mesh *box = context;
    ct_arena *arena = ct_arena_new(16, 0);
    ct_clip_options half = {.plane = ct_affine_identity};
    half.plane.m[11] = 2;
    ct_geom g = {.n_points = 99};
    ct_mesh mesh = {.n_points = 99};
    ct_err err = arena ? ct_mesh_section_at(&g, NULL, arena, box, 1) : CT_NOMEM;
    if (err) assert_int_equal(g.n_points, 99);
    if (!err) err = ct_mesh_clip(&mesh, arena, box, &half);
    if (err) assert_int_equal(mesh.n_points, 99);
    ct_arena_free(arena);
    return err;
}

// A turned box, so that every way through the cut is gone.
static ct_err sweep(void *context) {
    (void)context;
    double wall[] = {0, 0, 5, 0, 5, 0.2, 0, 0.2, 0, 0}, hole[] = {1, 1, 2, 1, 2, 2, 1, 2, 1, 1};
    uint32_t ring = 5, part = 1;
    const ct_geom plan = {CT_GEOM_POLYGON, false, 5, 1, 1, wall, &ring, &part};
    const ct_geom gap = {CT_GEOM_POLYGON, false, 5, 1, 1, hole, &ring, &part};
    const ct_prism prism = {&plan, ct_affine_identity, {0, 0, 3}};
    const ct_prism opening = {
        &gap,
        ct_affine_frame((const double[3]){0, 0, 0}, (const double[3]){0, -1, 0}, NULL),
        {0, 0, -1}};
    const ct_prism_cut options = {1e-5, 1e-5, {0}};
    ct_arena *arena = ct_arena_new(16, 0);
    ct_mesh mesh = {.n_points = 99};
    bool done = false;
    ct_err err =
        arena ? ct_mesh_extrude_cut(&mesh, &done, arena, &prism, &opening, 1, &options) : CT_NOMEM;
    if (err) assert_true(mesh.n_points == 99 && !done);
    ct_mesh_topology top;
    if (!err) err = ct_mesh_repair(&top, arena, &mesh);
    ct_arena_free(arena);
    return err;
}

static ct_err combine(void *context) {
    const ct_mesh *const *boxes = context;
    ct_arena *arena = ct_arena_new(16, 0);
    ct_mesh mesh = {.n_points = 99};
    ct_boolean_source *sources = NULL;
    const ct_boolean_options options = {.flush_m = CT_BOOLEAN_FLUSH_M};
    const ct_err err =
        arena ? ct_mesh_boolean(&mesh, &sources, arena, CT_BOOLEAN_DIFFERENCE, boxes, 2, &options)
              : CT_NOMEM;
    if (err) assert_true(mesh.n_points == 99 && !sources);
    ct_arena_free(arena);
    return err;
}

// A half-space bounded by a triangle: a cutter is made.
static ct_err bound(void *context) {
    double corner[] = {0, 0, 1, 0, 0, 1, 0, 0};
    uint32_t ring = 4, part = 1;
    const ct_geom triangle = {CT_GEOM_POLYGON, false, 4, 1, 1, corner, &ring, &part};
    ct_half_space half = {ct_affine_identity, &triangle, ct_affine_identity};
    half.plane.m[11] = 1;
    ct_arena *arena = ct_arena_new(16, 0);
    ct_half_space_way way = CT_HALF_SPACE_BESIDE;
    ct_mesh cutter;
    const ct_err err =
        arena ? ct_mesh_half_space(&way, &cutter, arena, context, &half, 1e-5) : CT_NOMEM;
    if (!err) assert_int_equal(way, CT_HALF_SPACE_MESH);
    ct_arena_free(arena);
    return err;
}

// A ball with a hole, and a patch of a spline.
static ct_err bend(void *context) {
    (void)context;
    enum { N = 12 };
    double ring[3 * N];
    const double knots[] = {0, 0, 1, 1};
    const double net[] = {0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1};
    const ct_spline spline = {{1, 1}, {2, 2}, {knots, knots}, net};
    const ct_surf_options options = {0.01, 0.3, 1e-5, 1000};
    const uint32_t end = N;
    for (int i = 0; i < N; i++) {
        ring[3 * i] = 0.6;
        ring[3 * i + 1] = 0.8 * cos(2 * M_PI * i / N);
        ring[3 * i + 2] = 0.8 * sin(2 * M_PI * i / N);
    }
    ct_arena *arena = ct_arena_new(16, 0);
    ct_surf s;
    ct_surf_piece piece;
    ct_err err = arena ? ct_surf_sphere(&s, &ct_affine_identity, 1) : CT_NOMEM;
    if (!err) err = ct_surf_trim(&piece, arena, &s, ring, &end, 1, false, &options);
    if (!err) err = ct_surf_spline(&s, arena, &spline);
    if (!err) err = ct_surf_trim(&piece, arena, &s, NULL, NULL, 0, true, &options);
    ct_arena_free(arena);
    return err;
}

// A box with a needless triangle, and two that touch along an edge.
static ct_err mend(void *context) {
    const ct_mesh *const *boxes = context;
    uint32_t corners[39], ends[13];
    ct_mesh seamed = *boxes[0], touching;
    memcpy(corners, seamed.triangles, 36 * sizeof *corners);
    for (int i = 0; i < 12; i++) ends[i] = (uint32_t)i + 1;
    seamed.triangles = corners;
    seamed.n_triangles = seamed.n_faces = 11; // three edges are open
    seamed.face_end = ends;
    seamed.face_tag = NULL;
    ct_arena *arena = ct_arena_new(16, 0);
    uint32_t n;
    const ct_boolean_options options = {0};
    ct_err err = arena ? ct_mesh_close_seams(&seamed, &n, arena, 10) : CT_NOMEM;
    if (!err) err = ct_mesh_boolean(&touching, NULL, arena, CT_BOOLEAN_UNION, boxes, 2, &options);
    ct_arena_free(arena);
    return err;
}

static void every_allocation_fails_once(void **state) {
    (void)state;
    ct_arena *arena = ct_arena_new(4096, 0);
    assert_non_null(arena);
    ct_mesh box = box_of(arena, 0, 0, 0, 2, 3, 4);
    assert_true(fault_every_allocation(build, NULL) > 10);
    assert_int_equal(cut(&box), CT_OK); // what stays for the thread is made before
    assert_true(fault_every_allocation(cut, &box) > 10);
    assert_int_equal(sweep(NULL), CT_OK);
    assert_true(fault_every_allocation(sweep, NULL) > 10);
    assert_int_equal(bound(&box), CT_OK);
    assert_true(fault_every_allocation(bound, &box) > 10);
    assert_true(fault_every_allocation(bend, NULL) > 10);
    const ct_mesh other = box_of(arena, 0.5, 0.5, 0, 1, 1, 5);
    const ct_mesh *boxes[2] = {&box, &other};
    assert_true(fault_every_allocation(combine, boxes) > 30);
    const ct_mesh edge = box_of(arena, 2, 3, 0, 3, 4, 4);
    const ct_mesh *touching[2] = {&box, &edge};
    assert_true(fault_every_allocation(mend, touching) > 30);
    ct_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
