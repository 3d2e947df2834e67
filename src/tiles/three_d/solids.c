// Drawing features: their meshes are placed, brought into the tile's frame and handed over face by
// face.
#include "tiles/three_d/solids.h"

#include <math.h>
#include <meshoptimizer.h>
#include <string.h>

#include "geo/mesh_prism.h"
#include "tiles/three_d/distance.h"
#include "tiles/three_d/mesh_room.h"

enum { SIMPLE_TRIANGLES = 64 }; // a mesh so small is never simplified
#define KEPT_PART  0.25F        // of a simplified mesh's triangles
#define MOST_ERROR 0.05F        // of a simplified mesh's extent

typedef struct paint { // a colour for all, or one for each tag
    bool by_tag;
    uint32_t rgba;
    uint64_t hidden; // bits of tags that are not drawn
} paint;

#define RGB(r, g, b) ((uint32_t)(r) | (uint32_t)(g) << 8 | (uint32_t)(b) << 16 | 0xff000000U)
#define BIT(tag)     (UINT64_C(1) << (tag))

static uint32_t colour_of(ct_surface tag) {
    switch (tag) {
    case CT_SURFACE_ROOF: return RGB(168, 120, 104);
    case CT_SURFACE_GROUND:
    case CT_SURFACE_FLOOR:
    case CT_SURFACE_OUTER_FLOOR: return RGB(150, 146, 138);
    case CT_SURFACE_CEILING:
    case CT_SURFACE_OUTER_CEILING: return RGB(226, 226, 220);
    case CT_SURFACE_DOOR: return RGB(128, 92, 64);
    case CT_SURFACE_WINDOW: return RGB(120, 160, 190);
    case CT_SURFACE_WATER:
    case CT_SURFACE_WATER_GROUND: return RGB(84, 132, 170);
    case CT_SURFACE_TRAFFIC:
    case CT_SURFACE_AUXILIARY_TRAFFIC: return RGB(120, 120, 120);
    case CT_SURFACE_NONE:
    case CT_SURFACE_WALL:
    case CT_SURFACE_CLOSURE:
    case CT_SURFACE_INTERIOR_WALL:
    case CT_SURFACE_COUNT: break;
    }
    return RGB(206, 200, 188);
}

ct_err ct_tiles__drawing_init(ct_tiles__drawing *d, const ct_tiles__scene *scene, ct_reader *reader,
                              const ct_enu *frame) {
    *d = (ct_tiles__drawing){.scene = scene, .reader = reader, .frame = *frame};
    d->arena = ct_arena_new(1 << 16, 0);
    d->glb = ct_tiles__glb_new();
    if (!d->arena || !d->glb) return CT_NOMEM;
    return ct_transform_get(&d->to_degrees, scene->crs, CT_CRS_CRS84);
}

void ct_tiles__drawing_fini(ct_tiles__drawing *d) {
    ct_arena_free(d->arena);
    ct_tiles__glb_free(d->glb);
}

// ---- meshes
// ------------------------------------------------------------------------------------------- From
// the twin's CRS into the frame, in place.
static ct_err to_frame(ct_tiles__drawing *d, ct_mesh *mesh) {
    CT_TRY(ct_transform_points(d->to_degrees, mesh->xyz, mesh->n_points, 3));
    for (uint32_t i = 0; i < mesh->n_points; i++) {
        double *p = mesh->xyz + 3 * (size_t)i;
        ct_ecef_of(p, p[0], p[1], p[2]);
        ct_enu_from_ecef(p, &d->frame, p);
    }
    return CT_OK;
}

static void corners_of(double out[9], const ct_mesh *mesh, size_t triangle) {
    for (size_t c = 0; c < 3; c++)
        memcpy(out + 3 * c, mesh->xyz + 3 * (size_t)mesh->triangles[3 * triangle + c],
               3 * sizeof(double));
}

