// CityGML: what concerns more than one member of the model: links between members, appearances of
// the model, versions and dates, groups that are storeys, dynamizers, sets of generic attributes.
#include "base/buf.h"
#include "base/clock.h"
#include "city_gml.h"

#define NEXT  "</cityObjectMember><cityObjectMember>"
#define B(id) "<b:Building gml:id=\"" id "\">"
#define B_END "</b:Building>"
#define BODY  SOLID("1", FACES)
#define ROOF                                                                                       \
    "<b:lod1MultiSurface><gml:MultiSurface>" POLYGON("p", TOP) "</gml:MultiSurface>"               \
                                                               "</b:lod1MultiSurface>"
#define OPEN2          "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\"" NS ">" ENVELOPE
#define CLOSE2         "</CityModel>"
#define MEMBER(object) "<cityObjectMember>" object "</cityObjectMember>"

static void is_the_box(const char *id) {
    const seen *b = of_id(id);
    assert_int_equal(b->n_faces, 6);
    assert_float_equal(b->volume_m3, 480, 1e-6);
    assert_int_equal(findings("xlink-elsewhere"), 0);
}

// A solid of one member's polygons in another, which stands before it or behind it.
static void solids_take_polygons_of_other_members(void **state) {
    (void)state;
    must(import_gml(HEAD B("B1") SOLID("2", LINKS) B_END NEXT B("B2") SURFACES B_END TAIL));
    is_the_box("B1");
    assert_int_equal(of_id("B1")->tags[CT_SURFACE_NONE], 6); // the meanings are the other's
    assert_int_equal(of_id("B2")->tags[CT_SURFACE_WALL], 4);
    must(import_gml(HEAD B("B2") SURFACES B_END NEXT B("B1") SOLID("2", LINKS) B_END TAIL));
    is_the_box("B1");
    assert_int_equal(of_id("B2")->n_faces, 6);
}

// A whole geometry, whose polygons are themselves links into its own member and a third one.
static void links_go_on_from_member_to_member(void **state) {
    (void)state;
    static const char *const members[] = {
        MEMBER(B("B1") "<b:lod2Solid xlink:href=\"#S\"/>" B_END),
        MEMBER(B(
            "B2") "<b:lod2Solid><gml:Solid gml:id=\"S\"><gml:exterior><gml:CompositeSurface>" LINKS
                  "</gml:CompositeSurface></gml:exterior></gml:Solid></b:lod2Solid>" SURFACE(
                      "RoofSurface", POLYGON("p2", TOP))
                      SURFACE("GroundSurface", POLYGON("p1", BOTTOM)) B_END),
        MEMBER(B("B3") "<b:lod2MultiSurface><gml:MultiSurface>" POLYGON("p3", SOUTH)
                   POLYGON("p4", EAST) POLYGON("p5", NORTH)
                       POLYGON("p6", WEST) "</gml:MultiSurface></b:lod2MultiSurface>" B_END)};
    static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {0, 2, 1}};
    static char text[20000];
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        snprintf(text, sizeof text, OPEN2 "%s%s%s" CLOSE2, members[orders[i][0]],
                 members[orders[i][1]], members[orders[i][2]]);
        must(import_gml(text));
        is_the_box("B1");
        is_the_box("B2");
        assert_int_equal(of_id("B2")->tags[CT_SURFACE_ROOF], 1);
        assert_int_equal(of_id("B3")->n_faces, 4);
    }
}

// A party wall: a thematic surface that two buildings have, and the solid of the second with it.
static void surfaces_are_shared_with_their_meaning(void **state) {
    (void)state;
    must(import_gml(
        HEAD B("B2") "<b:boundedBy xlink:href=\"#W\"/>" SOLID("2", LINK("p3")) B_END NEXT B(
            "B1") "<b:boundedBy><b:WallSurface gml:id=\"W\"><b:lod2MultiSurface>"
                  "<gml:MultiSurface>" POLYGON(
                      "p3",
                      SOUTH) "</gml:MultiSurface>"
                             "</b:lod2MultiSurface></b:WallSurface></b:boundedBy>" B_END TAIL));
    assert_int_equal(of_id("B1")->tags[CT_SURFACE_WALL], 1);
    assert_int_equal(of_id("B2")->n_faces, 1); // once: of the solid
    assert_int_equal(of_id("B2")->tags[CT_SURFACE_WALL], 1);
    // Parts of one building share one too.
    must(import_gml(HEAD B(
        "B") "<b:consistsOfBuildingPart><b:BuildingPart gml:id=\"P1\">"
             "<b:boundedBy><b:WallSurface gml:id=\"W\"><b:lod2MultiSurface>"
             "<gml:MultiSurface>" POLYGON(
                 "p3", SOUTH) "</gml:MultiSurface>"
                              "</b:lod2MultiSurface></b:WallSurface></b:boundedBy></b:BuildingPart>"
                              "</b:consistsOfBuildingPart><b:consistsOfBuildingPart>"
                              "<b:BuildingPart gml:id=\"P2\"><b:boundedBy xlink:href=\"#W\"/>"
                              "<b:boundedBy xlink:href=\"#W\"/></b:BuildingPart>"
                              "</b:consistsOfBuildingPart>" B_END TAIL));
    assert_int_equal(of_id("P1")->tags[CT_SURFACE_WALL], 1);
    assert_int_equal(of_id("P2")->tags[CT_SURFACE_WALL], 1);
    assert_int_equal(of_id("P2")->n_faces, 1);
}

