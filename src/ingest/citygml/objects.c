// City objects of a member: which elements are objects, which are surfaces of one, and in which
// order geometries are read.
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/citygml/survey.h"

// Elements that are objects, and their types as CityJSON names them.
static const struct {
    const char *element, *type;
} objects[] = {
    {"Building", "Building"},
    {"BuildingPart", "BuildingPart"},
    {"Storey", "BuildingStorey"},
    {"BuildingUnit", "BuildingUnit"},
    {"BuildingRoom", "BuildingRoom"},
    {"Room", "BuildingRoom"},
    {"BuildingInstallation", "BuildingInstallation"},
    {"IntBuildingInstallation", "BuildingInstallation"},
    {"BuildingConstructiveElement", "BuildingConstructiveElement"},
    {"BuildingFurniture", "BuildingFurniture"},
    {"Door", "Door"},
    {"Window", "Window"},
    {"Bridge", "Bridge"},
    {"BridgePart", "BridgePart"},
    {"BridgeInstallation", "BridgeInstallation"},
    {"IntBridgeInstallation", "BridgeInstallation"},
    {"BridgeConstructionElement", "BridgeConstructiveElement"},
    {"BridgeConstructiveElement", "BridgeConstructiveElement"},
    {"BridgeRoom", "BridgeRoom"},
    {"BridgeFurniture", "BridgeFurniture"},
    {"Tunnel", "Tunnel"},
    {"TunnelPart", "TunnelPart"},
    {"TunnelInstallation", "TunnelInstallation"},
    {"IntTunnelInstallation", "TunnelInstallation"},
    {"TunnelConstructiveElement", "TunnelConstructiveElement"},
    {"HollowSpace", "TunnelHollowSpace"},
    {"TunnelFurniture", "TunnelFurniture"},
    {"OtherConstruction", "OtherConstruction"},
    {"Road", "Road"},
    {"Railway", "Railway"},
    {"Square", "TransportSquare"},
    {"Waterway", "Waterway"},
    {"Track", "Track"},
    {"TransportationComplex", "TransportationComplex"},
    {"Section", "Section"},
    {"Intersection", "Intersection"},
    {"TrafficSpace", "TrafficSpace"},
    {"AuxiliaryTrafficSpace", "AuxiliaryTrafficSpace"},
    {"PlantCover", "PlantCover"},
    {"SolitaryVegetationObject", "SolitaryVegetationObject"},
    {"WaterBody", "WaterBody"},
    {"LandUse", "LandUse"},
    {"CityFurniture", "CityFurniture"},
    {"ReliefFeature", "ReliefFeature"},
    {"TINRelief", "TINRelief"},
    {"CityObjectGroup", "CityObjectGroup"},
    {"GenericCityObject", "GenericCityObject"},
    {"GenericOccupiedSpace", "GenericCityObject"},
    {"GenericUnoccupiedSpace", "GenericCityObject"},
    {"GenericLogicalSpace", "GenericCityObject"},
    {"GenericThematicSurface", "GenericCityObject"},
};

static const char *type_of(const xmlNode *node) {
    for (size_t i = 0; node && i < sizeof objects / sizeof *objects; i++)
        if (ct_citygml__named(node, objects[i].element)) return objects[i].type;
    return NULL;
}

static bool is_surface(const xmlNode *node) {
    const char *name = ct_citygml__name(node);
    const size_t n = strlen(name);
    return (n > 7 && strcmp(name + n - 7, "Surface") == 0) ||
           ct_citygml__named(node, "TrafficArea") ||
           ct_citygml__named(node, "AuxiliaryTrafficArea");
}

static bool is_opening(const xmlNode *property) {
    return ct_citygml__named(property, "opening") || ct_citygml__named(property, "fillingSurface");
}

// "lod2MultiSurface": 2; -1 for others.
static int lod_of(const xmlNode *property) {
    const char *name = ct_citygml__name(property);
    return strncmp(name, "lod", 3) == 0 && name[3] >= '0' && name[3] <= '4' && name[4]
               ? name[3] - '0'
               : -1;
}

// ---- surfaces -----------------------------------------------------------------------------------

typedef struct reading { // of one object
    ct_citygml__reader *c;
    ct_city__object *o;
    ct_city__surface *list;
    xmlNode **nodes; // of the surfaces
    uint32_t n, room;
} reading;

