// Places of IFC: local ones within each other, along curves, at crossings of grid axes.
#include <math.h>
#include <string.h>

#include "ifc_lines.h"
#include "ingest/ifc/placement.h"

#define GIVEN                                                                                      \
    IFC_HEADER("IFC4X3_ADD2")                                                                      \
    "#1=IFCPROJECT('0000000000000000000001',$,'',$,$,$,$,$,#2);\n#2=IFCUNITASSIGNMENT((#3));\n"    \
    "#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n#4=IFCCARTESIANPOINT((0.,0.,0.));\n"           \
    "#5=IFCCARTESIANPOINT((10000.,0.,0.));\n#6=IFCCARTESIANPOINT((10000.,20000.,0.));\n"           \
    "#7=IFCPOLYLINE((#4,#5,#6));\n" /* 10 m along x, then 20 m along y */                          \
    "#8=IFCCARTESIANPOINT((100000.,200000.,5000.));\n#9=IFCAXIS2PLACEMENT3D(#8,$,$);\n"            \
    "#10=IFCLOCALPLACEMENT($,#9);\n#11=IFCDIRECTION((0.,1.,0.));\n"                                \
    "#12=IFCDIRECTION((0.,0.,1.));\n"

typedef struct world {
    ifc_lines f;
    ct_ifc__places *places;
} world;

static void open_world(world *out, const char *lines) {
    *out = (world){0};
    open_lines(&out->f, GIVEN, lines);
    assert_int_equal(ct_ifc__places_new(&out->places, &out->f.m, &out->f.units), CT_OK);
}

static void close_world(world *x) {
    assert_int_equal(ct_ifc__places_status(x->places), CT_OK);
    ct_ifc__places_free(x->places);
    close_lines(&x->f);
}

// Where instance 100 has its origin, and where its x looks to.
static void lies(const char *lines, double x, double y, double z, double dx, double dy) {
    world w;
    open_world(&w, lines);
    const ct_affine a = ct_ifc__place(w.places, ct_step__find(w.f.m.step, 100));
    const double got[] = {a.m[3], a.m[7], a.m[11], a.m[0], a.m[4], a.m[10]};
    const double expected[] = {x, y, z, dx, dy, 1};
    for (int k = 0; k < 6; k++)
        if (fabs(got[k] - expected[k]) > 1e-9)
            fail_msg("number %d is %.12g, not %.12g", k, got[k], expected[k]);
    for (size_t i = 0; i < ct_diagnostics_kept(w.f.found); i++)
        if (strcmp(ct_diagnostics_at(w.f.found, i)->rule, "ifc-placement") == 0)
            fail_msg("%s", ct_diagnostics_at(w.f.found, i)->text);
    close_world(&w);
}

// Instance 100 counts as none, and why.
static void is_none(const char *lines, const char *text) {
    world w;
    bool found = false;
    open_world(&w, lines);
    const ct_affine a = ct_ifc__place(w.places, ct_step__find(w.f.m.step, 100));
    assert_memory_equal(&a, &ct_affine_identity, sizeof a);
    for (size_t i = 0; i < ct_diagnostics_kept(w.f.found); i++)
        found |= strcmp(ct_diagnostics_at(w.f.found, i)->rule, "ifc-placement") == 0 &&
                 strstr(ct_diagnostics_at(w.f.found, i)->text, text);
    if (!found) fail_msg("no finding \"%s\"", text);
    close_world(&w);
}

#define ALONG(distance, lateral, vertical)                                                         \
    "#102=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(" distance ")," lateral "," vertical       \
    ",$,#7);\n"

static void along_curves(void **state) {
    (void)state;
    lies("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n" ALONG(
             "4000.", "$", "$"),
         4, 0, 0, 1, 0);
    // Behind the corner, to the left, above; within another place.
    lies("#100=IFCLINEARPLACEMENT(#10,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n" ALONG(
             "15000.", "2000.", "500."),
         108, 205, 5.5, 0, 1);
    // Axes of its own.
    lies("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,#12,#11);\n" ALONG(
             "4000.", "-1000.", "$"),
         4, -1, 0, 0, 1);
    // On a slope what is local stands upright across the way: x looks up the slope.
    world w;
    open_world(&w, "#100=IFCLINEARPLACEMENT($,#101,$);\n"
                   "#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n"
                   "#102=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(2500.),$,$,$,#103);\n"
                   "#103=IFCPOLYLINE((#4,#104));\n#104=IFCCARTESIANPOINT((4000.,0.,3000.));\n");
    const ct_affine a = ct_ifc__place(w.places, ct_step__find(w.f.m.step, 100));
    assert_near(a.m[3], 2, 1e-9);
    assert_near(a.m[11], 1.5, 1e-9);
    assert_near(a.m[0], 0.8, 1e-9);
    assert_near(a.m[8], 0.6, 1e-9);
    assert_near(a.m[10], 0.8, 1e-9);
    close_world(&w);
}