static void implicit_geometries_are_found_behind_their_use(void **state) {
    (void)state;
#define TREE(id, x, shape)                                                                         \
    "<v:SolitaryVegetationObject xmlns:v=\"x\" gml:id=\"" id "\"><v:lod2ImplicitRepresentation>"   \
    "<ImplicitGeometry><referencePoint><gml:Point><gml:pos>" x                                     \
    " 5400000 100</gml:pos></gml:Point>"                                                           \
    "</referencePoint>" shape "</ImplicitGeometry></v:lod2ImplicitRepresentation>"                 \
    "</v:SolitaryVegetationObject>"
    must(import_gml(HEAD TREE("T1", "500000", "<relativeGMLGeometry xlink:href=\"#M\"/>") NEXT TREE(
        "T2", "500050",
        "<relativeGMLGeometry><gml:MultiSurface gml:id=\"M\"><gml:surfaceMember><gml:Polygon>" RING(
            "0 0 0 1 0 0 0 0 3 0 0 0") "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>"
                                       "</relativeGMLGeometry>")
                        NEXT TREE("T3", "500090", "<relativeGMLGeometry xlink:href=\"#M\"/>")
                            TAIL));
    assert_int_equal(n_all, 3);
    assert_true(of_id("T1")->mesh && of_id("T1")->mesh == of_id("T2")->mesh);
    assert_true(of_id("T1")->mesh == of_id("T3")->mesh);
    assert_float_equal(of_id("T3")->box.min[0], 500090, 1e-3);
    assert_int_equal(findings("xlink-elsewhere"), 0);
}

static void links_in_a_circle_of_members_are_told(void **state) {
    (void)state;
#define RING_OF(id, to)                                                                            \
    "<b:lod1MultiSurface><gml:MultiSurface gml:id=\"" id "\">" LINK(to) "</gml:MultiSurface>"      \
                                                                        "</b:lod1MultiSurface>"
    failed_with(import_gml(HEAD B("B1") RING_OF("m1", "m2") B_END NEXT B("B2") RING_OF("m2", "m1")
                               B_END TAIL),
                CT_PARSE, "do they lead in a circle");
    assert_int_equal(n_all, 0);
}

static void the_scan_sees_links_however_they_are_written(void **state) {
    (void)state;
    // Far apart, with blanks, single quotes and other attributes between; beyond a piece of the
    // scan.
    enum { FAR = (1 << 20) + 4321 };
    static const char head[] =
        HEAD B("B1") "<b:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember x=\"1\"\n"
                     " xlink:href = '#far'/></gml:MultiSurface></b:lod1MultiSurface>" B_END NEXT B(
                         "B2") "<gml:description>";
    static const char tail[] =
        "</gml:description><b:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember>"
        "<gml:Polygon gml:id =\n'far'>" RING(
            TOP) "</gml:Polygon></gml:surfaceMember>"
                 "</gml:MultiSurface></b:lod1MultiSurface>" B_END TAIL;
    char *text = ct_alloc(sizeof head + sizeof tail + FAR + 16);
    assert_non_null(text);
    // The links' bytes fall on each side of the end of a piece.
    for (size_t shift = 0; shift < 16; shift += 5) {
        memcpy(text, head, sizeof head - 1);
        memset(text + sizeof head - 1, 'a', FAR + shift);
        memcpy(text + sizeof head - 1 + FAR + shift, tail, sizeof tail);
        must(import_gml(text));
        assert_int_equal(of_id("B1")->n_faces, 1);
        assert_int_equal(findings("xlink-elsewhere"), 0);
    }
    ct_free(text);
}

// ---- appearances --------------------------------------------------------------------------------

#define APPEARANCE(color, more, target)                                                            \
    "<appearanceMember><Appearance><theme>t</theme><surfaceDataMember><X3DMaterial>" more          \
    "<diffuseColor>" color "</diffuseColor><target>" target "</target></X3DMaterial>"              \
    "</surfaceDataMember></Appearance></appearanceMember>"

static void appearances_of_the_model_colour_its_surfaces(void **state) {
    (void)state;
    static const char house[] = MEMBER(B("B1") BODY B_END);
    static const char red[] = APPEARANCE("1 0 0", "", "#p1");
    static const char back[] = APPEARANCE("0 1 0", "<isFront>false</isFront>", "#p1");
    static const char late[] = APPEARANCE("0 0 1", "", "#p1");
    static const char *const before[] = {red, back, late, house}, *const after[] = {house, back,
                                                                                    red, late};
    static char text[20000];
    for (int i = 0; i < 2; i++) {
        const char *const *part = i ? after : before;
        snprintf(text, sizeof text, OPEN2 "%s%s%s%s" CLOSE2, part[0], part[1], part[2], part[3]);
        must(import_gml(text));
        const seen *b = of_id("B1");
        assert_int_equal(b->n_parts, 2);
        assert_int_equal(b->n_faces, 6);
        assert_true(b->material.rgba[0] > 0.99F && b->material.rgba[2] < 0.01F);
        assert_int_equal(findings("no-class"), 0);
    }
    // A member's own colour goes first.
    must(import_gml(OPEN2 APPEARANCE("1 0 0", "", "#p1") MEMBER(
        B("B1") "<appearance><Appearance><surfaceDataMember><X3DMaterial><diffuseColor>0 1 "
                "0</diffuseColor><target>#p1</target></X3DMaterial></surfaceDataMember>"
                "</Appearance></appearance>" BODY B_END) CLOSE2));
    assert_true(of_id("B1")->material.rgba[1] > 0.99F);
}