static ct_err add_surface(uint32_t *index, reading *r, xmlNode *node) {
    ct_arena *arena = r->c->r.family;
    if (r->n == r->room) {
        const uint32_t room = r->room ? 2 * r->room : 32;
        ct_city__surface *list = ct_arena_calloc(arena, room, sizeof *list);
        xmlNode **nodes = ct_arena_calloc(arena, room, sizeof(xmlNode *));
        if (!list || !nodes) return CT_NOMEM;
        if (r->n) memcpy(list, r->list, r->n * sizeof *list);
        if (r->n) memcpy(nodes, r->nodes, r->n * sizeof(xmlNode *));
        r->list = list;
        r->nodes = nodes;
        r->room = room;
    }
    ct_city__object holder = {0}; // gathers the attributes
    ct_city__surface *s = &r->list[r->n];
    *s = (ct_city__surface){.type = ct_arena_strdup(arena, ct_citygml__name(node))};
    if (!s->type) return CT_NOMEM;
    CT_TRY(ct_citygml__attr(&s->id, arena, node, "id"));
    for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        const xmlNode *child = ct_citygml__first(p);
        if (lod_of(p) >= 0 || ct_citygml__named(p, "boundedBy") || is_opening(p)) continue;
        if (child && (is_surface(child) || type_of(child))) continue;
        if (child && ct_citygml__named(child, "Dynamizer")) continue;
        CT_TRY(ct_citygml__attribute(r->c, &holder, p));
    }
    s->attributes = holder.attributes;
    s->n_attributes = holder.n_attributes;
    r->nodes[r->n] = node;
    *index = r->n++;
    return CT_OK;
}

static ct_surface tag_of(const char *type) {
    if (strcmp(type, "WaterClosureSurface") == 0) return CT_SURFACE_CLOSURE;
    return ct_surface_of_name(type);
}

static ct_err read_surface(reading *r, xmlNode *node, int depth);

static bool is_surface_or_opening(const xmlNode *node) {
    return is_surface(node) || ct_citygml__named(node, "Door") || ct_citygml__named(node, "Window");
}

// A surface that the property only links to, once for the object.
static ct_err read_linked(reading *r, const xmlNode *property, int depth) {
    ct_citygml__target_shape t = {.c = r->c, .object = r->o};
    xmlNode *surface;
    bool first;
    CT_TRY(ct_citygml__target(&surface, r->c, property));
    if (!surface || !is_surface_or_opening(surface)) return CT_OK;
    CT_TRY(ct_citygml__meet(&first, &t, surface));
    return first ? read_surface(r, surface, depth) : CT_OK;
}

static ct_err read_dynamizer(reading *r, const xmlNode *node) {
    ct_city__object *made;
    CT_TRY(ct_citygml__dynamizer(&made, r->c, node));
    ct_city__add_child(r->o, made);
    return CT_OK;
}

// The surface with its openings, which are surfaces too; all their polygons marked.
static ct_err read_surface(reading *r, xmlNode *node, int depth) {
    uint32_t index;
    if (depth > CT_CITY__MAX_DEPTH)
        return ct_fail(CT_LIMIT, "line %ld: surfaces nested too deep", xmlGetLineNo(node));
    CT_TRY(add_surface(&index, r, node));
    const ct_surface tag = tag_of(r->list[index].type);
    if (tag == CT_SURFACE_NONE)
        CT_TRY(ct_city__count(&r->c->r, "unknown-surface",
                              "%zu surfaces have the meaning \"%s\", which is not known",
                              r->list[index].type));
    ct_citygml__target_shape t = {
        .c = r->c, .object = r->o, .arena = r->c->r.family, .dimensions = 3};
    for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        xmlNode *child = ct_citygml__first(p);
        if (lod_of(p) >= 0 && child) {
            CT_TRY(ct_citygml__mark(&t, child, tag, index));
        } else if (child && is_surface_or_opening(child)) {
            CT_TRY(read_surface(r, child, depth + 1));
        } else if (child && ct_citygml__named(child, "Dynamizer")) {
            CT_TRY(read_dynamizer(r, child));
        } else if (!child && is_opening(p)) {
            CT_TRY(read_linked(r, p, depth + 1));
        }
    }
    return CT_OK;
}

static bool is_boundary(const xmlNode *property) {
    const char *name = ct_citygml__name(property);
    return strcmp(name, "boundedBy") == 0 || strcmp(name, "boundary") == 0 ||
           strcmp(name, "trafficArea") == 0 || strcmp(name, "auxiliaryTrafficArea") == 0;
}

