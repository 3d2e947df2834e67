// Booleans and openings of IFC where something is wrong: what cannot be done is told, and the rest
// is as it was. What goes well is measured by tools/verify shapes.
#include <stdio.h>
#include <string.h>

#include "ifc_lines.h"
#include "ingest/ifc/shape/work.h"

// A file: #1 to #19 are given, the test's lines come behind.
typedef struct world {
    ifc_lines f;
    uint8_t *kinds;
    ct_ifc__work w;
} world;

#define GIVEN                                                                                      \
    IFC_HEADER("IFC4")                                                                             \
    "#1=IFCPROJECT('0000000000000000000001',$,'',$,$,$,$,$,#2);\n#2=IFCUNITASSIGNMENT((#3));\n"    \
    "#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#4=IFCCARTESIANPOINT((0.,0.,0.));\n"                 \
    "#5=IFCAXIS2PLACEMENT3D(#4,$,$);\n#6=IFCCARTESIANPOINT((1.,1.,1.));\n"                         \
    "#7=IFCAXIS2PLACEMENT3D(#6,$,$);\n" /* a block of 8 m3, one of 1/8 m3 in it, an open triangle  \
                                           in it */                                                \
    "#8=IFCBLOCK(#5,2.,2.,2.);\n#9=IFCBLOCK(#7,.5,.5,.5);\n"                                       \
    "#10=IFCCARTESIANPOINTLIST3D(((.5,.5,.5),(1.,.5,.5),(.5,1.,.5)));\n"                           \
    "#11=IFCTRIANGULATEDFACESET(#10,$,$,((1,2,3)),$);\n"                                           \
    "#12=IFCPLANE(#7);\n#13=IFCHALFSPACESOLID(#12,.F.);\n"                                         \
    "#14=IFCCYLINDRICALSURFACE(#5,1.);\n#15=IFCHALFSPACESOLID(#14,.T.);\n"                         \
    "#16=IFCBLOCK(#5,9.,9.,9.);\n"

static void open_world(world *out, const char *lines) {
    *out = (world){0};
    open_lines(&out->f, GIVEN, lines);
    assert_int_equal(ct_ifc__kinds_new(&out->kinds, &out->f.m), CT_OK);
    assert_int_equal(ct_ifc__work_init(&out->w, &out->f.m, &out->f.units, out->kinds), CT_OK);
}

static void close_world(world *x) {
    ct_ifc__work_fini(&x->w);
    ct_free(x->kinds);
    close_lines(&x->f);
}

static ct_err item(ct_ifc__solid *out, world *x, uint64_t id) {
    *out = (ct_ifc__solid){0};
    return ct_ifc__make_item(out, &x->w, ct_step__find(x->f.m.step, id));
}

static double volume(world *x, const ct_ifc__solid *solid) {
    double sum = 0;
    for (size_t i = 0; i < solid->n; i++) {
        const ct_mesh *mesh;
        assert_int_equal(ct_ifc__placed_mesh(&mesh, &x->w, &solid->parts[i]), CT_OK);
        sum += ct_mesh_volume_m3(mesh);
    }
    return sum;
}

static void assert_found(const world *x, const char *rule, const char *text) {
    for (size_t i = 0; i < x->w.n_findings; i++)
        if (strcmp(x->w.findings[i].rule, rule) == 0 && strstr(x->w.findings[i].text, text)) return;
    fail_msg("no finding %s with \"%s\" among %zu", rule, text, x->w.n_findings);
}

// Instance 100 has this volume and a finding.
static void left_out(const char *lines, double expected_m3, const char *rule, const char *text) {
    world x;
    ct_ifc__solid solid;
    open_world(&x, lines);
    assert_int_equal(item(&solid, &x, 100), CT_OK);
    assert_near(volume(&x, &solid), expected_m3, 1e-9);
    assert_found(&x, rule, text);
    close_world(&x);
}

// Instance 100 cannot be made.
static void refused(const char *lines, ct_err expected, const char *text) {
    world x;
    ct_ifc__solid solid;
    open_world(&x, lines);
    assert_int_equal(item(&solid, &x, 100), expected);
    assert_non_null(strstr(ct_err_message(), text));
    assert_int_equal(solid.n, 0);
    close_world(&x);
}

