// The files of the buildings' tileset: their paths, their documents, their contents.
#include "tiles/three_d/city.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/three_d/json.h"
#include "tiles/three_d/path.h"

#define BLOCKS_WORTH_M 0.1 // blocks nearer to the bodies than this are no level of their own

ct_err ct_tiles__city_make(ct_tiles__city **out, ct_reader *reader, const ct_store *store) {
    ct_tiles__city *c = ct_calloc(1, sizeof *c);
    if (!c) return CT_NOMEM;
    ct_err err = ct_tiles__scene_read(&c->scene, reader, store);
    if (err == CT_OK) err = ct_tiles__tree_make(&c->tree, c->scene);
    if (err == CT_OK)
        *out = c;
    else
        ct_tiles__city_free(c);
    return err;
}

void ct_tiles__city_free(ct_tiles__city *c) {
    if (!c) return;
    ct_tiles__tree_free(&c->tree);
    ct_tiles__scene_free(c->scene);
    ct_free(c);
}

bool ct_tiles__city_is_json(const ct_tiles__file *f) {
    return f->what == CT_TILES__TOP || f->what == CT_TILES__BRANCH || f->what == CT_TILES__INSIDE;
}

// ---- paths
// --------------------------------------------------------------------------------------------
static bool find_of_tile(ct_tiles__file *f, const ct_tiles__city *c, const char *at, bool branch) {
    int64_t v[3];
    if (!ct_tiles__path_tile(v, &at)) return false;
    f->node =
        ct_tiles__tree_find(&c->tree, (ct_tile){(uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]});
    if (f->node == CT_TILES__NONE) return false;
    const ct_tiles__node3 *n = &c->tree.nodes[f->node];
    f->what = branch ? CT_TILES__BRANCH : CT_TILES__TOGETHER;
    if (branch) return strcmp(at, ".json") == 0;
    f->detail = strcmp(at, "-1.glb") == 0 ? CT_TILES__BLOCK : CT_TILES__FULL;
    if (f->detail == CT_TILES__BLOCK) return n->n_own > 0 && n->has_bodies;
    return strcmp(at, "-0.glb") == 0 && n->n_own > 0;
}

static bool find_part(ct_tiles__file *f, const ct_tiles__city *c, const char *at) {
    ct_tiles__parts3 parts = ct_tiles__parts_begin(c->scene, &c->scene->buildings[f->building]);
    f->what = CT_TILES__PART;
    while (ct_tiles__parts_next(&f->part, &parts)) {
        const char *rest = at;
        if (!ct_tiles__path_skip(&rest, f->part.name)) continue;
        f->detail = strcmp(rest, "-1.glb") == 0 ? CT_TILES__COARSE : CT_TILES__FULL;
        if (f->detail == CT_TILES__COARSE || strcmp(rest, "-0.glb") == 0) return true;
    }
    return false;
}

// "12" or "id:tower-1": of few buildings among many, so the ids need no index.
static bool building_of(uint32_t *out, const ct_tiles__scene *s, const char **at) {
    int64_t fid;
    if (!ct_tiles__path_skip(at, "id:")) {
        if (!ct_tiles__path_number(&fid, at)) return false;
        *out = ct_tiles__scene_find(s, fid);
        return *out != CT_TILES__NONE;
    }
    const size_t n = strcspn(*at, "/");
    for (uint32_t i = 0; i < s->n_buildings; i++) {
        const char *id = s->buildings[i].id;
        if (strncmp(id, *at, n) != 0 || id[n] != '\0') continue;
        *out = i;
        *at += n;
        return true;
    }
    return false;
}

static bool find_of_building(ct_tiles__file *f, const ct_tiles__city *c, const char *at) {
    if (!building_of(&f->building, c->scene, &at) || !ct_tiles__path_skip(&at, "/")) return false;
    if (strcmp(at, "tileset.json") == 0) {
        f->what = CT_TILES__INSIDE;
        return true;
    }
    f->detail = CT_TILES__BLOCK;
    f->what = CT_TILES__OUTLINE;
    return strcmp(at, "block.glb") == 0 || find_part(f, c, at);
}