// ---- geometries of the object -------------------------------------------------------------------

static ct_city__role role_of(const xmlNode *property) {
    if (lod_of(property) < 0) return CT_CITY__BODY; // a relief's tin
    const char *rest = ct_citygml__name(property) + 4;
    if (strcmp(rest, "FootPrint") == 0) return CT_CITY__FOOTPRINT;
    if (strcmp(rest, "RoofEdge") == 0) return CT_CITY__ROOF_EDGE;
    if (strncmp(rest, "TerrainIntersection", 19) == 0) return CT_CITY__TERRAIN_LINE;
    return CT_CITY__BODY;
}

static ct_err read_geometry(reading *r, xmlNode *property, int lod, bool once) {
    xmlNode *geometry = ct_citygml__first(property);
    ct_citygml__target_shape t = {.c = r->c,
                                  .object = r->o,
                                  .arena = r->c->r.family,
                                  .surfaces = r->list,
                                  .n_surfaces = r->n,
                                  .lod = (uint8_t)lod,
                                  .role = role_of(property),
                                  .once = once,
                                  .dimensions = 3};
    if (!geometry) CT_TRY(ct_citygml__target(&geometry, r->c, property));
    if (!geometry) return CT_OK;
    if (ct_citygml__named(geometry, "ImplicitGeometry")) return ct_citygml__implicit(&t, geometry);
    return ct_citygml__geometry(&t, geometry);
}

static bool holds_solid(const xmlNode *property) {
    return strstr(ct_citygml__name(property), "Solid") != NULL;
}

// Solids, then what else the object has itself, then what of its surfaces is in none of these.
static ct_err read_geometries(reading *r, xmlNode *node) {
    r->c->n_met = 0;
    r->c->met_more = false;
    for (int turn = 0; turn < 2; turn++)
        for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
            const int lod = lod_of(p);
            if (lod >= 0 && holds_solid(p) == (turn == 0))
                CT_TRY(read_geometry(r, p, lod, turn != 0));
        }
    for (uint32_t i = 0; i < r->n; i++)
        for (xmlNode *p = ct_citygml__first(r->nodes[i]); p; p = ct_citygml__next(p))
            if (lod_of(p) >= 0) CT_TRY(read_geometry(r, p, lod_of(p), true));
    return CT_OK;
}

// A relief's surface has no LOD in its name, but beside it.
static ct_err read_tin(reading *r, xmlNode *node) {
    const xmlNode *lod = ct_citygml__child(node, "lod");
    xmlNode *tin = ct_citygml__child(node, "tin");
    const char *text = "1";
    if (!tin) return CT_OK;
    if (lod) CT_TRY(ct_citygml__text(&text, r->c->r.family, lod));
    const int number = text[0] >= '0' && text[0] <= '4' ? text[0] - '0' : 1;
    return read_geometry(r, tin, number, false);
}

// ---- objects ------------------------------------------------------------------------------------

ct_err ct_citygml__begin(ct_city__object **out, ct_citygml__reader *c, const xmlNode *node,
                         const char *type) {
    ct_arena *arena = c->r.family;
    ct_city__object *o = ct_arena_calloc(arena, 1, sizeof *o);
    if (!o) return CT_NOMEM;
    o->type = type;
    CT_TRY(ct_citygml__attr(&o->id, arena, node, "id"));
    if (!o->id || !*o->id) {
        o->id = ct_arena_printf(arena, "%s-line-%ld", type, xmlGetLineNo(node));
        CT_TRY(ct_city__count(&c->r, "no-id",
                              "%zu objects have no gml:id, as a %s; their line stands "
                              "for it",
                              type));
    }
    o->where = ct_arena_printf(arena, "%s:%ld:%s %.100s", c->r.job->file, xmlGetLineNo(node),
                               ct_citygml__name(node), o->id ? o->id : "");
    if (!o->id || !o->where) return CT_NOMEM;
    *out = o;
    return CT_OK;
}

// An object in this one.
static ct_err read_part(reading *r, xmlNode *node, int depth) {
    ct_city__object *made;
    bool current;
    const char *type = type_of(node);
    if (!type) return CT_OK;
    CT_TRY(ct_citygml__is_current(&current, r->c, node));
    if (!current) return CT_OK;
    CT_TRY(ct_citygml__object(&made, r->c, node, type, depth + 1));
    ct_city__add_child(r->o, made);
    return CT_OK;
}