// Where the distance along a segment of an alignment lies, and the way there, m; in its file mm.
static void on_segment(const char *parent, double distance_m, double x, double y, double turn) {
    world w;
    char *lines =
        ct_sprintf("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n"
                   "#102=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(%.9f),$,$,$,#103);\n"
                   "#103=IFCCOMPOSITECURVE((#104),.F.);\n#105=IFCCARTESIANPOINT((0.,0.));\n"
                   "#106=IFCAXIS2PLACEMENT2D(#105,$);\n#104=IFCCURVESEGMENT(.CONTINUOUS.,#106,"
                   "IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50000.),#107);\n#107=%s;\n",
                   1e3 * distance_m, parent);
    assert_non_null(lines);
    open_world(&w, lines);
    const ct_affine a = ct_ifc__place(w.places, ct_step__find(w.f.m.step, 100));
    if (!isnan(x)) assert_near(a.m[3], x, 4e-3);
    if (!isnan(y)) assert_near(a.m[7], y, 4e-3);
    assert_near(atan2(a.m[4], a.m[0]), turn, 0.02); // of a chord
    close_world(&w);
    ct_free(lines);
}

static void along_alignments(void **state) {
    (void)state;
    // Circle of 100 m: 50 m turn by half a radian.
    on_segment("IFCCIRCLE(#106,100000.)", 50, 100 * sin(0.5), 100 * (1 - cos(0.5)), 0.5);
    // Clothoid, A = 60 m: s^2 / (2 A^2).
    on_segment("IFCCLOTHOID(#106,60000.)", 50, NAN, NAN, 2500. / 7200);
    // The same as the linear term of a spiral whose cube does not count.
    on_segment("IFCTHIRDORDERPOLYNOMIALSPIRAL(#106,1.E9,$,60000.,$)", 50, NAN, NAN, 2500. / 7200);
    // s^3 / (3 A^3) with the other terms left out, to the right.
    on_segment("IFCSECONDORDERPOLYNOMIALSPIRAL(#106,-40000.,$,$)", 50, NAN, NAN, -125000. / 192000);
    // A half wave and a whole one come to nothing; the constant term turns by L / A.
    on_segment("IFCCOSINESPIRAL(#106,60000.,-90000.)", 50, NAN, NAN, -50. / 90);
    on_segment("IFCSINESPIRAL(#106,60000.,$,-90000.)", 50, NAN, NAN, -50. / 90);
    // y = x^2 / 40 m: 10.4023 m along it at x = 10 m.
    on_segment("IFCPOLYNOMIALCURVE(#106,(0.,1.),(0.,0.,2.5E-5),$)", 10.402288, 10, 2.5, 0.4636);
    is_none("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n"
            "#102=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(1.),$,$,$,#103);\n"
            "#103=IFCCOMPOSITECURVE((#104),.F.);\n#104=IFCCURVESEGMENT(.CONTINUOUS.,$,"
            "IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50000.),#107);\n#107=IFCCLOTHOID($,0.);\n",
            "constant is 0");
}

// What is told as well counts where the curve cannot be read.
static void along_what_is_not_there(void **state) {
    (void)state;
    lies("#100=IFCLINEARPLACEMENT($,#101,#9);\n#101=IFCAXIS2PLACEMENTLINEAR(#4,$,$);\n", 100, 200,
         5, 1, 0);
    is_none("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#4,$,$);\n",
            "BasisCurve");
    is_none("#100=IFCLINEARPLACEMENT($,#101,$);\n#101=IFCAXIS2PLACEMENTLINEAR(#102,$,$);\n"
            "#102=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(1.),$,$,$,#103);\n"
            "#103=IFCPOLYLINE((#4,#104));\n#104=IFCCARTESIANPOINT((0.,0.,0.));\n",
            "counts as none");
}

