// A document of indoor space: cells, states and transitions, and the boundaries between cells.
//
// The file tells no building and no storeys: one building is made of all cells, and a storey for
// each height at which floors lie.
#include "ingest/indoorgml/indoorgml.h"

#include <libxml/parser.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/citygml/citygml.h"

enum { LOD_INDOOR = 4, LOD_FLAT = 0 };

#define STOREY_GAP_M 1.0 // floors that lie nearer are of one storey

typedef struct indoor {
    ct_citygml__reader c;
    ct_city__object *building;
    ct_city__object **cells; // by number
    size_t n_cells, n_storeys;
    ct_strmap *by_id;         // of cells, states (to their cell) and transitions, into `things`
    ct_city__object **things; // NULL: a state without a cell
    const char **dual;        // of each thing that is a cell: the id of its state; NULL = not told
    size_t n_things, n_layers;
} indoor;

bool ct_indoorgml__is(const char *path) {
    enum { BEGINNING = 64 << 10 };
    static const char space[] = "opengis.net/indoorgml/";
    if (!ct_path_has_ending(path, ".gml") && !ct_path_has_ending(path, ".xml") &&
        !ct_path_has_ending(path, ".indoorgml"))
        return false;
    char text[BEGINNING];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    const size_t n = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    return memmem(text, n, space, sizeof space - 1) && memmem(text, n, "IndoorFeatures", 14);
}

// ---- objects ------------------------------------------------------------------------------------

static ct_err make(ct_city__object **out, indoor *in, const char *type, const xmlNode *node) {
    ct_arena *arena = in->c.r.family;
    ct_city__object *o = ct_arena_calloc(arena, 1, sizeof *o);
    if (!o) return CT_NOMEM;
    o->type = type;
    CT_TRY(ct_citygml__attr(&o->id, arena, node, "id"));
    if (!o->id || !*o->id)
        o->id = ct_arena_printf(arena, "%s-line-%ld", ct_citygml__name(node), xmlGetLineNo(node));
    o->where = ct_arena_printf(arena, "%s:%ld:%s %.100s", in->c.r.job->file, xmlGetLineNo(node),
                               ct_citygml__name(node), o->id ? o->id : "");
    if (!o->id || !o->where) return CT_NOMEM;
    *out = o;
    return CT_OK;
}

static ct_err remember(indoor *in, const char *id, ct_city__object *o) {
    in->things[in->n_things] = o;
    return ct_strmap_put(in->by_id, id, in->n_things++);
}

// The thing that the node's xlink:href names, or NULL.
static ct_err linked(ct_city__object **out, indoor *in, const xmlNode *node) {
    const char *href;
    size_t at;
    *out = NULL;
    CT_TRY(ct_citygml__attr(&href, in->c.r.family, node, "href"));
    if (href && *href == '#' && ct_strmap_get(&at, in->by_id, href + 1)) *out = in->things[at];
    return CT_OK;
}

// Whether the node's link is to a state of a layer that has no cells.
static ct_err is_cellless(bool *out, indoor *in, const xmlNode *node) {
    const char *href;
    size_t at;
    CT_TRY(ct_citygml__attr(&href, in->c.r.family, node, "href"));
    *out = href && *href == '#' && ct_strmap_get(&at, in->by_id, href + 1) && !in->things[at];
    return CT_OK;
}

// The layer of the graph that the node stands in; NULL where it has no id.
static ct_err layer_of(const char **out, indoor *in, const xmlNode *node) {
    while (node && !ct_citygml__named(node, "SpaceLayer")) node = node->parent;
    *out = NULL;
    return node ? ct_citygml__attr(out, in->c.r.family, node, "id") : CT_OK;
}

static ct_err bad_link(indoor *in, const char *what) {
    return ct_city__count(&in->c.r, "bad-link",
                          "%zu links of a %s lead to no cell (val3dity 703); they are left out",
                          what);
}

static ct_err add_text(indoor *in, ct_city__object *o, const char *set, const char *name,
                       const char *text) {
    const ct_property p = {
        .set = set, .name = name, .value = {.kind = CT_VALUE_TEXT, .as.text = text}, .unit = ""};
    return ct_city__add_attribute(o, in->c.r.family, &p);
}

