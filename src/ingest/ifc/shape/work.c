// The worker: its room, its budget, its findings, and meshes in the making.
#include "ingest/ifc/shape/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "geo/mesh_part.h"
#include "geo/mesh_repair.h"
#include "geo/mesh_seam.h"

enum { ARENA_BLOCK = 1 << 20, TEXT_BYTES = 400 };

#define WIDE_WELD_M 2e-4 // files that say a tenth of a millimetre mean it

// ---- room ---------------------------------------------------------------------------------------

static bool has_styled_faces(const ct_ifc__model *m, const uint8_t *kinds) {
    for (uint32_t t = 0; t < ct_step__n_types(m->step); t++) {
        const uint8_t kind = kinds[t];
        if (kind != CT_IFC__K_FACE_SET && kind != CT_IFC__K_ADVANCED_FACE &&
            kind != CT_IFC__K_FACE_SURFACE && kind != CT_IFC__K_FACE)
            continue;
        for (uint32_t i = m->type_start[t]; i < m->type_start[t + 1]; i++)
            if (ct_ifc__linked(&m->rel.styles, m->order[i]).n) return true;
    }
    return false;
}

ct_err ct_ifc__work_init(ct_ifc__work *out, const ct_ifc__model *m, const ct_ifc__units *units,
                         const uint8_t *kinds) {
    ct_ifc__work w = {.m = m,
                      .kinds = kinds,
                      .length_m = units->length_m,
                      .angle_rad = units->angle_rad,
                      .weld_m = CT_MESH_WELD_M,
                      .chord_m = CT_IFC__CHORD_M,
                      .arc_rad = CT_IFC__ARC_RAD,
                      .faces_styled = has_styled_faces(m, kinds)};
    w.arena = ct_arena_new(ARENA_BLOCK, CT_IFC__SHAPE_BYTES);
    w.builder = ct_mesh_builder_new(w.weld_m, CT_IFC__SHAPE_TRIANGLES);
    w.triangulator = ct_triangulator_new();
    if (!w.arena || !w.builder || !w.triangulator) {
        ct_ifc__work_fini(&w);
        return CT_NOMEM;
    }
    *out = w;
    ct_ifc__work_begin(out);
    return CT_OK;
}

void ct_ifc__work_fini(ct_ifc__work *w) {
    ct_arena_free(w->arena);
    ct_mesh_builder_free(w->builder);
    ct_mesh_builder_free(w->welder);
    ct_triangulator_free(w->triangulator);
    ct_free(w->point_at);
    *w = (ct_ifc__work){0};
}

void ct_ifc__work_begin(ct_ifc__work *w) {
    ct_arena_reset(w->arena);
    w->steps_left = CT_IFC__SHAPE_STEPS;
    w->triangles_left = CT_IFC__SHAPE_TRIANGLES;
    w->depth = 0;
    w->arc_rad = CT_IFC__ARC_RAD;
    w->keep_length = false;
    w->findings = NULL;
    w->n_findings = w->finding_room = 0;
    w->shared = NULL;
    w->n_shared = w->shared_room = 0;
}

// ---- the budget ---------------------------------------------------------------------------------

ct_err ct_ifc__spend(ct_ifc__work *w, uint64_t steps) {
    if (steps > w->steps_left) {
        w->steps_left = 0;
        return ct_fail(CT_LIMIT, "the shape takes more work than one object may");
    }
    w->steps_left -= steps;
    return CT_OK;
}

ct_err ct_ifc__spend_triangles(ct_ifc__work *w, uint32_t n) {
    if (n > w->triangles_left) {
        w->triangles_left = 0;
        return ct_fail(CT_LIMIT, "the shape has more than %d triangles", CT_IFC__SHAPE_TRIANGLES);
    }
    w->triangles_left -= n;
    return CT_OK;
}

ct_err ct_ifc__circle(const ct_ifc__work *w, uint32_t slot) {
    return ct_fail(CT_CORRUPT, "#%llu is a part of itself",
                   (unsigned long long)ct_step__id(w->m->step, slot));
}

ct_err ct_ifc__enter(ct_ifc__work *w, uint32_t slot) {
    CT_TRY(ct_ifc__spend(w, 4));
    for (int i = 0; i < w->depth; i++)
        if (w->path[i] == slot) return ct_ifc__circle(w, slot);
    if (w->depth == CT_IFC__SHAPE_DEPTH)
        return ct_fail(CT_LIMIT, "more than %d items within each other", CT_IFC__SHAPE_DEPTH);
    w->path[w->depth++] = slot;
    return CT_OK;
}

