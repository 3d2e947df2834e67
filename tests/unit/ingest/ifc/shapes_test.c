// Shapes of IFC products: each family of items by volume and area, what is shared, chosen, cut
// short and told; the same on any number of threads.
#include <math.h>

#include "../harness.h"
#include "base/buf.h"
#include "model/body.h"

// ---- a file around a few lines ------------------------------------------------------------------

// Metres and, for angles, what is told: "$" means radians. Lines take numbers from 100 on; #20 is a
// frame without a turn, #21 the body's context, #22 up, #24 a placement in the plane.
static const char *model_of(const char *schema, const char *lines) {
    const bool old = strcmp(schema, "IFC2X3") == 0;
    const char *text = ct_arena_printf(
        arena,
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
        "FILE_NAME('a','2026-01-01T00:00:00',(''),(''),'','','');\nFILE_SCHEMA(('%s'));\n"
        "ENDSEC;\nDATA;\n"
        "#1=IFCPROJECT('0Project0000000000000A',%s,'P',$,$,$,$,(#21),#2);\n"
        "#2=IFCUNITASSIGNMENT((#3,#4));\n#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n"
        "#4=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);\n"
        "#5=IFCOWNERHISTORY(#6,#7,$,.ADDED.,$,$,$,0);\n#6=IFCPERSONANDORGANIZATION(#8,#9,$);\n"
        "#7=IFCAPPLICATION(#9,'1','a','a');\n#8=IFCPERSON($,'x',$,$,$,$,$,$);\n"
        "#9=IFCORGANIZATION($,'o',$,$,$);\n"
        "#10=IFCBUILDING('0Building000000000000A',%s,'B',$,$,#30,$,$,.ELEMENT.,$,$,$);\n"
        "#11=IFCBUILDINGSTOREY('0Storey00000000000000A',%s,'S',$,$,#30,$,$,.ELEMENT.,0.);\n"
        "#12=IFCRELAGGREGATES('0Rel000000000000000000',%s,$,$,#1,(#10));\n"
        "#13=IFCRELAGGREGATES('0Rel000000000000000001',%s,$,$,#10,(#11));\n"
        "#20=IFCAXIS2PLACEMENT3D(#23,$,$);\n"
        "#21=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#20,$);\n"
        "#22=IFCDIRECTION((0.,0.,1.));\n#23=IFCCARTESIANPOINT((0.,0.,0.));\n"
        "#24=IFCAXIS2PLACEMENT2D(#25,$);\n#25=IFCCARTESIANPOINT((0.,0.));\n"
        "#26=IFCDIRECTION((1.,0.,0.));\n#27=IFCDIRECTION((0.,1.,0.));\n"
        "#30=IFCLOCALPLACEMENT($,#20);\n%s\nENDSEC;\nEND-ISO-10303-21;\n",
        schema, old ? "#5" : "$", old ? "#5" : "$", old ? "#5" : "$", old ? "#5" : "$",
        old ? "#5" : "$", lines);
    assert_non_null(text);
    const char *path = in_folder("model.ifc");
    must(ct_file_write(path, text, strlen(text)));
    return path;
}

// A product of the items; its GlobalId ends with `letter`.
static const char *product(char letter, const char *items) {
    const char *text = ct_arena_printf(
        arena,
        "#9%d1=IFCSHAPEREPRESENTATION(#21,'Body','SolidModel',(%s));\n"
        "#9%d2=IFCPRODUCTDEFINITIONSHAPE($,$,(#9%d1));\n"
        "#9%d3=IFCBUILDINGELEMENTPROXY('0Proxy000000000000000%c',#5,'x',$,$,#30,#9%d2,$,$);\n",
        letter, items, letter, letter, letter, letter, letter);
    assert_non_null(text);
    return text;
}

static const char *join(const char *a, const char *b) {
    const char *text = ct_arena_printf(arena, "%s%s", a, b);
    assert_non_null(text);
    return text;
}

static ct_ingest_options placed(void) {
    ct_ingest_options o = options_for();
    o.anchor.given = true;
    o.anchor.east_m = 500000;
    o.anchor.north_m = 3300000;
    return o;
}

// What a sink sees of bodies, which last no longer than the call.
typedef struct seen {
    size_t n_bodies, n_parts, n_shared; // parts whose mesh one before had
    double volume_m3, area_m2;
    ct_box3 box;
    const ct_mesh *meshes[64];
    float red;
    ct_buf bytes; // of all meshes and places
} seen;

static void see_part(seen *s, const ct_body_part *part) {
    const ct_mesh *mesh = part->mesh;
    must(ct_mesh_check(mesh));
    for (size_t i = 0; i < s->n_parts && i < 64; i++)
        if (s->meshes[i] == mesh) {
            s->n_shared++;
            break;
        }
    if (s->n_parts < 64) s->meshes[s->n_parts] = mesh;
    s->n_parts++;
    s->red = part->material.rgba[0];
    ct_mesh moved;
    must(ct_mesh_copy(&moved, arena, mesh));
    ct_mesh_transform(&moved, &part->place);
    s->area_m2 += ct_mesh_area_m2(&moved);
    ct_buf_put(&s->bytes, mesh->xyz, 3 * (size_t)mesh->n_points * sizeof *mesh->xyz);
    ct_buf_put(&s->bytes, mesh->triangles, 3 * (size_t)mesh->n_triangles * sizeof *mesh->triangles);
    ct_buf_put(&s->bytes, &part->place, sizeof part->place);
}

static ct_err see(void *context, const ct_feature *f) {
    seen *s = context;
    if (!f->body) return CT_OK;
    ct_box3 box;
    assert_true(ct_body_box(&box, f->body));
    for (int k = 0; k < 3; k++) {
        s->box.min[k] = s->n_bodies ? fmin(s->box.min[k], box.min[k]) : box.min[k];
        s->box.max[k] = s->n_bodies ? fmax(s->box.max[k], box.max[k]) : box.max[k];
    }
    s->n_bodies++;
    s->volume_m3 += ct_body_volume_m3(f->body);
    for (size_t i = 0; i < f->body->n_parts; i++) see_part(s, &f->body->parts[i]);
    return CT_OK;
}

