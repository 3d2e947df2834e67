// Shared by the tests of CityGML: the pieces that their small documents are made of, a house of
// 10 x 8 x 6 m above all.
#ifndef TESTS_INGEST_CITY_GML_H
#define TESTS_INGEST_CITY_GML_H

#include "city_harness.h"

#define TWIN "EPSG:25832"
#define NS                                                                                         \
    " xmlns:gml=\"http://www.opengis.net/gml\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "      \
    "xmlns:b=\"http://www.opengis.net/citygml/building/2.0\" "                                     \
    "xmlns:g=\"http://www.opengis.net/citygml/generics/2.0\""
#define ENVELOPE                                                                                   \
    "<gml:boundedBy><gml:Envelope srsName=\"urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783\"/>"    \
    "</gml:boundedBy>"
#define HEAD                                                                                       \
    "<CityModel xmlns=\"http://www.opengis.net/citygml/2.0\"" NS ">" ENVELOPE "<cityObjectMember>"
#define HEAD3                                                                                      \
    "<CityModel xmlns=\"http://www.opengis.net/citygml/3.0\"" NS ">" ENVELOPE "<cityObjectMember>"
#define TAIL "</cityObjectMember></CityModel>"
#define RING(list)                                                                                 \
    "<gml:exterior><gml:LinearRing><gml:posList>" list "</gml:posList></gml:LinearRing>"           \
    "</gml:exterior>"
#define POLYGON(id, list)                                                                          \
    "<gml:surfaceMember><gml:Polygon gml:id=\"" id "\">" RING(list) "</gml:Polygon>"               \
                                                                    "</gml:surfaceMember>"
#define LINK(id) "<gml:surfaceMember xlink:href=\"#" id "\"/>"
#define BOTTOM                                                                                     \
    "500000 5400000 100 500000 5400008 100 500010 5400008 100 500010 5400000 100 "                 \
    "500000 5400000 100"
#define TOP                                                                                        \
    "500000 5400000 106 500010 5400000 106 500010 5400008 106 500000 5400008 106 "                 \
    "500000 5400000 106"
#define SOUTH                                                                                      \
    "500000 5400000 100 500010 5400000 100 500010 5400000 106 500000 5400000 106 "                 \
    "500000 5400000 100"
#define EAST                                                                                       \
    "500010 5400000 100 500010 5400008 100 500010 5400008 106 500010 5400000 106 "                 \
    "500010 5400000 100"
#define NORTH                                                                                      \
    "500010 5400008 100 500000 5400008 100 500000 5400008 106 500010 5400008 106 "                 \
    "500010 5400008 100"
#define WEST                                                                                       \
    "500000 5400008 100 500000 5400000 100 500000 5400000 106 500000 5400008 106 "                 \
    "500000 5400008 100"
#define FACES                                                                                      \
    POLYGON("p1", BOTTOM)                                                                          \
    POLYGON("p2", TOP)                                                                             \
    POLYGON("p3", SOUTH) POLYGON("p4", EAST) POLYGON("p5", NORTH) POLYGON("p6", WEST)
#define LINKS LINK("p1") LINK("p2") LINK("p3") LINK("p4") LINK("p5") LINK("p6")
#define SURFACE(kind, polygon)                                                                     \
    "<b:boundedBy><b:" kind                                                                        \
    "><gml:name>n</gml:name><b:lod2MultiSurface><gml:MultiSurface>" polygon                        \
    "</gml:MultiSurface></b:lod2MultiSurface></b:" kind "></b:boundedBy>"
#define SURFACES                                                                                   \
    SURFACE("GroundSurface", POLYGON("p1", BOTTOM))                                                \
    SURFACE("RoofSurface", POLYGON("p2", TOP))                                                     \
    SURFACE("WallSurface", POLYGON("p3", SOUTH) POLYGON("p4", EAST))                               \
    SURFACE("WallSurface", POLYGON("p5", NORTH) POLYGON("p6", WEST))
#define SOLID(lod, members)                                                                        \
    "<b:lod" lod "Solid><gml:Solid><gml:exterior><gml:CompositeSurface>" members                   \
    "</gml:CompositeSurface></gml:exterior></gml:Solid></b:lod" lod "Solid>"

static inline ct_err import_gml(const char *text) {
    return import_text("a.gml", text, TWIN, NULL);
}

#endif
