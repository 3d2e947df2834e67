// Verdicts of validation rules on a sound file and on copies with one thing changed.
#include "../harness.h"

static json_t *verdicts; // of the last file

static void judge(const char *path, bool strict) {
    ct_buf out;
    ct_jsonw w;
    ct_ingest_options o = options_for();
    o.strict = strict;
    (void)!import(path, &o); // some changes are errors for the import too
    ct_buf_init(&out, 1 << 20);
    ct_jsonw_init(&w, &out);
    ct_ingest_write_json(&w, report, "x");
    json_t *root = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(root);
    json_decref(verdicts);
    verdicts = json_incref(json_object_get(root, "rules"));
    json_decref(root);
    ct_buf_fini(&out);
    assert_non_null(verdicts);
}

static const char *verdict(const char *code) {
    const char *text = json_string_value(json_object_get(verdicts, code));
    if (!text) fail_msg("no verdict on %s", code);
    return text;
}

static void expect(const char *code, const char *expected) {
    if (strcmp(verdict(code), expected) != 0)
        fail_msg("%s: %s, expected %s", code, verdict(code), expected);
}

// house.ifc with a piece changed; the first of `from` that is there.
static void judge_changed(const char *from, const char *to) {
    char *text = NULL;
    size_t n = 0;
    must(ct_file_read(&text, &n, DATA("house.ifc"), 1 << 20));
    char *at = strstr(text, from);
    if (!at) fail_msg("no \"%s\"", from);
    const char *all =
        ct_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_non_null(all);
    must(ct_file_write(in_folder("changed.ifc"), all, strlen(all)));
    ct_free(text);
    judge(in_folder("changed.ifc"), false);
}

static void a_sound_file(void **state) {
    (void)state;
    judge(DATA("house.ifc"), false);
    static const char *const pass[] = {"ASM000", "GRF000", "GRF004", "IFC101", "PJS000",
                                       "PJS001", "PJS003", "PJS101", "SPA000", "SPS002",
                                       "SPS003", "SPS005", "SPS007", "SPS008", "OJP000"};
    static const char *const none[] = {"AXG000", "BBX001", "GEM001", "GRF003",
                                       "SPS001", "TAS001", "VRT000"};
    for (size_t i = 0; i < sizeof pass / sizeof *pass; i++) expect(pass[i], "pass");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) expect(none[i], "not applicable");
    // Spaces without a body, a part that is placed beside its whole, attributes given up.
    expect("GEM002", "fail");
    expect("OJP001", "fail");
    expect("IFC102", "fail");
    found("OJP001", CT_SEVERITY_WARNING, "IFCSTAIRFLIGHT #91", "relative to its whole");
}

static void changes(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *code;
    } cases[] = {
        {"('IFC4')", "('IFC4X3')", "IFC101"},
        {"'DEGREE'", "'FURLONG'", "PJS001"},
        {"0.0174532925199433", "0.0174", "PJS001"},
        {"'1Wall0000000000000000A'", "'9Wall0000000000000000A'", "PJS003"},
        {"#11=IFCPROJECT(", "#11=IFCPROJECTX(", "PJS101"},
        {"#23,(#30,#31,#32));", "#21,(#30,#31,#32));", "SPS002"},
        {"(#50,#72,#90,#95,#97),#30", "(#50,#72,#90,#91,#95,#97),#30", "SPS003"},
        {"(#50,#72,#90,#95,#97),#30", "(#50,#72,#90,#95),#30", "SPS005"},
        {"(#50,#72,#90,#95,#97),#30", "(#50,#72,#90,#95),#30", "SPS007"},
        {"'EPSG:4547'", "'EPSG:1234'", "GRF004"},
        {"'EG',$,$,#20,$", "'EG',$,$,#20,#9", "SPS008"},
        {".SINGLE_SWING_LEFT.,$)", ".SINGLE_SWING_LEFT.,'swings')", "BLT001"},
        {"#90,(#91)", "#90,(#50)", "BLT003"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        judge_changed(cases[i].from, cases[i].to);
        expect(cases[i].code, "fail");
    }
}

// Names of property sets and attributes that the schema has given up.
static void given_up(void **state) {
    (void)state;
    judge_changed("'Pset_DoorCommon'", "'Pset_Draughting'");
    found("IFC102", CT_SEVERITY_WARNING, "IFCPROPERTYSET #77", "Pset_Draughting of Name");
    judge_changed("#48=IFCRELASSIGNSTOGROUP('2Rel000000000000000007',$,$,$,(#40,#41),$",
                  "#48=IFCRELASSIGNSTOGROUP('2Rel000000000000000007',$,$,$,(#40,#41),.PRODUCT.");
    found("IFC102", CT_SEVERITY_WARNING, "IFCRELASSIGNSTOGROUP #48", "RelatedObjectsType");
}

