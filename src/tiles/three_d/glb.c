// Gathering the triangles and features of a tile.
#include <math.h>

#include "base/mem.h"
#include "tiles/three_d/glb_private.h"

enum { MAX_CORNERS = 1 << 28 };

ct_tiles__glb *ct_tiles__glb_new(void) {
    ct_tiles__glb *g = ct_calloc(1, sizeof *g);
    if (!g) return NULL;
    g->arena = ct_arena_new(1 << 14, 0);
    if (!g->arena) {
        ct_free(g);
        return NULL;
    }
    return g;
}

void ct_tiles__glb_free(ct_tiles__glb *g) {
    if (!g) return;
    ct_free(g->triangles);
    ct_free(g->features);
    ct_arena_free(g->arena);
    ct_free(g);
}

static ct_err copy(const char **out, ct_tiles__glb *g, const char *text) {
    *out = text && *text ? ct_arena_strdup(g->arena, text) : "";
    return *out ? CT_OK : CT_NOMEM;
}

ct_err ct_tiles__glb_feature_begin(ct_tiles__glb *g, const ct_tiles__glb_feature *f) {
    CT_TRY(ct_grow(&g->features, &g->feature_room, g->n_features + 1, sizeof *g->features));
    ct_tiles__glb_feature *row = &g->features[g->n_features];
    row->fid = f->fid;
    CT_TRY(copy(&row->id, g, f->id));
    CT_TRY(copy(&row->cls, g, f->cls));
    CT_TRY(copy(&row->name, g, f->name));
    CT_TRY(copy(&row->storey, g, f->storey));
    g->n_features++;
    return CT_OK;
}

static bool flat(float out[3], const double p[9]) {
    double u[3], v[3];
    for (int i = 0; i < 3; i++) {
        u[i] = p[3 + i] - p[i];
        v[i] = p[6 + i] - p[i];
    }
    const double n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                         u[0] * v[1] - u[1] * v[0]};
    const double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    if (!(length > 1e-12)) return false;
    for (int i = 0; i < 3; i++) out[i] = (float)(n[i] / length);
    return true;
}

static void pack_normal(int8_t out[3], const float n[3]) {
    // glTF's y is up: (east, up, -north)
    const float turned[3] = {n[0], n[2], -n[1]};
    for (int i = 0; i < 3; i++) out[i] = (int8_t)lrintf(fmaxf(-1, fminf(1, turned[i])) * 127.0F);
}

ct_err ct_tiles__glb_triangle(ct_tiles__glb *g, const double corners[9], const float *normals,
                              bool smooth, uint32_t rgba) {
    float own[3];
    if (!flat(own, corners)) return CT_OK;
    if (g->n_triangles >= MAX_CORNERS / 3)
        return ct_fail(CT_LIMIT, "a tile has too many triangles");
    CT_TRY(ct_grow(&g->triangles, &g->triangle_room, g->n_triangles + 1, sizeof *g->triangles));
    ct_tiles__glb_triangle_ *t = &g->triangles[g->n_triangles++];
    t->feature = (uint32_t)(g->n_features - 1);
    t->rgba = rgba;
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 3; i++) {
            const double v = corners[3 * c + i];
            t->corner[c][i] = v;
            g->box.min[i] = g->n_triangles == 1 && c == 0 ? v : fmin(g->box.min[i], v);
            g->box.max[i] = g->n_triangles == 1 && c == 0 ? v : fmax(g->box.max[i], v);
        }
        pack_normal(t->normal[c], !normals ? own : smooth ? normals + 3 * (size_t)c : normals);
    }
    return CT_OK;
}

bool ct_tiles__glb_box(ct_box3 *out, const ct_tiles__glb *g) {
    if (!g->n_triangles) return false;
    *out = g->box;
    return true;
}

size_t ct_tiles__glb_triangles(const ct_tiles__glb *g) {
    return g->n_triangles;
}

double ct_tiles__glb_step_m(const ct_box3 *box) {
    double half = 0;
    for (int i = 0; i < 3; i++) half = fmax(half, (box->max[i] - box->min[i]) / 2);
    return half > 0 ? half / 32767 : 1e-6;
}
