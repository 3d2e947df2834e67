// Files of city models that break off, are nested without end, lead in circles, or hold 10 MB on
// one line: each ends in one clear error, and nothing of it comes in.
#include "city_harness.h"

#define TWIN "EPSG:25832"

enum { LONG = 10 << 20 };

static const char gml_head[] = "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\" "
                               "xmlns:g=\"http://www.opengis.net/gml\" "
                               "xmlns:x=\"http://www.w3.org/1999/xlink\"><cityObjectMember>";
static const char gml_tail[] = "</cityObjectMember></CityModel>";
static const char indoor_head[] =
    "<IndoorFeatures xmlns=\"http://www.opengis.net/indoorgml/1.0/core\" "
    "xmlns:g=\"http://www.opengis.net/gml/3.2\" xmlns:x=\"http://www.w3.org/1999/xlink\" "
    "g:id=\"I\">";
static const char json_head[] =
    "{\"type\":\"CityJSON\",\"version\":\"2.0\",\"transform\":{\"scale\":[1,1,1],\"translate\":"
    "[0,0,0]},\"vertices\":[],\"CityObjects\":{";

// Head, the piece so often (%d is its number where it has one), the tail.
static void is_refused(const char *file, const char *head, const char *piece, size_t times,
                       const char *tail, ct_err err, const char *part) {
    ct_buf text;
    ct_buf_init(&text, 4 * (size_t)LONG);
    ct_buf_puts(&text, head);
    for (size_t i = 0; i < times; i++) {
        const char *at = strchr(piece, '%');
        if (at)
            ct_buf_printf(&text, "%.*s%zu%s", (int)(at - piece), piece, i, at + 1);
        else
            ct_buf_puts(&text, piece);
    }
    ct_buf_puts(&text, tail);
    must(ct_buf_status(&text));
    failed_with(import_text(file, text.data, TWIN, TWIN), err, part);
    assert_int_equal(n_all, 0);
    ct_buf_fini(&text);
}

#define POLYGON                                                                                    \
    "<g:surfaceMember><g:Polygon><g:exterior><g:LinearRing><g:posList>500000 5400000 0 500009 "    \
    "5400000 0 500009 5400008 0 500000 5400000 0</g:posList></g:LinearRing></g:exterior>"          \
    "</g:Polygon></g:surfaceMember>"

