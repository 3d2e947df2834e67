// Levels of the ground, their errors, their documents.
#include "tiles/three_d/relief.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/three_d/json.h"
#include "tiles/three_d/path.h"
#include "tiles/three_d/relief_mesh.h"

enum { STEPS = CT_TILES__RELIEF_STEPS, SPLIT_LEVELS = 4 };

static const ct_tiles__patch *patch_at(const ct_tiles__relief *r, uint32_t level, uint32_t x,
                                       uint32_t y) {
    return &r->patches[level][(size_t)y * r->nx[level] + x];
}

static bool has_ground(const ct_tiles__patch *p) {
    return p->low_m <= p->high_m;
}

static void take_in_child(ct_tiles__patch *p, const ct_tiles__patch *child) {
    if (!has_ground(child)) return;
    p->low_m = fminf(p->low_m, child->low_m);
    p->high_m = fmaxf(p->high_m, child->high_m);
    p->error_m = fmaxf(p->error_m, child->error_m);
}

static void measure_level(ct_tiles__relief *r, uint32_t level) {
    for (uint32_t y = 0; y < r->ny[level]; y++)
        for (uint32_t x = 0; x < r->nx[level]; x++) {
            ct_tiles__patch *p = &r->patches[level][(size_t)y * r->nx[level] + x];
            *p = (ct_tiles__patch){INFINITY, -INFINITY, 0};
            if (level + 1 == r->n_levels) {
                ct_tiles__relief_range(p, r, level, x, y);
                continue;
            }
            p->error_m = ct_tiles__relief_error_m(r, level, x, y);
            for (uint32_t i = 0; i < 4; i++) {
                const uint32_t cx = 2 * x + (i & 1), cy = 2 * y + (i >> 1);
                if (cx < r->nx[level + 1] && cy < r->ny[level + 1])
                    take_in_child(p, patch_at(r, level + 1, cx, cy));
            }
        }
}

static ct_err make_levels(ct_tiles__relief *r) {
    const uint32_t side = r->grid->nx > r->grid->ny ? r->grid->nx : r->grid->ny;
    r->n_levels = 1;
    while (r->n_levels < CT_TILES__RELIEF_LEVELS &&
           ((uint64_t)STEPS << (r->n_levels - 1)) < side - 1)
        r->n_levels++;
    for (uint32_t level = r->n_levels; level-- > 0;) {
        const uint64_t span = (uint64_t)STEPS << (r->n_levels - 1 - level); // cells of a tile
        r->nx[level] = (uint32_t)((r->grid->nx - 1 + span - 1) / span);
        r->ny[level] = (uint32_t)((r->grid->ny - 1 + span - 1) / span);
        r->patches[level] =
            ct_calloc((size_t)r->nx[level] * r->ny[level], sizeof *r->patches[level]);
        if (!r->patches[level]) return CT_NOMEM;
        measure_level(r, level);
    }
    return CT_OK;
}

ct_err ct_tiles__relief_make(ct_tiles__relief **out, const ct_grid *grid, const char *crs) {
    ct_tiles__relief *r = ct_calloc(1, sizeof *r);
    if (!r) return CT_NOMEM;
    r->grid = grid;
    (void)snprintf(r->crs, sizeof r->crs, "%s", crs);
    ct_err err = grid && grid->nx > 1 && grid->ny > 1 ? make_levels(r) : CT_OK;
    if (err == CT_OK && r->n_levels && !has_ground(patch_at(r, 0, 0, 0))) r->n_levels = 0;
    if (err == CT_OK && r->n_levels) err = ct_tiles__relief_frame(r);
    if (err == CT_OK)
        *out = r;
    else
        ct_tiles__relief_free(r);
    return err;
}

void ct_tiles__relief_free(ct_tiles__relief *r) {
    if (!r) return;
    for (int i = 0; i < CT_TILES__RELIEF_LEVELS; i++) ct_free(r->patches[i]);
    ct_free(r);
}

// ---- paths
// --------------------------------------------------------------------------------------------
static bool is_branch(uint32_t level) {
    return level > 0 && level % SPLIT_LEVELS == 0;
}