// A picture of one row of pixels, uncompressed RGB, all of one colour.
static void write_picture(const char *name, unsigned char width, const unsigned char rgb[3]) {
    unsigned char tiff[116 + 3 * 255] = {
        'I', 'I', 42, 0, 8, 0, 0, 0, 8,     0,       //
        0,   1,   3,  0, 1, 0, 0, 0, width, 0, 0, 0, // width
        1,   1,   3,  0, 1, 0, 0, 0, 1,     0, 0, 0, // height 1
        2,   1,   3,  0, 3, 0, 0, 0, 110,   0, 0, 0, // bits: at 110
        3,   1,   3,  0, 1, 0, 0, 0, 1,     0, 0, 0, // uncompressed
        6,   1,   3,  0, 1, 0, 0, 0, 2,     0, 0, 0, // RGB
        17,  1,   4,  0, 1, 0, 0, 0, 116,   0, 0, 0, // strip at 116
        21,  1,   3,  0, 1, 0, 0, 0, 3,     0, 0, 0, // 3 samples
        23,  1,   4,  0, 1, 0, 0, 0, 0,     0, 0, 0, // its bytes
        0,   0,   0,  0, 8, 0, 8, 0, 8,     0};
    const unsigned bytes = 3U * width;
    char path[128];
    tiff[102] = (unsigned char)bytes;
    tiff[103] = (unsigned char)(bytes >> 8);
    for (unsigned i = 0; i < bytes; i++) tiff[116 + i] = rgb[i % 3];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(ct_file_write(path, (const char *)tiff, 116 + bytes), CT_OK);
}

static const unsigned char k_blue[3] = {0, 0, 255}, k_red[3] = {255, 0, 0};

// The address of a picture stays with the object; its mean is the colour where it lies beside the
// file and there is no material.
static void textures_tell_their_pictures(void **state) {
    (void)state;
    static const char textures[] =
        "<appearanceMember><Appearance><surfaceDataMember><ParameterizedTexture>"
        "<imageURI>blue.tif</imageURI><target uri=\"#p1\"><TexCoordList/></target>"
        "<target uri=\"#p2\"/></ParameterizedTexture></surfaceDataMember><surfaceDataMember>"
        "<ParameterizedTexture><imageURI>none.jpg</imageURI><textureParameterization>"
        "<TextureAssociation><target>#p3</target></TextureAssociation></textureParameterization>"
        "</ParameterizedTexture></surfaceDataMember><surfaceDataMember><GeoreferencedTexture>"
        "<imageURI>../%s/blue.tif</imageURI><target>#p4</target></GeoreferencedTexture>"
        "</surfaceDataMember></Appearance></appearanceMember>";
    char text[8000];
    write_picture("blue.tif", 2, k_blue);
    snprintf(text, sizeof text, OPEN2 "%s" MEMBER(B("B1") BODY B_END) CLOSE2, textures);
    must(import_gml(text));
    const seen *b = of_id("B1");
    assert_int_equal(b->n_parts, 2); // blue and what has no colour
    assert_true(b->material.rgba[2] > 0.99F && b->material.rgba[0] < 0.01F);
    assert_string_equal(property(b, "appearance", "texture")->value.as.text,
                        "blue.tif, none.jpg, ../%s/blue.tif");
    // A material goes before.
    snprintf(text, sizeof text,
             OPEN2 "%s" APPEARANCE("1 0 0", "", "#p3") MEMBER(B("B1") BODY B_END) CLOSE2, textures);
    must(import_gml(text));
    assert_int_equal(of_id("B1")->n_parts, 3);
    assert_string_equal(property(of_id("B1"), "appearance", "texture")->value.as.text,
                        "blue.tif, none.jpg, ../%s/blue.tif");
}

// What lies beside a picture, as a smaller one of it that refers elsewhere, is not looked at.
static void pictures_lead_nowhere(void **state) {
    (void)state;
    char path[128], text[4000],
        overview[1200] = "<VRTDataset rasterXSize=\"20\" rasterYSize=\"1\">";
    for (int b = 1; b <= 3; b++) {
        const size_t at = strlen(overview);
        snprintf(overview + at, sizeof overview - at,
                 "<VRTRasterBand dataType=\"Byte\" band=\"%d\"><SimpleSource><SourceFilename "
                 "relativeToVRT=\"1\">red.tif</SourceFilename><SourceBand>%d</SourceBand>"
                 "</SimpleSource></VRTRasterBand>",
                 b, b);
    }
    const size_t end = strlen(overview);
    snprintf(overview + end, sizeof overview - end, "</VRTDataset>");
    write_picture("wall.tif", 40, k_blue);
    write_picture("red.tif", 20, k_red);
    snprintf(path, sizeof path, "%s/wall.tif.ovr", folder);
    assert_int_equal(ct_file_write(path, overview, strlen(overview)), CT_OK);
    snprintf(text, sizeof text,
             OPEN2 "<appearanceMember><Appearance><surfaceDataMember><ParameterizedTexture>"
                   "<imageURI>wall.tif</imageURI><target uri=\"#p1\"/></ParameterizedTexture>"
                   "</surfaceDataMember></Appearance></appearanceMember>" MEMBER(B("B1") BODY B_END)
                       CLOSE2);
    must(import_gml(text));
    assert_int_equal(of_id("B1")->n_parts, 2);
    assert_true(of_id("B1")->material.rgba[2] > 0.99F && of_id("B1")->material.rgba[0] < 0.01F);
}