static ct_err try_look(seen *s, const char *path, int threads) {
    ct_ingest_options o = placed();
    o.threads = threads;
    const ct_sink sink = {see, s};
    ct_buf_fini(&s->bytes);
    *s = (seen){0};
    ct_buf_init(&s->bytes, 64 << 20);
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    assert_non_null(report);
    return ct_ingest_file(path, &o, &sink, report);
}

static void look(seen *s, const char *path, int threads) {
    must(try_look(s, path, threads));
    must(ct_buf_status(&s->bytes));
}

// ---- families -----------------------------------------------------------------------------------

typedef struct family {
    const char *name, *lines, *items;
    double volume_m3, area_m2; // NaN: not looked at
    double within;             // part of the value
    const char *schema;        // NULL: IFC4
} family;

#define PI                3.14159265358979323846
#define RECTANGLE         "#100=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,2.,3.);\n"
#define EXTRUDED(profile) "#101=IFCEXTRUDEDAREASOLID(" profile ",#20,#22,4.);\n"
#define CLOSED            "#100=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#110);\n"
#define CUBE_POINTS                                                                                \
    "#110=IFCCARTESIANPOINT((0.,0.,0.));\n#111=IFCCARTESIANPOINT((1.,0.,0.));\n"                   \
    "#112=IFCCARTESIANPOINT((1.,1.,0.));\n#113=IFCCARTESIANPOINT((0.,1.,0.));\n"                   \
    "#114=IFCCARTESIANPOINT((0.,0.,1.));\n#115=IFCCARTESIANPOINT((1.,0.,1.));\n"                   \
    "#116=IFCCARTESIANPOINT((1.,1.,1.));\n#117=IFCCARTESIANPOINT((0.,1.,1.));\n"
#define CUBE_FACE(n, a, b, c, d)                                                                   \
    "#12" n "=IFCPOLYLOOP((#11" a ",#11" b ",#11" c ",#11" d "));\n"                               \
    "#13" n "=IFCFACEOUTERBOUND(#12" n ",.T.);\n#14" n "=IFCFACE((#13" n "));\n"
// Every other face looks inside.
#define CUBE_FACES                                                                                 \
    CUBE_POINTS CUBE_FACE("0", "0", "1", "2", "3") CUBE_FACE("1", "4", "5", "6", "7")              \
        CUBE_FACE("2", "0", "1", "5", "4") CUBE_FACE("3", "2", "1", "5", "6")                      \
            CUBE_FACE("4", "2", "3", "7", "6") CUBE_FACE("5", "0", "3", "7", "4")