// Axes along x at y = 1 m and along y at x = 3 m, in a grid that lies somewhere.
#define GRID                                                                                       \
    "#110=IFCGRID('0000000000000000000002',$,$,$,$,#10,$,(#111),(#112),$,$);\n"                    \
    "#111=IFCGRIDAXIS('A',#113,.T.);\n#112=IFCGRIDAXIS('1',#114,.T.);\n"                           \
    "#113=IFCPOLYLINE((#115,#116));\n#114=IFCPOLYLINE((#117,#118));\n"                             \
    "#115=IFCCARTESIANPOINT((0.,1000.));\n#116=IFCCARTESIANPOINT((2000.,1000.));\n"                \
    "#117=IFCCARTESIANPOINT((3000.,0.));\n#118=IFCCARTESIANPOINT((3000.,9000.));\n"

static void at_crossings(void **state) {
    (void)state;
    lies(GRID "#100=IFCGRIDPLACEMENT($,#101,$);\n"
              "#101=IFCVIRTUALGRIDINTERSECTION((#111,#112),(0.,0.));\n",
         103, 201, 5, 1, 0);
    // Moved to the left of each axis and up, looking to another crossing.
    lies(GRID "#100=IFCGRIDPLACEMENT($,#101,#102);\n"
              "#101=IFCVIRTUALGRIDINTERSECTION((#111,#112),(500.,250.,100.));\n"
              "#102=IFCVIRTUALGRIDINTERSECTION((#111,#112),(1500.,250.,100.));\n",
         102.75, 201.5, 5.1, 0, 1);
    lies(GRID "#100=IFCGRIDPLACEMENT($,#101,#11);\n"
              "#101=IFCVIRTUALGRIDINTERSECTION((#112,#111),(0.,0.));\n",
         103, 201, 5, 0, 1);
    // An axis the other way round: its left is the other side.
    lies("#110=IFCGRID('0000000000000000000002',$,$,$,$,$,$,(#111),(#112),$,$);\n"
         "#111=IFCGRIDAXIS('A',#7,.F.);\n#112=IFCGRIDAXIS('1',#113,.T.);\n"
         "#113=IFCPOLYLINE((#114,#115));\n#114=IFCCARTESIANPOINT((0.,5000.));\n"
         "#115=IFCCARTESIANPOINT((1000.,5000.));\n#100=IFCGRIDPLACEMENT($,#101,$);\n"
         "#101=IFCVIRTUALGRIDINTERSECTION((#111,#112),(1000.,0.));\n",
         11, 5, 0, 0, -1);
}

static void at_crossings_that_are_none(void **state) {
    (void)state;
    is_none("#100=IFCGRIDPLACEMENT($,#101,$);\n"
            "#101=IFCVIRTUALGRIDINTERSECTION((#111,#111),(0.,0.));\n"
            "#111=IFCGRIDAXIS('A',#112,.T.);\n#112=IFCPOLYLINE((#4,#5));\n",
            "do not cross");
    is_none("#100=IFCGRIDPLACEMENT($,#101,$);\n"
            "#101=IFCVIRTUALGRIDINTERSECTION((#111),(0.,0.));\n"
            "#111=IFCGRIDAXIS('A',#7,.T.);\n",
            "1 axes");
    is_none("#100=IFCGRIDPLACEMENT($,$,$);\n", "PlacementLocation");
    // A grid that is placed at its own crossing.
    world w;
    open_world(&w, "#110=IFCGRID('0000000000000000000002',$,$,$,$,#100,$,(#111),(#112),$,$);\n"
                   "#111=IFCGRIDAXIS('A',#7,.T.);\n#112=IFCGRIDAXIS('1',#7,.T.);\n"
                   "#100=IFCGRIDPLACEMENT($,#101,$);\n"
                   "#101=IFCVIRTUALGRIDINTERSECTION((#111,#112),(0.,0.));\n");
    (void)ct_ifc__place(w.places, ct_step__find(w.f.m.step, 100));
    assert_int_equal(ct_diagnostics_count(w.f.found, CT_SEVERITY_ERROR), 1);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(along_curves),
        cmocka_unit_test(along_alignments),
        cmocka_unit_test(along_what_is_not_there),
        cmocka_unit_test(at_crossings),
        cmocka_unit_test(at_crossings_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