static void operands_that_cannot_be_used(void **state) {
    (void)state;
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#11);\n", 8, "shape-boolean", "not closed");
    left_out("#100=IFCBOOLEANRESULT(.INTERSECTION.,#8,#11);\n", 8, "shape-boolean", "not closed");
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#101);\n"
             "#101=IFCPOLYGONALBOUNDEDHALFSPACE(#14,.T.,#5,#102);\n#102=IFCPOLYLINE((#4,#6));\n",
             8, "shape-broken", "no polygon");
    left_out("#100=IFCBOOLEANRESULT(.UNION.,#8,#15);\n", 8, "shape-unsupported",
             "IfcHalfSpaceSolid");
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#100);\n", 8, "shape-broken",
             "a part of itself");
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#5);\n", 8, "shape-unsupported",
             "IfcAxis2Placement3D");
    left_out("#100=IFCBOOLEANRESULT(.UNION.,#8,#13);\n", 8, "shape-unsupported",
             "IfcHalfSpaceSolid");
    // Of two that are taken away together the good one is.
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#101,#11);\n"
             "#101=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#9);\n",
             7.875, "shape-boolean", "not closed");
    // A boundary that is none.
    left_out("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#101);\n"
             "#101=IFCPOLYGONALBOUNDEDHALFSPACE(#12,.F.,#5,#102);\n#102=IFCPOLYLINE((#4,#6));\n",
             8, "shape-broken", "no polygon");
}

// A triangle on a plane with one edge of this curve, at #110 and on.
#define TRIANGLE(curve)                                                                            \
    "#100=IFCADVANCEDBREP(#101);\n#101=IFCCLOSEDSHELL((#102));\n"                                  \
    "#102=IFCADVANCEDFACE((#103),#90,.T.);\n#103=IFCFACEOUTERBOUND(#104,.T.);\n"                   \
    "#104=IFCEDGELOOP((#105,#106,#107));\n#105=IFCORIENTEDEDGE(*,*,#91,.T.);\n"                    \
    "#106=IFCORIENTEDEDGE(*,*,#92,.T.);\n#107=IFCORIENTEDEDGE(*,*,#93,.T.);\n"                     \
    "#90=IFCPLANE(#5);\n#91=IFCEDGECURVE(#94,#95,#110,.T.);\n#92=IFCEDGE(#95,#96);\n"              \
    "#93=IFCEDGE(#96,#94);\n#94=IFCVERTEXPOINT(#4);\n#95=IFCVERTEXPOINT(#97);\n"                   \
    "#96=IFCVERTEXPOINT(#98);\n#97=IFCCARTESIANPOINT((2.,0.,0.));\n"                               \
    "#98=IFCCARTESIANPOINT((0.,2.,0.));\n#120=IFCCARTESIANPOINT((0.,0.));\n" curve

static void draws(const char *lines, double area_m2, const char *finding) {
    world x;
    ct_ifc__solid solid;
    open_world(&x, lines);
    assert_int_equal(item(&solid, &x, 100), CT_OK);
    assert_int_equal(solid.n, 1);
    assert_near(ct_mesh_area_m2(solid.parts[0].mesh), area_m2, 2e-2);
    if (finding)
        assert_found(&x, "shape-edge", finding);
    else
        assert_int_equal(x.w.n_findings, 0);
    if (finding) assert_int_equal(x.w.findings[0].slot, ct_step__find(x.f.m.step, 91));
    close_world(&x);
}

// Edges that cannot be followed are straight, and told.
static void edges(void **state) {
    (void)state;
    const double half_disk = 1.5707963267948966;
    // A half circle below the edge, by the parameters of the plane, in space or only there.
    draws(TRIANGLE("#110=IFCPCURVE(#90,#111);\n#111=IFCCIRCLE(#112,1.);\n"
                   "#112=IFCAXIS2PLACEMENT2D(#113,$);\n#113=IFCCARTESIANPOINT((1.,0.));\n"),
          2 + half_disk, NULL);
    draws(TRIANGLE("#110=IFCINTERSECTIONCURVE(#777,(#114,#114),.PCURVE_S1.);\n"
                   "#114=IFCPCURVE(#90,#111);\n#111=IFCCIRCLE(#112,1.);\n"
                   "#112=IFCAXIS2PLACEMENT2D(#113,$);\n#113=IFCCARTESIANPOINT((1.,0.));\n"),
          2 + half_disk, NULL);
    draws(TRIANGLE("#110=IFCSURFACECURVE(#115,(#114),.CURVE3D.);\n#114=IFCPCURVE(#90,#120);\n"
                   "#115=IFCCIRCLE(#112,1.);\n#112=IFCAXIS2PLACEMENT3D(#113,$,$);\n"
                   "#113=IFCCARTESIANPOINT((1.,0.,0.));\n"),
          2 + half_disk, NULL);
    draws(TRIANGLE("#110=IFCPCURVE(#90,#120);\n"), 2, "#120, an IfcCartesianPoint, is not read");
    draws(TRIANGLE("#110=IFCPCURVE(#8,#111);\n#111=IFCPOLYLINE((#120,#120));\n"), 2,
          "#8, an IfcBlock, is not read");
    draws(TRIANGLE("#110=IFCPCURVE(#90,#111);\n#111=IFCLINE(#120,#112);\n"
                   "#112=IFCVECTOR(#113,1.);\n#113=IFCDIRECTION((1.,0.));\n"),
          2, NULL);
}