static ct_err add_geometry(indoor *in, ct_city__object *o, const xmlNode *property, uint8_t lod) {
    ct_citygml__target_shape t = {.c = &in->c,
                                  .object = o,
                                  .arena = in->c.r.family,
                                  .lod = lod,
                                  .once = true,
                                  .dimensions = 3};
    xmlNode *geometry = ct_citygml__first(property);
    if (!geometry) CT_TRY(ct_citygml__target(&geometry, &in->c, property));
    return geometry ? ct_citygml__geometry(&t, geometry) : CT_OK;
}

// ---- cells --------------------------------------------------------------------------------------

static ct_err read_cell_geometry(indoor *in, ct_city__object *o, const xmlNode *property) {
    for (const xmlNode *g = ct_citygml__first(property); g; g = ct_citygml__next(g))
        CT_TRY(add_geometry(in, o, g, strstr(ct_citygml__name(g), "2D") ? LOD_FLAT : LOD_INDOOR));
    return CT_OK;
}

static ct_err read_cell(indoor *in, const xmlNode *node) {
    ct_city__object *o;
    CT_TRY(make(&o, in, "BuildingRoom", node));
    CT_TRY(add_text(in, o, "", "cell_type", ct_citygml__name(node)));
    for (const xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        if (ct_citygml__named(p, "cellSpaceGeometry"))
            CT_TRY(read_cell_geometry(in, o, p));
        else if (!ct_citygml__named(p, "partialboundedBy") && !ct_citygml__named(p, "duality") &&
                 !ct_citygml__named(p, "boundedBy"))
            CT_TRY(ct_citygml__attribute(&in->c, o, p));
    }
    const xmlNode *duality = ct_citygml__child(node, "duality");
    const char *href = NULL;
    if (duality) CT_TRY(ct_citygml__attr(&href, in->c.r.family, duality, "href"));
    in->dual[in->n_things] = href && *href == '#' ? href + 1 : NULL;
    in->cells[in->n_cells++] = o;
    return remember(in, o->id, o);
}

static double floor_of(const ct_city__object *cell) {
    double z = INFINITY;
    for (size_t i = 0; i < cell->n_shapes; i++)
        for (uint32_t k = 0; k < cell->shapes[i].n_points; k++)
            z = fmin(z, cell->shapes[i].xyz[3 * (size_t)k + 2]);
    return z;
}

static int by_floor(const void *a, const void *b) {
    const ct_city__object *x = *(ct_city__object *const *)a, *y = *(ct_city__object *const *)b;
    const double dz = floor_of(x) - floor_of(y);
    if (dz < 0 || dz > 0) return dz < 0 ? -1 : 1;
    return strcmp(x->id, y->id);
}

static ct_err make_storeys(indoor *in) {
    ct_arena *arena = in->c.r.family;
    ct_city__object *storey = NULL;
    double last = -INFINITY;
    qsort(in->cells, in->n_cells, sizeof(ct_city__object *), by_floor);
    for (size_t i = 0; i < in->n_cells; i++) {
        const double z = floor_of(in->cells[i]);
        if (!storey || (isfinite(z) && z > last + STOREY_GAP_M)) {
            storey = ct_arena_calloc(arena, 1, sizeof *storey);
            if (!storey) return CT_NOMEM;
            storey->type = "BuildingStorey";
            storey->id = ct_arena_printf(arena, "%s-storey-%zu", in->building->id, ++in->n_storeys);
            storey->where = in->building->where;
            if (!storey->id) return CT_NOMEM;
            ct_city__add_child(in->building, storey);
            last = z;
        }
        ct_city__add_child(storey, in->cells[i]);
    }
    ct_diagnostics_add(in->c.r.job->diagnostics, CT_SEVERITY_INFO, "made-storey", in->c.r.job->file,
                       "%zu storeys were made by the heights of the floors of %zu cells",
                       in->n_storeys, in->n_cells);
    return CT_OK;
}

// ---- the graph ----------------------------------------------------------------------------------