static const family k_families[] = {
    {"rectangle", RECTANGLE EXTRUDED("#100"), "#101", 24, 52, 1e-12, NULL},
    {"an extrusion askew",
     RECTANGLE "#102=IFCDIRECTION((0.6,0.,0.8));\n#101=IFCEXTRUDEDAREASOLID(#100,#20,#102,5.);\n",
     "#101", 24, NAN, 1e-12, NULL},
    {"a half circle by parameters, closed by a line",
     CLOSED
     "#110=IFCCOMPOSITECURVE((#111,#112),.F.);\n"
     "#111=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#113);\n"
     "#112=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#115);\n"
     "#113=IFCTRIMMEDCURVE(#114,(IFCPARAMETERVALUE(0.)),"
     "(IFCPARAMETERVALUE(3.14159265358979)),.T.,.PARAMETER.);\n"
     "#114=IFCCIRCLE(#24,1.);\n#115=IFCPOLYLINE((#116,#117));\n"
     "#116=IFCCARTESIANPOINT((-1.,0.));\n#117=IFCCARTESIANPOINT((1.,0.));\n" EXTRUDED("#100"),
     "#101", 2 * PI, PI + 4 * (PI + 2), 0.01, NULL},
    {"a half circle by points, against its sense, with a segment turned round",
     CLOSED
     "#110=IFCCOMPOSITECURVE((#111,#112),.F.);\n"
     "#111=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.F.,#113);\n"
     "#112=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#115);\n"
     "#113=IFCTRIMMEDCURVE(#114,(#116),(#117),.F.,.CARTESIAN.);\n"
     "#114=IFCCIRCLE(#24,1.);\n#115=IFCPOLYLINE((#116,#117));\n"
     "#116=IFCCARTESIANPOINT((-1.,0.));\n#117=IFCCARTESIANPOINT((1.,0.));\n" EXTRUDED("#100"),
     "#101", 2 * PI, PI + 4 * (PI + 2), 0.01, NULL},
    {"lines and an arc by indices",
     CLOSED "#110=IFCINDEXEDPOLYCURVE(#111,(IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,4)),"
            "IFCLINEINDEX((4,1))),.F.);\n"
            "#111=IFCCARTESIANPOINTLIST2D(((0.,0.),(1.,0.),(0.707106781186548,0.707106781186548),"
            "(0.,1.)));\n" EXTRUDED("#100"),
     "#101", PI, PI / 2 + 4 * (2 + PI / 2), 0.01, NULL},
    {"an ellipse", "#100=IFCELLIPSEPROFILEDEF(.AREA.,$,$,2.,1.);\n" EXTRUDED("#100"), "#101",
     8 * PI, NAN, 0.01, NULL},
    // A circle of radius 1 as a rational curve of degree 2.
    {"a rational curve",
     CLOSED
     "#110=IFCRATIONALBSPLINECURVEWITHKNOTS(2,(#111,#112,#113,#114,#115,#116,#117,#118,#111),"
     ".UNSPECIFIED.,.T.,.F.,(3,2,2,2,3),(0.,1.,2.,3.,4.),.UNSPECIFIED.,(1.,0.707106781186548,1.,"
     "0.707106781186548,1.,0.707106781186548,1.,0.707106781186548,1.));\n"
     "#111=IFCCARTESIANPOINT((1.,0.));\n#112=IFCCARTESIANPOINT((1.,1.));\n"
     "#113=IFCCARTESIANPOINT((0.,1.));\n#114=IFCCARTESIANPOINT((-1.,1.));\n"
     "#115=IFCCARTESIANPOINT((-1.,0.));\n#116=IFCCARTESIANPOINT((-1.,-1.));\n"
     "#117=IFCCARTESIANPOINT((0.,-1.));\n#118=IFCCARTESIANPOINT((1.,-1.));\n" EXTRUDED("#100"),
     "#101", 4 * PI, 2 * PI + 8 * PI, 0.01, NULL},
    {"voids, one of them without area",
     "#100=IFCARBITRARYPROFILEDEFWITHVOIDS(.AREA.,$,#110,(#111,#112));\n"
     "#110=IFCPOLYLINE((#120,#121,#122,#123,#120));\n#111=IFCCIRCLE(#24,0.5);\n"
     "#112=IFCPOLYLINE((#120,#121,#120));\n#120=IFCCARTESIANPOINT((-1.,-1.));\n"
     "#121=IFCCARTESIANPOINT((1.,-1.));\n#122=IFCCARTESIANPOINT((1.,1.));\n"
     "#123=IFCCARTESIANPOINT((-1.,1.));\n" EXTRUDED("#100"),
     "#101", 4 * (4 - PI / 4), NAN, 0.01, NULL},
    {"a centre line with a corner",
     "#100=IFCCENTERLINEPROFILEDEF(.AREA.,$,#110,0.2);\n#110=IFCPOLYLINE((#111,#112,#113));\n"
     "#111=IFCCARTESIANPOINT((0.,0.));\n#112=IFCCARTESIANPOINT((2.,0.));\n"
     "#113=IFCCARTESIANPOINT((2.,3.));\n" EXTRUDED("#100"),
     "#101", 4 * (0.2 * 5), NAN, 1e-9, NULL},
    {"two profiles in one, one of them mirrored",
     "#100=IFCCOMPOSITEPROFILEDEF(.AREA.,$,(#110,#111),$);\n"
     "#110=IFCRECTANGLEPROFILEDEF(.AREA.,$,#112,1.,1.);\n"
     "#111=IFCMIRROREDPROFILEDEF(.AREA.,$,#110,*,$);\n#112=IFCAXIS2PLACEMENT2D(#113,$);\n"
     "#113=IFCCARTESIANPOINT((2.,0.));\n" EXTRUDED("#100"),
     "#101", 8, 36, 1e-12, NULL},
    {"a profile derived to half its size",
     RECTANGLE "#110=IFCDERIVEDPROFILEDEF(.AREA.,$,#100,#111,$);\n"
               "#111=IFCCARTESIANTRANSFORMATIONOPERATOR2D($,$,#25,0.5);\n" EXTRUDED("#110"),
     "#101", 6, NAN, 1e-12, NULL},
    {"an open line gives a surface",
     "#100=IFCARBITRARYOPENPROFILEDEF(.CURVE.,$,#110);\n#110=IFCPOLYLINE((#111,#112));\n"
     "#111=IFCCARTESIANPOINT((0.,0.));\n#112=IFCCARTESIANPOINT((3.,0.));\n" EXTRUDED("#100"),
     "#101", 0, 12, 1e-12, NULL},
    {"a frustum",
     RECTANGLE "#102=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,1.,1.5);\n"
               "#101=IFCEXTRUDEDAREASOLIDTAPERED(#100,#20,#22,4.,#102);\n",
     "#101", 14, NAN, 1e-12, NULL},
    {"a circle that becomes a square",
     "#100=IFCCIRCLEPROFILEDEF(.AREA.,$,$,1.);\n"
     "#102=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,2.,2.);\n"
     "#101=IFCEXTRUDEDAREASOLIDTAPERED(#100,#20,#22,1.,#102);\n",
     "#101", 3.55, NAN, 0.03, NULL},
    {"a quarter of a ring",
     "#100=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,1.,1.);\n#102=IFCAXIS1PLACEMENT(#103,#27);\n"
     "#103=IFCCARTESIANPOINT((3.,0.,0.));\n"
     "#101=IFCREVOLVEDAREASOLID(#100,#20,#102,1.5707963267949);\n",
     "#101", 3 * PI / 2, NAN, 0.01, NULL},
    {"a torus",
     "#100=IFCCIRCLEPROFILEDEF(.AREA.,$,$,0.5);\n#102=IFCAXIS1PLACEMENT(#103,#27);\n"
     "#103=IFCCARTESIANPOINT((2.,0.,0.));\n"
     "#101=IFCREVOLVEDAREASOLID(#100,#20,#102,6.28318530717959);\n",
     "#101", 2 * PI *PI * 2 * 0.25, 4 * PI *PI * 2 * 0.5, 0.01, NULL},
    {"a cone turned about its side",
     "#100=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#110);\n#110=IFCPOLYLINE((#111,#112,#113,#111));\n"
     "#111=IFCCARTESIANPOINT((0.,0.));\n#112=IFCCARTESIANPOINT((1.,0.));\n"
     "#113=IFCCARTESIANPOINT((0.,3.));\n#102=IFCAXIS1PLACEMENT(#23,#27);\n"
     "#101=IFCREVOLVEDAREASOLID(#100,#20,#102,6.28318530717959);\n",
     "#101", PI, NAN, 0.01, NULL},
    {"a bent pipe",
     "#100=IFCPOLYLINE((#111,#112,#113));\n#111=IFCCARTESIANPOINT((0.,0.,0.));\n"
     "#112=IFCCARTESIANPOINT((2.,0.,0.));\n#113=IFCCARTESIANPOINT((2.,0.,3.));\n"
     "#101=IFCSWEPTDISKSOLID(#100,0.02,0.015,$,$);\n",
     "#101", PI *(0.0004 - 0.000225) * 5, NAN, 1e-4, NULL},
    {"a bar that begins half way",
     "#100=IFCPOLYLINE((#111,#112));\n#111=IFCCARTESIANPOINT((0.,0.,0.));\n"
     "#112=IFCCARTESIANPOINT((2.,0.,0.));\n#101=IFCSWEPTDISKSOLID(#100,0.02,$,0.5,1.);\n",
     "#101", PI * 0.0004, 2 * PI * 0.02 + 2 * PI * 0.0004, 0.01, NULL},
    {"a bar with rounded corners",
     "#100=IFCPOLYLINE((#111,#112,#113));\n#111=IFCCARTESIANPOINT((0.,0.,0.));\n"
     "#112=IFCCARTESIANPOINT((2.,0.,0.));\n#113=IFCCARTESIANPOINT((2.,2.,0.));\n"
     "#101=IFCSWEPTDISKSOLIDPOLYGONAL(#100,0.02,$,$,$,0.5);\n",
     "#101", PI * 0.0004 * (3 + 0.25 * PI), NAN, 0.005, NULL},
    {"an area along a line with a corner",
     "#100=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,0.2,0.1);\n#110=IFCPOLYLINE((#111,#112,#113));\n"
     "#111=IFCCARTESIANPOINT((0.,0.,0.));\n#112=IFCCARTESIANPOINT((2.,0.,0.));\n"
     "#113=IFCCARTESIANPOINT((2.,3.,0.));\n"
     "#101=IFCFIXEDREFERENCESWEPTAREASOLID(#100,#20,#110,$,$,#22);\n",
     "#101", 0.02 * 5, NAN, 1e-9, NULL},
    {"an area along a curve on a plane",
     "#100=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,0.2,0.1);\n#110=IFCPOLYLINE((#111,#112,#113));\n"
     "#111=IFCCARTESIANPOINT((0.,0.,0.));\n#112=IFCCARTESIANPOINT((2.,0.,0.));\n"
     "#113=IFCCARTESIANPOINT((2.,3.,0.));\n#114=IFCPLANE(#20);\n"
     "#101=IFCSURFACECURVESWEPTAREASOLID(#100,#20,#110,0.,1.,#114);\n",
     "#101", 0.02 * 5, NAN, 1e-9, NULL},
    {"through cross sections",
     RECTANGLE "#102=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,4.,3.);\n"
               "#103=IFCAXIS2PLACEMENT3D(#104,$,$);\n#104=IFCCARTESIANPOINT((0.,0.,2.));\n"
               "#105=IFCCOMPOSITECURVE((#106),.F.);\n"
               "#106=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#107);\n"
               "#107=IFCPOLYLINE((#23,#104));\n"
               "#101=IFCSECTIONEDSPINE(#105,(#100,#102),(#20,#103));\n",
     "#101", 18, NAN, 1e-12, NULL},
    {"a shell wound anyhow",
     CUBE_FACES "#101=IFCFACETEDBREP(#102);\n"
                "#102=IFCCLOSEDSHELL((#140,#141,#142,#143,#144,#145));\n",
     "#101", 1, 6, 1e-12, NULL},
    {"a brep whose faces nearly meet",
     CUBE_FACES "#150=IFCCARTESIANPOINT((1.00008,1.,1.));\n"
                "#151=IFCPOLYLOOP((#112,#113,#117,#150));\n#152=IFCFACEOUTERBOUND(#151,.T.);\n"
                "#153=IFCFACE((#152));\n#101=IFCBOOLEANRESULT(.DIFFERENCE.,#104,#105);\n"
                "#104=IFCFACETEDBREP(#102);\n#105=IFCBLOCK(#20,0.5,1.,1.);\n"
                "#102=IFCCLOSEDSHELL((#140,#141,#142,#143,#153,#145));\n",
     "#101", 0.5, 4, 1e-3, NULL},
    {"a surface model",
     CUBE_FACES "#101=IFCFACEBASEDSURFACEMODEL((#102));\n"
                "#102=IFCCONNECTEDFACESET((#140,#141,#142,#143,#144,#145));\n",
     "#101", 1, 6, 1e-12, NULL},
    {"an open shell",
     CUBE_FACES "#101=IFCSHELLBASEDSURFACEMODEL((#102));\n"
                "#102=IFCOPENSHELL((#140,#141));\n",
     "#101", NAN, 2, 1e-12, NULL},
    {"triangles by indices of indices",
     "#100=IFCCARTESIANPOINTLIST3D(((9.,9.,9.),(0.,0.,0.),(1.,0.,0.),(0.,1.,0.),(0.,0.,1.)));\n"
     "#101=IFCTRIANGULATEDFACESET(#100,$,.T.,((1,2,3),(1,2,4),(2,3,4),(1,3,4)),(2,3,4,5));\n",
     "#101", 1.0 / 6, NAN, 1e-12, NULL},
    {"polygons with a hole",
     "#100=IFCCARTESIANPOINTLIST3D(((0.,0.,0.),(3.,0.,0.),(3.,3.,0.),(0.,3.,0.),(1.,1.,0.),"
     "(2.,1.,0.),(2.,2.,0.),(1.,2.,0.)));\n"
     "#101=IFCPOLYGONALFACESET(#100,.F.,(#102),$);\n"
     "#102=IFCINDEXEDPOLYGONALFACEWITHVOIDS((1,2,3,4),((5,6,7,8)));\n",
     "#101", NAN, 8, 1e-12, NULL},
    {"a block", "#100=IFCBLOCK(#20,2.,3.,4.);\n#101=IFCCSGSOLID(#100);\n", "#101", 24, 52, 1e-12,
     NULL},
    {"a pyramid", "#101=IFCRECTANGULARPYRAMID(#20,2.,3.,4.);\n", "#101", 8, NAN, 1e-12, NULL},
    {"a cone", "#101=IFCRIGHTCIRCULARCONE(#20,3.,1.);\n", "#101", PI, PI *(1 + 3.16227766016838),
     0.01, NULL},
    {"a cylinder", "#101=IFCRIGHTCIRCULARCYLINDER(#20,3.,1.);\n", "#101", 3 * PI, 8 * PI, 0.01,
     NULL},
    {"a sphere", "#101=IFCSPHERE(#20,1.);\n", "#101", 4 * PI / 3, 4 * PI, 0.01, NULL},
    {"mapped, larger in two directions and mirrored",
     RECTANGLE EXTRUDED(
         "#100") "#110=IFCREPRESENTATIONMAP(#20,#111);\n"
                 "#111=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#101));\n"
                 "#112=IFCMAPPEDITEM(#110,#113);\n#114=IFCDIRECTION((0.,0.,-1.));\n"
                 "#113=IFCCARTESIANTRANSFORMATIONOPERATOR3DNONUNIFORM(#26,#27,#23,2.,"
                 "#114,3.,1.);\n",
     "#112", 144, NAN, 1e-12, NULL},
    {"cross sections along a line with a corner",
     RECTANGLE "#110=IFCPOLYLINE((#111,#112,#113));\n#111=IFCCARTESIANPOINT((0.,0.,0.));\n"
               "#112=IFCCARTESIANPOINT((20.,0.,0.));\n#113=IFCCARTESIANPOINT((20.,30.,0.));\n"
               "#114=IFCAXIS2PLACEMENTLINEAR(#115,$,$);\n"
               "#115=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(10.),$,$,$,#110);\n"
               "#116=IFCAXIS2PLACEMENTLINEAR(#117,$,$);\n"
               "#117=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(50.),$,$,$,#110);\n"
               "#101=IFCSECTIONEDSOLIDHORIZONTAL(#110,(#100,#100),(#114,#116));\n",
     "#101", 240, NAN, 1e-9, "IFC4X3_ADD2"},
    // A quarter of a circle of 100 m in plan and a way up of 1 in 10.
    {"cross sections along an alignment",
     RECTANGLE "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
               "#111=IFCCURVESEGMENT(.CONTINUOUS.,#24,IFCLENGTHMEASURE(0.),"
               "IFCLENGTHMEASURE(157.07963267949),#112);\n#112=IFCCIRCLE(#24,100.);\n"
               "#120=IFCGRADIENTCURVE((#121),.F.,#110,$);\n"
               "#121=IFCCURVESEGMENT(.CONTINUOUS.,#122,IFCLENGTHMEASURE(0.),"
               "IFCLENGTHMEASURE(200.),#124);\n#122=IFCAXIS2PLACEMENT2D(#25,#123);\n"
               "#123=IFCDIRECTION((10.,1.));\n#124=IFCLINE(#25,#125);\n"
               "#125=IFCVECTOR(#26,1.);\n#114=IFCAXIS2PLACEMENTLINEAR(#115,$,$);\n"
               "#115=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(0.),$,$,$,#120);\n"
               "#116=IFCAXIS2PLACEMENTLINEAR(#117,$,$);\n"
               "#117=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(157.),$,$,$,#120);\n"
               "#101=IFCSECTIONEDSOLIDHORIZONTAL(#120,(#100,#100),(#114,#116));\n",
     "#101", 6 * 157, NAN, 0.002, "IFC4X3_ADD2"},
    {"a bar along a clothoid",
     "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
     "#111=IFCCURVESEGMENT(.CONTINUOUS.,#24,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50.),#112);\n"
     "#112=IFCCLOTHOID(#24,60.);\n#101=IFCSWEPTDISKSOLID(#110,0.02,$,$,$);\n",
     "#101", PI * 0.0004 * 50, NAN, 0.002, "IFC4X3_ADD2"},
    // As long as its segment tells, whatever bends it.
    {"a bar along a cubic spiral",
     "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
     "#111=IFCCURVESEGMENT(.CONTINUOUS.,#24,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50.),#112);\n"
     "#112=IFCTHIRDORDERPOLYNOMIALSPIRAL(#24,60.,-80.,70.,$);\n"
     "#101=IFCSWEPTDISKSOLID(#110,0.02,$,$,$);\n",
     "#101", PI * 0.0004 * 50, NAN, 0.002, "IFC4X3_ADD2"},
    {"a bar along a cosine spiral",
     "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
     "#111=IFCCURVESEGMENT(.CONTINUOUS.,#24,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50.),#112);\n"
     "#112=IFCCOSINESPIRAL(#24,60.,-90.);\n#101=IFCSWEPTDISKSOLID(#110,0.02,$,$,$);\n",
     "#101", PI * 0.0004 * 50, NAN, 0.002, "IFC4X3_ADD2"},
    // y = x^2 / 40 over 20 m of its length.
    {"a bar along a parabola",
     "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
     "#111=IFCCURVESEGMENT(.CONTINUOUS.,#24,IFCLENGTHMEASURE(5.),IFCLENGTHMEASURE(20.),#112);\n"
     "#112=IFCPOLYNOMIALCURVE(#24,(0.,1.),(0.,0.,0.025),$);\n"
     "#101=IFCSWEPTDISKSOLID(#110,0.02,$,$,$);\n",
     "#101", PI * 0.0004 * 20, NAN, 0.002, "IFC4X3_ADD2"},
    // Beside a line of 30 m: 0 m at its begin, 4 m to the left and 3 m up at 10 m and from there
    // on.
    {"a bar along offsets by distances",
     "#110=IFCPOLYLINE((#111,#112));\n#111=IFCCARTESIANPOINT((0.,0.,0.));\n"
     "#112=IFCCARTESIANPOINT((30.,0.,0.));\n"
     "#113=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(0.),0.,0.,$,#110);\n"
     "#114=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(10.),4.,3.,$,#110);\n"
     "#115=IFCOFFSETCURVEBYDISTANCES(#110,(#113,#114),$);\n"
     "#101=IFCSWEPTDISKSOLID(#115,0.02,$,$,$);\n",
     "#101", PI * 0.0004 * (11.180339887 + 20), NAN, 0.002, "IFC4X3_ADD2"},
    {"an old I-shape",
     "#100=IFCISHAPEPROFILEDEF(.AREA.,$,#24,0.2,0.4,0.01,0.02,$);\n" EXTRUDED("#100"), "#101",
     4 * (2 * 0.2 * 0.02 + 0.36 * 0.01), NAN, 1e-9, "IFC2X3"},
    {"an old asymmetric I-shape",
     "#100=IFCASYMMETRICISHAPEPROFILEDEF(.AREA.,$,#24,0.2,0.4,0.01,0.02,$,0.1,0.03,$,$);"
     "\n" EXTRUDED("#100"),
     "#101", 4 * (0.2 * 0.02 + 0.1 * 0.03 + 0.35 * 0.01), NAN, 1e-9, "IFC2X3"},
};

