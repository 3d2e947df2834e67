// Which class a type of city object becomes, and which attributes of the catalogue the standard's
// attributes are.
#include <string.h>
#include <strings.h>

#include "ingest/city/city.h"

// In the order of the modules of CityGML 3.0; names of 2.0 that differ follow theirs.
static const ct_city__type types[] = {
    {"Building", "building", NULL, CT_SURFACE_GROUND},
    {"BuildingPart", "building", NULL, CT_SURFACE_GROUND},
    {"BuildingStorey", "storey", NULL, CT_SURFACE_FLOOR},
    {"BuildingUnit", "building_unit", NULL, CT_SURFACE_FLOOR},
    {"BuildingRoom", "space", NULL, CT_SURFACE_FLOOR},
    {"BuildingInstallation", "element", "other", CT_SURFACE_GROUND},
    {"BuildingConstructiveElement", "element", "other", CT_SURFACE_GROUND},
    {"BuildingFurniture", "element", "furniture", CT_SURFACE_NONE},
    {"Door", "opening", "door", CT_SURFACE_NONE},
    {"Window", "opening", "window", CT_SURFACE_NONE},
    {"IndoorTransition", "connection", NULL, CT_SURFACE_NONE},
    {"CellSpaceBoundary", "city_object", NULL, CT_SURFACE_NONE},
    {"Bridge", "structure", "bridge", CT_SURFACE_GROUND},
    {"BridgePart", "structure", "bridge", CT_SURFACE_GROUND},
    {"BridgeInstallation", "element", "other", CT_SURFACE_NONE},
    {"BridgeConstructiveElement", "element", "other", CT_SURFACE_NONE},
    {"BridgeConstructionElement", "element", "other", CT_SURFACE_NONE}, // of CityJSON 1.0
    {"BridgeRoom", "element", "other", CT_SURFACE_FLOOR},
    {"BridgeFurniture", "element", "furniture", CT_SURFACE_NONE},
    {"Tunnel", "structure", "tunnel", CT_SURFACE_GROUND},
    {"TunnelPart", "structure", "tunnel", CT_SURFACE_GROUND},
    {"TunnelInstallation", "element", "other", CT_SURFACE_NONE},
    {"TunnelConstructiveElement", "element", "other", CT_SURFACE_NONE},
    {"TunnelHollowSpace", "element", "other", CT_SURFACE_FLOOR},
    {"TunnelFurniture", "element", "furniture", CT_SURFACE_NONE},
    {"OtherConstruction", "structure", "other", CT_SURFACE_GROUND},
    {"Road", "traffic_area", "road", CT_SURFACE_NONE},
    {"Railway", "traffic_area", "railway", CT_SURFACE_NONE},
    {"TransportSquare", "traffic_area", "square", CT_SURFACE_NONE},
    {"Waterway", "traffic_area", "waterway", CT_SURFACE_NONE},
    {"Track", "traffic_area", "track", CT_SURFACE_NONE},
    {"TransportationComplex", "traffic_area", "other", CT_SURFACE_NONE},
    {"TrafficArea", "traffic_area", "other", CT_SURFACE_NONE},
    {"Section", "traffic_area", NULL, CT_SURFACE_TRAFFIC},
    {"Intersection", "traffic_area", NULL, CT_SURFACE_TRAFFIC},
    {"TrafficSpace", "traffic_area", NULL, CT_SURFACE_TRAFFIC},
    {"AuxiliaryTrafficSpace", "traffic_area", NULL, CT_SURFACE_AUXILIARY_TRAFFIC},
    {"PlantCover", "green", NULL, CT_SURFACE_NONE},
    {"SolitaryVegetationObject", "component", "tree", CT_SURFACE_NONE},
    {"WaterBody", "water", NULL, CT_SURFACE_WATER},
    {"LandUse", "land_use", NULL, CT_SURFACE_NONE},
    {"CityFurniture", "component", "other", CT_SURFACE_NONE},
    {"ReliefFeature", "terrain", NULL, CT_SURFACE_NONE},
    {"TINRelief", "terrain", "tin", CT_SURFACE_NONE},
    {"CityObjectGroup", "zone", NULL, CT_SURFACE_NONE},
    {"Dynamizer", "device", "other", CT_SURFACE_NONE},
    {"GenericCityObject", "city_object", NULL, CT_SURFACE_NONE},
};

const ct_city__type *ct_city__type_of(const char *name, bool *known) {
    const size_t n = sizeof types / sizeof *types;
    if (*name == '+') name++;
    *known = true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(types[i].name, name) == 0) return &types[i];
    *known = false;
    return &types[n - 1];
}

bool ct_city__is_storey(const char *text) {
    static const char *const words[] = {"storey", "building separation", "buildingSeparation",
                                        "geschoss"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(text, words[i])) return true;
    return false;
}

// Functions and usages of buildings in the code lists of CityGML 2.0 (annex C) and of the German
// survey (31001_...), as far as the catalogue's uses can tell them.
static const struct {
    const char *code, *use;
} uses[] = {{"1000", "residential"},
            {"1010", "residential"},
            {"1020", "residential"},
            {"1030", "mixed"},
            {"1040", "mixed"},
            {"1050", "mixed"},
            {"1060", "mixed"},
            {"1080", "mixed"},
            {"1120", "office"},
            {"1150", "commercial"},
            {"1160", "commercial"},
            {"1170", "commercial"},
            {"1180", "commercial"},
            {"1210", "commercial"},
            {"31001_1000", "residential"},
            {"31001_1010", "residential"},
            {"31001_1100", "mixed"},
            {"31001_1120", "mixed"},
            {"31001_2000", "commercial"},
            {"31001_2020", "office"},
            {"31001_2050", "commercial"},
            {"31001_2100", "industrial"},
            {"31001_2463", "garage"},
            {"31001_2700", "industrial"},
            {"31001_3000", "public"},
            {"31001_3010", "public"},
            {"31001_3020", "school"},
            {"31001_3051", "clinic"},
            {"31001_3065", "kindergarten"}};

const char *ct_city__use_of(const char *code) {
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (strcasecmp(uses[i].code, code) == 0) return uses[i].use;
    return NULL;
}

static const struct {
    const char *theirs, *ours;
} attributes[] = {
    {"name", "name"},
    {"measuredHeight", "height_m"},
    {"address", "address"},
    {"storeysAboveGround", "storeys_above"},
    {"storeysBelowGround", "storeys_below"},
    {"yearOfConstruction", "year_built"},
    {"dateOfConstruction", "year_built"},
    {"roofType", "roof_type"},
    {"function", "use"},
    {"usage", "use"},
};

const char *ct_city__attr_of(const char *attribute) {
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (strcmp(attributes[i].theirs, attribute) == 0) return attributes[i].ours;
    return NULL;
}
