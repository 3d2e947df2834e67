// The frame of an IFC4 file: header, project, placements, solids, sets, relations (ISO 16739-1).
#include "bim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const double k_precision_m = 1e-5;

// ---- ids ----------------------------------------------------------------------------------------

const char *bim_guid(bim *b, const char *format, ...) {
    static _Thread_local char ids[4][23];
    static _Thread_local unsigned next;
    char path[256];
    const int n = snprintf(path, sizeof path, "%s/", b->seed);
    va_list args;
    va_start(args, format);
    vsnprintf(path + n, sizeof path - (size_t)n, format, args);
    va_end(args);
    char *out = ids[next++ % 4];
    ct_ifc_guid(out, path);
    return out;
}

// ---- placements ---------------------------------------------------------------------------------

ct_step_id bim_point(bim *b, double x, double y, double z) {
    const double at[] = {x, y, z};
    return ct_stepw_put(b->w, "IFCCARTESIANPOINT", "F", (size_t)3, at);
}

static ct_step_id point_2d(bim *b, double x, double y) {
    const double at[] = {x, y};
    return ct_stepw_put(b->w, "IFCCARTESIANPOINT", "F", (size_t)2, at);
}

static ct_step_id direction(bim *b, double x, double y, double z) {
    const double at[] = {x, y, z};
    return ct_stepw_put(b->w, "IFCDIRECTION", "F", (size_t)3, at);
}

ct_step_id bim_frame(bim *b, double x, double y, double z, int turn) {
    const ct_step_id ways[] = {b->east, b->north, b->west, b->south};
    return ct_stepw_put(b->w, "IFCAXIS2PLACEMENT3D", "rrr", bim_point(b, x, y, z), b->up,
                        ways[turn & 3]);
}

ct_step_id bim_put_at(bim *b, ct_step_id parent, ct_step_id frame) {
    return ct_stepw_put(b->w, "IFCLOCALPLACEMENT", "rr", parent, frame);
}

// ---- shapes -------------------------------------------------------------------------------------

static ct_step_id profile(bim *b, const bim_xy *at, int n) {
    enum { MAX_CORNERS = 128 };
    ct_step_id points[MAX_CORNERS + 1];
    for (int i = 0; i < n && i < MAX_CORNERS; i++) points[i] = point_2d(b, at[i].x, at[i].y);
    points[n] = points[0];
    const ct_step_id line = ct_stepw_put(b->w, "IFCPOLYLINE", "R", (size_t)n + 1, points);
    return ct_stepw_put(b->w, "IFCARBITRARYCLOSEDPROFILEDEF", "e$r", "AREA", line);
}

static ct_step_id extrude(bim *b, ct_step_id area, ct_step_id frame, double depth) {
    return ct_stepw_put(b->w, "IFCEXTRUDEDAREASOLID", "rrrf", area, frame, b->up, depth);
}

ct_step_id bim_prism(bim *b, const bim_xy *at, int n, double z0, double height) {
    const ct_step_id area = profile(b, at, n);
    return extrude(b, area, z0 == 0 ? b->origin : bim_frame(b, 0, 0, z0, 0), height);
}

ct_step_id bim_box(bim *b, double x0, double y0, double x1, double y1, double z0, double z1) {
    const ct_step_id middle =
        ct_stepw_put(b->w, "IFCAXIS2PLACEMENT2D", "r$", point_2d(b, (x0 + x1) / 2, (y0 + y1) / 2));
    const ct_step_id area =
        ct_stepw_put(b->w, "IFCRECTANGLEPROFILEDEF", "e$rff", "AREA", middle, x1 - x0, y1 - y0);
    return extrude(b, area, z0 == 0 ? b->origin : bim_frame(b, 0, 0, z0, 0), z1 - z0);
}