static ct_err check_place(indoor *in, const ct_city__object *cell, const char *text) {
    double p[3];
    char *end;
    for (int k = 0; k < 3; k++) {
        p[k] = strtod(text, &end);
        if (end == text) return CT_OK; // of the plane, or no numbers
        text = end;
    }
    if (ct_indoorgml__inside(cell, p)) return CT_OK;
    return ct_city__count(&in->c.r, "state-outside",
                          "%zu places of a %s lie outside their cell (val3dity 702)", "State");
}

// A state and its cell name each other, or one of them nobody.
static ct_err check_duality(indoor *in, const ct_city__object *cell, const char *state) {
    size_t at;
    if (!ct_strmap_get(&at, in->by_id, cell->id) || !in->dual[at] ||
        strcmp(in->dual[at], state) == 0)
        return CT_OK;
    return ct_city__count(&in->c.r, "duality-differs",
                          "%zu cells name another state than the one that names them (val3dity "
                          "703), as a %s",
                          cell->type);
}

static ct_err put_layer(indoor *in, ct_city__object *o, const char *set, const xmlNode *node) {
    const char *layer;
    if (in->n_layers < 2) return CT_OK;
    CT_TRY(layer_of(&layer, in, node));
    return layer ? add_text(in, o, set, "layer", layer) : CT_OK;
}

// A layer of sensors, say, has states without cells.
static ct_err no_cell(indoor *in, const char *id, const xmlNode *node) {
    const char *layer;
    CT_TRY(layer_of(&layer, in, node));
    CT_TRY(ct_city__count(&in->c.r, "layer-without-cells",
                          "%zu states of the layer %s have no cell; they and their transitions are "
                          "left out",
                          layer ? layer : "without a name"));
    return remember(in, id, NULL);
}

static ct_err read_state(indoor *in, const xmlNode *node) {
    const xmlNode *duality = ct_citygml__child(node, "duality");
    const xmlNode *geometry = ct_citygml__child(node, "geometry");
    const xmlNode *point = geometry ? ct_citygml__child(geometry, "Point") : NULL;
    const xmlNode *pos = point ? ct_citygml__child(point, "pos") : NULL;
    ct_city__object *cell = NULL;
    const char *id, *text;
    CT_TRY(ct_citygml__attr(&id, in->c.r.family, node, "id"));
    if (duality) CT_TRY(linked(&cell, in, duality));
    if (!duality && id) return no_cell(in, id, node);
    if (!cell || !id) return bad_link(in, "State");
    CT_TRY(add_text(in, cell, "state", "id", id));
    CT_TRY(put_layer(in, cell, "state", node));
    CT_TRY(check_duality(in, cell, id));
    if (pos) {
        CT_TRY(ct_citygml__text(&text, in->c.r.family, pos));
        CT_TRY(add_text(in, cell, "state", "position", text));
        CT_TRY(check_place(in, cell, text));
    }
    return remember(in, id, cell);
}

static ct_err read_transition(indoor *in, const xmlNode *node) {
    ct_city__object *o;
    int sides = 0;
    CT_TRY(make(&o, in, "IndoorTransition", node));
    CT_TRY(put_layer(in, o, "", node));
    for (const xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        ct_city__object *cell;
        bool cellless = false;
        if (ct_citygml__named(p, "connects")) CT_TRY(is_cellless(&cellless, in, p));
        if (cellless) return CT_OK; // told with the state
        if (ct_citygml__named(p, "connects")) {
            CT_TRY(linked(&cell, in, p));
            const bool room = cell && strcmp(cell->type, "BuildingRoom") == 0;
            if (!room) CT_TRY(bad_link(in, "Transition"));
            if (room && sides < 2) o->side[sides++] = cell;
        } else if (ct_citygml__named(p, "geometry")) {
            CT_TRY(add_geometry(in, o, p, LOD_INDOOR));
        } else if (!ct_citygml__named(p, "boundedBy") && !ct_citygml__named(p, "duality")) {
            CT_TRY(ct_citygml__attribute(&in->c, o, p));
        }
    }
    ct_city__add_child(in->building, o);
    return remember(in, o->id, o);
}

