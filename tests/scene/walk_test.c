// Getting about on foot: one connected network of paths, every entrance on it, every home near a
// gate of its own compound; paths do not run through buildings.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scene_file.h"

typedef struct vertex {
    int64_t x, y; // millimetres
} vertex;

typedef struct edge {
    int a, b;
    double length_m;
} edge;

typedef struct graph {
    vertex *vertices;
    edge *edges;
    int n_vertices, n_edges;
    int *first, *arcs; // compressed rows: arcs of vertex v are arcs[first[v]..first[v + 1])
} graph;

static int by_place(const void *a, const void *b) {
    const vertex *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static vertex vertex_at(double x, double y) {
    return (vertex){llround(x * 1000), llround(y * 1000)};
}

static int find(const graph *g, sf_point at) {
    vertex v = vertex_at(at.x, at.y);
    const vertex *found = bsearch(&v, g->vertices, (size_t)g->n_vertices, sizeof v, by_place);
    return found ? (int)(found - g->vertices) : -1;
}

static void count_points(const sf_layer *paths, int *points) {
    *points = 0;
    for (size_t i = 0; i < paths->count; i++)
        for (int k = 0; k < OGR_G_GetGeometryCount(sf_geom(paths->items[i])); k++)
            *points += OGR_G_GetPointCount(OGR_G_GetGeometryRef(sf_geom(paths->items[i]), k));
}

static void visit_points(graph *g, const sf_layer *paths, bool join) {
    for (size_t i = 0; i < paths->count; i++)
        for (int k = 0; k < OGR_G_GetGeometryCount(sf_geom(paths->items[i])); k++) {
            OGRGeometryH line = OGR_G_GetGeometryRef(sf_geom(paths->items[i]), k);
            for (int p = 0; p < OGR_G_GetPointCount(line); p++) {
                sf_point at = {OGR_G_GetX(line, p), OGR_G_GetY(line, p)};
                if (!join) {
                    g->vertices[g->n_vertices++] = vertex_at(at.x, at.y);
                } else if (p > 0) {
                    sf_point before = {OGR_G_GetX(line, p - 1), OGR_G_GetY(line, p - 1)};
                    g->edges[g->n_edges++] = (edge){find(g, before), find(g, at),
                                                    hypot(at.x - before.x, at.y - before.y)};
                }
            }
        }
}

static graph load(void) {
    graph g = {0};
    sf_layer paths = sf_read(&sf_current, "paths", NULL, NULL);
    int points = 0, kept = 0;
    count_points(&paths, &points);
    g.vertices = ct_calloc((size_t)points, sizeof *g.vertices);
    g.edges = ct_calloc((size_t)points, sizeof *g.edges);
    assert_true(g.vertices && g.edges);
    visit_points(&g, &paths, false);
    qsort(g.vertices, (size_t)g.n_vertices, sizeof *g.vertices, by_place);
    for (int i = 0; i < g.n_vertices; i++)
        if (i == 0 || by_place(&g.vertices[i], &g.vertices[kept - 1]) != 0)
            g.vertices[kept++] = g.vertices[i];
    g.n_vertices = kept;
    visit_points(&g, &paths, true);
    g.first = ct_calloc((size_t)g.n_vertices + 2, sizeof *g.first);
    g.arcs = ct_calloc(2 * (size_t)g.n_edges, sizeof *g.arcs);
    assert_true(g.first && g.arcs);
    for (int e = 0; e < g.n_edges; e++) {
        g.first[g.edges[e].a + 2]++;
        g.first[g.edges[e].b + 2]++;
    }
    for (int v = 2; v < g.n_vertices + 2; v++) g.first[v] += g.first[v - 1];
    for (int e = 0; e < g.n_edges; e++) {
        g.arcs[g.first[g.edges[e].a + 1]++] = e;
        g.arcs[g.first[g.edges[e].b + 1]++] = e;
    }
    sf_free(&paths);
    return g;
}

static void unload(graph *g) {
    ct_free(g->vertices);
    ct_free(g->edges);
    ct_free(g->first);
    ct_free(g->arcs);
}

// Walking distance from the nearest source to every vertex (Dijkstra, with a plain array as queue).
static double *distances(const graph *g, const int *sources, int n_sources) {
    double *d = ct_calloc((size_t)g->n_vertices, sizeof *d);
    bool *done = ct_calloc((size_t)g->n_vertices, sizeof *done);
    assert_true(d && done);
    for (int v = 0; v < g->n_vertices; v++) d[v] = INFINITY;
    for (int k = 0; k < n_sources; k++) d[sources[k]] = 0;
    for (;;) {
        int best = -1;
        for (int v = 0; v < g->n_vertices; v++)
            if (!done[v] && isfinite(d[v]) && (best < 0 || d[v] < d[best])) best = v;
        if (best < 0) break;
        done[best] = true;
        for (int k = g->first[best]; k < g->first[best + 1]; k++) {
            const edge *e = &g->edges[g->arcs[k]];
            int other = e->a == best ? e->b : e->a;
            d[other] = fmin(d[other], d[best] + e->length_m);
        }
    }
    ct_free(done);
    return d;
}

// "bldg-012-03" and "gate-012-1" belong to the same block "012".
static bool same_block(const char *building, const char *gate) {
    const char *a = strchr(building, '-') + 1, *b = strchr(gate, '-') + 1;
    size_t n = strcspn(a, "-");
    return strncmp(a, b, n) == 0 && b[n] == '-';
}

static int gate_sources(const graph *g, const sf_layer *gates, const char *building, int *out) {
    int n = 0;
    for (size_t i = 0; i < gates->count; i++) {
        if (strcmp(sf_text(gates->items[i], "kind"), "pedestrian") != 0) continue;
        if (building && !same_block(building, sf_text(gates->items[i], "id"))) continue;
        int v = find(g, sf_point_of(gates->items[i]));
        if (v < 0) fail_msg("%s lies on no path", sf_text(gates->items[i], "id"));
        out[n++] = v;
    }
    return n;
}

static void paths_are_one_network(void **state) {
    (void)state;
    graph g = load();
    int source = 0;
    double *d = distances(&g, &source, 1);
    for (int v = 0; v < g.n_vertices; v++)
        if (!isfinite(d[v]))
            fail_msg("no way to %.3f %.3f", (double)g.vertices[v].x / 1000,
                     (double)g.vertices[v].y / 1000);
    ct_free(d);
    unload(&g);
}

static void every_entrance_reaches_a_gate(void **state) {
    (void)state;
    graph g = load();
    sf_layer gates = sf_read(&sf_current, "gates", NULL, NULL),
             doors = sf_read(&sf_current, "openings", "kind", "entrance");
    int sources[1024];
    assert_true(gates.count < 1024 && gates.count >= 14u * (size_t)sf_current.communities);
    double *d = distances(&g, sources, gate_sources(&g, &gates, NULL, sources));
    for (size_t i = 0; i < doors.count; i++) {
        int v = find(&g, sf_point_of(doors.items[i]));
        if (v < 0) fail_msg("%s lies on no path", sf_text(doors.items[i], "id"));
        if (!(d[v] < 900))
            fail_msg("%s is %.0f m from the nearest gate", sf_text(doors.items[i], "id"), d[v]);
    }
    ct_free(d);
    sf_free(&gates);
    sf_free(&doors);
    unload(&g);
}

static void homes_reach_a_gate_of_their_own(void **state) {
    (void)state;
    graph g = load();
    sf_layer gates = sf_read(&sf_current, "gates", NULL, NULL),
             doors = sf_read(&sf_current, "openings", "kind", "entrance");
    sf_layer homes = sf_read(&sf_current, "buildings", "use", "residential");
    int sources[1024], checked = 0;
    char block[16] = "";
    double *d = NULL;
    for (size_t i = 0; i < doors.count; i++) {
        OGRFeatureH home = sf_find(&homes, sf_text(doors.items[i], "building"));
        if (!home) continue;
        const char *id = sf_text(home, "id");
        if (!d || strncmp(block, id, 8) != 0) { // doors come by block
            int n = gate_sources(&g, &gates, id, sources);
            if (n < 2) fail_msg("the compound of %s has %d gates", id, n);
            ct_free(d);
            d = distances(&g, sources, n);
            snprintf(block, sizeof block, "%.8s", id);
        }
        int v = find(&g, sf_point_of(doors.items[i]));
        assert_true(v >= 0);
        if (!(d[v] < 350))
            fail_msg("%s is %.0f m from its gate", sf_text(doors.items[i], "id"), d[v]);
        checked++;
    }
    assert_true(checked > 150 * sf_current.communities);
    ct_free(d);
    sf_free(&gates);
    sf_free(&doors);
    sf_free(&homes);
    unload(&g);
}

static void paths_do_not_cross_buildings(void **state) {
    (void)state;
    sf_layer paths = sf_read(&sf_current, "paths", NULL, NULL),
             buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    for (size_t i = 0; i < paths.count; i++)
        for (size_t k = 0; k < buildings.count; k++) {
            OGRGeometryH path = sf_geom(paths.items[i]), house = sf_geom(buildings.items[k]);
            OGREnvelope p = sf_envelope(path), q = sf_envelope(house);
            if (p.MinX > q.MaxX || q.MinX > p.MaxX || p.MinY > q.MaxY || q.MinY > p.MaxY) continue;
            OGRGeometryH inside = OGR_G_Intersection(path, house);
            double length = inside ? OGR_G_Length(inside) : 0;
            if (inside) OGR_G_DestroyGeometry(inside);
            if (length > 0.02)
                fail_msg("%s runs %.2f m inside %s", sf_text(paths.items[i], "id"), length,
                         sf_text(buildings.items[k], "id"));
        }
    sf_free(&paths);
    sf_free(&buildings);
}

// A closed railing has gaps where the ways go through: no path crosses it elsewhere.
static void paths_pass_fences_at_gates_only(void **state) {
    (void)state;
    sf_layer paths = sf_read(&sf_current, "paths", NULL, NULL),
             fences = sf_read(&sf_current, "barriers", NULL, NULL);
    for (size_t k = 0; k < fences.count; k++) {
        if (strcmp(sf_text(fences.items[k], "kind"), "dike") == 0) continue; // people walk on it
        for (size_t i = 0; i < paths.count; i++)
            if (OGR_G_Intersects(sf_geom(paths.items[i]), sf_geom(fences.items[k])))
                fail_msg("%s crosses %s", sf_text(paths.items[i], "id"),
                         sf_text(fences.items[k], "id"));
    }
    sf_free(&paths);
    sf_free(&fences);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_one_network),
        cmocka_unit_test(every_entrance_reaches_a_gate),
        cmocka_unit_test(homes_reach_a_gate_of_their_own),
        cmocka_unit_test(paths_do_not_cross_buildings),
        cmocka_unit_test(paths_pass_fences_at_gates_only),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_walk");
}