// The profile's y is up: its frame's z looks to -y, so that it grows from y1 to y0.
ct_step_id bim_profile_xz(bim *b, const bim_xy *at, int n, double y0, double y1) {
    const ct_step_id frame =
        ct_stepw_put(b->w, "IFCAXIS2PLACEMENT3D", "rrr", bim_point(b, 0, y1, 0), b->south, b->east);
    return extrude(b, profile(b, at, n), frame, y1 - y0);
}

ct_step_id bim_cylinder(bim *b, double x, double y, double z0, double radius, double height) {
    const ct_step_id area =
        ct_stepw_put(b->w, "IFCCIRCLEPROFILEDEF", "e$rf", "AREA", b->origin_2d, radius);
    return extrude(b, area, bim_frame(b, x, y, z0, 0), height);
}

// Made with the first item that has it.
static ct_step_id style_of(bim *b, bim_colour i) {
    static const struct {
        const char *name;
        double rgb[3], clear;
    } colours[] = {
        [BIM_CONCRETE] = {"Concrete", {0.72, 0.72, 0.70}, 0},
        [BIM_RENDER] = {"Render, warm grey", {0.87, 0.82, 0.74}, 0},
        [BIM_PLASTER] = {"Plaster, white", {0.94, 0.94, 0.92}, 0},
        [BIM_WOOD] = {"Wood, oak", {0.62, 0.43, 0.26}, 0},
        [BIM_STEEL] = {"Steel, grey", {0.45, 0.48, 0.50}, 0},
        [BIM_RED] = {"Fire red", {0.78, 0.10, 0.10}, 0},
        [BIM_GLASS] = {"Glass", {0.55, 0.75, 0.85}, 0.65},
        [BIM_WHITE] = {"Ceramic, white", {0.98, 0.98, 0.98}, 0},
        [BIM_FABRIC] = {"Fabric, blue", {0.35, 0.45, 0.62}, 0},
        [BIM_ROOM] = {"Room", {0.60, 0.80, 0.95}, 0.85},
    };
    if (b->styles[i]) return b->styles[i];
    const double *c = colours[i].rgb;
    const ct_step_id colour = ct_stepw_put(b->w, "IFCCOLOURRGB", "$fff", c[0], c[1], c[2]);
    const ct_step_id shading =
        ct_stepw_put(b->w, "IFCSURFACESTYLESHADING", "rf", colour, colours[i].clear);
    b->styles[i] =
        ct_stepw_put(b->w, "IFCSURFACESTYLE", "seR", colours[i].name, "BOTH", (size_t)1, &shading);
    return b->styles[i];
}

ct_step_id bim_style(bim *b, ct_step_id item, bim_colour colour) {
    const ct_step_id style = style_of(b, colour);
    ct_stepw_put(b->w, "IFCSTYLEDITEM", "rR$", item, (size_t)1, &style);
    return item;
}

ct_step_id bim_body(bim *b, const ct_step_id *items, size_t n) {
    return ct_stepw_put(b->w, "IFCSHAPEREPRESENTATION", "rssR", b->body, "Body", "SweptSolid", n,
                        items);
}

ct_step_id bim_axis(bim *b, double length) {
    const ct_step_id ends[] = {point_2d(b, 0, 0), point_2d(b, length, 0)};
    const ct_step_id line = ct_stepw_put(b->w, "IFCPOLYLINE", "R", (size_t)2, ends);
    return ct_stepw_put(b->w, "IFCSHAPEREPRESENTATION", "rssR", b->axis, "Axis", "Curve2D",
                        (size_t)1, &line);
}

ct_step_id bim_shape(bim *b, ct_step_id body, ct_step_id axis) {
    const ct_step_id both[] = {axis ? axis : body, body};
    return ct_stepw_put(b->w, "IFCPRODUCTDEFINITIONSHAPE", "$$R", (size_t)(axis ? 2 : 1), both);
}

ct_step_id bim_map(bim *b, ct_step_id body) {
    return ct_stepw_put(b->w, "IFCREPRESENTATIONMAP", "rr", b->origin, body);
}