static void textures_of_the_model_are_told(void **state) {
    (void)state;
    must(import_gml(OPEN2 "<appearanceMember><Appearance><surfaceDataMember><ParameterizedTexture>"
                          "<imageURI>a.png</imageURI><target uri=\"#p1\"/></ParameterizedTexture>"
                          "</surfaceDataMember></Appearance></appearanceMember>" MEMBER(
                              B("B1") BODY B_END) CLOSE2));
    found("textures", "a.gml", "their addresses are kept");
    assert_int_equal(findings("no-class"), 0);
    failed_with(import_gml(OPEN2 APPEARANCE("1 0 2", "", "#p1") MEMBER(B("B1") BODY B_END) CLOSE2),
                CT_PARSE, "diffuseColor: 3 numbers of 0 to 1 expected");
}

// ---- versions -----------------------------------------------------------------------------------

#define OPEN3 "<CityModel xmlns=\"http://www.opengis.net/citygml/3.0\"" NS ">" ENVELOPE
#define VERSION(id, tag, members)                                                                  \
    "<versionMember><Version gml:id=\"" id "\"><tag>" tag "</tag>" members                         \
    "</Version></versionMember>"
#define HAS(id) "<versionMember xlink:href=\"#" id "\"/>"
#define MOVE(from, to)                                                                             \
    "<versionTransitionMember><VersionTransition><from xlink:href=\"#" from "\"/><to "             \
    "xlink:href=\"#" to "\"/></VersionTransition></versionTransitionMember>"

static void of_versions_one_is_read(void **state) {
    (void)state;
    static const char text[] = OPEN3 MOVE("v1", "v2") VERSION("v2", "new", HAS("B2") HAS("B3"))
        VERSION("v1", "old", HAS("B1") HAS("B2")) MEMBER(B("B1") ROOF B_END)
            MEMBER(B("B2") ROOF B_END) MEMBER(B("B3") ROOF B_END) MEMBER(B("B4") ROOF B_END) CLOSE2;
    must(import_gml(text));
    assert_int_equal(n_all, 3);
    of_id("B2");
    of_id("B3");
    of_id("B4"); // of no version: of all
    found("other-version", "a.gml", "1 objects are of another version only, as a Building");
    found("version", "a.gml", "of 2 versions the last, new, is read");
    as_of = "old";
    must(import_gml(text));
    assert_int_equal(n_all, 3);
    of_id("B1");
    as_of = "v1"; // by its id
    must(import_gml(text));
    of_id("B1");
    as_of = "older";
    failed_with(import_gml(text), CT_NOTFOUND, "no version of the file: it has new, old");
    failed_with(import_gml(OPEN3 MEMBER(B("B1") ROOF B_END) CLOSE2), CT_NOTFOUND,
                "\"older\" is no date, and the file has no versions");
    as_of = NULL;
}

static void objects_in_versions_are_read_once(void **state) {
    (void)state;
    must(import_gml(
        OPEN3 MOVE("v1", "v2") VERSION("v1", "a",
                                       "<versionMember>" B("B1") ROOF B_END "</versionMember>")
            VERSION("v2", "b", "<versionMember>" B("B2") ROOF B_END "</versionMember>") CLOSE2));
    assert_int_equal(n_all, 1);
    of_id("B2");
}

static void dates_tell_what_is_there(void **state) {
    (void)state;
    static const char text[] = OPEN3 MEMBER(
        B("B1") "<terminationDate>2015-01-01T00:00:00</terminationDate>" ROOF B_END)
        MEMBER(B("B2") "<creationDate>2014-06-01</creationDate><validTo>9999-12-31T00:00:00Z"
                       "</validTo>" ROOF B_END)
            MEMBER(
                B("B3") "<validFrom>2010-01-01+01:00</validFrom><validTo>2012-01-01</validTo>" ROOF
                        "<b:buildingPart><b:BuildingPart gml:id=\"P\"/></b:buildingPart>" B_END)
                MEMBER(B("B4") "<validFrom>9998-01-01</validFrom>" ROOF B_END) MEMBER(
                    B("B5") "<b:buildingPart><b:BuildingPart gml:id=\"Q\"><terminationDate>"
                            "2015-01-01</terminationDate></b:BuildingPart></b:buildingPart>" ROOF
                                B_END) CLOSE2;
    must(import_gml(text));
    assert_int_equal(n_all, 2);
    of_id("B2");
    of_id("B5");
    found("not-current", "a.gml", "3 objects");
    found("not-current", "a.gml", "1 objects");
    as_of = "2011-05-05";
    must(import_gml(text));
    assert_int_equal(n_all, 5);
    of_id("B1");
    of_id("B3");
    of_id("P");
    of_id("Q");
    as_of = "2014-07-01T12:00:00Z";
    must(import_gml(text));
    assert_int_equal(n_all, 4); // B1, B2, B5, Q
    of_id("B1");
    of_id("B2");
    as_of = NULL;
}

// ---- parts that are members themselves ----------------------------------------------------------

#define PART(id, more) "<b:BuildingPart gml:id=\"" id "\">" more "</b:BuildingPart>"
#define TO(id)         "<b:consistsOfBuildingPart xlink:href=\"#" id "\"/>"

static const char *whole_of(const char *id) {
    return ct_feature_text(&of_id(id)->f, "part_of", "");
}

