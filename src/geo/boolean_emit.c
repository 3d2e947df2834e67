// Kept regions back into a mesh: points onto the grid again, regions of one face joined, points
// left out that only a diagonal made.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/boolean_private.h"
#include "geo/faces.h"
#include "geo/mesh_edges.h"
#include "geo/mesh_part.h"
#include "geo/outline.h"
#include "geo/triangulate.h"

typedef struct kept { // a region of the result
    uint32_t mesh, face;
    uint32_t piece; // of a bent face: the triangle, as only that is flat; else NONE
    bool turned;    // looks against its face
    uint32_t region;
} kept;

typedef struct part {              // a polygon of the result
    uint32_t first_ring, end_ring; // in ring_end
    size_t begin, end;             // in the list of kept regions: all that its face was joined from
    bool apart;                    // these go piece by piece
} part;

typedef struct emission {
    ct_geo__kernel *k;
    uint32_t n_given;  // points that meshes gave
    uint32_t *renamed; // by point: the one that it has become on the grid
    uint32_t n_points;
    double *xyz;
    kept *list;
    size_t n_list;
    ct_outline *outline;
    ct_triangulator *triangulator;
    uint32_t *ring_points;
    size_t n_ring_points, ring_points_room;
    uint32_t *ring_end;
    size_t n_rings, rings_room;
    part *parts;
    size_t n_parts, parts_room;
    uint32_t *neighbours;  // by point: two, NONE where there is none yet, 0xfffffffe: more than two
    uint32_t *ring, *ends; // of the polygon at work
    size_t ring_room, ends_room;
    ct_geo__faces faces;
    ct_boolean_source *sources;
    size_t sources_room;
} emission;

#define MANY         (UINT32_MAX - 1)
#define NO_VOLUME_M3 1e-15 // films of the grid's thickness have no more

static void emission_fini(emission *e) {
    ct_free(e->renamed);
    ct_free(e->xyz);
    ct_free(e->list);
    ct_outline_free(e->outline);
    ct_triangulator_free(e->triangulator);
    ct_free(e->ring_points);
    ct_free(e->ring_end);
    ct_free(e->parts);
    ct_free(e->neighbours);
    ct_free(e->ring);
    ct_free(e->ends);
    ct_geo__faces_fini(&e->faces);
    ct_free(e->sources);
}

// ---- points

static ct_err put_on_grid(emission *e) {
    ct_geo__points *p = &e->k->points;
    const uint32_t n = p->n;
    e->n_given = p->n_given;
    e->renamed = ct_alloc((2 * (size_t)n + 1) * sizeof *e->renamed);
    if (!e->renamed) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        e->renamed[i] = i;
        if (p->exact[i] == NONE) continue;
        int64_t at[3];
        for (int k = 0; k < 3; k++) {
            const int64_t spot = p->spot[3 * (size_t)i + k];
            at[k] = (spot + (INT64_C(1) << (CT_GEO__FINE - 1))) >> CT_GEO__FINE;
        }
        CT_TRY(ct_geo__point_given(&e->renamed[i], p, at));
    }
    e->n_points = p->n;
    for (uint32_t i = n; i < p->n; i++) e->renamed[i] = i;
    e->xyz = ct_alloc((3 * (size_t)p->n + 1) * sizeof *e->xyz);
    if (!e->xyz) return CT_NOMEM;
    for (uint32_t i = 0; i < p->n; i++) {
        double *at = e->xyz + 3 * (size_t)i;
        if (i < e->n_given && !e->k->moved[i]) {
            memcpy(at, e->k->given + 3 * (size_t)i, 3 * sizeof *at);
            continue;
        }
        for (int k = 0; k < 3; k++)
            at[k] = e->k->origin[k] + (double)ct_geo__coordinate(p, i, k) / e->k->steps;
        ct_affine_point(at, &e->k->back, at);
    }
    return CT_OK;
}

// ---- faces

static int by_source(const void *left, const void *right) {
    const kept *a = left, *b = right;
    if (a->mesh != b->mesh) return a->mesh < b->mesh ? -1 : 1;
    if (a->face != b->face) return a->face < b->face ? -1 : 1;
    if (a->piece != b->piece) return a->piece < b->piece ? -1 : 1;
    if (a->turned != b->turned) return a->turned ? 1 : -1;
    return a->region < b->region ? -1 : a->region > b->region;
}