ct_err ct_tiles__city_find(ct_tiles__file *out, const ct_tiles__city *c, const char *path) {
    ct_tiles__file f = {.node = c->tree.n_nodes ? 0 : CT_TILES__NONE, .building = CT_TILES__NONE};
    const char *at = path;
    bool found = true;
    if (strcmp(path, "tileset.json") == 0)
        f.what = CT_TILES__TOP;
    else if (ct_tiles__path_skip(&at, "tiles/"))
        found = find_of_tile(&f, c, at, false);
    else if (ct_tiles__path_skip(&at, "branches/"))
        found = find_of_tile(&f, c, at, true);
    else
        found = find_of_building(&f, c, at);
    if (!found) return ct_fail(CT_NOTFOUND, "the tileset of buildings has no %s", path);
    *out = f;
    return CT_OK;
}

// ---- the quadtree's documents
// ---------------------------------------------------------------------------
typedef struct branch { // a document at work
    const ct_tiles__city *city;
    ct_reader *reader;
    const char *up; // from the document's folder to the tileset's
    uint32_t root;
    ct_jsonw w;
} branch;

static void begin_children(branch *b) {
    ct_jsonw_key(&b->w, "children");
    ct_jsonw_array(&b->w);
}

static void end_children(branch *b) {
    ct_jsonw_end_array(&b->w);
    ct_jsonw_end_object(&b->w);
}

static ct_err blocks_error(double *out, branch *b, const ct_tiles__node3 *n, const ct_enu *frame) {
    *out = 0;
    if (!n->has_bodies) return CT_OK;
    ct_tiles__drawing d;
    ct_err err = ct_tiles__drawing_init(&d, b->city->scene, b->reader, frame);
    for (uint32_t i = 0; i < n->n_own && err == CT_OK; i++) {
        double error_m = 0;
        const uint32_t at = b->city->tree.list[n->first + i];
        err = ct_tiles__block_error(&error_m, &d, &b->city->scene->buildings[at]);
        *out = fmax(*out, error_m);
    }
    ct_tiles__drawing_fini(&d);
    *out = fmin(*out, n->size_m);
    return err;
}

