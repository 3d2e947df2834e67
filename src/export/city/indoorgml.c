// IndoorGML 1.0.3 (OGC 19-011r4): spaces as cells, each with its state; connections, and openings
// between two spaces, as transitions, with the boundary that they go through where they have a
// body. Ways that no feature tells come from the indoor model. Geometries wait on a spool until all
// features are there; memory holds ids, states and ways.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "export/city/gml.h"
#include "export/city/inside.h"
#include "export/city/room.h"
#include "export/city/spool.h"
#include "geo/crs.h"

#define NOWHERE SIZE_MAX

typedef struct cell {
    const char *id, *name, *storey; // id: of the feature; storey NULL = not told
    const char *gml;                // id in the file
    ct_cityout__point state;
    size_t entry; // of the spool: its geometry
    size_t ends;  // the first end of a way at it: 2 * way + side; NOWHERE = none
} cell;

typedef struct way {
    const char *gml, *name, *space[2];
    ct_cityout__point *line; // NULL: from state to state, by way of `door` if it has one
    size_t n_line;
    ct_cityout__point door;
    bool has_door, has_boundary;
    double weight;
    size_t entry;            // of the spool: its boundary
    size_t side[2], next[2]; // cells; the next end at the cell
} way;

typedef struct storey {
    const char *id, *name;
    int64_t level;
} storey;

typedef struct indoor {
    char *path;
    char uri[128];
    ct_cityout__spool spool;
    ct_cityout__shapes shapes;
    ct_cityout__materials materials; // of bodies; the format has none
    ct_buf text;
    ct_cityout__gml gml;
    ct_arena *arena;
    ct_strmap *names; // ids in the file
    ct_strmap *cells_by_id, *storeys_by_id;
    ct_strmap *told; // features that are ways, into `ways`; and pairs of spaces that they join
    cell *cells;
    way *ways;
    storey *storeys;
    size_t n_cells, cell_room, n_ways, way_room, n_storeys, storey_room;
    const char *building; // id in the file of the first one
    size_t n_buildings;
    int64_t min[3], max[3];
    FILE *file;
} indoor;

// ---- ids ----------------------------------------------------------------------------------------

static bool is_name(const char *text) { // NCName, of ASCII
    static const char more[] = "-.0123456789";
    static const char first[] = "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (!*text || !strchr(first, *text)) return false;
    for (; *text; text++)
        if (!strchr(first, *text) && !strchr(more, *text)) return false;
    return true;
}

// The source's id where it may be one in the file and is nobody's yet, else the feature's.
static ct_err name_of(const char **out, indoor *in, const char *source, const char *id) {
    size_t at;
    const char *name = source && is_name(source) && !ct_strmap_get(&at, in->names, source) &&
                               source[0] != 'g' // those of geometries
                           ? ct_arena_strdup(in->arena, source)
                           : ct_arena_printf(in->arena, "_%s", id);
    if (!name) return CT_NOMEM;
    for (char *c = (char *)name; *c; c++)
        if (*c == '~') *c = '_';
    for (int k = 2; ct_strmap_get(&at, in->names, name); k++) {
        name = ct_arena_printf(in->arena, "_%s.%d", id, k);
        if (!name) return CT_NOMEM;
    }
    *out = name;
    return ct_strmap_put(in->names, name, 0);
}

static ct_err keep_text(const char **out, indoor *in, const char *text) {
    *out = text ? ct_arena_strdup(in->arena, text) : NULL;
    return *out || !text ? CT_OK : CT_NOMEM;
}

// ---- features in --------------------------------------------------------------------------------

static void add_to_box(indoor *in) {
    for (size_t i = 0; i < in->shapes.points.n; i++)
        for (int k = 0; k < 3; k++) {
            const int64_t at = in->shapes.points.all[i].at[k];
            if (at < in->min[k]) in->min[k] = at;
            if (at > in->max[k]) in->max[k] = at;
        }
}

// The best solid LOD of the body; -1 where it has no solids.
static int solid_lod(const ct_cityout__shapes *s) {
    int best = -1;
    for (size_t i = 0; i < s->n_geometries; i++)
        if (s->geometries[i].kind == CT_CITYOUT__SOLID && s->geometries[i].lod > best)
            best = s->geometries[i].lod;
    return best;
}