// The face's normal, so that its triangles shade alike; false where it has no area.
static bool face_normal(float out[3], const ct_mesh *mesh, size_t first, size_t last) {
    double sum[3] = {0};
    for (size_t t = first; t < last; t++) {
        double p[9];
        corners_of(p, mesh, t);
        const double u[3] = {p[3] - p[0], p[4] - p[1], p[5] - p[2]};
        const double v[3] = {p[6] - p[0], p[7] - p[1], p[8] - p[2]};
        for (int i = 0; i < 3; i++) {
            const int j = (i + 1) % 3, k = (i + 2) % 3;
            sum[i] += u[j] * v[k] - u[k] * v[j];
        }
    }
    const double length = sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]);
    for (int i = 0; i < 3; i++) out[i] = (float)(sum[i] / length);
    return length > 1e-12;
}

static ct_err put_mesh(ct_tiles__drawing *d, const ct_mesh *mesh, const paint *look) {
    size_t first = 0;
    for (uint32_t f = 0; f < mesh->n_faces; f++) {
        const size_t last = mesh->face_end[f];
        const unsigned tag = mesh->face_tag ? mesh->face_tag[f] : 0;
        float normal[3];
        if (!(tag < 64 && look->hidden & BIT(tag)) && face_normal(normal, mesh, first, last)) {
            const uint32_t rgba = look->by_tag ? colour_of((ct_surface)tag) : look->rgba;
            for (size_t t = first; t < last; t++) {
                double p[9];
                corners_of(p, mesh, t);
                CT_TRY(ct_tiles__glb_triangle(d->glb, p, normal, false, rgba));
            }
        }
        first = last;
    }
    return CT_OK;
}

// Fewer triangles by quadric edge collapse; what that moves is noted in error_m.
static ct_err put_simplified(ct_tiles__drawing *d, const ct_mesh *mesh, const paint *look) {
    const size_t n = 3 * (size_t)mesh->n_triangles;
    if (mesh->n_triangles <= SIMPLE_TRIANGLES) return put_mesh(d, mesh, look);
    float *points = ct_arena_alloc(d->arena, 3 * (size_t)mesh->n_points * sizeof *points);
    unsigned *fewer = ct_arena_alloc(d->arena, n * sizeof *fewer);
    if (!points || !fewer) return CT_NOMEM;
    for (size_t i = 0; i < 3 * (size_t)mesh->n_points; i++) points[i] = (float)mesh->xyz[i];
    float moved = 0;
    const size_t target = (size_t)((float)mesh->n_triangles * KEPT_PART) * 3;
    CT_TRY(ct_tiles__mesh_room_open(ct_tiles__mesh_room_simplify(mesh->n_points, n)));
    const size_t left = meshopt_simplify(fewer, mesh->triangles, n, points, mesh->n_points,
                                         3 * sizeof(float), target, MOST_ERROR, 0, &moved);
    const float scale = meshopt_simplifyScale(points, mesh->n_points, 3 * sizeof(float));
    ct_tiles__mesh_room_close();
    d->error_m = fmax(d->error_m, (double)(moved * scale));
    const uint32_t rgba = look->by_tag ? colour_of(CT_SURFACE_NONE) : look->rgba;
    for (size_t t = 0; t < left; t += 3) {
        double p[9];
        for (size_t c = 0; c < 3; c++)
            memcpy(p + 3 * c, mesh->xyz + 3 * (size_t)fewer[t + c], 3 * sizeof(double));
        CT_TRY(ct_tiles__glb_triangle(d->glb, p, NULL, false, rgba));
    }
    return CT_OK;
}

// ---- bodies
// -------------------------------------------------------------------------------------------
static uint32_t rgba_of(const ct_material *m) {
    uint32_t rgba = 0;
    for (int i = 0; i < 4; i++)
        rgba |= (uint32_t)lrintf(fmaxf(0, fminf(1, m->rgba[i])) * 255) << (8 * i);
    return rgba;
}

// A material that no source told: faces are coloured by what they are.
static paint paint_of(const ct_material *m) {
    static const float grey = 0.8F;
    const bool untold = m->name[0] == '\0' && m->rgba[0] == grey && m->rgba[1] == grey &&
                        m->rgba[2] == grey && m->rgba[3] == 1;
    return (paint){.by_tag = untold, .rgba = rgba_of(m)};
}