static void strict_imports(void **state) {
    (void)state;
    judge(DATA("house.ifc"), true);
    found("OJP001", CT_SEVERITY_ERROR, "IFCSTAIRFLIGHT #91", "relative to its whole");
    found("GEM052", CT_SEVERITY_WARNING, "#10", "no subcontext");
}

// ---- shapes -------------------------------------------------------------------------------------

#define FACE(id, a, b, c)                                                                          \
    "#" #id "1=IFCPOLYLOOP((#" #a ",#" #b ",#" #c "));\n#" #id "2=IFCFACEOUTERBOUND(#" #id         \
    "1,.T.);\n#" #id "3=IFCFACE((#" #id "2));\n"

// A tetrahedron of four faces, with more behind.
static void judge_tetrahedron(const char *last_face, const char *more) {
    const char *text = ct_arena_printf(
        arena,
        "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\n"
        "#1=IFCCARTESIANPOINT((0.,0.,0.));#2=IFCCARTESIANPOINT((1.,0.,0.));\n"
        "#3=IFCCARTESIANPOINT((0.,1.,0.));#4=IFCCARTESIANPOINT((0.,0.,1.));\n"
        "%s%s%s%s#60=IFCCLOSEDSHELL((#103,#113,#123,#133));#61=IFCFACETEDBREP(#60);\n%sENDSEC;\n"
        "END-ISO-10303-21;\n",
        FACE(10, 1, 3, 2), FACE(11, 1, 2, 4), FACE(12, 2, 3, 4), last_face, more);
    assert_non_null(text);
    must(ct_file_write(in_folder("shape.ifc"), text, strlen(text)));
    judge(in_folder("shape.ifc"), false);
}

static void shells(void **state) {
    (void)state;
    judge_tetrahedron(FACE(13, 1, 4, 3), "");
    expect("GEM001", "pass");
    expect("BRP001", "pass");
    expect("BRP002", "pass");
    expect("BRP003", "pass");
    expect("GEM111", "pass");
    judge_tetrahedron(FACE(13, 1, 3, 4), ""); // turned the wrong way
    expect("GEM001", "fail");
    judge_tetrahedron(FACE(13, 5, 6, 7), "#5=IFCCARTESIANPOINT((9.,0.,0.));\n"
                                         "#6=IFCCARTESIANPOINT((9.,1.,0.));\n"
                                         "#7=IFCCARTESIANPOINT((9.,0.,1.));\n");
    expect("BRP002", "fail");
}

static void judge_points(const char *points) {
    const char *text = ct_arena_printf(
        arena,
        "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\n#1=IFCCARTESIANPOINTLIST2D((%s));"
        "#2=IFCINDEXEDPOLYCURVE(#1,$,$);#3=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#2);\nENDSEC;"
        "END-ISO-10303-21;\n",
        points);
    assert_non_null(text);
    must(ct_file_write(in_folder("curve.ifc"), text, strlen(text)));
    judge(in_folder("curve.ifc"), false);
}

static void curves_that_meet_themselves(void **state) {
    (void)state;
    static const struct {
        const char *points, *verdict;
    } cases[] = {
        {"(0.,0.),(4.,0.),(4.,3.),(0.,3.)", "pass"},
        {"(0.,0.),(4.,0.),(4.,3.),(0.,3.),(0.,0.)", "pass"},
        {"(0.,0.),(4.,3.),(4.,0.),(0.,3.)", "fail"},                               // crossing
        {"(0.,0.),(4.,0.),(4.,3.),(2.,0.),(0.,3.)", "fail"},                       // touching
        {"(0.,0.),(4.,0.),(4.,3.),(4.,1.),(0.,3.)", "fail"},                       // folded back
        {"(0.,0.),(2.,0.),(4.,0.),(4.,3.),(0.,3.)", "pass"},                       // in a line
        {"(0.,0.),(4.,0.),(4.,3.),(2.001,3.),(2.,4.),(1.999,3.),(0.,3.)", "pass"}, // a spike
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        judge_points(cases[i].points);
        expect("SWE001", cases[i].verdict);
    }
    judge_points("(0.,0.),(4.,0.),(4.,0.0000001),(0.,3.)");
    expect("GEM112", "fail");
}

static int end(void **state) {
    json_decref(verdicts);
    return teardown(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_file), cmocka_unit_test(changes),
        cmocka_unit_test(given_up),     cmocka_unit_test(strict_imports),
        cmocka_unit_test(shells),       cmocka_unit_test(curves_that_meet_themselves),
    };
    return cmocka_run_group_tests(tests, setup, end);
}