// The surface between two cells is the body of the transition through it, if there is one.
static ct_err read_boundary(indoor *in, const xmlNode *node) {
    const xmlNode *duality = ct_citygml__child(node, "duality");
    const xmlNode *geometry = ct_citygml__child(node, "cellSpaceBoundaryGeometry");
    ct_city__object *o = NULL;
    const char *id;
    CT_TRY(ct_citygml__attr(&id, in->c.r.family, node, "id"));
    if (duality) CT_TRY(linked(&o, in, duality));
    if (!geometry) return CT_OK;
    if (!o || strcmp(o->type, "IndoorTransition") != 0) {
        CT_TRY(ct_city__count(&in->c.r, "boundary-alone",
                              "%zu boundaries belong to no transition, as a %s; they are city "
                              "objects",
                              ct_citygml__name(node)));
        CT_TRY(make(&o, in, "CellSpaceBoundary", node));
        ct_city__add_child(in->building, o);
    }
    CT_TRY(add_text(in, o, "boundary", "id", id ? id : ""));
    for (const xmlNode *g = ct_citygml__first(geometry); g; g = ct_citygml__next(g))
        CT_TRY(add_geometry(in, o, g, LOD_INDOOR));
    return CT_OK;
}

// ---- between layers -----------------------------------------------------------------------------

// "CONTAINS" and the like; the standard's ways to write them are many.
static ct_err expression_of(const char **out, indoor *in, const xmlNode *node) {
    const xmlNode *p = ct_citygml__child(node, "typeOfTopoExpression");
    *out = "JOINS";
    if (p) CT_TRY(ct_citygml__text(out, in->c.r.family, p));
    return CT_OK;
}

// What states of two layers are to each other is told of both cells; it is no way to walk.
static ct_err read_inter_edge(indoor *in, const xmlNode *node) {
    ct_city__object *side[2] = {NULL, NULL};
    const char *id, *word;
    int sides = 0;
    CT_TRY(ct_citygml__attr(&id, in->c.r.family, node, "id"));
    CT_TRY(expression_of(&word, in, node));
    for (const xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        bool cellless;
        if (!ct_citygml__named(p, "interConnects") || sides == 2) continue;
        CT_TRY(is_cellless(&cellless, in, p));
        CT_TRY(linked(&side[sides], in, p));
        if (cellless) return CT_OK;
        sides += side[sides] != NULL;
    }
    if (sides < 2) return bad_link(in, "InterLayerConnection");
    const char *text = ct_arena_printf(in->c.r.family, "%s %s %s", side[0]->id, word, side[1]->id);
    if (!text) return CT_NOMEM;
    for (int k = 0; k < 2; k++)
        CT_TRY(add_text(in, side[k], "inter_layer", id ? id : "connection", text));
    return CT_OK;
}

// ---- the document -------------------------------------------------------------------------------

// Calls `read` for the child of every element of the name.
static ct_err each(indoor *in, xmlNode *root, const char *member,
                   ct_err (*read)(indoor *in, const xmlNode *node)) {
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        if (!ct_citygml__named(at, member)) continue;
        for (const xmlNode *child = ct_citygml__first(at); child; child = ct_citygml__next(child)) {
            const ct_err err = read(in, child);
            if (err == CT_OK) continue;
            char where[CT_INGEST__WHERE_BYTES];
            snprintf(where, sizeof where, "%s:%ld:%s", in->c.r.job->file, xmlGetLineNo(child),
                     ct_citygml__name(child));
            CT_TRY(ct_city__note(&in->c.r, err, where));
        }
    }
    return CT_OK;
}

static ct_err look_for_crs(indoor *in, xmlNode *root) {
    for (xmlNode *at = root; at && !in->c.r.crs_name; at = ct_citygml__walk(at, root))
        if (at->type == XML_ELEMENT_NODE)
            CT_TRY(ct_citygml__attr(&in->c.r.crs_name, in->c.r.arena, at, "srsName"));
    return CT_OK;
}

static ct_err prepare(indoor *in, xmlNode *root) {
    size_t n = 0;
    for (xmlNode *at = root; at; at = ct_citygml__walk(at, root)) {
        n += at->type == XML_ELEMENT_NODE;
        in->n_layers += ct_citygml__named(at, "SpaceLayer");
    }
    in->cells = ct_arena_calloc(in->c.r.family, n + 1, sizeof(ct_city__object *));
    in->things = ct_arena_calloc(in->c.r.family, n + 1, sizeof(ct_city__object *));
    in->dual = ct_arena_calloc(in->c.r.family, n + 1, sizeof(const char *));
    if (!in->cells || !in->things || !in->dual) return CT_NOMEM;
    CT_TRY(ct_citygml__index(&in->c, in->c.r.family, root));
    return make(&in->building, in, "Building", root);
}