static void near(const char *name, const char *what, double got, double expected, double within) {
    if (isnan(expected)) return;
    if (!(fabs(got - expected) <= within * fmax(fabs(expected), 1e-6)))
        fail_msg("%s: %s %.9g, not %.9g", name, what, got, expected);
}

static void families(void **state) {
    (void)state;
    seen s = {0};
    for (size_t i = 0; i < sizeof k_families / sizeof *k_families; i++) {
        const family *f = &k_families[i];
        const char *path =
            model_of(f->schema ? f->schema : "IFC4", join(f->lines, product('A', f->items)));
        look(&s, path, 1);
        if (s.n_bodies != 1) fail_msg("%s: %zu bodies", f->name, s.n_bodies);
        near(f->name, "volume", s.volume_m3, f->volume_m3, f->within);
        near(f->name, "area", s.area_m2, f->area_m2, f->within);
    }
    ct_buf_fini(&s.bytes);
}

// ---- sharing and threads ------------------------------------------------------------------------

#define MAPPED                                                                                     \
    RECTANGLE EXTRUDED("#100") "#110=IFCREPRESENTATIONMAP(#20,#111);\n"                            \
                               "#111=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#101));\n"    \
                               "#112=IFCMAPPEDITEM(#110,$);\n#113=IFCMAPPEDITEM(#110,$);\n"        \
                               "#114=IFCSPHERE(#20,1.);\n"