// Into the text: the body's solids, else the outline at the height of the floor.
static ct_err put_geometry(indoor *in, const ct_feature *f) {
    const double z = ct_feature_number(f, "elevation_m", 0);
    ct_buf_reset(&in->text);
    ct_cityout__shapes_reset(&in->shapes);
    if (f->body)
        CT_TRY(
            ct_cityout__add_body(&in->shapes, &in->materials, f->body, true, CT_CITYOUT__SURFACES));
    const int lod = solid_lod(&in->shapes);
    if (lod >= 0) {
        ct_buf_puts(&in->text, "<core:cellSpaceGeometry><core:Geometry3D>");
        ct_cityout__gml_solids(&in->gml, &in->shapes, (uint8_t)lod);
        ct_buf_puts(&in->text, "</core:Geometry3D></core:cellSpaceGeometry>\n");
    } else {
        ct_cityout__shapes_reset(&in->shapes);
        CT_TRY(ct_cityout__add_geom(&in->shapes, &f->geom, z, CT_CITYOUT__SURFACES));
        if (in->shapes.n_geometries == 0) return CT_OK;
        ct_buf_puts(&in->text, "<core:cellSpaceGeometry><core:Geometry2D>");
        ct_cityout__gml_surface(&in->gml, &in->shapes, 0, in->shapes.n_geometries);
        ct_buf_puts(&in->text, "</core:Geometry2D></core:cellSpaceGeometry>\n");
    }
    add_to_box(in);
    return CT_OK;
}

static ct_err put_space(indoor *in, const ct_feature *f) {
    cell c = {0};
    double state[3];
    static const char *const nobody[2] = {NULL, NULL};
    CT_TRY(keep_text(&c.id, in, f->id));
    CT_TRY(keep_text(&c.name, in, ct_feature_text(f, "name", NULL)));
    CT_TRY(keep_text(&c.storey, in, ct_feature_text(f, "storey", NULL)));
    CT_TRY(name_of(&c.gml, in, f->source_id, f->id));
    ct_cityout__state_of(state, f);
    CT_TRY(ct_cityout__quantise(&c.state, state));
    CT_TRY(put_geometry(in, f));
    c.entry = in->spool.n;
    CT_TRY(ct_cityout__spool_put(&in->spool, c.id, nobody, &in->text));
    CT_TRY(ct_cityout__room(&in->cells, &in->cell_room, in->n_cells, 1, sizeof *in->cells));
    CT_TRY(ct_strmap_put(in->cells_by_id, c.id, in->n_cells));
    in->cells[in->n_cells++] = c;
    return CT_OK;
}

static ct_err keep_line(way *w, indoor *in, const ct_geom *g) {
    const size_t stride = (size_t)ct_geom_stride(g), n = g->n_rings ? g->ring_end[0] : 0;
    if (n < 2 || !g->has_z) return CT_OK;
    w->line = ct_arena_calloc(in->arena, n, sizeof *w->line);
    if (!w->line) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) CT_TRY(ct_cityout__quantise(&w->line[i], g->xyz + stride * i));
    w->n_line = n;
    return CT_OK;
}

// Where a door is: at its place, at the middle of its height.
static ct_err keep_door(way *w, const ct_feature *f) {
    ct_box3 box;
    if (!f->body || !ct_body_box(&box, f->body)) return CT_OK;
    const double at[3] = {(box.min[0] + box.max[0]) / 2, (box.min[1] + box.max[1]) / 2,
                          (box.min[2] + box.max[2]) / 2};
    w->has_door = true;
    return ct_cityout__quantise(&w->door, at);
}

static ct_err put_boundary(way *w, indoor *in, const ct_feature *f) {
    static const char *const nobody[2] = {NULL, NULL};
    if (!f->body) return CT_OK;
    ct_cityout__shapes_reset(&in->shapes);
    CT_TRY(ct_cityout__add_body(&in->shapes, &in->materials, f->body, false, CT_CITYOUT__SURFACES));
    if (in->shapes.n_geometries == 0) return CT_OK;
    ct_buf_reset(&in->text);
    ct_cityout__gml_surface(&in->gml, &in->shapes, 0, in->shapes.n_geometries);
    w->entry = in->spool.n;
    w->has_boundary = true;
    return ct_cityout__spool_put(&in->spool, f->id, nobody, &in->text);
}

// The two spaces, in the order of their ids.
static const char *pair_of(ct_arena *arena, const char *a, const char *b) {
    const bool turn = strcmp(a, b) > 0;
    return ct_arena_printf(arena, "%s %s", turn ? b : a, turn ? a : b);
}