static ct_err list_kept(emission *e) {
    const ct_geo__kernel *k = e->k;
    e->list = ct_alloc((k->n_regions + 1) * sizeof *e->list);
    if (!e->list) return CT_NOMEM;
    for (uint32_t r = 0; r < k->n_regions; r++) {
        if (k->regions[r].kept == 0) continue;
        const ct_geo__cell *c = &k->cells[k->regions[r].chosen];
        const ct_geo__triangle *t = &k->triangles[c->triangle];
        e->list[e->n_list++] = (kept){t->mesh, t->face, t->bent ? c->triangle : NONE,
                                      c->turned * k->regions[r].kept < 0, r};
    }
    if (e->n_list) qsort(e->list, e->n_list, sizeof *e->list, by_source);
    return CT_OK;
}

static ct_err put_region(emission *e, uint32_t region) {
    const ct_geo__kernel *k = e->k;
    const ct_geo__cell *c = &k->cells[k->regions[region].first];
    const bool turned = k->regions[region].kept < 0;
    for (uint32_t l = 0; l < c->n_loops; l++) {
        uint32_t n;
        const uint32_t *loop = ct_geo__loop(&n, k, c->first_loop + l);
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t a = e->renamed[loop[i]], b = e->renamed[loop[i + 1 < n ? i + 1 : 0]];
            CT_TRY(ct_outline_edge(e->outline, turned ? b : a, turned ? a : b));
        }
    }
    return CT_OK;
}

// The normal of a region as it will look, in the meshes' space.
static void normal_of(double out[3], const ct_geo__kernel *k, const kept *item) {
    const uint32_t triangle = k->cells[k->regions[item->region].chosen].triangle;
    double n[3];
    for (int i = 0; i < 3; i++)
        n[i] = (double)k->planes[triangle].normal[i] * (item->turned ? -1 : 1);
    ct_affine_vector(out, &k->back, n);
}

static uint8_t tag_of(const ct_geo__kernel *k, const kept *item) {
    if (k->options->cut_tag && item->mesh) return k->options->cut_tag[item->mesh];
    const uint8_t *tags = k->meshes[item->mesh]->face_tag;
    return tags ? tags[item->face] : 0;
}

static ct_err put_parts(emission *e, const ct_rings *rings, size_t begin, size_t end) {
    CT_TRY(ct_grow(&e->ring_points, &e->ring_points_room, e->n_ring_points + rings->n_points,
                   sizeof *e->ring_points));
    CT_TRY(ct_grow(&e->ring_end, &e->rings_room, e->n_rings + rings->n_rings, sizeof *e->ring_end));
    CT_TRY(ct_grow(&e->parts, &e->parts_room, e->n_parts + rings->n_parts, sizeof *e->parts));
    const uint32_t first = (uint32_t)e->n_rings;
    for (uint32_t i = 0; i < rings->n_parts; i++)
        e->parts[e->n_parts++] = (part){first + (i ? rings->part_end[i - 1] : 0),
                                        first + rings->part_end[i], begin, end, false};
    for (uint32_t i = 0; i < rings->n_rings; i++)
        e->ring_end[e->n_rings++] = (uint32_t)e->n_ring_points + rings->ring_end[i];
    if (rings->n_points)
        memcpy(e->ring_points + e->n_ring_points, rings->points,
               rings->n_points * sizeof *rings->points);
    e->n_ring_points += rings->n_points;
    return CT_OK;
}

static bool belong_together(const kept *a, const kept *b) {
    return a->mesh == b->mesh && a->face == b->face && a->piece == b->piece &&
           a->turned == b->turned;
}

static ct_err join_regions(emission *e) {
    for (size_t i = 0, end; i < e->n_list; i = end) {
        const kept *item = &e->list[i];
        ct_outline_begin(e->outline);
        for (end = i; end < e->n_list && belong_together(item, &e->list[end]); end++)
            CT_TRY(put_region(e, e->list[end].region));
        double normal[3];
        normal_of(normal, e->k, item);
        ct_rings rings;
        CT_TRY(ct_outline_rings(&rings, e->outline, e->xyz, normal));
        if (rings.n_open)
            return ct_fail(CT_GEOM, "face %u of mesh %u cannot be closed: the mesh is not sound",
                           item->face, item->mesh);
        CT_TRY(put_parts(e, &rings, i, end));
    }
    return CT_OK;
}

// ---- points that nobody needs

static void note_neighbour(emission *e, uint32_t point, uint32_t other) {
    uint32_t *two = e->neighbours + 2 * (size_t)point;
    if (two[0] == other || two[1] == other || two[0] == MANY) return;
    if (two[0] == NONE)
        two[0] = other;
    else if (two[1] == NONE)
        two[1] = other;
    else
        two[0] = MANY;
}