static void parts_of_other_members_have_their_building(void **state) {
    (void)state;
    static const char house[] = MEMBER(B("B1") ROOF TO("P1") TO("P2") B_END);
    static const char one[] = MEMBER(PART("P1", SOLID("2", LINKS)));
    static const char two[] = MEMBER(PART(
        "P2", "<appearance><Appearance><surfaceDataMember><X3DMaterial><diffuseColor>1 0 0"
              "</diffuseColor><target>#p1</target></X3DMaterial></surfaceDataMember></Appearance>"
              "</appearance>" SURFACES "<b:interiorRoom xlink:href=\"#R\"/>"));
    static const char room[] = MEMBER("<b:Room gml:id=\"R\"><b:lod4MultiSurface>"
                                      "<gml:MultiSurface><gml:surfaceMember><gml:Polygon>" RING(
                                          TOP) "</gml:Polygon></gml:surfaceMember>"
                                               "</gml:MultiSurface></b:lod4MultiSurface></b:Room>");
    static const char *const members[] = {house, one, two, room};
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 3, 2}};
    static char text[40000];
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        snprintf(text, sizeof text, OPEN2 "%s%s%s%s" CLOSE2, members[orders[i][0]],
                 members[orders[i][1]], members[orders[i][2]], members[orders[i][3]]);
        must(import_gml(text));
        assert_int_equal(count_of("storey"), 1); // made up for the room
        assert_int_equal(n_all, 5);
        assert_string_equal(whole_of("P1"), of_id("B1")->f.id);
        assert_string_equal(whole_of("P2"), of_id("B1")->f.id);
        assert_true(*ct_feature_text(&of_id("R")->f, "storey", ""));
        is_the_box("P1");
        assert_int_equal(of_id("P2")->n_faces, 6);
        assert_true(of_id("P2")->n_parts > 1); // one of them red
    }
}

// Links that make no tree lose nothing.
static void parts_of_two_are_told(void **state) {
    (void)state;
    must(import_gml(OPEN2 MEMBER(B("B1") ROOF TO("P") B_END) MEMBER(B("B2") ROOF TO("P") B_END)
                        MEMBER(PART("P", ROOF)) CLOSE2));
    assert_int_equal(n_all, 3);
    assert_string_equal(whole_of("P"), of_id("B1")->f.id);
    found("part-of-two", "a.gml", "1 links to parts");
    must(import_gml(OPEN2 MEMBER(PART("P", ROOF TO("Q"))) MEMBER(PART("Q", ROOF TO("P")))
                        MEMBER(PART("S", ROOF TO("S"))) CLOSE2));
    assert_int_equal(n_all, 3);
    found("part-of-two", "a.gml", "1 links to parts");
    // A building of another version leaves its part alone.
    must(import_gml(OPEN3 MOVE("v1", "v2") VERSION("v1", "a", HAS("B1")) VERSION(
        "v2", "b", HAS("P")) MEMBER(B("B1") ROOF TO("P") B_END) MEMBER(PART("P", ROOF)) CLOSE2));
    assert_int_equal(n_all, 1);
    of_id("P");
}

// There is room for one of the two, and for shapes whatever the parts take.
static void parts_without_room_are_told(void **state) {
    (void)state;
    static const char name[] = "<gml:name>n</gml:name>";
    char names[64 * (sizeof name - 1) + 1], text[20000];
    for (size_t i = 0; i < 64; i++) memcpy(names + i * (sizeof name - 1), name, sizeof name);
    snprintf(text, sizeof text,
             OPEN2 MEMBER(B("B1") SOLID("2", LINKS) TO("P1") TO("P2") B_END)
                 MEMBER(PART("P1", BODY)) MEMBER(PART("P2", ROOF "%s")) CLOSE2,
             names);
    max_points = 40; // room for 160 elements, texts and attributes: the parts have some 50 and 140
    const ct_err err = import_gml(text);
    max_points = 0;
    must(err);
    assert_int_equal(n_all, 3);
    is_the_box("B1");
    assert_string_equal(whole_of("P1"), of_id("B1")->f.id);
    assert_string_equal(whole_of("P2"), "");
    found("part-alone", "a.gml", "1 parts that others link to stay objects of their own");
}

static void links_in_versions_lead_somewhere(void **state) {
    (void)state;
#define INLINE(object) "<versionMember>" object "</versionMember>"
    must(import_gml(OPEN3 VERSION("v1", "a",
                                  INLINE(B("B1") SOLID("2", LINKS) TO("P") B_END) INLINE(
                                      B("B2") SURFACES B_END) INLINE(PART("P", ROOF))) CLOSE2));
    assert_int_equal(n_all, 3);
    is_the_box("B1");
    assert_int_equal(of_id("B2")->n_faces, 6);
    assert_string_equal(whole_of("P"), of_id("B1")->f.id);
}

// ---- groups -------------------------------------------------------------------------------------

#define GROUP(id, told, members)                                                                   \
    "<CityObjectGroup gml:id=\"" id "\"><gml:name>Level " id "</gml:name>" told members            \
    "</CityObjectGroup>"
#define IN(id) "<groupMember xlink:href=\"#" id "\"/>"
#define ROOM(id, list)                                                                             \
    "<b:interiorRoom><b:Room gml:id=\"" id "\"><b:lod4MultiSurface><gml:MultiSurface>"             \
    "<gml:surfaceMember><gml:Polygon>" RING(                                                       \
        list) "</gml:Polygon></gml:surfaceMember>"                                                 \
              "</gml:MultiSurface></b:lod4MultiSurface></b:Room></b:interiorRoom>"
#define UPPER                                                                                      \
    "500000 5400000 103 500010 5400000 103 500010 5400008 103 500000 5400008 103 "                 \
    "500000 5400000 103"