static uint8_t highest_lod(const ct_body *body) {
    uint8_t lod = 0;
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i].lod > lod) lod = body->parts[i].lod;
    return lod;
}

static ct_err placed(ct_mesh *out, ct_tiles__drawing *d, const ct_body_part *part) {
    CT_TRY(ct_mesh_copy(out, d->arena, part->mesh));
    ct_mesh_transform(out, &part->place);
    return to_frame(d, out);
}

static ct_err draw_body(ct_tiles__drawing *d, const ct_class *cls, int64_t fid,
                        ct_tiles__detail detail) {
    ct_body body;
    CT_TRY(ct_reader_body(&body, d->arena, d->reader, cls, fid));
    const uint8_t lod = highest_lod(&body);
    for (size_t i = 0; i < body.n_parts; i++) {
        const ct_body_part *part = &body.parts[i];
        ct_mesh mesh;
        if (part->lod != lod) continue;
        const paint look = paint_of(&part->material);
        CT_TRY(placed(&mesh, d, part));
        CT_TRY(detail == CT_TILES__COARSE ? put_simplified(d, &mesh, &look)
                                          : put_mesh(d, &mesh, &look));
    }
    return CT_OK;
}

// ---- blocks
// -------------------------------------------------------------------------------------------
static ct_err outline_of_box(ct_geom *out, ct_arena *arena, const ct_box3 *box) {
    static const uint32_t five = 5, one = 1;
    const double corners[5][2] = {{box->min[0], box->min[1]},
                                  {box->max[0], box->min[1]},
                                  {box->max[0], box->max[1]},
                                  {box->min[0], box->max[1]},
                                  {box->min[0], box->min[1]}};
    const ct_geom g = {.type = CT_GEOM_POLYGON,
                       .n_points = 5,
                       .n_rings = 1,
                       .n_parts = 1,
                       .xyz = (double *)(uintptr_t)corners,
                       .ring_end = (uint32_t *)(uintptr_t)&five,
                       .part_end = (uint32_t *)(uintptr_t)&one};
    return ct_geom_copy(out, arena, &g);
}

// Outlines without area have no block: nothing is drawn of them.
static ct_err extrude(ct_mesh *out, bool *any, ct_tiles__drawing *d, const ct_geom *outline,
                      double low_m, double high_m, const ct_prism_tags *tags) {
    ct_prism prism = {
        .profile = outline, .place = ct_affine_identity, .along = {0, 0, high_m - low_m}};
    prism.place.m[11] = low_m;
    const ct_err err = ct_mesh_extrude(out, d->arena, &prism, tags);
    *any = err == CT_OK;
    if (err == CT_GEOM) return CT_OK;
    CT_TRY(err);
    return to_frame(d, out);
}

static ct_err block_of(ct_mesh *out, bool *any, ct_tiles__drawing *d, const ct_tiles__building *b,
                       const ct_feature *f) {
    static const ct_prism_tags tags = {CT_SURFACE_GROUND, CT_SURFACE_ROOF, CT_SURFACE_WALL,
                                       CT_SURFACE_WALL};
    ct_geom outline = f->geom;
    if (!b->has_outline) CT_TRY(outline_of_box(&outline, d->arena, &b->box));
    return extrude(out, any, d, &outline, b->base_m, b->top_m, &tags);
}

static ct_err draw_block(ct_tiles__drawing *d, const ct_tiles__building *b, const ct_feature *f) {
    static const paint by_tag = {.by_tag = true, .hidden = BIT(CT_SURFACE_GROUND)};
    ct_mesh mesh;
    bool any = false;
    CT_TRY(block_of(&mesh, &any, d, b, f));
    return any ? put_mesh(d, &mesh, &by_tag) : CT_OK;
}