static void shared(void **state) {
    (void)state;
    seen s = {0};
    const char *both = join(product('A', "#112,#114"), product('B', "#113"));
    look(&s, model_of("IFC4", join(MAPPED, both)), 1);
    assert_int_equal(s.n_parts, 3);
    assert_int_equal(s.n_shared, 1);
    near("shared", "volume", s.volume_m3, 48 + 4 * PI / 3, 0.01);
    ct_buf_fini(&s.bytes);
}

static void same_on_any_number_of_threads(void **state) {
    (void)state;
    const char *lines = MAPPED;
    char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; letters[i]; i++)
        lines = join(lines, product(letters[i], i % 3 ? "#112,#114" : "#114,#113,#101"));
    const char *path = model_of("IFC4", lines);
    seen one = {0}, more = {0};
    look(&one, path, 1);
    assert_int_equal(one.n_bodies, 26);
    for (int threads = 2; threads <= 5; threads += 3) {
        look(&more, path, threads);
        assert_int_equal(more.bytes.len, one.bytes.len);
        assert_memory_equal(more.bytes.data, one.bytes.data, one.bytes.len);
    }
    ct_buf_fini(&one.bytes);
    ct_buf_fini(&more.bytes);
}

// ---- what cannot be made ------------------------------------------------------------------------