static void groups_of_storeys_are_storeys(void **state) {
    (void)state;
    static const char building[] = MEMBER(B("B1") BODY ROOM("R0", BOTTOM) ROOM("R1", UPPER) B_END);
    static const char ground[] =
        MEMBER(GROUP("G0", "<class>building separation</class><function>lod4Storey</function>",
                     IN("R0") "<parent xlink:href=\"#B1\"/>"));
    static const char upper[] = MEMBER(GROUP("G1", "<function>lod4Storey</function>", IN("R1")));
    static const char *const orders[][3] = {
        {building, ground, upper}, {ground, upper, building}, {ground, building, upper}};
    static char text[20000];
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        snprintf(text, sizeof text, OPEN2 "%s%s%s" CLOSE2, orders[i][0], orders[i][1],
                 orders[i][2]);
        must(import_gml(text));
        assert_int_equal(n_all, 5);
        assert_int_equal(count_of("storey"), 2);
        const seen *g0 = of_id("G0"), *g1 = of_id("G1");
        assert_string_equal(ct_feature_text(&g0->f, "building", ""), of_id("B1")->f.id);
        assert_string_equal(ct_feature_text(&of_id("R0")->f, "storey", ""), g0->f.id);
        assert_string_equal(ct_feature_text(&of_id("R1")->f, "storey", ""), g1->f.id);
        assert_float_equal(ct_feature_number(&g0->f, "level", -1), 0, 0);
        assert_float_equal(ct_feature_number(&g1->f, "level", -1), 1, 0);
        assert_float_equal(ct_feature_number(&g1->f, "elevation_m", 0), 103, 1e-6);
        assert_string_equal(ct_feature_text(&g1->f, "name", ""), "Level G1");
        assert_int_equal(findings("made-storey"), 0);
    }
}

static void other_groups_are_zones(void **state) {
    (void)state;
    must(import_gml(
        OPEN2 MEMBER(B("B1") BODY B_END) MEMBER(GROUP("G0", "<class>estate</class>", IN("B1")))
            MEMBER(GROUP("G1", "<function>lod4Storey</function>", IN("nobody"))) CLOSE2));
    assert_int_equal(n_all, 3);
    assert_string_equal(of_id("G0")->f.cls->name, "zone");
    assert_string_equal(of_id("G1")->f.cls->name, "zone");
    found("storey-without-building", "a.gml", "G1 is a zone");
    // Of 3.0, with roles; an object that stands in the group comes too.
    must(import_gml(OPEN3 MEMBER("<CityObjectGroup gml:id=\"G\"><groupMember><Role><role>r</role>"
                                 "<groupMember>" B("B1") BODY B_END
                                 "</groupMember></Role>"
                                 "</groupMember></CityObjectGroup>") CLOSE2));
    assert_int_equal(n_all, 2);
    is_the_box("B1");
}

static void a_storey_has_one_building(void **state) {
    (void)state;
    must(import_gml(
        OPEN2 MEMBER(B("B1") BODY ROOM("R0", BOTTOM) B_END) MEMBER(B("B2") ROOM("R1", BOTTOM) B_END)
            MEMBER(GROUP("G0", "<class>storey</class>", IN("R0") IN("R1"))) CLOSE2));
    assert_int_equal(count_of("storey"), 2);
    assert_string_equal(ct_feature_text(&of_id("R0")->f, "storey", ""), of_id("G0")->f.id);
    assert_string_equal(ct_feature_text(&of_id("R1")->f, "storey", ""), of_id("B2-storey")->f.id);
    found("storey-elsewhere", "a.gml", "1 objects");
}

// ---- dynamizers ---------------------------------------------------------------------------------

static void dynamizers_are_devices(void **state) {
    (void)state;
    must(import_gml(OPEN3 MEMBER(
        B("B1") BODY
        "<dynamizer><Dynamizer gml:id=\"D1\"><attributeRef>//b:Building[@gml:id='B1']/"
        "genericAttribute/g:DoubleAttribute[name='power use']/g:value</attributeRef>"
        "<startTime>2019-01-01T00:00:00Z</startTime><dynamicData><GenericTimeseries>"
        "<firstTimestamp>2019-01-01</firstTimestamp><uom>kWh</uom>"
        "<timeValuePair><TimeValuePair><timestamp>2019-01</timestamp><doubleValue>1454.63"
        "</doubleValue></TimeValuePair></timeValuePair>"
        "<timeValuePair><TimeValuePair><timestamp>2019-02</timestamp><stringValue>off"
        "</stringValue></TimeValuePair></timeValuePair>"
        "</GenericTimeseries></dynamicData></Dynamizer></dynamizer>"
        "<b:buildingRoom><b:BuildingRoom gml:id=\"R\"><lod1MultiSurface><gml:MultiSurface>"
        "<gml:surfaceMember><gml:Polygon>" RING(
            UPPER) "</gml:Polygon></gml:surfaceMember>"
                   "</gml:MultiSurface></lod1MultiSurface></b:BuildingRoom></b:buildingRoom>"
                   "<boundary><RoofSurface gml:id=\"S\"><dynamizer><Dynamizer gml:id=\"D2\">"
                   "<attributeRef>a/b:warmth</attributeRef><sensorConnection><SensorConnection>"
                   "<connectionType>mqtt</connectionType><observationProperty>Temperature"
                   "</observationProperty><uom>Cel</uom><topic>t/1</topic>"
                   "<sensorLocation "
                   "xlink:href=\"#R\"/></SensorConnection></sensorConnection></Dynamizer>"
                   "</dynamizer></RoofSurface></boundary>" B_END) CLOSE2));
    assert_int_equal(count_of("device"), 2);
    const seen *d = of_id("D1");
    assert_string_equal(ct_feature_text(&d->f, "property", ""), "power use");
    assert_string_equal(ct_feature_text(&d->f, "kind", ""), "electricity_meter");
    assert_string_equal(ct_feature_text(&d->f, "unit", ""), "kWh");
    assert_string_equal(ct_feature_text(&d->f, "building", ""), of_id("B1")->f.id);
    assert_string_equal(property(d, "dynamizer", "timeseries")->value.as.text,
                        "[[\"2019-01\",1454.63],[\"2019-02\",\"off\"]]");
    assert_string_equal(property(d, "dynamizer", "firstTimestamp")->value.as.text, "2019-01-01");
    assert_non_null(property(d, "dynamizer", "attributeRef"));
    assert_non_null(property(d, "", "startTime"));
    assert_float_equal(d->f.geom.xyz[2], 100, 1e-6); // at the building's foot
    d = of_id("D2");
    assert_string_equal(ct_feature_text(&d->f, "property", ""), "Temperature");
    assert_string_equal(ct_feature_text(&d->f, "kind", ""), "temperature");
    assert_string_equal(property(d, "dynamizer", "topic")->value.as.text, "t/1");
    assert_float_equal(d->f.geom.xyz[2], 103, 1e-6); // in the room
    assert_null(property(of_id("B1"), "dynamizer", "attributeRef"));
}

