// The geometries of one feature: its own, and those of its body, part by part.
#include <stdio.h>
#include <string.h>

#include "export/city/city.h"
#include "export/city/room.h"
#include "geo/outline.h"
#include "geo/triangulate.h"

ct_err ct_cityout__shapes_init(ct_cityout__shapes *s) {
    *s = (ct_cityout__shapes){.outline = ct_outline_new(),
                              .triangulator = ct_triangulator_new(),
                              .edges = ct_cityout__edges_new(),
                              .edges_alone = ct_cityout__edges_new()};
    return s->outline && s->triangulator && s->edges && s->edges_alone ? CT_OK : CT_NOMEM;
}

void ct_cityout__shapes_fini(ct_cityout__shapes *s) {
    ct_cityout__points_fini(&s->points);
    ct_outline_free(s->outline);
    ct_triangulator_free(s->triangulator);
    ct_cityout__edges_free(s->edges);
    ct_cityout__edges_free(s->edges_alone);
    ct_free(s->snapped);
    ct_free(s->corners);
    ct_free(s->ring_end);
    ct_free(s->faces);
    ct_free(s->order);
    ct_free(s->shells);
    ct_free(s->geometries);
    *s = (ct_cityout__shapes){0};
}

void ct_cityout__shapes_reset(ct_cityout__shapes *s) {
    ct_cityout__points_reset(&s->points);
    s->n_corners = s->n_rings = s->n_faces = s->n_order = s->n_shells = s->n_geometries = 0;
}

// One shell of the faces from `first` on, in their order.
static ct_err add_geometry(ct_cityout__shapes *s, ct_cityout__kind kind, uint8_t lod,
                           uint32_t first, uint32_t n) {
    if (n == 0) return CT_OK;
    CT_TRY(ct_cityout__room(&s->order, &s->order_room, s->n_order, n, sizeof *s->order));
    CT_TRY(ct_cityout__room(&s->shells, &s->shell_room, s->n_shells, 1, sizeof *s->shells));
    CT_TRY(ct_cityout__room(&s->geometries, &s->geometry_room, s->n_geometries, 1,
                            sizeof *s->geometries));
    s->geometries[s->n_geometries++] = (ct_cityout__geometry){
        .kind = kind, .lod = lod, .lod_text = "0", .shell = (uint32_t)s->n_shells, .n_shells = 1};
    s->shells[s->n_shells++] = (ct_cityout__shell){(uint32_t)s->n_order, n};
    for (uint32_t i = 0; i < n; i++) s->order[s->n_order++] = first + i;
    return CT_OK;
}

// ---- the feature's own --------------------------------------------------------------------------

static ct_err add_ring(ct_cityout__shapes *s, const ct_geom *g, uint32_t begin, uint32_t end,
                       double z) {
    const size_t stride = (size_t)ct_geom_stride(g);
    CT_TRY(ct_cityout__room(&s->corners, &s->corner_room, s->n_corners, end - begin,
                            sizeof *s->corners));
    CT_TRY(ct_cityout__room(&s->ring_end, &s->ring_room, s->n_rings, 1, sizeof *s->ring_end));
    for (uint32_t i = begin; i < end; i++) {
        const double *at = g->xyz + stride * i;
        const double xyz[3] = {at[0], at[1], g->has_z ? at[2] : z};
        ct_cityout__point p;
        CT_TRY(ct_cityout__quantise(&p, xyz));
        CT_TRY(ct_cityout__number(&s->corners[s->n_corners++], &s->points, &p));
    }
    s->ring_end[s->n_rings++] = (uint32_t)s->n_corners;
    return CT_OK;
}

static ct_err add_face(ct_cityout__shapes *s, uint32_t n_rings) {
    CT_TRY(ct_cityout__room(&s->faces, &s->face_room, s->n_faces, 1, sizeof *s->faces));
    s->faces[s->n_faces++] =
        (ct_cityout__face){.ring = (uint32_t)s->n_rings - n_rings, .n_rings = n_rings};
    return CT_OK;
}

ct_err ct_cityout__add_geom(ct_cityout__shapes *s, const ct_geom *g, double z,
                            ct_cityout__kind polygons) {
    const bool areas = g->type == CT_GEOM_POLYGON || g->type == CT_GEOM_MULTIPOLYGON;
    const bool lines = g->type == CT_GEOM_LINESTRING || g->type == CT_GEOM_MULTILINESTRING;
    const uint32_t first = (uint32_t)s->n_faces;
    for (uint32_t part = 0, ring = 0; part < g->n_parts; part++) {
        const uint32_t begin = ring;
        for (; ring < g->part_end[part]; ring++) {
            const uint32_t end = g->ring_end[ring] - (areas ? 1 : 0); // they come open
            CT_TRY(add_ring(s, g, ring ? g->ring_end[ring - 1] : 0, end, z));
            if (!areas) CT_TRY(add_face(s, 1));
        }
        if (areas && ring > begin) CT_TRY(add_face(s, ring - begin));
    }
    return add_geometry(s,
                        areas   ? polygons
                        : lines ? CT_CITYOUT__LINES
                                : CT_CITYOUT__POINTS,
                        0, first, (uint32_t)s->n_faces - first);
}

// ---- bodies -------------------------------------------------------------------------------------

typedef struct run {     // parts that have not closed anything yet
    uint32_t part;       // the first
    uint32_t *part_face; // where each part's faces begin, one more at the end
} run;