static void has_finding(const char *rule, const char *part) {
    const ct_diagnostic *d = finding(rule);
    if (!d) fail_msg("no finding %s", rule);
    if (d && !strstr(d->text, part)) fail_msg("%s: \"%s\"", rule, d->text);
}

// The file is refused for a product made of these lines, naming the instance.
static void is_circle(const char *lines, const char *where) {
    seen s = {0};
    failed_with(try_look(&s, model_of("IFC4", lines), 2), CT_PARSE, "is a part of itself");
    found("shape-broken", CT_SEVERITY_ERROR, where, "is a part of itself");
    ct_buf_fini(&s.bytes);
}

static void cycles_end(void **state) {
    (void)state;
    is_circle(join("#110=IFCREPRESENTATIONMAP(#20,#111);\n"
                   "#111=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#112,#113));\n"
                   "#112=IFCMAPPEDITEM(#110,$);\n#113=IFCMAPPEDITEM(#110,$);\n",
                   product('A', "#112")),
              "IFCMAPPEDITEM #112");
    is_circle(join("#110=IFCCSGSOLID(#111);\n#111=IFCBOOLEANRESULT(.UNION.,#110,#110);\n",
                   product('A', "#110")),
              "IFCCSGSOLID #110");
    is_circle(join("#110=IFCBOOLEANRESULT(.UNION.,#111,#112);\n"
                   "#111=IFCBOOLEANRESULT(.UNION.,#110,#112);\n#112=IFCSPHERE(#20,1.);\n",
                   product('A', "#110")),
              "IFCBOOLEANRESULT #110");
    is_circle(join("#100=IFCCOMPOSITEPROFILEDEF(.AREA.,$,(#100,#100),$);\n" EXTRUDED("#100"),
                   product('A', "#101")),
              "IFCEXTRUDEDAREASOLID #101");
    is_circle(join("#100=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#110);\n"
                   "#110=IFCCOMPOSITECURVE((#111),.F.);\n"
                   "#111=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#110);\n" EXTRUDED("#100"),
                   product('A', "#101")),
              "IFCEXTRUDEDAREASOLID #101");
}

// Maps within maps, eight times each, nine levels deep: more than a hundred million spheres.
static void budget(void **state) {
    (void)state;
    seen s = {0};
    const char *lines = "#300=IFCSPHERE(#20,1.);\n";
    for (int i = 0; i < 9; i++)
        lines = join(lines,
                     ct_arena_printf(arena,
                                     "#4%d=IFCSHAPEREPRESENTATION(#21,'Body','',(#%d,#%d,#%d,#%d,"
                                     "#%d,#%d,#%d,#%d));\n#5%d=IFCREPRESENTATIONMAP(#20,#4%d);\n"
                                     "#%d=IFCMAPPEDITEM(#5%d,$);\n",
                                     i, 300 + i, 300 + i, 300 + i, 300 + i, 300 + i, 300 + i,
                                     300 + i, 300 + i, i, i, 301 + i, i));
    look(&s, model_of("IFC4", join(lines, product('A', "#300,#309"))), 1);
    assert_int_equal(s.n_bodies, 1);
    has_finding("shape-budget", "more");
    ct_buf_fini(&s.bytes);
}

static void box_in_place_of_what_is_not_read(void **state) {
    (void)state;
    seen s = {0};
    look(&s,
         model_of("IFC4",
                  "#100=IFCSECTIONEDSURFACE(#101,(#102),(#103));\n"
                  "#110=IFCBOUNDINGBOX(#23,1.,2.,3.);\n"
                  "#120=IFCSHAPEREPRESENTATION(#21,'Box','BoundingBox',(#110));\n"
                  "#121=IFCSHAPEREPRESENTATION(#21,'Body','SolidModel',(#100));\n"
                  "#122=IFCPRODUCTDEFINITIONSHAPE($,$,(#120,#121));\n"
                  "#123=IFCBUILDINGELEMENTPROXY('0Proxy000000000000000A',$,'x',$,$,#30,#122,$,$);"),
         1);
    near("box", "volume", s.volume_m3, 6, 1e-12);
    ct_buf_fini(&s.bytes);
}