static ct_err add_way(indoor *in, const way *w) {
    CT_TRY(ct_cityout__room(&in->ways, &in->way_room, in->n_ways, 1, sizeof *in->ways));
    in->ways[in->n_ways++] = *w;
    return CT_OK;
}

// What is told of the ways between them, so that the model tells no others.
static ct_err remember(indoor *in, const char *id, const way *w) {
    const char *pair = pair_of(in->arena, w->space[0], w->space[1]);
    const char *kept = ct_arena_strdup(in->arena, id);
    if (!pair || !kept) return CT_NOMEM;
    CT_TRY(ct_strmap_put(in->told, pair, 0));
    return ct_strmap_put(in->told, kept, in->n_ways);
}

// Ways that lead to one space only are none.
static ct_err put_way(indoor *in, const ct_feature *f, bool opening) {
    way w = {.weight = ct_feature_number(f, "weight", 1)};
    CT_TRY(keep_text(&w.space[0], in, ct_feature_text(f, "space_a", NULL)));
    CT_TRY(keep_text(&w.space[1], in, ct_feature_text(f, "space_b", NULL)));
    if (!w.space[0] || !w.space[1] || strcmp(w.space[0], w.space[1]) == 0) return CT_OK;
    CT_TRY(keep_text(&w.name, in, ct_feature_text(f, "name", NULL)));
    CT_TRY(name_of(&w.gml, in, f->source_id, f->id));
    CT_TRY(put_boundary(&w, in, f));
    CT_TRY(opening ? keep_door(&w, f) : keep_line(&w, in, &f->geom));
    CT_TRY(remember(in, f->id, &w));
    return add_way(in, &w);
}

// ---- ways of the indoor model -------------------------------------------------------------------

// A way that a feature tells joins what the model says, which weighs all that is told of a door.
// False where it joins no two spaces, or features have told it.
static ct_err is_new(bool *out, way *w, indoor *in, const ct_indoor *model, const char *id,
                     const uint32_t side[2]) {
    size_t at;
    *out = false;
    if (side[0] >= model->n_spaces || side[1] >= model->n_spaces || side[0] == side[1])
        return CT_OK;
    *w = (way){.weight = 1};
    for (int k = 0; k < 2; k++) CT_TRY(keep_text(&w->space[k], in, model->spaces[side[k]].id));
    const char *pair = pair_of(in->arena, w->space[0], w->space[1]);
    if (!pair) return CT_NOMEM;
    if (ct_strmap_get(&at, in->told, id))
        memcpy(in->ways[at].space, w->space, sizeof w->space);
    else
        *out = !ct_strmap_get(&at, in->told, pair);
    return CT_OK;
}

// By way of the middle of the hole.
static ct_err put_opening(indoor *in, const ct_indoor *model, const ct_indoor_opening *o) {
    const double at[3] = {(o->ends[0] + o->ends[2]) / 2, (o->ends[1] + o->ends[3]) / 2,
                          (o->sill_z_m + o->soffit_z_m) / 2};
    bool fresh;
    way w;
    if (!o->passable) return CT_OK;
    CT_TRY(is_new(&fresh, &w, in, model, o->id, o->side));
    if (!fresh) return CT_OK;
    CT_TRY(name_of(&w.gml, in, NULL, o->id));
    w.has_door = isfinite(at[0]) && isfinite(at[1]) && isfinite(at[2]);
    if (w.has_door) CT_TRY(ct_cityout__quantise(&w.door, at));
    return add_way(in, &w);
}

static ct_err put_stair(indoor *in, const ct_indoor *model, const ct_indoor_stair *s) {
    bool fresh;
    way w;
    CT_TRY(is_new(&fresh, &w, in, model, s->id, s->space));
    if (!fresh) return CT_OK;
    CT_TRY(name_of(&w.gml, in, NULL, s->id));
    CT_TRY(keep_line(&w, in, &s->line));
    return add_way(in, &w);
}

static ct_err put_indoor(void *state, const ct_indoor *model) {
    indoor *in = state;
    for (uint32_t i = 0; i < model->n_openings; i++)
        CT_TRY(put_opening(in, model, &model->openings[i]));
    for (uint32_t i = 0; i < model->n_stairs; i++) CT_TRY(put_stair(in, model, &model->stairs[i]));
    return CT_OK;
}

// ---- other features -----------------------------------------------------------------------------

