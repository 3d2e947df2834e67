// Multipolygon relations: member ways put end to end to rings, rings to areas with holes.
#include <stdlib.h>
#include <string.h>

#include "ingest/osm_indoor/inside.h"

typedef struct end { // of a way that is open
    int64_t node;
    uint32_t way; // among the members
} end;

typedef struct assembly {
    ct_osm__inside *in;
    const ct_osm__element *relation;
    bool quiet;
    const ct_osm__element **ways;
    bool *inner, *used;
    end *ends;
    uint32_t n_ways, n_ends;
    size_t total;   // points of all members
    int64_t *nodes; // of the ring at work
    uint32_t n_nodes;
    // Rings: of the outer ones first, when sorted.
    double **ring;
    uint32_t *ring_n, n_rings;
    bool *ring_inner;
} assembly;

static int by_node(const void *a, const void *b) {
    const end *p = a, *q = b;
    if (p->node != q->node) return p->node < q->node ? -1 : 1;
    return p->way < q->way ? -1 : p->way > q->way;
}

// Rooms of all that comes; members that are no ways are passed over.
static ct_err prepare(assembly *a) {
    const ct_osm__element *r = a->relation;
    ct_arena *arena = a->in->arena;
    size_t total = 0;
    a->ways = ct_arena_calloc(arena, r->n + (size_t)1, sizeof(ct_osm__element *));
    a->inner = ct_arena_calloc(arena, r->n + (size_t)1, sizeof *a->inner);
    a->used = ct_arena_calloc(arena, r->n + (size_t)1, sizeof *a->used);
    a->ends = ct_arena_calloc(arena, 2 * (size_t)r->n + 1, sizeof *a->ends);
    a->ring = ct_arena_calloc(arena, r->n + (size_t)1, sizeof(double *));
    a->ring_n = ct_arena_calloc(arena, r->n + (size_t)1, sizeof *a->ring_n);
    a->ring_inner = ct_arena_calloc(arena, r->n + (size_t)1, sizeof *a->ring_inner);
    if (!a->ways || !a->inner || !a->used || !a->ends || !a->ring || !a->ring_n || !a->ring_inner)
        return CT_NOMEM;
    for (uint32_t i = 0; i < r->n; i++) {
        const ct_osm__member *m = &r->members[i];
        const ct_osm__element *way = m->kind == 'w' ? ct_osm__find(&a->in->d->ways, m->id) : NULL;
        if (!way || way->n < 2) {
            if (!a->quiet && m->kind != 'n')
                ct_osm__tell(a->in->d, "unknown-member", r, "its member %s/%lld is %s",
                             ct_osm__kind_name(m->kind), (long long)m->id,
                             m->kind == 'w' ? "not in the file" : "no way");
            continue;
        }
        total += way->n;
        a->inner[a->n_ways] = strcmp(m->role, "inner") == 0;
        a->ways[a->n_ways++] = way;
    }
    if (total > a->in->job->options.max_points) {
        if (!a->quiet)
            ct_osm__tell(a->in->d, "too-large", r, "more than %zu points",
                         a->in->job->options.max_points);
        a->n_ways = 0;
    }
    a->total = total;
    a->nodes = ct_arena_calloc(arena, total + 1, sizeof *a->nodes);
    return a->nodes ? CT_OK : CT_NOMEM;
}

static void index_ends(assembly *a) {
    for (uint32_t i = 0; i < a->n_ways; i++) {
        const ct_osm__element *w = a->ways[i];
        if (w->nodes[0] == w->nodes[w->n - 1]) continue;
        a->ends[a->n_ends++] = (end){w->nodes[0], i};
        a->ends[a->n_ends++] = (end){w->nodes[w->n - 1], i};
    }
    qsort(a->ends, a->n_ends, sizeof *a->ends, by_node);
}