static void bad_items(void **state) {
    (void)state;
    static const struct {
        const char *lines, *rule, *part;
    } bad[] = {
        {"#101=IFCSPHERE(#20,-1.);\n", "shape-broken", "Radius"},
        {"#101=IFCSPHERE(#20,$);\n", "shape-broken", "Radius"},
        {"#101=IFCEXTRUDEDAREASOLID(#777,#20,#22,1.);\n", "shape-broken", "SweptArea"},
        {RECTANGLE "#101=IFCEXTRUDEDAREASOLID(#100,#20,#26,1.);\n", "shape-broken", "flat"},
        {"#101=IFCFACETEDBREP(#102);\n#102=IFCCLOSEDSHELL((#103));\n#103=IFCFACE((#104));\n"
         "#104=IFCFACEOUTERBOUND(#105,.T.);\n#105=IFCPOLYLOOP((#23,#24));\n",
         "shape-broken", "point"},
        {CLOSED "#110=IFCLINE(#25,#111);\n#111=IFCVECTOR(#26,1.);\n" EXTRUDED("#100"),
         "shape-broken", "no end"},
        {"#101=IFCPLANE(#20);\n", "shape-unsupported", "IfcPlane"},
        {"#101=IFCTRIANGULATEDFACESET(#100,$,.T.,((1,2,9)),$);\n"
         "#100=IFCCARTESIANPOINTLIST3D(((0.,0.,0.),(1.,0.,0.),(0.,1.,0.)));\n",
         "shape-broken", "not there"},
    };
    seen s = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        look(&s, model_of("IFC4", join(bad[i].lines, product('A', "#101"))), 1);
        assert_int_equal(s.n_bodies, 0);
        has_finding(bad[i].rule, bad[i].part);
    }
    ct_buf_fini(&s.bytes);
}

// ---- choice, colours, ground --------------------------------------------------------------------

static void body_before_others(void **state) {
    (void)state;
    seen s = {0};
    look(&s,
         model_of("IFC4",
                  RECTANGLE EXTRUDED(
                      "#100") "#110=IFCSPHERE(#20,9.);\n#111=IFCPOLYLINE((#23,#112));\n"
                              "#112=IFCCARTESIANPOINT((1.,0.,0.));\n"
                              "#120=IFCSHAPEREPRESENTATION(#21,'Clearance','CSG',(#110));\n"
                              "#121=IFCSHAPEREPRESENTATION(#21,'Axis','Curve3D',(#111));\n"
                              "#122=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#101));\n"
                              "#125=IFCPRODUCTDEFINITIONSHAPE($,$,(#120,#121,#122));\n"
                              "#126=IFCBUILDINGELEMENTPROXY('0Proxy000000000000000A',$,'x',$,$,#30,"
                              "#125,$,$);"),
         1);
    assert_int_equal(s.n_parts, 1);
    near("choice", "volume", s.volume_m3, 24, 1e-12);
    near("choice", "east", s.box.min[0], 500000 - 1, 1e-12);
    near("choice", "top", s.box.max[2], 4, 1e-12);
    ct_buf_fini(&s.bytes);
}

#define COLOUR(red)                                                                                \
    "#131=IFCSURFACESTYLE('paint',.BOTH.,(#132));\n#132=IFCSURFACESTYLESHADING(#133,$);\n"         \
    "#133=IFCCOLOURRGB($," red ",0.,0.);\n"

static void colours(void **state) {
    (void)state;
    seen s = {0};
    look(&s,
         model_of("IFC4", join("#101=IFCSPHERE(#20,1.);\n" COLOUR(
                                   "0.5") "#130=IFCSTYLEDITEM(#101,(#131),$);\n",
                               product('A', "#101"))),
         1);
    assert_true(s.red == 0.5f);
    look(&s,
         model_of("IFC4",
                  join("#101=IFCSPHERE(#20,1.);\n" COLOUR(
                           "0.25") "#130=IFCSTYLEDITEM($,(#131),$);\n#134=IFCMATERIAL('m',$,$);\n"
                                   "#135=IFCSTYLEDREPRESENTATION(#21,'Style','Material',(#130));\n"
                                   "#136=IFCMATERIALDEFINITIONREPRESENTATION($,$,(#135),#134);\n"
                                   "#137=IFCRELASSOCIATESMATERIAL('0Rel000000000000000002',$,$,$,(#"
                                   "9653),#134);\n",
                       product('A', "#101"))),
         1);
    assert_true(s.red == 0.25f);
    ct_buf_fini(&s.bytes);
}