static ct_err as_surfaces(ct_cityout__shapes *s, const run *r, const ct_body *body, uint32_t end,
                          ct_cityout__kind kind) {
    for (uint32_t i = r->part; i < end; i++)
        CT_TRY(add_geometry(s, kind, body->parts[i].lod, r->part_face[i],
                            r->part_face[i + 1] - r->part_face[i]));
    return CT_OK;
}

// The part at `i` is the last so far: closed by itself, closed together with those before, or not.
static ct_err look(ct_cityout__shapes *s, run *r, const ct_body *body, uint32_t i,
                   ct_cityout__kind kind) {
    bool closed = false, sound = false;
    const uint32_t begin = r->part_face[i], end = r->part_face[i + 1];
    const uint8_t lod = body->parts[i].lod;
    if (r->part < i && body->parts[r->part].lod != lod) {
        CT_TRY(as_surfaces(s, r, body, i, kind));
        r->part = i;
        ct_cityout__edges_reset(s->edges);
    }
    CT_TRY(ct_cityout__edges_add(&closed, s->edges, s, begin, end - begin));
    if (closed) {
        const uint32_t first = r->part_face[r->part];
        CT_TRY(ct_cityout__add_solids(&sound, s, first, end - first, lod));
    }
    if (sound) {
        r->part = i + 1;
        ct_cityout__edges_reset(s->edges);
    }
    return CT_OK;
}

static ct_err as_solids(ct_cityout__shapes *s, run *r, const ct_body *body, ct_cityout__kind kind) {
    const uint32_t n = (uint32_t)body->n_parts;
    ct_cityout__edges_reset(s->edges);
    for (uint32_t i = 0; i < n; i++) {
        bool alone = false;
        ct_cityout__edges_reset(s->edges_alone);
        CT_TRY(ct_cityout__edges_add(&alone, s->edges_alone, s, r->part_face[i],
                                     r->part_face[i + 1] - r->part_face[i]));
        if (alone && r->part < i) { // what came before closes nothing with it
            CT_TRY(as_surfaces(s, r, body, i, kind));
            r->part = i;
            ct_cityout__edges_reset(s->edges);
        }
        CT_TRY(look(s, r, body, i, kind));
    }
    return as_surfaces(s, r, body, n, kind);
}

ct_err ct_cityout__add_body(ct_cityout__shapes *s, ct_cityout__materials *materials,
                            const ct_body *body, bool solids, ct_cityout__kind surfaces) {
    run r = {.part_face = ct_calloc(body->n_parts + 1, sizeof *r.part_face)};
    ct_err err = r.part_face ? CT_OK : CT_NOMEM;
    for (size_t i = 0; i < body->n_parts && err == CT_OK; i++) {
        uint32_t material = 0;
        r.part_face[i] = (uint32_t)s->n_faces;
        err = ct_cityout__material(&material, materials, &body->parts[i].material);
        if (err == CT_OK) err = ct_cityout__part_faces(s, &body->parts[i], material);
        r.part_face[i + 1] = (uint32_t)s->n_faces;
    }
    if (err == CT_OK)
        err = solids ? as_solids(s, &r, body, surfaces)
                     : as_surfaces(s, &r, body, (uint32_t)body->n_parts, surfaces);
    ct_free(r.part_face);
    return err;
}

// ---- levels of detail ---------------------------------------------------------------------------

// The n-th different (or n-th at all) word of `lods` that begins with the digit; false: none.
static bool word_of(char out[8], const char *lods, uint8_t lod, size_t n) {
    for (const char *at = lods; *at;) {
        const size_t length = strcspn(at, " ");
        if (length > 0 && length < 8 && *at == '0' + lod && n-- == 0) {
            memcpy(out, at, length);
            out[length] = '\0';
            return true;
        }
        at += length;
        at += strspn(at, " ");
    }
    return false;
}

// Those of CityJSON: 0 to 3, each with 0 to 3 behind a point (its schema, version 2.0).
static bool is_lod(const char *text) {
    return text[0] >= '0' && text[0] <= '3' &&
           (text[1] == '\0' ||
            (text[1] == '.' && text[2] >= '0' && text[2] <= '3' && text[3] == '\0'));
}

// All words of the LOD are one, or they are as many as its geometries, in their order.
static void set_lod(ct_cityout__shapes *s, size_t from, const char *lods, uint8_t lod) {
    char first[8] = "", word[8] = "";
    size_t n = 0, words = 0, at = 0;
    bool alike = true;
    for (size_t i = from; i < s->n_geometries; i++) n += s->geometries[i].lod == lod;
    for (; word_of(word, lods, lod, words); words++) {
        if (words == 0) memcpy(first, word, sizeof first);
        alike = alike && strcmp(first, word) == 0;
    }
    for (size_t i = from; i < s->n_geometries; i++) {
        ct_cityout__geometry *g = &s->geometries[i];
        if (g->lod != lod) continue;
        if ((alike || words == n) && word_of(word, lods, lod, alike ? 0 : at++) && is_lod(word))
            memcpy(g->lod_text, word, sizeof word);
        else
            (void)snprintf(g->lod_text, sizeof g->lod_text, "%d",
                           lod < CT_CITYOUT__FINEST ? lod : CT_CITYOUT__FINEST);
    }
}

void ct_cityout__set_lods(ct_cityout__shapes *s, size_t first, const char *lods) {
    enum { MOST = 10 };
    for (uint8_t lod = 0; lod < MOST; lod++) set_lod(s, first, lods ? lods : "", lod);
}