static bool find(ct_tiles__relief_file *f, const ct_tiles__relief *r, const char *at) {
    int64_t v[3];
    *f = (ct_tiles__relief_file){.json = true};
    if (strcmp(at, "tileset.json") == 0) return true;
    f->json = ct_tiles__path_skip(&at, "branches/");
    if (!r->n_levels || (!f->json && !ct_tiles__path_skip(&at, "tiles/"))) return false;
    if (!ct_tiles__path_tile(v, &at)) return false;
    if (v[0] >= r->n_levels || v[1] >= r->nx[v[0]] || v[2] >= r->ny[v[0]]) return false;
    f->level = (uint32_t)v[0];
    f->x = (uint32_t)v[1];
    f->y = (uint32_t)v[2];
    if (!has_ground(patch_at(r, f->level, f->x, f->y))) return false;
    return f->json ? is_branch(f->level) && strcmp(at, ".json") == 0 : strcmp(at, ".glb") == 0;
}

ct_err ct_tiles__relief_find(ct_tiles__relief_file *out, const ct_tiles__relief *r,
                             const char *path) {
    if (find(out, r, path)) return CT_OK;
    return ct_fail(CT_NOTFOUND, "the tileset of the ground has no %s", path);
}

// ---- documents
// ----------------------------------------------------------------------------------------
typedef struct branch {
    const ct_tiles__relief *relief;
    const char *up;
    uint32_t root; // level
    ct_jsonw w;
} branch;

static ct_err put_tile(branch *b, uint32_t level, uint32_t x, uint32_t y) {
    const ct_tiles__relief *r = b->relief;
    const ct_tiles__patch *p = patch_at(r, level, x, y);
    ct_box3 box;
    CT_TRY(ct_tiles__relief_box(&box, r, level, x, y));
    ct_jsonw *w = &b->w;
    ct_jsonw_object(w);
    ct_tiles__json_box(w, &box, NULL, true);
    ct_tiles__json_error(w, (double)p->error_m);
    if (level != b->root && is_branch(level)) {
        ct_tiles__json_content(w, -1, "%sbranches/%u/%u/%u.json", b->up, level, x, y);
        ct_jsonw_end_object(w);
        return CT_OK;
    }
    ct_jsonw_kv_string(w, "refine", "REPLACE");
    if (level == 0) ct_tiles__json_transform(w, &r->frame); // all below are in this one's frame
    ct_tiles__json_content(w, -1, "%stiles/%u/%u/%u.glb", b->up, level, x, y);
    if (level + 1 < r->n_levels) {
        ct_jsonw_key(w, "children");
        ct_jsonw_array(w);
        for (uint32_t i = 0; i < 4; i++) {
            const uint32_t cx = 2 * x + (i & 1), cy = 2 * y + (i >> 1);
            if (cx < r->nx[level + 1] && cy < r->ny[level + 1] &&
                has_ground(patch_at(r, level + 1, cx, cy)))
                CT_TRY(put_tile(b, level + 1, cx, cy));
        }
        ct_jsonw_end_array(w);
    }
    ct_jsonw_end_object(w);
    return CT_OK;
}

static ct_err write_branch(ct_buf *out, const ct_tiles__relief *r, const ct_tiles__relief_file *f) {
    static const char nothing[] =
        "{\"boundingVolume\":{\"sphere\":[0,0,0,0]},\"geometricError\":0}";
    branch b = {.relief = r, .up = f->level ? "../../../" : "", .root = f->level};
    const bool any = r->n_levels > 0;
    const ct_tiles__patch *p = any ? patch_at(r, f->level, f->x, f->y) : NULL;
    ct_jsonw_init(&b.w, out);
    ct_tiles__json_begin(&b.w, p ? (double)fmaxf(p->error_m, p->high_m - p->low_m) : 0);
    ct_jsonw_key(&b.w, "root");
    if (any)
        CT_TRY(put_tile(&b, f->level, f->x, f->y));
    else
        ct_jsonw_raw(&b.w, nothing, sizeof nothing - 1);
    ct_jsonw_end_object(&b.w);
    return ct_buf_status(out);
}

ct_err ct_tiles__relief_write(ct_buf *out, const ct_tiles__relief *r,
                              const ct_tiles__relief_file *f, bool compress, size_t *triangles) {
    if (triangles) *triangles = 0;
    if (f->json) return write_branch(out, r, f);
    return ct_tiles__relief_draw(out, r, f->level, f->x, f->y, compress, triangles);
}