static ct_err tell_source(const indoor *in, const xmlNode *root) {
    ct_source *source = in->c.r.job->source;
    bool told;
    CT_TRY(ct_source_set(&source->format, "IndoorGML 1.0"));
    for (const xmlNode *p = ct_citygml__first(root); p; p = ct_citygml__next(p))
        CT_TRY(ct_citygml__tell_source(&told, in->c.r.job, in->c.r.family, p));
    return CT_OK;
}

static ct_err read_root(indoor *in, xmlNode *root) {
    static const char space[] = "http://www.opengis.net/indoorgml/1.0/core";
    if (!root || !ct_citygml__named(root, "IndoorFeatures") || !root->ns ||
        strcmp((const char *)root->ns->href, space) != 0)
        return ct_fail(CT_UNSUPPORTED, "no IndoorFeatures of IndoorGML 1.0");
    CT_TRY(tell_source(in, root));
    CT_TRY(look_for_crs(in, root));
    CT_TRY(prepare(in, root));
    CT_TRY(each(in, root, "cellSpaceMember", read_cell));
    CT_TRY(make_storeys(in));
    CT_TRY(each(in, root, "stateMember", read_state));
    CT_TRY(each(in, root, "transitionMember", read_transition));
    CT_TRY(each(in, root, "cellSpaceBoundaryMember", read_boundary));
    CT_TRY(each(in, root, "interLayerConnectionMember", read_inter_edge));
    CT_TRY(ct_city__deliver(&in->c.r, in->building));
    return ct_indoorgml__check(&in->c.r, in->building, in->cells, in->n_cells);
}

// The last error is kept with the parser; nobody prints it.
static void on_error(void *context, xmlError *error) {
    (void)context;
    (void)error;
}

static ct_err parse(xmlDoc **out, const char *path) {
    const int64_t size = ct_file_size(path);
    if (size > (int64_t)CT_INDOORGML__MAX_DOCUMENT)
        return ct_fail(CT_LIMIT, "%lld bytes, at most %zu are taken", (long long)size,
                       CT_INDOORGML__MAX_DOCUMENT);
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (!context) return CT_NOMEM;
    ct_err err = CT_OK;
    context->sax->serror = on_error;
    xmlDoc *doc = xmlCtxtReadFile(context, path, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR |
                                      XML_PARSE_NOWARNING);
    if (!doc) {
        const xmlError *e = &context->lastError;
        err =
            ct_fail(CT_PARSE, "line %d: %.*s", e->line,
                    (int)strcspn(e->message ? e->message : "", "\n"), e->message ? e->message : "");
    } else if (doc->intSubset || doc->extSubset) {
        err = ct_fail(CT_UNSUPPORTED, "a document type (DTD) is refused");
        xmlFreeDoc(doc);
    }
    xmlFreeParserCtxt(context);
    if (err == CT_OK) *out = doc;
    return err;
}

ct_err ct_indoorgml__import(ct_ingest__job *job) {
    indoor in = {0};
    xmlDoc *doc = NULL;
    ct_err err = ct_city__init(&in.c.r, job);
    if (err != CT_OK) return err;
    err = parse(&doc, job->path);
    in.by_id = ct_strmap_new(256);
    in.c.ids = ct_strmap_new(256);
    in.c.colours = ct_strmap_new(1);
    in.c.patterns = ct_strmap_new(1);
    if (!in.by_id || !in.c.ids || !in.c.colours || !in.c.patterns) err = CT_NOMEM;
    if (err == CT_OK) err = read_root(&in, xmlDocGetRootElement(doc));
    if (doc) xmlFreeDoc(doc);
    ct_strmap_free(in.by_id);
    ct_strmap_free(in.c.ids);
    ct_strmap_free(in.c.colours);
    ct_strmap_free(in.c.patterns);
    ct_city__finish(&in.c.r);
    ct_city__fini(&in.c.r);
    return err == CT_OK ? CT_OK : ct_context(err, "%s", job->file);
}