static ct_buf observed; // as lines

static ct_err write_down(void *context, const ct_ingest_observation *o) {
    (void)context;
    char time[32];
    ct_time_format(time, o->time_us);
    assert_int_equal(count_of("device"), 1); // it came before
    ct_buf_printf(&observed, "%s %s %s %g\n", o->device, o->property, time, o->value);
    return ct_buf_status(&observed);
}

static void import_observed(const char *gml) {
    ct_buf_init(&observed, 1 << 20);
    observe = write_down;
    const ct_err err = import_gml(gml);
    observe = NULL;
    must(err);
}

static void observes(const char *series, const char *expected, const char *text) {
    char *gml = ct_sprintf(
        "%s%s%s",
        OPEN3 "<cityObjectMember>" B("B1") BODY
        "<dynamizer><Dynamizer gml:id=\"D1\"><attributeRef>a/b:heat"
        "</attributeRef><dynamicData>",
        series, "</dynamicData></Dynamizer></dynamizer>" B_END "</cityObjectMember>" CLOSE2);
    assert_non_null(gml);
    import_observed(gml);
    assert_int_equal(observed.len, strlen(expected));
    if (observed.len) assert_memory_equal(observed.data, expected, observed.len);
    const ct_property *left = property(of_id("D1"), "dynamizer", "timeseries");
    if (text)
        assert_string_equal(left->value.as.text, text);
    else
        assert_null(left);
    ct_buf_fini(&observed);
    ct_free(gml);
}

#define PAIR(time, value)                                                                          \
    "<timeValuePair><TimeValuePair><timestamp>" time "</timestamp>" value                          \
    "</TimeValuePair></timeValuePair>"

static void series_are_observations(void **state) {
    (void)state;
    // Instants of all kinds; whole numbers and truths too.
    observes("<GenericTimeseries><uom>kW</uom>" PAIR("2020-05-01T12:00:00+02:00",
                                                     "<doubleValue>1.5</doubleValue>")
                 PAIR("2020-05-01T10:30:00", "<intValue>-2</intValue>")
                     PAIR("2020-06", "<boolValue>true</boolValue>")
                         PAIR("2021", "<doubleValue>3</doubleValue>") "</GenericTimeseries>",
             "device-D1 heat 2020-05-01T10:00:00Z 1.5\ndevice-D1 heat 2020-05-01T10:30:00Z -2\n"
             "device-D1 heat 2020-06-01T00:00:00Z 1\ndevice-D1 heat 2021-01-01T00:00:00Z 3\n",
             NULL);
    assert_string_equal(ct_feature_text(&of_id("D1")->f, "unit", ""), "kW");
    // What is no number, or at no time, stays, and is told.
    observes("<GenericTimeseries>" PAIR("2020", "<stringValue>7</stringValue>")
                 PAIR("spring", "<doubleValue>1</doubleValue>")
                     PAIR("2022", "<doubleValue>4</doubleValue>") "</GenericTimeseries>",
             "device-D1 heat 2022-01-01T00:00:00Z 4\n", "[[\"2020\",\"7\"],[\"spring\",1]]");
    found("series-text", "a.gml", "1 time series");
    // Of the extension for CityGML 2.0, by WaterML.
    observes("<AtomicTimeseries><dynamicDataTVP><MeasurementTimeseries><defaultPointMetadata>"
             "<DefaultTVPMeasurementMetadata><uom code=\"Cel\"/></DefaultTVPMeasurementMetadata>"
             "</defaultPointMetadata><point><MeasurementTVP><time>2015-01-01T00:00:00Z</time>"
             "<value>20.5</value></MeasurementTVP></point></MeasurementTimeseries></dynamicDataTVP>"
             "</AtomicTimeseries>",
             "device-D1 heat 2015-01-01T00:00:00Z 20.5\n", NULL);
    assert_string_equal(ct_feature_text(&of_id("D1")->f, "unit", ""), "Cel");
    observes(
        "<CompositeTimeseries><component><TimeseriesComponent><repetitions>3</repetitions>"
        "<timeseries><GenericTimeseries>" PAIR(
            "2020", "<doubleValue>1</doubleValue>") "</GenericTimeseries></timeseries></"
                                                    "TimeseriesComponent></component><component>"
                                                    "<TimeseriesComponent><timeseries><"
                                                    "TabulatedFileTimeseries><fileLocation>a.csv"
                                                    "</fileLocation></TabulatedFileTimeseries></"
                                                    "timeseries></TimeseriesComponent></component>"
                                                    "</CompositeTimeseries>",
        "device-D1 heat 2020-01-01T00:00:00Z 1\n", NULL);
    found("series-composed", "a.gml", "1 time series");
    found("series-elsewhere", "a.gml", "TabulatedFileTimeseries");
}