ct_step_id bim_mapped(bim *b, ct_step_id map) {
    const ct_step_id to =
        ct_stepw_put(b->w, "IFCCARTESIANTRANSFORMATIONOPERATOR3D", "$$rf$", b->zero, 1.0);
    const ct_step_id item = ct_stepw_put(b->w, "IFCMAPPEDITEM", "rr", map, to);
    const ct_step_id body = ct_stepw_put(b->w, "IFCSHAPEREPRESENTATION", "rssR", b->body, "Body",
                                         "MappedRepresentation", (size_t)1, &item);
    return bim_shape(b, body, 0);
}

// ---- sets ---------------------------------------------------------------------------------------

static ct_step_id property(bim *b, const bim_value *v) {
    const ct_step_id id = ct_stepw_begin(b->w, "IFCPROPERTYSINGLEVALUE");
    ct_stepw_text(b->w, v->name);
    ct_stepw_unset(b->w);
    ct_stepw_open_list(b->w, v->type);
    if (strcmp(v->type, "IFCBOOLEAN") == 0)
        ct_stepw_bool(b->w, v->number != 0);
    else if (strcmp(v->type, "IFCINTEGER") == 0 || strcmp(v->type, "IFCCOUNTMEASURE") == 0)
        ct_stepw_int(b->w, (int64_t)v->number);
    else if (v->text)
        ct_stepw_text(b->w, v->text);
    else
        ct_stepw_real(b->w, v->number);
    ct_stepw_close_list(b->w);
    ct_stepw_unset(b->w);
    ct_stepw_end(b->w);
    return id;
}

enum { MAX_VALUES = 16 };

ct_step_id bim_set(bim *b, const char *name, const bim_value *values, size_t n) {
    ct_step_id ids[MAX_VALUES];
    for (size_t i = 0; i < n && i < MAX_VALUES; i++) ids[i] = property(b, &values[i]);
    const ct_step_id id = ct_stepw_begin(b->w, "IFCPROPERTYSET");
    ct_stepw_text(b->w, bim_guid(b, "set/%llu", (unsigned long long)id));
    ct_stepw_ref(b->w, b->owner);
    ct_stepw_text(b->w, name);
    ct_stepw_unset(b->w);
    ct_stepw_open_list(b->w, NULL);
    for (size_t i = 0; i < n && i < MAX_VALUES; i++) ct_stepw_ref(b->w, ids[i]);
    ct_stepw_close_list(b->w);
    ct_stepw_end(b->w);
    return id;
}

ct_step_id bim_quantities(bim *b, const char *name, const bim_value *values, size_t n) {
    ct_step_id ids[MAX_VALUES];
    for (size_t i = 0; i < n && i < MAX_VALUES; i++)
        ids[i] = ct_stepw_put(b->w, values[i].type, "s$$f$", values[i].name,
                              round(values[i].number * 1e6) / 1e6);
    return ct_stepw_put(b->w, "IFCELEMENTQUANTITY", "srs$sR",
                        bim_guid(b, "set/%llu", (unsigned long long)ids[0]), b->owner, name,
                        "BaseQuantities", n, ids);
}

void bim_feature_id(bim *b, ct_step_id object, const char *id) {
    const bim_value value = {"FeatureId", "IFCIDENTIFIER", id, 0};
    bim_link_to(b, BIM_SET, bim_set(b, "CimTwin", &value, 1), object);
}

// ---- relations ----------------------------------------------------------------------------------

static bim_link *find_link(bim *b, bim_relation relation, ct_step_id to) {
    for (size_t i = b->n_links; i-- > 0;)
        if (b->links[i].to == to && b->links[i].relation == relation) return &b->links[i];
    if (b->n_links == b->cap_links) {
        const size_t cap = b->cap_links ? 2 * b->cap_links : 1024;
        bim_link *grown = ct_realloc(b->links, cap * sizeof *grown);
        if (!grown) return NULL;
        b->links = grown;
        b->cap_links = cap;
    }
    b->links[b->n_links] = (bim_link){.relation = relation, .to = to};
    return &b->links[b->n_links++];
}