// A way of the same role, not yet used, that begins or ends at the node; CT_OSM__NONE.
static uint32_t next_way(const assembly *a, int64_t node, bool inner) {
    uint32_t low = 0, high = a->n_ends;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (a->ends[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->n_ends && a->ends[low].node == node; low++)
        if (!a->used[a->ends[low].way] && a->inner[a->ends[low].way] == inner)
            return a->ends[low].way;
    return CT_OSM__NONE;
}

static void append(assembly *a, uint32_t way) {
    const ct_osm__element *w = a->ways[way];
    const bool turned = a->n_nodes && a->nodes[a->n_nodes - 1] != w->nodes[0];
    a->used[way] = true;
    for (uint32_t i = a->n_nodes ? 1 : 0; i < w->n; i++)
        a->nodes[a->n_nodes++] = w->nodes[turned ? w->n - 1 - i : i];
}

static ct_err take_ring(assembly *a, uint32_t first) {
    const bool inner = a->inner[first];
    double *xy;
    uint32_t n;
    a->n_nodes = 0;
    append(a, first);
    while (a->nodes[0] != a->nodes[a->n_nodes - 1]) {
        const uint32_t next = next_way(a, a->nodes[a->n_nodes - 1], inner);
        if (next == CT_OSM__NONE) {
            if (!a->quiet)
                ct_osm__tell(a->in->d, "unclosed", a->relation,
                             "its %s ring from way/%lld does not close at node/%lld",
                             inner ? "inner" : "outer", (long long)a->ways[first]->id,
                             (long long)a->nodes[a->n_nodes - 1]);
            return CT_OK;
        }
        append(a, next);
    }
    CT_TRY(ct_osm__points(&xy, &n, a->in, a->relation, a->nodes, a->n_nodes, a->quiet));
    if (n < a->n_nodes || n < 4) return CT_OK; // told, or no area
    a->ring[a->n_rings] = xy;
    a->ring_n[a->n_rings] = n;
    a->ring_inner[a->n_rings++] = inner;
    return CT_OK;
}

static ct_geom as_polygon(const assembly *a, uint32_t ring, uint32_t ends[2]) {
    ends[0] = a->ring_n[ring];
    ends[1] = 1;
    return (ct_geom){.type = CT_GEOM_POLYGON,
                     .n_points = ends[0],
                     .n_rings = 1,
                     .n_parts = 1,
                     .xyz = a->ring[ring],
                     .ring_end = ends,
                     .part_end = ends + 1};
}

// The smallest outer ring that has the hole's first points inside.
static uint32_t outer_of(const assembly *a, uint32_t hole) {
    uint32_t best = CT_OSM__NONE, ends[2];
    double best_m2 = INFINITY;
    const double *p = a->ring[hole];
    const double at[2] = {(p[0] + p[2]) / 2, (p[1] + p[3]) / 2};
    for (uint32_t i = 0; i < a->n_rings; i++) {
        if (a->ring_inner[i]) continue;
        const ct_geom g = as_polygon(a, i, ends);
        const double m2 = ct_geom_area_m2(&g);
        if (m2 < best_m2 && ct_geom_contains_point(&g, at[0], at[1])) {
            best = i;
            best_m2 = m2;
        }
    }
    return best;
}

static void add_ring(ct_geom *g, const assembly *a, uint32_t ring) {
    memcpy(g->xyz + 2 * (size_t)g->n_points, a->ring[ring], a->ring_n[ring] * 2 * sizeof *g->xyz);
    g->n_points += a->ring_n[ring];
    g->ring_end[g->n_rings++] = g->n_points;
}

static ct_err put_together(ct_geom *out, assembly *a) {
    ct_arena *arena = a->in->arena;
    size_t points = 0;
    uint32_t *outer = ct_arena_calloc(arena, a->n_rings + (size_t)1, sizeof *outer);
    for (uint32_t i = 0; i < a->n_rings; i++) points += a->ring_n[i];
    ct_geom g = {.type = CT_GEOM_MULTIPOLYGON,
                 .xyz = ct_arena_calloc(arena, points + 1, 2 * sizeof(double)),
                 .ring_end = ct_arena_calloc(arena, a->n_rings + (size_t)1, sizeof(uint32_t)),
                 .part_end = ct_arena_calloc(arena, a->n_rings + (size_t)1, sizeof(uint32_t))};
    if (!outer || !g.xyz || !g.ring_end || !g.part_end) return CT_NOMEM;
    for (uint32_t i = 0; i < a->n_rings; i++) {
        outer[i] = a->ring_inner[i] ? outer_of(a, i) : i;
        if (outer[i] == CT_OSM__NONE && !a->quiet)
            ct_osm__tell(a->in->d, "hole-outside", a->relation,
                         "an inner ring lies in no outer one; it is left out");
    }
    for (uint32_t i = 0; i < a->n_rings; i++) {
        if (a->ring_inner[i]) continue;
        add_ring(&g, a, i);
        for (uint32_t k = 0; k < a->n_rings; k++)
            if (a->ring_inner[k] && outer[k] == i) add_ring(&g, a, k);
        g.part_end[g.n_parts++] = g.n_rings;
    }
    if (g.n_parts) *out = g;
    return CT_OK;
}

ct_err ct_osm__rings(ct_geom *out, ct_osm__inside *in, const ct_osm__element *relation,
                     bool quiet) {
    const double most_steps = 2e8; // holes are looked for in all rings
    assembly a = {.in = in, .relation = relation, .quiet = quiet};
    CT_TRY(prepare(&a));
    index_ends(&a);
    for (uint32_t i = 0; i < a.n_ways; i++)
        if (!a.used[i]) CT_TRY(take_ring(&a, i));
    if ((double)a.n_rings * (double)a.total > most_steps) {
        if (!quiet) ct_osm__tell(in->d, "too-large", relation, "%u rings are too many", a.n_rings);
        return CT_OK;
    }
    CT_TRY(put_together(out, &a));
    if (out->type == CT_GEOM_NONE && !quiet)
        ct_osm__tell(in->d, "geometry", relation, "no ring of it closes: it is no area");
    return CT_OK;
}