// One value of a device that observes the property.
static void import_series_of(const char *property) {
    char *gml = ct_sprintf(
        "%s%s%s",
        OPEN3 "<cityObjectMember>" B("B1") BODY
        "<dynamizer><Dynamizer gml:id=\"D1\"><dynamicData><GenericTimeseries>" PAIR(
            "2020", "<doubleValue>1</doubleValue>") "</GenericTimeseries></dynamicData>"
                                                    "<attributeRef>a/b:",
        property, "</attributeRef></Dynamizer></dynamizer>" B_END "</cityObjectMember>" CLOSE2);
    assert_non_null(gml);
    import_observed(gml);
    ct_free(gml);
}

static void no_series_but_text(void) {
    assert_int_equal(observed.len, 0);
    assert_string_equal(property(of_id("D1"), "dynamizer", "timeseries")->value.as.text,
                        "[[\"2020\",1]]");
    ct_buf_fini(&observed);
}

static void series_under_too_long_a_name_stay_a_text(void **state) {
    (void)state;
    char name[CT_INGEST_OBSERVED_MOST + 2];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    import_series_of(name);
    found("property-name", "a.gml:1:Dynamizer D1", "a name of 128 bytes");
    no_series_but_text();
    name[sizeof name - 2] = '\0';
    import_series_of(name);
    assert_true(observed.len > 0);
    assert_int_equal(findings("property-name"), 0);
    ct_buf_fini(&observed);
}

static void series_of_no_device_stay_a_text(void **state) {
    (void)state;
    as_class = "element";
    import_series_of("heat");
    as_class = NULL;
    found("series-no-device", "a.gml", "of the class element");
    no_series_but_text();
}

// ---- attributes ---------------------------------------------------------------------------------

static void sets_of_generic_attributes_keep_their_names(void **state) {
    (void)state;
    must(import_gml(
        HEAD B("B1") "<g:genericAttributeSet name=\"Energy\">"
                     "<g:stringAttribute name=\"class\"><g:value>A</g:value></g:stringAttribute>"
                     "<g:measureAttribute name=\"use\"><g:value uom=\"kWh\">12.5</g:value>"
                     "</g:measureAttribute><g:genericAttributeSet name=\"Solar\">"
                     "<g:intAttribute name=\"panels\"><g:value>7</g:value></g:intAttribute>"
                     "</g:genericAttributeSet></g:genericAttributeSet>" BODY B_END TAIL));
    const seen *b = of_id("B1");
    assert_string_equal(property(b, "generic", "Energy.class")->value.as.text, "A");
    assert_float_equal(property(b, "generic", "Energy.use")->value.as.real, 12.5, 0);
    assert_string_equal(property(b, "generic", "Energy.use")->unit, "kWh");
    assert_int_equal(property(b, "generic", "Energy.Solar.panels")->value.as.integer, 7);
    must(import_gml(
        HEAD3 B("B1") "<genericAttribute><g:GenericAttributeSet><g:name>Energy</g:name>"
                      "<g:genericAttribute><g:StringAttribute><g:name>class</g:name><g:value>A"
                      "</g:value></g:StringAttribute></g:genericAttribute></g:GenericAttributeSet>"
                      "</genericAttribute>" BODY B_END TAIL));
    assert_string_equal(property(of_id("B1"), "generic", "Energy.class")->value.as.text, "A");
}

static void addresses_are_shared(void **state) {
    (void)state;
    must(import_gml(HEAD B("B1") "<b:address xlink:href=\"#A\"/>" BODY B_END NEXT B(
        "B2") "<b:address><Address gml:id=\"A\"><a><Street>Main Street</Street>"
              "<No>5</No></a></Address></b:address>" B_END TAIL));
    assert_string_equal(ct_feature_text(&of_id("B1")->f, "address", ""), "Main Street, 5");
    assert_string_equal(ct_feature_text(&of_id("B2")->f, "address", ""), "Main Street, 5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solids_take_polygons_of_other_members),
        cmocka_unit_test(links_go_on_from_member_to_member),
        cmocka_unit_test(surfaces_are_shared_with_their_meaning),
        cmocka_unit_test(implicit_geometries_are_found_behind_their_use),
        cmocka_unit_test(links_in_a_circle_of_members_are_told),
        cmocka_unit_test(the_scan_sees_links_however_they_are_written),
        cmocka_unit_test(appearances_of_the_model_colour_its_surfaces),
        cmocka_unit_test(pictures_lead_nowhere),
        cmocka_unit_test(textures_of_the_model_are_told),
        cmocka_unit_test(textures_tell_their_pictures),
        cmocka_unit_test(parts_of_other_members_have_their_building),
        cmocka_unit_test(parts_of_two_are_told),
        cmocka_unit_test(parts_without_room_are_told),
        cmocka_unit_test(links_in_versions_lead_somewhere),
        cmocka_unit_test(of_versions_one_is_read),
        cmocka_unit_test(objects_in_versions_are_read_once),
        cmocka_unit_test(dates_tell_what_is_there),
        cmocka_unit_test(groups_of_storeys_are_storeys),
        cmocka_unit_test(other_groups_are_zones),
        cmocka_unit_test(a_storey_has_one_building),
        cmocka_unit_test(dynamizers_are_devices),
        cmocka_unit_test(series_are_observations),
        cmocka_unit_test(series_under_too_long_a_name_stay_a_text),
        cmocka_unit_test(series_of_no_device_stay_a_text),
        cmocka_unit_test(sets_of_generic_attributes_keep_their_names),
        cmocka_unit_test(addresses_are_shared),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