void bim_link_to(bim *b, bim_relation relation, ct_step_id to, ct_step_id from) {
    if (!to || !from || b->err != CT_OK) return;
    bim_link *l = find_link(b, relation, to);
    if (l && l->n == l->cap) {
        const size_t cap = l->cap ? 2 * l->cap : 8;
        ct_step_id *grown = ct_realloc(l->from, cap * sizeof *grown);
        if (grown) {
            l->from = grown;
            l->cap = cap;
        } else {
            l = NULL;
        }
    }
    if (l)
        l->from[l->n++] = from;
    else
        b->err = CT_NOMEM;
}

static void write_link(bim *b, const bim_link *l) {
    static const char *const keywords[] = {
        [BIM_AGGREGATES] = "IFCRELAGGREGATES",
        [BIM_CONTAINED] = "IFCRELCONTAINEDINSPATIALSTRUCTURE",
        [BIM_TYPE] = "IFCRELDEFINESBYTYPE",
        [BIM_SET] = "IFCRELDEFINESBYPROPERTIES",
        [BIM_MATERIAL] = "IFCRELASSOCIATESMATERIAL",
        [BIM_GROUP] = "IFCRELASSIGNSTOGROUP",
    };
    const char *guid = bim_guid(b, "relation/%d/%llu", (int)l->relation, (unsigned long long)l->to);
    const char *keyword = keywords[l->relation];
    if (l->relation == BIM_AGGREGATES)
        ct_stepw_put(b->w, keyword, "sr$$rR", guid, b->owner, l->to, l->n, l->from);
    else if (l->relation == BIM_GROUP)
        ct_stepw_put(b->w, keyword, "sr$$R$r", guid, b->owner, l->n, l->from, l->to);
    else
        ct_stepw_put(b->w, keyword, "sr$$Rr", guid, b->owner, l->n, l->from, l->to);
}

// ---- materials ----------------------------------------------------------------------------------

ct_step_id bim_material(bim *b, const char *name, const char *category) {
    return ct_stepw_put(b->w, "IFCMATERIAL", "s$s", name, category);
}

ct_step_id bim_layers(bim *b, const char *name, const bim_layer *layers, size_t n) {
    ct_step_id ids[MAX_VALUES];
    for (size_t i = 0; i < n && i < MAX_VALUES; i++)
        ids[i] = ct_stepw_put(b->w, "IFCMATERIALLAYER", "rf$s$s$",
                              bim_material(b, layers[i].material, layers[i].category),
                              layers[i].thickness_m, layers[i].material, layers[i].category);
    return ct_stepw_put(b->w, "IFCMATERIALLAYERSET", "Rs$", n, ids, name);
}

// ---- the file -----------------------------------------------------------------------------------

static ct_step_id put_units(bim *b) {
    static const char *const units[][2] = {{"LENGTHUNIT", "METRE"},
                                           {"AREAUNIT", "SQUARE_METRE"},
                                           {"VOLUMEUNIT", "CUBIC_METRE"},
                                           {"PLANEANGLEUNIT", "RADIAN"},
                                           {"THERMODYNAMICTEMPERATUREUNIT", "DEGREE_CELSIUS"},
                                           {"TIMEUNIT", "SECOND"},
                                           {"MASSUNIT", "GRAM"}};
    ct_step_id ids[BIM_COUNT(units)];
    for (size_t i = 0; i < BIM_COUNT(units); i++)
        ids[i] = ct_stepw_put(b->w, "IFCSIUNIT", "*eee", units[i][0],
                              i == BIM_COUNT(units) - 1 ? "KILO" : NULL, units[i][1]);
    return ct_stepw_put(b->w, "IFCUNITASSIGNMENT", "R", BIM_COUNT(units), ids);
}