// What a node draws together: blocks, then bodies in their place; one tile where there are no
// bodies.
static ct_err put_together(branch *b, const ct_tiles__node3 *n) {
    ct_enu frame;
    ct_box3 box;
    double error_m;
    ct_jsonw *w = &b->w;
    CT_TRY(ct_tiles__frame_of(&frame, b->city->scene->crs, &n->own_twin));
    CT_TRY(ct_tiles__box_in(&box, &frame, b->city->scene->crs, &n->own_twin));
    CT_TRY(blocks_error(&error_m, b, n, &frame));
    const bool levels = error_m > BLOCKS_WORTH_M;
    ct_jsonw_object(w);
    ct_tiles__json_box(w, &box, NULL, true);
    ct_tiles__json_error(w, levels ? error_m : 0);
    ct_jsonw_kv_string(w, "refine", "REPLACE");
    ct_tiles__json_transform(w, &frame);
    ct_tiles__json_content(w, -1, "%stiles/%u/%u/%u-%d.glb", b->up, n->tile.z, n->tile.x, n->tile.y,
                           levels);
    if (levels) {
        begin_children(b);
        ct_jsonw_object(w);
        ct_tiles__json_box(w, &box, NULL, true);
        ct_tiles__json_error(w, 0);
        ct_tiles__json_content(w, -1, "%stiles/%u/%u/%u-0.glb", b->up, n->tile.z, n->tile.x,
                               n->tile.y);
        ct_jsonw_end_object(w);
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err put_apart(branch *b, const ct_tiles__building *building) {
    ct_enu frame;
    ct_box3 box;
    CT_TRY(ct_tiles__frame_of(&frame, b->city->scene->crs, &building->box));
    CT_TRY(ct_tiles__box_in(&box, &frame, b->city->scene->crs, &building->box));
    ct_jsonw_object(&b->w);
    ct_tiles__json_box(&b->w, &box, &frame, false);
    ct_tiles__json_error(&b->w, building->size_m);
    ct_tiles__json_content(&b->w, -1, "%s%lld/tileset.json", b->up, (long long)building->fid);
    ct_jsonw_end_object(&b->w);
    return CT_OK;
}

static ct_err put_node(branch *b, uint32_t at) {
    const ct_tiles__tree *t = &b->city->tree;
    const ct_tiles__node3 *n = &t->nodes[at];
    if (n->n_own && !n->n_apart && !n->n_children) return put_together(b, n);
    ct_jsonw_object(&b->w);
    ct_tiles__json_box(&b->w, &n->box, &n->frame, false);
    ct_tiles__json_error(&b->w, n->size_m);
    if (at != b->root && ct_tiles__tree_splits(n)) {
        ct_tiles__json_content(&b->w, -1, "%sbranches/%u/%u/%u.json", b->up, n->tile.z, n->tile.x,
                               n->tile.y);
        ct_jsonw_end_object(&b->w);
        return CT_OK;
    }
    ct_jsonw_kv_string(&b->w, "refine", "ADD");
    begin_children(b);
    if (n->n_own) CT_TRY(put_together(b, n));
    for (uint32_t i = 0; i < n->n_apart; i++) {
        const uint32_t building = t->list[n->first + n->n_own + i];
        CT_TRY(put_apart(b, &b->city->scene->buildings[building]));
    }
    for (uint32_t i = 0; i < n->n_children; i++) CT_TRY(put_node(b, n->child[i]));
    end_children(b);
    return CT_OK;
}

// Without buildings: a tile that holds nothing, at the earth's centre, where nobody looks.
static void put_nothing(branch *b) {
    static const char root[] = "{\"boundingVolume\":{\"sphere\":[0,0,0,0]},\"geometricError\":0}";
    ct_jsonw_raw(&b->w, root, sizeof root - 1);
}

static ct_err write_branch(ct_buf *out, const ct_tiles__city *city, ct_reader *reader,
                           const ct_tiles__file *file) {
    branch b = {.city = city, .reader = reader, .root = file->node};
    b.up = file->what == CT_TILES__TOP ? "" : "../../../";
    const bool any = file->node != CT_TILES__NONE;
    ct_jsonw_init(&b.w, out);
    ct_tiles__json_begin(&b.w, any ? city->tree.nodes[file->node].size_m : 0);
    ct_jsonw_key(&b.w, "root");
    if (any)
        CT_TRY(put_node(&b, file->node));
    else
        put_nothing(&b);
    ct_jsonw_end_object(&b.w);
    return ct_buf_status(out);
}

// ---- contents
// -----------------------------------------------------------------------------------------
static ct_err draw_node(ct_tiles__drawing *d, const ct_tiles__city *c, const ct_tiles__node3 *n,
                        ct_tiles__detail detail) {
    for (uint32_t i = 0; i < n->n_own; i++) {
        const uint32_t at = c->tree.list[n->first + i];
        CT_TRY(ct_tiles__draw_building(d, &c->scene->buildings[at], detail));
    }
    return CT_OK;
}

static ct_err draw(ct_tiles__drawing *d, const ct_tiles__city *c, const ct_tiles__file *f) {
    if (f->what == CT_TILES__TOGETHER) return draw_node(d, c, &c->tree.nodes[f->node], f->detail);
    if (f->what == CT_TILES__PART)
        return ct_tiles__draw_part(d, &c->scene->buildings[f->building], &f->part, f->detail);
    return ct_tiles__draw_building(d, &c->scene->buildings[f->building], CT_TILES__BLOCK);
}

static ct_err write_content(ct_buf *out, const ct_tiles__city *c, ct_reader *reader,
                            const ct_tiles__file *f, bool compress, size_t *triangles) {
    ct_tiles__drawing d;
    ct_enu frame;
    const ct_box3 *box = f->what == CT_TILES__TOGETHER ? &c->tree.nodes[f->node].own_twin
                                                       : &c->scene->buildings[f->building].box;
    CT_TRY(ct_tiles__frame_of(&frame, c->scene->crs, box));
    ct_err err = ct_tiles__drawing_init(&d, c->scene, reader, &frame);
    if (err == CT_OK) err = draw(&d, c, f);
    if (err == CT_OK) err = ct_tiles__glb_write(out, d.glb, compress);
    if (err == CT_OK && triangles) *triangles = ct_tiles__glb_triangles(d.glb);
    ct_tiles__drawing_fini(&d);
    return err;
}

ct_err ct_tiles__city_write(ct_buf *out, const ct_tiles__city *c, ct_reader *reader,
                            const ct_tiles__file *f, bool compress, size_t *triangles) {
    if (triangles) *triangles = 0;
    if (f->what == CT_TILES__TOP || f->what == CT_TILES__BRANCH)
        return write_branch(out, c, reader, f);
    if (f->what == CT_TILES__INSIDE)
        return ct_tiles__write_inside(out, c->scene, reader, &c->scene->buildings[f->building]);
    return write_content(out, c, reader, f, compress, triangles);
}

// ---- fingerprints
// -------------------------------------------------------------------------------------
static void add_building(ct_hash *h, const ct_tiles__building *b) {
    const int64_t numbers[] = {b->fid,   b->triangles, b->n_things,
                               b->apart, b->has_body,  b->has_outline};
    const double places[] = {b->base_m, b->top_m, b->size_m};
    ct_hash_add(h, numbers, sizeof numbers);
    ct_hash_add(h, places, sizeof places);
    ct_hash_add(h, &b->box, sizeof b->box);
}

static void add_inside(ct_hash *h, const ct_tiles__scene *s, const ct_tiles__building *b) {
    ct_hash_add_text(h, b->id);
    for (uint32_t i = b->first_thing; i < b->first_thing + b->n_things; i++) {
        const ct_tiles__thing *t = &s->things[i];
        const ct_tiles__storey *storey =
            t->storey == CT_TILES__NONE ? NULL : &s->storeys[t->storey];
        const int64_t numbers[] = {(int64_t)t->cls->index,
                                   t->fid,
                                   (int64_t)t->kind,
                                   t->has_body,
                                   t->triangles,
                                   storey ? storey->fid : -1,
                                   storey ? storey->level : 0};
        const double heights[] = {storey ? storey->elevation_m : 0, storey ? storey->height_m : 0};
        ct_hash_add(h, numbers, sizeof numbers);
        ct_hash_add(h, heights, sizeof heights);
        ct_hash_add(h, &t->box, sizeof t->box);
        if (storey) ct_hash_add_text(h, storey->id);
        if (storey) ct_hash_add_text(h, storey->name);
        if (storey) ct_hash_add_text(h, storey->name_zh);
    }
}

ct_err ct_tiles__city_fingerprint(ct_hash128 *out, const ct_tiles__city *c,
                                  const ct_tiles__file *f) {
    ct_hash *h = ct_hash_new();
    if (!h) return CT_NOMEM;
    if (f->building != CT_TILES__NONE) {
        add_building(h, &c->scene->buildings[f->building]);
        add_inside(h, c->scene, &c->scene->buildings[f->building]);
    } else if (f->node != CT_TILES__NONE) {
        const ct_tiles__node3 *n = &c->tree.nodes[f->node];
        const uint32_t last = f->what == CT_TILES__TOGETHER ? n->first + n->n_own : n->last;
        for (uint32_t i = n->first; i < last; i++)
            add_building(h, &c->scene->buildings[c->tree.list[i]]);
    }
    *out = ct_hash_get(h);
    ct_hash_free(h);
    return CT_OK;
}