static ct_err read_property(reading *r, xmlNode *p, int depth) {
    xmlNode *child = ct_citygml__first(p);
    if (lod_of(p) >= 0 || ct_citygml__named(p, "tin")) return CT_OK; // later
    if (!child && is_boundary(p)) return read_linked(r, p, 0);
    if (!child) {
        CT_TRY(ct_citygml__take_part(&child, r->c, p));
        if (child) return read_part(r, child, depth);
    }
    if (!child || ct_citygml__named(p, "groupMember") || ct_citygml__named(p, "address"))
        return ct_citygml__named(p, "groupMember") && child ? CT_OK
                                                            : ct_citygml__attribute(r->c, r->o, p);
    if (ct_citygml__named(child, "Envelope")) return CT_OK;
    if (is_boundary(p) && is_surface(child)) return read_surface(r, child, 0);
    if (ct_citygml__named(child, "Dynamizer")) return read_dynamizer(r, child);
    if (!type_of(child)) return ct_citygml__attribute(r->c, r->o, p);
    for (; child; child = ct_citygml__next(child)) CT_TRY(read_part(r, child, depth));
    return CT_OK;
}

ct_err ct_citygml__object(ct_city__object **out, ct_citygml__reader *c, xmlNode *node,
                          const char *type, int depth) {
    if (depth > CT_CITY__MAX_DEPTH)
        return ct_fail(CT_LIMIT, "line %ld: objects nested deeper than %d levels",
                       xmlGetLineNo(node), CT_CITY__MAX_DEPTH);
    CT_TRY(ct_citygml__begin(out, c, node, type));
    reading r = {.c = c, .o = *out};
    for (xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p))
        CT_TRY(read_property(&r, p, depth));
    CT_TRY(read_geometries(&r, node));
    CT_TRY(read_tin(&r, node));
    return ct_citygml__tell_textures(c, *out);
}

// ---- links --------------------------------------------------------------------------------------

ct_city__object *ct_citygml__next_object(ct_city__object *o, const ct_city__object *root) {
    if (o->child) return o->child;
    while (o != root && !o->next) o = o->parent;
    return o == root ? NULL : o->next;
}

static ct_city__object *object_of(ct_city__object *root, const char *id) {
    for (ct_city__object *o = root; o; o = ct_citygml__next_object(o, root))
        if (strcmp(o->id, id) == 0) return o;
    return NULL;
}

// Rooms that a storey, or a unit of it, only links to are the storey's.
static void link_rooms(ct_city__object *root, const ct_city__object *from, const char *storey,
                       int depth) {
    for (size_t i = 0; i < from->n_attributes && depth < 4; i++) {
        const ct_property *p = &from->attributes[i];
        if (p->value.kind != CT_VALUE_TEXT || p->value.as.text[0] != '#' ||
            strncmp(p->name, "building", 8) != 0)
            continue;
        ct_city__object *to = object_of(root, p->value.as.text + 1);
        if (!to || to == from) continue;
        if (strcmp(to->type, "BuildingRoom") == 0) {
            if (storey) to->storey_id = storey;
            if (strcmp(from->type, "BuildingUnit") == 0) to->unit_id = from->id;
        }
        if (strcmp(to->type, "BuildingUnit") == 0) {
            to->storey_id = storey;
            link_rooms(root, to, storey, depth + 1);
        }
    }
}

static void link_storeys(ct_city__object *root) {
    for (ct_city__object *o = root; o; o = ct_citygml__next_object(o, root)) {
        if (strcmp(o->type, "BuildingStorey") == 0) link_rooms(root, o, o->id, 0);
        if (strcmp(o->type, "BuildingUnit") == 0) link_rooms(root, o, o->storey_id, 0);
    }
}

// ---- members ------------------------------------------------------------------------------------

ct_err ct_citygml__index(ct_citygml__reader *c, ct_arena *arena, xmlNode *member) {
    size_t n = 0, at = 0;
    for (xmlNode *node = member; node; node = ct_citygml__walk(node, member))
        n += node->type == XML_ELEMENT_NODE;
    c->nodes = ct_arena_calloc(arena, n + 1, sizeof(xmlNode *));
    if (!c->nodes) return CT_NOMEM;
    for (xmlNode *node = member; node; node = ct_citygml__walk(node, member)) {
        const char *id;
        if (node->type != XML_ELEMENT_NODE || !node->properties) continue;
        CT_TRY(ct_citygml__attr(&id, arena, node, "id"));
        if (!id) continue;
        c->nodes[at] = node;
        CT_TRY(ct_strmap_put(c->ids, id, at++));
    }
    c->n_nodes = at;
    return CT_OK;
}