static void files_that_break_off(void **state) {
    (void)state;
    static const char early[] = "a.gml: line 1: the file ends before its elements do";
    static const char *const pieces[] = {
        "<Building>", "<Building g:id=\"B\"><lod1Solid x:href=\"#s\"/>",
        "<Building g:id=\"B\"><lod2MultiSurface><g:MultiSurface>" POLYGON,
        "<Building/></cityObjectMember>", "<Building/></cityObjectMember><appearanceMember>"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        is_refused("a.gml", gml_head, pieces[i], 1, "", CT_PARSE, early);
    is_refused("a.gml", gml_head, "<Building g:id=\"B", 1, "", CT_PARSE, "a.gml: line 1: ");
    is_refused("a.gml", indoor_head, "<primalSpaceFeatures>", 1, "", CT_PARSE,
               "a.gml: line 1: Premature end of data");
    is_refused("a.city.json", json_head, "\"b\":{\"type\":\"Building\"", 1, "", CT_PARSE,
               "a.city.json: line 1, column");
    is_refused("a.city.json", "", "", 1, "", CT_PARSE, "the file is empty");
    // What follows the model is another fault.
    is_refused("a.gml", gml_head, "<Building/>", 1, "</cityObjectMember></CityModel><more/>",
               CT_PARSE, "Extra content");
}

static void lines_of_10_MB(void **state) {
    (void)state;
    static const char links[] = "<g:surfaceMember x:href=\"#m%\"/>";
    is_refused("a.gml", gml_head, "aaaaaaaaaaaaaaaa", LONG / 16, "", CT_PARSE, "a.gml: line 1: ");
    is_refused("a.gml", gml_head, POLYGON, LONG / sizeof POLYGON, "", CT_PARSE,
               "the file ends before its elements do");
    is_refused("a.gml", gml_head, links, LONG / sizeof links, "", CT_PARSE,
               "the file ends before its elements do");
    // Attributes that look like links and are none.
    is_refused("a.gml", gml_head, "x:href=\"#", LONG / 9, "", CT_PARSE, "a.gml: line 1: ");
    is_refused("a.gml", gml_head, "<a x:href=\"#", LONG / 12, "", CT_PARSE, "a.gml: line 1: ");
    is_refused("a.gml", indoor_head, "aaaaaaaaaaaaaaaa", LONG / 16, "", CT_PARSE,
               "a.gml: line 1: ");
    is_refused("a.city.json", json_head, "\"b%\":{\"type\":\"Building\"},", LONG / 32, "", CT_PARSE,
               "a.city.json: line 1, column");
    is_refused("a.city.json", json_head, "aaaaaaaaaaaaaaaa", LONG / 16, "", CT_PARSE,
               "a.city.json: line 1, column");
}

static void files_nested_without_end(void **state) {
    (void)state;
    is_refused("a.gml", gml_head, "<a>", 100000, "", CT_PARSE, "Excessive depth in document");
    is_refused("a.gml", indoor_head, "<a>", 100000, "", CT_PARSE, "Excessive depth in document");
    is_refused("a.city.json", json_head, "\"a\":{", 1000000, "", CT_LIMIT,
               "JSON nested deeper than 64 levels");
    // Not too deep for XML, but for buildings.
    is_refused("a.gml", gml_head, "<Building g:id=\"B\"><consistsOfBuildingPart>", 50, "", CT_PARSE,
               "the file ends before its elements do");
    is_refused("a.city.json", json_head, "\"b%\":{\"type\":\"BuildingPart\",\"parents\":[\"b\"]},",
               1, "\"b\":{\"type\":1}}}", CT_PARSE, "CityObjects/b: object.type: must be a string");
}

static void circles(void **state) {
    (void)state;
    is_refused(
        "a.gml", gml_head,
        "<Building g:id=\"B%\"><lod1MultiSurface><g:MultiSurface g:id=\"m\"><g:surfaceMember "
        "x:href=\"#m\"/></g:MultiSurface></lod1MultiSurface></Building></cityObjectMember>"
        "<cityObjectMember>",
        1000, gml_tail, CT_PARSE, "do they lead in a circle? (and 999 more errors)");
    is_refused(
        "a.city.json", json_head,
        "\"b%\":{\"type\":\"BuildingPart\",\"parents\":[\"b%\"],\"geometry\":1},", 0,
        "\"a\":{\"type\":\"BuildingPart\",\"parents\":[\"b\"]},\"b\":{\"type\":\"BuildingPart\","
        "\"parents\":[\"a\"],\"geometry\":1}}}",
        CT_PARSE, "geometry: an array expected");
    assert_int_equal(findings("parents-in-a-circle"), 1);
}

// Surfaces of two members that have each other, many times over: each is read once for an object.
static void surfaces_in_a_circle(void **state) {
    (void)state;
#define FACE(id)                                                                                   \
    "<lod3MultiSurface><g:MultiSurface><g:surfaceMember><g:Polygon g:id=\"" id "\"><g:exterior>"   \
    "<g:LinearRing><g:posList>500000 5400000 0 500009 5400000 0 500009 5400008 0 500000 5400000 "  \
    "0</g:posList></g:LinearRing></g:exterior></g:Polygon></g:surfaceMember></g:MultiSurface>"     \
    "</lod3MultiSurface>"
#define TO(id) "<opening x:href=\"#" id "\"/>"
    must(import_text(
        "a.gml",
        "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\" "
        "xmlns:g=\"http://www.opengis.net/gml\" "
        "xmlns:x=\"http://www.w3.org/1999/xlink\"><cityObjectMember>"
        "<Building g:id=\"B\"><boundedBy><WallSurface g:id=\"A\">" FACE("p") TO("D") TO("D") TO(
            "A") "</WallSurface></boundedBy></Building></cityObjectMember><cityObjectMember>"
                 "<Building g:id=\"C\"><boundedBy><WallSurface><opening><Door g:id=\"D\">" FACE("q")
                     TO("D") TO("A") "</Door></opening></WallSurface></boundedBy></Building></"
                                     "cityObjectMember>"
                                     "</CityModel>",
        TWIN, TWIN));
    assert_int_equal(of_id("B")->tags[CT_SURFACE_WALL], 1);
    assert_int_equal(of_id("C")->tags[CT_SURFACE_WALL], 1);
    assert_int_equal(count_of("opening"), 2);
}

static void entities(void **state) {
    (void)state;
    static const char outside[] = "<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    static const char *const heads[] = {gml_head, indoor_head};
    static const char *const tails[] = {"</cityObjectMember></CityModel>", "</IndoorFeatures>"};
    for (int i = 0; i < 2; i++) {
        char head[1000];
        snprintf(head, sizeof head, "%s%s", outside, heads[i]);
        is_refused("a.gml", head, "<n>&x;</n>", 1, tails[i], CT_UNSUPPORTED,
                   "a document type (DTD) is refused");
        // A billion laughs: refused as the document type that it needs, or as the loop that it is.
        ct_buf text;
        ct_buf_init(&text, 1 << 16);
        ct_buf_puts(&text, "<!DOCTYPE l [<!ENTITY a0 \"ha\">");
        for (int k = 1; k < 12; k++) {
            ct_buf_printf(&text, "<!ENTITY a%d \"", k);
            for (int n = 0; n < 10; n++) ct_buf_printf(&text, "&a%d;", k - 1);
            ct_buf_puts(&text, "\">");
        }
        ct_buf_printf(&text, "]>%s<n>&a11;</n>%s", heads[i], tails[i]);
        must(ct_buf_status(&text));
        const ct_err err = import_text("a.gml", text.data, TWIN, TWIN);
        assert_true(err == CT_PARSE || err == CT_UNSUPPORTED);
        assert_true(strstr(ct_err_message(), "entity") || strstr(ct_err_message(), "DTD"));
        assert_int_equal(n_all, 0);
        ct_buf_fini(&text);
    }
}

// More cells in one place than pairs are looked at: told, and all there.
static void cells_without_number(void **state) {
    (void)state;
    enum { CELLS = 4000 };
    ct_buf text;
    ct_buf_init(&text, 4 * (size_t)LONG);
    ct_buf_puts(&text, indoor_head);
    for (int i = 0; i < CELLS; i++)
        ct_buf_printf(&text,
                      "<cellSpaceMember><CellSpace g:id=\"C%d\"><cellSpaceGeometry><Geometry3D>"
                      "<g:Solid><g:exterior><g:Shell>" POLYGON "</g:Shell></g:exterior></g:Solid>"
                      "</Geometry3D></cellSpaceGeometry></CellSpace></cellSpaceMember>",
                      i);
    ct_buf_puts(&text, "</IndoorFeatures>");
    must(ct_buf_status(&text));
    must(import_text("a.gml", text.data, TWIN, TWIN));
    assert_int_equal(count_of("space"), CELLS);
    ct_buf_fini(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_break_off),     cmocka_unit_test(lines_of_10_MB),
        cmocka_unit_test(files_nested_without_end), cmocka_unit_test(circles),
        cmocka_unit_test(surfaces_in_a_circle),     cmocka_unit_test(entities),
        cmocka_unit_test(cells_without_number),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