void ct_ifc__leave(ct_ifc__work *w) {
    w->depth--;
}

// ---- findings -----------------------------------------------------------------------------------

ct_err ct_ifc__find(ct_ifc__work *w, ct_severity severity, const char *rule, uint32_t slot,
                    const char *format, ...) {
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (w->n_findings == w->finding_room) {
        const size_t room = w->finding_room ? 2 * w->finding_room : 8;
        ct_ifc__finding *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (w->n_findings) memcpy(grown, w->findings, w->n_findings * sizeof *grown);
        w->findings = grown;
        w->finding_room = room;
    }
    const char *kept = ct_arena_strdup(w->arena, text);
    if (!kept) return CT_NOMEM;
    // What is not in the file is told of what names it.
    if (slot == CT_STEP__NONE && w->depth) slot = w->path[w->depth - 1];
    w->findings[w->n_findings++] = (ct_ifc__finding){slot, severity, rule, kept};
    return CT_OK;
}

ct_err ct_ifc__full_is_limit(ct_ifc__work *w, ct_err err) {
    if (err != CT_NOMEM || ct_arena_room(w->arena) < CT_IFC__SHAPE_BYTES / 2) return err;
    ct_ifc__work_begin(w);
    return ct_fail(CT_LIMIT, "the shape takes more than %d MB", CT_IFC__SHAPE_BYTES >> 20);
}

bool ct_ifc__is_of_item(ct_err err) {
    return err == CT_UNSUPPORTED || err == CT_PARSE || err == CT_GEOM || err == CT_LIMIT ||
           err == CT_RANGE || err == CT_ARG || err == CT_CORRUPT;
}

ct_err ct_ifc__forgive(ct_ifc__work *w, ct_err err, uint32_t slot, bool keep_limit) {
    if (err == CT_OK || !ct_ifc__is_of_item(err) || (err == CT_LIMIT && keep_limit)) return err;
    const char *rule = "shape-broken";
    if (err == CT_UNSUPPORTED) rule = "shape-unsupported";
    if (err == CT_LIMIT) rule = "shape-budget";
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%s", ct_err_message());
    const ct_severity severity = err == CT_CORRUPT ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING;
    return ct_ifc__find(w, severity, rule, slot, "%s", text);
}

ct_err ct_ifc__unsupported(const ct_ifc__work *w, uint32_t slot) {
    if (slot == CT_STEP__NONE) return ct_fail(CT_PARSE, "an item that is not in the file");
    return ct_fail(CT_UNSUPPORTED, "#%llu, an %s, is not read",
                   (unsigned long long)ct_step__id(w->m->step, slot), ct_ifc__class(w->m, slot));
}

// ---- parts --------------------------------------------------------------------------------------

ct_err ct_ifc__add_part(ct_ifc__solid *out, ct_ifc__work *w, const ct_ifc__part *part) {
    CT_TRY(ct_ifc__spend(w, 2));
    if (out->n == out->room) {
        const size_t room = out->room ? 2 * out->room : 4;
        ct_ifc__part *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (out->n) memcpy(grown, out->parts, out->n * sizeof *grown);
        out->parts = grown;
        out->room = room;
    }
    out->parts[out->n++] = *part;
    return CT_OK;
}

void ct_ifc__move(ct_ifc__solid *solid, size_t first, const ct_affine *outer) {
    for (size_t i = first; i < solid->n; i++)
        solid->parts[i].place = ct_affine_multiply(outer, &solid->parts[i].place);
}

ct_err ct_ifc__placed_mesh(const ct_mesh **out, ct_ifc__work *w, const ct_ifc__part *part) {
    *out = part->mesh;
    if (memcmp(&part->place, &ct_affine_identity, sizeof part->place) == 0) return CT_OK;
    CT_TRY(ct_ifc__spend(w, part->mesh->n_points));
    ct_mesh *moved = ct_arena_alloc(w->arena, sizeof *moved);
    if (!moved) return CT_NOMEM;
    CT_TRY(ct_mesh_copy(moved, w->arena, part->mesh));
    ct_mesh_transform(moved, &part->place);
    *out = moved;
    return CT_OK;
}