static ct_err read_tree(ct_city__object **root, ct_citygml__reader *c, xmlNode *node) {
    if (ct_citygml__named(node, "Dynamizer")) return ct_citygml__dynamizer(root, c, node);
    CT_TRY(ct_citygml__object(root, c, node, type_of(node), 0));
    link_storeys(*root);
    return ct_citygml__add_storeys(c, *root);
}

ct_err ct_citygml__read_one(ct_citygml__reader *c, xmlNode *node) {
    ct_city__object *root = NULL;
    char where[CT_INGEST__WHERE_BYTES];
    snprintf(where, sizeof where, "%s:%ld", c->r.job->file, xmlGetLineNo(node));
    c->steps = 0;
    const ct_err err = read_tree(&root, c, node);
    ct_citygml__unmark(c);
    if (err != CT_OK) return ct_city__note(&c->r, err, where);
    return ct_city__deliver(&c->r, root);
}

static ct_err read_all(ct_citygml__reader *c, const xmlNode *member);

// Objects that stand in a group are read by themselves: it only names them.
static ct_err read_group_members(ct_citygml__reader *c, const xmlNode *group) {
    for (const xmlNode *p = ct_citygml__first(group); p; p = ct_citygml__next(p)) {
        if (!ct_citygml__named(p, "groupMember")) continue;
        const xmlNode *role = ct_citygml__child(p, "Role"); // of 3.0
        const xmlNode *member = role ? ct_citygml__child(role, "groupMember") : p;
        if (member) CT_TRY(read_all(c, member));
    }
    return CT_OK;
}

static ct_err read_top(ct_citygml__reader *c, xmlNode *node) {
    const char *id;
    bool current;
    CT_TRY(ct_citygml__attr(&id, c->member, node, "id"));
    if (ct_citygml__is_claimed(c->survey, id)) return CT_OK;
    CT_TRY(ct_citygml__is_current(&current, c, node));
    if (!current || ct_citygml__is_storey_group(c->survey, id)) return CT_OK;
    return ct_citygml__read_one(c, node);
}

static ct_err read_all(ct_citygml__reader *c, const xmlNode *member) {
    for (xmlNode *node = ct_citygml__first(member); node; node = ct_citygml__next(node)) {
        ct_arena_reset(c->r.family);
        ct_arena_reset(c->r.job->arena);
        if (type_of(node) || ct_citygml__named(node, "Dynamizer"))
            CT_TRY(read_top(c, node));
        else
            CT_TRY(
                ct_city__count(&c->r, "no-class",
                               "%zu parts of the model are of no class, as %s, and were left out",
                               ct_citygml__name(node)));
        if (ct_citygml__named(node, "CityObjectGroup")) CT_TRY(read_group_members(c, node));
    }
    return CT_OK;
}

// What all objects of the member are read with.
static ct_err prepare(ct_citygml__reader *c, xmlNode *member) {
    if (!c->ids || !c->colours) return CT_NOMEM;
    CT_TRY(ct_citygml__index(c, c->member, member));
    return ct_citygml__colours(c, member, c->colours, c->member);
}

bool ct_citygml__is_member(const xmlNode *property) {
    return ct_citygml__named(property, "cityObjectMember") ||
           ct_citygml__named(property, "featureMember") ||
           ct_citygml__named(property, "featureMembers");
}

ct_err ct_citygml__member(ct_citygml__reader *c, xmlNode *member) {
    char where[CT_INGEST__WHERE_BYTES];
    snprintf(where, sizeof where, "%s:%ld", c->r.job->file, xmlGetLineNo(member));
    ct_arena_reset(c->member);
    c->ids = ct_strmap_new(256);
    c->colours = ct_strmap_new(16);
    ct_err err = prepare(c, member);
    err = err == CT_OK ? read_all(c, member) : ct_city__note(&c->r, err, where);
    ct_strmap_free(c->ids);
    ct_strmap_free(c->colours);
    c->ids = c->colours = NULL;
    return err;
}