// A point that cuts made, between two neighbours in a straight line (to two steps of the grid).
static bool is_needless(const emission *e, uint32_t point) {
    const uint32_t *two = e->neighbours + 2 * (size_t)point;
    if (point < e->n_given || two[0] == MANY || two[1] == NONE) return false;
    const double *p = e->xyz + 3 * (size_t)point;
    const double *a = e->xyz + 3 * (size_t)two[0], *b = e->xyz + 3 * (size_t)two[1];
    double u[3], v[3], along = 0, length2 = 0, off2 = 0;
    for (int k = 0; k < 3; k++) {
        u[k] = b[k] - a[k];
        v[k] = p[k] - a[k];
        along += u[k] * v[k];
        length2 += u[k] * u[k];
    }
    if (!(along > 0 && along < length2)) return false;
    for (int k = 0; k < 3; k++) {
        const double off = v[k] - along / length2 * u[k];
        off2 += off * off;
    }
    const double step = 2 / e->k->steps;
    return off2 <= step * step;
}

static ct_err find_neighbours(emission *e) {
    e->neighbours = ct_alloc((2 * (size_t)e->n_points + 1) * sizeof *e->neighbours);
    if (!e->neighbours) return CT_NOMEM;
    for (size_t i = 0; i < 2 * (size_t)e->n_points; i++) e->neighbours[i] = NONE;
    for (size_t r = 0, i = 0; r < e->n_rings; r++) {
        const size_t begin = i, end = e->ring_end[r];
        for (; i < end; i++) {
            note_neighbour(e, e->ring_points[i], e->ring_points[i + 1 < end ? i + 1 : begin]);
            note_neighbour(e, e->ring_points[i], e->ring_points[i > begin ? i - 1 : end - 1]);
        }
    }
    return CT_OK;
}

// ---- triangles

static double triangle_area(const double *xyz, const uint32_t *c) {
    const double *a = xyz + 3 * (size_t)c[0], *b = xyz + 3 * (size_t)c[1];
    const double *d = xyz + 3 * (size_t)c[2];
    double sum = 0;
    for (int k = 0; k < 3; k++) {
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        const double n = (b[i] - a[i]) * (d[j] - a[j]) - (b[j] - a[j]) * (d[i] - a[i]);
        sum += n * n;
    }
    return sqrt(sum) / 2;
}

// Rings too thin for an area: as fans, so that their edges stay.
static ct_err put_fans(emission *e, uint32_t n_rings) {
    for (uint32_t r = 0, begin = 0; r < n_rings; begin = e->ends[r++])
        for (uint32_t i = begin + 1; i + 1 < e->ends[r]; i++)
            CT_TRY(ct_geo__faces_triangle(&e->faces, e->ring[begin], e->ring[i], e->ring[i + 1]));
    return CT_OK;
}

// Overlaps of the size of grid steps are none.
static bool overlaps(const emission *e, const ct_triangles *t) {
    double sum = 0, area = 0;
    for (uint32_t i = 0; i < t->n; i++) sum += triangle_area(e->xyz, t->corners + 3 * (size_t)i);
    for (int k = 0; k < 3; k++) area += t->area_m2[k] * t->area_m2[k];
    return sum - sqrt(area) > 1e-6 * (sum + 1);
}

// Adds the points of a ring that are needed; *n counts them all, *n_rings the rings that stay.
static ct_err put_ring(emission *e, uint32_t *n, uint32_t *n_rings, const uint32_t *points,
                       uint32_t count, bool turned) {
    CT_TRY(ct_grow(&e->ring, &e->ring_room, (size_t)*n + count, sizeof *e->ring));
    CT_TRY(ct_grow(&e->ends, &e->ends_room, (size_t)*n_rings + 1, sizeof *e->ends));
    const uint32_t first = *n;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t point = e->renamed[points[turned ? count - 1 - i : i]];
        if (is_needless(e, point) || (*n > first && e->ring[*n - 1] == point)) continue;
        e->ring[(*n)++] = point;
    }
    while (*n > first + 1 && e->ring[*n - 1] == e->ring[first]) --*n;
    if (*n - first < 3)
        *n = first;
    else
        e->ends[(*n_rings)++] = *n;
    return CT_OK;
}