// ---- meshes in the making -----------------------------------------------------------------------

void ct_ifc__mesh_begin(ct_ifc__work *w) {
    ct_mesh_builder_reset(w->builder);
    w->mesh_number++;
}

ct_err ct_ifc__mesh_take(ct_ifc__solid *out, ct_ifc__work *w, const ct_mesh *mesh,
                         const ct_affine *place, const ct_prism *prism, bool closed) {
    if (mesh->n_triangles == 0) return ct_fail(CT_GEOM, "the shape has no faces");
    CT_TRY(ct_ifc__spend_triangles(w, mesh->n_triangles));
    ct_mesh *kept = ct_arena_alloc(w->arena, sizeof *kept);
    if (!kept) return CT_NOMEM;
    *kept = *mesh;
    const ct_ifc__part part = {.mesh = kept,
                               .place = place ? *place : ct_affine_identity,
                               .style = CT_STEP__NONE,
                               .closed = closed,
                               .prism = prism};
    return ct_ifc__add_part(out, w, &part);
}

// Faces that meet along an edge need not have the same points there.
#define SEAM_M 1e-4

// The mesh again with points welded that lie farther apart, where that closes it.
static ct_err weld_wider(ct_mesh *mesh, ct_mesh_topology *topology, ct_ifc__work *w) {
    const ct_mesh *from = mesh;
    ct_mesh_topology after;
    ct_mesh welded;
    CT_TRY(ct_ifc__spend(w, 8 * (uint64_t)from->n_triangles));
    if (!w->welder) w->welder = ct_mesh_builder_new(WIDE_WELD_M, CT_IFC__SHAPE_TRIANGLES);
    uint32_t *index = ct_arena_alloc(w->arena, ((size_t)from->n_points + 1) * sizeof *index);
    uint32_t *corners =
        ct_arena_alloc(w->arena, (3 * (size_t)from->n_triangles + 1) * sizeof *corners);
    if (!w->welder || !index || !corners) return CT_NOMEM;
    ct_mesh_builder_reset(w->welder);
    for (size_t i = 0; i < from->n_points; i++)
        CT_TRY(ct_mesh_builder_point(&index[i], w->welder, from->xyz + 3 * i));
    for (size_t i = 0; i < 3 * (size_t)from->n_triangles; i++)
        corners[i] = index[from->triangles[i]];
    for (uint32_t f = 0, first = 0; f < from->n_faces; first = from->face_end[f++])
        CT_TRY(ct_mesh_builder_triangles(w->welder, corners + 3 * (size_t)first,
                                         from->face_end[f] - first, 0));
    CT_TRY(ct_mesh_builder_finish(&welded, NULL, w->arena, w->welder));
    CT_TRY(ct_mesh_repair(&after, w->arena, &welded));
    if (!after.closed || welded.n_triangles == 0) return CT_OK;
    *mesh = welded;
    *topology = after;
    return CT_OK;
}

ct_err ct_ifc__mesh_end(ct_ifc__solid *out, ct_ifc__work *w, const ct_affine *place) {
    ct_mesh mesh;
    ct_mesh_topology topology;
    CT_TRY(ct_mesh_builder_finish(&mesh, NULL, w->arena, w->builder));
    CT_TRY(ct_ifc__spend(w, (uint64_t)mesh.n_triangles * 8));
    CT_TRY(ct_mesh_repair(&topology, w->arena, &mesh));
    if (!topology.closed && topology.n_open_edges > 0) {
        uint32_t n_cut = 0;
        CT_TRY(ct_ifc__spend(w, topology.n_open_edges * (uint64_t)8));
        CT_TRY(ct_mesh_close_seams(&mesh, &n_cut, w->arena, SEAM_M));
        if (n_cut) CT_TRY(ct_mesh_repair(&topology, w->arena, &mesh));
    }
    // Solids whose faces nearly meet; of surfaces most edges are open.
    if (!topology.closed && topology.n_open_edges < topology.n_edges / 8 + 8)
        CT_TRY(weld_wider(&mesh, &topology, w));
    if (topology.closed && topology.n_crowded_edges) CT_TRY(ct_mesh_part_edges(&mesh, w->arena));
    return ct_ifc__mesh_take(out, w, &mesh, place, NULL, topology.closed);
}