static ct_err put_storey(indoor *in, const ct_feature *f) {
    storey s = {.level = (int64_t)ct_feature_number(f, "level", 0)};
    CT_TRY(keep_text(&s.id, in, f->id));
    CT_TRY(keep_text(&s.name, in, ct_feature_text(f, "name", NULL)));
    CT_TRY(ct_cityout__room(&in->storeys, &in->storey_room, in->n_storeys, 1, sizeof *in->storeys));
    CT_TRY(ct_strmap_put(in->storeys_by_id, s.id, in->n_storeys));
    in->storeys[in->n_storeys++] = s;
    return CT_OK;
}

static ct_err put_building(indoor *in, const ct_feature *f) {
    if (ct_feature_text(f, "part_of", NULL) || in->n_buildings++) return CT_OK;
    return name_of(&in->building, in, f->source_id, f->id);
}

static ct_err put(void *state, const ct_feature *f) {
    indoor *in = state;
    if (strcmp(f->cls->name, "building") == 0) return put_building(in, f);
    if (strcmp(f->cls->name, "space") == 0) return put_space(in, f);
    if (strcmp(f->cls->name, "connection") == 0) return put_way(in, f, false);
    if (strcmp(f->cls->name, "opening") == 0) return put_way(in, f, true);
    return strcmp(f->cls->name, "storey") == 0 ? put_storey(in, f) : CT_OK;
}

static ct_err begin_class(void *state, const ct_class *cls) {
    (void)state;
    (void)cls;
    return CT_OK;
}

// ---- the document -------------------------------------------------------------------------------

static ct_err flush(indoor *in) {
    CT_TRY(ct_buf_status(&in->text));
    if (in->text.len && fwrite(in->text.data, 1, in->text.len, in->file) != in->text.len)
        return ct_cityout__failed(in->path);
    ct_buf_reset(&in->text);
    return CT_OK;
}

// A piece of the spool, as it is.
static ct_err pour(indoor *in, size_t entry) {
    CT_TRY(flush(in));
    CT_TRY(ct_cityout__spool_get(&in->text, &in->spool, entry));
    return flush(in);
}

static void put_name(indoor *in, const char *name) {
    if (!name) return;
    ct_buf_puts(&in->text, "<gml:name>");
    ct_cityout__gml_text(&in->text, name);
    ct_buf_puts(&in->text, "</gml:name>\n");
}

static ct_err write_cell(indoor *in, const cell *c) {
    size_t at;
    ct_buf_printf(&in->text, "<core:cellSpaceMember><core:CellSpace gml:id=\"%s\">\n", c->gml);
    if (c->storey && ct_strmap_get(&at, in->storeys_by_id, c->storey)) {
        const storey *s = &in->storeys[at];
        ct_buf_printf(&in->text, "<gml:description>level=\"%" PRId64 "\"", s->level);
        if (s->name) {
            ct_buf_puts(&in->text, ";storey=\"");
            ct_cityout__gml_text(&in->text, s->name);
            ct_buf_puts(&in->text, "\"");
        }
        ct_buf_puts(&in->text, "</gml:description>\n");
    }
    put_name(in, c->name);
    CT_TRY(pour(in, c->entry));
    ct_buf_printf(&in->text, "<core:duality xlink:href=\"#state-%s\"/>\n", c->gml);
    for (size_t e = c->ends; e != NOWHERE; e = in->ways[e / 2].next[e % 2])
        if (in->ways[e / 2].has_boundary)
            ct_buf_printf(&in->text, "<core:partialboundedBy xlink:href=\"#boundary-%s\"/>\n",
                          in->ways[e / 2].gml);
    ct_buf_puts(&in->text, "</core:CellSpace></core:cellSpaceMember>\n");
    return flush(in);
}

static ct_err write_boundary(indoor *in, const way *w) {
    if (!w->has_boundary) return CT_OK;
    ct_buf_printf(&in->text,
                  "<core:cellSpaceBoundaryMember><core:CellSpaceBoundary gml:id=\"boundary-%s\">\n"
                  "<core:cellSpaceBoundaryGeometry><core:geometry3D>",
                  w->gml);
    CT_TRY(pour(in, w->entry));
    ct_buf_printf(&in->text,
                  "</core:geometry3D></core:cellSpaceBoundaryGeometry>\n"
                  "<core:duality xlink:href=\"#%s\"/>\n"
                  "</core:CellSpaceBoundary></core:cellSpaceBoundaryMember>\n",
                  w->gml);
    return flush(in);
}