// Triangles of the polygon at work; *bad: they overlap.
static ct_err put_polygon(emission *e, bool *bad, uint32_t n_rings) {
    if (n_rings == 0) return CT_OK;
    ct_triangles t;
    CT_TRY(ct_triangulate_directed(&t, e->triangulator, e->xyz, e->ring, e->ends, n_rings));
    if (t.n == 0) CT_TRY(put_fans(e, n_rings));
    if (!t.sound && overlaps(e, &t)) *bad = true;
    for (uint32_t i = 0; i < t.n; i++)
        CT_TRY(ct_geo__faces_triangle(&e->faces, t.corners[3 * i], t.corners[3 * i + 1],
                                      t.corners[3 * i + 2]));
    return CT_OK;
}

static ct_err end_face(emission *e, const kept *item) {
    const uint32_t before = e->faces.n_faces;
    CT_TRY(ct_geo__faces_end(&e->faces, tag_of(e->k, item)));
    if (e->faces.n_faces == before) return CT_OK;
    CT_TRY(ct_grow(&e->sources, &e->sources_room, e->faces.n_faces, sizeof *e->sources));
    e->sources[before] = (ct_boolean_source){item->mesh, item->face};
    return CT_OK;
}

// A face for each polygon.
static ct_err put_joined(emission *e, bool *bad, size_t first, size_t end) {
    for (size_t i = first; i < end && !*bad; i++) {
        const part *p = &e->parts[i];
        uint32_t n = 0, n_rings = 0;
        for (uint32_t r = p->first_ring; r < p->end_ring; r++) {
            const uint32_t begin = r ? e->ring_end[r - 1] : 0;
            CT_TRY(
                put_ring(e, &n, &n_rings, e->ring_points + begin, e->ring_end[r] - begin, false));
        }
        CT_TRY(put_polygon(e, bad, n_rings));
        if (!*bad) CT_TRY(end_face(e, &e->list[p->begin]));
    }
    return CT_OK;
}

// Piece by piece, as one face.
static ct_err put_pieces(emission *e, bool *bad, size_t begin, size_t end) {
    const ct_geo__kernel *k = e->k;
    for (size_t i = begin; i < end; i++) {
        const ct_geo__region *region = &k->regions[e->list[i].region];
        const ct_geo__cell *c = &k->cells[region->first];
        uint32_t n = 0, n_rings = 0;
        for (uint32_t l = 0; l < c->n_loops; l++) {
            uint32_t count;
            const uint32_t *loop = ct_geo__loop(&count, k, c->first_loop + l);
            CT_TRY(put_ring(e, &n, &n_rings, loop, count, region->kept < 0));
        }
        CT_TRY(put_polygon(e, bad, n_rings));
    }
    return end_face(e, &e->list[begin]);
}

// All points of the pieces are needed from now on.
static void take_apart(emission *e, size_t first, size_t end) {
    const ct_geo__kernel *k = e->k;
    for (size_t i = first; i < end; i++) e->parts[i].apart = true;
    for (size_t i = e->parts[first].begin; i < e->parts[first].end; i++) {
        const ct_geo__cell *c = &k->cells[k->regions[e->list[i].region].first];
        for (uint32_t l = 0; l < c->n_loops; l++) {
            uint32_t count;
            const uint32_t *loop = ct_geo__loop(&count, k, c->first_loop + l);
            for (uint32_t j = 0; j < count; j++)
                e->neighbours[2 * (size_t)e->renamed[loop[j]]] = MANY;
        }
    }
}

// All faces. What rounding has bent across itself once it was joined is taken apart, and all is to
// be done again: *again.
static ct_err put_faces(emission *e, bool *again) {
    e->faces.n_corners = 0;
    e->faces.n_faces = 0;
    for (size_t i = 0, end; i < e->n_parts; i = end) {
        const part *p = &e->parts[i];
        for (end = i; end < e->n_parts && e->parts[end].begin == p->begin;) end++;
        bool bad = false;
        if (!p->apart) {
            CT_TRY(put_joined(e, &bad, i, end));
            if (bad) take_apart(e, i, end);
            *again |= bad;
            continue;
        }
        CT_TRY(put_pieces(e, &bad, p->begin, p->end));
        const kept *item = &e->list[p->begin];
        if (bad)
            return ct_fail(CT_GEOM, "what is left of face %u of mesh %u overlaps itself",
                           item->face, item->mesh);
    }
    return CT_OK;
}

// ---- checks