// ---- features
// -----------------------------------------------------------------------------------------
static ct_err begin(ct_feature *f, ct_tiles__drawing *d, const ct_class *cls, int64_t fid,
                    const char *storey) {
    ct_arena_reset(d->arena);
    CT_TRY(ct_reader_get_fid(f, d->arena, d->reader, cls, fid));
    const char *name = ct_feature_text(f, "name", "");
    if (!*name) name = ct_feature_text(f, "long_name", "");
    if (!*name) name = ct_feature_text(f, "address", "");
    const ct_tiles__glb_feature row = {fid, f->id, cls->name, name, storey};
    return ct_tiles__glb_feature_begin(d->glb, &row);
}

ct_err ct_tiles__draw_building(ct_tiles__drawing *d, const ct_tiles__building *b,
                               ct_tiles__detail detail) {
    ct_feature f;
    const ct_class *cls = d->scene->building_class;
    CT_TRY(begin(&f, d, cls, b->fid, ""));
    const bool body = b->has_body && detail != CT_TILES__BLOCK;
    return ct_context(body ? draw_body(d, cls, b->fid, detail) : draw_block(d, b, &f),
                      "building %s", b->id);
}

static double size_of(const ct_box3 *box) {
    double sum = 0;
    for (int i = 0; i < 3; i++) sum += (box->max[i] - box->min[i]) * (box->max[i] - box->min[i]);
    return sqrt(sum);
}

// Rooms get floor, walls and ceiling; the outline of a storey stands for its walls and floor.
static ct_err draw_outline(ct_tiles__drawing *d, const ct_tiles__thing *t, const ct_feature *f) {
    static const ct_prism_tags tags = {CT_SURFACE_FLOOR, CT_SURFACE_CEILING,
                                       CT_SURFACE_INTERIOR_WALL, CT_SURFACE_INTERIOR_WALL};
    static const paint room = {.rgba = RGB(150, 178, 198)};
    static const paint walls = {.by_tag = true, .hidden = BIT(CT_SURFACE_CEILING)};
    ct_mesh mesh;
    bool any = false;
    CT_TRY(extrude(&mesh, &any, d, &f->geom, t->box.min[2], t->box.max[2], &tags));
    if (!any) return CT_OK;
    return put_mesh(d, &mesh, t->kind == CT_TILES__SPACES ? &room : &walls);
}

ct_err ct_tiles__draw_thing(ct_tiles__drawing *d, const ct_tiles__thing *t,
                            ct_tiles__detail detail) {
    const double size_m = size_of(&t->box);
    if (detail == CT_TILES__COARSE && size_m < d->least_m) {
        d->error_m = fmax(d->error_m, size_m);
        return CT_OK;
    }
    ct_feature f;
    const bool placed_in = t->storey != CT_TILES__NONE;
    CT_TRY(begin(&f, d, t->cls, t->fid, placed_in ? d->scene->storeys[t->storey].id : ""));
    return ct_context(t->has_body ? draw_body(d, t->cls, t->fid, detail) : draw_outline(d, t, &f),
                      "%s %s", t->cls->name, f.id);
}

// ---- how far a block is from the truth
// ------------------------------------------------------------------
ct_err ct_tiles__block_error(double *error_m, ct_tiles__drawing *d, const ct_tiles__building *b) {
    ct_feature f;
    ct_body body;
    ct_mesh block;
    bool any = false;
    *error_m = 0;
    if (!b->has_body) return CT_OK;
    ct_arena_reset(d->arena);
    CT_TRY(ct_reader_get_fid(&f, d->arena, d->reader, d->scene->building_class, b->fid));
    CT_TRY(block_of(&block, &any, d, b, &f));
    if (!any) {
        *error_m = b->size_m;
        return CT_OK;
    }
    CT_TRY(ct_reader_body(&body, d->arena, d->reader, d->scene->building_class, b->fid));
    ct_mesh *parts = ct_arena_calloc(d->arena, body.n_parts + 1, sizeof *parts);
    size_t n = 0;
    if (!parts) return CT_NOMEM;
    for (size_t i = 0; i < body.n_parts; i++)
        if (body.parts[i].lod == highest_lod(&body)) CT_TRY(placed(&parts[n++], d, &body.parts[i]));
    *error_m = ct_tiles__mesh_distance_m(parts, n, &block);
    return CT_OK;
}
