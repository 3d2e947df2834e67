// Which type of city object a feature of the twin is. Types are those of CityJSON 2.0; what no
// other type takes is a GenericCityObject.
#include <string.h>

#include "export/city/city.h"

#define GENERIC "GenericCityObject"

typedef struct rule {
    const char *cls, *kind; // kind NULL: any
    const char *with, *without;
    const char *parent[2];                       // attributes
    enum { SOLIDS, SURFACES, COMPOSITE } bodies; // what those of the type may be
} rule;

// The first that fits.
static const rule rules[] = {
    {"building", NULL, "BuildingPart", "Building", {"part_of"}, SOLIDS},
    {"storey", NULL, "BuildingStorey", GENERIC, {"building"}, SOLIDS},
    {"building_unit", NULL, "BuildingUnit", GENERIC, {"building"}, SOLIDS},
    {"space", NULL, "BuildingRoom", GENERIC, {"storey"}, SOLIDS},
    {"element", "furniture", "BuildingFurniture", GENERIC, {"storey", "building"}, SOLIDS},
    {"element", "equipment", "BuildingInstallation", GENERIC, {"storey", "building"}, SOLIDS},
    {"element", "service", "BuildingInstallation", GENERIC, {"storey", "building"}, SOLIDS},
    {"element", "railing", "BuildingInstallation", GENERIC, {"storey", "building"}, SOLIDS},
    {"element", NULL, "BuildingConstructiveElement", GENERIC, {"storey", "building"}, SOLIDS},
    {"opening", NULL, "BuildingConstructiveElement", GENERIC, {"storey", "building"}, SOLIDS},
    {"transition", NULL, "BuildingInstallation", GENERIC, {"building"}, SOLIDS},
    {"structure", "bridge", "BridgePart", "Bridge", {"part_of"}, SOLIDS},
    {"structure", "tunnel", "TunnelPart", "Tunnel", {"part_of"}, SOLIDS},
    {"structure", NULL, "OtherConstruction", "OtherConstruction", {0}, SOLIDS},
    {"traffic_area", "railway", "Railway", "Railway", {0}, SURFACES},
    {"traffic_area", "square", "TransportSquare", "TransportSquare", {0}, SURFACES},
    {"traffic_area", "waterway", "Waterway", "Waterway", {0}, SURFACES},
    {"traffic_area", NULL, "Road", "Road", {0}, SURFACES},
    {"road", NULL, "Road", "Road", {0}, SURFACES},
    {"path", NULL, "Road", "Road", {0}, SURFACES},
    {"parking", NULL, "TransportSquare", "TransportSquare", {0}, SURFACES},
    {"green", NULL, "PlantCover", "PlantCover", {0}, SURFACES},
    {"land_use", NULL, "LandUse", "LandUse", {0}, SURFACES},
    {"water", NULL, "WaterBody", "WaterBody", {0}, SOLIDS},
    {"terrain", "tin", "TINRelief", "TINRelief", {0}, COMPOSITE},
    {"component", "tree", "SolitaryVegetationObject", "SolitaryVegetationObject", {0}, SOLIDS},
    {"component", NULL, "CityFurniture", "CityFurniture", {0}, SOLIDS},
    {"hydrant", NULL, "CityFurniture", "CityFurniture", {0}, SOLIDS},
    {"gate", NULL, "CityFurniture", "CityFurniture", {0}, SOLIDS},
};
static const rule other = {"", NULL, GENERIC, GENERIC, {0}, SOLIDS};

const char *ct_cityout__property(const ct_feature *f, const char *set, const char *name) {
    for (size_t i = 0; i < f->n_properties; i++) {
        const ct_property *p = &f->properties[i];
        if (strcmp(p->set, set) == 0 && strcmp(p->name, name) == 0 &&
            p->value.kind == CT_VALUE_TEXT)
            return p->value.as.text;
    }
    return NULL;
}

// What a source said that it is, where the twin has less words for it.
static const char *own_word(const rule *r, const ct_feature *f) {
    static const char *const words[] = {"BuildingInstallation", "BuildingConstructiveElement",
                                        "BuildingFurniture", NULL};
    const char *said = ct_cityout__property(f, "", "source_type");
    if (!said || strcmp(f->cls->name, "element") != 0) return r->with;
    for (const char *const *w = words; *w; w++)
        if (strcmp(*w, said) == 0) return *w;
    return r->with;
}

void ct_cityout__type_of(ct_cityout__type *out, const ct_feature *f) {
    const char *kind = ct_feature_text(f, "kind", "");
    const rule *r = &other;
    for (size_t i = 0; r == &other && i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].cls, f->cls->name) == 0 &&
            (!rules[i].kind || strcmp(rules[i].kind, kind) == 0))
            r = &rules[i];
    *out = (ct_cityout__type){.with = own_word(r, f),
                              .without = r->without,
                              .solids = r->bodies == SOLIDS,
                              .surfaces = r->bodies == COMPOSITE ? CT_CITYOUT__COMPOSITE
                                                                 : CT_CITYOUT__SURFACES};
    for (size_t i = 0; i < 2; i++)
        out->parent[i] = r->parent[i] ? ct_feature_text(f, r->parent[i], NULL) : NULL;
}