// *touches: more than two triangles meet along an edge.
static ct_err check_closed(const ct_mesh *mesh, bool *touches) {
    ct_geo__edges edges;
    CT_TRY(ct_geo__edges_init(&edges, mesh));
    uint32_t wrong = 0;
    *touches = false;
    for (size_t i = 0, end; i < edges.n; i = end) {
        end = ct_geo__edge_end(&edges, i);
        long up = 0;
        for (size_t s = i; s < end; s++) up += ct_geo__runs_up(mesh, &edges.sides[s]) ? 1 : -1;
        wrong += up != 0;
        *touches |= end - i > 2;
    }
    ct_geo__edges_fini(&edges);
    if (wrong == 0) return CT_OK;
    return ct_fail(
        CT_GEOM, "the boolean of the meshes is open at %u edges: one of them is not sound", wrong);
}

// Six times the volume of the kept regions, fan by fan.
static double volume_of_regions(const emission *e, const double middle[3], double *size) {
    double sum = 0;
    *size = 0;
    for (size_t r = 0; r < e->n_list; r++) {
        const ct_geo__kernel *k = e->k;
        const ct_geo__region *region = &k->regions[e->list[r].region];
        const ct_geo__cell *c = &k->cells[region->first];
        for (uint32_t l = 0; l < c->n_loops; l++) {
            uint32_t n;
            const uint32_t *loop = ct_geo__loop(&n, k, c->first_loop + l);
            const double *o = e->xyz + 3 * (size_t)e->renamed[loop[0]];
            for (uint32_t i = 1; i + 1 < n; i++) {
                const double *a = e->xyz + 3 * (size_t)e->renamed[loop[i]];
                const double *b = e->xyz + 3 * (size_t)e->renamed[loop[i + 1]];
                double cone = 0;
                for (int j = 0; j < 3; j++) {
                    const int j1 = (j + 1) % 3, j2 = (j + 2) % 3;
                    cone += (o[j] - middle[j]) *
                            ((a[j1] - o[j1]) * (b[j2] - o[j2]) - (a[j2] - o[j2]) * (b[j1] - o[j1]));
                }
                sum += region->kept * cone;
                *size += fabs(cone);
            }
        }
    }
    return sum;
}

// The mesh bounds what the regions do.
static ct_err check_volume(const emission *e, const ct_mesh *mesh) {
    ct_box3 box;
    if (!ct_mesh_box(&box, mesh)) return CT_OK;
    double middle[3], size;
    for (int k = 0; k < 3; k++) middle[k] = (box.min[k] + box.max[k]) / 2;
    const double wanted = volume_of_regions(e, middle, &size) / 6;
    const double got = ct_mesh_volume_m3(mesh);
    const double bend = ct_geo__flatness_m(e->k); // faces may have got other diagonals
    const double slack = 1e-9 * size + bend * ct_mesh_area_m2(mesh) + NO_VOLUME_M3;
    if (fabs(got - wanted) <= slack) return CT_OK;
    return ct_fail(CT_GEOM, "the boolean of the meshes has %.15g m3 instead of %.15g", got, wanted);
}

static ct_err emit(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena, emission *e) {
    e->outline = ct_outline_new();
    e->triangulator = ct_triangulator_new();
    if (!e->outline || !e->triangulator) return CT_NOMEM;
    CT_TRY(put_on_grid(e));
    CT_TRY(list_kept(e));
    CT_TRY(join_regions(e));
    CT_TRY(find_neighbours(e));
    for (bool again = true; again;) { // each round takes a face more apart
        again = false;
        CT_TRY(ct_geo__worked(e->k, e->n_ring_points));
        CT_TRY(put_faces(e, &again));
    }
    ct_mesh mesh;
    CT_TRY(ct_geo__faces_mesh(&mesh, arena, &e->faces, e->xyz, e->n_points));
    bool touches;
    CT_TRY(check_closed(&mesh, &touches));
    CT_TRY(check_volume(e, &mesh));
    if (touches) CT_TRY(ct_mesh_part_edges(&mesh, arena));
    if (sources) {
        ct_boolean_source *list = ct_arena_alloc(arena, (mesh.n_faces + 1) * sizeof *list);
        if (!list) return CT_NOMEM;
        if (e->sources && mesh.n_faces) memcpy(list, e->sources, mesh.n_faces * sizeof *list);
        *sources = list;
    }
    *out = mesh;
    return CT_OK;
}

ct_err ct_geo__emit(ct_mesh *out, ct_boolean_source **sources, ct_arena *arena, ct_geo__kernel *k) {
    emission e = {.k = k};
    const ct_err err = emit(out, sources, arena, &e);
    emission_fini(&e);
    return err;
}