static void put_basics(bim *b) {
    const ct_step_id organisation = ct_stepw_put(b->w, "IFCORGANIZATION", "$s$$$", "cimtwin");
    const ct_step_id person = ct_stepw_put(b->w, "IFCPERSON", "$s$$$$$$", "Scene generator");
    const ct_step_id both =
        ct_stepw_put(b->w, "IFCPERSONANDORGANIZATION", "rr$", person, organisation);
    const ct_step_id program = ct_stepw_put(b->w, "IFCAPPLICATION", "rsss", organisation, "1",
                                            "cimtwin scene generator", "ct_scene");
    b->owner = ct_stepw_put(b->w, "IFCOWNERHISTORY", "rr$e$$$i", both, program, "NOCHANGE",
                            1767225600); // 2026-01-01T00:00:00Z
    b->zero = bim_point(b, 0, 0, 0);
    b->up = direction(b, 0, 0, 1);
    b->east = direction(b, 1, 0, 0);
    b->north = direction(b, 0, 1, 0);
    b->west = direction(b, -1, 0, 0);
    b->south = direction(b, 0, -1, 0);
    b->origin = ct_stepw_put(b->w, "IFCAXIS2PLACEMENT3D", "rrr", b->zero, b->up, b->east);
    b->origin_2d = ct_stepw_put(b->w, "IFCAXIS2PLACEMENT2D", "r$", point_2d(b, 0, 0));
}

static ct_step_id put_context(bim *b, const bim_place *p) {
    // north of the grid seen from the model's axes
    const double north[] = {p->x_north, p->x_east};
    const ct_step_id to_north = ct_stepw_put(b->w, "IFCDIRECTION", "F", (size_t)2, north);
    const ct_step_id model = ct_stepw_put(b->w, "IFCGEOMETRICREPRESENTATIONCONTEXT", "$sifrr",
                                          "Model", 3, k_precision_m, b->origin, to_north);
    b->body = ct_stepw_put(b->w, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT", "ss****r$e$", "Body",
                           "Model", model, "MODEL_VIEW");
    b->axis = ct_stepw_put(b->w, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT", "ss****r$e$", "Axis",
                           "Model", model, "GRAPH_VIEW");
    char name[32];
    (void)snprintf(name, sizeof name, "EPSG:%d", p->epsg);
    const ct_step_id metre = ct_stepw_put(b->w, "IFCSIUNIT", "*e$e", "LENGTHUNIT", "METRE");
    const ct_step_id crs = ct_stepw_put(b->w, "IFCPROJECTEDCRS", "s$$$$$r", name, metre);
    ct_stepw_put(b->w, "IFCMAPCONVERSION", "rrffffff", model, crs, p->east_m, p->north_m,
                 p->height_m, p->x_east, p->x_north, 1.0);
    return model;
}

ct_err bim_open(bim *out, const char *path, const char *seed, const sc_label *project,
                const bim_place *place) {
    const ct_stepw_header header = {.view = "ReferenceView_V1.2",
                                    .schema = "IFC4",
                                    .name = seed,
                                    .time = "2026-01-01T00:00:00",
                                    .author = "ct_scene",
                                    .organisation = "cimtwin",
                                    .system = "cimtwin scene generator"};
    bim b = {.seed = seed};
    CT_TRY(ct_stepw_open(&b.w, path, &header));
    put_basics(&b);
    const ct_step_id context = put_context(&b, place), units = put_units(&b);
    b.project = ct_stepw_put(b.w, "IFCPROJECT", "srs$$s$Rr", bim_guid(&b, "project"), b.owner,
                             project->en, project->zh, (size_t)1, &context, units);
    *out = b;
    return CT_OK;
}

ct_err bim_close(bim *b, bool whole) {
    for (size_t i = 0; i < b->n_links; i++) {
        if (whole && b->err == CT_OK) write_link(b, &b->links[i]);
        ct_free(b->links[i].from);
    }
    ct_free(b->links);
    const ct_err err = ct_stepw_close(b->w, whole && b->err == CT_OK);
    return b->err != CT_OK ? b->err : err;
}