// A body has one colour: that of its shell, or of most of its faces that have one.
static void colours_of_faces(void **state) {
    (void)state;
    static const struct {
        const char *lines;
        float red;
    } cases[] = {
        {"#170=IFCSTYLEDITEM(#102,(#171),$);\n", 0.5f},
        {"#170=IFCSTYLEDITEM(#141,(#171),$);\n", 0.5f},
        // Two of one against one of another; the whole one's counts before them.
        {"#170=IFCSTYLEDITEM(#141,(#171),$);\n#160=IFCSTYLEDITEM(#142,(#161),$);\n"
         "#164=IFCSTYLEDITEM(#143,(#161),$);\n",
         0.75f},
        {"#170=IFCSTYLEDITEM(#101,(#171),$);\n#160=IFCSTYLEDITEM(#142,(#161),$);\n", 0.5f},
    };
    seen s = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *lines = join(
            CUBE_FACES "#101=IFCFACETEDBREP(#102);\n"
                       "#102=IFCCLOSEDSHELL((#140,#141,#142,#143,#144,#145));\n"
                       "#171=IFCSURFACESTYLE('paint',.BOTH.,(#172));\n"
                       "#172=IFCSURFACESTYLESHADING(#173,$);\n#173=IFCCOLOURRGB($,0.5,0.,0.);\n",
            "#161=IFCSURFACESTYLE('blue',.BOTH.,(#162));\n"
            "#162=IFCSURFACESTYLESHADING(#163,$);\n#163=IFCCOLOURRGB($,0.75,0.,0.);\n");
        look(&s, model_of("IFC4", join(join(lines, cases[i].lines), product('A', "#101"))), 1);
        if (s.red != cases[i].red) fail_msg("case %zu: red is %g", i, (double)s.red);
    }
    // Colours by number: most are of the second; out of range ones are held to it.
    const char *const maps[] = {"(1,2,2)", "(2,2,1)", "(1,2)"};
    const float reds[] = {0.75f, 0.75f, 0.25f};
    for (size_t i = 0; i < 3; i++) {
        const char *map = join("#130=IFCINDEXEDCOLOURMAP(#101,0.5,#131,", maps[i]);
        const char *lines = join(
            join("#100=IFCCARTESIANPOINTLIST3D(((0.,0.,0.),(1.,0.,0.),(1.,1.,0.),(0.,1.,0.)));\n"
                 "#101=IFCTRIANGULATEDFACESET(#100,$,$,((1,2,3),(1,3,4)),$);\n"
                 "#131=IFCCOLOURRGBLIST(((0.25,0.,0.),(0.75,0.,2.)));\n",
                 map),
            ");\n");
        look(&s, model_of("IFC4", join(lines, product('A', "#101"))), 1);
        if (s.red != reds[i]) fail_msg("%s: red is %g", maps[i], (double)s.red);
    }
    ct_buf_fini(&s.bytes);
}

static void ground(void **state) {
    (void)state;
    const ct_ingest_options o = placed();
    must(import(
        model_of(
            "IFC4",
            RECTANGLE EXTRUDED(
                "#100") "#121=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#101));\n"
                        "#122=IFCPRODUCTDEFINITIONSHAPE($,$,(#121));\n"
                        "#123=IFCSPACE('0Space000000000000000A',$,'1',$,$,#124,#122,$,.ELEMENT.,."
                        "SPACE.,$);"
                        "\n#124=IFCLOCALPLACEMENT(#30,#125);\n#125=IFCAXIS2PLACEMENT3D(#126,$,$);\n"
                        "#126=IFCCARTESIANPOINT((10.,0.,0.5));\n"
                        "#127=IFCRELAGGREGATES('0Rel000000000000000002',$,$,$,#11,(#123));\n"),
        &o));
    const ct_feature *space = by_id("0Space000000000000000A");
    assert_int_equal(space->geom.type, CT_GEOM_MULTIPOLYGON);
    near("space", "area", ct_geom_area_m2(&space->geom), 6, 1e-9);
    near("space", "area_m2", ct_feature_number(space, "area_m2", NAN), 6, 1e-9);
    near("space", "height_m", ct_feature_number(space, "height_m", NAN), 4, 1e-9);
    near("space", "volume_m3", ct_feature_number(space, "volume_m3", NAN), 24, 1e-9);
    near("storey", "area", ct_geom_area_m2(&by_id("0Storey00000000000000A")->geom), 6, 1e-3);
    const ct_feature *building = by_id("0Building000000000000A");
    near("building", "area", ct_geom_area_m2(&building->geom), 6, 1e-3);
    near("building", "height_m", ct_feature_number(building, "height_m", NAN), 4.5, 1e-9);
}

static void ground_that_is_drawn(void **state) {
    (void)state;
    const ct_ingest_options o = placed();
    must(import(
        model_of("IFC4",
                 "#100=IFCPOLYLINE((#101,#102,#103,#101));\n#101=IFCCARTESIANPOINT((0.,0.));\n"
                 "#102=IFCCARTESIANPOINT((3.,0.));\n#103=IFCCARTESIANPOINT((0.,4.));\n"
                 "#104=IFCPOLYLINE((#101,#102));\n#105=IFCGEOMETRICCURVESET((#104,#100));\n"
                 "#121=IFCSHAPEREPRESENTATION(#21,'FootPrint','GeometricCurveSet',(#105));\n"
                 "#122=IFCPRODUCTDEFINITIONSHAPE($,$,(#121));\n"
                 "#123=IFCSPACE('0Space000000000000000A',$,'1',$,$,#30,#122,$,.ELEMENT.,.SPACE.,$);"
                 "\n#127=IFCRELAGGREGATES('0Rel000000000000000002',$,$,$,#11,(#123));\n"),
        &o));
    const ct_feature *space = by_id("0Space000000000000000A");
    near("space", "area", ct_geom_area_m2(&space->geom), 6, 1e-9);
    near("space", "area_m2", ct_feature_number(space, "area_m2", NAN), 6, 1e-9);
}

static void sizes_of_an_opening(void **state) {
    (void)state;
    const ct_ingest_options o = placed();
    must(import(
        model_of("IFC4",
                 "#100=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,0.9,0.3);\n"
                 "#101=IFCEXTRUDEDAREASOLID(#100,#20,#22,2.1);\n"
                 "#121=IFCSHAPEREPRESENTATION(#21,'Body','SweptSolid',(#101));\n"
                 "#122=IFCPRODUCTDEFINITIONSHAPE($,$,(#121));\n"
                 "#123=IFCOPENINGELEMENT('0Opening0000000000000A',$,'o',$,$,#30,#122,$,$);\n"),
        &o));
    const ct_feature *opening = by_id("0Opening0000000000000A");
    near("opening", "width_m", ct_feature_number(opening, "width_m", NAN), 0.9, 1e-9);
    near("opening", "height_m", ct_feature_number(opening, "height_m", NAN), 2.1, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families),
        cmocka_unit_test(shared),
        cmocka_unit_test(same_on_any_number_of_threads),
        cmocka_unit_test(cycles_end),
        cmocka_unit_test(budget),
        cmocka_unit_test(box_in_place_of_what_is_not_read),
        cmocka_unit_test(bad_items),
        cmocka_unit_test(body_before_others),
        cmocka_unit_test(colours),
        cmocka_unit_test(colours_of_faces),
        cmocka_unit_test(ground),
        cmocka_unit_test(ground_that_is_drawn),
        cmocka_unit_test(sizes_of_an_opening),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