static ct_err write_state(indoor *in, const cell *c) {
    ct_buf_printf(&in->text,
                  "<core:stateMember><core:State gml:id=\"state-%s\">\n"
                  "<core:duality xlink:href=\"#%s\"/>\n",
                  c->gml, c->gml);
    for (size_t e = c->ends; e != NOWHERE; e = in->ways[e / 2].next[e % 2])
        ct_buf_printf(&in->text, "<core:connects xlink:href=\"#%s\"/>\n", in->ways[e / 2].gml);
    ct_buf_printf(&in->text, "<core:geometry><gml:Point gml:id=\"point-%s\"><gml:pos>", c->gml);
    ct_cityout__gml_pos(&in->gml, &c->state);
    ct_buf_puts(&in->text,
                "</gml:pos></gml:Point></core:geometry>\n</core:State></core:stateMember>\n");
    return flush(in);
}

static ct_err write_way(indoor *in, const way *w) {
    const cell *a = &in->cells[w->side[0]], *b = &in->cells[w->side[1]];
    ct_cityout__point line[3] = {a->state, w->has_door ? w->door : b->state, b->state};
    ct_buf_printf(&in->text, "<core:transitionMember><core:Transition gml:id=\"%s\">\n", w->gml);
    put_name(in, w->name);
    ct_buf_printf(&in->text,
                  "<core:weight>%.17g</core:weight>\n<core:connects xlink:href=\"#state-%s\"/>\n"
                  "<core:connects xlink:href=\"#state-%s\"/>\n",
                  w->weight, a->gml, b->gml);
    if (w->has_boundary)
        ct_buf_printf(&in->text, "<core:duality xlink:href=\"#boundary-%s\"/>\n", w->gml);
    ct_buf_puts(&in->text, "<core:geometry>");
    if (w->line)
        ct_cityout__gml_line(&in->gml, w->line, w->n_line);
    else
        ct_cityout__gml_line(&in->gml, line, w->has_door ? 3 : 2);
    ct_buf_puts(&in->text, "</core:geometry>\n</core:Transition></core:transitionMember>\n");
    return flush(in);
}

static void put_head(indoor *in) {
    ct_buf_puts(&in->text,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<core:IndoorFeatures xmlns:core=\"http://www.opengis.net/indoorgml/1.0/core\"\n"
                " xmlns:gml=\"http://www.opengis.net/gml/3.2\" "
                "xmlns:xlink=\"http://www.w3.org/1999/xlink\"\n"
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
                " xsi:schemaLocation=\"http://www.opengis.net/indoorgml/1.0/core"
                " http://schemas.opengis.net/indoorgml/1.0/indoorgmlcore.xsd\"");
    ct_buf_printf(&in->text, " gml:id=\"%s\">\n",
                  in->n_buildings == 1 ? in->building : "indoor-features");
    if (in->min[0] > in->max[0]) return;
    const ct_cityout__point low = {{in->min[0], in->min[1], in->min[2]}};
    const ct_cityout__point high = {{in->max[0], in->max[1], in->max[2]}};
    ct_buf_printf(
        &in->text,
        "<gml:boundedBy><gml:Envelope srsName=\"%s\" srsDimension=\"3\"><gml:lowerCorner>",
        in->uri);
    ct_cityout__gml_pos(&in->gml, &low);
    ct_buf_puts(&in->text, "</gml:lowerCorner><gml:upperCorner>");
    ct_cityout__gml_pos(&in->gml, &high);
    ct_buf_puts(&in->text, "</gml:upperCorner></gml:Envelope></gml:boundedBy>\n");
}

// Ways whose spaces are not in the file are left out.
static void find_sides(indoor *in) {
    size_t n = 0;
    for (size_t i = 0; i < in->n_ways; i++) {
        way w = in->ways[i];
        if (ct_strmap_get(&w.side[0], in->cells_by_id, w.space[0]) &&
            ct_strmap_get(&w.side[1], in->cells_by_id, w.space[1]))
            in->ways[n++] = w;
    }
    in->n_ways = n;
    for (size_t i = 0; i < in->n_cells; i++) in->cells[i].ends = NOWHERE;
    for (size_t e = 2 * n; e-- > 0;) {
        way *w = &in->ways[e / 2];
        cell *c = &in->cells[w->side[e % 2]];
        w->next[e % 2] = c->ends;
        c->ends = e;
    }
}