static void results_that_make_no_sense(void **state) {
    (void)state;
    refused("#100=IFCBOOLEANRESULT($,#8,#9);\n", CT_PARSE, "no operator");
    refused("#100=IFCBOOLEANRESULT(.UNION.,#8,$);\n", CT_PARSE, "SecondOperand");
    refused("#100=IFCBOOLEANRESULT(.UNION.,$,#8);\n", CT_PARSE, "FirstOperand");
    refused("#100=IFCBOOLEANRESULT(.DIFFERENCE.,#101,#8);\n"
            "#101=IFCBOOLEANRESULT(.DIFFERENCE.,#100,#9);\n",
            CT_CORRUPT, "is a part of itself");
    refused("#100=IFCBOOLEANRESULT(.UNION.,#13,#8);\n", CT_GEOM, "without end");
    refused("#100=IFCBOOLEANRESULT(.INTERSECTION.,#13,#13);\n", CT_GEOM, "without end");
    refused("#100=IFCBOOLEANRESULT(.INTERSECTION.,#13,#4);\n", CT_GEOM, "is empty");
}

static void nothing_is_left(void **state) {
    (void)state;
    world x;
    ct_ifc__solid solid;
    open_world(&x, "#100=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#16);\n"
                   "#101=IFCBOOLEANRESULT(.INTERSECTION.,#100,#16);\n"
                   "#102=IFCBOOLEANRESULT(.DIFFERENCE.,#100,#13);\n"
                   "#103=IFCBOOLEANRESULT(.UNION.,#100,#9);\n");
    assert_int_equal(item(&solid, &x, 100), CT_OK);
    assert_int_equal(solid.n, 0);
    assert_int_equal(item(&solid, &x, 101), CT_OK);
    assert_int_equal(solid.n, 0);
    assert_int_equal(item(&solid, &x, 102), CT_OK);
    assert_int_equal(solid.n, 0);
    assert_int_equal(item(&solid, &x, 103), CT_OK);
    assert_near(volume(&x, &solid), 0.125, 1e-9);
    assert_int_equal(x.w.n_findings, 0);
    close_world(&x);
}

static void the_innermost_style_counts(void **state) {
    (void)state;
    world x;
    ct_ifc__solid solid;
    open_world(&x, "#100=IFCBOOLEANRESULT(.DIFFERENCE.,#101,#9);\n"
                   "#101=IFCBOOLEANRESULT(.DIFFERENCE.,#8,#13);\n"
                   "#102=IFCSTYLEDITEM(#101,(),$);\n#103=IFCSTYLEDITEM(#100,(),$);\n");
    assert_int_equal(item(&solid, &x, 100), CT_OK);
    assert_int_equal(solid.n, 1);
    assert_int_equal(solid.parts[0].style, ct_step__find(x.f.m.step, 101));
    close_world(&x);
}

static void openings(void **state) {
    (void)state;
    world x;
    ct_ifc__solid product, holes[2];
    open_world(&x, "");
    // One of the two is a surface: the other is cut.
    assert_int_equal(item(&product, &x, 8), CT_OK);
    assert_int_equal(item(&holes[0], &x, 9), CT_OK);
    assert_int_equal(item(&holes[1], &x, 11), CT_OK);
    assert_int_equal(ct_ifc__cut_openings(&product, &x.w, 0, holes, 2), CT_OK);
    assert_near(volume(&x, &product), 7.875, 1e-9);
    assert_found(&x, "shape-opening", "1 openings could not be cut");
    // All is opened.
    assert_int_equal(item(&product, &x, 8), CT_OK);
    assert_int_equal(item(&holes[0], &x, 16), CT_OK);
    assert_int_equal(ct_ifc__cut_openings(&product, &x.w, 0, holes, 1), CT_OK);
    assert_int_equal(product.n, 0);
    // A surface cannot be cut.
    ct_ifc__work_begin(&x.w);
    assert_int_equal(item(&product, &x, 11), CT_OK);
    assert_int_equal(item(&holes[0], &x, 8), CT_OK);
    assert_int_equal(ct_ifc__cut_openings(&product, &x.w, 0, holes, 1), CT_OK);
    assert_int_equal(product.n, 1);
    assert_found(&x, "shape-opening", "cut from is not closed");
    // The budget ends: it is shown whole.
    ct_ifc__work_begin(&x.w);
    assert_int_equal(item(&product, &x, 8), CT_OK);
    assert_int_equal(item(&holes[0], &x, 9), CT_OK);
    x.w.steps_left = 1200;
    assert_int_equal(ct_ifc__cut_openings(&product, &x.w, 0, holes, 1), CT_OK);
    assert_near(volume(&x, &product), 8, 1e-9);
    assert_found(&x, "shape-opening", "takes more");
    close_world(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_that_cannot_be_used), cmocka_unit_test(edges),
        cmocka_unit_test(results_that_make_no_sense),   cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(the_innermost_style_counts),   cmocka_unit_test(openings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