static ct_err write_all(indoor *in) {
    ct_buf_reset(&in->text);
    find_sides(in);
    put_head(in);
    ct_buf_puts(&in->text, "<core:primalSpaceFeatures>"
                           "<core:PrimalSpaceFeatures gml:id=\"primal-space\">\n");
    for (size_t i = 0; i < in->n_cells; i++) CT_TRY(write_cell(in, &in->cells[i]));
    for (size_t i = 0; i < in->n_ways; i++) CT_TRY(write_boundary(in, &in->ways[i]));
    ct_buf_puts(&in->text,
                "</core:PrimalSpaceFeatures></core:primalSpaceFeatures>\n"
                "<core:multiLayeredGraph><core:MultiLayeredGraph gml:id=\"multi-layered-graph\">"
                "<core:spaceLayers gml:id=\"space-layers\"><core:spaceLayerMember>"
                "<core:SpaceLayer gml:id=\"space-layer\">\n<core:nodes gml:id=\"nodes\">\n");
    for (size_t i = 0; i < in->n_cells; i++) CT_TRY(write_state(in, &in->cells[i]));
    ct_buf_puts(&in->text, "</core:nodes>\n");
    if (in->n_ways) ct_buf_puts(&in->text, "<core:edges gml:id=\"edges\">\n");
    for (size_t i = 0; i < in->n_ways; i++) CT_TRY(write_way(in, &in->ways[i]));
    if (in->n_ways) ct_buf_puts(&in->text, "</core:edges>\n");
    ct_buf_puts(&in->text, "</core:SpaceLayer></core:spaceLayerMember></core:spaceLayers>"
                           "</core:MultiLayeredGraph></core:multiLayeredGraph>\n"
                           "</core:IndoorFeatures>\n");
    CT_TRY(flush(in));
    return fflush(in->file) == 0 ? CT_OK : ct_cityout__failed(in->path);
}

static ct_err end(void *state, bool whole) {
    indoor *in = state;
    ct_err err = CT_OK;
    if (whole && in->n_cells == 0)
        err = ct_fail(CT_UNSUPPORTED, "there are no spaces to be written as IndoorGML");
    else if (whole)
        err = write_all(in);
    if (in->file && fclose(in->file) != 0 && err == CT_OK) err = ct_cityout__failed(in->path);
    ct_cityout__spool_fini(&in->spool);
    ct_cityout__shapes_fini(&in->shapes);
    ct_cityout__materials_fini(&in->materials);
    ct_buf_fini(&in->text);
    ct_arena_free(in->arena);
    ct_strmap_free(in->names);
    ct_strmap_free(in->cells_by_id);
    ct_strmap_free(in->storeys_by_id);
    ct_strmap_free(in->told);
    ct_free(in->cells);
    ct_free(in->ways);
    ct_free(in->storeys);
    ct_free(in->path);
    ct_free(in);
    return err;
}

static ct_err begin(void **state, const char *path, const ct_export_options *options) {
    enum { MOST = 1 << 30 };
    ct_crs_info info;
    indoor *in = ct_calloc(1, sizeof *in);
    if (!in) return CT_NOMEM;
    ct_buf_init(&in->text, MOST);
    in->gml.out = &in->text;
    for (int k = 0; k < 3; k++) {
        in->min[k] = INT64_MAX;
        in->max[k] = INT64_MIN;
    }
    *state = in;
    in->path = ct_strdup(path);
    in->arena = ct_arena_new(1 << 16, 0);
    in->names = ct_strmap_new(1024);
    in->cells_by_id = ct_strmap_new(1024);
    in->storeys_by_id = ct_strmap_new(64);
    in->told = ct_strmap_new(1024);
    if (!in->path || !in->arena || !in->names || !in->cells_by_id || !in->storeys_by_id ||
        !in->told)
        return CT_NOMEM;
    CT_TRY(ct_crs_describe(&info, options->twin_crs));
    (void)snprintf(in->uri, sizeof in->uri, "%s", info.uri);
    in->gml.swapped = info.swapped;
    CT_TRY(ct_cityout__shapes_init(&in->shapes));
    CT_TRY(ct_cityout__materials_init(&in->materials));
    CT_TRY(ct_cityout__spool_init(&in->spool, path));
    in->file = fopen(path, "wbe");
    return in->file ? CT_OK : ct_cityout__failed(path);
}

const ct_export__format ct_export__indoorgml = {
    .extension = ".indoor.gml",
    .takes_bodies = true,
    .begin = begin,
    .begin_class = begin_class,
    .put = put,
    .put_indoor = put_indoor,
    .end = end,
};
